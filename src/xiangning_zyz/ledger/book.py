"""The ledger as others may know it: what it answers, what it takes in, and how it refuses.

`sqlite.py` is the first body of `Ledger`; `tests/ledger_contract.py` is the suite every body passes.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, TypeVar

from xiangning_zyz.fact import (
    Approval,
    Erasure,
    Fact,
    IssueEvent,
    Observation,
    Record,
    Recorded,
    RecordKind,
    Reminder,
    Resolution,
    ReturnedSheet,
    Review,
    Verdict,
)
from xiangning_zyz.period import Period
from xiangning_zyz.stop import Stop, TryAgain

Status = Literal["imported", "partial"]
Key = tuple[str, ...]  # `Observation.key`, `Record.key`

# What people decided or did; a returned sheet is an event too.
Decision = Resolution | Verdict | IssueEvent | Approval | Review | ReturnedSheet | Reminder | Erasure
D = TypeVar("D", Resolution, Verdict, IssueEvent, Approval, Review, ReturnedSheet, Reminder, Erasure)


class NewImport(NamedTuple):
    """One workbook to be taken in (报表)."""

    file: str  # name as received, without folder
    sha256: str  # of the whole file, hexadecimal
    size: int  # bytes
    received: date  # when the sheet reached the office
    department: str | None  # who sent it; None when its rows name several
    periods: tuple[Period, ...]
    status: Status
    plan_hash: str  # `Plan.hash` of the plan files it was read under
    container: str = ""  # name of the zip it came in
    receipt: Mapping[str, object] = {}  # what the sender was told; JSON values only


class Undo(NamedTuple):
    """An import taken back: by whom, why, when."""

    reason: str
    by: str
    recorded_at: datetime


class ImportRow(NamedTuple):
    """One import as the ledger holds it."""

    import_id: int
    what: NewImport
    facts: int  # how many it brought
    recorded_at: datetime  # the clock's, in Asia/Shanghai
    undo: Undo | None

    @property
    def undone(self) -> bool:
        return self.undo is not None


class Head(NamedTuple):
    """Where the chain ends. Equal heads mean equal ledgers; write the hash down and no one can cut the chain."""

    seq: int
    hash: str


class Broken(NamedTuple):
    """The first entry of the chain that does not hold."""

    seq: int
    what: str  # in Chinese, for people


class LedgerError(Stop):
    """The ledger cannot do what was asked; the text is one Chinese line that says what to do."""


class LedgerBusy(LedgerError, TryAgain):
    """Another program kept the ledger locked for longer than the timeout."""


class LedgerFull(LedgerError, TryAgain):
    """The disk took no more; nothing of the transaction was kept."""


class LedgerDamaged(LedgerError):
    """The file is not a ledger, or no longer a whole one."""


class LedgerReadOnly(LedgerError):
    """The file or its folder may not be written (or not even read)."""


class LedgerTooNew(LedgerError):
    """A later version of the program made this ledger."""


class NoSuchImport(LedgerError):
    """There is no import of that number."""

    code = 2  # wrong usage

    def __init__(self, import_id: int) -> None:
        super().__init__(f"没有编号为 {import_id} 的报表，请用 zyz imports 查看编号。")


class AlreadyUndone(LedgerError):
    """That import was taken back before."""

    code = 2  # wrong usage

    def __init__(self, import_id: int) -> None:
        super().__init__(f"编号为 {import_id} 的报表此前已经撤回，无需再次撤回。")


class Ledger(Protocol):
    """One plan's append-only, bitemporal book.

    A fact is *valid* at a moment K when its import, and no undo of it, was recorded by K, and no later
    valid fact has the same key. *Later* is a larger entry number, whatever the clock said. `known_at`
    is K, zone-aware and inclusive; None means all that was ever recorded.

    Every method may raise LedgerBusy, LedgerFull, LedgerDamaged or LedgerReadOnly.
    """

    def facts(self, known_at: datetime | None = None) -> tuple[Recorded[Observation], ...]:
        """The valid observations of every key, ordered by indicator, period, segment, basis, department."""
        ...

    def records(self, known_at: datetime | None = None, kind: RecordKind | None = None) -> tuple[Recorded[Record], ...]:
        """The valid records of one kind or of all, ordered by kind, subject, period, department."""
        ...

    def history(
        self, indicator: str, period: Period | None = None, known_at: datetime | None = None
    ) -> tuple[Recorded[Observation], ...]:
        """Every version of an indicator's observations, newest first; those not valid are `superseded`."""
        ...

    def arrivals(self, known_at: datetime | None = None) -> dict[Key, date]:
        """The day on which each fact that has a valid version was first received; a revision comes no later for it."""
        ...

    def current(self, keys: Iterable[Key]) -> dict[Key, Recorded[Observation] | Recorded[Record]]:
        """The valid fact of each key that has one."""
        ...

    def imports(self, known_at: datetime | None = None) -> tuple[ImportRow, ...]:
        """All imports, oldest first, those taken back among them."""
        ...

    def last_plan(self, known_at: datetime | None = None) -> tuple[int, str] | None:
        """The newest import that stands, and the hash of the plan files it was read under; None without any."""
        ...

    def standing(self, hashes: Iterable[str], plan_hash: str) -> dict[str, int]:
        """Of these file hashes, those that need no second look, with the import that holds them.

        That is: read whole under the same plan files, not taken back, and every fact of it still valid.
        Reading such a file again would change nothing, provided an import stores every fact it reads.
        """
        ...

    def decisions(self, kind: type[D], known_at: datetime | None = None) -> tuple[Recorded[D], ...]:
        """All decisions of one kind (`Resolution`, `Verdict` …), oldest first; which one holds is not judged here."""
        ...

    def head(self) -> Head | None:
        """The last entry, or None while the ledger is empty."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """One transaction: all that is appended inside, or nothing if the block raises or the process dies.

        Others wait meanwhile. Reads inside see the latest state, the block's own entries included.
        """
        ...

    def append_import(self, new: NewImport, facts: Sequence[Fact], recorded_at: datetime) -> int:
        """Take in one workbook with all its facts; the answer is its import id.

        ValueError if a fact's cell is not of this file, or `recorded_at` has no zone.
        """
        ...

    def append_undo(self, import_id: int, reason: str, by: str, recorded_at: datetime) -> int:
        """Take an import back by a new entry. NoSuchImport or AlreadyUndone if it cannot be."""
        ...

    def append_decision(self, decision: Decision, recorded_at: datetime) -> int:
        """Record what a person decided."""
        ...

    def verify(self) -> Broken | None:
        """Recompute the whole chain; the first entry that does not hold, or None if all do."""
        ...

    def backup_to(self, path: Path) -> None:
        """Write a copy of one committed state, aside and then renamed; writers need not stop."""
        ...
