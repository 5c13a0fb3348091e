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
        return {**self._known.figures(series).get(period, {}), **self._here.get(series, {}).get(period, {})}

    def at(
        self, indicator: str, segment: str | None, basis: Basis, period: Period, department: str
    ) -> Observation | None:
        """The figure of that period: the file's own, else what *department* said, else what another did."""
        series: SeriesKey = (indicator, segment, basis)
        return _preferred(self._here.get(series, {}).get(period, {}), department) or _preferred(
            self._known.figures(series).get(period, {}), department
        )

    def earlier(self, observation: Observation) -> Observation | None:
        """The latest figure of the same series before *observation*'s period, or None."""
        series, period, department = series_of(observation), observation.period, observation.department
        here, known = self._here.get(series, {}), self._known.figures(series)
        last = period.shifted(-1)
        if last not in here and last not in known:
            before = [each for figures in (here, known) for each in figures if each < period]
            if not before:
                return None
            last = max(before)
        return self.at(*series, last, department)

    def last_before(self, observation: Observation) -> Observation | None:
        """The figure that *observation* should resemble: the latest earlier one, else the one it revises."""
        revised = self._known.figures(series_of(observation)).get(observation.period, {})
        return self.earlier(observation) or _preferred(revised, observation.department)


def series_of(observation: Observation) -> SeriesKey:
    """The series that a figure belongs to."""
    return observation.indicator, observation.segment, observation.basis


def _preferred(reports: Reports, department: str) -> Observation | None:
    return reports.get(department) or next(iter(reports.values()), None)
