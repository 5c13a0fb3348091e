"""The file under the SQLite ledger: made, opened, brought up to date and copied, each all or nothing.

Error texts are Chinese: they reach the user as they are.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xiangning_zyz.aside import sync_folder, temporary_in
from xiangning_zyz.ledger.book import (
    LedgerBusy,
    LedgerDamaged,
    LedgerError,
    LedgerFull,
    LedgerReadOnly,
    LedgerTooNew,
)
from xiangning_zyz.stop import no_room

# Step n brings a file from version n − 1 to n; a new file takes them all. Never edit one that was released.
STEPS = ("schema.sql",)
APPLICATION_ID = 8026490  # as in schema.sql

# How a disk refuses to write: SQLite's IOERR with WRITE, FSYNC, DIR_FSYNC, TRUNCATE, SHMOPEN, SHMSIZE, SHMMAP …
_WRITE_FAILED = {sqlite3.SQLITE_IOERR | detail << 8 for detail in (3, 4, 5, 6, 18, 19, 21)}


def connect(path: Path, *, create: bool, timeout: float) -> sqlite3.Connection:
    """Open the ledger at *path*, up to date; *timeout* in seconds is how long a lock is waited for.

    Without a file: made if *create*, else an empty ledger in memory, so that looking leaves no trace.
    Raises a LedgerError for anything else that stands there.
    """
    with told(path):
        if not path.exists():
            if not create:
                return _empty()
            _make(path)
        connection = _open(path, timeout, reading=not create)
        try:
            _prepare(connection, path, timeout)
            if create:
                with suppress(sqlite3.OperationalError):  # in use just now: its own journal serves as well
                    connection.execute("PRAGMA journal_mode = WAL")
            else:
                connection.execute("BEGIN")  # who only reads sees one moment, however many questions are asked
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system report about *path* into a LedgerError for people."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise  # a mistake in this program, not a state of the file
    except sqlite3.Error as error:
        raise _explained(error, path) from error
    except UnicodeDecodeError as error:  # SQLite's own message quotes what it could not read
        raise damaged(path, "SQLITE_CORRUPT") from error
    except OSError as error:
        raise (_full if no_room(error) else _read_only)(path) from error


def damaged(path: Path, detail: str) -> LedgerError:
    return LedgerDamaged(f"台账库 {path} 已损坏（{detail}），未作任何改动；请用 zyz restore 从备份恢复。")


def copy(source: sqlite3.Connection, path: Path) -> None:
    """Copy one committed state of *source* to *path*: written aside, synced, then renamed.

    Only for who is alone in copying to *path*: what a killed one left there half is removed first.
    """
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    for left in path.parent.iterdir():
        if left.name.startswith(f"{path.name}.") and ".part" in left.name:  # SQLite adds `-journal`
            left.unlink(missing_ok=True)
    try:
        target = sqlite3.connect(aside, isolation_level=None)
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, readable on a write-protected disk
        finally:
            target.close()
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def _make(path: Path) -> None:
    """Make an empty ledger aside and give it its name unless another process was first.

    The name never stands for an unfinished file: an empty file is a damaged ledger, not a young one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = temporary_in(path.parent)
    aside.unlink(missing_ok=True)  # left by a killed process that had the same number
    try:
        _build(aside)
        _give_name(aside, path)
    except (sqlite3.Error, OSError):
        if not path.exists():
            raise
        # Another process was first, and may have swept ours away as a dead one's.
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def _build(path: Path) -> None:
    made = sqlite3.connect(path, isolation_level=None)
    try:
        made.execute("BEGIN")
        _take_steps(made, 0)
        made.execute("COMMIT")
    finally:
        made.close()


def _give_name(aside: Path, path: Path) -> None:
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        pass  # the other process's ledger is as good as ours
    except OSError:
        # FAT knows no links. On Windows a rename refuses a taken name as well; elsewhere, two first
        # imports in the same instant on such a disk are not told apart.
        if not path.exists():
            aside.rename(path)


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _take_steps(connection, 0)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _open(path: Path, timeout: float, *, reading: bool) -> sqlite3.Connection:
    """Open for writing if the file system lets us, else for reading."""
    connection = sqlite3.connect(_uri(path, "mode=rw"), uri=True, timeout=timeout, isolation_level=None)
    try:
        _pragma(connection, "user_version")
    except sqlite3.Error as error:
        connection.close()
        if not _is_all_there_is(path, error, reading=reading):
            raise
        return sqlite3.connect(_uri(path, "mode=ro&immutable=1"), uri=True, isolation_level=None)
    return connection


def _is_all_there_is(path: Path, error: sqlite3.Error, *, reading: bool) -> bool:
    """WAL wants two files beside the ledger. If they cannot be made, and no log was left, the ledger is whole alone.

    On a write-protected disk, that is, and for who only reads also on a full one.
    """
    refused = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
    full = error.sqlite_errorcode in _WRITE_FAILED
    logs = [path.with_name(path.name + suffix) for suffix in ("-wal", "-journal")]
    return (refused or (full and reading)) and not any(log.exists() and log.stat().st_size for log in logs)


def _prepare(connection: sqlite3.Connection, path: Path, timeout: float) -> None:
    """Check that this is a ledger of ours, bring it up to date, set how it is read and written."""
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise damaged(path, "不是台账库文件")
    version = _pragma(connection, "user_version")
    if version > len(STEPS):
        raise LedgerTooNew(f"台账库 {path} 由更新版本的 zyz 建立，本程序不能使用，请升级 zyz。")
    if version < len(STEPS):
        _migrate(connection, path, timeout)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cell_size_check = ON")  # malformed pages are named, not guessed at
    connection.execute("PRAGMA trusted_schema = OFF")


def _migrate(connection: sqlite3.Connection, path: Path, timeout: float) -> None:
    """Bring an older file up to date in one transaction; a backup `*.vN.bak` is made first."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _pragma(connection, "user_version")  # again: another process may have been faster
        if version < len(STEPS):
            before = sqlite3.connect(_uri(path, "mode=ro"), uri=True, timeout=timeout, isolation_level=None)
            try:
                copy(before, path.with_name(f"{path.name}.v{version}.bak"))
            finally:
                before.close()
            _take_steps(connection, version)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _take_steps(connection: sqlite3.Connection, version: int) -> None:
    for step in STEPS[version:]:
        script = (Path(__file__).parent / step).read_text(encoding="utf-8")
        for statement in _statements(script):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(STEPS)}")


def _statements(script: str) -> Iterator[str]:
    """Split a script; `executescript` would commit first, and a step must not be half taken."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    number: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return number


def _uri(path: Path, how: str) -> str:
    uri = path.absolute().as_uri()
    if not uri.startswith("file:///"):  # a Windows share: SQLite takes no host, but a path of four slashes
        uri = "file:////" + uri.removeprefix("file://")
    return f"{uri}?{how}"


def _explained(error: sqlite3.Error, path: Path) -> LedgerError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)  # none: a text that is not UTF-8
    primary = code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return LedgerBusy(f"台账库 {path} 正被其他程序占用，请稍后再试。")
    if primary == sqlite3.SQLITE_FULL or code in _WRITE_FAILED:
        return _full(path)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return _read_only(path)
    return damaged(path, getattr(error, "sqlite_errorname", "SQLITE_CORRUPT"))


def _read_only(path: Path) -> LedgerError:
    return LedgerReadOnly(f"台账库 {path} 无法打开或写入，请检查文件和文件夹的权限、磁盘是否写保护。")


def _full(path: Path) -> LedgerError:
    return LedgerFull(f"台账库 {path} 写不进磁盘，没有写完的一笔不会留下；请检查磁盘空间后重试。")
