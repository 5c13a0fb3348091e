"""Writing a file so that a reader sees the old one or the whole new one, never half of it."""

import os
from pathlib import Path


def write_aside(target: Path, content: bytes) -> None:
    """Write *content* beside *target*, flush it to the disk, then rename it into place.

    Killed anywhere, at most a dot file `.NAME.PID.tmp` is left. OSError as the system gives it.
    """
    aside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
