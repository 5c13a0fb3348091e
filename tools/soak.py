"""Crash safety, the long form of `test_crash_safety.py`, `test_care_crash.py` and of `test_run.py`'s nights.

Kills `zyz import` at random moments, half of them in the last 40 % of the run, then starts many importers
at once. After each round: `zyz verify` is clean, every workbook is in the ledger whole or not at all, the
same import again makes up for the rest, and nothing unfinished stays. Exit 1 at the first round of which
one of these is not true; its workspace is kept. The same seed draws the same moments.

Then it kills `run`, `undo`, `backup`, `restore` and the migration of a ledger to an artificial next version
(so far there is but one), and lives through hundreds of nights of one office, with nights missed, clocks set
wrong, files that come late, again, damaged or half.
"""

import argparse
import os
import platform
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from killing import CODES, Tally, crowd, stop_at_random
from killing_care import JOBS, kill_rounds
from ledger_crash import Migrations, migrate_rounds
from nights import live_through

T = TypeVar("T")


def main() -> int:
    """Run all rounds and print what they met."""
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="zyz-soak-"))
    until = time.monotonic() + arguments.seconds
    print(f"{platform.platform(terse=True)}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"SQLite {sqlite3.sqlite_version}, seed {arguments.seed}")
    try:
        began = time.monotonic()
        tally = _last(stop_at_random(folder / "stops", arguments.kills, arguments.seed, arguments.how), until, Tally())
        print(_stops_told(tally, arguments.how, time.monotonic() - began))
        kills = tally.stopped
        for importers, rounds, same in ((8, arguments.crowds, True), (2, arguments.crowds, False)):
            made = _last(crowd(folder / f"{importers}", rounds, importers, same=same), until, 0)
            whose = "the same workbooks" if same else "workbooks of its own"
            print(f"{made} x {importers} importers at once, each with {whose}: every fact once, nobody turned away")
        for name, job in JOBS.items():
            killed = _last(kill_rounds(folder / name, job, arguments.care, arguments.seed), until, 0)
            kills += killed
            print(f"{killed} x zyz {name} killed: nothing half, a second try ended as one that was never killed")
        moved = _last(migrate_rounds(folder / "migrate", arguments.care, arguments.seed), until, Migrations())
        print(_migrations_told(moved))
        print(f"{kills + moved.killed} kills in all")
        began = time.monotonic()
        print(_last(live_through(folder / "nights", arguments.nights, arguments.seed), until, "no nights"), end="")
        print(f", {time.monotonic() - began:.0f} s")
    except AssertionError as failure:
        print(f"FAILED: {failure}\nkept: {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="how many imports to stop")
    parser.add_argument("--how", choices=CODES if os.name != "nt" else ["kill"], default="kill", help="by which signal")
    parser.add_argument("--crowds", type=int, default=20, help="how many rounds of importers at once, of either kind")
    parser.add_argument("--care", type=int, default=100, help="how many of each other command to kill")
    parser.add_argument("--nights", type=int, default=600, help="how many nights of one office to live through")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no round after that time")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _last(rounds: Iterator[T], until: float, nothing: T) -> T:
    """The last of *rounds*, or that of the time limit."""
    last = nothing
    for each in rounds:
        last = each
        if time.monotonic() > until:
            break
    return last


def _stops_told(tally: Tally, how: str, seconds: float) -> str:
    stored = ", ".join(f"{count} with {number} of 3 stored" for number, count in sorted(tally.stored.items()))
    name = {"kill": "SIGKILL" if hasattr(signal, "SIGKILL") else "TerminateProcess"}.get(how, f"SIG{how.upper()}")
    return "\n".join(
        [
            f"{tally.stopped} imports stopped by {name}, {tally.unharmed} not stopped, {seconds:.0f} s",
            f"  workbooks: {stored}; {tally.between} between a workbook's archiving and its entry",
            f"  temporary files: left by {tally.unfinished} runs, by none after the next import",
            "  0 half, 0 lost, 0 double; verify clean after each; every import again imported or said unchanged",
        ]
    )


def _migrations_told(tally: Migrations) -> str:
    return (
        f"{tally.killed} x a migration killed: {tally.old} ledgers old, {tally.new} new, {tally.unfinished} with half "
        "a backup; all whole, the next program to open it ended the migration and cleared up"
    )


if __name__ == "__main__":
    sys.exit(main())
