"""Hostile files end in a problem, in bounded time and memory; each limit is tested on both sides."""

import struct
import tracemalloc
import zipfile
import zlib

import pytest

from reading_files import (
    MAIN,
    Parts,
    at,
    book_of,
    compound,
    ods,
    read_here,
    record,
    refusal_of,
    shown,
    wide,
    xls,
    xlsx,
    xlsx_parts,
    zipped,
)
from xiangning_zyz.intake.grid import Failure, Span
from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.compound import Compound

ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def with_part(name: str, data: str | bytes, rows: str = ROW) -> bytes:
    parts: Parts = xlsx_parts(rows)
    parts[name] = data
    return zipped(parts)


def peak(content: bytes) -> int:
    """MiB at most allocated by Python while *content* is read."""
    tracemalloc.start()
    read_here(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most >> 20


# Zip files


def test_a_bomb_of_white_space_stops_at_the_limit_in_little_memory(monkeypatch):
    monkeypatch.setattr(limits, "PART_BYTES", 8 << 20)
    bomb = with_part("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>' + " " * (9 << 20))

    assert len(bomb) < 20_000
    assert refusal_of(bomb) == "Z004"
    assert peak(bomb) < 40


def test_parts_that_nobody_needs_are_not_inflated(monkeypatch):
    monkeypatch.setattr(limits, "PART_BYTES", 1 << 20)

    assert shown(with_part("xl/media/image1.png", bytes(5 << 20))) == {"A1": ("number", "1")}


def test_all_parts_together_are_counted(monkeypatch):
    parts = xlsx_parts(ROW)
    needed = ("_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml")
    size = sum(len(parts[name].encode()) for name in (*needed, "xl/styles.xml", "xl/sharedStrings.xml"))  # type: ignore[union-attr]

    monkeypatch.setattr(limits, "INFLATED_BYTES", size)
    assert shown(zipped(parts)) == {"A1": ("number", "1")}
    monkeypatch.setattr(limits, "INFLATED_BYTES", size - 1)
    assert refusal_of(zipped(parts)) == "Z004"


def test_a_size_that_lies_is_damage():
    content = bytearray(zipped(xlsx_parts(ROW)))
    directory = content.index(b"PK\x01\x02", content.index(b"xl/worksheets"))
    while not content[directory + 46 :].startswith(b"xl/worksheets"):
        directory = content.index(b"PK\x01\x02", directory + 1)
    struct.pack_into("<I", content, directory + 24, 5)

    assert refusal_of(bytes(content)) == "Z001"


@pytest.mark.parametrize("names", [("a.xlsx", "a.xlsx"), ("xl/a.xml", "xl/A.XML"), ("xl/a.xml", r"xl\a.xml")])
def test_names_that_come_twice_are_hostile(names):
    first, second = names
    content = zipped({first: "1", "X" * len(second): "2"}).replace(b"X" * len(second), second.encode())

    assert refusal_of(content, "a.zip") == "Z007"


@pytest.mark.parametrize("name", ["../a.xlsx", "/a.xlsx", "x/../../a.xlsx", "C:/a.xlsx", "..\\a.xlsx"])
def test_names_that_point_outside_are_hostile(name):
    placeholder = "X" * len(name)

    assert refusal_of(zipped({placeholder: "1"}).replace(placeholder.encode(), name.encode()), "a.zip") == "Z007"


def test_entries_that_overlap_are_hostile():
    """The quoted overlap bomb: two directory entries share one run of packed data."""
    content = bytearray(zipped({"a.csv": "1,2\n3,4\n", "b.csv": "1,2\n3,4\n"}))
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 0)

    assert refusal_of(bytes(content), "a.zip") == "Z007"


def test_a_local_header_that_contradicts_the_directory_is_hostile():
    content = zipped({"abc.csv": "1,2\n3,4\n"}).replace(b"abc.csv", b"xyz.csv", 1)

    assert refusal_of(content, "a.zip") == "Z007"


def test_only_stored_and_deflated_parts_are_read():
    parts = xlsx_parts(ROW)

    assert shown(zipped(parts, zipfile.ZIP_STORED)) == {"A1": ("number", "1")}
    assert refusal_of(zipped(parts, zipfile.ZIP_BZIP2)) == "Z007"


def test_the_number_of_parts_is_bounded():
    most = {f"{number}.csv": "1,2\n3,4\n" for number in range(limits.ZIP_ENTRIES)}

    assert len(read_here(zipped(most), "a.zip")) == limits.ZIP_ENTRIES
    assert refusal_of(zipped({**most, "x.csv": "1,2\n"}), "a.zip") == "Z004"


def test_zip64_sizes_are_understood():
    """What streaming writers put down for every part, however small."""
    packed = zlib.compress(b"1,2\n3,4\n")[2:-4]
    crc = zlib.crc32(b"1,2\n3,4\n")
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 8, 0, 0, crc, 0xFFFFFFFF, 0xFFFFFFFF, 5, 20)
    body = local + b"a.csv" + struct.pack("<2H2Q", 1, 16, 8, len(packed)) + packed
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 45, 45, 0, 8, 0, 0, crc, 0xFFFFFFFF, 0xFFFFFFFF, 5, 28, 0, 0, 0, 0, 0xFFFFFFFF
    )
    central += b"a.csv" + struct.pack("<2H3Q", 1, 24, 8, len(packed), 0)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(central), len(body))
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(body) + len(central), 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)

    assert shown(body + central + end64 + locator + end, "a.zip")["B2"] == ("text", "4")


# XML

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE, "<!DOCTYPE x>", '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"]
)
def test_document_types_are_refused_in_every_part_and_encoding(doctype, encoding, part):
    data = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<x>&a;</x>'.encode(encoding)

    assert refusal_of(with_part(part, data)) == "Z007"


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_nesting_is_bounded(part):
    def nested(levels: int) -> bytes:
        inner = "<a>" * (levels - 1) + "</a>" * (levels - 1)
        return with_part(part, f'<worksheet xmlns="{MAIN}">{inner}</worksheet>')

    assert book_of(nested(limits.XML_DEPTH))
    assert refusal_of(nested(limits.XML_DEPTH + 1)) == "Z007"


def test_an_encoding_nobody_knows_is_damage():
    for encoding in ("x-unknown", "gb18030"):
        data = f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{MAIN}"/>'
        assert refusal_of(with_part("xl/worksheets/sheet1.xml", data)) == "Z001"


# Sheets


def test_a_single_cell_in_the_far_corner_is_a_problem_and_costs_nothing():
    book = book_of(xlsx(ROW + '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'))

    assert [(each.code, each.ref, each.found) for each in book.problems] == [("Z004", "XFD1048576", "2")]
    assert list(book.sheets[0].cells) == [(1, 1)]


def test_cells_are_read_up_to_the_last_row_and_column_of_the_limits(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 3)
    monkeypatch.setattr(limits, "COLUMNS", 2)
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}"><v>1</v></c>' for column in "ABC"[:width]) + "</row>"
        for row, width in ((3, 2), (4, 1))
    )

    within = book_of(xlsx(rows))
    beyond = book_of(xlsx(rows.replace('<row r="3">', '<row r="3"><c r="C3"><v>1</v></c>')))

    assert list(within.sheets[0].cells) == list(beyond.sheets[0].cells) == [(3, 1), (3, 2)]
    assert [each.ref for each in within.problems] == ["A4"]
    assert [each.ref for each in beyond.problems] == ["C3"]  # the first one only


def test_sixteen_thousand_columns_are_a_problem_each_reader_notices():
    repeated = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'

    for content in (
        xlsx('<row r="1">' + "".join("<c><v>1</v></c>" for _ in range(16384)) + "</row>"),
        ods(f"<table:table-row>{repeated}</table:table-row>"),
    ):
        book = book_of(content)
        assert [(each.code, each.ref) for each in book.problems] == [("Z004", "AMK1")]
        assert len(book.sheets[0].cells) == limits.COLUMNS


def test_the_number_of_cells_and_sheets_is_bounded(monkeypatch):
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 2001))
    monkeypatch.setattr(limits, "CELLS", 2000)
    assert len(book_of(xlsx(rows)).sheets[0].cells) == 2000
    monkeypatch.setattr(limits, "CELLS", 1999)
    assert refusal_of(xlsx(rows)) == "Z004"
    monkeypatch.setattr(limits, "SHEETS", 0)
    assert refusal_of(xlsx(ROW)) == "Z004"


def test_a_repeated_row_of_a_million_is_refused_before_it_fills_memory():
    cell = '<table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/>'

    assert refusal_of(ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')) == "Z004"


def test_one_long_shared_string_named_by_many_cells_does_not_fill_memory(monkeypatch):
    monkeypatch.setattr(limits, "PACKED_BYTES", 4 << 20)
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 3001))

    assert refusal_of(xlsx(rows, strings=[f"<t>{'长' * limits.CELL_CHARACTERS}</t>"])) == "Z004"


@pytest.mark.parametrize("kind", ["shared", "inline", "formula"])
def test_a_cells_text_is_bounded(kind):
    def workbook(length: int) -> bytes:
        text = "字" * length
        if kind == "shared":
            return xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=[f"<t>{text}</t>"])
        inner = f"<is><t>{text}</t></is>" if kind == "inline" else f"<f>A2</f><v>{text}</v>"
        return xlsx(f'<row r="1"><c r="A1" t="{"inlineStr" if kind == "inline" else "str"}">{inner}</c></row>')

    assert len(shown(workbook(limits.CELL_CHARACTERS))["A1"][1]) == limits.CELL_CHARACTERS
    assert refusal_of(workbook(limits.CELL_CHARACTERS + 1)) == "Z004"
    assert refusal_of(workbook(2_000_000)) == "Z004"


def test_shared_strings_together_are_bounded(monkeypatch):
    monkeypatch.setattr(limits, "SHARED_CHARACTERS", 10 * 64 + 30)
    assert book_of(xlsx(ROW, strings=["<t>abc</t>"] * 10))
    assert refusal_of(xlsx(ROW, strings=["<t>abcd</t>"] * 10)) == "Z004"
    assert refusal_of(xlsx(ROW, strings=["<t/>"] * 11)) == "Z004"


# Merges


def test_a_merge_of_the_whole_sheet_is_cut_to_what_is_used():
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'

    sheet = book_of(xlsx(rows, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')).sheets[0]

    assert sheet.merges == (Span(1, 1, 2, 2),)
    assert list(sheet.cells) == [(1, 1)]


def test_merges_that_overlap_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MERGED_CELLS", 40)
    after = "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 11 + "</mergeCells>"
    rows = '<row r="2"><c r="B2"><v>1</v></c></row>'

    assert refusal_of(xlsx(rows, after=after)) == "Z004"
    assert book_of(xlsx(rows, after=after.replace('<mergeCell ref="A1:B2"/>', "", 1)))


def test_the_number_of_merges_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "MARGINS", 2)
    after = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:B2"/></mergeCells>'

    assert book_of(xlsx(ROW, after=after))
    assert refusal_of(xlsx(ROW, after=after, before='<cols><col min="1" max="1" hidden="1"/></cols>')) == "Z004"


@pytest.mark.parametrize("ref", ["", "A1:", ":", "A0:B1", "1:2", "A1:B2:C3", "甲1:B2"])
def test_a_merge_that_names_no_rectangle_is_damage(ref):
    assert refusal_of(xlsx(ROW, after=f'<mergeCells><mergeCell ref="{ref}"/></mergeCells>')) == "Z001"


# Old binary files


def test_counts_that_promise_too_much_are_not_believed():
    strings = record(0xFC, struct.pack("<2I", 0xFFFFFFFF, 0xFFFFFFFF), wide("甲"))
    merges = record(0xE5, struct.pack("<5H", 0xFFFF, 0, 0, 0, 1))
    label = record(0xFD, at(0, 0), struct.pack("<I", 0))

    assert shown(xls(label + merges, strings=strings)) == {"A1": ("text", "甲")}


@pytest.mark.parametrize("kind", [0xFD, 0x203, 0x27E, 0xBD, 0x06, 0x205, 0x204, 0x208, 0x7D, 0xE5])
def test_a_record_cut_short_is_damage(kind):
    assert refusal_of(xls(record(kind, b"\0"))) == "Z001"


def test_sector_tables_that_loop_or_point_outside_are_damage():
    content = bytearray(compound({"Workbook": b"x" * 5000}))
    for offset, value in ((48, 3), (68, 0), (76, 0x7FFFFFFF), (60, 0)):
        broken = bytearray(content)
        struct.pack_into("<I", broken, offset, value)
        result = read_here(bytes(broken))[0]
        assert isinstance(result, Failure)


def test_the_directory_of_a_compound_file_may_loop():
    content = bytearray(compound({"A": b"x", "B": b"y"}))
    struct.pack_into("<2I", content, 512 + 128 + 68, 1, 1)  # the first entry is its own sibling

    assert "A" in Compound(bytes(content))


def test_only_streams_of_the_root_count():
    """An embedded workbook lies in a storage of its own; it must not pass for the file's."""
    content = bytearray(compound({"Contents": b"x", "Workbook": b"y"}))
    struct.pack_into("<I", content, 512 + 128 + 72, 0xFFFFFFFF)  # unlink the second stream from the root's tree

    assert "Workbook" not in Compound(bytes(content))
