"""What a worker found in a file, on its way to the parent as bytes (see `workers.py`).

An answer may hold the few kinds of values that a statement consists of, so that a worker which a file has taken
over can lie, but not run anything here. Figures, of which there are many, go as bare tuples: without what holds
for all of a workbook, and in half the time.
"""

import pickle
import struct
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from xiangning_zyz.fact import Cell, Fact, Observation, Record
from xiangning_zyz.intake.facts.statement import Statement
from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.period import Period
from xiangning_zyz.problem import Problem

# What an answer consists of, besides texts, numbers, tuples and lists.
_SPOKEN = {(kind.__module__, kind.__qualname__): kind for kind in (
    Book, Failure, Statement, Record, Cell, Problem, Period, date,
)}  # fmt: skip


_SIZE = struct.Struct("<I")  # bytes of an answer, before each
_LARGEST = 64 << 20  # bytes of one


class Stated(NamedTuple):
    """One workbook, or why it is none, and what it states."""

    path: Path  # the file it came in
    content: bytes  # its bytes: the file's, or the zip member's own
    result: Book | Failure  # from a worker without the sheets; see `stating.with_sheets`
    statement: Statement  # of a Failure, its problem alone


def spoken(stated: Stated | None) -> bytes:
    """An answer, without the path, which the parent knows, and without the cells. None: the parent has to read it."""
    if stated is None:
        return _framed(pickle.dumps(None))
    result, statement = stated.result, stated.statement
    light = result._replace(sheets=()) if isinstance(result, Book) else result
    facts = [_bare(fact) if isinstance(fact, Observation) else fact for fact in statement.facts]
    carried = [_bare(figure) for figure in statement.carried]
    answer = stated.content, light, statement._replace(facts=(), carried=()), facts, carried
    return _framed(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))


def heard(path: Path, hear: Callable[[int], bytes]) -> Stated | None:
    """What `spoken` says of the file at *path*; any exception if it is not `spoken` that says it.

    *hear* waits for the next so many bytes, fewer at the end.
    """
    (size,) = _SIZE.unpack(hear(_SIZE.size))
    if size > _LARGEST:
        raise ValueError(f"an answer of {size} bytes")
    told = _Unpickler(BytesIO(hear(size))).load()
    if told is None:
        return None
    content, result, statement, facts, carried = told
    statement = statement._replace(
        facts=tuple([_figure(fact, result) if type(fact) is tuple else fact for fact in facts]),
        carried=tuple([_figure(figure, result) for figure in carried]),
    )
    return Stated(path, content, result, statement)


class _Unpickler(pickle.Unpickler):
    """Reads the kinds of values above, and no other."""

    def find_class(self, module: str, name: str) -> type:
        return _SPOKEN[module, name]


def _framed(answer: bytes) -> bytes:
    return _SIZE.pack(len(answer)) + answer


def _bare(figure: Observation) -> tuple[object, ...]:
    indicator, segment, period, basis, value, *said, (_, _, sheet, ref, raw) = figure
    return indicator, segment, period, basis, str(value), said, sheet, ref, raw


def _figure(bare: tuple[Any, ...], book: Book) -> Fact:
    indicator, segment, period, basis, value, (unit, department, raw_unit, reference), sheet, ref, raw = bare
    # There are tens of thousands of them, and a named tuple's own `__new__` takes 40 % longer.
    cell = tuple.__new__(Cell, (book.file, book.sha256, sheet, ref, raw))
    figure = (indicator, segment, period, basis, Decimal(value), unit, department, raw_unit, reference, cell)
    return tuple.__new__(Observation, figure)
