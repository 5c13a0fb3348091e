"""One workbook understood; and a worker that does so for file after file (see `workers.py`)."""

import gc
import os
import pickle
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from xiangning_zyz.intake.facts.report import read_report
from xiangning_zyz.intake.facts.statement import Given, Statement
from xiangning_zyz.intake.grid import Book
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading.confinement import confine
from xiangning_zyz.intake.reading.inside import read_inside
from xiangning_zyz.intake.reading.received import Reading
from xiangning_zyz.jobs.answers import Stated, spoken
from xiangning_zyz.plan import Plan

_MAKES_WAY = 5  # the parent has the last step of every file to itself: what it waits for, all wait for


def understood(plan: Plan, names: Names, given: Given, reading: Reading) -> Stated:
    """What was read, and what it states."""
    result = reading.result
    if isinstance(result, Book):
        statement = read_report(result, plan, names, given)
    else:
        statement = Statement(None, (), (result.problem,))
    return Stated(reading.path, reading.content, result, statement)


def work() -> None:
    """Take plan and paths from standard input, and answer each path on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    plan, given = pickle.load(asked)  # noqa: S301 - from our parent
    names = Names(plan)
    if hasattr(os, "nice"):
        os.nice(_MAKES_WAY)
    confine()
    paths: SimpleQueue[str] = SimpleQueue()
    # Heard at once: who asks must never wait, for it may be him whom the next answer waits for.
    threading.Thread(target=_listen, args=(asked, paths), daemon=True).start()
    gc.freeze()
    gc.set_threshold(100_000)  # a workbook is many small tuples and no cycles
    try:
        while path := paths.get():
            reading = read_inside(Path(path))
            stated = None if reading is None else understood(plan, names, given, reading)
            answers.write(spoken(stated))
            answers.flush()
    finally:  # all is said, or the parent is gone; Python would wait a second for the thread that listens
        os._exit(0)


def _listen(asked: BinaryIO, paths: "SimpleQueue[str]") -> None:
    """Put in *paths* what is *asked*, and after the last an empty one."""
    try:
        with suppress(EOFError, pickle.UnpicklingError):  # our parent has ended, or was killed in mid-word
            while True:
                for path in pickle.load(asked):  # noqa: S301 - from our parent
                    paths.put(path)
    finally:
        paths.put("")
