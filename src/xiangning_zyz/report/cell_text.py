"""Text for the cells and notes of workbooks we write: shown as it stands, never run (CONTRACT §10)."""

import re

from xiangning_zyz.report.visible import visible

LONGEST = 32_767  # UTF-16 units; Excel calls a file with a longer cell damaged

# Excel reads `_x001B_` in any text as the character U+001B (ECMA-376, ST_Xstring).
_SPELLED_CHARACTER = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[\ufffe\uffff]")


def cell_text(text: str, longest: int = LONGEST) -> str:
    """*text* with its line breaks and tabs, every acting character spelled out, cut with `…` at *longest*."""
    lines = text.replace("\r\n", "\n").split("\n")
    shown = "\n".join("\t".join(map(visible, line.split("\t"))) for line in lines)
    return _SPELLED_CHARACTER.sub("_x005F_", _NOT_XML.sub("\ufffd", _cut(shown, longest)))


def _cut(text: str, longest: int) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return text
    return units[: 2 * longest - 2].decode("utf-16-le", "ignore") + "…"
