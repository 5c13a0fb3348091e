"""Gap analysis for people: one table of all gaps, then each goal's pace, forecast, changes, parts and departments.

Words and rounding only; nothing is counted here.
"""

from collections.abc import Sequence
from decimal import Decimal

from xiangning_zyz.analysis.changes import Change, Revision
from xiangning_zyz.analysis.forecast import METHOD_WORDS, Forecast
from xiangning_zyz.analysis.gap import Gap, MilestoneGap
from xiangning_zyz.analysis.judgement import Judgement, goal_op
from xiangning_zyz.analysis.opinions import CAUSE_WORDS
from xiangning_zyz.analysis.opinions import METHOD_WORDS as OPINION_WORDS
from xiangning_zyz.analysis.pace import is_ceiling
from xiangning_zyz.analysis.trend import trend_words, year_words
from xiangning_zyz.analysis.what_if import MARK, Assumption
from xiangning_zyz.analysis.words import (
    amount,
    between,
    by_words,
    confirmed_words,
    day_words,
    difference,
    goal_words,
    growth_words,
    in_points,
    needed_said,
    needed_words,
    percent,
    signed,
    span,
    year_target_words,
)
from xiangning_zyz.figure import shown
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.goals import MARK_INFERRED, actual_words, place, state_field, trend_goal
from xiangning_zyz.report.listing import Field, Listing

_GROWTH_OF_SHARES = "单位为%、‰的指标，差距、变动按百分点、千分点计；年均增长为相对增长率，不是百分点。"


def gap_listings(plan: Plan, gaps: Sequence[Gap], rule: str, assumed: Sequence[Assumption] = ()) -> tuple[Listing, ...]:
    """All gaps in one table, what was assumed, then goal by goal."""
    listings = [_overview(gaps, rule)]
    if assumed:
        listings.append(_what_if(plan, gaps, assumed))
    if any(each.opinions for each in gaps):
        listings.append(_opinions(gaps))
    if any(len(each.opinions) > 1 for each in gaps):
        listings.append(_shaky(plan, gaps))
    for each in gaps:
        listings += _goal(plan, each)
    return tuple(listings)


def _overview(gaps: Sequence[Gap], rule: str) -> Listing:
    heads = ("指标", "判定", "节点", "目标", "对照值", "差距", "需月均", "需年均增长")
    rows: list[tuple[str | Field, ...]] = []
    for gap in gaps:
        named = (gap.judgement.indicator.name, state_field(gap.judgement))
        rows += [(*named, *_milestone(gap.judgement, each)) for each in gap.milestones]
        if not gap.milestones:
            rows.append((*named, "", trend_goal(gap.judgement), _trend(gap.judgement), "", "", ""))
    shares = any(in_points(gap.judgement.indicator.unit) for gap in gaps)
    return Listing(
        "差距总表", heads, tuple(rows), (rule, *((_GROWTH_OF_SHARES,) if shares else ())), frozenset({5, 6, 7})
    )


def _milestone(judgement: Judgement, each: MilestoneGap) -> tuple[str, ...]:
    indicator, milestone, compared = judgement.indicator, each.milestone, each.compared
    held = amount(compared.value, indicator.unit, milestone.value) if compared else ""
    return (
        by_words(milestone) + (MARK_INFERRED if milestone.basis == "inferred" else ""),
        goal_words(milestone, indicator.unit),
        f"{held}（{span(compared.month, indicator.kind)}）" if compared else "",
        difference(each.gap, indicator.unit) if each.gap is not None else "",
        needed_words(each.needed_per_month, indicator, milestone.op) if each.needed_per_month is not None else "",
        percent(each.needed_growth) if each.needed_growth is not None else "",
    )


def _trend(judgement: Judgement) -> str:
    return trend_words(judgement.trend) if judgement.trend else ""


def _goal(plan: Plan, gap: Gap) -> list[Listing]:
    tables = [_words(plan, gap), _forecasts(gap), *_changes(plan, gap), _segments(gap), _responsible(plan, gap)]
    return [table for table in tables if table is not None]


def _words(plan: Plan, gap: Gap) -> Listing:
    judgement = gap.judgement
    sources = judgement.actual.sources if judgement.actual else judgement.rivals
    trend = judgement.trend
    rows = [
        ("说明", judgement.reason),
        ("年度目标", _year(plan, judgement)),
        ("时限", confirmed_words(plan, judgement)),
        ("年度升降", year_words(trend) if trend else ""),
        ("实际速度", _observed(gap)),
        ("预测", "" if gap.outlook.forecasts else gap.outlook.note),
        *(("来源", place(each)) for each in sources),
    ]
    title = f"{judgement.indicator.name}　{state_field(judgement).text}"
    return Listing(title, ("项目", "内容"), tuple(row for row in rows if row[1]))


def _year(plan: Plan, judgement: Judgement) -> str:
    said, needed, indicator = year_target_words(plan, judgement), judgement.needed_per_month, judgement.indicator
    if not said or needed is None:
        return said
    return f"{said}，余下各月{needed_said(needed, indicator, goal_op(indicator, judgement.milestone))}"


def _observed(gap: Gap) -> str:
    observed, unit = gap.observed, gap.judgement.indicator.unit
    if observed.per_month is None or observed.since is None:
        return ""
    flow = gap.judgement.indicator.kind == "flow"
    pace = f"月均{amount(observed.per_month, unit)}" if flow else f"月均变动{signed(observed.per_month, unit)}"
    words = growth_words(observed.growth) if observed.growth is not None else ""
    return f"{observed.since.label}以来{pace}" + (f"，{'同比' if flow else '折年'}{words}" if words else "")


def _forecasts(gap: Gap) -> Listing | None:
    if not gap.outlook.forecasts:
        return None
    heads = ("节点", "方法", "预测值", "80%区间", "达标概率", "预计达到")
    rows = tuple(_forecast(gap.judgement, each) for each in gap.outlook.forecasts)
    return Listing("预测", heads, rows, (f"{gap.outlook.note}。",), frozenset({2, 4}))


def _forecast(judgement: Judgement, each: Forecast) -> tuple[str, ...]:
    unit = judgement.indicator.unit
    return (
        by_words(each.milestone),
        METHOD_WORDS[each.method],
        rough(each.value) + unit,
        between(rough(each.low), rough(each.high), unit),
        chance(each.probability),
        _landing(judgement, each),
    )


def _landing(judgement: Judgement, each: Forecast) -> str:
    """When the milestone's value is reached; usual shares do not look beyond their year."""
    if each.landing:
        return "现已达到" if judgement.period and each.landing <= judgement.period else each.landing.label
    if judgement.indicator.kind == "flow" and is_ceiling(each.milestone.op):
        return "不适用"  # kept all year, not reached
    return "推算当年达不到" if each.method == "seasonal_share" else "推算节点后十年内达不到"


def rough(value: Decimal) -> str:
    """A forecast at three significant digits, whole numbers in full: 8.47, 70.3, 20150."""
    return shown(value, max(2 - value.adjusted(), 0)) if value else "0"


def chance(probability: Decimal) -> str:
    """Never surer than the method can be: below 1 % and above 99 % are only bounds."""
    if probability < Decimal("0.01"):
        return "不到1%"
    return "99%以上" if probability > Decimal("0.99") else f"{shown(probability * 100, 0)}%"


def _changes(plan: Plan, gap: Gap) -> list[Listing]:
    change, now = gap.change, gap.judgement
    if change is None or now.period is None:
        return []
    notes = (*(_revision(plan, each) for each in change.revisions), *_late(change))
    before = change.before
    if before is None or before.period is None:
        return [Listing("比上一报告期", ("项目", "内容"), (("首次", f"{now.period.label}是首个报告期"),), notes)]
    rows: list[tuple[str | Field, ...]] = [
        ("报告期", before.period.label, now.period.label),
        ("实际", actual_words(before), actual_words(now)),
        ("判定", state_field(before), state_field(now)),
    ]
    if before.needed_per_month is not None or now.needed_per_month is not None:
        rows.append(("需月均", _needed(before), _needed(now)))
    return [Listing("比上一报告期", ("项目", "上期", "本期"), tuple(rows), notes)]


def _needed(judgement: Judgement) -> str:
    needed, indicator = judgement.needed_per_month, judgement.indicator
    return needed_words(needed, indicator, goal_op(indicator, judgement.milestone)) if needed is not None else ""


def _revision(plan: Plan, revision: Revision) -> str:
    what, after = revision.before.what, revision.after
    segment = f"（{plan.segment(what.segment).name}）" if what.segment else ""
    name = f"{what.department}{what.period.label}{plan.indicator(what.indicator).name}{segment}"
    old = amount(what.value, what.unit)
    if after is None:
        return f"撤回：{name}{old}（第{revision.before.import_id}号）。"
    verb = "撤回后恢复" if revision.undone else "修订"
    return f"{verb}：{name}由{old}改为{amount(after.what.value, what.unit)}（第{after.import_id}号）。"


def _late(change: Change) -> list[str]:
    return [
        f"迟报：{each.department}{each.period.label}数据应于{day_words(each.due.day)}前报送，"
        f"{day_words(each.received)}收到。"
        for each in change.late
    ]


def _segments(gap: Gap) -> Listing | None:
    unit = gap.judgement.indicator.unit
    rows = tuple(
        (
            part.name,
            amount(part.value, unit) if part.value is not None else "",
            amount(part.previous, unit) if part.previous is not None else "",
            difference(part.change, unit),
        )
        for part in gap.segments
    )
    heads = ("板块", "本期", "上年同期", "增减")
    return Listing("比上年同期的变化来自哪里", heads, rows, (), frozenset({1, 2, 3})) if rows else None


def _responsible(plan: Plan, gap: Gap) -> Listing:
    rows = tuple(
        (
            f"{plan.task(each.task).no}{plan.task(each.task).title}" if each.task else "报送数据",
            each.department,
            each.period.label if each.period else "未报",
            each.received.isoformat() if each.received else "",
            "" if each.age is None else f"已过{each.age}个月" if each.age else "最新",
        )
        for each in gap.responsible
    )
    return Listing("相关任务和责任部门", ("任务", "部门", "最近报送", "收到日", "距今"), rows)


def _opinions(gaps: Sequence[Gap]) -> Listing:
    rows = tuple(
        (
            gap.judgement.indicator.name,
            OPINION_WORDS[each.method],
            each.words,
            shown(each.progress_value, 3) if each.progress_value is not None else "",
            shown(each.score, 2) if each.score is not None else "",
            each.reason,
        )
        for gap in gaps
        for each in gap.opinions
    )
    note = (
        "增速比法：加拿大统计局、Open SDG 的进展评估方法，实际年均增长与所需年均增长之比，满分5分，最低-5分。"
        "时序进度法：本工具的判定，进度值为超前（+）或落后（-）的百分点。"
    )
    return Listing(
        "不同方法的评估", ("指标", "方法", "结论", "进度值", "得分", "依据"), rows, (note,), frozenset({3, 4})
    )


def _shaky(plan: Plan, gaps: Sequence[Gap]) -> Listing:
    rows = tuple(
        (plan.indicator(each.indicator).name, CAUSE_WORDS[each.cause], each.before, each.after)
        for gap in gaps
        for each in gap.shaky
    )
    note = "1个单位指填报数的最后一位（4.1亿元为0.1亿元，54户为1户），比率按分子计。"
    return Listing(
        "结论不稳的指标",
        ("指标", "情形", "现结论", "变为"),
        rows,
        (note,),
        empty="（没有，换方法、差1个单位都不改变结论）",
    )


def _what_if(plan: Plan, gaps: Sequence[Gap], assumed: Sequence[Assumption]) -> Listing:
    rows: list[tuple[str | Field, ...]] = []
    for gap in gaps:
        if gap.what_if is not None:
            for label, judgement in (("现在", gap.judgement), (MARK, gap.what_if.judgement)):
                rows.append((gap.judgement.indicator.name, label, *_supposed(judgement)))
    said = "、".join(
        f"{span(each.month, plan.indicator(each.indicator).kind)}{plan.indicator(each.indicator).name}"
        f"{amount(each.value, plan.indicator(each.indicator).unit)}"
        for each in assumed
    )
    notes = (f"{MARK}：{said}。{MARK}数据不记入台账，不影响其他结果。",)
    heads = ("指标", "情形", "判定", "实际", "差距", "需月均", "说明")
    return Listing(f"{MARK}对比", heads, tuple(rows), notes, frozenset({4, 5}))


def _supposed(judgement: Judgement) -> tuple[str | Field, ...]:
    gap = difference(judgement.gap, judgement.indicator.unit) if judgement.gap is not None else ""
    return (state_field(judgement), actual_words(judgement), gap, _needed(judgement), judgement.reason)
