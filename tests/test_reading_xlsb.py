"""`.xlsb`: the records of BIFF 12; python-calamine reads the same files as a second opinion."""

import io
import struct

from python_calamine import CalamineWorkbook

from reading_files import binary, book_of, cells_of, text12, xlsb
from xiangning_zyz.intake.grid import Span


def row(number: int, flags: int = 0) -> bytes:
    return binary(0, struct.pack("<2I2HB", number, 0, 300, flags, 0) + struct.pack("<I", 0))


def cell(kind: int, column: int, value: bytes = b"", style: int = 0) -> bytes:
    return binary(kind, struct.pack("<2I", column, style) + value)


SHEET = b"".join(
    [
        binary(60, struct.pack("<4IH", 6, 6, 0, 0, 1)),
        row(0),
        cell(7, 0, struct.pack("<I", 0)),
        cell(5, 1, struct.pack("<d", 0.0969), 1),
        cell(2, 2, struct.pack("<I", 41200 << 2 | 2)),
        cell(4, 3, b"\1"),
        cell(6, 4, text12("备注")),
        cell(1, 5),
        cell(9, 6, struct.pack("<d", 12.5) + bytes(10)),
        row(2, 0x1000),
        cell(3, 0, b"\x07"),
        cell(11, 1, b"\x2a" + bytes(10)),
        cell(8, 2, text12("合计") + bytes(10)),
        cell(5, 3, struct.pack("<d", 45473), 2),
    ]
)


def test_all_kinds_of_cells_are_read_with_errors_and_per_cents():
    cells = cells_of(xlsb(SHEET, strings=["产值"], formats=["0.00%", "yyyy/m/d"]))

    assert {ref: (cell.kind, cell.text, cell.formula) for ref, cell in cells.items()} == {
        "A1": ("text", "产值", False),
        "B1": ("number", "9.69%", False),
        "C1": ("number", "41200", False),
        "D1": ("bool", "TRUE", False),
        "E1": ("text", "备注", False),
        "G1": ("number", "12.5", True),
        "A3": ("error", "#DIV/0!", False),
        "B3": ("error", "#N/A", True),
        "C3": ("text", "合计", True),
        "D3": ("date", "2024-06-30", False),
    }


def test_hidden_parts_and_merges_are_told():
    merged = binary(176, struct.pack("<4I", 0, 0, 0, 1))

    sheet = book_of(xlsb(SHEET + merged, strings=["产值"], formats=["0.00%", "yyyy/m/d"])).sheets[0]

    assert sheet.hidden_rows == {3}
    assert sheet.hidden_columns == {7}
    assert sheet.merges == (Span(1, 1, 1, 2),)
    assert (1, 2) not in sheet.cells


def test_short_cells_stand_in_the_next_column():
    records = row(0) + cell(2, 3, struct.pack("<I", 1 << 2 | 2)) + binary(13, struct.pack("<2I", 0, 2 << 2 | 2))

    assert [(ref, cell.text) for ref, cell in cells_of(xlsb(records)).items()] == [("D1", "1"), ("E1", "2")]


def test_calamine_sees_the_same_values_where_it_sees_any():
    content = xlsb(SHEET, strings=["产值"], formats=["0.00%", "yyyy/m/d"])

    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)

    assert rows[0] == ["产值", 0.0969, 41200.0, True, "备注", "", 12.5]
    assert rows[2][:3] == ["", "", "合计"]  # its blanks are the errors


def test_strings_and_numbers_that_do_not_exist_are_problems():
    records = row(0) + cell(7, 0, struct.pack("<I", 9)) + cell(5, 1, struct.pack("<d", float("inf")))

    assert [(each.code, each.ref) for each in book_of(xlsb(records)).problems] == [("Z001", "A1"), ("Z001", "B1")]
