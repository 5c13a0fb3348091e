"""The parent's side of `child.py`: one reading process, watched, and replaced when it dies."""

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, BinaryIO, Literal, NamedTuple, cast

from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.reading import limits, unpacking
from xiangning_zyz.intake.reading.child import FRAME, REQUEST
from xiangning_zyz.intake.reading.documents import send_documents
from xiangning_zyz.intake.reading.packing import BOOK, CONTENT, END, FAILURE, MEMBER, ROWS, Rows
from xiangning_zyz.problem import READER_FAILED, Place

# The child sees its own code and the standard library, nothing that is installed beside them.
_CODE = str(Path(__file__).parents[3])
_START = f"import sys; sys.path.append({_CODE!r}); from xiangning_zyz.intake.reading.child import main; main()"
# And of the environment what an interpreter may need to start: secrets stay here.
ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_NEVER = float("inf")
_WATCH_EVERY = 0.2  # seconds
_ROWS_INSIDE = 50  # of a thousand cells each
_CHARACTERS_INSIDE = 4 << 20  # a cell holds up to 32,767, and shared strings may be used many times
_CRASHED = "读取程序异常退出"


class Document(NamedTuple):
    """One workbook of a file, with its bytes: the file's own, or those of the zip's member."""

    content: bytes
    result: Book | Failure


class _DiedError(Exception):
    """The child is gone, or sent what it never would; the message says why, in Chinese."""


class _NotInsideError(BaseException):
    """A file is not for this process. No reader's handler for the unforeseen may take it for damage."""


class ReadingProcess:
    """Reads files in a child of its own. One at a time: `request`, then all of `answer`."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()  # over the deadline, so that no child is killed for an answer it gave
        self._deadline = _NEVER
        self._late = False

    def request(self, name: str, content: bytes) -> None:
        """Hand over a file; the child reads it while the parent does other work."""
        spelled = name.encode()
        if self._child is None or self._late or self._child.poll() is not None:
            self._start()
        self._expect_within(limits.SECONDS)
        # If the child dies over this, `answer` finds no frame and says so.
        with suppress(OSError):
            requests = self._pipe("stdin")
            requests.write(REQUEST.pack(len(spelled), len(content)) + spelled)
            requests.write(content)
            requests.flush()
        self._expect_within(_NEVER)

    def answer(self, name: str, content: bytes) -> Iterator[Document]:
        """The documents of the file handed over last: one, or one for each member of a zip.

        The child has `limits.SECONDS` for each, counted only while it is waited for.
        """
        file, inner = name, content
        blobs: list[bytes] = []
        try:
            self._expect_within(limits.SECONDS)
            while (frame := self._frame())[0] != END:
                tag, payload = frame
                if tag == ROWS:
                    blobs.append(payload)
                elif tag == MEMBER:
                    file, inner = f"{name}/{payload.decode()}", b""
                elif tag == CONTENT:
                    inner = payload
                else:
                    self._expect_within(_NEVER)
                    yield Document(inner, _result(tag, payload, blobs, file, inner))
                    blobs = []
                    self._expect_within(limits.SECONDS)
            self._expect_within(_NEVER)
        except _DiedError as death:
            self.stop()
            problem = READER_FAILED.at(Place(file), why=str(death))
            yield Document(inner, Failure(file, _sha256(inner), problem))

    def stop(self) -> None:
        """End the child, whatever it is doing; the next request starts another."""
        self._expect_within(_NEVER)
        child, self._child = self._child, None
        if child:
            child.kill()
            for pipe in (child.stdin, child.stdout):
                with suppress(OSError):  # what is still to be written has no reader any more
                    cast("BinaryIO", pipe).close()
            child.wait()

    def _start(self) -> None:
        self.stop()
        self._late = False
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-I", "-S", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        threading.Thread(target=self._watch, args=(self._child,), daemon=True).start()

    def _watch(self, child: "subprocess.Popen[bytes]") -> None:
        """Kill *child* when it is late. A pipe cannot be read with a time limit on Windows; this works anywhere."""
        while child.poll() is None:
            with self._lock:
                if monotonic() > self._deadline and child is self._child:
                    self._late = True
                    child.kill()
                    return
            sleep(_WATCH_EVERY)

    def _expect_within(self, seconds: float) -> None:
        with self._lock:
            self._deadline = monotonic() + seconds

    def _frame(self) -> tuple[bytes, bytes]:
        header = self._read(FRAME.size)
        tag, size = FRAME.unpack(header)
        if size > limits.PACKED_BYTES:
            raise _DiedError(_CRASHED)
        return tag, self._read(size)

    def _read(self, size: int) -> bytes:
        data = self._pipe("stdout").read(size)
        if len(data) < size:
            late = f"超过 {limits.SECONDS:.0f} 秒仍未读完"
            raise _DiedError(late if self._late else _CRASHED)
        return data

    def _pipe(self, name: Literal["stdin", "stdout"]) -> BinaryIO:
        pipe = getattr(self._child, name, None)
        if pipe is None:
            raise OSError("the reading process is not running")
        return cast("BinaryIO", pipe)


def document_inside(name: str, content: bytes) -> Book | Failure | None:
    """One workbook read in this process; None where the file holds several, or more cells than are sent at once."""
    rows: list[Rows] = []
    results: list[Book | Failure] = []
    characters = 0

    def take(tag: bytes, payload: Any) -> None:
        nonlocal characters
        if tag == ROWS:
            rows.append(payload)
            characters += sum(map(len, payload.texts))
            if len(rows) > _ROWS_INSIDE or characters > _CHARACTERS_INSIDE:
                raise _NotInsideError
        elif tag == BOOK:
            results.append(unpacking.book_of(payload, rows, name, _sha256(content)))
        elif tag == FAILURE:
            results.append(Failure(name, _sha256(content), payload))
        elif tag == MEMBER:
            raise _NotInsideError

    try:
        send_documents(name, content, take)
    except _NotInsideError:
        return None
    finally:
        rows.clear()
    return results.pop()  # a reader whose parts refer to each other would keep it alive until the collector comes


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
