"""Worker processes, which read and understand many files, so that all cores work.

A worker is `understanding.work` in an interpreter of its own. It starts while the parent still loads itself, so this
module loads little. It is told once what it needs, then given paths, a batch at a time, and confines itself before it
reads the first (docs/decisions/0003): it takes the place of the child that reads a single file, and saves the cells
their way from there to here.

A usual report takes a worker about as long as it takes the parent to check and store, so one worker keeps two cores
busy. More start while the parent has to wait for sheets that are harder to read.
"""

import os
import pickle
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain, islice
from pathlib import Path
from time import monotonic
from typing import TypeVar

from xiangning_zyz.intake.reading.watched import NEVER, WatchedChild

MANY = 40  # files; a worker takes about as long to start as ten to read

_MOST = max(2, min(4, (os.cpu_count() or 2) - 1))  # workers; the parent could not keep up with more
_BATCH = 32  # files given to a worker at once
_AT_HAND = 64  # files it has left before it is given more, so that it goes on while the parent stores as many
# Seconds, waited and to be waited, for which another joins in: it must start, and meet what the first has met.
_WORTH = 0.5
_PATIENCE = 5.0  # seconds for one file, some hundred times what it takes
_CODE = str(Path(__file__).parents[2])
_START = f"import sys; sys.path.insert(0, {_CODE!r}); from xiangning_zyz.jobs.understanding import work; work()"
_MAKES_WAY = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # Windows; elsewhere a worker does so by itself
T = TypeVar("T")
Hear = Callable[[int], bytes]  # the next so many bytes from a worker

_ahead: "list[Crew]" = []  # started, and not yet taken; one at most


def start_ahead(paths: Iterable[str]) -> None:
    """Start for `workers_for` before the command line is read, if *paths* hold many files.

    A crew that nobody takes ends with this process: nobody is left to tell it anything.
    """
    files = chain.from_iterable(map(_files, paths))
    if sum(1 for _ in islice(files, MANY)) == MANY:
        with suppress(OSError):  # told when the files are read, if it is still so
            _ahead.append(Crew())


@contextmanager
def workers_for(files: int) -> "Iterator[Crew | None]":
    """Workers for so many files, starting up; none for a few, which are read before a worker has started."""
    crew = _ahead.pop() if _ahead else Crew() if files >= MANY else None
    try:
        yield crew
    finally:
        if crew is not None:
            crew.stop()


class Crew:
    """The workers of one run: one, and more if that saves time."""

    def __init__(self) -> None:
        self._workers = [Worker()]

    def answers(
        self, told: object, paths: Sequence[Path], heard: Callable[[Path, Hear], T]
    ) -> "Iterator[tuple[Path, T | None]]":
        """What workers *told* what they need answer about each of *paths*, in their order, as *heard*.

        None where they could not tell. To be called once.
        """
        self._workers[0].begin(told)
        batches = deque(paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH))
        given: deque[tuple[Worker, Sequence[Path]]] = deque()
        handled, waited, left = 0, 0.0, len(paths)
        while batches or given:
            self._give(batches, given)
            worker, batch = given.popleft()
            for path in batch:
                begun = monotonic()
                answer = worker.answer(partial(heard, path))
                waited += monotonic() - begun
                yield path, answer
            handled += len(batch)
            left -= len(batch)
            if waited > _WORTH and waited / handled * left > _WORTH and len(self._workers) < _MOST:
                self._workers.append(Worker())
                self._workers[-1].begin(told)
                handled, waited = 0, 0.0

    def stop(self) -> None:
        """End the workers, whatever they are doing."""
        for worker in self._workers:
            worker.stop()

    def _give(self, batches: deque[Sequence[Path]], given: "deque[tuple[Worker, Sequence[Path]]]") -> None:
        """Give *batches* to those who have least to do, until all have enough."""
        while batches:
            worker = min(self._workers, key=lambda each: (each.gone, each.left))
            if worker.left > _AT_HAND:
                return
            batch = batches.popleft()
            worker.give(batch)
            given.append((worker, batch))


class Worker:
    """The parent's end of one worker. If it dies over a file, another goes on after that file."""

    def __init__(self) -> None:
        self._child: WatchedChild | None = _start()
        self._answered = False
        self._paths: deque[Path] = deque()

    @property
    def gone(self) -> bool:
        """Whether nothing more is to be expected of it."""
        return self._child is None

    @property
    def left(self) -> int:
        """How many of its paths it has not answered."""
        return len(self._paths)

    def begin(self, told: object) -> None:
        """Tell it what it needs, once."""
        self._told = told
        self._tell(told)

    def give(self, paths: Sequence[Path]) -> None:
        """Have it understand these paths, after those it has."""
        self._paths.extend(paths)
        self._tell(tuple(map(str, paths)))

    def answer(self, heard: Callable[[Hear], T]) -> T | None:
        """What it answers about the next of its paths, as *heard*; None if it could not tell, or nobody hear it."""
        self._paths.popleft()
        child = self._child
        if child is None:
            return None
        child.expect_within(_PATIENCE)
        try:
            answer = heard(child.hear)
        except Exception:  # late, dead, or taken over by a file: whatever it sent is worth nothing
            self.stop()
            if self._answered:  # it can work, so it was this file
                self._child = _start()
                self._answered = False
                self._tell(self._told)
                self._tell(tuple(map(str, self._paths)))
            return None
        child.expect_within(NEVER)
        self._answered = True
        return answer

    def stop(self) -> None:
        """End the worker, whatever it is doing."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def _tell(self, what: object) -> None:
        if self._child is not None:
            self._child.expect_within(_PATIENCE)  # it hears at once, or is still starting
            self._child.tell(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))
            self._child.expect_within(NEVER)


def _files(path: str) -> Iterator[str]:
    folder = Path(path)
    return chain.from_iterable(names for _, _, names in os.walk(folder)) if folder.is_dir() else iter((path,))


def _start() -> WatchedChild:
    return WatchedChild(_START, flags=_MAKES_WAY)
