"""The sentence beside every state: why this light, or why none (CONTRACT §7: no light without its reason).

Short, civil, with the figures put in. Goals that are only hoped for (力争) are 未达预期 when missed,
never 违约 (domain.md D2).
"""

from decimal import Decimal

from xiangning_zyz.analysis.due import Due, figure_due
from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.pace import is_ceiling
from xiangning_zyz.analysis.trend import WANTED_WORDS, trend_words, year_words
from xiangning_zyz.analysis.words import (
    amount,
    by_words,
    day_words,
    difference,
    estimated,
    goal_words,
    in_points,
    needed_said,
    percent,
    periods_words,
    points_words,
    span,
)
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Milestone, Plan


def reason_of(plan: Plan, judgement: Judgement) -> str:
    """Why *judgement* has its state, then what else a reader must know; never empty."""
    said = [
        _main(plan, judgement),
        _trend(judgement),
        _parts(plan, judgement),
        _equal(judgement),
        _uncompared(judgement),
    ]
    if judgement.period is not None:
        said.append(_late(plan, judgement))
    said.extend(judgement.notes)
    return "；".join(part for part in said if part) + "。"


def _main(plan: Plan, judgement: Judgement) -> str:
    match judgement.state:
        case "conflict":
            return _conflict(judgement)
        case "not_due" | "overdue":
            return _unreported(plan, judgement)
        case "not_published":
            return _unpublished(plan, judgement)
        case "met" | "equal_not_above" | "missed":
            return _at_milestone(judgement)
        case "no_deadline":
            return _no_deadline(judgement)
        case "no_baseline":
            return _no_baseline(judgement)
        case _:
            return _paced(plan, judgement)


def _conflict(judgement: Judgement) -> str:
    unit = judgement.indicator.unit
    rivals = "、".join(f"{each.what.department}{amount(each.what.value, unit)}" for each in judgement.rivals)
    month = judgement.rivals[0].what.period.label
    return f"{month}各单位数据不一致（{rivals}），请办公室核定采用哪一个"


def _unreported(plan: Plan, judgement: Judgement) -> str:
    late, coming = judgement.silence
    if late:
        return f"{periods_words(late, None)}未报（逾期），{_due_words(figure_due(plan, judgement.indicator, late[0]))}"
    if coming:
        return f"{coming.label}数据未到报送日，{_due_words(figure_due(plan, judgement.indicator, coming))}"
    return "首个报告期尚未结束，无应报数据"


def _due_words(due: Due) -> str:
    return f"应于{day_words(due.day)}前报送{_doubt(due)}"


def _doubt(due: Due) -> str:
    return "" if due.announced else f"（{due.day.year}年放假安排未公布，按周一至周五推算）"


def _unpublished(plan: Plan, judgement: Judgement) -> str:
    coming = judgement.silence.next
    if coming is None:
        return "数据未发布"
    month = Period.month_of(figure_due(plan, judgement.indicator, coming).day)
    return f"{coming.label}数据未发布，预计{month.label}底前发布"


def _at_milestone(judgement: Judgement) -> str:
    milestone, compared, gap = judgement.milestone, judgement.compared, judgement.gap
    if milestone is None or compared is None or gap is None:
        raise ValueError("a verdict at a milestone rests on a figure compared with it")
    indicator = judgement.indicator
    figure = f"{span(compared.month, indicator.kind)}{amount(compared.value, indicator.unit, milestone.value)}"
    goal = f"{by_words(milestone)}目标{goal_words(milestone, indicator.unit)}"
    if judgement.state == "met":
        return f"{figure}，达到{goal}"
    if judgement.state == "equal_not_above":
        return f"{figure}，{goal}"
    verdict = "未达预期" if indicator.soft else "未达到目标"
    return f"{figure}，{goal}，{verdict}，{_gap_words(milestone, gap, indicator.unit)}"


def _gap_words(milestone: Milestone, gap: Decimal, unit: str) -> str:
    if gap == 0 and milestone.op in (">", "<"):
        return "与目标值相等"
    if gap <= 0:
        return "未超过目标值" if is_ceiling(milestone.op) else "已达目标值"
    return f"{'超出' if is_ceiling(milestone.op) else '还差'}{difference(gap, unit)}"


def _no_deadline(judgement: Judgement) -> str:
    milestone = judgement.milestone
    if milestone is None:
        return "方案只定变化方向，未定目标数值" if judgement.indicator.trend else "方案未定目标数值"
    said = f"方案未写时限，{by_words(milestone)}为推定，待办公室确认后亮灯"
    return said + _missing(judgement, "目标")


def _missing(judgement: Judgement, named: str) -> str:
    """What is held against the milestone, how much that leaves and what it needs a month; empty without a figure."""
    milestone, compared, gap = judgement.milestone, judgement.compared, judgement.gap
    if milestone is None or compared is None or gap is None:
        return ""
    kind, unit = judgement.indicator.kind, judgement.indicator.unit
    held = f"{span(compared.month, kind)}{amount(compared.value, unit, milestone.value)}"
    if compared.figure is None:
        held += "（基数）"
    goal = f"{named}{goal_words(milestone, unit)}，{_gap_words(milestone, gap, unit)}"
    return f"；{held}，{goal}{_needed_words(judgement)}"


def _needed_words(judgement: Judgement) -> str:
    needed, milestone = judgement.needed_per_month, judgement.milestone
    if not needed or milestone is None:
        return ""
    return f"，{needed_said(needed, judgement.indicator, milestone.op)}"


def _no_baseline(judgement: Judgement) -> str:
    milestone, unit = judgement.milestone, judgement.indicator.unit
    if judgement.pace.expected is not None:
        actual = judgement.actual.value if judgement.actual else None
        due = f"应达{amount(judgement.pace.expected, unit, actual)}{'（测算）' if estimated(judgement) else ''}"
        said = f"{due}，未达到；{_unscaled(judgement)}，不能折算百分点"
    elif judgement.indicator.kind == "ratio":
        said = "比率没有年度目标，节点前不测算进度"
    else:
        said = "首个节点之前没有基数，不能测算进度"
    return said + (_missing(judgement, f"{by_words(milestone)}目标") if milestone else "")


def _unscaled(judgement: Judgement) -> str:
    """Why an expected value gives no percentage points: there is nothing to divide by."""
    line = judgement.pace.line
    if line is None:
        return "年度目标为0"
    if line.before is None:
        return "此前没有基数"
    return "前后节点数值相同" if line.after else "最后一个节点已过"


def _paced(plan: Plan, judgement: Judgement) -> str:
    actual, expected = judgement.actual, judgement.pace.expected
    if actual is None or expected is None:
        raise ValueError("a pace rests on a figure and an expected value")
    indicator, year = judgement.indicator, judgement.year
    pace = _pace_words(plan, judgement)
    figure = f"{span(actual.month, indicator.kind)}{amount(actual.value, indicator.unit, expected)}"
    drawn = "（测算）" if estimated(judgement) else ""
    due = f"应达{amount(expected, indicator.unit, actual.value)}"
    if year is None:
        return f"{figure}，{due}{drawn}，{pace}"
    goal = f"{year.year}年目标{amount(year.value, indicator.unit)}{drawn}"
    if year.value <= 0:  # no share of nothing, nor of a loss
        return f"{figure}，{goal}，{due}，{pace}"
    done, passed = actual.value / year.value, Decimal(min(actual.month.last, year.months)) / year.months
    return f"{figure}，为{goal}的{percent(done, passed)}，时序进度{percent(passed)}，{pace}"


def _pace_words(plan: Plan, judgement: Judgement) -> str:
    """Ahead or behind; 进度 is said where the figures are percentages themselves, whose difference is another."""
    points = judgement.pace.points
    if points is None:
        return "已达到应达水平"
    said = points_words(points, plan.rules.light)
    return f"进度{said}" if in_points(judgement.indicator.unit) else said


def _trend(judgement: Judgement) -> str:
    """How the value stands to last year's; says so where last year's is missing (CONTRACT §7)."""
    trend, indicator = judgement.trend, judgement.indicator
    if trend is None or trend.month is None or trend.value is None:
        return ""
    year_ago = span(trend.month.shifted(-12), indicator.kind)
    if trend.previous is None:
        years = year_words(trend)
        return f"缺{year_ago}数，不能判断升降{f'（{years}）' if years else ''}"
    said = f"{year_ago}为{amount(trend.previous, indicator.unit, trend.value)}，{trend_words(trend)}"
    if judgement.milestone is None:  # nothing else has named the value
        said = f"{span(trend.month, indicator.kind)}{amount(trend.value, indicator.unit, trend.previous)}，{said}"
    return f"{said}“{WANTED_WORDS[trend.wanted]}”{'' if trend.month.last == 12 else '（全年以12月数为准）'}"


def _parts(plan: Plan, judgement: Judgement) -> str:
    """A ratio with the parts it is made of: the denominator must be printed (domain.md D7)."""
    actual, formula = judgement.actual, judgement.indicator.formula
    if actual is None or not actual.parts or formula is None:
        return ""
    named = zip(map(plan.indicator, formula), actual.parts, strict=True)
    words = (f"{span(part.month, each.kind)}{each.name}{amount(part.value, each.unit)}" for each, part in named)
    return f"由{'、'.join(words)}计算"


def _equal(judgement: Judgement) -> str:
    """Exactly on a value that must be passed: 突破 does not include it (CONTRACT §3)."""
    milestone, compared = judgement.milestone, judgement.compared
    if milestone is None or compared is None or milestone.op in (">=", "<=") or compared.value != milestone.value:
        return ""
    word = "突破、超过" if milestone.op == ">" else "低于、不足"
    return f"恰等于{amount(milestone.value, judgement.indicator.unit)}，“{word}”不含本数，请人工确认"


def _uncompared(judgement: Judgement) -> str:
    """A flow without a complete year has nothing to hold against a later year's milestone."""
    if judgement.actual is None or judgement.milestone is None or judgement.compared is not None:
        return ""
    return f"尚无可与{by_words(judgement.milestone)}目标比较的全年数"


def _late(plan: Plan, judgement: Judgement) -> str:
    late = judgement.silence.late
    if not late:
        return ""
    doubt = _doubt(figure_due(plan, judgement.indicator, late[-1]))
    return f"{periods_words(late, judgement.period)}未报（逾期）{doubt}"
