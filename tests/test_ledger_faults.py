"""A ledger that is damaged, locked, write-protected, too new or on a full disk says so and changes nothing."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger_makers import NOON, observation, record, take_in, workbook
from xiangning_zyz.ledger import sqlite_file
from xiangning_zyz.ledger.book import (
    LedgerBusy,
    LedgerDamaged,
    LedgerError,
    LedgerFull,
    LedgerReadOnly,
    LedgerTooNew,
)
from xiangning_zyz.ledger.sqlite import SqliteLedger, open_ledger

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs file modes or resource limits of POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of some pages: 20 imports of 10 facts."""
    path = tmp_path / "ledger.db"
    with open_ledger(path, "xiangning") as ledger, ledger.writing():
        for number in range(20):
            file = f"{number}.xlsx"
            facts = [observation(f"{number}", f"i{n}", file=file, ref=f"D{n}") for n in range(9)]
            ledger.append_import(workbook(file), [*facts, record(file=file)], NOON)
    return path


def one_line(error: LedgerError) -> str:
    """The error's text, after a look at its form."""
    text = str(error)
    assert "\n" not in text
    assert text.endswith("。")
    return text


# Damage.


@pytest.mark.parametrize(
    "content", [b"", b"not a database", "报表".encode(), b"SQLite format 3\x00", b"\x00" * 8192], ids=range(5)
)
def test_what_is_not_a_ledger_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    for create in (True, False):
        with pytest.raises(LedgerDamaged, match="zyz restore") as refusal, open_ledger(path, "p", create=create):
            pass
        one_line(refusal.value)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE entry (plan_id, seq)")
    before = path.read_bytes()
    with pytest.raises(LedgerDamaged, match="不是台账库"), open_ledger(path, "xiangning"):
        pass
    assert path.read_bytes() == before


def test_a_damaged_file_is_refused_before_anything_is_written(path: Path) -> None:
    """A hundred damages: noise in a page, zeros over a page, the end missing."""
    whole = path.read_bytes()
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    for number in range(100):
        damaged = _damage(whole, number % 3, chance)
        path.write_bytes(damaged)
        with pytest.raises(LedgerDamaged) as refusal, open_ledger(path, "xiangning") as ledger:
            take_in(ledger, observation("1"))
        one_line(refusal.value)
        assert path.read_bytes() == damaged


def _damage(whole: bytes, how: int, chance: random.Random) -> bytes:
    page = 4096 * chance.randrange(len(whole) // 4096)
    match how:
        case 0:
            return whole[:page] + chance.randbytes(4096) + whole[page + 4096 :]
        case 1:
            return whole[:page] + bytes(4096) + whole[page + 4096 :]
        case _:
            return whole[: chance.randrange(100, len(whole) - 4096)]


def test_reading_a_damaged_file_never_ends_in_a_traceback(path: Path) -> None:
    whole = path.read_bytes()
    chance = random.Random(2)  # noqa: S311 - repeatable, not secret
    refused = 0
    for number in range(100):
        path.write_bytes(_damage(whole, number % 3, chance))
        try:
            with open_ledger(path, "xiangning", create=False) as ledger:
                ledger.facts()
                ledger.records()
                ledger.history("i3")
                ledger.imports()
                ledger.verify()
        except LedgerDamaged:
            refused += 1
    assert refused > 90


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE fact SET value = 'NaN' WHERE entry = 20",
        "UPDATE fact SET value = NULL WHERE entry = 20",
        "UPDATE fact SET period = '2024-13' WHERE entry = 20",
        "UPDATE fact SET raw = CAST(x'ff' AS TEXT) WHERE entry = 20",
        "UPDATE import_file SET received = 'x' WHERE entry = 20",
        "UPDATE entry SET recorded_at = 'x' WHERE seq = 20",
        "DELETE FROM import_file WHERE entry = 20",
        "DROP TABLE fact",
    ],
)
def test_rows_that_cannot_be_read_are_damage(path: Path, change: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(change)
        connection.commit()
    with open_ledger(path, "xiangning", create=False) as ledger, pytest.raises(LedgerDamaged):
        ledger.facts()


def test_a_damaged_ledger_does_not_replace_a_good_backup(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "backup.db"
    with open_ledger(path, "xiangning", create=False) as ledger:
        ledger.backup_to(copy)
    good = copy.read_bytes()
    whole = path.read_bytes()
    path.write_bytes(whole[:16384] + bytes(8192) + whole[24576:])
    with open_ledger(path, "xiangning", create=False) as ledger, pytest.raises(LedgerDamaged):
        ledger.backup_to(copy)
    assert copy.read_bytes() == good


def test_a_ledger_of_a_later_program_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerTooNew, match="升级 zyz") as refusal, open_ledger(path, "xiangning", create=False):
        pass
    assert (refusal.value.code, one_line(refusal.value)) == (3, str(refusal.value))


# Locks.


@contextmanager
def held(path: Path, how: str = "IMMEDIATE") -> Iterator[sqlite3.Connection]:
    """Another program at work in the ledger."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute(f"BEGIN {how}")
        yield other


def test_a_lock_held_too_long_is_busy_and_reading_goes_on(path: Path) -> None:
    with held(path), open_ledger(path, "xiangning", timeout=0.05) as ledger:
        with pytest.raises(LedgerBusy, match="稍后再试") as refusal:
            take_in(ledger, observation("1"))
        assert refusal.value.code == 75
        one_line(refusal.value)
        assert len(ledger.facts()) == 9
        assert len(ledger.imports()) == 20


def test_a_lock_given_free_in_time_is_waited_for(path: Path) -> None:
    with held(path) as other, open_ledger(path, "xiangning", timeout=30) as ledger:
        release = threading.Timer(0.3, other.execute, ["ROLLBACK"])
        release.start()
        started = time.monotonic()
        assert take_in(ledger, observation("1")) == 21
        assert time.monotonic() - started > 0.2
        release.join()


# Disk and permissions.


def test_a_full_disk_keeps_nothing_of_the_import(path: Path) -> None:
    with open_ledger(path, "xiangning") as ledger:
        assert isinstance(ledger, SqliteLedger)
        head = ledger.head()
        [(pages,)] = ledger._connection.execute("PRAGMA page_count")
        ledger._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(LedgerFull, match="磁盘空间") as refusal, ledger.writing():
            ledger.append_import(workbook(), [observation(str(n)) for n in range(500)], NOON)
        assert refusal.value.code == 75
        one_line(refusal.value)
        assert (ledger.head(), ledger.verify()) == (head, None)
        ledger._connection.execute("PRAGMA max_page_count = 1000000")
        assert take_in(ledger, observation("1")) == 21, "once there is room it goes on"


_ON_A_SMALL_DISK = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from ledger_makers import NOON, observation, workbook
from xiangning_zyz.ledger.book import LedgerFull
from xiangning_zyz.ledger.sqlite import open_ledger
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    with open_ledger(Path(sys.argv[1]), "xiangning") as ledger, ledger.writing():
        ledger.append_import(workbook(), [observation(str(n), ref=f"D{n}") for n in range(3000)], NOON)
    print("stored")
except LedgerFull:
    print("full")
"""


@POSIX
@pytest.mark.parametrize("room", [0, 1_000, 30_000, 60_000, 100_000, 200_000, 400_000])
def test_a_disk_that_fills_up_at_any_point_leaves_all_or_nothing(tmp_path: Path, room: int) -> None:
    """Room in bytes for any one file, from too little for an empty ledger to almost enough."""
    path = tmp_path / "ledger.db"
    command = [sys.executable, "-c", _ON_A_SMALL_DISK, str(path), str(room), str(Path(__file__).parent)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("full\n", "")
    with open_ledger(path, "xiangning", create=False) as ledger:
        assert (ledger.facts(), ledger.imports(), ledger.verify()) == ((), (), None)
    with open_ledger(path, "xiangning") as ledger:
        assert take_in(ledger, observation("1")) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.db"]


_READ_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from xiangning_zyz.ledger.sqlite import open_ledger
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
with open_ledger(Path(sys.argv[1]), "xiangning", create=False) as ledger:
    print(len(ledger.facts()), ledger.verify())
"""


@POSIX
def test_a_full_disk_can_still_be_read(path: Path) -> None:
    command = [sys.executable, "-c", _READ_ON_A_FULL_DISK, str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("9 None\n", "")


@pytest.fixture
def as_nobody() -> Iterator[Callable[[Path], Path]]:
    """Copies a ledger to where an ordinary user may look, and acts as one: root may write everywhere."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    root = os.geteuid() == 0

    def protect(path: Path) -> Path:
        copy = folder / "ledger.db"
        shutil.copy(path, copy)
        copy.chmod(0o444)
        folder.chmod(0o555)
        if root:
            os.seteuid(65534)
        return copy

    yield protect
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


@POSIX
def test_a_write_protected_ledger_can_be_read_and_refuses_to_be_written(
    path: Path, as_nobody: Callable[[Path], Path]
) -> None:
    copy = as_nobody(path)
    with open_ledger(copy, "xiangning", create=False) as ledger:
        assert len(ledger.facts()) == 9
        assert ledger.verify() is None
    with open_ledger(copy, "xiangning") as ledger:
        with pytest.raises(LedgerReadOnly, match="权限") as refusal:
            take_in(ledger, observation("1"))
        assert refusal.value.code == 3
        one_line(refusal.value)
    assert [file.name for file in copy.parent.iterdir()] == ["ledger.db"]


@POSIX
def test_a_ledger_cannot_be_made_in_a_write_protected_folder(path: Path, as_nobody: Callable[[Path], Path]) -> None:
    elsewhere = as_nobody(path).with_name("other.db")
    with pytest.raises(LedgerReadOnly), open_ledger(elsewhere, "xiangning"):
        pass


# Backup and migration.


def test_a_backup_is_one_whole_file_and_equals_the_ledger(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "backup" / "ledger.db"
    copy.parent.mkdir()
    with open_ledger(path, "xiangning") as ledger:
        ledger.backup_to(copy)
        with ledger.writing(), pytest.raises(RuntimeError, match="committed"):
            ledger.backup_to(copy)
        head, facts = ledger.head(), ledger.facts()
    assert [file.name for file in copy.parent.iterdir()] == ["ledger.db"]
    with open_ledger(copy, "xiangning") as restored:
        assert (restored.head(), restored.facts(), restored.verify()) == (head, facts, None)
        assert take_in(restored, observation("1")) == 21


def test_a_backup_can_be_taken_while_others_write(path: Path, tmp_path: Path) -> None:
    heads = set()
    with open_ledger(path, "xiangning") as writer, open_ledger(path, "xiangning", create=False) as reader:
        for number in range(5):
            with writer.writing():
                writer.append_import(workbook(f"n{number}"), [observation("1", file=f"n{number}")], NOON)
                reader.backup_to(tmp_path / f"{number}.db")
            heads.add(writer.head())
    for number in range(5):
        with open_ledger(tmp_path / f"{number}.db", "xiangning", create=False) as copy:
            assert copy.verify() is None
            assert copy.head() not in heads, "the reader's moment is before the first of them"


@pytest.fixture
def second_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program one version further: it adds a column, an index and a trigger."""
    script = tmp_path / "second.sql"
    script.write_text(
        "ALTER TABLE fact ADD COLUMN note TEXT;  -- 备注\n"
        "CREATE INDEX fact_by_note ON fact (plan_id, note);\n"
        "CREATE TRIGGER no_note BEFORE INSERT ON fact WHEN NEW.note = ''\n"
        "BEGIN\n  SELECT RAISE(ABORT, 'empty; say nothing');\nEND;\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(sqlite_file, "STEPS", ("schema.sql", str(script)))
    return script


def version(path: Path) -> tuple[int, list[str]]:
    with closing(sqlite3.connect(path)) as connection:
        [(number,)] = connection.execute("PRAGMA user_version")
        return number, [row[1] for row in connection.execute("PRAGMA table_info(fact)")]


@pytest.mark.parametrize("create", [True, False])
def test_an_older_ledger_is_brought_up_to_date_after_a_backup(path: Path, second_step: Path, create: bool) -> None:
    with closing(sqlite3.connect(path)) as connection:
        before = connection.execute("SELECT * FROM head").fetchall()
    with open_ledger(path, "xiangning", create=create) as ledger:
        assert (len(ledger.facts()), ledger.verify()) == (9, None), "old hashes hold under new columns"
        assert take_in(ledger, observation("1")) == 21
        assert ledger.verify() is None
    number, columns = version(path)
    assert (number, columns[-1]) == (2, "note")
    backup = path.with_name("ledger.db.v1.bak")
    assert version(backup)[0] == 1
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT * FROM head").fetchall() == before


def test_what_a_killed_migration_left_half_is_gone_after_the_next(path: Path, second_step: Path) -> None:
    left = [path.with_name(f"ledger.db.v1.bak.4711.part{ending}") for ending in ("", "-journal")]
    for each in left:
        each.write_bytes(b"half")
    strange = path.with_name("ledger.db.v1.bak.副本")
    strange.write_bytes(b"somebody's")
    with open_ledger(path, "xiangning"):
        pass
    assert sorted(file.name for file in path.parent.iterdir() if file != second_step) == [
        "ledger.db",
        "ledger.db.v1.bak",
        strange.name,
    ]


def test_a_new_ledger_takes_every_step_and_needs_no_backup(tmp_path: Path, second_step: Path) -> None:
    path = tmp_path / "new" / "ledger.db"
    with open_ledger(path, "xiangning") as ledger:
        take_in(ledger, observation("1"))
    assert version(path)[0] == 2
    assert [file.name for file in path.parent.iterdir()] == ["ledger.db"]


def test_a_step_that_fails_leaves_the_old_ledger(path: Path, second_step: Path) -> None:
    second_step.write_text(second_step.read_text(encoding="utf-8") + "CREATE TABLE entry (x);\n", encoding="utf-8")
    with pytest.raises(LedgerError), open_ledger(path, "xiangning"):
        pass
    number, columns = version(path)
    assert (number, "note" in columns) == (1, False)


def test_a_step_waits_for_who_is_writing(path: Path, second_step: Path) -> None:
    with held(path), pytest.raises(LedgerBusy), open_ledger(path, "xiangning", timeout=0.05):
        pass
    assert version(path)[0] == 1
