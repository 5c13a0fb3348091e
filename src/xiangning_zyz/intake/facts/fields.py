"""One field of a record: the cell's own words, or a percent, an amount, a date, a segment, a state."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from xiangning_zyz.figure import plain
from xiangning_zyz.intake.facts.credit_code import read_credit_code
from xiangning_zyz.intake.facts.sender import hint
from xiangning_zyz.intake.facts.statement import Source
from xiangning_zyz.intake.grid import GridCell, reference
from xiangning_zyz.intake.names import Found
from xiangning_zyz.intake.numerals import NotANumber, Number, read_number
from xiangning_zyz.intake.periods import Said, complete, said
from xiangning_zyz.intake.tables.model import Column, Row
from xiangning_zyz.intake.tables.stated_units import unit_of_value
from xiangning_zyz.intake.units import is_money, scaled_twice, split_scale
from xiangning_zyz.period import Period
from xiangning_zyz.problem import (
    BAD_CREDIT_CODE,
    ERROR_CELL,
    NEVER_CALCULATED,
    NO_UNIT,
    NOT_A_DATE,
    NOT_A_NUMBER,
    OUT_OF_RANGE,
    SCALED_TWICE,
    UNKNOWN_SEGMENT,
    UNKNOWN_STATE,
    WRONG_UNIT,
    Place,
    Problem,
)


class Spot(NamedTuple):
    """What a reader needs to know of a cell besides the cell."""

    source: Source
    column: Column
    row: Row
    name: str  # what the row is about, as the sheet names it
    around: Said | None  # the period of the table: 6月底前 is in its year
    units: tuple[str, ...]  # of the table's caption: 单位：万元

    @property
    def unit(self) -> str:
        """The unit that the sheet states for the cell, outside of it; or ''."""
        unit = unit_of_value("", self.column, self.row, self.units)
        return unit.name if unit else ""

    def place(self, cell: GridCell) -> Place:
        return self.source.place(reference(cell.row, cell.col))


Reader = Callable[[Spot, GridCell], str | Problem]  # '' says nothing

_MONEY = "万元"  # what a problem proposes
_FOR_EVER = re.compile("长期(坚持|整改|推进)?|持续(推进|整改)?")
_STATES = ("签约", "入驻", "投产", "退出")


def words(spot: Spot, cell: GridCell) -> str | Problem:
    """The sender's own words, line breaks kept."""
    return _trouble(spot, cell) or cell.text.strip()


def no_change(spot: Spot, cell: GridCell) -> str | Problem:
    """无变化 is a report (零报告); 有变化 alone tells nothing."""
    return _trouble(spot, cell) or ("无变化" if cell.text.strip() == "无变化" else "")


def percent(spot: Spot, cell: GridCell) -> str | Problem:
    """A share from 0 to 100, without the sign.

    0.55 where neither cell nor head shows a % may be 55 % as well as 0.55 %: the unit is asked for.
    """
    number = _number(spot, cell)
    if not isinstance(number, Number):
        return number
    if number.unit not in ("", "%"):
        return NOT_A_NUMBER.at(spot.place(cell), found=cell.text)
    stated = number.unit or cell.percent or spot.column.unit
    if not stated and 0 < number.value <= 1:
        return NO_UNIT.at(spot.place(cell), found=cell.text, name=_head(spot), unit="%")
    if not 0 <= number.value <= 100:
        return OUT_OF_RANGE.at(
            spot.place(cell), found=plain(number.value), name=_head(spot), unit="%", low="0", high="100"
        )
    return plain(number.value)


def money(spot: Spot, cell: GridCell) -> str | Problem:
    """An amount with its unit, as stated: `3000万元`."""
    number = _number(spot, cell)
    if not isinstance(number, Number):
        return number
    unit = number.unit or spot.unit
    if not unit:
        return NO_UNIT.at(spot.place(cell), found=cell.text, name=_head(spot), unit=_MONEY)
    if not is_money(split_scale(unit)[1]):
        return WRONG_UNIT.at(spot.place(cell), found=unit, name=_head(spot), unit=_MONEY)
    if not number.unit and scaled_twice(cell.text, unit):
        return SCALED_TWICE.at(spot.place(cell), found=cell.text, unit=unit)
    return plain(number.value) + unit


def day(spot: Spot, cell: GridCell) -> str | Problem:
    """A day (2024-06-30) or, where none is named, a month (2024-06)."""
    if trouble := _trouble(spot, cell):
        return trouble
    if cell.kind == "date":
        return cell.text[:10] if cell.day else cell.text[:7]
    if _is_blank(cell):
        return ""
    own = said(cell.text, year_alone=True)
    stated = complete(own, spot.around)
    if own is not None and own.last is not None and stated is not None and stated.year is not None:
        try:
            return str(Period.month(stated.year, own.last)) if own.day is None else _iso(stated.year, own.last, own.day)
        except ValueError:
            pass  # 2月30日
    return NOT_A_DATE.at(spot.place(cell), found=cell.text, name=_head(spot))


def deadline(spot: Spot, cell: GridCell) -> str | Problem:
    """The last day in time: 6月底前 is 30 June. What goes on for ever (长期坚持) has none and stays as it is."""
    text = "".join(cell.text.split())
    if _FOR_EVER.fullmatch(text):
        return text
    read = day(spot, cell)
    if isinstance(read, str) and len(read) == len("2024-06"):
        return Period.parse(read).last_day.isoformat()
    return read


def solved(spot: Spot, cell: GridCell) -> str | Problem:
    """How far a problem is; 是 under 是否销号 is 已办结."""
    text = words(spot, cell)
    if isinstance(text, str) and _head(spot).startswith("是否"):
        return {"是": "已办结", "√": "已办结", "否": "未办结", "×": "未办结"}.get(text, text)
    return text


def segment(spot: Spot, cell: GridCell) -> str | Problem:
    """The id of the segment (板块) named."""
    if trouble := _trouble(spot, cell):
        return trouble
    found = spot.source.names.find("segment", cell.text)
    if isinstance(found, Found):
        return found.id
    return UNKNOWN_SEGMENT.at(spot.place(cell), found=cell.text, name="企业名录", hint=hint(found.suggestion))


def state(spot: Spot, cell: GridCell) -> str | Problem:
    """签约, 入驻, 投产 or 退出: four different things, none read into other words (拟入驻, 在谈)."""
    text = "".join(cell.text.split()).removeprefix("已")
    if text in _STATES:
        return text
    return UNKNOWN_STATE.at(spot.place(cell), found=cell.text, name=spot.name)


def credit_code(spot: Spot, cell: GridCell) -> str | Problem:
    """The firm's 统一社会信用代码, checked; a number cell has lost its last digits and fails."""
    code, why = read_credit_code(cell.text)
    return code or BAD_CREDIT_CODE.at(spot.place(cell), found=cell.text, name=spot.name, why=why)


def _number(spot: Spot, cell: GridCell) -> Number | str | Problem:
    """The number in a cell; '' for a mark that says there is none."""
    if trouble := _trouble(spot, cell):
        return trouble
    if cell.number is not None:
        return Number(cell.number)
    read = read_number(cell.text)
    if isinstance(read, NotANumber) and read.why == "blank":
        return ""
    return read if isinstance(read, Number) else NOT_A_NUMBER.at(spot.place(cell), found=cell.text)


def _trouble(spot: Spot, cell: GridCell) -> Problem | None:
    if cell.kind == "error":
        return ERROR_CELL.at(spot.place(cell), found=cell.text)
    if cell.kind == "uncalculated":
        return NEVER_CALCULATED.at(spot.place(cell), found=cell.text)
    return None


def _iso(year: int, month: int, day: int) -> str:
    return date(year, month, day).isoformat()


def _is_blank(cell: GridCell) -> bool:
    read = read_number(cell.text)
    return isinstance(read, NotANumber) and read.why == "blank"


def _head(spot: Spot) -> str:
    return spot.column.labels[-1] if spot.column.labels else spot.name
