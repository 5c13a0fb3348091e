"""How the issue ledger stands, in two numbers. Apart from `issues.py`: `zyz status` shows it at every start."""

from typing import NamedTuple


class IssueTally(NamedTuple):
    """The line of the status screen."""

    open: int
    overdue: int  # of the open ones
