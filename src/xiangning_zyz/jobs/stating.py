"""What files state: read and understood, many of them in worker processes, so that all cores work.

A worker is `understanding.work` in an interpreter of its own, which starts while the parent still loads the
plan. It is told the plan once, then one path after the other, and confines itself before it reads the first
(docs/decisions/0003): it takes the place of the child that reads a single file, and saves the cells their way
from there to here. What it cannot answer (a zip, a large file, one that ends it or takes too long) the parent
reads as it reads a single file.
"""

import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from queue import SimpleQueue
from typing import IO, cast

from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.intake.grid import Book
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading.books import Reading, read_books, readings_of
from xiangning_zyz.intake.reading.process import ENVIRONMENT, ReadingProcess
from xiangning_zyz.jobs.answers import Stated, heard
from xiangning_zyz.plan import Plan

SIZE = struct.Struct("<I")  # bytes of an answer, before each

_WORKERS = max(2, min(4, (os.cpu_count() or 2) - 1))  # the parent could not keep up with more
_MANY = 40  # files; a worker takes about as long to start as ten to read
_AHEAD = 48  # files a worker has at hand, or has answered while the parent was busy
_LARGEST_ANSWER = 64 << 20  # bytes
_PIECE = 1 << 20  # bytes read at once, at most
_PATIENCE = 5.0  # seconds for one file, some hundred times what it takes
_CODE = str(Path(__file__).parents[2])
# Windows; elsewhere a worker makes way by itself.
_FLAGS = sum(getattr(subprocess, name, 0) for name in ("CREATE_NO_WINDOW", "BELOW_NORMAL_PRIORITY_CLASS"))
_START = f"import sys; sys.path.insert(0, {_CODE!r}); from xiangning_zyz.jobs.understanding import work; work()"


@contextmanager
def workers_for(files: int) -> "Iterator[Sequence[Worker]]":
    """Workers for so many files, starting up; none for a few, which are read before a worker has started."""
    workers = [Worker() for _ in range(_WORKERS)] if files >= _MANY else []
    try:
        yield workers
    finally:
        for worker in workers:
            worker.stop()


def state_files(
    plan: Plan, names: Names, given: Given, paths: Sequence[Path], workers: "Sequence[Worker]" = ()
) -> Iterator[Stated]:
    """What each of *paths* states, in their order; several for a zip. *workers* do this once, many paths at a time."""
    if not workers or len(paths) < _MANY:
        return _states(plan, names, given, paths)
    return _by_workers(plan, names, given, paths, workers)


def with_sheets(stated: Stated, process: ReadingProcess) -> Book:
    """The book with its cells, which a worker does not send along, read again by *process*: few sheets are returned."""
    book = cast("Book", stated.result)
    if book.sheets:
        return book
    process.request(book.file, stated.content)
    (document,) = process.answer(book.file, stated.content)
    return document.result if isinstance(document.result, Book) else book


def _states(plan: Plan, names: Names, given: Given, paths: Sequence[Path]) -> Iterator[Stated]:
    return _understood(plan, names, given, read_books(paths)) if paths else iter(())


def _understood(plan: Plan, names: Names, given: Given, readings: Iterable[Reading]) -> Iterator[Stated]:
    # Imported here: where workers do this, the parent need not be able to.
    from xiangning_zyz.jobs.understanding import understood

    return (understood(plan, names, given, reading) for reading in readings)


def _by_workers(
    plan: Plan, names: Names, given: Given, paths: Sequence[Path], workers: "Sequence[Worker]"
) -> Iterator[Stated]:
    for number, worker in enumerate(workers):
        worker.begin(plan, given, paths[number :: len(workers)])
    alone = ReadingProcess()
    try:
        for at, path in enumerate(paths):
            stated = workers[at % len(workers)].answer()
            if stated is not None:
                yield stated
            else:
                yield from _understood(plan, names, given, readings_of(path, alone))
    finally:
        alone.stop()


class Worker:
    """The parent's end of one worker. If it dies over a file, another goes on after that file.

    A thread fetches the answers, so that the worker goes on while the parent is busy with others.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    def begin(self, plan: Plan, given: Given, paths: Sequence[Path]) -> None:
        """Have it understand *paths*, by *plan*: some files ahead of what is asked for."""
        self._told = (plan, given)
        self._paths = paths
        self._done = 0
        self._ask_ahead()

    def answer(self) -> Stated | None:
        """What the next of its paths states; None when the worker could not tell."""
        path = self._paths[self._done]
        self._done += 1
        if self._process is None:
            return None
        try:
            stated = heard(path, self._answers.get(timeout=_PATIENCE))
        except Exception:  # late, dead, or taken over by a file: whatever it sent is worth nothing
            self.stop()
            if self._begun < self._done - 1:  # it had answered before, so it was this file
                self._start()
                self._ask_ahead()
            return None
        self._ask()
        return stated

    def stop(self) -> None:
        """End the worker, whatever it is doing."""
        if self._process is None:
            return
        self._process.kill()
        with suppress(OSError):  # what is still to be written has no reader any more
            cast("IO[bytes]", self._process.stdin).close()
        self._process.wait()
        self._process = None

    def _start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-I", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            creationflags=_FLAGS,
        )
        self._answers: SimpleQueue[bytes] = SimpleQueue()
        answered = cast("BufferedReader", self._process.stdout)
        threading.Thread(target=_fetch, args=(answered, self._answers), daemon=True).start()

    def _ask_ahead(self) -> None:
        self._begun = self._asked = self._done
        self._tell(self._told)
        for _ in range(_AHEAD):
            self._ask()

    def _ask(self) -> None:
        if self._process is not None and self._asked < len(self._paths):
            self._tell(str(self._paths[self._asked]))
            self._asked += 1

    def _tell(self, what: object) -> None:
        with suppress(OSError):  # if the worker is dead, its answer will be missing
            requests = cast("IO[bytes]", cast("subprocess.Popen[bytes]", self._process).stdin)
            pickle.dump(what, requests, pickle.HIGHEST_PROTOCOL)
            requests.flush()


def _fetch(pipe: BufferedReader, answers: "SimpleQueue[bytes]") -> None:
    """Put each answer that comes through *pipe* into *answers*; after the last an empty one, which nobody can read.

    All that is there is taken at once: after each read this thread waits until the parent's work lets it go on.
    """
    waiting = bytearray()
    size = 0  # of the answer that is coming
    with pipe:
        while size <= _LARGEST_ANSWER and (data := pipe.read1(_PIECE)):
            waiting += data
            while len(waiting) >= SIZE.size:
                size = SIZE.unpack_from(waiting)[0]
                if len(waiting) < SIZE.size + size:
                    break
                answers.put(bytes(waiting[SIZE.size : SIZE.size + size]))
                del waiting[: SIZE.size + size]
    answers.put(b"")
