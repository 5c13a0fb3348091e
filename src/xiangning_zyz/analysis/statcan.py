"""A second opinion on progress: the growth-ratio method of Statistics Canada and Open SDG.

With a target the yearly growth there was is divided by the yearly growth that was needed; without
one the growth alone is judged, more leniently near a natural limit. Source: Open SDG, "Progress
measurement methodology"; sdg-build, `sdg/ProgressMeasure.py`. One departure: a zero base, which
they replace by 0.001, is refused, for any growth from nothing would look enough.
"""

from decimal import Decimal, localcontext
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.series import Series
from xiangning_zyz.figure import PRECISE, shown
from xiangning_zyz.plan import Indicator

Status = Literal[
    "target_achieved",
    "substantial_progress",
    "moderate_progress",
    "limited_progress",
    "deterioration",
    "not_available",
]

STATUS_WORDS: dict[Status, str] = {
    "target_achieved": "已达目标",
    "substantial_progress": "进展明显",
    "moderate_progress": "有进展，须加快",
    "limited_progress": "进展有限",
    "deterioration": "倒退",
    "not_available": "不能评估",
}

_SUBSTANTIAL, _MODERATE = Decimal("0.95"), Decimal("0.60")  # of the growth needed
_GROWTH_SUBSTANTIAL, _GROWTH_MODERATE = Decimal("0.015"), Decimal("0.005")  # a year, far from any limit
_STEEPNESS = Decimal("4.44")  # how fast a natural limit excuses slowness
_BEST, _WORST = Decimal(5), Decimal(-5)


class Row(NamedTuple):
    """What is judged: a base and the latest year with their values, and a target or none."""

    base_year: int
    base: Decimal | None
    year: int | None
    value: Decimal | None
    direction: int  # 1: more is better, −1: less is
    target_year: int | None = None
    target: Decimal | None = None
    limit: Decimal | None = None  # natural bound; counts only without a target


class Progress(NamedTuple):
    """The method's answer."""

    progress_value: Decimal | None  # with a target: growth there was / growth needed; without: growth a year
    score: Decimal | None  # −5 to 5
    status: Status
    reason: str  # Chinese: the growths compared, or why there is no answer


def progress(row: Row) -> Progress:
    """Judge *row*; every refusal has status `not_available` and says why."""
    with localcontext(PRECISE):
        if row.base is None or row.value is None or row.year is None:
            return _refused("至少要有两年的数据")
        if row.year <= row.base_year:
            return _refused(f"只有{row.base_year}年的数据，至少要有两年")
        if row.base == 0:
            return _refused(f"{row.base_year}年基数为0，从0起没有增长率")
        if row.target is None or row.target_year is None:
            return _without_target(row, row.base, row.value, row.year)
        return _with_target(row, row.target, row.target_year)


def progress_of(found: Series, judgement: Judgement) -> Progress:
    """Judge an indicator of the plan: base, latest year and the milestone in force.

    The base is the plan's baseline, else the first complete year known. The latest year of a flow is
    the last complete one; a stock or ratio counts with its latest value, as that year's.
    """
    indicator, milestone = found.indicator, judgement.milestone
    yearly = {month // 12: figure.value for month, figure in found.figures.items() if month % 12 == 11}
    latest = yearly if indicator.kind == "flow" else {m // 12: f.value for m, f in found.figures.items()}
    base_year, base = _base(indicator, yearly)
    if base_year is None:
        return _refused("没有基数，也没有完整年度的数据")
    said = progress(
        Row(
            base_year=base_year,
            base=base,
            year=max(latest, default=None),
            value=latest[max(latest)] if latest else None,
            direction=1 if indicator.direction == "up" else -1,
            target_year=milestone.by.year if milestone else None,
            target=milestone.value if milestone else None,
            limit=indicator.limit,
        )
    )
    month = max(found.figures, default=11) % 12 + 1
    if indicator.kind == "flow" or month == 12 or said.status == "not_available":
        return said
    return said._replace(reason=f"{said.reason}（{max(latest)}年取{month}月数）")


def _base(indicator: Indicator, yearly: dict[int, Decimal]) -> tuple[int | None, Decimal | None]:
    if indicator.baseline:
        return indicator.baseline.period.year, indicator.baseline.value
    first = min(yearly, default=None)
    return first, None if first is None else yearly[first]


def _with_target(row: Row, target: Decimal, target_year: int) -> Progress:
    base, value, year = row.base, row.value, row.year
    if base is None or value is None or year is None:
        raise ValueError("a row without values has been refused before")
    achieved = row.direction * (value - target) >= 0
    why = _no_ratio(base, value, target, target_year - row.base_year)
    if why:
        return Progress(None, _BEST, "target_achieved", f"已达目标值，{why}") if achieved else _refused(why)
    real = _growth(value, base, year - row.base_year)
    needed = _growth(target, base, target_year - row.base_year)
    ratio = _sign(base) * row.direction * real / abs(needed)
    words = f"{row.base_year}—{year}年年均增长{_percent(real)}，到{target_year}年需{_percent(needed)}"
    words += f"，比值{shown(ratio, 3)}"
    if achieved:
        return Progress(ratio, _BEST, "target_achieved", f"{words}，已达目标值")
    return Progress(ratio, _target_score(ratio), _status(ratio, _SUBSTANTIAL, _MODERATE), words)


def _no_ratio(base: Decimal, value: Decimal, target: Decimal, years: int) -> str:
    """Why no ratio of growths can be formed; empty where it can."""
    if years <= 0:
        return "目标年不晚于基年"
    if base * value < 0 or base * target < 0:
        return "基数与现值、目标值正负不同，没有增长率"
    return "目标值等于基数，没有需要的增长" if target == base else ""


def _without_target(row: Row, base: Decimal, value: Decimal, year: int) -> Progress:
    if base * value < 0:
        return _refused("基数与现值正负不同，没有增长率")
    growth = _growth(value, base, year - row.base_year)
    better = _sign(base) * row.direction * growth
    ease = _ease(abs(base), abs(row.limit)) if row.limit is not None else Decimal(1)
    high, middle = _GROWTH_SUBSTANTIAL * ease, _GROWTH_MODERATE * ease
    words = f"{row.base_year}—{year}年年均增长{_percent(growth)}，进展明显须达{_percent(row.direction * high)}"
    return Progress(better, _growth_score(better, ease), _status(better, high, middle), words)


def _growth(end: Decimal, start: Decimal, years: int) -> Decimal:
    """Compound growth a year, as a fraction."""
    ratio = end / start
    return ratio - 1 if years == 1 or not ratio else ratio ** (Decimal(1) / years) - 1


def _ease(base: Decimal, limit: Decimal) -> Decimal:
    """How much of the usual growth is asked so near a natural limit: 1 far away, 0 at it."""
    if base >= 2 * limit:
        return Decimal(1)
    near = base / limit if base <= limit else (2 * limit - base) / limit
    return 1 - near**_STEEPNESS


def _status(value: Decimal, substantial: Decimal, moderate: Decimal) -> Status:
    if value >= substantial:
        return "substantial_progress"
    if value >= moderate:
        return "moderate_progress"
    return "limited_progress" if value >= 0 else "deterioration"


def _target_score(ratio: Decimal) -> Decimal:
    if ratio >= _MODERATE:
        return min(Decimal("7.1429") * ratio - Decimal("4.2857"), _BEST)
    return max(Decimal("4.1667") * ratio - Decimal("2.5"), _WORST)


def _growth_score(better: Decimal, ease: Decimal) -> Decimal:
    if better < 0:
        return max(125 * better - Decimal("2.5"), _WORST)
    if not ease:
        return _BEST
    if better >= _GROWTH_SUBSTANTIAL * ease:
        return min(500 * better / ease - 5, _BEST)
    if better >= _GROWTH_MODERATE * ease:
        return 250 * better / ease - Decimal("1.25")
    return 500 * better / ease - Decimal("2.5")


def _sign(base: Decimal) -> int:
    return -1 if base < 0 else 1


def _percent(share: Decimal) -> str:
    return f"{shown(share * 100, 2)}%"


def _refused(why: str) -> Progress:
    return Progress(None, None, "not_available", why)
