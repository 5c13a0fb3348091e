"""A table with a heading: its columns, the rows' names, and what each states about unit and period."""

from typing import NamedTuple

from xiangning_zyz.intake.grid import GridCell, Sheet
from xiangning_zyz.intake.tables.columns import Tally, label_columns, misplaced, probed, roles_of, tallies_of
from xiangning_zyz.intake.tables.form_lines import is_note
from xiangning_zyz.intake.tables.headings import Heading
from xiangning_zyz.intake.tables.lines import Line, Merges, within
from xiangning_zyz.intake.tables.model import Column, Row
from xiangning_zyz.intake.tables.paths import Path, labels_of, paths_of
from xiangning_zyz.intake.tables.rows import kind_of_row, row_labels
from xiangning_zyz.intake.tables.stated_periods import leaning_on, period_of_row, periods_of_columns, with_years
from xiangning_zyz.intake.tables.stated_units import unit_of_path, unit_of_row


class Headed(NamedTuple):
    """Columns and rows of a table with a heading; empty rows when the form is not filled in."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def headed_parts(heading: Heading, body: tuple[Line, ...], merges: Merges, sheet: Sheet) -> tuple[Headed, ...]:
    """The table under a heading; two or more where the heading repeats itself to the right (地区 产值 地区 产值)."""
    tallies = tallies_of(probed(body))
    heads = _heads(heading, merges, tallies)
    starts = _folds(heads, tallies)
    parts: list[Headed] = []
    for start, end in zip(starts, [*(start - 1 for start in starts[1:]), max(heads)], strict=True):
        inside = {col: path for col, path in heads.items() if start <= col <= end}
        lines = body if len(starts) == 1 else tuple(within(line, start, end) for line in body)
        parts.append(_part(heading, inside, tuple(line for line in lines if line.cells), merges, sheet))
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
    return [first, *(col for col in again if col in tallies and 2 * tallies[col].words > tallies[col].filled)]


def _part(heading: Heading, paths: dict[int, Path], body: tuple[Line, ...], merges: Merges, sheet: Sheet) -> Headed:
    heads = {col: labels_of(path) for col, path in paths.items()}
    below = {cell.col: cell for cell in heading.units.cells} if heading.units else {}
    units = {col: unit_of_path(labels, below.get(col)) for col, labels in heads.items()}
    sample = probed(body)
    tallies = tallies_of(sample)
    roles = roles_of(heads, tallies, stated=frozenset(col for col, (unit, _) in units.items() if unit))

    def distinct(columns: tuple[int, ...]) -> int:
        return len(set(row_labels(sample, merges, columns)))

    roles |= dict.fromkeys(label_columns(heads, roles, distinct, len(sample)), "label")
    numeric = [col for col, role in roles.items() if role == "number"]
    periods = periods_of_columns(heads, numeric)
    columns = tuple(
        Column(
            col=col,
            labels=labels,
            role=roles[col],
            unit=units[col][0],
            period=periods[col],
            leans_on=leaning_on(periods, numeric, col) if units[col][1] and periods[col] is None else None,
            ratio=units[col][1],
            hidden=col in sheet.hidden_columns,
            misplaced=misplaced(roles[col], units[col][0], tallies.get(col)),
        )
        for col, labels in heads.items()
    )
    return Headed(columns, _rows(columns, body, merges, sheet))


def _rows(columns: tuple[Column, ...], body: tuple[Line, ...], merges: Merges, sheet: Sheet) -> tuple[Row, ...]:
    names = tuple(column.col for column in columns if column.role == "label")
    heads = tuple(column.labels[-1] if column.labels else "" for column in columns if column.role == "label")
    spare = tuple(column.col for column in columns if column.role in ("serial", "code"))
    unit_column = next((column.col for column in columns if column.role == "unit"), None)
    covered = list(row_labels(body, merges, names, spare))
    periods = with_years((period_of_row(labels, heads) for labels in covered), under_years=True)
    unit_cells = _unit_cells(body, merges, unit_column)
    rows: list[Row] = []
    for line, labels, unit_cell, period in zip(body, covered, unit_cells, periods, strict=True):
        if is_note(line):
            continue
        unit, ratio = unit_of_row(labels, unit_cell)
        kind = kind_of_row(labels)
        rows.append(Row(line.row, labels, line.cells, unit, period, ratio, kind, line.row in sheet.hidden_rows))
    return tuple(rows)


def _unit_cells(body: tuple[Line, ...], merges: Merges, column: int | None) -> list[GridCell | None]:
    """The cell of the unit column that holds for each line."""
    found: list[GridCell | None] = []
    last, held = 0, None
    for line in body:
        cell = next((cell for cell in line.cells if cell.col == column), None) if column else None
        if cell is not None:
            last, held = merges.span(cell).bottom, cell
        found.append(held if line.row <= last else None)
    return found
