"""The enterprise roster: `zyz enterprises`."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from xiangning_zyz.cli.command import PRINTS, READS, command
from xiangning_zyz.cli.desk import Desk
from xiangning_zyz.cli.usage import wrong

if TYPE_CHECKING:
    from xiangning_zyz.plan import Plan


class State(StrEnum):
    """How far a firm has come."""

    SIGNED = "签约"
    MOVED_IN = "入驻"
    PRODUCING = "投产"
    LEFT = "退出"


class Tier(StrEnum):
    """What a firm has been recognised as."""

    ABOVE_SCALE = "规上"
    SPECIALISED = "专精特新"
    LITTLE_GIANT = "小巨人"
    LEADING = "龙头"


@command(PRINTS, READS)
def enterprises(
    desk: Desk,
    firm: Annotated[str | None, Argument(metavar="[企业]", help="信用代码或名称；只看这一户，连同历次所报")] = None,
    segment: Annotated[str | None, Option("--segment", metavar="板块", help="只看一个板块")] = None,
    state: Annotated[State | None, Option("--state", metavar="状态", help="签约、入驻、投产 或 退出")] = None,
    tier: Annotated[Tier | None, Option("--tier", metavar="梯队", help="规上、专精特新、小巨人 或 龙头")] = None,
) -> None:
    """企业名录：每户只计一次，谁填报的，与所报入驻企业数是否一致。"""
    from xiangning_zyz.jobs.roster import known_roster
    from xiangning_zyz.report.enterprises import enterprises_json, firm_history, firm_listings

    plan = desk.plan()
    part = _segment(plan, segment) if segment else None
    with desk.ledger(plan) as ledger:
        roster = known_roster(plan, ledger, desk.day, desk.known_at)
    chosen = [
        each
        for each in roster.firms
        if firm in (None, each.code, each.name)
        and part in (None, each.segment)
        and state in (None, each.state)
        and (tier is None or tier in each.tiers)
    ]
    if firm is not None and not chosen:
        raise wrong(f"名录中没有“{firm}”。信用代码和名称可用 zyz enterprises 查看。")
    counts = () if firm is not None else roster.counts
    listings = firm_listings(plan, chosen, counts)
    if firm is not None:
        listings = (listings[0], *(firm_history(plan, each) for each in chosen))
    desk.put(listings, enterprises_json(chosen, counts, desk.day, desk.known_at))


def _segment(plan: "Plan", text: str) -> str:
    """The id of the segment that *text* names."""
    for each in plan.segments:
        if text in (each.id, each.name, *each.aliases):
            return each.id
    raise wrong(f"方案中没有板块“{text}”。可用：{'、'.join(each.name for each in plan.segments)}。")
