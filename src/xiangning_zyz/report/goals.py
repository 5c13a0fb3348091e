"""The status screen for people, and the words other pages share with it. Nothing is counted here."""

from collections.abc import Iterable

from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.lights import LIGHT_SHAPES, LIGHT_WORDS, Light, state_words
from xiangning_zyz.analysis.status import Reporting, Status, TaskStatus
from xiangning_zyz.analysis.trend import WANTED_WORDS, trend_words
from xiangning_zyz.analysis.words import (
    amount,
    by_words,
    day_words,
    difference,
    estimated,
    goal_words,
    points_words,
    span,
)
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.listing import Field, Listing, Tone
from xiangning_zyz.supervision.tally import IssueTally

_TONES: dict[Light, Tone] = {"green": "good", "yellow": "warn", "red": "bad", "none": "dim"}
MARK_INFERRED = "（时限推定）"


def status_listings(status: Status, issues: IssueTally | None = None) -> tuple[Listing, ...]:
    """The status screen: goals, why and from where, qualitative goals, tasks, reporting, open issues."""
    plan = status.plan
    day = f"截至{day_words(status.as_of)}" + (
        f"，按{status.known_at:%Y-%m-%d %H:%M}前的台账" if status.known_at else ""
    )
    heads = ("判定", "目标", "实际", "节点目标", "差距", "进度", "趋势")
    goals = Listing(
        f"{plan.document} 目标进度　{day}",
        heads,
        tuple(_goal_row(plan, judgement) for judgement in status.targets),
        (status.rule,),
        frozenset({4}),
    )
    return (
        goals,
        Listing("说明与来源", ("目标", "说明", "来源"), _reason_rows(status.targets)),
        _qualitative(status),
        _tasks(status.tasks, status.reporting, issues),
    )


def _goal_row(plan: Plan, judgement: Judgement) -> tuple[str | Field, ...]:
    unit, milestone, pace = judgement.indicator.unit, judgement.milestone, judgement.pace
    goal = f"{by_words(milestone)}{goal_words(milestone, unit)}" if milestone else ""
    if milestone and milestone.basis == "inferred":
        goal += MARK_INFERRED
    points = points_words(pace.points, plan.rules.light) if pace.points is not None else ""
    if points and estimated(judgement):
        points += "（测算）"
    return (
        state_field(judgement),
        judgement.indicator.name,
        actual_words(judgement),
        goal or trend_goal(judgement),
        difference(judgement.gap, unit) if judgement.gap is not None else "",
        points,
        _trend(judgement),
    )


def _trend(judgement: Judgement) -> Field:
    if judgement.trend is None:
        return Field("")
    tone: dict[bool | None, Tone] = {True: "good", False: "warn", None: "dim"}
    return Field(trend_words(judgement.trend), tone[judgement.trend.kept])


def state_field(judgement: Judgement) -> Field:
    """Light and state in shape, word and colour."""
    words = state_words(judgement.state, soft=judgement.indicator.soft)
    shape = f"{LIGHT_SHAPES[judgement.light]}{LIGHT_WORDS[judgement.light]} " if judgement.light != "none" else "○ "
    return Field(shape + words, _TONES[judgement.light])


def trend_goal(judgement: Judgement) -> str:
    """What a trend goal asks for; empty for a goal without one."""
    return WANTED_WORDS[judgement.trend.wanted] if judgement.trend else ""


def actual_words(judgement: Judgement) -> str:
    """The value with what it covers, or that there is none."""
    actual = judgement.actual
    if actual is None:
        return "未报"
    target = judgement.milestone.value if judgement.milestone else None
    return f"{amount(actual.value, judgement.indicator.unit, target)}（{span(actual.month, judgement.indicator.kind)}）"


def _reason_rows(judgements: Iterable[Judgement]) -> tuple[tuple[str, ...], ...]:
    """Why each goal stands as it does, and from which cells; goals of which the same is to be said share a row."""
    goals: dict[tuple[str, str], list[str]] = {}
    for judgement in judgements:
        sources = judgement.actual.sources if judgement.actual else judgement.rivals
        said = (judgement.reason, "；".join(place(each) for each in sources))
        goals.setdefault(said, []).append(judgement.indicator.name)
    return tuple(("、".join(names), *said) for said, names in goals.items())


def place(reported: Reported) -> str:
    """Who reported it, in which cell of which sheet."""
    cell = reported.what.cell
    return f"{reported.what.department}《{cell.file}》{cell.sheet}!{cell.ref}（第{reported.import_id}号）"


def _qualitative(status: Status) -> Listing:
    """Verdicts a person has recorded; goals that nobody has judged yet share a row."""
    rows = [
        (each.goal.name, each.last.verdict, each.last.judged_by, each.last.on.isoformat())
        for each in status.qualitative
        if each.last
    ]
    open_ = [each.goal.name for each in status.qualitative if not each.last]
    if open_:
        rows.append(("、".join(open_), "尚未评判", "", ""))
    return Listing("定性目标", ("目标", "评判", "评判人", "日期"), tuple(rows))


def _tasks(tasks: Iterable[TaskStatus], reporting: Reporting | None, issues: IssueTally | None) -> Listing:
    rows = tuple(
        (
            each.task.no if each.task.kind == "key" else f"保障{each.task.no}",
            each.task.title,
            f"{len(each.reported)}/{len(each.due)}" if each.due else "",
            f"{amount(each.percent, '%')}" if each.percent is not None else "",
        )
        for each in tasks
    )
    heads = ("序号", "任务", "已报/应报", "完成比例")
    return Listing("任务进展", heads, rows, (*_reporting_notes(reporting), *_issue_note(issues)), frozenset({2, 3}))


def _issue_note(issues: IssueTally | None) -> tuple[str, ...]:
    return (f"问题台账：未销号{issues.open}项，其中逾期{issues.overdue}项。",) if issues else ()


def _reporting_notes(reporting: Reporting | None) -> tuple[str, ...]:
    if reporting is None:
        return ()
    due = day_words(reporting.due_day.day) + ("" if reporting.due_day.announced else "（放假安排未公布）")
    first = (
        f"{reporting.period.label}报送：应报{len(reporting.due)}个部门，已报{len(reporting.reported)}个，"
        f"迟报{len(reporting.late)}个，未报{len(reporting.missing)}个（{due}截止）。"
    )
    missing = (f"未报：{'、'.join(reporting.missing)}。",) if reporting.missing else ()
    return (first, *missing, "完成比例为各部门所报的平均数；确定了牵头单位的，以牵头单位为准。")
