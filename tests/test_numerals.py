"""Numbers in text cells: what is read, and what is sent back. Expected values were worked out by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.intake.numerals import NotANumber, Number, read_number

NUMBERS = """
    0            0
    -0           0
    50           50
    123.00       123.00
    +5           5
    -5           -5
    －5          -5
    −3.5         -3.5
    –12          -12
    .5           0.5
    1,234.5      1234.5
    54,583.00    54583.00
    1，234       1234
    １２３       123
    ５０户       50         户
    50户         50         户
    13个         13         个
    3名          3          名
    60（户）     60         户
    50人次       50         人次
    5个月        5          个月
    12.5%        12.5       %
    12.5％       12.5       %
    5个百分点    5          百分点
    -0.4(百分点) -0.4       百分点
    40公斤/袋    40         公斤/袋
    7.2亿元      7.2        亿元
    41,200万元   41200      万元
    1.2万亿元    1.2        万亿元
    300元        300        元
    ￥7.2万      7.2        万元
    ¥100         100        元
    人民币7亿元  7          亿元
    1.2万        12000
    1.2万户      12000      户
    1.2万人      12000      人
    5万吨        50000      吨
    3千瓦        3          千瓦
    5千克        5          千克
    3百户        300        户
    1.2万亿      1200000000000
    2.5百万      2500000
    1亿2000万元  120000000  元
    1亿2千万     120000000
    3万5千       35000
    〇           0
    零           0
    十           10
    十二         12
    二十         20
    廿五         25
    两           2
    两千         2000
    一百零五     105
    一百二       120
    一百二十五   125
    两百五       250
    三万五       35000
    三万零五     30005
    一千五十     1050
    一万五百     10500
    二〇二四     2024
    五〇         50
    百万         1000000
    十亿         1000000000
    七亿二千万   720000000
    七亿二千万元 720000000  元
    柒亿贰仟万元整 720000000 元
    叁佰元       300        元
    十万元       100000     元
    一万亿       1000000000000
    一亿零五十   100000050
    二万亿三千万 2000030000000
    一户         1          户
    五十户       50         户
    五十千瓦     50         千瓦
    二十万零三百户 200300   户
    七点五       7.5
    零点五       0.5
    一点二亿     120000000
    三点一四万元 31400      元
    二十五点三万元 253000   元
    负3.5        -3.5
    负百分之三   -3         %
    百分之八十   80         %
    百分之百     100        %
    百分之12.5   12.5       %
    千分之五     5          ‰
    八成         80         %
    八成五       85         %
    3倍          3          倍
    半           0.5
    一半         0.5
"""


@pytest.mark.parametrize("line", NUMBERS.strip().splitlines())
def test_one_reading_is_read_exactly(line):
    text, value, *unit = line.split()

    assert read_number(text) == Number(Decimal(value), *unit)


NO_NUMBERS = """
    blank        - -- — —— － – / ／ \\ 无 暂无 不适用 不详 N/A
    tiny         … …… ...
    approximate  约60 大约60 60余 60多户 近80 60左右 上百 十几户 几百 数十户 1400余人
    approximate  三五户 五六十户 十五六户 一二 三成左右 ±5
    bounded      50户以上 ≥50 >50 ＜5 不低于50 超过60 500万元以下 至少3户 约50户以上 逾百户
    range        5-6 5~6万 21岁—49岁 30.00-50.00 14.00-18.00 五至六 3到5
    date         2024-06 2024.06.01 2024/6/30 2024年 2024年6月 5月 二〇二四年 3年
    code         007 00 0134 1234567890123456789012345678901
    words        已开工 (123) （1） 第3名 合计12项 25户（含规上3户） 同比增长5% 万元 百万元 % * $$ + . 亿
    words        1,23 1234,567 5. 0.5.1 1.2.3 12万3 1万2000 三万五元 一千零零五 一 —5
    words        1.2E+05 1e5 NaN Infinity -Infinity 1_000 0x10 ٣ ① ² ½
"""


@pytest.mark.parametrize(
    ("why", "text"), [(why, text) for why, *texts in map(str.split, NO_NUMBERS.strip().splitlines()) for text in texts]
)
def test_anything_else_says_why_it_is_no_number(why, text):
    assert read_number(text) == NotANumber(why)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("blank", ""),
        ("blank", " \u3000\xa0"),
        ("blank", " " * 1_000_000),
        ("date", "2024-06-30 08:00:00"),
        ("words", "1 234"),
        ("words", "1, 234"),
        ("code", "9" * 1_000_000),
        ("words", "一" * 1_000_000),
    ],
)
def test_blanks_inside_and_texts_without_end_are_no_numbers(why, text):
    assert read_number(text) == NotANumber(why)


def test_thirty_digits_are_read_without_rounding():
    digits = "123456789012345678901234567890"

    assert read_number(digits) == Number(Decimal(digits))
    assert read_number(digits[:20] + "." + digits[20:] + "亿") == Number(Decimal("1234567890123456789012345678.90"))


DECIMALS = st.decimals(-(10**12), 10**12, places=4, allow_nan=False).map(lambda value: value + 0)


@given(DECIMALS)
def test_every_decimal_reads_back_as_written(value):
    for text in (f"{value:f}", f"{value:,f}", f" {value:f}　", f"{value:f}".translate(FULL_WIDTH), f"{value:+f}"):
        assert read_number(text) == Number(value)


@given(DECIMALS, st.sampled_from(["户", "亿元", "%", "公斤/袋", "千瓦"]))
def test_every_unit_reads_back_behind_its_number(value, unit):
    assert read_number(f"{value:,f} {unit}") == Number(value, unit)


@given(st.integers(2, 10**13 - 1), st.booleans())
def test_every_integer_spelt_in_chinese_reads_back(number, formal):
    text = spelt(number)

    assert read_number(text.translate(FORMAL) if formal else text) == Number(Decimal(number))
    assert read_number(text + "户") == Number(Decimal(number), "户")


@given(st.text(max_size=80) | st.text("0123456789.,-%万亿千百十一二三零点半成约余多元户年月 /～至", max_size=40))
def test_any_text_is_a_number_or_has_a_reason(text):
    result = read_number(text)

    assert isinstance(result, NotANumber) or (result.value.is_finite() and len(result.value.as_tuple().digits) <= 43)


FULL_WIDTH = str.maketrans("0123456789,.-+", "０１２３４５６７８９，．－＋")
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


def spelt(number):
    """The standard spelling of a positive integer: 100000050 → 一亿零五十."""
    for unit, size in (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10)):
        if number >= size:
            many, rest = divmod(number, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return spelt(many) + unit + gap + (spelt(rest) if rest else "")
    return "零一二三四五六七八九"[number]
