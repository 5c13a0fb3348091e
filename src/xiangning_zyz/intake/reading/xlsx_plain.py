"""Rows of a worksheet in the spellings that spreadsheet programs write, read without an XML parser.

The rows of a table differ in their numbers and words and in nothing else. So a row is cut into its texts and
the skeleton around them, in which a NUL, which no XML may hold, stands for each text and for the row's number:

    <row r="·"><c r="A·" s="5"><v>·</v></c><c r="B·" t="inlineStr"><is><t>·</t></is></c>

A skeleton is matched once against strict patterns, which know how Excel, WPS, LibreOffice, openpyxl, XlsxWriter
and Apache POI spell attributes and empty elements. What it says is remembered, and of all rows like it only the
texts are looked at. A row with anything else in it goes to expat as it stands. Both ways meet in `CellReader`,
and tests read rows of all kinds both ways.

Format: ECMA-376 part 1, 18.3.1.73 (row), 18.3.1.4 (c), 18.3.1.40 (f), 18.3.1.53 (is); XML 1.0, 2.2
(characters) and 4.1 (references).
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from xiangning_zyz.intake.reading.formats import Style, StyleKind, shown
from xiangning_zyz.intake.reading.packing import Packer, Row, Shape
from xiangning_zyz.intake.reading.texts import unescaped
from xiangning_zyz.intake.reading.xlsx_cells import NUMBERS, TRUE, CellReader, Odd, Recipe, StyleTable, finite

COLUMNS_OF_EXCEL = 16_384
# A picture in a cell, as WPS keeps it: a formula whose cached text is the call itself.
PICTURE_CALL = "DISPIMG("

_MARK = "\0"
_ADDRESS_END = _MARK + '"'
_ROW_ENDS = "</row>"
# A `>` in an attribute cuts that in two, which no pattern below takes; one in a text is left to expat (`]]>`).
_TEXT = re.compile(">([^<]+)<")
_TEXT_MARK = f">{_MARK}<"

_BLANKS = " \t\r\n"
_BLANK = rf"(?:{_MARK}|[{_BLANKS}]*)"  # between elements: a text like any other, but outside of the row's own tags
_PRESERVE = r'(?: xml:space="preserve")?'
_NO_XML = "\0-\x08\x0b-\x1f\ufffe\uffff"  # and CR, which XML makes a line feed

_ROW_ATTRIBUTES = rf'(?: [\w:.]+="[^"<>&{_NO_XML}]*")*'
_ROW = re.compile(
    rf"[{_BLANKS}]*(?:<row{_ROW_ATTRIBUTES}/>{_BLANK})*"
    rf'<row r="([1-9][0-9]{{0,6}}|{_MARK})"({_ROW_ATTRIBUTES})>{_BLANK}',
    re.ASCII,
)
_ATTRIBUTE = re.compile(r' ([\w:.]+)="([^"]*)"')
_CELL_ATTRIBUTES = re.compile(r'(?: (?:s|t|cm|vm|ph)="[a-zA-Z0-9]*")* ?')
_CELL = re.compile(
    rf"([A-Z]{{1,3}}){_ADDRESS_END}([^<>/{_MARK}]*)(?:/>|>"
    r'(?:<f(?: t="(?:array|normal)")?(?: ref="[A-Z0-9:]*")?(?: aca="[a-z01]*")?(?: ca="[a-z01]*")?'
    rf"{_PRESERVE}>({_MARK})</f>)?"
    rf"(<v{_PRESERVE}(?: ?/>|>{_MARK}?</v>)|<is><t{_PRESERVE}(?: ?/>|>{_MARK}?</t>)</is>)?"
    rf"</c>){_BLANK}"
)
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ANY_NO_XML = re.compile(f"[{_NO_XML}]")

# A number in its shortest spelling, with at most 15 digits, is what Excel shows; other spellings have to be
# calculated. Nothing here that Python alone takes for a number (`1_000`, `nan`).
_SHORTEST = r"(?:0|-?[1-9][0-9]{0,8}|-0(?=\.))(?:\.[0-9]{0,5}[1-9])?"
_SHORTEST_ONES = re.compile(rf"(?:{_SHORTEST}<)*+")  # no text holds a `<`

_REMEMBERED = 4_096  # texts, and spellings of cells
_LONGEST_REMEMBERED = 300  # characters of one
_SKELETONS_REMEMBERED = 1 << 17  # characters of all of them, under one table of styles

# What the one text of a cell is: a plain number, the number of a shared string, or another value that always has the
# same look. `any`: the cell has several texts, or its value decides; `nothing`: it has none.
_Role = Literal["number", "shared", "other", "any", "nothing"]


class _NotPlainError(Exception):
    """The spelling is none of those known here."""


class _Spelled(NamedTuple):
    """What a skeleton says of one cell, in whatever workbook."""

    column: int
    attributes: str
    formula: bool
    value: str | None  # the mark that stands for it, or the empty string
    texts: int  # how many of the row's are its own: formula, value, and what stands between it and the next


class _Cell(NamedTuple):
    """How such a cell is read under one table of styles."""

    spelled: _Spelled
    recipe: Recipe
    role: _Role


class _Plan(NamedTuple):
    """How rows of one skeleton are read. Texts go by their places among those of the row."""

    hidden: bool
    numbers: tuple[int, ...]  # plain ones, which mostly stay as they are spelled
    shared: tuple[int, ...]
    others: tuple[tuple[int, "_Texts"], ...]  # with what such texts come to
    shape: Shape | None  # if these texts are all there is to the cells
    cells: tuple[tuple[int, _Cell], ...]  # with the place of its first text, those that have none left out
    before: int  # texts in front of the first cell


class _Block(NamedTuple):
    """How rows that follow one another are read, by the skeleton of all of them. Texts go by their places in all."""

    rows: tuple[tuple[int, _Plan, int, int], ...]  # number, plan, where its texts begin and end
    numbers: tuple[int, ...]
    shared: tuple[int, ...]
    others: tuple[tuple[int, "_Texts"], ...]


class Plans:
    """How rows are read under one table of styles, by their skeletons. Kept with that for many workbooks."""

    def __init__(self, styles: StyleTable) -> None:
        self.styles = styles
        self._cells = _Cells(styles)
        self._plans: dict[str, _Plan] = {}
        self._size = 0  # characters of the skeletons
        self._blocks: dict[str, _Block] = {}
        self._size_of_blocks = 0

    def block(self, skeleton: str) -> _Block | None:
        """How a block of that skeleton is read, if one was met before."""
        return self._blocks.get(skeleton)

    def remember(self, skeleton: str, block: _Block) -> None:
        """Know the next block of that skeleton."""
        self._size_of_blocks += len(skeleton)
        if self._size_of_blocks > _SKELETONS_REMEMBERED:
            self._blocks.clear()
            self._size_of_blocks = len(skeleton)
        if len(skeleton) <= _SKELETONS_REMEMBERED:
            self._blocks[skeleton] = block

    def plan(self, skeleton: str) -> _Plan:
        """The plan for rows of that skeleton; `_NotPlainError` if there can be none."""
        plan = self._plans.get(skeleton)
        if plan is None:
            plan = self._made(skeleton)
            self._remember(skeleton, plan)
        return plan

    def _remember(self, skeleton: str, plan: _Plan) -> None:
        self._size += len(skeleton)
        if self._size > _SKELETONS_REMEMBERED:
            self._plans.clear()
            self._size = len(skeleton)
        if len(skeleton) <= _SKELETONS_REMEMBERED:
            self._plans[skeleton] = plan

    def _made(self, skeleton: str) -> _Plan:
        start, *pieces = skeleton.split('<c r="')
        hidden, before = _start(start) if len(start) <= _LONGEST_REMEMBERED else _start.__wrapped__(start)
        places: dict[_Role, list[int]] = {"number": [], "shared": [], "other": [], "any": []}
        others = []
        cells = []
        at = before
        for cell in map(self._cells.__getitem__, pieces):
            if cell.spelled.texts:
                cells.append((at, cell))
                places[cell.role].append(at)
                if cell.role == "other":
                    others.append((at, _meanings(cell.recipe)))
                at += cell.spelled.texts
        shape = tuple([cell.spelled.column for _, cell in cells]), tuple([cell.recipe.look for _, cell in cells])
        return _Plan(
            hidden=hidden,
            numbers=tuple(places["number"]),
            shared=tuple(places["shared"]),
            others=tuple(others),
            shape=None if before or places["any"] else shape,
            cells=tuple(cells),
            before=before,
        )


class PlainRows:
    """Reads the plain rows of one workbook and hands them to the packer."""

    def __init__(self, plans: Plans, cells: CellReader, packer: Packer) -> None:
        self._plans = plans
        self._reader = cells
        self._packer = packer
        self._shared = _Texts(cells.shared)
        self._met: dict[tuple[str, str], tuple[int, str] | None] = {}  # dates and the like, by attributes and value

    def read(self, row: str, after: int) -> int:
        """Send one row, given without its end tag; its number, or 0, and nothing done, if it is not plain.

        Rows that do not come *after* the one before are not plain either: expat's way says what is wrong.
        """
        if _MARK in row:
            return 0
        pieces = _TEXT.split(row)
        try:
            number, plan = self._numbered(_TEXT_MARK.join(pieces[::2]), after)
            cells = self._cells(plan, pieces[1::2])
        except (_NotPlainError, Odd):
            return 0
        self._packer.row(number, cells, hidden=plan.hidden)
        return number

    def read_block(self, rows: str, after: int) -> int:
        """Send whole rows as such a block was read before; the last one's number, or 0, and nothing done.

        A department's sheets have one skeleton month after month, so that no row is looked at by itself.
        """
        pieces = _TEXT.split(rows)
        block = self._plans.block(_TEXT_MARK.join(pieces[::2]))
        if block is None or block.rows[0][0] <= after or _MARK in rows:
            return 0
        texts = pieces[1::2]
        try:
            self._understand(block, texts)
            read = [(number, plan, self._laid(plan, texts[begin:end])) for number, plan, begin, end in block.rows]
        except (_NotPlainError, Odd):
            return 0
        for number, plan, cells in read:
            self._packer.row(number, cells, hidden=plan.hidden)
        return block.rows[-1][0]

    def learn_block(self, rows: str, after: int) -> None:
        """Remember how to read rows like these, which have been read one by one."""
        numbers: list[int] = []
        shared: list[int] = []
        others: list[tuple[int, _Texts]] = []
        plans = []
        begin = 0
        for row in rows.split(_ROW_ENDS)[:-1]:
            pieces = _TEXT.split(row)
            after, plan = self._numbered(_TEXT_MARK.join(pieces[::2]), after)
            numbers += [begin + at for at in plan.numbers]
            shared += [begin + at for at in plan.shared]
            others += [(begin + at, meanings) for at, meanings in plan.others]
            end = begin + len(pieces) // 2
            plans.append((after, plan, begin, end))
            begin = end
        pieces = _TEXT.split(rows)
        if begin == len(pieces) // 2:  # no blanks between rows
            block = _Block(tuple(plans), tuple(numbers), tuple(shared), tuple(others))
            self._plans.remember(_TEXT_MARK.join(pieces[::2]), block)

    def _numbered(self, row: str, after: int) -> tuple[int, _Plan]:
        """The number and the plan of a row, given its skeleton with the number still in it."""
        # Nearly always the row is the next one, and its number ends nothing but its addresses.
        skeleton = row.replace(f'{after + 1}"', _ADDRESS_END)
        try:
            return after + 1, self._plans.plan(skeleton)
        except _NotPlainError:
            number, marked = _marked(row)
            if number <= after or marked == skeleton:
                raise
        return number, self._plans.plan(marked)

    def _cells(self, plan: _Plan, texts: list[str]) -> Row:
        """The cells of a row of that plan; *texts* become what the cells hold."""
        self._understand(plan, texts)
        return self._laid(plan, texts)

    def _laid(self, plan: _Plan, texts: list[str]) -> Row:
        """The cells of a row of that plan, whose texts are understood."""
        if plan.shape and "" not in texts:
            return (*plan.shape, texts)
        return self._mixed(plan, texts)

    def _understand(self, plan: _Plan | _Block, texts: list[str]) -> None:
        """Make of texts what they mean, but for those of cells whose value decides."""
        if plan.numbers:
            for odd in _spelled_otherwise([texts[at] for at in plan.numbers]):
                at = plan.numbers[odd]
                texts[at] = _NUMBERS["number"][texts[at]]
        shared = self._shared
        for at in plan.shared:
            texts[at] = shared[texts[at]]
        for at, meanings in plan.others:
            texts[at] = meanings[texts[at]]

    def _mixed(self, plan: _Plan, texts: list[str]) -> Row:
        """The cells of a row that holds formulas, dates and the like, empty strings, or blanks between elements."""
        blanks = texts[: plan.before]
        columns, looks, found = [], [], []
        for at, (spelled, recipe, role) in plan.cells:
            if role == "any":
                own = texts[at : at + spelled.texts]
                look, text = self._any(spelled, recipe, own) or (-1, "")
                blanks += own
            else:
                look, text = recipe.look, texts[at]
            if text:
                columns.append(spelled.column)
                looks.append(look)
                found.append(text)
        if any(blank.strip(_BLANKS) for blank in blanks):
            raise _NotPlainError
        return columns, looks, found

    def _any(self, spelled: _Spelled, recipe: Recipe, own: list[str]) -> tuple[int, str] | None:
        """The cell of these texts, of which only blanks are left."""
        formula = _characters(own.pop(0)) if spelled.formula else None
        if formula and PICTURE_CALL in formula:
            raise _NotPlainError
        value = _characters(own.pop(0)) if spelled.value else spelled.value
        if formula or value is None or len(value) > _LONGEST_REMEMBERED:
            return self._reader.read(recipe, formula, value)
        key = spelled.attributes, value
        if key not in self._met:
            if len(self._met) >= _REMEMBERED:
                self._met.clear()
            self._met[key] = self._reader.read(recipe, None, value)
        return self._met[key]


def _spelled_otherwise(numbers: list[str]) -> Iterator[int]:
    """The places of those that are not in their shortest spelling; most are, and are passed over many at a time."""
    joined = "<".join([*numbers, ""])
    place = begin = 0
    while True:
        end = _SHORTEST_ONES.match(joined, begin).end()  # type: ignore[union-attr] # it takes no number at all, too
        if end == len(joined):
            return
        place += joined.count("<", begin, end)
        yield place
        place, begin = place + 1, joined.index("<", end) + 1


def _marked(row: str) -> tuple[int, str]:
    """The number and the skeleton of a row, marked address by address: a style or a height may end alike."""
    start, *cells = row.split('<c r="')
    begin = _ROW.fullmatch(start)
    if begin is None:
        raise _NotPlainError
    end = begin[1] + '"'
    start = start[: begin.start(1)] + _MARK + start[begin.end(1) :]
    return int(begin[1]), '<c r="'.join([start, *[cell.replace(end, _ADDRESS_END, 1) for cell in cells]])


class _Cells(dict[str, _Cell]):
    """How cells are read under one table of styles, by all that a skeleton says behind `<c r="`."""

    def __init__(self, styles: StyleTable) -> None:
        super().__init__()
        self._styles = styles

    def __missing__(self, piece: str) -> _Cell:
        short = len(piece) <= _LONGEST_REMEMBERED
        spelled = _spelled(piece) if short else _spelled.__wrapped__(piece)
        recipe = self._styles.recipe(_attributes(spelled.attributes))
        cell = _Cell(spelled, recipe, _role(spelled, recipe))
        if len(self) >= _REMEMBERED:
            self.clear()
        if short:
            self[piece] = cell
        return cell


@lru_cache(maxsize=_REMEMBERED)
def _spelled(piece: str) -> _Spelled:
    match = _CELL.fullmatch(piece)
    if match is None or not _CELL_ATTRIBUTES.fullmatch(match[2]):
        raise _NotPlainError
    letters, attributes, formula, value = match.groups()
    if column(letters) > COLUMNS_OF_EXCEL:
        raise _NotPlainError
    if value is not None:
        value = _MARK if _MARK in value else ""
    return _Spelled(column(letters), attributes, bool(formula), value, piece.count(_MARK) - 1)


def _role(spelled: _Spelled, recipe: Recipe) -> _Role:
    if not spelled.texts:
        return "nothing"
    if spelled.texts > 1 or not spelled.value or recipe.look < 0:
        return "any"
    if recipe.type == "s":
        return "shared"
    return "number" if recipe.type == "n" and recipe.style.kind == "number" else "other"


def _meanings(recipe: Recipe) -> "_Texts":
    return _NUMBERS[recipe.style.kind] if recipe.type == "n" else _WORDS


@lru_cache(maxsize=_REMEMBERED)
def _start(spelled: str) -> tuple[bool, int]:
    """Whether a row that begins so is hidden, and how many texts come before its first cell."""
    begin = _ROW.fullmatch(spelled)
    if begin is None or begin[1] != _MARK or "xmlns" in begin[2]:
        raise _NotPlainError
    named = _attributes(begin[2])
    if "r" in named:
        raise _NotPlainError
    return named.get("hidden") in TRUE, spelled.count(_MARK) - 1


class _Texts(dict[str, str]):
    """What texts come to, by the way they are spelled; `Odd` or not plain if to nothing."""

    def __init__(self, meaning: Callable[[str], str]) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, spelled: str) -> str:
        meaning = self._meaning(_characters(spelled))
        if len(self) >= _REMEMBERED:
            self.clear()
        if len(spelled) <= _LONGEST_REMEMBERED:
            self[spelled] = meaning
        return meaning


def _shown_number(kind: StyleKind) -> Callable[[str], str]:
    style = Style(kind)
    return lambda text: shown(finite(text), style, from_1904=False)[1]


# Over many files: the same words and the same zeros are said again and again.
_WORDS = _Texts(unescaped)
_NUMBERS = {kind: _Texts(_shown_number(kind)) for kind in NUMBERS}


def _attributes(spelled: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(spelled)
    attributes = dict(found)
    if len(attributes) != len(found):
        raise _NotPlainError
    return attributes


def _characters(spelled: str) -> str:
    """The text with its references resolved."""
    if ">" in spelled or not (spelled.isprintable() or _ANY_NO_XML.search(spelled) is None):
        raise _NotPlainError
    return _REFERENCE.sub(_referred, spelled) if "&" in spelled else spelled


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


def column(letters: str) -> int:
    """The number of a column by its letters, large or small: `AB` → 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
