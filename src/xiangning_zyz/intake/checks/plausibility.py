"""Can a figure be right at all: its period, its range, its size beside the last one, its target."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from xiangning_zyz.fact import Fact, Observation
from xiangning_zyz.figure import plain
from xiangning_zyz.intake.checks.series import Series, called, place
from xiangning_zyz.plan import Indicator, Plan
from xiangning_zyz.problem import FUTURE_PERIOD, JUMP_10, JUMP_1000, ON_TARGET, OUT_OF_RANGE, Place, Problem

_JUMP, _UNIT_MISTAKEN = 10, 1000


def future(facts: Sequence[Fact], received: date) -> Iterable[Problem]:
    """A period that begins after the sheet arrived. Offices collect June by 25 June, so June itself is fine."""
    for fact in facts:
        if fact.period.first_day > received:
            where = Place(fact.cell.file, fact.cell.sheet, fact.cell.ref)
            yield FUTURE_PERIOD.at(where, found=fact.period.label, received=received.isoformat())


def out_of_range(plan: Plan, observations: Sequence[Observation]) -> Iterable[Problem]:
    """A value outside the indicator's plausible range (both ends included); parts have the lower end only at 0."""
    for observation in observations:
        bounds = plan.indicator(observation.indicator).range
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


def jumps(plan: Plan, observations: Sequence[Observation], series: Series) -> Iterable[Problem]:
    """A figure 10 or 1,000 times the last one, or a tenth or a thousandth of it.

    Cumulative and single figures are compared per month, so that December against January is no jump.
    Factor 10,000 is 万元 taken for 亿元 (CONTRACT §6: ×1000 or more is a unit mistaken).
    """
    for observation in observations:
        last = series.last_before(observation)
        if last is None or not last.value or not observation.value:
            continue
        factor = abs(_per_month(observation) / _per_month(last))
        factor = max(factor, 1 / factor)
        if factor < _JUMP:
            continue
        kind = JUMP_1000 if factor >= _UNIT_MISTAKEN else JUMP_10
        yield kind.at(
            place(observation),
            found=plain(observation.value) + observation.unit,
            name=called(plan, observation),
            before=f"{plain(last.value)}{last.unit}（{last.period.label}）",
        )


def exactly_on_target(plan: Plan, observations: Sequence[Observation]) -> Iterable[Problem]:
    """A value equal to the milestone it works towards: often the target typed in for the outcome."""
    for observation in observations:
        if observation.segment is None and observation.basis != "single":
            indicator = plan.indicator(observation.indicator)
            if observation.value in _targets(indicator, observation):
                yield ON_TARGET.at(
                    place(observation), found=plain(observation.value), name=indicator.name, unit=observation.unit
                )


def _per_month(observation: Observation) -> Decimal:
    months = {"point": 1, "cumulative": observation.period.last, "single": _length(observation)}[observation.basis]
    return observation.value / months


def _length(observation: Observation) -> int:
    return observation.period.last - observation.period.first + 1


def _targets(indicator: Indicator, observation: Observation) -> list[Decimal]:
    """A flow is held against its own year's milestones, a stock or ratio against the next one."""
    if indicator.kind == "flow":
        return [m.value for m in indicator.milestones if m.by.year == observation.period.year]
    return [m.value for m in indicator.milestones if m.by >= observation.period.last_day][:1]
