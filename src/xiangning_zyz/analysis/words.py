"""How figures, spans and goals are put into Chinese, the same in every output.

Rounding is half-up and happens here, once. A rounded figure never tells another story than the
verdict beside it: where it would seem to sit on a bound it does not sit on, more decimals are shown.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.lights import state_at
from xiangning_zyz.analysis.plan_line import YearTarget, milestone_month
from xiangning_zyz.figure import plain, rounded, shown
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Kind, Light, Milestone, Op, Plan

_OPS: dict[Op, str] = {">=": "不低于", ">": "超过", "<=": "不超过", "<": "低于"}
_EXACT_PLACES = 6  # reported figures have no more; beyond are quotients


def amount(value: Decimal, unit: str, beside: Decimal | None = None) -> str:
    """A figure with its unit: exact if short, else three decimals, more if it would else read as *beside*."""
    exact = plain(value)
    if len(exact.partition(".")[2]) <= _EXACT_PLACES:
        return exact + unit
    for places in range(3, 13):
        text = shown(value, places)
        if value == beside or beside is None or Decimal(text) != beside:
            break
    return text + unit


def percent(share: Decimal) -> str:
    """A fraction of one as a percentage with one decimal: 0.48235 → 48.2%."""
    return f"{rounded(share * 100, 1)}%"


def points_words(points: Decimal, bounds: Light) -> str:
    """A pace in words: 超前10.0个百分点, 落后1.8个百分点, 与应达持平."""
    if not points:
        return "与应达持平"
    for places in (1, 2, 4, 12):
        text = rounded(points, places)
        if state_at(Decimal(text), bounds) == state_at(points, bounds) and Decimal(text):
            break
    return f"{'超前' if points > 0 else '落后'}{text.removeprefix('-')}个百分点"


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
