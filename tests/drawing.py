"""Sheets drawn as text, so that a test shows its form.

A row per line, cells between bars. `<` belongs to the cell on its left, `^` to the cell above (a merge);
plain decimals are numbers, `9.69%` is a number in percent style, `'39211` is text, `#DIV/0!` an error,
`=A1` a formula never calculated, `2024-06-30` a date; all else is text. `''` keeps the blanks around: `'  其中'`.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from xiangning_zyz.figure import plain
from xiangning_zyz.intake.cells import cells_of
from xiangning_zyz.intake.grid import GridCell, Sheet, Span
from xiangning_zyz.intake.periods import label
from xiangning_zyz.intake.tables import find_tables, values_of

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?%?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def drawn(
    form: str,
    name: str = "Sheet1",
    *,
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[int] = (),
    pictures: int = 0,
) -> Sheet:
    """The sheet that *form* draws; its first line with a bar is row 1. A line `|` is a blank row."""
    rows = [line.strip().strip("|").split("|") for line in form.splitlines() if line.strip().startswith("|")]
    marks = {(row, col): text.strip() for row, cells in enumerate(rows, 1) for col, text in enumerate(cells, 1)}
    corners = {place: _corner(marks, *place) for place in marks}
    cells = {place: cell for place, text in marks.items() if (cell := _cell(*place, text)) is not None}
    return Sheet(
        name=name,
        hidden=False,
        cells=cells_of(cells.values()),
        merges=tuple(_merges(corners)),
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        pictures=pictures,
    )


def _corner(marks: dict[tuple[int, int], str], row: int, col: int) -> tuple[int, int]:
    while marks[row, col] in ("<", "^"):
        row, col = (row, col - 1) if marks[row, col] == "<" else (row - 1, col)
    return row, col


def _merges(corners: dict[tuple[int, int], tuple[int, int]]) -> Iterable[Span]:
    for corner in dict.fromkeys(corners.values()):
        covered = [place for place, its in corners.items() if its == corner]
        if len(covered) > 1:
            bottom, right = max(row for row, _ in covered), max(col for _, col in covered)
            yield Span(*corner, bottom, right)


def _cell(row: int, col: int, text: str) -> GridCell | None:
    if text in ("", "<", "^"):
        return None
    if text.startswith("'"):
        return GridCell(row, col, "text", text[1:].removesuffix("'"), None)
    if _NUMBER.fullmatch(text):
        return GridCell(row, col, "number", text, Decimal(text.rstrip("%")), percent=text.endswith("%"))
    if text.startswith("#") and text.endswith(("!", "?", "/A")):
        return GridCell(row, col, "error", text, None, formula=True)
    if text.startswith("="):
        return GridCell(row, col, "uncalculated", text, None, formula=True)
    return GridCell(row, col, "date" if _DATE.fullmatch(text) else "text", text, None)


class Seen(NamedTuple):
    """What was read of one cell."""

    row: str
    column: str
    value: str | None
    unit: str | None
    period: str | None


def seen(sheet: Sheet, file: str = "报表.xlsx") -> dict[str, Seen]:
    """Every value of a sheet by its cell."""
    return {
        value.ref: Seen(
            value.row_label,
            value.column_label,
            None if value.number is None else plain(value.number),
            value.unit.name if value.unit else None,
            label(value.period),
        )
        for table in find_tables(sheet, file).tables
        for value in values_of(table)
    }
