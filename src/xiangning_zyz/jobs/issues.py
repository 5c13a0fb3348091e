"""The issue ledger at work: gather what is known, decide by `supervision/issues.py`, enter the event."""

from datetime import date, datetime
from pathlib import Path

from xiangning_zyz.fact import IssueEvent
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.plan import Plan
from xiangning_zyz.stop import Stop
from xiangning_zyz.supervision.issues import Issue, entered_issues, issues_of, next_number, refusal


class IssueRefused(Stop):
    """The event breaks a rule of the issue ledger; `str()` says which."""

    code = 2


def known_issues(plan: Plan, ledger: Ledger, as_of: date, known_at: datetime | None = None) -> tuple[Issue, ...]:
    """Every issue raised by *as_of*, by what the ledger held at *known_at*."""
    return issues_of(plan, ledger.decisions(IssueEvent, known_at), ledger.records(known_at, "issue"), as_of)


def all_entered(plan: Plan, ledger: Ledger, as_of: date, known_at: datetime | None = None) -> tuple[Issue, ...]:
    """As `known_issues`, with those that were entered by mistake and withdrawn."""
    return entered_issues(plan, ledger.decisions(IssueEvent, known_at), ledger.records(known_at, "issue"), as_of)


def overdue_issues(
    plan: Plan, ledger: Ledger, as_of: date, known_at: datetime | None = None, department: str | None = None
) -> tuple[Issue, ...]:
    """The issues overdue on a day, of one department or of all."""
    return tuple(
        issue
        for issue in known_issues(plan, ledger, as_of, known_at)
        if issue.overdue(as_of) and department in (None, *issue.responsible)
    )


def enter(
    workspace: Workspace, plan: Plan, ledger: Ledger, event: IssueEvent, evidence: Path | None, recorded_at: datetime
) -> Issue:
    """Enter *event*, an `add` without number under the year's next one; the issue as it then stands.

    IssueRefused, with nothing entered, if a rule forbids it. Evidence is copied before the entry is sealed.
    """
    with ledger.writing():
        events = ledger.decisions(IssueEvent)
        if event.act == "add" and not event.number:
            event = event._replace(number=next_number(events, event.on.year))
        if evidence is not None:
            from xiangning_zyz.jobs.evidence import keep_evidence  # hashes: `zyz status` loads this module too

            kept = keep_evidence(workspace, evidence)
            event = event._replace(evidence=kept.name, evidence_sha256=kept.sha256)
        why = refusal(plan, _find(plan, ledger, event.number), event)
        if why:
            raise IssueRefused(why)
        ledger.append_decision(event, recorded_at)
        entered = _find(plan, ledger, event.number)
    if entered is None:
        raise AssertionError("an event that was entered has an issue")
    return entered


def _find(plan: Plan, ledger: Ledger, number: str) -> Issue | None:
    return next((issue for issue in all_entered(plan, ledger, date.max) if issue.number == number), None)
