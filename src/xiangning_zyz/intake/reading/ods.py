"""`.ods`: OpenDocument spreadsheets, as LibreOffice and WPS write them.

Format: OpenDocument 1.3 part 3, 9.1 (tables), 19.387 (office:value-type) and 6.1.2 (white space).
"""

import re
from collections.abc import Mapping

from xiangning_zyz.intake.grid import reference
from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.archive import Archive
from xiangning_zyz.intake.reading.markup import walk
from xiangning_zyz.intake.reading.ods_values import Odd, Value, value_of
from xiangning_zyz.intake.reading.packing import Packer
from xiangning_zyz.intake.reading.refusal import Refused, too_large
from xiangning_zyz.intake.reading.texts import bounded
from xiangning_zyz.problem import DAMAGED, NOTHING_TO_READ

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES = tuple(f"{_URN}{name}:1.0" for name in ("office", "table", "text", "drawing", "style"))
_TABLE, _TEXT, _STYLE = (f"{_URN}{name}:1.0 " for name in ("table", "text", "style"))
# Signs that XML cannot contain stand for white space that must survive collapsing.
_KEPT = str.maketrans("\0\1\2", " \t\n")
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")


def read(archive: Archive, packer: Packer) -> None:
    """Read all tables of the document into *packer*."""
    content = _Content(packer)
    walk(archive.chunks("content.xml"), content.start, content.end, content.text, _NAMESPACES)
    if not content.tables:
        raise Refused(NOTHING_TO_READ, why="文档中没有工作表")
    packer.finish("ods")


class _Content:
    """The document while it is being read."""

    def __init__(self, packer: Packer) -> None:
        self._packer = packer
        self.tables = 0
        self._depth = 0  # of tables: one inside a cell is not read
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._row = self._column = 0  # the last one passed
        self._row_repeats = 1
        self._row_hidden = False
        self._cells: list[tuple[int, int, Value]] = []  # first column, how many, what
        self._cell: Mapping[str, str] | None = None  # attributes of the cell being read
        self._aside = 0  # inside comments, whose paragraphs are not the cell's
        self._paragraph: list[str] | None = None
        self._paragraphs: list[str] = []
        self._length = 0

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        if element == "table":
            self._depth += 1
            if self._depth == 1:
                self._start_table(attributes)
        elif element == "style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif element == "table-properties":
            if attributes.get(f"{_TABLE}display") == "false":
                self._hidden_styles.add(self._style)
        elif element == "annotation":
            self._aside += 1
        elif self._depth == 1:
            self._start_in_table(element, attributes)

    def _start_table(self, attributes: dict[str, str]) -> None:
        self.tables += 1
        hidden = attributes.get(f"{_TABLE}style-name") in self._hidden_styles
        self._packer.begin_sheet(attributes.get(f"{_TABLE}name", ""), hidden=hidden)
        self._row = self._column = 0

    def _start_in_table(self, element: str, attributes: dict[str, str]) -> None:
        if element == "table-column":
            first = self._column + 1
            self._column += _count(attributes, f"{_TABLE}number-columns-repeated")
            if _is_hidden(attributes):
                self._packer.hide_columns(first, self._column)
        elif element == "table-row":
            self._row_repeats = _count(attributes, f"{_TABLE}number-rows-repeated")
            self._row_hidden = _is_hidden(attributes)
            self._column = 0
        elif element == "table-cell":
            self._cell = attributes
            self._paragraphs = []
            self._length = 0
        elif element == "covered-table-cell":
            self._column += _count(attributes, f"{_TABLE}number-columns-repeated")
        elif element == "image":
            self._packer.picture()
        elif self._cell is not None and not self._aside:
            self._start_in_cell(element, attributes)

    def _start_in_cell(self, element: str, attributes: dict[str, str]) -> None:
        if element == "p":
            self._paragraph = []
        elif element == "s":
            self.text("\0" * _count(attributes, f"{_TEXT}c"))
        elif element == "tab":
            self.text("\1")
        elif element == "line-break":
            self.text("\2")

    def text(self, piece: str) -> None:
        """Handle text; only paragraphs of cells have any."""
        if self._paragraph is not None:
            self._length += len(piece)
            if self._length > 4 * limits.CELL_CHARACTERS:
                raise too_large("一个单元格的文字过长")
            self._paragraph.append(piece)

    def end(self, element: str) -> None:
        """Handle the end of an element."""
        if element == "table":
            if self._depth == 1:
                self._packer.end_sheet()
            self._depth -= 1
        elif element == "annotation":
            self._aside -= 1
        elif element == "p" and self._paragraph is not None and not self._aside:
            collapsed = _WHITE_SPACE.sub(" ", "".join(self._paragraph)).strip(" ")
            self._paragraphs.append(collapsed.translate(_KEPT))
            self._paragraph = None
        elif element == "table-cell" and self._depth == 1:
            self._end_cell()
        elif element == "table-row" and self._depth == 1:
            self._end_row()

    def _end_cell(self) -> None:
        attributes, self._cell = self._cell or {}, None
        row, column = self._row + 1, self._column + 1
        repeats = _count(attributes, f"{_TABLE}number-columns-repeated")
        self._column += repeats
        down, across = (_count(attributes, f"{_TABLE}number-{way}-spanned") for way in ("rows", "columns"))
        self._packer.merge((row, column, row + down - 1, column + across - 1))
        try:
            value = value_of(attributes, bounded("\n".join(self._paragraphs)), blank=not self._paragraphs)
        except Odd as odd:
            ref = reference(row, column)
            self._packer.problem(DAMAGED, ref, why=f"{ref} {odd}")
            return
        if value:
            self._cells.append((column, repeats, value))

    def _end_row(self) -> None:
        cells, self._cells = self._cells, []
        first = self._row + 1
        self._row += self._row_repeats
        if not cells:
            return
        columns: list[int] = []
        looks: list[int] = []
        texts: list[str] = []
        for column, repeats, value in cells:
            # One cell beyond the limit is enough to have it noticed.
            places = range(column, min(column + repeats, max(column, limits.COLUMNS + 1) + 1))
            columns += places
            looks += [self._packer.looks.number(value.kind, value.style, formula=value.formula)] * len(places)
            texts += [value.text] * len(places)
        for number in range(first, min(self._row, max(first, limits.ROWS + 1)) + 1):
            self._packer.row(number, (columns, looks, texts), hidden=self._row_hidden)


def _count(attributes: Mapping[str, str], name: str) -> int:
    """A repetition; 1 where absent or senseless. Bounded: no sheet has more than 2^24 cells in a line."""
    text = attributes.get(name, "1")
    return min(max(int(text), 1), 1 << 24) if text.isdecimal() and len(text) < 10 else 1


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get(f"{_TABLE}visibility") in ("collapse", "filter")
