"""Blocks → Excel: a sheet for each table, native charts, values stored beside the formulas that give them.

Cells hold the unrounded number under a format that shows exactly what the other spellings print.
Phone previews do not calculate, so each formula carries its result. Text is always written as text:
nothing from a sheet becomes a formula or a link.
"""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from xiangning_zyz.period import Period
from xiangning_zyz.report.blocks import (
    Block,
    Cards,
    Cell,
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Table,
    Tone,
    text_of,
)
from xiangning_zyz.report.cell_text import cell_text
from xiangning_zyz.report.to_xlsx.course import COLUMNS, FIRST_ROW, SHEET, gapped, native, write_data
from xiangning_zyz.report.visible import width

# XlsxWriter publishes no types for worksheets and formats, hence Any where they pass through.
_FILLS: dict[Tone, str] = {"": "", "good": "#E6F4EA", "warn": "#FFF4D6", "bad": "#FDE7E7", "dim": "#F3F4F6"}
_INK, _BLUE, _SOFT = "#1F2933", "#1D4ED8", "#52606D"
_PRINTED = re.compile(r"([-+]?)([0-9]+)(?:\.([0-9]+))?(%?)")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_HEAD_ROW = 2
_CHART_ROWS = 18  # of the sheet, from one picture to the next


def to_xlsx(document: Document) -> bytes:
    """*document* as .xlsx; the same bytes for the same blocks."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    made = datetime(document.as_of.year, document.as_of.month, document.as_of.day)  # noqa: DTZ001  # a day, by contract without a zone
    book.set_properties({"title": document.title_text, "author": "zyz", "created": made})
    _Book(book, document).write()
    book.close()
    return out.getvalue()


class _Book:
    """Sheets as they come, formats made once, and where the data of charts lie."""

    def __init__(self, book: Any, document: Document) -> None:
        self.book = book
        self.document = document
        self.formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self.names: set[str] = set()
        self.charts = [block for block in document.all_blocks if isinstance(block, Chart)]
        self.places: dict[str, tuple[int, int]] = {}  # goal → first column and last row of its data

    def write(self) -> None:
        """Running text first, then the tables in order; pictures after the first of them, their data last."""
        blocks = list(self.document.all_blocks)
        self.place_charts()
        words = [block for block in blocks if isinstance(block, Heading | Paragraph | Cards)]
        if words:
            self.text(words)
        drawn = False
        for block in blocks:
            if isinstance(block, Table):
                self.table(block)
            if not drawn and self.charts:
                self.pictures()
                drawn = True
        if self.charts:
            self.data()

    def format(self, **look: object) -> Any:
        """The format of that look; each is made once."""
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": "宋体", "font_size": 10, "font_color": _INK, **look})
        return self.formats[key]

    def sheet(self, title: str) -> Any:
        """A new sheet of that title, shortened and made unique as Excel wants it."""
        short = _FORBIDDEN.sub("", title.replace("情况表", "").replace("情况", ""))[:28] or "表"
        name, count = short, 1
        while name in self.names:
            count += 1
            name = f"{short}{count}"
        self.names.add(name)
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer('&C&"宋体"&9第 &P 页，共 &N 页')
        sheet.hide_gridlines(2)
        return sheet

    def text(self, blocks: Iterable[Block]) -> None:
        """Running text, one paragraph a row."""
        sheet = self.sheet("正文")
        sheet.set_portrait()
        sheet.set_column(0, 0, 90)
        sheet.write_string(
            0, 0, cell_text(self.document.title_text), self.format(bold=True, font_size=16, text_wrap=True)
        )
        row = 1
        for block in blocks:
            match block:
                case Heading(number=number, runs=runs):
                    sheet.write_string(row, 0, cell_text(number + text_of(runs)), self.format(bold=True, font_size=12))
                case Cards(items=items):
                    for card in items:
                        said = cell_text(f"{card.label}：{card.value}（{card.note}）")
                        sheet.write_string(row, 0, said, self.format(text_wrap=True, valign="top"))
                        row += 1
                    continue
                case Paragraph(runs=runs):
                    sheet.write_string(row, 0, cell_text(text_of(runs)), self.format(text_wrap=True, valign="top"))
            row += 1

    def table(self, table: Table) -> None:
        """Title, head, rows, notes; the head stays on the screen and on every printed page."""
        sheet = self.sheet(table.title)
        document = self.document
        draft = "（征求意见稿）" if document.draft else ""
        sheet.write_string(0, 0, cell_text(table.title + draft), self.format(bold=True, font_size=16, font_name="黑体"))
        day = document.as_of
        sheet.write_string(
            1,
            0,
            f"{Period.parse(document.period).label}，截至{day.year}年{day.month}月{day.day}日；调度数据",
            self.format(font_color=_SOFT),
        )
        trend = self.trend_column(table)
        heads = [column.head for column in table.columns] + (["走势"] if trend else [])
        head = self.format(bold=True, border=1, text_wrap=True, align="center", valign="vcenter", bg_color="#E4E7EB")
        for place, words in enumerate(heads):
            sheet.write_string(_HEAD_ROW, place, words, head)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, _wide(column))
        for row, cells in enumerate(table.rows, _HEAD_ROW + 1):
            self.row(sheet, row, cells, table.columns)
        last = _HEAD_ROW + len(table.rows)
        if not table.rows:
            sheet.write_string(_HEAD_ROW + 1, 0, table.empty, self.format(font_color=_SOFT))
            last += 1
        self.notes(sheet, table, last + 1, len(heads))
        self.bars(sheet, table, last)
        if trend:
            self.sparklines(sheet, table)
        sheet.print_area(0, 0, last + len(table.notes), len(heads) - 1)
        sheet.freeze_panes(_HEAD_ROW + 1, 0)
        sheet.repeat_rows(_HEAD_ROW)

    def notes(self, sheet: Any, table: Table, row: int, columns: int) -> None:
        """Notes under the table, as wide as it: a long one must not widen the printed page."""
        look = self.format(font_color=_SOFT, text_wrap=True, valign="top")
        room = sum(map(_wide, table.columns))
        for place, note in enumerate(table.notes):
            words = cell_text(("注：" if not place else "　　") + note)
            sheet.merge_range(row + place, 0, row + place, columns - 1, "", look)
            sheet.write_string(row + place, 0, words, look)
            sheet.set_row(row + place, _height([(words, room)]))

    def row(self, sheet: Any, row: int, cells: Sequence[Cell], columns: Sequence[Column]) -> None:
        """One row of a table."""
        refs = {column.key: xl_rowcol_to_cell(row, place) for place, column in enumerate(columns)}
        sheet.set_row(
            row, _height((text_of(cell.runs), _wide(column)) for cell, column in zip(cells, columns, strict=True))
        )
        filled = {column.key for column, cell in zip(columns, cells, strict=True) if cell.number is not None}
        for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            look: dict[str, object] = {"border": 1, "text_wrap": True, "valign": "vcenter", "align": column.align}
            if cell.tone:
                look["bg_color"] = _FILLS[cell.tone]
            words = text_of(cell.runs)
            if cell.number is None:
                sheet.write_string(row, place, cell_text(words), self.format(**look))
                continue
            number = self.format(**look, num_format=number_format(words))
            needed = set(re.findall(r"\{(\w+)\}", cell.formula))
            if cell.formula and needed <= filled:
                sheet.write_formula(row, place, "=" + cell.formula.format(**refs), number, _stored(cell.number))
            else:
                sheet.write_number(row, place, cell.number, number)

    def bars(self, sheet: Any, table: Table, last: int) -> None:
        """Solid data bars from 0 to 1 in the columns that are shares."""
        for place, column in enumerate(table.columns):
            if column.look == "bar" and table.rows:
                bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#9DB7F5", "data_bar_2010": True}
                ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
                sheet.conditional_format(_HEAD_ROW + 1, place, last, place, {**bar, **ends})

    def trend_column(self, table: Table) -> bool:
        """Whether the rows of *table* are goals that have charts."""
        return table.name == "goals" and bool(self.charts)

    def sparklines(self, sheet: Any, table: Table) -> None:
        """The course of each goal in one cell beside it."""
        names = [
            text_of(row[place].runs) for row in table.rows for place, c in enumerate(table.columns) if c.key == "name"
        ]
        at = len(table.columns)
        sheet.set_column(at, at, 18)
        for row, name in enumerate(names, _HEAD_ROW + 1):
            sheet.write_blank(row, at, None, self.format(border=1))
            first, last = self.places.get(name, (0, 0))
            if last:
                column = xl_col_to_name(first + 1)
                values = f"'{SHEET}'!${column}$3:${column}${last + 1}"
                sheet.add_sparkline(row, at, {"range": values, "markers": True, "series_color": _BLUE})

    def place_charts(self) -> None:
        """Decide where the data of each chart will lie: so many columns each."""
        for count, chart in enumerate(self.charts):
            rows = len(gapped(chart.history))
            self.places[chart.subject] = (count * COLUMNS, FIRST_ROW + rows - 1 if rows else 0)

    def pictures(self) -> None:
        """Native charts, two side by side."""
        sheet = self.sheet("走势图")
        sheet.fit_to_pages(1, 1)
        sheet.write_string(0, 0, "主要指标走势图", self.format(bold=True, font_size=16, font_name="黑体"))
        for count, chart in enumerate(self.charts):
            row, column = 2 + count // 2 * _CHART_ROWS, count % 2 * 9
            options = {"object_position": 1, "description": cell_text(chart.alt, 255)}
            drawn = native(self.book, chart, self.places[chart.subject][0])
            sheet.insert_chart(row, column, drawn, options)

    def data(self) -> None:
        """The data behind the native charts."""
        sheet = self.sheet(SHEET)
        month = self.format(num_format="yyyy-mm", align="center")
        for chart in self.charts:
            first, _ = self.places[chart.subject]
            write_data(sheet, chart, first, bold=self.format(bold=True), month=month, number=self.format())


def number_format(printed: str) -> str:
    """The Excel format under which the unrounded number shows as *printed*: 不低于70 → `"不低于"0`."""
    match = _PRINTED.search(printed)
    if match is None:
        return "General"
    sign, _, decimals, percent = match.groups()
    digits = "0" + (f".{'0' * len(decimals)}" if decimals else "") + percent
    before, after = (_quoted(part) for part in (printed[: match.start()], printed[match.end() :]))
    shown = f"{before}{digits}{after}"
    return f"+{shown};-{shown};{shown}" if sign == "+" else shown


def _wide(column: Column) -> int:
    """A column's width, in digits of the sheet's font; a Chinese character takes two."""
    return column.wide * 2 + 2


def _height(texts: Iterable[tuple[str, int]]) -> float:
    """Points that the highest of *texts* needs in its width: not every program fits rows when it opens a file."""
    lines = (sum(-(-max(width(line), 1) // (wide - 1)) for line in text.split("\n")) for text, wide in texts)
    return min(max(lines, default=1) * 13.5 + 3, 409)  # Excel's limit


def _quoted(words: str) -> str:
    words = words.replace('"', "")
    return f'"{words}"' if words else ""


def _stored(number: Decimal) -> float:
    """A formula's result as Excel itself stores it: a double of 15 significant digits."""
    return float(f"{number:.15g}")
