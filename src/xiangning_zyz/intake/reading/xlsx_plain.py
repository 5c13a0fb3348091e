"""Rows of a worksheet in the spellings that spreadsheet programs write, read without an XML parser.

A row is cut at its cells, and what follows a cell's address (` s="5" t="n"><v>0.9</v></c>`) is looked
up among what was met before: a report says the same words and the same zeros again and again. Only
what is new is matched against one strict pattern, which knows how Excel, WPS, LibreOffice, openpyxl,
XlsxWriter and Apache POI spell attributes, empty elements and characters. A row with anything else in
it goes to expat as it stands. Both ways meet in `CellReader`, and tests read rows of all kinds both ways.

Format: ECMA-376 part 1, 18.3.1.73 (row), 18.3.1.4 (c), 18.3.1.40 (f), 18.3.1.53 (is); XML 1.0, 2.2
(characters) and 4.1 (references).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from math import isfinite

from xiangning_zyz.intake.reading.formats import Style, plain
from xiangning_zyz.intake.reading.packing import Packer
from xiangning_zyz.intake.reading.xlsx_cells import TRUE, CellReader, Odd, Recipe

COLUMNS_OF_EXCEL = 16_384
# A picture in a cell, as WPS keeps it: a formula whose cached text is the call itself.
PICTURE_CALL = "DISPIMG("

_SPACE = r"[ \t\r\n]"
_PRESERVE = r'(?: xml:space="preserve")?'
_TEXT = r"([^<>]*)"
_NO_XML = "\0-\x08\x0b-\x1f\ufffe\uffff"  # and CR, which XML makes a line feed

_ROW_ATTRIBUTES = rf'(?: [\w:.]+="[^"<>&{_NO_XML}]*")*'
_ROW = re.compile(
    rf'{_SPACE}*(?:<row{_ROW_ATTRIBUTES}/>{_SPACE}*)*<row r="([1-9][0-9]{{0,6}})"({_ROW_ATTRIBUTES})>{_SPACE}*',
    re.ASCII,
)
_ATTRIBUTE = re.compile(r' ([\w:.]+)="([^"]*)"')
_CELL_ATTRIBUTES = re.compile(r'(?: (?:s|t|cm|vm|ph)="[a-zA-Z0-9]*")* ?')
_SPELLED = "([^<>/]*)"  # attributes, which `_CELL_ATTRIBUTES` looks at once for all cells that spell them so
# A number in its shortest spelling, with at most 15 digits, is what Excel shows; other spellings have to be
# calculated. Nothing here that Python alone takes for a number (`1_000`, `nan`).
_NUMBER_CELL = re.compile(
    rf"{_SPELLED}><v>(?:((?:0|-?[1-9][0-9]{{0,8}})(?:\.[0-9]{{0,5}}[1-9])?)"
    rf"|(-?[0-9]{{1,100}}(?:\.[0-9]{{1,100}})?(?:E[-+]?[0-9]{{1,3}})?))</v></c>{_SPACE}{{0,100}}"
)
_CELL = re.compile(
    rf"{_SPELLED}(?:/>|>"
    r'(?:<f(?: t="(?:array|normal)")?(?: ref="[A-Z0-9:]*")?(?: aca="[a-z01]*")?(?: ca="[a-z01]*")?'
    rf"{_PRESERVE}>([^<>]+)</f>)?"
    rf"(?:<v{_PRESERVE}(?: ?/>|>{_TEXT}</v>)|<is><t{_PRESERVE}(?: ?/>|>{_TEXT}</t>)</is>)?"
    rf"</c>){_SPACE}{{0,100}}"
)
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ANY_NO_XML = re.compile(f"[{_NO_XML}]")

_REMEMBERED = 4_096  # cells
_LONGEST_REMEMBERED = 300  # characters of one


class _NotPlainError(Exception):
    """The spelling is none of those known here."""


class PlainRows:
    """Reads the plain rows of one worksheet and hands them to the packer."""

    def __init__(self, cells: CellReader, packer: Packer) -> None:
        self._cells = _Cells(cells)
        self._packer = packer
        self._hidden: dict[str, bool] = {}

    def read(self, row: str, after: int) -> int:
        """Send one row, given without its end tag; its number, or 0, and nothing done, if it is not plain.

        Rows that do not come *after* the one before are not plain either: expat's way says what is wrong.
        """
        start, *pieces = row.split('<c r="')
        begin = _ROW.fullmatch(start)
        if begin is None:
            return 0
        spelled, attributes = begin.groups()
        number = int(spelled)
        if number <= after:
            return 0
        address_end = spelled + '"'
        parts = [piece.partition(address_end) for piece in pieces]
        try:
            hidden = self._is_hidden(attributes)
            columns: Sequence[int] = [_COLUMNS[letters] for letters, _, _ in parts]
            cells = [self._cells[spelling] for _, _, spelling in parts]
        except (_NotPlainError, Odd):
            return 0
        if not all(cells):
            columns = list(compress(columns, cells))
            cells = list(filter(None, cells))
        if columns:
            looks, texts = zip(*cells, strict=True)
            self._packer.row(number, (columns, looks, texts), hidden=hidden)
        return number

    def _is_hidden(self, attributes: str) -> bool:
        """Whether a row with these attributes is hidden."""
        if attributes not in self._hidden:
            if len(self._hidden) >= _REMEMBERED:
                self._hidden.clear()
            named = _attributes(attributes)
            if "r" in named or "xmlns" in attributes:
                raise _NotPlainError
            self._hidden[attributes] = named.get("hidden") in TRUE
        return self._hidden[attributes]


class _Cells(dict[str, tuple[int, str] | None]):
    """(look, text) of cells by all that is written behind their address; None for empty cells."""

    def __init__(self, reader: CellReader) -> None:
        super().__init__()
        self._reader = reader
        self._strings = reader.strings
        self._recipes = _Recipes(reader)

    def __missing__(self, spelled: str) -> tuple[int, str] | None:
        match = _NUMBER_CELL.fullmatch(spelled)
        cell = (match and self._number(*match.groups())) or self._any(spelled)
        if len(self) < _REMEMBERED and len(spelled) <= _LONGEST_REMEMBERED:
            self[spelled] = cell
        return cell

    def _number(self, attributes: str, shortest: str | None, other: str | None) -> tuple[int, str] | None:
        """The cell of a common number or of a shared string, spelled one way or the other; None says nothing."""
        kind, style, look = self._recipes[attributes]
        if kind == "n" and look >= 0:
            if shortest and style.kind == "number":
                return look, shortest
            return _calculated(look, style, float(shortest or other or ""))
        if kind == "s" and shortest and shortest.isdecimal():
            number, strings = int(shortest), self._strings
            return (look, strings[number]) if number < len(strings) and strings[number] else None
        return None

    def _any(self, spelled: str) -> tuple[int, str] | None:
        parsed = _parsed if len(spelled) <= _LONGEST_REMEMBERED else _parsed.__wrapped__
        attributes, formula, value = parsed(spelled)
        return self._reader.read(self._recipes[attributes], formula, value)


@lru_cache(maxsize=2048)  # over many files: the words of a sender's reports are the same every month
def _parsed(spelled: str) -> tuple[str, str | None, str | None]:
    """(attributes, formula, value) of a cell."""
    match = _CELL.fullmatch(spelled)
    if match is None or not (spelled.isprintable() or _ANY_NO_XML.search(spelled) is None):
        raise _NotPlainError
    attributes, formula, value, inline = match.groups()
    if value is None:
        value = inline
    if value is None and ("<v" in spelled or "<t" in spelled):  # an empty one, in its short spelling
        value = ""
    if "&" in spelled:
        formula = formula and _REFERENCE.sub(_referred, formula)
        value = value and _REFERENCE.sub(_referred, value)
    if formula and PICTURE_CALL in formula:
        raise _NotPlainError
    return attributes, formula, value


class _Recipes(dict[str, Recipe]):
    """Recipes by the attributes of a cell as they are spelled."""

    def __init__(self, reader: CellReader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, spelled: str) -> Recipe:
        if not _CELL_ATTRIBUTES.fullmatch(spelled):
            raise _NotPlainError
        recipe = self._reader.recipe(_attributes(spelled))
        if len(self) >= _REMEMBERED:
            self.clear()
        self[spelled] = recipe
        return recipe


def _attributes(spelled: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(spelled)
    attributes = dict(found)
    if len(attributes) != len(found):
        raise _NotPlainError
    return attributes


def _calculated(look: int, style: Style, number: float) -> tuple[int, str] | None:
    """The cell of a number shown as it stands or as a per cent; None where it is not finite."""
    if not isfinite(number):
        return None
    return look, plain(number) if style.kind == "number" else plain(number, 2) + "%"


def _referred(reference: re.Match[str]) -> str:
    """The character that a reference names; expat is to refuse those that name none."""
    decimal, hexadecimal, name = reference.groups()
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        if code in (0x09, 0x0A, 0x0D) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0xFFFF < code < 0x110000:
            return chr(code)
    elif name in _NAMED:
        return _NAMED[name]
    raise _NotPlainError


class _Columns(dict[str, int]):
    """Column numbers by their letters."""

    def __missing__(self, letters: str) -> int:
        number = column(letters) if len(letters) < 4 and letters.isascii() and letters.isupper() else 0
        if not (letters.isalpha() and 0 < number <= COLUMNS_OF_EXCEL):
            raise _NotPlainError
        self[letters] = number
        return number


_COLUMNS = _Columns()


def column(letters: str) -> int:
    """The number of a column by its letters, large or small: `AB` → 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
