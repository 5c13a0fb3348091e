"""A workbook as its zip entries: parts read on demand, some rewritten, the rest copied (OPC, ECMA-376 part 2)."""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from xiangning_zyz.report.returned.markup import (
    Edit,
    Element,
    NotPatchable,
    apply,
    grown,
    in_order,
    outline,
    prefix,
    quoted,
    spliced,
    utf8,
    whole,
    with_prefix,
)

_TYPES = "[Content_Types].xml"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_RELATIONSHIPS = _DECLARATION + (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
# A second lock behind the reader's own limits: what is opened here was accepted there. What is inflated
# is counted, never believed; parts that nothing is changed in are copied as they are compressed.
MOST_BYTES = 1 << 30  # of all parts
MOST_EDITED = 96 << 20  # of a part that is held whole to be changed
_PIECE = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1  # bit of the flags
_LEVEL = 4  # half the time of the usual 6, and an eighth more bytes
_LOCAL_HEADER = struct.Struct("<4s22x2H")  # signature, lengths of name and extra field (APPNOTE 4.3.7)


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
        if any(info.compress_type not in _METHODS or info.flag_bits & _ENCRYPTED for info in self._zip.infolist()):
            raise NotPatchable("compressed as no workbook is, or encrypted")
        if sum(info.compress_size for info in self._zip.infolist()) > len(content):
            raise NotPatchable("entries that overlap")
        if sum(info.file_size for info in self._zip.infolist()) > MOST_BYTES:
            raise NotPatchable("too large when unpacked")
        self._content = content
        self._changed: dict[str, bytes] = {}  # by key
        self._edits: dict[str, list[Edit]] = {}  # by key
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
        key = self._key_unless_edited(name)
        if key in self._changed:
            return self._changed[key]
        if key not in self._entries:
            raise NotPatchable(f"no part {name}")
        return utf8(self._whole(self._entries[key]))

    def write(self, name: str, data: bytes) -> None:
        """Change a part, or add it at the end of the file."""
        key = self._key_unless_edited(name)
        if key not in self._entries:
            self._added.setdefault(key, name)
        self._changed[key] = data

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part as it came, little by little, in its own encoding."""
        key = self._key_unless_edited(name)
        if key in self._changed or key not in self._entries:
            raise NotPatchable(f"no part {name}, or a changed one")
        return self._inflated(self._entries[key])

    def edit(self, name: str, edits: Iterable[Edit]) -> None:
        """Change a part as it came without holding it: once, after which it is neither read nor written."""
        key = self._key_unless_edited(name)
        if key in self._changed or key not in self._entries:
            raise NotPatchable(f"no part {name}, or a changed one")
        self._edits[key] = in_order(edits)

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
        """The whole file: entries in their old order, untouched ones with their old bytes, compressed as they were."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as out:
            out.comment = self._zip.comment
            for key, old in self._entries.items():
                info = _like(old)
                if key in self._changed:
                    _append(out, info, _deflated(info, [self._changed[key]]))
                elif key in self._edits:
                    _append(out, info, _deflated(info, spliced(self._inflated(old), self._edits[key])))
                else:
                    info.CRC, info.file_size, info.compress_type = old.CRC, old.file_size, old.compress_type
                    _append(out, info, [self._compressed(old)])
            newest = max(info.date_time for info in self._entries.values())
            for key, name in self._added.items():
                info = _entry(name, newest)
                _append(out, info, _deflated(info, [self._changed[key]]))
        return buffer.getvalue()

    def _key_unless_edited(self, name: str) -> str:
        key = _key(name)
        if key in self._edits:
            raise NotPatchable(f"{name} has two tasks")  # as sheet and as list of comments, say
        return key

    def _listed_sheets(self) -> Element:
        listed = outline(self.read(self.workbook)).child("sheets")
        if listed is None:
            raise NotPatchable("workbook without sheets")
        return listed

    def _grow(self, name: str, data: bytes, element: Element, entry: str) -> None:
        self.write(name, apply(data, grown(data, element, with_prefix(entry, prefix(data, element.start)))))

    def _whole(self, info: zipfile.ZipInfo) -> bytes:
        whole_part = bytearray()
        for piece in self._inflated(info):
            whole_part += piece
            if len(whole_part) > MOST_EDITED:
                raise NotPatchable(f"{info.filename} is too large to edit")
        return bytes(whole_part)

    def _inflated(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        size = 0
        try:
            with self._zip.open(info) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    if size > MOST_BYTES:
                        raise NotPatchable("too large when unpacked")
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as fault:
            raise NotPatchable(f"{info.filename}: {fault}") from fault

    def _compressed(self, info: zipfile.ZipInfo) -> memoryview:
        """The bytes of an entry as they lie in the file, behind a header of its own."""
        try:
            signature, name, extra = _LOCAL_HEADER.unpack_from(self._content, info.header_offset)
        except struct.error as fault:
            raise NotPatchable(f"{info.filename}: {fault}") from fault
        start = info.header_offset + _LOCAL_HEADER.size + name + extra
        if signature != b"PK\3\4" or start + info.compress_size > len(self._content):
            raise NotPatchable(f"{info.filename}: no entry, or half of one")
        return memoryview(self._content)[start : start + info.compress_size]


def _deflated(info: zipfile.ZipInfo, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """*pieces* compressed, little by little; *info* is told of them."""
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    info.compress_type = zipfile.ZIP_DEFLATED
    for piece in pieces:
        info.CRC = zlib.crc32(piece, info.CRC)
        info.file_size += len(piece)
        yield compressor.compress(piece)
    yield compressor.flush()


def _append(out: zipfile.ZipFile, info: zipfile.ZipInfo, compressed: Iterable[bytes | memoryview]) -> None:
    """Add an entry whose bytes come compressed, for which zipfile has no word of its own."""
    file = out.fp
    if file is None:
        raise ValueError("the zip is closed")
    info.header_offset = out.start_dir
    file.seek(info.header_offset)
    file.write(info.FileHeader())  # and again, when the sizes are known
    begin = file.tell()
    for piece in compressed:
        file.write(piece)
    out.start_dir = file.tell()
    info.compress_size = out.start_dir - begin
    file.seek(info.header_offset)
    file.write(info.FileHeader())
    out.filelist.append(info)
    out.NameToInfo[info.filename] = info


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


def _entry(name: str, date_time: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time)
    info.CRC = 0
    return info


def _like(old: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A fresh entry with the old one's name, date and attributes."""
    info = _entry(old.filename, old.date_time)
    info.create_system = old.create_system
    info.external_attr = old.external_attr
    info.comment = old.comment
    return info
