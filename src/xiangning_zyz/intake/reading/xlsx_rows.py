"""The rows of one worksheet part, streamed, and what stands around them.

expat reads the part. Rows in the plain spelling that Excel, WPS and all common writers use are
taken out of its way and read by one strict pattern, in half the time; a row that differs by a
single byte (an entity, a comment, a prefix, a rich string) goes to expat as it stands. Both ways
meet in `CellReader`, and a test reads rows of all kinds both ways.

Format: ECMA-376 part 1, 18.3.1.73 (row), 18.3.1.40 (f), 18.3.1.53 (is).
"""

import re
from collections.abc import Iterable
from itertools import compress, count

from xiangning_zyz.intake.grid import reference
from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.formats import plain
from xiangning_zyz.intake.reading.markup import MAIN, LocalNames, Parser, too_deep
from xiangning_zyz.intake.reading.packing import Merge, Packer, Row
from xiangning_zyz.intake.reading.refusal import damaged, too_large
from xiangning_zyz.intake.reading.texts import unescaped
from xiangning_zyz.intake.reading.xlsx_cells import TRUE, CellReader, Odd, Recipe
from xiangning_zyz.problem import DAMAGED

_DIGITS = "0123456789"
_CORNER = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
# WPS keeps a picture in a cell as a formula whose cached text is the call itself.
_PICTURE_CALL = "DISPIMG("
_COLUMNS_OF_EXCEL = 16_384
_PIECES = 64  # of 8 KiB each: more text than a cell may hold

_ROWS_BEGIN, _ROWS_END, _ROW_END = b"<sheetData>", b"</sheetData", b"</row>"
_ROW = re.compile(
    r'\s*(?:<row(?: [\w:.]+="[^"<>]*")*/>\s*)*<row r="([1-9][0-9]{0,6})"((?: [\w:.]+="[^"<>]*")*)>', re.ASCII
)
_ATTRIBUTE = re.compile(r' ([\w:.]+)="([^"]*)"')
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]+)"((?: s="[0-9]+")?(?: t="[a-zA-Z]+")?)(?:/>|>(?:<f>([^<>]+)</f>)?'
    r'(?:<v>([^<>]*)</v>|<is><t(?: xml:space="preserve")?>([^<>]*)</t></is>)</c>)|(.+)',
    re.DOTALL,
)
# Controls are no XML, entities need resolving, `!` and `?` begin markup that may hide rows, and
# Python takes `1_000` for a number.
_NOT_PLAIN = bytes([*range(0x09), *range(0x0B, 0x20)]) + b"&!?_"
_LONGEST_ROW = 4 << 20
_SHAPES = 256
_BLANK = ("", "", "", "")  # neither formula nor value nor anything unexpected: a styled empty cell


def read_rows(chunks: Iterable[bytes], cells: CellReader, packer: Packer) -> None:
    """Send the rows, merges and hidden parts of a worksheet to the packer, whose sheet has begun."""
    sheet = _Sheet(cells, packer)
    plain_rows = _PlainRows(cells, packer)
    waiting: bytes | None = b""  # None once all goes to expat
    for data in chunks:
        if waiting is None:
            sheet.parse(data)
        else:
            waiting = _take(waiting + data, sheet, plain_rows)
    sheet.parse(waiting or b"", last=True)


def _take(data: bytes, sheet: "_Sheet", plain_rows: "_PlainRows") -> bytes | None:
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
    block = data[:end]
    all_plain = _plain(block)
    if not all_plain and (b"<!" in block or b"<?" in block):
        sheet.parse(data)
        return None
    for piece in block.split(_ROW_END):
        if not (sheet.in_rows and (all_plain or _plain(piece)) and plain_rows.read(piece, sheet)):
            sheet.parse(piece + _ROW_END)
    return data[end + len(_ROW_END) :]


def _plain(data: bytes) -> bool:
    """Whether *data* has none of the signs that keep a row from being read by its pattern."""
    return len(data.translate(None, _NOT_PLAIN)) == len(data)


class _Shape:
    """What rows with the same columns and styles have in common, if all their cells are simple."""

    def __init__(self, columns: list[int], recipes: list[Recipe]) -> None:
        self.columns = columns
        self.looks = [recipe.look for recipe in recipes]
        self.shared = [recipe.type == "s" for recipe in recipes]
        self.inline = [recipe.type == "inlineStr" for recipe in recipes]
        self.numbers = [recipe.type == "n" and recipe.style.kind == "number" for recipe in recipes]
        self.percents = [recipe.type == "n" and recipe.style.kind == "percent" for recipe in recipes]
        kinds = (self.shared, self.inline, self.numbers, self.percents)
        by_kind = [at for kind in kinds for at in compress(count(), kind)]
        self.order = [by_kind.index(at) for at in range(len(recipes))]  # back from kind to column order


class _PlainRows:
    """Reads rows in the plain spelling."""

    def __init__(self, cells: CellReader, packer: Packer) -> None:
        self._reader = cells
        self._packer = packer
        self._recipes = _Recipes(cells)
        self._shapes: dict[tuple[tuple[str, ...], tuple[str, ...]], _Shape | None] = {}
        self._hidden: dict[str, bool | None] = {}

    def read(self, piece: bytes, sheet: "_Sheet") -> bool:
        """Send one row, given without its end tag; False, and nothing done, where its spelling is not plain."""
        if not (piece.isascii() or sheet.utf8):
            return False
        try:
            text = piece.decode()
            begin = _ROW.match(text)
            if begin is None:
                return False
            number, attributes = begin.groups()
            hidden = self._is_hidden(attributes)
            row = self._cells(number, text, begin.end())
        except (Odd, KeyError, ValueError):
            return False  # expat comes to the same place and says what is wrong with it
        if hidden is None or row is None or int(number) <= sheet.number:
            return False
        sheet.number = int(number)
        self._packer.row(sheet.number, row, hidden=hidden)
        return True

    def _cells(self, number: str, text: str, at: int) -> Row | None:
        """The cells of row *number* from *at* on; None where their spelling is not plain."""
        found = _CELL.findall(text, at)
        if not found:
            return [], [], []
        fields = list(zip(*found, strict=True))
        _, rows, _, _, values, _, unexpected = fields
        if any(unexpected) or rows.count(number) != len(rows):
            return None
        if "" in values:
            found = [cell for cell in found if cell[3:] != _BLANK]
            fields = list(zip(*found, strict=True))
        if not found:
            return [], [], []
        return self._alike(fields, ascii_only=text.isascii()) or self._one_by_one(found)

    def _is_hidden(self, spelled: str) -> bool | None:
        """Whether a row with these attributes is hidden; None if they are not plain."""
        if spelled not in self._hidden:
            found = _ATTRIBUTE.findall(spelled)
            attributes = dict(found)
            odd = len(found) != len(attributes) or "r" in attributes or "xmlns" in spelled
            self._hidden[spelled] = None if odd else attributes.get("hidden") in TRUE
        return self._hidden[spelled]

    def _alike(self, fields: list[tuple[str, ...]], *, ascii_only: bool) -> Row | None:
        """The row if its shape is simple: in a large table all rows share one, and need no look at each cell."""
        letters, _, attributes, formulas, values, inline, _ = fields
        shape = None if any(formulas) else self._shape(letters, attributes)
        if shape is None:
            return None
        numbers = [f"{float(value):.15g}" for value in compress(values, shape.numbers)]
        percents = [plain(float(value), 2) + "%" for value in compress(values, shape.percents)]
        shared = [self._reader.strings[value] for value in compress(values, shape.shared)]
        inlined = [unescaped(text) for text in compress(inline, shape.inline)]
        shown = " ".join(numbers + percents)
        # Exponents and infinities, and blanks that are no cells, need a closer look.
        if "e" in shown or "n" in shown or "-0" in numbers or "" in shared or "" in inlined:
            return None
        if not ascii_only and not "".join(values).isascii():  # Python takes full-width digits for a number
            return None
        by_kind = shared + inlined + numbers + percents
        return shape.columns, shape.looks, [by_kind[at] for at in shape.order]

    def _shape(self, letters: tuple[str, ...], attributes: tuple[str, ...]) -> _Shape | None:
        key = (letters, attributes)
        if key not in self._shapes:
            recipes = [self._recipes[spelled] for spelled in attributes]
            columns = [_COLUMNS[name] for name in letters]
            simple = all(recipe.look >= 0 for recipe in recipes)
            if len(self._shapes) > _SHAPES:
                self._shapes.clear()
            self._shapes[key] = _Shape(columns, recipes) if simple else None
        return self._shapes[key]

    def _one_by_one(self, found: list[tuple[str, ...]]) -> Row:
        columns: list[int] = []
        looks: list[int] = []
        texts: list[str] = []
        for letters, _, attributes, formula, value, inline, _ in found:
            cell = self._reader.read(self._recipes[attributes], formula or None, value or inline)
            if cell:
                columns.append(_COLUMNS[letters])
                looks.append(cell[0])
                texts.append(cell[1])
        return columns, looks, texts


class _Recipes(dict[str, Recipe]):
    """Recipes by the attributes of a cell as they are spelled."""

    def __init__(self, reader: CellReader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, spelled: str) -> Recipe:
        recipe = self[spelled] = self._reader.recipe(dict(_ATTRIBUTE.findall(spelled)))
        return recipe


class _Columns(dict[str, int]):
    """Column numbers by their letters."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        self[letters] = number
        return number


_COLUMNS = _Columns()


class _Sheet:
    """The worksheet as expat tells it: everything but plain rows."""

    def __init__(self, cells: CellReader, packer: Packer) -> None:
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

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > limits.XML_DEPTH:
            raise too_deep()
        element = self._local[name]
        if element == "c":
            self._attributes = attributes
            self._formula = self._value = None
        elif element in ("v", "t"):
            self._pieces.clear()
        elif element == "f":
            self._pieces.clear()
            self._shared_formula = attributes.get("si") if attributes.get("t") == "shared" else None
        elif element == "row":
            number = attributes.get("r", str(self.number + 1))
            self.number = int(number) if number.isdecimal() and len(number) < 9 else 0
            self._hidden = attributes.get("hidden") in TRUE
            self._column = 0
        elif element == "sheetData":
            self._rows_depth = self._depth
        else:
            self._around_rows(element, attributes)

    def _around_rows(self, element: str, attributes: dict[str, str]) -> None:
        if element == "mergeCell":
            self._packer.merge(_rectangle(attributes.get("ref", "")))
        elif element == "col" and attributes.get("hidden") in TRUE:
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal() and len(first + last) < 12:
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
        if self._column > _COLUMNS_OF_EXCEL:
            raise damaged(f"第 {self.number} 行的单元格过多")
        if _PICTURE_CALL in (self._formula or ""):
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
        return _COLUMNS[letters]


def _rectangle(text: str) -> Merge:
    corners = [_CORNER.fullmatch(corner) for corner in text.split(":")]
    rows = sorted(int(corner[2]) for corner in corners if corner)
    across = sorted(_COLUMNS[corner[1]] for corner in corners if corner)
    if len(rows) != len(corners) or len(rows) > 2 or not rows[0]:
        raise damaged(f"合并区域 {text[:40]} 无法识别")
    return rows[0], across[0], rows[-1], across[-1]
