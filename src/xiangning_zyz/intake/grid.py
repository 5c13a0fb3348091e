"""A workbook as cells: the one shape that every reader fills and every recogniser reads.

Rows and columns are numbered from 1, as in the reference (row 7, column 4 = `D7`).
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from xiangning_zyz.problem import Problem

CellKind = Literal["text", "number", "date", "time", "bool", "error", "uncalculated"]


class GridCell(NamedTuple):
    """One non-empty cell.

    `text` is what stood there: a text cell's own text (untouched); a number at 15 significant
    digits without exponent (`41200`, `0.1`); a percent-styled number as shown, unrounded
    (`9.69%`); a date as `2024-06-30`, a date-time as `2024-06-30 08:00:00`; an error as `#DIV/0!`;
    a formula without a cached value as the formula itself (`=A1/B1`), kind `uncalculated`.
    A formula whose cached value is the empty string is no cell at all.
    """

    row: int
    col: int
    kind: CellKind
    text: str
    number: Decimal | None  # kind `number` only; a percent-styled 0.0969 is 9.69 here
    percent: bool = False  # shown by a percent style: `number` is in %
    formula: bool = False  # the value is a formula's cached result
    suffix: str = ""  # kind `number`: literal words its style shows behind it, as in `7.2"亿元"`; not in `text`
    day: bool = True  # kind `date`: False where the style shows no day (`2019年10月`, text `2019-10-01`)


class Span(NamedTuple):
    """A rectangle of cells, corners included."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(NamedTuple):
    """One sheet. `cells` holds only non-empty cells, and none covered by a merge but its top-left."""

    name: str
    hidden: bool
    cells: Mapping[tuple[int, int], GridCell]  # by (row, column)
    merges: tuple[Span, ...]
    hidden_rows: frozenset[int]  # of those that hold cells
    hidden_columns: frozenset[int]  # up to the last one that holds cells
    pictures: int  # drawings with pictures; a sheet may be nothing else


class Book(NamedTuple):
    """One workbook as read."""

    file: str  # name as received, without folder; `归档.zip/工信局.xlsx` inside an archive
    sha256: str
    container: Literal["xlsx", "xls", "xlsb", "ods", "csv"]
    sheets: tuple[Sheet, ...]
    blind: tuple[str, ...]  # what this container's reader cannot see: `公式`, `错误值`, `百分比样式` …
    problems: tuple[Problem, ...] = ()  # damage at single cells and cells beyond the limits: errors, all of them


class Failure(NamedTuple):
    """A file, or a member of a zip, that could not be read as a workbook at all."""

    file: str  # as in `Book.file`
    sha256: str  # of its bytes; empty if even those could not be had
    problem: Problem


def reference(row: int, col: int) -> str:
    """The A1 reference: (7, 4) → `D7`."""
    return f"{column_letters(col)}{row}"


@lru_cache(maxsize=1 << 14)
def column_letters(col: int) -> str:
    """The letters of a column: 4 → `D`, 28 → `AB`."""
    letters = ""
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
