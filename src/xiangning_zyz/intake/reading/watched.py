"""A child process of ours that is killed when it is late: a pipe cannot be read with a time limit on Windows.

Loads little: many files are read by children that start while everything else is loaded.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import IO, cast

NEVER = float("inf")

# Of the environment, what an interpreter may need to start: secrets stay here.
_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_LOOK_EVERY = 0.2  # seconds
_ROOM = 1 << 20  # bytes; what an unprivileged user may ask of Linux


class WatchedChild:
    """An interpreter that runs *program*, told over a pipe and heard over another.

    *options* are the interpreter's, *flags* those of Windows.
    """

    def __init__(self, program: str, options: Sequence[str] = (), flags: int = 0) -> None:
        self.late = False  # and killed for it
        self._lock = threading.Lock()  # over the deadline, so that no child is killed for an answer it gave
        self._deadline = NEVER
        self._ended = threading.Event()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-I", *options, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) | flags,
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        for pipe in (self._requests, self._answers):
            _widen(pipe.fileno())
        self._watch = threading.Thread(target=self._kill_when_late, daemon=True)
        self._watch.start()

    def running(self) -> bool:
        """Whether it can be told something."""
        return not self.late and self._process.poll() is None

    def expect_within(self, seconds: float) -> None:
        """It is late if it is still waited for in so many *seconds*; `NEVER` when it has answered."""
        with self._lock:
            self._deadline = monotonic() + seconds

    def tell(self, *pieces: bytes) -> None:
        """Write to it. If it is dead, its answer will be missing."""
        with suppress(OSError):
            for piece in pieces:
                self._requests.write(piece)
            self._requests.flush()

    def hear(self, size: int) -> bytes:
        """Wait for the next *size* bytes from it; fewer when it is dead, or was late."""
        return self._answers.read(size)

    def stop(self) -> None:
        """End it, whatever it is doing."""
        self.expect_within(NEVER)
        self._process.kill()
        for pipe in (self._requests, self._answers):
            with suppress(OSError):  # what is still to be written has no reader any more
                pipe.close()
        self._process.wait()
        self._ended.set()
        self._watch.join()

    def _kill_when_late(self) -> None:
        while not self._ended.wait(_LOOK_EVERY):
            with self._lock:
                if monotonic() > self._deadline:
                    self.late = True
                    self._process.kill()
                    return


def _widen(pipe: int) -> None:
    """Let who writes go on while the other is busy. Elsewhere a pipe holds what it holds, and one waits more often."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # an administrator may allow less
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _ROOM)
