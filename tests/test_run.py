"""`zyz run`: the inbox is emptied with discipline, and a night that was missed, killed or set back harms nothing."""

import json
import os
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime, timedelta

import pytest

from conftest import ZYZ
from nights import START, Clock, Nights, live_through, report, sha256
from xiangning_zyz.jobs import inbox, lock
from xiangning_zyz.jobs import run as running
from xiangning_zyz.jobs.heartbeat import read_heartbeat
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.stop import TryAgain

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files in folders")


@pytest.fixture
def nights(home, monkeypatch):
    """An office whose duties beside the inbox are left out: they have tests of their own."""
    for duty in ("raise_reminders", "write_reports", "write_latest"):
        monkeypatch.setattr(running, duty, lambda _: [])
    return Nights(Workspace(home), Clock())


@pytest.fixture
def good(tmp_path):
    return report(tmp_path, "工信局.xlsx", 4.5)


@pytest.fixture
def bad(tmp_path):
    return report(tmp_path, "工信局.xlsx", "约4.5")


# What becomes of a file.


def test_a_sound_sheet_goes_to_the_ledger_and_the_archive_and_leaves_the_inbox(nights, good):
    nights.drop("县工信局 6月.xlsx", good)
    cycle = nights.run()
    assert nights.imports() == [("县工信局 6月.xlsx", 1)]
    assert nights.lying("archive") == [f"2025-07/{sha256(good)}"]
    assert nights.lying("inbox") == []
    assert not cycle.worth_a_word


def test_a_sheet_with_an_error_goes_back_with_its_marked_copy_and_a_note(nights, bad):
    nights.drop("县工信局 6月.xlsx", bad)
    cycle = nights.run(date(2025, 7, 8))
    stem = f"2025-07-08-{sha256(bad)[:12]}"
    assert nights.lying("returned") == [f"{stem}.xlsx", f"{stem}.原件.xlsx", f"{stem}.说明.txt"]
    assert (nights.workspace.returned / f"{stem}.原件.xlsx").read_bytes() == bad
    note = (nights.workspace.returned / f"{stem}.说明.txt").read_text(encoding="utf-8-sig")
    assert "县工信局 6月.xlsx" in note
    assert "Z103" in note
    assert (nights.imports(), nights.lying("inbox")) == ([], [])
    assert cycle.refused


def test_what_is_no_sheet_at_all_goes_back_too(nights):
    nights.drop("会议通知.docx", b"hello")
    assert nights.run().refused
    assert nights.lying("inbox") == []
    assert [name.rpartition(".")[2] for name in nights.lying("returned")] == ["原件", "txt"]


def test_the_same_sheet_saved_anew_is_unchanged_and_kept_all_the_same(nights, good, tmp_path):
    nights.drop("a.xlsx", good)
    nights.run()
    anew = tmp_path / "anew.zip"
    with (
        zipfile.ZipFile(nights.workspace.archive / f"2025-07/{sha256(good)}") as old,
        zipfile.ZipFile(anew, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    nights.drop("b.xlsx", anew.read_bytes())
    cycle = nights.run()
    assert [each.receipts[0].status for each in cycle.taken] == ["unchanged"]
    assert set(nights.lying("archive")) == {f"2025-07/{sha256(each)}" for each in (good, anew.read_bytes())}
    assert nights.lying("inbox") == []


def test_a_zip_is_taken_in_member_by_member_and_goes_back_if_one_of_them_does(nights, good, bad, tmp_path):
    pack = tmp_path / "全部.zip"
    with zipfile.ZipFile(pack, "w") as made:
        made.writestr("好.xlsx", good)
        made.writestr("错.xlsx", bad)
    nights.drop("全部.zip", pack.read_bytes())
    nights.run()
    assert nights.imports() == [("全部.zip/好.xlsx", 1)]
    assert nights.lying("inbox") == []
    originals = [name for name in nights.lying("returned") if "原件" in name]
    assert originals[0].endswith(".原件.zip")
    [note] = [name for name in nights.lying("returned") if "说明" in name]
    assert "好.xlsx：已导入" in (nights.workspace.returned / note).read_text(encoding="utf-8-sig")


def test_a_sheet_counts_as_received_on_the_day_it_came_not_on_the_night_it_was_read():
    came, last, today = date(2025, 7, 5), date(2025, 7, 5), date(2025, 7, 6)
    assert inbox.received_on(came, last, today) == came


@pytest.mark.parametrize(
    ("arrived", "last", "counted"),
    [
        ("1970-01-01", "2025-07-05", "2025-07-05"),  # a clock without battery: the last run would have taken it
        ("2036-01-01", "2025-07-05", "2025-07-08"),  # set ahead
        ("1970-01-01", None, "1970-01-01"),
    ],
)
def test_a_day_of_arrival_that_cannot_be_is_bounded(arrived, last, counted):
    day = date.fromisoformat
    found = inbox.received_on(day(arrived), day(last) if last else None, date(2025, 7, 8))
    assert found == day(counted)


def test_a_pinned_day_is_the_day_of_receipt(nights, good):
    nights.drop("a.xlsx", good)
    nights.run(date(2025, 7, 3))
    assert nights.received() == [date(2025, 7, 3)]


# What is left alone.


@pytest.mark.parametrize(
    "name",
    [
        "~$县工信局.xlsx",
        ".~lock.县工信局.xlsx#",
        ".DS_Store",
        "县工信局.xlsx.part",
        "a.TMP",
        "a.crdownload",
        "Thumbs.db",
    ],
)
def test_what_programs_leave_beside_files_is_left_alone_without_a_word(nights, name):
    path = nights.drop(name, b"x")
    cycle = nights.run()
    assert path.read_bytes() == b"x"
    assert not cycle.worth_a_word


@POSIX
def test_folders_links_and_pipes_are_left_alone_with_one_word_each(nights, good, tmp_path):
    (tmp_path / "elsewhere.xlsx").write_bytes(good)
    nights.workspace.inbox.mkdir(parents=True)
    (nights.workspace.inbox / "sub").mkdir()
    (nights.workspace.inbox / "sub" / "a.xlsx").write_bytes(good)
    (nights.workspace.inbox / "link.xlsx").symlink_to(tmp_path / "elsewhere.xlsx")
    os.mkfifo(nights.workspace.inbox / "pipe.xlsx")
    first, second = nights.run(), nights.run()
    assert {path.name for path in first.news} == {"sub", "link.xlsx", "pipe.xlsx"}
    assert second.news == frozenset(), "people are told once"
    assert nights.imports() == []
    assert (nights.workspace.inbox / "sub" / "a.xlsx").exists()
    assert (tmp_path / "elsewhere.xlsx").exists()


def test_a_file_that_still_grows_waits_for_the_next_run(nights, good, monkeypatch):
    path = nights.drop("a.xlsx", good)
    monkeypatch.setattr(running.time, "sleep", lambda _: path.write_bytes(good + b"\0"))
    cycle = nights.run()
    assert [each.why for each in cycle.left] == ["还在写入"]
    assert (path.exists(), nights.imports()) == (True, [])


def test_an_incomplete_workbook_waits_a_day_and_then_goes_back_as_damaged(nights, good):
    path = nights.drop("a.xlsx", good[:-300])
    os.utime(path, (START.timestamp(), START.timestamp()))
    cycle = nights.run()
    assert ("没有写完整" in cycle.left[0].why, path.exists()) == (True, True)
    nights.clock.now += timedelta(hours=23)
    assert nights.run().taken == ()
    assert not nights.run().worth_a_word, "told once"
    nights.clock.now += timedelta(hours=1)
    assert [each.receipts[0].status for each in nights.run().taken] == ["failed"]
    assert nights.lying("inbox") == []


def test_a_file_changed_during_its_import_stays_and_is_imported_again(nights, good, tmp_path, monkeypatch):
    path = nights.drop("a.xlsx", good)
    later = report(tmp_path, "b.xlsx", 4.7)
    real = running.import_files

    def import_files(*arguments):
        receipt = real(*arguments)
        path.write_bytes(later)
        return receipt

    monkeypatch.setattr(running, "import_files", import_files)
    cycle = nights.run()
    assert cycle.worth_a_word
    assert path.read_bytes() == later
    monkeypatch.setattr(running, "import_files", real)
    nights.run()
    assert [count for _, count in nights.imports()] == [1, 1]
    assert nights.lying("inbox") == []


@pytest.mark.parametrize("name", ["-rf.xlsx", "[b]x.xlsx", "'; rm -rf ~.xlsx", "\u202egnp.xlsx", "长" * 80 + ".xlsx"])
def test_a_name_is_only_a_name(nights, good, bad, name):
    for content in (good, bad):
        nights.drop(name, content)
        nights.run(date(2025, 7, 8))
    assert nights.imports() == [(name, 1)]
    assert nights.lying("inbox") == []
    assert all(each.startswith("2025-07-08-") for each in nights.lying("returned"))


@POSIX
@pytest.mark.parametrize("name", [b"\xb9\xa4\xd0\xc5.xlsx", b"a\nb.xlsx", b"\x1b[31m.xlsx"])
def test_a_name_that_is_no_text_or_acts_on_a_terminal_is_harmless(home, good, name):
    folder = home / "var" / "inbox"
    folder.mkdir(parents=True)
    (folder / os.fsdecode(name)).write_bytes(good)
    words = [ZYZ, "run", "-v", "--settle", "0", "--as-of", "2025-07-08", "--home", home]
    run = subprocess.run(words, capture_output=True, check=False)
    assert b"\x1b" not in run.stdout + run.stderr
    assert b"Traceback" not in run.stderr
    assert list(folder.iterdir()) == []


# Files that break the program.


def test_a_file_that_breaks_the_program_does_not_keep_back_the_others_and_is_set_aside_after_three_nights(
    nights, good, monkeypatch
):
    path = nights.drop("0 毒.xlsx", good)
    nights.drop("1 好.csv", "填报单位：县工信局\n报告期,指标,单位,本年累计\n2025年5月,专业镇产值,亿元,3.9\n".encode())
    real = running.import_files

    def import_files(workspace, plan, ledger, paths, *rest):
        if paths == [path]:
            raise KeyError("bug")
        return real(workspace, plan, ledger, paths, *rest)

    monkeypatch.setattr(running, "import_files", import_files)
    nights.run()
    assert [file for file, _ in nights.imports()] == ["1 好.csv"]
    assert "KeyError" in (nights.workspace.log / "zyz.log").read_text(encoding="utf-8"), "the log keeps the traceback"
    nights.run()
    assert nights.run().taken[0].stays
    assert nights.run().taken[0].note
    assert nights.lying("inbox") == []
    assert "set_aside" in nights.events()


def test_being_told_to_stop_or_a_full_disk_is_not_counted_against_a_file(nights, good, monkeypatch):
    nights.drop("a.xlsx", good)
    for stop in (KeyboardInterrupt(), TryAgain("磁盘已满"), OSError(28, "No space left on device")) * 2:

        def import_files(*_, stop=stop):
            raise stop

        with monkeypatch.context() as patch:
            patch.setattr(running, "import_files", import_files)
            if isinstance(stop, KeyboardInterrupt):
                with pytest.raises(KeyboardInterrupt):
                    nights.run()
            else:
                assert nights.run().stop.code == 75
        assert read_heartbeat(nights.workspace).result == "failed"
    nights.run()
    assert nights.imports() == [("a.xlsx", 1)]


def test_a_file_that_another_program_holds_stays_and_is_not_counted(nights, good, monkeypatch):
    path = nights.drop("a.xlsx", good)

    def held(*_):
        raise PermissionError(13, "in use", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(running, "accept", held)
        for _ in range(5):
            assert "a.xlsx" in nights.run().taken[0].stays
    nights.run()
    assert (nights.imports(), nights.lying("inbox")) == ([("a.xlsx", 1)], [])


def test_a_sheet_too_large_for_the_room_there_is_stays_and_a_smaller_one_is_taken_in(nights, good, monkeypatch):
    nights.drop("大.csv", b"x" * 200_000)
    nights.drop("小.xlsx", good)
    free = 10 * len(good) + (1 << 20)
    with monkeypatch.context() as patch:
        patch.setattr(running.shutil, "disk_usage", lambda _: type("", (), {"free": free})())
        cycle = nights.run()
        assert (cycle.stop.code, "磁盘" in str(cycle.stop)) == (75, True)
        assert (nights.imports(), nights.lying("inbox")) == ([("小.xlsx", 1)], ["大.csv"])
        assert "磁盘只剩" in cycle.taken[0].stays
        assert read_heartbeat(nights.workspace).result == "failed"
    assert nights.run().stop is None
    assert nights.lying("inbox") == []


@POSIX
def test_a_file_beyond_all_bounds_goes_back_unread_however_little_room_there_is(nights, good):
    """Sparse: it says 1 TiB and takes none, and would otherwise be waited for every night."""
    with nights.drop("大.xlsx", b"").open("ab") as file:
        file.truncate(1 << 40)
    nights.drop("小.xlsx", good)
    cycle = nights.run()
    assert (cycle.stop, nights.lying("inbox"), nights.imports()) == (None, [], [("小.xlsx", 1)])
    assert "MB" in next(nights.workspace.returned.glob("*.说明.txt")).read_text(encoding="utf-8-sig")


def test_the_same_bytes_under_two_names_go_back_with_both_named(nights, bad):
    nights.drop("一.xlsx", bad)
    nights.drop("二.xlsx", bad)
    nights.run(date(2025, 7, 8))
    [note] = nights.workspace.returned.glob("*.说明.txt")
    said = note.read_text(encoding="utf-8-sig")
    assert (said.count("文件：一.xlsx"), said.count("文件：二.xlsx")) == (1, 1)
    nights.drop("二.xlsx", bad)
    nights.run(date(2025, 7, 8))
    assert note.read_text(encoding="utf-8-sig") == said, "once is enough"


def test_what_went_back_before_the_disk_was_full_is_told_all_the_same(home, good, bad, monkeypatch, capsys):
    from xiangning_zyz.cli import app

    (home / "var" / "inbox").mkdir(parents=True)
    (home / "var" / "inbox" / "1.xlsx").write_bytes(bad)
    (home / "var" / "inbox" / "2.xlsx").write_bytes(good)
    real = running.import_files

    def import_files(workspace, plan, ledger, paths, *rest):
        if paths[0].name == "2.xlsx":
            raise OSError(28, "No space left on device", str(workspace.ledger))
        return real(workspace, plan, ledger, paths, *rest)

    monkeypatch.setattr(running, "import_files", import_files)
    assert app.run(["run", "--settle", "0", "--home", str(home)]) == 75
    said = capsys.readouterr()
    assert "退回：1.xlsx" in said.out
    assert said.err.count("\n") == 1
    assert "No space left" in (home / "var" / "log" / "zyz.log").read_text(encoding="utf-8")


# Nights.


def test_the_heartbeat_tells_the_last_good_run_from_a_failed_one(nights, monkeypatch):
    nights.run()
    first = read_heartbeat(nights.workspace)
    assert (first.result, first.last_good, first.last_day) == ("good", first.ended, date(2025, 7, 8))
    (nights.workspace.data / "targets.yaml").write_text("plan: [", encoding="utf-8")
    nights.clock.now += timedelta(days=1)
    with pytest.raises(Exception, match="错误"):
        nights.run()
    second = read_heartbeat(nights.workspace)
    assert (second.result, second.last_good, second.last_day) == ("failed", first.last_good, first.last_day)


def test_working_for_an_earlier_day_does_not_make_all_since_due_again(nights):
    nights.run()
    nights.run(date(1990, 1, 1))
    assert read_heartbeat(nights.workspace).last_day == date(2025, 7, 8)
    nights.run(date(2025, 7, 9))
    assert read_heartbeat(nights.workspace).last_day == date(2025, 7, 9)


def test_a_clock_set_back_is_said_and_loses_nothing(nights, good, tmp_path):
    nights.drop("a.xlsx", good)
    nights.run()
    nights.clock.now = datetime(1970, 1, 2, tzinfo=START.tzinfo)
    nights.drop("b.xlsx", report(tmp_path, "b.xlsx", 4.6))
    cycle = nights.run(date(2025, 7, 9))
    assert "校准时钟" in cycle.warnings[0]
    assert [file for file, _ in nights.imports()] == ["a.xlsx", "b.xlsx"]


def test_a_clock_without_battery_does_not_send_every_sheet_back(nights, good):
    nights.drop("a.xlsx", good)
    nights.clock.now = datetime(1970, 1, 2, tzinfo=START.tzinfo)
    with pytest.raises(TryAgain, match="校准时钟"):
        nights.run()
    assert nights.lying("inbox") == ["a.xlsx"]
    nights.clock.now = START
    nights.run()
    assert nights.imports() == [("a.xlsx", 1)]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"started": 7}', b"\xff"])
def test_state_files_that_cannot_be_read_are_begun_afresh(nights, good, content):
    nights.drop("a.xlsx", good)
    for name in ("heartbeat.json", "inbox.json"):
        (nights.workspace.var / name).write_bytes(content)
    nights.run()
    assert nights.imports() == [("a.xlsx", 1)]


def test_after_each_of_forty_nights_every_file_is_in_one_place_and_counted_once(tmp_path):
    """The long form is `python tools/soak.py`; see `nights.live_through` for what these nights bring."""
    *_, told = live_through(tmp_path, 40, seed=3)
    assert "wrong" in told
    assert "missed" in told


def test_the_log_is_rotated_and_its_size_bounded(nights, monkeypatch):
    monkeypatch.setattr("xiangning_zyz.jobs.log.LARGEST", 1000)
    for _ in range(60):
        nights.run()
    kept = nights.lying("log")
    assert kept == ["zyz.log", *(f"zyz.log.{number}" for number in range(1, 6))]
    assert all((nights.workspace.log / name).stat().st_size < 2000 for name in kept)


def test_a_line_that_a_loss_of_power_cut_off_spoils_no_other(nights):
    nights.run()
    path = nights.workspace.log / "zyz.log"
    with path.open("ab") as log:
        log.write(b'{"at": "2025-07-')
    nights.run()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.endswith("}")] == ['{"at": "2025-07-']
    assert json.loads(lines[-1])["event"] == "run_ended"


# As cron starts it.


def test_a_second_run_leaves_within_a_second_with_code_75_and_one_line(zyz, home):
    with lock.held(home / "var" / "run.lock", ""):
        began = time.monotonic()
        run = zyz("run", home=home)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (75, "", 1)
    assert time.monotonic() - began < 2, "a second, and the start of the interpreter on a busy machine"


@pytest.mark.parametrize("pause", ["-1", "nan", "inf", "1e9"])
def test_a_pause_that_nobody_can_wait_for_is_wrong_usage(zyz, home, pause):
    assert zyz("run", "--settle", pause, home=home).returncode == 2


def test_cron_hears_nothing_when_there_is_nothing_to_say(zyz, home):
    words = ("run", "--settle", "0", "--as-of", "2023-06-03")  # the day after the plan was issued: a Saturday
    run = zyz(*words, home=home)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert "0 个文件" in zyz(*words, "-v", home=home).stdout


def test_in_the_bare_environment_of_cron_chinese_names_are_fine(home, bad):
    inbox_ = home / "var" / "inbox"
    inbox_.mkdir(parents=True)
    (inbox_ / "县工信局 六月.xlsx").write_bytes(bad)
    words = [ZYZ, "run", "--settle", "0", "--as-of", "2023-06-03", "--home", home]
    bare = {"PATH": "/usr/bin:/bin"} | ({"SYSTEMROOT": os.environ["SYSTEMROOT"]} if os.name == "nt" else {})
    run = subprocess.run(words, capture_output=True, cwd=home.anchor, env=bare, check=False)
    assert run.returncode == 1
    assert "县工信局 六月.xlsx" in run.stdout.decode()


def test_a_console_in_code_page_936_shows_the_summary(zyz, home, good):
    (home / "var" / "inbox").mkdir(parents=True)
    (home / "var" / "inbox" / "𠮷.xlsx").write_bytes(good)  # a character that GBK lacks
    environment = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"}
    run = subprocess.run(
        [ZYZ, "run", "-v", "--settle", "0", "--as-of", "2023-06-03", "--home", home],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert "?.xlsx" in run.stdout.decode("gbk")
    assert run.stderr == b""


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_folder_that_may_not_be_written_is_one_line_and_code_3(zyz, home):
    (home / "var").mkdir()
    (home / "var").chmod(0o500)
    run = zyz("run", home=home)
    (home / "var").chmod(0o700)
    assert (run.returncode, run.stderr.count("\n")) == (3, 1)


def test_the_time_zone_of_the_machine_changes_nothing(zyz, home, good):
    for zone in ("UTC", "America/New_York", "Asia/Shanghai"):
        (home / "var" / "inbox").mkdir(parents=True, exist_ok=True)
        (home / "var" / "inbox" / f"{zone[:3]}.xlsx").write_bytes(good)
        zyz("run", "--settle", "0", home=home, env={"TZ": zone})
    beat = json.loads((home / "var" / "heartbeat.json").read_text(encoding="utf-8"))
    assert beat["started"].endswith("+08:00")
    assert not list((home / "var" / "inbox").iterdir())


def test_reading_the_module_costs_no_pandas(home):
    code = "import sys, xiangning_zyz.cli.run; print(*[m for m in ('pandas', 'openpyxl', 'docx') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b""


def test_the_log_keeps_the_traceback_that_users_never_see(home, monkeypatch, capsys):
    from xiangning_zyz.cli import app

    def broken(*_):
        raise KeyError("bug")

    monkeypatch.setattr("xiangning_zyz.jobs.run.run", broken)
    assert app.run(["run", "--home", str(home)]) == 3
    assert "--debug" in capsys.readouterr().err, "nowhere to keep it: looking makes no folder"
    assert not (home / "var").exists()

    (home / "var").mkdir()
    assert app.run(["run", f"--home={home}"]) == 3
    assert "Traceback" not in capsys.readouterr().err
    assert "KeyError: 'bug'" in (home / "var" / "log" / "zyz.log").read_text(encoding="utf-8")
