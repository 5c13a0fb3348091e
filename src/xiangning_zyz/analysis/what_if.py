"""What if a figure were another: the same judging on assumed figures, which are stored nowhere (假设)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from xiangning_zyz.analysis.known import Known, Reported
from xiangning_zyz.fact import Cell, Observation, Recorded
from xiangning_zyz.figure import plain
from xiangning_zyz.period import SHANGHAI, Period
from xiangning_zyz.plan import Indicator, Plan

MARK = "假设"  # stands where the file and the sender of a reported figure would


class Assumption(NamedTuple):
    """A figure put in the place of whatever was reported for that month; a flow's is cumulative."""

    indicator: str
    value: Decimal  # in the indicator's unit
    month: Period


def assume(plan: Plan, known: Known, assumptions: Sequence[Assumption]) -> Known:
    """What would be known if *assumptions* had been reported, by the one department whose figure counts."""
    observations = dict(known.observations)
    for each in assumptions:
        kept = [fact for fact in observations.get(each.indicator, ()) if not _replaced(fact, each)]
        observations[each.indicator] = [*kept, _figure(plan.indicator(each.indicator), each)]
    return known._replace(observations=observations)


def bears_on(assumption: Assumption, indicator: Indicator) -> bool:
    """Whether *assumption* is about *indicator* or a part of its formula."""
    return assumption.indicator == indicator.id or assumption.indicator in (indicator.formula or ())


def assumed_day(indicator: Indicator, assumptions: Iterable[Assumption], as_of: date) -> date:
    """The day to judge *indicator* on: *as_of*, or the first day on which its assumed figures can be known."""
    return max([as_of, *(each.month.first_day for each in assumptions if bears_on(each, indicator))])


def _replaced(fact: Reported, assumption: Assumption) -> bool:
    what = fact.what
    return what.segment is None and what.basis != "single" and what.period == assumption.month


def _figure(indicator: Indicator, assumption: Assumption) -> Reported:
    what = Observation(
        indicator=indicator.id,
        segment=None,
        period=assumption.month,
        basis="cumulative" if indicator.kind == "flow" else "point",
        value=assumption.value,
        unit=indicator.unit,
        department=indicator.reporters[0] if indicator.reporters else MARK,
        raw_unit=indicator.unit,
        reference=False,
        cell=Cell(MARK, "", MARK, "", plain(assumption.value)),
    )
    day = assumption.month.last_day
    return Recorded(what, 0, datetime.combine(day, time(), SHANGHAI), day)
