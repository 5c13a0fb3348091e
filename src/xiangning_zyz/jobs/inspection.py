"""`zyz inspect`: what is read from any spreadsheet, with no plan at hand.

Workbooks, sheets and values come one after the other and are let go again: a zip may hold a thousand
workbooks, a sheet a million values.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from xiangning_zyz.intake.grid import Book
from xiangning_zyz.intake.reading.books import read_books
from xiangning_zyz.intake.tables.inspect import Shown, Silent, shown
from xiangning_zyz.problem import Problem
from xiangning_zyz.report.listing import Flow, Listing

_OF_TABLE = 1_000  # values of one table that people are shown
_OF_FILE = 5_000
_HEADS = ("工作表", "表区", "单元格", "行", "列", "原文", "数值", "单位", "报告期")
_NUMERIC = frozenset({6})
_NOTHING = "（没有读到数字）"


def books_of(path: Path, problems: list[Problem]) -> Iterator[Book]:
    """The workbooks in *path*, one after the other; why others could not be read is added to *problems*.

    Of a `.zip` with several, the sheets are named `member/sheet`.
    """
    results = (reading.result for reading in read_books([path]))
    opening = list(islice(results, 2))
    several = len(opening) > 1
    for result in chain(opening, results) if several else opening:
        if isinstance(result, Book):
            yield _prefixed(result) if several else result
        else:
            problems.append(result.problem)


def every_value(books: Iterable[Book]) -> Iterator[Flow | Listing]:
    """All values, for other programs; then the sheets without tables, if there are any."""
    silent: list[Silent] = []
    yield Flow("读到的数据", _HEADS, _values(books, silent), numeric=_NUMERIC)
    yield from _silent(silent)


def opening_values(books: Iterable[Book]) -> Iterator[Listing]:
    """What a person looks at: the first values of every table, and how many more there are."""
    silent: list[Silent] = []
    rows: list[Shown] = []
    more = 0
    for each in shown(books):
        if isinstance(each, Silent):
            silent.append(each)
        else:
            rows += islice(each, min(_OF_TABLE, _OF_FILE - len(rows)))
            more += sum(1 for _ in each)
    note = f"另有 {more} 个数未列出。要看全部，请加 --format csv 或 --format json，并用 -o 写入文件。"
    yield Listing("读到的数据", _HEADS, tuple(rows), (note,) if more else (), _NUMERIC, _NOTHING)
    yield from _silent(silent)


def _prefixed(book: Book) -> Book:
    return book._replace(sheets=tuple(sheet._replace(name=f"{book.file}/{sheet.name}") for sheet in book.sheets))


def _values(books: Iterable[Book], silent: list[Silent]) -> Iterator[Shown]:
    for each in shown(books):
        if isinstance(each, Silent):
            silent.append(each)
        else:
            yield from each


def _silent(found: list[Silent]) -> Iterator[Listing]:
    if found:
        yield Listing("没有表的工作表", ("工作表", "原因"), tuple(found))
