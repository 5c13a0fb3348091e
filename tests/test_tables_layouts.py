"""Where tables lie on a sheet: titles, notes, stacked and side by side, forms, pictures, blank templates."""

import pytest

from drawing import drawn, seen
from xiangning_zyz.intake.tables import find_tables, values_of


def tables(form, **sheet):
    return find_tables(drawn(form, **sheet), "报表.xls").tables


def reason(form, **sheet):
    found = find_tables(drawn(form, **sheet), "报表.xls")
    assert not found.tables
    return found.reason


def test_titles_form_lines_and_signatures_are_no_data():
    (table,) = tables("""
        |  |  | 专业镇月报表 | < |
        | 填报单位：县工信局 | | | 单位：万元 |
        | 报告期：2024年6月 |
        | 序号 | 指标 | 本月 | 累计 |
        | 1 | 产值 | 10 | 60 |
        | 2 | 投资 | 5  | 30 |
        | 注：产值为快报数2024。 |
        | '   2.含2户新企业。' |
        | 单位负责人：张三 | | 填报人：李四 | 报出日期：2024年7月5日 |
    """)

    assert (table.range, table.title, table.header_rows) == ("A1:D6", "专业镇月报表", (4,))
    assert [(line.label, line.value) for line in table.form_lines] == [
        ("填报单位", "县工信局"),
        ("单位", "万元"),
        ("报告期", "2024年6月"),
    ]
    assert [(line.label, line.value) for line in table.signatures] == [
        ("单位负责人", "张三"),
        ("填报人", "李四"),
        ("报出日期", "2024年7月5日"),
    ]
    assert table.notes == ("注：产值为快报数2024。", "2.含2户新企业。")
    assert len(table.rows) == 2


def test_names_and_values_of_form_lines_may_stand_in_neighbouring_cells_without_colon():
    (table,) = tables("""
        | 月报表   | <        | <      | <         |
        | 填报单位 | 县工信局 | 报告期 | 2024年6月 |
        | 指标     | 本月     | 累计   | 增速      |
        | 产值     | 1        | 2      | 3         |
        | 填报人   | 李四     | 审核人 | 张三      |
    """)

    assert [(line.label, line.value) for line in table.form_lines] == [
        ("填报单位", "县工信局"),
        ("报告期", "2024年6月"),
    ]
    assert [(line.label, line.value) for line in table.signatures] == [("填报人", "李四"), ("审核人", "张三")]


def test_several_names_in_one_cell_are_told_apart():
    (table,) = tables("""
        | 综合机关名称：神农架林区（企业单位，2016年）表号：I301-4 |
        | 项目 | 合计 | 女性 |
        | 企业 | 24   | 5    |
        | 主管：李四 审核：王五 制表： |
    """)

    assert [(line.label, line.value) for line in table.form_lines] == [
        ("综合机关名称", "神农架林区（企业单位，2016年）"),
        ("表号", "I301-4"),
    ]
    assert [(line.label, line.value) for line in table.signatures] == [("主管", "李四"), ("审核", "王五"), ("制表", "")]


def test_a_column_headed_like_a_form_line_stays_a_column():
    (table,) = tables("""
        | 填报单位 | 填报人 | 产值 |
        | 县工信局 | 张三   | 5    |
    """)

    assert [column.label for column in table.columns] == ["填报单位", "填报人", "产值"]


def test_a_title_in_mid_row_is_no_group():
    (table,) = tables("""
        |      |      | 2016年二季度从业人员情况 | <    | <    |
        | 指标 | 人数 | <    | 工资 | <    |
        | ^    | 合计 | 女性 | 合计 | 女性 |
        | 总计 | 5    | 3    | 8    | 4    |
    """)

    assert (table.title, table.header_rows) == ("2016年二季度从业人员情况", (2, 3))


def test_tables_stacked_on_a_sheet_are_told_apart_by_their_captions():
    found = tables("""
        | 附件 |
        | | 2016年上半年居民收入核定结果 | < |
        | | 全体居民人均可支配收入 | < |
        |   | 地区 | 收入（元） |
        | 1 | 武汉 | 18120 |
        |
        |   | 城镇居民人均可支配收入 | < |
        |   | 地区 | 收入（元） |
        | 1 | 武汉 | 20295 |
    """)

    assert [(table.title, table.range) for table in found] == [
        ("全体居民人均可支配收入", "A1:C5"),
        ("城镇居民人均可支配收入", "A7:C9"),
    ]
    assert found[0].captions == ("2016年上半年居民收入核定结果",)


def test_stacked_tables_need_no_blank_row_between_them():
    found = tables("""
        | 表一 工业 | < |
        | 指标 | 5月 |
        | 产值 | 1 |
        | 表二 服务业 | < |
        | 指标 | 5月 |
        | 收入 | 3 |
    """)

    assert [(table.title, [row.label for row in table.rows]) for table in found] == [
        ("表一 工业", ["产值"]),
        ("表二 服务业", ["收入"]),
    ]


def test_tables_side_by_side_are_cut_at_the_blank_column():
    assert seen(
        drawn("""
        |      | 1-8月(亿元) | 增速(%) | |      | 1-9月(亿元) |
        | 全省 | 100.5       | 11.2    | | 全省 | 120.5       |
        | 武汉 | 50.1        | 9.1     | | 武汉 | 60.1        |
    """)
    )["F3"][:2] == ("武汉", "1-9月(亿元)")


def test_a_blank_column_inside_a_table_separates_nothing():
    (table,) = tables("""
        | 地区 | 产值 | | 收入 | 利润 |
        | 全县 | 1    | | 2    | 3    |
    """)

    assert [value.ref for value in values_of(table)] == ["B2", "D2", "E2"]


def test_a_heading_that_repeats_itself_to_the_right_begins_another_table():
    assert {
        ref: cell[:2]
        for ref, cell in seen(
            drawn("""
        | 城市 | 同比  | 城市 | 同比 |
        | 北京 | 98.2  | 唐山 | 94.2 |
        | 天津 | 97.9  | 大同 | 93.5 |
    """)
        ).items()
    } == {
        "B2": ("北京", "同比"),
        "D2": ("唐山", "同比"),
        "B3": ("天津", "同比"),
        "D3": ("大同", "同比"),
    }


def test_a_slipped_heading_is_read_in_place_and_said_so():
    (table,) = tables("""
        | 1-9月(亿元) | 增长速度(%) |      |
        | 全省        | 11142.5     | 11.3 |
        | 武汉        | 3981.2      | 9.2  |
    """)

    assert [(column.role, column.misplaced) for column in table.columns] == [
        ("label", "表头写有单位，内容是文字"),
        ("number", "表头单位是%，数值却过大"),
        ("number", ""),
    ]


def test_names_with_values_beside_them_are_rows_by_their_names():
    assert seen(
        drawn("""
        | 重点项目台账 | < | < | < |
        | 项目名称 | 紫砂陶小镇 | 责任单位 | 县住建局 |
        | 总投资（万元） | 30000 | 2009年累计完成投资（万元） | 500 |
        | 入驻企业 | 52 | 户 | |
        | 带动从业人员（人） | 约2万 |
    """)
    ) == {
        "B3": ("总投资（万元）", "", "30000", "万元", None),
        "D3": ("2009年累计完成投资（万元）", "", "500", "万元", "2009年"),
        "B4": ("入驻企业", "", "52", "户", None),
        "B5": ("带动从业人员（人）", "", None, "人", None),
    }


def test_the_words_of_a_form_are_kept_with_their_names():
    (form,) = tables("""
        | 项目名称 | 紫砂陶小镇 | 责任单位 | 县住建局 |
        | 总投资（万元） | 30000 | 形象进度 | 主体完工 |
    """)

    assert {row.label: row.cells[0].text for row in form.rows} == {
        "项目名称": "紫砂陶小镇",
        "责任单位": "县住建局",
        "总投资（万元）": "30000",
        "形象进度": "主体完工",
    }


def test_a_form_may_hold_tables_between_its_lines():
    form, dates, plan = tables("""
        | 项目总投资（万元） | 10   | 累计完成（万元） | 0 | |
        | 节点安排 | 开工时间   | 封顶时间   | 竣工时间 | |
        | 日期     | 2010-07-15 | 2010-09-01 | 2010-12-30 | |
        | 责任人   | 张三 |
        | 大干150天  | 8月  | <    | 9月  | <    |
        | ^          | 上旬 | 中旬 | 上旬 | 中旬 |
        | 计划投资额 | 1    | 2    | 3    | 4    |
        | 业主（签名）： | 责任单位（签名）： |
    """)

    assert [len(list(values_of(table))) for table in (form, dates, plan)] == [2, 0, 4]
    assert [line.label for line in plan.signatures] == ["业主（签名）", "责任单位（签名）"]


def test_rows_of_words_only_make_a_table_without_values():
    (table,) = tables("""
        | 序号 | 任务         | 责任单位 | 进展情况 | 存在问题 |
        | 1    | 建设产业园区 | 县工信局 | 已完工   | 无       |
        | 2    | 招商引资     | 县商务局 | 推进中   |          |
    """)

    assert list(values_of(table)) == []
    assert [column.role for column in table.columns] == ["serial", "label", "text", "text", "text"]


def test_cells_that_hold_no_number_are_values_that_say_why():
    (table,) = tables("""
        | 项目 | 总投资（万元） | 完成投资（万元） |
        | A    | 100            | 约20             |
        | B    | 待定           | —                |
        | C    | #DIV/0!        | =C1/C2           |
        | D    | 50             | …                |
    """)

    assert [value.kind for value in values_of(table)] == [
        "number",
        "approximate",
        "words",
        "blank",
        "error",
        "uncalculated",
        "number",
        "tiny",
    ]


def test_words_under_a_head_that_asks_for_figures_are_values_too():
    (table,) = tables("""
        | 指标 | 单位 | 期末数（2024年6月末） | 本年累计 | 本月有无变化 |
        | 产值 | 亿元 | 待定                  |          | 无变化       |
    """)

    assert [(value.ref, value.kind) for value in values_of(table)] == [("C2", "words")]
    assert [column.role for column in table.columns] == ["label", "unit", "number", "number", "text"]


def test_dates_and_year_ranges_are_words():
    (table,) = tables("""
        | 项目 | 开工时间 | 起止年限  | 总投资    |
        | A    | 2010-05  | 2009-2011 | 100       |
        | B    | 2010.5   | 2012      | 54,583.00 |
    """)

    assert [value.ref for value in values_of(table)] == ["D2", "D3"]


def test_hidden_rows_and_columns_are_read_and_marked():
    (table,) = tables(
        """
        | 指标 | 5月 | 6月 |
        | 产值 | 1   | 2   |
        | 投资 | 3   | 4   |
        """,
        hidden_rows=[3],
        hidden_columns=[2],
    )

    assert [row.hidden for row in table.rows] == [False, True]
    assert [column.hidden for column in table.columns] == [False, True, False]
    assert len(list(values_of(table))) == 4


def test_remarks_beside_a_table_are_no_column_of_it():
    (table,) = tables("""
        | 指标 | 5月 | |
        | 产值 | 1   | 与上月相同 |
        | 投资 | 3   | |
    """)

    assert [column.col for column in table.columns] == [1, 2]


@pytest.mark.parametrize(
    ("form", "pictures", "why"),
    [
        ("", 0, "空表"),
        ("", 2, "只有图片，单元格中没有数据"),
        ("| 2016年1-10月零售总额 |", 1, "表是图片，单元格中没有数据"),
        ("| 乡宁县 |\n|\n| 统计资料 |\n| 2024年 |", 0, "封面或说明，没有表格"),
        ("| 目  录 |\n| 一、综合 | 1 |\n| 二、工业 | 12 |", 0, "目录页"),
        ("| 月报 | < |\n| 指标 | 本月 |\n| 产值 | |\n| 填报人： |", 0, "空白表，没有填数"),
        ("| 1 | 2 |\n| 3 | 4 |", 0, "有数字，但没有表头"),
    ],
)
def test_a_sheet_without_a_table_says_why(form, pictures, why):
    assert reason(form, pictures=pictures) == why


def test_a_row_with_a_unit_under_its_head_is_an_entry_although_its_figure_is_rough():
    (table,) = tables("""
        | 指标 | 单位 | 本月 | 本年累计 |
        | 产值 | 亿元 | | 约4.5 |
        | 企业 | 户 | | 66 |
    """)

    assert table.header_rows == (1,)
    assert [(value.ref, value.row_label, value.raw, value.kind) for value in values_of(table)] == [
        ("D2", "产值", "约4.5", "approximate"),
        ("D3", "企业", "66", "number"),
    ]


def test_a_unit_between_name_and_number_makes_no_form_of_a_table():
    (table,) = tables("""
        | 2024年1-6月专业镇情况 |
        | 填报单位：县工信局 |
        | 指标 | 单位 | 数值 |
        | 产值 | 亿元 | 4.3 |
    """)

    (value,) = values_of(table)
    assert (value.row_label, value.column_label, value.unit.name) == ("产值", "数值", "亿元")
