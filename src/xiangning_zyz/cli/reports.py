"""The `report` command: 通报, 简报, 附表, 看板, each in any format."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Argument, Option

from xiangning_zyz.cli.command import READS, command
from xiangning_zyz.cli.desk import Desk
from xiangning_zyz.cli.screen import put_text
from xiangning_zyz.cli.usage import wrong

if TYPE_CHECKING:
    from xiangning_zyz.jobs.reports import Form, Wish
    from xiangning_zyz.period import Period
    from xiangning_zyz.plan import Plan
    from xiangning_zyz.report.blocks import Kind


class Which(StrEnum):
    """What is written."""

    BULLETIN = "bulletin"
    BRIEF = "brief"
    ANNEX = "annex"
    DASHBOARD = "dashboard"
    ALL = "all"


class As(StrEnum):
    """How it is spelled."""

    DOCX = "docx"
    XLSX = "xlsx"
    HTML = "html"
    MD = "md"
    JSON = "json"


@command(READS)
def report(
    desk: Desk,
    kind: Annotated[
        Which, Argument(metavar="种类", help="bulletin 通报、brief 简报、annex 附表、dashboard 看板、all 全部")
    ],
    *,
    period: Annotated[
        str | None, Option("--period", metavar="报告期", help="如 2024-06、2024-Q2；默认最近结束的一个月")
    ] = None,
    form: Annotated[
        As | None,
        Option(
            "--format", metavar="格式", help="docx、xlsx、html、md 或 json；默认通报、简报为 docx，附表 xlsx，看板 html"
        ),
    ] = None,
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="文件", help="写到哪里，默认 var/reports/；all 时为文件夹")
    ] = None,
    department: Annotated[
        str | None, Option("--department", metavar="部门", help="只出写到该部门的内容，发文前送其核对（brief）")
    ] = None,
    final: Annotated[bool, Option("--final", help="出定稿；须有 zyz approve 的批准记录")] = False,
    number: Annotated[str | None, Option("--number", metavar="编号", help="发文字号，或简报期号")] = None,
    base_docx: Annotated[
        Path | None, Option("--base-docx", metavar="文件", help="用本单位的 docx 作底稿：样式、页边距、页码照它")
    ] = None,
) -> None:
    """出通报、简报、附表、看板。默认是征求意见稿；同样的数据出同样的文件。"""
    from xiangning_zyz.jobs.reports import KINDS, OWN_FORM, file_name, material_for, write_report

    plan = desk.plan()
    wish = _wish(desk, plan, _Asked(kind, period, department, final, number, base_docx))
    kinds = tuple(each for each in KINDS if kind in (Which.ALL, each))
    folder = (output if kind is Which.ALL else None) or desk.workspace.var / "reports"
    with desk.ledger(plan) as ledger:
        materials = {each: material_for(plan, ledger, each, wish) for each in kinds}
    for each, material in materials.items():
        for spelling in _forms(kind, each, form, OWN_FORM):
            target = output if output and kind is not Which.ALL else folder / file_name(each, spelling, material)
            written = write_report(desk.workspace, each, spelling, material, target, wish.base_docx)
            if kind is not Which.ALL and output is None and spelling in ("md", "json"):
                put_text(written.content.decode())
            desk.say(f"已写入 {written.path}")
            for warning in written.warnings:
                desk.say(f"提醒：{warning}")


def _forms(which: Which, kind: "Kind", form: As | None, own: "dict[Kind, Form]") -> "tuple[Form, ...]":
    """The formats of one kind: the one asked for, else its own; with `all` every one."""
    if form is not None:
        return (form.value,)
    if which is not Which.ALL:
        return (own[kind],)
    return ("docx", "xlsx", "html", "md", "json")


class _Asked(NamedTuple):
    """The options as they were written."""

    kind: Which
    period: str | None
    department: str | None
    final: bool
    number: str | None
    base_docx: Path | None


def _wish(desk: Desk, plan: "Plan", written: _Asked) -> "Wish":
    from xiangning_zyz.jobs.plans import find_department
    from xiangning_zyz.jobs.reports import Wish, issue_number, judged_day

    kind, _, department, final, number, base_docx = written
    asked = _period(desk, plan, written.period)
    if department is not None and kind is not Which.BRIEF:
        raise wrong("--department 只用于 brief。")
    if department is not None and final:
        raise wrong("给部门核对的是征求意见稿，没有定稿，请去掉 --final。")
    if base_docx is not None and not base_docx.is_file():
        raise wrong(f"底稿 {base_docx} 不存在。")
    day = judged_day(plan, asked, desk.day)
    if day != desk.day:
        desk.say(f"{asked.label}按 {day} 判断：此后属于下一报告期。")
    official = kind is Which.BULLETIN and plan.rules.issuer == "government"
    return Wish(
        period=asked,
        as_of=day,
        known_at=desk.known_at,
        department=find_department(plan, department) if department is not None else "",
        final=final,
        number=issue_number(number.strip(), official=official) if number is not None else "",
        base_docx=base_docx,
    )


def _period(desk: Desk, plan: "Plan", text: str | None) -> "Period":
    from xiangning_zyz.analysis.status import reporting_period
    from xiangning_zyz.period import Period

    if text is None:
        last = reporting_period(plan, desk.day)
        if last is None:
            raise wrong(f"方案从 {plan.start} 开始，还没有结束的报告期，请用 --period 写明。")
        return last
    try:
        return Period.parse(text)
    except ValueError:
        raise wrong(f"报告期“{text}”写法不对，应如 2024-06、2024-Q2、2024-H1、2024。") from None
