"""The heartbeat, `var/heartbeat.json`: whether the nightly run lives. A job that never ran sends no mail.

Written when a run starts and when it ends. A start without an end, while nobody holds the lock, is a run
that was killed: it is shown as failed, not as running.
"""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from xiangning_zyz.aside import write_aside
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.report.json_text import to_json
from xiangning_zyz.stop import no_room

_SCHEMA = "zyz/heartbeat@1"

Result = Literal["running", "good", "failed"]


class Heartbeat(NamedTuple):
    """The last run, and the last good one. Moments are the clock's, in Asia/Shanghai."""

    started: datetime
    ended: datetime | None = None
    result: Result = "running"
    says: str = ""  # one Chinese line for people
    day: date | None = None  # the day that the run worked for
    last_good: datetime | None = None  # when the last good run ended
    last_day: date | None = None  # the day it worked for


def heartbeat_path(workspace: Workspace) -> Path:
    return workspace.var / "heartbeat.json"


def read_heartbeat(workspace: Workspace) -> Heartbeat | None:
    """The heartbeat as it stands; None if there is none, or none that can be read: then the next run starts afresh."""
    try:
        held = json.loads(heartbeat_path(workspace).read_bytes())
        return Heartbeat(
            started=datetime.fromisoformat(held["started"]),
            ended=_moment(held["ended"]),
            result=held["result"],
            says=held["says"],
            day=_day(held["day"]),
            last_good=_moment(held["last_good"]),
            last_day=_day(held["last_day"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):  # absent, or not written by us
        return None


def write_heartbeat(workspace: Workspace, beat: Heartbeat) -> None:
    """Put *beat* in place of the last one. OSError as the system gives it.

    Its temporary file lies in the log's folder: an import may sweep `var` at any moment. On a full disk the
    last one is written over, which needs no room: cut off it counts as none, left alone it would say all is well.
    """
    workspace.log.mkdir(parents=True, exist_ok=True)
    text = to_json({"schema": _SCHEMA, **{name: _spelled(value) for name, value in beat._asdict().items()}})
    content = text.encode(errors="backslashreplace")
    path = heartbeat_path(workspace)
    try:
        write_aside(path, content, workspace.log)
    except OSError as error:
        if not (no_room(error) and path.is_file()):
            raise
        with path.open("r+b") as file:
            file.write(content)
            file.truncate()


def _spelled(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
