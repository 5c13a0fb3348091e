"""The value of one OpenDocument cell: its type, its exact value and the text it shows."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple

from xiangning_zyz.intake.grid import CellKind
from xiangning_zyz.intake.reading.formats import GENERAL, Style, plain
from xiangning_zyz.intake.reading.texts import bounded

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE = f"{_URN}office:1.0 "
_FORMULA = f"{_URN}table:1.0 formula"
_CALC_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,4})?")
_SHOWN_NUMBER = re.compile(r"(?P<number>-?[0-9][0-9,]*(?:\.(?P<decimals>[0-9]+))?)\s*(?P<suffix>\D+)")
_DATE = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:T(?P<time>\d\d:\d\d:\d\d)(?:[.,]\d+)?)?", re.ASCII)
_YEAR_MONTH = re.compile(r"\d{4}(年\d{1,2}月|[-/.]\d{1,2})", re.ASCII)
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S", re.ASCII)
_ERROR = re.compile(r"#[A-Z/0]+[!?]|#N/A|Err:\d+|错误:\d+")
_PREFIX = re.compile(r"^(of|oooc|msoxl):")


class Odd(Exception):
    """The cell's value contradicts its type; the message says how, in Chinese."""


class Value(NamedTuple):
    """What a cell holds."""

    kind: CellKind
    text: str
    style: Style = GENERAL
    formula: bool = False


def value_of(attributes: Mapping[str, str], shown: str, *, blank: bool) -> Value | None:
    """The value of a cell with these attributes that shows *shown*; None if it is empty.

    *blank*: it has no paragraph at all. A formula that gives an empty string shows an empty paragraph;
    one without any was never calculated.
    """
    formula = attributes.get(_FORMULA)
    kind = attributes.get(f"{_OFFICE}value-type", "")
    calculated = formula is not None
    if attributes.get(_CALC_TYPE) == "error" or (calculated and _ERROR.fullmatch(shown)):
        return Value("error", shown or "#N/A", formula=calculated)
    if formula is not None and not kind and blank:
        return Value("uncalculated", bounded(_PREFIX.sub("", formula)))
    value = _typed(kind, attributes, shown)
    return value._replace(formula=calculated) if value.text else None


def _typed(kind: str, attributes: Mapping[str, str], shown: str) -> Value:
    match kind:
        case "float" | "percentage" | "currency":
            return _number(kind, attributes.get(f"{_OFFICE}value", ""), shown)
        case "date":
            return _date(attributes.get(f"{_OFFICE}date-value", ""), shown)
        case "time":
            match = _TIME.fullmatch(attributes.get(f"{_OFFICE}time-value", ""))
            if not match:
                raise Odd("时间无法识别")
            return Value("time", ":".join(part.zfill(2) for part in match.groups()))
        case "boolean":
            return Value("bool", "TRUE" if attributes.get(f"{_OFFICE}boolean-value") == "true" else "FALSE")
        case _:
            return Value("text", bounded(attributes.get(f"{_OFFICE}string-value") or shown))


def _number(kind: str, written: str, shown: str) -> Value:
    number = float(written) if _NUMBER.fullmatch(written) and len(written) < 400 else float("nan")
    if not isfinite(number):
        raise Odd("数值无法识别")
    if kind == "percentage":
        return Value("number", plain(number, 2) + "%", Style("percent"))
    suffix = _suffix(number, shown)
    if suffix == "%":
        return Value("number", plain(number) + "%", Style("points"))
    return Value("number", plain(number), Style(suffix=suffix))


def _suffix(number: float, shown: str) -> str:
    """The words shown behind the number itself: `7.20亿元`, but not `1.2万` for 12345."""
    match = _SHOWN_NUMBER.fullmatch(shown)
    if not match or not any(sign.isalpha() or sign in "%‰" for sign in match["suffix"]):
        return ""
    as_shown = float(match["number"].replace(",", ""))
    unit = 10.0 ** -len(match["decimals"] or "")
    return match["suffix"].strip() if abs(as_shown - number) <= unit else ""


def _date(written: str, shown: str) -> Value:
    match = _DATE.fullmatch(written)
    if not match:
        raise Odd("日期无法识别")
    text = match["day"] if match["time"] in (None, "00:00:00") else f"{match['day']} {match['time']}"
    return Value("date", text, Style("date", day=not _YEAR_MONTH.fullmatch(shown)))
