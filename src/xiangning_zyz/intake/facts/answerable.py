"""Whose figure counts: the reporter of record, 参考 from a department on a bound task, nobody else's."""

from typing import Literal

from xiangning_zyz.plan import Indicator, Plan

Standing = Literal["record", "reference", "not answerable"]


def standing(plan: Plan, indicator: Indicator, segment: str | None, department: str) -> Standing:
    """What *department*'s figure of *indicator* is worth (CONTRACT §6: one indicator has one reporter).

    Where no reporter is declared, every department on a bound task is of record, and where no task
    is bound either, every department.
    """
    declared = reporters(indicator, segment)
    if department in declared:
        return "record"
    bound = bound_departments(plan, indicator)
    if not declared and (department in bound or not bound):
        return "record"
    return "reference" if department in bound else "not answerable"


def reporters(indicator: Indicator, segment: str | None) -> tuple[str, ...]:
    """The departments declared for an indicator, or for one segment of it."""
    own = tuple(department for part, department in indicator.segment_reporters if part == segment)
    return own or indicator.reporters


def bound_departments(plan: Plan, indicator: Indicator) -> frozenset[str]:
    """Departments that stand on a task to which the indicator is bound, from either file."""
    return frozenset(
        duty.department
        for task in plan.tasks
        if task.id in indicator.tasks or indicator.id in task.indicators
        for duty in task.departments
    )
