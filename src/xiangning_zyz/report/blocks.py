"""Blocks: what a report says, before any format spells it (CONTRACT §8: no format counts for itself).

Every word, order and rounding in them was decided by `compose`; the spellers `to_*` only spell. A
`Figure` keeps the facts behind what is printed, so that any number on paper leads to its cell.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from xiangning_zyz.fact import Observation, Record, Recorded

Kind = Literal["bulletin", "brief", "annex", "dashboard"]
Tone = Literal["", "good", "warn", "bad", "dim"]
Align = Literal["left", "right", "center"]
Source = Recorded[Observation] | Recorded[Record]


class Figure(NamedTuple):
    """Words with a number in them, as printed, and the facts they rest on."""

    text: str
    sources: tuple[Source, ...] = ()

    def __str__(self) -> str:
        return self.text


Run = str | Figure


class Heading(NamedTuple):
    """A numbered heading: level 1 一、, level 2 （一）, level 3 1."""

    level: Literal[1, 2, 3]
    number: str
    runs: tuple[Run, ...]


class Paragraph(NamedTuple):
    """Running text; a note is set smaller, under what it explains."""

    runs: tuple[Run, ...]
    role: Literal["body", "note"] = "body"


class Cell(NamedTuple):
    """One cell of a table; its colour only adds to its words."""

    runs: tuple[Run, ...]
    tone: Tone = ""
    number: Decimal | None = None  # the same value unrounded, for spreadsheets
    formula: str = ""  # how spreadsheets reckon it again: `{target}-{compared}`, by column keys


class Column(NamedTuple):
    """One column of a table."""

    key: str
    head: str
    wide: int  # in Chinese characters, relative to its neighbours
    align: Align = "left"
    look: Literal["", "bar", "mark"] = ""  # bar: from 0 to 1; mark: where room is short, the first character will do
    places: int = 0  # decimals in spreadsheets, at most
    percent: bool = False


class Table(NamedTuple):
    """A titled table with notes under it."""

    name: str  # machine name: anchor, sheet, JSON key
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    empty: str = "（无）"  # what stands instead of rows


class Mark(NamedTuple):
    """A value at the end of a month, given by its `Period.ordinal`."""

    month: int
    value: Decimal
    text: str


class Band(NamedTuple):
    """A forecast at the end of a month: its central value within an 80 % interval."""

    month: int
    low: Decimal
    value: Decimal
    high: Decimal
    text: str


class Chart(NamedTuple):
    """The course of one goal: what was reported, the plan line, milestones and forecasts."""

    name: str
    subject: str  # the goal's name, as tables give it
    title: str
    unit: str
    alt: str  # what the picture shows, in words
    first: int  # months that the axis runs over, by ordinal
    last: int
    history: tuple[tuple[Mark, ...], ...]  # each run joined by one line
    line: tuple[tuple[Mark, ...], ...]  # plan lines, dashed
    milestones: tuple[Mark, ...]
    forecast: tuple[Band, ...]
    table: Table  # the data behind the picture


class Card(NamedTuple):
    """One headline: a label, a figure, a word about it."""

    label: str
    value: Run
    note: str
    tone: Tone = ""


class Cards(NamedTuple):
    """Headlines side by side."""

    items: tuple[Card, ...]


Block = Heading | Paragraph | Table | Chart | Cards


class Annex(NamedTuple):
    """附件: its title is repeated in the 附件说明; wide ones lie on landscape pages."""

    title: str
    blocks: tuple[Block, ...]
    wide: bool


class Masthead(NamedTuple):
    """The head of page one: a 通报 bears its 发文字号, a 简报 its issue, compiler and day."""

    style: Literal["bulletin", "newsletter"]
    name: str  # 发文机关标志, or the 简报's name
    number: str  # 乡政办发〔2024〕5号, or 第6期
    marking: str  # top left: 内部资料 注意保存, 征求意见稿
    compiler: str = ""  # of a 简报
    day: str = ""


class Closing(NamedTuple):
    """署名、成文日期 and 版记."""

    signature: str
    day: str
    sealed: bool  # a seal will stand over signature and date (GB/T 9704 7.3.5.1)
    copies: tuple[str, ...]  # 抄送, or 报 送 发
    printer: str
    printed: str  # 2024年7月8日印发


class Document(NamedTuple):
    """A whole report, ready to be spelled."""

    kind: Kind
    plan_id: str
    plan_hash: str
    period: str
    as_of: date
    known_at: datetime | None
    draft: bool
    title: tuple[str, ...]  # pieces between which the title may be broken
    head: Masthead | None
    addressee: str
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    closing: Closing | None

    @property
    def title_text(self) -> str:
        """The title in one line."""
        return "".join(self.title)

    @property
    def all_blocks(self) -> Iterator[Block]:
        """Body and annexes, in order."""
        yield from self.blocks
        for annex in self.annexes:
            yield from annex.blocks


def text_of(runs: Iterable[Run]) -> str:
    """What *runs* print."""
    return "".join(run.text if isinstance(run, Figure) else run for run in runs)


def plain_cell(text: str, tone: Tone = "") -> Cell:
    """A cell of words without a fact of their own."""
    return Cell((text,) if text else (), tone)
