"""`.ods`: exact values from `office:value`, and what is shown from the paragraphs."""

import pytest

from reading_files import book_of, cells_of, ods, refusal_of, shown, zipped
from xiangning_zyz.intake.grid import Span


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def cell(attributes: str = "", text: str | None = None) -> str:
    paragraph = "" if text is None else f"<text:p>{text}</text:p>"
    return f"<table:table-cell {attributes}>{paragraph}</table:table-cell>"


def typed(kind: str, value: str, text: str, more: str = "") -> str:
    name = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
    return cell(f'office:value-type="{kind}" office:{name}="{value}" {more}', text)


@pytest.mark.parametrize(
    ("kind", "value", "text", "expected"),
    [
        ("float", "31.599999999999998", "31.6", ("number", "31.6", False, "")),
        ("float", "7.2", "7.20亿元", ("number", "7.2", False, "亿元")),
        ("float", "12345", "1.2万", ("number", "12345", False, "")),
        ("float", "9.69", "9.69%", ("number", "9.69%", True, "")),
        ("percentage", "0.0969", "9.69%", ("number", "9.69%", True, "")),
        ("currency", "41200", "¥41,200", ("number", "41200", False, "")),
        ("date", "2024-06-30", "2024年6月30日", ("date", "2024-06-30", False, "")),
        ("date", "2024-06-30T08:00:00", "8:00", ("date", "2024-06-30 08:00:00", False, "")),
        ("time", "PT36H00M00S", "36:00", ("time", "36:00:00", False, "")),
        ("boolean", "true", "TRUE", ("bool", "TRUE", False, "")),
    ],
)
def test_typed_values(kind, value, text, expected):
    found = cells_of(ods(row(typed(kind, value, text))))["A1"]

    assert (found.kind, found.text, found.percent, found.suffix) == expected


def test_a_month_shown_without_a_day_is_known():
    cells = cells_of(ods(row(typed("date", "2024-06-01", "2024年6月"), typed("date", "2024-06-01", "2024-06-01"))))

    assert (cells["A1"].day, cells["B1"].day) == (False, True)


def test_errors_are_never_blank_and_formulas_have_three_states():
    error = 'office:value-type="string" office:string-value="" calcext:value-type="error" table:formula="of:=1/0"'
    excels = 'office:value-type="string" office:string-value="" table:formula="of:=1/0"'
    rows = row(
        cell(error, "#DIV/0!"),
        cell(excels, "#N/A"),
        cell('table:formula="of:=[.A1]"'),
        cell('table:formula="of:=IF(1;&quot;&quot;)"', ""),
        typed("float", "2", "2", 'table:formula="of:=1+1"'),
        cell('office:value-type="string"', "#DIV/0!"),
    )

    assert {ref: (each.kind, each.text, each.formula) for ref, each in cells_of(ods(rows)).items()} == {
        "A1": ("error", "#DIV/0!", True),
        "B1": ("error", "#N/A", True),
        "C1": ("uncalculated", "=[.A1]", False),
        "E1": ("number", "2", True),
        "F1": ("text", "#DIV/0!", False),
    }


def test_white_space_collapses_but_for_the_elements_that_stand_for_it():
    text = "  产<text:s text:c='3'/>值\n  <text:span>合<text:tab/>计</text:span><text:line-break/>二 "
    two = '<table:table-cell office:value-type="string"><text:p>一</text:p><text:p>二</text:p></table:table-cell>'

    cells = shown(ods(row(cell('office:value-type="string"', text), two)))

    assert cells == {"A1": ("text", "产   值 合\t计\n二"), "B1": ("text", "一\n二")}


def test_comments_and_tables_inside_cells_are_not_the_cells_text():
    note = "<office:annotation><text:p>批注</text:p></office:annotation><text:p>值</text:p>"
    inner = f'<table:table table:name="内">{row(typed("float", "99999999", "99999999"))}</table:table>'
    rows = row(f'<table:table-cell office:value-type="string">{note}{inner}</table:table-cell>')

    assert shown(ods(rows)) == {"A1": ("text", "值")}


def test_repeated_cells_and_rows_are_filled_and_empty_ones_cost_nothing():
    again = 'table:number-columns-repeated="2"'
    rows = (
        row(typed("float", "1", "1", again), cell('table:number-columns-repeated="16000"'))
        + row(cell(), attributes='table:number-rows-repeated="1000"')
        + row(typed("float", "2", "2"), attributes='table:number-rows-repeated="2"')
        + row(cell(), attributes='table:number-rows-repeated="1047000"')
    )

    assert list(shown(ods(rows))) == ["A1", "B1", "A1002", "A1003"]


def test_merges_hidden_parts_and_pictures_are_told():
    spanned = typed("float", "1", "1", 'table:number-columns-spanned="2" table:number-rows-spanned="2"')
    covered = typed("float", "9", "9").replace("table:table-cell", "table:covered-table-cell")
    picture = "<table:table-cell><draw:frame><draw:image/></draw:frame></table:table-cell>"
    rows = row(spanned, covered, typed("float", "2", "2")) + row(
        covered, covered, typed("float", "3", "3"), picture, attributes='table:visibility="collapse"'
    )
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'

    sheet = book_of(ods(rows, columns=columns)).sheets[0]

    assert list(sheet.cells) == [(1, 1), (1, 3), (2, 3)]
    assert sheet.merges == (Span(1, 1, 2, 2),)
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.pictures) == ({2}, {2, 3}, 1)


def test_a_hidden_table_is_told():
    style = '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'

    assert book_of(ods(row(cell()), styles=style, table='table:style-name="ta1"')).sheets[0].hidden


@pytest.mark.parametrize("value", ["1_000", "nan", "1e999", "", "１２"])
def test_a_number_that_is_none_is_a_problem(value):
    assert [each.ref for each in book_of(ods(row(typed("float", value, "1")))).problems] == ["A1"]


def test_an_encrypted_document_and_other_documents_say_so():
    manifest = '<manifest:manifest><manifest:encryption-data manifest:checksum=""/></manifest:manifest>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"

    assert refusal_of(zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": "x"})) == "Z002"
    assert refusal_of(zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})) == "Z003"
