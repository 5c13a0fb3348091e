"""Row and column labels: headings of several levels, merges, serial numbers, codes, totals."""

from drawing import drawn, seen
from xiangning_zyz.intake.tables import find_tables


def labels(form):
    return {ref: (cell.row, cell.column) for ref, cell in seen(drawn(form)).items()}


def test_group_words_apply_to_every_column_under_the_merge():
    assert labels("""
        | 指 标 | 5月           | <            | 1—5月         | <           |
        | ^     | 绝对量（亿元） | 同比增长（%） | 绝对量（亿元） | 同比增长(%) |
        | 零售  | 39211         | 3.7          | 195237        | 4.1         |
    """) == {
        "B3": ("零售", "5月/绝对量（亿元）"),
        "C3": ("零售", "5月/同比增长（%）"),
        "D3": ("零售", "1—5月/绝对量（亿元）"),
        "E3": ("零售", "1—5月/同比增长(%)"),
    }


def test_a_level_left_blank_is_skipped_and_merged_words_count_once():
    assert labels("""
        | 指标名称 | 期末人数（人） | <              | <                |
        | ^        | 单位从业人员   |                | <                |
        | ^        | ^              | '`1.在岗职工'  | 2.劳务派遣人员   |
        | 总计     | 5359           | 3168           | 149              |
    """) == {
        "B4": ("总计", "期末人数（人）/单位从业人员"),
        "C4": ("总计", "期末人数（人）/`1.在岗职工"),
        "D4": ("总计", "期末人数（人）/2.劳务派遣人员"),
    }


def test_a_heading_may_reach_five_levels():
    assert labels("""
        | 项目 | 从业人员 | <        | <        | <        |
        | ^    | 期末人数 | <        | <        | <        |
        | ^    | 合计     | 在岗职工 | <        | <        |
        | ^    | ^        | 合计     | 其中     | <        |
        | ^    | ^        | ^        | 女性     | 非全日制 |
        | 企业 | 9        | 8        | 4        | 1        |
    """) == {
        "B6": ("企业", "从业人员/期末人数/合计"),
        "C6": ("企业", "从业人员/期末人数/在岗职工/合计"),
        "D6": ("企业", "从业人员/期末人数/在岗职工/其中/女性"),
        "E6": ("企业", "从业人员/期末人数/在岗职工/其中/非全日制"),
    }


def test_a_single_group_over_all_value_columns_is_part_of_the_heading():
    assert labels("""
        |      | 2024年 | <   |
        | 指标 | 1月    | 2月 |
        | 产值 | 5      | 7   |
    """) == {"B3": ("产值", "2024年/1月"), "C3": ("产值", "2024年/2月")}


def test_header_words_wrapped_over_unmerged_cells_are_levels():
    assert labels("""
        | 地区 | 户数 | 平均家庭  |
        | ^    | ^    | 户规模    |
        | ^    | ^    | （人/户） |
        | 全国 | 4177 | 3.09      |
    """)["C4"] == ("全国", "平均家庭/户规模/（人/户）")


def test_without_merges_group_words_spread_over_the_blanks_to_their_right():
    assert labels("""
        | 指标 | 5月    |       | 1-5月  |      |
        |      | 绝对量 | 同比  | 绝对量 | 同比 |
        | 零售 | 39211  | 3.7   | 195237 | 4.1  |
    """) == {
        "B3": ("零售", "5月/绝对量"),
        "C3": ("零售", "5月/同比"),
        "D3": ("零售", "1-5月/绝对量"),
        "E3": ("零售", "1-5月/同比"),
    }


def test_column_number_rows_are_dropped_as_numbers_and_as_text():
    assert labels("""
        | 指标名称 | 代码  | 本月   | 1-本月 |
        | 甲       | 乙    | '1     | '5     |
        | 合计     | '01'  | 585.48 | 2922.7 |
    """) == {"C3": ("合计", "本月"), "D3": ("合计", "1-本月")}
    assert labels("""
        | 项目 | 计划 | 完成 |
        | 1    | 2    | 3    |
        | 甲   | 100  | 40   |
    """) == {"B3": ("甲", "计划"), "C3": ("甲", "完成")}


def test_serial_numbers_and_codes_are_no_values_and_no_names():
    assert labels("""
        | 序号 | 代码       | 企业名称 | 产值 |
        | 1    | 0701       | 甲公司   | 10   |
        | 2    | 0702       | 乙公司   | 20   |
    """) == {"D2": ("甲公司", "产值"), "D3": ("乙公司", "产值")}


def test_serial_numbers_need_no_head():
    assert labels("""
        |   | 地 区  | 2016年上半年（元） |
        | 1 | 武汉市 | 18120              |
        | 2 | 黄石市 | 10003              |
    """) == {"C2": ("武汉市", "2016年上半年（元）"), "C3": ("黄石市", "2016年上半年（元）")}


def test_a_total_under_the_serial_number_names_its_row_merged_or_not():
    assert labels("""
        | 序号             | 项目名称 | 总投资 |
        | 合计（100项）    | <        | 300    |
        | 一、交通（48项） |          | 200    |
        | 1●               | 环城路   | 200    |
    """) == {
        "C2": ("合计（100项）", "总投资"),
        "C3": ("一、交通（48项）", "总投资"),
        "C4": ("环城路", "总投资"),
    }


def test_vertical_merges_give_two_level_row_names():
    assert labels("""
        | 地区 | 类别 | 项目 | 个数 |
        | 福州 | 合计 | 本年 | 10   |
        | ^    | ^    | 上年 | 8    |
        | ^    | 施工 | 本年 | 7    |
    """) == {
        "D2": ("福州/合计/本年", "个数"),
        "D3": ("福州/合计/上年", "个数"),
        "D4": ("福州/施工/本年", "个数"),
    }


def test_row_names_take_as_many_columns_as_it_needs_to_tell_rows_apart():
    assert labels("""
        | 区域 | 门店 | 类别 | 销售 |
        | 主城 | 甲店 | 女装 | 1    |
        | 主城 | 甲店 | 男装 | 2    |
        | 主城 | 乙店 | 女装 | 3    |
    """)["D3"] == ("主城/甲店/男装", "销售")


def test_words_about_a_project_are_no_part_of_its_name():
    assert labels("""
        | 序号 | 责任单位 | 项目名称 | 项目性质 | 总投资 | 形象进度 |
        | 1    | 县住建局 | 小镇     | 续建     | 100    | 完成80%  |
        | 2    | 县商务局 | 综合体   | 新建     | 200    | 未开工   |
    """) == {"E2": ("小镇", "总投资"), "E3": ("综合体", "总投资")}


def test_labels_lose_all_white_space_and_keep_everything_else():
    assert labels("""
        | 指 标 名 称      | 合  计 |
        | '     #武汉市   ' | 5      |
    """) == {"B2": ("#武汉市", "合计")}


def test_total_and_of_which_rows_are_told_apart():
    (table,) = find_tables(
        drawn("""
        | 指标             | 本月 |
        | 售水量合  计     | 9    |
        | '  其中：企业'   | 5    |
        | '    #工业'      | 3    |
        | 全省             | 8    |
        | 居民             | 4    |
    """),
        "",
    ).tables

    assert [row.kind for row in table.rows] == ["total", "part", "part", "total", ""]


def test_section_heads_stay_rows_without_values():
    (table,) = find_tables(
        drawn("""
        | 指标       | 5月 |
        | 按经营地分 |     |
        | 城镇       | 34  |
        | 按类型分： |     |
        | 餐饮       | 42  |
    """),
        "",
    ).tables

    assert [row.label for row in table.rows] == ["按经营地分", "城镇", "按类型分：", "餐饮"]


def test_a_rank_before_the_names_does_not_hide_them():
    assert labels("""
        | 排名 | 地区 | 产值 |
        | 1    | 尧都 | 50   |
        | 2    | 乡宁 | 41   |
    """)["C3"] == ("乡宁", "产值")


def test_merged_words_of_other_columns_hold_for_every_row_they_cover():
    (table,) = find_tables(
        drawn("""
        | 序号 | 任务   | 责任单位 | 完成比例 |
        | 1    | 建园区 | 县工信局 | 70%      |
        | 2    | 招商   | ^        | 50%      |
    """),
        "",
    ).tables

    assert [cell.text for cell in table.rows[1].held] == ["县工信局"]


def test_a_head_merged_down_may_stand_alone_in_its_line_beside_lower_heads():
    assert labels("""
        | 制造业采购经理指数 | < | < |
        |           | PMI  |      |        |
        |           | ^    | 生产 | 新订单 |
        | 2023年6月 | 49.0 | 50.3 | 48.6   |
        | 2023年7月 | 49.3 | 50.2 | 49.5   |
    """)["B4"] == ("2023年6月", "PMI")


def test_two_rates_in_one_cell_leave_their_column_one_of_figures():
    cells = seen(
        drawn("""
        | 指标     | 绝对量（元） | 比上年名义增长（%） |
        | 城镇居民 | 27561        | 4.6（4.5）          |
        | 农村居民 | 11272        | 6.8（6.6）          |
        | 工资     | 12010        | 5.8                 |
    """)
    )
    assert (cells["C2"].value, cells["C4"].value) == (None, "5.8")
