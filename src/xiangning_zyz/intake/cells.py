"""The cells of a sheet: where they stand and what they look like, apart from what stands in them.

A department's sheets are the same month after month but for their texts. So all but the texts is one thing that
they share, what follows from it is worked out once, and cells are made for who asks: of a report read before, that
is one in six.
"""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import groupby
from typing import NamedTuple, Protocol, overload

from xiangning_zyz.intake.grid import CellKind, GridCell

Key = tuple[int, int]  # row and column

SMALL = 2_000  # cells, and merges, of a sheet whose structure is worth remembering
_REMEMBERED = 128  # structures, of 100 kB or so


class Look(NamedTuple):
    """What the cells of one style and kind have in common."""

    kind: CellKind
    percent: bool = False
    formula: bool = False
    suffix: str = ""
    day: bool = True


class Structure:
    """Where the cells of a sheet stand, in ascending order, and what they look like. Told apart by what it is."""

    def __init__(self, places: Sequence[Key], looks: Sequence[Look]) -> None:
        self.places = places
        self.looks = looks  # one for each place

    @cached_property
    def at(self) -> dict[Key, int]:
        """The number of the cell at each place."""
        return {place: number for number, place in enumerate(self.places)}

    @cached_property
    def figures(self) -> tuple[int, ...]:
        """The cells that are numbers."""
        return tuple(number for number, look in enumerate(self.looks) if look.kind == "number")

    @cached_property
    def beside_figures(self) -> tuple[int, ...]:
        """The other cells in the rows of numbers."""
        return tuple(self._words(beside=True))

    @cached_property
    def alone(self) -> tuple[int, ...]:
        """The cells of rows without a number."""
        return tuple(self._words(beside=False))

    def _words(self, *, beside: bool) -> Iterator[int]:
        for _, row in groupby(range(len(self.places)), lambda number: self.places[number][0]):
            cells = list(row)
            words = [number for number in cells if self.looks[number].kind != "number"]
            if (len(words) < len(cells)) is beside:
                yield from words


class Cells(Mapping[Key, GridCell]):
    """The cells of one sheet by (row, column), in ascending order; each is made when asked for."""

    def __init__(self, structure: Structure, texts: Sequence[str]) -> None:
        self.structure = structure
        self.texts = texts  # of each place

    def cell(self, number: int) -> GridCell:
        """The cell of that number in the structure."""
        (row, column), text = self.structure.places[number], self.texts[number]
        kind, percent, formula, suffix, day = self.structure.looks[number]
        figure = None if kind != "number" else Decimal(text[:-1] if percent else text)
        # A named tuple's own `__new__` takes 40 % longer.
        return tuple.__new__(GridCell, (row, column, kind, text, figure, percent, formula, suffix, day))

    def __getitem__(self, key: Key) -> GridCell:
        return self.cell(self.structure.at[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self.structure.places)

    def __len__(self) -> int:
        return len(self.texts)

    def made(self) -> Iterator[GridCell]:
        """All cells in order, none of them kept."""
        new = tuple.__new__
        of = self.structure
        for (row, column), look, text in zip(of.places, of.looks, self.texts, strict=True):
            kind, percent, formula, suffix, day = look
            figure = None if kind != "number" else Decimal(text[:-1] if percent else text)
            yield new(GridCell, (row, column, kind, text, figure, percent, formula, suffix, day))

    def values(self) -> ValuesView[GridCell]:
        return Values(self)

    def items(self) -> ItemsView[Key, GridCell]:
        return Items(self)


class _Maker(Protocol):
    def made(self) -> Iterator[GridCell]: ...


class Values(ValuesView[GridCell]):
    """The cells of a mapping that makes them, in order."""

    _mapping: _Maker  # as the base class has it

    def __iter__(self) -> Iterator[GridCell]:
        return self._mapping.made()


class Items(ItemsView[Key, GridCell]):
    """The same with their places."""

    _mapping: _Maker  # as the base class has it

    def __iter__(self) -> Iterator[tuple[Key, GridCell]]:
        return (((cell.row, cell.col), cell) for cell in self._mapping.made())


class Some(Sequence[GridCell]):
    """Some of a sheet's cells, by their numbers; each is made when asked for."""

    __slots__ = ("_cells", "_numbers")

    def __init__(self, cells: Cells, numbers: Sequence[int]) -> None:
        self._cells = cells
        self._numbers = numbers

    @overload
    def __getitem__(self, at: int) -> GridCell: ...
    @overload
    def __getitem__(self, at: slice) -> "Some": ...
    def __getitem__(self, at: int | slice) -> "GridCell | Some":
        if isinstance(at, slice):
            return Some(self._cells, self._numbers[at])
        return self._cells.cell(self._numbers[at])

    def __iter__(self) -> Iterator[GridCell]:
        return map(self._cells.cell, self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def cells_of(cells: Iterable[GridCell]) -> Cells:
    """Cells made elsewhere, in ascending order; those of small sheets with the structure that others like it have."""
    made = list(cells)
    places = tuple((cell.row, cell.col) for cell in made)
    looks = tuple(Look(cell.kind, cell.percent, cell.formula, cell.suffix, cell.day) for cell in made)
    structure = _structure if len(made) <= SMALL else Structure
    return Cells(structure(places, looks), [cell.text for cell in made])


@lru_cache(maxsize=_REMEMBERED)
def _structure(places: tuple[Key, ...], looks: tuple[Look, ...]) -> Structure:
    return Structure(places, looks)
