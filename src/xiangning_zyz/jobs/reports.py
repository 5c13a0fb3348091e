"""Reports: gather what the ledger knew, compose once, spell in each format, write aside and rename."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.gap import Gap, gap, with_change
from xiangning_zyz.analysis.known import Known, Reported
from xiangning_zyz.analysis.series import Series, series
from xiangning_zyz.analysis.status import goals, status
from xiangning_zyz.aside import write_aside
from xiangning_zyz.fact import Approval, ApprovalOf, Recorded, Reminder, ReturnedSheet
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.jobs.issues import known_issues
from xiangning_zyz.jobs.judging import known_in
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Plan
from xiangning_zyz.report.blocks import Document, Kind
from xiangning_zyz.report.compose.material import Material
from xiangning_zyz.stop import Stop
from xiangning_zyz.supervision.approvals import ABOUT_ONE, in_force
from xiangning_zyz.supervision.ladder import calls
from xiangning_zyz.supervision.standing import Heard, standings

Form = Literal["docx", "xlsx", "html", "md", "json"]

KINDS: tuple[Kind, ...] = ("bulletin", "brief", "annex", "dashboard")
KIND_WORDS: dict[Kind, str] = {"bulletin": "通报", "brief": "简报", "annex": "附表", "dashboard": "看板"}
OWN_FORM: dict[Kind, Form] = {"bulletin": "docx", "brief": "docx", "annex": "xlsx", "dashboard": "html"}

_WRITTEN_NUMBER = re.compile(r"\S+〔20[0-9]{2}〕[1-9][0-9]*号")  # GB/T 9704 7.2.5
_ISSUE = re.compile(r"第?([1-9][0-9]*)期?")
_APPROVED_AS: dict[Kind, tuple[ApprovalOf, ...]] = {
    "bulletin": ("bulletin",),
    "brief": ("brief",),
    "annex": ("bulletin", "brief"),  # goes out with either
    "dashboard": ("bulletin", "brief"),
}


class NotApproved(Stop):
    """A final report was asked for that nobody has approved."""

    code = 1  # done, and the answer is no


class NotNow(Stop):
    """The period cannot be reported on."""

    code = 2  # wrong usage


class MissingExtra(Stop):
    """A library that only reports need is not installed; the message gives the command."""


class Wish(NamedTuple):
    """What was asked for."""

    period: Period
    as_of: date
    known_at: datetime | None = None
    department: str = ""
    final: bool = False
    number: str = ""  # as `issue_number` gives it
    base_docx: Path | None = None


class Written(NamedTuple):
    """One file that was written, and what people should know of its content."""

    path: Path
    content: bytes
    warnings: tuple[str, ...]


def judged_day(plan: Plan, period: Period, as_of: date) -> date:
    """The day a report on *period* judges: *as_of*, but no later than the last day on which it is the current period.

    Nothing that a later period owes may show in it. NotNow (exit 2) before the period or the plan begins.
    """
    if period.last_day < plan.start or period.first_day > plan.end:
        raise NotNow(f"{period.label}不在方案期内（{plan.start} 至 {plan.end}）。")
    if as_of < period.first_day:
        raise NotNow(f"{period.label}在 {as_of} 还没有开始。")
    return min(as_of, period.last_month.shifted(1).last_day - timedelta(days=1))


def approval_for(approvals: Sequence[Recorded[Approval]], kind: Kind, period: Period) -> Recorded[Approval] | None:
    """The approval by which a final report of *kind* may go out; None if nobody has given it."""
    found = (in_force(approvals, what, period) for what in _APPROVED_AS[kind])
    return next((each for each in found if each is not None), None)


def issue_number(text: str, *, official: bool) -> str:
    """发文字号 (乡政办发〔2024〕5号) or issue (第6期) from what was written; NotNow (exit 2) if it is neither."""
    if official:
        if _WRITTEN_NUMBER.fullmatch(text):
            return text
        raise NotNow(f"发文字号应如“乡政办发〔2024〕5号”：六角括号、年份写全、序号不编虚位，不能是“{text}”。")
    match = _ISSUE.fullmatch(text)
    if match is None:
        raise NotNow(f"简报期号应为数字，如 6 或 第6期，不能是“{text}”。")
    return f"第{match[1]}期"


def material_for(plan: Plan, ledger: Ledger, kind: Kind, wish: Wish) -> Material:
    """All that a report of *kind* is made of; NotApproved (exit 1) where a final one lacks its approval.

    A final report shows what the ledger held when it was approved: nobody has approved what came later.
    """
    approvals = ledger.decisions(Approval, wish.known_at)
    number, known_at = wish.number, wish.known_at
    if wish.final:
        approval = approval_for(approvals, kind, wish.period)
        if approval is None:
            raise NotApproved(
                f"{wish.period.label}{KIND_WORDS[kind]}没有批准记录，不能出定稿。"
                f"请先按程序报批，再用 zyz approve 记录批准人和日期；不加 --final 可出征求意见稿。"
            )
        number = number or _noted_number(plan, kind, approval.what)
        known_at = min(filter(None, (known_at, approval.recorded_at)))
    return _material(plan, ledger, wish._replace(number=number, known_at=known_at), _in_force(approvals, wish.period))


def write_report(
    workspace: Workspace, kind: Kind, form: Form, material: Material, target: Path, base: Path | None
) -> Written:
    """Compose *kind*, spell it as *form* and write it to *target*, aside and renamed."""
    document = composed(workspace, kind, material)
    content = spelled(document, form, base)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_aside(target, content)
    return Written(target, content, tuple(_warnings(document, form)))


def composed(workspace: Workspace, kind: Kind, material: Material) -> Document:
    """The document of *kind*, by the workspace's templates where it has any."""
    try:
        from xiangning_zyz.report.compose import compose
        from xiangning_zyz.report.compose.prose import Templates
    except ModuleNotFoundError as error:
        raise _missing(error) from None
    return compose(kind, material, Templates(workspace.data / "templates"))


def spelled(document: Document, form: Form, base: Path | None = None) -> bytes:
    """*document* as *form*; MissingExtra where the library for it is not installed."""
    try:
        match form:
            case "docx":
                from xiangning_zyz.report.to_docx import to_docx

                return to_docx(document, base.read_bytes() if base else None)
            case "xlsx":
                from xiangning_zyz.report.to_xlsx import to_xlsx

                return to_xlsx(document)
            case "html":
                from xiangning_zyz.report.to_html import to_html

                return to_html(document)
            case "md":
                from xiangning_zyz.report.to_md import to_md

                return to_md(document)
            case "json":
                from xiangning_zyz.report.to_json import to_json

                return to_json(document)
    except ModuleNotFoundError as error:
        raise _missing(error) from None


def file_name(kind: Kind, form: Form, material: Material) -> str:
    """`2024-06_通报_征求意见稿.docx`: a draft never takes the name of a final one."""
    parts = [str(material.period), KIND_WORDS[kind], material.department]
    if material.draft and kind != "dashboard":
        parts.append("征求意见稿")
    return "_".join(filter(None, parts)) + f".{form}"


def _missing(error: ModuleNotFoundError) -> Stop:
    return MissingExtra(
        f'生成报告要用的组件 {error.name} 没有安装，请运行：python -m pip install "xiangning-zyz[report]"'
    )


def _noted_number(plan: Plan, kind: Kind, approval: Approval) -> str:
    official = kind == "bulletin" and plan.rules.issuer == "government"
    pattern = _WRITTEN_NUMBER if official else re.compile("第[1-9][0-9]*期")
    found = pattern.search(approval.note)
    return found[0] if found else ""


def _in_force(approvals: Sequence[Recorded[Approval]], period: Period) -> tuple[Recorded[Approval], ...]:
    """What is approved for *period* and not taken back: praise, criticism, talks."""
    wanted = dict.fromkeys((each.what.what, each.what.department) for each in approvals if each.what.what in ABOUT_ONE)
    found = (in_force(approvals, what, period, department) for what, department in wanted)
    return tuple(each for each in found if each is not None)


def _material(plan: Plan, ledger: Ledger, wish: Wish, approvals: tuple[Recorded[Approval], ...]) -> Material:
    day, known_at = wish.as_of, wish.known_at
    known = _until(known_in(ledger, known_at), wish.period)
    heard = Heard(
        ledger.arrivals(known_at),
        ledger.records(known_at),
        [each.what for each in ledger.decisions(ReturnedSheet, known_at)],
    )
    reminders = [each.what for each in ledger.decisions(Reminder, known_at)]
    return Material(
        plan=plan,
        period=wish.period,
        as_of=day,
        known_at=known_at,
        status=status(plan, known, day, known_at),
        gaps=tuple(_gaps(plan, ledger, known, wish)),
        courses=dict(_courses(plan, known, day)),
        standings=standings(plan, wish.period, heard, day),
        words=known.records,
        issues=known_issues(plan, ledger, day, known_at),
        calls=calls(plan, heard, reminders, day),
        approvals=approvals,
        number=wish.number,
        department=wish.department,
        draft=not wish.final,
    )


def _until(known: Known, period: Period) -> Known:
    """What was known about *period* and those before it."""
    last = period.ordinal
    observations = {
        indicator: [each for each in found if each.what.period.ordinal <= last]
        for indicator, found in known.observations.items()
    }
    records = [each for each in known.records if each.what.period.ordinal <= last]
    return known._replace(observations=observations, records=records)


def _gaps(plan: Plan, ledger: Ledger, known: Known, wish: Wish) -> Iterator[Gap]:
    for indicator in goals(plan):
        found = gap(plan, indicator, known, wish.as_of)
        yield with_change(plan, found, known, _versions(plan, ledger, indicator, wish), wish.as_of)


def _versions(plan: Plan, ledger: Ledger, indicator: Indicator, wish: Wish) -> list[Reported]:
    measured = (indicator, *map(plan.indicator, indicator.formula or ()))
    found = (each for part in measured for each in ledger.history(part.id, None, wish.known_at))
    return [each for each in found if each.what.period.ordinal <= wish.period.ordinal]


def _courses(plan: Plan, known: Known, day: date) -> Iterator[tuple[str, Series]]:
    from decimal import localcontext

    for indicator in goals(plan):
        with localcontext(PRECISE):
            yield indicator.id, series(plan, indicator, known, day)


def _warnings(document: Document, form: Form) -> Iterator[str]:
    from xiangning_zyz.report.compose.letter import LONGEST, length_of

    if document.kind in ("bulletin", "brief") and length_of(document) > LONGEST:
        yield f"正文{length_of(document)}字，超过{LONGEST}字，请精简（整治形式主义为基层减负若干规定）。"
    if not document.draft and document.head is not None and "　" in document.head.number:
        yield "没有编号：请用 --number 写明发文字号或期号。"
    if form == "docx":
        rare = _rare(document)
        if rare:
            yield f"有老字库中没有的字，请检查打印效果：{rare}"


def _rare(document: Document) -> str:
    """Characters that fonts of the GB 2312 kind (仿宋_GB2312) lack: many names have them (rendering.md 3.5)."""
    from xiangning_zyz.report.to_md import to_md

    han = {each for each in to_md(document).decode() if "\u3400" <= each <= "\u9fff" or each >= "\U00020000"}
    return "".join(sorted(each for each in han if not each.encode("gb2312", "ignore")))
