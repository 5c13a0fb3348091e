"""A backup is whole, proves itself when it is put back, and one that is damaged or foreign is refused."""

import json
import os
import sqlite3
import stat
import threading
import zipfile
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nights import START, Clock, Nights, report
from xiangning_zyz.jobs.backup import BadBackup, NotEmpty, back_up, last_backup, restore
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI
from xiangning_zyz.stop import TryAgain

LATER = datetime(2025, 7, 9, 3, tzinfo=SHANGHAI)


@pytest.fixture
def office(home, tmp_path, zyz):
    """An office with two sheets, one undone, a verdict with evidence, contacts and templates."""
    nights = Nights(Workspace(home), Clock())
    for number in (1, 2):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(report(tmp_path, "x.xlsx", 4 + number / 10))
        assert zyz("import", path, "--received", "2025-07-01", home=home).returncode == 0
    zyz("undo", 2, "--reason", "错了", home=home)
    proof = tmp_path / "证明.pdf"
    proof.write_bytes(b"%PDF signed")
    goal = json.loads(zyz("status", "--format", "json", home=home).stdout)["qualitative"][0]["id"]
    judged = zyz("judge", goal, "--verdict", "基本形成", "--evidence", proof, "--by", "办公室", home=home)
    assert judged.returncode == 0, judged.stderr
    (home / "data" / "templates").mkdir()
    (home / "data" / "templates" / "通报.j2").write_text("甲", encoding="utf-8")
    return nights


def tree(home):
    """Every file that belongs into a backup, but for the ledger, with its content."""
    kept = [*(home / "data").rglob("*"), *(home / "var" / "archive").rglob("*")]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in kept if path.is_file()}


def head(home):
    with open_ledger(home / "var" / "ledger.db", "xiangning", create=False) as ledger:
        return ledger.head()


def test_restored_into_an_empty_folder_everything_is_there_and_verifies(zyz, office, tmp_path):
    home = office.workspace.home
    assert zyz("backup", "-o", tmp_path / "安全", home=home).returncode == 0
    [made] = (tmp_path / "安全").iterdir()

    run = zyz("restore", made, "--into", tmp_path / "新")
    assert (run.returncode, "2 份报表" in run.stderr) == (0, True)
    assert tree(tmp_path / "新") == tree(home)
    assert head(tmp_path / "新") == head(home)
    assert zyz("verify", home=tmp_path / "新").returncode == 0
    for words in (("status", "--format", "json", "--as-of", "2025-07-08"), ("imports", "--format", "json")):
        assert zyz(*words, home=tmp_path / "新").stdout == zyz(*words, home=home).stdout


@pytest.mark.skipif(os.name == "nt", reason="permissions are other things on Windows")
def test_a_backup_is_for_its_owner_only(office, tmp_path):
    made = back_up(office.workspace, tmp_path, LATER)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["文件", "备份.zip"])
def test_what_is_or_looks_like_a_file_is_no_place_for_backups(zyz, home, tmp_path, name):
    (tmp_path / "文件").touch()
    run = zyz("backup", "-o", tmp_path / name, home=home)
    assert (run.returncode, "不是文件夹" in run.stderr, run.stderr.count("\n")) == (3, True, 1)
    assert not (tmp_path / "备份.zip").exists()


def test_a_backup_is_remembered_and_its_name_is_its_date(office):
    made = back_up(office.workspace, office.workspace.backups, LATER)
    assert made.path.name == "zyz-xiangning-20250709-030000.zip"
    assert last_backup(office.workspace) == (LATER, made.path)


def test_a_workspace_without_a_ledger_can_be_backed_up_too(home, tmp_path):
    made = back_up(Workspace(home), tmp_path / "safe", START)
    assert made.entries == 0
    assert restore(made.path, tmp_path / "new")[1] == 0


def test_backups_made_while_sheets_come_in_each_hold_one_committed_state(office, tmp_path):
    workspace = office.workspace
    stop = threading.Event()

    def keep_importing():
        number = 0
        while not stop.is_set():
            number += 1
            office.drop("a.xlsx", report(tmp_path, "a.xlsx", 5 + number / 100))
            office.run(START.date())

    importing = threading.Thread(target=keep_importing)
    importing.start()
    try:
        made = [back_up(workspace, tmp_path / f"{number}", LATER) for number in range(10)]
    finally:
        stop.set()
        importing.join()
    for number, each in enumerate(made):
        restored, _, _ = restore(each.path, tmp_path / f"restored {number}")
        assert head(restored.home).seq == each.entries


def test_a_damaged_ledger_is_not_backed_up_over_a_good_backup(office, tmp_path):
    back_up(office.workspace, tmp_path / "safe", START)
    database = office.workspace.ledger
    content = bytearray(database.read_bytes())
    content[5000:9000] = b"\xff" * 4000
    database.write_bytes(content)
    with pytest.raises(Exception, match="损坏"):
        back_up(office.workspace, tmp_path / "safe", LATER)
    assert [path.name for path in (tmp_path / "safe").iterdir()] == ["zyz-xiangning-20250708-023000.zip"]


def test_an_office_that_has_lost_a_sheet_can_be_backed_up_and_put_back_and_both_name_the_sheet(zyz, office, tmp_path):
    """Without that, the rest could be saved no more."""
    home = office.workspace.home
    sheet = next(home.glob("var/archive/2025-07/*"))
    sheet.unlink()
    backed = zyz("backup", "-o", tmp_path / "safe", home=home)
    [made] = (tmp_path / "safe").iterdir()
    put_back = zyz("restore", made, "--into", tmp_path / "new")
    for run in (backed, put_back):
        assert (run.returncode, run.stdout.count("\n")) == (1, 1)
        assert f"不在归档中：var/archive/2025-07/{sheet.name}" in run.stdout
    assert head(tmp_path / "new") == head(home)


def test_without_its_ledger_a_workspace_with_sheets_is_not_taken_for_a_new_one(zyz, office, tmp_path):
    home = office.workspace.home
    (home / "var" / "ledger.db").unlink()
    sheet = tmp_path / "3.xlsx"
    sheet.write_bytes(report(tmp_path, "x.xlsx", 4.3))
    commands = (
        ["status"],
        ["verify"],
        ["import", sheet],
        ["run", "--settle", "0"],
        ["backup", "-o", tmp_path / "safe"],
    )
    for words in commands:
        run = zyz(*words, home=home)
        assert (run.returncode, run.stdout, run.stderr.count("\n")) == (3, "", 1), words
        assert "zyz restore" in run.stderr
    assert not (home / "var" / "ledger.db").exists()
    doctor = json.loads(zyz("doctor", "--format", "json", home=home).stdout)
    assert "ledger" in {each["id"] for each in doctor["findings"] if each["state"] == "due"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_the_name_of_a_lost_sheet_cannot_write_lines_of_its_own_or_act_on_a_terminal(zyz, home, tmp_path):
    path = tmp_path / "a\x1b[31m\n核对无误.xlsx"
    path.write_bytes(report(tmp_path, "x.xlsx", 4.3))
    zyz("import", path, "--received", "2025-07-01", home=home)
    for kept in (home / "var" / "archive").glob("*/*"):
        kept.unlink()
    run = zyz("verify", home=home)
    assert (run.returncode, run.stdout.count("\n"), "\x1b" in run.stdout) == (1, 1, False)


def test_no_room_is_said_before_anything_is_written(office, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("", (), {"free": 10})())
    with pytest.raises(TryAgain, match="磁盘"):
        back_up(office.workspace, tmp_path / "safe", START)
    assert list((tmp_path / "safe").iterdir()) == []


# What is refused.


@pytest.fixture
def made(office, tmp_path):
    return back_up(office.workspace, tmp_path / "safe", START).path


def test_a_folder_in_use_is_left_as_it_is(made, tmp_path):
    into = tmp_path / "used"
    into.mkdir()
    (into / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(NotEmpty):
        restore(made, into)
    assert [path.name for path in into.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("content", [b"", b"PK", b"hello" * 100, b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_backup_is_refused(zyz, tmp_path, content):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    run = zyz("restore", path, "--into", tmp_path / "new")
    assert (run.returncode, run.stderr.count("\n"), (tmp_path / "new").exists()) == (3, 1, False)


def rewritten(made, target, change):
    """A copy of a backup in which *change* was made to a dict of its members."""
    with zipfile.ZipFile(made) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w") as new:
        for name, content in members.items():
            new.writestr(name, content)
    return target


def listed(members, change):
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    members["manifest.json"] = json.dumps(manifest).encode()


def change_a_sheet(members):
    name = next(name for name in members if name.startswith("archive/2025"))
    members[name] = members[name][:-1] + b"x"


def leave_out_a_sheet(members):
    name = next(name for name in members if name.startswith("archive/2025"))
    del members[name]
    listed(members, lambda manifest: manifest["files"].pop(name))


def add_a_stranger(members):
    members["evil.sh"] = b"rm"


def climb_out(members):
    members["../evil"] = b""
    seal = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    listed(members, lambda manifest: manifest["files"].update({"../evil": {"size": 0, "sha256": seal}}))


def come_from_the_future(members):
    listed(members, lambda manifest: manifest.update(schema="zyz/backup@2"))


def cut_the_chain(members):
    """A ledger that is whole, though not the one that was backed up."""
    listed(members, lambda manifest: manifest.update(ledger_seq=1))


def grow_beyond_the_manifest(members):
    members["data/targets.yaml"] += b" " * 1000


@pytest.mark.parametrize(
    "change",
    [
        change_a_sheet,
        leave_out_a_sheet,
        add_a_stranger,
        climb_out,
        come_from_the_future,
        cut_the_chain,
        grow_beyond_the_manifest,
    ],
)
def test_a_backup_that_was_changed_is_refused_and_nothing_is_left(made, tmp_path, change):
    changed = rewritten(made, tmp_path / "changed.zip", change)
    with pytest.raises(BadBackup):
        restore(changed, tmp_path / "new" / "home")
    assert not (tmp_path / "new" / "home").exists()
    assert not (tmp_path / "evil").exists()
    assert not list((tmp_path / "new").glob(".*")) if (tmp_path / "new").exists() else True


def test_a_ledger_changed_by_hand_is_refused_though_its_checksum_was_mended(made, tmp_path):
    import hashlib

    def change(members):
        path = tmp_path / "ledger.db"
        path.write_bytes(members["ledger.db"])
        database = sqlite3.connect(path)
        database.execute("DROP TRIGGER fact_stays")
        database.execute("UPDATE fact SET value = '9.9'")
        database.commit()
        database.close()
        members["ledger.db"] = content = path.read_bytes()
        new = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        listed(members, lambda manifest: manifest["files"].update({"ledger.db": new}))

    with pytest.raises(BadBackup, match="未通过核对"):
        restore(rewritten(made, tmp_path / "changed.zip", change), tmp_path / "new")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(place=st.floats(0, 1), byte=st.integers(1, 255))
def test_any_changed_byte_is_refused_or_harmless(made, tmp_path, place, byte):
    """Harmless: times and flags of the zip's own that say nothing of a file's content."""
    content = bytearray(made.read_bytes())
    content[min(int(place * len(content)), len(content) - 1)] ^= byte
    path = tmp_path / "changed.zip"
    path.write_bytes(content)
    into = tmp_path / "new"
    try:
        restored, imports, _ = restore(path, into)
    except (BadBackup, OSError):
        assert not into.exists()
    else:
        assert imports == 2
        restored.home.rename(tmp_path / f"{os.urandom(8).hex()}")
