"""Edits of XML as bytes: what is not edited stays as it was, byte for byte.

expat says where elements stand; changes are splices. No tree is written back, so prefixes,
attribute order, white space and whatever an office's program put there all survive.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

_DECLARED = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
_START_TAG = re.compile(rb"""<([^\s/>]+)[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>""")
ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG_NAME = re.compile(r"(</?)(?=[A-Za-z])")
_DEEPEST = 100
MOST_ELEMENTS = 500_000  # held at a time, about 200 MiB; the reader takes 250,000 rows


class NotPatchable(ValueError):
    """The workbook cannot be edited part by part; a fresh one is written instead."""


class Edit(NamedTuple):
    """Replace the bytes from *start* to *end* (an insertion when they are equal)."""

    start: int
    end: int
    put: bytes


@dataclass(slots=True)
class Element:
    """One element and where it stands; of `<a/>`, `inner`, `close` and `end` are one place."""

    name: str  # without namespace
    attributes: dict[str, str]  # by name without namespace
    start: int
    inner: int  # just after the start tag
    close: int = 0  # where the end tag begins
    end: int = 0  # just after the element
    children: list["Element"] = field(default_factory=list)

    def child(self, name: str) -> "Element | None":
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def closes_itself(self, data: bytes) -> bool:
        """Whether it is one like `<c/>`."""
        return data[self.inner - 2 : self.inner] == b"/>"

    def named(self, name: str) -> list["Element"]:
        """All children of that name, in order."""
        return [child for child in self.children if child.name == name]


def is_utf8(data: bytes) -> bool:
    """Whether XML, of which *data* is the beginning, is in UTF-8 by its declaration."""
    try:
        return codecs.lookup(_encoding(data)).name in ("utf-8", "ascii")
    except LookupError as fault:
        raise NotPatchable(f"encoding {_encoding(data)}") from fault


def utf8(data: bytes) -> bytes:
    """The same XML in UTF-8; the same bytes if it was in UTF-8 already."""
    if is_utf8(data):
        return data
    try:
        return _DECLARATION.sub("", data.decode(_encoding(data)), count=1).encode()
    except UnicodeError as fault:
        raise NotPatchable(f"encoding {_encoding(data)}") from fault


def outline(data: bytes, folded: Callable[[str, Mapping[str, str]], bool] | None = None) -> Element:
    """The elements of *data*, each with its place.

    *folded* says of an element, by name and attributes, that what is inside it does not matter:
    so a sheet of 100,000 rows is never held as a tree.
    """
    made = expat.ParserCreate(namespace_separator=" ")
    top = Element("", {}, 0, 0)
    open_elements = [top]
    inside = 0  # depth inside a folded element
    held = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside, held
        if inside:
            inside += 1
            return
        held += 1
        if len(open_elements) > _DEEPEST or held > MOST_ELEMENTS:
            raise NotPatchable("XML too deep or too long")
        start = made.CurrentByteIndex
        plain = {key.rpartition(" ")[2]: attributes[key] for key in sorted(attributes, key=_own_last)}
        element = Element(name.rpartition(" ")[2], plain, start, start_tag_end(data, start))
        open_elements[-1].children.append(element)
        open_elements.append(element)
        if folded and folded(element.name, plain):
            inside = 1

    def finish(_name: str) -> None:
        nonlocal inside
        if inside > 1:
            inside -= 1
            return
        inside = 0
        element = open_elements.pop()
        element.close = made.CurrentByteIndex
        element.end = element.close if element.closes_itself(data) else data.index(b">", element.close) + 1

    made.StartDoctypeDeclHandler = _refuse_doctype
    made.StartElementHandler = begin
    made.EndElementHandler = finish
    try:
        made.Parse(data, True)
    except expat.ExpatError as fault:
        raise NotPatchable(str(fault)) from fault
    return top.children[0]


def start_tag_end(data: bytes, start: int) -> int:
    """Just after the start tag that begins at *start*."""
    match = _START_TAG.match(data, start)
    if match is None:
        raise NotPatchable(f"no start tag at byte {start}")
    return match.end()


def prefix(data: bytes, start: int) -> str:
    """The namespace prefix, colon included, of the tag at *start*; empty when it has none."""
    match = _START_TAG.match(data, start)
    name = match[1].decode() if match else ""
    return name[: name.find(":") + 1]


def with_prefix(xml: str, prefix: str) -> bytes:
    """*xml*, written without prefixes, with *prefix* on every tag."""
    return (_TAG_NAME.sub(rf"\g<1>{prefix}", xml) if prefix else xml).encode()


def with_attributes(tag: bytes, values: Mapping[str, str | None]) -> bytes:
    """A start tag with attributes set, or taken away where the value is None."""
    for name, value in values.items():
        written = b"" if value is None else f' {name}="{quoted(value)}"'.encode()
        found = next((match for match in ATTRIBUTE.finditer(tag) if match[1] == name.encode()), None)
        if found:
            tag = tag[: found.start()] + written + tag[found.end() :]
        else:
            at = len(tag) - (2 if tag.endswith(b"/>") else 1)
            tag = tag[:at].rstrip() + written + tag[at:]
    return tag


def grown(data: bytes, element: Element, content: bytes, values: Mapping[str, str | None] | None = None) -> list[Edit]:
    """The edits that put *content* last in *element* and set attributes on it."""
    tag = with_attributes(data[element.start : element.inner], values or {})
    if not element.closes_itself(data):
        return [Edit(element.start, element.inner, tag), Edit(element.close, element.close, content)]
    match = _START_TAG.match(tag)
    name = match[1] if match else b""
    return [Edit(element.start, element.inner, tag[:-2].rstrip() + b">" + content + b"</" + name + b">")]


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """*data* with all edits; insertions at one place keep their order."""
    return b"".join(spliced([data], in_order(edits)))


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Edits by their place; NotPatchable if two of them overlap."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    for one, other in pairwise(ordered):
        if other.start < one.end:
            raise NotPatchable(f"overlapping edits at byte {other.start}")
    return ordered


def spliced(pieces: Iterable[bytes], edits: Sequence[Edit]) -> Iterator[bytes]:
    """The bytes that come in *pieces*, with *edits*, which are in order; never more than a piece at a time."""
    waiting = iter([*edits, None])
    edit = next(waiting)
    at = done = 0  # where the piece begins; up to where all is written or replaced
    for piece in pieces:
        end = at + len(piece)
        while edit and edit.start < end:
            yield piece[max(done - at, 0) : edit.start - at]
            yield edit.put
            done, edit = edit.end, next(waiting)
        if done < end:
            yield piece[max(done - at, 0) :]
            done = end
        at = end
    while edit:
        yield edit.put
        edit = next(waiting)


def whole(text: str) -> int:
    """A whole number written in an attribute; NotPatchable for anything else."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        raise NotPatchable(f"not a whole number: {text!r}")
    return int(text)


def quoted(text: str) -> str:
    """*text* for element content or an attribute in double quotes."""
    return escape(text, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.match(data)
    return declared[1].decode("ascii") if declared else "utf-8"


def _own_last(attribute: str) -> bool:
    """Sorts attributes of other namespaces first, so that an element's own of the same name wins."""
    return " " not in attribute


def _refuse_doctype(*_: object) -> None:
    raise NotPatchable("document type declaration")
