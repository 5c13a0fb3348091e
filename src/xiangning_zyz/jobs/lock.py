"""A lock that dies with its holder: one run at a time, and no stale lock file that someone must delete.

The operating system holds it on an open file and lets go when the process ends, however it ends
(`flock`; on Windows `LockFile`, by way of `msvcrt.locking`). The file itself means nothing and stays.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from xiangning_zyz.stop import TryAgain

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        """Lock the first byte; there need be none. OSError at once if another process has it."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        """Lock the file. OSError at once if another process has it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_PATIENCE = 0.5  # seconds: a holder that was just killed, or `is_held`, lets go within


class Taken(TryAgain):
    """Another living process holds the lock (exit code 75)."""


@contextmanager
def held(path: Path, refusal: str) -> Iterator[None]:
    """Hold the lock at *path*; Taken with the sentence *refusal*, within a second, while another process does.

    Children do not inherit it. OSError if the file cannot be opened at all.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take_soon(descriptor, refusal)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock at *path*; looking makes no file."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        _take(descriptor)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _take_soon(descriptor: int, refusal: str) -> None:
    until = monotonic() + _PATIENCE
    while True:
        try:
            _take(descriptor)
        except OSError:
            if monotonic() > until:
                raise Taken(refusal) from None
            sleep(0.05)
        else:
            return
