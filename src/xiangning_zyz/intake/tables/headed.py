"""A table with a heading: its columns, the rows' names, and what each states about unit and period."""

from collections.abc import Container
from typing import NamedTuple

from xiangning_zyz.intake.grid import GridCell, Sheet
from xiangning_zyz.intake.tables.columns import Tally, label_columns, misplaced, probed, roles_of, tallies_of
from xiangning_zyz.intake.tables.form_lines import is_note
from xiangning_zyz.intake.tables.headings import Heading
from xiangning_zyz.intake.tables.lines import Line, Merges, within
from xiangning_zyz.intake.tables.model import Column, Form, Row
from xiangning_zyz.intake.tables.paths import Path, labels_of, paths_of
from xiangning_zyz.intake.tables.rows import held_cells, kind_of_row, row_labels
from xiangning_zyz.intake.tables.stated_periods import period_of_row, periods_of_columns, with_years
from xiangning_zyz.intake.tables.stated_units import unit_of_path, unit_of_row

_MOST_FOLDS = 12


class Headed(NamedTuple):
    """Columns and rows of a table with a heading; empty rows when the form is not filled in."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    form: Form


def headed_parts(heading: Heading, body: tuple[Line, ...], merges: Merges, sheet: Sheet) -> tuple[Headed, ...]:
    """The table under a heading; two or more where the heading repeats itself to the right (地区 产值 地区 产值)."""
    tallies = tallies_of(probed(body))
    heads = _heads(heading, merges, tallies)
    starts = _folds(heads, tallies)
    parts: list[Headed] = []
    for start, end in zip(starts, [*(start - 1 for start in starts[1:]), max(heads)], strict=True):
        inside = {col: path for col, path in heads.items() if start <= col <= end}
        lines = body if len(starts) == 1 else tuple(within(line, start, end) for line in body)
        filled = body if lines is body else tuple(line for line in lines if line.cells)
        parts.append(_part(heading, inside, filled, tallies if lines is body else None, merges, sheet))
    return tuple(parts)


def _heads(heading: Heading, merges: Merges, tallies: dict[int, Tally]) -> dict[int, Path]:
    """The columns of a table, each with the heading cells over it.

    A head merged over several columns of which only the first is filled is one wide column; words
    to the right of all heads are remarks beside the table.
    """
    spans = [merges.span(cell) for level in heading.levels for cell in level.cells]
    rightmost = max([*tallies, *(span.left for span in spans)])
    columns = range(min([*tallies, *(span.left for span in spans)]), rightmost + 1)
    paths = paths_of(heading, merges, columns)
    headed_to = max(min(span.right, rightmost) for span in spans)
    return {
        col: path
        for col, path in paths.items()
        if (col in tallies and (path or col < headed_to or tallies[col].numbers)) or (path and path[-1].col == col)
    }


def _folds(heads: dict[int, Path], tallies: dict[int, Tally]) -> list[int]:
    """Where the heading begins again: its first words stand once more, over words."""
    first, *others = heads
    start = next((col for col, path in heads.items() if path and tallies.get(col) and tallies[col].words), first)
    opening = labels_of(heads[start])
    again = [col for col in others if col > start + 1 and opening and labels_of(heads[col]) == opening]
    again = [col for col in again if col in tallies and 2 * tallies[col].words > len(tallies[col].cells)]
    return [first, *again] if len(again) < _MOST_FOLDS else [first]


def _part(
    heading: Heading,
    paths: dict[int, Path],
    body: tuple[Line, ...],
    counted: dict[int, Tally] | None,
    merges: Merges,
    sheet: Sheet,
) -> Headed:
    heads = {col: labels_of(path) for col, path in paths.items()}
    below = _under_heading(heading.units, merges, paths)
    units = {col: unit_of_path(labels, below.get(col)) for col, labels in heads.items()}
    sample = probed(body)
    tallies = tallies_of(sample) if counted is None else counted
    roles = roles_of(heads, tallies, stated=frozenset(col for col, (unit, _) in units.items() if unit))

    def distinct(columns: tuple[int, ...]) -> int:
        return len(set(row_labels(sample, merges, columns)))

    roles |= dict.fromkeys(label_columns(heads, roles, distinct, len(sample)), "label")
    growth = frozenset(col for col, (_, ratio) in units.items() if ratio)
    numeric = frozenset(col for col, role in roles.items() if role == "number")
    periods = periods_of_columns(heads, numeric, growth)
    columns = tuple(
        Column(
            col=col,
            labels=labels,
            role=roles[col],
            unit=units[col][0],
            period=periods[col].own,
            leans_on=periods[col].leans_on,
            ratio=units[col][1],
            hidden=col in sheet.hidden_columns,
            misplaced=misplaced(roles[col], units[col][0], tallies.get(col)),
        )
        for col, labels in heads.items()
    )
    rows = _rows(columns, body, merges, sheet)
    return Headed(columns, rows, Form(columns, rows, headed=True))


def _in_column(col: int, *rows: tuple[GridCell, ...]) -> GridCell | None:
    for cells in rows:
        for cell in cells:
            if cell.col == col:
                return cell
    return None


def _under_heading(units: Line | None, merges: Merges, columns: Container[int]) -> dict[int, GridCell]:
    """The cell of the unit row that holds for each column."""
    spans = [(cell, merges.span(cell)) for cell in units.cells] if units else []
    return {col: cell for cell, span in spans for col in range(span.left, span.right + 1) if col in columns}


def _rows(columns: tuple[Column, ...], body: tuple[Line, ...], merges: Merges, sheet: Sheet) -> tuple[Row, ...]:
    names = tuple(column.col for column in columns if column.role == "label")
    heads = tuple(column.labels[-1] if column.labels else "" for column in columns if column.role == "label")
    spare = tuple(column.col for column in columns if column.role in ("serial", "code"))
    unit_column = next((column.col for column in columns if column.role == "unit"), None)
    covered = list(row_labels(body, merges, names, spare))
    periods = with_years((period_of_row(labels, heads) for labels in covered), under_years=True)
    wordy = frozenset(column.col for column in columns if column.role != "number")
    rows: list[Row] = []
    for line, held, labels, period in zip(body, held_cells(body, merges, wordy), covered, periods, strict=True):
        if is_note(line):
            continue
        unit_cell = _in_column(unit_column, line.cells, held) if unit_column is not None else None
        unit, ratio = unit_of_row(labels, unit_cell)
        kind = kind_of_row(labels)
        hidden = line.row in sheet.hidden_rows
        rows.append(Row(line.row, labels, line.cells, held, unit, period, ratio, kind, hidden))
    return tuple(rows)
