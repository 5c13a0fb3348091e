"""Commands that judge: status, gap, explain."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from xiangning_zyz.cli.command import PRINTS, READS, command
from xiangning_zyz.cli.desk import Desk, day_of
from xiangning_zyz.jobs.judging import known_in
from xiangning_zyz.jobs.plans import find_indicator
from xiangning_zyz.report.goals import explain_json, explain_listing, gap_listings, status_listings

if TYPE_CHECKING:
    from xiangning_zyz.analysis.gap import To


class FailOn(StrEnum):
    """From which light on `zyz status` answers no."""

    YELLOW = "yellow"
    RED = "red"


@command(PRINTS, READS)
def status(
    desk: Desk,
    fail_on: Annotated[
        FailOn | None, Option("--fail-on", metavar="灯", help="出现黄灯（yellow）或红灯（red）时退出码为 1")
    ] = None,
) -> int:
    """各项目标完成到什么程度：实际、节点目标、差距、进度，任务进展和报送情况。"""
    from xiangning_zyz.analysis.status import status as judge_all
    from xiangning_zyz.report.status_json import status_json

    plan = desk.plan()
    with desk.ledger(plan) as ledger:
        known = known_in(ledger, desk.known_at)
    found = judge_all(plan, known, desk.day, desk.known_at)
    desk.put(status_listings(found), status_json(found))
    tripping = {None: (), FailOn.YELLOW: ("yellow", "red"), FailOn.RED: ("red",)}[fail_on]
    return 1 if any(judgement.light in tripping for judgement in found.targets) else 0


@command(PRINTS, READS)
def gap(
    desk: Desk,
    indicators: Annotated[
        list[str] | None, Argument(metavar="[指标]...", help="指标名称或编号；不写则为全部目标")
    ] = None,
    to: Annotated[str | None, Option("--to", metavar="节点", help="next 下一节点、final 最后节点，或日期")] = None,
) -> None:
    """差距分析：离每个节点还差多少，需要多快，实际多快，由谁负责。"""
    from xiangning_zyz.analysis.gap import gap as analyse
    from xiangning_zyz.analysis.lights import rule_words
    from xiangning_zyz.report.gap_json import gap_json

    plan = desk.plan()
    wanted = [find_indicator(plan, name) for name in indicators or ()] or [
        i.id for i in plan.indicators if i.milestones
    ]
    with desk.ledger(plan) as ledger:
        known = known_in(ledger, desk.known_at)
    found = [analyse(plan, plan.indicator(each), known, desk.day, _until(to)) for each in wanted]
    desk.put(gap_listings(plan, found, rule_words(plan.rules)), gap_json(plan, found, desk.day, desk.known_at))


@command(PRINTS, READS)
def explain(desk: Desk, indicator: Annotated[str, Argument(metavar="指标", help="指标名称或编号")]) -> None:
    """一项指标的判断是怎样算出来的：公式、数字、目标、规则、每个数字的出处。"""
    from xiangning_zyz.analysis.explain import explain as steps_of
    from xiangning_zyz.analysis.gap import gap as analyse

    plan = desk.plan()
    item = plan.indicator(find_indicator(plan, indicator))
    with desk.ledger(plan) as ledger:
        known = known_in(ledger, desk.known_at)
    steps = steps_of(plan, analyse(plan, item, known, desk.day).judgement)
    desk.put((explain_listing(item.name, steps),), explain_json(item.id, steps))


def _until(to: str | None) -> "To":
    """What `--to` asks for: the next milestone, the final one, or the one in force on a day."""
    match to:
        case None:
            return None
        case "next":
            return "next"
        case "final":
            return "final"
    return day_of(to, "--to")
