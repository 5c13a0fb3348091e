"""Goals in words and tables: where each stands, what is missing, what the plan still asks for."""

from decimal import Decimal

from xiangning_zyz.analysis.gap import Gap, MilestoneGap
from xiangning_zyz.analysis.judgement import Judgement, goal_op
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.lights import LIGHT_SHAPES, LIGHT_WORDS, Light
from xiangning_zyz.analysis.trend import WANTED_WORDS, trend_words
from xiangning_zyz.analysis.words import (
    amount,
    between,
    by_words,
    difference,
    estimated,
    goal_words,
    needed_words,
    passed_words,
    percent,
    points_words,
    signed,
    span,
)
from xiangning_zyz.plan import Indicator, Op
from xiangning_zyz.plan import Light as Bounds
from xiangning_zyz.report.blocks import Cell, Column, Figure, Table, Tone, plain_cell
from xiangning_zyz.report.compose.material import Material
from xiangning_zyz.report.gap import chance, rough
from xiangning_zyz.report.goals import MARK_INFERRED, state_field, trend_goal

TONES: dict[Light, Tone] = {"green": "good", "yellow": "warn", "red": "bad", "none": "dim"}
_PASSED_TONES: dict[str | None, Tone] = {"met": "good", "missed": "bad", "met_late": "warn", None: "dim"}
_BASES = {"milestone": "", "office": "（年度目标）", "estimate": "（测算）"}


def said_of(judgement: Judgement) -> Figure:
    """The sentence on a goal, without its full stop, with the cells it rests on."""
    name = judgement.indicator.name
    reason = judgement.reason.removesuffix("。")
    lead = f"{name}数据" if judgement.state == "conflict" else name
    return Figure(f"{lead}：{reason}", _sources(judgement))


def trend_said(judgement: Judgement) -> Figure:
    """As `said_of`, for a goal without a number: how it moved, not that it has none."""
    said = said_of(judgement)
    moved = judgement.reason.removesuffix("。").partition("；")[2]
    return said if judgement.milestone or not moved else said._replace(text=f"{judgement.indicator.name}：{moved}")


def value_of(judgement: Judgement) -> Figure:
    """The value with its unit; 未报 where there is none."""
    actual = judgement.actual
    if actual is None:
        return Figure("数据冲突" if judgement.rivals else "未报", judgement.rivals)
    target = judgement.milestone.value if judgement.milestone else None
    return Figure(amount(actual.value, judgement.indicator.unit, target), actual.sources)


def goal_table(material: Material) -> Table:
    """Every goal with a number: actual, milestone, gap and pace."""
    rows = tuple(_goal_row(material, each) for each in material.status.targets if each.milestone or each.year)
    columns = (
        Column("state", "判定", 6),
        Column("name", "指标", 9),
        Column("unit", "单位", 3, "center"),
        Column("month", "数据截至", 7),
        Column("actual", "实际", 5, "right", places=6),
        Column("by", "节点", 7),
        Column("target", "目标", 6, "right", places=6),
        Column("compared", "对照值", 5, "right", places=6),
        Column("gap", "差距", 8, "right", places=6),
        Column("done", "完成比例", 5, "right", "bar", places=1, percent=True),
        Column("points", "进度（百分点）", 8, "right", places=1),
        Column("needed", "需月均", 8, "right", places=3),
    )
    notes = (
        "对照值：时点数、比率为本期实际；累计数在节点当年为本年累计，其他年份为上一完整年度。差距＝目标－对照值，不大于0即不差。",
        "进度：当年累计数为“累计÷年度目标－已过月数÷12”；时点数为距直线测算值的百分点。＋为超前，－为落后。",
        material.status.rule,
    )
    return Table("goals", "主要指标进展情况表", columns, rows, notes)


def reason_table(material: Material) -> Table:
    """Why each goal has its light, or none."""
    rows = tuple(
        (state_cell(each), plain_cell(each.indicator.name), Cell((Figure(each.reason, _sources(each)),)))
        for each in material.status.targets
    )
    columns = (Column("state", "判定", 6), Column("name", "指标", 10), Column("reason", "说明", 44))
    return Table("reasons", "指标判断说明表", columns, rows)


def trend_table(material: Material) -> Table | None:
    """Goals that only have to rise (or fall) from year to year; None where the plan has none."""
    rows = tuple(_trend_row(each) for each in material.status.targets if each.trend)
    columns = (
        Column("name", "指标", 10),
        Column("unit", "单位", 3, "center"),
        Column("wanted", "要求", 5),
        Column("month", "数据截至", 8),
        Column("value", "本期", 6, "right", places=6),
        Column("previous", "上年同期", 6, "right", places=6),
        Column("change", "增减", 8, "right", places=6),
        Column("verdict", "判断", 7),
    )
    return Table("trends", "逐年变化指标情况表", columns, rows, ("全年升降以12月数为准。",)) if rows else None


def qualitative_table(material: Material) -> Table | None:
    """Goals that people judge; None where the plan has none."""
    rows = tuple(
        (
            plain_cell(each.goal.name),
            plain_cell(each.goal.quote),
            plain_cell(each.last.verdict if each.last else "尚未评判", "" if each.last else "dim"),
            plain_cell(each.last.judged_by if each.last else ""),
            plain_cell(each.last.on.isoformat() if each.last else ""),
        )
        for each in material.status.qualitative
    )
    columns = (
        Column("name", "目标", 9),
        Column("quote", "方案原文", 20),
        Column("verdict", "评判", 9),
        Column("by", "评判人", 9),
        Column("on", "日期", 7),
    )
    return Table("qualitative", "定性目标评判情况表", columns, rows) if rows else None


def milestone_table(material: Material) -> Table:
    """Every milestone: those passed with their verdict, those ahead with what they need and how likely they are."""
    rows = []
    for gap in material.gaps:
        rows += [_passed_row(gap.judgement, place) for place in range(len(gap.judgement.passed))]
        rows += [_ahead_row(gap, each) for each in gap.milestones]
    columns = (
        Column("name", "指标", 9),
        Column("unit", "单位", 3, "center"),
        Column("by", "节点", 8),
        Column("target", "目标", 6, "right", places=6),
        Column("compared", "对照值", 6, "right", places=6),
        Column("gap", "差距", 8, "right", places=6),
        Column("needed", "需月均", 8, "right", places=3),
        Column("growth", "需年均增长", 6, "right", places=1, percent=True),
        Column("forecast", "预测值", 6, "right", places=3),
        Column("band", "80%区间", 8, "right"),
        Column("chance", "达标概率", 5, "right"),
        Column("verdict", "结论", 6),
    )
    notes = ("预测按现有走势外推，不是承诺；方法和适用条件见 zyz gap。", "（时限推定）为方案未写时限、按规划期末推定。")
    return Table("milestones", "节点目标完成和差距情况表", columns, tuple(rows), notes)


def points_text(points: Decimal, bounds: Bounds) -> str:
    """A pace with its sign, never rounded onto a bound it does not sit on: -1.8, +10.0, 0."""
    words = points_words(points, bounds)
    number = words.removeprefix("超前").removeprefix("落后").removesuffix("个百分点")
    return f"{'+' if points > 0 else '-'}{number}" if points else "0"


def state_cell(judgement: Judgement) -> Cell:
    """Light and state in shape and word."""
    return plain_cell(state_field(judgement).text, TONES[judgement.light])


def light_words(light: Light) -> str:
    """●绿灯 and so on; ○不亮灯."""
    return f"{LIGHT_SHAPES[light]}{LIGHT_WORDS[light]}{'' if light == 'none' else '灯'}"


def number_cell(text: str, number: Decimal | None, sources: Figure | None = None, formula: str = "") -> Cell:
    """A cell whose words stand for a number; empty without one."""
    if number is None:
        return plain_cell("")
    return Cell((Figure(text, sources.sources if sources else ()),), "", number, formula)


def _goal_row(material: Material, judgement: Judgement) -> tuple[Cell, ...]:
    unit, milestone, actual = judgement.indicator.unit, judgement.milestone, judgement.actual
    compared, gap, points, needed = judgement.compared, judgement.gap, judgement.pace.points, judgement.needed_per_month
    behind = Figure("", _sources(judgement))
    by = by_words(milestone) + (MARK_INFERRED if milestone.basis == "inferred" else "") if milestone else ""
    missing = "{compared}-{target}" if milestone and milestone.op in ("<=", "<") else "{target}-{compared}"
    done, target = judgement.attainment, milestone.value if milestone else None
    return (
        state_cell(judgement),
        plain_cell(judgement.indicator.name),
        plain_cell(unit),
        plain_cell(span(actual.month, judgement.indicator.kind) if actual else ""),
        number_cell(amount(actual.value, "", target), actual.value, behind)
        if actual
        else Cell((value_of(judgement),), "dim"),
        plain_cell(by),
        number_cell(goal_words(milestone, ""), milestone.value) if milestone else plain_cell(trend_goal(judgement)),
        number_cell(amount(compared.value, "", target), compared.value, behind) if compared else plain_cell(""),
        number_cell(difference(gap, unit, bare=True), gap, behind, missing) if gap is not None else plain_cell(""),
        number_cell(percent(done), done, behind, "{compared}/{target}") if done is not None else plain_cell(""),
        _points_cell(material, judgement, points, behind),
        _needed_cell(judgement.indicator, goal_op(judgement.indicator, milestone), needed, behind),
    )


def _needed_cell(indicator: Indicator, op: Op, needed: Decimal | None, behind: Figure | None = None) -> Cell:
    if needed is None:
        return plain_cell("")
    return number_cell(needed_words(needed, indicator, op, bare=True), needed, behind)


def _points_cell(material: Material, judgement: Judgement, points: Decimal | None, behind: Figure) -> Cell:
    if points is None:
        return plain_cell("")
    year = judgement.year
    mark = _BASES[year.basis] if year else "（测算）" if estimated(judgement) else ""
    text = points_text(points, material.plan.rules.light)
    return Cell((Figure(text, behind.sources), mark), TONES[judgement.light], points)


def _trend_row(judgement: Judgement) -> tuple[Cell, ...]:
    trend, indicator = judgement.trend, judgement.indicator
    if trend is None:
        raise ValueError("only trend goals have a trend")
    now, before = trend.value, trend.previous
    behind = Figure("", _sources(judgement))
    tones: dict[bool | None, Tone] = {True: "good", False: "warn", None: "dim"}
    change = now - before if now is not None and before is not None else None
    return (
        plain_cell(indicator.name),
        plain_cell(indicator.unit),
        plain_cell(WANTED_WORDS[trend.wanted]),
        plain_cell(span(trend.month, indicator.kind) if trend.month else "未报"),
        number_cell(amount(now, "", before), now, behind) if now is not None else plain_cell(""),
        number_cell(amount(before, "", now), before, Figure("", trend.source.sources if trend.source else ()))
        if before is not None
        else plain_cell(""),
        number_cell(signed(change, indicator.unit, bare=True), change, behind, "{value}-{previous}")
        if change is not None
        else plain_cell(""),
        plain_cell(trend_words(trend), tones[trend.kept]),
    )


def _passed_row(judgement: Judgement, place: int) -> tuple[Cell, ...]:
    passed, unit = judgement.passed[place], judgement.indicator.unit
    actual = passed.actual
    return (
        plain_cell(judgement.indicator.name),
        plain_cell(unit),
        plain_cell(by_words(passed.milestone)),
        number_cell(goal_words(passed.milestone, ""), passed.milestone.value),
        number_cell(amount(actual.value, "", passed.milestone.value), actual.value, Figure("", actual.sources))
        if actual
        else plain_cell("未报"),
        *(plain_cell("") for _ in range(6)),
        plain_cell(passed_words(passed, soft=judgement.indicator.soft), _PASSED_TONES[passed.verdict]),
    )


def _ahead_row(gap: Gap, each: MilestoneGap) -> tuple[Cell, ...]:
    judgement, milestone, compared = gap.judgement, each.milestone, each.compared
    unit = judgement.indicator.unit
    behind = Figure("", _sources(judgement))
    missing = "{compared}-{target}" if milestone.op in ("<=", "<") else "{target}-{compared}"
    forecast = next((one for one in gap.outlook.forecasts if one.milestone == milestone), None)
    current = milestone == judgement.milestone
    return (
        plain_cell(judgement.indicator.name),
        plain_cell(unit),
        plain_cell(by_words(milestone) + (MARK_INFERRED if milestone.basis == "inferred" else "")),
        number_cell(goal_words(milestone, ""), milestone.value),
        number_cell(amount(compared.value, "", milestone.value), compared.value, behind)
        if compared
        else plain_cell(""),
        number_cell(difference(each.gap, unit, bare=True), each.gap, behind, missing)
        if each.gap is not None
        else plain_cell(""),
        _needed_cell(judgement.indicator, milestone.op, each.needed_per_month),
        number_cell(percent(each.needed_growth), each.needed_growth)
        if each.needed_growth is not None
        else plain_cell(""),
        number_cell(rough(forecast.value), forecast.value, behind) if forecast else plain_cell(""),
        plain_cell(between(rough(forecast.low), rough(forecast.high), "") if forecast else ""),
        plain_cell(chance(forecast.probability) if forecast else ""),
        state_cell(judgement) if current else plain_cell("未到节点", "dim"),
    )


def _sources(judgement: Judgement) -> tuple[Reported, ...]:
    return judgement.actual.sources if judgement.actual else judgement.rivals
