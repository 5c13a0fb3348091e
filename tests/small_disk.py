"""A disk of a few MiB that one process and its children see, and ways to fill it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def on_a_small_disk(folder: Path, size: str, statement: str) -> None:
    """Run the Python *statement* with *folder* as its argument, `folder/disk` being a tmpfs of *size*.

    Skipped where nobody may mount; an AssertionError with its traceback if the statement fails.
    """
    if sys.platform != "linux" or not shutil.which("unshare"):
        pytest.skip("a disk of one's own needs Linux and unshare")
    mine = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    mounting = f'mount -t tmpfs -o size={size} none "$0" && echo mounted && exec "$@"'
    disk = folder / "disk"
    disk.mkdir()
    result = subprocess.run(
        ["unshare", *mine, "--mount", "sh", "-c", mounting, disk, sys.executable, "-c", statement, folder],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path[1:]])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if "mounted" not in result.stdout:
        pytest.skip(f"no leave to mount: {result.stderr.strip()}")
    assert result.returncode == 0, result.stderr


def fill(ballast: Path) -> None:
    """Take all the room there is."""
    with ballast.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def give_back(ballast: Path, room: int) -> None:
    """Free *room* bytes again."""
    os.truncate(ballast, max(0, ballast.stat().st_size - room))
