"""The rows of one worksheet part, streamed, and what stands around them.

expat reads the part. Rows in the plain spellings of common writers are taken out of its way and read
by `xlsx_plain.py`, several times as fast; any other row (a comment, a prefix, a rich string, a shared
formula) goes to expat as it stands.

Format: ECMA-376 part 1, 18.3.1.73 (row), 18.3.1.40 (f), 18.3.1.53 (is).
"""

import re
from collections.abc import Iterable
from contextlib import closing
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from xiangning_zyz.intake.grid import reference
from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.markup import MAIN, LocalNames, Parser, too_deep
from xiangning_zyz.intake.reading.packing import Merge, Packer
from xiangning_zyz.intake.reading.refusal import damaged, too_large
from xiangning_zyz.intake.reading.xlsx_cells import TRUE, CellReader, Odd
from xiangning_zyz.intake.reading.xlsx_plain import COLUMNS_OF_EXCEL, PICTURE_CALL, PlainRows, column
from xiangning_zyz.problem import DAMAGED

_DIGITS = "0123456789"
_CORNER = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_PIECES = 64  # of 8 KiB each: more text than a cell may hold
# Where text before this is none of a cell's: blanks between elements, in parts laid out for people to read.
_TEXT_BEGINS = frozenset({"row", "c", "f", "v", "t"})

_ROWS_BEGIN, _ROWS_END, _ROW_END = b"<sheetData>", b"</sheetData", b"</row>"
_LONGEST_ROW = 4 << 20
_LONGEST_MARGINS = 1 << 15  # bytes before and after the rows that are worth remembering
_MARGINS_REMEMBERED = 64


class _Margins(NamedTuple):
    """What the beginning and the end of a part say, around its rows."""

    merges: list[Merge]
    hidden: list[tuple[int, int]]  # first and last of columns


_margins: dict[tuple[bytes, bytes], _Margins] = {}  # by the bytes before and after the rows


def read_rows(chunks: Iterable[bytes], plain_rows: PlainRows, cells: CellReader, packer: Packer) -> None:
    """Send the rows, merges and hidden parts of a worksheet to the packer, whose sheet has begun."""
    pieces = iter(chunks)
    part, more = next(pieces, b""), next(pieces, None)
    if more is None and _met_before(part, plain_rows, packer):
        return
    waiting: bytes | None = b""  # None once all goes to expat
    with closing(_Sheet(cells, packer, whole=more is None)) as sheet:
        for data in chain((part,), () if more is None else (more,), pieces):
            if waiting is None:
                sheet.parse(data)
            else:
                waiting = _take(waiting + data, sheet, plain_rows)
        sheet.parse(waiting or b"", last=True)
    if sheet.utf8 and sheet.took_block and not sheet.saw_rows:
        _learn(part, sheet.margins)


def _met_before(part: bytes, plain_rows: PlainRows, packer: Packer) -> bool:
    """Read a whole part whose like was read before: rows of a known block between a known beginning and end."""
    begin, end = _rows_of(part)
    margins = _margins.get((part[:begin], part[end:]))
    if margins is None:
        return False
    try:
        rows = part[begin:end].decode()
    except UnicodeDecodeError:
        return False
    if "\n" in rows or not plain_rows.read_block(rows, 0):
        return False
    for merge in margins.merges:
        packer.merge(merge)
    for first, last in margins.hidden:
        packer.hide_columns(first, last)
    return True


def _learn(part: bytes, margins: _Margins) -> None:
    begin, end = _rows_of(part)
    if begin + len(part) - end <= _LONGEST_MARGINS:
        if len(_margins) >= _MARGINS_REMEMBERED:
            _margins.clear()
        _margins[part[:begin], part[end:]] = margins


def _rows_of(part: bytes) -> tuple[int, int]:
    """Where the rows of a part begin and end."""
    return part.find(_ROWS_BEGIN) + len(_ROWS_BEGIN), part.rfind(_ROW_END) + len(_ROW_END)


def _take(data: bytes, sheet: "_Sheet", plain_rows: PlainRows) -> bytes | None:
    """Read what is complete in *data* and return the rest; None when expat has taken all, for good."""
    if not sheet.in_rows:
        at = data.find(_ROWS_BEGIN)
        cut = max(0, len(data) - len(_ROWS_BEGIN)) if at < 0 else at + len(_ROWS_BEGIN)
        sheet.parse(data[:cut])
        if at < 0:
            return data[cut:]
        data = data[cut:]
    end = data.rfind(_ROW_END)
    if not sheet.in_rows or (end < 0 and (len(data) > _LONGEST_ROW or _ROWS_END in data)):
        sheet.parse(data)
        return None
    if end < 0:
        return data
    end += len(_ROW_END)
    left = _take_rows(data[:end], sheet, plain_rows)
    if left:
        sheet.parse(left + data[end:])
        return None
    return data[end:]


def _take_rows(block: bytes, sheet: "_Sheet", plain_rows: PlainRows) -> bytes:
    """Read a block of whole rows; what is returned, and all that follows it, is for expat."""
    try:
        text = block.decode() if sheet.utf8 else block.decode("ascii")
    except UnicodeDecodeError:
        return block
    one_line = "\n" not in text
    as_block = one_line and sheet.whole
    if as_block and sheet.in_rows and (number := plain_rows.read_block(text, sheet.number)):
        sheet.number, sheet.took_block = number, True
        return b""
    rows = text.split("</row>")
    before, told = sheet.number, False
    for at, row in enumerate(rows[:-1]):
        number = plain_rows.read(row, sheet.number) if sheet.in_rows else 0
        if number:
            sheet.number = number
            if not one_line:
                sheet.pass_over(row.count("\n"))
        elif "<!" in row or "<?" in row:  # comments and the like may hide what looks like rows
            return "</row>".join(rows[at:]).encode()
        else:
            sheet.parse(row.encode() + _ROW_END)
            told = True
    if as_block and not told:
        plain_rows.learn_block(text, before)
        sheet.took_block = True
    return b""


class _Sheet:
    """The worksheet as expat tells it: everything but plain rows."""

    def __init__(self, cells: CellReader, packer: Packer, *, whole: bool) -> None:
        self.whole = whole  # the part comes in one piece, so that its like may be met again
        self._reader = cells
        self._packer = packer
        self._parser = Parser()
        self._parser.handlers.StartElementHandler = self._start
        self._parser.handlers.EndElementHandler = self._end
        self._pieces: list[str] = []
        self._parser.handlers.CharacterDataHandler = self._pieces.append
        self._local = LocalNames(MAIN)
        self._depth = self._rows_depth = 0
        self.number = 0  # of the row read last
        self._hidden = self._phonetic = False
        self._cells: tuple[list[int], list[int], list[str]] = ([], [], [])
        self._column = 0
        self._attributes: dict[str, str] = {}
        self._formula: str | None = None
        self._value: str | None = None
        self._shared_formula: str | None = None
        self._shared_formulas: dict[str, str] = {}
        self.margins = _Margins([], [])
        self.took_block = False  # a block of rows was not for expat
        self.saw_rows = False

    @property
    def in_rows(self) -> bool:
        """Whether the next thing may be a row."""
        return self._depth == self._rows_depth > 0

    @property
    def utf8(self) -> bool:
        """Whether the part is written in UTF-8."""
        return self._parser.encoding.lower() == "utf-8"

    def parse(self, data: bytes, *, last: bool = False) -> None:
        """Take the next piece of the part."""
        self._parser.feed(data, last=last)
        if len(self._pieces) > _PIECES:
            raise too_large("一个单元格的文字过长")

    def close(self) -> None:
        """Let go of the parser."""
        self._parser.close()

    def pass_over(self, lines: int) -> None:
        """Take note of the line ends of a row read elsewhere: damage behind it is told with its line."""
        if lines:
            self.parse(b"\n" * lines)
            self._pieces.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > limits.XML_DEPTH:
            raise too_deep()
        element = self._local[name]
        if element in _TEXT_BEGINS or not self._rows_depth:
            self._pieces.clear()
        if element == "c":
            self._attributes = attributes
            self._formula = self._value = None
        elif element == "f":
            self._shared_formula = attributes.get("si") if attributes.get("t") == "shared" else None
        elif element == "row":
            self.saw_rows = True
            number = attributes.get("r", str(self.number + 1))
            self.number = int(number) if number.isdecimal() and len(number) < 9 else 0
            self._hidden = attributes.get("hidden") in TRUE
            self._column = 0
        elif element == "sheetData":
            self._rows_depth = self._depth
        elif element not in _TEXT_BEGINS:
            self._around_rows(element, attributes)

    def _around_rows(self, element: str, attributes: dict[str, str]) -> None:
        if element == "mergeCell":
            merge = _rectangle(attributes.get("ref", ""))
            self.margins.merges.append(merge)
            self._packer.merge(merge)
        elif element == "col" and attributes.get("hidden") in TRUE:
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal() and len(first + last) < 12:
                self.margins.hidden.append((int(first), int(last)))
                self._packer.hide_columns(int(first), int(last))
        elif element == "rPh":
            self._phonetic = True

    def _end(self, name: str) -> None:
        self._depth -= 1
        element = self._local[name]
        if element == "v":
            self._value = "".join(self._pieces)
        elif element == "c":
            self._cell()
        elif element == "t":
            if not self._phonetic:
                self._value = (self._value or "") + "".join(self._pieces)
        elif element == "f":
            self._formula = "".join(self._pieces)
            if self._shared_formula is not None:
                self._formula = self._formula or self._shared_formulas.get(self._shared_formula, "")
                self._shared_formulas[self._shared_formula] = self._formula
        elif element == "row":
            self._packer.row(self.number, self._cells, hidden=self._hidden)
            self._cells = ([], [], [])
        elif element == "rPh":
            self._phonetic = False
        elif element == "sheetData":
            self._rows_depth = 0

    def _cell(self) -> None:
        ref = self._attributes.get("r")
        self._column = self._column + 1 if ref is None else self._column_in_row(ref)
        if self._column > COLUMNS_OF_EXCEL:
            raise damaged(f"第 {self.number} 行的单元格过多")
        if PICTURE_CALL in (self._formula or ""):
            self._packer.picture()
            return
        try:
            found = self._reader.read(self._reader.recipe(self._attributes), self._formula, self._value)
        except Odd as odd:
            place = reference(self.number, self._column)
            self._packer.problem(DAMAGED, place, (self._value or "")[:100], why=f"{place} {odd}")
            return
        if found:
            self._cells[0].append(self._column)
            self._cells[1].append(found[0])
            self._cells[2].append(found[1])

    def _column_in_row(self, ref: str) -> int:
        letters = ref.rstrip(_DIGITS)
        if ref[len(letters) :] != str(self.number) or not _CORNER.fullmatch(ref):
            raise damaged(f"单元格地址 {ref[:20]} 与第 {self.number} 行不符")
        return column(letters)


@lru_cache(maxsize=256)  # every month's report has the same ones
def _rectangle(text: str) -> Merge:
    corners = [_CORNER.fullmatch(corner) for corner in text.split(":")]
    rows = sorted(int(corner[2]) for corner in corners if corner)
    across = sorted(column(corner[1]) for corner in corners if corner)
    if len(rows) != len(corners) or len(rows) > 2 or not rows[0]:
        raise damaged(f"合并区域 {text[:40]} 无法识别")
    return rows[0], across[0], rows[-1], across[-1]
