"""What was read from workbooks, as `zyz inspect` tells it: JSON `zyz/inspect@1`, and rows for people.

A large sheet holds a million values, so they come one after the other, and each sheet is understood once.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from xiangning_zyz.figure import plain
from xiangning_zyz.intake.grid import Book, Sheet
from xiangning_zyz.intake.periods import label
from xiangning_zyz.intake.tables.find import find_tables
from xiangning_zyz.intake.tables.model import Table, Value
from xiangning_zyz.intake.tables.values import values_of

Json = dict[str, object]


class Shown(NamedTuple):
    """One value as people read it."""

    sheet: str
    table: str  # its range
    ref: str
    row: str
    column: str
    raw: str
    value: str
    unit: str
    period: str


class Silent(NamedTuple):
    """A sheet without tables, and why."""

    sheet: str
    reason: str


def inspected(books: Iterable[Book]) -> Json:
    """The tables of every sheet, ready for JSON; decimals are strings, what is not stated is null.

    `sheets` and `values` are iterators, to be gone through once and in order.
    """
    return {"schema": "zyz/inspect@1", "sheets": (_sheet(sheet, book.file) for book in books for sheet in book.sheets)}


def shown(books: Iterable[Book]) -> Iterator[Iterator[Shown] | Silent]:
    """The values of each table, row by row, and the sheets that have none, in reading order."""
    for book in books:
        for sheet in book.sheets:
            found = find_tables(sheet, book.file)
            yield from (_shown(sheet, table) for table in found.tables)
            if found.reason:
                yield Silent(sheet.name, found.reason)
            del found  # before the next sheet is understood


def _shown(sheet: Sheet, table: Table) -> Iterator[Shown]:
    for value in values_of(table):
        yield Shown(
            sheet.name,
            table.range,
            value.ref,
            value.row_label,
            value.column_label,
            value.raw,
            "" if value.number is None else plain(value.number),
            value.unit.name if value.unit else "",
            label(value.period) or "",
        )


def _sheet(sheet: Sheet, file: str) -> Json:
    found = find_tables(sheet, file)
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "tables": [_table(table) for table in found.tables],
        "reason": found.reason,
    }


def _table(table: Table) -> Json:
    return {
        "range": table.range,
        "title": table.title or None,
        "header_rows": list(table.header_rows),
        "hidden_rows": [row.row for row in table.rows if row.hidden],
        "hidden_columns": [column.col for column in table.columns if column.hidden],
        "values": map(_value, values_of(table)),
        "notes": list(table.notes),
    }


def _value(value: Value) -> Json:
    return {
        "ref": value.ref,
        "row_label": value.row_label,
        "column_label": value.column_label,
        "raw": value.raw,
        "value": None if value.number is None else plain(value.number),
        "unit": value.unit.name if value.unit else None,
        "period": label(value.period),
    }
