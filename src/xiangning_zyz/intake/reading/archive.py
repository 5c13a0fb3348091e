"""The parts of a zip file, with one meaning for every byte.

The standard library reads zip files generously: duplicate names, overlapping entries and local
headers that contradict the directory all pass (CVE-2024-0450 is open in 3.11.7), and two readers
of one file may then see different figures. Here the directory is read once, contradictions are
refused, and inflated bytes are counted while they come, whatever the headers promise.

Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 to 4.3.16 and 4.5.3 (Zip64).
"""

import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.refusal import Refused, damaged, hostile, too_large
from xiangning_zyz.problem import ENCRYPTED

_STORED, _DEFLATED = 0, 8
_ENCRYPTED_BIT, _UTF8_BIT = 0x1, 0x800
_UNKNOWN = 0xFFFFFFFF  # "see the Zip64 field"
_CHUNK = 1 << 17
SMALL = 1 << 15  # bytes of a part that may be worth remembering
_INCOMPLETE = "压缩结构不完整，可能没有传完"

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_DIRECTORY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")


class Entry(NamedTuple):
    """One part as the directory describes it."""

    name: str  # `/` between folders
    raw_name: bytes
    encrypted: bool
    method: int
    crc: int
    packed: int
    size: int
    header: int  # where its local header begins


class SmallPart(NamedTuple):
    """A part as it lies in the file, packed. Equal ones hold the same."""

    packed: bytes
    method: int
    size: int
    crc: int

    def content(self) -> bytes | None:
        """What is packed; None if it is not what the directory promises."""
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = self.packed if self.method == _STORED else inflater.decompress(self.packed, SMALL + 1)
        except zlib.error:
            return None
        ended = self.method == _STORED or inflater.eof
        return content if ended and len(content) == self.size and zlib.crc32(content) == self.crc else None


class Archive:
    """A zip file in memory. Parts are found without regard to case, as Excel finds them."""

    def __init__(self, content: bytes) -> None:
        """Read the directory; `Refused` when it is damaged, contradicts itself or exceeds a limit."""
        self._content = content
        self._inflated = 0
        entries = _directory(content)
        self._entries = {entry.name.casefold(): entry for entry in entries}
        if len(self._entries) != len(entries):
            raise hostile("压缩包内有重名的部分")
        self._data = _places(content, entries)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._entries

    def names(self) -> list[str]:
        """The parts' names as stored, in the directory's order, folders left out."""
        return [entry.name for entry in self._entries.values() if not entry.name.endswith("/")]

    def read(self, name: str) -> bytes:
        """The whole of one part; KeyError if there is none of that name."""
        return b"".join(self.chunks(name))

    def small(self, name: str) -> SmallPart | None:
        """One part if it says that it is small, else None; KeyError if there is none.

        It counts as inflated. Where there is None, or it is not sound, `chunks` meets limits and damage.
        """
        entry = self._entries[name.casefold()]
        if entry.encrypted or entry.method not in (_STORED, _DEFLATED) or max(entry.size, entry.packed) > SMALL:
            return None
        if self._inflated + entry.size > limits.INFLATED_BYTES:
            return None
        self._inflated += entry.size
        start, stop = self._data[entry.header]
        return SmallPart(self._content[start:stop], entry.method, entry.size, entry.crc)

    def chunks(self, name: str) -> Iterator[bytes]:
        """One part piece by piece; KeyError if there is none, `Refused` on damage found at any piece."""
        entry = self._entries[name.casefold()]
        if entry.encrypted:
            raise Refused(ENCRYPTED)
        crc = size = 0
        for piece in self._pieces(entry):
            size += len(piece)
            self._inflated += len(piece)
            if size > limits.PART_BYTES or self._inflated > limits.INFLATED_BYTES:
                raise too_large("解压后的数据过大")
            crc = zlib.crc32(piece, crc)
            yield piece
        if size != entry.size or crc != entry.crc:
            raise damaged("压缩数据与校验值不符")

    def _pieces(self, entry: Entry) -> Iterator[bytes]:
        start, stop = self._data[entry.header]
        packed = (self._content[at : min(at + _CHUNK, stop)] for at in range(start, stop, _CHUNK))
        if entry.method == _STORED:
            return packed
        if entry.method == _DEFLATED:
            return _inflated(packed)
        raise hostile("压缩包使用了不允许的压缩方式")


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """The deflate stream in pieces of bounded size, however small its input."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for data in packed:
            rest = data
            while rest and not inflater.eof:
                yield inflater.decompress(rest, _CHUNK)
                rest = inflater.unconsumed_tail
        while not inflater.eof and (piece := inflater.decompress(b"", _CHUNK)):
            yield piece
    except zlib.error as error:
        raise damaged("压缩数据损坏") from error
    if not inflater.eof:
        raise damaged(_INCOMPLETE)


def _directory(content: bytes) -> list[Entry]:
    count, start, stop = _end_of_directory(content)
    if count > limits.ZIP_ENTRIES:
        raise too_large(f"压缩包内多于 {limits.ZIP_ENTRIES} 个部分")
    entries = []
    at = start
    for _ in range(count):
        if at + _DIRECTORY.size > stop or not content.startswith(b"PK\x01\x02", at):
            raise damaged(_INCOMPLETE)
        fields = _DIRECTORY.unpack_from(content, at)
        name_size, extra_size, comment_size = fields[10:13]
        at += _DIRECTORY.size
        raw_name = content[at : at + name_size]
        extra = content[at + name_size : at + name_size + extra_size]
        entries.append(_entry(raw_name, extra, fields))
        at += name_size + extra_size + comment_size
    if at > stop:
        raise damaged(_INCOMPLETE)
    return entries


def _end_of_directory(content: bytes) -> tuple[int, int, int]:
    """(number of entries, where the directory begins, where it ends)."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 0xFFFF - _END.size))
    if at < 0 or at + _END.size > len(content):
        raise damaged(_INCOMPLETE)
    _, disk, first_disk, _, count, size, start, _ = _END.unpack_from(content, at)
    locator = at - _END64_LOCATOR.size
    if locator >= 0 and content.startswith(b"PK\x06\x07", locator):
        _, _, at64, _ = _END64_LOCATOR.unpack_from(content, locator)
        if at64 + _END64.size > locator or not content.startswith(b"PK\x06\x06", at64):
            raise damaged(_INCOMPLETE)
        *_, disk, first_disk, _, count, size, start = _END64.unpack_from(content, at64)
    if disk or first_disk:
        raise damaged("这是分卷压缩包的一部分")
    if start + size > at:
        raise damaged(_INCOMPLETE)
    return count, start, start + size


def _entry(raw_name: bytes, extra: bytes, fields: tuple[int, ...]) -> Entry:
    _, _, _, flags, method, _, _, crc, packed, size, *_, header = fields
    if _UNKNOWN in (size, packed, header):
        size, packed, header = _wide(extra, (size, packed, header))
    name = _name(raw_name, utf8=bool(flags & _UTF8_BIT))
    return Entry(name, raw_name, bool(flags & _ENCRYPTED_BIT), method, crc, packed, size, header)


def _wide(extra: bytes, fields: tuple[int, int, int]) -> tuple[int, int, int]:
    """The 64-bit sizes and offset from the Zip64 extra field, for those too large for the directory."""
    at = 0
    while at + 4 <= len(extra):
        tag, size = struct.unpack_from("<2H", extra, at)
        if tag == 1:
            values = iter(struct.unpack_from(f"<{min(size, len(extra) - at - 4) // 8}Q", extra, at + 4))
            inflated, packed, header = (next(values, _UNKNOWN) if field == _UNKNOWN else field for field in fields)
            return inflated, packed, header
        at += 4 + size
    return fields


@lru_cache(maxsize=256)  # of at most 64 KiB each: a program names its parts alike in all files
def _name(raw: bytes, *, utf8: bool) -> str:
    """Names without the UTF-8 flag are the sender's code page: GBK on Chinese Windows, else ASCII."""
    name = raw.decode("utf-8" if utf8 else "gb18030", "replace").replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        raise hostile("压缩包内的文件名指向包外")
    return name


def _places(content: bytes, entries: list[Entry]) -> dict[int, tuple[int, int]]:
    """Where each entry's packed bytes lie, by its local header; overlaps and false headers refused."""
    places: dict[int, tuple[int, int]] = {}
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header):
        if entry.header < end:
            raise hostile("压缩包内的数据互相重叠")
        if entry.header + _LOCAL.size > len(content):
            raise damaged(_INCOMPLETE)
        signature, *_, name_size, extra_size = _LOCAL.unpack_from(content, entry.header)
        start = entry.header + _LOCAL.size
        if signature != b"PK\x03\x04" or content[start : start + name_size] != entry.raw_name:
            raise hostile("压缩包的目录与内容不一致")
        start += name_size + extra_size
        end = start + entry.packed
        if end > len(content):
            raise damaged(_INCOMPLETE)
        places[entry.header] = (start, end)
    return places
