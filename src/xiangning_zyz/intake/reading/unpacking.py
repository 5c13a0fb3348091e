"""Frames back into books: the parent's side of `packing.py`.

A book of ordinary size becomes plain dictionaries at once. A large one keeps its rows packed
(about 10 bytes a cell instead of 500) and makes cells when asked.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import Any, cast

from xiangning_zyz.intake.grid import Book, CellKind, GridCell, Sheet, Span
from xiangning_zyz.intake.reading.packing import BETWEEN_TEXTS, Look, Rows
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
    return book_of(json.loads(payload), blobs, file, sha256)


def book_of(sent: dict[str, Any], blobs: Sequence[bytes | Rows], file: str, sha256: str) -> Book:
    """The book that a packer sent, whose rows are packed or not."""
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


def _sheet(sent: dict[str, Any], blobs: Sequence[bytes | Rows], looks: list[Look], *, whole: bool) -> Sheet:
    merges = tuple(Span(*merge) for merge in sent["merges"])
    covers = _covers(merges, sent["last_row"])
    return Sheet(
        name=sent["name"],
        hidden=sent["hidden"],
        cells=_whole(blobs, looks, covers) if whole else PackedCells(blobs, sent["blobs"], looks, covers),
        merges=merges,
        hidden_rows=frozenset(sent["hidden_rows"]),
        hidden_columns=frozenset(sent["hidden_columns"]),
        pictures=sent["pictures"],
    )


def _whole(blobs: Sequence[bytes | Rows], looks: list[Look], covers: Covers) -> Cells:
    """All cells as one dictionary."""
    parts = [_unpacked(blob, looks, covers) for blob in blobs]
    cells = parts[0] if parts else {}
    for part in parts[1:]:
        cells |= part
    return cells


class PackedCells(Mapping[Key, GridCell]):
    """The cells of one large sheet by (row, column), in ascending order, made when asked for.

    Going through them in order is cheap; jumping about makes a thousand cells each time.
    """

    def __init__(
        self, blobs: Sequence[bytes | Rows], index: list[tuple[int, int]], looks: list[Look], covers: Covers
    ) -> None:
        self._blobs = blobs
        self._firsts = [first for first, _ in index]
        self._counts = [cells for _, cells in index]  # with those covered by merges
        self._looks = looks
        self._covers = covers
        # Not a method of this object: it would hold itself, and all it has, until the collector comes.
        self._part = lru_cache(maxsize=8)(lambda at: _unpacked(blobs[at], looks, covers))

    def parts(self) -> Iterator[Cells]:
        """All cells, about a thousand at a time, none of them kept."""
        return (_unpacked(blob, self._looks, self._covers) for blob in self._blobs)

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


def _unpacked(blob: bytes | Rows, looks: list[Look], covers: Covers) -> Cells:
    rows, row_shapes, shapes, texts = blob[1:] if isinstance(blob, Rows) else json.loads(blob)
    if isinstance(texts, str):
        texts = texts.split(BETWEEN_TEXTS)
    if any(len(columns) != len(numbers) for columns, numbers in shapes):
        raise ValueError("a shape contradicts itself")
    # A child that was taken over may announce more cells than it sends.
    if not texts or len(rows) != len(row_shapes) or sum(len(shapes[shape][0]) for shape in row_shapes) != len(texts):
        raise ValueError("the blob contradicts itself")
    looked_up = [(columns, [looks[number] for number in numbers]) for columns, numbers in shapes]
    return _cells(rows, [looked_up[shape] for shape in row_shapes], texts, covers)


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


def _cells(
    rows: list[int], shapes: list[tuple[Sequence[int], list[Look]]], texts: Iterable[str], covers: Covers
) -> Cells:
    """The cells of whole rows, given each row's columns and looks, and all texts in turn."""
    cells: Cells = {}
    made = tuple.__new__  # a named tuple's own `__new__` takes 40 % longer
    left = iter(texts)
    for row, (columns, looks) in zip(rows, shapes, strict=True):
        # Not strict: the texts go on in the next row.
        for column, (kind, percent, formula, suffix, day), text in zip(columns, looks, left):  # noqa: B905 - see above
            number = None if kind != "number" else Decimal(text[:-1] if percent else text)
            values = (row, column, kind, text, number, percent, formula, suffix, day)
            cells[row, column] = made(GridCell, values)
        if row in covers:
            for column in _covered(row, columns[-1], covers[row]):
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
