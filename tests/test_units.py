"""Units: spelling, conversion, and which words of a header are one."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.intake.units import convert, normal_unit, unit_in, units_in, without_unit

SPELLINGS = {
    "万元": ["万元", "万  元", " 万元 ", "人民币万元", "万元人民币"],
    "亿元": ["亿元", "亿 元"],
    "元": ["元", "人民币元", "元人民币", "￥", "¥"],
    "%": ["%", "％", " % ", "百分比"],
    "百分点": ["百分点", "个百分点"],
    "厘米": ["厘米", "cm", "CM"],
    "吨标准煤": ["吨标准煤", "吨标煤"],
    "平方米": ["平方米", "㎡", "m2", "M²", "平米", "平 方 米"],
    "公斤": ["公斤", "公  斤", "kg", "KG"],
    "千克": ["千克"],
    "千瓦时": ["千瓦时", "kWh"],
    "亿千瓦时": ["亿千瓦时"],
    "万重量箱": ["万重量箱"],
    "万平方米": ["万平方米", "万㎡"],
    "元/人": ["元/人", "元／人", "元 / 人"],
    "元/500克": ["元/500克"],
    "月·平方米": ["月·平方米"],
}


@pytest.mark.parametrize(("unit", "text"), [(unit, text) for unit, texts in SPELLINGS.items() for text in texts])
def test_a_unit_has_one_spelling(unit, text):
    assert normal_unit(text) == unit


@pytest.mark.parametrize(
    "text", ["", " ", "万", "亿", "产值", "一", "含税", "号", "/", "元/", "/元", "500克", "亿万元", "万年", "元" * 50]
)
def test_other_words_are_no_unit(text):
    assert normal_unit(text) is None


STATED = {
    "产值（万元）": ("万元",),
    "总投资\n（万元）": ("万元",),
    "总投资               (万元)": ("万元",),
    "平均人数(人）": ("人",),
    "（ 万元 ）": ("万元",),
    "增速(%)": ("%",),
    "增速（％）": ("%",),
    "完成投资占年计划%": ("%",),
    "本旬占月计划投资（%）": ("%",),
    "增长±%": ("%",),
    "比上年增减（±%）": ("%",),
    "开挖长度(m)": ("米",),
    "<yyyy>年1-<M>月": (),
    "单位：万元": ("万元",),
    "单位:户、人": ("户", "人"),
    "单位：亿元、%": ("亿元", "%"),
    "单位：万元  %": ("万元", "%"),
    "单  位：万  元": ("万元",),
    "(单位：万元)": ("万元",),
    "金额单位:万美元                  ": ("万美元",),
    "计量单位：万元": ("万元",),
    "单位：人民币（万元）": ("万元",),
    "单位：亿元    2024年5月": ("亿元",),
    "销售单价/(元/斤)": ("元/斤",),
    "人均（元/人）": ("元/人",),
    "人均产值 元/人": ("元/人",),
    "2023年末(万元/人)": ("万元/人",),
    "产值 万元": ("万元",),
    "产值，万元": ("万元",),
    "产值万元": ("万元",),
    "单价/元": ("元",),
    "2016年/万元": ("万元",),
    "硫酸（折100％）（万吨）": ("万吨",),
    "运动型多用途乘用车（SUV）（万辆）": ("万辆",),
    "一般公共预算支出（亿元）i": ("亿元",),
    "投资额（万元，含税）": ("万元",),
    "使用年限（年）": ("年",),
    "R&D人员（人年）": ("人年",),
    "户数（户": ("户",),  # a header wrapped over two cells
    "万元）": ("万元",),
    "亩": ("亩",),
}


@pytest.mark.parametrize(("text", "units"), STATED.items())
def test_a_header_states_its_units(text, units):
    assert units_in(text) == units
    assert unit_in(text) == (units[0] if len(units) == 1 else None)


NOT_STATED = """
    （一）|（含税）|（盖章）|填报单位（盖章）：|填报单位：县工信局|单位名称|合计（100项）|合同外资 （验资口径）
    农 户|本 期|年|月|次（月、时）|（个、私）|产值（月）|年产值500万元|超亿元|每百元营业收入中的成本
    单位产值能耗|〔2023〕30号|千克（个）|件（套）|袋（瓶、盒）|40公斤/袋
"""


@pytest.mark.parametrize("text", ["", *re.split(r"[|\n] *", NOT_STATED.strip()), "注：" + "说明（万元）" * 40])
def test_a_header_without_a_unit_states_none(text):
    assert units_in(text) == ()
    assert without_unit(text) == text


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("产值（万元）", "产值"),
        ("占比%", "占比"),
        ("工资总额(千元)/从业人员", "工资总额/从业人员"),
        ("产值 万元", "产值"),
        ("产值（单位：万元）", "产值"),
        ("万元", "万元"),
    ],
)
def test_a_label_is_left_without_its_unit(text, rest):
    assert without_unit(text) == rest


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("41200", "万元", "亿元", "4.12"),
        ("7.2", "亿元", "元", "720000000"),
        ("1.2", "万亿元", "亿元", "12000"),
        ("5359", "千元", "万元", "535.9"),
        ("3", "百万元", "万元", "300"),
        ("2.1", "万人", "人", "21000"),
        ("50", "名", "人", "50"),
        ("1.2", "万户", "户", "12000"),
        ("5", "‰", "%", "0.5"),
        ("3", "公斤", "吨", "0.003"),
        ("5", "千克", "公斤", "5"),
        ("1.5", "亩", "公顷", "0.1"),
        ("3", "亩", "平方米", "2000"),
        ("1000", "平方米", "亩", "1.5"),
        ("1", "亩", "平方米", "666.6666666666666666666666667"),
        ("1.2", "万元/人", "元/人", "12000"),
        ("5", "元/斤", "元/公斤", "10"),
        ("5", "元/500克", "元/公斤", "10"),
        ("1.23456789012345678901234567890", "亿元", "元", "123456789.012345678901234567890"),
    ],
)
def test_conversion_is_exact(value, unit, to, expected):
    assert convert(Decimal(value), unit, to) == Decimal(expected)


@pytest.mark.parametrize(
    ("unit", "to"),
    [
        ("户", "家"),
        ("户", "个"),
        ("家", "个"),
        ("%", "百分点"),
        ("元", "美元"),
        ("人", "人次"),
        ("元/人", "元"),
        ("亿元", "%"),
        ("", "元"),
    ],
)
def test_different_things_do_not_convert(unit, to):
    assert convert(Decimal(1), unit, to) is None


UNITS = st.sampled_from(
    [
        "元",
        "千元",
        "万元",
        "亿元",
        "万亿元",
        "人",
        "万人",
        "吨",
        "公斤",
        "公顷",
        "平方米",
        "户",
        "万户",
        "元/人",
        "万元/人",
        "%",
    ]
)


@given(st.decimals(-(10**15), 10**15, places=6), UNITS, UNITS)
def test_there_and_back_is_the_same_value(value, unit, to):
    there = convert(value, unit, to)

    assert there is None or convert(there, to, unit) == value


@given(st.text(max_size=60) | st.text("产值单位（）():：、/ 万亿千元户人%平方米年月", max_size=30))
def test_any_text_has_units_or_none_and_normalising_twice_changes_nothing(text):
    for unit in (normal_unit(text), *units_in(text)):
        assert unit is None or normal_unit(unit) == unit
    assert isinstance(without_unit(text), str)


def test_a_megabyte_of_text_is_no_unit():
    for text in ("（" * 1_000_000, "单位：" * 300_000, "万元" * 500_000):
        assert normal_unit(text) is None
        assert units_in(text) == ()
        assert without_unit(text) == text
