"""The terminal: what may be written to it and how. Data on stdout, words about it on stderr.

Machine formats (json, csv, md) are UTF-8 whatever the console; words for people follow the
console's encoding and never fail on it (a Chinese Windows console is GBK).
"""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, AnyStr, Literal, TextIO

from xiangning_zyz.aside import write_aside
from xiangning_zyz.report.listing import Listing, to_csv, to_md, to_plain, to_table
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


def put(listings: Sequence[Listing], value: object, form: Format, output: Path | None, *, no_colour: bool) -> bytes:
    """Write *listings*, or *value* as JSON, to standard output or to *output*; the bytes written."""
    if output is not None:
        content = _spelled(listings, value, form, None, colour=False).encode()
        write_aside(output, content)
    else:
        content = printed(listings, value, form, no_colour=no_colour)
        _write(sys.stdout, "")
        _send(sys.stdout.buffer, content)
    return content


def printed(listings: Sequence[Listing], value: object, form: Format, *, no_colour: bool) -> bytes:
    """What `put` writes to standard output as that is now: a terminal or not, its width and encoding."""
    if form not in ("table", "plain"):
        return _spelled(listings, value, form, None, colour=False).encode()
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    text = _spelled(listings, value, form, columns, colour=coloured(sys.stdout, refused=no_colour))
    return text.replace("\n", os.linesep).encode(sys.stdout.encoding or "utf-8", "replace")


def _spelled(listings: Sequence[Listing], value: object, form: Format, columns: int | None, *, colour: bool) -> str:
    match form:
        case "json":
            from xiangning_zyz.report.json_text import to_json

            return to_json(value)
        case "csv":
            return to_csv(listings)
        case "md":
            return to_md(listings)
        case "plain":
            return to_plain(listings)
        case "table":
            return to_table(listings, columns=columns, colour=colour)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    _send(stream, text.encode(encoding, "replace").decode(encoding))


def _send(stream: IO[AnyStr], content: AnyStr) -> None:
    try:
        stream.write(content)
        stream.flush()
    except BrokenPipeError:
        raise ClosedPipe from None
