"""The ladder of reminders: 提示 → 催办 → 督办建议 → 约谈建议 → 通报建议.

The step follows from how many periods in a row a department has left an item unreported; a report,
however late, sets the count back to nothing (domain.md B5: 提级 counters are per unit and item,
consecutive, reset on recovery). No step is skipped: before 督办 is suggested there was a 催办, and the
term it gave has run out. The last three are for the county government alone to order
(政府督查工作条例 art. 7, 12, 21), so they stay suggestions. Nobody is reminded on a day off, or twice a
day. Pure: the day is an argument.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import NamedTuple, get_args

from xiangning_zyz.analysis.due import is_working_day, working_days_after
from xiangning_zyz.analysis.status import reporting_period
from xiangning_zyz.fact import Reminder, ReminderStep
from xiangning_zyz.period import Period
from xiangning_zyz.plan import MISSES, Calendar, Plan
from xiangning_zyz.supervision.duties import Owed, is_joint, owed
from xiangning_zyz.supervision.standing import Heard, Item, items, reports_by

Step = ReminderStep

STEPS: tuple[Step, ...] = get_args(ReminderStep)
STEP_WORDS: dict[Step, str] = {
    "hint": "提示",
    "urge": "催办",
    "supervise": "督办建议",
    "talk": "约谈建议",
    "criticise": "通报建议",
}
SUGGESTED: tuple[Step, ...] = ("supervise", "talk", "criticise")  # only the government may order them


class Missed(NamedTuple):
    """One item that a department is spoken to about."""

    owed: Owed  # for the latest period
    returned: bool  # a sheet came, and went back
    times: int  # periods missed in a row, this one included; 0: not due yet
    since: Period  # the first of them
    step: Step
    taken: tuple[Reminder, ...]  # what was done about it since, oldest first


class Call(NamedTuple):
    """A department to be spoken to today, and about what."""

    department: str
    items: tuple[Missed, ...]

    @property
    def step(self) -> Step:
        """The highest step among its items."""
        return max((each.step for each in self.items), key=STEPS.index)

    def at(self, step: Step) -> tuple[Missed, ...]:
        """The items at exactly that step."""
        return tuple(each for each in self.items if each.step == step)


def calls(plan: Plan, heard: Heard, reminders: Sequence[Reminder], as_of: date) -> tuple[Call, ...]:
    """Whom to remind on *as_of*, in the plan's order; nobody on a day off, or who was reminded too lately."""
    if not is_working_day(as_of, plan.rules.calendar):
        return ()
    past = [each for each in reminders if each.on <= as_of]
    found: dict[str, list[Missed]] = {}
    for stream in _streams(plan, heard, past, as_of):
        missed = _missed(plan, stream, past, as_of)
        if missed is not None:
            found.setdefault(missed.owed.department, []).append(missed)
    return tuple(
        Call(department.id, tuple(found[department.id]))
        for department in plan.departments
        if department.id in found and not rested(plan, past, department.id, as_of)
    )


def until(plan: Plan, call: Call, as_of: date) -> date:
    """By when a called department is to report: a term already given stays, else a new one begins today.

    What is only hinted at has its own due day, and no term beyond it.
    """
    if call.step == "hint":
        return min(each.owed.due.day for each in call.items)
    rule, calendar = plan.rules.escalation, plan.rules.calendar
    given = (working_days_after(each.on, rule.within, calendar) for item in call.items for each in item.taken)
    return min((day for day in given if day >= as_of), default=working_days_after(as_of, rule.within, calendar))


def rested(plan: Plan, reminders: Iterable[Reminder], department: str, as_of: date) -> date | None:
    """The day of *department*'s last reminder if it is too fresh for another one on *as_of*, else None."""
    last = max((each.on for each in reminders if each.department == department and each.on <= as_of), default=None)
    if last is None:
        return None
    calendar, wait = plan.rules.calendar, max(plan.rules.escalation.repeat, 1)
    return last if _working_days_between(last, as_of, calendar) < wait else None


def _streams(plan: Plan, heard: Heard, reminders: Iterable[Reminder], as_of: date) -> Iterable[list[Item]]:
    """Each item of each department, round after round from the first one that the ledger knows of."""
    reports = reports_by(heard, as_of)
    month = Period.month_of(as_of)
    streams: dict[tuple[str, str, str], list[Item]] = {}
    for ordinal in range(first_round(plan, heard, reminders, as_of), month.ordinal + 1):
        for item in items(plan, owed(plan, Period.at(ordinal)), reports, as_of):
            if item.state != "exempt":
                key = (item.owed.department, item.owed.kind, item.owed.name)
                streams.setdefault(key, []).append(item)
    return streams.values()


def first_round(plan: Plan, heard: Heard, reminders: Iterable[Reminder], as_of: date) -> int:
    """The ordinal of the first round that counts: an office that begins today blames nobody for last year.

    That of the first sheet, return or reminder, by the day it came; old figures entered later count by that day.
    """
    last = reporting_period(plan, as_of)
    known = {(Period.parse(key[3]).ordinal, day) for key, day in heard.arrivals.items() if day <= as_of}
    known |= {(period.ordinal, each.received) for each in heard.returns for period in each.periods}
    known |= {(0, each.on) for each in reminders}
    rounds = [max(month, _round_on(plan, day)) for month, day in known if day <= as_of]
    return min([last.ordinal if last else Period.month_of(as_of).ordinal, *rounds])


def _round_on(plan: Plan, day: date) -> int:
    period = reporting_period(plan, day)
    return period.ordinal if period else 0


def _missed(plan: Plan, stream: Sequence[Item], reminders: Sequence[Reminder], as_of: date) -> Missed | None:
    silent = list(takewhile(lambda item: item.received is None, reversed(stream)))[::-1]
    run = [item for item in silent if item.overdue]
    if not run:
        hints = (_hint(plan, item, reminders, as_of) for item in silent)
        return next(filter(None, hints), None)
    latest, first = run[-1], run[0]
    taken = tuple(each for each in reminders if each.on > first.owed.due.day and _speaks_of(each, latest.owed))
    step = _step(plan, len(run), taken, as_of)
    if step is None:
        return None
    if is_joint(plan, latest.owed):
        step = "urge"  # nobody is blamed for what twelve answer for together: the office names a reporter first
    return Missed(latest.owed, latest.state == "returned", len(run), first.owed.period, step, taken)


def _hint(plan: Plan, item: Item, reminders: Iterable[Reminder], as_of: date) -> Missed | None:
    """提示, once for each period: the due day is near, or the sheet went back and there is still time."""
    duty, rule = item.owed, plan.rules.escalation
    soon = duty.due.day <= working_days_after(as_of, rule.before, plan.rules.calendar)
    hinted = any(
        each.step == "hint" and _speaks_of(each, duty) and each.on > duty.period.last_day for each in reminders
    )
    if hinted or not (item.state == "returned" or (item.state == "pending" and soon)):
        return None
    return Missed(duty, item.state == "returned", 0, duty.period, "hint", ())


def _speaks_of(reminder: Reminder, duty: Owed) -> bool:
    return reminder.department == duty.department and duty.name in reminder.items


def _step(plan: Plan, times: int, taken: Iterable[Reminder], as_of: date) -> Step | None:
    """The step that *times* periods missed bring, but none before the one below it was taken and its term is over."""
    rule, calendar = plan.rules.escalation, plan.rules.calendar
    used = [step for step in STEPS if step in MISSES and getattr(rule, step)]
    earned = sum(getattr(rule, step) <= times for step in used)
    open_to = 0
    for each in taken:
        if each.step in used:
            over = working_days_after(each.on, rule.within, calendar) < as_of
            open_to = max(open_to, used.index(each.step) + over)
    return used[min(earned - 1, open_to)] if earned else None


def _working_days_between(after: date, until: date, calendar: Calendar) -> int:
    days = (after + timedelta(days=count) for count in range(1, (until - after).days + 1))
    return sum(is_working_day(day, calendar) for day in days)
