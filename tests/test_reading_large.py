"""Large sheets stay packed, and behave like the dictionaries that small ones are."""

from collections.abc import Mapping

import pytest

from reading_files import book_of, xlsx
from xiangning_zyz.intake.cells import Cells
from xiangning_zyz.intake.grid import GridCell
from xiangning_zyz.intake.reading import unpacking


def rows(count: int) -> str:
    return "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}"><v>{row}.5</v></c>' for column in "ABCD") + "</row>"
        for row in range(2, count + 2)
    )


AFTER = '<mergeCells><mergeCell ref="A3:B4"/><mergeCell ref="C900:D901"/></mergeCells>'


@pytest.fixture
def pair(monkeypatch) -> tuple[Mapping[tuple[int, int], GridCell], Mapping[tuple[int, int], GridCell]]:
    """The same cells packed, and as a dictionary."""
    content = xlsx(rows(1000), after=AFTER)
    plain = book_of(content).sheets[0].cells
    monkeypatch.setattr(unpacking, "CELLS_AT_ONCE", 3999)
    return book_of(content).sheets[0].cells, plain


def test_a_packed_sheet_equals_the_dictionary(pair):
    packed, plain = pair

    assert isinstance(packed, unpacking.PackedCells)
    assert isinstance(plain, Cells)
    assert len(packed) == len(plain) == 4000 - 6
    assert list(packed) == list(plain)
    assert list(packed.items()) == list(plain.items())
    assert list(packed.values()) == list(plain.values())
    assert packed == plain
    assert {len(cell) for cell in plain.values()} == {len(GridCell._fields)}


@pytest.mark.parametrize("key", [(2, 1), (1001, 4), (3, 1), (500, 3)])
def test_single_cells_are_found(pair, key):
    packed, plain = pair

    assert packed[key] == plain[key]
    assert packed.get(key) == plain[key]
    assert key in packed


@pytest.mark.parametrize("key", [(1, 1), (1002, 1), (2, 5), (3, 2), (4, 1), (0, 0), (10**6, 1)])
def test_cells_that_are_none_are_not_found(pair, key):
    packed, plain = pair

    assert key not in packed
    assert key not in plain
    assert packed.get(key) is None
