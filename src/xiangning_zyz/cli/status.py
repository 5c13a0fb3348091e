"""The `status` command, in a file of its own: it is typed many times a day and starts with nothing else."""

from typing import Annotated, Literal

from typer import Option

from xiangning_zyz.cli.command import PRINTS, READS, command
from xiangning_zyz.cli.desk import Desk

FailOn = Literal["yellow", "red"]  # from which light on `zyz status` answers no


@command(PRINTS, READS)
def status(
    desk: Desk,
    fail_on: Annotated[
        FailOn | None, Option("--fail-on", metavar="灯", help="出现黄灯（yellow）或红灯（red）时退出码为 1")
    ] = None,
) -> int:
    """各项目标完成到什么程度：实际、节点目标、差距、进度，任务进展和报送情况。"""
    from xiangning_zyz.analysis.status import status as judge_all
    from xiangning_zyz.jobs.judging import issue_tally, known_in, other_plan
    from xiangning_zyz.report.goals import status_listings

    plan = desk.plan()
    with desk.ledger(plan) as ledger:
        known = known_in(ledger, desk.known_at)
        issues = issue_tally(plan, ledger, known, desk.day, desk.known_at)
        changed = other_plan(plan, ledger, desk.known_at)
    found = judge_all(plan, known, desk.day, desk.known_at)
    if desk.form == "json":
        from xiangning_zyz.report.status_json import status_json

        desk.put((), status_json(found, issues))
    else:
        desk.put(status_listings(found, issues), None)
    if changed:
        desk.say(changed)
    tripping = {None: (), "yellow": ("yellow", "red"), "red": ("red",)}[fail_on]
    return 1 if any(judgement.light in tripping for judgement in found.targets) else 0
