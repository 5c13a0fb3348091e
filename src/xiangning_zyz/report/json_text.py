"""JSON as `zyz` prints it: stable, readable, and harmless on a terminal."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from xiangning_zyz.report.visible import escaped_json

_PIECE = 1 << 16  # characters
_SIMPLE = frozenset((str, int, float, bool, type(None)))


def to_json(value: object) -> str:
    """*value* (dicts, lists, strings, numbers, null) as two-space-indented JSON with a final newline."""
    return "".join(json_pieces(value))


def json_pieces(value: object) -> Iterator[str]:
    """The same text little by little. A list may also be an iterator, gone through as it is written."""
    waiting: list[str] = []
    size = 0
    for token in _tokens(value, "\n"):
        waiting.append(token)
        size += len(token)
        if size > _PIECE:
            yield escaped_json("".join(waiting))
            waiting, size = [], 0
    yield escaped_json("".join(waiting)) + "\n"


def _tokens(value: Any, line: str) -> Iterator[str]:
    """*value* in parts; *line* is the line break and the indentation of the line on which it stands."""
    if _is_simple(value):
        yield _simple(value, line)
    elif isinstance(value, dict):
        yield from _members(value, line)
    else:
        yield from _items(value, line)


def _items(items: Iterable[object], line: str) -> Iterator[str]:
    inner = line + "  "
    before = "[" + inner
    for item in items:
        if _is_simple(item):
            yield before + _simple(item, inner)
        else:
            yield before
            yield from _tokens(item, inner)
        before = "," + inner
        del item  # it may be large, and is not needed while the next one is made
    yield "[]" if before[0] == "[" else line + "]"


def _members(value: dict[str, object], line: str) -> Iterator[str]:
    before = "{" + line + "  "
    for key, item in value.items():
        yield f"{before}{json.dumps(key, ensure_ascii=False)}: "
        yield from _tokens(item, line + "  ")
        before = "," + line + "  "
    yield line + "}"


def _is_simple(value: object) -> bool:
    if isinstance(value, dict):
        return _SIMPLE.issuperset(map(type, value.values()))
    return type(value) in _SIMPLE


def _simple(value: object, line: str) -> str:
    """A single value or a dict of such, by the encoder written in C: a large sheet holds a million of them."""
    text = _encoder(line + "  ")(value)
    return f"{{{line}  {text[1:-1]}{line}}}" if isinstance(value, dict) and value else text


@lru_cache(maxsize=32)
def _encoder(line: str) -> Callable[[object], str]:
    return json.JSONEncoder(ensure_ascii=False, separators=("," + line, ": ")).encode
