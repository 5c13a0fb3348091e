"""Import: workbooks → statements → checks → ledger and receipt (CONTRACT §6).

A workbook enters the ledger whole or not at all. Reading happens before that, in child processes; inside the
transaction the facts are held against the ledger as it is at that moment, so that two importers never store
one fact twice. Of many workbooks several share a transaction, for the disk takes as long to keep one as to keep
ten; if one of them cannot be kept, each is taken in by itself, up to that one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.aside import sync_folder
from xiangning_zyz.fact import Fact, Observation, Record
from xiangning_zyz.figure import plain
from xiangning_zyz.intake.checks import check
from xiangning_zyz.intake.checks.known import Known
from xiangning_zyz.intake.facts.statement import Given, Statement
from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading.received import shown_name
from xiangning_zyz.jobs.archive import archive, clear, return_copy
from xiangning_zyz.jobs.returns import note_return, returned_sheet
from xiangning_zyz.jobs.standing import Standing, standing_files
from xiangning_zyz.jobs.stating import Stated, state_files, with_sheets
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Head, Key, Ledger, NewImport
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import Problem
from xiangning_zyz.report.receipt import FactLine, FileReceipt, Receipt, Status, problem_json
from xiangning_zyz.stop import Stop

_MANY = 40  # files: below, each is kept as soon as it is read
_TOGETHER = 16  # files in one transaction
_BYTES_TOGETHER = 4 << 20  # of those files, which wait in memory


class Wish(NamedTuple):
    """How the files are to be taken in."""

    given: Given
    received: date  # when the sheets reached the office
    recorded_at: datetime  # the clock's
    dry_run: bool = False
    partial: bool = False
    listing: bool = True  # the receipt lists the facts also of files known by their hash


class _Standing(NamedTuple):
    """A file that the ledger holds as it is, as far as could be told at the start."""

    path: Path
    standing: Standing
    head: Head | None  # where the ledger ended then


_File = Stated | _Standing


class _Verdict(NamedTuple):
    """What becomes of one statement, before anything is written."""

    status: Status
    lines: tuple[FactLine, ...]  # all that was read
    store: tuple[Fact, ...]
    problems: tuple[Problem, ...]


class _Office:
    """What all files of one run are held against: the plan, and the ledger's valid facts.

    The facts are read once and kept up to date while this run writes. If another process has written
    meanwhile, the chain has another end, and they are read again.
    """

    def __init__(self, workspace: Workspace, plan: Plan, ledger: Ledger) -> None:
        self.workspace = workspace
        self.plan = plan
        self.names = Names(plan)
        self.ledger = ledger
        self.folders: set[Path] = set()  # of archived files, whose names are still to be flushed
        self._known = Known()
        self._head: Head | None = None
        self._open = False  # whether a transaction has begun, in which nobody else can write
        self._current = False  # whether the facts are those of that transaction

    def known(self) -> Known:
        """The facts valid now; of a transaction that has begun, as they were then and with all `took` since."""
        if self._current:
            return self._known
        head = self.ledger.head()
        if head != self._head:
            facts = [each.what for each in self.ledger.facts()]
            self._known = Known([*facts, *(each.what for each in self.ledger.records())])
            self._head = head
        self._current = self._open
        return self._known

    def took(self, facts: Iterable[Fact]) -> None:
        """*facts* are valid from now on. A dry run appends nothing, but foresees what the run will say."""
        self._known.add(facts)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction. If it fails, what was taken in it is forgotten."""
        try:
            with self.ledger.writing():
                self._open = True
                yield
                for folder in self.folders:  # what an entry names is on the disk before the entry is
                    sync_folder(folder)
                if self._current:  # asked for, and kept up to date since
                    self._head = self.ledger.head()
        except BaseException:
            self._known, self._head = Known(), None
            raise
        finally:
            self._open = self._current = False
            self.folders.clear()


def import_files(
    workspace: Workspace,
    plan: Plan,
    ledger: Ledger,
    paths: Sequence[Path],
    wish: Wish,
    progress: Callable[[FileReceipt], None],
) -> Receipt:
    """Take in *paths*; *progress* is called with each file once it is kept.

    Raises LedgerError and OSError; what was kept before stays. A bad file is a receipt line.
    """
    if not wish.dry_run:
        clear(workspace, ledger)
    office = _Office(workspace, plan, ledger)
    receipts: list[FileReceipt] = []
    for group in _together(_in_turn(list(dict.fromkeys(paths)), office, wish), len(paths)):
        for receipt in _take_group(office, group, wish):
            progress(receipt)
            receipts.append(receipt)
    return Receipt(wish.dry_run, tuple(receipts))


def _together(files: Iterable[_File], count: int) -> Iterator[list[_File]]:
    """Files that share a transaction. All are read before it begins: no reader is waited for with the ledger locked."""
    group: list[_File] = []
    size = 0
    for file in files:
        group.append(file)
        size += len(file.content) if isinstance(file, Stated) else 0
        if count < _MANY or len(group) == _TOGETHER or size > _BYTES_TOGETHER:
            yield group
            group, size = [], 0
    if group:
        yield group


def _take_group(office: _Office, group: Sequence[_File], wish: Wish) -> Iterator[FileReceipt]:
    """Take in a group at once, or, where that fails, file by file, so that one failure costs no other file."""
    if wish.dry_run:
        yield from (receipt for file in group for receipt in _take(office, file, wish))
        return
    try:
        with office.writing():
            taken = [(file, receipt) for file in group for receipt in _take(office, file, wish)]
    except Exception:  # whatever it was, it comes again at the file that it belongs to
        if len(group) == 1:
            raise
        for file in group:
            yield from _take_group(office, [file], wish)
        return
    failure = None
    for file, receipt in taken:
        told = receipt
        try:
            told = _with_copy(office, file, receipt, wish)
        except (Stop, OSError) as error:  # what is kept is said, though its copy could not be written
            failure = error
        yield told
    if failure:
        raise failure


def _in_turn(paths: Sequence[Path], office: _Office, wish: Wish) -> Iterator[_File]:
    """Every file in the order given, read, or known to be in the ledger as it stands."""
    plan, names, ledger = office.plan, office.names, office.ledger
    # With a period or department given, a file may say something else than when it came in.
    standing = {} if any(wish.given) else standing_files(ledger, plan, paths, wish.received)
    head = ledger.head()
    new = [path for path in paths if path not in standing]
    stated = groupby(state_files(plan, names, wish.given, new), attrgetter("path"))
    for path in paths:
        if path in standing:
            yield _Standing(path, standing[path], head)
        else:
            yield from next(stated)[1]


def _take(office: _Office, file: _File, wish: Wish) -> Iterator[FileReceipt]:
    """What becomes of one file: several receipts for a zip that must be read again.

    An earlier file of this run may have revised what a known one says, so where the ledger has changed it
    is asked again whether that one stands.
    """
    if isinstance(file, Stated):
        yield _take_in(office, file, wish)
    elif office.ledger.head() == file.head or office.ledger.standing([file.standing.sha256], office.plan.hash):
        yield _unchanged(file.standing, file.path, office, wish)
    else:
        for stated in state_files(office.plan, office.names, wish.given, [file.path]):
            yield _take_in(office, stated, wish)


def _unchanged(standing: Standing, path: Path, office: _Office, wish: Wish) -> FileReceipt:
    facts = office.known().of_file(standing.sha256) if wish.listing else ()
    return FileReceipt(
        file=shown_name(path),
        sha256=standing.sha256,
        status="unchanged",
        department=standing.department,
        periods=standing.periods,
        facts=tuple(FactLine(fact, "same", None) for fact in facts),
        problems=standing.problems(shown_name(path)),
    )


def _take_in(office: _Office, stated: Stated, wish: Wish) -> FileReceipt:
    book, statement = stated.result, stated.statement
    if isinstance(book, Failure):
        return FileReceipt(book.file, book.sha256, "failed", problems=statement.problems)
    import_id = None
    verdict = _decide(office.plan, book, statement, office.known(), wish)
    if verdict.store and not wish.dry_run:
        office.folders.add(archive(office.workspace, stated.content, book.sha256, wish.received))
        entry = _entry(office.plan, stated, book, statement, verdict, wish)
        import_id = office.ledger.append_import(entry, verdict.store, wish.recorded_at)
    returned = returned_sheet(book, statement, wish.given, verdict.problems, wish.received)
    if verdict.status == "returned" and returned is not None and not wish.dry_run:
        note_return(office.ledger, returned, wish.recorded_at)
    office.took(verdict.store)
    return FileReceipt(
        file=book.file,
        sha256=book.sha256,
        status=verdict.status,
        import_id=import_id,
        department=statement.department,
        periods=tuple(str(period) for period in statement.periods),
        facts=verdict.lines,
        stored=len(verdict.store),
        problems=verdict.problems,
    )


def _with_copy(office: _Office, file: _File, receipt: FileReceipt, wish: Wish) -> FileReceipt:
    """The receipt with the annotated copy of what is sent back."""
    if receipt.status not in ("returned", "partial"):
        return receipt
    if not isinstance(file, Stated):  # it stood when the run began, and was read again since
        again = state_files(office.plan, office.names, wish.given, [file.path])
        file = next(each for each in again if each.result.file == receipt.file)
    content, whole = file.content, with_sheets(file)
    copy = return_copy(office.workspace, office.ledger, content, whole, receipt.problems, wish.received)
    return receipt._replace(returned_copy=str(copy))


def _decide(plan: Plan, book: Book, statement: Statement, known: Known, wish: Wish) -> _Verdict:
    """Hold a statement against the plan and what is known: which facts count, what is wrong, what to store."""
    found = check(plan, statement.facts, statement.carried, known, wish.received)
    problems = [_weighed(plan, problem) for problem in (*book.problems, *statement.problems, *found)]
    keyed = [(fact.key, fact) for fact in statement.facts]
    lines = tuple(_line(fact, known.get(key)) for key, fact in keyed)
    changed = {key for (key, _), line in zip(keyed, lines, strict=True) if line.change != "same"}
    spoilt = _spoilt(keyed, problems)
    good = {key: fact for key, fact in keyed if key not in spoilt}
    status: Status = "imported" if changed else "unchanged"
    if any(problem.severity == "error" for problem in problems):
        status = "partial" if wish.partial and good else "returned"
    # All or none of it: an import holds every good fact of its file, whether new or said before.
    kept = status in ("imported", "partial") and not changed.isdisjoint(good)
    return _Verdict(status, lines, tuple(good.values()) if kept else (), _ordered(problems))


def _spoilt(facts: Sequence[tuple[Key, Fact]], problems: Sequence[Problem]) -> set[Key]:
    """The keys of the facts that an error touches.

    An error without a cell is about the whole sheet, one without a sheet about the whole file; a fact
    said twice is bad in both places.
    """
    bad = {(problem.sheet, problem.ref) for problem in problems if problem.severity == "error"}
    if not bad:
        return set()
    return {
        key
        for key, fact in facts
        if not bad.isdisjoint({("", ""), (fact.cell.sheet, ""), (fact.cell.sheet, fact.cell.ref)})
    }


def _weighed(plan: Plan, problem: Problem) -> Problem:
    """The office may make a warning an error, or the reverse (`rules.yaml: severity`)."""
    severity = plan.rules.severity.get(problem.code, problem.severity)
    return problem._replace(severity="error" if severity == "error" else "warning")


def _line(fact: Fact, before: Fact | None) -> FactLine:
    """A fact with what it changes. One key never holds figures and words alike."""
    if isinstance(fact, Observation) and isinstance(before, Observation):
        same = (fact.value, fact.reference) == (before.value, before.reference)
        return FactLine(fact, "same", None) if same else FactLine(fact, "revised", plain(before.value))
    if isinstance(fact, Record) and isinstance(before, Record):
        same = fact.fields == before.fields
        return FactLine(fact, "same", None) if same else FactLine(fact, "revised", dict(before.fields))
    return FactLine(fact, "new", None)


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Errors first, then in the order of the sheets; each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.severity == "warning"))


def _entry(plan: Plan, stated: Stated, book: Book, statement: Statement, verdict: _Verdict, wish: Wish) -> NewImport:
    name = shown_name(stated.path)
    return NewImport(
        file=book.file,
        sha256=book.sha256,
        size=len(stated.content),
        received=wish.received,
        department=statement.department,
        periods=statement.periods,
        status="partial" if verdict.status == "partial" else "imported",
        plan_hash=plan.hash,
        container=name if name != book.file else "",
        receipt={"problems": [problem_json(problem) for problem in verdict.problems]},
    )
