"""Which period is stated: column or row header, completed from caption, title, sheet and file name."""

import pytest

from drawing import drawn, seen
from xiangning_zyz.intake.tables import find_tables, values_of
from xiangning_zyz.intake.tables.lines import holds_values, lines_of


def periods(form, file="报表.xls", sheet="Sheet1"):
    return {ref: cell.period for ref, cell in seen(drawn(form, sheet), file).items()}


WIDE = """
    | 指标 | 本月 | 1-本月 | 上年同期 | 增速 |
    | 产值 | 1    | 6      | 5        | 20   |
"""


@pytest.mark.parametrize(
    ("form", "file", "sheet"),
    [
        ("| 2016年5月主要指标 | < | < | < | < |" + WIDE, "报表.xls", "Sheet1"),
        (WIDE, "报表.xls", "2016年5月"),
        (WIDE, "5月__2016年5月主要指标.xls", "Sheet1"),
        ("| 2016年主要指标 | < | < | < | < |" + WIDE, "报表.xls", "5月"),
    ],
)
def test_relative_words_are_completed_from_title_sheet_and_file_name(form, file, sheet):
    assert list(periods(form, file, sheet).values()) == ["2016年5月", "2016年1-5月", "2015年1-5月", "2016年5月"]


def test_the_sheet_wins_over_the_file_name():
    assert periods(
        """
        | 地区 | 6月   | 1-6月 | 增长速度(%) |
        | 全省 | 100.5 | 600.5 | 11.2        |
        """,
        "6月__2016年1至5月社会消费品零售总额.xls",
    ) == {"B2": "2016年6月", "C2": "2016年1-6月", "D2": "2016年1-6月"}


def test_a_growth_column_takes_the_titles_period():
    assert periods("""
        | 2016年上半年居民收入 | < | < | < |
        | 地区 | 2016年上半年（元） | 2015年上半年（元） | 增速（%） |
        | 武汉 | 18120              | 16519              | 9.7       |
    """) == {"B3": "2016年上半年", "C3": "2015年上半年", "D3": "2016年上半年"}


def test_without_a_title_a_growth_column_leans_on_the_latest_figures_to_its_left():
    assert (
        periods("""
        | 地区 | 2016年上半年 | 2015年上半年 | 增速（%） |
        | 武汉 | 18120        | 16519        | 9.7       |
    """)["D2"]
        == "2016年上半年"
    )


def test_months_across_take_the_years_of_the_rows():
    assert periods("""
        | 年份   | 1月 | 2月 |
        | 2023年 | 5   | 6   |
        | 2024年 | 7   | 8   |
    """) == {"B2": "2023年1月", "C2": "2023年2月", "B3": "2024年1月", "C3": "2024年2月"}


def test_a_year_merged_over_its_months_counts_for_each():
    assert periods("""
        | 年度   | 月份 | 环比增速（%） |
        | 2023年 | 11月 | 0.28          |
        | ^      | 12月 | 0.09          |
        | 2024年 | 1月  | 0.20          |
    """) == {"C2": "2023年11月", "C3": "2023年12月", "C4": "2024年1月"}


def test_months_in_a_row_share_the_year_of_the_first():
    assert periods(
        """
        | 月份       | PMI  |
        | 2023年11月 | 49.4 |
        | 12月       | 49.0 |
        | 1月        | 49.2 |
        | 2月        | 49.1 |
        """,
        "2024年3月.xlsx",
    ) == {"B2": "2023年11月", "B3": "2023年12月", "B4": "2024年1月", "B5": "2024年2月"}


def test_bare_years_are_periods_where_a_header_expects_them():
    assert periods("""
        | 指标 | 2022 | 2023 |
        | 产值 | 5.1  | 7.2  |
    """) == {"B2": "2022年", "C2": "2023年"}
    assert periods("""
        | 年份 | 月份 | 产值 |
        | 2022 | 1    | 40   |
    """) == {"C2": "2022年1月"}
    assert periods("""
        |      | 产值 | 企业 |
        | 2022 | 5.1  | 40   |
        | 2023 | 7.2  | 50   |
    """) == {"B2": "2022年", "C2": "2022年", "B3": "2023年", "C3": "2023年"}


def test_a_single_bare_year_beside_a_name_column_is_a_head():
    assert periods("""
        | 指标 | 2023 |
        | 产值 | 7.2  |
        | 户数 | 50   |
    """) == {"B2": "2023年", "B3": "2023年"}


def test_a_project_of_some_year_is_no_period():
    assert periods("""
        | 项目名称                 | 总投资（万元） |
        | 2022年高标准农田建设项目 | 100            |
        | 2023年后续工程           | 200            |
    """) == {"B2": None, "B3": None}


def test_cumulative_words_in_a_rows_name_reach_back_to_january():
    assert periods("""
        | 指标                       | 2019年第三季度 |
        | 国内生产总值当季值(亿元)   | 252208.7       |
        | 国内生产总值累计值(亿元)   | 712845.4       |
    """) == {"B2": "2019年三季度", "B3": "2019年1-9月"}


def test_ten_day_periods_keep_their_part():
    assert periods("""
        | 项目 | 2010年8月 | <    | <    | <    |
        | ^    | 上旬      | 中旬 | 下旬 | 合计 |
        | 投资 | 1         | 2    | 3    | 6    |
    """) == {"B3": "2010年8月上旬", "C3": "2010年8月中旬", "D3": "2010年8月下旬", "E3": "2010年8月"}


def test_columns_told_apart_by_years_share_the_months_of_the_title():
    assert periods("""
        | 2024年1-6月主要指标 | < | < |
        | 指标 | 2024年 | 2023年 |
        | 产值 | 5      | 4      |
    """) == {"B3": "2024年1-6月", "C3": "2023年1-6月"}


def test_another_year_beside_columns_with_months_is_the_whole_year():
    assert periods("""
        | 2024年1-6月主要指标 | < | < |
        | 指标 | 1-6月 | 2023年 |
        | 产值 | 5      | 9      |
    """) == {"B3": "2024年1-6月", "C3": "2023年"}


def test_a_plan_for_the_year_is_not_narrowed_by_the_title():
    assert periods("""
        | 2010年1-3月重点项目 | < | < | < |
        | 项目   | 2010年计划投资 | 2010年实际完成情况 | <               |
        | ^      | ^              | 1-3月完成投资      | 占年计划（%）   |
        | 环城路 | 100            | 20                 | 20              |
    """) == {"B4": "2010年", "C4": "2010年1-3月", "D4": "2010年1-3月"}


def test_the_day_of_writing_is_not_the_period():
    form = """
        | 填报单位：供水公司 | {day} | |
        | 指标   | 本月 | 1-本月 |
        | 售水量 | 10   | 60     |
    """
    assert periods(form.format(day="填报日期：2019年10月29日"), "2019年9月.xls") == {
        "B3": "2019年9月",
        "C3": "2019年1-9月",
    }
    assert periods(form.format(day="2019-10-29"), "2019年9月.xls")["B3"] == "2019年9月"
    assert periods(form.format(day="2019-10-01"), "报表.xls")["B3"] == "2019年10月"


def test_nothing_stated_is_no_period():
    assert periods(
        """
        | 数据库：分省年度数据 |
        | 时间：最近10年 |
        | 指标 | 合计 |
        | 产值 | 5    |
        """,
        "A0101a.xls",
    ) == {"B4": None}


def test_it_is_said_where_the_period_stands():
    sheet = drawn("""
        | 2024年6月月报 | < | < |
        | 指标 | 本月 | 单价 |
        | 产值 | 5    | 4    |
    """)
    (table,) = find_tables(sheet, "2024年5月.xlsx").tables

    assert [value.period_origin for value in values_of(table)] == ["column", "caption"]
    assert (table.surroundings.caption.last, table.surroundings.file.last) == (6, 5)


MONTHLY = """
    | 指标 | 本月 | 本年累计 |
    | 产值 | 0.76 | 3.95     |
    | 税收 | 0.1  | 0.5      |
"""


@pytest.mark.parametrize(
    "strip",
    [
        "| 年份 | 2024 | 月份 | 6 |",
        "| 填报月份： | 6 | 年度： | 2024 |",
        "| 报告年度 | 2024 | 年 | 报告月份 | 06 | 月 |",
        "| 报告期： | 2024 | 年 | 6 | 月 |",
        "| 填报单位：县工信局 |  | 2024年 | 6 | 月 |",
        "| 填报单位 | 县工信局 | 报表期别 | 202406 |",
    ],
)
def test_a_period_told_in_cells_of_its_own_is_no_value(strip):
    assert periods(f"| 月报 |\n{strip}{MONTHLY}") == {
        "B4": "2024年6月", "C4": "2024年1-6月", "B5": "2024年6月", "C5": "2024年1-6月",
    }  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        "| 工期 | 6 | 月 |",  # a figure and its unit
        "| 平均受教育年限 | 12 | 年 |",
        "| 年度 | 2024 | 2023 |",  # a second number: these are heads of columns
        "| 期别 | 202413 |",  # no month
        "| 月份 | 13 |",
    ],
)
def test_numbers_that_tell_no_period_stay_numbers(row):
    (line,) = lines_of(drawn(row))
    assert holds_values(line)


def test_a_row_that_says_from_january_on_is_not_of_the_columns_month_alone():
    table = drawn("""
        | 指标                | 2024年6月 | 2023年6月 |
        | 产值（1-6月累计）   | 3.95      | 3.5       |
        | 入驻企业            | 61        | 56        |
    """)
    assert {ref: cell.period for ref, cell in seen(table).items()} == {
        "B2": "2024年1-6月", "C2": "2023年1-6月", "B3": "2024年6月", "C3": "2023年6月",
    }  # fmt: skip
