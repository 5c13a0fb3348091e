"""Frames back into books: the parent's side of `packing.py`.

A book of ordinary size is unpacked at once. A large one keeps its rows packed (about 10 bytes a cell) and
unpacks a thousand cells at a time when asked.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple, cast

from xiangning_zyz.intake.cells import SMALL, Cells, Items, Key, Look, Structure, Values
from xiangning_zyz.intake.grid import Book, CellKind, GridCell, Sheet, Span
from xiangning_zyz.intake.reading.packing import BETWEEN_TEXTS, Rows, Shape
from xiangning_zyz.problem import Problem

CELLS_AT_ONCE = 50_000  # books up to this size are unpacked whole

_STRUCTURES = 128  # that are remembered, of 100 kB or so


Covers = dict[int, list[Span]]  # by row: the merges that reach into it


class _Laid(NamedTuple):
    """Where the rows of a blob, or of several, say that cells are: all but their texts."""

    rows: tuple[int, ...]
    row_shapes: tuple[int, ...]
    shapes: tuple[Shape, ...]


class _Made(NamedTuple):
    """A structure, and the numbers of the texts that are its cells', if merges cover others."""

    structure: Structure
    kept: tuple[int, ...] | None


def failure(payload: bytes) -> Problem:
    """The problem of an `F` frame."""
    return Problem(*json.loads(payload))


def book(payload: bytes, blobs: list[bytes], file: str, sha256: str) -> Book:
    """The book of a `B` frame and the `R` frames before it."""
    return book_of(json.loads(payload), blobs, file, sha256)


def book_of(sent: dict[str, Any], blobs: Sequence[bytes | Rows], file: str, sha256: str) -> Book:
    """The book that a packer sent, whose rows are packed or not."""
    # One `number` for all books: comparing a cell's kind is then a look at two addresses.
    looks = tuple([Look(cast("CellKind", intern(kind)), *more) for kind, *more in sent["looks"]])
    whole = sum(cells for sheet in sent["sheets"] for _, cells in sheet["blobs"]) <= CELLS_AT_ONCE
    sheets = []
    at = 0
    for sheet in sent["sheets"]:
        upto = at + len(sheet["blobs"])
        sheets.append(_sheet(sheet, blobs[at:upto], looks, whole=whole))
        at = upto
    problems = tuple(Problem(*problem) for problem in sent["problems"])
    return Book(file, sha256, sent["container"], tuple(sheets), tuple(sent["blind"]), problems)


def _sheet(sent: dict[str, Any], blobs: Sequence[bytes | Rows], looks: tuple[Look, ...], *, whole: bool) -> Sheet:
    merges = tuple([Span(*merge) for merge in sent["merges"]])
    last_row = sent["last_row"]
    return Sheet(
        name=sent["name"],
        hidden=sent["hidden"],
        cells=_whole(blobs, looks, merges, last_row)
        if whole
        else PackedCells(blobs, sent["blobs"], looks, _covers(merges, last_row)),
        merges=merges,
        hidden_rows=frozenset(sent["hidden_rows"]),
        hidden_columns=frozenset(sent["hidden_columns"]),
        pictures=sent["pictures"],
    )


class PackedCells(Mapping[Key, GridCell]):
    """The cells of one large sheet by (row, column), in ascending order, made when asked for.

    Going through them in order is cheap; jumping about unpacks a thousand cells each time.
    """

    def __init__(
        self, blobs: Sequence[bytes | Rows], index: list[tuple[int, int]], looks: tuple[Look, ...], covers: Covers
    ) -> None:
        self._blobs = blobs
        self._firsts = [first for first, _ in index]
        self._counts = [cells for _, cells in index]  # with those covered by merges
        self._looks = looks
        self._covers = covers
        # Not a method of this object: it would hold itself, and all it has, until the collector comes.
        self._part = lru_cache(maxsize=8)(lambda at: _part(blobs[at], looks, covers))

    def made(self) -> Iterator[GridCell]:
        """All cells in order, none of them kept."""
        for blob in self._blobs:
            yield from _part(blob, self._looks, self._covers).made()

    def __getitem__(self, key: Key) -> GridCell:
        at = self._holding(key[0])
        if at < 0:
            raise KeyError(key)
        return self._part(at)[key]

    def __iter__(self) -> Iterator[Key]:
        for blob in self._blobs:
            yield from _part(blob, self._looks, self._covers)

    def __len__(self) -> int:
        merged = {at for at in map(self._holding, self._covers) if at >= 0}
        return sum(self._counts) - sum(self._counts[at] - len(self._part(at)) for at in merged)

    def values(self) -> ValuesView[GridCell]:
        return Values(self)

    def items(self) -> ItemsView[Key, GridCell]:
        return Items(self)

    def _holding(self, row: int) -> int:
        return bisect_right(self._firsts, row) - 1


def _whole(blobs: Sequence[bytes | Rows], looks: tuple[Look, ...], merges: tuple[Span, ...], last_row: int) -> Cells:
    """All cells of a sheet; those of a small one with the structure of others like it."""
    laid, texts = _laid(blobs)
    if max(len(texts), len(merges)) <= SMALL:
        made = _remembered_structure(laid, len(texts), looks, merges, last_row)
    else:
        made = _structure(laid, len(texts), looks, _covers(merges, last_row))
    return _checked(made, texts, blobs)


def _part(blob: bytes | Rows, looks: tuple[Look, ...], covers: Covers) -> Cells:
    """The cells of one blob of a large sheet."""
    laid, texts = _laid([blob])
    return _checked(_structure(laid, len(texts), looks, covers), texts, [blob])


def _laid(blobs: Sequence[bytes | Rows]) -> tuple[tuple[_Laid, ...], list[str]]:
    """What several blobs that follow one another say, and their texts."""
    laid: list[_Laid] = []
    texts: list[str] = []
    for blob in blobs:
        if isinstance(blob, Rows):
            laid.append(_Laid(tuple(blob.numbers), tuple(blob.row_shapes), tuple(blob.shapes)))
            texts += blob.texts
        else:
            rows, row_shapes, shapes, packed = json.loads(blob)
            shapes = tuple([(tuple(columns), tuple(numbers)) for columns, numbers in shapes])
            numbers = (rows, row_shapes, *(numbers for shape in shapes for numbers in shape))
            if {type(number) for each in numbers for number in each} != {int}:  # 1.0 is remembered as 1
                raise TypeError("a blob of other things than numbers")
            laid.append(_Laid(tuple(rows), tuple(row_shapes), shapes))
            texts += packed.split(BETWEEN_TEXTS) if isinstance(packed, str) else packed
    return tuple(laid), texts


def _structure(laid: tuple[_Laid, ...], count: int, looks: tuple[Look, ...], covers: Covers) -> _Made:
    """The structure of so many cells; and if merges cover some, the numbers of the others.

    A child that was taken over may announce more cells than it sends, or others.
    """
    places: list[Key] = []
    seen: list[Look] = []
    covered: set[int] = set()
    if sum(len(shapes[shape][0]) for _, row_shapes, shapes in laid for shape in row_shapes) != count:
        raise ValueError("the blobs contradict themselves")
    for rows, row_shapes, shapes in laid:
        if any(len(columns) != len(numbers) for columns, numbers in shapes):
            raise ValueError("a shape contradicts itself")
        looked_up = [(columns, [looks[number] for number in numbers]) for columns, numbers in shapes]
        for row, shape in zip(rows, row_shapes, strict=True):
            columns, its_looks = looked_up[shape]
            if row in covers:
                hidden = _covered(row, columns[-1], covers[row])
                covered.update(len(places) + at for at, column in enumerate(columns) if column in hidden)
            places += [(row, column) for column in columns]
            seen += its_looks
    if not covered:
        return _Made(Structure(places, seen), None)
    kept = tuple(number for number in range(count) if number not in covered)
    return _Made(Structure([places[number] for number in kept], [seen[number] for number in kept]), kept)


@lru_cache(maxsize=_STRUCTURES)
def _remembered_structure(
    laid: tuple[_Laid, ...], count: int, looks: tuple[Look, ...], merges: tuple[Span, ...], last_row: int
) -> _Made:
    return _structure(laid, count, looks, _covers(merges, last_row))


def _checked(made: _Made, texts: list[str], blobs: Sequence[bytes | Rows]) -> Cells:
    cells = Cells(made.structure, texts if made.kept is None else [texts[number] for number in made.kept])
    if any(isinstance(blob, bytes) for blob in blobs):
        _check(cells)
    return cells


def _check(cells: Cells) -> None:
    """Any exception if a child that was taken over calls a number what is none."""
    looks = cells.structure.looks
    for number in cells.structure.figures:
        text = cells.texts[number]
        Decimal(text[:-1] if looks[number].percent else text)


def _covers(merges: tuple[Span, ...], last_row: int) -> Covers:
    """The merges that reach into each row."""
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
