"""The enterprise roster: gather what sheets said of firms, and the reported figures to hold it against."""

from datetime import date, datetime
from decimal import localcontext
from typing import NamedTuple

from xiangning_zyz.analysis.series import Series, series
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.jobs.judging import known_in
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.supervision.roster import FIGURE, Count, Firm, counts, firms_of


class Roster(NamedTuple):
    """Every firm, and the roster against the figures reported."""

    firms: tuple[Firm, ...]
    counts: tuple[Count, ...]


def known_roster(plan: Plan, ledger: Ledger, as_of: date, known_at: datetime | None) -> Roster:
    """The roster as of a day, by what the ledger held at *known_at*."""
    known = known_in(ledger, known_at)
    records = [each for each in known.records if each.what.kind == "enterprise"]
    reported: dict[str | None, Series] = {}
    indicator = next((each for each in plan.indicators if each.id == FIGURE), None)
    if indicator is not None:
        with localcontext(PRECISE):
            reported = {each: series(plan, indicator, known, as_of, each) for each in (None, *indicator.segments)}
    return Roster(firms_of(records, Period.month_of(as_of)), counts(records, reported))
