"""The rows of a body: their names, also under vertical merges, and what kind of row each is."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from xiangning_zyz.intake.grid import GridCell
from xiangning_zyz.intake.tables.lines import Line, Merges, label_of, sort_of
from xiangning_zyz.intake.tables.model import TOTAL_WORDS

_PART = re.compile(r"(?:[（(]?[0-9一二三四五六七八九十]+[）)、.．])?(?:其中|#|＃|★#)")
_NOT_CARRIED = (0, None)
_REGIONS = re.compile(r"全[国省市县区镇乡]|全部|总数")


def row_labels(
    body: tuple[Line, ...], merges: Merges, columns: tuple[int, ...], spare: tuple[int, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """The names of each row by its label *columns*, left to right, a merged name once.

    A row that has none there takes the words in a *spare* column (合计 typed under 序号).
    """
    carried: dict[int, tuple[int, GridCell | None]] = {}  # column → (last row it holds for, cell)
    repeats = _leaves_blank_what_repeats(body, merges, columns)
    first: GridCell | None = None
    last = max((*columns, *spare), default=0)
    for line in body:
        here = _up_to(last, line)
        for span in merges.by_top.get(line.row, ()):
            for col in columns:
                if span.left <= col <= span.right:
                    carried[col] = (span.bottom, here.get(span.left))
        names: list[str] = []
        for position, col in enumerate(columns):
            bottom, held = carried.get(col, _NOT_CARRIED)
            named = held if line.row <= bottom else here.get(col)
            if repeats and position == 0:
                first = named = named or first
            if named is not None and (label := label_of(named)) not in names[-1:]:
                names.append(label)
        if not names:
            others = (here[col] for col in spare if col in here)
            names = [label_of(cell) for cell in others if sort_of(cell) == "words"][:1]
        yield tuple(names)


def _up_to(last: int, line: Line) -> dict[int, GridCell]:
    """The cells of a line up to the column *last*."""
    cells: dict[int, GridCell] = {}
    for cell in line.cells:
        if cell.col > last:
            break
        cells[cell.col] = cell
    return cells


def held_cells(body: tuple[Line, ...], merges: Merges, columns: frozenset[int]) -> Iterator[tuple[GridCell, ...]]:
    """For each row, the cells of *columns* that are merged down over it from a row above."""
    holding: list[tuple[int, GridCell]] = []  # (last row, cell)
    for line in body:
        holding = [(bottom, cell) for bottom, cell in holding if bottom >= line.row]
        yield tuple(cell for _, cell in holding)
        if line.row in merges.by_top:
            spans = [(merges.span(cell).bottom, cell) for cell in line.cells if cell.col in columns]
            holding += [(bottom, cell) for bottom, cell in spans if bottom > line.row]


@lru_cache(maxsize=4096)
def kind_of_row(labels: tuple[str, ...]) -> Literal["", "total", "part"]:
    """Whether a row is a total, or a part that a row above already contains."""
    if any(_PART.match(label) for label in labels):
        return "part"
    last = labels[-1] if labels else ""
    return "total" if any(word in last for word in TOTAL_WORDS) or _REGIONS.fullmatch(last) else ""


def _leaves_blank_what_repeats(body: tuple[Line, ...], merges: Merges, columns: tuple[int, ...]) -> bool:
    """Whether the first name stands once over the rows it holds for, on a sheet without merges (2023年, 5月, 6月)."""
    if len(columns) < 2 or merges.at:
        return False
    first, second = columns[:2]
    both = alone = 0
    for line in body:
        held = {cell.col for cell in line.cells}
        if first in held and second not in held:
            return False
        both += first in held
        alone += first not in held and second in held
    return 0 < both <= alone
