"""The annex as a workbook: values beside formulas, native pictures, nothing that acts."""

import io
import re
import warnings
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from report_states import as_pdf, document
from xiangning_zyz.report.to_xlsx import number_format, to_xlsx


@pytest.fixture(scope="module")
def content():
    return to_xlsx(document("mid", "annex"))


def opened(content, *, values=True):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl knows no sparklines
        return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def cell(sheet, head, row):
    """The cell of the column under *head* in the row that begins with, or names, *row*."""
    [column] = [each.column for each in sheet[3] if each.value == head]
    [line] = [line for line in sheet.iter_rows(min_row=4) if row in [each.value for each in line[:2]]]
    return line[column - 1]


def test_a_sheet_for_each_table_in_order(content):
    assert opened(content).sheetnames == [
        "主要指标进展",
        "走势图",
        "指标判断说明表",
        "节点目标完成和差距",
        "逐年变化指标",
        "定性目标评判",
        "重点任务进展",
        "重点工作任务与部门报送",
        "各部门任务进展",
        "各部门报送",
        "问题台账",
        "与上期相比变化",
        "数据修订",
        "数据来源",
        "走势数据",
    ]


def test_formulas_stand_beside_the_results_they_give(content):
    formulas, values = opened(content, values=False)["主要指标进展"], opened(content)["主要指标进展"]
    assert cell(formulas, "差距", "专业镇产值").value == "=G5-H5"
    assert cell(values, "差距", "专业镇产值").value == pytest.approx(5.74)
    assert cell(values, "完成比例", "专业镇产值").value == pytest.approx(0.426)


def test_a_cell_shows_what_the_bulletin_prints_and_holds_the_whole_number(content):
    found = cell(opened(content)["主要指标进展"], "实际", "每万人口R&D人员")
    assert found.number_format == "0.000"
    assert found.value == pytest.approx(230 / 22.1, abs=1e-12)


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("不低于70", '"不低于"0'),
        ("42.6%", "0.0%"),
        ("-7.4（测算）", '0.0"（测算）"'),
        ("+1980", "+0;-0;0"),
        ("0.708", "0.000"),
        ("未报", "General"),
        ('"5', "0"),
    ],
)
def test_number_formats(printed, wanted):
    assert number_format(printed) == wanted


def test_print_titles_fit_to_width_and_landscape(content):
    for sheet in opened(content):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)  # one page wide is the default
        if sheet.title not in ("走势图", "走势数据"):
            assert sheet.print_title_rows == "$3:$3"
            assert sheet.freeze_panes == "A4"


def test_native_charts_data_bars_and_sparklines(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        first = package.read("xl/worksheets/sheet1.xml").decode()
    assert sum(bool(re.fullmatch(r"xl/charts/chart\d+\.xml", name)) for name in names) == 6
    assert "dataBar" in first
    assert first.count("<x14:sparkline>") == 5


def test_same_blocks_same_bytes(content):
    assert to_xlsx(document("mid", "annex")) == content


@pytest.mark.parametrize("kind", ["annex", "bulletin", "brief", "dashboard"])
def test_hostile_words_are_text(kind):
    content = to_xlsx(document("hostile", kind))
    for sheet in opened(content, values=False):
        for row in sheet.iter_rows():
            for each in row:
                assert each.hyperlink is None
                if each.data_type == "f":
                    assert re.fullmatch(r"=[A-Z]+\d+[-/][A-Z]+\d+", each.value)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not [name for name in package.namelist() if "external" in name.lower()]
        strings = package.read("xl/sharedStrings.xml").decode()
    assert "\x1b" not in strings
    assert "=HYPERLINK(" in strings


@pytest.mark.parametrize("state", ["empty", "mid", "met", "late", "long", "hostile"])
def test_libreoffice_opens_it(tmp_path, state):
    path = tmp_path / "附表.xlsx"
    path.write_bytes(to_xlsx(document(state, "annex")))
    assert as_pdf(path).stat().st_size > 10_000


def test_decimals_are_stored_as_excel_would(content):
    found = cell(opened(content)["主要指标进展"], "需月均", "专业镇产值")
    assert Decimal(str(found.value)) == pytest.approx(Decimal("0.956666666666667"))
