"""Frames back into books: the parent's side of `packing.py`.

A book of ordinary size becomes plain dictionaries at once. A large one keeps its rows packed
(about 10 bytes a cell instead of 500) and makes cells when asked.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from decimal import Decimal
from functools import lru_cache
from itertools import chain, repeat
from sys import intern
from typing import Any, cast

from xiangning_zyz.intake.grid import Book, CellKind, GridCell, Sheet, Span
from xiangning_zyz.intake.reading.packing import BETWEEN_TEXTS, Look, Shape
from xiangning_zyz.problem import Problem

CELLS_AT_ONCE = 50_000  # books up to this size are unpacked whole

Key = tuple[int, int]
Cells = dict[Key, GridCell]
Covers = dict[int, list[Span]]  # by row: the merges that reach into it


def failure(payload: bytes) -> Problem:
    """The problem of an `F` frame."""
    return Problem(*json.loads(payload))


def book(payload: bytes, blobs: list[bytes], file: str, sha256: str) -> Book:
    """The book of a `B` frame and the `R` frames before it."""
    sent = json.loads(payload)
    # One `number` for all books: comparing a cell's kind is then a look at two addresses.
    looks = [Look(cast("CellKind", intern(kind)), *more) for kind, *more in sent["looks"]]
    whole = sum(cells for sheet in sent["sheets"] for _, cells in sheet["blobs"]) <= CELLS_AT_ONCE
    sheets = []
    at = 0
    for sheet in sent["sheets"]:
        upto = at + len(sheet["blobs"])
        sheets.append(_sheet(sheet, blobs[at:upto], looks, whole=whole))
        at = upto
    problems = tuple(Problem(*problem) for problem in sent["problems"])
    return Book(file, sha256, sent["container"], tuple(sheets), tuple(sent["blind"]), problems)


def _sheet(sent: dict[str, Any], blobs: list[bytes], looks: list[Look], *, whole: bool) -> Sheet:
    merges = tuple(Span(*merge) for merge in sent["merges"])
    cells = PackedCells(blobs, sent["blobs"], looks, _covers(merges, sent["last_row"]))
    return Sheet(
        name=sent["name"],
        hidden=sent["hidden"],
        cells=cells.unpacked() if whole else cells,
        merges=merges,
        hidden_rows=frozenset(sent["hidden_rows"]),
        hidden_columns=frozenset(sent["hidden_columns"]),
        pictures=sent["pictures"],
    )


class PackedCells(Mapping[Key, GridCell]):
    """The cells of one large sheet by (row, column), in ascending order, made when asked for.

    Going through them in order is cheap; jumping about makes a thousand cells each time.
    """

    def __init__(self, blobs: list[bytes], index: list[tuple[int, int]], looks: list[Look], covers: Covers) -> None:
        self._blobs = blobs
        self._firsts = [first for first, _ in index]
        self._counts = [cells for _, cells in index]  # with those covered by merges
        self._looks = looks
        self._covers = covers
        self._part = lru_cache(maxsize=8)(self._unpack)

    def unpacked(self) -> Cells:
        """All cells as one dictionary."""
        cells: Cells = {}
        for at in range(len(self._blobs)):
            part = self._unpack(at)
            if cells:
                cells |= part
            else:
                cells = part
        return cells

    def parts(self) -> Iterator[Cells]:
        """All cells, about a thousand at a time, none of them kept."""
        return map(self._unpack, range(len(self._blobs)))

    def __getitem__(self, key: Key) -> GridCell:
        at = self._holding(key[0])
        if at < 0:
            raise KeyError(key)
        return self._part(at)[key]

    def __iter__(self) -> Iterator[Key]:
        for part in self.parts():
            yield from part

    def __len__(self) -> int:
        merged = {at for at in map(self._holding, self._covers) if at >= 0}
        return sum(self._counts) - sum(self._counts[at] - len(self._part(at)) for at in merged)

    def values(self) -> ValuesView[GridCell]:
        return _Values(self)

    def items(self) -> ItemsView[Key, GridCell]:
        return _Items(self)

    def _holding(self, row: int) -> int:
        return bisect_right(self._firsts, row) - 1

    def _unpack(self, at: int) -> Cells:
        rows, row_shapes, shapes, texts = json.loads(self._blobs[at])
        if isinstance(texts, str):
            texts = texts.split(BETWEEN_TEXTS)
        if any(len(columns) != len(looks) for columns, looks in shapes):
            raise ValueError("a shape contradicts itself")
        return _cells(rows, [shapes[shape] for shape in row_shapes], texts, self._looks, self._covers)


class _Values(ValuesView[GridCell]):
    def __init__(self, cells: PackedCells) -> None:
        super().__init__(cells)
        self._cells = cells

    def __iter__(self) -> Iterator[GridCell]:
        for part in self._cells.parts():
            yield from part.values()


class _Items(ItemsView[Key, GridCell]):
    def __init__(self, cells: PackedCells) -> None:
        super().__init__(cells)
        self._cells = cells

    def __iter__(self) -> Iterator[tuple[Key, GridCell]]:
        for part in self._cells.parts():
            yield from part.items()


def _cells(rows: list[int], shapes: list[Shape], texts: list[str], looks: list[Look], covers: Covers) -> Cells:
    """The cells of whole rows, given each row's shape and all texts in turn.

    Columns of values are made and then zipped: that leaves the work on each cell to the interpreter's
    own loops. A child that was taken over may announce more cells than it sends.
    """
    sizes = [len(columns) for columns, _ in shapes]
    if sum(sizes) != len(texts) or len(rows) != len(shapes):
        raise ValueError("the blob contradicts itself")
    of_rows = list(chain.from_iterable(map(repeat, rows, sizes)))
    columns = list(chain.from_iterable(columns for columns, _ in shapes))
    of_looks = chain.from_iterable(looks for _, looks in shapes)
    kinds, percents, formulas, suffixes, days = zip(*map(looks.__getitem__, of_looks), strict=True)
    numbers = [
        Decimal(text[:-1] if percent else text) if kind == "number" else None
        for text, kind, percent in zip(texts, kinds, percents, strict=True)
    ]
    values = zip(of_rows, columns, kinds, texts, numbers, percents, formulas, suffixes, days, strict=True)
    # A named tuple's own `__new__` takes 40 % longer.
    cells = dict(zip(zip(of_rows, columns, strict=True), map(tuple.__new__, repeat(GridCell), values), strict=True))
    for row, (across, _) in zip(rows, shapes, strict=True):
        if row in covers:
            for column in _covered(row, across[-1], covers[row]):
                cells.pop((row, column), None)
    return cells


def _covers(merges: tuple[Span, ...], last_row: int) -> Covers:
    covers: Covers = defaultdict(list)
    for span in merges:
        for row in range(span.top, min(span.bottom, last_row) + 1):
            covers[row].append(span)
    return covers


def _covered(row: int, last_column: int, spans: list[Span]) -> set[int]:
    """The columns of *row* that merges hide: all of a merge but its top-left cell."""
    columns: set[int] = set()
    for span in spans:
        columns.update(range(span.left + (row == span.top), min(span.right, last_column) + 1))
    return columns
