"""For which period a figure stands and on which basis, as far as the sheet says so (CONTRACT §6)."""

import re
from functools import lru_cache
from typing import NamedTuple

from xiangning_zyz.fact import Basis
from xiangning_zyz.intake.facts.statement import Source
from xiangning_zyz.intake.periods import Said, complete, label, said, to_period
from xiangning_zyz.intake.tables.model import Value
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator
from xiangning_zyz.problem import (
    AMBIGUOUS_PERIOD,
    NO_BASIS,
    NO_PERIOD,
    STOCK_AS_CUMULATIVE,
    WRONG_BASIS,
    Problem,
)

_KINDS = {"stock": "时点数", "flow": "流量数", "ratio": "比率"}
_BASES = {"single": "当期数", "cumulative": "累计数", "point": "期末数"}
_POINT_WORDS = re.compile("期[末底]|年[末底]|时点")  # of stocks alone; 6月末 also says how far a flow has come


class When(NamedTuple):
    """A period as the ledger keys it, its basis, and a remark on how it was written."""

    period: Period
    basis: Basis
    remark: Problem | None = None


class Around(NamedTuple):
    """What the labels around a figure say about its period, beside the words of a period themselves."""

    cumulative: bool  # the table also has a cumulative column, so that a bare 6月 is June alone
    point: bool  # the figure's own labels speak of a point in time


def when(source: Source, indicator: Indicator, name: str, value: Value, around: Around) -> When | Problem:
    """Period and basis of *value*, or the problem that prevents it."""
    words, stated = _stated(value.period, source.given.period)
    if words is None or words.year is None:
        return NO_PERIOD.at(source.place(value.ref), found=value.column_label, name=name)
    if stated is None:
        return AMBIGUOUS_PERIOD.at(source.place(value.ref), found=label(words) or value.column_label)
    period, basis = stated
    if words.first is None and basis is None and indicator.frequency != "year":
        where = source.place(value.ref)
        return AMBIGUOUS_PERIOD.at(where, found=period.label)  # a year alone: which month is not said
    if indicator.kind == "flow":
        return _of_flow(source, name, value, period, basis or _implied(words, around), around)
    return _of_point(source, indicator, name, value, period, basis)


def as_said(period: Period | None) -> Said | None:
    """What `--period` says, as the outermost context of a value."""
    if period is None:
        return None
    return Said(year=period.year, first=period.first, last=period.last, in_months=period.frequency == "month")


@lru_cache(maxsize=1024)  # all figures of a column share it
def _stated(here: Said | None, given: Period | None) -> tuple[Said | None, tuple[Period, Basis | None] | None]:
    words = complete(here, as_said(given))
    return words, to_period(words)


def speaks_of_point(labels: str) -> bool:
    """Whether labels speak of a point in time (期末)."""
    return _POINT_WORDS.search(labels) is not None


def _implied(words: Said, around: Around) -> Basis | None:
    """The basis that the words carry although no word names it.

    A whole year, 上半年 and 一季度 are their own totals from January on; 6月 beside a cumulative
    column is June alone.
    """
    if words.first is None or (words.from_january and words.last != 1):
        return "cumulative"
    return "single" if around.cumulative and words.first == words.last else None


def _of_flow(
    source: Source, name: str, value: Value, period: Period, basis: Basis | None, around: Around
) -> When | Problem:
    if basis is None:
        return NO_BASIS.at(source.place(value.ref), found=value.column_label, name=name)
    if basis == "point" and around.point:
        where = source.place(value.ref)
        return WRONG_BASIS.at(where, found=_BASES[basis], name=name, kind=_KINDS["flow"])
    return When(period, "single") if basis == "single" else When(period.last_month, "cumulative")


def _of_point(
    source: Source, indicator: Indicator, name: str, value: Value, period: Period, basis: Basis | None
) -> When | Problem:
    """A stock is read at the period's end; a ratio is keyed by its last month whatever it covers."""
    remark = None
    if indicator.kind == "stock" and basis == "single":
        return WRONG_BASIS.at(source.place(value.ref), found=_BASES[basis], name=name, kind=_KINDS["stock"])
    if indicator.kind == "stock" and _says_cumulative(value.column_label):
        remark = STOCK_AS_CUMULATIVE.at(source.place(value.ref), found=value.column_label, name=name)
    return When(period.last_month, "point", remark)


@lru_cache(maxsize=1024)
def _says_cumulative(column_label: str) -> bool:
    """Whether the column itself says so; a title's 1-6月 is only how the report is called."""
    return any(words.basis == "cumulative" for part in column_label.split("/") if (words := said(part)))
