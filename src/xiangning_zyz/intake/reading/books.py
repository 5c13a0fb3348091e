"""Received files into books, in order, each file's damage its own."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.reading.process import ReadingProcess
from xiangning_zyz.intake.reading.received import Reading, received_bytes, shown_name
from xiangning_zyz.intake.reading.refusal import Refused
from xiangning_zyz.problem import Place


def read_books(paths: Iterable[Path], workers: int = 1) -> Iterator[Reading]:
    """Read files one by one, in the order given; a file that cannot be read is a `Failure`, never an exception.

    Each of the *workers* is a child process, started when first needed. They read ahead by one file
    each, so that the caller's work and theirs go on side by side.
    """
    processes = [ReadingProcess() for _ in range(workers)]
    begun: deque[Iterator[Reading]] = deque()
    try:
        for number, path in enumerate(paths):
            last = None
            if len(begun) == workers:
                for reading in begun.popleft():
                    if last:
                        yield last
                    last = reading
            # Only now is this process free; it works on while the caller looks at the last reading.
            begun.append(readings_of(path, processes[number % workers]))
            if last:
                yield last
        while begun:
            yield from begun.popleft()
    finally:
        for process in processes:
            process.stop()


def read(path: Path) -> tuple[Book | Failure, ...]:
    """Read one file: one result, or one for each member of a zip."""
    return tuple(reading.result for reading in read_books([path]))


def readings_of(path: Path, process: ReadingProcess) -> Iterator[Reading]:
    """Hand *path* over to *process* at once; its readings are fetched later."""
    name = shown_name(path)
    try:
        content = received_bytes(path)
    except Refused as refused:
        problem = refused.kind.at(Place(name), **refused.case)
        return iter((Reading(path, b"", Failure(name, "", problem)),))
    process.request(name, content)
    return (Reading(path, *document) for document in process.answer(name, content))
