"""Standing: what has become of each duty, and of each department, for a period as of a day.

未报, 迟报, 漏报 and 退回 are four different things, and 零报告 is a report (domain.md E6). What decides
is the day on which a sheet reached the office, of the first one that said it: correcting a figure later
makes no one late. Late is from the day after the due day, never on it. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.due import exemption_of
from xiangning_zyz.fact import Record, Recorded, ReturnedSheet
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Exemption, Plan
from xiangning_zyz.supervision.duties import Owed, is_joint, owed

ItemState = Literal["reported", "zero", "late", "returned", "missing", "pending", "exempt"]
State = Literal["reported", "zero", "late", "returned", "partial", "missing", "pending", "exempt"]

STATE_WORDS: Mapping[State, str] = {
    "reported": "已报",
    "zero": "零报告",
    "late": "迟报",
    "returned": "退回",
    "partial": "漏报",  # of a department: some of its items are missing
    "missing": "未报",
    "pending": "待报",  # not due yet
    "exempt": "豁免",
}

_ZERO = re.compile("(本[月季年期]|本半年)?(暂时?|尚)?[无没]有?(新的?|新增)?(进展|变化|情况)?")


class Heard(NamedTuple):
    """What the ledger knows about reporting, each field as `Ledger` gives it."""

    arrivals: Mapping[tuple[str, ...], date]  # fact key → first received
    records: Sequence[Recorded[Record]]
    returns: Sequence[ReturnedSheet]


class Item(NamedTuple):
    """One duty and what has become of it."""

    owed: Owed
    state: ItemState
    overdue: bool  # the due day is over, and nothing usable has come
    received: date | None = None
    by: str = ""  # who reported; for a project that nobody was named for, any department responsible for it
    exemption: Exemption | None = None


class Rates(NamedTuple):
    """How much of what was due came, and came in time. Counts duties, so that 1 task and 10 compare."""

    due: int  # reported or past their due day, exempted ones left out
    reported: int
    on_time: int

    @property
    def completeness(self) -> Decimal | None:
        """报送率: reported / due, a fraction of one; None where nothing was due."""
        return _share(self.reported, self.due)

    @property
    def timeliness(self) -> Decimal | None:
        """及时率: reported in time / due, a fraction of one; None where nothing was due."""
        return _share(self.on_time, self.due)


class Standing(NamedTuple):
    """One department's reporting for a period."""

    department: str
    state: State
    items: tuple[Item, ...]  # by round, in the plan's order
    returned: int  # sheets sent back, mended since or not

    @property
    def rates(self) -> Rates:
        return rates(self.items)


class Reports(NamedTuple):
    """What was heard by a day, found by department, kind, subject, segment and last month."""

    first: Mapping[tuple[str, str, str, str, int], date]
    joint: Mapping[tuple[str, int], tuple[date, str]]  # project and month → first report of anyone
    zero: frozenset[tuple[str, str, str, int]]  # department, kind, subject, month: 零报告
    latest: Mapping[tuple[str, int], date]  # department and month → the last day something came
    returns: Mapping[tuple[str, int], tuple[date, ...]]  # department and month → days of sheets sent back


def standings(plan: Plan, period: Period, heard: Heard, as_of: date) -> tuple[Standing, ...]:
    """Where each department that owes anything for *period* stands at the end of *as_of*; in the plan's order.

    What was received after *as_of* has not been received yet.
    """
    reports = reports_by(heard, as_of)
    found: dict[str, list[Item]] = {}
    for item in items(plan, owed(plan, period), reports, as_of):
        found.setdefault(item.owed.department, []).append(item)
    order = [department.id for department in plan.departments if department.id in found]
    return tuple(_standing(department, found[department], period, reports) for department in order)


def items(plan: Plan, duties: Iterable[Owed], reports: Reports, as_of: date) -> tuple[Item, ...]:
    """What has become of each of *duties* by the end of *as_of*."""
    return tuple(_item(plan, duty, reports, as_of) for duty in duties)


def rates(items: Iterable[Item]) -> Rates:
    """Completeness and timeliness of *items*, of any departments and rounds."""
    counted = [item for item in items if item.state != "exempt" and (item.received is not None or item.overdue)]
    reported = [item for item in counted if item.received is not None]
    return Rates(len(counted), len(reported), sum(item.state != "late" for item in reported))


def reports_by(heard: Heard, as_of: date) -> Reports:
    """Sort what was received by *as_of*."""
    first: dict[tuple[str, str, str, str, int], date] = {}
    joint: dict[tuple[str, int], tuple[date, str]] = {}
    latest: dict[tuple[str, int], date] = {}
    for (kind, subject, segment, written, _, department), day in heard.arrivals.items():
        if day <= as_of:
            month = Period.parse(written).ordinal
            place = (department, kind, subject, segment, month)
            first[place] = min(day, first.get(place, day))
            latest[department, month] = max(day, latest.get((department, month), day))
            if kind == "project":
                joint[subject, month] = min((day, department), joint.get((subject, month), (day, department)))
    zero = {
        (each.what.department, each.what.kind, each.what.subject, each.what.period.ordinal)
        for each in heard.records
        if is_zero(each.what)
    }
    returns: dict[tuple[str, int], list[date]] = {}
    for sheet in heard.returns:
        if sheet.received <= as_of:
            for month in {period.ordinal for period in sheet.periods}:
                returns.setdefault((sheet.department, month), []).append(sheet.received)
    sorted_returns = {place: tuple(sorted(days)) for place, days in returns.items()}
    return Reports(first, joint, frozenset(zero), latest, sorted_returns)


def is_zero(record: Record) -> bool:
    """Whether a record of a task or project says only that nothing has moved (零报告): 本月无进展, 无变化."""
    if record.kind not in ("task", "project"):
        return False
    said = words_of(record) or dict(record.fields).get("changed", "")
    return _ZERO.fullmatch(said) is not None


def words_of(record: Record) -> str:
    """What a record says of progress, without white space and final stop."""
    return "".join(dict(record.fields).get("progress", "").split()).rstrip("。")


def _standing(department: str, own: Sequence[Item], period: Period, reports: Reports) -> Standing:
    first = period.ordinal - (period.last - period.first)
    returned = sum(len(reports.returns.get((department, month), ())) for month in range(first, period.ordinal + 1))
    return Standing(department, _state(own), tuple(own), returned)


def _state(own: Sequence[Item]) -> State:
    states = {item.state for item in own} - {"exempt"}
    if not states:
        return "exempt"
    if "returned" in states:
        return "returned"
    if "missing" in states:
        return "missing" if states <= {"missing", "pending"} else "partial"
    if "pending" in states:
        return "pending"
    if "late" in states:
        return "late"
    return "zero" if states == {"zero"} else "reported"


def _item(plan: Plan, duty: Owed, reports: Reports, as_of: date) -> Item:
    exemption = exemption_of(plan, duty.department, duty.item, duty.period)
    if exemption is not None:
        return Item(duty, "exempt", overdue=False, exemption=exemption)
    month = duty.period.ordinal
    received, by = _first_report(plan, duty, reports)
    if received is not None:
        zero = (by, duty.kind, duty.item, month) in reports.zero
        state: ItemState = "late" if received > duty.due.day else "zero" if zero else "reported"
        return Item(duty, state, overdue=False, received=received, by=by)
    overdue = duty.due.day < as_of
    if _sent_back(duty, reports):
        return Item(duty, "returned", overdue)
    return Item(duty, "missing" if overdue else "pending", overdue)


def _first_report(plan: Plan, duty: Owed, reports: Reports) -> tuple[date | None, str]:
    """When the duty was first met, and by whom; a joint one by any department that shares it."""
    month = duty.period.ordinal
    if is_joint(plan, duty):
        return reports.joint.get((duty.item, month), (None, ""))
    place = (duty.department, duty.kind, duty.item, duty.segment or "", month)
    return reports.first.get(place), duty.department


def _sent_back(duty: Owed, reports: Reports) -> bool:
    """Whether the department's last word on the month is a sheet that went back to it."""
    place = (duty.department, duty.period.ordinal)
    days = reports.returns.get(place, ())
    return bool(days) and days[-1] > reports.latest.get(place, date.min)


def _share(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    with localcontext(PRECISE):
        return Decimal(part) / whole
