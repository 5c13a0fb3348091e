"""Header paths: the words over a column, level by level, merged words once."""

from xiangning_zyz.intake.grid import GridCell
from xiangning_zyz.intake.tables.headings import Heading
from xiangning_zyz.intake.tables.lines import Merges, label_of

Path = tuple[GridCell, ...]
_Over = dict[tuple[int, int], GridCell]


def paths_of(heading: Heading, merges: Merges, columns: range) -> dict[int, Path]:
    """The heading cells over each of *columns*, top to bottom; a merged cell counts for all it covers."""
    rows = [level.row for level in heading.levels]
    over: _Over = {}
    for level in heading.levels:
        for cell in level.cells:
            span = merges.span(cell)
            for row in rows:
                if span.top <= row <= span.bottom:
                    for col in range(max(span.left, columns.start), min(span.right, columns.stop - 1) + 1):
                        over[row, col] = cell
    if not any(merges.by_top.get(row) for row in rows):
        over |= _spread(over, rows, columns)
    return {col: _path([over.get((row, col)) for row in rows]) for col in columns}


def labels_of(path: Path) -> tuple[str, ...]:
    """The labels of a path, without white space."""
    return tuple(map(label_of, path))


def _path(cells: list[GridCell | None]) -> Path:
    path: list[GridCell] = []
    for cell in cells:
        if cell is not None and not (path and label_of(path[-1]) == label_of(cell)):
            path.append(cell)
    return tuple(path)


def _spread(over: _Over, rows: list[int], columns: range) -> _Over:
    """Group words spread to the right over blank cells, where a heading knows no merges (csv, pasted values).

    Only a cell with words beneath is a group, and only a column with words beneath can belong to one.
    """
    spread: _Over = {}
    for position, row in enumerate(rows[:-1]):
        group: GridCell | None = None
        for col in columns:
            deeper = any((lower, col) in over for lower in rows[position + 1 :])
            if (row, col) in over:
                group = over[row, col] if deeper else None
            elif group is not None and deeper:
                spread[row, col] = group
            else:
                group = None
    return spread
