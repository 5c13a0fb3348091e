"""How a template's sheets look: one table on landscape A4, yellow where the clerk writes, locked elsewhere."""

from collections.abc import Sequence
from typing import NamedTuple

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xiangning_zyz.report.cell_text import cell_text
from xiangning_zyz.report.visible import width

HEAD_ROW = 4  # below title, plan and 填报单位

_TITLE = Font(name="黑体", size=18)
_SMALL = Font(name="宋体", size=10, color="FF595959")
_PLAIN = Font(name="宋体", size=11)
_BOLD = Font(name="宋体", size=11, bold=True)
_TO_FILL = PatternFill("solid", fgColor="FFFFF8DC")
_LOCKED = PatternFill("solid", fgColor="FFF2F2F2")
_HEAD = PatternFill("solid", fgColor="FFDCE6F1")
_LINE = Side("thin", color="FFA6A6A6")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_UNDERLINE = Border(bottom=_LINE)
_OPEN = Protection(locked=False)


class Column(NamedTuple):
    """A column of the table."""

    head: str
    width: int
    centred: bool = False


class Strong(NamedTuple):
    """A locked label in bold."""

    text: str


class Numbers(NamedTuple):
    """A cell to be filled with a number; *low* and *high* as plain decimals."""

    low: str
    high: str
    prompt: str
    error: str


class Choices(NamedTuple):
    """A cell to be filled from a list; all of it under 255 characters (Excel's limit)."""

    items: tuple[str, ...]


class Words(NamedTuple):
    """A cell to be filled with words."""


class Quoted(NamedTuple):
    """A locked grey cell: what was said before, or nothing where nothing is due."""

    text: str = ""


Entry = str | Strong | Numbers | Choices | Words | Quoted  # str: a locked label


class Table(NamedTuple):
    """One sheet of the template."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Entry, ...], ...]
    lines: int  # text lines a row has room for at least


def write_table(sheet: Worksheet, heading: tuple[str, str, str], table: Table) -> None:
    """Lay out *heading* (title, plan, 填报单位 line), the head row and the rows, and set up printing."""
    columns = table.columns
    _write_heading(sheet, heading, columns)
    for index, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
        head = _put(sheet.cell(HEAD_ROW, index), column.head, _BOLD, "center")
        head.fill, head.border = _HEAD, _BOX
    sheet.row_dimensions[HEAD_ROW].height = 36
    rules: dict[Numbers | Choices, DataValidation] = {}
    for number, row in enumerate(table.rows, HEAD_ROW + 1):
        texts = ["" if isinstance(entry, Numbers | Choices | Words) else _text(entry) for entry in row]
        lines = [_lines(text, column.width) for text, column in zip(texts, columns, strict=True)]
        sheet.row_dimensions[number].height = _height(max(table.lines, *lines))
        for index, entry in enumerate(row, 1):
            cell = sheet.cell(number, index)
            _write_entry(cell, entry, centred=columns[index - 1].centred)
            if isinstance(entry, Numbers | Choices):
                rules.setdefault(entry, _validation(entry)).add(cell)
    for rule in rules.values():
        sheet.add_data_validation(rule)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    _set_up_page(sheet)


def write_signatures(sheet: Worksheet, labels: tuple[str, str, str]) -> None:
    """One line below the table: three labels, each with a place to write."""
    row = sheet.max_row + 2
    end = max(sheet.max_column, 7)
    for label, (at, first, last) in zip(labels, ((1, 2, 3), (4, 5, 5), (6, 7, end)), strict=True):
        _put(sheet.cell(row, at), label, _PLAIN, "right")
        for column in range(first, last + 1):
            cell = _put(sheet.cell(row, column), "", _PLAIN, "left")
            cell.fill, cell.border, cell.protection = _TO_FILL, _UNDERLINE, _OPEN
        if first < last:
            sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    sheet.row_dimensions[row].height = 24


def write_guide(sheet: Worksheet, title: str, paragraphs: Sequence[str]) -> None:
    """A page of words in one wide column."""
    sheet.column_dimensions["A"].width = 110
    _put(sheet["A1"], title, _TITLE, "center")
    sheet.row_dimensions[1].height = 36
    for number, text in enumerate(paragraphs, 2):
        _put(sheet.cell(number, 1), text, _PLAIN, "left")
        sheet.row_dimensions[number].height = _height(_lines(text, 110))
    _set_up_page(sheet)


def put_text(cell: Cell, text: str) -> Cell:
    """Write *text* as text, whatever it begins with, and give the cell back."""
    cell.value = cell_text(text) or None
    if text:
        cell.data_type = "s"  # openpyxl takes a leading `=` for a formula
    return cell


def _put(cell: Cell, text: str, font: Font, across: str) -> Cell:
    put_text(cell, text).font = font
    cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=True, indent=int(across != "center"))
    return cell


def _write_heading(sheet: Worksheet, heading: tuple[str, str, str], columns: Sequence[Column]) -> None:
    wide = sum(column.width for column in columns)
    looks = ((_TITLE, "center", 34), (_SMALL, "center", 20), (_PLAIN, "left", 22))
    for row, (text, (font, across, height)) in enumerate(zip(heading, looks, strict=True), 1):
        _put(sheet.cell(row, 1), text, font, across)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(columns))
        # A merged cell never grows by itself; a font of 18 points takes more than one column unit a letter.
        sheet.row_dimensions[row].height = height * _lines(text, int(wide * 11 / font.size))


def _write_entry(cell: Cell, entry: Entry, *, centred: bool) -> None:
    if isinstance(entry, Numbers | Choices | Words):
        across = {Numbers: "right", Choices: "center", Words: "left"}[type(entry)]
        _put(cell, "", _PLAIN, across).fill = _TO_FILL
        cell.protection = _OPEN
    else:
        font = _SMALL if isinstance(entry, Quoted) else _BOLD if isinstance(entry, Strong) else _PLAIN
        _put(cell, _text(entry), font, "center" if centred else "left")
        if isinstance(entry, Quoted):
            cell.fill = _LOCKED
    cell.border = _BOX


def _text(entry: str | Strong | Quoted) -> str:
    return entry if isinstance(entry, str) else entry.text


def _lines(text: str, wide: int) -> int:
    """How many lines *text* takes in a column of that width."""
    return sum(1 + max(0, width(line) - 1) // (wide - 2) for line in text.split("\n"))


def _height(lines: int) -> int:
    """Points for that many lines of 11-point text; Excel allows 409."""
    return min(15 * lines + 6, 409)


def _validation(entry: Numbers | Choices) -> DataValidation:
    if isinstance(entry, Choices):
        rule = DataValidation(type="list", formula1=f'"{",".join(entry.items)}"', allow_blank=True)
        rule.error = f"请从列表中选择：{'、'.join(entry.items)}。"
    else:
        rule = DataValidation(type="decimal", formula1=entry.low, formula2=entry.high, allow_blank=True)
        rule.error, rule.prompt, rule.showInputMessage = entry.error[:255], entry.prompt[:255], True
    rule.errorTitle, rule.showErrorMessage = "请核对", True
    return rule


def _set_up_page(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.6
    margins.footer = 0.3
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.sheet_view.showGridLines = False
    protection = sheet.protection  # without password: it guards against slips, not against people
    protection.sheet = True
    protection.formatCells = protection.formatColumns = protection.formatRows = protection.insertRows = False
