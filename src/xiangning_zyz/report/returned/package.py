"""A workbook as its zip entries: parts read on demand, some rewritten, the rest copied (OPC, ECMA-376 part 2)."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from xiangning_zyz.report.returned.markup import (
    Element,
    NotPatchable,
    apply,
    grown,
    outline,
    prefix,
    quoted,
    utf8,
    whole,
    with_prefix,
)

_TYPES = "[Content_Types].xml"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_RELATIONSHIPS = _DECLARATION + (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
# A second lock behind the reader's own limits: what is opened here was accepted there. Bytes are counted
# while inflating, never believed; parts that are only copied pass through in pieces.
MOST_BYTES = 1 << 30  # of all parts
MOST_EDITED = 96 << 20  # of a part that is changed: 200,000 rows of 12 cells
_PIECE = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Relationship(NamedTuple):
    """A link from one part to another."""

    id: str
    type: str  # whole URI
    target: str  # part name without leading slash; an address when external

    def is_a(self, kind: str) -> bool:
        """Whether the type is *kind* in any edition of the format (`comments`, `styles` …)."""
        return self.type.rsplit("/", 1)[-1] == kind


class SheetEntry(NamedTuple):
    """A sheet as the workbook part lists it."""

    name: str
    number: int  # sheetId
    visible: bool
    part: str | None  # None: the link leads nowhere


class Package:
    """The entries of one workbook file, with the parts changed so far. Names ignore case, as in OPC."""

    def __init__(self, content: bytes) -> None:
        """Open *content*; NotPatchable unless it is a sound zip with a workbook in it."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
            raise NotPatchable(str(fault)) from fault
        self._entries = {_key(info.filename): info for info in self._zip.infolist()}
        if len(self._entries) != len(self._zip.infolist()):
            raise NotPatchable("two entries of one name")
        if any(info.compress_type not in _METHODS for info in self._zip.infolist()):
            raise NotPatchable("compressed as no workbook is")
        self._changed: dict[str, bytes] = {}  # by key
        self._added: dict[str, str] = {}  # key → name, in order
        main = next((link for link in self.relationships("") if link.is_a("officeDocument")), None)
        if main is None or not self.has(main.target):
            raise NotPatchable("no workbook part")
        self.workbook = main.target
        strict = main.type.startswith("http://purl.oclc.org/")  # ISO 29500 Strict has namespaces of its own
        office = "http://purl.oclc.org/ooxml" if strict else "http://schemas.openxmlformats.org"
        year = "" if strict else "/2006"
        self.main_namespace = f"{office}/spreadsheetml{year}/main"
        self.link_namespace = f"{office}/officeDocument{year}/relationships"

    def has(self, name: str) -> bool:
        return _key(name) in self._entries or _key(name) in self._changed

    def names(self) -> list[str]:
        """The names of all parts, in the file's order."""
        return [info.filename for info in self._entries.values()] + list(self._added.values())

    def read(self, name: str) -> bytes:
        """The XML of a part, in UTF-8, as it now stands."""
        key = _key(name)
        if key in self._changed:
            return self._changed[key]
        if key not in self._entries:
            raise NotPatchable(f"no part {name}")
        return utf8(self._inflated(self._entries[key]))

    def write(self, name: str, data: bytes) -> None:
        """Change a part, or add it at the end of the file."""
        key = _key(name)
        if key not in self._entries:
            self._added.setdefault(key, name)
        self._changed[key] = data

    def free_name(self, pattern: str) -> str:
        """The first part name not taken, for a pattern such as `xl/comments{}.xml`."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def relationships(self, part: str) -> list[Relationship]:
        """The links that *part* holds; those of the package itself for an empty name."""
        name = _links_of(part)
        if not self.has(name):
            return []
        links = outline(self.read(name)).named("Relationship")
        return [_relationship(part, link.attributes) for link in links]

    def linked(self, part: str, kind: str) -> str | None:
        """The part of that kind which *part* links to, if there is one."""
        links = self.relationships(part)
        return next((link.target for link in links if link.is_a(kind) and self.has(link.target)), None)

    def link(self, part: str, type: str, target: str) -> str:
        """Add a link and give its new id."""
        name = _links_of(part)
        if not self.has(name) and not self.content_type(name):
            self.declare(name, "application/vnd.openxmlformats-package.relationships+xml")
        data = self.read(name) if self.has(name) else _NO_RELATIONSHIPS
        root = outline(data)
        taken = {link.attributes.get("Id", "") for link in root.children}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        entry = f'<Relationship Id="rId{number}" Type="{quoted(type)}" Target="/{quoted(target)}"/>'
        self._grow(name, data, root, entry)
        return f"rId{number}"

    def sheets(self) -> list[SheetEntry]:
        """The workbook's sheets, in order."""
        targets = {link.id: link.target for link in self.relationships(self.workbook)}
        return [_sheet_entry(item.attributes, targets) for item in self._listed_sheets().children]

    def add_sheet(self, name: str, data: bytes) -> None:
        """Put a worksheet last; its *name* must be free."""
        part = self.free_name("xl/worksheets/sheet{}.xml")
        self.write(part, data)
        self.declare(part, "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml")
        number = 1 + max((sheet.number for sheet in self.sheets()), default=0)
        link = self.link(self.workbook, self.link_type("worksheet"), part)
        entry = f'<sheet xmlns:r="{self.link_namespace}" name="{quoted(name)}" sheetId="{number}" r:id="{link}"/>'
        self._grow(self.workbook, self.read(self.workbook), self._listed_sheets(), entry)

    def link_type(self, kind: str) -> str:
        """The relationship type of that kind, in the edition this workbook is written in."""
        return f"{self.link_namespace}/{kind}"

    def declare(self, part: str, content_type: str) -> None:
        """State the content type of a new part."""
        data = self.read(_TYPES)
        override = f'<Override PartName="/{quoted(part)}" ContentType="{quoted(content_type)}"/>'
        self._grow(_TYPES, data, outline(data), override)

    def content_type(self, part: str) -> str:
        """The declared content type of *part*; empty when none is."""
        root = outline(self.read(_TYPES))
        for item in root.named("Override"):
            if _key(item.attributes.get("PartName", "")) == _key(part):
                return item.attributes.get("ContentType", "")
        extension = part.rpartition(".")[2].casefold()
        for item in root.named("Default"):
            if item.attributes.get("Extension", "").casefold() == extension:
                return item.attributes.get("ContentType", "")
        return ""

    def to_bytes(self) -> bytes:
        """The whole file: entries in their old order, untouched ones with their old bytes."""
        buffer = io.BytesIO()
        total = 0
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
            out.comment = self._zip.comment
            for key, old in self._entries.items():
                with out.open(_like(old), "w") as target:
                    for piece in [self._changed[key]] if key in self._changed else self._pieces(old):
                        total += len(piece)
                        if total > MOST_BYTES:
                            raise NotPatchable("too large when unpacked")
                        target.write(piece)
            newest = max(info.date_time for info in self._entries.values())
            for key, name in self._added.items():
                info = zipfile.ZipInfo(name, newest)
                info.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(info, self._changed[key])
        return buffer.getvalue()

    def _listed_sheets(self) -> Element:
        listed = outline(self.read(self.workbook)).child("sheets")
        if listed is None:
            raise NotPatchable("workbook without sheets")
        return listed

    def _grow(self, name: str, data: bytes, element: Element, entry: str) -> None:
        self.write(name, apply(data, grown(data, element, with_prefix(entry, prefix(data, element.start)))))

    def _inflated(self, info: zipfile.ZipInfo) -> bytes:
        whole_part = bytearray()
        for piece in self._pieces(info):
            whole_part += piece
            if len(whole_part) > MOST_EDITED:
                raise NotPatchable(f"{info.filename} is too large to edit")
        return bytes(whole_part)

    def _pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(info) as stream:
                while piece := stream.read(_PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as fault:
            raise NotPatchable(f"{info.filename}: {fault}") from fault


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _links_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relationship(part: str, attributes: dict[str, str]) -> Relationship:
    target = attributes.get("Target", "")
    if attributes.get("TargetMode") != "External":
        whole = posixpath.join("/", posixpath.dirname(part), unquote(target).replace("\\", "/"))
        target = posixpath.normpath(whole).lstrip("/")
    return Relationship(attributes.get("Id", ""), attributes.get("Type", ""), target)


def _sheet_entry(attributes: dict[str, str], targets: dict[str, str]) -> SheetEntry:
    return SheetEntry(
        name=attributes.get("name", ""),
        number=whole(attributes.get("sheetId", "0")),
        visible=attributes.get("state", "visible") == "visible",
        part=targets.get(attributes.get("id", "")),
    )


def _like(old: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A fresh entry with the old one's name, date, method and attributes."""
    info = zipfile.ZipInfo(old.filename, old.date_time)
    info.compress_type = old.compress_type
    info.create_system = old.create_system
    info.external_attr = old.external_attr
    info.comment = old.comment
    return info
