"""`zyz inspect`: what is read from any spreadsheet, with no plan at hand."""

from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.intake.grid import Book
from xiangning_zyz.intake.reading.books import read_books
from xiangning_zyz.intake.tables import find_tables
from xiangning_zyz.intake.tables.inspect import inspected, shown
from xiangning_zyz.problem import Problem
from xiangning_zyz.report.listing import Listing


class Inspection(NamedTuple):
    """What one file holds; `problems` says what could not be read."""

    value: dict[str, object]
    listings: tuple[Listing, ...]
    problems: tuple[Problem, ...]


def inspect_file(path: Path) -> Inspection:
    """Read *path*; a `.zip` shows the sheets of all its workbooks, named `member/sheet`."""
    results = [reading.result for reading in read_books([path])]
    books = [result for result in results if isinstance(result, Book)]
    if len(results) > 1:
        books = [_prefixed(book) for book in books]
    sheets = [sheet for book in books for sheet in inspected(book)["sheets"]]  # type: ignore[attr-defined]  # a list
    problems = tuple(result.problem for result in results if not isinstance(result, Book))
    return Inspection({"schema": "zyz/inspect@1", "sheets": sheets}, _listings(books), problems)


def _prefixed(book: Book) -> Book:
    return book._replace(sheets=tuple(sheet._replace(name=f"{book.file}/{sheet.name}") for sheet in book.sheets))


def _listings(books: list[Book]) -> tuple[Listing, ...]:
    values = tuple(tuple(each) for book in books for each in shown(book))
    heads = ("工作表", "表区", "单元格", "行", "列", "原文", "数值", "单位", "报告期")
    listing = Listing("读到的数据", heads, values, (), frozenset({6}), empty="（没有读到数字）")
    silent = tuple(
        (sheet.name, reason)
        for book in books
        for sheet in book.sheets
        if (reason := find_tables(sheet, book.file).reason)
    )
    return (listing, Listing("没有表的工作表", ("工作表", "原因"), silent)) if silent else (listing,)
