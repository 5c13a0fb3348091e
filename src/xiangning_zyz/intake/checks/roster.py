"""The enterprise roster (企业名录) against the number of enterprises that is reported."""

from collections.abc import Iterable, Mapping, Sequence

from xiangning_zyz.fact import Observation, Record
from xiangning_zyz.figure import plain
from xiangning_zyz.intake.checks.known import Known
from xiangning_zyz.intake.checks.mention import called, place
from xiangning_zyz.intake.checks.series import Series
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import ROSTER_AGAINST_FIGURE, Problem
from xiangning_zyz.supervision.roster import FIGURE, HERE


def roster_against_figure(
    plan: Plan, observations: Sequence[Observation], records: Sequence[Record], known: Known, series: Series
) -> Iterable[Problem]:
    """入驻企业 as reported against the firms of the roster that are there, for periods that have both.

    A firm counts once, whoever lists it, by its credit code and its latest state up to that period.
    """
    figures = [each for each in observations if each.indicator == FIGURE and not each.reference]
    listed = [each for each in records if each.kind == "enterprise"]
    if not (figures or listed) or all(each.id != FIGURE for each in plan.indicators):
        return
    latest = _latest([*_known(known), *listed])
    for period in sorted({each.period for each in figures} | {each.period for each in listed}):
        if not any(period in states for states in latest.values()):
            continue  # nobody sent a roster for this period
        there = [segment for states in latest.values() if (segment := _there(states, period)) is not None]
        for part in (None, *plan.indicator(FIGURE).segments):
            figure = next(iter(series.reports((FIGURE, part, "point"), period).values()), None)
            count = len(there) if part is None else there.count(part)
            if figure is None or figure.value == count:
                continue
            here = figure if figure in figures else next((each for each in listed if each.period == period), None)
            if here is not None:  # else both came before, and it was said then
                yield ROSTER_AGAINST_FIGURE.at(
                    place(here),
                    found=plain(figure.value) + figure.unit,
                    name=f"{called(plan, figure)}（{period.label}）",
                    count=f"{count}{figure.unit}",
                )


def _known(known: Known) -> Iterable[Record]:
    for code in known.subjects("enterprise"):
        yield from known.words("enterprise", code)


def _latest(records: Iterable[Record]) -> dict[str, dict[Period, list[Record]]]:
    """What was said of each firm, by period; of one department the last word."""
    said: dict[str, dict[Period, dict[str, Record]]] = {}
    for record in records:
        said.setdefault(record.subject, {}).setdefault(record.period, {})[record.department] = record
    return {code: {period: list(by.values()) for period, by in periods.items()} for code, periods in said.items()}


def _there(states: Mapping[Period, Sequence[Record]], period: Period) -> str | None:
    """The segment of a firm that is there at the end of *period* ('' if none is named); None if it is not.

    Where departments disagree the furthest state stands, as in `zyz enterprises`.
    """
    upto = [each for each in states if each <= period]
    said = [dict(record.fields) for record in states[max(upto)]] if upto else []
    for state in HERE:
        for fields in said:
            if fields.get("state") == state:
                return fields.get("segment", "")
    return None
