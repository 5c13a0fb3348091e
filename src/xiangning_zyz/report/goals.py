"""Goals for people: the status screen, gap analysis, explanation. Words and rounding only; nothing is counted here."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from xiangning_zyz.analysis.explain import Step
from xiangning_zyz.analysis.gap import Gap
from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.lights import LIGHT_SHAPES, LIGHT_WORDS, Light, state_words
from xiangning_zyz.analysis.status import Reporting, Status, TaskStatus
from xiangning_zyz.analysis.words import amount, by_words, day_words, goal_words, percent, points_words, span
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.listing import Field, Listing, Tone

_TONES: dict[Light, Tone] = {"green": "good", "yellow": "warn", "red": "bad", "none": "dim"}
_TARGETS = {"milestone": "节点目标", "office": "年度目标", "estimate": "测算"}
_MARK_INFERRED = "（时限推定）"


def status_listings(status: Status) -> tuple[Listing, ...]:
    """The status screen: goals, why and from where, qualitative goals, tasks, reporting."""
    plan = status.plan
    day = f"截至{day_words(status.as_of)}" + (
        f"，按{status.known_at:%Y-%m-%d %H:%M}前的台账" if status.known_at else ""
    )
    heads = ("判定", "目标", "实际", "节点目标", "差距", "进度")
    goals = Listing(
        f"{plan.document} 目标进度　{day}",
        heads,
        tuple(_goal_row(plan, judgement) for judgement in status.targets),
        (status.rule,),
        frozenset({4}),
    )
    return (
        goals,
        Listing("说明与来源", ("目标", "说明", "来源"), tuple(_reason_row(judgement) for judgement in status.targets)),
        _qualitative(status),
        _tasks(status.tasks, status.reporting),
    )


def gap_listings(plan: Plan, gaps: Sequence[Gap], rule: str) -> tuple[Listing, ...]:
    """Gap analysis: each goal against each milestone ahead, its pace, its parts, who answers for it."""
    listings = []
    for gap in gaps:
        judgement = gap.judgement
        heads = ("节点", "目标", "对照值", "差距", "需月均", "需年均增长")
        rows = tuple(_milestone_row(gap, index) for index in range(len(gap.milestones)))
        title = f"{judgement.indicator.name}　{_state(judgement).text}"
        notes = (judgement.reason, *_year_note(judgement), *_observed_note(gap), *_source_note(judgement), rule)
        listings.append(Listing(title, heads, rows, notes, frozenset({3, 4, 5})))
        listings += _segments(gap)
        listings.append(_responsible(plan, gap))
    return tuple(listings)


def explain_listing(name: str, steps: Sequence[Step]) -> Listing:
    """The steps of an explanation."""
    rows = tuple((step.title, step.text) for step in steps)
    return Listing(f"{name}是怎样算出来的", ("步骤", "内容"), rows)


def explain_json(indicator: str, steps: Sequence[Step]) -> dict[str, object]:
    """`zyz/explain@1`."""
    return {
        "schema": "zyz/explain@1",
        "indicator": indicator,
        "steps": [
            {
                "title": step.title,
                "text": step.text,
                "from": _place_json(step.source) if step.source is not None else None,
            }
            for step in steps
        ],
    }


def _goal_row(plan: Plan, judgement: Judgement) -> tuple[str | Field, ...]:
    unit, milestone, pace = judgement.indicator.unit, judgement.milestone, judgement.pace
    goal = f"{by_words(milestone)}{goal_words(milestone, unit)}" if milestone else ""
    if milestone and milestone.basis == "inferred":
        goal += _MARK_INFERRED
    points = points_words(pace.points, plan.rules.light) if pace.points is not None else ""
    if points and judgement.year and judgement.year.basis == "estimate":
        points += "（测算）"
    return (
        _state(judgement),
        judgement.indicator.name,
        _actual(judgement),
        goal or _trend_goal(judgement),
        amount(judgement.gap, unit, Decimal(0)) if judgement.gap is not None else "",
        points,
    )


def _state(judgement: Judgement) -> Field:
    words = state_words(judgement.state, soft=judgement.indicator.soft)
    shape = f"{LIGHT_SHAPES[judgement.light]}{LIGHT_WORDS[judgement.light]} " if judgement.light != "none" else "○ "
    return Field(shape + words, _TONES[judgement.light])


def _trend_goal(judgement: Judgement) -> str:
    return {"rising": "逐年上升", "falling": "逐年下降", None: ""}[judgement.indicator.trend]


def _actual(judgement: Judgement) -> str:
    actual = judgement.actual
    if actual is None:
        return "未报"
    return f"{amount(actual.value, judgement.indicator.unit)}（{span(actual.month, judgement.indicator.kind)}）"


def _reason_row(judgement: Judgement) -> tuple[str, ...]:
    sources = judgement.actual.sources if judgement.actual else judgement.rivals
    return (judgement.indicator.name, judgement.reason, "；".join(_place(each) for each in sources))


def _place(reported: Reported) -> str:
    cell = reported.what.cell
    return f"{reported.what.department}《{cell.file}》{cell.sheet}!{cell.ref}（第{reported.import_id}号）"


def _place_json(reported: Reported) -> dict[str, object]:
    cell = reported.what.cell
    return {"file": cell.file, "sheet": cell.sheet, "ref": cell.ref, "import_id": reported.import_id}


def _qualitative(status: Status) -> Listing:
    rows = tuple(
        (each.goal.name, each.last.verdict, each.last.judged_by, each.last.on.isoformat())
        if each.last
        else (each.goal.name, "尚未评判", "", "")
        for each in status.qualitative
    )
    return Listing("定性目标", ("目标", "评判", "评判人", "日期"), rows)


def _tasks(tasks: Iterable[TaskStatus], reporting: Reporting | None) -> Listing:
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
    return Listing("任务进展", heads, rows, _reporting_notes(reporting), frozenset({2, 3}))


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


def _milestone_row(gap: Gap, index: int) -> tuple[str, ...]:
    each, unit = gap.milestones[index], gap.judgement.indicator.unit
    compared = each.compared
    return (
        by_words(each.milestone) + (_MARK_INFERRED if each.milestone.basis == "inferred" else ""),
        goal_words(each.milestone, unit),
        f"{amount(compared.value, unit)}（{span(compared.month, gap.judgement.indicator.kind)}）" if compared else "",
        amount(each.gap, unit, Decimal(0)) if each.gap is not None else "",
        amount(each.needed_per_month, unit, Decimal(0)) if each.needed_per_month is not None else "",
        percent(each.needed_growth) if each.needed_growth is not None else "",
    )


def _year_note(judgement: Judgement) -> tuple[str, ...]:
    year, needed, unit = judgement.year, judgement.needed_per_month, judgement.indicator.unit
    if year is None:
        return ()
    words = f"{year.year}年目标{amount(year.value, unit)}（{_TARGETS[year.basis]}）"
    return (words + (f"，今年余下各月需月均{amount(needed, unit, Decimal(0))}。" if needed is not None else "。"),)


def _observed_note(gap: Gap) -> tuple[str, ...]:
    observed, unit = gap.observed, gap.judgement.indicator.unit
    if observed.per_month is None or observed.since is None:
        return ()
    what = "月均" if gap.judgement.indicator.kind == "flow" else "月均变动"
    growth = f"，折年增长{percent(observed.growth)}" if observed.growth is not None else ""
    return (f"{observed.since.label}以来实际{what}{amount(observed.per_month, unit)}{growth}。",)


def _source_note(judgement: Judgement) -> tuple[str, ...]:
    sources = judgement.actual.sources if judgement.actual else ()
    return tuple(f"来源：{_place(each)}" for each in sources)


def _segments(gap: Gap) -> list[Listing]:
    unit = gap.judgement.indicator.unit
    rows = tuple(
        (
            part.name,
            amount(part.value, unit) if part.value is not None else "",
            amount(part.previous, unit) if part.previous is not None else "",
            amount(part.change, unit),
        )
        for part in gap.segments
    )
    heads = ("板块", "本期", "上年同期", "增减")
    return [Listing("比上年同期的变化来自哪里", heads, rows, (), frozenset({1, 2, 3}))] if rows else []


def _responsible(plan: Plan, gap: Gap) -> Listing:
    rows = tuple(
        (
            f"{plan.task(each.task).no}{plan.task(each.task).title}" if each.task else "报送数据",
            each.department,
            each.period.label if each.period else "未报",
            each.received.isoformat() if each.received else "",
        )
        for each in gap.responsible
    )
    return Listing("相关任务和责任部门", ("任务", "部门", "最近报送", "收到日"), rows)
