"""Backup and restore: the whole of a workspace that cannot be made again, in one dated zip that proves itself.

Inside: `manifest.json` with the SHA-256 and size of every other member, the ledger as an online copy of one
committed state, the plan (`data/`) and the archive (sheets and evidence). The ledger is copied first: what its
entries name was archived before they were sealed, so the archive taken afterwards holds at least that.
"""

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from xiangning_zyz import __version__
from xiangning_zyz.aside import sweep, sync_folder, write_aside
from xiangning_zyz.jobs.lock import held
from xiangning_zyz.jobs.plans import open_plan
from xiangning_zyz.jobs.records import Check, verify
from xiangning_zyz.jobs.workspace import Workspace, check_ledger_stands
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.report.json_text import to_json
from xiangning_zyz.stop import Stop, TryAgain

_SCHEMA = "zyz/backup@1"
_MANIFEST = "manifest.json"
_LEDGER = "ledger.db"
_MANIFEST_BYTES = 64 << 20  # hundreds of thousands of archived files
_CHUNK = 1 << 20
# All that `zipfile` says of a file that is damaged, encrypted or none (RuntimeError: also NotImplementedError).
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError)


class Backup(NamedTuple):
    """A backup that was made: where, when, and what it holds."""

    path: Path
    made: datetime
    files: int
    size: int  # bytes of the zip
    entries: int  # of the ledger
    faults: tuple[str, ...]  # what `zyz verify` finds wrong with the office that was backed up


class Restored(NamedTuple):
    """A workspace that was put back."""

    workspace: Workspace
    imports: int
    faults: tuple[str, ...]  # those that it had when it was backed up


class BadBackup(Stop):
    """The file is no backup of ours, or not a whole one; nothing was restored."""


class NotEmpty(Stop):
    """There is something where a backup is to be restored."""

    code = 1


class _Member(NamedTuple):
    size: int
    sha256: str


def back_up(workspace: Workspace, folder: Path, moment: datetime) -> Backup:
    """Write a dated backup to *folder* and read it back; imports may go on meanwhile.

    An office with something amiss, a lost sheet say, is backed up all the same, and the backup knows of it.
    Taken (exit code 75) while another backup is being made; OSError as the system gives it. The file is
    for its owner only: it holds contacts.
    """
    if not folder.is_dir() and (folder.exists() or folder.suffix.lower() == ".zip"):
        raise Stop(f"{folder} 不是文件夹。请写明放备份的文件夹，文件名由程序按日期起。")
    plan = open_plan(workspace)
    check_ledger_stands(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    mine = f"{zlib.crc32(os.fsencode(workspace.home.resolve())):08x}"
    writable = os.access(workspace.var if workspace.var.exists() else workspace.home, os.W_OK)
    # From a disk that has turned read-only, backups are wanted most: there the lock lies beside the backup.
    lock = workspace.var / "backup.lock" if writable else folder / f".zyz-lock-{mine}"
    with held(lock, "另一个备份正在进行，请稍后再试。"):
        _room_for(_needed(workspace), folder)
        target = folder / f"zyz-{plan.id}-{moment:%Y%m%d-%H%M%S}.zip"
        # Named after the workspace: the lock makes it the only writer, and the next one clears up after a killed one.
        name = f".zyz-backup-{mine}"
        aside, copy = folder / f"{name}.zip", folder / f"{name}.db"
        _clear(folder, name)
        try:
            with open_ledger(workspace.ledger, plan.id, create=False) as ledger:
                ledger.backup_to(copy)
            with open_ledger(copy, plan.id, create=False) as copied:
                head, faults = copied.head(), verify(workspace, copied).faults
            about = {
                "schema": _SCHEMA,
                "plan_id": plan.id,
                "made": moment.isoformat(),
                "version": __version__,
                "ledger_seq": head.seq if head else 0,
                "ledger_hash": head.hash if head else "",
                "faults": faults,
            }
            members = _write_zip(workspace, copy, aside, about)
            with closing(_opened(aside)) as made:
                _check(made, members)
            aside.replace(target)
        finally:
            _clear(folder, name)
        sync_folder(folder)
        backup = Backup(target, moment, len(members), target.stat().st_size, head.seq if head else 0, faults)
        if writable:
            _note(workspace, backup)
    return backup


def _clear(folder: Path, name: str) -> None:
    """Remove what is unfinished; SQLite and the copying of the ledger add endings of their own."""
    for left in folder.glob(f"{name}*"):
        left.unlink()


def last_backup(workspace: Workspace) -> tuple[datetime, Path] | None:
    """When the last backup of *workspace* was made, and where it was put; None if there is no record of one."""
    try:
        noted = json.loads(_noted(workspace).read_bytes())
        return datetime.fromisoformat(noted["made"]), Path(noted["file"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def restore(file: Path, into: Path) -> Restored:
    """Make *into*, which must be empty or absent, the workspace that *file* holds.

    All is written aside, checked byte by byte, verified as `zyz verify` does, then renamed: killed anywhere,
    *into* is as empty as it was. BadBackup if anything does not hold but what did not hold when it was
    backed up, NotEmpty if *into* is in use.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise NotEmpty(f"{into} 不是空文件夹，没有恢复。请换一个空文件夹，核对后再替换原来的工作区。")
    with closing(_opened(file)) as backup:
        about, members = _manifest(backup)
        into = into.resolve()
        into.parent.mkdir(parents=True, exist_ok=True)
        _room_for(sum(member.size for member in members.values()), into.parent)
        aside = into.with_name(f".zyz-restore-{into.name}")
        shutil.rmtree(aside, ignore_errors=True)
        try:
            _unpack(backup, members, aside)
            found = _prove(Workspace(aside), about)
            if into.exists():
                into.rmdir()
            aside.rename(into)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        sync_folder(into.parent)
    return Restored(Workspace(into), found.imports, found.faults)


def _write_zip(workspace: Workspace, ledger: Path, target: Path, about: Mapping[str, object]) -> dict[str, _Member]:
    members: dict[str, _Member] = {}
    private = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(private, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as made:
            for name, path in _sources(workspace, ledger):
                members[name] = _add(made, name, path)
            listed = {name: member._asdict() for name, member in members.items()}
            made.writestr(_MANIFEST, to_json({**about, "files": listed}))
        file.flush()
        os.fsync(file.fileno())
    return members


def _sources(workspace: Workspace, ledger: Path) -> Iterator[tuple[str, Path]]:
    """Every file that belongs into a backup, under its name there. Links are left out: they lead elsewhere."""
    yield _LEDGER, ledger
    for root, name in ((workspace.data, "data"), (workspace.archive, "archive")):
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield f"{name}/{path.relative_to(root).as_posix()}", path


def _add(made: zipfile.ZipFile, name: str, path: Path) -> _Member:
    seal, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name)  # without the file's own date, which may lie before 1980
    packed = name.startswith("archive/")  # workbooks are zips already
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    with path.open("rb") as source, made.open(info, "w", force_zip64=True) as target:
        while piece := source.read(_CHUNK):
            seal.update(piece)
            size += len(piece)
            target.write(piece)
    return _Member(size, seal.hexdigest())


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _BROKEN as error:
        raise _bad(file, "不是备份文件，或已损坏") from error


def _manifest(backup: zipfile.ZipFile) -> tuple[dict[str, object], dict[str, _Member]]:
    """What the backup says it holds, held against the names it has. Nothing else in it is looked at."""
    file = Path(str(backup.filename))
    try:
        with backup.open(_MANIFEST) as source:
            about = json.loads(source.read(_MANIFEST_BYTES))
        if about["schema"] != _SCHEMA:
            raise _bad(file, "不是本程序的备份，或由更新的版本生成")
        members = {str(name): _Member(int(each["size"]), str(each["sha256"])) for name, each in about["files"].items()}
        about["plan_id"], about["ledger_seq"], about["ledger_hash"]
    except (*_BROKEN, TypeError, AttributeError) as error:
        raise _bad(file, "没有可读的清单，不是本程序的备份") from error
    names = [info.filename for info in backup.infolist()]
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in backup.infolist()):
        raise _bad(file, "不是本程序的备份")
    if sorted(names) != sorted([*members, _MANIFEST]):
        raise _bad(file, "文件与清单不符")
    for name in members:
        if not _safe(name):
            raise _bad(file, f"清单中有不应有的文件名 {name}")
    return about, members


def _safe(name: str) -> bool:
    """Whether *name* stays below the workspace on any system, and is one that backups have."""
    parts = PurePosixPath(name).parts
    plain = all(part not in ("..", ".") and not set(part) & set('\\:*?"<>|\0') for part in parts)
    return (
        plain and "/".join(parts) == name and (name == _LEDGER or (len(parts) > 1 and parts[0] in ("data", "archive")))
    )


def _check(backup: zipfile.ZipFile, members: dict[str, _Member]) -> None:
    """Read every member and compare it with the manifest."""
    for name, member in members.items():
        with _read(backup, name, member) as pieces:
            for _ in pieces:
                pass


def _unpack(backup: zipfile.ZipFile, members: dict[str, _Member], home: Path) -> None:
    for name, member in members.items():
        target = home / ("var" if name == _LEDGER or name.startswith("archive/") else "") / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with _read(backup, name, member) as pieces, target.open("xb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def _read(backup: zipfile.ZipFile, name: str, member: _Member) -> Iterator[Iterator[bytes]]:
    """The content of a member in pieces, never more than its size; BadBackup if it is not what the manifest says."""
    try:
        with backup.open(name) as source:
            yield _checked(source, member, name)
    except _BROKEN as error:
        raise _bad(Path(str(backup.filename)), f"{name} 已损坏") from error


def _checked(source: IO[bytes], member: _Member, name: str) -> Iterator[bytes]:
    seal, left = hashlib.sha256(), member.size
    while left and (piece := source.read(min(left, _CHUNK))):
        seal.update(piece)
        left -= len(piece)
        yield piece
    if left or source.read(1) or seal.hexdigest() != member.sha256:
        raise ValueError(name)


def _prove(workspace: Workspace, about: dict[str, object]) -> Check:
    """Verify what was unpacked as `zyz verify` does, and find no more amiss than its office had."""
    plan_id = str(about["plan_id"])
    with open_ledger(workspace.ledger, plan_id, create=False) as ledger:
        head = ledger.head()
        if (head.seq if head else 0, head.hash if head else "") != (about["ledger_seq"], about["ledger_hash"]):
            raise BadBackup("备份中的台账库与清单不符，没有恢复。")
        found = verify(workspace, ledger)
    known = about.get("faults", [])
    new = [fault for fault in found.faults if not (isinstance(known, list) and fault in known)]
    if new:
        raise BadBackup("备份未通过核对，没有恢复：\n" + "\n".join(new))
    return found


def _bad(file: Path, why: str) -> BadBackup:
    return BadBackup(f"{file} {why}，没有恢复。")


def _noted(workspace: Workspace) -> Path:
    return workspace.var / "backup.json"


def _note(workspace: Workspace, backup: Backup) -> None:
    workspace.backups.mkdir(exist_ok=True)
    sweep(workspace.backups)  # whoever holds the lock is alone here
    noted = {"schema": "zyz/last-backup@1", "made": backup.made.isoformat(), "file": str(backup.path.resolve())}
    write_aside(_noted(workspace), to_json(noted).encode(errors="backslashreplace"), workspace.backups)


def _needed(workspace: Workspace) -> int:
    """Bytes that a backup takes at most while it is made: the copy of the ledger, and all members."""
    sizes = [path.stat().st_size for _, path in _sources(workspace, workspace.ledger) if path.exists()]
    return sum(sizes) + sizes[0] if sizes else 0


def _room_for(needed: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise TryAgain(f"{folder} 所在磁盘只剩 {free >> 20} 兆，约需 {(needed >> 20) + 1} 兆，请清理或换一个磁盘。")
