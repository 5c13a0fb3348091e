"""What one cell of a worksheet part holds: type, style, formula and value made into a look and a text.

Format: ECMA-376 part 1, 18.3.1.4 (c) and 18.18.11 (ST_CellType).
"""

import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from xiangning_zyz.intake.reading.formats import GENERAL, Style, shown
from xiangning_zyz.intake.reading.packing import Packer
from xiangning_zyz.intake.reading.texts import bounded, unescaped

TRUE = ("1", "true", "on")

_NUMBER = re.compile(r"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?\s*")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_ISO = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)?T?(?P<time>\d\d:\d\d(?::\d\d)?)?(?:\.\d+)?Z?", re.ASCII)


class Odd(Exception):  # becomes a problem at the cell
    """The cell holds what its type does not allow; the message says what, in Chinese."""


class Surroundings(NamedTuple):
    """What the cells of a workbook refer to."""

    strings: list[str]
    styles: Sequence[Style]
    from_1904: bool
    recalculate: bool  # the writer asks for recalculation: a cached 0 may be no result at all


class Recipe(NamedTuple):
    """How cells of one type and style are read."""

    type: str  # as `c/@t`
    style: Style
    look: int  # of shared and inline strings, and of numbers shown as they stand or as per cents; else -1


class CellReader:
    """Turns types, styles, formulas and values into looks and texts. Changes nothing it is given."""

    def __init__(self, packer: Packer, around: Surroundings) -> None:
        self._look = packer.look
        self._around = around
        self.strings = around.strings

    def recipe(self, attributes: Mapping[str, str]) -> Recipe:
        """The recipe for a cell with these attributes."""
        kind, number = attributes.get("t", "n"), attributes.get("s", "0")
        styles = self._around.styles
        at = int(number) if number.isdecimal() and len(number) < 7 else len(styles)
        style = styles[at] if at < len(styles) else GENERAL
        look = -1
        if kind in ("s", "inlineStr"):
            look = self._look("text")
        elif kind == "n" and style.kind in ("number", "percent"):
            look = self._look("number", style)
        return Recipe(kind, style, look)

    def read(self, recipe: Recipe, formula: str | None, value: str | None) -> tuple[int, str] | None:
        """(look, text) of a cell, None for an empty one; `Odd` if it contradicts its type."""
        if formula is not None and self._never_calculated(recipe, value):
            return self._look("uncalculated"), bounded("=" + formula)
        if not value:
            return None
        calculated = formula is not None
        match recipe.type:
            case "n":
                return self._number(recipe.style, value, calculated=calculated)
            case "s":
                return self._text(self._shared(value), calculated=calculated)
            case "str" | "inlineStr":
                return self._text(unescaped(value), calculated=calculated)
            case "b":
                return self._look("bool", formula=calculated), "TRUE" if value.strip() in TRUE else "FALSE"
            case "e":
                return self._look("error", formula=calculated), bounded(value)
            case "d":
                return self._date(value, calculated=calculated)
        raise Odd(f"单元格类型“{recipe.type[:20]}”无法识别")

    def _never_calculated(self, recipe: Recipe, value: str | None) -> bool:
        """Whether the cached value is missing, or a stand-in that its writer asks to recalculate.

        An empty string is a result (`t="str"`, empty `v`); an empty number is none. XlsxWriter caches 0
        for every formula and sets `fullCalcOnLoad`; programs that calculate do not leave it set.
        """
        if value is None or (not value and recipe.type != "str"):
            return True
        return self._around.recalculate and recipe.type == "n" and value.strip() == "0"

    def _text(self, text: str, *, calculated: bool) -> tuple[int, str] | None:
        return (self._look("text", formula=calculated), text) if text else None

    def _shared(self, value: str) -> str:
        number = value.strip()
        if not _INDEX.fullmatch(number) or int(number) >= len(self.strings):
            raise Odd("引用的文字不存在")
        return self.strings[int(number)]

    def _number(self, style: Style, value: str, *, calculated: bool) -> tuple[int, str]:
        number = float(value) if len(value) < 400 and _NUMBER.fullmatch(value) else None
        if number is None or not isfinite(number):
            raise Odd("数值无法识别")
        kind, text = shown(number, style, from_1904=self._around.from_1904)
        return self._look(kind, style, formula=calculated), text

    def _date(self, value: str, *, calculated: bool) -> tuple[int, str]:
        """An ISO 8601 date, as Strict files may hold it."""
        match = _ISO.fullmatch(value.strip())
        if not match or not (match["day"] or match["time"]):
            raise Odd("日期无法识别")
        clock = match["time"] and f"{match['time']}:00"[:8]
        if not match["day"]:
            return self._look("time", formula=calculated), clock
        text = match["day"] if clock in (None, "00:00:00") else f"{match['day']} {clock}"
        return self._look("date", formula=calculated), text
