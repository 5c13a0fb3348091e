"""Texts of cells: their bound, and the escapes that Office Open XML writes inside them."""

import re

from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.refusal import too_large

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def bounded(text: str) -> str:
    """The text itself; `Refused` beyond what Excel allows in a cell."""
    if len(text) > limits.CELL_CHARACTERS:
        raise too_large(f"一个单元格的文字超过 {limits.CELL_CHARACTERS} 字")
    return text


def unescaped(text: str) -> str:
    """The text with `_xHHHH_` escapes resolved (ECMA-376 part 1, 22.9.2.19, ST_Xstring).

    Escapes of control characters stay as written: `_x001B_` must not become an ESC that a terminal
    obeys. The carriage return of a Windows line end goes.
    """
    if "_x" in text:
        text = _ESCAPE.sub(_resolved, text).replace("\r\n", "\n")
    return bounded(text)


def _resolved(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    plain = code in (0x09, 0x0A, 0x0D) or 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    return chr(code) if plain else match[0]
