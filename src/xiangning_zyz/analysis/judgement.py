"""What is said of one goal on one day: the values that judging makes and everything else prints."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.due import Silence
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.lights import Light, State
from xiangning_zyz.analysis.pace import Pace, is_ceiling
from xiangning_zyz.analysis.plan_line import YearTarget, milestone_month
from xiangning_zyz.analysis.series import Figure
from xiangning_zyz.analysis.trend import Trend
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Milestone, Op

PassedVerdict = Literal["met", "missed", "met_late"]

_MEETS: dict[Op, Callable[[Decimal, Decimal], bool]] = {">=": ge, ">": gt, "<=": le, "<": lt}


class Compared(NamedTuple):
    """What is held against a milestone."""

    value: Decimal
    month: Period  # the last it covers
    figure: Figure | None  # None: the plan's baseline


class Passed(NamedTuple):
    """An earlier milestone with its own verdict; without a value at its month it has none."""

    milestone: Milestone
    actual: Figure | None
    verdict: PassedVerdict | None

    @property
    def month(self) -> Period:
        return milestone_month(self.milestone)


class Judgement(NamedTuple):
    """One goal as of one day (CONTRACT §7); figures in the indicator's unit, never rounded."""

    indicator: Indicator
    as_of: date
    period: Period | None  # judged; None: nothing reported
    actual: Figure | None
    rivals: tuple[Reported, ...]  # the figures in conflict at the judged period
    milestone: Milestone | None  # state and light speak of it alone
    compared: Compared | None
    gap: Decimal | None  # missing towards the milestone; ≤ 0: nothing
    attainment: Decimal | None  # compared / target as a fraction of one; None for ceilings
    pace: Pace
    needed_per_month: Decimal | None  # to the year target (flow) or the milestone; for a ceiling what is left
    passed: tuple[Passed, ...]
    trend: Trend | None  # None: no trend goal
    silence: Silence
    notes: tuple[str, ...]  # Chinese: what the series left out
    state: State
    light: Light
    reason: str  # Chinese, never empty: no light without its reason

    @property
    def year(self) -> YearTarget | None:
        """A flow's year target."""
        return self.pace.year


def meets(milestone: Milestone, value: Decimal) -> bool:
    """以上、达到 include the number (民法典 1259); 突破、超过、低于 do not."""
    return _MEETS[milestone.op](value, milestone.value)


def goal_op(indicator: Indicator, milestone: Milestone | None) -> Op:
    """Which way the goal runs; without a milestone the indicator's direction says so."""
    return milestone.op if milestone else ">=" if indicator.direction == "up" else "<="


def gap_to(milestone: Milestone, value: Decimal) -> Decimal:
    """How much is missing from *value* to the milestone, towards the goal; ≤ 0 when nothing is."""
    gap = milestone.value - value
    return -gap if is_ceiling(milestone.op) else gap
