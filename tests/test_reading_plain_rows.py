"""Rows in the plain spelling are read by a pattern, all others by expat: both must see the same cells."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading_files import Parts, book_of, read_here, refusal_of, shown, xlsx, xlsx_parts, zipped
from xiangning_zyz.intake.grid import Span
from xiangning_zyz.intake.reading import archive, xlsx_plain, xlsx_rows

NUMBERS = st.one_of(
    st.integers(-(10**18), 10**18).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: repr(number).replace("e", "E")),
    st.sampled_from(
        ["0", "-0", "0.10", "1E-7", "1e5", "007", " 1 ", "1_0", "nan", "1e999", "", "+5", ".5", "5.", "-0.0", "1E00005"]
    ),
)
ATTRIBUTES = st.sampled_from(
    [
        *("", ' s="1"', ' s="2"', ' s="9"', ' t="s"', ' t="str"', ' t="b"', ' t="e"', ' t="inlineStr"', ' t="n" s="1"'),
        *(' s="0" t="n"', ' cm="1"', ' s="1" vm="1"', ' s="1" s="2"', ' s="１"', ' x="1"', ' t="d"'),
    ]
)
FORMULAS = st.sampled_from(
    [
        *("", "", "", "<f>A1</f>", "<f></f>", "<f/>", "<f />", '<f t="shared" si="0">B1</f>', "<f>_xlfn.X()</f>"),
        *('<f aca="false">A1</f>', '<f t="array" ref="A1:A2" aca="0">A1</f>', '<f aca="0" aca="1">A1</f>'),
        *('<f ca="1">NOW()</f>', "<f>A1&amp;&quot;x&quot;</f>", '<f>DISPIMG("x",1)</f>'),
    ]
)
REFERENCES = st.one_of(
    st.sampled_from(
        ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#xA;", "&#13;", "&#x4e13;", "&#X41;", "&#;", "&;", "&"]
    ),
    st.sampled_from(
        [0, 1, 8, 9, 10, 0x1F, 0x7F, 0x85, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFD, 0xFFFE, 0x10FFFF, 0x110000]
    ).map(lambda code: f"&#{code};"),
    st.integers(0, 0x120000).map(lambda code: f"&#x{code:X};"),
    st.integers(0x4E00, 0x9FA5).map(lambda code: f"&#{code};"),
    st.sampled_from(["&nbsp;", "&#00000000065;", "&amp", "&AMP;", "&#65", "&#-1;", "&#１;"]),
)
CHARACTERS = st.sampled_from(
    [*"甲a <>]!?_'\"\t\n\r", "_x000D_", "_x001B_", "\x7f", "\x85", "\u3000", "\uffff", "\x0b", "𠮷", "]]>"]
)
TEXTS = st.lists(st.one_of(CHARACTERS, REFERENCES), max_size=4).map("".join)
VALUES = st.one_of(NUMBERS, st.sampled_from(["0", "1", "2", "甲", "#DIV/0!", "a&amp;b", "]]", "x y", "&#49;"]), TEXTS)
TAGS = st.sampled_from(
    [
        *("<v>{}</v>", "<v>{}</v>", '<v xml:space="preserve">{}</v>', "<v >{}</v>", "<x:v>{}</x:v>"),
        *("<is><t>{}</t></is>", "<is><t>{}</t></is>", '<is><t xml:space="preserve">{}</t></is>'),
        *("<is><r><t>{}</t></r></is>", "<is><t>{}</t><rPh><t>x</t></rPh></is>", "<v>{}</v><v>1</v>"),
    ]
)
EMPTY = st.sampled_from(["", "", "<v/>", "<v />", "<v></v>", "<is/>", "<is></is>", "<is><t/></is>", "<is><t></t></is>"])
ODDITIES = st.sampled_from(
    [
        *("", "", "", "<!-- x -->", "<extLst/>", "\n  ", "\r\n", "\x0c", "x", "<c/>", "<v>7</v>", "</row>"),
        *('<x:c xmlns:x="urn:x"><x:v>5</x:v></x:c>', '<row r="99"/>'),
    ]
)


# One illegal character refuses the whole file, so that half of the sheets hold none.
TAME_TEXTS = st.lists(
    st.one_of(
        st.sampled_from([*"甲a !?_'\"\t\n", "_x000D_", "_x001B_", "\x7f", "\x85", "\u3000", "𠮷"]),
        st.sampled_from(["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#10;", "&#13;", "&#x4e13;", "&#65533;"]),
        st.integers(0x4E00, 0x9FA5).map(lambda code: f"&#{code};"),
    ),
    max_size=4,
).map("".join)
TAME_VALUES = st.one_of(NUMBERS, st.sampled_from(["0", "1", "2", "甲", "#DIV/0!", "&#49;"]), TAME_TEXTS)


@st.composite
def cells(draw, row: int, *, tame: bool):
    written = []
    for column in draw(st.lists(st.integers(0, 5), max_size=6, unique=True).map(sorted)):
        tags = TAGS.filter(lambda tag: "x:" not in tag) if tame else TAGS
        value = draw(st.one_of(st.builds(str.format, tags, TAME_VALUES if tame else VALUES), EMPTY))
        reference = f' r="{"ABCDEF"[column]}{row}"'
        attributes, oddity = draw(ATTRIBUTES), ""
        if tame:
            attributes = attributes if attributes.count(" s=") < 2 else ""
        else:
            oddity = draw(ODDITIES)
            reference = draw(st.sampled_from([reference] * 9 + ["", reference.lower()]))
        content = draw(FORMULAS.filter(lambda formula: formula.count("aca") < 2) if tame else FORMULAS) + value
        end = "</c>" if content else draw(st.sampled_from(["</c>", "/>", " />"]))
        written.append(f"<c{reference}{attributes}{'>' * (end == '</c>')}{content}{end}{oddity}")
    return "".join(written)


@st.composite
def sheets(draw):
    tame = draw(st.booleans())
    rows = []
    for row in draw(st.lists(st.integers(1, 30), max_size=8, unique=True).map(sorted)):
        attributes = draw(
            st.sampled_from(
                [f' r="{row}"'] * 5
                + [f' r="{row}" hidden="1"', f' r="{row}" ht="1&gt;"', f" r='{row}'"]
                + [""] * (not tame)
            )
        )
        before = "" if tame else draw(ODDITIES)
        ending = draw(st.sampled_from(["</row>"] * 5 + ["</row >"]))
        rows.append(f"{before}<row{attributes}>{draw(cells(row, tame=tame))}{ending}")
    return "".join(rows)


@pytest.fixture(scope="module")
def by_expat():
    """Read with every row given to expat."""

    def read(content: bytes) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xlsx_plain.PlainRows, "read", lambda *_: 0)
            patch.setattr(xlsx_plain.PlainRows, "read_block", lambda *_: 0)
            patch.setattr(xlsx_rows, "_met_before", lambda *_: False)
            return read_here(content)

    return read


@given(rows=sheets())
def test_both_ways_see_the_same_cells_and_the_same_problems(rows, by_expat):
    content = xlsx(rows, strings=["<t>甲</t>", "<t></t>", "<t>丙</t>"], formats=["0.0%", "yyyy/m/d"])

    assert read_here(content) == by_expat(content)


@given(rows=sheets(), values=st.lists(st.one_of(TAME_VALUES, VALUES), min_size=1, max_size=9))
def test_rows_met_before_with_other_texts_are_seen_alike_both_ways(rows, values, by_expat):
    met = 0

    def another(_: re.Match[str]) -> str:
        nonlocal met
        met += 1
        return values[met % len(values)]

    options = {"strings": ["<t>甲</t>", "<t></t>", "<t>丙</t>"], "formats": ["0.0%", "yyyy/m/d"]}
    other = xlsx(re.sub(r"(?<=<[vt]>)[^<]+(?=</[vt]>)", another, rows), **options)

    read_here(xlsx(rows, **options))

    assert read_here(other) == by_expat(other)


def test_next_months_rows_are_read_together(monkeypatch):
    def month(*figures: str, blank: str = "") -> bytes:
        return xlsx(
            "".join(
                f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c><c r="B{row}" s="1"><v>{figure}</v></c></row>{blank}'
                for row, figure in enumerate(figures, 4)
            ),
            strings=["<t>产值</t>"],
            formats=["0.0%"],
        )

    book_of(month("7.2", "0.10"))
    calls: list[str] = []
    read = xlsx_plain.PlainRows.read
    monkeypatch.setattr(xlsx_plain.PlainRows, "read", lambda self, *row: calls.append(row[0]) or read(self, *row))

    assert shown(month("8", "1E-1")) == {
        "A4": ("text", "产值"),
        "B4": ("number", "800%"),
        "A5": ("text", "产值"),
        "B5": ("number", "10%"),
    }
    assert not calls
    shown(month("8", "9", "10"))
    assert len(calls) == 3
    shown(month("8", "nan"))
    assert len(calls) == 5


@pytest.mark.parametrize("blank", ["", " ", "\t"])
@pytest.mark.parametrize("formula", ["", "<f>A1*2</f>"])
def test_blanks_between_rows_and_formulas_in_them_are_read_alike_again(blank, formula):
    def rows(*figures: str) -> bytes:
        return xlsx(
            blank.join(
                f'<row r="{row}"><c r="A{row}" t="str"><v>{figure}</v></c>'
                f'<c r="B{row}" t="str">{formula}<v>{figure}5</v></c></row>'
                for row, figure in enumerate(figures, 1)
            )
        )

    for figures in [("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9")]:
        assert [text for _, text in shown(rows(*figures)).values()] == [
            text for figure in figures for text in (figure, f"{figure}5")
        ]


def test_a_part_whose_like_was_met_is_not_parsed_again(seen_by_expat, by_expat):
    def month(figure: str, **around: str) -> bytes:
        return xlsx(f'<row r="1" ht="20"><c r="A1"><v>{figure}</v></c><c r="C1"><v>1</v></c></row>', **around)

    around = {
        "before": '<cols><col min="3" max="9" hidden="1"/></cols>',
        "after": '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
    }
    read_here(month("7.2", **around))
    seen_by_expat.clear()

    (book,) = read_here(month("8", **around))

    assert not seen_by_expat
    assert [cell.text for cell in book.sheets[0].cells.values()] == ["8", "1"]
    assert (book.sheets[0].merges, book.sheets[0].hidden_columns) == ((Span(1, 1, 1, 2),), {3})
    assert [book] == by_expat(month("8", **around))
    read_here(month("8", after=around["after"]))
    assert seen_by_expat


def test_words_in_another_encoding_are_not_taken_for_ours_though_the_part_was_met():
    def part(rows: bytes) -> bytes:
        parts = xlsx_parts("ROWS")
        head, _, tail = str(parts["xl/worksheets/sheet1.xml"]).partition("ROWS")
        head = '<?xml version="1.0" encoding="ISO-8859-1"?>' + head.rpartition("?>")[2]
        parts["xl/worksheets/sheet1.xml"] = head.encode() + rows + tail.encode()
        return zipped(parts)

    def word(letters: bytes) -> bytes:
        return b'<row r="1"><c r="A1" t="str"><v>' + letters + b"</v></c></row>"

    assert shown(part(word(b"a"))) == {"A1": ("text", "a")}
    assert shown(part(word("é".encode()))) == {"A1": ("text", "Ã©")}


def test_rows_in_a_comment_are_none_though_such_rows_were_met():
    row = '<row r="1"><c r="A1"><v>9</v></c></row>'
    assert shown(xlsx(row)) == {"A1": ("number", "9")}
    parts: Parts = xlsx_parts("")
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("<sheetData>", f"<!-- <sheetData>{row} --><sheetData>")

    for _ in range(2):
        assert shown(zipped(parts)) == {}


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


@pytest.fixture
def seen_by_expat(monkeypatch):
    """What expat was given of a sheet."""
    seen: list[bytes] = []
    original = xlsx_rows._Sheet.parse
    monkeypatch.setattr(
        xlsx_rows._Sheet, "parse", lambda self, data, **more: seen.append(data) or original(self, data, **more)
    )
    return seen


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            '<row r="1" spans="1:9" x14ac:dyDescent="0.25"/><row r="2" spans="1:4" ht="20" customHeight="1">'
            '<c r="A2" s="1" t="s"><v>0</v></c><c r="B2" s="1"><v>0.5</v></c><c r="C2" s="2"/>'
            '<c r="D2"><f>B2*2</f><v>1</v></c><c r="E2" t="str"><f>A2&amp;"?"</f><v>甲?</v></c></row>',
            {"A2": ("text", "甲"), "B2": ("number", "50%"), "D2": ("number", "1"), "E2": ("text", "甲?")},
            id="Excel",
        ),
        pytest.param(
            '<row r="2"><c r="A2" s="2" t="n"></c><c r="B2" t="inlineStr"><is><t>&#20135;&#20540;</t></is></c>'
            '<c r="C2" s="1" t="n"><v>0.5</v></c><c r="D2"><f>A1</f><v></v></c><c r="E2" t="b"><v>1</v></c></row>',
            {"B2": ("text", "产值"), "C2": ("number", "50%"), "D2": ("uncalculated", "=A1"), "E2": ("bool", "TRUE")},
            id="openpyxl without lxml",
        ),
        pytest.param(
            '<row r="2"><c r="A2" s="2"/><c r="B2" t="inlineStr"><is><t xml:space="preserve"> 产值</t></is></c>'
            '<c r="C2"><f>A1</f><v/></c><c r="D2"><f>A1</f><v /></c><c r="E2" s="2" /></row>',
            {"B2": ("text", " 产值"), "C2": ("uncalculated", "=A1"), "D2": ("uncalculated", "=A1")},
            id="openpyxl with lxml",
        ),
        pytest.param(
            '<row r="2" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" '
            'collapsed="false"><c r="A2" s="0" t="s"><v>0</v></c><c r="B2" s="2" t="n"><v>7.2</v></c>'
            '<c r="C2" s="0" t="n"><f aca="false">B2*2</f><v>14.4</v></c></row>',
            {"A2": ("text", "甲"), "B2": ("number", "7.2"), "C2": ("number", "14.4")},
            id="LibreOffice",
        ),
        pytest.param(
            '\n    <row r="2">\n      <c r="A2" t="s" s="1"><v>0</v></c>\n'
            '      <c r="B2" t="e"><v>#N/A</v></c>\n    </row>\n',
            {"A2": ("text", "甲"), "B2": ("error", "#N/A")},
            id="Apache POI, laid out for people",
        ),
    ],
)
def test_the_spellings_of_common_writers_go_the_short_way(row, expected, seen_by_expat):
    found = shown(xlsx(row, strings=["<t>甲</t>"], formats=["0%", "0.00"]))

    assert found == expected
    assert not any(b"<row" in data for data in seen_by_expat)


@pytest.mark.parametrize(
    "row",
    [
        '<row r="2" s="2"><c r="A2" s="2"><v>2</v></c><c r="B2" s="2" t="s"><v>2</v></c></row>',
        '<row r="2" ht="12"><c r="A2" t="inlineStr"><is><t>管径2"，长12"</t></is></c></row>',
        '<row r="7"><c r="A7" s="7"><v>2</v></c></row><row r="8"><c r="A8"><v>2</v></c></row>',
    ],
    ids=["styles", "words", "a gap"],
)
def test_what_ends_like_the_rows_number_is_not_taken_for_it(row, seen_by_expat, by_expat):
    content = xlsx('<row r="1"><c r="A1" s="1"><v>2</v></c></row>' + row, strings=["<t>甲</t>"] * 3)

    found = read_here(content)

    assert not any(b"<row" in data for data in seen_by_expat)
    assert found == by_expat(content)
    assert len(found[0].sheets[0].cells) == row.count("<c ") + 1


@pytest.mark.parametrize("column", ["A12", "1A1", "XFE1", "AAAA1", "A"])
def test_an_address_that_is_none_refuses_the_file_both_ways(column, by_expat):
    content = xlsx(f'<row r="1"><c r="{column}"><v>5</v></c></row>')

    assert read_here(content) == by_expat(content)
    assert refusal_of(content) == "Z001"


def test_what_is_remembered_of_one_workbook_says_nothing_of_another_with_its_styles():
    row = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>1</v></c><c r="C1"><f>A2</f><v>0</v></c>'
        '<c r="D1" t="s"><v>1</v></c></row>'
    )

    ours = shown(xlsx(row, strings=["<t>甲</t>", "<t>乙</t>"], formats=["yyyy/m/d"]))
    theirs = shown(
        xlsx(
            row,
            strings=["<t>丙</t>", "<t></t>"],
            formats=["yyyy/m/d"],
            workbook='<workbookPr date1904="1"/><calcPr fullCalcOnLoad="1"/>',
        )
    )
    others = shown(xlsx(row, strings=["<t>丁</t>", "<t>戊</t>"], formats=["0.0%"]))

    assert ours == {"A1": ("text", "甲"), "B1": ("date", "1900-01-01"), "C1": ("number", "0"), "D1": ("text", "乙")}
    assert theirs == {"A1": ("text", "丙"), "B1": ("date", "1904-01-02"), "C1": ("uncalculated", "=A2")}
    assert others == {"A1": ("text", "丁"), "B1": ("number", "100%"), "C1": ("number", "0"), "D1": ("text", "戊")}


def test_more_kinds_of_rows_and_words_than_are_remembered_are_read_alike(monkeypatch):
    monkeypatch.setattr(xlsx_plain, "_REMEMBERED", 3)
    monkeypatch.setattr(xlsx_plain, "_SKELETONS_REMEMBERED", 200)
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{letter}{row}" s="{row % 3}"><v>{row}.25</v></c>'
            for at, letter in enumerate("ABCDEF")
            if row >> at & 1
        )
        + f'<c r="G{row}" t="inlineStr"><is><t>词{row}</t></is></c></row>'
        for row in range(1, 65)
    )

    cells = book_of(xlsx(rows, formats=["0.0%", "0.0"])).sheets[0].cells

    assert {place for place in cells if place[1] < 7} == {
        (row, at + 1) for row in range(1, 65) for at in range(6) if row >> at & 1
    }
    assert {cell.text for (row, column), cell in cells.items() if column < 7} == {
        f"{row}25%" if row % 3 == 1 else f"{row}.25" for row in range(1, 65) if row & 63
    }
    assert [cells[row, 7].text for row in range(1, 65)] == [f"词{row}" for row in range(1, 65)]


@pytest.mark.parametrize("reference", ["&#0;", "&#xD800;", "&#xFFFE;", "&#x110000;", "&nbsp;", "&#x;", "& ", "&#1;"])
def test_references_that_name_no_character_refuse_the_file(reference):
    content = xlsx(f'<row r="1"><c r="A1" t="inlineStr"><is><t>a{reference}b</t></is></c></row>')

    assert refusal_of(content) == "Z001"


def test_a_part_laid_out_for_people_may_hold_any_number_of_blanks_between_its_elements():
    blank = "".join(
        f"\n  <row r='{row}'>" + "".join(f"\n    <c r='{column}{row}' s='1'/>" for column in "ABCDEFGH") + "\n  </row>"
        for row in range(1, 31)
    )
    merges = "".join(f'\n  <mergeCell ref="A{2 * row}:B{2 * row}"/>' for row in range(1, 101))
    after = f"<mergeCells>{merges}\n</mergeCells>"
    content = xlsx(f'{blank}<row r="31"><c r="A31"><v>5</v></c></row>', after=after)

    book = book_of(content)

    assert len(book.sheets[0].merges) == 100
    assert list(book.sheets[0].cells) == [(31, 1)]


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
