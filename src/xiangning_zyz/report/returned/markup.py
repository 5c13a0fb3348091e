"""Edits of XML as bytes: what is not edited stays as it was, byte for byte.

expat says where elements stand; changes are splices. No tree is written back, so prefixes,
attribute order, white space and whatever an office's program put there all survive.
"""

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

_DECLARED = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
_START_TAG = re.compile(rb"""<([^\s/>]+)[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG_NAME = re.compile(r"(</?)(?=[A-Za-z])")
_DEEPEST = 100


class NotPatchable(ValueError):
    """The workbook cannot be edited part by part; a fresh one is written instead."""


class Edit(NamedTuple):
    """Replace the bytes from *start* to *end* (an insertion when they are equal)."""

    start: int
    end: int
    put: bytes


@dataclass(slots=True)
class Element:
    """One element and where it stands. A tag that closes itself has `inner == close == end`."""

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

    def named(self, name: str) -> list["Element"]:
        """All children of that name, in order."""
        return [child for child in self.children if child.name == name]


def utf8(data: bytes) -> bytes:
    """The same XML in UTF-8; the same bytes if it was in UTF-8 already."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(data)
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        if codecs.lookup(encoding).name in ("utf-8", "ascii"):
            return data
        return _DECLARATION.sub("", data.decode(encoding), count=1).encode()
    except (LookupError, UnicodeError) as fault:
        raise NotPatchable(f"encoding {encoding}") from fault


def parser() -> expat.XMLParserType:
    """An expat parser that reports names as `namespace name` and refuses document types."""
    made = expat.ParserCreate(namespace_separator=" ")
    made.StartDoctypeDeclHandler = _refuse_doctype
    return made


def feed(made: expat.XMLParserType, data: bytes) -> None:
    """Run *made* over the whole of *data*; NotPatchable when it is not well-formed."""
    try:
        made.Parse(data, True)
    except expat.ExpatError as fault:
        raise NotPatchable(str(fault)) from fault


def outline(data: bytes) -> Element:
    """The elements of one small part (never a sheet's rows), each with its place."""
    made = parser()
    top = Element("", {}, 0, 0)
    open_elements = [top]

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(open_elements) > _DEEPEST:
            raise NotPatchable("XML nested too deeply")
        start = made.CurrentByteIndex
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition(" ")[2], plain, start, start_tag_end(data, start))
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def finish(_name: str) -> None:
        element = open_elements.pop()
        element.close = made.CurrentByteIndex
        element.end = element.close if closes_itself(data, element.inner) else data.index(b">", element.close) + 1

    made.StartElementHandler = begin
    made.EndElementHandler = finish
    feed(made, data)
    return top.children[0]


def start_tag_end(data: bytes, start: int) -> int:
    """Just after the start tag that begins at *start*."""
    match = _START_TAG.match(data, start)
    if match is None:
        raise NotPatchable(f"no start tag at byte {start}")
    return match.end()


def closes_itself(data: bytes, inner: int) -> bool:
    """Whether the start tag that ends at *inner* is one like `<c/>`."""
    return data[inner - 2 : inner] == b"/>"


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
        found = next((match for match in _ATTRIBUTE.finditer(tag) if match[1] == name.encode()), None)
        if found:
            tag = tag[: found.start()] + written + tag[found.end() :]
        else:
            at = len(tag) - (2 if tag.endswith(b"/>") else 1)
            tag = tag[:at].rstrip() + written + tag[at:]
    return tag


def grown(data: bytes, element: Element, content: bytes, attributes: Mapping[str, str | None] | None = None) -> list[Edit]:
    """The edits that put *content* last in *element* and set *attributes* on it."""
    tag = with_attributes(data[element.start : element.inner], attributes or {})
    if not closes_itself(data, element.inner):
        return [Edit(element.start, element.inner, tag), Edit(element.close, element.close, content)]
    return [Edit(element.start, element.inner, opened(tag, content))]


def opened(tag: bytes, content: bytes) -> bytes:
    """A tag that closed itself, with *content* and an end tag: `<a/>` → `<a>…</a>`."""
    match = _START_TAG.match(tag)
    name = match[1] if match else b""
    return tag[:-2].rstrip() + b">" + content + b"</" + name + b">"


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """*data* with all edits; insertions at one place keep their order."""
    pieces: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            raise NotPatchable(f"overlapping edits at byte {edit.start}")
        pieces += (data[done : edit.start], edit.put)
        done = edit.end
    pieces.append(data[done:])
    return b"".join(pieces)


def quoted(text: str) -> str:
    """*text* for element content or an attribute in double quotes."""
    return escape(text, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def _refuse_doctype(*_: object) -> None:
    raise NotPatchable("document type declaration")
