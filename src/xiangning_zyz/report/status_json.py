"""`zyz/status@1`: the shape of CONTRACT §7, key by key and in that order.

Figures are decimal strings: exact where the decimal ends within thirty places (every reported
figure does), else rounded half-up at twelve, which no bound in the contract can tell from the truth.
"""

from datetime import date, datetime
from decimal import Decimal

from xiangning_zyz.analysis.judgement import Judgement, Passed
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.series import Figure
from xiangning_zyz.analysis.status import QualitativeStatus, Reporting, Status, TaskStatus
from xiangning_zyz.analysis.trend import Trend
from xiangning_zyz.figure import plain, rounded
from xiangning_zyz.plan import Milestone, Plan
from xiangning_zyz.supervision.tally import IssueTally

Json = dict[str, object]


def status_json(status: Status, issues: IssueTally | None = None) -> Json:
    """The status screen as `zyz/status@1`; *issues* null where nobody counted them."""
    return {
        "schema": "zyz/status@1",
        **head_json(status.plan, status.as_of, status.known_at),
        "targets": [target_json(judgement) for judgement in status.targets],
        "qualitative": [_qualitative(each) for each in status.qualitative],
        "tasks": [_task(each) for each in status.tasks],
        "reporting": _reporting(status.reporting) if status.reporting else None,
        "issues": issues._asdict() if issues else None,
    }


def target_json(judgement: Judgement) -> Json:
    """One goal, as both schemas spell it."""
    indicator, year, compared = judgement.indicator, judgement.year, judgement.compared
    return {
        "indicator": indicator.id,
        "name": indicator.name,
        "unit": indicator.unit,
        "kind": indicator.kind,
        "period": str(judgement.period) if judgement.period else None,
        "actual": _actual(judgement.actual, "cumulative" if indicator.kind == "flow" else "point"),
        "milestone": {**milestone_json(judgement.milestone), "basis": judgement.milestone.basis}
        if judgement.milestone
        else None,
        "compared": {"value": figure_text(compared.value), "period": str(compared.month)} if compared else None,
        "gap": figure_text(judgement.gap),
        "attainment": figure_text(judgement.attainment),
        "expected": figure_text(judgement.pace.expected),
        "pace_points": figure_text(judgement.pace.points),
        "year": {
            "year": year.year,
            "target": figure_text(year.value),
            "target_basis": year.basis,
            "cumulative": figure_text(judgement.actual.value) if judgement.actual else None,
        }
        if year
        else None,
        "needed_per_month": figure_text(judgement.needed_per_month),
        "state": judgement.state,
        "light": judgement.light,
        "reason": judgement.reason,
        "passed": [_passed(each) for each in judgement.passed],
        "trend": _trend(judgement.trend) if judgement.trend else None,
    }


def _trend(trend: Trend) -> Json:
    return {
        "wanted": trend.wanted,
        "period": str(trend.month) if trend.month else None,
        "value": figure_text(trend.value),
        "previous": figure_text(trend.previous),
        "verdict": trend.verdict,
    }


def figure_text(value: Decimal | None) -> str | None:
    """A figure as a decimal string; null stays null."""
    if value is None:
        return None
    text = plain(value)
    return text if len(text.partition(".")[2]) <= 30 else plain(Decimal(rounded(value, 12)))


def exact_text(value: Decimal | None) -> str | None:
    """As `figure_text`, at up to thirty places: for values others recompute to the last digit."""
    return None if value is None else plain(Decimal(rounded(value, 30)))


def head_json(plan: Plan, as_of: date, known_at: datetime | None) -> Json:
    """Which plan, which day, which knowledge: the head of every answer about goals."""
    return {
        "plan": {"id": plan.id, "title": plan.title, "document": plan.document, "hash": plan.hash},
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
    }


def _actual(figure: Figure | None, basis: str) -> Json | None:
    if figure is None:
        return None
    return {
        "value": figure_text(figure.value),
        "basis": basis,
        "department": "、".join(figure.departments),
        "from": [place_json(each) for each in figure.sources],
    }


def place_json(reported: Reported) -> Json:
    """The cell a figure stood in, and the import that brought it."""
    cell = reported.what.cell
    return {"file": cell.file, "sheet": cell.sheet, "ref": cell.ref, "import_id": reported.import_id}


def milestone_json(milestone: Milestone) -> Json:
    """Date, operator and value of a milestone."""
    return {"by": milestone.by.isoformat(), "op": milestone.op, "value": figure_text(milestone.value)}


def _passed(passed: Passed) -> Json:
    return {
        **milestone_json(passed.milestone),
        "actual": figure_text(passed.actual.value) if passed.actual else None,
        "period": str(passed.month),
        "verdict": passed.verdict,
    }


def _qualitative(each: QualitativeStatus) -> Json:
    return {
        "id": each.goal.id,
        "name": each.goal.name,
        "verdict": each.last.verdict if each.last else None,
        "by": each.last.judged_by if each.last else None,
        "on": each.last.on.isoformat() if each.last else None,
    }


def _task(each: TaskStatus) -> Json:
    return {
        "task": each.task.id,
        "title": each.task.title,
        "reported": len(each.reported),
        "due": len(each.due),
        "percent": figure_text(each.percent),
    }


def _reporting(reporting: Reporting) -> Json:
    return {
        "period": str(reporting.period),
        "due": len(reporting.due),
        "reported": len(reporting.reported),
        "late": len(reporting.late),
        "missing": list(reporting.missing),
    }
