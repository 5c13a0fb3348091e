"""Pace: has a goal come as far as it should have by the end of its judged period? (CONTRACT §7)

Every pace is one division of exact numbers, so a goal exactly on a bound is seen to be on it.
Run within `decimal.localcontext(PRECISE)`.
"""

from decimal import Decimal
from typing import NamedTuple

from xiangning_zyz.analysis.plan_line import Line, YearTarget, line_at, plan_points, year_target
from xiangning_zyz.analysis.series import Figure
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Op, Plan


class Pace(NamedTuple):
    """Where a goal should stand, and how far ahead (+) or behind (−) it is."""

    expected: Decimal | None  # in the indicator's unit
    points: Decimal | None  # percentage points; None: nothing to scale by
    lead: Decimal | None  # actual against expected, positive towards the goal; in the unit
    line: Line | None  # the plan line of a stock or ratio
    year: YearTarget | None  # of a flow


def pace_of(plan: Plan, indicator: Indicator, month: Period, actual: Figure | None, op: Op) -> Pace:
    """The pace of *indicator* at *month* towards a goal with operator *op*; only targets if nothing is known."""
    if indicator.kind == "flow":
        return _flow(year_target(plan, indicator, month.year), actual, op)
    if actual is None:
        return Pace(None, None, None, None, None)
    if indicator.kind == "ratio":
        return _ratio(plan, indicator, actual, op)
    return _level(line_at(plan_points(plan, indicator), actual.month), actual, op)


def needed_per_month(missing: Decimal, months: int) -> Decimal | None:
    """*missing* spread over *months*, never below 0; None when no month is left."""
    return max(missing, Decimal(0)) / months if months > 0 else None


def is_ceiling(op: Op) -> bool:
    """Whether less is better: at_most and below."""
    return op in ("<=", "<")


def _flow(target: YearTarget | None, actual: Figure | None, op: Op) -> Pace:
    """时序进度: cumulative / target − months / 12; a target below zero (a loss) divides by its size, + stays ahead."""
    if target is None or actual is None:
        return Pace(None, None, None, None, target)
    months = min(actual.month.last, target.months)
    ahead = actual.value * target.months - target.value * months
    points = _towards(op, ahead * 100 / (abs(target.value) * target.months)) if target.value else None
    return Pace(target.value * months / target.months, points, _towards(op, ahead / target.months), None, target)


def _level(line: Line, actual: Figure, op: Op) -> Pace:
    """(actual − expected) / (next point − last point), read so that + is always towards the goal.

    For a line that runs towards its goal this is the contract's formula; for one that runs the
    other way (a floor below today's value) dividing by its size keeps + meaning ahead.
    """
    expected = line.expected
    if expected is None:
        return Pace(None, None, None, line, None)
    lead = _towards(op, actual.value - expected)
    if line.before is None or line.after is None or line.before.value == line.after.value:
        return Pace(expected, None, lead, line, None)
    rise = abs(line.after.value - line.before.value)
    points = _towards(op, (actual.value * line.span - line.weighted) * 100 / (rise * line.span))
    return Pace(expected, points, lead, line, None)


def _ratio(plan: Plan, indicator: Indicator, actual: Figure, op: Op) -> Pace:
    """A ratio has no 时序进度: only its year's annual target is expected, all year (domain.md B3)."""
    month = Period.month(actual.month.year, 12)
    line = line_at(plan_points(plan, indicator), month)
    if line.after is None or line.after.month != month or line.after.source != "office":
        return Pace(None, None, None, None, None)
    return _level(line, actual, op)


def _towards(op: Op, difference: Decimal) -> Decimal:
    return -difference if is_ceiling(op) else difference
