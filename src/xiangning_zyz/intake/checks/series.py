"""What is known of each indicator once the file at hand is laid over the ledger."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from xiangning_zyz.fact import Basis, Observation
from xiangning_zyz.figure import decimal
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import Place

SeriesKey = tuple[str, str | None, Basis]  # indicator, segment, basis


class Series(NamedTuple):
    """Figures that count, by series and period; `before` is the ledger alone, `now` with the file."""

    before: dict[SeriesKey, dict[Period, Observation]]
    now: dict[SeriesKey, dict[Period, Observation]]

    @classmethod
    def of(cls, known: Sequence[Observation], new: Sequence[Observation]) -> "Series":
        return cls(_indexed(known), _indexed([*known, *new]))

    def at(self, indicator: str, segment: str | None, basis: Basis, period: Period) -> Observation | None:
        """The figure of that period once the file is in, or None."""
        return self.now.get((indicator, segment, basis), {}).get(period)

    def last_before(self, observation: Observation) -> Observation | None:
        """The figure that *observation* should resemble: the latest earlier one, else the one it revises."""
        key = (observation.indicator, observation.segment, observation.basis)
        earlier = [o for p, o in self.now.get(key, {}).items() if p < observation.period]
        if earlier:
            return max(earlier, key=lambda o: o.period)
        return self.before.get(key, {}).get(observation.period)


def place(observation: Observation) -> Place:
    """Where the figure stands, for a problem."""
    return Place(observation.cell.file, observation.cell.sheet, observation.cell.ref)


def called(plan: Plan, observation: Observation) -> str:
    """The indicator's name with its segment, as a problem names it: 专业镇产值（紫砂陶）."""
    name = plan.indicator(observation.indicator).name
    return name if observation.segment is None else f"{name}（{plan.segment(observation.segment).name}）"


def half_last_digit(value: Decimal) -> Decimal:
    """Half a unit of the last digit that was reported: 4.48 → 0.005, 41200 → 0.5."""
    exponent = value.as_tuple().exponent
    return decimal("0.5").scaleb(exponent if isinstance(exponent, int) else 0)


def _indexed(observations: Iterable[Observation]) -> dict[SeriesKey, dict[Period, Observation]]:
    index: dict[SeriesKey, dict[Period, Observation]] = {}
    for observation in observations:
        if not observation.reference:
            key = (observation.indicator, observation.segment, observation.basis)
            index.setdefault(key, {})[observation.period] = observation
    return index
