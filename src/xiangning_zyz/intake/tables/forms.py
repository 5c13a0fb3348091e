"""Forms without a heading: names with their values beside them, one or several pairs to a line."""

from xiangning_zyz.intake.grid import GridCell
from xiangning_zyz.intake.tables.headings import names_something
from xiangning_zyz.intake.tables.lines import Line, label_text, sort_of
from xiangning_zyz.intake.tables.model import Column, Row
from xiangning_zyz.intake.tables.rows import kind_of_row
from xiangning_zyz.intake.tables.stated_periods import period_of_path
from xiangning_zyz.intake.tables.stated_units import unit_of_path


def form_rows(body: tuple[Line, ...], hidden: frozenset[int]) -> tuple[Row, ...]:
    """One row for every name with values; a line may hold several."""
    return tuple(row for line in body for row in _rows_of_line(line, line.row in hidden))


def form_columns(rows: tuple[Row, ...], hidden: frozenset[int]) -> tuple[Column, ...]:
    """The columns in which values stand; a form has no heads over them."""
    columns = sorted({cell.col for row in rows for cell in row.cells})
    return tuple(Column(col, (), "number", None, None, None, False, col in hidden, "") for col in columns)


def _rows_of_line(line: Line, hidden: bool) -> list[Row]:
    rows: list[Row] = []
    name: GridCell | None = None
    values: list[GridCell] = []
    for cell in line.cells:
        if _is_value(cell, name, values):
            values.append(cell)
            continue
        if name is not None and values:
            rows.append(_row(name, values, hidden))
        name, values = (cell if sort_of(cell) == "words" else None), []
    if name is not None and values:
        rows.append(_row(name, values, hidden))
    return rows


def _is_value(cell: GridCell, name: GridCell | None, values: list[GridCell]) -> bool:
    """Whether a cell answers the name before it. Words answer once, unless they are themselves a name."""
    if name is None:
        return False
    if sort_of(cell) != "words":
        return True
    asks = label_text(name.text).endswith(("：", ":")) or names_something(name)
    return asks and not values and not names_something(cell)


def _row(name: GridCell, values: list[GridCell], hidden: bool) -> Row:
    labels = (label_text(name.text).rstrip("：:"),)
    unit, ratio = unit_of_path(labels, None)
    stated = None if unit is None else unit._replace(origin="row label")
    return Row(name.row, labels, tuple(values), stated, period_of_path(labels), ratio, kind_of_row(labels), hidden)
