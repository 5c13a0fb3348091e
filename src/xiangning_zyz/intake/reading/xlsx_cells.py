"""What one cell of a worksheet part holds: type, style, formula and value made into a look and a text.

Format: ECMA-376 part 1, 18.3.1.4 (c) and 18.18.11 (ST_CellType).
"""

import re
from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import NamedTuple

from xiangning_zyz.intake.reading.formats import GENERAL, Style, StyleKind, shown
from xiangning_zyz.intake.reading.packing import Looks
from xiangning_zyz.intake.reading.texts import bounded, unescaped

TRUE = ("1", "true", "on")
NUMBERS: tuple[StyleKind, ...] = ("number", "percent", "points")  # kinds of style that make no date of a number

_NUMBER = re.compile(r"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?\s*")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_ISO = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)?T?(?P<time>\d\d:\d\d(?::\d\d)?)?(?:\.\d+)?Z?", re.ASCII)


class Odd(Exception):  # becomes a problem at the cell
    """The cell holds what its type does not allow; the message says what, in Chinese."""


class Recipe(NamedTuple):
    """How cells of one type and style are read."""

    type: str  # as `c/@t`
    style: Style
    look: int  # of shared and inline strings, and of numbers that are no dates; else -1: the value decides


class StyleTable:
    """The cell styles of a workbook, and the looks of cells met under them, here and in others of the same styles."""

    def __init__(self, styles: Sequence[Style] = ()) -> None:
        self._styles = styles
        self.looks = Looks()

    def recipe(self, attributes: Mapping[str, str]) -> Recipe:
        """The recipe for a cell with these attributes."""
        kind, number = attributes.get("t", "n"), attributes.get("s", "0")
        at = int(number) if number.isdecimal() and len(number) < 7 else len(self._styles)
        style = self._styles[at] if at < len(self._styles) else GENERAL
        look = -1
        if kind in ("s", "inlineStr"):
            look = self.looks.number("text")
        elif kind == "n" and style.kind in NUMBERS:
            look = self.looks.number("number", style)
        return Recipe(kind, style, look)


class Surroundings(NamedTuple):
    """What the cells of a workbook refer to."""

    strings: list[str]
    styles: StyleTable
    from_1904: bool
    recalculate: bool  # the writer asks for recalculation: a cached 0 may be no result at all


class CellReader:
    """Turns types, styles, formulas and values into looks and texts. Changes nothing it is given."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._look = around.styles.looks.number
        self.recipe = around.styles.recipe

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
                return self._text(self.shared(value), calculated=calculated)
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

    def shared(self, value: str) -> str:
        """The shared string of that number; `Odd` if there is none."""
        number, strings = value.strip(), self._around.strings
        if not _INDEX.fullmatch(number) or int(number) >= len(strings):
            raise Odd("引用的文字不存在")
        return strings[int(number)]

    def _text(self, text: str, *, calculated: bool) -> tuple[int, str] | None:
        return (self._look("text", formula=calculated), text) if text else None

    def _number(self, style: Style, value: str, *, calculated: bool) -> tuple[int, str]:
        kind, text = shown(finite(value), style, from_1904=self._around.from_1904)
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


def finite(text: str) -> float:
    """The number as a worksheet spells it; `Odd` for anything else that Python takes for one (`1_000`, `nan`)."""
    number = float(text) if len(text) < 400 and _NUMBER.fullmatch(text) else inf
    if not isfinite(number):
        raise Odd("数值无法识别")
    return number
