"""Objections to an assessment and their answers (异议、复核).

政府督查工作条例 art. 16 and 17: a conclusion is told to the unit it concerns; the unit may ask for a review
within 30 days of receiving it, and is answered within 30 days. Days are counted by 民法典 201 and 203: the
first day does not count, and a last day off moves to the next working day. Pure: the day is given.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from xiangning_zyz.analysis.due import is_working_day
from xiangning_zyz.fact import Recorded, Review
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Calendar, Plan

DAYS = 30  # 条例 art. 17, both ways


class Objection(NamedTuple):
    """One objection and what became of it."""

    raised: Recorded[Review]
    answer: Recorded[Review] | None  # None: under review (复核中)
    late: bool  # raised after the 30 days; recorded all the same, for the office to decide
    answer_due: date  # the last day on which an answer is in time


def last_day(start: date, calendar: Calendar) -> date:
    """The last of the 30 days that begin on the day after *start*."""
    day = start + timedelta(days=DAYS)
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


def objections_of(plan: Plan, reviews: Sequence[Recorded[Review]], as_of: date) -> tuple[Objection, ...]:
    """Every objection raised by *as_of* as it stood then, oldest first; *reviews* in the order of the ledger."""
    calendar = plan.rules.calendar
    found: list[Objection] = []
    for each in reviews:
        what = each.what
        if what.on > as_of:
            continue
        if what.act == "object":
            told = what.notified or what.on
            late = what.on > last_day(told, calendar)
            found.append(Objection(each, None, late, last_day(what.on, calendar)))
        elif (waiting := pending(found, what.department, what.period)) is not None:
            found[found.index(waiting)] = waiting._replace(answer=each)
    return tuple(found)


def pending(objections: Iterable[Objection], department: str, period: Period) -> Objection | None:
    """The objection of *department* about *period* that has no answer yet."""
    own = (
        each for each in objections if (each.raised.what.department, each.raised.what.period) == (department, period)
    )
    return next((each for each in own if each.answer is None), None)


def refusal(plan: Plan, reviews: Sequence[Recorded[Review]], new: Review) -> str:
    """Why *new* cannot be recorded, in Chinese; empty: it can."""
    waiting = pending(objections_of(plan, reviews, date.max), new.department, new.period)
    about = f"{new.department}对{new.period.label}评分的异议"
    if new.act == "object":
        if new.notified is not None and new.notified > new.on:
            return "收到结果的日期不能晚于提出异议的日期。"
        return f"{about}已在复核中，请先答复。" if waiting else ""
    if waiting is None:
        return f"没有待复核的{about}。"
    return "答复日期不能早于提出异议的日期。" if new.on < waiting.raised.what.on else ""
