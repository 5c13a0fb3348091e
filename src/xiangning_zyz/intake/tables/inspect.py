"""What was read from a workbook, as `zyz inspect` tells it: JSON `zyz/inspect@1`, and rows for people."""

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


def inspected(book: Book) -> Json:
    """The tables of every sheet, ready for JSON; decimals are strings, what is not stated is null."""
    return {"schema": "zyz/inspect@1", "sheets": [_sheet(sheet, book.file) for sheet in book.sheets]}


def shown(book: Book) -> tuple[Shown, ...]:
    """Every value of a workbook, one row each."""
    return tuple(
        Shown(
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
        for sheet in book.sheets
        for table in find_tables(sheet, book.file).tables
        for value in values_of(table)
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
        "values": [_value(value) for value in values_of(table)],
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
