"""What changed since the previous reported period: value, light, needed pace, revisions, late arrivals.

Both periods are judged by what is known now, so a change of light is one of the work and not of the
knowledge; what was known otherwise before stands among the revisions. What came in before the
previous period's first figure is old news.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from xiangning_zyz.analysis.due import Due, figure_due
from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.series import Series
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Plan


class Revision(NamedTuple):
    """A figure that was another before."""

    before: Reported
    after: Reported | None  # None: taken back, nothing stands in its place

    @property
    def undone(self) -> bool:
        """Whether an import was taken back, rather than a new figure sent."""
        return self.after is None or self.after.import_id < self.before.import_id


class Late(NamedTuple):
    """A figure that came after its due day (迟报)."""

    department: str
    period: Period
    received: date
    due: Due


class Change(NamedTuple):
    """What changed for one goal between its two last reported periods."""

    before: Judgement | None  # the goal read at the previous period; None: this is the first
    revisions: tuple[Revision, ...]  # by period
    late: tuple[Late, ...]  # by period


def change_of(plan: Plan, found: Series, versions: Sequence[Reported], as_of: date) -> Change:
    """What changed for the indicator of *found*; *versions* is all its figures' history and its parts'."""
    earlier = [month for month in (*found.figures, *found.conflicts) if month != found.latest]
    previous = Period.at(max(earlier)) if earlier else None
    since = min((each.import_id for each in versions if each.what.period.last_month == previous), default=0)
    return Change(
        before=_judged_at(plan, found, previous, as_of) if previous else None,
        revisions=tuple(each for each in _revisions(versions) if _news(each) > since),
        late=tuple(_late(plan, [each for each in _firsts(versions) if each.import_id > since])),
    )


def _judged_at(plan: Plan, found: Series, month: Period, as_of: date) -> Judgement:
    last = month.ordinal
    then = found._replace(
        figures={each: figure for each, figure in found.figures.items() if each <= last},
        conflicts={each: rivals for each, rivals in found.conflicts.items() if each <= last},
        notes=(),
    )
    return judge(plan, found.indicator, then, min(month.last_day, as_of))


def _revisions(versions: Sequence[Reported]) -> list[Revision]:
    """Of each fact that was ever another: what stands now, and what stood there last."""
    by_fact: dict[tuple[str, ...], list[Reported]] = defaultdict(list)
    for each in sorted(versions, key=lambda version: version.import_id):
        if not each.what.reference:
            by_fact[each.what.key].append(each)
    found = []
    for history in by_fact.values():
        now = next((each for each in reversed(history) if not each.superseded), None)
        others = [each for each in history if now is None or each.what.value != now.what.value]
        if others:
            found.append(Revision(others[-1], now))
    return sorted(found, key=lambda each: (each.before.what.period.ordinal, each.before.what.key))


def _news(revision: Revision) -> int:
    """The entry that made the change, as far as it is known: the later of the two."""
    return max(revision.before.import_id, revision.after.import_id if revision.after else 0)


def _firsts(versions: Sequence[Reported]) -> Iterable[Reported]:
    """Each fact as it first came: a revision is no late arrival."""
    newest_first = sorted(versions, key=lambda version: -version.import_id)
    return {each.what.key: each for each in newest_first}.values()


def _late(plan: Plan, arrived: Iterable[Reported]) -> list[Late]:
    found: dict[tuple[Period, str], Late] = {}
    for each in arrived:
        indicator, month = plan.indicator(each.what.indicator), each.what.period.last_month
        period = _owed(indicator, month)
        if period is None or each.what.reference:
            continue
        due = figure_due(plan, indicator, period)
        if each.received > due.day:
            found[period, each.what.department] = Late(each.what.department, period, each.received, due)
    return [found[key] for key in sorted(found)]


def _owed(indicator: Indicator, month: Period) -> Period | None:
    """The period of the indicator's frequency that ends with *month*; None where none does."""
    length = {"month": 1, "quarter": 3, "half": 6, "year": 12}[indicator.frequency]
    return Period(month.year, month.last - length + 1, month.last) if month.last % length == 0 else None
