"""A file read in this very process, which has confined itself: no cell has to cross a pipe (see `process.py`)."""

import hashlib
from pathlib import Path
from typing import Any

from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.reading import unpacking
from xiangning_zyz.intake.reading.documents import send_documents
from xiangning_zyz.intake.reading.packing import BOOK, FAILURE, MEMBER, ROWS, Rows
from xiangning_zyz.intake.reading.received import Reading, received_bytes, shown_name
from xiangning_zyz.intake.reading.refusal import Refused
from xiangning_zyz.problem import Place

# What is read and understood in one process must need little memory.
_BYTES = 1 << 20  # of the file
_ROWS = 50  # of a thousand cells each
_CHARACTERS = 4 << 20  # a cell holds up to 32,767, and shared strings may be used many times


class _NotInsideError(BaseException):
    """A file is not for this process. No reader's handler for the unforeseen may take it for damage."""


def read_inside(path: Path) -> Reading | None:
    """Read one file; None for a zip, and for a large file."""
    name = shown_name(path)
    try:
        content = received_bytes(path)
    except Refused as refused:
        problem = refused.kind.at(Place(name), **refused.case)
        return Reading(path, b"", Failure(name, "", problem))
    result = _document(name, content) if len(content) <= _BYTES else None
    return None if result is None else Reading(path, content, result)


def _document(name: str, content: bytes) -> Book | Failure | None:
    """One workbook read in this process; None where the file holds several, or more cells than are sent at once."""
    rows: list[Rows] = []
    results: list[Book | Failure] = []
    characters = 0
    sha256 = hashlib.sha256(content).hexdigest()

    def take(tag: bytes, payload: Any) -> None:
        nonlocal characters
        if tag == ROWS:
            rows.append(payload)
            characters += sum(map(len, payload.texts))
            if len(rows) > _ROWS or characters > _CHARACTERS:
                raise _NotInsideError
        elif tag == BOOK:
            results.append(unpacking.book_of(payload, rows, name, sha256))
        elif tag == FAILURE:
            results.append(Failure(name, sha256, payload))
        elif tag == MEMBER:
            raise _NotInsideError

    try:
        send_documents(name, content, take)
    except _NotInsideError:
        return None
    finally:
        rows.clear()
    return results.pop()  # a reader whose parts refer to each other would keep it alive until the collector comes
