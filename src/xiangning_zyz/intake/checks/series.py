"""What is known of each indicator once the file at hand is laid over the ledger."""

from collections.abc import Sequence

from xiangning_zyz.fact import Basis, Observation
from xiangning_zyz.intake.checks.known import Known, Reports, SeriesKey
from xiangning_zyz.period import Period


class Series:
    """Figures that count: those of the file, and beneath them the ledger's."""

    def __init__(self, known: Known, observations: Sequence[Observation]) -> None:
        self._known = known
        self._here: dict[SeriesKey, dict[Period, dict[str, Observation]]] = {}
        for observation in observations:
            if not observation.reference:
                reports = self._here.setdefault(series_of(observation), {}).setdefault(observation.period, {})
                reports[observation.department] = observation

    def reports(self, series: SeriesKey, period: Period) -> Reports:
        """Every department's figure of one period, once the file is in."""
        known, here = self._known.figures(series).get(period), self._here.get(series, {}).get(period)
        return {**known, **here} if known and here else here or known or {}

    def at(
        self, indicator: str, segment: str | None, basis: Basis, period: Period, department: str
    ) -> Observation | None:
        """The figure of that period: the file's own, else what *department* said, else what another did."""
        return self._in((indicator, segment, basis), period, department)

    def earlier(self, observation: Observation) -> Observation | None:
        """The latest figure of the same series before *observation*'s period, or None."""
        series, period, department = series_of(observation), observation.period, observation.department
        if found := self._in(series, period.shifted(-1), department):
            return found
        here, known = self._here.get(series, {}), self._known.figures(series)
        before = [each for figures in (here, known) for each in figures if each < period]
        return self._in(series, max(before), department) if before else None

    def last_before(self, observation: Observation) -> Observation | None:
        """The figure that *observation* should resemble: the latest earlier one, else the one it revises."""
        if last := self.earlier(observation):
            return last
        revised = self._known.figures(series_of(observation)).get(observation.period)
        return _preferred(revised, observation.department) if revised else None

    def _in(self, series: SeriesKey, period: Period, department: str) -> Observation | None:
        for figures in (self._here.get(series), self._known.figures(series)):
            if figures and (reports := figures.get(period)):
                return _preferred(reports, department)
        return None


def series_of(observation: Observation) -> SeriesKey:
    """The series that a figure belongs to."""
    return observation.indicator, observation.segment, observation.basis


def _preferred(reports: Reports, department: str) -> Observation:
    return reports.get(department) or next(iter(reports.values()))
