"""The log of unattended runs, `var/log/zyz.log`: one JSON object a line, for programs and for who asks what happened.

Every line has `at` (Asia/Shanghai), `run` (when its run began) and `event`; the rest says what of. No
figures and no contacts: those are in the ledger and in `contacts.yaml`.
"""

import errno
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.report.visible import escaped_json

LARGEST = 2 << 20  # bytes of one file; an event takes some 200
KEPT = 5  # older files beside it, zyz.log.1 the latest: years of nightly runs


class Log(NamedTuple):
    """Where a run writes what it does."""

    path: Path
    run: str  # tells the lines of one run from another's
    now: Callable[[], datetime]

    def write(self, event: str, **details: object) -> None:
        """Append one line, whole or not at all. OSError as the system gives it."""
        line = {"at": self.now().isoformat(timespec="seconds"), "run": self.run, "event": event, **details}
        text = escaped_json(json.dumps(line, ensure_ascii=False, default=str))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - 1, 0))
            torn = file.read(1) not in (b"", b"\n")  # by a loss of power; the next line shall not hang on it
            content = b"\n" * torn + text.encode(errors="backslashreplace") + b"\n"
            if (file.write(content) or 0) < len(content):
                file.truncate(end)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))


def open_log(path: Path, now: Callable[[], datetime]) -> Log:
    """The log for a run that begins now; a file that has grown large is set aside first."""
    if path.is_file() and path.stat().st_size > LARGEST:
        _rotate(path)
    return Log(path, now().isoformat(timespec="seconds"), now)


def _rotate(path: Path) -> None:
    """Rename from the oldest on; killed in between, one number is missing until the next time, and no line."""
    for number in range(KEPT, 0, -1):
        younger = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if younger.is_file():
            younger.replace(path.with_name(f"{path.name}.{number}"))
