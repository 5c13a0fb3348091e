"""Returned copies of large sheets: only rows with problems are parsed, and the copy is the same."""

import io
import re
import tracemalloc
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiangning_zyz.problem import NOT_A_NUMBER, Place, Problem
from xiangning_zyz.report import returned
from xiangning_zyz.report.returned import annotate, excerpts
from xiangning_zyz.report.returned.excerpts import excerpt
from xiangning_zyz.report.returned.markup import Edit, NotPatchable, apply

ON = date(2024, 7, 8)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)


def wrong(ref: str) -> Problem:
    return NOT_A_NUMBER.at(Place("工信局.xlsx", "指标", ref), found="约60")


def workbook(sheet: str, more: dict[str, bytes] | None = None) -> bytes:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="指标" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        **(more or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts.items():
            out.writestr(name, data)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


@st.composite
def sheet_xml(draw: st.DrawFn) -> str:
    """A sheet as some program writes it: with or without prefix, references, attributes, declaration."""
    prefix = draw(st.sampled_from(["", "x:"]))
    named = draw(st.booleans())
    rows, number = [], 0
    for step in draw(st.lists(st.integers(1, 3), max_size=12)):
        number += step if named else 1
        before, after = draw(
            st.sampled_from([("", ""), ("", ' ht="15"'), (" spans=\"1:2\" x14ac:dyDescent='0.2>'", "")])
        )
        own = f' r="{number}"' if named else ""
        cells = draw(st.sampled_from(["", "<c><v>1</v></c>", '<c t="inlineStr"><is><t>a &gt; b</t></is></c><c/>']))
        rows.append(f"<row{before}{own}{after}>{cells}</row>" if cells else f"<row{before}{own}{after}/>")
    body = draw(st.sampled_from(["", " "])).join(rows)
    sheet = f"<sheetData>{body}</sheetData><pageMargins/>" if rows or draw(st.booleans()) else "<sheetData/>"
    xml = f"<worksheet><cols><col/></cols>{sheet}</worksheet>".replace("</", "\0").replace("<", f"<{prefix}")
    xml = xml.replace("\0", f"</{prefix}")
    spaces = f' xmlns{":x" if prefix else ""}="{MAIN}" xmlns:x14ac="urn:x"'
    head = draw(st.sampled_from(["", '<?xml version="1.0" encoding="UTF-8"?>\n', "\ufeff<?xml version='1.0'?>"]))
    return head + xml.replace("worksheet>", f"worksheet{spaces}>", 1)


@given(sheet_xml(), st.sets(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 60))
@settings(max_examples=300, deadline=None)
def test_the_copy_is_the_same_whether_the_sheet_is_read_whole_or_by_its_marked_rows(
    xml: str, rows: set[int], size: int
) -> None:
    content, problems = workbook(xml), [wrong(f"B{row}") for row in rows]
    patch = pytest.MonkeyPatch()
    with patch.context() as inner:
        inner.setattr("xiangning_zyz.report.returned.package._PIECE", size)  # tags are cut anywhere
        made = annotate(content, "xlsx", (), problems, on=ON)
    with patch.context() as inner:
        inner.setattr(returned, "excerpt", lambda pieces, rows: None)
        whole = annotate(content, "xlsx", (), problems, on=ON)

    assert not made.note
    assert parts_of(made.content) == parts_of(whole.content)


def test_of_the_rows_only_those_with_problems_are_kept() -> None:
    rows = [f'<row r="{number}"><c/></row>' for number in (1, 2, 5, 9, 10)]
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData><a/></worksheet>'.encode()

    kept = excerpt([xml], {2, 7})  # instead of a seventh, the ninth: one is put in before it

    assert kept is not None
    assert kept.data.decode() == f'<worksheet xmlns="{MAIN}"><sheetData>{rows[1]}{rows[3]}</sheetData><a/></worksheet>'
    ninth, end = kept.data.index(b'<row r="9"'), kept.data.index(b"</sheetData>")
    edits = [Edit(ninth, ninth, b"<row r='7'/>"), Edit(end, end, b"!"), Edit(ninth - 6, ninth, b"</ROW>")]
    assert apply(xml, kept.in_whole(edits)).decode() == (
        f'<worksheet xmlns="{MAIN}"><sheetData>{rows[0]}<row r="2"><c/></ROW>{rows[2]}<row r=\'7\'/>{rows[3]}{rows[4]}'
        "!</sheetData><a/></worksheet>"
    )


@pytest.mark.parametrize(
    "odd", ["<!-- <row r='3'> -->", "<![CDATA[<row>]]>", "<?row r='3'?>", "<extLst/>", '<row r="&#51;"/>']
)
def test_where_a_bracket_need_not_begin_a_tag_the_sheet_is_read_whole(odd: str) -> None:
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"/>{odd}</sheetData></worksheet>'

    assert excerpt([xml.encode()], {1}) is None


def test_other_encodings_are_read_whole() -> None:
    declared = f'<?xml version="1.0" encoding="gbk"?><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'

    assert excerpt([declared.encode("gbk")], {1}) is None
    assert excerpt([declared.replace("gbk", "utf-16").encode("utf-16")], {1}) is None


def test_rows_out_of_order_are_found_also_where_nothing_is_marked() -> None:
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"/><row r="9"/><row r="8"/></sheetData></worksheet>'

    with pytest.raises(NotPatchable):
        excerpt([xml.encode()], {1})


def test_a_token_without_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excerpts, "_LONGEST", 100)

    with pytest.raises(NotPatchable):
        excerpt([b"<worksheet><sheetData>", b"x" * 101], {1})


def test_a_large_sheet_is_never_held_whole() -> None:
    """20,000 rows are 5 MB of XML: marked at both ends in a fraction of that."""
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'
    text = "产值" * 40
    body = "".join(row.format(number, text) for number in range(1, 20_001))
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
    content, size = workbook(xml, {"xl/media/picture.png": b"\x89PNG"}), len(xml.encode())
    del body

    tracemalloc.start()
    made = annotate(content, "xlsx", (), [wrong("A3"), wrong("B19999")], on=ON)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    before, after = parts_of(content), parts_of(made.content)
    assert peak < size / 3 + 4 * (1 << 20), "a few pieces of a megabyte, and what they are compressed to"
    assert after["xl/media/picture.png"] == before["xl/media/picture.png"]
    marked = after["xl/worksheets/sheet1.xml"].decode()
    assert row.format(10_000, text) in marked
    assert re.search('<c r="B19999" s="[0-9]+"/></row><row r="20000">', marked)
