"""YAML text → plain data with the place of every item; hostile or doubtful text is refused, not guessed.

One pass over the parser's events, with our own construction, because PyYAML's has four habits a
plan must not suffer: duplicate keys silently keep the last, `010`, `3:30`, `NO` and `1e5` change
their meaning, 12.50 loses its zero, and an alias bomb of 400 bytes grows without end. Here every
scalar stays the text that was written; numbers and dates are read from it by `model.py`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, NoReturn, cast

import yaml

from xiangning_zyz.intake.plan.fault import Fault
from xiangning_zyz.intake.plan.faults import (
    ALIAS,
    AMBIGUOUS,
    CONTROL,
    DUPLICATE_KEY,
    EMPTY,
    FULL_WIDTH_COLON,
    INDENT,
    NO_SPACE,
    NOT_A_KEY,
    NOT_UTF8,
    SEVERAL_DOCUMENTS,
    SYNTAX,
    TAG,
    TOO_DEEP,
    TOO_MANY_ITEMS,
    FaultKind,
    Place,
)

Tree = str | None | list["Tree"] | dict[str, "Tree"]  # None: written, but left empty
Path = tuple[str | int, ...]

DEEPEST = 16  # the plan's own shape needs six
MOST_ITEMS = 30_000  # a plan of 7,500 lines has 11,000

# The C parser is five times as fast; the other one is there where libyaml is not.
_Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What YAML forbids, and what no editor shows: line separators that only YAML counts as lines,
# zero-width and direction marks that make two different names look alike.
_INVISIBLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_WIDE_COLON = re.compile(r"[\s{,-]*([a-z][a-z_]*)\s*：")
_TIGHT_COLON = re.compile(r"[\s{,-]*([a-z][a-z_]*):(?=[^\s:/])")
_BAD_INDENT = re.compile(r"[ -]*[\t\u3000\xa0]\s*[^\s#]")

# How a YAML 1.1 reader takes a scalar without quotes, where that is not what a person reads.
_AMBIGUOUS = (
    (re.compile(r"yes|no|on|off|true|false", re.IGNORECASE), "真假值"),
    (re.compile(r"[-+]?0[0-9_]+"), "八进制数"),
    (re.compile(r"[-+]?0(?:x[0-9a-fA-F_]+|o[0-7]+|b[01_]+)"), "十六进制、八进制或二进制数"),
    (re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"), "六十进制数（时分秒）"),
    (re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?[eE][-+]?[0-9]+"), "科学记数"),
    (re.compile(r"[-+]?[0-9]+_[0-9_.]*"), "去掉下划线的数"),
    (re.compile(r"[-+]?\.inf|\.nan", re.IGNORECASE), "无穷大或非数"),
)
_AMBIGUOUS_STARTS = frozenset("+-.0123456789yYnNoOtTfF")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))

# The parser's English, both of libyaml and of PyYAML, in words a clerk can act on.
_WHY = (
    ("mapping values are not allowed", "此处多了一个冒号，含冒号的文字要加引号"),
    ("could not find expected ':'", "此行缺少半角冒号"),
    ("',' or ']'", "方括号没有写完整"),
    ("',' or '}'", "花括号没有写完整"),
    ("unexpected end of stream", "引号没有写完整"),
    ("unknown escape character", "双引号内的反斜杠写法不对"),
    ("cannot start any token", "文字以特殊符号开头，要加引号"),
    ("node content", "括号没有写完整"),
    ("alphabetic or numeric", "文字以 * 或 & 开头，要加引号"),
    ("expected key", "缩进与上文不一致"),
    ("expected <block end>", "缩进与上文不一致"),
    ("'-' indicator", "列表各项的缩进不一致"),
)
# Of what was opened and never closed, the opening is the place to look at.
_ENCLOSED = ("flow sequence", "flow mapping", "flow node", "quoted scalar")


class Document(NamedTuple):
    """One file as data, with the place of each key and each value."""

    file: str
    data: dict[str, Tree]
    keys: Mapping[Path, tuple[int, int]]  # (line, column) from 1
    values: Mapping[Path, tuple[int, int]]

    def key_place(self, path: Path) -> Place:
        """Where the key of *path* stands; that of the item holding it if the key is not there."""
        return Place(self.file, *self.keys[path]) if path in self.keys else self.place(path)

    def place(self, path: Path) -> Place:
        """Where the value at *path* starts, or the innermost item holding it that exists."""
        while path and path not in self.values:
            path = path[:-1]
        return Place(self.file, *self.values.get(path, (1, 1)))

    def each(self, pattern: str) -> Iterator[tuple[Path, Tree]]:
        """Every value at a path such as `indicators.*.tasks.*`; `*` is any key or position.

        Items of another shape than the pattern are passed over: they are faults of their own.
        """
        found: list[tuple[Path, Tree]] = [((), self.data)]
        for step in pattern.split("."):
            found = [((*path, key), value) for path, tree in found for key, value in _children(tree, step)]
        yield from found

    def texts(self, pattern: str) -> Iterator[tuple[Path, str]]:
        """As `each`, but only what is text."""
        return ((path, value) for path, value in self.each(pattern) if isinstance(value, str))

    def items(self, pattern: str) -> Iterator[tuple[Path, dict[str, Tree]]]:
        """As `each`, but only what has keys of its own."""
        return ((path, value) for path, value in self.each(pattern) if isinstance(value, dict))


def _children(tree: Tree, step: str) -> Iterator[tuple[str | int, Tree]]:
    if isinstance(tree, list) and step == "*":
        yield from enumerate(tree)
    elif isinstance(tree, dict):
        yield from ((key, value) for key, value in tree.items() if step in ("*", key))


def read_yaml(file: str, content: bytes, *, may_be_empty: bool = False) -> tuple[Document | None, list[Fault]]:
    """Read one file's bytes; no document where the text cannot be understood.

    Bounded in time and memory for any input: the text is scanned once, and reading stops at the
    first alias, at `DEEPEST` levels and at `MOST_ITEMS` items.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(file, content, error.start)]
    hidden = _INVISIBLE.search(text)
    if hidden:
        before = text[: hidden.start()]
        place = Place(file, before.count("\n") + 1, hidden.start() - before.rfind("\n"))
        return None, [CONTROL.at(place, found=f"{ord(hidden[0]):04X}")]
    lines = text.splitlines()
    composer = _Composer(file, lines, yaml.parse(text, _Loader))
    try:
        tree = composer.document()
    except _Refused as refused:
        return None, [*composer.faults, refused.fault]
    except yaml.MarkedYAMLError as error:
        return None, [*composer.faults, *_syntax(file, lines, error)]
    if tree is None and may_be_empty:
        tree = {}
    if isinstance(tree, dict):
        return Document(file, tree, composer.keys, composer.values), composer.faults
    return None, [_not_a_mapping(file, lines, tree, composer), *composer.faults]


class _Refused(Exception):
    """The text cannot be read on; not an error of the program."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class _Composer:
    """Builds data and places from the parser's events."""

    def __init__(self, file: str, lines: list[str], events: Iterator[yaml.Event]) -> None:
        self.file = file
        self.lines = lines
        self.events = events
        self.items = 0
        self.faults: list[Fault] = []
        self.keys: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}

    def document(self) -> Tree:
        """The one document of the file; None if there is none."""
        next(self.events)  # the stream begins
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        tree = self._node(next(self.events), ())
        next(self.events)  # the document ends
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._refuse(SEVERAL_DOCUMENTS, event)
        return tree

    def _node(self, event: yaml.Event, path: Path) -> Tree:
        self.items += 1
        self._admit(event, path)
        self.values[path] = _mark(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _admit(self, event: yaml.Event, path: Path) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(ALIAS, event, found=f"*{anchor}")
        if anchor is not None:
            self._refuse(ALIAS, event, found=f"&{anchor}")
        if tag is not None:
            self._refuse(TAG, event, found=tag.replace("tag:yaml.org,2002:", "!!"))
        if len(path) > DEEPEST:
            self._refuse(TOO_DEEP, event, limit=DEEPEST)
        if self.items > MOST_ITEMS:
            self._refuse(TOO_MANY_ITEMS, event, limit=MOST_ITEMS)

    def _sequence(self, path: Path) -> Tree:
        items: list[Tree] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> Tree:
        items: dict[str, Tree] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            self._admit(event, path)
            if not isinstance(event, yaml.ScalarEvent) or not event.value:
                self._refuse(NOT_A_KEY, event)
            key, rest = self._key(event)
            if key in items:
                first = self.keys[(*path, key)][0]
                self.faults.append(DUPLICATE_KEY.at(self._place(event), key=key, first=first))
                self._node(next(self.events), (*path, key, "…"))  # read over; the first one stands
                continue
            self.keys[(*path, key)] = _mark(event)
            value = self._node(next(self.events), (*path, key))
            items[key] = rest if value is None and rest else value
        return items

    def _key(self, event: yaml.ScalarEvent) -> tuple[str, str | None]:
        """The key's text, freed of what should not be in it: `id：x` is the key `id` and the value `x`."""
        key: str = event.value
        self._printable(event)
        if key != key.strip():
            self.faults.append(INDENT.at(self._place(event)))
            key = key.strip()
        wide = _WIDE_COLON.match(key) if _plain(event) else None
        if wide is None:
            return key, None
        self.faults.append(FULL_WIDTH_COLON.at(self._place(event), word=wide[1]))
        return wide[1], key[wide.end() :].strip()

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> str | None:
        text: str = event.value
        if not _plain(event):
            self._printable(event)
            return text
        if text in _NULL:
            return None
        doubtful = _AMBIGUOUS if text[0] in _AMBIGUOUS_STARTS else ()
        read_as = next((words for pattern, words in doubtful if pattern.fullmatch(text)), None)
        if read_as is not None:
            key = next((step for step in reversed(path) if isinstance(step, str)), "")
            self.faults.append(AMBIGUOUS.at(self._place(event), key=key, found=text, read_as=read_as))
        # A line with a wide or tight colon, indented too far, is swallowed by the scalar above it.
        first, last = event.start_mark, event.end_mark
        swallowed = self.lines[first.line + 1 : last.line + 1] if first and last else []
        for number, line in enumerate(swallowed, self.values[path][0] + 1):
            self.faults.extend(filter(None, [colon_fault(line, Place(self.file, number))]))
        return text

    def _printable(self, event: yaml.ScalarEvent) -> None:
        hidden = _INVISIBLE.search(event.value)  # written as an escape: "\\e"
        if hidden:
            self.faults.append(CONTROL.at(self._place(event), found=f"{ord(hidden[0]):04X}"))

    def _place(self, event: yaml.Event) -> Place:
        return Place(self.file, *_mark(event))

    def _refuse(self, kind: FaultKind, event: yaml.Event, **case: object) -> NoReturn:
        raise _Refused(kind.at(self._place(event), **case))


def _mark(event: yaml.Event) -> tuple[int, int]:
    start = cast("yaml.Mark", event.start_mark)  # parsers set both marks always
    return start.line + 1, start.column + 1


def _plain(event: yaml.ScalarEvent) -> bool:
    return not event.style  # neither quoted nor a block


def colon_fault(text: str, start: Place) -> Fault | None:
    """What is wrong with the colon of a line that begins at *start*, if that is what is wrong with it."""
    for pattern, kind in ((_WIDE_COLON, FULL_WIDTH_COLON), (_TIGHT_COLON, NO_SPACE)):
        match = pattern.match(text)
        if match:
            return kind.at(start._replace(column=start.column + match.start(1)), word=match[1])
    return None


def _syntax(file: str, lines: list[str], error: yaml.MarkedYAMLError) -> list[Fault]:
    """What broke the syntax; where it is a habit of the writer, such as `：`, on every line that has it."""
    mark = (error.context_mark if str(error.context).endswith(_ENCLOSED) else None) or error.problem_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if "nesting depth" in str(error.problem):  # libyaml's own limit, met while it looks ahead
        return [TOO_DEEP.at(Place(file, line + 1, column + 1), limit=DEEPEST)]
    first = max(0, line - 1)  # the parser often notices one line late
    if any(_habit(file, number, lines[number]) for number in range(first, min(line + 1, len(lines)))):
        habits = (_habit(file, number, written) for number, written in enumerate(lines))
        return [fault for fault in habits if fault is not None]
    why = next((words for english, words in _WHY if english in str(error.problem)), "此处不合 YAML 语法")
    return [SYNTAX.at(Place(file, line + 1, column + 1), why=why)]


def _habit(file: str, number: int, written: str) -> Fault | None:
    place = Place(file, number + 1)
    return colon_fault(written, place) or (INDENT.at(place) if _BAD_INDENT.match(written) else None)


def _not_utf8(file: str, content: bytes, start: int) -> Fault:
    line = content.count(b"\n", 0, start) + 1
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return NOT_UTF8.at(Place(file), hint="，而是 UTF-16")
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return NOT_UTF8.at(Place(file, line), hint="")
    return NOT_UTF8.at(Place(file, line), hint="，看来是 GBK")


def _not_a_mapping(file: str, lines: list[str], tree: Tree, composer: _Composer) -> Fault:
    if tree is None:
        return EMPTY.at(Place(file))
    place = Place(file, *composer.values[()])
    colon = colon_fault(lines[place.line - 1], place) if isinstance(tree, str) else None
    return colon or SYNTAX.at(place, why="开头应是“名称: 内容”的形式")
