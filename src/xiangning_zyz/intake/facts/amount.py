"""How much a figure is: the exact number in the plan's unit, or why there is none."""

from decimal import Decimal

from xiangning_zyz.intake.facts.statement import Source
from xiangning_zyz.intake.tables.model import Unit, Value
from xiangning_zyz.intake.units import convert, differ_in_scale, scaled_twice
from xiangning_zyz.plan import Indicator
from xiangning_zyz.problem import (
    ERROR_CELL,
    NEVER_CALCULATED,
    NO_UNIT,
    NOT_A_NUMBER,
    SCALED_TWICE,
    UNITS_DISAGREE,
    WRONG_UNIT,
    Problem,
)


def amount(source: Source, indicator: Indicator, name: str, value: Value, of_row: Unit | None) -> Decimal | Problem:
    """The value in `indicator.unit`, or the problem: an error, words, no unit, a wrong one, or two.

    *of_row*: what the row's name or unit column states, beside the unit that governs the value.
    """
    if value.number is None:
        kind = {"error": ERROR_CELL, "uncalculated": NEVER_CALCULATED}.get(value.kind, NOT_A_NUMBER)
        return kind.at(source.place(value.ref), found=value.raw)
    unit = value.unit
    if unit is None:
        return NO_UNIT.at(source.place(value.ref), found=value.raw, name=name, unit=indicator.unit)
    if unit.origin != "cell":
        if scaled_twice(value.raw, unit.name):
            return SCALED_TWICE.at(source.place(value.ref), found=value.raw, unit=unit.name)
        if of_row is not None and of_row != unit and differ_in_scale(of_row.name, unit.name):
            return UNITS_DISAGREE.at(source.place(value.ref), found=of_row.name, name=name, unit=unit.name)
    converted = convert(value.number, unit.name, indicator.unit)
    if converted is None:
        return WRONG_UNIT.at(source.place(value.ref), found=unit.name, name=name, unit=indicator.unit)
    return converted
