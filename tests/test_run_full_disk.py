"""`zyz run` on a disk that fills up: every sheet stays in the inbox or is filed whole, the office hears of it,
and once there is room the next run ends what this one could not.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from killing_care import DAY, each_somewhere, full_inbox, inbox_done
from small_disk import fill, give_back, on_a_small_disk

# A quota does not show in the free space of a disk: there is room, until one writes.
_QUOTA = (
    "from types import SimpleNamespace\n"
    "from xiangning_zyz.jobs import run\n"
    "run.shutil.disk_usage = lambda _: SimpleNamespace(free=1 << 40)\n"
)
_SMALL_FILES = _QUOTA + (
    "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))\n"
)
_MAIN = "from xiangning_zyz.__main__ import main\nmain()\n"


def one_night(place, first="", *given):
    """`zyz run` after the statements *first*, with a folder for temporary files on the same disk."""
    scratch = place / "tmp"
    scratch.mkdir(exist_ok=True)
    words = [*map(str, given), "run", "--settle", "0", "--as-of", DAY, "--home", place / "home"]
    return subprocess.run(
        [sys.executable, "-c", first + _MAIN, *words],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": str(scratch)},
        check=False,
    )


def office_at(place):
    """Four sheets in the inbox, one with an error; the night before was a good one."""
    full_inbox(place)
    inbox, aside = place / "home" / "var" / "inbox", place / "aside"
    inbox.rename(aside)
    assert one_night(place).returncode == 0
    inbox.rmdir()
    aside.rename(inbox)


def check_told(place, run):
    """One line and exit 75; heartbeat and log say so too; nothing is half anywhere."""
    assert (run.returncode, run.stderr.count("\n")) == (75, 1), run.stderr
    assert "磁盘" in run.stderr
    each_somewhere(place)
    var = place / "home" / "var"
    assert not [path for path in var.rglob(".zyz-*") if path.parent.name != ".run"]
    sheets = [path.name for path in (place / "batch").iterdir()]
    assert all(name in sheets for name in os.listdir(var / "inbox"))  # noqa: PTH208 - names are wanted
    return json.loads((var / "heartbeat.json").read_text(encoding="utf-8"))


def run_until_there_is_room(first, step):
    """Nights on a disk that is full at first, with *step* bytes more each time."""
    place = Path(sys.argv[1]) / "disk"
    office_at(place)
    ballast = place / "ballast"
    fill(ballast)
    runs = []
    while not runs or runs[-1].returncode == 75:
        runs.append(one_night(place, first))
        if runs[-1].returncode == 75:
            beat = check_told(place, runs[-1])
            assert (beat["result"], "磁盘" in beat["says"]) == ("failed", True), beat
        give_back(ballast, step)
    assert (runs[-1].returncode in (0, 1), runs[-1].stderr) == (True, "")
    assert len(runs) > 3, "it was full at several places"
    assert "".join(run.stdout for run in runs).count("退回：") == 1, "told once, also by a run that was stopped later"
    events = [json.loads(line)["event"] for line in (place / "home/var/log/zyz.log").read_text("utf-8").splitlines()]
    assert "run_failed" in events
    assert events[-1] == "run_ended"
    ballast.unlink()
    inbox_done(place)


def test_a_disk_with_more_and_more_room_takes_in_every_sheet_in_the_end(tmp_path):
    statement = "import test_run_full_disk as t; t.run_until_there_is_room('', 400 << 10)"
    on_a_small_disk(tmp_path, "4m", statement)


def test_a_quota_met_anywhere_in_the_run_leaves_nothing_half_and_the_next_night_ends_it(tmp_path):
    statement = "import test_run_full_disk as t; t.run_until_there_is_room(t._QUOTA, 20 << 10)"
    on_a_small_disk(tmp_path, "4m", statement)


@pytest.mark.skipif(os.name == "nt", reason="needs limits of POSIX")
@pytest.mark.parametrize("room", [0, 3_000, 40_000, 150_000])
def test_a_file_that_cannot_grow_stops_the_run_at_any_size_and_the_next_night_ends_it(tmp_path, room):
    """The twin for those who may not mount: *room* bytes for any one file, from none to almost enough."""
    office_at(tmp_path)
    stopped = one_night(tmp_path, _SMALL_FILES, room)
    beat = check_told(tmp_path, stopped)
    assert beat["result"] == ("failed" if room else "good"), "nothing at all can be written into a file of no bytes"
    again = one_night(tmp_path)
    assert (again.returncode in (0, 1), again.stderr) == (True, "")
    assert (stopped.stdout + again.stdout).count("退回：") == 1
    inbox_done(tmp_path)
