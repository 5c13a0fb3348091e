"""Which unit a sheet states for a value: cell, header, unit row, unit column or row name, caption, in this order.

Nothing is inferred: 企业户数 states no unit, and a caption's 万元 covers neither rates nor counts.
"""

import re
from functools import lru_cache

from xiangning_zyz.intake.grid import GridCell
from xiangning_zyz.intake.tables.lines import Line, label_text, sort_of
from xiangning_zyz.intake.tables.model import Column, Row, Unit
from xiangning_zyz.intake.units import normal_unit, unit_in, units_in

_SHARES = frozenset({"%", "‰", "百分点", "个百分点"})
_RATIO = re.compile(
    r"增速|增幅|增长率|增长速度|增长(?![额量值点极])|涨跌幅|涨幅|降幅|升降|同比(?!.*[额量])|环比|比重|占比|比例|百分比"
    r"|占.{0,12}(?:%|％|比)|(?<![功频速])率|进度|指数|系数|倍数|排名|位次|名次|比上年|较上年|构成|比例?$|性别比"
)
_AMOUNT = re.compile(r"(?:增减|增加|增长|净增|减少|绝对)(?:额|量|值|数)")  # so named under 比上年同期 too
_COUNT = re.compile(
    r"(?:[个户家人件项台辆次套宗批]|项目|企业|单位|机构|人口)数(?:量|目)?$|面积$|人口$|人员$|产量$|里程$"
)
_MONEY_WORD = re.compile(r"[额值款费税价]$|投资|收入|支出|工资|资金|资产|利润|成本|利税|预算|贷款|存款")
_SCALE = re.compile(r"^[十百千]?[万亿]")
_CAPTION = re.compile(r"单位[:：]|^指标[:：]|^[（(][^（()）]{1,10}[）)]$")


def unit_of_path(labels: tuple[str, ...], below: GridCell | None) -> tuple[Unit | None, bool]:
    """The unit of a column by its header levels and the cell of a unit row; and whether it is a ratio.

    The deepest level that states a unit counts, but a group's 万元 does not reach a rate within it.
    """
    ratio = amount = False
    for label in reversed(labels):
        stated = unit_in(label)
        if stated is None:
            amount = amount or bool(_AMOUNT.search(label))
            ratio = ratio or (not amount and bool(_RATIO.search(label)))
        elif ratio and stated not in _SHARES:
            return None, True
        else:
            return Unit(stated, "header"), stated in _SHARES
    if below is None or sort_of(below) != "words":
        return None, ratio
    unit = normal_unit(below.text) or label_text(below.text)
    return Unit(unit, "unit row"), unit in _SHARES


def unit_of_row(labels: tuple[str, ...], unit_cell: GridCell | None) -> tuple[Unit | None, bool]:
    """The unit of a row by its unit column or its name; and whether it is a ratio."""
    if unit_cell is not None:
        return _of_unit_column(label_text(unit_cell.text))
    return _of_row_names(labels)


@lru_cache(maxsize=256)
def _of_unit_column(text: str) -> tuple[Unit, bool]:
    written = normal_unit(text) or text
    return Unit(written, "unit column"), written in _SHARES


@lru_cache(maxsize=4096)
def _of_row_names(labels: tuple[str, ...]) -> tuple[Unit | None, bool]:
    for label in reversed(labels):
        unit = unit_in(label)
        if unit is not None:
            return Unit(unit, "row label"), unit in _SHARES
        if _RATIO.search(label):
            return None, True
    return None, False


def caption_units(lines: tuple[Line, ...], title: str) -> tuple[str, ...]:
    """The units that the lines above a table state for all of it: 单位：万元, 指标：产值(亿元), a title's （亿元）."""
    for line in reversed(lines):
        for cell in line.cells:
            text = label_text(cell.text)
            bare = len(text) > 1 and normal_unit(text) is not None  # 万元 alone; a lone 人 may be anything
            if bare or _CAPTION.search(text):
                units = units_in(text)
                if units:
                    return units
    unit = unit_in(title)
    return (unit,) if unit else ()


def unit_of_value(written: str, column: Column, row: Row, caption: tuple[str, ...]) -> Unit | None:
    """The unit of one value; *written* is the unit in its own cell, or ''."""
    if written:
        return _in_cell(written)
    share_row = row.unit is not None and row.unit.name in _SHARES
    if column.unit is not None and not (share_row and column.unit.name not in _SHARES):
        return column.unit
    if row.unit is not None and (share_row or not column.ratio):
        return row.unit
    unit = _of_caption(caption, column.labels, row.labels, ratio=column.ratio or row.ratio)
    return Unit(unit, "caption") if unit else None


@lru_cache(maxsize=256)
def _in_cell(written: str) -> Unit:
    return Unit(written, "cell")


def _of_caption(units: tuple[str, ...], column: tuple[str, ...], row: tuple[str, ...], *, ratio: bool) -> str | None:
    if units and all(unit in _SHARES for unit in units):
        return units[0] if len(units) == 1 else None
    if ratio or not units:
        return None
    amounts = [unit for unit in units if unit not in _SHARES]
    if len(amounts) == 1:
        unit = amounts[0]
        leaf = column[-1] if column else (row[-1] if row else "")
        other = _COUNT.search(leaf) and _measure(unit) not in leaf
        return None if other else unit
    for label in (*column, *row):
        named = [unit for unit in amounts if _names(label, unit)]
        if len(named) == 1:
            return named[0]
    return None


def _names(label: str, unit: str) -> bool:
    """Whether a header names what a unit measures: 人口数 names 人, 总投资 names 万元."""
    measure = _measure(unit)
    if measure == "元":
        return bool(_MONEY_WORD.search(label))
    if measure in ("亩", "公顷", "平方米", "平方公里"):
        return "面积" in label
    if measure in ("公里", "千米", "米"):
        return bool(re.search("里程|长度|总长", label))
    return measure in label


def _measure(unit: str) -> str:
    """万户 → 户."""
    return _SCALE.sub("", unit)
