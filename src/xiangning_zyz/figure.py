"""Figures: exact decimals in, one rounding out (CONTRACT §7: rounded half-up, once, when printed)."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

# Python's own parsers take `NaN`, `1_000` and Arabic digits; plan files and ledgers must not.
_WRITTEN = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_SHORT = 30  # characters that need not be counted before and behind the point

# What is computed is computed at 60 digits: sums and products of reported figures are exact, a
# quotient that ends is exact too, and one that does not is good far beyond any bound it meets.
PRECISE = Context(prec=60)


def decimal(text: str) -> Decimal:
    """Read a plain decimal such as `-12.50`; ValueError for any other spelling."""
    if not _WRITTEN.fullmatch(text):
        raise ValueError(f"not a plain decimal: {text!r}")
    return Decimal(text)


def exact(value: Decimal) -> str:
    """The value with the digits it has, 7.20 as 7.20; ValueError where `decimal` could not read it back."""
    text = str(value)
    if len(text) > _SHORT or "E" in text or not value.is_finite():  # else it is plain: no need to look at each digit
        text = format(value, "f")
        if not _WRITTEN.fullmatch(text):
            raise ValueError(f"not a plain decimal: {text!r}")
    return text


def plain(value: Decimal) -> str:
    """The exact value without exponent or trailing zeros: what JSON and the ledger hold.

    `Decimal("12.50")` → `12.5`, `Decimal("1E+2")` → `100`, `Decimal("-0")` → `0`.
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def rounded(value: Decimal, places: int) -> str:
    """The value at *places* decimals, half-up: what people read. 0.005 → 0.01 at two places."""
    with localcontext() as context:
        context.prec = 60
        quantum = Decimal(1).scaleb(-places)
        text = format(value.quantize(quantum, rounding=ROUND_HALF_UP), "f")
    return text.removeprefix("-") if not text.strip("-0.") else text


def shown(value: Decimal, places: int = 2) -> str:
    """A figure for people: rounded half-up at *places* decimals, no trailing zeros: 8.50 → 8.5."""
    return plain(Decimal(rounded(value, places)))
