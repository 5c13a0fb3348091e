"""What a recognised table is: labels, units and periods by meaning, every value with its cell.

Nothing here knows a plan. Named tuples, because a large sheet makes hundreds of thousands of them.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from xiangning_zyz.intake.grid import GridCell, reference
from xiangning_zyz.intake.numerals import Why
from xiangning_zyz.intake.periods import Said

Role = Literal["label", "number", "text", "code", "serial", "unit"]
UnitOrigin = Literal["cell", "header", "unit row", "unit column", "row label", "caption"]
PeriodOrigin = Literal["column", "row", "caption", "sheet", "file"]
ValueKind = Literal["number", "error", "uncalculated", "date"] | Why

TOTAL_WORDS = ("合计", "总计", "小计", "共计")


class Unit(NamedTuple):
    """A unit in its canonical spelling, and what stated it."""

    name: str
    origin: UnitOrigin


class FormLine(NamedTuple):
    """A named line around a table: 填报单位：县工信局, 表号：乡统1表, 审核人：…"""

    label: str  # without white space and colon
    value: str  # '' when left empty
    ref: str


class Column(NamedTuple):
    """One column: where it stands, what its header says and what it is for."""

    col: int
    labels: tuple[str, ...]  # header levels, top to bottom, without white space
    role: Role
    unit: Unit | None
    period: Said | None  # what the header says, not completed
    leans_on: Said | None  # for a growth column that states no period: that of the figures left of it
    ratio: bool  # a growth rate, a share, a rank: a caption's unit does not cover it
    hidden: bool
    misplaced: str  # what in the body speaks against the header, in Chinese, or ''

    @property
    def label(self) -> str:
        return "/".join(self.labels)


class Row(NamedTuple):
    """One row of a body."""

    row: int
    labels: tuple[str, ...]
    cells: Sequence[GridCell]  # all that is not blank, labels included, left to right
    held: tuple[GridCell, ...]  # words merged down from rows above that hold for this row too (责任单位)
    unit: Unit | None
    period: Said | None
    ratio: bool
    kind: Literal["", "total", "part"]  # `part`: 其中 or #, contained in a row above
    hidden: bool

    @property
    def label(self) -> str:
        return "/".join(self.labels)


class Form:
    """The columns and rows of a table, and what stands in them: all that other figures would leave as it is.

    Tables whose layout was met before (`layouts.py`) have the form of the first one, so that what follows from it
    can be remembered; forms are told apart by what they are, not by what they hold. The figures in its rows are the
    first table's.
    """

    __slots__ = ("columns", "headed", "remembered", "rows", "valued")

    def __init__(
        self, columns: tuple[Column, ...], rows: tuple[Row, ...], *, headed: bool, remembered: bool = False
    ) -> None:
        self.columns = columns
        self.rows = rows
        self.headed = headed  # by header rows; else every row names its own value
        self.remembered = remembered  # whether other tables may have it
        self.valued = {column.col: column for column in columns if column.role == "number"}


class Surroundings(NamedTuple):
    """What is said about unit and period around a table; the inner word wins."""

    units: tuple[str, ...]  # of the caption: several when it names several
    caption: Said | None  # title and lines above the table
    by_years: bool  # columns are told apart by years alone: the caption's months are shared by them
    sheet: Said | None
    file: Said | None


class Value(NamedTuple):
    """One cell under a value column: a number, or why it is none."""

    ref: str
    row: int
    col: int
    row_label: str
    column_label: str
    raw: str  # as it stands in the cell
    number: Decimal | None
    kind: ValueKind
    unit: Unit | None
    period: Said | None  # completed from header, row, caption, title, sheet and file name
    period_origin: PeriodOrigin | None  # the innermost that said anything


class Table(NamedTuple):
    """One table of a sheet."""

    top: int
    left: int
    bottom: int
    right: int
    title: str
    captions: tuple[str, ...]  # other lines above, as they stand
    form_lines: tuple[FormLine, ...]
    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    form: Form
    surroundings: Surroundings
    notes: tuple[str, ...]
    signatures: tuple[FormLine, ...]

    @property
    def range(self) -> str:
        return f"{reference(self.top, self.left)}:{reference(self.bottom, self.right)}"
