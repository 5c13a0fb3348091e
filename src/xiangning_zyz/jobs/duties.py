"""What falls due on a day, beside the inbox: reminders, the month's reports, the page that shows how things stand.

Each duty may be done again after a killed run: it then writes the same, or finds that nothing is left to do.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xiangning_zyz.analysis.due import report_due
from xiangning_zyz.analysis.status import reporting_period
from xiangning_zyz.aside import sweep, write_aside
from xiangning_zyz.jobs.log import Log
from xiangning_zyz.jobs.supervising import contacts_of, remind
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan

if TYPE_CHECKING:
    from xiangning_zyz.report.blocks import Kind
    from xiangning_zyz.report.compose.material import Material


class Night(NamedTuple):
    """What every step of one run works with."""

    workspace: Workspace
    plan: Plan
    ledger: Ledger
    log: Log
    now: Callable[[], datetime]  # the clock
    day: date  # the day that is served
    last: date | None  # the day that the last good run served
    pinned: bool  # the day was given, and is not the clock's


def raise_reminders(night: Night) -> list[str]:
    """Write the reminders due on the day, if any; nobody is reminded twice a day or on a day off."""
    urged = night.workspace.reports / "催办"
    for each in urged.glob("*"):  # written by runs alone
        sweep(each)
    folder = urged / f"{night.day}"
    contacts = contacts_of(night.workspace, night.plan)
    written = remind(night.plan, night.ledger, contacts, folder, night.day, night.now())
    if written is None:
        return []
    night.log.write("reminders", files=len(written.files), folder=folder)
    return [f"今天有单位需要催报，电话单和催办文稿在 {folder}"]


def write_reports(night: Night) -> list[str]:
    """Write the reports of the months that fall due; what is there already may have been edited, and stays."""
    periods = reports_due(night.plan, night.last, night.day)
    if not periods or night.ledger.head() is None:  # an office that has heard nothing yet has nothing to report
        return []
    from xiangning_zyz.jobs import reports

    written: list[str] = []
    for period in periods:
        for kind in ("bulletin", "annex"):
            wish = reports.Wish(period, reports.judged_day(night.plan, period, night.day))
            material = reports.material_for(night.plan, night.ledger, kind, wish)
            target = night.workspace.reports / reports.file_name(kind, reports.OWN_FORM[kind], material)
            if _stands(target, night.now()):
                continue
            try:
                _write(night, kind, material, target)
            except reports.MissingExtra as missing:  # an office may do without reports, and is told once a month
                return [*written, str(missing)]
            written.append(f"{period.label}{reports.KIND_WORDS[kind]}已生成：{target}")
            night.log.write("report", period=str(period), kind=kind)
    return written


def write_latest(night: Night) -> list[str]:
    """Write the page that shows how things stand; nobody needs to be told."""
    period = reporting_period(night.plan, night.day)
    if period is not None:
        from xiangning_zyz.jobs import reports

        wish = reports.Wish(period, reports.judged_day(night.plan, period, night.day))
        material = reports.material_for(night.plan, night.ledger, "dashboard", wish)
        with suppress(reports.MissingExtra):
            _write(night, "dashboard", material, night.workspace.reports / "latest.html")
    return []


def _stands(report: Path, now: datetime) -> bool:
    """Whether a report was written before; one dated ahead is from a wrong clock, and does not count."""
    return report.exists() and report.stat().st_mtime <= now.timestamp() + 86_400


def _write(night: Night, kind: "Kind", material: "Material", target: Path) -> None:
    """Write a report in its own form; what is unfinished lies where runs alone write, and the next one clears it."""
    from xiangning_zyz.jobs import reports

    content = reports.spelled(reports.composed(night.workspace, kind, material), reports.OWN_FORM[kind])
    aside = target.parent / ".run"  # `reports` may be a link to a published folder on another disk
    aside.mkdir(parents=True, exist_ok=True)
    sweep(aside)
    write_aside(target, content, aside)


def reports_due(plan: Plan, last: date | None, day: date) -> tuple[Period, ...]:
    """The months whose reports are due on *day*: their reporting day has passed since *last*, the day served before.

    So each falls due once, and days that no run served are made up for. At first, and when the clock
    went back, the latest month alone.
    """
    month = Period.month_of(plan.start)
    over = []
    while month.first_day <= plan.end and (due := report_due(plan.rules.calendar, month).day) < day:
        over.append((month, due))
        month = month.shifted(1)
    if last is None or last > day:
        return tuple(each for each, _ in over[-1:])
    return tuple(each for each, due in over if due >= last)
