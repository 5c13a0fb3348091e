"""OLE compound files: the container of `.xls`, and of Office files with a password.

Only the streams of the root storage are read. Chains of sectors are followed at most once round the
file, so a chain that loops (a known way to hang or crash readers) is damage and nothing more.

Format: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.5 (DIFAT), 2.6 (directory).
"""

import struct

from xiangning_zyz.intake.reading.refusal import damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = 512
_DIRECTORY_ENTRY = 128
_STREAM = 2
_LAST_SECTOR = 0xFFFFFFFA  # greater values mark the end of a chain, free sectors and the like
_BROKEN = "复合文档结构损坏，可能没有传完"


class Compound:
    """A compound file in memory."""

    def __init__(self, content: bytes) -> None:
        """Read the sector tables and the directory; `Refused` when they are damaged."""
        if len(content) < _HEADER:
            raise damaged(_BROKEN)
        self._content = content
        shift, mini_shift = struct.unpack_from("<2H", content, 30)
        if shift not in (9, 12) or mini_shift > shift:
            raise damaged(_BROKEN)
        self._sector, self._mini_sector = 1 << shift, 1 << mini_shift
        _, directory, _, self._mini_cutoff, mini_table, _, table_list, _ = struct.unpack_from("<8I", content, 44)
        self._next = self._sector_table(table_list)
        self._mini_next = _integers(self._chain(mini_table))
        self._mini_stream = b""
        self._streams: dict[str, tuple[int, int]] = {}  # name in lower case → first sector, size
        self._read_directory(self._chain(directory))

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._streams

    def read(self, name: str) -> bytes:
        """The bytes of a stream of the root storage; KeyError if there is none of that name."""
        first, size = self._streams[name.lower()]
        if size >= self._mini_cutoff:
            return self._chain(first)[:size]
        return self._mini_chain(first)[:size]

    def _sector_table(self, table_list: int) -> tuple[int, ...]:
        """The FAT: which sector follows which."""
        numbers = list(struct.unpack_from("<109I", self._content, 76))
        per_sector = self._sector // 4 - 1
        seen = 0
        while table_list < _LAST_SECTOR:
            seen += 1
            if seen * self._sector > len(self._content):
                raise damaged(_BROKEN)
            *more, table_list = _integers(self._sector_at(table_list).ljust(self._sector, b"\xff"))
            numbers += more[:per_sector]
        if len(numbers) * self._sector > len(self._content) + 110 * self._sector:
            raise damaged(_BROKEN)
        return _integers(b"".join(self._sector_at(number) for number in numbers if number < _LAST_SECTOR))

    def _sector_at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        return self._content[start : start + self._sector]

    def _chain(self, first: int) -> bytes:
        """The sectors from *first* on, joined."""
        return b"".join(map(self._sector_at, _followed(first, self._next, len(self._content) // self._sector)))

    def _mini_chain(self, first: int) -> bytes:
        size, stream = self._mini_sector, self._mini_stream
        numbers = _followed(first, self._mini_next, len(stream) // size)
        return b"".join(stream[number * size : (number + 1) * size] for number in numbers)

    def _read_directory(self, directory: bytes) -> None:
        """Note the streams of the root storage: embedded objects bring workbooks of their own, deeper down."""
        count = len(directory) // _DIRECTORY_ENTRY
        if not count:
            raise damaged(_BROKEN)
        child, first, size = struct.unpack_from("<I36x2I", directory, 76)
        self._mini_stream = self._chain(first)[:size]
        waiting, seen = [child], set[int]()
        while waiting:
            number = waiting.pop()
            if number >= count or number in seen:  # no sibling, or a tree that loops
                continue
            seen.add(number)
            at = number * _DIRECTORY_ENTRY
            name_size, kind, left, right = struct.unpack_from("<HBx2I", directory, at + 64)
            waiting += (left, right)
            if kind == _STREAM:
                name = directory[at : at + min(max(name_size, 2), 64) - 2].decode("utf-16-le", "replace")
                self._streams[name.lower()] = struct.unpack_from("<2I", directory, at + 116)


def _integers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _followed(first: int, following: tuple[int, ...], most: int) -> list[int]:
    """The sector numbers of a chain, at most *most*, which is all the file can hold."""
    numbers: list[int] = []
    number = first
    while number < _LAST_SECTOR:
        if len(numbers) > most or number >= len(following):
            raise damaged(_BROKEN)
        numbers.append(number)
        number = following[number]
    return numbers
