"""The whole of `zyz status`: every goal, every task, and who has reported (CONTRACT §7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, localcontext
from itertools import chain
from typing import NamedTuple

from xiangning_zyz.analysis.due import Due, is_exempt, publication_lag, report_due
from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.known import Known, Reported
from xiangning_zyz.analysis.lights import rule_words
from xiangning_zyz.analysis.series import reporters_of, series
from xiangning_zyz.fact import Record, Recorded, Verdict
from xiangning_zyz.figure import PRECISE, decimal
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Plan, QualitativeGoal, Task

TaskReport = Recorded[Record]


class QualitativeStatus(NamedTuple):
    """A qualitative goal and the last verdict a person recorded on it."""

    goal: QualitativeGoal
    last: Verdict | None


class TaskStatus(NamedTuple):
    """How many of a task's departments reported on it for the period, and how far it has come."""

    task: Task
    reported: tuple[str, ...]
    due: tuple[str, ...]
    percent: Decimal | None  # the lead's last word, else the mean of all departments' last words


class Reporting(NamedTuple):
    """Who owed reports for the period, and who sent any; departments in the plan's order."""

    period: Period
    due_day: Due
    due: tuple[str, ...]
    reported: tuple[str, ...]
    late: tuple[str, ...]  # reported, but received after the due day (迟报)
    missing: tuple[str, ...]


class Status(NamedTuple):
    """Everything on the status screen."""

    plan: Plan
    as_of: date
    known_at: datetime | None  # None: all that the ledger holds
    targets: tuple[Judgement, ...]
    qualitative: tuple[QualitativeStatus, ...]
    tasks: tuple[TaskStatus, ...]
    reporting: Reporting | None  # None before the plan's first month is over
    rule: str  # printed under the table


def status(plan: Plan, known: Known, as_of: date, known_at: datetime | None = None) -> Status:
    """Judge the whole plan as of a day, by what was *known*; *known_at* says at which moment."""
    with localcontext(PRECISE):
        period = reporting_period(plan, as_of)
        return Status(
            plan=plan,
            as_of=as_of,
            known_at=known_at,
            targets=tuple(judge(plan, each, series(plan, each, known, as_of), as_of) for each in goals(plan)),
            qualitative=_qualitative(plan, known),
            tasks=task_statuses(plan, known.records, period, as_of),
            reporting=_reporting(plan, known, period) if period else None,
            rule=rule_words(plan.rules),
        )


def goals(plan: Plan) -> tuple[Indicator, ...]:
    """The indicators something is demanded of; the parts of ratios are none."""
    decided = {each.indicator for each in plan.rules.annual_targets}
    return tuple(each for each in plan.indicators if each.milestones or each.trend or each.id in decided)


def reporting_period(plan: Plan, as_of: date) -> Period | None:
    """The last month of the plan that has ended by *as_of*."""
    month = Period.month_of(as_of)
    ended = month if month.last_day == as_of else month.shifted(-1)
    period = min(ended, Period.month_of(plan.end))
    return period if period >= Period.month_of(plan.start) else None


def _qualitative(plan: Plan, known: Known) -> tuple[QualitativeStatus, ...]:
    last: dict[str, Verdict] = {}
    for each in known.verdicts:
        last.setdefault(each.what.goal, each.what)
    return tuple(QualitativeStatus(goal, last.get(goal.id)) for goal in plan.qualitative)


def task_statuses(
    plan: Plan, records: Iterable[TaskReport], period: Period | None, as_of: date
) -> tuple[TaskStatus, ...]:
    """How far each task has come by *as_of*, and who has reported on it for *period*."""
    reports: dict[str, list[TaskReport]] = defaultdict(list)
    for each in records:
        if each.what.kind == "task" and each.what.period.first_day <= as_of:
            reports[each.what.subject].append(each)
    return tuple(_task(plan, task, reports[task.id], period) for task in plan.tasks)


def _task(plan: Plan, task: Task, reports: Sequence[TaskReport], period: Period | None) -> TaskStatus:
    ordered = sorted(reports, key=lambda each: (each.what.period.ordinal, each.import_id))
    last = {each.what.department: each.what for each in ordered}
    now = {each.what.department for each in ordered if period and each.what.period.last_month == period}
    owing = [
        duty.department for duty in task.departments if period and not is_exempt(plan, duty.department, task.id, period)
    ]
    leads = [duty.department for duty in task.departments if duty.role == "牵头"]
    return TaskStatus(
        task=task,
        reported=tuple(department for department in owing if department in now),
        due=tuple(owing),
        percent=_percent({each: last[each] for each in leads or last if each in last}),
    )


def _percent(words: Mapping[str, Record]) -> Decimal | None:
    said = [decimal(text) for record in words.values() for name, text in record.fields if name == "percent" and text]
    return sum(said, Decimal(0)) / len(said) if said else None


def _reporting(plan: Plan, known: Known, period: Period) -> Reporting:
    due_day = report_due(plan.rules.calendar, period)
    received: dict[str, date] = {}  # department → its first word on a figure or a task of the period
    words = (each for each in known.records if each.what.kind in ("task", "project"))  # an issue raised is no report
    heard: Iterable[Reported | TaskReport] = chain(*known.observations.values(), words)
    for each in heard:
        what = each.what
        if what.period.last_month == period:
            received[what.department] = min(each.received, received.get(what.department, each.received))
    owing = _owing(plan, period)
    due = tuple(department.id for department in plan.departments if department.id in owing)
    reported = tuple(each for each in due if each in received)
    return Reporting(
        period=period,
        due_day=due_day,
        due=due,
        reported=reported,
        late=tuple(each for each in reported if received[each] > owing[each]),
        missing=tuple(each for each in due if each not in received),
    )


def _owing(plan: Plan, period: Period) -> dict[str, date]:
    """Departments with a task or with an indicator whose own period ends with this month, and the first due day."""
    monthly = report_due(plan.rules.calendar, period).day
    duties = [(duty.department, task.id, monthly) for task in plan.tasks for duty in task.departments]
    for indicator in plan.indicators:
        every = {"month": 1, "quarter": 3, "half": 6, "year": 12}[indicator.frequency]
        joint = indicator.kind == "flow" and every == 1 and period.last == 1  # January comes with February
        if period.last % every == 0 and not joint and not indicator.formula and not publication_lag(plan, indicator):
            own = Period(period.year, period.last - every + 1, period.last)
            day = report_due(plan.rules.calendar, own).day
            duties += [(reporter, indicator.id, day) for reporter in reporters_of(indicator)]
    owing: dict[str, date] = {}
    for department, item, day in duties:
        if not is_exempt(plan, department, item, period):
            owing[department] = min(day, owing.get(department, day))
    return owing
