"""Trend goals: to rise (or fall) from year to year, without a number (CONTRACT §2, §7).

A value is held against the same period a year earlier, unrounded; staying level is neither. The
year's own verdict is December's, which is also how an annual indicator compares year with year.
"""

from decimal import Decimal
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.series import Figure, Series
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Trend as Wanted

Verdict = Literal["rising", "flat", "falling", "no_previous"]

_WORDS: dict[Verdict, str] = {"rising": "上升", "flat": "持平", "falling": "下降", "no_previous": "缺上年同期数"}
WANTED_WORDS: dict[Wanted, str] = {"rising": "逐年上升", "falling": "逐年下降"}


class Trend(NamedTuple):
    """A trend goal read at the judged period; figures in the indicator's unit."""

    wanted: Wanted
    month: Period | None  # judged; None: nothing reported
    value: Decimal | None  # None: nothing reported, or in conflict
    previous: Decimal | None  # twelve months earlier
    source: Figure | None  # of `previous`; None where it is the plan's baseline, or missing
    verdict: Verdict | None  # None: in conflict
    years: tuple[tuple[int, Verdict], ...]  # years with a December figure, each with its own verdict

    @property
    def kept(self) -> bool | None:
        """Whether the goal is kept so far; None where nothing can be said."""
        return None if self.verdict in (None, "no_previous") else self.verdict == self.wanted


def trend_of(series: Series) -> Trend | None:
    """The trend of *series* at its latest month; None for an indicator without a trend goal."""
    wanted = series.indicator.trend
    if wanted is None:
        return None
    if series.latest is None:
        return Trend(wanted, None, None, None, None, "no_previous", ())
    now = series.figures.get(series.latest)
    previous = _value_at(series, series.latest - 12)
    return Trend(
        wanted=wanted,
        month=Period.at(series.latest),
        value=now.value if now else None,
        previous=previous,
        source=series.figures.get(series.latest - 12),
        verdict=_verdict(now.value, previous) if now else None,
        years=_years(series),
    )


def trend_words(trend: Trend) -> str:
    """The verdict and whether it is what was wanted: 上升，符合; 缺上年同期数; empty where there is no value."""
    if trend.verdict is None or trend.value is None:
        return ""
    if trend.kept is None:
        return _WORDS[trend.verdict]
    return f"{_WORDS[trend.verdict]}，{'符合' if trend.kept else '不符合'}"


def year_words(trend: Trend) -> str:
    """The years' own verdicts: 2024年上升、2025年下降; empty where no year is complete."""
    return "、".join(f"{year}年{_WORDS[verdict]}" for year, verdict in trend.years if verdict != "no_previous")


def _value_at(series: Series, ordinal: int) -> Decimal | None:
    """The figure of a month, else the plan's baseline if it is of that month."""
    figure = series.figures.get(ordinal)
    if figure is not None:
        return figure.value
    baseline = series.indicator.baseline
    return baseline.value if baseline and baseline.period.ordinal == ordinal else None


def _verdict(value: Decimal, previous: Decimal | None) -> Verdict:
    if previous is None:
        return "no_previous"
    return "rising" if value > previous else "falling" if value < previous else "flat"


def _years(series: Series) -> tuple[tuple[int, Verdict], ...]:
    decembers = ((month, figure) for month, figure in series.figures.items() if month % 12 == 11)
    return tuple((month // 12, _verdict(figure.value, _value_at(series, month - 12))) for month, figure in decembers)
