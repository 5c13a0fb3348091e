"""Gather what the ledger knew, then judge: the step between ledger and analysis."""

from datetime import datetime

from xiangning_zyz.analysis.known import Known, gather
from xiangning_zyz.fact import Resolution, Verdict
from xiangning_zyz.ledger.book import Ledger


def known_in(ledger: Ledger, known_at: datetime | None) -> Known:
    """Everything valid in the ledger at a moment (None: now), sorted for judging."""
    return gather(
        ledger.facts(known_at),
        ledger.records(known_at),
        ledger.decisions(Resolution, known_at),
        ledger.decisions(Verdict, known_at),
    )
