"""Due days: which periods an indicator owes, and from which day on silence is late.

Office decisions (`rules.yaml`, calendar) with 民法典 203: a last day that is a day off moves to
the next working day. Pure: the day judged is an argument.
"""

from datetime import date, timedelta
from typing import NamedTuple

from xiangning_zyz.period import Period
from xiangning_zyz.plan import Calendar, Exemption, Indicator, Plan


class Due(NamedTuple):
    """By when the figure of a period must be in; late from the day after."""

    period: Period
    day: date
    announced: bool  # False: no holiday table for that year yet (未公布), Monday to Friday assumed


class Silence(NamedTuple):
    """Periods that have ended and whose figure has not come."""

    late: tuple[Period, ...]  # ascending, each past its due day
    next: Period | None  # the first that is not late yet


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether offices work on *day*: announced days off and 调休 days first, else Monday to Friday."""
    if day in calendar.work:
        return True
    return day not in calendar.off and day.weekday() < 5


def report_due(calendar: Calendar, period: Period) -> Due:
    """The reporting day of *period*; halves follow the quarterly rule.

    A calendar day beyond the month's end is its last day; a day off moves to the next working day.
    """
    frequency = period.frequency
    rule = {"month": calendar.monthly, "year": calendar.yearly}.get(frequency, calendar.quarterly)
    month = period.last_month.shifted(rule.month)
    if rule.working:
        day = _nth_working_day(month.first_day, rule.day, calendar)
    else:
        day = month.first_day.replace(day=min(rule.day, month.last_day.day))
        while not is_working_day(day, calendar):
            day += timedelta(days=1)
    return Due(period, day, day.year in calendar.years)


def figure_due(plan: Plan, indicator: Indicator, period: Period) -> Due:
    """The last day on which *indicator*'s figure of *period* is not yet late.

    Figures that appear months later (数据未发布) are due when their publication month is over.
    """
    months = publication_lag(plan, indicator)
    if months:
        return Due(period, period.last_month.shifted(months).last_day, announced=True)
    return report_due(plan.rules.calendar, period)


def publication_lag(plan: Plan, indicator: Indicator) -> int:
    """Months from a period's end to its publication; a ratio waits for the later of its parts."""
    parts = indicator.formula or ()
    return max(indicator.published_after_months, *(plan.indicator(part).published_after_months for part in parts), 0)


def owed_periods(plan: Plan, indicator: Indicator, after: Period | None, as_of: date) -> tuple[Period, ...]:
    """Periods ended by *as_of* within the plan whose figure is owed, from the one after month *after* on.

    A monthly flow owes no January of its own: January and February are published together
    (domain.md B3). Periods for which every reporter is exempt are left out.
    """
    period = _first_period(plan.start, indicator.frequency)
    owed = []
    while period.last_day <= as_of and period.first_day <= plan.end:
        joint = indicator.kind == "flow" and period.frequency == "month" and period.first == 1
        later = after is None or period.ordinal > after.ordinal
        if later and not joint and not _all_exempt(plan, indicator, period):
            owed.append(period)
        period = period.shifted(1)
    return tuple(owed)


def silence(plan: Plan, indicator: Indicator, after: Period | None, as_of: date) -> Silence:
    """What is late, and what comes next, when nothing has been reported beyond month *after*."""
    owed = owed_periods(plan, indicator, after, as_of)
    for count in range(len(owed), 0, -1):  # due days rise with the periods: the first hit from the end decides
        if figure_due(plan, indicator, owed[count - 1]).day < as_of:
            return Silence(owed[:count], owed[count] if count < len(owed) else None)
    return Silence((), owed[0] if owed else None)


def is_exempt(plan: Plan, department: str, item: str, period: Period) -> bool:
    """Whether the office let *department* off reporting *item* (indicator, task, project) for *period*."""
    return exemption_of(plan, department, item, period) is not None


def exemption_of(plan: Plan, department: str, item: str, period: Period) -> Exemption | None:
    """The decision that lets *department* off reporting *item* for *period*, if there is one."""
    for exemption in plan.rules.exempt:
        if exemption.department == department and exemption.item == item and _covers(exemption.period, period):
            return exemption
    return None


def _all_exempt(plan: Plan, indicator: Indicator, period: Period) -> bool:
    reporters = indicator.reporters
    if not plan.rules.exempt or not reporters:
        return False
    return all(is_exempt(plan, reporter, indicator.id, period) for reporter in reporters)


def _covers(written: str, period: Period) -> bool:
    span = Period.parse(written)
    return span.year == period.year and span.first <= period.first and period.last <= span.last


def _first_period(start: date, frequency: str) -> Period:
    length = {"month": 1, "quarter": 3, "half": 6, "year": 12}[frequency]
    first = (start.month - 1) // length * length + 1
    return Period(start.year, first, first + length - 1)


def working_days_after(day: date, count: int, calendar: Calendar) -> date:
    """The *count*-th working day after *day*; *day* itself when the count is 0."""
    return _nth_working_day(day + timedelta(days=1), count, calendar) if count else day


def _nth_working_day(first: date, count: int, calendar: Calendar) -> date:
    day = first
    while True:
        count -= is_working_day(day, calendar)
        if count == 0:
            return day
        day += timedelta(days=1)
