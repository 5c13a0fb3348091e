"""Do figures agree with each other: parts and total, months and cumulative, a ratio and its parts."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext

from xiangning_zyz.fact import Basis, Observation
from xiangning_zyz.figure import PRECISE, plain, rounded
from xiangning_zyz.intake.checks.mention import called, place
from xiangning_zyz.intake.checks.series import Said, Series
from xiangning_zyz.plan import Indicator, Plan
from xiangning_zyz.problem import (
    CUMULATIVE_FALLS,
    PARTS_AGAINST_TOTAL,
    RATIO_AGAINST_PARTS,
    SUM_OF_MONTHS,
    Problem,
)


def parts_against_total(series: Series) -> Iterable[Problem]:
    """A total against the sum of its segments, once all segments are known.

    They agree within half a last digit per part: yearbooks print 分项之和 that differ from the
    合计 by rounding alone, and say so. A missing segment is no disagreement.
    """
    seen = set()
    for observation, indicator, _, _, _ in series.said:
        if not indicator.segments or observation.reference:
            continue
        group = (observation.indicator, observation.basis, observation.period)
        if group in seen:
            continue
        seen.add(group)
        whole, basis, period, department = indicator.id, observation.basis, observation.period, observation.department
        total = series.at(whole, None, basis, period, department)
        parts = [part for each in indicator.segments if (part := series.at(whole, each, basis, period, department))]
        if total is None or len(parts) < len(indicator.segments) or _agree(total, parts):
            continue
        yield PARTS_AGAINST_TOTAL.at(
            place(total if total.cell.sha256 == observation.cell.sha256 else observation),
            found=plain(total.value) + total.unit,
            name=f"{indicator.name}（{observation.period.label}）",
            sum=plain(sum((part.value for part in parts), Decimal(0))) + total.unit,
        )


def sum_of_months(plan: Plan, carried: Sequence[Observation], series: Series) -> Iterable[Problem]:
    """上月累计 + 本月 = 本月累计, where all three are known (it should hold in practice, and often breaks).

    The sheet's own 上月累计 is taken where it has one, else what was reported last month.
    """
    repeated = {(o.indicator, o.segment, o.period): o for o in carried if o.basis == "cumulative"}
    for observation, _, _, earlier, _ in series.said:
        indicator, segment, period = observation.indicator, observation.segment, observation.period
        if observation.basis != "cumulative" or period.last == 1:
            continue
        last = period.shifted(-1)
        before = repeated.get((indicator, segment, last)) or earlier
        single = series.at(indicator, segment, "single", period, observation.department)
        if before is None or before.period != last or single is None or _agree(observation, [before, single]):
            continue
        yield SUM_OF_MONTHS.at(
            place(observation),
            found=plain(observation.value) + observation.unit,
            name=called(plan, observation),
            before=plain(before.value),
            single=plain(single.value),
        )


def falling_cumulative(plan: Plan, said: Sequence[Said]) -> Iterable[Problem]:
    """A cumulative figure below an earlier one of the same year: legal only as a revision with a reason."""
    for observation, _, _, last, _ in said:
        if observation.basis != "cumulative" or last is None:
            continue
        if last.period.year == observation.period.year and observation.value < last.value:
            yield CUMULATIVE_FALLS.at(
                place(observation),
                found=plain(observation.value) + observation.unit,
                name=called(plan, observation),
                before=f"{plain(last.value)}{last.unit}（{last.period.label}）",
            )


def ratio_against_parts(plan: Plan, observations: Sequence[Observation], series: Series) -> Iterable[Problem]:
    """A reported ratio against the one computed from its parts, at the reported one's own decimals.

    Looked at when any of the three comes in, and shown where it stands in this file.
    """
    ratios = [(each, (each.id, *each.formula)) for each in plan.indicators if each.formula is not None]
    seen = set()
    for observation in observations if ratios else ():
        if observation.segment:
            continue
        for ratio, related in ratios:
            about = (ratio.id, observation.period)
            if observation.indicator not in related or about in seen:
                continue
            seen.add(about)
            stated = series.at(ratio.id, None, "point", observation.period, observation.department)
            computed = _computed(plan, ratio, observation, series)
            if stated is None or computed is None:
                continue
            decimals = max(-_last_digit(stated.value), 0)
            if rounded(computed, decimals) != rounded(stated.value, decimals):
                top, bottom = (plan.indicator(part).name for part in ratio.formula or ())
                yield RATIO_AGAINST_PARTS.at(
                    place(stated if stated.cell.sha256 == observation.cell.sha256 else observation),
                    found=plain(stated.value) + ratio.unit,
                    name=ratio.name,
                    formula=f"{top}÷{bottom}",
                    computed=rounded(computed, decimals) + ratio.unit,
                )


def _agree(total: Observation, parts: Sequence[Observation]) -> bool:
    """Whether *total* is the sum of *parts* within half a last digit per part.

    A number cell keeps no trailing zeros (1.30 is stored as 1.3), so of parts in one unit the finest
    tells to how many digits all of them were reported.
    """
    difference = abs(total.value - sum([part.value for part in parts]))
    if not difference:
        return True
    last: dict[str, int] = {}
    for part in parts:
        digit = _last_digit(part.value)
        last[part.raw_unit] = min(digit, last.get(part.raw_unit, digit))
    return difference <= sum((Decimal(5).scaleb(last[part.raw_unit] - 1) for part in parts), Decimal(0))


def _last_digit(value: Decimal) -> int:
    """The power of ten of the last digit that was reported: 4.48 → −2, 41200 → 0."""
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _computed(plan: Plan, ratio: Indicator, observation: Observation, series: Series) -> Decimal | None:
    """Numerator over denominator of the ratio's own year, in its unit (% multiplies by 100); None if unknown."""
    values = []
    for part in ratio.formula or ():
        basis: Basis = "cumulative" if plan.indicator(part).kind == "flow" else "point"
        found = series.at(part, None, basis, observation.period, observation.department)
        if found is None:
            return None
        values.append(found.value)
    if not values[1]:
        return None
    with localcontext(PRECISE):
        return values[0] / values[1] * (100 if ratio.unit == "%" else 1)
