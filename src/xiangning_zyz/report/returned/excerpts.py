"""A sheet's XML without the rows that nothing is said about, so that a large sheet is never held whole.

A sheet of 100,000 rows has 50 MB of XML, a list of problems names a few of its rows. They are found
without parsing what lies between: in UTF-8 without comments, CDATA, processing instructions and
extensions, every `<` begins a tag, so a row is where `<row` stands. Other XML, and rows without numbers,
are read whole.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from math import inf
from typing import NamedTuple

from xiangning_zyz.report.returned.markup import ATTRIBUTE, Edit, NotPatchable, is_utf8

MOST_KEPT = 32 << 20  # bytes of the excerpt
_LONGEST = 4 << 20  # bytes from one `<` to the next
_BEGIN = re.compile(rb"<((?:[^\s<>/!?:]+:)?)sheetData(?=[\s/>])[^<>]*>")
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s[^<>]*\?>")
_NOT_PLAIN = (b"<!", b"<?", b"extLst")
# A start tag; `<` cannot stand in an attribute, so a broken one ends at the next.
_ROW = rb"""<%srow(?=[\s/>])(?:\s+r="([0-9]{1,9})")?[^<>"']*(?:(?:"[^<"]*"|'[^<']*')[^<>"']*)*>"""


class Excerpt(NamedTuple):
    """Well-formed XML again: what is before the rows, some rows, what is behind them."""

    data: bytes
    stretches: Sequence[tuple[int, int]]  # (where one begins in `data`, where in the whole), ascending

    def in_whole(self, edits: Iterable[Edit]) -> list[Edit]:
        """The same edits with the places that the bytes have in the whole XML."""
        return [Edit(self._at(edit.start), self._end(edit), edit.put) for edit in edits]

    def _at(self, place: int) -> int:
        """Between two stretches: where the later one begins. Nothing is ever put behind a row."""
        here, there = self.stretches[bisect_right(self.stretches, place, key=lambda pair: pair[0]) - 1]
        return there + place - here

    def _end(self, edit: Edit) -> int:
        return self._at(edit.start) if edit.start == edit.end else self._at(edit.end - 1) + 1


def excerpt(pieces: Iterable[bytes], rows: Collection[int]) -> Excerpt | None:
    """All of a sheet but its rows, and of these the ones numbered in *rows*, or the next where there is none.

    *pieces* are the XML of the sheet, in order. None when rows cannot be told without parsing;
    NotPatchable when they are out of order, or more has to be kept than `MOST_KEPT`.
    """
    cutter = _Cutter(sorted(rows))
    try:
        for piece in pieces:
            cutter.take(piece)
        return cutter.finish()
    except _NotPlainError:
        return None


class _NotPlainError(Exception):
    """Rows cannot be told without parsing."""


class _Cutter:
    """Goes through a sheet's XML and keeps what is wanted: what is before the rows, some of them, what is behind."""

    def __init__(self, rows: Sequence[int]) -> None:
        self._kept = bytearray()
        self._stretches = [(0, 0)]
        self._keeping = True
        self._rows = rows
        self._last = 0  # number of the last row seen
        self._next: float = rows[0] if rows else inf  # of the first wanted one that has not come
        self._window = b""  # what has come and is not gone through yet
        self._at = 0  # where it begins
        self._row: re.Pattern[bytes] | None = None  # once the rows have begun, and the prefix of their tags is known
        self._close = b""  # the end tag of all rows; empty behind it
        self._begun = False

    def take(self, piece: bytes) -> None:
        """Go through *piece*, up to its last `<`: what follows may be half a tag."""
        self._window += piece
        if not self._begun:
            self._begin()
        whole = max(self._window.rfind(b"<"), 0)
        if len(self._window) - whole > _LONGEST:
            raise NotPatchable("a token without end")
        self._go_through(self._window[:whole])
        self._window = self._window[whole:]

    def finish(self) -> Excerpt:
        self._go_through(self._window)
        return Excerpt(bytes(self._kept), self._stretches)

    def _begin(self) -> None:
        """Pass over the declaration, which looks like a processing instruction."""
        self._begun = True
        if not is_utf8(self._window):
            raise _NotPlainError
        if declared := _DECLARATION.match(self._window):
            self._pass(declared[0])
            self._window = self._window[declared.end() :]

    def _go_through(self, window: bytes) -> None:
        done = 0
        if self._row is None:
            opened = _BEGIN.search(window)
            done = opened.end() if opened else len(window)
            _ask_plain(window, 0, done)
            self._pass(window[:done])
            if opened:
                self._row = re.compile(_ROW % re.escape(opened[1]))
                self._close = b"" if opened[0].endswith(b"/>") else b"</%bsheetData" % opened[1]
        if self._row is not None and self._close:
            close = window.find(self._close, done)
            rows_end = close if close >= 0 else len(window)
            _ask_plain(window, done, rows_end)
            self._go_through_rows(self._row, window, done, rows_end)
            done = rows_end
            if close >= 0:
                self._close = b""
                self._switch(keep=True)
        self._pass(window[done:])

    def _go_through_rows(self, row: re.Pattern[bytes], window: bytes, done: int, end: int) -> None:
        for tag in row.finditer(window, done, end):
            number = int(tag[1]) if tag[1] else _number(tag[0])
            if number <= self._last:
                raise NotPatchable("rows out of order")
            self._last = number
            wanted = number >= self._next
            if wanted or self._keeping:
                self._pass(window[done : tag.start()])
                self._switch(keep=wanted)
                done = tag.start()
            if wanted:
                after = bisect_right(self._rows, number)
                self._next = self._rows[after] if after < len(self._rows) else inf
        self._pass(window[done:end])

    def _switch(self, *, keep: bool) -> None:
        if keep and not self._keeping:
            self._stretches.append((len(self._kept), self._at))
        self._keeping = keep

    def _pass(self, stretch: bytes) -> None:
        """Pass over *stretch*, and keep it if that is what is done at the moment."""
        self._at += len(stretch)
        if self._keeping:
            self._kept += stretch
            if len(self._kept) > MOST_KEPT:
                raise NotPatchable("too much to edit")


def _ask_plain(window: bytes, start: int, end: int) -> None:
    if any(window.find(mark, start, end) >= 0 for mark in _NOT_PLAIN):
        raise _NotPlainError


def _number(tag: bytes) -> int:
    """The number of a row whose tag does not begin with it. Rows without one count on, which an excerpt cannot."""
    written = next((match[2][1:-1] for match in ATTRIBUTE.finditer(tag) if match[1] == b"r"), b"")
    if not re.fullmatch(rb"[0-9]{1,9}", written):
        raise _NotPlainError
    return int(written)
