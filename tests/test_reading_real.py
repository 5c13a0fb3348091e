"""Real office workbooks, read alike by independent readers. Set ZYZ_SAMPLES to a folder of them to run this.

The samples belong to others and are not part of the project, so they are looked for where they lie.
"""

import io
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from xiangning_zyz.intake.grid import Book, GridCell, Sheet
from xiangning_zyz.intake.reading.books import read

FOLDER = os.environ.get("ZYZ_SAMPLES", "")
WORKBOOKS = sorted(path for path in Path(FOLDER).iterdir() if path.suffix in (".xls", ".xlsx")) if FOLDER else []

pytestmark = pytest.mark.skipif(not WORKBOOKS, reason="ZYZ_SAMPLES names no folder with sample workbooks")


def book_or_skip(path: Path) -> Book:
    (result,) = read(path)
    if not isinstance(result, Book):
        pytest.skip(f"not a workbook: {result.problem.message}")
    return result


def covered(sheet: Sheet) -> set[tuple[int, int]]:
    return {
        (row, column)
        for span in sheet.merges
        for row in range(span.top, span.bottom + 1)
        for column in range(span.left, span.right + 1)
        if (row, column) != (span.top, span.left)
    }


def agrees(value: object, cell: GridCell | None) -> bool:
    """Whether another reader's value is the one of *cell*; blanks of calamine may be errors."""
    if value in ("", None):
        return cell is None or cell.kind in ("error", "uncalculated")
    if cell is None:
        return False
    if isinstance(value, bool):
        return cell.kind == "bool"
    if isinstance(value, int | float):
        number = float(cell.number or 0) / (100 if cell.percent else 1)
        return cell.kind == "number" and abs(number - value) <= 1e-14 * abs(value)
    if isinstance(value, str):
        return cell.text == value.replace("\r\n", "\n")
    return cell.kind in ("date", "time") and cell.text.startswith(str(value)[:10])


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_every_cell_is_the_one_calamine_sees(path):
    book = book_or_skip(path)
    other = CalamineWorkbook.from_path(path)
    compared = 0
    for sheet in book.sheets:
        hidden = covered(sheet)
        for row, values in enumerate(other.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), 1):
            for column, value in enumerate(values, 1):
                cell = sheet.cells.get((row, column))
                compared += 1
                if (row, column) in hidden:
                    assert cell is None
                else:
                    assert agrees(value, cell), (sheet.name, row, column, value, cell)
    assert compared


@pytest.mark.parametrize("path", [path for path in WORKBOOKS if path.suffix == ".xlsx"], ids=lambda path: path.name)
def test_every_cell_is_the_one_openpyxl_sees(path):
    book = book_or_skip(path)
    other = load_workbook(path, data_only=True)
    for sheet in book.sheets:
        theirs = other[sheet.name]
        for row in theirs.iter_rows():
            for cell in row:
                mine = sheet.cells.get((cell.row, cell.column))
                if mine is not None and mine.kind == "error":
                    assert cell.value == mine.text
                else:
                    assert agrees(cell.value, mine), (sheet.name, cell.coordinate, cell.value, mine)
                if mine is not None and mine.kind == "number":
                    assert mine.percent == ("%" in cell.number_format)
        assert len(theirs.merged_cells.ranges) == len(sheet.merges)


@pytest.mark.parametrize("path", [path for path in WORKBOOKS if path.suffix == ".xls"], ids=lambda path: path.name)
def test_every_cell_is_the_one_xlrd_sees(path):
    xlrd = pytest.importorskip("xlrd", reason="xlrd is not installed")
    book = book_or_skip(path)
    try:
        other = xlrd.open_workbook(path, formatting_info=True, logfile=io.StringIO())
    except Exception as error:
        pytest.skip(f"xlrd fails: {error}")
    for sheet in book.sheets:
        theirs = other.sheet_by_name(sheet.name)
        hidden = covered(sheet)
        for row in range(theirs.nrows):
            for column in range(theirs.row_len(row)):
                kind, value = theirs.cell_type(row, column), theirs.cell_value(row, column)
                mine = sheet.cells.get((row + 1, column + 1))
                if kind in (0, 6) or value == "" or (row + 1, column + 1) in hidden:
                    assert mine is None
                    continue
                assert mine is not None
                assert (
                    mine.kind in {1: ("text",), 2: ("number",), 3: ("date", "time"), 4: ("bool",), 5: ("error",)}[kind]
                )
                if kind == 2:
                    code = other.format_map[other.xf_list[theirs.cell_xf_index(row, column)].format_key].format_str
                    assert mine.percent == ("%" in code.split(";")[0])
