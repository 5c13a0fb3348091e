"""Rows in the plain spelling are read by a pattern, all others by expat: both must see the same cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading_files import Parts, read_here, shown, xlsx, xlsx_parts, zipped
from xiangning_zyz.intake.reading import archive, xlsx_rows

NUMBERS = st.one_of(
    st.integers(-(10**18), 10**18).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["0", "-0", "0.10", "1E-7", "1e5", "007", " 1 ", "1_0", "nan", "1e999", "", "+5", ".5", "5."]),
)
ATTRIBUTES = st.sampled_from(
    ["", ' s="1"', ' s="2"', ' s="9"', ' t="s"', ' t="str"', ' t="b"', ' t="e"', ' t="inlineStr"', ' t="n" s="1"']
)
FORMULAS = st.sampled_from(["", "<f>A1</f>", "<f></f>", "<f/>", '<f t="shared" si="0">B1</f>', "<f>_xlfn.X()</f>"])
VALUES = st.one_of(NUMBERS, st.sampled_from(["0", "1", "2", "甲", "#DIV/0!", "a&amp;b", "]]", "x y"]))
INLINE = st.sampled_from(
    [
        "",
        "<v/>",
        "<is><t>甲</t></is>",
        '<is><t xml:space="preserve"> a </t></is>',
        "<is><r><t>x</t></r></is>",
        "<is><t/></is>",
    ]
)
ODDITIES = st.sampled_from(
    ["", "", "", "<!-- x -->", "<extLst/>", "\n  ", '<x:c xmlns:x="urn:x"><x:v>5</x:v></x:c>', "<c/>", "<v>7</v>"]
)


@st.composite
def cells(draw, row: int):
    written = []
    for column in draw(st.lists(st.integers(0, 5), max_size=6, unique=True).map(sorted)):
        value = draw(st.one_of(VALUES.map(lambda text: f"<v>{text}</v>"), INLINE))
        reference = draw(st.sampled_from([f' r="{"ABCDEF"[column]}{row}"'] * 9 + [""]))
        written.append(f"<c{reference}{draw(ATTRIBUTES)}>{draw(FORMULAS)}{value}</c>{draw(ODDITIES)}")
    return "".join(written)


@st.composite
def sheets(draw):
    rows = []
    for row in draw(st.lists(st.integers(1, 30), max_size=8, unique=True).map(sorted)):
        attributes = draw(st.sampled_from([f' r="{row}"'] * 5 + [f' r="{row}" hidden="1"', f" r='{row}'", ""]))
        ending = draw(st.sampled_from(["</row>"] * 5 + ["</row >"]))
        rows.append(draw(ODDITIES) + f"<row{attributes}>{draw(cells(row))}{ending}")
    return "".join(rows)


@pytest.fixture(scope="module")
def by_expat():
    """Read with every row given to expat."""

    def read(content: bytes) -> object:
        plain = xlsx_rows._plain
        xlsx_rows._plain = lambda _: False
        try:
            return read_here(content)
        finally:
            xlsx_rows._plain = plain

    return read


@given(rows=sheets())
def test_both_ways_see_the_same_cells_and_the_same_problems(rows, by_expat):
    content = xlsx(rows, strings=["<t>甲</t>", "<t></t>", "<t>丙</t>"], formats=["0.0%", "yyyy/m/d"])

    assert read_here(content) == by_expat(content)


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_it_does_not_matter_where_the_pieces_of_a_part_are_cut(size, monkeypatch):
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="B{row}" t="str"><v>甲{row}</v></c></row>\n'
        for row in range(1, 60)
    )
    content = xlsx(rows, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
    whole = read_here(content)
    monkeypatch.setattr(archive, "_CHUNK", size)

    assert read_here(content) == whole


def test_the_common_spelling_does_go_the_short_way(monkeypatch):
    seen = []
    original = xlsx_rows._Sheet.parse
    monkeypatch.setattr(
        xlsx_rows._Sheet, "parse", lambda self, data, **more: seen.append(data) or original(self, data, **more)
    )
    plain = (
        '<row r="1" spans="1:9" x14ac:dyDescent="0.25"/><row r="2" spans="1:4" ht="20" customHeight="1">'
        '<c r="A2" s="1" t="s"><v>0</v></c><c r="B2" s="1"><v>0.5</v></c><c r="C2" s="2"/>'
        '<c r="D2"><f>B2*2</f><v>1</v></c></row>'
    )

    found = shown(xlsx(plain, strings=["<t>甲</t>"], formats=["0%", "0.00"]))

    assert found == {"A2": ("text", "甲"), "B2": ("number", "50%"), "D2": ("number", "1")}
    assert not any(b"<row" in data for data in seen)


@pytest.mark.parametrize(
    "rows",
    [
        '<!-- </row><row r="1"><c r="A1"><v>9</v></c></row> --><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><!-- <row r="3"><c r="A3"><v>9</v></c></row> -->',
        '<![CDATA[</row><row r="1"><c r="A1"><v>9</v></c></row>]]><row r="2"><c r="A2"><v>1</v></c></row>',
        '<?x </row><row r="1"><c r="A1"><v>9</v></c></row> ?><row r="2"><c r="A2"><v>1</v></c></row>',
        '<y><row r="1"><c r="A1"><v>9</v></c></row></y>',
    ],
)
def test_what_only_looks_like_a_row_is_seen_alike_both_ways(rows, by_expat):
    content = xlsx(rows)

    assert read_here(content) == by_expat(content)
    if "<y>" not in rows:
        assert shown(content) == {"A2": ("number", "1")}


def test_a_sheet_data_in_a_comment_before_the_real_one_is_no_beginning():
    parts: Parts = xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    fake = '<!-- <sheetData><row r="1"><c r="A1"><v>9</v></c></row></sheetData> -->'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("<sheetData>", fake + "<sheetData>")

    assert shown(zipped(parts)) == {"A1": ("number", "1")}
