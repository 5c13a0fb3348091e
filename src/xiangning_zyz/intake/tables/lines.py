"""The rows of a sheet that hold something, and what each cell is to the layout: number, mark or words."""

import re
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

from xiangning_zyz.intake.grid import GridCell, Sheet, Span
from xiangning_zyz.intake.numerals import Number, read_number
from xiangning_zyz.intake.periods import said
from xiangning_zyz.intake.tables.split_periods import joined

Sort = Literal["number", "rough", "mark", "date", "words"]

_ROW = itemgetter(0)  # of a cell, whose order is by row and column
_LONGEST_FIGURE = 60
_LONGEST_ROUGH = 16  # characters: more than a figure with a word about it
_DIGIT = re.compile(r"[0-9０-９]")
_NUMERALS = re.compile(r"[〇零一二三四五六七八九十百千万亿两点半成约近余多壹贰叁肆伍陆柒捌玖拾佰仟个户元人家]{2,}")
_PERIODIC = re.compile("[年月日季旬QqHh]")
_ROUGH = re.compile(r"[0-9０-９约近超逾达上大不≥≤<>＜＞＋+－-]")
_ASIDE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?%?[（(]-?[0-9]+(?:\.[0-9]+)?%?[）)]")  # 5.4（5.3）: two rates in one cell
_MARK = re.compile(r"[-—–－―/／\\*×…\.·~～]+|无|暂无|不适用|缺|N/?A", re.IGNORECASE)


class Line(NamedTuple):
    """One row with something in it; blanks typed as spaces are nothing."""

    row: int
    cells: tuple[GridCell, ...]  # left to right
    sorts: tuple[Sort, ...]  # of each cell, asked for many times


class Merges(NamedTuple):
    """The merges of a sheet, by where they begin."""

    at: dict[tuple[int, int], Span]
    by_top: dict[int, tuple[Span, ...]]

    def span(self, cell: GridCell) -> Span:
        """The rectangle a cell covers: its merge, or itself."""
        return self.at.get((cell.row, cell.col)) or Span(cell.row, cell.col, cell.row, cell.col)


def lines_of(sheet: Sheet) -> tuple[Line, ...]:
    """The lines of a sheet, top to bottom."""
    cells = sorted(cell for cell in sheet.cells.values() if cell.kind != "text" or cell.text.strip())
    return tuple(line_of(row, joined(tuple(of_row))) for row, of_row in groupby(cells, _ROW))


def line_of(row: int, cells: tuple[GridCell, ...]) -> Line:
    """The line of these cells."""
    # Most cells are numbers: they are told apart here, without a call for each.
    return Line(row, cells, tuple(["number" if cell.kind == "number" else sort_of(cell) for cell in cells]))


def merges_of(sheet: Sheet) -> Merges:
    """The merges of a sheet, indexed."""
    by_top: dict[int, list[Span]] = {}
    for span in sheet.merges:
        by_top.setdefault(span.top, []).append(span)
    return Merges(
        {(span.top, span.left): span for span in sheet.merges}, {row: tuple(spans) for row, spans in by_top.items()}
    )


def within(line: Line, left: int, right: int) -> Line:
    """The part of a line between two columns."""
    return line_of(line.row, tuple(cell for cell in line.cells if left <= cell.col <= right))


def label_text(text: str) -> str:
    """A label as it is reported: without any white space, otherwise as typed."""
    return "".join(text.split())


def label_of(cell: GridCell) -> str:
    """A cell as a label, as it is shown: with the words of its number style, a month without its day."""
    if cell.kind == "text":
        return "".join(cell.text.split())
    if cell.kind == "date" and not cell.day:
        return f"{cell.text[:4]}年{int(cell.text[5:7])}月"
    return label_text(cell.text + cell.suffix)


def sort_of(cell: GridCell) -> Sort:
    """What a cell is to the layout.

    `number` includes errors and formulas that were never calculated, for a number is due there;
    `rough` is a figure that is none (约60, 5-6, 5.4（5.3）, 七亿): it makes a column numeric, but no row a body row.
    """
    if cell.kind == "number":
        return "number"
    if cell.kind == "text":
        return _text_sort(cell.text) if len(cell.text) <= _LONGEST_FIGURE else "words"
    if cell.kind in ("date", "time"):
        return "date"
    return "words" if cell.kind == "bool" else "number"


def holds_values(line: Line) -> bool:
    """Whether a number stands in the line."""
    return "number" in line.sorts


def words_of(line: Line) -> tuple[GridCell, ...]:
    """The cells of a line that are neither numbers, marks nor dates."""
    return tuple(cell for cell, sort in zip(line.cells, line.sorts, strict=True) if sort in ("words", "rough"))


@lru_cache(maxsize=1 << 14)
def _text_sort(text: str) -> Sort:
    squeezed = label_text(text)
    if not _DIGIT.search(squeezed):
        if _MARK.fullmatch(squeezed):
            return "mark"
        return "rough" if _NUMERALS.fullmatch(squeezed) and _is_figure(squeezed) else "words"
    read = read_number(text)
    if isinstance(read, Number):
        return "words" if _PERIODIC.search(squeezed) and said(text) is not None else "number"
    if read.why in ("approximate", "bounded", "range") and _ROUGH.match(squeezed) and len(squeezed) <= _LONGEST_ROUGH:
        return "words" if said(text) is not None else "rough"
    if read.why in ("blank", "tiny"):
        return "mark"
    return "rough" if _ASIDE.fullmatch(squeezed) else "words"


def _is_figure(text: str) -> bool:
    read = read_number(text)
    return isinstance(read, Number) or read.why in ("approximate", "bounded")
