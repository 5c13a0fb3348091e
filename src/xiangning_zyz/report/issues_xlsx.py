"""The issue ledger as a workbook: printed, sent to departments, filled in and imported again.

The heads are those of `report/issues.py`, which import knows; the title bears the period, and a
department's own copy its 填报单位, so that what comes back needs nothing added.
"""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xiangning_zyz.aside import write_aside
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.cell_text import cell_text
from xiangning_zyz.report.issues import HEADS, issue_listings
from xiangning_zyz.report.listing import Field
from xiangning_zyz.report.visible import width
from xiangning_zyz.supervision.issues import Issue

_WIDTHS = (11, 8, 6, 22, 12, 12, 11, 11.5, 12, 11.5, 11.5, 6, 24, 11.5, 10)  # fits landscape A4 at 8 points
_LINE = Side("thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="FFDCE6F1")
_TITLE = Font(name="黑体", size=18)
_PLAIN = Font(name="宋体", size=10)
_BOLD = Font(name="宋体", size=10, bold=True)
_HEAD_ROW = 3


def issues_xlsx(plan: Plan, issues: Sequence[Issue], day: date, department: str | None, output: Path) -> None:
    """Write *issues* as they stand on *day*; *department* names whose copy it is. OSError as the system gives it."""
    book = Workbook()
    page = book.active
    page.title = "问题台账"
    page["A1"].value, page["A1"].font = f"专业镇问题台账（{Period.month_of(day).label}）", _TITLE
    page["A2"].value = f"填报单位：{department}" if department else f"截至{day.year}年{day.month}月{day.day}日"
    [listing] = issue_listings(plan, issues, day)
    _line(page, _HEAD_ROW, HEADS, _BOLD)
    for row, fields in enumerate(listing.rows, _HEAD_ROW + 1):
        _line(page, row, [field.text if isinstance(field, Field) else field for field in fields], _PLAIN)
    page.cell(_HEAD_ROW + len(listing.rows) + 1, 1).value = "填报人：　　　　审核人：　　　　填报日期："
    _lay_out(page)
    content = io.BytesIO()
    book.save(content)
    write_aside(output, content.getvalue())


def _line(page: Worksheet, row: int, texts: Sequence[str], font: Font) -> None:
    """One row of boxed text cells; text is never a formula."""
    lines = [-(-width(text) // (int(wide) - 1)) for text, wide in zip(texts, _WIDTHS, strict=True)]
    page.row_dimensions[row].height = 6 + 13 * max(1, *lines)
    for column, text in enumerate(texts, 1):
        cell = page.cell(row, column)
        if text:
            cell.value = cell_text(text)
            cell.data_type = "s"
        cell.font, cell.border = font, _BOX
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        if font is _BOLD:
            cell.fill = _HEAD


def _lay_out(page: Worksheet) -> None:
    """Landscape A4, one page wide, heads repeated on every page."""
    for column, wide in enumerate(_WIDTHS, 1):
        page.column_dimensions[get_column_letter(column)].width = wide
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADS))
    page["A1"].alignment = Alignment(horizontal="center", vertical="center")
    page.row_dimensions[1].height = 30
    page.freeze_panes = page.cell(_HEAD_ROW + 1, 1)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
