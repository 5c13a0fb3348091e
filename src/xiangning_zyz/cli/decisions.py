"""Commands that record what a person decided: judge, resolve."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from xiangning_zyz.cli.command import command
from xiangning_zyz.cli.desk import Desk, day_of, now
from xiangning_zyz.cli.usage import wrong
from xiangning_zyz.period import Period


@command()
def judge(
    desk: Desk,
    goal: Annotated[str, Argument(metavar="定性目标", help="名称或编号，见 zyz status")],
    verdict: Annotated[str, Option("--verdict", metavar="评判", help="如 基本形成、进展明显、尚未形成")],
    evidence: Annotated[Path, Option("--evidence", metavar="文件", help="评判依据，归档保存")],
    by: Annotated[str, Option("--by", metavar="评判人", help="谁评判的，写会议、单位或职务")],
    on: Annotated[str | None, Option("--on", metavar="日期", help="评判日期，默认今天")] = None,
    why: Annotated[str, Option("--why", metavar="理由", help="评判理由")] = "",
) -> None:
    """记录对定性目标的评判：结论、评判人、日期和依据。以最近记录的一次为准，以前的保留。"""
    from xiangning_zyz.jobs.decisions import Judged, find_goal, record_verdict

    moment = now()
    day = day_of(on, "--on") if on else moment.date()
    if day > moment.date():
        raise wrong(f"--on {day} 还没有到。")
    plan = desk.plan()
    judged = Judged(find_goal(plan, goal), _said("--verdict", verdict), why.strip(), _said("--by", by), day, evidence)
    with desk.ledger(plan, create=True) as ledger:
        recorded = record_verdict(desk.workspace, ledger, judged, moment)
    desk.say(f"已记录：{judged.goal.name}，{recorded.verdict}（{recorded.judged_by}，{recorded.on}）。")


@command()
def resolve(
    desk: Desk,
    conflict: Annotated[str, Argument(metavar="指标@报告期", help="哪个数字有冲突，如 output_value@2024-06")],
    department: Annotated[str, Option("--department", metavar="部门", help="采用哪个部门的数字")],
    why: Annotated[str, Option("--why", metavar="理由", help="为什么采用，记入台账")],
    by: Annotated[str, Option("--by", metavar="决定人", help="谁决定的，写会议、单位或职务")],
    segment: Annotated[str | None, Option("--segment", metavar="板块", help="板块数字有冲突时写明")] = None,
) -> None:
    """两家数据不一致时，确定以哪家为准。两个数字都保留。"""
    from xiangning_zyz.jobs.decisions import find_dispute, record_choice, rivals_words
    from xiangning_zyz.jobs.plans import find_department, find_indicator

    plan = desk.plan()
    name, _, written = conflict.partition("@")
    indicator = plan.indicator(find_indicator(plan, name))
    if segment is not None and segment not in indicator.segments:
        raise wrong(f"“{indicator.name}”没有板块“{segment}”。可用：{'、'.join(indicator.segments) or '（无）'}。")
    with desk.ledger(plan, create=True) as ledger:
        dispute = find_dispute(plan, ledger, indicator, segment, _period(written), desk.day)
        chosen = find_department(plan, department)
        choice = record_choice(ledger, dispute, chosen, _said("--why", why), _said("--by", by), now())
    desk.say(
        f"已记录：{indicator.name}{choice.period.label}采用{chosen}的数字（{rivals_words(dispute.rivals)}），"
        f"{choice.decided_by}决定。"
    )


def _period(written: str) -> Period:
    try:
        return Period.parse(written)
    except ValueError:
        raise wrong("请写明报告期，如 output_value@2024-06（年度写 2024）。") from None


def _said(option: str, text: str) -> str:
    """What must be said in so many words, on one line."""
    words = " ".join(text.split())
    if not words:
        raise wrong(f"{option} 不能为空。")
    return words
