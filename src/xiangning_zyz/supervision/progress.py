"""Progress: what departments last said on tasks and projects, who is silent, who repeats himself. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from itertools import chain
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.status import TaskStatus, reporting_period, task_statuses
from xiangning_zyz.fact import Record, Recorded, RecordKind
from xiangning_zyz.figure import PRECISE, decimal
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan, PlannedStep, Project, Task
from xiangning_zyz.supervision.standing import is_zero, words_of

StepState = Literal["done", "done_late", "overdue", "open"]

_MONEY = re.compile(r"([0-9]+(?:\.[0-9]+)?)(亿|千万|百万|万|千)?元?")
_TIMES = {"亿": Decimal(10000), "千万": Decimal(1000), "百万": Decimal(100), "万": Decimal(1), "千": Decimal("0.1")}
_DATE = re.compile(r"([0-9]{4})\s*[年./-]\s*([0-9]{1,2})(?![0-9])(?:\s*[月./-]\s*([0-9]{1,2})(?![0-9]))?")
_DONE = re.compile("竣工|完工|建成|投用|运营|验收")
_BEFORE_START = re.compile("储备|谋划|前期|未开工|拟建|待建")


class Word(NamedTuple):
    """One department's last word on a task or project."""

    report: Recorded[Record]
    percent: Decimal | None  # 0 to 100, as reported
    zero: bool  # 零报告: nothing has moved
    copied: bool  # word for word its report before, though that was no 零报告

    @property
    def department(self) -> str:
        return self.report.what.department

    @property
    def period(self) -> Period:
        return self.report.what.period

    def said(self, field: str) -> str:
        """A field of the report, as `intake/facts/forms.py` names it; empty where nothing was said."""
        return dict(self.report.what.fields).get(field, "")


class Silent(NamedTuple):
    """A department with nothing to say on a task for the last round that is over."""

    department: str
    last: Period | None  # its last word; None: never said anything


class TaskProgress(NamedTuple):
    """A task as its departments describe it."""

    status: TaskStatus  # who reported for the round, and the percent
    words: tuple[Word, ...]  # departments in the plan's order
    silent: tuple[Silent, ...]
    steps: tuple["Step", ...]

    @property
    def task(self) -> Task:
        return self.status.task


class ProjectProgress(NamedTuple):
    """A project as its departments describe it; amounts in 万元."""

    project: Project
    words: tuple[Word, ...]  # the latest first
    stage: str  # as last stated by anyone; empty: never
    planned: Decimal | None  # planned investment, as last stated by anyone
    done: Decimal | None  # done so far
    delays: tuple[str, ...]  # Chinese: what should have happened by now

    @property
    def share(self) -> Decimal | None:
        """Done of planned investment, a fraction of one."""
        if self.done is None or not self.planned:
            return None
        with localcontext(PRECISE):
            return self.done / self.planned


class Step(NamedTuple):
    """A step of the yearly work plan, as of a day."""

    plan: PlannedStep
    state: StepState


def task_progress(plan: Plan, records: Sequence[Recorded[Record]], as_of: date) -> tuple[TaskProgress, ...]:
    """Every task by what had been received by *as_of*."""
    said = _said(records, "task", as_of)
    everything = chain.from_iterable(said.values())
    return tuple(
        _task(plan, status, _words(plan, said.get(status.task.id, ())), as_of)
        for status in task_statuses(plan, everything, reporting_period(plan, as_of), as_of)
    )


def project_progress(plan: Plan, records: Sequence[Recorded[Record]], as_of: date) -> tuple[ProjectProgress, ...]:
    """Every project by what had been received by *as_of*."""
    said = _said(records, "project", as_of)
    return tuple(_project(plan, project, said.get(project.id, ()), as_of) for project in plan.projects)


def step_on(step: PlannedStep, day: date) -> Step:
    """Whether a planned step is done, and in time, at the end of *day*; its own day is still in time."""
    if step.done is not None and step.done <= day:
        return Step(step, "done" if step.done <= step.by else "done_late")
    return Step(step, "overdue" if step.by < day else "open")


def ten_thousands(text: str) -> Decimal | None:
    """An amount such as `3000万元` or `1.2亿元` in 万元; None for anything else."""
    match = _MONEY.fullmatch("".join(text.split()).replace(",", ""))
    if match is None:
        return None
    return Decimal(match[1]) * (_TIMES[match[2]] if match[2] else Decimal("0.0001"))


def last_day_in(text: str) -> date | None:
    """The day that a sheet names, or the last of the month it names: 2024年9月底, 2024-09-15; None if it names none."""
    match = _DATE.search(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    month = Period.month(int(match[1]), int(match[2]))
    if match[3] is None:
        return month.last_day
    return date(month.year, month.first, int(match[3])) if 1 <= int(match[3]) <= month.last_day.day else None


def _task(plan: Plan, status: TaskStatus, words: tuple[Word, ...], as_of: date) -> TaskProgress:
    last = {word.department: word.period for word in words}
    silent = tuple(
        Silent(department, last.get(department)) for department in status.due if department not in status.reported
    )
    steps = tuple(step_on(step, as_of) for step in plan.rules.work_plan if step.task == status.task.id)
    return TaskProgress(status, words, silent, steps)


def _said(records: Iterable[Recorded[Record]], kind: RecordKind, as_of: date) -> Mapping[str, list[Recorded[Record]]]:
    """Everything received by *as_of* about periods begun by then, by subject, oldest period first."""
    said: dict[str, list[Recorded[Record]]] = defaultdict(list)
    for each in sorted(records, key=lambda each: (each.what.period.ordinal, each.import_id)):
        if each.what.kind == kind and each.received <= as_of and each.what.period.first_day <= as_of:
            said[each.what.subject].append(each)
    return said


def _words(plan: Plan, said: Iterable[Recorded[Record]]) -> tuple[Word, ...]:
    """Each department's last word of all that was *said* on one subject, departments in the plan's order."""
    histories: dict[str, list[Recorded[Record]]] = defaultdict(list)
    for each in said:
        histories[each.what.department].append(each)
    return tuple(_word(histories[department.id]) for department in plan.departments if department.id in histories)


def _word(history: Sequence[Recorded[Record]]) -> Word:
    last = history[-1]
    before = [each.what for each in history if each.what.period < last.what.period]
    zero = is_zero(last.what)
    text = words_of(last.what)
    copied = bool(text) and not zero and bool(before) and words_of(before[-1]) == text
    percent = dict(last.what.fields).get("percent")
    return Word(last, decimal(percent) if percent else None, zero, copied)


def _project(plan: Plan, project: Project, said: Sequence[Recorded[Record]], as_of: date) -> ProjectProgress:
    """*said*: all that any department said of it, oldest first. What the last word leaves out an earlier one states."""
    newest = [dict(each.what.fields) for each in reversed(said)]

    def stated(field: str) -> Iterator[str]:
        return (fields[field] for fields in newest if fields.get(field))

    def amount(field: str) -> Decimal | None:
        return next((found for found in map(ten_thousands, stated(field)) if found is not None), None)

    start, end = (last_day_in(next(stated(field), "")) for field in ("started", "finished"))
    words = sorted(_words(plan, said), key=lambda word: (word.period.ordinal, word.report.import_id), reverse=True)
    return ProjectProgress(
        project=project,
        words=tuple(words),
        stage=next(stated("stage"), ""),
        planned=amount("planned_investment"),
        done=amount("done_investment"),
        delays=_delays(next(stated("stage"), ""), start, end, as_of),
    )


def _delays(stage: str, start: date | None, end: date | None, as_of: date) -> tuple[str, ...]:
    """By the dates of the sheets themselves: a day that has passed while the stage says that it has not happened."""
    if not stage or (_DONE.search(stage) and not stage.startswith(("未", "待"))):
        return ()
    delays = []
    if start is not None and start < as_of and _BEFORE_START.search(stage):
        delays.append(f"应于{start.isoformat()}开工，仍为“{stage}”")
    if end is not None and end < as_of:
        delays.append(f"应于{end.isoformat()}竣工，仍为“{stage}”")
    return tuple(delays)
