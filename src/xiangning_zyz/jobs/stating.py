"""What files state: read and understood, many of them in worker processes, so that both cores work.

A worker is this module's `work` in an interpreter of its own. It is told the plan once, then one path
after the other, and reads like the parent, in a confined child (docs/decisions/0003). If it fails, for
whatever reason, the parent goes on alone. Both ends are our own code, so they speak in pickles.
"""

import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, NamedTuple, cast

from xiangning_zyz.intake.facts import read_report
from xiangning_zyz.intake.facts.statement import Given, Statement
from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading.books import Reading, read_books
from xiangning_zyz.intake.reading.process import ReadingProcess
from xiangning_zyz.plan import Plan

_WORKERS = 2
_MANY = 40  # files; a worker takes about as long to start as ten to read
_AHEAD = 4  # files a worker has at hand; `read_books` gives an answer once it has seen two more
_START = "from xiangning_zyz.jobs.stating import work; work()"


class Stated(NamedTuple):
    """One workbook, or why it is none, and what it states."""

    path: Path  # the file it came in
    content: bytes  # its bytes: the file's, or the zip member's own
    result: Book | Failure  # from a worker without the sheets; see `with_sheets`
    statement: Statement  # of a Failure, its problem alone


def state_files(plan: Plan, names: Names, given: Given, paths: Sequence[Path]) -> Iterator[Stated]:
    """What each of *paths* states, in their order; several for a zip."""
    if len(paths) < _MANY:
        return _here(plan, names, given, paths)
    return _by_workers(plan, names, given, paths)


def with_sheets(stated: Stated) -> Book:
    """The book with its cells, which a worker does not send along: few sheets are returned."""
    book = cast("Book", stated.result)
    if book.sheets:
        return book
    process = ReadingProcess()
    try:
        process.request(book.file, stated.content)
        (document,) = process.answer(book.file, stated.content)
    finally:
        process.stop()
    return document.result if isinstance(document.result, Book) else book


def work() -> None:
    """Answer paths from standard input on standard output until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    plan, given = pickle.load(asked)  # noqa: S301 - from our parent

    def paths() -> Iterator[Path]:
        with suppress(EOFError):
            while True:
                yield pickle.load(asked)  # noqa: S301 - as above

    for _, group in groupby(_here(plan, Names(plan), given, paths()), attrgetter("path")):
        pickle.dump([_light(stated) for stated in group], answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _here(plan: Plan, names: Names, given: Given, paths: Iterable[Path]) -> Iterator[Stated]:
    for reading in read_books(paths):
        yield _state(plan, names, given, reading)


def _state(plan: Plan, names: Names, given: Given, reading: Reading) -> Stated:
    result = reading.result
    if isinstance(result, Book):
        statement = read_report(result, plan, names, given)
    else:
        statement = Statement(None, (), (result.problem,))
    return Stated(reading.path, reading.content, result, statement)


def _light(stated: Stated) -> Stated:
    return stated._replace(result=stated.result._replace(sheets=())) if isinstance(stated.result, Book) else stated


def _by_workers(plan: Plan, names: Names, given: Given, paths: Sequence[Path]) -> Iterator[Stated]:
    workers = [_Worker(plan, given, paths[number::_WORKERS]) for number in range(_WORKERS)]
    done = 0
    try:
        for done in range(len(paths)):
            yield from workers[done % _WORKERS].answer()
        done = len(paths)
    except (EOFError, OSError, pickle.UnpicklingError):
        pass  # a worker has died: what it was at is read again below
    finally:
        for worker in workers:
            worker.stop()
    yield from _here(plan, names, given, paths[done:])


class _Worker:
    """The parent's end of one worker."""

    def __init__(self, plan: Plan, given: Given, paths: Sequence[Path]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._paths = iter(paths)
        self._tell((plan, given))
        for _ in range(_AHEAD):
            self._ask()

    def answer(self) -> list[Stated]:
        """What the next of its paths states. EOFError or OSError when the worker has died."""
        stated: list[Stated] = pickle.load(cast("IO[bytes]", self._process.stdout))  # noqa: S301 - from our own worker
        self._ask()
        return stated

    def stop(self) -> None:
        """End the worker, whatever it is doing; the child that reads for it ends with it."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what is still to be written has no reader any more
                cast("IO[bytes]", pipe).close()
        self._process.wait()

    def _ask(self) -> None:
        path = next(self._paths, None)
        if path is not None:
            self._tell(path)
        else:
            cast("IO[bytes]", self._process.stdin).close()

    def _tell(self, what: object) -> None:
        with suppress(OSError):  # if the worker is dead, its answer will be missing
            pipe = cast("IO[bytes]", self._process.stdin)
            pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
            pipe.flush()
