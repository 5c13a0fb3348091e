"""Who owes what: the screens and JSON of `zyz due` and `zyz remind`. Words and order only; nothing is counted here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from xiangning_zyz.analysis.words import day_words, percent
from xiangning_zyz.period import Period
from xiangning_zyz.plan import MISSES, Plan
from xiangning_zyz.report.letters import matters, name_of, people
from xiangning_zyz.report.listing import Field, Listing, Tone
from xiangning_zyz.report.status_json import figure_text, head_json
from xiangning_zyz.supervision.contact import Contact
from xiangning_zyz.supervision.ladder import STEP_WORDS, STEPS, SUGGESTED, Call
from xiangning_zyz.supervision.standing import STATE_WORDS, Item, Rates, Standing, State, rates

_TONES: Mapping[State, Tone] = {
    "reported": "good",
    "zero": "good",
    "late": "warn",
    "returned": "bad",
    "partial": "bad",
    "missing": "bad",
    "pending": "",
    "exempt": "dim",
}
_KINDS = {"indicator": "指标", "task": "任务", "project": "项目"}
_NOT_ANNOUNCED = "截止日所在年份的放假安排未公布，按周一至周五推算。"


def due_listing(
    plan: Plan, period: Period, standings: Sequence[Standing], forms: Mapping[str, int], day: date
) -> Listing:
    """Every department: what is due, what came, its state, its rates."""
    rows = tuple(_row(plan, each, forms) for each in standings)
    heads = ("部门", "状态", "应报", "已报", "未报事项", "截止日", "报送率", "及时率", "退回", "今年报表")
    counts = Counter(each.state for each in standings)
    states = "，".join(f"{word}{counts[state]}个" for state, word in STATE_WORDS.items() if counts[state])
    everything = [item for each in standings for item in each.items]
    total = rates(everything)
    notes = [f"共{len(standings)}个部门：{states}。"] if standings else []
    if total.due:
        notes.append(
            f"报送率{_percent(total.completeness)}，及时率{_percent(total.timeliness)}（按事项计，豁免和未到期的不计）。"
        )
    notes += _notes(everything)
    title = f"{period.label}报送情况　截至{day_words(day)}"
    return Listing(title, heads, rows, tuple(notes), frozenset({2, 3, 6, 7, 8, 9}), empty="（该期没有要报送的内容）")


def items_listing(plan: Plan, period: Period, standing: Standing | None, department: str, day: date) -> Listing:
    """One department's duties, one a line."""
    own = standing.items if standing else ()
    rows = tuple(
        (
            _KINDS[item.owed.kind],
            item.owed.name,
            name_of(plan, item.owed),
            item.owed.period.label,
            item.owed.due.day.isoformat(),
            item.received.isoformat() if item.received else "",
            Field(STATE_WORDS[item.state], _TONES[item.state]),
            _remark(item),
        )
        for item in own
    )
    heads = ("类别", "编号", "事项", "报告期", "截止日", "收到日", "状态", "备注")
    state = STATE_WORDS[standing.state] if standing else "没有要报送的内容"
    title = f"{department} {period.label}报送情况：{state}　截至{day_words(day)}"
    return Listing(title, heads, rows, tuple(_notes(own)), empty="（该期没有要报送的内容）")


def due_json(
    plan: Plan,
    period: Period,
    standings: Sequence[Standing],
    forms: Mapping[str, int],
    as_of: date,
    known_at: datetime | None,
) -> dict[str, object]:
    """`zyz/due@1`."""
    return {
        "schema": "zyz/due@1",
        **head_json(plan, as_of, known_at),
        "period": str(period),
        "departments": [
            {
                "department": each.department,
                "state": each.state,
                **_rates_json(each.rates),
                "returned": each.returned,
                "forms_this_year": forms.get(each.department, 0),
                "items": [_item_json(plan, item) for item in each.items],
            }
            for each in standings
        ],
        "totals": {
            "departments": dict(Counter(each.state for each in standings)),
            **_rates_json(rates(item for each in standings for item in each.items)),
        },
    }


def calls_listing(plan: Plan, called: Sequence[Call], contacts: Sequence[Contact], day: date) -> Listing:
    """Whom to remind today, and whom to ring there."""
    rows = tuple(
        (
            Field(STEP_WORDS[call.step], "warn" if call.step in ("hint", "urge") else "bad"),
            call.department,
            people(contacts, call.department),
            matters(plan, call.items),
        )
        for call in called
    )
    notes = [ladder_words(plan)]
    if any(each.step in SUGGESTED for call in called for each in call.items):
        notes.append(
            "督办、约谈、通报只是建议，须经本级人民政府或其行政首长批准（政府督查工作条例第七条、第二十一条）。"
        )
    title = f"应催报的部门　{day_words(day)}"
    return Listing(title, ("级次", "部门", "联系人", "事项"), rows, tuple(notes), empty="（没有需要催报的部门）")


def calls_json(
    plan: Plan, called: Sequence[Call], as_of: date, known_at: datetime | None, files: Sequence[Path]
) -> dict[str, object]:
    """`zyz/remind@1`; no names of persons, no telephones."""
    return {
        "schema": "zyz/remind@1",
        **head_json(plan, as_of, known_at),
        "departments": [
            {
                "department": call.department,
                "step": call.step,
                "items": [
                    {
                        "kind": each.owed.kind,
                        "item": each.owed.name,
                        "period": str(each.owed.period),
                        "since": str(each.since),
                        "times": each.times,
                        "returned": each.returned,
                        "step": each.step,
                        "suggested": each.step in SUGGESTED,
                        "before": [{"on": done.on.isoformat(), "step": done.step} for done in each.taken],
                    }
                    for each in call.items
                ],
            }
            for call in called
        ],
        "files": [file.name for file in files],
    }


def ladder_words(plan: Plan) -> str:
    """The rule in force, for printing under every list."""
    rule = plan.rules.escalation
    steps = "".join(
        f"；{f'连续{count}期' if count > 1 else '1期'}未报，{STEP_WORDS[step]}"
        for step in STEPS
        if step in MISSES and (count := getattr(rule, step))
    )
    basis = "默认口径，办公室未另行规定" if rule.basis == "default" else "办公室规定"
    hint = f"截止前{rule.before}个工作日" if rule.before else "截止日"
    return f"催报级次（{basis}）：{hint}，提示{steps}。报送后重新计算，不越级。"


def _row(plan: Plan, standing: Standing, forms: Mapping[str, int]) -> tuple[str | Field, ...]:
    due = [item for item in standing.items if item.state != "exempt"]
    open_ = [item for item in due if item.received is None]
    share = standing.rates
    until = min((item.owed.due.day for item in open_), default=max(i.owed.due.day for i in standing.items))
    return (
        standing.department,
        Field(STATE_WORDS[standing.state], _TONES[standing.state]),
        str(len(due)),
        str(len(due) - len(open_)),
        _open_words(open_),
        until.isoformat(),
        _percent(share.completeness),
        _percent(share.timeliness),
        str(standing.returned or ""),
        str(forms.get(standing.department, 0)),
    )


def _open_words(items: Sequence[Item]) -> str:
    counts = Counter(item.owed.kind for item in items)
    return "、".join(f"{word}{counts[kind]}项" for kind, word in _KINDS.items() if counts[kind])  # type: ignore[index]


def _notes(items: Sequence[Item]) -> list[str]:
    return [] if all(item.owed.due.announced for item in items) else [_NOT_ANNOUNCED]


def _remark(item: Item) -> str:
    if item.exemption is not None:
        return f"{item.exemption.why}（{item.exemption.decided_by}，{item.exemption.on}）"
    return f"由{item.by}报送" if item.by not in ("", item.owed.department) else ""


def _percent(share: Decimal | None) -> str:
    return percent(share) if share is not None else ""


def _rates_json(share: Rates) -> dict[str, object]:
    return {
        "due": share.due,
        "reported": share.reported,
        "on_time": share.on_time,
        "completeness": figure_text(share.completeness),
        "timeliness": figure_text(share.timeliness),
    }


def _item_json(plan: Plan, item: Item) -> dict[str, object]:
    duty, exemption = item.owed, item.exemption
    return {
        "kind": duty.kind,
        "item": duty.item,
        "segment": duty.segment,
        "name": name_of(plan, duty),
        "period": str(duty.period),
        "due": duty.due.day.isoformat(),
        "announced": duty.due.announced,
        "state": item.state,
        "overdue": item.overdue,
        "received": item.received.isoformat() if item.received else None,
        "by": item.by or None,
        "exempt": {"why": exemption.why, "decided_by": exemption.decided_by, "on": exemption.on.isoformat()}
        if exemption
        else None,
    }
