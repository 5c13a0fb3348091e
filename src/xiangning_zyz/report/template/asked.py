"""What a template asks of one department for one period: its own figures, tasks and projects, no more."""

from typing import NamedTuple

from xiangning_zyz.analysis.due import is_exempt, publication_lag
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Plan, Project, Task
from xiangning_zyz.supervision.duties import reporters_on

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class Figure(NamedTuple):
    """One figure to report: an indicator, whole or of one segment."""

    indicator: Indicator
    segment: str | None


class Asked(NamedTuple):
    """All that one department is asked for one period; exempted items are left out."""

    figures: tuple[Figure, ...]
    tasks: tuple[Task, ...]
    projects: tuple[Project, ...]

    @property
    def nothing(self) -> bool:
        return not (self.figures or self.tasks or self.projects)


def asked(plan: Plan, department: str, period: Period) -> Asked:
    """The figures, tasks and projects that *department* reports for *period*.

    A monthly figure is asked every month, a quarterly one in months 3, 6, 9 and 12, a yearly one in
    December. One that is published months later cannot be known by then: only a template of its own
    length (`2023`, `2024-Q3`) asks for it. A ratio with a formula is never asked; its parts are.
    """
    figures = tuple(
        Figure(indicator, segment)
        for indicator in plan.indicators
        if _asked_for(plan, indicator, period) and not is_exempt(plan, department, indicator.id, period)
        for segment in _segments(indicator, department)
    )
    tasks = tuple(
        task
        for task in plan.tasks
        if any(duty.department == department for duty in task.departments)
        and not is_exempt(plan, department, task.id, period)
    )
    projects = tuple(
        project
        for project in plan.projects
        if department in reporters_on(project) and not is_exempt(plan, department, project.id, period)
    )
    return Asked(figures, tasks, projects)


def _asked_for(plan: Plan, indicator: Indicator, period: Period) -> bool:
    if indicator.formula:
        return False
    if indicator.frequency == period.frequency:
        return True
    own, given = _MONTHS[indicator.frequency], _MONTHS[period.frequency]
    return own > given and period.last % own == 0 and not publication_lag(plan, indicator)


def _segments(indicator: Indicator, department: str) -> list[str | None]:
    """The whole (None) and the segments for which *department* is the reporter (数据归口单位)."""
    special = dict(indicator.segment_reporters)
    whole = department in indicator.reporters
    parts = [
        segment for segment in indicator.segments if (department == special[segment] if segment in special else whole)
    ]
    return [None, *parts] if whole else list(parts)
