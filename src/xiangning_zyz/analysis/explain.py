"""`zyz explain`: how a judgement came about, step by step, with the numbers put in.

A reader with the source cells and a pocket calculator gets the same result. What a division leaves
without end is shown half-up at four decimals behind ≈; everything else is exact and stands behind =.
"""

from decimal import Decimal, localcontext
from typing import NamedTuple

from xiangning_zyz.analysis.judgement import Judgement, Passed, goal_op
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.lights import LIGHT_SHAPES, LIGHT_WORDS, rule_words, state_words
from xiangning_zyz.analysis.pace import is_ceiling
from xiangning_zyz.analysis.plan_line import Line, Point, milestone_month
from xiangning_zyz.analysis.series import SCALES, Figure
from xiangning_zyz.analysis.words import by_words, goal_words, points_words, span
from xiangning_zyz.figure import PRECISE, plain, shown
from xiangning_zyz.plan import Indicator, Plan

_KINDS = {"stock": "时点数", "flow": "当年累计数", "ratio": "比率"}
_BASES = {"point": "", "single": "当期", "cumulative": "累计"}
_SOURCES = {"stated": "方案原文", "inferred": "推定", "office": "办公室确定"}
_POINTS = {"milestone": "节点目标", "office": "年度目标", "baseline": "基数"}
_PASSED = {"met": "达到", "missed": "未达到", "met_late": "逾期达到", None: "不作判断"}
_EXACT_PLACES = 6


class Step(NamedTuple):
    """One line of an explanation."""

    title: str
    text: str
    source: Reported | None = None  # the reported figure this line shows, with its cell


def explain(plan: Plan, judgement: Judgement) -> tuple[Step, ...]:
    """The steps from source cells to light, in the order a reader would reckon them."""
    with localcontext(PRECISE):
        return (
            *_indicator(plan, judgement.indicator),
            *_data(judgement),
            *(_passed(judgement.indicator, each) for each in judgement.passed),
            *_milestone(judgement),
            *_year(judgement),
            *_pace(plan, judgement),
            *_needed(judgement),
            *_verdict(plan, judgement),
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


def _data(judgement: Judgement) -> tuple[Step, ...]:
    actual, indicator = judgement.actual, judgement.indicator
    steps = [Step("数据", _source(each), each) for each in (actual.sources if actual else judgement.rivals)]
    if actual:
        steps.append(Step("现值", f"{span(actual.month, indicator.kind)}：{_actual(indicator, actual)}"))
    return tuple(steps)


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
    verdict = "未达预期" if passed.verdict == "missed" and indicator.soft else _PASSED[passed.verdict]
    return Step("已过节点", f"{goal}，{actual}，{verdict}")


def _milestone(judgement: Judgement) -> tuple[Step, ...]:
    milestone, compared, unit = judgement.milestone, judgement.compared, judgement.indicator.unit
    if milestone is None:
        return ()
    quote = f"“{milestone.quote}”" if milestone.quote else ""
    steps = [
        Step("节点目标", f"{by_words(milestone)}{goal_words(milestone, unit)}（{_SOURCES[milestone.basis]}{quote}）")
    ]
    if compared and judgement.gap is not None:
        target, value = plain(milestone.value), _number(compared.value)
        order = f"{value} − {target}" if is_ceiling(milestone.op) else f"{target} − {value}"
        baseline = "" if compared.figure else "（基数）"
        held = f"对照值为{span(compared.month, judgement.indicator.kind)}{value}{unit}{baseline}"
        steps.append(Step("差距", f"{held}，{order} {_result(judgement.gap, unit)}"))
        if judgement.attainment is not None:
            steps.append(Step("完成比例", f"{value} ÷ {target} × 100 {_result(judgement.attainment * 100, '%')}"))
    return tuple(steps)


def _year(judgement: Judgement) -> tuple[Step, ...]:
    year, unit = judgement.year, judgement.indicator.unit
    if year is None:
        return ()
    if year.line:
        return (Step("年度目标", f"{year.year}年：{_line(year.line, year.value, unit)}"),)
    whose = "节点目标" if year.basis == "milestone" else "办公室确定"
    return (Step("年度目标", f"{year.year}年：{plain(year.value)}{unit}（{whose}）"),)


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
    return (Step("需月均", f"{reckoned} {_result(needed, unit)}" if needed else f"{reckoned}，已无缺口"),)


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
    return plain(value) if _is_exact(value) else shown(value, 4)


def _result(value: Decimal, unit: str) -> str:
    return f"{'=' if _is_exact(value) else '≈'} {_number(value)}{unit}"
