"""What the ledger holds, for people and programs: imports, the trace of a figure, every observation."""

from collections.abc import Iterable

from xiangning_zyz.fact import Observation, Recorded, Resolution
from xiangning_zyz.figure import plain
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.listing import Field, Listing

Reported = Recorded[Observation]
_BASIS = {"point": "期末", "single": "当期", "cumulative": "累计"}

# The tidy table: one row an observation, every column a plain value (CONTRACT §5 `export`).
TIDY_HEADS = (
    "indicator",
    "name",
    "segment",
    "period",
    "basis",
    "value",
    "unit",
    "department",
    "reference",
    "raw",
    "raw_unit",
    "file",
    "sheet",
    "ref",
    "sha256",
    "import_id",
    "received",
    "recorded_at",
)


def trace_json(
    plan: Plan, indicator: str, period: Period | None, history: Iterable[Reported], choices: Iterable[Resolution] = ()
) -> dict[str, object]:
    """`zyz/trace@1`, newest first; *choices* as in `trace_listing`."""
    return {
        "schema": "zyz/trace@1",
        "plan": {"id": plan.id, "hash": plan.hash},
        "indicator": indicator,
        "period": str(period) if period is not None else None,
        "values": [_traced(each) for each in history],
        "resolutions": [
            {
                "segment": each.segment,
                "period": str(each.period),
                "department": each.department,
                "why": each.why,
                "decided_by": each.decided_by,
            }
            for each in choices
        ],
    }


def trace_listing(
    plan: Plan, indicator: str, period: Period | None, history: Iterable[Reported], choices: Iterable[Resolution] = ()
) -> Listing:
    """Every value that was ever reported, newest first, with its cell; what no longer holds says so.

    *choices*: the decisions that hold on whose figure counts where two departments differ.
    """
    rows = []
    for each in history:
        what, cell = each.what, each.what.cell
        holds = "已被替代或撤回" if each.superseded else ("参考" if what.reference else "现行")
        rows.append(
            (
                Field(holds, "dim" if each.superseded else ""),
                what.period.label + _BASIS[what.basis],
                plan.segment(what.segment).name if what.segment else "",
                plain(what.value) + what.unit,
                what.stated,
                what.department,
                f"{cell.file}\n{cell.sheet}!{cell.ref}",
                str(each.import_id),
                f"{each.recorded_at:%Y-%m-%d %H:%M}",
            )
        )
    heads = ("状态", "报告期", "板块", "数值", "原文", "部门", "出处", "导入号", "记入时间")
    name = plan.indicator(indicator).name
    title = f"{name}{'　' + period.label if period is not None else ''}　数据来路"
    notes = tuple(
        f"{each.period.label}{plan.segment(each.segment).name if each.segment else ''}各单位所报不一，"
        f"采用{each.department}的数字：{each.why}（{each.decided_by}）。"
        for each in choices
    )
    return Listing(title, heads, tuple(rows), notes, frozenset({3, 7}), empty="（没有报过）")


def tidy_rows(plan: Plan, facts: Iterable[Reported]) -> list[tuple[object, ...]]:
    """Every valid observation as one row of `TIDY_HEADS`; `value` stays a Decimal."""
    return [
        (
            each.what.indicator,
            plan.indicator(each.what.indicator).name,
            each.what.segment or "",
            str(each.what.period),
            each.what.basis,
            each.what.value,
            each.what.unit,
            each.what.department,
            each.what.reference,
            each.what.cell.raw,
            each.what.raw_unit,
            each.what.cell.file,
            each.what.cell.sheet,
            each.what.cell.ref,
            each.what.cell.sha256,
            each.import_id,
            each.received.isoformat(),
            each.recorded_at.isoformat(),
        )
        for each in facts
    ]


def _traced(each: Reported) -> dict[str, object]:
    what, cell = each.what, each.what.cell
    return {
        "value": plain(what.value),
        "unit": what.unit,
        "raw": cell.raw,
        "raw_unit": what.raw_unit,
        "segment": what.segment,
        "period": str(what.period),
        "basis": what.basis,
        "department": what.department,
        "reference": what.reference,
        "import_id": each.import_id,
        "file": cell.file,
        "sha256": cell.sha256,
        "sheet": cell.sheet,
        "ref": cell.ref,
        "received": each.received.isoformat(),
        "recorded_at": each.recorded_at.isoformat(),
        "superseded": each.superseded,
    }
