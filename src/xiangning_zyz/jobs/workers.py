"""Worker processes, which read and understand many files, so that all cores work.

A worker is `understanding.work` in an interpreter of its own. It starts while the parent still loads the plan, so this
module loads little. It is told once what it needs and all its paths, and confines itself before it reads the first
(docs/decisions/0003): it takes the place of the child that reads a single file, and saves the cells their way from
there to here. It goes on as long as the pipe holds its answers.
"""

import os
import pickle
import struct
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from xiangning_zyz.intake.reading.watched import NEVER, WatchedChild

MANY = 40  # files; a worker takes about as long to start as ten to read
SIZE = struct.Struct("<I")  # bytes of an answer, before each

_WORKERS = max(2, min(4, (os.cpu_count() or 2) - 1))  # the parent could not keep up with more
_LARGEST_ANSWER = 64 << 20  # bytes
_PATIENCE = 5.0  # seconds for one file, some hundred times what it takes
_CODE = str(Path(__file__).parents[2])
_START = f"import sys; sys.path.insert(0, {_CODE!r}); from xiangning_zyz.jobs.understanding import work; work()"
_MAKES_WAY = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # Windows; elsewhere a worker does so by itself
T = TypeVar("T")


@contextmanager
def workers_for(files: int) -> "Iterator[Sequence[Worker]]":
    """Workers for so many files, starting up; none for a few, which are read before a worker has started."""
    workers = [Worker() for _ in range(_WORKERS)] if files >= MANY else []
    try:
        yield workers
    finally:
        for worker in workers:
            worker.stop()


class Worker:
    """The parent's end of one worker. If it dies over a file, another goes on after that file."""

    def __init__(self) -> None:
        self._child: WatchedChild | None = _start()

    def begin(self, told: object, paths: Sequence[Path]) -> None:
        """Have it understand *paths* by what it is *told*."""
        self._told, self._paths = told, paths
        self._begun = self._done = 0
        self._tell()

    def answer(self, heard: Callable[[bytes], T]) -> T | None:
        """What it answers about the next of its paths, as *heard*; None when it could not tell, or nobody hear it."""
        self._done += 1
        if self._child is None:
            return None
        self._child.expect_within(_PATIENCE)
        try:
            return heard(self._next(self._child))
        except Exception:  # late, dead, or taken over by a file: whatever it sent is worth nothing
            self.stop()
            if self._begun < self._done - 1:  # it had answered before, so it was this file
                self._child = _start()
                self._begun = self._done
                self._tell()
            return None
        finally:
            if self._child is not None:
                self._child.expect_within(NEVER)

    def stop(self) -> None:
        """End the worker, whatever it is doing."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def _tell(self) -> None:
        if self._child is not None:
            paths = tuple(map(str, self._paths[self._begun :]))
            self._child.expect_within(_PATIENCE)  # it starts up, then takes it all before it answers anything
            self._child.tell(pickle.dumps((self._told, paths), pickle.HIGHEST_PROTOCOL))
            self._child.expect_within(NEVER)

    @staticmethod
    def _next(child: WatchedChild) -> bytes:
        (size,) = SIZE.unpack(child.hear(SIZE.size))
        if size > _LARGEST_ANSWER:
            raise ValueError(f"an answer of {size} bytes")
        answer = child.hear(size)
        if len(answer) < size:
            raise EOFError("half an answer")
        return answer


def _start() -> WatchedChild:
    return WatchedChild(_START, flags=_MAKES_WAY)
