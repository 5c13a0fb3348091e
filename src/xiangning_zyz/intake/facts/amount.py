"""How much a figure is: the exact number in the plan's unit, or why there is none."""

from decimal import Decimal

from xiangning_zyz.intake.facts.statement import Source
from xiangning_zyz.intake.tables.model import Value
from xiangning_zyz.intake.units import convert, scaled_twice
from xiangning_zyz.plan import Indicator
from xiangning_zyz.problem import (
    ERROR_CELL,
    NEVER_CALCULATED,
    NO_UNIT,
    NOT_A_NUMBER,
    SCALED_TWICE,
    WRONG_UNIT,
    Problem,
)


def amount(source: Source, indicator: Indicator, name: str, value: Value) -> Decimal | Problem:
    """The value in `indicator.unit`, or the problem: an error, words, no unit, or one of another kind."""
    if value.number is None:
        kind = {"error": ERROR_CELL, "uncalculated": NEVER_CALCULATED}.get(value.kind, NOT_A_NUMBER)
        return kind.at(source.place(value.ref), found=value.raw)
    if value.unit is None:
        return NO_UNIT.at(source.place(value.ref), found=value.raw, name=name, unit=indicator.unit)
    if value.unit.origin != "cell" and scaled_twice(value.raw, value.unit.name):
        return SCALED_TWICE.at(source.place(value.ref), found=value.raw, unit=value.unit.name)
    converted = convert(value.number, value.unit.name, indicator.unit)
    if converted is None:
        return WRONG_UNIT.at(source.place(value.ref), found=value.unit.name, name=name, unit=indicator.unit)
    return converted
