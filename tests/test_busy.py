"""When the machine says no: a busy ledger, a full disk, no permission, damage. One line, the right code, no change.

Exit codes are CONTRACT §5's: 75 try again, 3 could not run, 1 the sheet's fault. That the ledger alone behaves
is in `test_ledger_faults.py`; here the whole command is run.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from killing import RECEIVED, check_whole, leavings, make_batch, taking_in, tree
from killing import zyz as run_to_end
from small_disk import fill, give_back, on_a_small_disk
from xiangning_zyz.jobs.plans import make_workspace

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs signals, file modes or limits of POSIX")

# The whole command in a process of its own, after a line that makes it worse.
_MAIN = "\nfrom xiangning_zyz.__main__ import main\nmain()\n"
_IMPATIENT = (
    "from functools import partial\n"
    "from xiangning_zyz.ledger import sqlite\n"
    "sqlite.open_ledger = partial(sqlite.open_ledger, timeout=0.3)"
)
_SMALL_FILES = "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), -1))"


def command(first, *words, home):
    """The words that run `zyz` after the statements *first*."""
    return [sys.executable, "-c", first + _MAIN, *map(str, words), "--home", str(home)]


def run(*arguments, home):
    return subprocess.run(command(*arguments, home=home), capture_output=True, encoding="utf-8", check=False)


def one_line(text):
    """The text, after a look at its form."""
    assert text.count("\n") == 1
    assert text.endswith("。\n")
    assert "Traceback" not in text
    return text


@pytest.fixture
def used(zyz, home, tmp_path):
    """A workspace into which a first batch went."""
    zyz("import", make_batch(tmp_path / "first", 1).folder, "--received", RECEIVED, home=home)
    return home


@pytest.fixture
def batch(tmp_path):
    return make_batch(tmp_path / "batch", 2)


@contextmanager
def locked(home):
    """Another program is writing to the ledger."""
    with closing(sqlite3.connect(home / "var" / "ledger.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


# Busy.


def test_a_ledger_busy_for_too_long_is_exit_75_and_nothing_changes(used, batch):
    before = tree(used)
    with locked(used):
        result = run(_IMPATIENT, "import", batch.folder, home=used)
        assert (result.returncode, result.stdout) == (75, "")
        assert "ledger.db 正被其他程序占用，请稍后再试" in one_line(result.stderr)
    assert check_whole(used, batch) == []
    assert tree(used) == before


def test_a_ledger_busy_for_a_while_is_waited_for(zyz, used, batch):
    with locked(used) as other:
        release = threading.Timer(1.5, other.execute, ["ROLLBACK"])
        release.start()
        result = zyz("import", batch.folder, "--received", RECEIVED, home=used)
        release.join()
    assert result.returncode == 1
    assert "占用" not in result.stderr
    assert check_whole(used, batch) == list(batch.sound)


def test_who_only_looks_does_not_wait(zyz, used):
    expected = zyz("status", home=used).stdout
    with locked(used):
        result = zyz("status", home=used)
    assert (result.returncode, result.stdout) == (0, expected)


@POSIX
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_waits_for_a_busy_ledger_can_be_stopped(used, batch, number, code):
    with locked(used):
        process = subprocess.Popen(
            command("print('begun', flush=True)", "import", batch.folder, home=used), stdout=subprocess.PIPE
        )
        process.stdout.readline()
        time.sleep(1)  # long enough to come to the lock, and far from its 30 s
        asked = time.monotonic()
        process.send_signal(number)
        process.communicate()
        assert process.returncode == code
        assert time.monotonic() - asked < 10


# Full disk.


@POSIX
@pytest.mark.parametrize("room", [0, 2_000, 20_000, 50_000])
def test_an_import_on_a_disk_that_fills_up_is_exit_75_and_can_be_done_again(zyz, home, batch, room):
    """*room*: bytes that any one file may have; a new ledger takes more."""
    result = run(_SMALL_FILES, room, "import", batch.folder, home=home)
    assert (result.returncode, result.stdout) == (75, "")
    assert "磁盘" in one_line(result.stderr)
    assert check_whole(home, batch) == []
    assert not [name for name in tree(home) if ".zyz-" in name]

    assert zyz("import", batch.folder, "--received", RECEIVED, home=home).returncode == 1
    assert check_whole(home, batch) == list(batch.sound)


@POSIX
def test_an_answer_that_finds_no_room_is_exit_75_and_leaves_the_old_file(home, tmp_path):
    target = tmp_path / "矩阵.json"
    target.write_text("old")
    result = run(_SMALL_FILES, 1_000, "matrix", "--format", "json", "-o", target, home=home)
    assert (result.returncode, result.stdout) == (75, "")
    assert str(target) in one_line(result.stderr)
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", target.name]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_standard_output_on_a_full_disk_is_exit_75(home):
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            command("", "matrix", home=home), stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False
        )
    assert result.returncode == 75
    assert "磁盘" in one_line(result.stderr)


def test_a_disk_with_more_and_more_room_keeps_whole_workbooks_until_all_are_in(tmp_path):
    on_a_small_disk(tmp_path, "1m", "import test_busy; test_busy.import_until_there_is_room()")


def import_until_there_is_room():
    """Import again and again, at first on a full disk, each time with 32 KiB more."""
    folder = Path(sys.argv[1])
    batch = make_batch(folder / "batch", 1)
    home = make_workspace(folder / "disk" / "home").home
    ballast = folder / "disk" / "ballast"
    fill(ballast)
    codes = []
    while not codes or codes[-1] == 75:
        result = run_to_end(home, *taking_in(batch))
        codes.append(result.code)
        if result.code == 75:
            assert "磁盘" in one_line(result.err)
        check_whole(home, batch)
        assert not [name for name in tree(home) if ".zyz-" in name]
        give_back(ballast, 32 << 10)
    assert codes[-1] == 1, result.err
    assert len(codes) > 5, "it was full at several places"
    ballast.unlink()
    assert check_whole(home, batch) == list(batch.sound)
    assert tree(home) == leavings(batch)


# No permission. Root may write everywhere, so it gives up that right first.

_AS_OTHERS = "\n".join(
    [
        "import ctypes, os, sys",
        "if os.geteuid() == 0:",
        "    PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h",
        "    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)",
        "os.execv(sys.executable, [sys.executable, '-m', 'xiangning_zyz', *sys.argv[1:]])",
    ]
)


@pytest.fixture
def write_protected():
    """Protects folders with all they hold; gives the rights back in the end."""
    if os.name == "nt" or (os.geteuid() == 0 and sys.platform != "linux"):
        pytest.skip("needs file modes that bind the one who runs the tests")
    changed = []

    def protect(folder):
        for path in (folder, *folder.rglob("*")):
            changed.append((path, path.stat().st_mode))
            path.chmod(0o555 if path.is_dir() else 0o444)

    yield protect
    for path, mode in changed:
        path.chmod(mode)


def test_a_write_protected_workspace_can_be_read_and_refuses_imports(zyz, used, batch, write_protected):
    expected, before = zyz("status", home=used).stdout, tree(used)
    write_protected(used)
    looking = run(_AS_OTHERS, "status", home=used)
    assert (looking.returncode, looking.stdout, looking.stderr) == (0, expected, "")
    importing = run(_AS_OTHERS, "import", batch.folder, home=used)
    assert (importing.returncode, importing.stdout) == (3, "")
    assert "权限" in one_line(importing.stderr)
    assert tree(used) == before


def test_a_write_protected_workspace_can_be_backed_up_elsewhere(zyz, used, tmp_path, write_protected):
    """A failing disk turns read-only: then it is wanted most."""
    write_protected(used)
    made = run(_AS_OTHERS, "backup", "-o", tmp_path / "safe", home=used)
    assert (made.returncode, "已备份" in made.stderr) == (0, True)
    [backup] = (tmp_path / "safe").glob("*.zip")
    assert zyz("restore", backup, "--into", tmp_path / "new").returncode == 0
    refused = run(_AS_OTHERS, "backup", home=used)
    assert (refused.returncode, "权限" in one_line(refused.stderr)) == (3, True)


def test_a_workspace_in_which_nothing_may_be_made_refuses_imports(home, batch, write_protected):
    write_protected(home)
    result = run(_AS_OTHERS, "import", batch.folder, home=home)
    assert (result.returncode, result.stdout) == (3, "")
    assert "ledger.db" in one_line(result.stderr)
    assert not (home / "var").exists()


def test_without_leave_to_archive_nothing_enters_the_ledger(used, batch, write_protected):
    write_protected(used / "var" / "archive")
    result = run(_AS_OTHERS, "import", batch.folder, "--received", RECEIVED, home=used)
    assert (result.returncode, result.stdout) == (3, "")
    line = one_line(result.stderr)
    assert str(used / "var" / "archive") in line
    assert "权限" in line
    assert check_whole(used, batch) == []


@pytest.mark.parametrize(
    ("target", "says"), [("nowhere/a.json", "没有找到"), (".", "是文件夹")], ids=["no such folder", "a folder"]
)
def test_an_answer_that_cannot_be_written_there_is_exit_3(zyz, home, tmp_path, target, says):
    result = zyz("matrix", "--format", "json", "-o", tmp_path / target, home=home)
    assert (result.returncode, result.stdout) == (3, "")
    assert says in one_line(result.stderr)
    assert str(tmp_path / target) in result.stderr


# Damage.


@pytest.mark.parametrize("words", [["status"], ["verify"], ["imports"], ["import", "报表"]], ids=lambda words: words[0])
def test_a_damaged_ledger_is_exit_3_and_the_line_names_it_and_what_to_do(zyz, used, tmp_path, words):
    make_batch(tmp_path / "报表", 3)
    ledger = used / "var" / "ledger.db"
    damaged = ledger.read_bytes()[:4096] + os.urandom(8192)
    ledger.write_bytes(damaged)
    result = zyz(*words, home=used, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (3, "")
    line = one_line(result.stderr)
    assert str(ledger) in line
    assert "zyz restore" in line
    assert ledger.read_bytes() == damaged


def test_an_unreadable_workbook_is_failed_exit_1_and_the_others_are_taken_in(zyz, home, batch):
    (batch.folder / "0 损坏.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (batch.folder / batch.returned).unlink()
    result = zyz("import", batch.folder, "--format", "json", home=home)
    assert (result.returncode, result.stderr) == (1, "")
    [bad, *others] = json.loads(result.stdout)["files"]
    assert (bad["file"], bad["status"], len(bad["problems"])) == ("0 损坏.xlsx", "failed", 1)
    assert [file["status"] for file in others] == ["imported"] * 3
