"""States and lights of a goal: their order, their bounds, and the words and shapes people see.

No national standard exists for lights; the default bounds are one city's published rule
(银川 2025, domain.md B4), the office may set its own, and the rule used is printed under every table.
"""

from decimal import Decimal
from typing import Literal

from xiangning_zyz.figure import plain
from xiangning_zyz.plan import Light as Bounds
from xiangning_zyz.plan import Rules

State = Literal[
    "conflict",
    "not_due",
    "overdue",
    "not_published",
    "met",
    "equal_not_above",
    "missed",
    "no_deadline",
    "no_baseline",
    "ahead",
    "on_track",
    "behind",
    "far_behind",
]
Light = Literal["green", "yellow", "red", "none"]

_LIGHTS: dict[State, Light] = {
    "met": "green",
    "ahead": "green",
    "on_track": "green",
    "behind": "yellow",
    "equal_not_above": "yellow",
    "far_behind": "red",
    "missed": "red",
}

_STATE_WORDS: dict[State, str] = {
    "conflict": "数据冲突",
    "not_due": "未到报送期",
    "overdue": "逾期未报",
    "not_published": "数据未发布",
    "met": "达到",
    "equal_not_above": "恰等于",
    "missed": "未达到",
    "no_deadline": "无时限",
    "no_baseline": "无法测算进度",
    "ahead": "超前",
    "on_track": "正常",
    "behind": "滞后",
    "far_behind": "严重滞后",
}

# Colour never stands alone: each light has its own shape and word (CONTRACT §7).
LIGHT_SHAPES: dict[Light, str] = {"green": "●", "yellow": "▲", "red": "■", "none": "○"}
LIGHT_WORDS: dict[Light, str] = {"green": "绿", "yellow": "黄", "red": "红", "none": "不亮灯"}


def light_of(state: State) -> Light:
    """The light of a state; `none` where nothing can fairly be lit."""
    return _LIGHTS.get(state, "none")


def state_words(state: State, *, soft: bool) -> str:
    """A state in Chinese; a missed goal that was only hoped for (力争, 预期性) reads 未达预期."""
    return "未达预期" if state == "missed" and soft else _STATE_WORDS[state]


def state_at(points: Decimal, bounds: Bounds) -> State:
    """The state of a pace of so many percentage points; the yellow band includes both its bounds."""
    if points > 0:
        return "ahead"
    if points > -bounds.yellow:
        return "on_track"
    return "behind" if points >= -bounds.red else "far_behind"


def rule_words(rules: Rules) -> str:
    """The rule behind the lights, as printed under every table."""
    yellow, red = plain(rules.light.yellow), plain(rules.light.red)
    whose = "办公室规定" if rules.light_basis == "office" else "默认口径，办公室未另行规定"
    return f"亮灯规则（{whose}）：落后不到{yellow}个百分点为绿灯，{yellow}至{red}个（含）为黄灯，超过{red}个为红灯。"
