"""The inbox, `var/inbox/`: which files may be taken in, and how each leaves it.

Offices drop files here by hand, by network share, by mail filter. What maildir and Mailman learned holds
(reliability of qmail and Mailman's switchboard): nothing is touched while it is being written; nothing is
deleted before it is safe elsewhere; a file that brings the program down is set aside after a few tries.
A file stays in the inbox until it is dealt with, so a run that is killed loses nothing.
"""

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.aside import sync_folder, temporary_in, write_aside
from xiangning_zyz.intake.reading.received import received_bytes, shown_name
from xiangning_zyz.intake.reading.refusal import Refused
from xiangning_zyz.jobs.archive import archive
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.period import SHANGHAI
from xiangning_zyz.report.json_text import to_json

TRIES = 3  # runs that may die over one file before it is set aside
PATIENCE = 24 * 3600  # seconds for which an incomplete workbook is taken for one still being sent

# What programs leave beside a file they have open or are still fetching. Offices never send these.
_NOT_OURS = ("~$", ".")  # Excel and WPS; LibreOffice's .~lock., dot files of systems and sync clients
_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".downloading", ".xltd")
_SYSTEM = ("thumbs.db", "desktop.ini")
_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".tsv", ".zip")
_SCHEMA = "zyz/inbox@1"
_ZIP_TAIL = 22 + 0xFFFF  # the end record and its longest comment


class Stamp(NamedTuple):
    """What changes when a file is written or replaced."""

    size: int
    modified: int  # nanoseconds
    inode: int


class Waiting(NamedTuple):
    """A file that may be taken in."""

    path: Path
    stamp: Stamp
    arrived: datetime  # when it came to lie here: change of the inode, creation on Windows

    @property
    def name(self) -> str:
        return shown_name(self.path)

    def same(self) -> bool:
        """Whether it still is the file that was looked at."""
        with suppress(OSError):
            return _stamp(self.path.lstat()) == self.stamp
        return False


class LeftAlone(NamedTuple):
    """Something in the inbox that is not touched."""

    path: Path
    why: str
    routine: bool = False  # a lock file or the like: of no interest to people

    @property
    def name(self) -> str:
        return shown_name(self.path)


class Seen(NamedTuple):
    """What earlier runs remember of a name in the inbox."""

    stamp: Stamp
    since: datetime  # seen like this for the first time
    tries: int = 0  # runs that began to take it in and did not come to an end
    told: str = ""  # why it was left alone, as told to people


Memory = dict[str, Seen]


def scan(inbox: Path) -> tuple[list[Waiting], list[LeftAlone]]:
    """All that lies in *inbox*, by name: regular files that an office may have sent, and the rest."""
    waiting: list[Waiting] = []
    left: list[LeftAlone] = []
    for path in sorted(inbox.iterdir()):
        with suppress(FileNotFoundError):  # gone again
            status = path.lstat()
            why = _not_a_file(status.st_mode)
            low = path.name.lower()
            if low.startswith(_NOT_OURS) or low.endswith(_UNFINISHED) or low in _SYSTEM:
                left.append(LeftAlone(path, "临时文件或锁文件", routine=True))
            elif why:
                left.append(LeftAlone(path, why))
            else:
                waiting.append(Waiting(path, _stamp(status), datetime.fromtimestamp(status.st_ctime, SHANGHAI)))
    return waiting, left


def settled(
    waiting: Iterable[Waiting], memory: Memory, now: datetime, pause: Callable[[], None]
) -> tuple[list[Waiting], list[LeftAlone]]:
    """Those that did not change during *pause*, can be opened and are complete; and those still to wait for.

    A workbook without its end is taken for one whose sending has stalled until nothing has happened to it
    for `PATIENCE`; then it is a damaged file like any other.
    """
    watched = list(waiting)
    if watched:
        pause()
    ready: list[Waiting] = []
    left: list[LeftAlone] = []
    for each in watched:
        try:
            complete = _complete(each.path)
        except OSError as error:
            if error.errno != errno.ENOENT:
                left.append(LeftAlone(each.path, "没有读取权限，或正被其他程序使用"))
            continue
        if not each.same():
            left.append(LeftAlone(each.path, "还在写入"))
        elif not complete and _idle(each, memory, now) < PATIENCE:
            left.append(LeftAlone(each.path, "没有写完整，可能还在传送；一天后仍如此即按损坏文件退回"))
        else:
            ready.append(each)
    return ready, left


def received_on(arrived: date, last: date | None, today: date) -> date:
    """The day on which a file reached the office, which decides 迟报.

    The day it came to lie in the inbox, not that of the run: one that came on the last day and is taken in
    after midnight is not late. Bounded by the last run that would have taken it and by today, since clocks
    and file systems may say anything.
    """
    return min(max(arrived, last or arrived), today)


def accept(workspace: Workspace, ledger: Ledger, file: Waiting, on: date) -> bool:
    """Remove a file that was taken in, once the archive holds its very bytes; False if it has changed meanwhile."""
    try:
        content = received_bytes(file.path)
    except Refused:  # gone, or grown beyond all bounds
        return False
    sha256 = hashlib.sha256(content).hexdigest()
    if not any(workspace.archive.glob(f"*/{sha256}")):  # a zip, or a copy saved anew with the same figures
        with ledger.writing():
            archive(workspace, {sha256: content}, on)
    if not file.same():
        return False
    file.path.unlink()
    _sync(workspace.inbox)
    return True


def send_back(workspace: Workspace, ledger: Ledger, file: Waiting, on: date, note: str) -> Path:
    """Move a file to `returned/` beside a note that says why, and say where the note is. Names come from the hash.

    The same bytes under another name, as when two senders leave the same form blank, add their note to the first's.
    """
    stem = f"{on:%Y-%m-%d}-{_identity(file)[:12]}"
    suffix = file.path.suffix.lower()
    target = workspace.returned / f"{stem}.原件{suffix if suffix in _SUFFIXES else ''}"
    told = workspace.returned / f"{stem}.说明.txt"
    with ledger.writing():  # see archive.py: who holds this lock may write aside here
        workspace.returned.mkdir(parents=True, exist_ok=True)
        earlier = told.read_bytes().decode("utf-8-sig", "replace") if told.exists() else ""
        if note not in earlier:
            note = f"{earlier}\r\n{note}" if earlier else note
            write_aside(told, note.encode("utf-8-sig", "backslashreplace"))
        _move(file.path, target)
    _sync(workspace.inbox)
    return told


def read_memory(workspace: Workspace) -> Memory:
    """What earlier runs remember; nothing if that cannot be read."""
    try:
        held = json.loads(_memory_path(workspace).read_bytes())["files"]
        return {
            name: Seen(Stamp(*seen["stamp"]), datetime.fromisoformat(seen["since"]), seen["tries"], seen["told"])
            for name, seen in held.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):  # absent, or not written by us
        return {}


def write_memory(workspace: Workspace, memory: Memory) -> None:
    """Remember for the next run. OSError as the system gives it."""
    files = {name: {**seen._asdict(), "since": seen.since.isoformat()} for name, seen in memory.items()}
    workspace.log.mkdir(parents=True, exist_ok=True)
    # JSON escapes what is no text in a name, and gives it back the same.
    write_aside(_memory_path(workspace), to_json({"schema": _SCHEMA, "files": files}).encode(), workspace.log)


def forget(workspace: Workspace) -> None:
    """Remember nothing, if that can be done at all."""
    with suppress(OSError):
        _memory_path(workspace).unlink(missing_ok=True)


def remembered(memory: Memory, found: Sequence[Waiting | LeftAlone], now: datetime) -> Memory:
    """*memory* brought up to what lies in the inbox now: gone or changed files are forgotten, new ones begin."""
    fresh: Memory = {}
    for each in found:
        name = each.path.name
        with suppress(OSError):
            stamp = each.stamp if isinstance(each, Waiting) else _stamp(each.path.lstat())
            before = memory.get(name)
            fresh[name] = before if before and before.stamp == stamp else Seen(stamp, now)
    return fresh


def _memory_path(workspace: Workspace) -> Path:
    return workspace.var / "inbox.json"


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ino)


def _not_a_file(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "这是文件夹，请把里面的文件放到收件夹中"
    if stat.S_ISLNK(mode):
        return "这是快捷链接，请放入文件本身"
    return "" if stat.S_ISREG(mode) else "不是普通文件"


def _complete(path: Path) -> bool:
    """Whether a zip, as most workbooks are, has its end record; of other files nobody can tell."""
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - a descriptor that follows no link
        if file.read(4) != b"PK\x03\x04":
            return file.seek(0, os.SEEK_END) > 0  # an empty file is one that has only been opened
        file.seek(max(file.seek(0, os.SEEK_END) - _ZIP_TAIL, 0))
        return b"PK\x05\x06" in file.read()


def _idle(file: Waiting, memory: Memory, now: datetime) -> float:
    """Seconds for which nothing has happened to a file, by its own word or by ours: clocks differ."""
    seen = memory.get(file.path.name)
    since = seen.since if seen and seen.stamp == file.stamp else now
    return now.timestamp() - min(file.stamp.modified / 1e9, since.timestamp())


def _identity(file: Waiting) -> str:
    """The hash of the content, or of name and stamp if it is too large to be read."""
    try:
        content = received_bytes(file.path)
    except Refused:
        content = repr((os.fsencode(file.path.name), file.stamp)).encode()
    return hashlib.sha256(content).hexdigest()


def _sync(inbox: Path) -> None:
    # Not every network share can; a removal that power loss takes back is done again by the next run.
    with suppress(OSError):
        sync_folder(inbox)


def _move(source: Path, target: Path) -> None:
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        aside = temporary_in(target.parent)
        try:
            shutil.copyfile(source, aside)
            with aside.open("rb+") as copy:  # on the disk before the original goes
                os.fsync(copy.fileno())
            aside.replace(target)
            sync_folder(target.parent)
        finally:
            aside.unlink(missing_ok=True)
        source.unlink()
    sync_folder(target.parent)
