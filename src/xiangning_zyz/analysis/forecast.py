"""Forecasts: where a goal will stand at each milestone if things go on as they did (CONTRACT §7).

Levels follow a straight line or steady growth. So do a flow's monthly averages, each month (or
quarter) compared with its own kind; in the milestone's own year a flow is also carried on by the
usual share of the months so far. Every method that the data allow is stated side by side, each with
its own 80 % interval: choosing one by its fit would make that interval too narrow. Among the trends,
the one that foretells each known value better from the others comes first. Below four points
nothing is foretold. Choices are explained in docs/decisions/0005.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from math import inf
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.judgement import meets
from xiangning_zyz.analysis.pace import is_ceiling
from xiangning_zyz.analysis.plan_line import milestone_month
from xiangning_zyz.analysis.regression import Coming, Fit, Point, Prediction, fitted, hits, misses, predicted
from xiangning_zyz.analysis.seasons import Step, Usual, carried_on, steps, usual
from xiangning_zyz.analysis.series import Series
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Milestone

Method = Literal["linear", "growth", "seasonal_linear", "seasonal_growth", "seasonal_share"]

COVERAGE = 0.8  # of the intervals
_FEWEST = 4  # points; below, nothing is foretold
_BACK_TEST = 30  # points from which the back-tested coverage is shown
_ABSURD = 1000  # times the largest known value: growth that wild foretells nothing
_HORIZON = 120  # months after the milestone in which a landing is looked for

METHOD_WORDS: dict[Method, str] = {
    "linear": "线性趋势",
    "growth": "增长率趋势",
    "seasonal_linear": "分月线性趋势",
    "seasonal_growth": "分月增长率趋势",
    "seasonal_share": "常年各月占比",
}


class Forecast(NamedTuple):
    """One milestone's forecast by one method; figures in the indicator's unit, at six significant digits."""

    milestone: Milestone
    value: Decimal
    low: Decimal  # of the 80 % interval
    high: Decimal
    probability: Decimal  # of meeting the milestone, a fraction of one
    landing: Period | None  # the first month that meets it; None: not within ten years of its date
    method: Method
    basis: Fit | Usual  # what it was reckoned from, and the unrounded answer: for `explain`
    reckoned: Prediction


class Outlook(NamedTuple):
    """The forecasts of one goal, and what must be said of them (or why there are none)."""

    forecasts: tuple[Forecast, ...]
    note: str  # Chinese


class _Way(NamedTuple):
    """One method's answer for one milestone."""

    method: Method
    basis: Fit | Usual
    reckoned: Prediction
    path: Iterator[tuple[int, float]]  # the central value month by month, to look for the landing in


def outlook(found: Series, milestones: Sequence[Milestone]) -> Outlook:
    """Forecast *found* at each of *milestones* that is still ahead of its last figure."""
    if not milestones:
        return Outlook((), "方案未定目标数值，不作预测")
    last = max(found.figures, default=None)
    if last is None:
        return Outlook((), "没有可用数据，不作预测")
    ahead = [each for each in milestones if milestone_month(each).ordinal > last]
    if not ahead:
        return Outlook((), "没有尚未到期的节点")
    return _flow(found, last, ahead) if found.indicator.kind == "flow" else _level(found, last, ahead)


def _level(found: Series, last: int, ahead: Sequence[Milestone]) -> Outlook:
    points = [Point(month, float(figure.value)) for month, figure in found.figures.items()]
    baseline = found.indicator.baseline
    if baseline and baseline.period.ordinal < points[0].at:
        points.insert(0, Point(baseline.period.ordinal, float(baseline.value)))
    fits = _fits(points)
    if not fits:
        return _refused(len(points))
    floor = 0.0 if min(point.value for point in points) >= 0 else None
    forecasts = []
    for milestone in ahead:
        own = milestone_month(milestone).ordinal
        for fit in fits:
            reckoned = predicted(fit, [Coming(own)])
            path = ((month, predicted(fit, [Coming(month)]).value) for month in range(last + 1, own + _HORIZON))
            way = _Way("growth" if fit.logs else "linear", fit, reckoned, path)
            if _sane(found, reckoned):
                forecasts.append(_forecast(found, last, milestone, way, floor))
    return Outlook(tuple(forecasts), _trend_note(fits, points))


class _Year(NamedTuple):
    """The year of a flow's last figure, and the trends that go on from there."""

    last: int
    reached: float
    fits: tuple[Fit, ...]
    pattern: tuple[tuple[int, int], ...]  # the steps of a year to come
    seasonal: bool

    def coming(self, year: int, end: int) -> list[Coming]:
        """The steps still to come in *year*, up to month *end*."""
        month = self.last % 12 + 1 if year == self.last // 12 else 0
        found = []
        for first, last in self.pattern:
            months = min(last, end) - max(first, month + 1) + 1
            if months > 0:
                middle = Step(year, first, last, 0).middle
                found.append(Coming(middle, (first, last) if self.seasonal else None, months))
        return found

    def total(self, fit: Fit, year: int, end: int) -> Prediction:
        """The cumulative of *year* at the end of month *end*, by one of the trends."""
        return predicted(fit, self.coming(year, end), self.reached if year == self.last // 12 else 0)

    def path(self, fit: Fit, until: int) -> Iterator[tuple[int, float]]:
        """The central cumulative month by month."""
        for ordinal in range(self.last + 1, until):
            yield ordinal, self.total(fit, ordinal // 12, ordinal % 12 + 1).value

    def method(self, fit: Fit) -> Method:
        if self.seasonal and len(self.pattern) > 1:
            return "seasonal_growth" if fit.logs else "seasonal_linear"
        return "growth" if fit.logs else "linear"


def _flow(found: Series, last: int, ahead: Sequence[Milestone]) -> Outlook:
    taken = steps(found)
    year = _year(found, last, taken)
    positive = all(step.amount >= 0 for step in taken)
    forecasts = []
    for milestone in ahead:
        same = milestone.by.year == last // 12
        floor = (year.reached if same else 0.0) if positive else None
        forecasts += [_forecast(found, last, milestone, way, floor) for way in _flow_ways(found, year, milestone)]
    if not forecasts:
        return _refused(len(taken))
    return Outlook(tuple(forecasts), _flow_note(year, forecasts, taken))


def _flow_ways(found: Series, year: _Year, milestone: Milestone) -> Iterator[_Way]:
    own, last = milestone_month(milestone), year.last
    way = usual(found, last, own.last) if own.year == last // 12 else None
    if way:
        reckoned = carried_on(way, year.reached, last % 12 + 1)
        yield _Way("seasonal_share", way, reckoned, _usual_path(way, last, reckoned.value))
    for fit in year.fits:
        reckoned = year.total(fit, own.year, own.last)
        if _sane(found, reckoned):
            yield _Way(year.method(fit), fit, reckoned, year.path(fit, own.ordinal + _HORIZON))


def _usual_path(way: Usual, last: int, total: float) -> Iterator[tuple[int, float]]:
    """The cumulative of the year at the months to come whose usual share is known."""
    this, month = last // 12, last % 12 + 1
    shares = zip(way.cuts, way.shares, strict=True)
    yield from ((this * 12 + cut - 1, total * share) for cut, share in shares if cut > month)


def _year(found: Series, last: int, taken: Sequence[Step]) -> _Year:
    """The trends of the steps, by season where an earlier complete year shows how the rest of a year is reported."""
    month, reached = last % 12 + 1, float(found.figures[last].value)
    complete = [step.year for step in taken if step.last == 12]
    patterns = [tuple((step.first, step.last) for step in taken if step.year == year) for year in complete]
    fitting = [pattern for pattern in patterns if month in {end for _, end in pattern}]
    fits = _fits([_point(step, seasonal=True) for step in taken]) if fitting else ()
    if fits:
        return _Year(last, reached, fits, fitting[-1], seasonal=True)
    length = taken[-1].months
    pattern = tuple((first, min(first + length - 1, 12)) for first in range(1, 13, length))
    return _Year(last, reached, _fits([_point(step, seasonal=False) for step in taken]), pattern, seasonal=False)


def _point(step: Step, *, seasonal: bool) -> Point:
    season = (step.first, step.last) if seasonal else None
    return Point(step.middle, step.amount / step.months, season, step.months)


def _fits(points: Sequence[Point]) -> tuple[Fit, ...]:
    """Line and growth, the better one first; none below four points or two degrees of freedom."""
    if len(points) < _FEWEST:
        return ()
    line, growth = (fitted(points, logs=logs) for logs in (False, True))
    if line is None or line.dof < 2:
        return ()
    if growth is None:
        return (line,)
    first = misses(growth, points) < misses(line, points) * (1 - 1e-9)  # equal up to rounding: the line
    return (growth, line) if first else (line, growth)


def _forecast(found: Series, last: int, milestone: Milestone, way: _Way, floor: float | None) -> Forecast:
    """State *way*'s answer; nothing below *floor* nor beyond the indicator's natural limit."""
    lowest, highest = _bounds(found, floor)

    def kept(value: float) -> Decimal:
        return _six(max(min(value, highest), lowest))

    lands = chain([(last, float(found.figures[last].value))], way.path)
    endless = found.indicator.kind == "flow" and is_ceiling(milestone.op)  # kept, not reached
    return Forecast(
        milestone=milestone,
        value=kept(way.reckoned.value),
        low=kept(way.reckoned.quantile((1 - COVERAGE) / 2)),
        high=kept(way.reckoned.quantile((1 + COVERAGE) / 2)),
        probability=Decimal(f"{_chance(milestone, way.reckoned, lowest, highest):.4f}"),
        landing=None if endless else _landing(milestone, lands),
        method=way.method,
        basis=way.basis,
        reckoned=way.reckoned,
    )


def _bounds(found: Series, floor: float | None) -> tuple[float, float]:
    """What no value can pass: *floor*, and the indicator's natural limit."""
    lowest, limit = -inf if floor is None else floor, found.indicator.limit
    if limit is None:
        return lowest, inf
    return (lowest, float(limit)) if found.indicator.direction == "up" else (max(lowest, float(limit)), inf)


def _sane(found: Series, reckoned: Prediction) -> bool:
    """Whether growth stays within a thousand times what was ever seen; a line always does well enough."""
    largest = max(float(figure.value) for figure in found.figures.values())
    return not reckoned.logs or reckoned.quantile((1 + COVERAGE) / 2) <= _ABSURD * largest


def _chance(milestone: Milestone, reckoned: Prediction, lowest: float, highest: float) -> float:
    """The probability of meeting *milestone*; certain where the bounds leave only one answer.

    A cumulative that has passed 10 already and cannot fall passes 10, whatever spread the trend has.
    """
    if not reckoned.error:  # no spread at all: the centre itself meets the milestone or not
        return float(meets(milestone, _six(reckoned.value)))
    target = float(milestone.value)
    if target < lowest or (target == lowest and milestone.op in (">=", "<")):
        above = 1.0
    elif target > highest or (target == highest and milestone.op in (">", "<=")):
        above = 0.0
    else:
        above = reckoned.chance_above(target)
    return 1 - above if is_ceiling(milestone.op) else above


def _landing(milestone: Milestone, path: Iterable[tuple[int, float]]) -> Period | None:
    return next((Period.at(month) for month, value in path if meets(milestone, _six(value))), None)


def _six(value: float) -> Decimal:
    """Six significant digits: what a forecast can claim at most, and the same on every machine."""
    return Decimal(f"{value:.6g}")


def _refused(points: int) -> Outlook:
    why = f"少于{_FEWEST}个" if points < _FEWEST else "不足以估计误差"
    return Outlook((), f"只有{points}个数据点，{why}，不作预测")


def _trend_note(fits: Sequence[Fit], points: Sequence[Point]) -> str:
    """What the trends rest on; how often they hit before is only said from thirty points on."""
    note = f"趋势按{len(points)}个数据点推算，假定走势不变、各期误差互不相关"
    if len(points) < _BACK_TEST:
        return note
    tests = ((fit, *hits(points, logs=fit.logs, probability=COVERAGE)) for fit in fits)
    words = (f"{'增长率' if fit.logs else '线性'}{tried}次中{hit}次" for fit, hit, tried in tests if tried)
    return f"{note}；回测落在区间内：{'，'.join(words)}"


def _flow_note(year: _Year, forecasts: Sequence[Forecast], taken: Sequence[Step]) -> str:
    said = []
    way = next((each.basis for each in forecasts if isinstance(each.basis, Usual)), None)
    if way:
        said.append(f"各月占比按{way.years}个完整年度计")
    if year.fits:
        said.append(_trend_note(year.fits, [_point(step, seasonal=year.seasonal) for step in taken]))
        if not year.seasonal:
            said.append("完整年度不足，未计季节差异")
    return "；".join(said)
