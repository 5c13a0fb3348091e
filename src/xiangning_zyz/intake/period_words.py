"""The words of periods in a text, found one by one: a year, months, 累计, 本月, 期末 …

Knows spelling only; what the words mean together is decided in `periods`.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from xiangning_zyz.intake.widths import half_width


class Word(NamedTuple):
    """One word found: its kind, the numbers it holds, and where it stands in the folded text."""

    kind: str
    numbers: tuple[int, ...]
    text: str
    start: int
    end: int


_BLANKS = re.compile(" +")
_LOOSE_BLANKS = re.compile("(?<![0-9]) | (?![0-9])")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―─−~～〜", "-"))
_SPELT_YEAR = re.compile("[〇○零OＯ一二三四五六七八九]{4}(?=年)")
_SPELT_NUMBER = re.compile("[一二三四五六七八九十]{1,3}(?=个?月|日|个?季|(?:个?月份?)?[-至到][0-9]{1,2}(?:月|季))")
_DIGITS = {**{word: str(value) for value, word in enumerate("零一二三四五六七八九")}, "〇": "0", "○": "0", "O": "0"}

# Growth and shares speak of the period around them, not of the one they are held against.
_COMPARED = re.compile(
    "同比|环比|(?:比|较|与|同|占|为)(?:上|去)一?个?(?:年|月|季|期)度?(?:同期|同月|末|底)?|[比较]年初"
    "|(?:(?:上|去)年)?同期(?=比|相比|增减|±)|(?:上|去)(?:年|月|季|期)度?(?:同期|同月|同季)?=100|(?:占|为|完成)(?:[0-9]{4}|全|本|当)?(?:年|月|季)度?(?:计划|目标|任务)"
)

_M = "(?:1[0-2]|0?[1-9])"
_DAY = "(?:3[01]|[12][0-9]|0?[1-9])"
_Y = "(?:19|20)[0-9]{2}"
_TO = "[-至到]"
# A code such as 2024-06 stands by itself: no letter, digit or stroke runs on (14.00-18.00, GB1840-2010).
_APART, _END = "(?<![0-9A-Za-z./-])", "(?![0-9A-Za-z:]|[-./][0-9])"
_PATTERNS = {
    # 2009-2011年: several years are no period
    "years": f"(?<![0-9]){_Y}年?[-至到、和及与]{_Y}年",
    # 20 24 年, 2024年度; 2024.6月; 24年6月
    "year": f"(?<![0-9])(?:((?:1 ?9|2 ?0) ?[0-9] ?[0-9]) ?年度?|({_Y})[-./](?={_M}(?:{_TO}{_M})?月)"
    f"|([0-9]{{2}})年(?={_M}(?:月?份?{_TO}{_M})?月))",
    "open_month": f"(?<![0-9])1月?{_TO}+[本当]?月",
    "open_quarter": f"(?<![0-9])1(?:季度?)?{_TO}+[本当]季度?",
    "quarters": f"(?<![0-9])([1-4])(?:季度?)?{_TO}+([2-4])季度?|前([2-4])个?季度",
    "quarter": "(?<![0-9])第?([1-4])季(?:度|(?=[末底报])|(?![一-鿿]))|(?<![0-9A-Za-z])[Qq]([1-4])(?![0-9A-Za-z])",
    "months": f"(?<![0-9])({_M})(?:月份?)?(?:{_DAY}日)?{_TO}+(?:({_Y})年|[本当]年)?({_M})月"
    f"|(?<![0-9件表第])(1)月?[、和](2)月|前({_M})个?月",
    "month": f"(?<![0-9])((?<=年)1 [0-2]|{_M})月(?![龄·/])(?:({_DAY})日)?",
    "half": "上半年|下半年|半年(?=报|度)",
    "date": f"{_APART}({_Y})(?:(?P<stroke>[-./])({_M})(?P=stroke)({_DAY})|(0[1-9]|1[0-2])({_DAY}))(?: [0-9:]+)?{_END}",
    "dotted_months": f"{_APART}({_Y})[./]({_M})-({_M}){_END}",
    "year_month": f"{_APART}({_Y})(?:[-./]({_M})|(0[1-9]|1[0-2])){_END}",
    "year_quarter": f"{_APART}({_Y})[-/]?[Qq]([1-4]){_END}",
    "year_half": f"{_APART}({_Y})[-/]?[Hh]([12]){_END}",
    "whole_year": "全年|(?<![0-9一二三四五六七八九十])[本当]?年度?(?=计划|目标|任务)",
    "back": "(?<!以)(?:上|去|上一)年度?(?:同期|同月|同季)?|同期",
    "this": "[本当]月|[本当]季度?|[本当]期|本报告期|[本当今]年度?",
    "before": "(?<!以)上(?:个?月|个?季度|季|期)",
    "since_start": "历年|(?:开工|建镇|投产|成立|建设|立项|开业)(?:以来|至|到)",
    "cumulative": "累计|累积|至今|以来",
    "single": "单月|单季",
    "end": "(?<=[年月季度])(?:末|底)",
    "ending": "期末|时点|年终|(?:[月年]|季度?)[末底]",
    "opening": "(?:(?<=年)|[年月季期])初(?![中级步始期次至到以])",
    "part": "[上中下]旬",
    "as_of": "截[至止]",
}
_REMEMBERED = 200  # characters: the same heads and names come again and again, long texts do not
_WORD = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))
_HINT = re.compile("[年月季旬期末底今累单时Qq]|[0-9]{4}")


def folded(text: str) -> str:
    """*text* as the patterns read it: half-width, digits for numerals, one dash, no blanks but between digits."""
    return _folded(text) if len(text) <= _REMEMBERED else _folded.__wrapped__(text)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    text = _LOOSE_BLANKS.sub("", _BLANKS.sub(" ", half_width(text))).translate(_DASHES)
    text = _SPELT_YEAR.sub(lambda match: "".join(map(_DIGITS.__getitem__, match[0])), text)
    for _ in range(2):  # the second time for the first month of 一至五月
        text = _SPELT_NUMBER.sub(lambda match: _number(match[0]), text)
    return text


def found(text: str) -> tuple[Word, ...]:
    """The words of periods in a *folded* text, in order; none overlap."""
    return _found(text) if len(text) <= _REMEMBERED else _found.__wrapped__(text)


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[Word, ...]:
    text = _COMPARED.sub(lambda match: "|" * len(match[0]), text) if _HINT.search(text) else ""
    words = []
    for match in _WORD.finditer(text):
        kind = match.lastgroup or ""
        inside = (group.replace(" ", "") for group in match.groups()[match.lastindex or 0 :] if group)
        numbers = tuple(int(group) for group in inside if group.isdecimal())
        words.append(Word(kind, numbers, match[0], *match.span()))
    return tuple(words)


def _number(text: str) -> str:
    """`十二` → 12; at most 39, which is more than any month or day."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return "".join(_DIGITS[word] for word in text)
    return str(10 * int(_DIGITS.get(tens, "1" if not tens else "0")) + int(_DIGITS.get(ones, "0")))
