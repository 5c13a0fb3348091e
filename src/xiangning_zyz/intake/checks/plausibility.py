"""Can a figure be right at all: its period, its range, its size beside the last one, its target."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from xiangning_zyz.fact import Fact, Observation
from xiangning_zyz.figure import plain
from xiangning_zyz.intake.checks.mention import called, place
from xiangning_zyz.intake.checks.series import Said
from xiangning_zyz.plan import Indicator, Plan
from xiangning_zyz.problem import FUTURE_PERIOD, JUMP_10, JUMP_1000, ON_TARGET, OUT_OF_RANGE, Problem

_JUMP, _UNIT_MISTAKEN = 10, 1000
_OWN_GROWTH = 2  # a cumulative that grows at less than twice its pace grows by its months alone


def future(facts: Sequence[Fact], received: date) -> Iterable[Problem]:
    """A period that begins after the sheet arrived. Offices collect June by 25 June, so June itself is fine."""
    month = (received.year, received.month)
    for fact in facts:
        if (fact.period.year, fact.period.first) > month:
            yield FUTURE_PERIOD.at(place(fact), found=fact.period.label, received=received.isoformat())


def out_of_range(plan: Plan, said: Sequence[Said]) -> Iterable[Problem]:
    """A value outside the indicator's plausible range (both ends included); parts have the lower end only at 0."""
    for observation, indicator, _, _, _ in said:
        bounds = indicator.range
        if bounds is None:
            continue
        low, high = bounds if observation.segment is None else (min(bounds[0], Decimal(0)), bounds[1])
        if not low <= observation.value <= high:
            yield OUT_OF_RANGE.at(
                place(observation),
                found=plain(observation.value),
                name=called(plan, observation),
                unit=observation.unit,
                low=plain(low),
                high=plain(high),
            )


def jumps(plan: Plan, said: Sequence[Said]) -> Iterable[Problem]:
    """A figure 10 or 1,000 times the last one, or a tenth or a thousandth of it; without a last one, that it revises.

    Factor 10,000 is 万元 taken for 亿元 (CONTRACT §6: ×1000 or more is a unit mistaken).
    """
    for observation, _, _, earlier, revised in said:
        last = earlier or revised
        if last is None or not last.value or not observation.value:
            continue
        factor = _factor(observation, last)
        if factor < _JUMP:
            continue
        kind = JUMP_1000 if factor >= _UNIT_MISTAKEN else JUMP_10
        by_month = "" if factor == _times(observation.value, last.value) else "，按月均比较"
        yield kind.at(
            place(observation),
            found=plain(observation.value) + observation.unit,
            name=called(plan, observation),
            before=f"{plain(last.value)}{last.unit}（{last.period.label}{by_month}）",
        )


def exactly_on_target(said: Sequence[Said]) -> Iterable[Problem]:
    """A value equal to the milestone it works towards: often the target typed in for the outcome."""
    for observation, indicator, _, _, _ in said:
        if not indicator.milestones or observation.segment is not None or observation.basis == "single":
            continue
        if observation.value in _targets(indicator, observation):
            yield ON_TARGET.at(
                place(observation), found=plain(observation.value), name=indicator.name, unit=observation.unit
            )


def _factor(now: Observation, last: Observation) -> Decimal:
    """How many times one is the other, at least 1.

    Figures of different lengths are compared per month, so that January after December is no jump, nor
    June after January of the same year.
    """
    times = _times(now.value, last.value)
    months, before = _months(now), _months(last)
    if months == before:
        return times
    grows = now.basis == "cumulative" and now.period.year == last.period.year
    if grows and times < _OWN_GROWTH:
        return times
    per_month = _times(now.value * before, last.value * months)
    return times if grows and per_month >= _OWN_GROWTH else per_month


def _times(one: Decimal, other: Decimal) -> Decimal:
    one, other = abs(one), abs(other)
    return one / other if one > other else other / one


def _months(observation: Observation) -> int:
    period, basis = observation.period, observation.basis
    if basis == "cumulative":
        return period.last
    return 1 if basis == "point" else period.last - period.first + 1


def _targets(indicator: Indicator, observation: Observation) -> list[Decimal]:
    """A flow is held against its own year's milestones, a stock or ratio against the next one."""
    if indicator.kind == "flow":
        return [m.value for m in indicator.milestones if m.by.year == observation.period.year]
    return [m.value for m in indicator.milestones if m.by >= observation.period.last_day][:1]
