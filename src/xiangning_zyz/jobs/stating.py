"""What files state: read and understood, many of them in worker processes (`workers.py`).

What a worker cannot answer (a zip, a large file, one that ends it or takes too long) the parent reads as it reads a
single file.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.intake.grid import Book
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading.books import read_books, readings_of
from xiangning_zyz.intake.reading.process import ReadingProcess
from xiangning_zyz.intake.reading.received import Reading
from xiangning_zyz.jobs.answers import Stated, heard
from xiangning_zyz.jobs.workers import MANY, Crew
from xiangning_zyz.plan import Plan


def state_files(
    plan: Plan, names: Names, given: Given, paths: Sequence[Path], crew: Crew | None = None
) -> Iterator[Stated]:
    """What each of *paths* states, in their order; several for a zip. A *crew* does this once, for many paths."""
    if crew is None or len(paths) < MANY:
        return _states(plan, names, given, paths)
    return _by_workers(plan, names, given, paths, crew)


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


def _by_workers(plan: Plan, names: Names, given: Given, paths: Sequence[Path], crew: Crew) -> Iterator[Stated]:
    alone = ReadingProcess()
    try:
        for path, stated in crew.answers((plan, given), paths, heard):
            if stated is not None:
                yield stated
            else:
                yield from _understood(plan, names, given, readings_of(path, alone))
    finally:
        alone.stop()
