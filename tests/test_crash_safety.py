"""Stopped anywhere, an import is in the ledger workbook by workbook whole or not at all; run twice, it counts once.

Moments are random here; the long form is `python tools/soak.py`. Chosen moments follow below.
"""

import json
import os
import signal
import subprocess
import sys

import pytest

from killing import (
    RECEIVED,
    Batch,
    check_whole,
    crowd,
    finish,
    leavings,
    make_batch,
    still_running,
    stop_at_random,
    tree,
)
from sheets import monthly

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that a program may answer")


def test_an_import_killed_at_a_random_moment_leaves_whole_workbooks_and_the_next_one_makes_up_for_it(tmp_path):
    *_, tally = stop_at_random(tmp_path, 16, seed=1)
    assert tally.stopped == 16
    assert len(tally.stored) > 1, "some early, some late"


@POSIX
@pytest.mark.parametrize("how", ["term", "int"])
def test_an_import_told_to_stop_leaves_nothing_unfinished_and_no_traceback(tmp_path, how):
    *_, tally = stop_at_random(tmp_path, 5, seed=2, how=how)
    assert (tally.stopped, tally.unfinished) == (5, 0)


@pytest.mark.parametrize("same", [True, False], ids=["the same workbooks", "different workbooks"])
def test_two_importers_at_once_store_every_fact_once(tmp_path, same):
    assert list(crowd(tmp_path, rounds=10, importers=2, same=same))[-1] == 10


# Stopped where it would hurt most. The function named halts the program, once it has done its work.

_HALTING = """
import sys, time
from importlib import import_module
which, _, number = sys.argv.pop(1).partition("@")
calls = int(number or 1)
module, _, path = which.partition(":")
*owners, name = path.split(".")
owner = import_module(module)
for each in owners:
    owner = getattr(owner, each)
real = getattr(owner, name)
def halting(*args, **options):
    global calls
    result = real(*args, **options)
    calls -= 1
    if calls == 0:
        print("here", flush=True)
        time.sleep(60)
    return result
setattr(owner, name, halting)
from xiangning_zyz.__main__ import main
main()
"""
POINTS = {
    "a workbook is handed to its reader": "xiangning_zyz.intake.reading.process:ReadingProcess.request",
    "a file is written under its temporary name": "xiangning_zyz.aside:os.fsync",
    "a workbook is archived": "xiangning_zyz.jobs.archive:write_together",
    "the facts are written": "xiangning_zyz.ledger.sqlite:SqliteLedger.append_import",
}
STOPS = [
    ("kill", -9),
    pytest.param("term", 143, marks=POSIX),
    pytest.param("int", 130, marks=POSIX),
]


@pytest.mark.parametrize(("how", "code"), STOPS)
@pytest.mark.parametrize("point", POINTS)
def test_stopped_at_its_worst_moment_an_import_leaves_nothing(zyz, home, tmp_path, point, how, code):
    batch = make_batch(tmp_path / "batch", 1)
    first = make_batch(tmp_path / "first", 0)  # makes ledger and cache, so that the next file is an archived one
    zyz("import", first.folder, "--received", RECEIVED, home=home)
    before = tree(home)
    process = subprocess.Popen(
        [sys.executable, "-c", _HALTING, POINTS[point], "import", batch.folder, "--received", RECEIVED, "--home", home],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    said, then = process.stdout.readline(), tree(home)
    run = finish(process, 0, how)
    assert (said, run.code, run.out, run.err) == ("here\n", 1 if os.name == "nt" else code, "", "")
    if "temporary" in point:
        assert not then & (leavings(batch) - before), "no final name yet"
    assert still_running(process.pid) == []
    assert check_whole(home, batch) == []
    if how != "kill":
        assert {name for name in tree(home) - before if ".zyz-" in name} == set()

    again = zyz("import", batch.folder, "--received", RECEIVED, "--format", "json", home=home)
    assert [file["status"] for file in json.loads(again.stdout)["files"]] == [
        "imported",
        "returned",
        "imported",
        "imported",
    ]
    assert tree(home) == before | leavings(batch)


AMONG_MANY = {
    "many files are archived, none of their entries is sealed": "xiangning_zyz.jobs.archive:write_together@2",
    "entries of many files are written, none is sealed": "xiangning_zyz.ledger.sqlite:SqliteLedger.append_import@45",
    "a file of many is written under its temporary name": "xiangning_zyz.aside:os.fsync@20",
}


@pytest.mark.parametrize("point", AMONG_MANY)
def test_killed_among_many_files_an_import_has_stored_the_first_of_them_whole_and_the_next_one_the_rest(
    zyz, home, tmp_path, point
):
    batch = _many(tmp_path / "batch", 60)
    words = ["import", batch.folder, "--received", RECEIVED, "--home", home]
    process = subprocess.Popen(
        [sys.executable, "-c", _HALTING, AMONG_MANY[point], *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    said = process.stdout.readline()
    run = finish(process, 0, "kill")
    assert (said, run.out, run.err) == ("here\n", "", "")
    assert still_running(process.pid) == []
    stored = check_whole(home, batch)
    assert len(stored) < 60
    assert stored or "temporary" in point, "a transaction before this one was sealed"

    again = zyz("import", batch.folder, "--received", RECEIVED, "--format", "json", home=home)
    statuses = [file["status"] for file in json.loads(again.stdout)["files"]]
    assert statuses == ["unchanged"] * len(stored) + ["imported"] * (60 - len(stored))
    assert check_whole(home, batch) == list(batch.sound)
    assert not [name for name in tree(home) if ".zyz-" in name]


def _many(folder, count):
    """Sheets of as many months, each with one figure; they sort by month."""
    folder.mkdir()
    months = [(2020 + number // 12, number % 12 + 1) for number in range(count)]
    names = {f"{year}-{month:02d}.xlsx": f"{year}年{month}月" for year, month in months}
    for number, (name, period) in enumerate(names.items()):
        (folder / name).write_bytes(monthly(f"| 入驻企业 | 户 | | | {20 + number} | |", period=period))
    return Batch(folder, dict.fromkeys(names, 1), "")


@POSIX
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_is_heeded_even_if_python_swallows_what_it_raises(home, number, code):
    """In a finalizer or a weakref callback, as after every import of a module, exceptions are lost."""
    program = (
        "import signal, sys, time\n"
        "from xiangning_zyz.cli import plans\n"
        "class Swallows:\n"
        f"    def __del__(self): signal.raise_signal({int(number)})\n"
        "def matrix():\n"
        "    Swallows()\n"
        "    time.sleep(60)\n"
        "plans.matrix = matrix\n"
        "from xiangning_zyz.__main__ import main\n"
        "main()\n"
    )
    run = subprocess.run([sys.executable, "-c", program, "matrix"], capture_output=True, encoding="utf-8", check=False)
    assert (run.returncode, run.stdout, run.stderr) == (code, "", "")


def test_the_next_import_clears_away_what_killed_ones_left_unfinished(zyz, home, sheet):
    zyz("status", home=home)
    left = [home / "var" / folder / ".zyz-1.tmp" for folder in (".", "cache", "archive", "returned")]
    left.append(home / "var" / ".zyz-1.tmp-journal")
    strange = home / "var" / "archive" / ".nfs000001"
    for path in (*left, strange):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    path = sheet("空.xlsx", [["乡宁县"]])

    zyz("import", path, "--dry-run", home=home)
    assert all(each.exists() for each in left), "a dry run writes nothing, so it removes nothing"
    zyz("import", path, home=home)
    assert not any(each.exists() for each in left)
    assert strange.exists()
