"""Second opinions on a goal, given only when asked for, and how firmly its verdict stands.

A verdict is shaky if another method says otherwise, or if one unit more or less of the figure would
turn it. One unit is one of the last digit that was reported: 0.1 for 4.1亿元, 1 for 54户; a ratio made
by formula is shaken by its numerator.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.known import Known
from xiangning_zyz.analysis.lights import LIGHT_WORDS, state_words
from xiangning_zyz.analysis.series import Series, series
from xiangning_zyz.analysis.statcan import STATUS_WORDS, progress_of
from xiangning_zyz.analysis.trend import trend_words
from xiangning_zyz.analysis.what_if import Assumption, assume
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.plan import Plan

Method = Literal["statcan", "linear"]
Cause = Literal["method", "one_more", "one_less"]

METHODS: tuple[Method, ...] = ("statcan", "linear")
METHOD_WORDS: dict[Method, str] = {"statcan": "增速比法", "linear": "时序进度法"}
CAUSE_WORDS: dict[Cause, str] = {"method": "换用增速比法", "one_more": "多1个单位", "one_less": "少1个单位"}


class Opinion(NamedTuple):
    """What one method says of a goal."""

    method: Method
    progress_value: Decimal | None  # statcan: ratio of growths, or growth a year; linear: points ahead (+), behind (−)
    score: Decimal | None  # statcan: −5 to 5
    status: str  # statcan: its statuses; linear: the goal's state
    words: str  # `status` in Chinese
    reason: str


class Shaky(NamedTuple):
    """Something small that would change a goal's verdict."""

    indicator: str
    cause: Cause
    before: str  # the verdict, in Chinese
    after: str


def opinions(found: Series, judgement: Judgement, methods: Iterable[Method]) -> tuple[Opinion, ...]:
    """What each of *methods* says of the goal."""
    return tuple(_statcan(found, judgement) if each == "statcan" else _linear(judgement) for each in methods)


def shaky(plan: Plan, known: Known, judgement: Judgement, given: Sequence[Opinion], as_of: date) -> tuple[Shaky, ...]:
    """What would change the verdict of *judgement*: another of the *given* opinions, or one unit of its figure."""
    name, verdict = judgement.indicator.id, _verdict(judgement)
    answers = {each.method: _on_course(each, judgement) for each in given}
    found = []
    if {True, False} <= set(answers.values()):
        other = next(each for each in given if each.method == "statcan")
        found.append(Shaky(name, "method", verdict, other.words))
    steps: tuple[tuple[Cause, int], ...] = (("one_more", 1), ("one_less", -1))
    for cause, step in steps:
        after = _shaken(plan, known, judgement, step, as_of)
        if after is not None and _verdict(after) != verdict:
            found.append(Shaky(name, cause, verdict, _verdict(after)))
    return tuple(found)


def _statcan(found: Series, judgement: Judgement) -> Opinion:
    with localcontext(PRECISE):
        said = progress_of(found, judgement)
    return Opinion("statcan", said.progress_value, said.score, said.status, STATUS_WORDS[said.status], said.reason)


def _linear(judgement: Judgement) -> Opinion:
    words = state_words(judgement.state, soft=judgement.indicator.soft)
    return Opinion("linear", judgement.pace.points, None, judgement.state, words, judgement.reason)


def _on_course(opinion: Opinion, judgement: Judgement) -> bool | None:
    """Whether a method calls the goal on course; None where it has no answer."""
    if opinion.method == "linear":
        return None if judgement.light == "none" else judgement.light == "green"
    if opinion.status == "not_available":
        return None
    return opinion.status in ("target_achieved", "substantial_progress")


def _verdict(judgement: Judgement) -> str:
    """What must not change: the light with its word, and the trend."""
    light = LIGHT_WORDS[judgement.light]
    if judgement.light in ("yellow", "red"):
        light += f" {state_words(judgement.state, soft=judgement.indicator.soft)}"
    trend = trend_words(judgement.trend) if judgement.trend else ""
    return f"{light}；{trend}" if trend else light


def _shaken(plan: Plan, known: Known, judgement: Judgement, step: int, as_of: date) -> Judgement | None:
    """The judgement with one unit more or less; None where there is no figure to shake."""
    if judgement.actual is None:
        return None
    indicator = judgement.indicator
    figure = judgement.actual.parts[0] if judgement.actual.parts else judgement.actual
    shaken = indicator.formula[0] if judgement.actual.parts and indicator.formula else indicator.id
    finest = min(each.what.value.as_tuple().exponent for each in figure.sources)
    with localcontext(PRECISE):
        unit = Decimal(step).scaleb(int(finest))
        supposed = assume(plan, known, [Assumption(shaken, figure.value + unit, figure.month)])
        return judge(plan, indicator, series(plan, indicator, supposed, as_of), as_of)
