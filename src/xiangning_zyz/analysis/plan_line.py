"""Plan lines: what the plan and the office expect between two dates.

Only the plan's milestones and the office's annual targets are given; a straight line between them
is our own reckoning and is marked 测算 wherever it is shown (domain.md B3). Lines run in whole
months between period ends, never in days (CONTRACT §7).
"""

from decimal import Decimal
from typing import Literal, NamedTuple

from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Milestone, Plan

PointSource = Literal["milestone", "office", "baseline"]
TargetBasis = Literal["milestone", "office", "estimate"]


class Point(NamedTuple):
    """A value given for the end of a month; a flow's points are totals of whole years."""

    month: Period
    value: Decimal
    source: PointSource


class Line(NamedTuple):
    """Where a month lies among the points: `after` is the first not before it.

    `before` is None at the very first point, `after` is None past the last one.
    """

    month: Period
    before: Point | None
    after: Point | None

    @property
    def drawn(self) -> bool:
        """Whether the expected value is read from a line we drew or a point we extend: 测算."""
        return self.after is None or self.after.month != self.month

    @property
    def expected(self) -> Decimal | None:
        """The value of the line at its month; past the last point, that point."""
        if self.after is None:
            return self.before.value if self.before else None
        if self.after.month == self.month:
            return self.after.value
        if self.before is None:
            return None
        return self.weighted / self.span

    @property
    def weighted(self) -> Decimal:
        """The expected value times `span`: free of division, so that paces are divided only once."""
        if self.before is None or self.after is None:
            raise ValueError("a line needs two points")
        elapsed = self.month.ordinal - self.before.month.ordinal
        return self.before.value * (self.span - elapsed) + self.after.value * elapsed

    @property
    def span(self) -> int:
        """Whole months between the two points."""
        if self.before is None or self.after is None:
            raise ValueError("a line needs two points")
        return self.after.month.ordinal - self.before.month.ordinal


class YearTarget(NamedTuple):
    """What a flow should reach in one year, from January to the end of month `months`."""

    year: int
    value: Decimal
    basis: TargetBasis  # `estimate`: read from the straight line, 测算
    months: int = 12  # a milestone inside the year ends earlier
    line: Line | None = None  # where an estimate was read


def milestone_month(milestone: Milestone) -> Period:
    """The milestone's own period: the month its date falls in."""
    return Period.month_of(milestone.by)


def plan_points(plan: Plan, indicator: Indicator) -> tuple[Point, ...]:
    """The points of *indicator*'s plan line by month: baseline, annual targets, milestones.

    Where two fall on one month the plan's own word goes before the office's, that before the
    baseline. A flow's points are whole years; milestones and baselines inside a year are none, and
    neither are milestones whose date is inferred: no line is drawn to a date the plan does not state.
    """
    points = [
        Point(milestone_month(each), each.value, "milestone")
        for each in indicator.milestones
        if each.basis != "inferred"
    ]
    points += [
        Point(Period.month(each.year, 12), each.value, "office")
        for each in plan.rules.annual_targets
        if each.indicator == indicator.id
    ]
    if indicator.baseline:
        points.append(Point(indicator.baseline.period.last_month, indicator.baseline.value, "baseline"))
    by_month: dict[Period, Point] = {}
    for point in points:
        if indicator.kind != "flow" or point.month.last == 12:
            by_month.setdefault(point.month, point)
    return tuple(by_month[month] for month in sorted(by_month))


def line_at(points: tuple[Point, ...], month: Period) -> Line:
    """The place of *month* among *points* (ascending)."""
    before = [point for point in points if point.month < month]
    after = [point for point in points if point.month >= month]
    return Line(month, before[-1] if before else None, after[0] if after else None)


def year_target(plan: Plan, indicator: Indicator, year: int) -> YearTarget | None:
    """A flow's target for *year*: the year's (last) milestone, else the office's, else the line's.

    None before the first point and in the baseline's own year, where nothing is expected.
    """
    own = [each for each in indicator.milestones if each.by.year == year]
    if own:
        return YearTarget(year, own[-1].value, "milestone", months=own[-1].by.month)
    line = line_at(plan_points(plan, indicator), Period.month(year, 12))
    if not line.drawn and line.after:
        return YearTarget(year, line.after.value, "office") if line.after.source == "office" else None
    expected = line.expected
    return None if expected is None else YearTarget(year, expected, "estimate", line=line)
