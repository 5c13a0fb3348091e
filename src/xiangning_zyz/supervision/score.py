"""Assessment for inside use: how well each department has done its part, line by line (内部参考，不作为考核结果).

The formula is the office's (`rules.yaml: scoring`); no published one exists for such plans (domain.md B7).
Every line is a rate of the department's own duties, so that one task and ten tasks are comparable, times
the line's full marks, within floor and cap (扣完为止). Lines that do not apply leave both sums, and the
total is put to a hundred. Praise, criticism and talks are only suggested: `supervision/approvals.py`.
Exact fractions; rounding is for those who print. Pure: the day is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.judgement import Judgement, goal_op
from xiangning_zyz.analysis.pace import is_ceiling
from xiangning_zyz.analysis.words import amount
from xiangning_zyz.fact import Record, Recorded
from xiangning_zyz.figure import decimal
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan, PlannedStep, ScoreItem, Scoring, Task
from xiangning_zyz.supervision.issues import Issue
from xiangning_zyz.supervision.standing import Item, Standing

Suggestion = Literal["praise", "criticism", "talk"]

_AT_MILESTONE = frozenset(("met", "equal_not_above", "missed"))
_PACED = frozenset(("ahead", "on_track", "behind", "far_behind"))


class Seen(NamedTuple):
    """What an assessment rests on."""

    period: Period
    month: Period  # the last one assessed: of *period*, but not beyond what has ended
    first: Period  # the first month whose reports count: of *period*, but not before the office began to collect
    standings: Mapping[str, Standing]  # by department
    accepted: Mapping[str, int]  # sheets of the period taken in, by department
    judgements: Sequence[Judgement]  # of every goal at the end of `month`
    reports: Mapping[tuple[str, str], Sequence[Record]]  # of the year, by task and department, oldest first
    issues: Sequence[Issue]  # as of the end of `month`, or the day judged if that is earlier
    day: date  # of which the issues speak


class Part(NamedTuple):
    """One duty within a line: a task, a goal; what was reached of what was due."""

    name: str
    reached: Fraction
    words: str  # Chinese: how it comes about


class Rate(NamedTuple):
    """A line's rate with its arithmetic in words; no rate where the line does not apply."""

    value: Fraction | None
    words: str  # Chinese
    parts: tuple[Part, ...] = ()


class Line(NamedTuple):
    """One line of a department's sheet."""

    item: ScoreItem
    rate: Rate
    score: Fraction | None  # rate × points within floor and cap; None: does not apply


class Score(NamedTuple):
    """One department's assessment."""

    department: str
    lines: tuple[Line, ...]
    points: Fraction  # full marks of the lines that apply
    total: Fraction | None  # put to a hundred; None: no line applies
    suggestion: Suggestion | None  # never more than a suggestion

    @property
    def sum(self) -> Fraction:
        """Of the lines that apply."""
        return sum((line.score for line in self.lines if line.score is not None), Fraction())


def reports_until(month: Period, records: Iterable[Recorded[Record]]) -> dict[tuple[str, str], list[Record]]:
    """Task reports of *month*'s year up to it, by task and department, oldest first."""
    found: dict[tuple[str, str], list[Record]] = {}
    for each in sorted(records, key=lambda each: (each.what.period.ordinal, each.import_id)):
        what = each.what
        if what.kind == "task" and what.period.year == month.year and what.period.ordinal <= month.ordinal:
            found.setdefault((what.subject, what.department), []).append(what)
    return found


def scores(plan: Plan, seen: Seen) -> tuple[Score, ...]:
    """Every department and township in the plan's order: an order of merit is for the government to ask for."""
    return tuple(_score(plan, seen, department.id) for department in plan.departments)


def score_of(item: ScoreItem, rate: Fraction) -> Fraction:
    """`points` times *rate*, not below the floor nor above the cap."""
    return min(max(Fraction(item.points) * rate, Fraction(item.floor)), Fraction(item.cap))


def suggestion_of(scoring: Scoring, points: Fraction, total: Fraction | None) -> Suggestion | None:
    """What the office may propose; nothing where too little could be assessed."""
    if total is None or points < Fraction(scoring.least):
        return None
    if total < Fraction(scoring.talk):
        return "talk"
    if total < Fraction(scoring.criticism):
        return "criticism"
    return "praise" if total >= Fraction(scoring.praise) else None


def _score(plan: Plan, seen: Seen, department: str) -> Score:
    lines = tuple(_line(plan, seen, department, item) for item in plan.rules.scoring.items if item.points)
    applying = [line for line in lines if line.score is not None]
    points = sum((Fraction(line.item.points) for line in applying), Fraction())
    score = Score(department, lines, points, None, None)
    total = score.sum * 100 / points if points else None
    return score._replace(total=total, suggestion=suggestion_of(plan.rules.scoring, points, total))


def _line(plan: Plan, seen: Seen, department: str, item: ScoreItem) -> Line:
    standing = seen.standings.get(department)
    most = Fraction(item.cap) / Fraction(item.points)  # of one duty, so that none hides another
    match item.id:
        case "timeliness":
            rate = _reported(standing, "按时", on_time=True)
        case "completeness":
            rate = _reported(standing, "已报", on_time=False)
        case "returned":
            rate = _accepted(standing, seen.accepted.get(department, 0))
        case "task_progress":
            rate = _mean(_tasks(plan, seen, department, most), "没有可以对照进度的任务")
        case "goal_attainment":
            rate = _mean(_goals(plan, seen, department, most), "所担任务没有可以评判的目标")
        case "issues":
            rate = _issues(seen, department)
    return Line(item, rate, None if rate.value is None else score_of(item, rate.value))


def _reported(standing: Standing | None, word: str, *, on_time: bool) -> Rate:
    rates = standing.rates if standing else None
    if rates is None or not rates.due:
        return Rate(None, "没有到期应报的事项")
    done = rates.on_time if on_time else rates.reported
    return Rate(Fraction(done, rates.due), f"{word}{done}项 ÷ 应报{rates.due}项")


def _accepted(standing: Standing | None, accepted: int) -> Rate:
    """Sheets that were taken in, of all that came: a silent department has no quality to speak of."""
    returned = standing.returned if standing else 0
    sent = accepted + returned
    if not sent:
        return Rate(None, "没有来报")
    return Rate(Fraction(accepted, sent), f"收下{accepted}份 ÷ 来报{sent}份（退回{returned}份）")


def _tasks(plan: Plan, seen: Seen, department: str, most: Fraction) -> list[Part]:
    own = [task for task in plan.tasks if any(duty.department == department for duty in task.departments)]
    standing = seen.standings.get(department)
    parts = (_task(plan, seen, department, task, standing.items if standing else ()) for task in own)
    return [_capped(part, most) for part in parts if part is not None]


def _task(plan: Plan, seen: Seen, department: str, task: Task, items: Iterable[Item]) -> Part | None:
    """By the year's work plan where it has steps due by now, else by the percentage reported.

    The percentage is of the year's work and is held against the part of the year that has passed
    (时序进度, domain.md B3). A task reported in words only is not held against anybody; one that is
    overdue and of which the year has heard nothing counts as nothing.
    """
    if steps := _steps_due(plan, seen.month, department, task):
        done = sum(step.done is not None and step.done <= seen.month.last_day for step in steps)
        return Part(task.no, Fraction(done, len(steps)), f"年度安排完成{done}步 ÷ 应完成{len(steps)}步")
    said = seen.reports.get((task.id, department), ())
    percents = [text for record in said if (text := dict(record.fields).get("percent"))]
    if percents:
        due = Fraction(100 * seen.month.last, 12)
        words = f"完成{percents[-1]}% ÷ 时序{seen.month.last}/12"
        return Part(task.no, Fraction(decimal(percents[-1])) / due, words)
    overdue = any(item.overdue and item.owed.kind == "task" and item.owed.item == task.id for item in items)
    return Part(task.no, Fraction(), "逾期未报，按0计") if overdue and not said else None


def _steps_due(plan: Plan, month: Period, department: str, task: Task) -> list[PlannedStep]:
    return [
        step
        for step in plan.rules.work_plan
        if step.task == task.id
        and step.department in (None, department)
        and step.by.year == month.year
        and step.by <= month.last_day
    ]


def _goals(plan: Plan, seen: Seen, department: str, most: Fraction) -> list[Part]:
    """Goals bound to the department's tasks; those without a figure or a point to hold it against are left out."""
    own = {task.id for task in plan.tasks if any(duty.department == department for duty in task.departments)}
    parts = (_goal(judgement) for judgement in seen.judgements if own & set(judgement.indicator.tasks))
    return [_capped(part, most) for part in parts if part is not None]


def _goal(judgement: Judgement) -> Part | None:
    """完成目标得满分，未完成按完成比例: at a milestone against it, before it against what is expected by now."""
    unit, ceiling = judgement.indicator.unit, is_ceiling(goal_op(judgement.indicator, judgement.milestone))
    if judgement.state in _AT_MILESTONE and judgement.compared and judgement.milestone:
        value, due, word = judgement.compared.value, judgement.milestone.value, "节点目标"
    elif judgement.state in _PACED and judgement.actual and judgement.pace.expected is not None:
        value, due, word = judgement.actual.value, judgement.pace.expected, "应达"
    else:
        return None
    if due <= 0 or value < 0 or (ceiling and not value):
        return None  # shares of nothing, or of less, say nothing
    done, wanted = f"实际{amount(value, unit)}", f"{word}{amount(due, unit)}"
    if ceiling:
        return Part(judgement.indicator.name, Fraction(due) / Fraction(value), f"{wanted} ÷ {done}")
    return Part(judgement.indicator.name, Fraction(value) / Fraction(due), f"{done} ÷ {wanted}")


def _capped(part: Part, most: Fraction) -> Part:
    """What one duty brings at most; the words say where its arithmetic gives more than counts."""
    if part.reached <= most:
        return part
    return part._replace(reached=most, words=f"{part.words}，超出部分不计")


def _mean(parts: Sequence[Part], none: str) -> Rate:
    if not parts:
        return Rate(None, none)
    value = sum((part.reached for part in parts), Fraction()) / len(parts)
    return Rate(value, f"{len(parts)}项平均", tuple(parts))


def _issues(seen: Seen, department: str) -> Rate:
    """Issues closed, of those that were due in the period, carried into it overdue, or closed in it."""
    first = seen.period.first_day
    own = [issue for issue in seen.issues if department in issue.responsible]
    counted = [issue for issue in own if _closed_since(issue, first) or _due_by(issue, seen.day)]
    if not counted:
        return Rate(None, "没有到期的问题")
    closed = sum(issue.closed is not None for issue in counted)
    return Rate(Fraction(closed, len(counted)), f"已销号{closed}项 ÷ 应销号{len(counted)}项")


def _closed_since(issue: Issue, first: date) -> bool:
    return issue.closed is not None and issue.closed.on >= first


def _due_by(issue: Issue, day: date) -> bool:
    return issue.closed is None and issue.due is not None and issue.due <= day
