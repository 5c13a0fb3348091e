"""Commands that analyse a goal: gap, explain."""

import re
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from xiangning_zyz.cli.command import PRINTS, READS, command
from xiangning_zyz.cli.desk import Desk, day_of
from xiangning_zyz.cli.usage import wrong
from xiangning_zyz.jobs.judging import known_in, other_plan

if TYPE_CHECKING:
    from xiangning_zyz.analysis.gap import To
    from xiangning_zyz.analysis.what_if import Assumption
    from xiangning_zyz.plan import Plan

_ASSUMED = re.compile(r"(?P<indicator>[^=@]+)=(?P<value>[^=@]+)@(?P<period>[^=@]+)")


By = Literal["statcan", "linear", "all"]  # which other methods judge too


@command(PRINTS, READS)
def gap(
    desk: Desk,
    indicators: Annotated[
        list[str] | None, Argument(metavar="[指标]...", help="指标名称或编号；不写则为全部目标")
    ] = None,
    to: Annotated[str | None, Option("--to", metavar="节点", help="next 下一节点、final 最后节点，或日期")] = None,
    method: Annotated[
        By | None, Option("--method", metavar="方法", help="另用 statcan 增速比法、linear 时序进度法评估，all 为全部")
    ] = None,
    what_if: Annotated[
        list[str] | None,
        Option("--what-if", metavar="指标=数值@报告期", help="假设某期数值，看结果如何；不记入台账，可写多次"),
    ] = None,
) -> None:
    """差距分析：离每个节点还差多少，需要多快，实际多快，能否达到，比上期变了什么，由谁负责。"""
    from xiangning_zyz.analysis.lights import rule_words
    from xiangning_zyz.analysis.opinions import METHODS
    from xiangning_zyz.analysis.status import goals
    from xiangning_zyz.jobs.gaps import Wish, analyse
    from xiangning_zyz.jobs.plans import find_indicator
    from xiangning_zyz.report.gap import gap_listings
    from xiangning_zyz.report.gap_json import gap_json

    plan = desk.plan()
    named = [plan.indicator(find_indicator(plan, name)) for name in dict.fromkeys(indicators or ())]
    methods = tuple(each for each in METHODS if method is not None and method in (each, "all"))
    wish = Wish(_until(to), methods, _assumptions(plan, what_if or ()))
    with desk.ledger(plan) as ledger:
        found = tuple(analyse(plan, ledger, named or goals(plan), wish, desk.day, desk.known_at))
        notes = tuple(filter(None, [other_plan(plan, ledger, desk.known_at)]))
    if wish.assumed and all(each.what_if is None for each in found):
        raise wrong("--what-if 假设的指标与所列目标无关，请去掉指标名称或换一个指标。")
    listings = gap_listings(plan, found, rule_words(plan.rules), wish.assumed)
    desk.put(listings, gap_json(plan, found, desk.day, desk.known_at, wish.assumed, notes))
    for note in notes:
        desk.say(note)


@command(PRINTS, READS)
def explain(desk: Desk, indicator: Annotated[str, Argument(metavar="指标", help="指标名称或编号")]) -> None:
    """一项指标的判断是怎样算出来的：公式、数字、目标、规则、预测、每个数字的出处。"""
    from xiangning_zyz.analysis.explain import explain as steps_of
    from xiangning_zyz.analysis.gap import gap as analyse
    from xiangning_zyz.jobs.plans import find_indicator
    from xiangning_zyz.report.explanation import explain_json, explain_listing
    from xiangning_zyz.report.status_json import head_json

    plan = desk.plan()
    item = plan.indicator(find_indicator(plan, indicator))
    with desk.ledger(plan) as ledger:
        known = known_in(ledger, desk.known_at)
    found = analyse(plan, item, known, desk.day)
    steps = steps_of(plan, found.judgement, found.outlook, known.resolutions)
    desk.put(
        (explain_listing(item.name, steps),),
        explain_json(head_json(plan, desk.day, desk.known_at), item.id, steps),
    )


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


def _assumptions(plan: "Plan", written: list[str] | tuple[()]) -> "tuple[Assumption, ...]":
    """Read each `--what-if`; usage errors say what is wrong with which."""
    found: dict[tuple[str, object], Assumption] = {}
    for text in written:
        assumption = _assumption(plan, text)
        key = (assumption.indicator, assumption.month)
        if key in found:
            raise wrong(f"--what-if 对同一指标同一报告期假设了两次：“{text}”。")
        found[key] = assumption
    return tuple(found.values())


def _assumption(plan: "Plan", text: str) -> "Assumption":
    from xiangning_zyz.analysis.what_if import Assumption
    from xiangning_zyz.figure import decimal
    from xiangning_zyz.jobs.plans import find_indicator
    from xiangning_zyz.period import Period

    parts = _ASSUMED.fullmatch(text.strip())
    if parts is None:
        raise wrong(f"--what-if 应写成 指标=数值@报告期，如 output_value=9.2@2025-12，不能是“{text}”。")
    indicator = plan.indicator(find_indicator(plan, parts["indicator"].strip()))
    if indicator.formula:
        above, below = (plan.indicator(part).name for part in indicator.formula)
        raise wrong(f"“{indicator.name}”由{above}、{below}计算，请假设这两项。")
    try:
        value = decimal(parts["value"].strip())
    except ValueError:
        raise wrong(f"--what-if 的数值应为{indicator.unit}数，只写数字，不能是“{parts['value']}”。") from None
    try:
        period = Period.parse(parts["period"].strip())
    except ValueError:
        raise wrong(f"报告期“{parts['period']}”写法不对，应如 2024-06、2024-Q2、2024-H1、2024。") from None
    return Assumption(indicator.id, value, period.last_month)
