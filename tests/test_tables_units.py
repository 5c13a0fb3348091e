"""Which unit is stated: cell, header, unit row, unit column or row name, caption; nothing is invented."""

import pytest

from drawing import drawn, seen
from xiangning_zyz.intake.grid import GridCell
from xiangning_zyz.intake.tables import find_tables, values_of


def units(form):
    return {ref: cell.unit for ref, cell in seen(drawn(form)).items()}


def test_the_deepest_header_level_that_states_a_unit_counts():
    assert units("""
        | 指标 | 人数（人） | <        | 工资(千元) |
        | ^    | 合计       | 在岗职工 | ^          |
        | 总计 | 5359       | 3168     | 81385      |
    """) == {"B3": "人", "C3": "人", "D3": "千元"}


def test_a_groups_unit_does_not_reach_a_rate_within_it():
    assert units("""
        | 指标 | 产值（万元） | <    |
        | ^    | 绝对量       | 增速 |
        | 合计 | 100          | 3.7  |
    """) == {"B3": "万元", "C3": None}


def test_an_amount_of_change_has_the_captions_unit_though_its_group_compares():
    assert units("""
        | | | 单位：万元 |
        | 指标     | 比上年同期 | <      |
        | ^        | 增减额     | 增减% |
        | 税收收入 | 3210       | 6.8    |
    """) == {"B4": "万元", "C4": "%"}


def test_a_unit_row_states_a_unit_for_each_column_and_is_no_label():
    form = """
        | 指标     | 年初耕地 | 减少   | 年末耕地 |
        | 计量单位 | 公顷     | 公  顷 | 亩       |
        | 甲       | 1        | 2      | 3        |
        | 松柏镇   | 5000     | 0      | 75000    |
    """
    assert units(form) == {"B4": "公顷", "C4": "公顷", "D4": "亩"}
    assert seen(drawn(form))["B4"].column == "年初耕地"


def test_a_unit_row_may_follow_the_column_numbers_and_hold_a_unit_unheard_of():
    assert units("""
        | 指标 | 户数 | 人口 | 面积 | 机井 |
        | 甲   | 1    | 2    | 3    | 4    |
        |      | 户   | 人   | 公顷 | 眼井 |
        | 全县 | 10   | 30   | 5.5  | 7    |
    """) == {"B4": "户", "C4": "人", "D4": "公顷", "E4": "眼井"}


def test_a_unit_column_states_a_unit_for_each_row_but_not_for_rates():
    assert units("""
        | 指标   | 单位     | 本月 | 增速 |
        | 总产值 | 万元     | 100  | 11.2 |
        | 用电量 | 万千瓦时 | 10   | 5.1  |
        | 抄表率 | %        | 99.5 | 0.3  |
    """) == {"C2": "万元", "D2": None, "C3": "万千瓦时", "D3": None, "C4": "%", "D4": "%"}


def test_a_column_of_offices_is_no_unit_column():
    assert units("""
        | 单位     | 产值 |
        | 县工信局 | 10   |
        | 县商务局 | 20   |
    """) == {"B2": None, "B3": None}


def test_a_unit_in_the_rows_name_counts_where_the_header_states_none():
    assert units("""
        | 指标             | 绝对量 | 同比增长（%） |
        | 布（亿米）       | 28     | 0.7           |
        | 产品销售率（%）  | 96.6   | 0.0           |
    """) == {"B2": "亿米", "C2": "%", "B3": "%", "C3": "%"}


def test_a_captions_unit_covers_neither_rates_nor_counts():
    assert units("""
        | 重点项目表 | <        | <    | <        |
        | 单位：万元 |
        | 地区       | 项目个数 | 投资 | 同比增长 |
        | 昌宁镇     | 3        | 100  | 5.2      |
    """) == {"B4": None, "C4": "万元", "D4": None}


@pytest.mark.parametrize("line", ["单位：亿元", "（亿元）", "计量单位:亿元", "(单位：亿元)"])
def test_a_caption_states_its_unit_in_many_ways(line):
    assert units(f"""
        | 产值统计表 | <    |
        |            | {line} |
        | 地区       | 1-5月 |
        | 昌宁镇     | 3    |
    """) == {"B4": "亿元"}


def test_a_title_may_state_the_unit():
    assert units("""
        | 数据库：分省年度数据 |
        | 指标：地区生产总值(亿元) |
        | 时间：最近20年 |
        | 地区   | 2024年  |
        | 北京市 | 49670.2 |
    """) == {"B5": "亿元"}


def test_of_several_units_in_a_caption_each_group_takes_the_one_its_header_names():
    assert units("""
        |      | |      |      |    | 单位：户、人 |
        | 地区 | 户数 | <      | 人口数 | <  | 比例 |
        | ^    | 合计 | 家庭户 | 合计   | 男 | ^    |
        | 全国 | 41   | 40     | 133    | 68 | 3.1  |
    """) == {"B4": "户", "C4": "户", "D4": "人", "E4": "人", "F4": None}


def test_rates_get_no_unit_from_a_caption_of_several():
    assert units("""
        | 单位：亿元、% |
        | 指标     | 本年累计 | 增速 |
        | 零售总额 | 100      | 11.1 |
    """) == {"B3": "亿元", "C3": None}


def test_a_caption_of_per_cent_covers_the_whole_table():
    assert units("""
        |         | 单位：% |
        | 月份    | PMI     | 生产 |
        | 5月     | 49.5    | 50.8 |
    """) == {"B3": "%", "C3": "%"}


def test_a_later_table_of_the_same_kind_shares_the_first_ones_caption():
    form = """
        | 单位：万元 |
        | 表一 工业   | <  |
        | 镇     | 产值  |
        | 昌宁镇 | 3     |
        | 表二 农业   | <  |
        | 镇     | {head} |
        | 昌宁镇 | 4     |
    """
    assert units(form.format(head="产值"))["B7"] == "万元"
    assert units(form.format(head="户数"))["B7"] is None


def test_the_cell_itself_comes_first():
    assert units("""
        | 指标       | 完成（万元） |
        | 产值       | 7.2亿元      |
        | 节约率     | 9.69%        |
        | 销售率变化 | '-0.4(百分点)' |
    """) == {"B2": "亿元", "B3": "%", "B4": "百分点"}


def test_words_that_a_number_style_shows_state_the_unit():
    sheet = drawn("""
        | 指标 | 完成 |
        | 产值 | 7.2  |
    """)
    styled = GridCell(2, 2, "number", "7.2", sheet.cells[2, 2].number, suffix="亿元")
    sheet = sheet._replace(cells={**sheet.cells, (2, 2): styled})

    (value,) = values_of(find_tables(sheet, "").tables[0])

    assert (value.unit.name, value.unit.origin) == ("亿元", "cell")


def test_no_unit_stated_is_no_unit():
    assert units("""
        | 指标             | 2024年 |
        | 入驻企业户数     | 52     |
        | 第一产业增加值   | 10     |
    """) == {"B2": None, "B3": None}
