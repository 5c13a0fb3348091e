"""The enterprise roster for people and programs. Words only; nothing is counted here."""

from collections.abc import Sequence
from datetime import date, datetime

from xiangning_zyz.analysis.words import amount
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.listing import Field, Listing, Tone
from xiangning_zyz.report.status_json import figure_text
from xiangning_zyz.supervision.roster import STATES, Count, Firm, State

Json = dict[str, object]

_TONES: dict[State, Tone] = {"投产": "good", "退出": "dim"}
_FIELDS = {"state": "状态", "segment": "板块", "tier": "梯队", "note": "备注"}


def firm_listings(plan: Plan, firms: Sequence[Firm], counts: Sequence[Count]) -> tuple[Listing, ...]:
    """One line a firm, the numbers by segment and state, and the roster against the reported figure."""
    rows = tuple(
        (
            firm.code,
            firm.name,
            segment_name(plan, firm.segment),
            Field(firm.state or "未写", _TONES.get(firm.state, "") if firm.state else "warn"),
            firm.since,
            "、".join(firm.tiers),
            "、".join(firm.departments),
            Field(firm.disagreement, "warn"),
        )
        for firm in firms
    )
    heads = ("统一社会信用代码", "企业", "板块", "状态", "何时", "梯队", "填报单位", "说法不一")
    notes = ("同一代码只计一户；各单位说法不一的，按其中最进一步的状态列，并注明各家所报。",)
    listings = [
        Listing(f"企业名录　{len(firms)}户", heads, rows, notes, empty="（没有企业）"),
        _by_segment(plan, firms),
    ]
    if counts:
        listings.append(_against_figures(plan, counts))
    return tuple(listings)


def firm_history(plan: Plan, firm: Firm) -> Listing:
    """What every sheet said of one firm, oldest first."""
    rows = []
    for word in firm.words:
        said, cell = dict(word.what.fields), word.what.cell
        shown = {**said, "segment": segment_name(plan, said.get("segment", ""))}
        text = "；".join(f"{head}：{shown[name]}" for name, head in _FIELDS.items() if shown.get(name))
        place = f"《{cell.file}》{cell.sheet}!{cell.ref}"
        rows.append((word.what.period.label, word.what.department, said.get("name", ""), text, place))
    return Listing(f"{firm.name}（{firm.code}）　历次所报", ("报告期", "填报单位", "企业", "内容", "出处"), tuple(rows))


def enterprises_json(firms: Sequence[Firm], counts: Sequence[Count], as_of: date, known_at: datetime | None) -> Json:
    """`zyz/enterprises@1`."""
    return {
        "schema": "zyz/enterprises@1",
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "enterprises": [_firm(firm) for firm in firms],
        "against_figure": [
            {
                "segment": each.segment,
                "period": str(each.month),
                "listed": each.listed,
                "reported": figure_text(each.figure.value),
                "agrees": each.figure.value == each.listed,
            }
            for each in counts
        ],
    }


def segment_name(plan: Plan, segment: str) -> str:
    """What the plan calls a segment; empty for none."""
    return next((each.name for each in plan.segments if each.id == segment), segment)


def _by_segment(plan: Plan, firms: Sequence[Firm]) -> Listing:
    segments = list(dict.fromkeys([*(each.id for each in plan.segments), *(firm.segment for firm in firms)]))
    rows = []
    for segment in segments:
        own = [firm for firm in firms if firm.segment == segment]
        if own:
            counted = (str(sum(firm.state == state for firm in own)) for state in STATES)
            rows.append((segment_name(plan, segment) or "未写板块", *counted, str(sum(firm.here for firm in own))))
    whole = (str(sum(firm.state == state for firm in firms)) for state in STATES)
    rows.append(("合计", *whole, str(sum(firm.here for firm in firms))))
    heads = ("板块", *STATES, "入驻户数（入驻+投产）")
    return Listing("按板块和状态", heads, tuple(rows), (), frozenset(range(1, len(heads))))


def _against_figures(plan: Plan, counts: Sequence[Count]) -> Listing:
    rows = []
    for each in counts:
        unit = each.figure.sources[0].what.unit if each.figure.sources else ""
        agrees = each.figure.value == each.listed
        rows.append(
            (
                segment_name(plan, each.segment) if each.segment else "合计",
                each.month.label,
                f"{each.listed}{unit}",
                amount(each.figure.value, unit),
                Field("一致" if agrees else "不一致，请核对", "" if agrees else "warn"),
            )
        )
    heads = ("板块", "截至", "名录入驻户数", "所报入驻企业", "比较")
    return Listing("名录与所报数对照", heads, tuple(rows), (), frozenset({2, 3}))


def _firm(firm: Firm) -> Json:
    return {
        "code": firm.code,
        "name": firm.name,
        "segment": firm.segment or None,
        "state": firm.state,
        "since": firm.since or None,
        "tiers": list(firm.tiers),
        "departments": list(firm.departments),
        "disagreement": firm.disagreement or None,
        "history": [
            {
                "period": str(word.what.period),
                "department": word.what.department,
                "fields": dict(word.what.fields),
                "import_id": word.import_id,
                "file": word.what.cell.file,
                "sheet": word.what.cell.sheet,
                "ref": word.what.cell.ref,
            }
            for word in firm.words
        ],
    }
