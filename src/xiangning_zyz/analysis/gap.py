"""Gap analysis of one goal (CONTRACT §7).

To each milestone how much is missing, the pace it needs and the pace there is, where the goal is
heading, where the change came from, and who answers for it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.changes import Change, change_of
from xiangning_zyz.analysis.forecast import Outlook, outlook
from xiangning_zyz.analysis.judge import compare, judge, last_alike, milestone_at
from xiangning_zyz.analysis.judgement import Compared, Judgement, gap_to
from xiangning_zyz.analysis.known import Known, Reported
from xiangning_zyz.analysis.opinions import Method, Opinion, Shaky, opinions, shaky
from xiangning_zyz.analysis.pace import needed_per_month
from xiangning_zyz.analysis.plan_line import milestone_month
from xiangning_zyz.analysis.series import Figure, Series, reporters_of, series
from xiangning_zyz.analysis.status import reporting_period
from xiangning_zyz.analysis.what_if import Assumption, assume, assumed_day, bears_on
from xiangning_zyz.fact import Record, Recorded
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Milestone, Plan

To = Literal["next", "final"] | date | None
_Word = Recorded[Record] | Reported


class MilestoneGap(NamedTuple):
    """What one milestone still asks for."""

    milestone: Milestone
    compared: Compared | None
    gap: Decimal | None
    needed_per_month: Decimal | None  # for a flow: the monthly average of the milestone's year
    needed_growth: Decimal | None  # a year, as a fraction: 0.1 is 10 %


class Observed(NamedTuple):
    """The pace there was: the last 12 months, or since the first value."""

    per_month: Decimal | None  # stock, ratio: change a month; flow: its monthly average
    growth: Decimal | None  # a year, as a fraction
    since: Period | None  # the month looked back to; a flow's first month counted


class SegmentPart(NamedTuple):
    """One segment's part in the change since the same period last year."""

    segment: str | None  # None: what the reported segments do not explain
    name: str
    value: Decimal | None
    previous: Decimal | None
    change: Decimal


class Responsible(NamedTuple):
    """A department bound to the goal, and its last word on the goal or the task."""

    task: str | None  # None: it only reports the figure
    department: str
    period: Period | None  # of its last report
    received: date | None
    age: int | None  # whole months from that period's end to the last month that is over


class Gap(NamedTuple):
    """The gap analysis of one goal; what stands after `responsible` only where it was asked for."""

    judgement: Judgement
    milestones: tuple[MilestoneGap, ...]  # the judged one and all after it
    observed: Observed
    outlook: Outlook  # at those milestones
    segments: tuple[SegmentPart, ...]  # changes sum exactly to the total's change
    responsible: tuple[Responsible, ...]
    change: Change | None = None
    opinions: tuple[Opinion, ...] = ()
    shaky: tuple[Shaky, ...] = ()
    what_if: "Gap | None" = None  # the same on assumed figures; None: the assumptions do not bear on it


def gap(plan: Plan, indicator: Indicator, known: Known, as_of: date, to: To = None) -> Gap:
    """Analyse the gap of *indicator*; *to* keeps only the next, the final, or the milestone in force on a day."""
    with localcontext(PRECISE):
        found = series(plan, indicator, known, as_of)
        judgement = judge(plan, indicator, found, as_of)
        asked = _asked(judgement, to)
        return Gap(
            judgement=judgement,
            milestones=tuple(_milestone_gap(found, judgement, each) for each in asked),
            observed=_observed(found),
            outlook=outlook(found, asked),
            segments=_segments(plan, found, known, as_of),
            responsible=_responsible(plan, indicator, known, as_of),
        )


def with_change(plan: Plan, given: Gap, known: Known, versions: Sequence[Reported], as_of: date) -> Gap:
    """*given* with what changed since the previous period; *versions* is its figures' and their parts' history."""
    with localcontext(PRECISE):
        found = series(plan, given.judgement.indicator, known, as_of)
        return given._replace(change=change_of(plan, found, versions, as_of))


def with_opinions(plan: Plan, given: Gap, known: Known, methods: Sequence[Method], as_of: date) -> Gap:
    """*given* with the opinions of *methods*; with more than one also how firmly the verdict stands."""
    with localcontext(PRECISE):
        found = series(plan, given.judgement.indicator, known, as_of)
    said = opinions(found, given.judgement, methods)
    return given._replace(
        opinions=said, shaky=shaky(plan, known, given.judgement, said, as_of) if len(said) > 1 else ()
    )


def with_assumptions(plan: Plan, given: Gap, known: Known, assumptions: Sequence[Assumption], as_of: date) -> Gap:
    """*given* with the same analysis on assumed figures beside it, where they bear on it."""
    indicator = given.judgement.indicator
    if not any(bears_on(each, indicator) for each in assumptions):
        return given
    supposed = gap(plan, indicator, assume(plan, known, assumptions), assumed_day(indicator, assumptions, as_of))
    return given._replace(what_if=supposed)


def _asked(judgement: Judgement, to: To) -> Sequence[Milestone]:
    current = judgement.milestone
    if current is None:
        return ()
    ahead = [each for each in judgement.indicator.milestones if each.by >= current.by]
    if to == "next":
        return ahead[:1]
    if to == "final":
        return ahead[-1:]
    if to is None:
        return ahead
    wanted = milestone_at(judgement.indicator, Period.month_of(to))
    return [each for each in ahead if each == wanted]


def _milestone_gap(found: Series, judgement: Judgement, milestone: Milestone) -> MilestoneGap:
    actual = judgement.actual
    compared = compare(found, milestone, actual) if actual else None
    if actual is None or compared is None:
        return MilestoneGap(milestone, compared, None, _average_needed(milestone, found, actual), None)
    missing = gap_to(milestone, compared.value)
    if found.indicator.kind == "flow":
        needed = _average_needed(milestone, found, actual)
        growth = _growth_needed(milestone, last_alike(found, milestone, actual.month))
    else:
        needed = needed_per_month(missing, milestone_month(milestone).ordinal - actual.month.ordinal)
        growth = _growth_needed(milestone, compared)
    return MilestoneGap(milestone, compared, missing, needed, growth)


def _average_needed(milestone: Milestone, found: Series, actual: Figure | None) -> Decimal | None:
    """A flow's: what is left of its year over the months left; a later year's, all of it over all its months."""
    own = milestone_month(milestone)
    if actual is None or found.indicator.kind != "flow" or own < actual.month:
        return None
    if own.year > actual.month.year:
        return needed_per_month(milestone.value, own.last)
    return needed_per_month(milestone.value - actual.value, own.last - actual.month.last)


def _growth_needed(milestone: Milestone, base: Compared | None) -> Decimal | None:
    """Yearly growth from *base* to the milestone; 0 when nothing is missing, None from zero or below."""
    if base is None:
        return None
    if gap_to(milestone, base.value) <= 0:
        return Decimal(0)
    return _yearly(base.value, milestone.value, milestone_month(milestone).ordinal - base.month.ordinal)


def _yearly(start: Decimal, end: Decimal, months: int) -> Decimal | None:
    """(end / start) ^ (12 / months) − 1."""
    if start <= 0 or end < 0 or months <= 0:
        return None
    ratio = end / start
    return ratio - 1 if months == 12 else ratio ** (Decimal(12) / months) - 1


def _observed(found: Series) -> Observed:
    if not found.figures:
        return Observed(None, None, None)
    latest = found.figures[max(found.figures)]
    return _observed_flow(found, latest) if found.indicator.kind == "flow" else _observed_level(found, latest)


def _observed_level(found: Series, latest: Figure) -> Observed:
    """Change since the last value at least 12 months old, else since the first."""
    earlier = [figure for ordinal, figure in found.figures.items() if ordinal < latest.month.ordinal]
    if not earlier:
        return Observed(None, None, None)
    old = [figure for figure in earlier if latest.month.ordinal - figure.month.ordinal >= 12]
    base = old[-1] if old else earlier[0]
    months = latest.month.ordinal - base.month.ordinal
    return Observed((latest.value - base.value) / months, _yearly(base.value, latest.value, months), base.month)


def _observed_flow(found: Series, latest: Figure) -> Observed:
    """Monthly average of the last 12 months where last year is known, else of this year so far; growth 同比."""
    month = latest.month
    year_ago = found.figures.get(month.ordinal - 12)
    last_total = found.figures.get(month.ordinal - month.last)
    growth = _yearly(year_ago.value, latest.value, 12) if year_ago else None
    if month.last == 12:
        return Observed(latest.value / 12, growth, Period.month(month.year, 1))
    if year_ago and last_total:
        rolling = latest.value + last_total.value - year_ago.value
        return Observed(rolling / 12, growth, Period.at(month.ordinal - 11))
    return Observed(latest.value / month.last, growth, Period.month(month.year, 1))


def _segments(plan: Plan, found: Series, known: Known, as_of: date) -> tuple[SegmentPart, ...]:
    """Each segment's change since the same period last year, and what they leave unexplained.

    The changes of ratios do not add up to the whole's, so a ratio has no parts.
    """
    latest = found.latest
    now, before = found.figures.get(latest or 0), found.figures.get((latest or 0) - 12)
    if now is None or before is None or found.indicator.kind == "ratio":
        return ()
    parts = []
    for segment in found.indicator.segments:
        figures = series(plan, found.indicator, known, as_of, segment).figures
        this, last = figures.get(now.month.ordinal), figures.get(before.month.ordinal)
        if this and last:
            name = plan.segment(segment).name
            parts.append(SegmentPart(segment, name, this.value, last.value, this.value - last.value))
    if not parts:
        return ()
    rest = now.value - before.value - sum(part.change for part in parts)
    if rest:
        parts.append(SegmentPart(None, "未分解", None, None, rest))
    return tuple(parts)


def _responsible(plan: Plan, indicator: Indicator, known: Known, as_of: date) -> tuple[Responsible, ...]:
    bound = [task for task in plan.tasks if task.id in indicator.tasks or indicator.id in task.indicators]
    reports = [each for each in known.records if each.what.kind == "task"]
    measured = (indicator, *map(plan.indicator, indicator.formula or ()))
    figures = [each for part in measured for each in known.observations.get(part.id, ())]
    answering: list[tuple[str | None, str, Sequence[_Word]]] = []
    for task in bound:
        about = [each for each in reports if each.what.subject == task.id]
        answering += [(task.id, duty.department, [*about, *figures]) for duty in task.departments]
    named = {department for _, department, _ in answering}
    reporters = dict.fromkeys(reporter for part in measured for reporter in reporters_of(part))
    answering += [(None, each, figures) for each in reporters if each not in named]
    over = reporting_period(plan, as_of)
    return tuple(_last_word(task, department, words, over, as_of) for task, department, words in answering)


def _last_word(
    task: str | None, department: str, words: Sequence[_Word], over: Period | None, as_of: date
) -> Responsible:
    own = [each for each in words if each.what.department == department and each.what.period.first_day <= as_of]
    if not own:
        return Responsible(task, department, None, None, None)
    last = max(own, key=lambda each: (each.what.period.ordinal, each.received))
    age = max(over.ordinal - last.what.period.ordinal, 0) if over else None
    return Responsible(task, department, last.what.period, last.received, age)
