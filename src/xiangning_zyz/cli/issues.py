"""The issue ledger (问题台账): `zyz issue list|add|assign|extend|close|reopen|withdraw`."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from xiangning_zyz.cli.command import PRINTS, READS, command
from xiangning_zyz.cli.desk import Desk, day_of, now
from xiangning_zyz.cli.group import group
from xiangning_zyz.cli.screen import put_text
from xiangning_zyz.cli.spoken import happened, said
from xiangning_zyz.cli.usage import wrong
from xiangning_zyz.fact import IssueEvent

if TYPE_CHECKING:
    from xiangning_zyz.plan import Plan
    from xiangning_zyz.supervision.issues import Issue

_OFFICE = "专班办公室"  # whoever types these commands, unless said otherwise

Number = Annotated[str, Argument(metavar="编号", help="问题编号，见 zyz issue list")]
By = Annotated[str, Option("--by", metavar="经办", help="谁决定的")]
On = Annotated[str | None, Option("--on", metavar="日期", help="何时，默认今天")]
Due = Annotated[str | None, Option("--due", metavar="日期", help="完成时限")]


class Scope(StrEnum):
    """Whose problem it is (plan clause 三（三）)."""

    COMMON = "共性"
    INDIVIDUAL = "个性"


class Show(StrEnum):
    """Which issues are listed."""

    ALL = "all"
    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@command(PRINTS, READS)
def list_(
    desk: Desk,
    number: Annotated[str | None, Argument(metavar="[编号]", help="只看这一项，连同办理经过")] = None,
    show: Annotated[
        Show,
        Option("--state", metavar="状态", help="all 全部、open 未销号、overdue 逾期、closed 已销号、withdrawn 已作废"),
    ] = Show.ALL,
    department: Annotated[str | None, Option("--department", metavar="部门", help="只看该部门负责的")] = None,
) -> None:
    """问题台账，未销号和逾期的在前。-o 写到 .xlsx 时生成可下发、可导回的表格。"""
    from xiangning_zyz.jobs.issues import all_entered
    from xiangning_zyz.jobs.plans import find_department
    from xiangning_zyz.report.issues import history_listings, issue_listings, issues_json

    plan = desk.plan()
    with desk.ledger(plan) as ledger:
        issues = all_entered(plan, ledger, desk.day, desk.known_at)
    owner = find_department(plan, department) if department else None
    chosen = [issue for issue in issues if _wanted(issue, number, show, owner, desk.day)]
    if number is not None and not chosen:
        raise wrong(f"没有编号为 {number} 的问题，请用 zyz issue list 查看编号。")
    if desk.output is not None and desk.output.suffix.lower() == ".xlsx":
        from xiangning_zyz.report.issues_xlsx import issues_xlsx

        issues_xlsx(plan, chosen, desk.day, owner, desk.output)
        desk.say(f"已写入 {desk.output}")
        return
    if number is not None:
        shown = history_listings(plan, chosen[0], desk.day)
    else:
        shown = issue_listings(plan, chosen, desk.day, brief=desk.form == "table")
    desk.put(shown, issues_json(chosen, desk.day, desk.known_at))
    withdrawn = sum(issue.withdrawn is not None for issue in issues)
    if withdrawn and number is None and show is Show.ALL:
        desk.say(f"另有{withdrawn}项已作废，用 zyz issue list --state withdrawn 查看。")


@command()
def add(
    desk: Desk,
    problem: Annotated[str, Argument(metavar="问题", help="问题是什么，一句话")],
    *,
    scope: Annotated[Scope, Option("--scope", metavar="类型", help="共性 或 个性")],
    raised_by: Annotated[str, Option("--raised-by", metavar="提出单位", help="哪个单位或企业提出的")],
    enterprise: Annotated[str, Option("--enterprise", metavar="企业", help="涉及哪家企业")] = "",
    item: Annotated[str | None, Option("--item", metavar="任务或项目", help="属于哪项任务或项目，如 T04、P01")] = None,
    department: Annotated[
        list[str] | None, Option("--department", metavar="部门", help="责任单位，可写多次；可以以后再交办")
    ] = None,
    due: Due = None,
    on: On = None,
) -> None:
    """登记一个问题，输出编号。已知责任单位和时限的可一并写明。"""
    plan = desk.plan()
    event = IssueEvent(
        number="",
        act="add",
        on=happened(on),
        by=said(raised_by, "--raised-by"),
        text=said(problem, "问题"),
        responsible=_departments(plan, department or ()),
        due=day_of(due, "--due") if due else None,
        scope=scope.value,
        enterprise=enterprise.strip(),
        item=_item(plan, item) if item else "",
    )
    if bool(event.responsible) != (event.due is not None):
        raise wrong(
            "责任单位和完成时限要一并写明：--department 和 --due；尚未确定的都不写，以后用 zyz issue assign 交办。"
        )
    put_text(f"{_enter(desk, plan, event).number}\n")


@command()
def assign(
    desk: Desk,
    number: Number,
    department: Annotated[list[str], Option("--department", metavar="部门", help="责任单位，可写多次")],
    due: Due = None,
    why: Annotated[str, Option("--why", metavar="说明", help="交办意见")] = "",
    by: By = _OFFICE,
    on: On = None,
) -> None:
    """交办：定责任单位和完成时限；也用于改交其他单位。"""
    plan = desk.plan()
    event = IssueEvent(number, "assign", happened(on), by, why.strip(), _departments(plan, department), _due(due))
    issue = _enter(desk, plan, event)
    desk.say(f"{number} 已交{'、'.join(issue.responsible)}办理，{issue.due} 前完成。")


@command()
def extend(
    desk: Desk,
    number: Number,
    due: Annotated[str, Option("--due", metavar="日期", help="新的完成时限")],
    why: Annotated[str, Option("--why", metavar="理由", help="为什么延期")],
    by: By = _OFFICE,
    on: On = None,
) -> None:
    """延期：改定完成时限，首次时限保留。"""
    event = IssueEvent(number, "extend", happened(on), by, said(why, "--why"), due=_due(due))
    issue = _enter(desk, desk.plan(), event)
    desk.say(f"{number} 延期到 {issue.due}（首次时限 {issue.first_due}，第{issue.extensions}次延期）。")


@command()
def close(
    desk: Desk,
    number: Number,
    evidence: Annotated[Path, Option("--evidence", metavar="文件", help="佐证材料，归档保存；多份请打成一个 zip")],
    confirmed_by: Annotated[str, Option("--confirmed-by", metavar="确认人", help="谁确认的，不能是责任单位")],
    how: Annotated[str, Option("--how", metavar="结果", help="怎样解决的")],
    on: On = None,
) -> None:
    """销号：要有佐证材料，并由责任单位以外的单位确认。"""
    who = said(confirmed_by, "--confirmed-by")
    event = IssueEvent(number, "close", happened(on), who, said(how, "--how"))
    issue = _enter(desk, desk.plan(), event, evidence)
    proof = issue.events[-1].what.evidence_sha256
    desk.say(f"{number} 已销号，由{who}确认；佐证材料已归档（{proof[:12]}）。")


@command()
def reopen(
    desk: Desk,
    number: Number,
    why: Annotated[str, Option("--why", metavar="理由", help="为什么重新挂号")],
    due: Due = None,
    by: By = _OFFICE,
    on: On = None,
) -> None:
    """重新挂号：已销号的问题反复时使用，原记录保留。"""
    event = IssueEvent(number, "reopen", happened(on), by, said(why, "--why"), due=_due(due))
    issue = _enter(desk, desk.plan(), event)
    desk.say(f"{number} 已重新挂号，责任单位{'、'.join(issue.responsible)}，时限 {issue.due}。")


@command()
def withdraw(
    desk: Desk,
    number: Number,
    why: Annotated[str, Option("--why", metavar="理由", help="错在哪里，如重复登记")],
    by: By = _OFFICE,
) -> None:
    """作废：登记错了、重复了的作废，编号不再用，原记录保留。已经办理或逾期的不能作废。"""
    event = IssueEvent(number, "withdraw", now().date(), by, said(why, "--why"))
    _enter(desk, desk.plan(), event)
    desk.say(f"{number} 已作废，不再计入台账；原记录可用 zyz issue list {number} 查看。")


issue = group(
    "issue",
    "问题台账：登记、交办、延期、销号、重新挂号、作废（方案三（三））。",
    {
        "list": list_,
        "add": add,
        "assign": assign,
        "extend": extend,
        "close": close,
        "reopen": reopen,
        "withdraw": withdraw,
    },
)


def _wanted(issue: "Issue", number: str | None, show: Show, owner: str | None, day: date) -> bool:
    if owner is not None and owner not in issue.responsible:
        return False
    if number is not None and number != issue.number:
        return False
    if issue.withdrawn is not None:
        return show is Show.WITHDRAWN or number is not None
    match show:
        case Show.ALL:
            return True
        case Show.OPEN:
            return issue.closed is None
        case Show.OVERDUE:
            return issue.overdue(day)
        case Show.CLOSED:
            return issue.closed is not None
        case Show.WITHDRAWN:
            return False


def _enter(desk: Desk, plan: "Plan", event: IssueEvent, evidence: Path | None = None) -> "Issue":
    from xiangning_zyz.jobs.issues import enter

    with desk.ledger(plan, create=True) as ledger:
        return enter(desk.workspace, plan, ledger, event, evidence, now())


def _due(text: str | None) -> date | None:
    return day_of(text, "--due") if text else None


def _departments(plan: "Plan", names: list[str] | tuple[()]) -> str:
    from xiangning_zyz.jobs.plans import find_department

    return "、".join(dict.fromkeys(find_department(plan, name) for name in names))


def _item(plan: "Plan", text: str) -> str:
    """The id of the task or project that *text* names."""
    known = [*(task.id for task in plan.tasks), *(project.id for project in plan.projects)]
    if text not in known:
        raise wrong(f"方案中没有任务或项目“{text}”。编号可用 zyz tasks、zyz projects 查看。")
    return text
