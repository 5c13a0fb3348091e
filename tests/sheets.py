"""Workbooks drawn as text, so that a test shows the form that a department sent.

A row per line, cells between bars; `== 名称` begins a sheet, `== 名称（隐藏）` a hidden one. Plain decimals are
numbers, `9.69%` is 0.0969 in percent style, `'39211` is text, `#DIV/0!` an error, `=A1` a formula never
calculated, `2024-06-30` a date; all else is text, with `\\n` for a line break. `<` joins a cell to the one on
its left, `^` to the one above.
"""

import io
import re
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HIDDEN = "（隐藏）"

HEADS = "| 指标 | 单位 | 本月 | 本年累计 | 期末数 | 备注 |"
SIGNED = "| 填报人：张某 | 审核人：李某 |"


def monthly(*rows: str, heads: str = HEADS, period: str = "2024年6月", sender: str = "县工信局", **more: str) -> bytes:
    """The monthly sheet of a department, as typed by hand; `signed=""` leaves the last line out."""
    title = f"| 专业镇发展情况月报（{period}） |"
    signed = more.get("signed", SIGNED)
    return workbook("\n".join(["== 月报", title, f"| 填报单位：{sender} |", heads, *rows, signed]))


def workbook(text: str) -> bytes:
    """The .xlsx that *text* draws."""
    book = Workbook()
    book.remove(book.active)
    sheet = None
    rows: list[Sequence[str]] = []
    for line in [*text.splitlines(), "=="]:
        words = line.strip()
        if words.startswith("=="):
            if sheet is not None:
                _draw(sheet, rows)
            if title := words.removeprefix("==").strip():
                sheet = book.create_sheet(title.removesuffix(_HIDDEN))
                sheet.sheet_state = "hidden" if title.endswith(_HIDDEN) else "visible"
            rows = []
        elif words.startswith("|"):
            rows.append([cell.strip() for cell in words.strip("|").split("|")])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _draw(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    corners: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, cells in enumerate(rows, 1):
        for column, text in enumerate(cells, 1):
            corner = _corner(rows, row, column)
            corners.setdefault(corner, []).append((row, column))
            if corner == (row, column):
                _write(sheet, row, column, text)
    for (top, left), covered in corners.items():
        if len(covered) > 1:
            bottom, right = covered[-1]
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def _corner(rows: Sequence[Sequence[str]], row: int, column: int) -> tuple[int, int]:
    while (mark := rows[row - 1][column - 1]) in ("<", "^"):
        row, column = (row, column - 1) if mark == "<" else (row - 1, column)
    return row, column


def _write(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    if _NUMBER.fullmatch(text):
        cell.value = float(text) if "." in text else int(text)
    elif _NUMBER.fullmatch(text.removesuffix("%")):
        cell.value, cell.number_format = float(text.removesuffix("%")) / 100, "0.00%"
    elif _DATE.fullmatch(text):
        cell.value, cell.number_format = date.fromisoformat(text), "yyyy-mm-dd"
    elif text.startswith("'"):
        cell.value = text[1:]
        cell.data_type = "s"
    elif text:
        cell.value = text.replace("\\n", "\n")
