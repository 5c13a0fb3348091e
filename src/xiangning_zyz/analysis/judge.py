"""Judging one goal: actual, milestone, gap, pace, state and light, by CONTRACT §7.

Everything is read at the judged period, the latest one reported; the day judged only decides what
is late. Pure: plan and series in, one frozen judgement out. Choices where the contract is silent
stand in docs/decisions/0005.
"""

from datetime import date
from decimal import Decimal, localcontext
from typing import NamedTuple

from xiangning_zyz.analysis.due import Silence, publication_lag, silence
from xiangning_zyz.analysis.judgement import Compared, Judgement, Passed, gap_to, goal_op, meets
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.lights import State, light_of, state_at
from xiangning_zyz.analysis.pace import Pace, is_ceiling, needed_per_month, pace_of
from xiangning_zyz.analysis.plan_line import milestone_month
from xiangning_zyz.analysis.reason import reason_of
from xiangning_zyz.analysis.series import Figure, Series
from xiangning_zyz.analysis.trend import trend_of
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Milestone, Plan


class _Case(NamedTuple):
    """What a verdict rests on."""

    plan: Plan
    indicator: Indicator
    as_of: date
    period: Period | None
    actual: Figure | None
    rivals: tuple[Reported, ...]
    milestone: Milestone | None
    compared: Compared | None
    pace: Pace
    silence: Silence


def judge(plan: Plan, indicator: Indicator, series: Series, as_of: date) -> Judgement:
    """Judge *indicator* as of a day by what its *series* knew."""
    with localcontext(PRECISE):
        case = _case(plan, indicator, series, as_of)
        state = _state(case)
        judgement = Judgement(
            indicator=indicator,
            as_of=as_of,
            period=case.period,
            actual=case.actual,
            rivals=case.rivals,
            milestone=case.milestone,
            compared=case.compared,
            gap=gap_to(case.milestone, case.compared.value) if case.milestone and case.compared else None,
            attainment=_attainment(case.milestone, case.compared),
            pace=case.pace,
            needed_per_month=_needed(case),
            passed=_passed(series, case.milestone),
            trend=trend_of(series),
            silence=case.silence,
            notes=series.notes,
            state=state,
            light=light_of(state),
            reason="",
        )
        return judgement._replace(reason=reason_of(plan, judgement))


def milestone_at(indicator: Indicator, month: Period) -> Milestone | None:
    """The first milestone not before *month*, else the last; None for an indicator without any."""
    ahead = (each for each in indicator.milestones if milestone_month(each) >= month)
    return next(ahead, indicator.milestones[-1] if indicator.milestones else None)


def compare(series: Series, milestone: Milestone, actual: Figure) -> Compared | None:
    """What stands against *milestone*.

    Stock and ratio: the actual. Flow: the cumulative in the milestone's own year, else the last
    complete year's total (the baseline's, if no later one is known); None if there is none.
    """
    own = milestone_month(milestone)
    if series.indicator.kind != "flow":
        return Compared(actual.value, actual.month, actual)
    if own.year == actual.month.year:
        at_own = actual if actual.month <= own else series.figures.get(own.ordinal)
        return Compared(at_own.value, at_own.month, at_own) if at_own else None
    return _last_of(series, 12, actual.month)


def last_alike(series: Series, milestone: Milestone, month: Period) -> Compared | None:
    """A flow's last cumulative up to *month* that covers as many months as *milestone*, for growth between them."""
    return _last_of(series, milestone_month(milestone).last, month)


def _last_of(series: Series, last: int, month: Period) -> Compared | None:
    """The latest cumulative from January to month *last* of a year, up to *month*; the baseline's if none is known."""
    alike = [each for at, each in series.figures.items() if at % 12 + 1 == last and at <= month.ordinal]
    if alike:
        return Compared(alike[-1].value, alike[-1].month, alike[-1])
    baseline = series.indicator.baseline
    if baseline and baseline.period.last == last and baseline.period.last_month <= month:
        return Compared(baseline.value, baseline.period.last_month, None)
    return None


def _case(plan: Plan, indicator: Indicator, series: Series, as_of: date) -> _Case:
    period = None if series.latest is None else Period.at(series.latest)
    month = period or Period.month_of(as_of)
    actual = series.figures.get(month.ordinal)
    milestone = milestone_at(indicator, month)
    return _Case(
        plan=plan,
        indicator=indicator,
        as_of=as_of,
        period=period,
        actual=actual,
        rivals=series.conflicts.get(month.ordinal, ()),
        milestone=milestone,
        compared=compare(series, milestone, actual) if milestone and actual else None,
        pace=_pace(plan, indicator, month, actual, milestone),
        silence=silence(plan, indicator, period, as_of),
    )


def _attainment(milestone: Milestone | None, compared: Compared | None) -> Decimal | None:
    if milestone is None or compared is None or is_ceiling(milestone.op) or not milestone.value:
        return None
    return compared.value / milestone.value


def _pace(plan: Plan, indicator: Indicator, month: Period, actual: Figure | None, milestone: Milestone | None) -> Pace:
    """The pace towards *milestone*; none towards an inferred date, where only the year's target stands."""
    pace = pace_of(plan, indicator, month, actual, goal_op(indicator, milestone))
    if milestone and milestone.basis == "inferred":
        return Pace(None, None, None, None, pace.year)
    return pace


def _needed(case: _Case) -> Decimal | None:
    if case.actual is None:
        return None
    if case.indicator.kind == "flow":
        year = case.pace.year
        return needed_per_month(year.value - case.actual.value, year.months - case.actual.month.last) if year else None
    if case.milestone is None or case.compared is None:
        return None
    months = milestone_month(case.milestone).ordinal - case.actual.month.ordinal
    return needed_per_month(gap_to(case.milestone, case.compared.value), months)


def _state(case: _Case) -> State:
    """The first state that holds, in the contract's order."""
    if case.rivals:
        return "conflict"
    if case.period is None:
        return _unreported(case)
    if case.milestone is None:
        return "no_deadline"
    own = milestone_month(case.milestone)
    if case.period < own and _unpublished(case, own):
        return "not_published"
    if case.milestone.basis == "inferred":
        return "no_deadline"
    if case.period >= own and case.compared is not None and case.compared.month >= own:
        return _at_milestone(case.milestone, case.compared.value)
    return _by_pace(case)


def _unreported(case: _Case) -> State:
    if case.silence.late:
        return "overdue"
    return "not_published" if case.silence.next and publication_lag(case.plan, case.indicator) else "not_due"


def _unpublished(case: _Case, own: Period) -> bool:
    """Whether the milestone's own period is over and its figure cannot be out yet."""
    lag = publication_lag(case.plan, case.indicator)
    return bool(lag) and own.last_day <= case.as_of <= own.shifted(lag).last_day


def _at_milestone(milestone: Milestone, value: Decimal) -> State:
    if meets(milestone, value):
        return "met"
    return "equal_not_above" if value == milestone.value else "missed"


def _by_pace(case: _Case) -> State:
    points, lead = case.pace.points, case.pace.lead
    if points is not None:
        return state_at(points, case.plan.rules.light)
    # Nothing to scale by (equal neighbouring points). At or past the expected value the pace is not
    # negative on any scale, so the state is certain; short of it, it is not.
    if lead is None or lead < 0:
        return "no_baseline"
    return "ahead" if lead > 0 else "on_track"


def _passed(series: Series, current: Milestone | None) -> tuple[Passed, ...]:
    if current is None:
        return ()
    earlier = [each for each in series.indicator.milestones if each.by < current.by]
    return tuple(_passed_one(series, each) for each in earlier)


def _passed_one(series: Series, milestone: Milestone) -> Passed:
    own = milestone_month(milestone).ordinal
    actual = series.figures.get(own)
    if actual is None or milestone.basis == "inferred":
        return Passed(milestone, actual, None)
    if meets(milestone, actual.value):
        return Passed(milestone, actual, "met")
    yearly = series.indicator.kind == "flow"
    later = [figure for month, figure in series.figures.items() if month > own and (not yearly or month % 12 == 11)]
    late = any(meets(milestone, figure.value) for figure in later)
    return Passed(milestone, actual, "met_late" if late else "missed")
