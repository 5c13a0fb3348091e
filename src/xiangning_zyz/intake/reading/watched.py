"""A child process that is killed when it takes longer over something than it may."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic, sleep
from typing import IO, cast

_NEVER = float("inf")
_WATCH_EVERY = 0.2  # seconds
# Of the environment what an interpreter may need to start: secrets stay with the parent.
_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class WatchedProcess:
    """Our own interpreter with *arguments*, both ends of its talk, and a thread that looks at the clock."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.late = False
        self._deadline = _NEVER
        self._lock = threading.Lock()  # over the deadline, so that no child is killed for an answer it gave
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.requests = cast("IO[bytes]", self._child.stdin)
        self.answers = cast("IO[bytes]", self._child.stdout)
        threading.Thread(target=self._watch, daemon=True).start()

    def is_alive(self) -> bool:
        return self._child.poll() is None

    def expect_within(self, seconds: float | None) -> None:
        """From now on the child has so many *seconds*; None: nothing is waited for."""
        with self._lock:
            self._deadline = _NEVER if seconds is None else monotonic() + seconds

    def stop(self) -> None:
        """End the child, whatever it is doing."""
        self.expect_within(None)
        self._child.kill()
        for pipe in (self.requests, self.answers):
            with suppress(OSError):  # what is still to be written has no reader any more
                pipe.close()
        self._child.wait()

    def _watch(self) -> None:
        """Kill the child when it is late. A pipe cannot be read with a time limit on Windows; this works anywhere."""
        while self.is_alive():
            with self._lock:
                if monotonic() > self._deadline:
                    self.late = True
                    self._child.kill()
                    return
            sleep(_WATCH_EVERY)
