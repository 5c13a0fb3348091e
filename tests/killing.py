"""`zyz import` on a machine that lets one down: stopped at random moments, run many times at once.

A few rounds of this are tests (`test_crash_safety.py`), hundreds are `tools/soak.py`. All is done and looked
at as an office would; that the ledger alone survives is in `test_ledger_crash.py`.
"""

import csv
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from openpyxl import Workbook

from xiangning_zyz.jobs.plans import make_workspace
from xiangning_zyz.ledger.sqlite import open_ledger

How = Literal["kill", "term", "int"]

RECEIVED = "2025-07-01"
RECALIBRATE = 10  # every so many rounds one is left alone and timed: other work on the machine comes and goes
SEGMENTS = ("紫砂陶", "戎子酒庄", "云丘山农旅", "其他")
CODES: dict[How, set[int]] = {"kill": {-9, 1}, "term": {-15, 143, 1}, "int": {-2, 130, 1}}  # 1: done before, or Windows


class Batch(NamedTuple):
    """A folder of workbooks: three that are sound, and among them one with an error."""

    folder: Path
    sound: dict[str, int]  # file → number of its facts, in the order in which the files are taken in
    returned: str  # the one that is sent back


class Run(NamedTuple):
    """A run of `zyz` that has ended, by itself or not."""

    code: int
    out: str
    err: str
    seconds: float
    stopped: bool

    @property
    def status(self) -> dict[str, str]:
        """What the receipt says of each file."""
        return {file["file"]: file["status"] for file in json.loads(self.out)["files"]}


@dataclass
class Tally:
    """What the rounds have met."""

    stopped: int = 0
    unharmed: int = 0
    stored: Counter[int] = field(default_factory=Counter)  # sound workbooks in the ledger when stopped → rounds
    between: int = 0  # stopped after a workbook was archived and before its entry was sealed
    unfinished: int = 0  # left a temporary file


# Workbooks and workspaces.


def make_batch(folder: Path, number: int) -> Batch:
    """Write batch *number*: the same keys in every batch, other values, so that each revises the last."""
    folder.mkdir(parents=True)
    sound = {
        f"{number}-1 产值.xlsx": _rows("专业镇产值", "亿元", SEGMENTS, lambda m: f"{m / 10 + number / 100:.2f}"),
        f"{number}-3 企业.xlsx": _rows("入驻企业", "户", SEGMENTS, lambda _: str(50 + number)),
        f"{number}-4 就业.xlsx": _rows("带动从业人员", "人", ("",), lambda m: str(9000 + 10 * number + m)),
    }
    bad = f"{number}-2 有错.xlsx"
    for file, rows in {**sound, bad: _rows("专业镇产值", "亿元", SEGMENTS, lambda _: "约4.5")}.items():
        book = Workbook()
        flow = "产值" in rows[0][2]
        for row in (
            ["填报单位：县工信局"],
            ["报告期", "板块", "指标", "单位", "本年累计" if flow else "期末数"],
            *rows,
        ):
            book.active.append(row)
        book.save(folder / file)
    return Batch(folder, {file: len(rows) for file, rows in sound.items()}, bad)


def _rows(indicator: str, unit: str, segments: Sequence[str], value: Callable[[int], str]) -> list[list[str]]:
    months = [(year, month) for year in (2023, 2024) for month in range(1, 13)]
    return [[f"{y}年{m}月", segment, indicator, unit, value(m)] for y, m in months for segment in segments]


def leavings(batch: Batch) -> set[str]:
    """The files below `var` that an unharmed import of *batch* adds."""
    kept = [f"archive/2025-07/{_sha(batch.folder / file)}" for file in batch.sound]
    copy = f"returned/2025-07-01-{_sha(batch.folder / batch.returned)[:12]}.xlsx"
    return {"ledger.db", "cache/plan.json", copy, *kept}


def tree(home: Path) -> set[str]:
    """All files below `var`."""
    var = home / "var"
    return {path.relative_to(var).as_posix() for path in var.rglob("*") if path.is_file()}


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# Running.


def start(home: Path, *words: object) -> "subprocess.Popen[str]":
    """Start `zyz` for the workspace *home*, with a folder for temporary files that is its own."""
    scratch = home.with_name(home.name + ".tmp")
    scratch.mkdir(exist_ok=True)
    places = dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(scratch))
    return subprocess.Popen(
        [sys.executable, "-m", "xiangning_zyz", *map(str, words), "--home", str(home)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **places, "PYTHONUTF8": "1"},
        start_new_session=True,  # its children can be told by it
    )


def finish(process: "subprocess.Popen[str]", after: float | None = None, how: How = "kill") -> Run:
    """Wait for a run's end, or stop it *after* seconds."""
    stopped = threading.Event()

    def stop() -> None:
        if process.poll() is None:
            stopped.set()
            _STOPS[how](process)

    began = time.perf_counter()
    timer = threading.Timer(after or 0, stop)
    if after is not None:
        timer.start()
    out, err = process.communicate()
    timer.cancel()
    return Run(process.returncode, out, err, time.perf_counter() - began, stopped.is_set())


_STOPS = {
    "kill": subprocess.Popen.kill,
    "term": subprocess.Popen.terminate,
    "int": lambda process: process.send_signal(signal.SIGINT),
}


def zyz(home: Path, *words: object) -> Run:
    """Run `zyz` to its end."""
    return finish(start(home, *words))


def taking_in(batch: Batch) -> tuple[object, ...]:
    """The words that import *batch*."""
    return ("import", batch.folder, "--received", RECEIVED, "--format", "json")


# What must hold.


def check_whole(home: Path, batch: Batch) -> list[str]:
    """The sound workbooks of *batch* that the ledger holds; nothing is half there, twice there or out of order."""
    run = zyz(home, "verify")
    assert run.code == 0, f"verify: {run.out}{run.err}"
    held = [(file, facts) for file, facts in entered(home) if file in batch.sound]
    assert held == list(batch.sound.items())[: len(held)], "nothing half, nothing twice, none left out"
    _check_files(home)
    return [file for file, _ in held]


def entered(home: Path) -> list[tuple[str, int]]:
    """All imports in the ledger, oldest first, with how many facts each brought."""
    with open_ledger(home / "var" / "ledger.db", "xiangning", create=False) as ledger:
        return [(row.what.file, row.facts) for row in ledger.imports()]


def _check_files(home: Path) -> None:
    """What bears a final name is whole."""
    for path in (home / "var" / "archive").rglob("[!.]*"):
        assert path.is_dir() or _sha(path) == path.name, f"half a file: {path}"
    for path in (home / "var" / "returned").glob("[!.]*"):
        with zipfile.ZipFile(path) as copy:
            assert copy.testzip() is None, f"half a file: {path}"


def check_after_rerun(home: Path, batch: Batch, held: Sequence[str], before: set[str]) -> None:
    """The same import again makes up for what is missing, says what was there, and leaves nothing unfinished."""
    run = zyz(home, *taking_in(batch))
    expected = {file: "unchanged" if file in held else "imported" for file in batch.sound}
    assert (run.code, run.status) == (1, {**expected, batch.returned: "returned"}), run.err
    assert check_whole(home, batch) == list(batch.sound)
    assert tree(home) == before | leavings(batch)
    assert not list(home.with_name(home.name + ".tmp").iterdir())


def still_running(group: int) -> list[int]:
    """The processes of a run that live on after 5 s. Seen on Linux only; they leave by themselves anywhere."""
    until = time.monotonic() + 5
    while (left := list(_processes(group))) and time.monotonic() < until:
        time.sleep(0.01)
    return left


def _processes(group: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group, *_ = path.read_text().rpartition(") ")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            continue
        if int(its_group) == group and state != "Z":
            yield int(path.parent.name)


# The rounds.


def stop_at_random(folder: Path, stops: int, seed: int, how: How = "kill") -> Iterator[Tally]:
    """Stop *stops* imports at random moments, half of them in the last 40 % of the run; yields after each round.

    Every other round is an office's first day, without ledger and plan cache; the others go on in one
    workspace. After each the state is looked at, and the import run again. At the end the workspace that
    went through all of it holds what an import of the last batch alone would have brought.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    tally = Tally()
    lasting = make_workspace(folder / "lasting").home
    usual = [0.0, 0.0]  # seconds that an import takes on a first day, and later
    number = 0
    while tally.stopped < stops:
        first_day = number % 2 == 0
        home = make_workspace(folder / str(number)).home if first_day else lasting
        batch = make_batch(folder / f"batch {number}", number)
        unharmed = number // 2 % RECALIBRATE == 0
        share = chance.uniform(0.6, 1) if number // 2 % 2 else chance.uniform(0, 0.6)
        run = _round(home, batch, None if unharmed else share * usual[first_day], how, tally)
        if not run.stopped:
            usual[first_day] = run.seconds
        number += 1
        yield tally
    last = make_batch(folder / "last", number)
    alone = make_workspace(folder / "alone").home
    for home in (lasting, alone):
        assert zyz(home, *taking_in(last)).code == 1
    assert exported(lasting) == exported(alone)


def _round(home: Path, batch: Batch, after: float | None, how: How, tally: Tally) -> Run:
    before, earlier = tree(home), entered(home)
    process = start(home, *taking_in(batch))
    run = finish(process, after, how)
    assert not still_running(process.pid), "a child lives on"
    # Ctrl-C may meet an interpreter that has hardly come to our first line; that one's words are not ours.
    assert "xiangning_zyz" not in run.err or "import signal" in run.err, run.err
    assert run.code in (CODES[how] if run.stopped else {1}), f"{run.code}: {run.err}"
    found = tree(home)
    unfinished = {name for name in found if ".zyz-" in name}
    whole = leavings(batch) | before | {"ledger.db-wal", "ledger.db-shm", "ledger.db-journal"}
    assert found <= whole | unfinished, found - whole
    assert not unfinished or how == "kill", unfinished
    held = check_whole(home, batch)
    assert run.stopped or held == list(batch.sound), "it was done"
    if run.stopped:
        kept = sum(f"archive/2025-07/{_sha(batch.folder / file)}" in found for file in batch.sound)
        tally.stopped += 1
        tally.stored[len(held)] += 1
        tally.between += kept > len(held)
        tally.unfinished += bool(unfinished)
    else:
        tally.unharmed += 1
    check_after_rerun(home, batch, held, before)
    assert entered(home) == [*earlier, *batch.sound.items()], "nothing lost"
    return run


def exported(home: Path) -> list[dict[str, str]]:
    """Every valid figure with where it stood, but for what tells one import from another."""
    target = home / "facts.csv"
    run = zyz(home, "export", "-o", target)
    assert run.code == 0, run.err
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    return [{key: value for key, value in row.items() if key not in ("import_id", "recorded_at")} for row in rows]


def crowd(folder: Path, rounds: int, importers: int, *, same: bool) -> Iterator[int]:
    """Start *importers* at once, *rounds* times, with the *same* workbooks or each with its own; yields after each.

    Every other round is a first day, on which they also meet in making the ledger.
    """
    lasting = make_workspace(folder / "lasting").home
    for number in range(rounds):
        home = lasting if number % 2 else make_workspace(folder / str(number)).home
        numbers = [number] * importers if same else range(number * importers, (number + 1) * importers)
        batches = {each: make_batch(folder / f"batch {each}", each) for each in dict.fromkeys(numbers)}
        _import_at_once(home, [batches[each] for each in numbers])
        yield number + 1


def _import_at_once(home: Path, batches: Sequence[Batch]) -> None:
    """Import *batches*, some of which may be the same: everything once, nobody turned away."""
    before = tree(home)
    processes = [start(home, *taking_in(batch)) for batch in batches]
    runs = [finish(process) for process in processes]
    for run, batch in zip(runs, batches, strict=True):
        assert run.code == 1, run.err
        assert run.status[batch.returned] == "returned"
        assert run.err.count("\n") == 1, f"more than the word on the returned copy: {run.err}"
    for batch in {batch.folder: batch for batch in batches}.values():
        told = [run.status for run, its in zip(runs, batches, strict=True) if its.folder == batch.folder]
        for file in batch.sound:
            statuses = sorted(status[file] for status in told)
            assert statuses == ["imported"] + ["unchanged"] * (len(told) - 1), f"{file}: {statuses}"
        assert check_whole(home, batch) == list(batch.sound)
    assert tree(home) == before.union(*map(leavings, batches))
