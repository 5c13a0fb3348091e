"""`.xlsb`: the parts of an Office Open XML workbook, spelled as binary records (BIFF 12).

Format: [MS-XLSB] 2.1.4 (record), 2.4 (records), 2.5.9 (Cell), 2.5.126 (RichStr).
"""

import struct
from collections.abc import Callable, Iterator
from math import isfinite

from xiangning_zyz.intake.grid import CellKind, reference
from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.archive import Archive
from xiangning_zyz.intake.reading.formats import BUILT_IN, GENERAL, Style, shown, style_of
from xiangning_zyz.intake.reading.package import note_pictures, relations_of
from xiangning_zyz.intake.reading.packing import Packer
from xiangning_zyz.intake.reading.refusal import Refused, damaged, too_large
from xiangning_zyz.intake.reading.texts import bounded, unescaped
from xiangning_zyz.intake.reading.xls_records import error_text, rk_number
from xiangning_zyz.intake.reading.xlsx import SheetEntry, Workbook, worksheets
from xiangning_zyz.problem import DAMAGED, NOTHING_TO_READ

_NULL_STRING = 0xFFFFFFFF
_ROW_HEADER, _COLUMN_INFO, _MERGE = 0, 60, 176
_SHORT_CELLS = range(12, 19)  # as 1 to 7 without a column: the one behind the cell before
_FORMULAS = range(8, 12)
# A formula that its writer never calculated holds 0 or an empty string, like one that was.
_BLIND = ("未计算的公式",)


def read(archive: Archive, workbook_part: str, packer: Packer) -> None:
    """Read all worksheets into *packer*."""
    relations = relations_of(archive, workbook_part)
    parts = {relation.kind: relation.target for relation in relations.values()}
    count = 0
    try:
        workbook = _workbook(archive, workbook_part)
        strings = _shared_strings(archive, parts.get("sharedStrings", ""))
        styles = _styles(archive, parts.get("styles", ""))
        for entry, part in worksheets(archive, workbook.sheets, relations):
            count += 1
            packer.begin_sheet(entry.name, hidden=entry.hidden)
            _Sheet(packer, strings, styles, from_1904=workbook.from_1904).read(archive, part)
            note_pictures(archive, part, packer)
            packer.end_sheet()
    except (struct.error, IndexError) as error:
        raise damaged("记录不完整") from error
    if not count:
        raise Refused(NOTHING_TO_READ, why="工作簿中没有工作表")
    packer.finish("xlsb", _BLIND)


def _records(archive: Archive, part: str) -> Iterator[tuple[int, bytes]]:
    """(kind, data) of each record of a part; nothing if there is no such part."""
    content = archive.read(part) if part in archive else b""
    at = 0
    while at < len(content):
        kind, at = _packed_integer(content, at, 2)
        size, at = _packed_integer(content, at, 4)
        if at + size > len(content):
            raise damaged("记录不完整")
        yield kind, content[at : at + size]
        at += size


def _packed_integer(content: bytes, at: int, most: int) -> tuple[int, int]:
    """(value, where it ends): seven bits a byte, the eighth says that more follow. Kinds keep theirs apart below."""
    value = 0
    for shift in range(most):
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            break
    return value, at


def _string(data: bytes, at: int) -> tuple[str, int]:
    """(text, where it ends) of a wide string; a null one is empty."""
    (count,) = struct.unpack_from("<I", data, at)
    if count == _NULL_STRING:
        return "", at + 4
    end = at + 4 + 2 * count
    if end > len(data):
        raise damaged("记录不完整")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _workbook(archive: Archive, part: str) -> Workbook:
    sheets: list[SheetEntry] = []
    from_1904 = False
    for kind, data in _records(archive, part):
        if kind == 156:  # BrtBundleSh
            relation, at = _string(data, 8)
            sheets.append(SheetEntry(_string(data, at)[0], data[0] != 0, relation))
        elif kind == 153:  # BrtWbProp
            from_1904 = bool(data[0] & 1)
    return Workbook(sheets, from_1904, recalculate=False)


def _styles(archive: Archive, part: str) -> list[Style]:
    codes = dict(BUILT_IN)
    styles: list[Style] = []
    in_cell_styles = False
    for kind, data in _records(archive, part):
        if kind == 44:  # BrtFmt
            codes[struct.unpack_from("<H", data)[0]] = _string(data, 2)[0]
        elif kind in (617, 618):  # BrtBeginCellXFs, BrtEndCellXFs
            in_cell_styles = kind == 617
        elif kind == 47 and in_cell_styles:  # BrtXF
            code = codes.get(struct.unpack_from("<2H", data)[1])
            styles.append(style_of(code) if code else GENERAL)
    return styles


def _shared_strings(archive: Archive, part: str) -> list[str]:
    strings = []
    size = 0
    for kind, data in _records(archive, part):
        if kind == 19:  # BrtSSTItem
            strings.append(unescaped(_string(data, 1)[0]))
            size += len(strings[-1]) + 64
            if size > limits.SHARED_CHARACTERS:
                raise too_large("文字过多")
    return strings


class _Sheet:
    """One worksheet part while it is being read."""

    def __init__(self, packer: Packer, strings: list[str], styles: list[Style], *, from_1904: bool) -> None:
        self._packer = packer
        self._strings = strings
        self._styles = styles
        self._from_1904 = from_1904
        self._row = 0
        self._hidden = False
        self._column = 0
        self._style = GENERAL
        self._formula = False
        self._cells: tuple[list[int], list[int], list[str]] = ([], [], [])
        self._values: dict[int, Callable[[bytes], None]] = {
            1: lambda _: None,  # blank
            2: lambda data: self._number(rk_number(struct.unpack_from("<I", data)[0])),
            3: lambda data: self._add("error", error_text(data[0])),
            4: lambda data: self._add("bool", "TRUE" if data[0] else "FALSE"),
            5: lambda data: self._number(struct.unpack_from("<d", data)[0]),
            6: lambda data: self._text(_string(data, 0)[0]),
            7: lambda data: self._shared(struct.unpack_from("<I", data)[0]),
            62: lambda data: self._text(_string(data, 1)[0]),  # with formatting runs
        }
        # BrtFmlaString, BrtFmlaNum, BrtFmlaBool, BrtFmlaError begin like the cells without a formula.
        self._values |= {8: self._values[6], 9: self._values[5], 10: self._values[4], 11: self._values[3]}

    def read(self, archive: Archive, part: str) -> None:
        """Read all records of the part."""
        for kind, data in _records(archive, part):
            if kind == _ROW_HEADER:
                self._end_row()
                row, flags = struct.unpack_from("<I6xH", data)
                self._row, self._hidden, self._column = row + 1, bool(flags & 0x1000), 0
            elif kind in _SHORT_CELLS:
                self._cell(kind - 11, self._column + 1, data)
            elif kind in self._values:
                self._cell(kind, struct.unpack_from("<I", data)[0] + 1, data[4:])
            elif kind == _MERGE:
                top, bottom, left, right = struct.unpack_from("<4I", data)
                self._packer.merge((top + 1, left + 1, bottom + 1, right + 1))
            elif kind == _COLUMN_INFO:
                first, last, _, _, flags = struct.unpack_from("<4IH", data)
                if flags & 1:
                    self._packer.hide_columns(first + 1, last + 1)
        self._end_row()

    def _end_row(self) -> None:
        self._packer.row(self._row, self._cells, hidden=self._hidden)
        self._cells = ([], [], [])

    def _cell(self, kind: int, column: int, data: bytes) -> None:
        """One cell: its style, then its value."""
        self._column = column
        style = struct.unpack_from("<I", data)[0] & 0xFFFFFF
        self._style = self._styles[style] if style < len(self._styles) else GENERAL
        self._formula = kind in _FORMULAS
        self._values[kind](data[4:])

    def _add(self, kind: CellKind, text: str) -> None:
        columns, looks, texts = self._cells
        columns.append(self._column)
        looks.append(self._packer.looks.number(kind, self._style, formula=self._formula))
        texts.append(text)

    def _text(self, text: str) -> None:
        if text:
            self._add("text", bounded(text))

    def _shared(self, number: int) -> None:
        if number < len(self._strings):
            self._text(self._strings[number])
        else:
            self._odd("引用的文字不存在")

    def _number(self, value: float) -> None:
        if isfinite(value):
            self._add(*shown(value, self._style, from_1904=self._from_1904))
        else:
            self._odd("数值无法识别")

    def _odd(self, why: str) -> None:
        ref = reference(self._row, self._column)
        self._packer.problem(DAMAGED, ref, why=f"{ref} {why}")
