"""Series: from reported facts to one indicator's values month by month, as far as they count.

Of record is what the reporter said (数据归口单位); others' figures stay aside as 参考. Two
departments of record with different values are a conflict until someone resolves it (CONTRACT §6).
Nothing is guessed: what cannot be placed is left out, and a note says so.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from xiangning_zyz.analysis.known import Known, Reported
from xiangning_zyz.fact import Recorded, Resolution
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Plan


class Figure(NamedTuple):
    """A value at the end of a month and the observations it rests on.

    A flow's is cumulative from 1 January; `sources` are its latest cumulative and the single
    periods added. A ratio made by formula carries its numerator and denominator in `parts`.
    """

    month: Period
    value: Decimal  # in the indicator's unit
    sources: tuple[Reported, ...]
    parts: tuple["Figure", ...] = ()

    @property
    def departments(self) -> tuple[str, ...]:
        """Who reported it, each once."""
        return tuple(dict.fromkeys(source.what.department for source in self.sources))


class Series(NamedTuple):
    """One indicator (or one segment of it) as known, up to the day judged; months by ordinal, ascending."""

    indicator: Indicator
    figures: Mapping[int, Figure]
    conflicts: Mapping[int, tuple[Reported, ...]]  # rivals at months that nobody has decided
    reported: frozenset[int]  # months something of record was reported for, usable or not
    notes: tuple[str, ...] = ()  # Chinese: what was left out, and why

    @property
    def latest(self) -> int | None:
        """The judged month: the last with a value or a conflict."""
        return max((*self.figures, *self.conflicts), default=None)


_Outcome = Figure | tuple[Reported, ...]  # a value, or the rivals that prevent one


def reporters_of(indicator: Indicator) -> tuple[str, ...]:
    """Everyone declared to report *indicator* or a segment of it, each once."""
    return tuple(dict.fromkeys((*indicator.reporters, *(department for _, department in indicator.segment_reporters))))


def series(plan: Plan, indicator: Indicator, known: Known, as_of: date, segment: str | None = None) -> Series:
    """The series of *indicator* (of one *segment* of it), from periods begun by *as_of*.

    A ratio with a formula is computed from its parts, for the whole only; without one it stands as
    reported. Run within `decimal.localcontext(PRECISE)`.
    """
    if indicator.formula and segment is None:
        numerator, denominator = (
            _reported(part, known, as_of, None) for part in map(plan.indicator, indicator.formula)
        )
        return _ratio(indicator, numerator, denominator, _of(indicator, known, as_of, None))
    return _reported(indicator, known, as_of, segment)


def _reported(indicator: Indicator, known: Known, as_of: date, segment: str | None) -> Series:
    observed = _of(indicator, known, as_of, segment)
    groups: dict[tuple[Period, str], list[Reported]] = defaultdict(list)
    for each in observed:
        groups[each.what.period, each.what.basis].append(each)
    outcomes = {key: _decide(indicator, segment, group, known.resolutions) for key, group in groups.items()}
    placed = _cumulated(outcomes) if indicator.kind == "flow" else _points(outcomes)
    of_record = frozenset(period.ordinal for (period, _), outcome in outcomes.items() if outcome)
    result = Series(indicator, *_parted(placed), reported=of_record)
    return result._replace(notes=_unplaced(result) + _only_segments(result, known, as_of, segment))


def _of(indicator: Indicator, known: Known, as_of: date, segment: str | None) -> list[Reported]:
    return [
        each
        for each in known.observations.get(indicator.id, ())
        if each.what.segment == segment and each.what.period.first_day <= as_of
    ]


def _decide(
    indicator: Indicator, segment: str | None, group: Sequence[Reported], resolutions: Sequence[Recorded[Resolution]]
) -> _Outcome:
    """The one figure that counts among *group* (same period and basis), or the rivals; () if all are 参考."""
    rivals = _of_record(indicator, segment, group)
    if not rivals:
        return ()
    if len({each.what.value for each in rivals}) > 1:
        rivals = _resolved(rivals, resolutions)
    if len({each.what.value for each in rivals}) > 1:
        return tuple(rivals)
    first = rivals[0]
    return Figure(first.what.period.last_month, first.what.value, (first,))


def _of_record(indicator: Indicator, segment: str | None, group: Sequence[Reported]) -> list[Reported]:
    """Those of the declared reporters, in their order; where none of them spoke, all that came as of record.

    So a reporter named later takes over the periods it reports, and the figures of its
    predecessor keep standing for the periods before.
    """
    declared = _reporters(indicator, segment)
    named = [each for reporter in declared for each in group if each.what.department == reporter]
    rest = sorted((each for each in group if not each.what.reference), key=lambda each: each.import_id)
    return named or rest


def _reporters(indicator: Indicator, segment: str | None) -> tuple[str, ...]:
    own = tuple(department for part, department in indicator.segment_reporters if part == segment)
    return own or indicator.reporters


def _resolved(rivals: list[Reported], resolutions: Sequence[Recorded[Resolution]]) -> list[Reported]:
    """The figure of the department that `zyz resolve` chose last; *rivals* unchanged where none fits."""
    about = rivals[0].what
    for decision in (resolution.what for resolution in resolutions):
        same = (decision.indicator, decision.segment) == (about.indicator, about.segment)
        if same and about.period in (decision.period, decision.period.last_month):
            return [each for each in rivals if each.what.department == decision.department] or rivals
    return rivals


def _points(outcomes: Mapping[tuple[Period, str], _Outcome]) -> dict[int, _Outcome]:
    """Stocks and ratios: each point by its month."""
    return {period.ordinal: outcome for (period, basis), outcome in outcomes.items() if basis == "point" and outcome}


def _cumulated(outcomes: Mapping[tuple[Period, str], _Outcome]) -> dict[int, _Outcome]:
    """Flows: reported cumulatives, and beyond them the single periods that follow without a hole.

    A year starts from nothing, so January alone is January to January. Where single periods
    overlap (June and the second quarter) the longest is taken: fewest figures to add up.
    """
    placed: dict[int, _Outcome] = {}
    for year in {period.year for period, _ in outcomes}:
        for month in range(1, 13):
            key = Period.month(year, month)
            placed_here = outcomes.get((key, "cumulative")) or _added(outcomes, placed, key)
            if placed_here:
                placed[key.ordinal] = placed_here
    return placed


def _added(
    outcomes: Mapping[tuple[Period, str], _Outcome], placed: Mapping[int, _Outcome], month: Period
) -> _Outcome | None:
    for length in (12, 6, 3, 1):
        first = month.last - length + 1
        single = outcomes.get((Period(month.year, first, month.last), "single"))
        if not single:
            continue
        if first == 1:
            return single
        before = placed.get(month.ordinal - length)
        if before is not None:
            return _sum(month, before, single)
    return None


def _sum(month: Period, before: _Outcome, single: _Outcome) -> _Outcome:
    if isinstance(before, Figure) and isinstance(single, Figure):
        return Figure(month, before.value + single.value, before.sources + single.sources)
    return before if not isinstance(before, Figure) else single


def _parted(placed: Mapping[int, _Outcome]) -> tuple[dict[int, Figure], dict[int, tuple[Reported, ...]]]:
    figures: dict[int, Figure] = {}
    conflicts: dict[int, tuple[Reported, ...]] = {}
    for ordinal, outcome in sorted(placed.items()):
        if isinstance(outcome, Figure):
            figures[ordinal] = outcome
        else:
            conflicts[ordinal] = outcome
    return figures, conflicts


def _unplaced(found: Series) -> tuple[str, ...]:
    """Single months that came but follow a hole."""
    last = found.latest
    stray = sorted(month for month in found.reported if last is None or month > last)
    return tuple(f"{Period.at(month).label}当期数已报，但此前有缺期，未计入累计" for month in stray)


def _only_segments(found: Series, known: Known, as_of: date, segment: str | None) -> tuple[str, ...]:
    if segment is not None:
        return ()
    months = [
        each.what.period.ordinal
        for each in known.observations.get(found.indicator.id, ())
        if each.what.segment is not None and each.what.period.first_day <= as_of
    ]
    newest = max(months, default=None)
    if newest is None or (found.latest is not None and newest <= found.latest):
        return ()
    return (f"{Period.at(newest).label}只报了分板块数，未报合计",)


def _ratio(indicator: Indicator, numerator: Series, denominator: Series, own: Sequence[Reported]) -> Series:
    """Numerator over denominator of the same year (CONTRACT §3), keyed by the later month of the two."""
    placed: dict[int, _Outcome] = {}
    notes: list[str] = []
    both_flows = numerator.indicator.kind == denominator.indicator.kind == "flow"
    for ordinal in sorted({*numerator.figures, *numerator.conflicts, *denominator.figures, *denominator.conflicts}):
        above, below = (_part_at(part, ordinal, both_flows) for part in (numerator, denominator))
        if above is None or below is None:
            continue
        if isinstance(below, Figure) and not below.value:
            notes.append(f"{below.month.label}{denominator.indicator.name}为0，无法计算")
        else:
            placed[ordinal] = _quotient(indicator, ordinal, above, below)
    if not placed:
        notes.append(_missing_parts(numerator, denominator))
    if own and not placed:
        notes.append("直接填报的比率不采用，须由分子、分母计算")
    figures, conflicts = _parted(placed)
    return Series(indicator, figures, conflicts, frozenset(placed), tuple(notes))


def _part_at(part: Series, ordinal: int, both_flows: bool) -> _Outcome | None:
    """What *part* contributes at a month.

    A stock its latest of that year so far; two flows the same months of the year; a flow beside a
    stock the whole year only.
    """
    there: dict[int, _Outcome] = {**part.figures, **part.conflicts}
    if part.indicator.kind == "flow":
        return there.get(ordinal) if both_flows or ordinal % 12 == 11 else None
    january = ordinal - ordinal % 12
    return next((there[month] for month in range(ordinal, january - 1, -1) if month in there), None)


def _quotient(indicator: Indicator, ordinal: int, above: _Outcome, below: _Outcome) -> _Outcome:
    if isinstance(above, Figure) and isinstance(below, Figure):
        scale = SCALES.get(indicator.unit, 1)
        return Figure(
            Period.at(ordinal), above.value * scale / below.value, above.sources + below.sources, (above, below)
        )
    return above if not isinstance(above, Figure) else below


SCALES = {"%": 100, "‰": 1000}  # what a ratio's unit multiplies by (CONTRACT §3)


def _missing_parts(numerator: Series, denominator: Series) -> str:
    missing = [part.indicator.name for part in (numerator, denominator) if part.latest is None]
    if missing:
        return f"缺{'、'.join(missing)}的数据"
    return f"{numerator.indicator.name}与{denominator.indicator.name}没有同一年的数据"
