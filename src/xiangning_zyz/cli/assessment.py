"""The assessment: `zyz score`, `zyz approve`, `zyz objection add|answer|list`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from xiangning_zyz.cli.command import PRINTS, READS, command
from xiangning_zyz.cli.desk import Desk, now
from xiangning_zyz.cli.group import group
from xiangning_zyz.cli.intake import period_of
from xiangning_zyz.cli.spoken import happened, said
from xiangning_zyz.cli.usage import wrong
from xiangning_zyz.fact import Approval, Review

if TYPE_CHECKING:
    from xiangning_zyz.period import Period

PeriodText = Annotated[str, Option("--period", metavar="报告期", help="如 2024-06、2024-Q2、2024")]
On = Annotated[str | None, Option("--on", metavar="日期", help="何时，默认今天")]


class What(StrEnum):
    """What can be approved."""

    BULLETIN = "bulletin"
    BRIEF = "brief"
    PRAISE = "praise"
    CRITICISM = "criticism"
    TALK = "talk"


class Outcome(StrEnum):
    """How a review ended."""

    UPHELD = "维持"
    CHANGED = "调整"


@command(PRINTS, READS)
def score(
    desk: Desk,
    period: Annotated[
        str | None, Option("--period", metavar="报告期", help="评哪一期，如 2024-Q2；不写则为当年截至上月")
    ] = None,
    department: Annotated[str | None, Option("--department", metavar="部门", help="只看一个单位的算式")] = None,
) -> None:
    """按专班办公室的办法评分，逐项列出算式。内部参考，不作为考核结果；表扬、通报批评、约谈只是建议。"""
    from xiangning_zyz.jobs.assessment import assess
    from xiangning_zyz.jobs.plans import find_department
    from xiangning_zyz.report.score import Paper, score_json, score_listings

    plan = desk.plan()
    only = find_department(plan, department) if department else None
    with desk.ledger(plan) as ledger:
        found = assess(plan, ledger, period_of(period), desk.day, desk.known_at)
    paper = Paper(
        found.period,
        found.month,
        found.first,
        [each for each in found.scores if only in (None, each.department)],
        found.approvals,
        [
            each
            for each in found.objections
            if each.raised.what.period == found.period and only in (None, each.raised.what.department)
        ],
        desk.day,
        desk.known_at,
    )
    desk.put(score_listings(plan, paper), score_json(plan, paper))


@command(PRINTS, READS)
def approve(
    desk: Desk,
    what: Annotated[
        What | None,
        Argument(
            metavar="[事项]",
            help="bulletin 通报、brief 简报、praise 表扬、criticism 通报批评、talk 约谈；不写则列出全部记录",
        ),
    ] = None,
    *,
    period: Annotated[str | None, Option("--period", metavar="报告期", help="哪一期的，如 2024-06")] = None,
    department: Annotated[str | None, Option("--department", metavar="部门", help="表扬、批评、约谈的单位")] = None,
    by: Annotated[str | None, Option("--by", metavar="批准人", help="谁批准的，如 县长")] = None,
    on: On = None,
    note: Annotated[str, Option("--note", metavar="说明", help="文号、会议或撤销的理由")] = "",
    evidence: Annotated[Path | None, Option("--evidence", metavar="文件", help="签批件，归档保存")] = None,
    revoke: Annotated[bool, Option("--revoke", help="撤销此前的批准，--note 写明理由")] = False,
) -> None:
    """记录谁在何时批准了什么；不写事项时列出全部记录。本工具只提建议，批准由有权的人作出。"""
    from xiangning_zyz.jobs.assessment import record_approval
    from xiangning_zyz.jobs.plans import find_department
    from xiangning_zyz.report.score import approvals_json, approvals_listing

    plan = desk.plan()
    if what is None:
        with desk.ledger(plan) as ledger:
            found = [each for each in ledger.decisions(Approval, desk.known_at) if each.what.on <= desk.day]
        desk.put((approvals_listing(found),), approvals_json(found))
        return
    new = Approval(
        what=what.value,
        act="revoke" if revoke else "approve",
        period=_period(period),
        department=find_department(plan, department) if department else "",
        by=said(by, "--by"),
        on=happened(on),
        note=said(note, "--note") if revoke else note.strip(),
        evidence="",
        evidence_sha256="",
    )
    with desk.ledger(plan, create=True) as ledger:
        record_approval(desk.workspace, plan, ledger, new, evidence, now())
    desk.say(f"已记录：{new.by}于 {new.on} {'撤销批准' if revoke else '批准'}。")


@command()
def add(
    desk: Desk,
    department: Annotated[str, Argument(metavar="部门", help="提出异议的单位")],
    period: PeriodText,
    why: Annotated[str, Option("--why", metavar="理由", help="有什么异议")],
    by: Annotated[str, Option("--by", metavar="经办", help="该单位谁提出的")],
    notified: Annotated[str, Option("--notified", metavar="日期", help="该单位何时收到结果")],
    on: On = None,
) -> None:
    """记录异议：自收到结果之日起30日内可申请复核；逾期提出的照记，并注明。"""
    from xiangning_zyz.jobs.plans import find_department
    from xiangning_zyz.supervision.reviews import last_day

    plan = desk.plan()
    told, day = happened(notified, "--notified"), happened(on)
    new = Review(
        find_department(plan, department), _period(period), "object", day, said(by, "--by"), said(why, "--why"), told
    )
    _record(desk, new)
    late = "（逾期提出）" if day > last_day(told, plan.rules.calendar) else ""
    desk.say(f"已记录{late}，应于 {last_day(day, plan.rules.calendar)} 前答复；复核期间不对该单位提出建议。")


@command()
def answer(
    desk: Desk,
    department: Annotated[str, Argument(metavar="部门", help="提出异议的单位")],
    period: PeriodText,
    outcome: Annotated[Outcome, Option("--result", metavar="结果", help="维持 或 调整")],
    why: Annotated[str, Option("--why", metavar="理由", help="根据什么")],
    by: Annotated[str, Option("--by", metavar="复核人", help="谁复核的；参与评分的人应当回避")],
    on: On = None,
) -> None:
    """记录对异议的复核结果。要调整得分的，请改正依据（如在 rules.yaml 中豁免），评分随之重算。"""
    from xiangning_zyz.jobs.plans import find_department

    result: Literal["upheld", "changed"] = "upheld" if outcome is Outcome.UPHELD else "changed"
    _record(
        desk,
        Review(
            find_department(desk.plan(), department),
            _period(period),
            "answer",
            happened(on),
            said(by, "--by"),
            said(why, "--why"),
            outcome=result,
        ),
    )
    desk.say(f"已记录复核结果：{outcome.value}。")


@command(PRINTS, READS)
def list_(desk: Desk) -> None:
    """全部异议和复核结果。"""
    from xiangning_zyz.report.score import objection_json, objections_listing
    from xiangning_zyz.supervision.reviews import objections_of

    plan = desk.plan()
    with desk.ledger(plan) as ledger:
        found = objections_of(plan, ledger.decisions(Review, desk.known_at), desk.day)
    value = {"schema": "zyz/objections@1", "objections": [objection_json(each) for each in found]}
    desk.put((objections_listing(found, desk.day),), value)


objection = group("objection", "单位对评分的异议和复核。", {"list": list_, "add": add, "answer": answer})


def _record(desk: Desk, new: Review) -> None:
    from xiangning_zyz.jobs.assessment import record_review

    plan = desk.plan()
    with desk.ledger(plan, create=True) as ledger:
        record_review(plan, ledger, new, now())


def _period(text: str | None) -> "Period":
    period = period_of(text)
    if period is None:
        raise wrong("请用 --period 写明报告期，如 2024-06。")
    return period
