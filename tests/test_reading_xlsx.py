"""`.xlsx`: what stands in the XML is what comes out, and traps are noticed."""

from decimal import Decimal

import pytest

from reading_files import (
    MAIN,
    OFFICE,
    STRICT,
    STRICT_OFFICE,
    book_of,
    cells_of,
    read_here,
    refusal_of,
    shown,
    xlsx,
    xlsx_parts,
    zipped,
)
from xiangning_zyz.intake.grid import Span


def one(cell: str, **options: object) -> tuple[str, str] | None:
    """(kind, text) of A1 of a sheet whose first row holds *cell*."""
    return shown(xlsx(f'<row r="1">{cell}</row>', **options)).get("A1")


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("41200", "41200"),
        ("31.599999999999998", "31.6"),
        ("7.0000000000000009", "7"),
        ("64.46973340000006", "64.4697334000001"),
        ("1E-7", "0.0000001"),
        ("1.5e+20", "150000000000000000000"),
        ("-0", "0"),
        ("0.10", "0.1"),
        ("007", "7"),
        ("1E308", "1" + "0" * 308),
    ],
)
def test_a_number_is_shown_at_fifteen_digits_without_exponent(stored, text):
    cell = cells_of(xlsx(f'<row r="1"><c r="A1"><v>{stored}</v></c></row>'))["A1"]

    assert ("number", text) == (cell.kind, cell.text)
    assert Decimal(text) == cell.number


@pytest.mark.parametrize("stored", ["1_000", "１２", "nan", "inf", "1e999", "0x10", "abc", "1e99999", "1,2"])
def test_what_only_python_takes_for_a_number_is_a_problem_and_no_cell(stored):
    book = book_of(xlsx(f'<row r="1"><c r="A1"><v>{stored}</v></c><c r="B1"><v>2</v></c></row>'))

    assert [("Z001", "A1", stored)] == [(each.code, each.ref, each.found) for each in book.problems]
    assert list(book.sheets[0].cells) == [(1, 2)]


@pytest.mark.parametrize(
    ("code", "stored", "text", "number", "percent", "suffix"),
    [
        ("0.00%", "0.0969", "9.69%", "9.69", True, ""),
        ("0%", "1", "100%", "100", True, ""),
        ("0.0%", "-0.00125", "-0.125%", "-0.125", True, ""),
        ('0.00"%"', "9.69", "9.69%", "9.69", True, ""),
        ('0.00"亿元"', "7.2", "7.2", "7.2", False, "亿元"),
        ('0!.0,"万元"', "123456", "123456", "123456", False, ""),
        ("#,##0.00_ ", "41200.5", "41200.5", "41200.5", False, ""),
        ("G/通用格式", "12", "12", "12", False, ""),
    ],
)
def test_percent_styles_and_literal_units_are_known(code, stored, text, number, percent, suffix):
    cell = cells_of(xlsx(f'<row r="1"><c r="A1" s="1"><v>{stored}</v></c></row>', formats=[code]))["A1"]

    assert ("number", text, Decimal(number)) == (cell.kind, cell.text, cell.number)
    assert (percent, suffix) == (cell.percent, cell.suffix)


@pytest.mark.parametrize(
    ("code", "stored", "kind", "text", "day"),
    [
        ("yyyy/m/d", "45473", "date", "2024-06-30", True),
        ('yyyy"年"m"月"d"日"', "45473", "date", "2024-06-30", True),
        ('yyyy"年"m"月";@', "45444", "date", "2024-06-01", False),
        ("[$-804]e年m月", "45444", "date", "2024-06-01", False),
        ("yyyy/m/d h:mm", "45473.333333333336", "date", "2024-06-30 08:00:00", True),
        ("h:mm", "0.5", "time", "12:00:00", True),
        ("[h]:mm", "1.5", "time", "36:00:00", True),
        ("yyyy/m/d", "60", "date", "1900-02-29", True),
        ("yyyy/m/d", "59", "date", "1900-02-28", True),
        ("yyyy/m/d", "-1", "error", "########", True),
        ("yyyy/m/d", "2958466", "error", "########", True),
    ],
)
def test_dates_and_times_follow_the_number_format(code, stored, kind, text, day):
    cell = cells_of(xlsx(f'<row r="1"><c r="A1" s="1"><v>{stored}</v></c></row>', formats=[code]))["A1"]

    assert (kind, text, day) == (cell.kind, cell.text, cell.day)
    assert cell.number is None


@pytest.mark.parametrize("style", ["9", "9" * 5000, "x", "-1", ""])
def test_a_style_that_does_not_exist_is_the_general_one(style):
    rows = f'<row r="1"><c r="A1" s="{style}"><v>0.5</v></c></row>'

    assert shown(xlsx(rows, formats=["0%"])) == {"A1": ("number", "0.5")}


def test_dates_count_from_1904_where_the_workbook_says_so():
    rows = '<row r="1"><c r="A1" s="1"><v>44011</v></c></row>'

    assert shown(xlsx(rows, formats=["yyyy-mm-dd"], workbook='<workbookPr date1904="1"/>'))["A1"] == (
        "date",
        "2024-06-30",
    )


@pytest.mark.parametrize("number_format", [27, 31, 36, 50, 57, 58])
def test_the_built_in_formats_of_chinese_editions_are_dates(number_format):
    parts = xlsx_parts('<row r="1"><c r="A1" s="1"><v>45473</v></c></row>', formats=["0"])
    parts["xl/styles.xml"] = str(parts["xl/styles.xml"]).replace(
        '<xf numFmtId="164"/>', f'<xf numFmtId="{number_format}"/>'
    )

    assert shown(zipped(parts))["A1"] == ("date", "2024-06-30")


def test_strings_shared_inline_and_rich_are_joined_without_phonetic_readings():
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="C1" t="inlineStr"><is><r><t>产</t></r><r><t>值</t></r><rPh><t>chǎn</t></rPh></is></c></row>'
    )
    strings = ["<t>  紫砂 &amp; 陶 </t>", "<r><t>乡</t></r><r><t>宁</t></r><rPh><t>xiāng</t></rPh>"]

    assert shown(xlsx(rows, strings=strings)) == {
        "A1": ("text", "  紫砂 & 陶 "),
        "B1": ("text", "乡宁"),
        "C1": ("text", "产值"),
    }


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a_x000D_\nb", "a\nb"),
        ("a_x005F_x000D_b", "a_x000D_b"),
        ("_x001B_[31m", "_x001B_[31m"),
        ("_x0000_", "_x0000_"),
        ("_xD83D_", "_xD83D_"),
        ("x_x4E61_", "x乡"),
    ],
)
def test_escapes_resolve_to_letters_and_line_ends_but_never_to_controls(written, text):
    assert ("text", text) == one('<c r="A1" t="s"><v>0</v></c>', strings=[f"<t>{written}</t>"])


def test_formulas_have_three_states():
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><f>A1/B1</f></c>'
        '<c r="D1"><f>SUM(A1)</f><v></v></c><c r="E1" t="str"><f>A1&amp;"x"</f><v>甲</v></c>'
        '<c r="F1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="G1" t="b"><f>TRUE()</f><v>1</v></c></row>'
    )

    cells = cells_of(xlsx(rows))

    assert {ref: (cell.kind, cell.text, cell.formula) for ref, cell in cells.items()} == {
        "A1": ("number", "2", True),
        "C1": ("uncalculated", "=A1/B1", False),
        "D1": ("uncalculated", "=SUM(A1)", False),
        "E1": ("text", "甲", True),
        "F1": ("error", "#DIV/0!", True),
        "G1": ("bool", "TRUE", True),
    }


def test_a_shared_formula_never_calculated_shows_its_first_cells_formula():
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>'
    )

    assert shown(xlsx(rows)) == {"A1": ("uncalculated", "=B1*2"), "A2": ("uncalculated", "=B1*2")}


def test_a_cached_zero_is_no_result_when_the_writer_asks_to_recalculate():
    rows = '<row r="1"><c r="A1"><f>B1</f><v>0</v></c><c r="B1"><f>C1</f><v>5</v></c><c r="C1"><v>0</v></c></row>'

    asked = shown(xlsx(rows, workbook='<calcPr calcId="124519" fullCalcOnLoad="1"/>'))

    assert asked == {"A1": ("uncalculated", "=B1"), "B1": ("number", "5"), "C1": ("number", "0")}
    assert shown(xlsx(rows))["A1"] == ("number", "0")


def test_error_cells_and_booleans_are_never_blank():
    rows = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="b"><v>0</v></c></row>'

    assert shown(xlsx(rows)) == {"A1": ("error", "#N/A"), "B1": ("bool", "FALSE")}


def test_iso_dates_of_strict_files_are_dates():
    rows = (
        '<row r="1"><c r="A1" t="d"><v>2024-06-30T00:00:00</v></c><c r="B1" t="d"><v>2024-06-30T08:30:00Z</v></c></row>'
    )

    assert shown(xlsx(rows)) == {"A1": ("date", "2024-06-30"), "B1": ("date", "2024-06-30 08:30:00")}


def test_strict_ooxml_is_read_like_the_transitional_form():
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'

    content = xlsx(rows, strings=["<t>产值</t>"], namespace=STRICT, office=STRICT_OFFICE)

    assert shown(content) == {"A1": ("text", "产值")}


def test_prefixed_elements_and_missing_references_are_read():
    parts = xlsx_parts()
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>'
        '<x:row r="3"><x:c r="B3"><x:v>3</x:v></x:c><x:c><x:v>4</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )

    assert shown(zipped(parts)) == {
        "A1": ("number", "1"),
        "B1": ("number", "2"),
        "B3": ("number", "3"),
        "C3": ("number", "4"),
    }


def test_part_names_are_found_in_any_case_and_spelling():
    parts = xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    parts["xl/Worksheets/Sheet1.XML"] = parts.pop("xl/worksheets/sheet1.xml")
    rels = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = rels.replace("worksheets/sheet1.xml", r"\xl\worksheets\sheet1.xml")

    assert shown(zipped(parts)) == {"A1": ("number", "1")}


def test_parts_in_utf_16_are_read():
    parts = xlsx_parts('<row r="1"><c r="A1" t="inlineStr"><is><t>产值</t></is></c><c r="B1"><v>7</v></c></row>')
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    parts["xl/worksheets/sheet1.xml"] = ('<?xml version="1.0" encoding="UTF-16"?>' + sheet).encode("utf-16")

    assert shown(zipped(parts)) == {"A1": ("text", "产值"), "B1": ("number", "7")}


def test_a_forgotten_relationship_is_guessed_from_excels_naming():
    parts = xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    del parts["xl/_rels/workbook.xml.rels"]

    assert shown(zipped(parts)) == {"A1": ("number", "1")}


def test_merges_keep_their_top_left_cell_only():
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>'
        '<row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>5</v></c></row>'
    )

    sheet = book_of(xlsx(rows, after='<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="D4"/></mergeCells>')).sheets[
        0
    ]

    assert list(sheet.cells) == [(1, 1), (1, 3)]
    assert (Span(1, 1, 2, 2),) == sheet.merges


def test_hidden_rows_and_columns_are_told_where_they_hold_something():
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>3</v></c></row><row r="3" hidden="1"/>'
        '<row r="4" hidden="true"><c r="A4" t="inlineStr"><is><t>注</t></is></c></row>'
    )

    sheet = book_of(xlsx(rows, before='<cols><col min="2" max="16384" hidden="1"/></cols>')).sheets[0]

    assert {2, 4} == sheet.hidden_rows
    assert {2, 3} == sheet.hidden_columns


def test_hidden_sheets_are_read_and_told_and_chart_sheets_left_out():
    parts = xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="甲" r:id="rId1"/>'
        '<sheet name="乙" state="veryHidden" r:id="rId4"/><sheet name="图" r:id="rId5"/></sheets></workbook>'
    )
    more = (
        f'<Relationship Id="rId4" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId5" Type="{OFFICE}/chartsheet" Target="styles.xml"/></Relationships>'
    )
    rels = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", more)

    assert [(sheet.name, sheet.hidden) for sheet in book_of(zipped(parts)).sheets] == [("甲", False), ("乙", True)]


def test_pictures_are_counted_over_the_sheet_and_in_cells():
    rows = '<row r="1"><c r="A1" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c></row>'
    parts = xlsx_parts(rows, after='<drawing r:id="rId1"/>')
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    )
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    parts["xl/drawings/drawing1.xml"] = f'<d:wsDr xmlns:d="{drawing}"><d:pic/><d:grpSp><d:pic/></d:grpSp></d:wsDr>'

    sheet = book_of(zipped(parts)).sheets[0]

    assert (sheet.pictures, sheet.cells) == (3, {})


@pytest.mark.parametrize("index", ["1", "-1", "99999999999", "x", "0.0"])
def test_a_shared_string_that_does_not_exist_is_a_problem(index):
    book = book_of(xlsx(f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>', strings=["<t>甲</t>"]))

    assert [(each.code, each.sheet, each.ref) for each in book.problems] == [("Z001", "进展", "A1")]
    assert book.sheets[0].cells == {}


def test_a_cell_that_comes_twice_is_a_problem_and_the_first_stays():
    book = book_of(xlsx('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c><c r="B1"><v>99999999</v></c></row>'))

    assert [(each.code, each.ref, each.found) for each in book.problems] == [("Z001", "B1", "99999999")]
    assert [cell.text for cell in book.sheets[0].cells.values()] == ["2", "1"]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="1"><c r="A1"><v>&bomb;</v></c></row>',
        '<row r="1" r="2"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>\x01</v></c></row>',
    ],
)
def test_rows_that_excel_would_not_open_refuse_the_file(rows):
    assert refusal_of(xlsx(rows)) == "Z001"


def test_rows_inside_comments_do_not_exist():
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<!-- <row r="2"><c r="A2"><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row> -->'
        '<row r="4"><c r="A4"><v>4</v></c></row>'
    )

    assert shown(xlsx(rows)) == {"A1": ("number", "1"), "A4": ("number", "4")}


def test_a_row_of_another_namespace_does_not_exist():
    rows = '<row xmlns="urn:other" r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'

    assert shown(xlsx(rows)) == {"A2": ("number", "2")}


def test_a_workbook_without_worksheets_is_nothing_to_read():
    parts = xlsx_parts()
    parts["xl/workbook.xml"] = f'<workbook xmlns="{MAIN}"><sheets/></workbook>'

    assert refusal_of(zipped(parts)) == "Z008"


def test_a_missing_sheet_part_refuses_the_file_and_names_the_sheet():
    parts = xlsx_parts()
    del parts["xl/worksheets/sheet1.xml"]

    (failure,) = read_here(zipped(parts))

    assert (failure.problem.code, failure.problem.sheet) == ("Z001", "进展")
