"""Forms without a heading: names with their values beside them, one or several pairs to a line."""

from typing import NamedTuple

from xiangning_zyz.intake.grid import GridCell
from xiangning_zyz.intake.tables.headings import names_something
from xiangning_zyz.intake.tables.lines import Line, label_text, sort_of
from xiangning_zyz.intake.tables.model import Column, Row, Unit
from xiangning_zyz.intake.tables.rows import kind_of_row
from xiangning_zyz.intake.tables.stated_periods import period_of_path
from xiangning_zyz.intake.tables.stated_units import unit_of_path
from xiangning_zyz.intake.units import normal_unit


class _Entry(NamedTuple):
    """A name, the cells that answer it, and the unit that may stand behind these."""

    name: GridCell
    values: tuple[GridCell, ...] = ()
    unit: str | None = None


def form_rows(body: tuple[Line, ...], hidden: frozenset[int]) -> tuple[Row, ...]:
    """One row for every name with values; a line may hold several."""
    return tuple(_row(entry, line.row in hidden) for line in body for entry in _entries(line) if entry.values)


def form_columns(rows: tuple[Row, ...], hidden: frozenset[int]) -> tuple[Column, ...]:
    """The columns in which values stand; a form has no heads over them."""
    columns = sorted({cell.col for row in rows for cell in row.cells})
    return tuple(Column(col, (), "number", None, None, None, False, col in hidden, "") for col in columns)


def _entries(line: Line) -> list[_Entry]:
    entries: list[_Entry] = []
    for cell in line.cells:
        last = entries[-1] if entries else None
        if last is not None and _answers(cell, last):
            entries[-1] = last._replace(values=(*last.values, cell))
        elif last is not None and last.values and last.unit is None and normal_unit(cell.text):
            entries[-1] = last._replace(unit=normal_unit(cell.text))
        elif sort_of(cell) == "words":
            entries.append(_Entry(cell))
    return entries


def _answers(cell: GridCell, entry: _Entry) -> bool:
    """Whether a cell answers the name before it. Words answer once, unless they are themselves a name."""
    if entry.unit is not None:
        return False
    if sort_of(cell) != "words":
        return True
    asks = label_text(entry.name.text).endswith(("：", ":")) or names_something(entry.name)
    return asks and not entry.values and not names_something(cell)


def _row(entry: _Entry, hidden: bool) -> Row:
    labels = (label_text(entry.name.text).rstrip("：:"),)
    stated, ratio = unit_of_path(labels, None)
    unit = Unit(entry.unit, "unit column") if entry.unit else stated and stated._replace(origin="row label")
    kind = kind_of_row(labels)
    return Row(entry.name.row, labels, entry.values, (), unit, period_of_path(labels), ratio, kind, hidden)
