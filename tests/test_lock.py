"""One holder at a time, no stale lock; the Windows twin is run here with a stand-in for `msvcrt`."""

import importlib
import subprocess
import sys
import time
from types import ModuleType

import pytest

from xiangning_zyz.jobs import lock

HOLDER = """
import sys, time
from pathlib import Path
from xiangning_zyz.jobs.lock import held
with held(Path(sys.argv[1]), "no"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path / "run.lock"], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_holder_is_turned_away_within_a_second_with_code_75(tmp_path, holder):
    began = time.monotonic()
    with pytest.raises(lock.Taken, match="busy") as refusal, lock.held(tmp_path / "run.lock", "busy"):
        pass
    assert refusal.value.code == 75
    assert time.monotonic() - began < 1
    assert lock.is_held(tmp_path / "run.lock")


def test_a_killed_holder_frees_the_lock(tmp_path, holder):
    holder.kill()
    with lock.held(tmp_path / "run.lock", "busy"):
        pass
    assert not lock.is_held(tmp_path / "run.lock")


def test_looking_makes_no_file(tmp_path):
    assert not lock.is_held(tmp_path / "run.lock")
    assert list(tmp_path.iterdir()) == []


def test_a_child_does_not_inherit_the_lock(tmp_path):
    with lock.held(tmp_path / "run.lock", "busy"):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert not lock.is_held(tmp_path / "run.lock")
    finally:
        child.communicate(b"\n")


class Windows(ModuleType):
    """`msvcrt.locking` as Windows has it: one byte at the current position, refused while anyone holds it."""

    LK_NBLCK = 2

    def __init__(self):
        super().__init__("msvcrt")
        self.taken = []

    def locking(self, descriptor, mode, count):
        assert (mode, count) == (self.LK_NBLCK, 1)
        if self.taken:
            raise PermissionError(13, "Permission denied")
        self.taken.append(descriptor)


def test_without_fcntl_the_windows_twin_locks(tmp_path, monkeypatch):
    windows = Windows()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "win32")
        patch.setitem(sys.modules, "msvcrt", windows)
        patch.setitem(sys.modules, "fcntl", None)
        importlib.reload(lock)
    try:
        with lock.held(tmp_path / "run.lock", "busy"):
            with pytest.raises(lock.Taken), lock.held(tmp_path / "run.lock", "busy"):
                pass
            assert lock.is_held(tmp_path / "run.lock")
        windows.taken.clear()  # as the system does on closing
        assert not lock.is_held(tmp_path / "run.lock")
    finally:
        importlib.reload(lock)
