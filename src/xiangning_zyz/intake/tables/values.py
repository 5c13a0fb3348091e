"""The values of a table: every cell under a value column, with its labels, unit and period."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xiangning_zyz.intake.grid import GridCell, column_letters
from xiangning_zyz.intake.numerals import Number, read_number
from xiangning_zyz.intake.periods import Said
from xiangning_zyz.intake.tables.model import PeriodOrigin, Table, Value, ValueKind
from xiangning_zyz.intake.tables.stated_periods import period_of_value
from xiangning_zyz.intake.tables.stated_units import unit_of_value
from xiangning_zyz.intake.units import normal_unit


class Content(NamedTuple):
    """What a cell holds: a number, or why it is none; and the unit that the cell itself states, or ''."""

    number: Decimal | None
    kind: ValueKind
    unit: str


def values_of(table: Table) -> Iterator[Value]:
    """The values of a table, row by row. Cells that hold no number are there too, and say why they are none."""
    columns = {
        column.col: (column, column.label, column_letters(column.col))
        for column in table.columns
        if column.role == "number"
    }
    periods: dict[Said | None, dict[int, tuple[Said | None, PeriodOrigin | None]]] = defaultdict(dict)
    captioned = table.surroundings.units
    for row in table.rows:
        row_label = row.label
        spoken = periods[row.period]
        for cell in row.cells:
            if cell.col not in columns:
                continue
            column, column_label, letters = columns[cell.col]
            number, kind, unit = content_of(cell)
            if kind in ("words", "date") and not table.header_rows and row.unit is None:
                continue  # a form's answer in words: 项目名称 | 紫砂陶小镇
            if cell.col not in spoken:
                spoken[cell.col] = period_of_value(column, row, table.surroundings)
            yield Value(
                f"{letters}{cell.row}",
                cell.row,
                cell.col,
                row_label,
                column_label,
                cell.text,
                number,
                kind,
                unit_of_value(unit, column, row, captioned),
                *spoken[cell.col],
            )


def content_of(cell: GridCell) -> Content:
    """The number in a cell, or why there is none."""
    if cell.kind == "number":
        if not cell.suffix:
            return Content(cell.number, "number", "%" if cell.percent else "")
        return Content(cell.number, "number", "%" if cell.percent else normal_unit(cell.suffix) or "")
    if cell.kind == "text":
        read = read_number(cell.text)
        return Content(read.value, "number", read.unit) if isinstance(read, Number) else Content(None, read.why, "")
    if cell.kind in ("error", "uncalculated"):
        return Content(None, cell.kind, "")
    return Content(None, "words" if cell.kind == "bool" else "date", "")
