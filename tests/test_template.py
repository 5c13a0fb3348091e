"""Fill-in templates: what is asked of whom, what is pre-filled, and how they are known again."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from makers import exempt, indicator, observed, plan, point, rules, single, task, task_report
from xiangning_zyz import template_mark
from xiangning_zyz.intake.facts.report import read_report
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.intake.grid import Book, GridCell, Sheet, Span
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.template_id import read_template_id
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Department, Project, Segment
from xiangning_zyz.problem import NO_SIGNATURE, NOTHING_REPORTED
from xiangning_zyz.report.template import asked, write_template
from xiangning_zyz.template_mark import TemplateId

ON = date(2024, 6, 20)
OUTPUT = indicator("output_value", name="产值", kind="flow", unit="亿元", segments=("zisha", "other"))
FIRMS = indicator("enterprises", name="入驻企业", range=(Decimal(0), Decimal(1000)))
GDP = indicator("gdp", name="GDP", kind="flow", frequency="year", reporters=("县统计局",), published_after_months=10)
PLAN = plan(OUTPUT, FIRMS, GDP, tasks=[task("T01"), task("T02", ("县文旅局",))], segments=("zisha",))._replace(
    segments=(Segment("zisha", "紫砂陶"), Segment("other", "其他"))
)


def written(period="2024-06", department="县工信局", last=(), of=PLAN):
    content = write_template(of, department, Period.parse(period), [each.what for each in last], on=ON)
    return openpyxl.load_workbook(io.BytesIO(content))


def names_asked(of, period, department="县工信局"):
    return [figure.indicator.id for figure in asked(of, department, Period.parse(period)).figures]


def table(sheet):
    """The cells from the head row down to the first empty row."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    return rows[: next((index for index, row in enumerate(rows) if not any(row)), len(rows))]


@pytest.mark.parametrize(
    ("frequency", "asking"),
    [
        ("month", ["2024-05", "2024-06", "2024-09", "2024-12"]),
        ("quarter", ["2024-06", "2024-09", "2024-12", "2024-Q2"]),
        ("half", ["2024-06", "2024-12", "2024-Q2", "2024-H1"]),
        ("year", ["2024-12", "2024"]),
    ],
)
def test_an_indicator_is_asked_when_the_period_ends_one_of_its_own(frequency, asking):
    periods = ["2024-05", "2024-06", "2024-09", "2024-12", "2024-Q2", "2024-H1", "2024"]
    one = plan(indicator(frequency=frequency))

    assert [period for period in periods if names_asked(one, period)] == asking


def test_a_figure_published_months_later_is_asked_only_by_a_template_of_its_own_length():
    assert names_asked(PLAN, "2024-12", "县统计局") == []
    assert names_asked(PLAN, "2024", "县统计局") == ["gdp"]


def test_a_ratio_with_a_formula_is_never_asked_but_its_parts_are():
    parts = indicator("rd"), indicator("gdp")
    one = plan(*parts, indicator("intensity", kind="ratio", formula=("rd", "gdp")), indicator("share", kind="ratio"))

    assert names_asked(one, "2024-06") == ["rd", "gdp", "share"]


def test_a_department_is_asked_for_the_whole_and_the_segments_it_reports():
    output = OUTPUT._replace(segment_reporters=(("other", "县文旅局"),))

    def segments(department):
        return [figure.segment for figure in asked(plan(output), department, Period.parse("2024-06")).figures]

    assert segments("县工信局") == [None, "zisha"]
    assert segments("县文旅局") == ["other"]
    assert segments("县民政局") == []


def test_exempted_items_are_not_asked():
    one = PLAN._replace(
        rules=rules(exempt=(exempt("县工信局", "enterprises", "2024"), exempt("县工信局", "T01", "2024-06")))
    )

    assert "enterprises" not in names_asked(one, "2024-06")
    assert "enterprises" in names_asked(one, "2025-06")
    assert asked(one, "县工信局", Period.parse("2024-06")).tasks == ()


def test_nothing_to_ask_is_said_before_anything_is_written():
    assert asked(PLAN, "县统计局", Period.parse("2024-06")).nothing
    with pytest.raises(ValueError, match="nothing to ask"):
        write_template(PLAN, "县统计局", Period.parse("2024-06"), (), on=ON)


def test_stocks_are_asked_at_the_end_of_the_period_and_flows_from_january_on():
    sheet = written()["指标"]

    assert [sheet["A1"].value, sheet["A2"].value, sheet["A3"].value] == [
        "2024年6月指标填报表",
        "示例方案",
        "填报单位：县工信局",
    ]
    assert table(sheet) == [
        [
            "指标",
            "板块",
            "单位",
            "期末数\n（2024年6月末）",
            "本年累计\n（2024年1—6月）",
            "上次报送",
            "本月\n有无变化",
            "备注",
        ],
        ["产值", "合计", "亿元", None, None, "—", None, None],
        ["产值", "紫砂陶", "亿元", None, None, "—", None, None],
        ["产值", "其他", "亿元", None, None, "—", None, None],
        ["入驻企业", None, "户", None, None, "—", None, None],
    ]
    assert [sheet.cell(5, col).protection.locked for col in (4, 5)] == [True, False]
    assert [sheet.cell(8, col).protection.locked for col in (4, 5)] == [False, True]


@pytest.mark.parametrize(
    ("period", "point_head", "flow_head", "changed"),
    [
        ("2024-01", "期末数\n（2024年1月末）", "本年累计\n（2024年1月）", "本月\n有无变化"),
        ("2024-Q3", "期末数\n（2024年9月末）", "本年累计\n（2024年1—9月）", "本季\n有无变化"),
        ("2024", "期末数\n（2024年12月末）", "本年累计\n（2024年1—12月）", "本年\n有无变化"),
    ],
)
def test_heads_state_period_and_basis(period, point_head, flow_head, changed):
    of_length = Period.parse(period).frequency
    one = plan(indicator("a", frequency=of_length), indicator("b", kind="flow", frequency=of_length))

    heads = table(written(period, of=one)["指标"])[0]

    assert heads == ["指标", "单位", point_head, flow_head, "上次报送", changed, "备注"]


def test_a_column_that_no_figure_needs_is_left_out():
    assert table(written(of=plan(indicator("a")))["指标"])[0][2] == "期末数\n（2024年6月末）"
    assert "本年累计" not in str(table(written(of=plan(indicator("a")))["指标"]))


def test_the_last_figure_stands_beside_the_blank_with_its_period():
    last = [
        observed("output_value", "2024-04", "3.10"),
        observed("output_value", "2024-05", "3.40"),
        single("output_value", "2024-05", "0.3"),
        single("output_value", "2024-05", "0.1", segment="zisha"),
        point("enterprises", "2024-03", "53"),
        point("enterprises", "2024-07", "99"),
    ]

    rows = table(written(last=last)["指标"])

    assert [row[5] for row in rows[1:]] == ["3.4（2024年1—5月）", "0.1（2024年5月当月）", "—", "53（2024年3月末）"]


def test_the_last_words_on_a_task_stand_beside_the_blanks_and_not_in_them():
    last = [
        task_report("T01", "2024-04", percent="30"),
        task_report("T01", "2024-05", percent="40", progress="完成清单" + "长" * 300, problems="融资难", next="对接"),
    ]

    heads, row = table(written(last=last)["任务进展"])

    assert heads == [
        "任务编号",
        "任务名称",
        "上次报送",
        "本月\n有无变化",
        "完成比例\n（%）",
        "进展情况",
        "存在问题",
        "下一步措施",
    ]
    assert row[:2] == ["T01", "T01"]
    assert row[2] == f"2024年5月：\n完成40%\n进展：完成清单{'长' * 95}…\n问题：融资难\n下一步：对接"
    assert row[3:] == [None] * 5


def test_words_of_a_sheet_never_become_a_formula_or_break_the_file():
    last = [task_report("T01", "2024-05", progress='=HYPERLINK("x")\x1b[31m\x00_x001B_')]

    cell = written(last=last)["任务进展"]["C5"]

    assert cell.data_type == "s"
    assert cell.value == '2024年5月：\n进展：=HYPERLINK("x")\\u001B[31m\\u0000_x005F_x001B_'
    title = "=1+1"
    assert written(of=PLAN._replace(title=title))["指标"]["A2"].data_type == "s"


def test_projects_have_a_sheet_when_the_department_has_some():
    project = Project("P01", "T01", "紫砂陶小镇", (), ("县工信局",), "", "stated")

    assert "项目进展" not in written().sheetnames
    heads, row = table(written(of=PLAN._replace(projects=(project,)))["项目进展"])
    assert heads == [
        "项目编号", "项目名称", "上次报送", "本月\n有无变化", "建设阶段",
        "计划总投资\n（万元）", "累计完成投资\n（万元）", "开工时间", "竣工时间", "形象进度", "存在问题", "下一步措施",
    ]  # fmt: skip
    assert row[:3] == ["P01", "紫砂陶小镇", "—"]


def test_signatures_stand_once_below_the_first_table_and_ask_for_no_phone():
    book = written()
    words = {sheet.title: [cell.value for row in sheet.iter_rows() for cell in row if cell.value] for sheet in book}

    assert words["指标"][-3:] == ["填报人：", "审核人：", "填报日期："]
    assert "填报人：" not in words["任务进展"]
    assert "电话" not in str(words)
    row = next(cell.row for cell in book["指标"]["A"] if cell.value == "填报人：")
    assert [book["指标"].cell(row, col).protection.locked for col in range(1, 8)] == [
        True,
        False,
        False,
        True,
        False,
        True,
        False,
    ]


def test_numbers_are_checked_on_entry_with_a_message_in_chinese():
    rules_of = {
        str(rule.sqref): rule
        for name in ("指标", "任务进展")
        for rule in written()[name].data_validations.dataValidation
    }

    firms, output = rules_of["D8"], rules_of["E6"]
    assert (firms.type, firms.formula1, firms.formula2) == ("decimal", "0", "1000")
    assert firms.error == "只填数字，单位户，合理范围0～1000；说明文字请写在备注栏。"
    assert output.prompt == "产值（紫砂陶）：2024年1—6月，单位亿元。只填数字。"
    assert [rule.formula1 for sqref, rule in rules_of.items() if "G7" in sqref] == ['"有变化,无变化"']
    assert (rules_of["E5"].formula1, rules_of["E5"].formula2) == ("0", "100")


def test_sheets_are_protected_without_a_password_and_set_up_for_print():
    for sheet in written().worksheets[:3]:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert written()["指标"].print_title_rows == "$4:$4"
    assert written()["指标"].freeze_panes == "C5"


def test_the_guide_names_the_day_the_report_is_due():
    assert "2024年7月5日前（含当日）" in written()["填报说明"]["A2"].value


def test_same_arguments_give_the_same_bytes():
    def make(on):
        return write_template(PLAN, "县工信局", Period.parse("2024-06"), (), on=on)

    assert make(ON) == make(ON)
    with zipfile.ZipFile(io.BytesIO(make(ON))) as opened:
        assert {info.date_time for info in opened.infolist()} == {(2024, 6, 20, 0, 0, 0)}


def test_rows_grow_with_what_the_clerk_writes():
    with zipfile.ZipFile(io.BytesIO(write_template(PLAN, "县工信局", Period.parse("2024-06"), (), on=ON))) as opened:
        xml = opened.read("xl/worksheets/sheet1.xml")

    assert b' ht="' in xml
    assert b"customHeight" not in xml


def read_back(book):
    """The workbook as the reader gives it; numbers as Excel would show them."""
    return tuple(
        Sheet(
            name=sheet.title,
            hidden=sheet.sheet_state != "visible",
            cells={
                (cell.row, cell.column): grid_cell(cell)
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None
            },
            merges=tuple(Span(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges),
            hidden_rows=frozenset(),
            hidden_columns=frozenset(),
            pictures=0,
        )
        for sheet in book
    )


def grid_cell(cell):
    if isinstance(cell.value, str):
        return GridCell(cell.row, cell.column, "text", cell.value, None)
    return GridCell(cell.row, cell.column, "number", str(cell.value), Decimal(str(cell.value)))


def imported(book, of=PLAN):
    return read_report(Book("填报表.xlsx", "0" * 64, "xlsx", read_back(book), ()), of, Names(of), Given())


def sign(book):
    row = next(cell.row for cell in book.worksheets[0]["A"] if cell.value == "填报人：")
    book.worksheets[0].cell(row, 2).value, book.worksheets[0].cell(row, 5).value = "张三", "李四"


def test_a_filled_template_is_read_as_it_was_meant():
    """Rows inserted and validations lost on the way do no harm: the general reader reads the words."""
    book = written(last=[observed("output_value", "2024-05", "3.4"), task_report("T01", "2024-05", progress="旧话")])
    book["指标"]["E5"], book["指标"]["E6"], book["指标"]["D8"] = 4.12, 1.5, 54
    book["任务进展"]["E5"], book["任务进展"]["F5"] = 45, "完成三项工作"
    book["指标"].insert_rows(7)
    sign(book)

    statement = imported(book)

    assert statement.department == "县工信局"
    assert [(f.indicator, f.segment, str(f.period), f.basis, f.value) for f in statement.facts[:-1]] == [
        ("output_value", None, "2024-06", "cumulative", Decimal("4.12")),
        ("output_value", "zisha", "2024-06", "cumulative", Decimal("1.5")),
        ("enterprises", None, "2024-06", "point", Decimal(54)),
    ]
    assert statement.facts[-1].fields == (("percent", "45"), ("progress", "完成三项工作"))
    assert statement.problems == ()


def test_a_template_without_names_is_told_so():
    book = written()
    book["指标"]["E5"] = 4.12

    assert [problem.code for problem in imported(book).problems] == [NO_SIGNATURE.code]


def test_an_untouched_template_reports_nothing():
    book = written(last=[observed("output_value", "2024-05", "3.4"), task_report("T01", "2024-05", progress="旧话")])

    statement = imported(book)

    assert statement.facts == ()
    assert [problem.code for problem in statement.problems] == [NOTHING_REPORTED.code]


@pytest.mark.parametrize(("period", "key"), [("2024-Q3", "2024-09"), ("2024-H1", "2024-06"), ("2024", "2024-12")])
def test_longer_periods_are_read_as_their_last_month(period, key):
    length = Period.parse(period).frequency
    one = plan(
        indicator("a", name="入驻企业", frequency=length), indicator("b", name="产值", kind="flow", frequency=length)
    )
    book = written(period, of=one)
    book["指标"]["C5"], book["指标"]["D6"] = 1, 2
    sign(book)

    statement = imported(book, one)

    assert [(str(f.period), f.basis) for f in statement.facts] == [(key, "point"), (key, "cumulative")]
    assert statement.problems == ()


def test_a_template_is_known_again_by_its_very_hidden_sheet():
    book = written()

    assert book[template_mark.SHEET].sheet_state == "veryHidden"
    assert read_template_id(read_back(book)) == TemplateId("demo", "0" * 64, "县工信局", Period.month(2024, 6))


@pytest.mark.parametrize("spoil", ["remove", "schema", "period", "rename"])
def test_a_spoilt_mark_makes_it_an_ordinary_sheet(spoil):
    book = written()
    mark = book[template_mark.SHEET]
    if spoil == "remove":
        book.remove(mark)
    elif spoil == "rename":
        mark.title = "其他"
    else:
        next(row for row in mark.iter_rows() if row[0].value == spoil)[1].value = "二〇二四年六月"

    assert read_template_id(read_back(book)) is None


def test_a_long_department_name_and_title_stay_whole():
    name = "国家税务总局乡宁县税务局"
    one = plan(indicator(reporters=(name,)), departments=[name])._replace(
        departments=(Department(name, name, (), ""),), title="方案" * 60
    )

    sheet = written(of=one, department=name)["指标"]

    assert sheet["A3"].value == f"填报单位：{name}"
    assert sheet["A2"].alignment.wrap_text
    assert sheet.row_dimensions[2].height >= 30
