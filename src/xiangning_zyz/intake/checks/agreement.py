"""Do figures agree with each other: parts and total, months and cumulative, a ratio and its parts."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from xiangning_zyz.fact import Basis, Observation
from xiangning_zyz.figure import plain, rounded
from xiangning_zyz.intake.checks.series import Series, called, half_last_digit, place
from xiangning_zyz.plan import Indicator, Plan
from xiangning_zyz.problem import (
    CUMULATIVE_FALLS,
    PARTS_AGAINST_TOTAL,
    RATIO_AGAINST_PARTS,
    SUM_OF_MONTHS,
    Problem,
)


def parts_against_total(plan: Plan, observations: Sequence[Observation], series: Series) -> Iterable[Problem]:
    """A total against the sum of its segments, once all segments are known.

    They agree within half a last digit per part: yearbooks print 分项之和 that differ from the
    合计 by rounding alone, and say so. A missing segment is no disagreement.
    """
    seen = set()
    for observation in observations:
        indicator = plan.indicator(observation.indicator)
        group = (observation.indicator, observation.basis, observation.period)
        if not indicator.segments or observation.reference or group in seen:
            continue
        seen.add(group)
        total = series.at(indicator.id, None, observation.basis, observation.period)
        parts = [series.at(indicator.id, s, observation.basis, observation.period) for s in indicator.segments]
        known = [part for part in parts if part is not None]
        if total is None or len(known) < len(parts) or _agree(total, known):
            continue
        where = place(total if total in observations else observation)
        found, added = plain(total.value), plain(sum((part.value for part in known), Decimal(0)))
        yield PARTS_AGAINST_TOTAL.at(where, found=found, name=indicator.name, sum=added)


def sum_of_months(
    plan: Plan, observations: Sequence[Observation], carried: Sequence[Observation], series: Series
) -> Iterable[Problem]:
    """上月累计 + 本月 = 本月累计, where all three are known (it should hold in practice, and often breaks).

    The sheet's own 上月累计 is taken where it has one, else what was reported last month.
    """
    repeated = {(o.indicator, o.segment, o.period): o for o in carried}
    for observation in observations:
        if observation.basis != "cumulative" or observation.period.last == 1:
            continue
        period = observation.period
        last = period.shifted(-1)
        before = repeated.get((observation.indicator, observation.segment, last)) or series.at(
            observation.indicator, observation.segment, "cumulative", last
        )
        single = series.at(observation.indicator, observation.segment, "single", period)
        if before is None or single is None or _agree(observation, [before, single]):
            continue
        yield SUM_OF_MONTHS.at(
            place(observation),
            found=plain(observation.value),
            name=called(plan, observation),
            before=plain(before.value),
            single=plain(single.value),
        )


def falling_cumulative(plan: Plan, observations: Sequence[Observation], series: Series) -> Iterable[Problem]:
    """A cumulative figure below an earlier one of the same year: legal only as a revision with a reason."""
    for observation in observations:
        if observation.basis != "cumulative":
            continue
        key = (observation.indicator, observation.segment, observation.basis)
        same_year = [
            o
            for p, o in series.now.get(key, {}).items()
            if p.year == observation.period.year and p < observation.period
        ]
        last = max(same_year, key=lambda o: o.period, default=None)
        if last is not None and observation.value < last.value:
            yield CUMULATIVE_FALLS.at(
                place(observation),
                found=plain(observation.value),
                name=called(plan, observation),
                before=f"{plain(last.value)}（{last.period.label}）",
            )


def ratio_against_parts(plan: Plan, observations: Sequence[Observation], series: Series) -> Iterable[Problem]:
    """A reported ratio against the one computed from its parts, at the reported one's own decimals."""
    for observation in observations:
        indicator = plan.indicator(observation.indicator)
        if indicator.formula is None or observation.segment is not None:
            continue
        computed = _computed(plan, indicator, indicator.formula, observation, series)
        if computed is None:
            continue
        exponent = observation.value.as_tuple().exponent
        decimals = max(-exponent, 0) if isinstance(exponent, int) else 0
        if rounded(computed, decimals) != rounded(observation.value, decimals):
            top, bottom = (plan.indicator(part).name for part in indicator.formula)
            yield RATIO_AGAINST_PARTS.at(
                place(observation),
                found=plain(observation.value) + indicator.unit,
                name=indicator.name,
                formula=f"{top}÷{bottom}",
                computed=rounded(computed, decimals) + indicator.unit,
            )


def _agree(total: Observation, parts: Sequence[Observation]) -> bool:
    difference = abs(total.value - sum((part.value for part in parts), Decimal(0)))
    tolerance = sum((half_last_digit(part.value) for part in parts), Decimal(0))
    return difference <= max(tolerance, half_last_digit(total.value))


def _computed(
    plan: Plan, indicator: Indicator, formula: tuple[str, str], observation: Observation, series: Series
) -> Decimal | None:
    """Numerator over denominator of the ratio's own year, in its unit (% multiplies by 100); None if unknown."""
    values = []
    for part in formula:
        basis: Basis = "cumulative" if plan.indicator(part).kind == "flow" else "point"
        found = series.at(part, None, basis, observation.period)
        if found is None:
            return None
        values.append(found.value)
    if not values[1]:
        return None
    return values[0] / values[1] * (100 if indicator.unit == "%" else 1)
