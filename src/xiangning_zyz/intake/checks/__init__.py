"""Checks: facts of one workbook against the plan, each other, and what is already known.

Each check is one small function that returns problems and changes nothing. None corrects a
figure: 统计法实施条例 art. 19 leaves that to the reporting unit.
"""

from collections.abc import Sequence
from datetime import date

from xiangning_zyz.fact import Observation, Record
from xiangning_zyz.intake.checks import agreement, plausibility, repetition, wording
from xiangning_zyz.intake.checks.known import Keyed, Known
from xiangning_zyz.intake.checks.roster import roster_against_figure
from xiangning_zyz.intake.checks.series import Series
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import Problem


def check(
    plan: Plan, keyed: Sequence[Keyed], carried: Sequence[Observation], known: Known, received: date
) -> list[Problem]:
    """Every problem of the facts of one workbook.

    *carried*: figures that the sheet repeats from before (上月累计), only compared; *known*: the facts
    valid now; *received*: the day the sheet reached the office.
    """
    facts = [fact for _, fact in keyed]
    observations = [fact for fact in facts if isinstance(fact, Observation)]
    records = [fact for fact in facts if isinstance(fact, Record)]
    series = Series(plan, known, observations)
    return [
        *repetition.said_twice(plan, keyed),
        *plausibility.future(facts, received),
        *plausibility.out_of_range(plan, series.said),
        *plausibility.jumps(plan, series.said),
        *plausibility.exactly_on_target(series.said),
        *agreement.parts_against_total(series),
        *agreement.sum_of_months(plan, carried, series),
        *agreement.falling_cumulative(plan, series.said),
        *agreement.ratio_against_parts(plan, observations, series),
        *repetition.references(plan, series.said),
        *repetition.conflicts(plan, series.said),
        *roster_against_figure(plan, observations, records, known, series),
        *wording.copied_text(plan, records, known),
    ]
