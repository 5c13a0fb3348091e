"""Gather what the ledger knew, then judge: the step between ledger and analysis."""

from datetime import date, datetime

from xiangning_zyz.analysis.known import Known, gather
from xiangning_zyz.fact import IssueEvent, Resolution, Verdict
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.plan import Plan
from xiangning_zyz.supervision.tally import IssueTally


def known_in(ledger: Ledger, known_at: datetime | None) -> Known:
    """Everything valid in the ledger at a moment (None: now), sorted for judging."""
    return gather(
        ledger.facts(known_at),
        ledger.records(known_at),
        ledger.decisions(Resolution, known_at),
        ledger.decisions(Verdict, known_at),
    )


def issue_tally(plan: Plan, ledger: Ledger, known: Known, as_of: date, known_at: datetime | None) -> IssueTally:
    """How many issues are open and overdue on a day."""
    events = ledger.decisions(IssueEvent, known_at)
    records = [each for each in known.records if each.what.kind == "issue"]
    if not events and not records:  # spares most runs of `zyz status` the rules of the issue ledger
        return IssueTally(0, 0)
    from xiangning_zyz.supervision.issues import issues_of, tally

    return tally(issues_of(plan, events, records, as_of), as_of)


def other_plan(plan: Plan, ledger: Ledger, known_at: datetime | None) -> str:
    """A sentence, in Chinese, if the last sheet was read under other plan files than today's; else empty."""
    last = ledger.last_plan(known_at)
    if last is None or last[1] == plan.hash:
        return ""
    return f"方案数据或规则在第{last[0]}号报表导入后有改动，以上按现行内容判断。"
