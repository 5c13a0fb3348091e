"""How much a figure is: the exact number in the plan's unit, or why there is none."""

from decimal import Decimal

from xiangning_zyz.intake.facts.statement import Source
from xiangning_zyz.intake.tables.model import Value
from xiangning_zyz.intake.units import convert
from xiangning_zyz.plan import Indicator
from xiangning_zyz.problem import ERROR_CELL, NEVER_CALCULATED, NO_UNIT, NOT_A_NUMBER, WRONG_UNIT, Problem


def amount(source: Source, indicator: Indicator, name: str, value: Value) -> Decimal | Problem:
    """The value in `indicator.unit`, or the problem: an error, words, no unit, or one of another kind."""
    where = source.place(value.ref)
    match value.kind:
        case "error":
            return ERROR_CELL.at(where, found=value.raw)
        case "uncalculated":
            return NEVER_CALCULATED.at(where, found=value.raw)
    if value.number is None:
        return NOT_A_NUMBER.at(where, found=value.raw)
    if value.unit is None:
        return NO_UNIT.at(where, found=value.raw, name=name, unit=indicator.unit)
    converted = convert(value.number, value.unit.name, indicator.unit)
    if converted is None:
        return WRONG_UNIT.at(where, found=value.unit.name, name=name, unit=indicator.unit)
    return converted
