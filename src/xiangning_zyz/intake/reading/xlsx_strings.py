"""The shared strings of an `.xlsx` workbook.

As with rows (`xlsx_plain.py`) there are two ways: a part in the one spelling that Excel, WPS, LibreOffice and
XlsxWriter use for plain words is cut by a pattern, any other one (rich text, entities, comments) goes to expat.

Format: ECMA-376 part 1, 18.4.8 (si), 18.4.9 (sst).
"""

import re

from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.archive import Archive
from xiangning_zyz.intake.reading.markup import MAIN, walk
from xiangning_zyz.intake.reading.refusal import too_large
from xiangning_zyz.intake.reading.texts import unescaped

_ENTRY = 64  # characters that an entry counts beside its text
_PLAIN = re.compile(
    r'(?:<\?xml version="1\.0" encoding="(?:UTF-8|utf-8)"(?: standalone="yes")?\?>\r?\n?)?'
    rf'<sst xmlns="{re.escape(MAIN[0])}"(?: count="[0-9]*")?(?: uniqueCount="[0-9]*")?>'
    r'(?:<si><t(?: xml:space="preserve")?>[^<>&\0-\x08\x0b-\x1f\ufffe\uffff]*</t>'
    r'(?:<phoneticPr fontId="[0-9]*"(?: type="[a-zA-Z]*")?/>)?</si>)*+</sst>[ \t\r\n]*'
)
_TEXT = re.compile(r"<t[^>]*>([^<]*)</t>")


def shared_strings(archive: Archive, part: str) -> list[str]:
    """The texts that cells name by number; runs joined, phonetic readings left out."""
    if part not in archive:
        return []
    small = archive.small(part)
    content = small.content() if small else None
    strings = _plain_strings(content) if content else None
    if strings is None:
        reader = _SharedStrings()
        walk((content,) if content else archive.chunks(part), reader.start, reader.end, reader.text)
        strings = reader.strings
    return strings


def _plain_strings(content: bytes) -> list[str] | None:
    """The strings if the part is plain; None says nothing."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    if not _PLAIN.fullmatch(text) or len(text) + _ENTRY * text.count("<si>") > limits.SHARED_CHARACTERS:
        return None
    return [unescaped(string) for string in _TEXT.findall(text)]


class _SharedStrings:
    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._in_text = self._in_phonetic = False
        self._size = 0

    def start(self, element: str, _: dict[str, str]) -> None:
        if element == "t":
            self._in_text = not self._in_phonetic
        elif element == "rPh":
            self._in_phonetic = True

    def end(self, element: str) -> None:
        if element == "t":
            self._in_text = False
        elif element == "rPh":
            self._in_phonetic = False
        elif element == "si":
            self.strings.append(unescaped("".join(self._pieces)))
            self._pieces.clear()
            self._count(_ENTRY)

    def text(self, piece: str) -> None:
        if self._in_text:
            self._pieces.append(piece)
            self._count(len(piece))

    def _count(self, more: int) -> None:
        self._size += more
        if self._size > limits.SHARED_CHARACTERS:
            raise too_large("文字过多")
