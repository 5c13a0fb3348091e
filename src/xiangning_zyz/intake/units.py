"""Units of measure as offices write them: spelling, conversion, and where a header states one.

A unit is a scale and a base (万 + 元), or several of these with strokes between (元/人). Bases of one
family convert. Whatever is counted is a family of its own: 户, 家 and 个 count different things.
"""

import re
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from xiangning_zyz.intake.widths import half_width, squeezed

SCALES = {
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
_FAMILIES = {
    "money": {"元": "1", "角": "1/10"},
    "share": {"%": "1", "‰": "1/10"},
    "persons": {"人": "1", "名": "1"},
    "mass": {"公斤": "1", "千克": "1", "吨": "1000", "斤": "1/2", "克": "1/1000", "毫克": "1/1000000"},
    # 1 公顷 = 15 亩, so a 亩 is no finite number of 平方米.
    "area": {"平方米": "1", "亩": "2000/3", "公顷": "10000", "平方公里": "1000000", "平方千米": "1000000"},
    "length": {"米": "1", "公里": "1000", "千米": "1000", "厘米": "1/100", "毫米": "1/1000"},
    "volume": {"立方米": "1", "升": "1/1000", "毫升": "1/1000000"},
    "energy": {"千瓦时": "1", "千瓦小时": "1"},
    "power": {"千瓦": "1", "瓦": "1/1000", "兆瓦": "1000"},
}
_MEASURED = {base: (family, Fraction(size)) for family, sizes in _FAMILIES.items() for base, size in sizes.items()}
_CURRENCIES = frozenset(("元", "美元", "港元", "日元", "欧元", "英镑"))
_COUNTED_BY_CHARACTER = (
    "户家个件台套辆艘架头只匹羽株棵条张份册本篇部幅项宗起例次场期批处座栋幢间所"
    "口眼面块片根支把瓶袋盒包箱桶罐卷双对组扇孔门担床倍度位"
)
# 百分点 is no %: a rise from 1 % to 2 % is one 百分点, and a rise of 100 %.
_COUNTED_BY_WORD = (
    "人次 人天 人年 车次 班次 架次 户次 家次 件次 批次 人公里 吨公里 工日 工时 床位 重量箱 标准箱 标箱 标台"
    " 千伏安 吨标准煤 百分点 千分点"
)
_COUNTED = frozenset(_COUNTED_BY_CHARACTER) | frozenset(_COUNTED_BY_WORD.split()) | _CURRENCIES
_TIMES = frozenset(("年", "月", "个月", "季", "周", "天", "小时", "分钟", "学年", "学期", "课时", "学时"))
_SAME = {
    "㎡": "平方米",
    "m2": "平方米",
    "m²": "平方米",
    "平米": "平方米",
    "㎥": "立方米",
    "m3": "立方米",
    "m³": "立方米",
    "㎞": "公里",
    "km": "公里",
    "m": "米",
    "cm": "厘米",
    "mm": "毫米",
    "t": "吨",
    "吨标煤": "吨标准煤",
    "±%": "%",
    "+-%": "%",
    "km2": "平方公里",
    "km²": "平方公里",
    "㎏": "公斤",
    "kg": "公斤",
    "kw": "千瓦",
    "mw": "兆瓦",
    "kwh": "千瓦时",
    "¥": "元",
    "￥": "元",
    "圆": "元",
    "元人民币": "元",
    "百分比": "%",
    "百分数": "%",
    "个百分点": "百分点",
}

_LED = re.compile(r"(?P<count>[1-9][0-9]{0,3})?(?P<scale>[十百千]?[万亿]{1,2}|[百千])?(?P<base>.+)")
_WIDE = Context(prec=120)  # more than any figure (30 + 30 digits) times any ratio needs
_ORDINARY = Context(prec=28)
_STROKES = re.compile(r"([/·*])")
_LONGEST_UNIT = 20
# A header is a few words; a unit in a longer note belongs to the note's own numbers.
_LONGEST_HEADER = 200

_CAPTION = re.compile(r"[(【\[]?(?:计量|金额|数量|货币|面积)? ?单 *位 ?: ?(?P<said>[^()\[\]【】]+)[)】\]]?")
_BRACKETED = re.compile(r"[(\[{<【〔](?P<said>[^()\[\]{}<>【】〔〕]{1,24})(?:[)\]}>】〕]|$)|^(?P<tail>[^()]{1,10})\)")
_LIST = re.compile(r"[、,;和及]")
_BEFORE_UNIT = re.compile(r"[,/; ] *")
_AMOUNT = re.compile(r"[0-9.]+[^0-9/年月季]{1,3}/")  # 40公斤/袋 is an amount, not a header with a unit
# `增速%`, `产值万元`; but not the unit of a number (500万元, 超亿元) or of a rate (每万元).
_GLUED = re.compile(r"(?<![0-9.每一二三四五六七八九十百千万亿两数几超过上达破逾近])(?:%|‰|(?:千|万|百万|亿)元)$")
# In brackets these tell how often, not how much: 产值（月）.
_FREQUENCIES = frozenset("月季周")


def normal_unit(text: str) -> str | None:
    """The canonical spelling of a unit as written; None when *text* is no unit.

    `万  元` → 万元, `％` → %, `㎡` → 平方米, `元／人` → 元/人. Words are kept: 千克 stays 千克.
    """
    return None if len(text) > 4 * _LONGEST_UNIT else _normal(text)


def convert(value: Decimal, unit: str, to: str) -> Decimal | None:
    """*value* in *unit* expressed in the unit *to*; None when they measure different things.

    Exact whenever the result is a finite decimal; else (亩 to 平方米) right to 28 digits. A step of the
    decimal point keeps the digits that were reported: 41200 万元 is 4.1200 亿元.
    """
    ratio, places = _step(unit, to)
    if ratio is None:
        return None
    if places is not None:
        return value.scaleb(places, _WIDE)
    exact = _WIDE.divide(_WIDE.multiply(value, ratio.numerator), ratio.denominator)
    return _ORDINARY.plus(exact) if len(exact.as_tuple().digits) == _WIDE.prec else exact


@lru_cache(maxsize=1024)
def _step(unit: str, to: str) -> tuple[Fraction | None, int | None]:
    """How many *to* one *unit* is, and the n if that is 10ⁿ; None when they measure different things."""
    have, want = _measure(unit), _measure(to)
    if have is None or want is None or have[0] != want[0]:
        return None, None
    ratio = have[1] / want[1]
    return ratio, _power_of_ten(ratio)


def _power_of_ten(ratio: Fraction) -> int | None:
    """The n of 10ⁿ; None for any other ratio."""
    for sign, power, rest in ((1, ratio.numerator, ratio.denominator), (-1, ratio.denominator, ratio.numerator)):
        if rest == 1 and (written := str(power)).strip("0") == "1":
            return sign * (len(written) - 1)
    return None


def unit_in(text: str) -> str | None:
    """The one unit a header or caption states; None when it states none, or several."""
    units = units_in(text)
    return units[0] if len(units) == 1 else None


def units_in(text: str) -> tuple[str, ...]:
    """Every unit a header or caption states, in order.

    `总投资（万元）`, `增速(%)`, `单位：户、人` (two), `人均 元/人`, `占计划%`, or the unit alone. Brackets that
    hold no unit (`（一）`, `（含税）`) state none.
    """
    stated = None if len(text) > _LONGEST_HEADER else _stated(text)
    return stated.units if stated else ()


def without_unit(text: str) -> str:
    """*text* without the unit it states: `产值（万元）` → `产值`; a text that is only a unit stays."""
    stated = None if len(text) > _LONGEST_HEADER else _stated(text)
    if stated is None:
        return text
    rest = text[: stated.start] + text[stated.end :]
    return rest if rest.strip() else text


def split_scale(unit: str) -> tuple[int, str]:
    """A canonical unit as scale and base: 万户 → (10000, 户), 千克 → (1, 千克), 元/人 → (1, 元/人)."""
    led = None if _base(unit) else _LED.fullmatch(unit)
    if led is None or not led["scale"] or _base(led["base"]) is None:
        return 1, unit
    return SCALES[led["scale"]], led["base"]


def differ_in_scale(one: str, other: str) -> bool:
    """Whether two units measure the same in other sizes (万元, 亿元), so that one of them must be wrong."""
    return _step(one, other)[0] not in (None, 1)


def scaled_twice(written: str, unit: str) -> bool:
    """Whether a number with a 万 or 亿 but no unit of its own stands where *unit* has its scale, too.

    `1.2亿` under 万元 may be 1.2 亿元, or 1.2 亿 times 万元 by who thinks of the head.
    """
    return ("万" in written or "亿" in written or "萬" in written or "億" in written) and split_scale(unit)[0] > 1


def is_money(unit: str) -> bool:
    """Whether *unit*, without scale, is a currency."""
    return unit in _CURRENCIES


class _Part(NamedTuple):
    spelling: str
    family: str
    size: Fraction  # in the family's first member


@lru_cache(maxsize=4096)
def _normal(text: str) -> str | None:
    parts = _parts(squeezed(text))
    return "".join(part if isinstance(part, str) else part.spelling for part in parts) if parts else None


@lru_cache(maxsize=1024)
def _measure(unit: str) -> tuple[str, Fraction] | None:
    """What *unit* measures, as families with strokes between, and how large one of it is."""
    family, size, divides = "", Fraction(1), False
    parts = _parts(squeezed(unit)) if len(unit) <= 4 * _LONGEST_UNIT else None
    for part in parts or ():
        if isinstance(part, str):
            family, divides = family + part, divides or part == "/"
        else:
            family += part.family
            size = size / part.size if divides else size * part.size
    return (family, size) if parts else None


def _parts(text: str) -> tuple[_Part | str, ...] | None:
    """The parts of a unit and the strokes between them; None when one of them is no unit."""
    if not 0 < len(text) <= _LONGEST_UNIT:
        return None
    parts: list[_Part | str] = []
    for piece in _STROKES.split(text):
        if piece and piece in "/·*":
            parts.append(piece)
            continue
        part = _base(piece) or _led(piece, below_stroke="/" in parts)
        if part is None:
            return None
        parts.append(part)
    return tuple(parts)


def _base(text: str) -> _Part | None:
    text = _SAME.get(text if len(text) == 1 else text.lower(), text)  # m is a unit, `<M>` a blank to fill in
    if text in _MEASURED:
        return _Part(text, *_MEASURED[text])
    return _Part(text, text, Fraction(1)) if text in _COUNTED or text in _TIMES else None


def _led(text: str, *, below_stroke: bool) -> _Part | None:
    """A base led by a scale (万元), by its currency (人民币万元) or, below a stroke, by a number (元/500克)."""
    match = _LED.fullmatch(text.removeprefix("人民币"))
    if match is None or (match["count"] and not below_stroke):
        return None
    count, scale, base = match["count"] or "", match["scale"] or "", _base(match["base"])
    if base is None or (scale and (scale not in SCALES or base.family in _TIMES)):
        return None
    return _Part(count + scale + base.spelling, base.family, base.size * int(count or 1) * SCALES.get(scale, 1))


class _Stated(NamedTuple):
    units: tuple[str, ...]
    start: int  # where in the text the statement begins and ends
    end: int


@lru_cache(maxsize=4096)
def _stated(text: str) -> _Stated | None:
    folded = half_width(text)
    alone = normal_unit(folded)
    if alone is not None:
        return None if alone in _TIMES else _Stated((alone,), 0, len(text))
    return _captioned(folded) or _bracketed(folded) or _trailing(folded)


def _captioned(text: str) -> _Stated | None:
    """`单位：万元`, `(计量单位：户、人)`; what follows 填报单位： is no unit, so nothing is found."""
    for match in _CAPTION.finditer(text):
        if units := _leading_units(match["said"]):
            return _Stated(units, match.start(), match.end())
    return None


def _leading_units(text: str) -> tuple[str, ...]:
    """The units that *text* begins with: `户、人`, `亿元  2024年5月` (one)."""
    units: list[str] = []
    for piece in _LIST.split(text):
        for word in [piece] if normal_unit(piece) else piece.split():
            unit = normal_unit(word)
            if unit is None:
                return tuple(units)
            units.append(unit)
    return tuple(units)


def _bracketed(text: str) -> _Stated | None:
    """The last brackets that hold a unit: `烧碱（折100％）（万吨）` → 万吨."""
    for match in reversed(list(_BRACKETED.finditer(text))):
        said = [normal_unit(piece) for piece in _LIST.split(match["said"] or match["tail"])]
        # Beside other words only a unit of several characters is sure: （万元，含税）, but not （个、私）.
        units = tuple(unit for unit in said if unit and (len(unit) > 1 or None not in said))
        beside = text[: match.start()] + text[match.end() :]  # 千克（个）: counted either way, so neither is stated
        if units and not _FREQUENCIES.issuperset(units) and normal_unit(beside) is None:
            return _Stated(units, match.start(), match.end())
    return None


def _trailing(text: str) -> _Stated | None:
    """A unit at the end, set off (`单价/元`, `人均 元/人`) or unmistakable (`占比%`)."""
    if _AMOUNT.match(text):
        return None
    for match in _BEFORE_UNIT.finditer(text):
        unit = normal_unit(text[match.end() :])
        if unit and unit not in _TIMES and (match[0].strip() or _unmistakable(unit)):
            return _Stated((unit,), match.start(), len(text))
    glued = _GLUED.search(text.rstrip())
    return _Stated((glued[0],), glued.start(), len(text)) if glued else None


def _unmistakable(unit: str) -> bool:
    """Whether a blank before *unit* sets it off, and is no letter-spacing (`农 户`)."""
    measure = _measure(unit)
    return unit in "%‰" or (len(unit) > 1 and measure is not None and ("/" in unit or measure[0] in _FAMILIES))
