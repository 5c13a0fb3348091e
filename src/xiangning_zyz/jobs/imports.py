"""Import: workbooks → statements → checks → ledger and receipt (CONTRACT §6).

One workbook is one transaction. Reading happens before it, in a child process; inside it the facts
are held against the ledger as it is at that moment, so that two importers never store one fact twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.fact import Fact, Observation, Record, Recorded
from xiangning_zyz.figure import plain
from xiangning_zyz.intake.checks import check
from xiangning_zyz.intake.facts import read_report
from xiangning_zyz.intake.facts.statement import Given, Statement
from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading.books import Reading, read_books
from xiangning_zyz.jobs.archive import archive, return_copy
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Key, Ledger, NewImport
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import Problem
from xiangning_zyz.report.receipt import FactLine, FileReceipt, Receipt, Status


class Wish(NamedTuple):
    """How the files are to be taken in."""

    given: Given
    received: date  # when the sheets reached the office
    recorded_at: datetime  # the clock's
    dry_run: bool = False
    partial: bool = False


class _Verdict(NamedTuple):
    """What becomes of one statement, before anything is written."""

    status: Status
    lines: tuple[FactLine, ...]  # all that was read
    store: tuple[Fact, ...]
    problems: tuple[Problem, ...]


def import_files(
    workspace: Workspace,
    plan: Plan,
    ledger: Ledger,
    paths: Sequence[Path],
    wish: Wish,
    progress: Callable[[FileReceipt], None],
) -> Receipt:
    """Take in *paths*; *progress* is called after each file. Raises LedgerError; a bad file is a receipt line."""
    names = Names(plan)
    receipts: list[FileReceipt] = []
    for reading in read_books(paths):
        receipt = _take_in(workspace, plan, names, ledger, reading, wish)
        progress(receipt)
        receipts.append(receipt)
    return Receipt(wish.dry_run, tuple(receipts))


def _take_in(
    workspace: Workspace,
    plan: Plan,
    names: Names,
    ledger: Ledger,
    reading: Reading,
    wish: Wish,
) -> FileReceipt:
    result = reading.result
    if isinstance(result, Failure):
        return FileReceipt(result.file, result.sha256, "failed", problems=(result.problem,))
    statement = read_report(result, plan, names, wish.given)
    import_id = None
    with nullcontext() if wish.dry_run else ledger.writing():
        verdict = _decide(plan, result, statement, ledger, wish)
        if verdict.store and not wish.dry_run:
            archive(workspace, reading.content, result.sha256, wish.received)
            import_id = ledger.append_import(
                _entry(plan, reading, result, statement, verdict, wish), verdict.store, wish.recorded_at
            )
    receipt = FileReceipt(
        file=result.file,
        sha256=result.sha256,
        status=verdict.status,
        import_id=import_id,
        department=statement.department,
        periods=tuple(str(period) for period in statement.periods),
        facts=verdict.lines,
        stored=len(verdict.store),
        problems=verdict.problems,
    )
    if verdict.status in ("returned", "partial") and not wish.dry_run:
        copy = return_copy(workspace, reading.content, result, verdict.problems, wish.received)
        receipt = receipt._replace(returned_copy=str(copy))
    return receipt


def _decide(plan: Plan, book: Book, statement: Statement, ledger: Ledger, wish: Wish) -> _Verdict:
    """Hold a statement against the plan and the ledger: which facts count, what is wrong, what to store."""
    known: list[Fact] = [*(each.what for each in ledger.facts()), *(each.what for each in ledger.records())]
    problems = [
        *book.problems,
        *statement.problems,
        *check(plan, statement.facts, statement.carried, known, wish.received),
    ]
    problems = [_weighed(plan, problem) for problem in problems]
    bad = {(problem.sheet, problem.ref) for problem in problems if problem.severity == "error"}
    spoilt = {fact.key for fact in statement.facts if (fact.cell.sheet, fact.cell.ref) in bad}
    good = [fact for fact in statement.facts if fact.key not in spoilt]
    before = ledger.current(fact.key for fact in statement.facts)
    lines = tuple(_line(fact, before) for fact in statement.facts)
    changed = {line.fact for line in lines if line.change != "same"}
    status: Status
    if bad and not (wish.partial and good):
        status, good = "returned", []
    elif bad:
        status = "partial"
    else:
        status = "imported" if changed else "unchanged"
    store = tuple({fact.key: fact for fact in good}.values()) if any(fact in changed for fact in good) else ()
    return _Verdict(status, lines, store, _ordered(problems))


def _weighed(plan: Plan, problem: Problem) -> Problem:
    """The office may make a warning an error, or the reverse (`rules.yaml: severity`)."""
    severity = plan.rules.severity.get(problem.code, problem.severity)
    return problem._replace(severity="error" if severity == "error" else "warning")


def _line(fact: Fact, before: Mapping[Key, Recorded[Observation] | Recorded[Record]]) -> FactLine:
    known = before.get(fact.key)
    if known is None:
        return FactLine(fact, "new", None)
    if isinstance(fact, Observation) and isinstance(known.what, Observation):
        same = (fact.value, fact.reference) == (known.what.value, known.what.reference)
        return FactLine(fact, "same", None) if same else FactLine(fact, "revised", plain(known.what.value))
    return FactLine(fact, "same" if _words(fact) == _words(known.what) else "revised", None)


def _words(fact: Fact) -> object:
    return None if isinstance(fact, Observation) else fact.fields


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Errors first, then in the order of the sheets; each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.severity == "warning"))


def _entry(plan: Plan, reading: Reading, book: Book, statement: Statement, verdict: _Verdict, wish: Wish) -> NewImport:
    return NewImport(
        file=book.file,
        sha256=book.sha256,
        size=len(reading.content),
        received=wish.received,
        department=statement.department,
        periods=statement.periods,
        status="partial" if verdict.status == "partial" else "imported",
        plan_hash=plan.hash,
    )
