"""Duties: what each department owes for a period, and by when (plan clause 三（四）, rules.yaml).

Everything is owed in rounds, one a month: a monthly figure, a task and a project in each, a quarterly
figure in the round of months 3, 6, 9 and 12. A figure that is published months after its period
(数据未发布) is owed in the round of the month in which it comes out. Townships own no task and report
no figure, so nothing is due from them. Pure.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.due import Due, figure_due, is_exempt, publication_lag, report_due
from xiangning_zyz.analysis.status import reporting_period
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Plan, Project

DutyKind = Literal["indicator", "task", "project"]

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class Owed(NamedTuple):
    """One thing that one department has to report once."""

    department: str
    kind: DutyKind
    item: str  # indicator, task or project id
    segment: str | None  # set where the office gave a segment a reporter of its own
    due: Due  # with the period reported on, which may be a quarter or a year

    @property
    def period(self) -> Period:
        return self.due.period

    @property
    def name(self) -> str:
        """What the office calls it in rules.yaml: `T01`, `output_value`, `output_value/zisha`."""
        return f"{self.item}/{self.segment}" if self.segment else self.item


def owed(plan: Plan, period: Period) -> tuple[Owed, ...]:
    """All that falls due for the rounds of *period*, exempted or not; by round, department and kind.

    A whole indicator is owed by each of its reporters, a segment only where it has its own reporter:
    a total without its parts is no omission (CONTRACT §6).
    """
    order = {department.id: place for place, department in enumerate(plan.departments)}
    found: list[Owed] = []
    for month in months(period):
        round_ = [*_figures(plan, month), *_tasks(plan, month), *_projects(plan, month)]
        found += sorted(round_, key=lambda each: order.get(each.department, len(order)))
    return tuple(found)


def months(period: Period) -> tuple[Period, ...]:
    """The months of *period*: its rounds."""
    return tuple(Period.month(period.year, month) for month in range(period.first, period.last + 1))


def reporters_on(project: Project) -> tuple[str, ...]:
    """Who reports on *project*: those the office named in rules.yaml, else each responsible department."""
    return project.reporters or project.departments


def is_joint(plan: Plan, duty: Owed) -> bool:
    """Whether several departments owe this together, so that one report is enough.

    Twelve departments stand behind each project of this plan. Where the office has named no reporter,
    asking all twelve for the same words would be paper for paper's sake (domain.md E20).
    """
    if duty.kind != "project":
        return False
    project = plan.project(duty.item)
    return not project.reporters and len(project.departments) > 1


def forms_asked(plan: Plan, as_of: date) -> Counter[str]:
    """How many forms each department was asked for in the year of *as_of*: one a round in which it owes anything.

    Counted by the year in which they are due, up to the last round that has ended. Shown so that
    the office sees the load it lays on each (domain.md E20, 整治形式主义为基层减负若干规定).
    """
    last = reporting_period(plan, as_of)
    rounds = [last.shifted(-back) for back in range(24)] if last else []
    asked = {
        (each.department, month)
        for month in rounds
        for each in owed(plan, month)
        if each.due.day.year == as_of.year and not is_exempt(plan, each.department, each.item, each.period)
    }
    return Counter(department for department, _ in asked)


def _figures(plan: Plan, month: Period) -> Iterator[Owed]:
    for indicator in plan.indicators:
        period = _own_period(plan, indicator, month)
        if period is not None:
            due = figure_due(plan, indicator, period)
            whole = ((department, None) for department in indicator.reporters)
            parts = ((department, segment) for segment, department in indicator.segment_reporters)
            for department, segment in (*whole, *parts):
                yield Owed(department, "indicator", indicator.id, segment, due)


def _own_period(plan: Plan, indicator: Indicator, month: Period) -> Period | None:
    """The period of *indicator* that is reported in the round of *month*; None: nothing is."""
    if indicator.formula:
        return None  # its parts are reported
    last = month.shifted(-publication_lag(plan, indicator))
    length = _MONTHS[indicator.frequency]
    if last.last % length:
        return None
    if indicator.kind == "flow" and length == 1 and last.first == 1:
        return None  # January comes with February (domain.md B3)
    period = Period(last.year, last.last - length + 1, last.last)
    return period if _within(plan, period) else None


def _tasks(plan: Plan, month: Period) -> Iterator[Owed]:
    if _within(plan, month):
        due = report_due(plan.rules.calendar, month)
        for task in plan.tasks:
            for duty in task.departments:
                yield Owed(duty.department, "task", task.id, None, due)


def _projects(plan: Plan, month: Period) -> Iterator[Owed]:
    if _within(plan, month):
        due = report_due(plan.rules.calendar, month)
        for project in plan.projects:
            for department in reporters_on(project):
                yield Owed(department, "project", project.id, None, due)


def _within(plan: Plan, period: Period) -> bool:
    return plan.start <= period.last_day and period.first_day <= plan.end
