"""The parent's side of `child.py`: one reading process, watched, and replaced when it dies."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.reading import limits, unpacking
from xiangning_zyz.intake.reading.packing import BOOK, CONTENT, END, FAILURE, FRAME, MEMBER, REQUEST, ROWS
from xiangning_zyz.intake.reading.watched import NEVER, WatchedChild
from xiangning_zyz.problem import READER_FAILED, Place

# The child sees its own code and the standard library, nothing that is installed beside them.
_CODE = str(Path(__file__).parents[3])
_START = f"import sys; sys.path.append({_CODE!r}); from xiangning_zyz.intake.reading.child import main; main()"
_CRASHED = "读取程序异常退出"


class Document(NamedTuple):
    """One workbook of a file, with its bytes: the file's own, or those of the zip's member."""

    content: bytes
    result: Book | Failure


class _DiedError(Exception):
    """The child is gone, or sent what it never would; the message says why, in Chinese."""


class ReadingProcess:
    """Reads files in a child of its own. One at a time: `request`, then all of `answer`."""

    def __init__(self) -> None:
        self._child: WatchedChild | None = None

    def request(self, name: str, content: bytes) -> None:
        """Hand over a file; the child reads it while the parent does other work."""
        spelled = name.encode()
        if self._child is None or not self._child.running():
            self.stop()
            self._child = WatchedChild(_START, ["-S"])
        self._child.expect_within(limits.SECONDS)
        self._child.tell(REQUEST.pack(len(spelled), len(content)) + spelled, content)
        self._child.expect_within(NEVER)

    def answer(self, name: str, content: bytes) -> Iterator[Document]:
        """The documents of the file handed over last: one, or one for each member of a zip.

        The child has `limits.SECONDS` for each, counted only while it is waited for.
        """
        file, inner = name, content
        blobs: list[bytes] = []
        child = cast("WatchedChild", self._child)
        try:
            child.expect_within(limits.SECONDS)
            while (frame := _frame(child))[0] != END:
                tag, payload = frame
                if tag == ROWS:
                    blobs.append(payload)
                elif tag == MEMBER:
                    file, inner = f"{name}/{payload.decode()}", b""
                elif tag == CONTENT:
                    inner = payload
                else:
                    child.expect_within(NEVER)
                    yield Document(inner, _result(tag, payload, blobs, file, inner))
                    blobs = []
                    child.expect_within(limits.SECONDS)
            child.expect_within(NEVER)
        except _DiedError as death:
            self.stop()
            problem = READER_FAILED.at(Place(file), why=str(death))
            yield Document(inner, Failure(file, _sha256(inner), problem))

    def stop(self) -> None:
        """End the child, whatever it is doing; the next request starts another."""
        if self._child is not None:
            self._child.stop()
            self._child = None


def _frame(child: WatchedChild) -> tuple[bytes, bytes]:
    tag, size = FRAME.unpack(_heard(child, FRAME.size))
    if size > limits.PACKED_BYTES:
        raise _DiedError(_CRASHED)
    return tag, _heard(child, size)


def _heard(child: WatchedChild, size: int) -> bytes:
    data = child.hear(size)
    if len(data) < size:
        raise _DiedError(f"超过 {limits.SECONDS:.0f} 秒仍未读完" if child.late else _CRASHED)
    return data


def _result(tag: bytes, payload: bytes, blobs: list[bytes], file: str, content: bytes) -> Book | Failure:
    """The book or failure of a closing frame. A child that was taken over may send anything at all."""
    sha256 = _sha256(content)
    try:
        if tag == BOOK:
            return unpacking.book(payload, blobs, file, sha256)
        if tag == FAILURE:
            return Failure(file, sha256, unpacking.failure(payload))
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise _DiedError(_CRASHED) from error
    raise _DiedError(_CRASHED)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
