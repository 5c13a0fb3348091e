"""Sheets that went back: the event is recorded, the figures are not (docs/decisions/0006)."""

from datetime import date, datetime

from xiangning_zyz.fact import ReturnedSheet
from xiangning_zyz.intake.facts.statement import Given, Statement
from xiangning_zyz.intake.grid import Book
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.problem import Problem


def note_return(ledger: Ledger, sheet: ReturnedSheet, recorded_at: datetime) -> None:
    """Record that *sheet* went back; the same bytes count once, however often a clerk tries them.

    Call it within `ledger.writing()`.
    """
    if all(each.what.sha256 != sheet.sha256 for each in ledger.decisions(ReturnedSheet)):
        ledger.append_decision(sheet, recorded_at)


def returned_sheet(
    book: Book, statement: Statement, given: Given, problems: tuple[Problem, ...], received: date
) -> ReturnedSheet | None:
    """The return of *book*, or None: a sheet whose sender or period cannot be told is nobody's report."""
    periods = statement.periods or statement.stated or ((given.period,) if given.period else ())
    if statement.department is None or not periods:
        return None
    errors = sum(problem.severity == "error" for problem in problems)
    months = tuple(dict.fromkeys(period.last_month for period in periods))
    return ReturnedSheet(book.file, book.sha256, statement.department, months, received, errors)
