"""The assessment: gather what the ledger knows, let `supervision/` judge, record approvals and objections."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.series import series
from xiangning_zyz.analysis.status import goals, reporting_period
from xiangning_zyz.fact import Approval, Recorded, Review
from xiangning_zyz.jobs.issues import known_issues
from xiangning_zyz.jobs.judging import known_in
from xiangning_zyz.jobs.supervising import heard_in, reminders_in
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.stop import Stop
from xiangning_zyz.supervision import approvals, reviews
from xiangning_zyz.supervision.ladder import first_round
from xiangning_zyz.supervision.reviews import Objection, objections_of
from xiangning_zyz.supervision.score import Score, Seen, reports_until, scores
from xiangning_zyz.supervision.standing import Heard, Standing, standings


class Refused(Stop):
    """What was to be recorded breaks a rule; `str()` says which."""

    code = 2


class Assessment(NamedTuple):
    """Every department's score for a period, and what has been said of it since."""

    period: Period
    month: Period  # the last one assessed
    first: Period  # the first one whose reports count
    scores: tuple[Score, ...]
    approvals: tuple[Recorded[Approval], ...]
    objections: tuple[Objection, ...]


def assess(plan: Plan, ledger: Ledger, period: Period | None, as_of: date, known_at: datetime | None) -> Assessment:
    """Assess *period*, or the year of the last month that is over, as far as it has gone by *as_of*.

    Refused if none of its months is over, or the office has not begun: silence towards nobody is no fault.
    """
    ended = reporting_period(plan, as_of)
    period = period or Period.whole_year((ended or Period.month_of(plan.start)).year)
    if ended is None or ended < Period.month(period.year, period.first):
        raise Refused(f"{period.label}还没有一个月结束，不能评分。")
    if ledger.head() is None:
        raise Refused("台账还是空的：没有收过报表，也没有催过报，不能评分。")
    seen = _seen(plan, ledger, period, min(ended, period.last_month), as_of, known_at)
    return Assessment(
        period,
        seen.month,
        seen.first,
        scores(plan, seen),
        tuple(each for each in ledger.decisions(Approval, known_at) if each.what.on <= as_of),
        objections_of(plan, ledger.decisions(Review, known_at), as_of),
    )


def record_approval(
    workspace: Workspace, plan: Plan, ledger: Ledger, new: Approval, evidence: Path | None, recorded_at: datetime
) -> Approval:
    """Record who approved what, with the signed paper if there is one; Refused if a rule forbids it."""
    from xiangning_zyz.jobs.evidence import keep_evidence

    with ledger.writing():
        if why := approvals.refusal(plan, ledger.decisions(Approval), new):
            raise Refused(why)
        if evidence is not None:
            kept = keep_evidence(workspace, evidence)
            new = new._replace(evidence=kept.name, evidence_sha256=kept.sha256)
        ledger.append_decision(new, recorded_at)
    return new


def record_review(plan: Plan, ledger: Ledger, new: Review, recorded_at: datetime) -> None:
    """Record an objection or the answer to it; Refused if a rule forbids it."""
    with ledger.writing():
        if why := reviews.refusal(plan, ledger.decisions(Review), new):
            raise Refused(why)
        ledger.append_decision(new, recorded_at)


def _seen(plan: Plan, ledger: Ledger, period: Period, month: Period, as_of: date, known_at: datetime | None) -> Seen:
    known = known_in(ledger, known_at)
    heard = heard_in(ledger, known_at)
    begun = first_round(plan, heard, reminders_in(ledger, known_at), as_of)
    first = Period.at(max(begun, Period.month(period.year, period.first).ordinal))
    end = month.last_day
    day = min(as_of, period.last_day)
    return Seen(
        period=period,
        month=month,
        first=first,
        standings={each.department: each for each in _standings(plan, first, period, heard, as_of)},
        accepted=_accepted(ledger, period, as_of, known_at),
        judgements=[judge(plan, each, series(plan, each, known, end), end) for each in goals(plan)],
        reports=reports_until(month, known.records),
        issues=known_issues(plan, ledger, day, known_at),
        day=day,
    )


def _standings(plan: Plan, first: Period, period: Period, heard: Heard, as_of: date) -> tuple[Standing, ...]:
    """Reporting from month *first* on to the end of *period*; none if that is over before."""
    if first.ordinal > period.ordinal:
        return ()
    return standings(plan, Period(period.year, first.first, period.last), heard, as_of)


def _accepted(ledger: Ledger, period: Period, as_of: date, known_at: datetime | None) -> Counter[str]:
    """Sheets about *period* that were taken in by *as_of* and not taken back, by sender."""
    first, last = Period.month(period.year, period.first).ordinal, period.ordinal
    sheets = (row.what for row in ledger.imports(known_at) if not row.undone and row.what.received <= as_of)
    return Counter(
        sheet.department
        for sheet in sheets
        if sheet.department and any(first <= each.ordinal <= last for each in sheet.periods)
    )
