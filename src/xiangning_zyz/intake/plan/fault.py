"""One fault of a plan file, and the error that carries all of them.

Apart from the catalogue (`faults.py`), because `zyz status` needs only these two at every start.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Fault(NamedTuple):
    """One thing wrong, or doubtful, at one place of a plan file."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.message} → {self.fix}"


class PlanError(ValueError):
    """The plan's files cannot be used; carries every fault of every file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type["PlanError"], tuple[tuple[Fault, ...]]]:
        return (PlanError, (self.faults,))
