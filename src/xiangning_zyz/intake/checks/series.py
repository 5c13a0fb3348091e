"""What is known of each indicator once the file at hand is laid over the ledger."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xiangning_zyz.fact import Basis, Observation
from xiangning_zyz.intake.checks.known import Known, Reports, SeriesKey
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Plan

_NO_REPORTS: Reports = {}
_NO_FIGURES: Mapping[Period, Reports] = {}


class Said(NamedTuple):
    """One figure of the file, with what it is held against: looked up once, for every check."""

    figure: Observation
    indicator: Indicator
    reports: Reports  # of its series and period, once the file is in
    earlier: Observation | None  # the latest figure of its series before its period
    revised: Observation | None  # what the ledger holds of its period


class Series:
    """Figures that count: those of the file, and beneath them the ledger's."""

    def __init__(self, plan: Plan, known: Known, observations: Sequence[Observation]) -> None:
        self._known = known
        self._here: dict[SeriesKey, dict[Period, dict[str, Observation]]] = {}
        placed: list[tuple[SeriesKey, Observation]] = []
        for observation in observations:
            series = observation.indicator, observation.segment, observation.basis
            placed.append((series, observation))
            if not observation.reference:
                reports = self._here.setdefault(series, {}).setdefault(observation.period, {})
                reports[observation.department] = observation
        self.said = [self._held_against(plan.indicator(series[0]), series, figure) for series, figure in placed]

    def reports(self, series: SeriesKey, period: Period) -> Reports:
        """Every department's figure of one period, once the file is in."""
        return _laid_over(self._known.figures(series).get(period), self._here.get(series, _NO_FIGURES).get(period))

    def at(
        self, indicator: str, segment: str | None, basis: Basis, period: Period, department: str
    ) -> Observation | None:
        """The figure of that period: the file's own, else what *department* said, else what another did."""
        series: SeriesKey = (indicator, segment, basis)
        here = self._here.get(series, _NO_FIGURES).get(period)
        return _preferred(here or self._known.figures(series).get(period), department)

    def _held_against(self, indicator: Indicator, series: SeriesKey, figure: Observation) -> Said:
        period, department = figure.period, figure.department
        here, known = self._here.get(series, _NO_FIGURES), self._known.figures(series)
        last = period.shifted(-1)
        earlier = here.get(last) or known.get(last)
        if earlier is None:
            last = max((each for figures in (here, known) for each in figures if each < period), default=last)
            earlier = here.get(last) or known.get(last)
        revised = known.get(period)
        reports = _laid_over(revised, here.get(period))
        return Said(figure, indicator, reports, _preferred(earlier, department), _preferred(revised, department))


def _laid_over(known: Reports | None, here: Reports | None) -> Reports:
    return {**known, **here} if known and here else here or known or _NO_REPORTS


def _preferred(reports: Reports | None, department: str) -> Observation | None:
    return (reports.get(department) or next(iter(reports.values()), None)) if reports else None
