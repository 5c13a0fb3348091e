"""Commands that supervise reporting: due, remind."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from xiangning_zyz.analysis.due import is_working_day
from xiangning_zyz.cli.command import PRINTS, READS, command
from xiangning_zyz.cli.desk import Desk, now
from xiangning_zyz.cli.intake import period_of
from xiangning_zyz.cli.usage import wrong

if TYPE_CHECKING:
    from xiangning_zyz.plan import Plan


@command(PRINTS, READS)
def due(
    desk: Desk,
    department: Annotated[str | None, Option("--department", metavar="部门", help="只看一个部门，逐项列出")] = None,
    period: Annotated[
        str | None, Option("--period", metavar="报告期", help="如 2024-06、2024-Q2、2024；默认最近结束的一个月")
    ] = None,
) -> None:
    """报送情况：谁该报什么、何时截止，已报、迟报、漏报、未报、退回、零报告、豁免，报送率和及时率。"""
    from xiangning_zyz.analysis.status import reporting_period
    from xiangning_zyz.jobs.issues import overdue_issues
    from xiangning_zyz.jobs.plans import find_department
    from xiangning_zyz.jobs.supervising import heard_in
    from xiangning_zyz.report.due import due_json, due_listing, items_listing
    from xiangning_zyz.report.issues import overdue_listings
    from xiangning_zyz.supervision.duties import forms_asked
    from xiangning_zyz.supervision.standing import standings

    plan, day = desk.plan(), desk.day
    only = find_department(plan, department) if department else None
    round_ = period_of(period) or reporting_period(plan, day)
    if round_ is None:
        raise wrong(f"到 {day} 方案还没有一个月结束，请用 --period 指明报告期。")
    with desk.ledger(plan) as ledger:
        found = standings(plan, round_, heard_in(ledger, desk.known_at), day)
        overdue = overdue_issues(plan, ledger, day, desk.known_at, only)
    found = tuple(each for each in found if only in (None, each.department))
    forms = forms_asked(plan, day)
    if only is None:
        listing = due_listing(plan, round_, found, forms, day)
    else:
        listing = items_listing(plan, round_, found[0] if found else None, only, day)
    value = due_json(plan, round_, found, forms, day, desk.known_at)
    desk.put((listing, *overdue_listings(plan, overdue, day)), {**value, "overdue_issues": [i.number for i in overdue]})


@command(PRINTS[:1], READS)  # -o is a folder here, and what is written there is not what is printed
def remind(
    desk: Desk,
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="文件夹", help="写出电话清单和催报函，并记入台账；不写则只显示")
    ] = None,
) -> None:
    """催报：今天该提示、催办谁，哪些建议督办、约谈、通报。先电话，后发函；休息日不催，同一天不催第二次。"""
    from xiangning_zyz.jobs.issues import overdue_issues
    from xiangning_zyz.jobs.supervising import calls_in, contacts_of, reminders_in
    from xiangning_zyz.jobs.supervising import remind as write
    from xiangning_zyz.report.due import calls_json, calls_listing
    from xiangning_zyz.report.issues import overdue_listings
    from xiangning_zyz.supervision.ladder import rested

    if output is not None and desk.known_at is not None:
        raise wrong("写出催报函要用台账现在的内容，-o 不能与 --known-at 同用。")
    plan, day = desk.plan(), desk.day
    contacts = contacts_of(desk.workspace, plan)
    with desk.ledger(plan, create=output is not None) as ledger:
        given = reminders_in(ledger, desk.known_at)
        called = calls_in(plan, ledger, day, desk.known_at)
        overdue = overdue_issues(plan, ledger, day, desk.known_at)
        written = write(plan, ledger, contacts, output, day, now()) if output is not None else None
    files = written.files if written else ()
    listings = (calls_listing(plan, called, contacts, day), *overdue_listings(plan, overdue, day))
    value = calls_json(plan, called, day, desk.known_at, files)
    desk.put(listings, {**value, "overdue_issues": [issue.number for issue in overdue]})
    resting = {each.department for each in given if rested(plan, given, each.department, day)}
    for words in _remarks(plan, day, len(resting)):
        desk.say(words)
    if written is not None:
        desk.say(f"已写出 {len(files)} 个文件，在 {output}。请先按电话清单联系。")
        if written.without_docx:
            desk.say("没有安装 python-docx，只写了 md。要 Word 文件请先运行：python -m pip install python-docx")


def _remarks(plan: "Plan", day: date, resting: int) -> Iterator[str]:
    """What else bears on today's list; *resting*: departments reminded too lately to be reminded again."""
    calendar, wait = plan.rules.calendar, plan.rules.escalation.repeat
    if day.year not in calendar.years:
        yield f"{day.year}年放假安排未公布，工作日按周一至周五判断；公布后请补入 rules.yaml 的 holidays。"
    if not is_working_day(day, calendar):
        yield f"{day} 是休息日，不催报。"
    elif resting and wait <= 1:
        yield f"{day} 已经催报过 {resting} 个部门，不再重复。"
    elif resting:
        yield f"有 {resting} 个部门上次催报后未满 {wait} 个工作日，今天不再催。"
