"""The records of a BIFF stream, and the strings inside them.

Format: [MS-XLS] 2.1.4 (record), 2.4.58 (Continue), 2.5.293 (XLUnicodeRichExtendedString),
2.5.294 (XLUnicodeString), 2.4.265 (SST).
"""

import codecs
import struct
from collections.abc import Iterator

from xiangning_zyz.intake.reading.texts import bounded

CONTINUE = 0x3C

_WIDE, _FAR_EAST, _RICH = 0x1, 0x4, 0x8
_DEFAULT_CODE_PAGE = "gb18030"
_CODE_PAGES = {936: "gb18030", 1200: "utf-16-le", 10000: "mac-roman", 32768: "mac-roman", 32769: "cp1252"}


_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


Record = tuple[int, bytes, int]  # kind, data, where the next record begins


def records(stream: bytes, at: int) -> Iterator[Record]:
    """The records from *at* to the end of the stream; a last one cut short is left out."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        after = at + 4 + size
        if after > len(stream):
            return
        yield kind, stream[at + 4 : after], after
        at = after


def with_continuations(record: Record, stream: bytes) -> list[bytes]:
    """The data of *record* and of the Continue records behind it."""
    _, data, after = record
    parts = [data]
    for kind, more, _ in records(stream, after):
        if kind != CONTINUE:
            break
        parts.append(more)
    return parts


def code_page(number: int) -> str:
    """The codec of a CodePage record; GB18030 for numbers unknown."""
    name = _CODE_PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return _DEFAULT_CODE_PAGE
    return name


def error_text(code: int) -> str:
    """An error value as Excel shows it ([MS-XLS] 2.5.10, BErr; `.xlsb` has the same codes)."""
    return _ERRORS.get(code, f"#{code}")


def rk_number(packed: int) -> float:
    """An RK number: 30 bits of an integer or of a double, perhaps hundredths ([MS-XLS] 2.5.217)."""
    if packed & 2:
        value = float((packed >> 2) - (packed >> 31 << 30))
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value


class Strings:
    """Reads strings from a record that may go on in Continue records.

    Raises IndexError or struct.error where the data end early.
    """

    def __init__(self, parts: list[bytes], at: int = 0) -> None:
        self._parts = parts
        self._part = 0
        self._at = at

    def shared(self) -> list[str]:
        """All strings of an SST record; as many as there are, whatever it counts."""
        strings: list[str] = []
        self._bytes(8)
        try:
            while True:
                strings.append(bounded(self.rich()))
        except (IndexError, struct.error):
            return strings

    def rich(self, length_size: int = 2) -> str:
        """The next string of BIFF 8; formatting runs and phonetic readings are passed over."""
        count = int.from_bytes(self._bytes(length_size), "little")
        (flags,) = self._bytes(1)
        passed = 4 * int.from_bytes(self._bytes(2), "little") if flags & _RICH else 0
        passed += int.from_bytes(self._bytes(4), "little") if flags & _FAR_EAST else 0
        text = self._characters(count, wide=bool(flags & _WIDE))
        self._skip(passed)
        return text

    def _bytes(self, count: int) -> bytes:
        data = self._parts[self._part][self._at : self._at + count]
        self._at += len(data)
        while len(data) < count:
            self._part, self._at = self._part + 1, count - len(data)
            data += self._parts[self._part][: self._at]
        return data

    def _skip(self, count: int) -> None:
        while count > (rest := len(self._parts[self._part]) - self._at):
            count -= rest
            self._part, self._at = self._part + 1, 0
        self._at += count

    def _characters(self, count: int, *, wide: bool) -> str:
        """*count* characters; each continuation says anew whether its characters are wide."""
        text = ""
        while True:
            data, width = self._parts[self._part], 2 if wide else 1
            here = min(count, (len(data) - self._at) // width)
            piece = data[self._at : self._at + here * width]
            text += piece.decode("utf-16-le" if wide else "latin-1", "replace")
            self._at += here * width
            count -= here
            if not count:
                return text
            self._part, self._at = self._part + 1, 1
            wide = bool(self._parts[self._part][0] & _WIDE)
