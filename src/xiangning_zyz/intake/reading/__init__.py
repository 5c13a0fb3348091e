"""Foreign workbooks as cells: `read_books` is the door.

Everything sent to the office is hostile until it has been read, so it is read in a child process
with bounded time and memory (docs/decisions/0003). Readers: `xlsx`, `xlsb`, `xls`, `ods` and
`delimited`; what comes out are `grid.Book`s and problems.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xiangning_zyz.intake.grid import Failure
    from xiangning_zyz.intake.reading.books import Reading, read, read_books

__all__ = ["Failure", "Reading", "read", "read_books"]


def __getattr__(name: str) -> object:
    """Load the parent's side when it is asked for: the child imports this package too and must start fast."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("xiangning_zyz.intake.reading.books"), name)
