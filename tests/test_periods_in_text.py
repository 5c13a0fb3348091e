"""What a text says about period and basis, and how the texts around a value complete each other.

Headers and file names marked S are from the public sheets described in the notes on spreadsheet patterns.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.intake.periods import Said, complete, disagree, label, said, to_period, without_period
from xiangning_zyz.period import Period

ALONE = """
    2016年5月                        | 2016年5月     | 2016-05 -
    2016年5月份                      | 2016年5月     | 2016-05 -
    2016年1-5月                      | 2016年1-5月   | 2016-05 cumulative
    2016年1—5月份                    | 2016年1-5月   | 2016-05 cumulative
    2016年1至5月社会品消费品零售总额 | 2016年1-5月   | 2016-05 cumulative
    2016年1月-2016年5月              | 2016年1-5月   | 2016-05 cumulative
    2016年前5个月                    | 2016年1-5月   | 2016-05 cumulative
    二〇一六年一至五月               | 2016年1-5月   | 2016-05 cumulative
    2016年1、2月                     | 2016年1-2月   | 2016-02 cumulative
    2016年1-12月                     | 2016年1-12月  | 2016-12 cumulative
    2016年4-6月                      | 2016年4-6月   | 2016-Q2 single
    2016年8月至12月                  | 2016年8-12月  | -
    2016.1-5                         | 2016年1-5月   | 2016-05 cumulative
    2024-06                          | 2024年6月     | 2024-06 -
    截至2024.6                       | 2024年6月     | 2024-06 -
    2024/6                           | 2024年6月     | 2024-06 -
    202406                           | 2024年6月     | 2024-06 -
    24年6月                          | 2024年6月     | 2024-06 -
    2024.6月                         | 2024年6月     | 2024-06 -
    20 24 年 6 月                    | 2024年6月     | 2024-06 -
    二○二四年六月                    | 2024年6月     | 2024-06 -
    ２０２４年６月                   | 2024年6月     | 2024-06 -
    工信局_202406                    | 2024年6月     | 2024-06 -
    附件1 2024年1-5月                | 2024年1-5月   | 2024-05 cumulative
    2024年6月当月数                  | 2024年6月     | 2024-06 single
    2024年6月累计                    | 2024年1-6月   | 2024-06 cumulative
    2024年6月末                      | 2024年6月     | 2024-06 point
    2024年6月30日                    | 2024年6月     | 2024-06 point
    2024-06-30                       | 2024年6月     | 2024-06 point
    20240630                         | 2024年6月     | 2024-06 point
    截至2024年6月15日                | 2024年6月     | 2024-06 point
    截至2024年6月底                  | 2024年6月     | 2024-06 point
    至2024年6月底累计                | 2024年1-6月   | 2024-06 cumulative
    2024年7月5日                     | 2024年7月     | 2024-07 -
    2024年上半年                     | 2024年上半年  | 2024-H1 -
    2024年下半年                     | 2024年下半年  | 2024-H2 -
    2016年居民可支配收入（半年报）   | 2016年上半年  | 2016-H1 -
    2024-H1                          | 2024年上半年  | 2024-H1 -
    2024年上半年累计                 | 2024年上半年  | 2024-06 cumulative
    2024年二季度                     | 2024年二季度  | 2024-Q2 -
    2024年第二季度                   | 2024年二季度  | 2024-Q2 -
    2024年2季度                      | 2024年二季度  | 2024-Q2 -
    2024Q2                           | 2024年二季度  | 2024-Q2 -
    2024年二季度累计                 | 2024年上半年  | 2024-06 cumulative
    2024年前三季度                   | 2024年1-9月   | 2024-09 cumulative
    2024年1-3季度                    | 2024年1-9月   | 2024-09 cumulative
    2024年                           | 2024年        | 2024 -
    2024年度                         | 2024年        | 2024 -
    20   16 年                       | 2016年        | 2016 -
    2024年全年                       | 2024年        | 2024-12 cumulative
    2024年末                         | 2024年        | 2024-12 point
    2024年年底                       | 2024年        | 2024-12 point
    2010年度计划投资额               | 2010年        | 2010-12 cumulative
    至2009年底累计                   | 2009年        | 2009-12 cumulative
    2010年8月上旬                    | 2010年8月上旬 | -
    2016年初                         | -             | -
    2024年开工以来累计               | 2024年        | -
"""
TITLES = """
    1、I41000_2016年二季度                                         | 2016年二季度
    2016年5月L 限上商品零售类值                                    | 2016年5月
    6月__2016年1至5月社会品消费品零售总额（全省）                  | 2016年1-5月
    129_2024年1—5月份全国固定资产投资增长4.0%_2024-06-17           | 2024年1-5月
    143_2024年1月份居民消费价格环比上涨0.3%_2024-02-08             | 2024年1月
    2010年全市在建重点项目分级管理完成情况表（1-3月）              | 2010年1-3月
    综合机关名称：神农架林区（企业单位，2016年）表号：I301-4       | 2016年
    2016年比2015年增长                                             | 2016年
"""
SILENT = """
    3.1|14.00-18.00|09.10-11.3|2024|3701|007|1101010101|1592-28|GB1840-2010 962|乡政办发〔2023〕30号|第三部分
    时间：最近10年|时间：最近12季度|时间：最近36个月|五年计划|3月龄|一季稻|月·平方米|每月|小学1-2年级|42度12年白云边
    2009-2011|2009-2011年|2009年-2011年|2015年和2016年|2007.10-2010.12|2023年6月-2024年5月|截至目前
    上年同月=100|上月=100|同比增长|环比|比上年同期增长(%)|较年初增加|占月计划投资（%）|完成投资占年计划%|与去年同期相比|产值（亿元）|县工信局
"""


def rows(table):
    return [re.split(r" *\| *", line.strip()) for line in table.strip().splitlines()]


def words(period):
    return "-" if period is None else f"{period[0]} {period[1] or '-'}"


@pytest.mark.parametrize(("text", "spelt", "period"), rows(ALONE))
def test_one_text_states_a_period_and_its_basis(text, spelt, period):
    assert (label(said(text)) or "-", words(to_period(said(text)))) == (spelt, period)


@pytest.mark.parametrize(("text", "spelt"), rows(TITLES))
def test_a_title_speaks_of_the_months_beside_its_year(text, spelt):
    assert label(said(text)) == spelt


@pytest.mark.parametrize("text", ["", *re.split(r"[|\n] *", SILENT.strip()), "2024年6月" * 100])
def test_what_only_looks_like_a_period_states_none(text):
    assert said(text) is None


def test_bare_digits_that_could_be_a_figure_need_a_header_that_expects_a_date():
    assert [said(text) for text in ("2024", "2024.6", "2073.7")] == [None] * 3
    assert said("2024", year_alone=True) == Said(year=2024)
    assert said("2024.6", year_alone=True) == Said(year=2024, first=6, last=6)
    assert [said(text, year_alone=True) for text in ("3701", "2024.60", "14.6")] == [None] * 3


def test_relative_words_wait_for_the_period_around_them():
    assert said("本月") == Said(relative="本月", basis="single")
    assert said("1-本月") == Said(first=1, basis="cumulative")
    assert said("上年同期") == Said(years_back=1)
    assert said("期末") == Said(basis="point")
    assert said("本期数") == Said(relative="本期")  # states a basis for stocks only
    assert [label(said(text)) for text in ("本月", "1-本月", "上年同期", "上年末", "5月")] == [
        None,
        None,
        None,
        None,
        "5月",
    ]


AROUND = """
    本月 < 2016年5月                     | 2016年5月    | 2016-05 single
    本月增速(%) < 2016年5月              | 2016年5月    | 2016-05 single
    1-本月 < 2016年5月                   | 2016年1-5月  | 2016-05 cumulative
    累计增速(%) < 2016年5月              | 2016年1-5月  | 2016-05 cumulative
    本月累计 < 2016年5月                 | 2016年1-5月  | 2016-05 cumulative
    增速(%) < 2016年上半年               | 2016年上半年 | 2016-H1 -
    5月 < 2024年1—5月份                  | 2024年5月    | 2024-05 -
    1—5月 < 2024年5月份                  | 2024年1-5月  | 2024-05 cumulative
    上年同期 < 1-5月 < 2016年            | 2015年1-5月  | 2015-05 cumulative
    同期 < 5月 < 2024年                  | 2023年5月    | 2023-05 -
    上年 < 当月 < 2024年6月              | 2023年6月    | 2023-06 single
    上年同月 < 2024年1-5月               | 2023年5月    | 2023-05 single
    去年累计 < 2024年6月                 | 2023年1-6月  | 2023-06 cumulative
    2015年 < 1-5月 < 2016年报表          | 2015年1-5月  | 2015-05 cumulative
    2015年同期 < 2016年1-5月             | 2015年1-5月  | 2015-05 cumulative
    上月 < 2024年1月                     | 2023年12月   | 2023-12 single
    上月累计 < 2024年6月                 | 2024年1-5月  | 2024-05 cumulative
    上月累计 < 2024年1月                 | 2023年1-12月 | 2023-12 cumulative
    上季 < 2024年一季度                  | 2023年四季度 | 2023-Q4 single
    上期 < 2024年二季度                  | 2024年一季度 | 2024-Q1 -
    本季 < 2024年6月                     | 2024年二季度 | 2024-Q2 single
    1-本季 < 2024年二季度                | 2024年上半年 | 2024-06 cumulative
    累计值 < 2019年第三季度              | 2019年1-9月  | 2019-09 cumulative
    当季值 < 2019年第三季度              | 2019年三季度 | 2019-Q3 single
    期末人数 < 2016年二季度              | 2016年二季度 | 2016-06 point
    年末人数 < 2016年                    | 2016年       | 2016-12 point
    上年末 < 2024年6月                   | 2023年       | 2023-12 point
    5月 < 累计 < 2016年                  | 2016年1-5月  | 2016-05 cumulative
    累计 < 5月 < 2016年                  | 2016年1-5月  | 2016-05 cumulative
    本月 < 累计 < 2016年5月              | 2016年5月    | 2016-05 single
    5月 < 2016年1-5月                    | 2016年5月    | 2016-05 -
    2009年累计完成投资 < 2010年1-3月     | 2009年       | 2009-12 cumulative
    2010年计划投资 < 2010年1-3月         | 2010年       | 2010-12 cumulative
    2010年实际完成情况 < 2010年1-3月     | 2010年1-3月  | 2010-03 cumulative
    年度计划投资 < 2010年1-3月           | 2010年       | 2010-12 cumulative
    8月至12月计划投资额 < 2010年         | 2010年8-12月 | -
    上旬 < 8月 < 2010年                  | 2010年8月上旬 | -
    年初 < 2024年6月                     | -            | -
    开工以来累计 < 2024年1-6月           | 2024年1-6月  | -
    当月累计 < 2024年1-6月               | 2024年6月    | 2024-06 -
    本月 < 2016年                        | -            | -
    本年 < 1-本月 < 2019年10月           | 2019年1-10月 | 2019-10 cumulative
    1-本月 < 2016年 < 5月                | 2016年1-5月  | 2016-05 cumulative
    本期价格 < 2024年6月上旬             | 2024年6月上旬 | -
    产值 < 2016年                        | 2016年       | 2016 -
    产值 < 工业                          | -            | -
"""


@pytest.mark.parametrize(("texts", "spelt", "period"), rows(AROUND))
def test_inner_words_win_and_outer_words_complete_them(texts, spelt, period):
    whole = complete(*map(said, texts.split(" < ")))

    assert (label(whole) or "-", words(to_period(whole))) == (spelt, period)


def test_a_title_that_names_another_month_or_year_is_a_contradiction():
    sheet = said("2016年1-6月")

    assert disagree(sheet, said("2016年1至5月社会品消费品零售总额"))
    assert disagree(sheet, said("2015年"))
    assert not disagree(sheet, said("2016年6月"))  # 1-6月 ends in June
    assert not disagree(sheet, said("2016年"))
    assert not disagree(sheet, None)
    assert not disagree(said("本月"), sheet)


def test_from_january_single_and_cumulative_are_the_same_number():
    assert [said(text).from_january for text in ("上半年", "一季度", "1月", "1-5月", "累计")] == [True] * 5
    assert [said(text).from_january for text in ("二季度", "下半年", "6月", "2024年", "本月")] == [False] * 5


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("本月产值", "产值"),
        ("5月份产值", "产值"),
        ("产值（1-6月累计）", "产值"),
        ("产值累计值", "产值"),
        ("上年同期产值", "产值"),
        ("2024年6月产值（亿元）", "产值(亿元)"),
        ("截至6月底入驻企业", "入驻企业"),
        ("年产值", "年产值"),
        ("累计数", ""),
        ("2024年6月", ""),
        ("数值", "数值"),
    ],
)
def test_a_label_is_left_without_its_period(text, rest):
    assert without_period(text) == rest


MONTHS = st.integers(1, 12)
YEARS = st.integers(1990, 2049)
DASHES = st.sampled_from(["-", "－", "—", "–", "~", "～", "至", "到"])


@given(
    YEARS, MONTHS, st.sampled_from(["{}年{}月", "{} 年 {} 月", "{}年{}月份", "{}-{:02}", "{}.{}报", "{}/{}", "{}{:02}"])
)
def test_every_spelling_of_a_month_reads_back(year, month, spelling):
    stated = said(spelling.format(year, month))

    assert label(stated) == f"{year}年{month}月"
    assert to_period(stated) == (Period.month(year, month), None)


@given(YEARS, MONTHS, MONTHS, DASHES)
def test_every_run_of_months_reads_back(year, first, last, dash):
    stated = said(f"{year}年{first}{dash}{last}月")

    if first > last:
        assert stated is None
    elif first < last:
        assert label(stated) == f"{year}年{first}-{last}月"
        assert stated.basis == ("cumulative" if first == 1 else "single")


@given(YEARS, st.integers(1, 4))
def test_a_label_says_what_it_was_read_from(year, quarter):
    for period in (Period.quarter(year, quarter), Period.half(year, (quarter + 1) // 2), Period.whole_year(year)):
        assert label(said(period.label)) == period.label
        assert label(said(str(period))) == period.label or period.frequency == "year"


WORDS = """
    2024年 6月 1-5月 二季度 上半年 本月 上年同期 累计 期末 上月 本季 年初 上旬 全年 1-本月 末 底 - 、 ( 20 24 12
"""
SPOKEN = st.sampled_from(WORDS.split())


@given(st.text(max_size=60) | st.lists(SPOKEN, max_size=6).map("".join), st.lists(SPOKEN, max_size=3).map("".join))
def test_any_text_states_a_valid_period_or_none(text, around):
    whole = complete(said(text), said(around), said("2024年6月"))

    assert whole is not None
    assert label(whole) is None or isinstance(label(whole), str)
    period = to_period(whole)
    assert period is None or Period.parse(str(period[0])) == period[0]
    assert len(without_period(text)) <= len(text) + 2  # 十月 may grow to 10月
