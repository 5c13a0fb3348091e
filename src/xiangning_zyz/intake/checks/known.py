"""What the ledger holds valid, by what checks ask for; kept up to date while a run takes files in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from xiangning_zyz.fact import Basis, Fact, Observation, Record, RecordKind
from xiangning_zyz.period import Period

Key = tuple[str, ...]  # `Observation.key`, `Record.key`
Keyed = tuple[Key, Fact]  # with its key, which is asked for more than once
SeriesKey = tuple[str, str | None, Basis]  # indicator, segment, basis
Reports = Mapping[str, Observation]  # by department

_NONE: Mapping[Period, Reports] = {}


class Known:
    """Valid facts: each by its key, figures that count by series and period, words by subject.

    References (参考) count for nothing, so they are found by key alone.
    """

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._facts: dict[Key, Fact] = {}
        self._series: dict[SeriesKey, dict[Period, dict[str, Observation]]] = defaultdict(lambda: defaultdict(dict))
        self._words: dict[tuple[RecordKind, str], dict[tuple[Period, str], Record]] = defaultdict(dict)
        self.add((fact.key, fact) for fact in facts)

    def add(self, facts: Iterable[Keyed]) -> None:
        """Take in facts that are valid from now on; each replaces the one of the same key."""
        for key, fact in facts:
            self._facts[key] = fact
            if isinstance(fact, Record):
                self._words[fact.kind, fact.subject][fact.period, fact.department] = fact
                continue
            periods = self._series[fact.indicator, fact.segment, fact.basis]
            if not fact.reference:
                periods[fact.period][fact.department] = fact
            elif fact.department in periods.get(fact.period, {}):  # of record until the office decided otherwise
                del periods[fact.period][fact.department]
                if not periods[fact.period]:
                    del periods[fact.period]

    def get(self, key: Key) -> Fact | None:
        """The fact of that key, or None."""
        return self._facts.get(key)

    def of_file(self, sha256: str) -> list[Fact]:
        """The facts that stand as a file of that hash brought them."""
        return [fact for fact in self._facts.values() if fact.cell.sha256 == sha256]

    def figures(self, series: SeriesKey) -> Mapping[Period, Reports]:
        """The figures of a series, by period and department."""
        return self._series.get(series, _NONE)

    def words(self, kind: RecordKind, subject: str) -> Iterable[Record]:
        """What was said about one task, project, issue or enterprise, in any period."""
        return self._words.get((kind, subject), {}).values()

    def subjects(self, kind: RecordKind) -> Iterable[str]:
        """The tasks, projects, issues or enterprises that something was said about."""
        return [subject for of, subject in self._words if of == kind]
