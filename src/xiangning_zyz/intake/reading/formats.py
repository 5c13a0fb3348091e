"""Numbers as a sheet shows them: 15 significant digits, per cents, dates and times.

A workbook stores doubles; what a person saw is decided by the number format. Rules of number
formats: ECMA-376 part 1, 18.8.30 (format codes) and 18.8.31 (the built-in ids, with those of
Chinese editions, 27-36 and 50-58, which files name without defining).
"""

import re
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from xiangning_zyz.intake.grid import CellKind

StyleKind = Literal["number", "percent", "points", "date", "time", "elapsed"]


class Style(NamedTuple):
    """What a number format makes of a number."""

    kind: StyleKind = "number"  # `points`: a literal % is shown, the number itself is in %
    suffix: str = ""  # literal words shown after the number: `万元`
    day: bool = True  # a date's day is shown; `2019年10月` shows none


GENERAL = Style()

_BY_CODE: dict[str, tuple[int, ...]] = {
    "0%": (9,),
    "0.00%": (10,),
    "yyyy/m/d": (14, 30),
    "d-mmm-yy": (15,),
    "mmm-yy": (17,),
    "h:mm": (18, 20),
    "h:mm:ss": (19, 21),
    "yyyy/m/d h:mm": (22,),
    "mm:ss": (45, 47),
    "[h]:mm:ss": (46,),
    'yyyy"年"m"月"': (27, 36, 50, 52, 57),
    'm"月"d"日"': (16, 28, 29, 51, 53, 54, 58),
    'yyyy"年"m"月"d"日"': (31,),
    'h"时"mm"分"': (32, 34, 55),
    'h"时"mm"分"ss"秒"': (33, 35, 56),
}
# The ids that are more than a plain number; a file may define any of them anew.
BUILT_IN: dict[int, str] = {number: code for code, numbers in _BY_CODE.items() for number in numbers}

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<word>General|G/通用格式|AM/PM|A/P|上午/下午|E[+-])|(?P<symbol>.)",
    re.IGNORECASE | re.DOTALL,
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_BEFORE_SUFFIX = frozenset("0#?.,% ")


@lru_cache(maxsize=1024)
def style_of(code: str) -> Style:
    """What the format *code* makes of a positive number: its first section decides."""
    symbols, literal, conditional, elapsed = "", "", False, False
    for match in _TOKEN.finditer(code):
        group, found = match.lastgroup, match[match.lastgroup or 0]
        if group == "symbol" and found == ";":
            break
        if group == "bracket":
            conditional = conditional or found[:1] in ("<", ">", "=")
            elapsed = elapsed or bool(_ELAPSED.fullmatch(found))
        elif group in ("quoted", "escaped") or (group == "symbol" and not found.isascii()):
            literal += found
        elif group == "symbol":
            symbols += found
            if found in _BEFORE_SUFFIX:
                literal = literal if found in " ,." else ""
    if elapsed:
        return Style("elapsed")
    return _dated(symbols.lower()) or _numeric(symbols.strip(), "" if conditional else literal.strip())


def _dated(symbols: str) -> Style | None:
    """The style if *symbols* are date or time letters: no digit places but fractions of a second."""
    if any(place in re.sub(r"s[.,]0+", "s", symbols) for place in "0#?@"):
        return None
    letters = set(symbols) & set("ymdhseagb")
    clock = letters & {"h", "s"}
    if letters - {"h", "s", "m"}:
        return Style("date", day=bool(letters & {"d", "h"}))
    if clock:
        return Style("time")
    return Style("date", day=False) if letters else None


def _numeric(symbols: str, literal: str) -> Style:
    if "%" in symbols:
        return Style("percent")
    if literal == "%":
        return Style("points")
    scaled = symbols.rstrip(" .").endswith(",")  # `0!.0,"万元"` shows ten-thousandths: the word misleads
    named = any(sign.isalpha() or sign == "‰" for sign in literal)
    return Style(suffix=literal) if named and not scaled else GENERAL


def plain(value: float, shift: int = 0) -> str:
    """*value* × 10^*shift* at 15 significant digits, without exponent; *value* must be finite.

    15 digits is what Excel shows and what a double keeps: 31.599999999999998 → `31.6`.
    """
    text = f"{value:.15g}"
    if not shift and "e" not in text:
        return text if text != "-0" else "0"
    mantissa, _, exponent = text.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.removeprefix("-").partition(".")
    point = len(whole) + int(exponent or 0) + shift
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    if not digits:
        return "0"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def shown(value: float, style: Style, *, from_1904: bool) -> tuple[CellKind, str]:
    """(kind, text) of a finite number under *style*: see `GridCell.text`."""
    if style.kind == "number":
        return "number", plain(value)
    if style.kind == "percent":
        return "number", plain(value, 2) + "%"
    if style.kind == "points":
        return "number", plain(value) + "%"
    return moment(value, style, from_1904=from_1904) or ("error", "########")


_DAY_1904 = date(1904, 1, 1).toordinal()
_DAY_1900 = date(1899, 12, 31).toordinal()
_LAST_DAY = date(9999, 12, 31).toordinal()


def moment(serial: float, style: Style, *, from_1904: bool) -> tuple[Literal["date", "time"], str] | None:
    """(kind, text) of a date or time *serial*, to the second; None where Excel shows `####`.

    Days count from 1900-01-01 = 1 with Excel's own 1900-02-29 (60), or from 1904-01-01 = 0.
    """
    if not 0 <= serial < 3_000_000:
        return None
    seconds = round(serial * 86400)
    if style.kind == "elapsed":
        return "time", _clock(seconds)
    days, rest = divmod(seconds, 86400)
    if style.kind == "time" and not days:
        return "time", _clock(rest)
    day = _day(days, from_1904=from_1904)
    if day is None:
        return None
    return "date", f"{day} {_clock(rest)}" if rest else day


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _day(days: int, *, from_1904: bool) -> str | None:
    if from_1904:
        ordinal = _DAY_1904 + days
    elif days in (0, 60):
        return "1900-01-00" if days == 0 else "1900-02-29"
    else:
        ordinal = _DAY_1900 + days - (days > 60)
    return date.fromordinal(ordinal).isoformat() if ordinal <= _LAST_DAY else None
