"""What a worker says of a file comes to the parent as it was, but for the cells; and nothing else comes."""

import pickle
import struct
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.fact import Cell, Observation, Record
from xiangning_zyz.intake.facts.statement import Statement
from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.jobs.answers import Stated, heard, spoken
from xiangning_zyz.period import Period
from xiangning_zyz.problem import DAMAGED, NO_SIGNATURE, Place

PATH = Path("报表", "县工信局.xlsx")
BOOK = Book("县工信局.xlsx", "0" * 64, "xlsx", (), ("公式",), (DAMAGED.at(Place("县工信局.xlsx"), why="缺页"),))
PERIOD = Period.month(2024, 6)
CELL = Cell(BOOK.file, BOOK.sha256, "月报", "D4", "41,200")
WORDS = Record("task", "T07", PERIOD, "县文旅局", (("progress", "参展3次"),), CELL)


def figure(value, segment=None, *, reference=False):
    return Observation(
        "output_value", segment, PERIOD, "cumulative", value, "亿元", "县工信局", "万元", reference=reference, cell=CELL
    )


def statement(*facts, carried=()):
    return Statement("县工信局", facts, (NO_SIGNATURE.at(Place(BOOK.file), found="审核人"),), carried, (PERIOD,))


def framed(answer: bytes) -> BytesIO:
    return BytesIO(struct.pack("<I", len(answer)) + answer)


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=4)), st.booleans())
def test_figures_and_words_arrive_exactly_as_they_were_read(values, reference):
    figures = [figure(value, "zisha", reference=reference) for value in values]
    said = Stated(PATH, b"bytes", BOOK, statement(*figures, WORDS, figure(Decimal("4.1200")), carried=tuple(figures)))

    came = heard(PATH, BytesIO(spoken(said)).read)

    assert came == said
    assert [str(fact.value) for fact in came.statement.carried] == [str(value) for value in values]


def test_a_file_that_could_not_be_read_arrives_with_its_problem():
    problem = DAMAGED.at(Place(BOOK.file), why="缺页")
    said = Stated(PATH, b"", Failure(BOOK.file, "", problem), Statement(None, (), (problem,)))
    assert heard(PATH, BytesIO(spoken(said)).read) == said


def test_what_the_parent_has_to_read_itself_is_none():
    assert heard(PATH, BytesIO(spoken(None)).read) is None


@pytest.mark.parametrize("kind", [Path("x"), Decimal(1), print, date.today, Exception("x")])
def test_no_other_kind_of_value_is_made(kind):
    with pytest.raises((KeyError, pickle.UnpicklingError)):
        heard(PATH, framed(pickle.dumps((b"", BOOK, statement(), [kind], []))).read)


@pytest.mark.parametrize("left", [0, 3, 4, 50])
def test_an_answer_that_ends_early_is_none(left):
    with pytest.raises((struct.error, EOFError, pickle.UnpicklingError)):
        heard(PATH, BytesIO(spoken(Stated(PATH, b"bytes", BOOK, statement()))[:left]).read)


def test_nobody_waits_for_an_answer_larger_than_any():
    with pytest.raises(ValueError, match="4294967295"):
        heard(PATH, BytesIO(b"\xff" * 4 + b"x").read)
