"""Text from sheets made harmless for a screen, a table cell or a CSV field (CONTRACT §10).

Cell text may carry terminal escapes, control and direction characters. They are shown as
`\\u001B` and the like: nothing is lost and nothing acts.
"""

import re
import unicodedata
from functools import lru_cache

# C0 and C1 controls, DEL, the line separators, and the direction marks that can reorder a line.
# Both patterns are compiled when first needed, which most runs never do.
_ACTIVE = "[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
_FORMULA_LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?"


def visible(text: str) -> str:
    """*text* on one line, with every acting character spelled out; a line break becomes a space."""
    if text.isprintable():
        return text
    return re.sub(_ACTIVE, _spelled, text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))


def escaped_json(text: str) -> str:
    """JSON text whose acting characters are `\\uXXXX`: same value, nothing a terminal obeys."""
    return re.sub(
        r"[\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", _json_escape, text
    )


def csv_field(text: str) -> str:
    """*text* such that Excel and WPS show it and never run it as a formula (OWASP CSV injection).

    Numbers, also negative ones, stay as they are; other text that begins like a formula gets a
    leading apostrophe, which spreadsheets take as "this is text".
    """
    if text.startswith(_FORMULA_LEADS) and not re.fullmatch(_NUMBER, text):
        return "'" + text
    return text


@lru_cache(maxsize=4096)  # a table measures each text three times: for its column, its folding, its padding
def width(text: str) -> int:
    """Terminal columns that *text* takes: wide and full-width characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_width_of, text))


@lru_cache(maxsize=4096)
def _width_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _spelled(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04X}"


def _json_escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
