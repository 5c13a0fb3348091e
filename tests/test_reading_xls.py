"""`.xls`: the records of BIFF 8, with what libraries lose: errors, per cent styles, formulas, hidden parts."""

import struct

import pytest

from reading_files import at, biff8, book_of, cells_of, compound, record, refusal_of, shown, wide, xls
from xiangning_zyz.intake.grid import Span
from xiangning_zyz.intake.reading.xls_records import Strings

CONTINUE = 0x3C


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x203, at(row, column, style), struct.pack("<d", value))


def formula(row: int, column: int, result: bytes, style: int = 0) -> bytes:
    return record(0x06, at(row, column, style), result, bytes(6))


def text_of(*parts: bytes) -> list[str]:
    return Strings(list(parts)).shared()


def test_numbers_of_all_records_are_exact():
    sheet = b"".join(
        [
            number(0, 0, 31.599999999999998),
            record(0x27E, at(0, 1), struct.pack("<I", 41200 << 2 | 2)),  # an integer
            record(0x27E, at(0, 2), struct.pack("<I", 969 << 2 | 3)),  # hundredths of an integer
            record(0x27E, at(0, 3), struct.pack("<i", -5 << 2 | 2)),
            record(0x27E, at(0, 4), struct.pack("<d", 0.5)[4:]),  # the upper half of a double
            record(0xBD, struct.pack("<2H", 1, 0), struct.pack("<HI", 0, 1 << 2 | 2) * 2, struct.pack("<H", 1)),
        ]
    )

    texts = {ref: text for ref, (_, text) in shown(xls(sheet)).items()}

    assert texts == {"A1": "31.6", "B1": "41200", "C1": "9.69", "D1": "-5", "E1": "0.5", "A2": "1", "B2": "1"}


def test_per_cents_dates_and_literal_units_follow_the_number_format():
    formats = ["0.00%", 'yyyy"年"m"月"', '0.0"万元"']
    sheet = number(0, 0, 0.0969, 1) + number(0, 1, 45444, 2) + number(0, 2, 7.2, 3)

    cells = cells_of(xls(sheet, formats=formats))

    assert (cells["A1"].text, cells["A1"].percent) == ("9.69%", True)
    assert (cells["B1"].kind, cells["B1"].text, cells["B1"].day) == ("date", "2024-06-01", False)
    assert (cells["C1"].text, cells["C1"].suffix) == ("7.2", "万元")


def test_dates_count_from_1904_where_the_workbook_says_so():
    stream = xls(number(0, 0, 44011, 1), formats=["yyyy-mm-dd"], extra=record(0x22, struct.pack("<H", 1)))

    assert shown(stream) == {"A1": ("date", "2024-06-30")}


def test_error_cells_and_formulas_results_are_told_apart():
    sheet = b"".join(
        [
            record(0x205, at(0, 0), bytes([0x07, 1])),
            record(0x205, at(0, 1), bytes([1, 0])),
            formula(1, 0, struct.pack("<d", 12.5)),
            formula(1, 1, b"\2\0\x2a\0\0\0\xff\xff"),
            formula(1, 2, b"\1\0\0\0\0\0\xff\xff"),
            formula(1, 3, b"\3\0\0\0\0\0\xff\xff"),  # an empty string
            formula(1, 4, b"\0\0\0\0\0\0\xff\xff"),
            record(0x207, wide("合计")),
        ]
    )

    cells = cells_of(xls(sheet))

    assert {ref: (cell.kind, cell.text, cell.formula) for ref, cell in cells.items()} == {
        "A1": ("error", "#DIV/0!", False),
        "B1": ("bool", "TRUE", False),
        "A2": ("number", "12.5", True),
        "B2": ("error", "#N/A", True),
        "C2": ("bool", "FALSE", True),
        "E2": ("text", "合计", True),
    }


def test_a_formulas_long_text_goes_on_in_a_continuation():
    head, tail = "一" * 10, "二" * 5
    string = struct.pack("<H", 15) + b"\1" + head.encode("utf-16-le")
    sheet = formula(0, 0, b"\0\0\0\0\0\0\xff\xff") + record(0x207, string)
    sheet += record(CONTINUE, b"\1" + tail.encode("utf-16-le"))

    assert shown(xls(sheet)) == {"A1": ("text", head + tail)}


def test_labels_name_shared_strings_and_missing_ones_are_problems():
    strings = record(0xFC, struct.pack("<2I", 2, 2), wide("产值"), struct.pack("<H", 2) + b"\0GD")
    sheet = b"".join(record(0xFD, at(0, column), struct.pack("<I", column)) for column in range(3))

    book = book_of(xls(sheet, strings=strings))

    assert [cell.text for cell in book.sheets[0].cells.values()] == ["产值", "GD"]
    assert [(each.code, each.sheet, each.ref) for each in book.problems] == [("Z001", "进展情况", "C1")]


def test_shared_strings_are_read_across_continuations():
    """The second part says anew that its characters are wide; runs and readings are cut without a flag."""
    counts = struct.pack("<2I", 3, 3)
    rich = struct.pack("<HBH", 2, 0x9, 1) + "甲乙".encode("utf-16-le")
    reading = struct.pack("<HBI", 1, 0x5, 6) + "丙".encode("utf-16-le")

    assert text_of(counts + struct.pack("<HB", 4, 1) + "产值".encode("utf-16-le"), b"\0ok") == ["产值ok"]
    assert text_of(counts + rich + b"\1", b"\2\3\4" + reading + b"123", b"456" + wide("丁")) == ["甲乙", "丙", "丁"]
    assert text_of(counts + struct.pack("<H", 1), b"\1" + "戊".encode("utf-16-le")) == ["戊"]


def test_merges_hidden_parts_and_pictures_are_told():
    sheet = b"".join(
        [
            record(0x7D, struct.pack("<5H", 1, 255, 0, 0, 1), bytes(2)),
            record(0x208, struct.pack("<H", 1), bytes(10), struct.pack("<H", 0x20), bytes(2)),
            number(0, 0, 1),
            number(0, 1, 2),
            number(1, 2, 3),
            record(0xE5, struct.pack("<5H", 1, 0, 0, 0, 1)),
            record(0x5D, struct.pack("<3H", 0x15, 0x12, 8), bytes(16)),
            record(0x5D, struct.pack("<3H", 0x15, 0x12, 0x19), bytes(16)),  # a note, not a picture
        ]
    )

    found = book_of(xls(sheet)).sheets[0]

    assert list(found.cells) == [(1, 1), (2, 3)]
    assert found.merges == (Span(1, 1, 1, 2),)
    assert (found.hidden_rows, found.hidden_columns, found.pictures) == ({2}, {2, 3}, 1)


def test_rows_out_of_order_are_sorted_and_a_chart_inside_the_sheet_is_passed_over():
    chart = record(0x809, struct.pack("<2H", 0x600, 0x20), bytes(12)) + number(5, 5, 99999999) + record(0x0A)

    assert list(shown(xls(number(2, 0, 3) + chart + number(0, 1, 1) + number(0, 0, 2)))) == ["A1", "B1", "A3"]


def test_a_cell_that_comes_twice_is_a_problem():
    book = book_of(xls(number(0, 0, 1) + number(0, 0, 99999999)))

    assert [(each.code, each.ref, each.found) for each in book.problems] == [("Z001", "A1", "99999999")]


def test_a_number_that_is_none_is_a_problem():
    assert [each.ref for each in book_of(xls(number(0, 0, float("nan")) + number(0, 1, 1))).problems] == ["A1"]


def test_a_workbook_stream_without_a_container_is_read():
    assert shown(biff8(number(0, 0, 7))) == {"A1": ("number", "7")}


def test_a_biff_5_sheet_alone_holds_byte_strings_in_gbk():
    """What small PHP exporters write: one sheet, no globals, no container."""
    label = record(0x204, at(0, 0), struct.pack("<H", 4), "产值".encode("gbk"))
    stream = record(0x809, struct.pack("<2H", 0, 0x10), bytes(4)) + label + number(0, 1, 5) + record(0x0A)

    book = book_of(stream, "月报.xls")

    assert book.sheets[0].name == "月报"
    assert [cell.text for cell in book.sheets[0].cells.values()] == ["产值", "5"]


def test_an_encrypted_workbook_says_so():
    assert refusal_of(xls(b"", extra=record(0x2F, bytes(6)))) == "Z002"
    assert refusal_of(compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})) == "Z002"


def test_what_cannot_be_seen_is_stated():
    assert book_of(xls(b"")).blind == ("未计算的公式",)


@pytest.mark.parametrize("cut", [3, 8, 20, 511, 512, 700, 1023, 1500, 2048, 2600])
def test_a_file_cut_short_is_a_problem_or_its_whole_rows(cut):
    content = xls(b"".join(number(row, 0, row) for row in range(20)))

    assert refusal_of(content[:cut]) in ("Z001", "Z003")


def test_a_chain_of_sectors_that_loops_is_damage():
    content = bytearray(xls(number(0, 0, 1)))
    table = content.rindex(struct.pack("<2I", 2, 3))
    content[table : table + 4] = struct.pack("<I", 1)  # the stream's first sector follows itself

    assert refusal_of(bytes(content)) == "Z001"
