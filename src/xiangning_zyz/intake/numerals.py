"""Numbers as offices write them in text cells: an exact decimal, or the reason why it is none.

Only what has one reading is read (CONTRACT §6: problems, never guesses). So `(123)` is no negative
number (here it numbers a line), `1 234` no grouping, and a lone `一` no 1: it is typed as a dash too.
"""

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from xiangning_zyz.intake.units import SCALES, is_money, normal_unit, split_scale
from xiangning_zyz.intake.widths import squeezed

Why = Literal["blank", "tiny", "approximate", "bounded", "range", "date", "code", "words"]


class Number(NamedTuple):
    """An exact number and the unit written behind it (canonical, see `units`); '' when none is written."""

    value: Decimal
    unit: str = ""


class NotANumber(NamedTuple):
    """Why a text is no number. All but `blank` and `tiny` are problems where a number is due.

    - `blank`: a mark for no value (nothing, `-`, `—`, `/`, `无` …), which differs from 0;
    - `tiny`: `…`, more than nothing but less than half a unit (the yearbooks' mark);
    - `approximate`: `约60`, `60余`; `bounded`: `50户以上`, `≥50`; `range`: `5-6`, `21岁—49岁`;
    - `date`: `2024-06`, `5月`; `code`: `007`, or more than 30 digits; `words`: the rest.
    """

    why: Why


_LONGEST = 64  # characters; no number is longer, and a page of text must cost nothing
_MOST_DIGITS = 30

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
_MINUS = str.maketrans("−﹣–‐‑负", "------")
_BLANK = re.compile(r"[-—―─]*|[/\\]+|(?:暂?无|无?数据|暂无数据|不适用|不详|N/A|NA)", re.IGNORECASE)
_TINY = re.compile(r"[…⋯]{1,2}|\.{3}")

# Two numbers, or one with blanks for separators: nobody can tell.
_APART = re.compile(r"[0-9０-９][,.，．]?\s+[,.，．]?[0-9０-９]")

_SIGNED = re.compile(r"(?P<sign>[+-]?)(?P<yuan>人民币|[¥￥])?(?P<rest>.+?)[整正]?")
_ARABIC = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?P<fraction>[0-9]+))?(?P<tail>[^0-9.,].*)?")
_STEP = re.compile(r"([0-9]{1,4})([十百千]?[万亿]|[百千])")
_ENCLOSED = re.compile(r"\((.+)\)")
_DATE_TAILS = frozenset("年月季日号")

_D = "[一二三四五六七八九]"
_DIGITS = "零一二三四五六七八九"
_SPELT = {
    **dict(zip(map(ord, "〇壹贰弍叁肆伍陆柒捌玖两拾佰仟萬億"), "零一二二三四五六七八九二十百千万亿", strict=True)),
    ord("廿"): "二十",
    ord("卅"): "三十",
}
_NUMERAL = re.compile(rf"[{_DIGITS}十百千万亿点]+")
_SECTION = re.compile(rf"(?:(?P<千>{_D})千)?零?(?:(?P<百>{_D})百)?零?(?:(?P<十>{_D}?)十)?(?P<ones>{_D})?")
_BY_DIGIT = re.compile(rf"(?=.*零|....)[{_DIGITS[1:]}][{_DIGITS}]+")
_DECIMAL = re.compile(rf"(?P<whole>[^点]+)点(?P<fraction>[{_DIGITS}]+)(?P<scale>[十百千]?[万亿]{{0,2}})")
_SHORTENED = re.compile(rf"(?P<said>.*(?P<last>[百千万亿]))(?P<digit>{_D})")
_NEXT_BELOW = {"百": "十", "千": "百", "万": "千", "亿": "千万"}
_SHARE = re.compile(r"(?P<of>[百千])分之(?P<number>.+)")
_TENTHS = re.compile(rf"(?P<tenths>{_D})成(?P<more>{_D})?")

# Only a figure with a word about it is more than words: 约60户, but no heading such as 限额以上零售额.
_N = "(?:[0-9][0-9,.]*[万亿千百十]*|[一二两三四五六七八九十百千万亿]+)"
_UNIT = r"[^0-9]{0,4}"
_TO = "[-~—―～至到]"
_ABOUT = "(?:大?约|大概|估计|预计|将?近|接近|±|[上数几](?=[十百千万亿]))"
_BOUND = "(?:[<>≥≤≧≦]=?|不?[低高少大小多]于|至[少多]|最[少多]|不?超过?|突破|逾|不[足到满])"
# In this order: `约50户以上` is bounded, `1-5月` no range of figures.
_REASONS: tuple[tuple[Why, re.Pattern[str]], ...] = (
    ("date", re.compile(r"(?:19|20)[0-9]{2}[-./][0-9]{1,2}(?:[-./ ].{0,12})?|[0-9〇零○一二三四五六七八九]{4}年.{0,8}")),
    ("date", re.compile(rf"[0-9十一二三四五六七八九]{{1,3}}(?:月?{_TO}+[0-9]{{1,2}})?[年月].{{0,4}}")),
    ("code", re.compile(rf"[+-]?0[0-9][0-9,-]*|[0-9]{{{_MOST_DIGITS + 1},}}")),
    ("bounded", re.compile(rf"{_ABOUT}?(?:{_BOUND}{_N}{_UNIT}|{_N}{_UNIT}(?:以[上下内外]|之内))")),
    ("approximate", re.compile(rf"{_ABOUT}+{_N}{_UNIT}|{_ABOUT}?{_N}(?:[余多来几]{_UNIT}|{_UNIT}(?:左右|上下|许))")),
    ("approximate", re.compile(rf"十?{_D}{_D}[十百千万亿]*[^0-9]{{0,2}}")),
    ("range", re.compile(rf"{_N}{_UNIT}{_TO}+{_N}{_UNIT}")),
)


def read_number(text: str) -> Number | NotANumber:
    """Read *text* as one number.

    `1,234.5` → 1234.5; `7.2亿元` → 7.2 亿元; `1.2万户` → 12000 户; `七亿二千万` → 720000000;
    `百分之八十` → 80 %. A scale stays with a money unit and is multiplied out everywhere else.
    """
    if _PLAIN.fullmatch(text):
        return Number(_unsigned_zero(Decimal(text)))
    text = text.strip()
    if len(text) > _LONGEST:
        return NotANumber("code" if text.isdigit() else "words")
    apart = _APART.search(text)
    text = squeezed(text).translate(_MINUS)
    if apart:
        return NotANumber(_why(text))
    if _BLANK.fullmatch(text):
        return NotANumber("blank")
    if _TINY.fullmatch(text):
        return NotANumber("tiny")
    return _signed(text) or NotANumber(_why(text))


def _signed(text: str) -> Number | None:
    match = _SIGNED.fullmatch(text)
    if match is None or text == "一":
        return None
    rest = match["rest"]
    if match["yuan"] and not rest.endswith("元"):
        rest += "元"
    number = _arabic(rest) or _in_steps(rest) or _chinese(rest.translate(_SPELT))
    if number and match["sign"] == "-":
        return Number(_unsigned_zero(number.value.copy_negate()), number.unit)
    return number


def _arabic(text: str) -> Number | None:
    """`1,234.5`, `.5`, `7.2亿元`, `50户`, `0.4(百分点)`."""
    match = _ARABIC.fullmatch(text)
    if match is None:
        return None
    whole, fraction = match["whole"].replace(",", ""), match["fraction"] or ""
    if not 0 < len(whole + fraction) <= _MOST_DIGITS or (len(whole) > 1 and whole[0] == "0"):
        return None
    return _with_tail(Decimal(f"{whole or 0}.{fraction}"), match["tail"] or "")


def _with_tail(value: Decimal, tail: str) -> Number | None:
    """*value* with what stands behind it: nothing, a scale, or a unit; None for anything else."""
    if not tail:
        return Number(value)
    if tail in SCALES:
        return Number(_times(value, SCALES[tail]))
    enclosed = _ENCLOSED.fullmatch(tail)
    unit = normal_unit(enclosed[1] if enclosed else tail)
    if unit is None or unit in _DATE_TAILS:
        return None
    scale, base = split_scale(unit)
    return Number(value, unit) if is_money(base) else Number(_times(value, scale), base)


def _in_steps(text: str) -> Number | None:
    """`1亿2000万元`, `3万5千`: digits before each of several falling scales."""
    value, ceiling, at = 0, 10**_MOST_DIGITS, 0
    while step := _STEP.match(text, at):
        scale = SCALES[step[2]]
        amount, at = int(step[1]) * scale, step.end()
        if amount >= ceiling:
            return None
        value, ceiling = value + amount, scale
    return _with_tail(Decimal(value), text[at:]) if value and not text[at : at + 1].isdigit() else None


def _chinese(text: str) -> Number | None:
    """`七亿二千万元`, `一点二亿`, `五十户`, `百分之八十`, `八成`, `半`; digits already in their simple form."""
    if text in ("半", "一半"):
        return Number(Decimal("0.5"))
    if share := _SHARE.fullmatch(text):
        number = (
            Number(Decimal(100)) if share["number"] == "百" else _arabic(share["number"]) or _chinese(share["number"])
        )
        return Number(number.value, "%" if share["of"] == "百" else "‰") if number and not number.unit else None
    if tenths := _TENTHS.fullmatch(text):
        return Number(Decimal(10 * _DIGITS.index(tenths["tenths"]) + _DIGITS.index(tenths["more"] or "零")), "%")
    numeral = _NUMERAL.match(text)
    last = numeral.end() if numeral else 0
    # A unit may begin like a numeral, with one character: 五十千瓦.
    for end in range(last, max(last - 2, 0), -1):
        value = _spelt(text[:end]) if text[end:] else _spelt(_in_full(text))
        number = None if value is None else _with_tail(value, text[end:])
        if number:
            return number
    return None


def _in_full(text: str) -> str:
    """What people shorten when nothing follows: 三万五 → 三万五千, 百万 → 一百万."""
    if match := _SHORTENED.fullmatch(text):
        text = text + _NEXT_BELOW[match["last"]]
    return "一" + text if len(text) > 1 and text[0] in "百千" else text


def _spelt(text: str) -> Decimal | None:
    """The value of a spelt numeral; None when it breaks the rules of spelling."""
    if _BY_DIGIT.fullmatch(text):
        return Decimal("".join(str(_DIGITS.index(word)) for word in text))
    if match := _DECIMAL.fullmatch(text):
        whole = _whole(match["whole"])
        scale = SCALES.get(match["scale"], None if match["scale"] else 1)
        if whole is None or scale is None:
            return None
        fraction = "".join(str(_DIGITS.index(word)) for word in match["fraction"])
        return _times(Decimal(f"{whole}.{fraction}"), scale)
    whole = _whole(text)
    return None if whole is None else Decimal(whole)


def _whole(text: str) -> int | None:
    """`七亿二千万` → 720000000; a lone digit after a larger scale needs its 零 (三万零五)."""
    for word, size in (("亿", 10**8), ("万", 10**4)):
        head, scale, tail = text.rpartition(word)
        if scale:
            many = _whole(head) if word not in head else None
            rest = _whole(tail.removeprefix("零")) if len(tail) > 1 else 0 if not tail else None
            return many * size + rest if many and rest is not None and rest < size else None
    return _section(text)


def _section(text: str) -> int | None:
    """A numeral below 10000."""
    match = _SECTION.fullmatch(text)
    if text == "零":
        return 0
    if match is None or not text or text[0] == "零" or "零零" in text or text[-1] == "零":
        return None
    ones = match["ones"] or ""
    if ones and text[-2:-1] not in ("", "零", "十"):
        return None  # 一百五 is 150 and not 105; `_in_full` has seen to it where nothing follows
    tens = 0 if match["十"] is None else _DIGITS.index(match["十"] or "一")
    thousands, hundreds = (_DIGITS.index(match[unit] or "零") for unit in "千百")
    return 1000 * thousands + 100 * hundreds + 10 * tens + _DIGITS.index(ones or "零")


def _times(value: Decimal, scale: int) -> Decimal:
    """*value* times a power of ten, exactly, and without an exponent."""
    sign, digits, exponent = value.as_tuple()
    shifted = Decimal((sign, digits, int(exponent) + len(str(scale)) - 1))
    return Decimal(format(shifted, "f"))


def _unsigned_zero(value: Decimal) -> Decimal:
    return value.copy_abs() if value.is_zero() else value


def _why(text: str) -> Why:
    return next((why for why, pattern in _REASONS if pattern.fullmatch(text)), "words")
