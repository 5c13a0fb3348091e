"""One fact said twice: within a workbook, by two departments of record, or beside the one of record."""

from collections.abc import Iterable, Sequence

from xiangning_zyz.analysis.words import difference_unit
from xiangning_zyz.fact import Fact, Observation
from xiangning_zyz.figure import plain
from xiangning_zyz.intake.checks.known import Key, Keyed
from xiangning_zyz.intake.checks.mention import called, place
from xiangning_zyz.intake.checks.series import Said
from xiangning_zyz.intake.facts.answerable import reporters
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import CONFLICT, REFERENCE_ONLY, TWICE, Problem


def said_twice(plan: Plan, facts: Sequence[Keyed]) -> Iterable[Problem]:
    """The same fact in two cells with different values; equal repetitions are harmless."""
    first: dict[Key, Fact] = {}
    for key, fact in facts:
        other = first.setdefault(key, fact)
        if other is not fact and _content(other) != _content(fact):
            yield TWICE.at(
                place(fact),
                found=fact.cell.raw,
                name=called(plan, fact),
                period=fact.period.label,
                first=f"{other.cell.sheet}!{other.cell.ref}",
                before=other.cell.raw,
            )


def conflicts(plan: Plan, said: Sequence[Said]) -> Iterable[Problem]:
    """Two departments of record with different values for one fact: both are kept until `zyz resolve`."""
    for observation, _, reports, _, _ in said:
        if observation.reference:
            continue
        for other in reports.values():
            if other.department != observation.department and other.value != observation.value:
                yield CONFLICT.at(
                    place(observation),
                    found=plain(observation.value) + observation.unit,
                    name=f"{called(plan, observation)}（{observation.period.label}）",
                    other=other.department,
                    before=plain(other.value) + other.unit,
                )


def references(plan: Plan, said: Sequence[Said]) -> Iterable[Problem]:
    """A figure that counts for nothing (参考), beside the one of record where that is known."""
    for observation, indicator, reports, _, _ in said:
        if not observation.reference:
            continue
        compared = "；".join(_compared(observation, each) for each in reports.values())
        yield REFERENCE_ONLY.at(
            place(observation),
            found=plain(observation.value) + observation.unit,
            name=called(plan, observation),
            department=observation.department,
            reporters="、".join(reporters(indicator, observation.segment)),
            compared=f"（{compared}）" if compared else "",
        )


def _compared(reference: Observation, other: Observation) -> str:
    """`县工信局报 4.12亿元，高 0.3亿元`."""
    difference = reference.value - other.value
    if not difference:
        return f"与{other.department}所报一致"
    more = "高" if difference > 0 else "低"
    size = plain(abs(difference)) + difference_unit(other.unit)
    return f"{other.department}报 {plain(other.value)}{other.unit}，{more} {size}"


def _content(fact: Fact) -> object:
    return fact.value if isinstance(fact, Observation) else fact.fields
