"""A sheet's XML with some cells on coloured ground; rows and cells that are missing are put in.

Rows and cells without `r` count on from the one before, as readers do.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from xiangning_zyz.problem import Severity
from xiangning_zyz.report.returned.markup import (
    Edit,
    Element,
    NotPatchable,
    grown,
    outline,
    prefix,
    whole,
    with_attributes,
    with_prefix,
)

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})(?::.*)?")
_YES = ("1", "true")

Marked = Callable[[int, Severity], int]  # a style's index → that of its coloured twin


class Place(NamedTuple):
    """A cell by row and column, from 1."""

    row: int
    col: int


def place(reference: str) -> Place | None:
    """The cell that `D7`, `$D$7` or the corner of `D7:E9` names; None if it names none."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    found = Place(int(match[2]), column)
    return found if found.row <= MOST_ROWS and column <= MOST_COLUMNS else None


def reference(at: Place) -> str:
    """The A1 reference: (7, 4) → `D7`."""
    return f"{_letters(at.col)}{at.row}"


@lru_cache(maxsize=MOST_COLUMNS)
def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Worksheet(NamedTuple):
    """A sheet's part, its XML, and where the elements stand in it."""

    part: str
    data: bytes
    root: Element
    body: Element  # <sheetData>

    @property
    def prefix(self) -> str:
        return prefix(self.data, self.root.start)


def worksheet(part: str, data: bytes, rows: Collection[int]) -> Worksheet:
    """The outline of a sheet, with the cells of *rows* only; NotPatchable for a chart sheet and the like."""
    last = 0

    def folded(name: str, attributes: Mapping[str, str]) -> bool:
        nonlocal last
        if name != "row":
            return name == "c"
        last = _row_number(attributes, last)
        return last not in rows

    root = outline(data, folded)
    body = root.child("sheetData")
    if root.name != "worksheet" or body is None:
        raise NotPatchable(f"{part} is not a worksheet")
    return Worksheet(part, data, root, body)


def paint(sheet: Worksheet, cells: Mapping[Place, Severity], marked: Marked) -> list[Edit]:
    """The edits that colour *cells*, whose rows *sheet* must have been read with."""
    painter = _Painter(sheet.prefix, _column_styles(sheet.root), cells, marked)
    by_row: dict[int, list[int]] = {}
    for at in sorted(cells):
        by_row.setdefault(at.row, []).append(at.col)
    edits: list[Edit] = []
    last = b""
    for number, row, before in _matched(_numbered_rows(sheet.body), by_row):
        if row:
            edits += painter.row_edits(sheet.data, row, number, by_row[number])
        elif before:
            edits.append(Edit(before.start, before.start, painter.new_row(number, by_row[number])))
        else:
            last += painter.new_row(number, by_row[number])
    return edits + (grown(sheet.data, sheet.body, last) if last else [])


class _Painter(NamedTuple):
    """What every cell of one sheet needs to be coloured."""

    prefix: str
    column_styles: list[tuple[range, int]]
    cells: Mapping[Place, Severity]
    marked: Marked

    def row_edits(self, data: bytes, row: Element, number: int, columns: list[int]) -> list[Edit]:
        """Colour cells of a row that is there."""
        edits: list[Edit] = []
        last = b""
        row_style = row.attributes.get("s") if row.attributes.get("customFormat") in _YES else None
        for column, cell, before in _matched(_numbered_cells(row), columns):
            at = Place(number, column)
            if cell:
                style = self.marked(whole(cell.attributes.get("s", "0")), self.cells[at])
                tag = with_attributes(data[cell.start : cell.inner], {"s": str(style)})
                edits.append(Edit(cell.start, cell.inner, tag))
            elif before:
                edits.append(Edit(before.start, before.start, self.new_cell(at, row_style)))
            else:
                last += self.new_cell(at, row_style)
        if last or any(edit.start == edit.end for edit in edits):
            edits += grown(data, row, last, {"spans": None})  # a hint to readers that may now be wrong
        return edits

    def new_row(self, number: int, columns: list[int]) -> bytes:
        cells = b"".join(self.new_cell(Place(number, column)) for column in columns)
        return with_prefix(f'<row r="{number}">', self.prefix) + cells + with_prefix("</row>", self.prefix)

    def new_cell(self, at: Place, row_style: str | None = None) -> bytes:
        """An empty cell that looks as its row or column would have it, coloured."""
        base = next((style for columns, style in self.column_styles if at.col in columns), 0)
        style = self.marked(whole(row_style) if row_style else base, self.cells[at])
        return with_prefix(f'<c r="{reference(at)}" s="{style}"/>', self.prefix)


def _matched(
    numbered: list[tuple[int, Element]], wanted: Iterable[int]
) -> list[tuple[int, Element | None, Element | None]]:
    """Each wanted number with its element, or else with the one it belongs before (None: the end)."""
    numbers = [number for number, _ in numbered]
    if any(one >= other for one, other in pairwise(numbers)):
        raise NotPatchable("rows or cells out of order")
    found: list[tuple[int, Element | None, Element | None]] = []
    for number in wanted:
        index = bisect_left(numbers, number)
        after = numbered[index][1] if index < len(numbers) else None
        is_there = index < len(numbers) and numbers[index] == number
        found.append((number, after if is_there else None, None if is_there else after))
    return found


def _numbered_rows(body: Element) -> list[tuple[int, Element]]:
    numbered, last = [], 0
    for row in body.named("row"):
        last = _row_number(row.attributes, last)
        numbered.append((last, row))
    return numbered


def _numbered_cells(row: Element) -> list[tuple[int, Element]]:
    numbered, last = [], 0
    for cell in row.named("c"):
        at = place(cell.attributes["r"]) if "r" in cell.attributes else Place(0, last + 1)
        if at is None:
            raise NotPatchable(f"cell {cell.attributes['r']}")
        last = at.col
        numbered.append((last, cell))
    return numbered


def _row_number(attributes: Mapping[str, str], last: int) -> int:
    return whole(attributes["r"]) if "r" in attributes else last + 1


def _column_styles(sheet: Element) -> list[tuple[range, int]]:
    columns = sheet.child("cols")
    return [
        (range(whole(column.get("min", "1")), whole(column.get("max", "1")) + 1), whole(column.get("style", "0")))
        for column in (child.attributes for child in (columns.children if columns else []))
    ]
