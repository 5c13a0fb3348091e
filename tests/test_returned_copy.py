"""The returned copy: problems shown in the sender's own file, all else untouched (CONTRACT §6)."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from types import ModuleType

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, Side
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from xiangning_zyz.intake.grid import GridCell, Sheet, Span
from xiangning_zyz.problem import NO_DEPARTMENT, NOT_A_NUMBER, ON_TARGET, Place, Problem
from xiangning_zyz.report import returned
from xiangning_zyz.report.returned import Returned, annotate, excerpts, markup
from xiangning_zyz.report.returned import package as packages

ON = date(2024, 7, 8)
RED, YELLOW = "FFFF7C80", "FFFFE699"
TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLAIN_SHEET = (
    f'<worksheet xmlns="{TRANSITIONAL}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>产值</t></is></c>'
    '<c r="B1"><v>4.12</v></c></row></sheetData></worksheet>'
)


def wrong(ref: str, found: str = "约60", sheet: str = "指标") -> Problem:
    return NOT_A_NUMBER.at(Place("工信局.xlsx", sheet, ref), found=found)


def doubtful(ref: str, sheet: str = "指标") -> Problem:
    return ON_TARGET.at(Place("工信局.xlsx", sheet, ref), found="7", name="产值", unit="亿元")


def patched(content: bytes, *problems: Problem) -> Returned:
    made = annotate(content, "xlsx", (), problems, on=ON)
    assert not made.note, "the file itself should have been edited"
    return made


def load(made: Returned) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made.content))


def office_book() -> bytes:
    """A workbook as an office writes it: fonts, a border, a percent, a formula, a merge, two sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "指标"
    sheet.append(["2024年6月指标"])
    sheet.append(["指标", "单位", "本年累计"])
    sheet.append(["产值", "亿元", "约4"])
    sheet.append(["占比", "%", 0.125])
    sheet.append(["合计", "亿元", "=1+1"])
    sheet.merge_cells("A1:C1")
    sheet["C3"].font = Font(name="仿宋", bold=True, color="FF0070C0")
    sheet["C3"].border = Border(left=Side("thick"))
    sheet["C4"].number_format = "0.0%"
    book.create_sheet("备查")["A1"] = "不动"
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def package(
    sheet: str | bytes = PLAIN_SHEET, more: dict[str, str | bytes] | None = None, *, strict: bool = False
) -> bytes:
    """The smallest workbook with this sheet XML: no styles, no shared strings; *more* parts replace or join."""
    office = "http://purl.oclc.org/ooxml/officeDocument/relationships" if strict else OFFICE
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{links}"><Relationship Id="rId1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{STRICT if strict else TRANSITIONAL}" xmlns:r="{office}">'
        '<sheets><sheet name="指标" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{links}"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped((parts | (more or {})).items())


def zipped(parts: Iterable[tuple[str, str | bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, data in parts:
            out.writestr(name, data)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_problem_cell_turns_red_and_keeps_its_font_border_and_number_format() -> None:
    sheet = load(patched(office_book(), wrong("C3"), wrong("C4", "0.125")))["指标"]

    assert sheet["C3"].fill.fgColor.rgb == RED
    assert (sheet["C3"].font.name, sheet["C3"].font.b, sheet["C3"].font.color.rgb) == ("仿宋", True, "FF0070C0")
    assert sheet["C3"].border.left.style == "thick"
    assert (sheet["C4"].fill.fgColor.rgb, sheet["C4"].number_format) == (RED, "0.0%")
    assert sheet["B3"].fill.fill_type is None


def test_a_warning_is_yellow_and_an_error_at_the_same_cell_outranks_it() -> None:
    sheet = load(patched(office_book(), doubtful("C4"), doubtful("C3"), wrong("C3")))["指标"]

    assert sheet["C4"].fill.fgColor.rgb == YELLOW
    assert sheet["C3"].fill.fgColor.rgb == RED
    assert "提醒：“产值”恰等于目标值 7亿元" in sheet["C3"].comment.text
    assert "错误：应为确切的数字，此格为“约60”" in sheet["C3"].comment.text


def test_every_problem_cell_has_a_note_with_the_message_and_what_to_do() -> None:
    sheet = load(patched(office_book(), wrong("C3"), wrong("E9", "")))["指标"]

    assert sheet["C3"].comment.text == (
        "退回意见（2024年7月8日）\n错误：应为确切的数字，此格为“约60”\n改法：只填数字，说明文字请写在备注栏。"
    )
    assert "改法：只填数字" in sheet["E9"].comment.text


def test_all_problems_stand_on_the_last_sheet_in_order_with_links_to_their_cells() -> None:
    whole = NO_DEPARTMENT.at(Place("工信局.xlsx"))
    sheet = load(patched(office_book(), wrong("C10"), doubtful("C3"), whole)).worksheets[-1]

    assert sheet.title == "反馈意见"
    assert [cell.value for cell in sheet[3]] == ["序号", "位置", "性质", "原内容", "问题", "怎样改"]
    assert [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=4)] == [
        ["1", "整个文件", "错误", ""],
        ["2", "指标!C3", "提醒", "7"],
        ["3", "指标!C10", "错误", "约60"],
    ]
    assert sheet["B4"].hyperlink is None
    assert sheet["B5"].hyperlink.location == "'指标'!C3"
    assert "共有2处错误、1处提醒" in sheet["A2"].value


def test_untouched_parts_are_byte_identical_and_in_their_old_order() -> None:
    before = parts_of(office_book())
    after = parts_of(patched(office_book(), wrong("C3")).content)

    assert [name for name in after if name in before] == list(before)
    assert {name for name in before if before[name] != after[name]} == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
    }


def test_of_the_marked_sheet_only_the_marked_cells_change() -> None:
    before = parts_of(office_book())["xl/worksheets/sheet1.xml"]
    after = parts_of(patched(office_book(), wrong("C3")).content)["xl/worksheets/sheet1.xml"]

    style = rb'(?<=<c r="C3") s="[0-9]+"'
    assert re.sub(style + rb"|<legacyDrawing[^>]*>", b"", after) == re.sub(style, b"", before)


def test_the_same_input_gives_the_same_bytes() -> None:
    content = office_book()

    assert patched(content, wrong("C3")) == patched(content, wrong("C3"))


@given(
    cells=st.sets(st.tuples(st.integers(1, 12), st.integers(1, 9)), max_size=30),
    targets=st.sets(st.tuples(st.integers(1, 14), st.integers(1, 11)), min_size=1, max_size=12),
    named=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_cells_can_be_marked_in_any_sheet_and_no_value_changes(
    cells: set[tuple[int, int]], targets: set[tuple[int, int]], *, named: bool
) -> None:
    """Rows and cells present, absent, empty, with or without `spans`: always the right cell, and only it."""
    sheet = f'<worksheet xmlns="{TRANSITIONAL}"><sheetData>'
    for row in sorted({row for row, _ in cells}):
        columns = sorted(col for at, col in cells if at == row)
        sheet += f'<row r="{row}"' + (' spans="1:9">' if named else ">")
        sheet += (
            "".join(f'<c r="{get_column_letter(col)}{row}"><v>{row * 100 + col}</v></c>' for col in columns) + "</row>"
        )
    content = package(sheet + "</sheetData></worksheet>")

    made = load(patched(content, *(wrong(f"{get_column_letter(col)}{row}") for row, col in targets)))["指标"]

    shown = {(cell.row, cell.column): cell for row in made.iter_rows() for cell in row}
    assert {at for at, cell in shown.items() if cell.fill.fgColor.rgb == RED} == targets
    assert {at for at, cell in shown.items() if cell.comment} == targets
    assert {at: cell.value for at, cell in shown.items() if cell.value is not None} == {
        (row, col): row * 100 + col for row, col in cells
    }


@pytest.mark.parametrize(
    "body", ["<sheetData/>", "<sheetData></sheetData>", '<sheetData><row r="2" spans="1:1"/></sheetData>']
)
def test_a_cell_that_is_missing_is_put_in(body: str) -> None:
    sheet = load(patched(package(f'<worksheet xmlns="{TRANSITIONAL}">{body}</worksheet>'), wrong("D2", "")))["指标"]

    assert sheet["D2"].fill.fgColor.rgb == RED


def test_rows_and_cells_without_references_count_on() -> None:
    body = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    sheet = load(
        patched(package(f'<worksheet xmlns="{TRANSITIONAL}"><sheetData>{body}</sheetData></worksheet>'), wrong("B1"))
    )

    assert sheet["指标"]["B1"].fill.fgColor.rgb == RED
    assert sheet["指标"]["A2"].value == 3


def test_a_new_cell_looks_as_its_column_would_have_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(office_book()))
    book["指标"].column_dimensions["D"].font = Font(name="黑体")

    sheet = load(patched(saved(book), wrong("D3", "")))["指标"]

    assert (sheet["D3"].font.name, sheet["D3"].fill.fgColor.rgb) == ("黑体", RED)


def test_a_prefixed_sheet_gets_prefixed_cells() -> None:
    body = '<x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData>'
    sheet = f"<x:worksheet xmlns:x='{TRANSITIONAL}'>{body}</x:worksheet>"

    made = patched(package(sheet), wrong("A1"), wrong("B1", ""), wrong("A2", ""))

    marked = load(made)["指标"]
    assert [marked[ref].fill.fgColor.rgb for ref in ("A1", "B1", "A2")] == [RED] * 3
    assert marked["A1"].value == 1
    assert b"<x:legacyDrawing " in parts_of(made.content)["xl/worksheets/sheet1.xml"]


def test_a_strict_workbook_stays_strict() -> None:
    made = patched(package(PLAIN_SHEET.replace(TRANSITIONAL, STRICT), strict=True), wrong("B1"))
    parts = parts_of(made.content)

    assert STRICT.encode() in parts["xl/styles.xml"]
    assert STRICT.encode() in parts["xl/worksheets/sheet2.xml"]
    assert TRANSITIONAL.encode() not in b"".join(parts.values())
    assert CalamineWorkbook.from_filelike(io.BytesIO(made.content)).sheet_names == ["指标", "反馈意见"]


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_a_part_in_another_encoding_is_read_as_declared(encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'

    sheet = load(patched(package((declaration + PLAIN_SHEET).encode(encoding)), wrong("B1")))["指标"]

    assert (sheet["A1"].value, sheet["B1"].fill.fgColor.rgb) == ("产值", RED)


def test_shared_formulas_and_cached_values_stay() -> None:
    first = '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>8</v></c></row>'
    second = '<row r="2"><c r="A2"><f t="shared" si="0"/><v>10</v></c></row>'
    body = f"<sheetData>{first}{second}</sheetData>"

    made = patched(package(f'<worksheet xmlns="{TRANSITIONAL}">{body}</worksheet>'), wrong("A2"))

    xml = parts_of(made.content)["xl/worksheets/sheet1.xml"].decode()
    assert first in xml
    assert '<f t="shared" si="0"/><v>10</v></c>' in xml


def test_an_existing_note_keeps_its_text_and_look_and_ours_follows() -> None:
    book = openpyxl.load_workbook(io.BytesIO(office_book()))
    book["指标"]["C3"].comment = Comment("已与统计局核对", "张三", height=333, width=222)
    content = saved(book)

    made = patched(content, wrong("C3"), wrong("C4"))

    text = load(made)["指标"]["C3"].comment.text
    assert text.startswith("已与统计局核对\n\n退回意见（2024年7月8日）\n错误：")
    assert load(made)["指标"]["C3"].comment.author == "张三"
    before, after = parts_of(content), parts_of(made.content)
    drawing = next(name for name in before if "rawing" in name)
    assert before[drawing].rpartition(b"</")[0] in after[drawing]
    assert after[drawing].count(b":shape ") == 2


THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


def threaded_book() -> bytes:
    sheet_links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
        'Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    comments = (
        f'<comments xmlns="{TRANSITIONAL}"><authors><author>tc={{1}}</author></authors><commentList>'
        '<comment ref="B1" authorId="0"><text><t>[线程批注]</t></text></comment></commentList></comments>'
    )
    thread = (
        f'<ThreadedComments xmlns="{THREADED}"><threadedComment ref="B1" personId="{{P}}" id="{{1}}"><text>请核</text>'
        "</threadedComment></ThreadedComments>"
    )
    return package(
        more={
            "xl/worksheets/_rels/sheet1.xml.rels": sheet_links,
            "xl/comments1.xml": comments,
            "xl/threadedComments/threadedComment1.xml": thread,
        }
    )


def test_a_thread_gets_a_reply_beside_the_note_that_older_programs_show() -> None:
    parts = parts_of(patched(threaded_book(), wrong("B1")).content)

    thread = parts["xl/threadedComments/threadedComment1.xml"].decode()
    person = re.search(r'displayName="专班办公室" id="{([^"]+)}"', parts["xl/persons/person1.xml"].decode())
    assert person
    assert re.search(rf'ref="B1"[^>]*personId="\{{{person[1]}\}}"[^>]*parentId="\{{1\}}"><text>退回意见', thread)
    assert "[线程批注]" in parts["xl/comments1.xml"].decode()
    assert "约60" in parts["xl/comments1.xml"].decode()


def test_a_sheet_with_a_button_gets_notes_in_the_same_drawing() -> None:
    """Excel's own VML is not always XML: buttons hold `<br>`."""
    button = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="3"/>'
        '</o:shapelayout><v:shape id="_x0000_s3073"><v:textbox><div>汇总<br></div></v:textbox></v:shape></xml>'
    )
    sheet = PLAIN_SHEET.replace("</worksheet>", f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rId7"/></worksheet>')
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId7" Type="{OFFICE}/vmlDrawing" Target="/xl/drawings/vmlDrawing1.vml"/></Relationships>'
    )
    more = {"xl/worksheets/_rels/sheet1.xml.rels": links, "xl/drawings/vmlDrawing1.vml": button}

    parts = parts_of(patched(package(sheet, more), wrong("B1")).content)

    drawing = parts["xl/drawings/vmlDrawing1.vml"].decode()
    assert "汇总<br></div>" in drawing
    assert 'id="_x0000_s3074" type="#_x0000_t202"' in drawing
    assert parts["xl/worksheets/sheet1.xml"].count(b"legacyDrawing") == 1


def test_macros_stay_and_the_suffix_says_so() -> None:
    types = parts_of(package())["[Content_Types].xml"].decode()
    macro = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    types = re.sub(r'(workbook.xml" ContentType=")[^"]+', rf"\g<1>{macro}", types)

    made = patched(package(more={"[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), wrong("B1"))

    assert made.suffix == ".xlsm"
    assert parts_of(made.content)["xl/vbaProject.bin"] == b"\xd0\xcf\x11\xe0"


def test_every_new_part_has_a_content_type_even_where_no_defaults_are() -> None:
    types = re.sub(r"<Default [^>]*>", "", parts_of(package())["[Content_Types].xml"].decode())

    made = patched(package(more={"[Content_Types].xml": types}), wrong("B1"))

    declared = parts_of(made.content)["[Content_Types].xml"].decode()
    new = [name for name in parts_of(made.content) if name not in parts_of(package())]
    assert "xl/worksheets/_rels/sheet1.xml.rels" in new
    assert [name for name in new if f'PartName="/{name}"' not in declared] == []


def test_a_sheet_returned_again_gets_a_second_list() -> None:
    once = patched(office_book(), wrong("C3"))
    twice = annotate(once.content, "xlsx", (), [wrong("C4")], on=date(2024, 7, 9))

    assert load(twice).sheetnames == ["指标", "备查", "反馈意见", "反馈意见（2）"]
    assert "2024年7月9日" in load(twice)["指标"]["C4"].comment.text


HOSTILE = '=HYPERLINK("x")\x1b[31m\x00<script>&"\'\u202e\ud800\ufffe_x001B_'


def test_hostile_text_is_spelled_out_and_never_run() -> None:
    made = patched(office_book(), wrong("C3", HOSTILE))

    cell = load(made)["反馈意见"]["D4"]
    assert cell.data_type in ("s", "inlineStr")
    assert cell.value == r'=HYPERLINK("x")\u001B[31m\u0000<script>&"' + "'" + r"\u202E\uD800" + "\ufffd_x005F_x001B_"
    assert rb"\u001B[31m" in parts_of(made.content)["xl/comments1.xml"]


def test_no_cell_or_note_is_longer_than_excel_takes() -> None:
    made = patched(office_book(), wrong("C3", "𠮷" * 40_000))

    assert len(load(made)["反馈意见"]["D4"].value.encode("utf-16-le")) // 2 <= 32_767
    assert len(load(made)["指标"]["C3"].comment.text.encode("utf-16-le")) // 2 <= 32_767


def test_with_very_many_problems_only_the_first_cells_get_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returned, "MOST_NOTES", 2)
    monkeypatch.setattr(returned, "MOST_LISTED", 3)
    made = load(patched(office_book(), *(wrong(f"A{row}") for row in range(2, 7))))

    assert [bool(made["指标"][f"A{row}"].comment) for row in range(2, 7)] == [True, True, False, False, False]
    assert [made["指标"][f"A{row}"].fill.fgColor.rgb == RED for row in range(2, 7)] == [True, True, True, False, False]
    assert made["反馈意见"].max_row == 6
    assert "另有2条未列出" in made["反馈意见"]["A2"].value


def test_places_that_name_no_cell_are_only_listed() -> None:
    made = load(patched(office_book(), wrong(""), wrong("XFE1"), wrong("A1048577"), wrong("A1", sheet="没有的表")))

    assert made["反馈意见"].max_row == 7
    assert not any(cell.comment for row in made["指标"].iter_rows() for cell in row)


GRID = Sheet(
    name="附表:1",
    hidden=False,
    cells={
        (cell.row, cell.col): cell
        for cell in (
            GridCell(1, 1, "text", "2024年6月\n指标", None),
            GridCell(2, 1, "number", "41200.5", Decimal("41200.5")),
            GridCell(2, 2, "number", "9.69%", Decimal("9.69"), percent=True),
            GridCell(3, 1, "date", "2024-06-30", None),
            GridCell(3, 2, "date", "2024-06-30 06:00:00", None),
            GridCell(3, 3, "date", "1899-12-31", None),
            GridCell(4, 1, "bool", "TRUE", None),
            GridCell(4, 2, "error", "#DIV/0!", None),
            GridCell(4, 3, "uncalculated", "=A1/B1", None),
            GridCell(4, 4, "time", "08:00:00", None),
        )
    },
    merges=(Span(1, 1, 1, 3), Span(6, 6, 6, 6)),
    hidden_rows=frozenset({3, 900_000}),
    hidden_columns=frozenset({2}),
    pictures=0,
)


def test_other_formats_come_back_as_xlsx_with_the_same_cells() -> None:
    made = annotate(b"\xd0\xcf\x11\xe0", "xls", [GRID], [wrong("A2", sheet="附表:1")], on=ON)

    book = load(made)
    sheet = book["附表_1"]
    assert (made.suffix, made.note) == (".xlsx", "原文件为 .xls，现另存为 .xlsx 退回：数据照原样，格式和公式未保留。")
    assert [[cell.value for cell in row] for row in sheet["A1:D4"]] == [
        ["2024年6月\n指标", None, None, None],
        [41200.5, 0.0969, None, None],
        [datetime(2024, 6, 30), datetime(2024, 6, 30, 6), "1899-12-31", None],  # noqa: DTZ001 - cells know no zone
        [True, "#DIV/0!", "=A1/B1", "08:00:00"],
    ]
    assert (sheet["B2"].number_format, sheet["C4"].data_type, sheet["B4"].data_type) == ("0.00%", "s", "e")
    assert [str(span) for span in sheet.merged_cells.ranges] == ["A1:C1"]
    assert sheet.row_dimensions[3].hidden
    assert sheet.column_dimensions["B"].hidden
    assert sheet["A2"].fill.fgColor.rgb == RED
    assert made.note in book["反馈意见"]["A2"].value
    assert book["反馈意见"]["B4"].hyperlink.location == "'附表_1'!A2"


def test_sheet_names_excel_refuses_are_mended_and_stay_apart() -> None:
    names = ["", "a/b", "A_B", "x" * 40, "x" * 41, "'"]
    made = load(annotate(b"", "csv", [GRID._replace(name=name) for name in names], [wrong("A1", sheet="A_B")], on=ON))

    assert made.sheetnames == ["表1", "a_b", "A_B（2）", "x" * 31, f"{'x' * 26}（2）", "表6", "反馈意见"]
    assert made["A_B（2）"]["A1"].comment


def test_a_file_that_cannot_be_read_gets_the_list_alone() -> None:
    made = annotate(b"%PDF-1.7", "", (), [NO_DEPARTMENT.at(Place("扫描件.xlsx"))], on=ON)

    assert load(made).sheetnames == ["反馈意见"]
    assert made.note == "原文件无法读取，只列出问题。"


DUPLICATE = [*parts_of(package()).items(), ("XL/workbook.xml", b"<workbook/>")]
UNSORTED = '<sheetData><row r="5"><c r="A5"/></row><row r="2"/></sheetData>'


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 cut",
        zipped([("a.txt", "no workbook")]),
        zipped(DUPLICATE),
        package(f'<worksheet xmlns="{TRANSITIONAL}">{UNSORTED}</worksheet>'),
        package('<!DOCTYPE worksheet [<!ENTITY a "b">]>' + PLAIN_SHEET),
        package(PLAIN_SHEET.replace("</worksheet>", "")),
        package(f'<chartsheet xmlns="{TRANSITIONAL}"/>'),
        package(PLAIN_SHEET.replace('r="B1"', 'r="?"').replace('r="1"', 'r="2"')),
        package(b'<?xml version="1.0" encoding="klingon"?>' + PLAIN_SHEET.encode()),
        package(PLAIN_SHEET.replace("<sheetData>", "<a>" * 200 + "</a>" * 200 + "<sheetData>")),
    ],
)
def test_a_package_that_cannot_be_edited_comes_back_as_a_fresh_one(content: bytes) -> None:
    made = annotate(content, "xlsx", [GRID._replace(name="指标")], [wrong("A2"), wrong("A3")], on=ON)

    assert made.note.startswith("原文件结构特殊，现另存为 .xlsx 退回")
    assert load(made)["指标"]["A2"].value == 41200.5


@pytest.mark.parametrize(
    ("module", "limit", "plain"),
    [
        (packages, "MOST_BYTES", True),
        (excerpts, "MOST_KEPT", True),
        (packages, "MOST_EDITED", False),
        (markup, "MOST_ELEMENTS", False),
    ],
)
def test_a_package_beyond_a_bound_comes_back_as_a_fresh_one(
    module: ModuleType, limit: str, monkeypatch: pytest.MonkeyPatch, *, plain: bool
) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"/></row>' for row in range(1, 2000))
    rows += "" if plain else "<!-- rows cannot be told without parsing -->"
    content = package(f'<worksheet xmlns="{TRANSITIONAL}"><sheetData>{rows}</sheetData></worksheet>')
    problems = [wrong(f"A{row}") for row in range(1, 1500)]
    assert not annotate(content, "xlsx", (), problems, on=ON).note
    monkeypatch.setattr(module, limit, 1_500 if limit == "MOST_ELEMENTS" else 30_000)

    assert annotate(content, "xlsx", [GRID], problems, on=ON).note


@given(damage=st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_damaged_bytes_never_raise(damage: list[tuple[int, int]]) -> None:
    content = bytearray(office_book())
    for at, byte in damage:
        content[at % len(content)] = byte
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of odd names; the copy is what counts
        made = annotate(bytes(content), "xlsx", [GRID], [wrong("C3"), wrong("A2", sheet="附表:1")], on=ON)

    assert zipfile.is_zipfile(io.BytesIO(made.content))
