"""A period told in several cells, joined to the words it would be in one.

    年份 | 2024 | 月份 | 6    →  年份：2024年 | 月份：6月
    报告期： | 2024 | 年 | 6 | 月  →  报告期： | 2024年6月
    期别 | 202406    →  期别：2024年6月

Otherwise its numbers would be taken for values, and the line for a table.
"""

import re

from xiangning_zyz.intake.grid import GridCell

_Cells = tuple[GridCell, ...]

_OF_WHAT = r"(?:填报|报告|上报|统计|报表|所属|数据)?"
_YEAR_NAME = re.compile(rf"{_OF_WHAT}年[份度][：:]?")
_MONTH_NAME = re.compile(rf"{_OF_WHAT}月[份度][：:]?")
_PERIOD_NAME = re.compile(rf"{_OF_WHAT}(?:期|期别|期间|时期|年月)[：:]?")
_BEGINS = re.compile(rf"{_YEAR_NAME.pattern}|{_MONTH_NAME.pattern}|{_PERIOD_NAME.pattern}|(?:19|20)[0-9]{{2}}年|年")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MONTH = re.compile(r"0?([1-9])|(1[0-2])")
_YEAR_AND_MONTH = re.compile(r"((?:19|20)[0-9]{2})(?:0([1-9])|(1[0-2]))")
_IN_WORDS = re.compile(r"((?:19|20)[0-9]{2})年(?:0?([1-9])|(1[0-2]))月")


def joined(cells: _Cells) -> _Cells:
    """The cells of a row with what of them tells a period joined; as they are if any other number is among them."""
    texts = ["".join(cell.text.split()) for cell in cells]
    if not any(map(_BEGINS.fullmatch, texts)):
        return cells
    found: list[GridCell] = []
    at = 0
    while at < len(cells):
        words, taken = _period_at(texts, at)
        if not words and (cells[at].kind == "number" or texts[at].isdecimal()):
            return cells
        found.append(cells[at]._replace(kind="text", text=words, number=None) if words else cells[at])
        at += taken
    return tuple(found)


def _period_at(texts: list[str], at: int) -> tuple[str, int]:
    """The words that the texts from *at* on come to, and how many texts these are; no words for any other one."""
    here, after = texts[at], texts[at + 1] if at + 1 < len(texts) else ""
    if _YEAR_NAME.fullmatch(here) and _YEAR.fullmatch(after):
        return f"{here.rstrip('：:')}：{after}年", 2 + _follows(texts, at + 2, "年")
    if _MONTH_NAME.fullmatch(here) and (month := _MONTH.fullmatch(after)):
        return f"{here.rstrip('：:')}：{month[1] or month[2]}月", 2 + _follows(texts, at + 2, "月")
    if _PERIOD_NAME.fullmatch(here) and (both := _YEAR_AND_MONTH.fullmatch(after)):
        return f"{here.rstrip('：:')}：{both[1]}年{both[2] or both[3]}月", 2
    for size in (4, 3):  # 2024 | 年 | 6 | 月, 2024年 | 6 | 月
        whole = _IN_WORDS.fullmatch("".join(texts[at : at + size])) if at + size <= len(texts) else None
        if whole:
            return f"{whole[1]}年{whole[2] or whole[3]}月", size
    return "", 1


def _follows(texts: list[str], at: int, word: str) -> bool:
    return at < len(texts) and texts[at] == word
