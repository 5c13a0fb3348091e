"""The terminal: what may be written to it and how. Data on stdout, words about it on stderr.

Machine formats (json, csv, md) are UTF-8 whatever the console; words for people follow the
console's encoding and never fail on it (a Chinese Windows console is GBK).
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, AnyStr, Literal, TextIO

from xiangning_zyz.aside import write_aside
from xiangning_zyz.report.listing import Flow, Listing, csv_pieces, md_pieces, plain_pieces, table_pieces
from xiangning_zyz.report.visible import visible


class ClosedPipe(Exception):
    """The reader of our output has gone (`| head`); Typer would turn the plain OSError into exit 1."""


Format = Literal["table", "plain", "json", "csv", "md"]


def say(words: str) -> None:
    """Words about the data, on stderr; line by line, nothing acting."""
    _write(sys.stderr, "".join(visible(line) + "\n" for line in words.splitlines()))


def put_text(text: str) -> None:
    """Words that are the answer themselves (help, a version), on stdout."""
    _write(sys.stdout, text)


def coloured(stream: TextIO, *, refused: bool) -> bool:
    """Whether *stream* is shown with colour: a terminal that was not asked to do without."""
    if refused or os.environ.get("NO_COLOR") or os.environ.get("ZYZ_NO_COLOR"):
        return False
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def put(
    listings: Iterable[Listing | Flow], value: object, form: Format, output: Path | None, *, no_colour: bool
) -> None:
    """Write *listings*, or *value* as JSON, to standard output or to *output*, piece by piece as they come."""
    if output is not None:
        write_aside(output, (piece.encode() for piece in _spelled(listings, value, form, None, colour=False)))
    elif form in ("table", "plain"):
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        for piece in _spelled(listings, value, form, columns, colour=coloured(sys.stdout, refused=no_colour)):
            _write(sys.stdout, piece)
    else:
        _write(sys.stdout, "")
        for piece in _spelled(listings, value, form, None, colour=False):
            _send(sys.stdout.buffer, piece.encode())


def printed(listings: Iterable[Listing | Flow], value: object, form: Format, *, no_colour: bool) -> bytes:
    """What `put` writes to standard output as that is now: a terminal or not, its width and encoding."""
    if form not in ("table", "plain"):
        return "".join(_spelled(listings, value, form, None, colour=False)).encode()
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    text = "".join(_spelled(listings, value, form, columns, colour=coloured(sys.stdout, refused=no_colour)))
    return text.replace("\n", os.linesep).encode(sys.stdout.encoding or "utf-8", "replace")


def _spelled(
    listings: Iterable[Listing | Flow], value: object, form: Format, columns: int | None, *, colour: bool
) -> Iterator[str]:
    match form:
        case "json":
            from xiangning_zyz.report.json_text import json_pieces

            return json_pieces(value)
        case "csv":
            return _gathered(csv_pieces(listings))
        case "md":
            return _gathered(md_pieces(listings))
        case "plain":
            return _gathered(plain_pieces(listings))
        case "table":
            return table_pieces(listings, columns=columns, colour=colour)


def _gathered(pieces: Iterator[str]) -> Iterator[str]:
    """A thousand lines at a time: each that is written is also flushed."""
    while piece := "".join(islice(pieces, 1_000)):
        yield piece


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    _send(stream, text.encode(encoding, "replace").decode(encoding))


def _send(stream: IO[AnyStr], content: AnyStr) -> None:
    try:
        stream.write(content)
        stream.flush()
    except BrokenPipeError:
        raise ClosedPipe from None
