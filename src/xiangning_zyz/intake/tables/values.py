"""The values of a table: every cell under a value column, with its labels, unit and period."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from xiangning_zyz.intake.grid import GridCell, column_letters
from xiangning_zyz.intake.numerals import Number, read_number
from xiangning_zyz.intake.periods import Said
from xiangning_zyz.intake.tables.model import Form, PeriodOrigin, Row, Table, Value, ValueKind
from xiangning_zyz.intake.tables.stated_periods import period_of_value
from xiangning_zyz.intake.tables.stated_units import unit_of_value
from xiangning_zyz.intake.units import normal_unit

StatedPeriod: TypeAlias = tuple[Said | None, PeriodOrigin | None]


class Content(NamedTuple):
    """What a cell holds: a number, or why it is none; and the unit that the cell itself states, or ''."""

    number: Decimal | None
    kind: ValueKind
    unit: str


class Values:
    """The value cells of one table; the value of each for who asks, since half of them are comparisons."""

    def __init__(self, table: Table) -> None:
        self._around = table.surroundings
        self._columns = {col: (column, column.label, column_letters(col)) for col, column in table.form.valued.items()}
        self._periods: dict[Said | None, dict[int, StatedPeriod]] = defaultdict(dict)

    def period(self, row: Row, cell: GridCell) -> StatedPeriod:
        """The completed period of one cell, and the innermost place that says anything about it."""
        spoken = self._periods[row.period]
        if cell.col not in spoken:
            spoken[cell.col] = period_of_value(self._columns[cell.col][0], row, self._around)
        return spoken[cell.col]

    def value(self, row: Row, label: str, cell: GridCell) -> Value:
        """The value of one of the cells of a row, whose *label* is passed along."""
        column, column_label, letters = self._columns[cell.col]
        number, kind, unit = content_of(cell)
        stated = unit_of_value(unit, column, row, self._around.units)
        ref = f"{letters}{cell.row}"
        return Value(
            ref, cell.row, cell.col, label, column_label, cell.text, number, kind, stated, *self.period(row, cell)
        )


def values_of(table: Table) -> Iterator[Value]:
    """The values of a table, row by row. Cells that hold no number are there too, and say why they are none."""
    values = Values(table)
    for row in table.rows:
        label = row.label
        yield from (values.value(row, label, row.cells[at]) for at in value_places(table.form, row))


def value_places(form: Form, row: Row) -> list[int]:
    """Which cells of a row of that form are values, by their places in `row.cells`.

    A form's answer in words (项目名称 | 紫砂陶小镇) is none.
    """
    places = [at for at, cell in enumerate(row.cells) if cell.col in form.valued]
    if form.headed or row.unit is not None:
        return places
    return [at for at in places if content_of(row.cells[at]).kind not in ("words", "date")]


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
