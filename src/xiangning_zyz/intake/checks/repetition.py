"""One fact said twice: within a workbook, or by two departments of record."""

from collections.abc import Iterable, Sequence

from xiangning_zyz.fact import Fact, Observation
from xiangning_zyz.figure import plain
from xiangning_zyz.intake.checks.series import called, place
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import CONFLICT, TWICE, Place, Problem


def said_twice(plan: Plan, facts: Sequence[Fact]) -> Iterable[Problem]:
    """The same fact in two cells with different values; equal repetitions are harmless."""
    first: dict[tuple[str, ...], Fact] = {}
    for fact in facts:
        other = first.setdefault(fact.key, fact)
        if _content(other) != _content(fact):
            name = called(plan, fact) if isinstance(fact, Observation) else fact.subject
            yield TWICE.at(
                Place(fact.cell.file, fact.cell.sheet, fact.cell.ref),
                found=fact.cell.raw,
                name=name,
                period=fact.period.label,
                first=f"{other.cell.sheet}!{other.cell.ref}",
                before=other.cell.raw,
            )


def conflicts(plan: Plan, observations: Sequence[Observation], known: Sequence[Observation]) -> Iterable[Problem]:
    """Two departments of record with different values for one fact: both are kept until `zyz resolve`."""
    others: dict[tuple[object, ...], list[Observation]] = {}
    for observation in known:
        if not observation.reference:
            others.setdefault(_series_key(observation), []).append(observation)
    for observation in observations:
        if observation.reference:
            continue
        for other in others.get(_series_key(observation), ()):
            if other.department != observation.department and other.value != observation.value:
                yield CONFLICT.at(
                    place(observation),
                    found=plain(observation.value),
                    name=called(plan, observation),
                    other=other.department,
                    before=plain(other.value),
                )


def _content(fact: Fact) -> object:
    return fact.value if isinstance(fact, Observation) else fact.fields


def _series_key(observation: Observation) -> tuple[object, ...]:
    return (observation.indicator, observation.segment, observation.period, observation.basis)
