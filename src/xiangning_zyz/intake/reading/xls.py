"""`.xls` and `.et`: the records of a BIFF 8 workbook (Excel 97 on, WPS), and of BIFF 5 before it.

Own code and not a library's, because none tells all that must be known of the form most offices
still use (docs/decisions/0003): error cells, per cent styles, which values are formulas' results,
hidden parts, merges. Each sheet is one pass over its records.

Format: [MS-XLS] 2.4; for BIFF 5, OpenOffice's documentation of the Excel file format, 5 and 6.
"""

import marshal
import struct
from collections.abc import Callable
from math import isfinite
from typing import NamedTuple

from xiangning_zyz.intake.grid import reference
from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.formats import BUILT_IN, GENERAL, Style, plain, shown, style_of
from xiangning_zyz.intake.reading.packing import Packer
from xiangning_zyz.intake.reading.refusal import Refused, damaged, too_large
from xiangning_zyz.intake.reading.texts import bounded
from xiangning_zyz.intake.reading.xls_records import (
    Record,
    Strings,
    code_page,
    error_text,
    records,
    rk_number,
    with_continuations,
)
from xiangning_zyz.problem import DAMAGED, ENCRYPTED, NOTHING_TO_READ

_BOF, _EOF = 0x809, 0x0A
_BIFF8 = 0x600
_WORKSHEET = 0x10  # the kind of substream a BOF begins
_CODE_PAGE, _DATE_MODE, _FILE_PASS, _BOUND_SHEET, _SST, _FORMAT, _XF = 0x42, 0x22, 0x2F, 0x85, 0xFC, 0x41E, 0xE0
_FORMULA_TEXT = 0x207
_PICTURE = 8  # the kind of object an OBJ record describes
# A formula that its writer never calculated holds 0 or an empty string, like one that was.
_BLIND = ("未计算的公式",)


class _SheetEntry(NamedTuple):
    name: str
    offset: int
    hidden: bool


class _Workbook:
    """What the globals of a workbook say, as far as cells need it."""

    def __init__(self, biff8: bool) -> None:
        self.biff8 = biff8
        self.encoding = code_page(0)
        self.from_1904 = False
        self.sheets: list[_SheetEntry] = []
        self.strings: list[str] = []
        self.formats = dict(BUILT_IN)
        self.cell_formats: list[int] = []  # by XF

    def styles(self) -> list[Style]:
        """What each XF makes of a number."""
        return [style_of(self.formats[number]) if number in self.formats else GENERAL for number in self.cell_formats]

    def text(self, parts: list[bytes], at: int, length_size: int = 2) -> str:
        """The string at *at* of a record."""
        if self.biff8:
            return Strings(parts, at).rich(length_size)
        count = int.from_bytes(parts[0][at : at + length_size], "little")
        return parts[0][at + length_size : at + length_size + count].decode(self.encoding, "replace")


def read(stream: bytes, name: str, packer: Packer) -> None:
    """Read all worksheets of a workbook stream into *packer*; *name* is for a stream that is one sheet alone."""
    first = next(records(stream, 0), None)
    if first is None or first[0] != _BOF or len(first[1]) < 4:
        raise damaged("工作簿的开头无法识别")
    version, kind = struct.unpack_from("<2H", first[1])
    workbook = _Workbook(biff8=version == _BIFF8)
    try:
        if kind == _WORKSHEET:
            workbook.sheets.append(_SheetEntry(name, 0, hidden=False))
        else:
            _read_globals(stream, workbook)
        for entry in workbook.sheets:
            packer.begin_sheet(entry.name, hidden=entry.hidden)
            _Sheet(workbook, packer).read(stream, entry.offset)
            packer.end_sheet()
    except (struct.error, IndexError) as error:
        raise damaged("记录不完整") from error
    if not workbook.sheets:
        raise Refused(NOTHING_TO_READ, why="工作簿中没有工作表")
    packer.finish("xls", _BLIND)


def _read_globals(stream: bytes, workbook: _Workbook) -> None:
    for record in records(stream, 0):
        kind, data, _ = record
        if kind == _FILE_PASS:
            raise Refused(ENCRYPTED)
        if kind == _EOF:
            return
        if kind == _SST:
            workbook.strings = Strings(with_continuations(record, stream)).shared()
        else:
            _note(kind, data, workbook)


def _note(kind: int, data: bytes, workbook: _Workbook) -> None:
    """What one record of the globals says, if it matters here."""
    if kind == _BOUND_SHEET:
        offset, state, sheet_kind = struct.unpack_from("<IBB", data)
        if sheet_kind == 0:  # not a chart, macro or module
            sheet_name = workbook.text([data], 6, 1)
            workbook.sheets.append(_SheetEntry(sheet_name, offset, hidden=bool(state & 3)))
    elif kind == _FORMAT:
        (number,) = struct.unpack_from("<H", data)
        workbook.formats[number] = workbook.text([data], 2, 2 if workbook.biff8 else 1)
    elif kind == _XF:
        workbook.cell_formats.append(struct.unpack_from("<2H", data)[1])
    elif kind == _CODE_PAGE:
        workbook.encoding = code_page(struct.unpack_from("<H", data)[0])
    elif kind == _DATE_MODE:
        workbook.from_1904 = data[:1] == b"\1"


class _Sheet:
    """One worksheet while its records are read."""

    def __init__(self, workbook: _Workbook, packer: Packer) -> None:
        self._workbook = workbook
        self._packer = packer
        self._styles = workbook.styles()
        # By XF: the look of its numbers where they are shown as they stand, which most are.
        self._looks = [packer.looks.number("number", style) if style.kind == "number" else -1 for style in self._styles]
        # Some writers go by columns, so rows wait for the end of the sheet: packed, for there may be millions of cells.
        self._rows: dict[int, list[bytes]] = {}
        self._row_number = 0
        self._cells: tuple[list[int], list[int], list[str]] = ([], [], [])
        self._size = 0
        self._hidden: set[int] = set()
        self._awaited: tuple[int, int] | None = None  # the cell whose formula's text comes next
        self._readers: dict[int, Callable[[bytes], None]] = {
            0xFD: self._shared_label,
            0x203: self._number,
            0x27E: self._small_number,
            0xBD: self._small_numbers,
            0x06: self._formula,
            0x205: self._bool_or_error,
            0x204: self._label,
            0xD6: self._label,  # with formatting runs behind the text
            0x208: self._row,
            0x7D: self._columns,
            0xE5: self._merges,
            0x5D: self._object,
        }

    def read(self, stream: bytes, offset: int) -> None:
        """Read the substream at *offset*; charts inside it are passed over."""
        depth = 0
        readers = self._readers
        for record in records(stream, offset):
            kind, data, _ = record
            if depth == 1 and kind in readers:
                readers[kind](data)
            elif depth == 1 and kind == _FORMULA_TEXT:
                self._formula_text(record, stream)
            elif kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth < 1:
                    break
            elif depth == 0:
                raise damaged("工作表的开头无法识别")
        self._put_by()
        for number in sorted(self._rows):
            cells: tuple[list[int], list[int], list[str]] = ([], [], [])
            for packed in self._rows[number]:
                columns, looks, texts = marshal.loads(packed)  # noqa: S302 - our own, from `_put_by`
                cells[0].extend(columns)
                cells[1].extend(looks)
                cells[2].extend(texts)
            self._packer.row(number, cells, hidden=number in self._hidden)

    def _put_by(self) -> None:
        """Pack the cells of the row at hand."""
        if self._cells[0]:
            packed = marshal.dumps(self._cells)
            self._size += len(packed)
            if self._size > limits.PACKED_BYTES:
                raise too_large("非空单元格或文字过多")
            self._rows.setdefault(self._row_number, []).append(packed)
            self._cells = ([], [], [])

    def _add(self, row: int, column: int, look: int, text: str) -> None:
        """Take one cell; *row* and *column* count from 0, as in the records."""
        if row + 1 != self._row_number:
            self._put_by()
            self._row_number = row + 1
        columns, looks, texts = self._cells
        columns.append(column + 1)
        looks.append(look)
        texts.append(text)

    def _add_text(self, row: int, column: int, text: str, *, formula: bool = False) -> None:
        if text:
            self._add(row, column, self._packer.looks.number("text", formula=formula), bounded(text))

    def _add_number(self, row: int, column: int, xf: int, value: float, *, formula: bool = False) -> None:
        if not isfinite(value):
            ref = reference(row + 1, column + 1)
            self._packer.problem(DAMAGED, ref, str(value), why=f"{ref} 数值无法识别")
        elif xf < len(self._looks) and self._looks[xf] >= 0 and not formula:
            self._add(row, column, self._looks[xf], plain(value))
        else:
            style = self._styles[xf] if xf < len(self._styles) else GENERAL
            kind, text = shown(value, style, from_1904=self._workbook.from_1904)
            self._add(row, column, self._packer.looks.number(kind, style, formula=formula), text)

    def _shared_label(self, data: bytes) -> None:
        row, column, _, number = struct.unpack_from("<3HI", data)
        if number < len(self._workbook.strings):
            self._add_text(row, column, self._workbook.strings[number])
        else:
            ref = reference(row + 1, column + 1)
            self._packer.problem(DAMAGED, ref, why=f"{ref} 引用的文字不存在")

    def _label(self, data: bytes) -> None:
        row, column = struct.unpack_from("<2H", data)
        self._add_text(row, column, self._workbook.text([data], 6))

    def _number(self, data: bytes) -> None:
        row, column, xf, value = struct.unpack_from("<3Hd", data)
        self._add_number(row, column, xf, value)

    def _small_number(self, data: bytes) -> None:
        row, column, xf, packed = struct.unpack_from("<3HI", data)
        self._add_number(row, column, xf, rk_number(packed))

    def _small_numbers(self, data: bytes) -> None:
        row, first = struct.unpack_from("<2H", data)
        for column, (xf, packed) in enumerate(struct.iter_unpack("<HI", data[4 : 4 + (len(data) - 6) // 6 * 6]), first):
            self._add_number(row, column, xf, rk_number(packed))

    def _formula(self, data: bytes) -> None:
        row, column, xf, kind, value, marker = struct.unpack_from("<3HBxB3xH", data)
        self._awaited = None
        if marker != 0xFFFF:
            (number,) = struct.unpack_from("<d", data, 6)
            self._add_number(row, column, xf, number, formula=True)
        elif kind == 0:
            self._awaited = (row, column)
        elif kind in (1, 2):
            self._add_bool_or_error(row, column, value, is_error=kind == 2, formula=True)

    def _formula_text(self, record: Record, stream: bytes) -> None:
        if self._awaited:
            row, column = self._awaited
            text = self._workbook.text(with_continuations(record, stream), 0)
            self._add_text(row, column, text, formula=True)
        self._awaited = None

    def _bool_or_error(self, data: bytes) -> None:
        row, column, _, value, is_error = struct.unpack_from("<3H2B", data)
        self._add_bool_or_error(row, column, value, is_error=bool(is_error), formula=False)

    def _add_bool_or_error(self, row: int, column: int, value: int, *, is_error: bool, formula: bool) -> None:
        text = error_text(value) if is_error else ("TRUE" if value else "FALSE")
        self._add(row, column, self._packer.looks.number("error" if is_error else "bool", formula=formula), text)

    def _row(self, data: bytes) -> None:
        row, flags = struct.unpack_from("<H10xH", data)
        if flags & 0x20:
            self._hidden.add(row + 1)

    def _columns(self, data: bytes) -> None:
        first, last, _, _, flags = struct.unpack_from("<5H", data)
        if flags & 1:
            self._packer.hide_columns(first + 1, last + 1)

    def _merges(self, data: bytes) -> None:
        (count,) = struct.unpack_from("<H", data)
        for top, bottom, left, right in struct.iter_unpack("<4H", data[2 : 2 + count * 8]):
            if top <= bottom and left <= right:
                self._packer.merge((top + 1, left + 1, bottom + 1, right + 1))

    def _object(self, data: bytes) -> None:
        if data[4:6] == bytes((_PICTURE, 0)):
            self._packer.picture()
