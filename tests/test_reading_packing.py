"""Cells come out of their packing as they went in, and a packing that contradicts itself is refused unopened."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.reading import process, unpacking
from xiangning_zyz.intake.reading.packing import BOOK, ROWS, Packed, Packer

Row = dict[int, str]  # texts by column

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from(["\x7f", "a\x7fb", "\n", '"'])
ROWS_OF_TEXTS = st.dictionaries(
    st.integers(1, 2000), st.dictionaries(st.integers(1, 1000), TEXTS, min_size=1, max_size=6), max_size=40
)


def frames(rows: dict[int, Row]) -> tuple[list[bytes], bytes]:
    """The blobs and the book's own frame."""
    sent: list[tuple[bytes, bytes]] = []
    packer = Packer("表.xlsx", Packed(lambda tag, payload: sent.append((tag, payload))))
    packer.begin_sheet("进展", hidden=False)
    for number, row in sorted(rows.items()):
        columns = list(row)
        packer.row(number, (columns, [packer.looks.number("text")] * len(columns), list(row.values())))
    packer.end_sheet()
    packer.finish("xlsx")
    return [payload for tag, payload in sent if tag == ROWS], next(payload for tag, payload in sent if tag == BOOK)


@given(rows=ROWS_OF_TEXTS)
def test_every_text_comes_out_as_it_went_in(rows):
    blobs, sent = frames(rows)

    cells = unpacking.book(sent, blobs, "表.xlsx", "").sheets[0].cells

    assert {place: cell.text for place, cell in cells.items()} == {
        (number, column): text for number, row in rows.items() for column, text in row.items()
    }
    assert list(cells) == sorted(cells)


def test_rows_of_one_shape_tell_it_once():
    (blob,), _ = frames({row: {1: "产值", 2: "7.2"} for row in range(1, 4)})

    assert json.loads(blob) == [[1, 2, 3], [0, 0, 0], [[[1, 2], [0, 0]]], "\x7f".join(["产值", "7.2"] * 3)]


def result_of(blob: object) -> Book | Failure:
    _, sent = frames({1: {1: "7.2"}})
    payload = blob if isinstance(blob, bytes) else json.dumps(blob).encode()
    return process._result(BOOK, sent, [payload], "表.xlsx", b"")


@pytest.mark.parametrize(
    "blob",
    [
        pytest.param([[1], [0], [[[1], [0]]], "a\x7fb"], id="more texts than cells"),
        pytest.param([[1, 2], [0, 0], [[[1], [0]]], "a"], id="more cells than texts"),
        pytest.param([[1, 2], [0], [[[1], [0]]], "a"], id="a row without a shape"),
        pytest.param([[1], [1], [[[1], [0]]], "a"], id="a shape that does not exist"),
        pytest.param([[1], [0], [[[1], [7]]], "a"], id="a look that does not exist"),
        pytest.param([[1], [0], [[[1], [0] * 9]], "a"], id="more looks than columns"),
        pytest.param(
            [[1] * 100_000, [0] * 100_000, [[[1] * 100_000, [0] * 100_000]], "a"], id="ten thousand million cells"
        ),
        pytest.param([[1] * 100_000, [0] * 100_000, [[[], [0] * 100_000]], []], id="ten thousand million looks"),
        pytest.param([[1], [0], [[1, 0]], "a"], id="numbers for lists"),
        pytest.param([[], [], [], []], id="nothing"),
        pytest.param({}, id="no list"),
        pytest.param(b"[" * 100_000, id="depth"),
        pytest.param(b"\xff", id="no text"),
    ],
)
def test_a_blob_that_contradicts_itself_ends_the_child_and_nothing_else(blob: Sequence[object] | bytes):
    with pytest.raises(process._DiedError):
        result_of(blob)
