"""`zyz/gap@1`: the status shape of a goal and what the gap analysis adds (CONTRACT §7)."""

from collections.abc import Iterable
from datetime import date, datetime

from xiangning_zyz.analysis.gap import Gap, MilestoneGap, Responsible, SegmentPart
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.status_json import Json, figure_text, head_json, milestone_json, target_json


def gap_json(plan: Plan, gaps: Iterable[Gap], as_of: date, known_at: datetime | None = None) -> Json:
    """Gap analyses as `zyz/gap@1`."""
    return {"schema": "zyz/gap@1", **head_json(plan, as_of, known_at), "targets": [_gap(each) for each in gaps]}


def _gap(gap: Gap) -> Json:
    return {
        **target_json(gap.judgement),
        "milestones": [_milestone_gap(each) for each in gap.milestones],
        "observed": {"per_month": figure_text(gap.observed.per_month), "growth": figure_text(gap.observed.growth)},
        "forecast": [],
        "methods": {},
        "segments": [_segment(each) for each in gap.segments],
        "responsible": [_responsible(each) for each in gap.responsible],
    }


def _milestone_gap(each: MilestoneGap) -> Json:
    return {
        **milestone_json(each.milestone),
        "basis": each.milestone.basis,
        "gap": figure_text(each.gap),
        "needed_per_month": figure_text(each.needed_per_month),
        "needed_growth": figure_text(each.needed_growth),
    }


def _segment(part: SegmentPart) -> Json:
    return {
        "segment": part.segment,
        "name": part.name,
        "value": figure_text(part.value),
        "previous": figure_text(part.previous),
        "change": figure_text(part.change),
    }


def _responsible(each: Responsible) -> Json:
    return {
        "task": each.task,
        "department": each.department,
        "last_report": str(each.period) if each.period else None,
        "received": each.received.isoformat() if each.received else None,
    }
