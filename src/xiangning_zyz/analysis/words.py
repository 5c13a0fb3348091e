"""How figures, spans and goals are put into Chinese, the same in every output.

Rounding is half-up and happens here, once. A rounded figure never tells another story than the
verdict beside it: where it would seem to sit on a bound it does not sit on, more decimals are shown.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from xiangning_zyz.analysis.judgement import Judgement, Passed
from xiangning_zyz.analysis.lights import state_at
from xiangning_zyz.analysis.pace import is_ceiling
from xiangning_zyz.analysis.plan_line import YearTarget, milestone_month
from xiangning_zyz.figure import plain, rounded, shown
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Kind, Light, Milestone, Op, Plan

_OPS: dict[Op, str] = {">=": "不低于", ">": "超过", "<=": "不超过", "<": "低于"}
_EXACT_PLACES = 6  # reported figures have no more; beyond are quotients
_POINTS = {"%": "个百分点", "‰": "个千分点"}  # what two shares differ by


def amount(value: Decimal, unit: str, beside: Decimal | None = None) -> str:
    """A figure with its unit: exact if short, else three decimals or two digits, more if it would read as *beside*."""
    exact = plain(value)
    if len(exact.partition(".")[2]) <= _EXACT_PLACES:
        return exact + unit
    fewest = max(3, 1 - value.adjusted())
    for places in range(fewest, fewest + 12):
        text = shown(value, places)
        if value == beside or beside is None or Decimal(text) != beside:
            break
    return text + unit


def difference(value: Decimal, unit: str, *, bare: bool = False) -> str:
    """What two figures in *unit* differ by: 6户, but 0.292个百分点 where the figures are percentages.

    From 1% to 2% it is one 百分点 and 100% (domain.md D3). Never reads as nothing unless it is
    nothing. *bare*: the unit stands beside it already, unless the difference has one of its own.
    """
    return amount(value, difference_unit(unit, bare=bare), Decimal(0))


def difference_unit(unit: str, *, bare: bool = False) -> str:
    """The unit of a difference: 个百分点 for %, 个千分点 for ‰, else the figures' own."""
    return _POINTS.get(unit, "" if bare else unit)


def between(low: str, high: str, unit: str) -> str:
    """A span of figures: 67.5～69.1户, but 63%～68%, for 63～68% could start at 63 (GB/T 15835)."""
    return f"{low}{unit if in_points(unit) else ''}～{high}{unit}"


def signed(value: Decimal, unit: str, *, bare: bool = False) -> str:
    """A change with its sign: +2户, -0.05个百分点, 0户."""
    return f"{'+' if value > 0 else ''}{difference(value, unit, bare=bare)}"


def in_points(unit: str) -> bool:
    """Whether figures in *unit* are shares, so that their differences are 百分点."""
    return unit in _POINTS


def needed_words(needed: Decimal, indicator: Indicator, op: Op, *, bare: bool = False) -> str:
    """What each month must bring; of a flow under a ceiling what it may still bring: 不超过0.6亿元."""
    at_most = "不超过" if indicator.kind == "flow" and is_ceiling(op) else ""
    return at_most + difference(needed, indicator.unit, bare=bare)


def needed_said(needed: Decimal, indicator: Indicator, op: Op) -> str:
    """As `needed_words`, in a sentence: 需月均0.733亿元, 每月不超过0.6亿元."""
    words = needed_words(needed, indicator, op)
    return f"每月{words}" if words.startswith("不超过") else f"需月均{words}"


def percent(share: Decimal, beside: Decimal | None = None) -> str:
    """A fraction of one as a percentage with one decimal: 0.48235 → 48.2%.

    More decimals where it would else read as none, all, or *beside*: 0.9996 is 99.96%, not 100.0%.
    """
    bounds = [bound for bound in (Decimal(0), Decimal(1), beside) if bound is not None and bound != share]
    for places in (1, 2, 3, 4, 6, 12):
        text = rounded(share * 100, places)
        if all(Decimal(text) != Decimal(rounded(bound * 100, places)) for bound in bounds):
            break
    return f"{text}%"


def growth_words(share: Decimal) -> str:
    """A growth in words: 增长12.0%, 下降5.0%, 持平."""
    if not share:
        return "持平"
    return f"{'增长' if share > 0 else '下降'}{percent(abs(share))}"


def points_words(points: Decimal, bounds: Light) -> str:
    """A pace in words: 超前10.0个百分点, 落后1.8个百分点, 与应达持平."""
    if not points:
        return "与应达持平"
    for places in (1, 2, 3, 4, 6, 12):
        text = rounded(points, places)
        if state_at(Decimal(text), bounds) == state_at(points, bounds) and Decimal(text):
            break
    return f"{'超前' if points > 0 else '落后'}{text.removeprefix('-')}个百分点"


def passed_words(passed: Passed, *, soft: bool) -> str:
    """The verdict on an earlier milestone; 力争 goals are 未达预期, never 违约 (domain.md D2)."""
    if passed.verdict is None:
        return "不作判断"
    if passed.verdict == "missed" and passed.actual and passed.actual.value == passed.milestone.value:
        return "恰等于，请人工确认"
    return {"met": "达到", "met_late": "逾期达到", "missed": "未达预期" if soft else "未达到"}[passed.verdict]


def estimated(judgement: Judgement) -> bool:
    """Whether its pace is measured against a line of ours, which every output must mark 测算."""
    year, line = judgement.year, judgement.pace.line
    return year.basis == "estimate" if year else line is not None and line.drawn


def span(month: Period, kind: Kind) -> str:
    """What a figure covers: 2024年1—6月累计, 2024年全年, or for stocks and ratios 2024年6月."""
    if kind != "flow":
        return month.label
    if month.last == 12:
        return f"{month.year}年全年"
    return f"{month.label}累计" if month.last == 1 else f"{month.year}年1—{month.last}月累计"


def by_words(milestone: Milestone) -> str:
    """A milestone's date: 2025年底, 2025年6月底, or the very day where it is not a month's end."""
    month = milestone_month(milestone)
    if milestone.by != month.last_day:
        return f"{month.label}{milestone.by.day}日"
    return f"{month.year}年底" if month.last == 12 else f"{month.label}底"


def goal_words(milestone: Milestone, unit: str) -> str:
    """What a milestone demands: 超过7亿元, 不低于50户."""
    return _OPS[milestone.op] + plain(milestone.value) + unit


def periods_words(periods: Sequence[Period], beside: Period | None) -> str:
    """A run of missing periods: 6月, 5月、6月, 2月至6月; with the year unless all lie in *beside*'s."""
    if beside and all(period.year == beside.year for period in periods):
        names = [period.label.removeprefix(f"{period.year}年") or period.label for period in periods]
    else:
        names = [period.label for period in periods]
    return "、".join(names) if len(names) <= 2 else f"{names[0]}至{names[-1]}"


def day_words(day: date) -> str:
    """A day as offices write it: 2024年7月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def year_target_words(plan: Plan, judgement: Judgement) -> str:
    """A flow's year target and where it is from; empty for other goals."""
    year, indicator = judgement.year, judgement.indicator
    if year is None:
        return ""
    return f"{year.year}年目标{amount(year.value, indicator.unit)}（{_year_source(plan, indicator.id, year)}）"


def _year_source(plan: Plan, indicator: str, year: YearTarget) -> str:
    if year.basis != "office":
        return "节点目标" if year.basis == "milestone" else "测算"
    targets = (each for each in plan.rules.annual_targets if (each.indicator, each.year) == (indicator, year.year))
    return "".join(f"年度目标，{each.decided_by}{day_words(each.on)}确定" for each in targets)


def confirmed_words(plan: Plan, judgement: Judgement) -> str:
    """Who confirmed the date of the milestone in force, and when; empty where the plan states it."""
    milestone = judgement.milestone
    if milestone is None or milestone.basis != "office":
        return ""
    wanted = (judgement.indicator.id, milestone.by.isoformat())
    decided = (each for each in plan.rules.confirmed_dates if (each.subject, each.detail) == wanted)
    return "".join(f"{by_words(milestone)}由{each.decided_by}{day_words(each.on)}确认" for each in decided)
