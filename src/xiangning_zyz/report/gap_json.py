"""`zyz/gap@1`: the status shape of a goal and what the gap analysis adds (CONTRACT §7)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from xiangning_zyz.analysis.changes import Change, Revision
from xiangning_zyz.analysis.forecast import Forecast
from xiangning_zyz.analysis.gap import Gap, MilestoneGap, Responsible, SegmentPart
from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.opinions import Opinion, Shaky
from xiangning_zyz.analysis.what_if import MARK, Assumption
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.status_json import Json, exact_text, figure_text, head_json, milestone_json, target_json


def gap_json(
    plan: Plan,
    gaps: Iterable[Gap],
    as_of: date,
    known_at: datetime | None = None,
    assumed: Sequence[Assumption] = (),
    notes: Sequence[str] = (),
) -> Json:
    """Gap analyses as `zyz/gap@1`; *notes* is what else must be said of all of them."""
    gaps = tuple(gaps)
    answer: Json = {
        "schema": "zyz/gap@1",
        **head_json(plan, as_of, known_at),
        "targets": [_gap(each) for each in gaps],
    }
    if any(len(each.opinions) > 1 for each in gaps):
        answer["sensitivity"] = [_shaky(each) for gap in gaps for each in gap.shaky]
    if assumed:
        answer["what_if"] = {"note": f"{MARK}，未记入台账", "assumed": [_assumed(plan, each) for each in assumed]}
    if notes:
        answer["notes"] = list(notes)
    return answer


def _gap(gap: Gap) -> Json:
    return {
        **_core(gap),
        "forecast": [_forecast(each) for each in gap.outlook.forecasts],
        "methods": {each.method: _opinion(each) for each in gap.opinions},
        "segments": [_segment(each) for each in gap.segments],
        "responsible": [_responsible(each) for each in gap.responsible],
        "forecast_note": gap.outlook.note,
        "changes": _change(gap.change, gap.judgement) if gap.change is not None else None,
        "what_if": _core(gap.what_if) if gap.what_if is not None else None,
    }


def _core(gap: Gap) -> Json:
    return {
        **target_json(gap.judgement),
        "milestones": [_milestone_gap(each) for each in gap.milestones],
        "observed": {"per_month": figure_text(gap.observed.per_month), "growth": figure_text(gap.observed.growth)},
    }


def _milestone_gap(each: MilestoneGap) -> Json:
    return {
        **milestone_json(each.milestone),
        "basis": each.milestone.basis,
        "gap": figure_text(each.gap),
        "needed_per_month": figure_text(each.needed_per_month),
        "needed_growth": figure_text(each.needed_growth),
    }


def _forecast(each: Forecast) -> Json:
    return {
        "by": each.milestone.by.isoformat(),
        "value": figure_text(each.value),
        "low": figure_text(each.low),
        "high": figure_text(each.high),
        "probability": figure_text(each.probability),
        "method": each.method,
        "landing": str(each.landing) if each.landing else None,
    }


def _opinion(each: Opinion) -> Json:
    return {
        "progress_value": exact_text(each.progress_value),
        "score": exact_text(each.score),
        "status": each.status,
        "reason": each.reason,
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
        "age_months": each.age,
    }


def _change(change: Change, now: Judgement) -> Json:
    before = change.before
    return {
        "since": str(before.period) if before and before.period else None,
        "value": {"from": _value(before), "to": _value(now)},
        "state": {"from": before.state if before else None, "to": now.state},
        "light": {"from": before.light if before else None, "to": now.light},
        "needed_per_month": {
            "from": figure_text(before.needed_per_month) if before else None,
            "to": figure_text(now.needed_per_month),
        },
        "revisions": [_revision(each) for each in change.revisions],
        "late": [
            {
                "department": each.department,
                "period": str(each.period),
                "received": each.received.isoformat(),
                "due": each.due.day.isoformat(),
            }
            for each in change.late
        ],
    }


def _value(judgement: Judgement | None) -> str | None:
    return figure_text(judgement.actual.value) if judgement and judgement.actual else None


def _revision(each: Revision) -> Json:
    what = each.before.what
    return {
        "indicator": what.indicator,
        "segment": what.segment,
        "period": str(what.period),
        "basis": what.basis,
        "department": what.department,
        "from": figure_text(what.value),
        "to": figure_text(each.after.what.value) if each.after else None,
        "undone": each.undone,
    }


def _shaky(each: Shaky) -> Json:
    return {"indicator": each.indicator, "cause": each.cause, "verdict": each.before, "becomes": each.after}


def _assumed(plan: Plan, each: Assumption) -> Json:
    return {
        "indicator": each.indicator,
        "period": str(each.month),
        "value": figure_text(each.value),
        "unit": plan.indicator(each.indicator).unit,
    }
