"""Listings: what a command prints, decided once, spelled as table, plain, md or csv (CONTRACT §5).

rich is not used here: it drops columns that do not fit, and costs `zyz status` half its time
to start (docs/decisions/0002).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Literal, NamedTuple

from xiangning_zyz.report.visible import csv_field, visible, width

Align = Literal["left", "right"]
Tone = Literal["", "good", "warn", "bad", "dim"]

_ANSI: dict[Tone, str] = {"good": "32", "warn": "33", "bad": "31", "dim": "2"}
_GAP = "  "
_UNBROKEN = "[0-9.,%+/:_@!&#A-Za-z年月-]+"  # 2024-06-30, 2024年6月, output_value, Sheet1!B3
_WORD = frozenset("0123456789.,%+-/:_@!&#ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_OPENING = frozenset("（《“‘〔【「(<[{")
_CLOSING = frozenset("，。、；：？！）》”’〕】」,;?)>]}年月日%")
_MEASURED = 1_000  # lines of a plain listing by which its columns are set
_NARROWEST = 8  # columns a wrapped field keeps, four Chinese characters
_WHOLE = (18, 12, 10, 0)  # up to which width a date or code is kept whole: the first that leaves room enough


class Field(NamedTuple):
    """One field whose colour adds to its words (never replaces them)."""

    text: str
    tone: Tone = ""


class Listing(NamedTuple):
    """A titled table: heads, rows of text, and notes printed under it (the rule used, sources)."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | Field, ...], ...]
    notes: tuple[str, ...] = ()
    numeric: frozenset[int] = frozenset()  # columns set flush right
    empty: str = "（无）"  # what stands instead of rows


class Flow(NamedTuple):
    """A listing that may be too long to be held: its rows come as they are written."""

    title: str
    heads: tuple[str, ...]
    rows: Iterator[tuple[str, ...]]
    notes: tuple[str, ...] = ()
    numeric: frozenset[int] = frozenset()


def to_table(listings: Iterable[Listing | Flow], *, columns: int | None, colour: bool) -> str:
    """Listings for reading: title, heads, rule, rows, notes. *columns* None: as wide as needed.

    On a terminal of *columns* the widest fields wrap; a table with more columns than fit is set
    record by record. Nothing is ever cut.
    """
    return "".join(table_pieces(listings, columns=columns, colour=colour))


def table_pieces(listings: Iterable[Listing | Flow], *, columns: int | None, colour: bool) -> Iterator[str]:
    """`to_table` listing by listing, each of which is held: its columns are as wide as their widest field."""
    for number, listing in enumerate(listings):
        held = listing if isinstance(listing, Listing) else Listing(**listing._asdict() | {"rows": tuple(listing.rows)})
        yield "\n" * bool(number) + _one_table(held, columns, colour)


def to_plain(listings: Iterable[Listing | Flow]) -> str:
    """One record a line, fields aligned and two blanks apart, no titles and no notes."""
    return "".join(plain_pieces(listings))


def plain_pieces(listings: Iterable[Listing | Flow]) -> Iterator[str]:
    """`to_plain` little by little. A field wider than those of the first thousand lines moves the rest of its line."""
    for number, listing in enumerate(listings):
        if number:
            yield "\n"
        rows = map(_texts, listing.rows)
        lines = [_texts(listing.heads), *islice(rows, _MEASURED)]
        widths = _natural_widths(lines)
        for line in chain(lines, rows):
            yield _line(line, widths, listing.numeric) + "\n"


def to_md(listings: Iterable[Listing | Flow]) -> str:
    """Markdown: a heading and a pipe table each; text cannot become markup."""
    return "".join(md_pieces(listings))


def md_pieces(listings: Iterable[Listing | Flow]) -> Iterator[str]:
    """`to_md` little by little."""
    for number, listing in enumerate(listings):
        if number:
            yield "\n"
        if listing.title:
            yield f"## {_md(listing.title)}\n\n"
        rules = ["---:" if i in listing.numeric else "---" for i in range(len(listing.heads))]
        escaped = (map(_md, _texts(row)) for row in listing.rows)
        for line in chain([map(_md, listing.heads), rules], escaped):
            yield "| " + " | ".join(line) + " |\n"
        for note in listing.notes:
            yield f"\n> {_md(note)}\n"


def to_csv(listings: Iterable[Listing | Flow]) -> str:
    """The first listing as CSV that Excel and WPS open: BOM, CRLF, no live formulas."""
    return "".join(csv_pieces(listings))


def csv_pieces(listings: Iterable[Listing | Flow]) -> Iterator[str]:
    """`to_csv` little by little."""
    import csv
    import io

    first = next(iter(listings))
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    yield "\ufeff"
    for row in chain([first.heads], map(_texts, first.rows)):
        writer.writerow([csv_field(text) for text in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _one_table(listing: Listing, columns: int | None, colour: bool) -> str:
    lines = [tuple(visible(head) for head in listing.heads), *(_texts(row) for row in listing.rows)]
    widths = _fitted(lines, columns)
    tones = [[field.tone if isinstance(field, Field) and colour else "" for field in row] for row in listing.rows]
    out = [visible(listing.title)] if listing.title else []
    if listing.rows and columns and sum(widths) + len(_GAP) * (len(widths) - 1) > columns:
        out += _records(lines, tones, columns)
    else:
        out += [_line(part, widths, listing.numeric) for part in _wrapped(lines[0], widths)]
        out.append(_GAP.join("─" * w for w in widths))
        for texts, own in zip(lines[1:], tones, strict=True):
            out += [_line(part, widths, listing.numeric, own) for part in _wrapped(texts, widths)]
    if not listing.rows:
        out.append(listing.empty)
    for note in listing.notes:
        out += folded(visible(note), columns or 10**6)
    return "\n".join(out) + "\n"


def _records(lines: Sequence[Sequence[str]], tones: Sequence[Sequence[Tone]], columns: int) -> list[str]:
    """Each row as lines of head and text, empty fields left out, a rule before each."""
    heads = lines[0]
    widest = max(map(width, heads))
    widths = (widest, max(columns - widest - len(_GAP), _NARROWEST))
    out = []
    for texts, own in zip(lines[1:], tones, strict=True):
        out.append("─" * columns)
        for head, text, tone in zip(heads, texts, own, strict=True):
            if text:
                out += [_line(part, widths, frozenset(), ("", tone)) for part in _wrapped((head, text), widths)]
    return out


def _texts(row: Iterable[str | Field]) -> tuple[str, ...]:
    return tuple(visible(field.text if isinstance(field, Field) else field) for field in row)


def _natural_widths(lines: Sequence[Sequence[str]]) -> list[int]:
    return [max(width(text) for text in column) for column in zip(*lines, strict=True)]


def _fitted(lines: Sequence[Sequence[str]], columns: int | None) -> list[int]:
    """Take from the widest columns until a line fits, dates and codes broken last; a field keeps `_NARROWEST`."""
    widths = _natural_widths(lines)
    room = (columns or 10**6) - len(_GAP) * (len(widths) - 1)
    for whole in _WHOLE:
        if sum(widths) <= room:
            break
        floors = [_floor(column, whole) for column in zip(*lines, strict=True)]
        while sum(widths) > room and (wide := [i for i, w in enumerate(widths) if w > floors[i]]):
            widths[max(wide, key=widths.__getitem__)] -= 1
    return widths


def _floor(column: Iterable[str], whole: int) -> int:
    """How narrow a column may become without breaking a date, number or code that is at most *whole* wide."""
    words = (width(word) for text in column for word in re.findall(_UNBROKEN, text))
    return max(_NARROWEST, *(word for word in words if word <= whole), 0)


def _wrapped(texts: Sequence[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    fields = [folded(text, w) for text, w in zip(texts, widths, strict=True)]
    height = max(len(lines) for lines in fields)
    return [tuple(lines[i] if i < len(lines) else "" for lines in fields) for i in range(height)]


def folded(text: str, columns: int) -> list[str]:
    """Break *text* at *columns*: at a blank or after a Chinese character, not within a number or word.

    No line begins with closing punctuation or ends with an opening bracket, as in Chinese print.
    """
    lines = []
    while width(text) > columns:
        cut = _cut(text, columns)
        lines.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*lines, text]


def _cut(text: str, columns: int) -> int:
    """How many characters go on this line: the last good place to break that fits, else all that fit."""
    taken = fits = 0
    for character in text:
        taken += width(character)
        if taken > columns:
            break
        fits += 1
    fits = max(fits, 1)  # so that folding ends even when one character is too wide
    for cut in range(fits, fits // 2, -1):
        if _breaks(text[cut - 1], text[cut]):
            return cut
    return fits


def _breaks(before: str, after: str) -> bool:
    if before == " " or after == " ":
        return True
    within_word = before in _WORD and after in _WORD
    return not within_word and before not in _OPENING and after not in _CLOSING


def _line(texts: Sequence[str], widths: Sequence[int], numeric: frozenset[int], tones: Sequence[Tone] = ()) -> str:
    fields = []
    for i, (text, wide) in enumerate(zip(texts, widths, strict=True)):
        pad = " " * (wide - width(text))
        code = _ANSI.get(tones[i], "") if tones else ""
        shown = f"\x1b[{code}m{text}\x1b[0m" if code and text else text
        fields.append(pad + shown if i in numeric else shown + pad)
    return _GAP.join(fields).rstrip()


def _md(text: str) -> str:
    for mark in "\\`*_[]<>|#~":
        text = text.replace(mark, "\\" + mark)
    return text.replace("&", "&amp;")
