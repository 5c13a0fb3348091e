"""Remembering what a repetition of this `zyz import` would print (docs/decisions/0009).

What is found after reading as it was before is what was read, if its last change lies clearly before
that: a change within the same tick of a clock would show no other time.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import sleep

from xiangning_zyz.aside import temporary_in
from xiangning_zyz.jobs.imports import Wish, foresee_unchanged
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.last_answer import LARGEST, Sight, head, look, path_in
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.receipt import Receipt

_TWO_SECONDS = 2 * 10**9  # FAT keeps no finer times; in nanoseconds
_TICK, _TICKS = 0.01, 5  # seconds, how often: Linux keeps times to 10 ms or finer


def watch(
    arguments: list[str], workspace: Workspace, files: Sequence[Path], moment: datetime, now: datetime
) -> Sight | None:
    """What `zyz` *arguments*, begun at *moment*, depends on *now*, before anything is read.

    None if no later state could tell that nothing has changed, or if the command line was understood
    otherwise than *workspace* and *files* say.
    """
    seen = look(arguments, moment.timestamp())
    if seen is None or seen.newest >= now.timestamp() * 10**9 - _TWO_SECONDS:
        return None
    if Path(seen.home) != workspace.home or list(map(Path, seen.paths)) != list(files):
        return None
    return seen if _settled(seen, workspace) else None


def remember(seen: Sight, answer: bytes) -> None:
    """Keep *answer*, which was found since *seen*, unless something has changed meanwhile."""
    now = look(seen.arguments, seen.seconds)
    if now is None or now.text != seen.text or len(seen.text) + len(answer) > LARGEST:
        return
    with suppress(OSError):  # no place, or Windows holds the file open: it only costs speed
        _write_private(Path(path_in(seen.home)), head(seen.text, answer) + seen.text + answer)


def foresee(workspace: Workspace, plan: Plan, paths: Sequence[Path], wish: Wish, done: Receipt) -> Receipt | None:
    """The receipt of the files of *done* imported once more, if all of them would be known by their hash."""
    with open_ledger(workspace.ledger, plan.id, create=False) as ledger:
        return foresee_unchanged(workspace, plan, ledger, paths, wish, done)


def _write_private(path: Path, content: bytes) -> None:
    """Written aside and renamed, but not flushed to the disk: what power loss spoils, the checksum finds."""
    aside = temporary_in(path.parent)
    try:
        aside.touch(0o600)
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _settled(seen: Sight, workspace: Workspace) -> bool:
    """Whether a further change of the ledger would show another time; waits a twentieth of a second at most."""
    with suppress(OSError):  # nothing can be written there, so nothing will be remembered
        for _ in range(_TICKS):
            if seen.ledger < _clock_of_disk(workspace):
                return True
            sleep(_TICK)
    return False


def _clock_of_disk(workspace: Workspace) -> int:
    """The time, in nanoseconds, that a file gets which is written now; clocks of other machines may be wrong."""
    stamp = temporary_in(workspace.cache)
    stamp.touch()
    try:
        return stamp.stat().st_mtime_ns
    finally:
        stamp.unlink()
