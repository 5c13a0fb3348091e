"""Gather what a gap analysis needs from the ledger, and analyse goal by goal."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from xiangning_zyz.analysis.gap import Gap, To, gap, with_assumptions, with_change, with_opinions
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.opinions import Method
from xiangning_zyz.analysis.what_if import Assumption
from xiangning_zyz.jobs.judging import known_in
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.plan import Indicator, Plan


class Wish(NamedTuple):
    """What was asked for beyond the gaps themselves."""

    to: To = None
    methods: tuple[Method, ...] = ()
    assumed: tuple[Assumption, ...] = ()


def analyse(
    plan: Plan, ledger: Ledger, wanted: Sequence[Indicator], wish: Wish, as_of: date, known_at: datetime | None
) -> Iterator[Gap]:
    """The whole analysis of each of *wanted*, by what the ledger held at *known_at*."""
    known = known_in(ledger, known_at)
    for indicator in wanted:
        found = gap(plan, indicator, known, as_of, wish.to)
        found = with_change(plan, found, known, _versions(plan, ledger, indicator, as_of, known_at), as_of)
        if wish.methods:
            found = with_opinions(plan, found, known, wish.methods, as_of)
        yield with_assumptions(plan, found, known, wish.assumed, as_of) if wish.assumed else found


def _versions(
    plan: Plan, ledger: Ledger, indicator: Indicator, as_of: date, known_at: datetime | None
) -> list[Reported]:
    """Every version of the indicator's figures and of its parts', of periods begun by *as_of*."""
    measured = (indicator, *map(plan.indicator, indicator.formula or ()))
    found = (each for part in measured for each in ledger.history(part.id, None, known_at))
    return [each for each in found if each.what.period.first_day <= as_of]
