"""Kill a program at random moments, over and over; and an importer worth killing.

`survive` knows nothing of ledgers: tests use it for a few rounds, long runs (`tools/`) for hundreds.
Run as a script, this file is the importer. It takes numbered workbooks into a ledger, each unless it
stands there already, and prints the number of each one that is safely in:

    python ledger_crash.py LEDGER FIRST LAST [STEP.sql]

With STEP.sql it is a program one schema version further, which has to migrate the ledger first.
"""

import math
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest import mock

from ledger_makers import NOON, observation, record, sha_of, workbook
from xiangning_zyz.ledger import sqlite_file
from xiangning_zyz.ledger.sqlite import open_ledger

PLAN = "xiangning"
FACTS = 40  # in each workbook
MANY = 40  # workbooks in a ledger that is migrated
BEGIN = "begin"
KILLED = 1 if os.name == "nt" else -9


def survive(
    kills: int, command: Callable[[int], Sequence[str]], check: Callable[[int, list[str]], None], seed: int
) -> Iterator[tuple[int, int]]:
    """Start *command*(round), kill it at a random moment, *check*(round, the lines it printed); till *kills* hit.

    Round 0 is left alone. A round is timed from its line `begin`, and the moments are spread over the time
    the last unharmed round took; some are done before they are killed. Yields each round's number, and how
    many were killed so far.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    duration, killed, number = math.inf, 0, -1
    while killed < kills:
        number += 1
        assert number <= 20 * kills, "too quick to be killed"
        with subprocess.Popen(command(number), stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == f"{BEGIN}\n"
            begun = time.monotonic()
            try:
                process.wait(chance.uniform(0, duration) if number else None)
                duration = time.monotonic() - begun
            except subprocess.TimeoutExpired:
                process.kill()
            lines = process.stdout.read().splitlines()
        assert process.returncode in ((0, KILLED) if number else (0,)), "it failed by itself"
        killed += process.returncode != 0
        check(number, lines)
        yield number, killed


def file_of(number: int) -> str:
    return f"{number:05}.xlsx"


def importer(path: Path, first: int, last: int, step: Path | None = None) -> list[str]:
    """The command that takes workbooks *first* to *last* into the ledger at *path*."""
    return [sys.executable, __file__, str(path), str(first), str(last), *([str(step)] if step else [])]


def check_whole(path: Path, told: Sequence[int]) -> set[int]:
    """The workbooks in the ledger, each whole and once, those it *told* of among them."""
    with open_ledger(path, PLAN, create=False) as ledger:
        assert ledger.verify() is None
        imports = ledger.imports()
        facts = len(ledger.facts()) + len(ledger.records())
    numbers = [int(row.what.file[:5]) for row in imports]
    assert len(numbers) == len(set(numbers)), "nothing double"
    assert set(told) <= set(numbers), "nothing lost"
    assert {row.facts for row in imports} <= {FACTS}, "nothing half"
    assert facts == FACTS * len(numbers)
    return set(numbers)


@dataclass
class Migrations:
    """How killed migrations were found."""

    killed: int = 0
    old: int = 0  # the ledger still the old one
    new: int = 0  # also of those that were done before they were killed
    unfinished: int = 0  # among the old ones: with half a backup beside it


def migrate_rounds(folder: Path, kills: int, seed: int) -> Iterator[Migrations]:
    """Kill that many migrations of one ledger by a program a version further; yields after each round.

    Whenever it was: the ledger is the old one or the new, whole and with a whole backup before it is new;
    and the next program to open it ends the migration and leaves nothing but ledger and backup.
    """
    folder.mkdir(exist_ok=True)
    step, old = folder / "second.sql", folder / "old.db"
    step.write_text("ALTER TABLE fact ADD COLUMN note TEXT;\nCREATE INDEX fact_by_note ON fact (note, raw);\n")
    subprocess.run(importer(old, 1, MANY), check=True, capture_output=True)
    tally = Migrations()

    def command(number: int) -> Sequence[str]:
        shutil.rmtree(folder / f"{number - 1}", ignore_errors=True)
        (folder / f"{number}").mkdir()
        return importer(shutil.copy(old, folder / f"{number}" / "ledger.db"), 1, 0, step)  # no workbook, only the step

    def check(number: int, _: list[str]) -> None:
        path, backup = folder / f"{number}" / "ledger.db", folder / f"{number}" / "ledger.db.v1.bak"
        before = {file.name for file in path.parent.iterdir()}
        is_new = _stands_at_new_version(path)
        tally.old += not is_new
        tally.new += is_new
        tally.unfinished += any(".part" in name for name in before)
        assert backup.exists() or not is_new, "no backup"
        if backup.exists():
            assert not _stands_at_new_version(backup)
        with mock.patch.object(sqlite_file, "STEPS", ("schema.sql", str(step))):
            assert check_whole(path, range(1, MANY + 1)) == set(range(1, MANY + 1))
        assert _stands_at_new_version(path), "the next program ends the migration"
        assert check_whole(backup, range(1, MANY + 1)) == set(range(1, MANY + 1))
        left = {file.name for file in path.parent.iterdir()} - {path.name + "-wal", path.name + "-shm"}
        assert left == {path.name, backup.name}, left

    for _, tally.killed in survive(kills, command, check, seed):
        yield tally


def _stands_at_new_version(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        [(version,)] = connection.execute("PRAGMA user_version")
        columns = [row[1] for row in connection.execute("PRAGMA table_info(fact)")]
    assert (version == 2) == ("note" in columns), "half a step"
    return bool(version == 2)


def main(path: Path, first: int, last: int) -> None:
    print(BEGIN, flush=True)
    with open_ledger(path, PLAN) as ledger:
        for number in range(first, last + 1):
            file = file_of(number)
            facts = [observation(f"{n}.50", f"i{number}-{n}", file=file, ref=f"D{n}") for n in range(FACTS - 1)]
            with ledger.writing():
                if not ledger.standing([sha_of(file)], "plan-1"):
                    told = record(subject=f"T{number}", file=file)
                    ledger.append_import(workbook(file), [*facts, told], NOON + timedelta(minutes=number))
            print(number, flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 4:
        sqlite_file.STEPS = ("schema.sql", sys.argv[4])
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
