"""Import: workbooks → statements → checks → ledger and receipt (CONTRACT §6).

Of each workbook the ledger holds all or none. Reading happens before, in child processes; then, within
a transaction, the facts are held against the ledger as it is at that moment, so that two importers never
store one fact twice. A transaction takes several workbooks where several are at hand, since the disk is
waited for once in each: they are stored one after the other, as entries of their own. If one of them
cannot be stored, those before it are; and nobody is told of a file before it is on the disk
(docs/decisions/0010).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from itertools import groupby, takewhile
from operator import attrgetter
from pathlib import Path
from time import monotonic
from typing import NamedTuple, cast

from xiangning_zyz.fact import Fact, Observation, Record
from xiangning_zyz.figure import plain
from xiangning_zyz.intake.checks import check
from xiangning_zyz.intake.checks.known import Keyed, Known
from xiangning_zyz.intake.facts.statement import Given, Statement
from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading.process import ReadingProcess
from xiangning_zyz.intake.reading.received import shown_name
from xiangning_zyz.jobs.answers import Stated
from xiangning_zyz.jobs.archive import archive, clear, return_copy
from xiangning_zyz.jobs.returns import note_return, returned_sheet
from xiangning_zyz.jobs.standing import Standing, hash_of, standing_files
from xiangning_zyz.jobs.stating import state_files, with_sheets
from xiangning_zyz.jobs.workers import MANY, Crew
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Head, Key, Ledger, NewImport
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import Problem
from xiangning_zyz.report.receipt import Change, FactLine, FileReceipt, Receipt, Status, problem_json

_TOGETHER = 64  # files in one transaction, at most
_FIRST = 4  # files in the first, twice as many in the next: the work begins with what is at hand
_GATHERED = 0.25  # seconds after which no more files are waited for
_HELD = 0.1  # seconds of taking in after which others get their turn at the ledger; flushing comes on top


class Wish(NamedTuple):
    """How the files are to be taken in."""

    given: Given
    received: date  # when the sheets reached the office
    recorded_at: datetime  # the clock's
    dry_run: bool = False
    partial: bool = False
    listing: bool = True  # the receipt lists the facts


class _Verdict(NamedTuple):
    """What becomes of one statement, before anything is written."""

    status: Status
    lines: tuple[FactLine, ...]  # all that was read, if it is to be listed
    all_new: bool  # whether nothing of it was said before
    store: Mapping[Key, Fact]
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
        self.reader = ReadingProcess()  # of sheets that go back; started when the first one does
        self._known = Known()
        self._head: Head | None = None

    def known(self) -> Known:
        """The facts valid now, for whoever holds the ledger to bring up to date; `keep` must follow."""
        head = self.ledger.head()
        if head != self._head:
            facts = [each.what for each in self.ledger.facts()]
            self._known = Known([*facts, *(each.what for each in self.ledger.records())])
            self._head = head
        return self._known

    def keep(self) -> None:
        """What `known` gave is what the ledger holds by now.

        A dry run appends nothing, but goes on as if it had: it foresees what the run will say.
        """
        self._head = self.ledger.head()

    def forget(self) -> None:
        """What `known` gave was brought up to date for nothing."""
        self._known, self._head = Known(), None


def import_files(
    workspace: Workspace,
    plan: Plan,
    ledger: Ledger,
    paths: Sequence[Path],
    wish: Wish,
    progress: Callable[[FileReceipt], None],
    crew: Crew | None = None,
) -> Receipt:
    """Take in *paths*; *progress* gets the receipt of each file as soon as it is stored, or known not to be.

    A *crew* reads many files at once, for one call. Who collects receipts has them also of a run that stops half-way.
    Raises LedgerError and OSError; what was stored before stays. A bad file is a receipt line.
    """
    if not wish.dry_run:
        clear(workspace, ledger)
    office = _Office(workspace, plan, ledger)
    receipts: list[FileReceipt] = []

    def say(receipt: FileReceipt) -> None:
        receipts.append(receipt)
        progress(receipt)

    try:
        for each in _in_turn(list(dict.fromkeys(paths)), office, wish, crew):
            if isinstance(each, FileReceipt):
                say(each)
            else:
                _take_in(office, each, wish, say)
    finally:
        office.reader.stop()
    return Receipt(wish.dry_run, tuple(receipts))


def foresee_unchanged(
    workspace: Workspace, plan: Plan, ledger: Ledger, paths: Sequence[Path], wish: Wish, done: Receipt
) -> Receipt | None:
    """The receipt of *paths* if all of them are in the ledger as they stand, by *done* or before; else None."""
    paths = list(dict.fromkeys(paths))
    standing = _first_said(ledger, paths, done) or standing_files(ledger, plan, paths, wish.received)
    if len(standing) < len(paths):
        return None
    office = _Office(workspace, plan, ledger)
    return Receipt(dry_run=False, files=tuple(_unchanged(standing[path], path, office, wish) for path in paths))


def _first_said(ledger: Ledger, paths: Sequence[Path], done: Receipt) -> dict[Path, Standing] | None:
    """What stands after *done*, if that brought only facts unknown before, each once, and nothing came since."""
    head = ledger.head()
    if head is None or len(done.files) != len(paths) or head.seq != done.files[-1].import_id:
        return None
    if not all(file.status == "imported" and file.all_new for file in done.files):
        return None
    if any(hash_of(path) != file.sha256 for path, file in zip(paths, done.files, strict=True)):
        return None
    return {
        path: Standing(file.sha256, file.department, file.periods, [problem_json(each) for each in file.problems])
        for path, file in zip(paths, done.files, strict=True)
    }


def _in_turn(
    paths: Sequence[Path], office: _Office, wish: Wish, crew: Crew | None
) -> Iterator[list[Stated] | FileReceipt]:
    """Every file in the order given, read, several together, or known to be in the ledger as it stands.

    An earlier file of this run may revise what a later one says, so what stood at the start is asked
    again whenever the ledger has changed.
    """
    plan, names, ledger = office.plan, office.names, office.ledger
    # With a period or department given, a file may say something else than when it came in.
    standing = {} if any(wish.given) else standing_files(ledger, plan, paths, wish.received)
    head = ledger.head()
    new = [path for path in paths if path not in standing]
    stated = groupby(state_files(plan, names, wish.given, new, crew), attrgetter("path"))
    most = 1 if len(paths) < MANY else _TOGETHER  # of few, each is stored as soon as it is read
    for stood, some in groupby(paths, standing.__contains__):
        if not stood:
            yield from _gathered((each for _ in some for each in next(stated)[1]), most)
            continue
        for path in some:
            if ledger.head() == head or ledger.standing([standing[path].sha256], plan.hash):
                yield _unchanged(standing[path], path, office, wish)
            else:
                yield from _gathered(state_files(plan, names, wish.given, [path]), most)


def _gathered(stated: Iterable[Stated], most: int) -> Iterator[list[Stated]]:
    """Those that come within a moment together, few at first, no more than *most*; before a failure, what is there."""
    together: list[Stated] = []
    began, enough = 0.0, min(_FIRST, most)
    try:
        for each in stated:
            began = began if together else monotonic()
            together.append(each)
            if len(together) == enough or monotonic() - began > _GATHERED:
                yield together
                together = []
                enough = min(2 * enough, most)
    except Exception:
        if together:
            yield together
        raise
    if together:
        yield together


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


def _take_in(office: _Office, group: Sequence[Stated], wish: Wish, say: Callable[[FileReceipt], None]) -> None:
    """Take in *group*, and say of each file what became of it."""
    while group:
        receipts = _store(office, group, wish)
        for stated, receipt in zip(group, receipts, strict=False):
            copy = None
            try:
                if _goes_back(receipt) and not wish.dry_run:
                    copy = str(_send_back(office, stated, receipt, wish))
            finally:  # what is stored is said, though its copy could not be written
                say(receipt._replace(returned_copy=copy))
        group = group[len(receipts) :]


def _store(office: _Office, group: Sequence[Stated], wish: Wish) -> list[FileReceipt]:
    """Store the first files of *group* in one transaction: up to one that goes back, or till others get their turn.

    What is no workbook needs no transaction. If one fails, half of what it had taken in is tried, down to the
    first file alone.
    """
    first = group[0].result
    if isinstance(first, Failure):
        return [FileReceipt(first.file, first.sha256, "failed", problems=group[0].statement.problems)]
    receipts: list[FileReceipt] = []
    arrived: dict[str, bytes] = {}
    try:
        with nullcontext() if wish.dry_run else office.ledger.writing():
            known, until = office.known(), monotonic() + _HELD
            for stated in takewhile(lambda each: isinstance(each.result, Book), group):
                receipt = _enter(office, stated, known, wish)
                receipts.append(receipt)
                if receipt.import_id is not None:
                    arrived[receipt.sha256] = stated.content
                if _goes_back(receipt) or monotonic() > until:
                    break
            archive(office.workspace, arrived, wish.received)
            office.keep()
    except Exception:
        office.forget()
        if not receipts or len(group) == 1 or wish.dry_run:  # a dry run has nothing to lose but what it has foreseen
            raise
        return _store(office, group[: (len(receipts) + 1) // 2], wish)
    return receipts


def _enter(office: _Office, stated: Stated, known: Known, wish: Wish) -> FileReceipt:
    """Decide on one file and append what is to be recorded of it, unless it is a dry run; then it is *known*."""
    book, statement = cast("Book", stated.result), stated.statement
    verdict = _decide(office.plan, book, statement, known, wish)
    import_id = None
    if verdict.store and not wish.dry_run:
        entry = _entry(office.plan, stated, book, statement, verdict, wish)
        import_id = office.ledger.append_import(entry, tuple(verdict.store.values()), wish.recorded_at)
    if verdict.status == "returned" and not wish.dry_run:
        returned = returned_sheet(book, statement, wish.given, verdict.problems, wish.received)
        if returned is not None:
            note_return(office.ledger, returned, wish.recorded_at)
    known.add(verdict.store.items())
    return FileReceipt(
        file=book.file,
        sha256=book.sha256,
        status=verdict.status,
        import_id=import_id,
        department=statement.department,
        periods=tuple(map(str, statement.periods or statement.stated)),
        facts=verdict.lines,
        all_new=verdict.all_new,
        stored=len(verdict.store),
        problems=verdict.problems,
    )


def _goes_back(receipt: FileReceipt) -> bool:
    return receipt.status in ("returned", "partial")


def _send_back(office: _Office, stated: Stated, receipt: FileReceipt, wish: Wish) -> Path:
    whole = with_sheets(stated, office.reader)
    return return_copy(office.workspace, office.ledger, stated.content, whole, receipt.problems, wish.received)


def _decide(plan: Plan, book: Book, statement: Statement, known: Known, wish: Wish) -> _Verdict:
    """Hold a statement against the plan and what is known: which facts count, what is wrong, what to store."""
    keyed = [(fact.key, fact) for fact in statement.facts]
    found = check(plan, keyed, statement.carried, known, wish.received)
    problems = [_weighed(plan, problem) for problem in (*book.problems, *statement.problems, *found)]
    before = [known.get(key) for key, _ in keyed]
    changes = [_change(fact, last) for (_, fact), last in zip(keyed, before, strict=True)]
    spoilt = _spoilt(keyed, problems)
    good = {key: fact for key, fact in keyed if key not in spoilt} if spoilt else dict(keyed)
    changed = [key for (key, _), change in zip(keyed, changes, strict=True) if change != "same"]
    status: Status = "imported" if changed else "unchanged"
    if any(problem.severity == "error" for problem in problems):
        status = "partial" if wish.partial and good else "returned"
    # All or none of it: an import holds every good fact of its file, whether new or said before.
    kept = status in ("imported", "partial") and any(key in good for key in changed)
    told = zip(statement.facts, changes, before, strict=True) if wish.listing else ()
    return _Verdict(
        status=status,
        lines=tuple(FactLine(fact, change, _replaced(change, last)) for fact, change, last in told),
        all_new=not any(before),
        store=good if kept else {},
        problems=_ordered(problems),
    )


def _spoilt(facts: Sequence[Keyed], problems: Sequence[Problem]) -> set[Key]:
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


def _change(fact: Fact, before: Fact | None) -> Change:
    """What a fact is to what was said before under its key, which never holds figures and words alike."""
    if before is None:
        return "new"
    if isinstance(fact, Observation) and isinstance(before, Observation):
        same = (fact.value, fact.reference) == (before.value, before.reference)
    else:
        same = isinstance(fact, Record) and isinstance(before, Record) and fact.fields == before.fields
    return "same" if same else "revised"


def _replaced(change: Change, before: Fact | None) -> str | Mapping[str, str] | None:
    """What a revision replaces: the value, exact, or the fields."""
    if change != "revised" or before is None:
        return None
    return plain(before.value) if isinstance(before, Observation) else dict(before.fields)


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
