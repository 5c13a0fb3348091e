"""`zyz explain`: how a judgement came about, step by step, with the numbers put in.

A reader with the source cells and a pocket calculator gets the same result. What a division leaves
without end is shown half-up at four decimals behind ≈; everything else is exact and stands behind =.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from xiangning_zyz.analysis.explain_forecast import forecast_lines
from xiangning_zyz.analysis.forecast import Outlook
from xiangning_zyz.analysis.judgement import Judgement, Passed, goal_op
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.lights import LIGHT_SHAPES, LIGHT_WORDS, rule_words, state_words
from xiangning_zyz.analysis.pace import is_ceiling
from xiangning_zyz.analysis.plan_line import Line, Point, milestone_month
from xiangning_zyz.analysis.series import SCALES, Figure
from xiangning_zyz.analysis.trend import WANTED_WORDS, trend_words, year_words
from xiangning_zyz.analysis.words import (
    by_words,
    confirmed_words,
    difference_unit,
    goal_words,
    passed_words,
    points_words,
    span,
    year_target_words,
)
from xiangning_zyz.fact import Recorded, Resolution
from xiangning_zyz.figure import PRECISE, plain, shown
from xiangning_zyz.plan import Indicator, Plan

_KINDS = {"stock": "时点数", "flow": "当年累计数", "ratio": "比率"}
_BASES = {"point": "", "single": "当期", "cumulative": "累计"}
_SOURCES = {"stated": "方案原文", "inferred": "推定", "office": "办公室确定"}
_POINTS = {"milestone": "节点目标", "office": "年度目标", "baseline": "基数"}
_EXACT_PLACES = 6


class Step(NamedTuple):
    """One line of an explanation."""

    title: str
    text: str
    source: Reported | None = None  # the reported figure this line shows, with its cell


def explain(
    plan: Plan, judgement: Judgement, ahead: Outlook | None = None, resolutions: Sequence[Recorded[Resolution]] = ()
) -> tuple[Step, ...]:
    """The steps from source cells to light and forecast, in the order a reader would reckon them.

    *resolutions*, latest first, tell who chose between figures that disagreed.
    """
    with localcontext(PRECISE):
        return (
            *_indicator(plan, judgement.indicator),
            *_data(judgement, resolutions),
            *_trend(judgement),
            *(_passed(judgement.indicator, each) for each in judgement.passed),
            *_milestone(plan, judgement),
            *_year(plan, judgement),
            *_pace(plan, judgement),
            *_needed(judgement),
            *_verdict(plan, judgement),
            *(Step("预测", line) for line in (forecast_lines(ahead, judgement.indicator) if ahead else ())),
        )


def _indicator(plan: Plan, indicator: Indicator) -> tuple[Step, ...]:
    quote = f"“{indicator.quote}”" if indicator.quote else ""
    steps = [
        Step("指标", f"{indicator.name}，单位{indicator.unit}，{_KINDS[indicator.kind]}"),
        Step("依据", f"{plan.document} {indicator.clause}{quote}（{_SOURCES[indicator.basis]}）"),
    ]
    if indicator.formula:
        above, below = (plan.indicator(part) for part in indicator.formula)
        steps.append(Step("公式", f"{above.name}（{above.unit}）÷ {below.name}（{below.unit}）{_scale(indicator)}"))
    return tuple(steps)


def _data(judgement: Judgement, resolutions: Sequence[Recorded[Resolution]]) -> tuple[Step, ...]:
    actual, indicator = judgement.actual, judgement.indicator
    inputs = list(_inputs(judgement))
    steps = [Step("数据", _source(each), each) for each in inputs]
    steps += [Step("裁定", line) for line in dict.fromkeys(_resolved(each, resolutions) for each in inputs) if line]
    if actual:
        steps.append(Step("现值", f"{span(actual.month, indicator.kind)}：{_actual(indicator, actual)}"))
    return tuple(steps)


def _inputs(judgement: Judgement) -> Iterable[Reported]:
    """Every reported figure that the judgement rests on, each once, the judged one's last."""
    figures = [each.actual for each in judgement.passed]
    figures.append(judgement.trend.source if judgement.trend else None)
    figures.append(judgement.compared.figure if judgement.compared else None)
    own = judgement.actual.sources if judgement.actual else judgement.rivals
    others = {each.what.cell: each for figure in figures if figure for each in figure.sources if each not in own}
    return (*others.values(), *own)


def _resolved(reported: Reported, resolutions: Sequence[Recorded[Resolution]]) -> str:
    """Who decided that this figure counts, and why; empty where nobody had to."""
    what = reported.what
    for decision in (each.what for each in resolutions):
        same = (decision.indicator, decision.segment) == (what.indicator, what.segment)
        if same and what.period in (decision.period, decision.period.last_month):
            chosen = decision.department == what.department
            words = f"{what.period.label}采用{what.department}数，由{decision.decided_by}确定：{decision.why}"
            return words if chosen else ""
    return ""


def _trend(judgement: Judgement) -> tuple[Step, ...]:
    trend, indicator = judgement.trend, judgement.indicator
    if trend is None or trend.month is None or trend.value is None:
        return ()
    year_ago = span(trend.month.shifted(-12), indicator.kind)
    if trend.previous is None:
        return (Step("升降", f"目标{WANTED_WORDS[trend.wanted]}，缺{year_ago}数，不能判断"),)
    reckoned = f"{_number(trend.value)} − {_number(trend.previous)}"
    baseline = "" if trend.source else "（基数）"
    change = _result(trend.value - trend.previous, difference_unit(indicator.unit))
    text = f"{year_ago}{_number(trend.previous)}{indicator.unit}{baseline}，{reckoned} {change}，{trend_words(trend)}"
    steps = [Step("升降", f"{text}“{WANTED_WORDS[trend.wanted]}”")]
    years = year_words(trend)
    return (*steps, Step("年度升降", f"{years}（以12月数为准）")) if years else tuple(steps)


def _source(reported: Reported) -> str:
    what, cell = reported.what, reported.what.cell
    covers = span(what.period, "flow") if what.basis == "cumulative" else what.period.label + _BASES[what.basis]
    place = f"{cell.file} 工作表“{cell.sheet}”{cell.ref}，原文“{cell.raw}”，第{reported.import_id}号报表"
    return f"{covers}{plain(what.value)}{what.unit}，{what.department}报（{place}）"


def _actual(indicator: Indicator, actual: Figure) -> str:
    if actual.parts:
        above, below = actual.parts
        reckoned = f"{plain(above.value)} ÷ {plain(below.value)}{_scale(indicator)}"
        return f"{reckoned} {_result(actual.value, indicator.unit)}"
    if len(actual.sources) > 1:
        sum_ = " + ".join(plain(each.what.value) for each in actual.sources)
        return f"{sum_} {_result(actual.value, indicator.unit)}"
    return _number(actual.value) + indicator.unit


def _passed(indicator: Indicator, passed: Passed) -> Step:
    goal = f"{by_words(passed.milestone)}目标{goal_words(passed.milestone, indicator.unit)}"
    actual = f"当期{_number(passed.actual.value)}{indicator.unit}" if passed.actual else "当期无数据"
    return Step("已过节点", f"{goal}，{actual}，{passed_words(passed, soft=indicator.soft)}")


def _milestone(plan: Plan, judgement: Judgement) -> tuple[Step, ...]:
    milestone, compared, unit = judgement.milestone, judgement.compared, judgement.indicator.unit
    if milestone is None:
        return ()
    quote = f"“{milestone.quote}”" if milestone.quote else ""
    whose = confirmed_words(plan, judgement) or _SOURCES[milestone.basis]
    steps = [Step("节点目标", f"{by_words(milestone)}{goal_words(milestone, unit)}（{whose}{quote}）")]
    if compared and judgement.gap is not None:
        target, value = plain(milestone.value), _number(compared.value)
        order = f"{value} − {target}" if is_ceiling(milestone.op) else f"{target} − {value}"
        baseline = "" if compared.figure else "（基数）"
        held = f"对照值为{span(compared.month, judgement.indicator.kind)}{value}{unit}{baseline}"
        steps.append(Step("差距", f"{held}，{order} {_result(judgement.gap, difference_unit(unit))}"))
        if judgement.attainment is not None:
            steps.append(Step("完成比例", f"{value} ÷ {target} × 100 {_result(judgement.attainment * 100, '%')}"))
    return tuple(steps)


def _year(plan: Plan, judgement: Judgement) -> tuple[Step, ...]:
    year = judgement.year
    if year is None:
        return ()
    if year.line:
        return (Step("年度目标", f"{year.year}年：{_line(year.line, year.value, judgement.indicator.unit)}"),)
    return (Step("年度目标", year_target_words(plan, judgement)),)


def _line(line: Line, value: Decimal, unit: str) -> str:
    """A value of the plan line, with the points it is read from."""
    before, after = line.before, line.after
    if after and after.month == line.month:
        return f"{plain(value)}{unit}（{_POINTS[after.source]}）"
    if before and after:
        start, end = plain(before.value), plain(after.value)
        elapsed = line.month.ordinal - before.month.ordinal
        reckoned = f"{start} + ({end} − {start}) × {elapsed}/{line.span}"
        return f"{_point(before)}至{_point(after)}按月直线，{reckoned} {_result(value, unit)}（测算）"
    return f"最后一个节点之后沿用{plain(value)}{unit}（测算）"


def _point(point: Point) -> str:
    return f"{point.month.label}{_POINTS[point.source]}{plain(point.value)}"


def _pace(plan: Plan, judgement: Judgement) -> tuple[Step, ...]:
    actual, pace, indicator = judgement.actual, judgement.pace, judgement.indicator
    if actual is None or pace.expected is None:
        return ()
    ceiling = is_ceiling(goal_op(indicator, judgement.milestone))
    if pace.year:
        months = f"{min(actual.month.last, pace.year.months)}/{pace.year.months}"
        target = _number(pace.year.value)
        expected = f"{target} × {months} {_result(pace.expected, indicator.unit)}"
        reckoned = f"({_minus(f'{_number(actual.value)} ÷ {target}', months, ceiling=ceiling)}) × 100"
    elif pace.line:
        expected = _line(pace.line, pace.expected, indicator.unit)
        ahead = _minus(_number(actual.value), _number(pace.expected), ceiling=ceiling)
        reckoned = f"({ahead}) ÷ {_rise(pace.line)} × 100"
    else:
        return ()
    steps = [Step("应达", expected)]
    if pace.points is not None:
        words = points_words(pace.points, plan.rules.light)
        steps.append(Step("进度", f"{reckoned} {_result(pace.points, '')}，即{words}"))
    return tuple(steps)


def _minus(actual: str, expected: str, *, ceiling: bool) -> str:
    """Ahead is positive: above a floor, below a ceiling."""
    return f"{expected} − {actual}" if ceiling else f"{actual} − {expected}"


def _rise(line: Line) -> str:
    if line.before is None or line.after is None:
        return ""
    low, high = sorted((line.before.value, line.after.value))
    return f"({plain(high)} − {plain(low)})"


def _needed(judgement: Judgement) -> tuple[Step, ...]:
    needed, actual, unit = judgement.needed_per_month, judgement.actual, judgement.indicator.unit
    if needed is None or actual is None:
        return ()
    if judgement.year:
        year = judgement.year
        reckoned = f"({_number(year.value)} − {_number(actual.value)}) ÷ ({year.months} − {actual.month.last})"
    elif judgement.milestone and judgement.gap is not None:
        months = milestone_month(judgement.milestone).ordinal - actual.month.ordinal
        reckoned = f"{_number(judgement.gap)} ÷ {months}个月"
    else:
        return ()
    allowed = judgement.indicator.kind == "flow" and is_ceiling(goal_op(judgement.indicator, judgement.milestone))
    title, none = ("每月不超过", "已无余量") if allowed else ("需月均", "已无缺口")
    return (Step(title, f"{reckoned} {_result(needed, difference_unit(unit))}" if needed else f"{reckoned}，{none}"),)


def _verdict(plan: Plan, judgement: Judgement) -> tuple[Step, ...]:
    light = judgement.light
    words = state_words(judgement.state, soft=judgement.indicator.soft)
    return (
        Step("判定", f"{LIGHT_SHAPES[light]}{LIGHT_WORDS[light]} {words}：{judgement.reason}"),
        Step("规则", rule_words(plan.rules)),
        Step("口径", "“以上、达到、不低于”含本数（民法典第一千二百五十九条），“突破、超过、低于”不含本数。"),
    )


def _scale(indicator: Indicator) -> str:
    return f" × {SCALES[indicator.unit]}" if indicator.unit in SCALES else ""


def _is_exact(value: Decimal) -> bool:
    return len(plain(value).partition(".")[2]) <= _EXACT_PLACES


def _number(value: Decimal) -> str:
    if _is_exact(value):
        return plain(value)
    return next((text for text in (shown(value, places) for places in (4, 8)) if text != "0"), shown(value, 12))


def _result(value: Decimal, unit: str) -> str:
    return f"{'=' if _is_exact(value) else '≈'} {_number(value)}{unit}"
