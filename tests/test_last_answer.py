"""A repeated `zyz import` answers from memory only while all that its answer depends on is as it was (0009)."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets import monthly
from xiangning_zyz import last_answer
from xiangning_zyz.cli import intake
from xiangning_zyz.cli.desk import Desk
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.jobs import imports, remembering
from xiangning_zyz.jobs.imports import Wish, import_files
from xiangning_zyz.jobs.plans import make_workspace, open_plan
from xiangning_zyz.jobs.remembering import foresee, remember, watch
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.last_answer import look, said_before, shanghai_day
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI
from xiangning_zyz.report.receipt import Receipt

POSIX = pytest.mark.skipif(
    os.name == "nt", reason="Windows tells neither permissions nor the time of a file's last change"
)
MOMENT = datetime(2024, 7, 3, 9, tzinfo=SHANGHAI)
WISH = Wish(Given(), date(2024, 7, 3), MOMENT)
ANSWER = "导入回执\n".encode()


class Settled:
    """A workspace, a folder of two reports taken in, and what `zyz import FOLDER` remembers of it."""

    def __init__(self, home, folder):
        self.workspace = Workspace(home)
        self.home, self.folder = home, folder
        self.arguments = ["import", str(folder), "--home", str(home)]
        self.plan = open_plan(self.workspace)
        self.first, self.second = folder / "甲.xlsx", folder / "乙.xlsx"

    def take_in(self, *paths):
        with open_ledger(self.workspace.ledger, self.plan.id) as ledger:
            return import_files(self.workspace, self.plan, ledger, paths, WISH, lambda _: None)

    def remember(self):
        remember(look(self.arguments, MOMENT.timestamp()), ANSWER)

    def says(self, *, after=timedelta(0), arguments=None):
        said = said_before(arguments or self.arguments, (MOMENT + after).timestamp())
        return None if said is None else bytes(said)

    def sheet(self, name, row):
        (self.folder / name).write_bytes(monthly(row))

    def rules(self, text):
        (self.home / "data" / "rules.yaml").write_text(text, encoding="utf-8")

    def undo(self):
        with open_ledger(self.workspace.ledger, self.plan.id) as ledger, ledger.writing():
            ledger.append_undo(1, "报错", "张某", MOMENT)


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """Copied for each test: taking in is what takes time."""
    root = tmp_path_factory.mktemp("settled")
    (root / "报表" / "六月").mkdir(parents=True)
    desk = Settled(make_workspace(root / "home").home, root / "报表")
    desk.sheet("甲.xlsx", "| 入驻企业 | 户 | | | 66 | |")
    desk.sheet("乙.xlsx", "| 带动从业人员 | 人 | | | 13020 | |")
    done = desk.take_in(desk.first, desk.second)
    assert [file.status for file in done.files] == ["imported", "imported"]
    return root, done


@pytest.fixture
def desk(settled, tmp_path):
    root, done = settled
    shutil.copytree(root, tmp_path, dirs_exist_ok=True)
    desk = Settled(tmp_path / "home", tmp_path / "报表")
    desk.done = done
    desk.remember()
    assert desk.says() == ANSWER
    return desk


def rewrite(path, *, keep_time):
    """Other bytes of the same number in the same file."""
    before = path.stat()
    with path.open("r+b") as file:
        file.write(b"XX")
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(path):
    """Another file with the same bytes and times."""
    shutil.copy2(path, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def later(path):
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))


CHANGES = {
    "a report written again": lambda desk: rewrite(desk.first, keep_time=False),
    "a report touched": lambda desk: later(desk.first),
    "a report replaced": lambda desk: replace(desk.first),
    "a report renamed": lambda desk: desk.first.rename(desk.folder / "丙.xlsx"),
    "two reports renamed to each other": lambda desk: swap(desk.first, desk.second),
    "a report moved into a folder": lambda desk: desk.first.rename(desk.folder / "六月" / "甲.xlsx"),
    "a report removed": lambda desk: desk.first.unlink(),
    "a report more": lambda desk: (desk.folder / "丙.xlsx").write_bytes(b"x"),
    "a report more in a folder below": lambda desk: (desk.folder / "六月" / "丙.xlsx").write_bytes(b"x"),
    "a folder more": lambda desk: (desk.folder / "七月").mkdir(),
    "all reports gone": lambda desk: shutil.rmtree(desk.folder),
    "a report where the folder was": lambda desk: (shutil.rmtree(desk.folder), desk.folder.write_bytes(b"x")),
    "targets.yaml written again": lambda desk: later(desk.home / "data" / "targets.yaml"),
    "tasks.yaml written again": lambda desk: later(desk.home / "data" / "tasks.yaml"),
    "rules.yaml written again": lambda desk: later(desk.home / "data" / "rules.yaml"),
    "rules.yaml removed": lambda desk: (desk.home / "data" / "rules.yaml").unlink(),
    "tasks.yaml removed": lambda desk: (desk.home / "data" / "tasks.yaml").unlink(),
    "an import taken back": lambda desk: desk.undo(),
    "the ledger written again": lambda desk: rewrite(desk.workspace.ledger, keep_time=False),
    "the ledger restored": lambda desk: replace(desk.workspace.ledger),
    "the ledger removed": lambda desk: desk.workspace.ledger.unlink(),
    "the ledger being written": lambda desk: (desk.workspace.var / "ledger.db-wal").write_bytes(b"x"),
    "the ledger's last write broken off": lambda desk: (desk.workspace.var / "ledger.db-journal").write_bytes(b"x"),
    "the memory removed": lambda desk: memory(desk).unlink(),
    "the memory empty": lambda desk: memory(desk).write_bytes(b""),
    "the memory cut off": lambda desk: memory(desk).write_bytes(memory(desk).read_bytes()[:-1]),
    "the memory longer": lambda desk: memory(desk).write_bytes(memory(desk).read_bytes() + b"x"),
    "the workspace moved": lambda desk: desk.home.rename(desk.home.with_name("moved")),
}
POSIX_CHANGES = {
    "a report written again, its time put back": lambda desk: rewrite(desk.first, keep_time=True),
    "a report nobody may read": lambda desk: desk.first.chmod(0),
    "a ledger that may not be written": lambda desk: desk.workspace.ledger.chmod(0o400),
    "a plan that nobody may read": lambda desk: (desk.home / "data" / "targets.yaml").chmod(0),
    "the ledger written again, its time put back": lambda desk: rewrite(desk.workspace.ledger, keep_time=True),
    "a link among the reports": lambda desk: (desk.folder / "丙.xlsx").symlink_to(desk.first),
    "a link in place of a report": lambda desk: link(desk.first),
    "a pipe among the reports": lambda desk: os.mkfifo(desk.folder / "丙.xlsx"),
}


def swap(one, other):
    one.rename(one.with_suffix(".aside"))
    other.rename(one)
    one.with_suffix(".aside").rename(other)


def link(path):
    path.rename(path.parent.parent / path.name)
    path.symlink_to(path.parent.parent / path.name)


def memory(desk):
    return desk.workspace.cache / "import.last"


@pytest.mark.parametrize("change", [*CHANGES, *(pytest.param(name, marks=POSIX) for name in POSIX_CHANGES)])
def test_whatever_changes_is_left_to_the_ordinary_way(desk, change):
    (CHANGES | POSIX_CHANGES)[change](desk)
    assert desk.says() is None


def test_the_same_answer_as_long_as_nothing_changes(desk):
    assert desk.says() == ANSWER
    assert desk.says(after=timedelta(hours=14, minutes=59)) == ANSWER  # 23:59 in Shanghai


def test_sheets_received_on_another_day_may_be_late_or_no_longer_too_early(desk):
    assert desk.says(after=timedelta(hours=15)) is None  # midnight in Shanghai
    assert desk.says(after=timedelta(days=-1)) is None


@given(st.floats(0, 4e9))
def test_the_day_is_that_of_shanghai(seconds):
    there = datetime.fromtimestamp(seconds, SHANGHAI).date()
    assert shanghai_day(seconds) == (there - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "more", [["-v"], ["-q"], ["--format", "json"], ["--dry-run"], ["--received", "2024-07-03"], ["--debug"], ["x.xlsx"]]
)
def test_another_command_line_is_another_question(desk, more):
    assert desk.says(arguments=[*desk.arguments, *more]) is None


@pytest.mark.parametrize("more", [["--dry-run"], ["--period=2024-06"], ["-o", "x"], ["--"], ["--partial"], ["--help"]])
def test_only_plain_imports_are_remembered(desk, more):
    assert look([*desk.arguments, *more], MOMENT.timestamp()) is None


@pytest.mark.parametrize("words", [[], ["status"], ["import"], ["--home", "x", "import", "y"], ["import", "a\0b"]])
def test_no_import_no_answer(desk, words):
    assert said_before(words, MOMENT.timestamp()) is None


@pytest.mark.parametrize("name", ["ZYZ_DATABASE_URL", "_ZYZ_COMPLETE"])
def test_another_ledger_and_a_completing_shell_are_served_in_the_ordinary_way(desk, monkeypatch, name):
    monkeypatch.setenv(name, "x")
    assert desk.says() is None


def test_another_version_forgets(desk, monkeypatch):
    monkeypatch.setattr(last_answer, "__version__", "0.1.1")
    assert desk.says() is None


def test_another_encoding_of_the_screen_is_another_answer(desk, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="gbk"))
    assert desk.says() is None


def test_without_a_standard_output_nothing_is_said(desk, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert desk.says() is None


def test_a_relative_path_means_another_folder_elsewhere(desk, tmp_path, monkeypatch):
    shutil.copytree(desk.folder, tmp_path / "别处" / "报表")
    monkeypatch.chdir(tmp_path)
    desk.arguments = ["import", "报表", "--home", str(desk.home)]
    desk.remember()
    assert desk.says() == ANSWER
    monkeypatch.chdir(tmp_path / "别处")
    assert desk.says() is None


@POSIX
def test_a_link_to_the_reports_may_come_to_lead_elsewhere(desk, tmp_path):
    shutil.copytree(desk.folder, tmp_path / "别处")
    (tmp_path / "本月").symlink_to(desk.folder)
    desk.arguments = ["import", str(tmp_path / "本月"), "--home", str(desk.home)]
    desk.remember()
    assert desk.says() == ANSWER
    (tmp_path / "本月").unlink()
    (tmp_path / "本月").symlink_to(tmp_path / "别处")
    assert desk.says() is None


@POSIX
def test_names_that_are_no_valid_text_are_compared_too(desk):
    desk.first.rename(os.fsdecode(os.fsencode(desk.folder) + b"/\xff.xlsx"))
    assert desk.says() is None
    desk.remember()
    assert desk.says() == ANSWER


@POSIX
def test_a_thousand_folders_in_each_other_are_left_to_the_ordinary_way(desk):
    with contextlib.chdir(desk.folder):
        for _ in range(1100):
            os.mkdir("a")  # noqa: PTH102 - the whole path would be too long
            os.chdir("a")
    assert desk.says() is None
    subprocess.run(["rm", "-r", desk.folder / "a"], check=True)  # neither can Python remove it


@pytest.mark.parametrize("way", ["a folder below", "ZYZ_HOME"])
def test_the_workspace_is_found_as_ever(desk, monkeypatch, way):
    words = ["import", str(desk.folder)]
    if way == "ZYZ_HOME":
        monkeypatch.setenv("ZYZ_HOME", str(desk.home))
    else:
        monkeypatch.chdir(desk.home / "var")
    remember(look(words, MOMENT.timestamp()), ANSWER)
    assert desk.says(arguments=words) == ANSWER
    assert watch(words, desk.workspace, [desk.folder], MOMENT, datetime.now(SHANGHAI) + timedelta(hours=1))


@given(st.data())
def test_a_damaged_memory_is_not_believed(settled, data):
    root, _ = settled
    desk = Settled(root / "home", root / "报表")
    desk.remember()
    whole = memory(desk).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    memory(desk).write_bytes(whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :])
    assert desk.says() is None


def test_what_changed_while_the_answer_was_found_is_not_remembered(desk):
    memory(desk).unlink()
    seen = look(desk.arguments, MOMENT.timestamp())
    later(desk.second)
    remember(seen, ANSWER)
    assert not memory(desk).exists()


@POSIX
def test_the_memory_is_private_and_one(desk):
    assert memory(desk).stat().st_mode & 0o777 == 0o600
    desk.arguments.append("-v")
    desk.remember()
    assert sorted(path.name for path in desk.workspace.cache.iterdir()) == ["import.last", "plan.json"]


def test_an_answer_too_long_is_not_remembered(desk, monkeypatch):
    memory(desk).unlink()
    monkeypatch.setattr(remembering, "LARGEST", 100)
    desk.remember()
    assert not memory(desk).exists()


def seen_at(desk, now):
    return watch(desk.arguments, desk.workspace, [desk.folder], MOMENT, now)


def test_reports_written_within_two_seconds_are_not_believed_by_their_times(desk):
    written = datetime.fromtimestamp(max(path.stat().st_ctime for path in desk.folder.glob("*.xlsx")), SHANGHAI)
    for path in (desk.home / "data").glob("*.yaml"):
        os.utime(path, (0, 0))
    assert seen_at(desk, written + timedelta(seconds=1.9)) is None
    assert seen_at(desk, written + timedelta(seconds=2.5)) is not None


def test_a_ledger_written_within_the_tick_of_the_disks_clock_is_not_believed_by_its_time(desk, monkeypatch):
    written = remembering.look(desk.arguments, 0).ledger
    hour_later = datetime.now(SHANGHAI) + timedelta(hours=1)
    monkeypatch.setattr(remembering, "_clock_of_disk", lambda _: written)
    assert seen_at(desk, hour_later) is None
    monkeypatch.setattr(remembering, "_clock_of_disk", lambda _: written + 1)
    assert seen_at(desk, hour_later) is not None


def test_a_command_line_that_typer_reads_otherwise_is_not_remembered(desk, tmp_path):
    hour_later = datetime.now(SHANGHAI) + timedelta(hours=1)
    assert watch(desk.arguments, Workspace(tmp_path), [desk.folder], MOMENT, hour_later) is None
    assert watch(desk.arguments, desk.workspace, [desk.first], MOMENT, hour_later) is None


def test_files_that_revise_each_other_are_foreseen_to_be_imported_again(desk):
    desk.sheet("乙.xlsx", "| 入驻企业 | 户 | | | 67 | |")
    done = desk.take_in(desk.first, desk.second)
    assert foresee(desk.workspace, desk.plan, [desk.first, desk.second], WISH, done) is None


@pytest.mark.parametrize("listing", [True, False])
def test_what_is_foreseen_is_what_the_repetition_says(desk, monkeypatch, listing):
    """From what the run itself said where that is enough, without it from the ledger."""
    paths, wish = [desk.first, desk.second], WISH._replace(listing=listing)
    looked_up = foresee(desk.workspace, desk.plan, paths, wish, Receipt(dry_run=False, files=()))
    monkeypatch.setattr(imports, "standing_files", lambda *_: pytest.fail("asked the ledger"))
    foreseen = foresee(desk.workspace, desk.plan, paths, wish, desk.done)
    monkeypatch.undo()
    with open_ledger(desk.workspace.ledger, desk.plan.id) as ledger:
        repeated = import_files(desk.workspace, desk.plan, ledger, paths, wish, lambda _: None)
    assert foreseen == looked_up == repeated
    assert foreseen.unchanged


def with_a_revision(desk):
    first, second = desk.done.files
    desk.done = Receipt(dry_run=False, files=(first, second._replace(all_new=False)))


CLAIMS = {
    "another file": lambda desk: desk.sheet("甲.xlsx", "| 入驻企业 | 户 | | | 68 | |"),
    "an entry since": lambda desk: desk.undo(),
    "a revision": with_a_revision,
}


@pytest.mark.parametrize("what", CLAIMS)
def test_what_a_run_said_is_not_believed_after(desk, monkeypatch, what):
    CLAIMS[what](desk)
    asked = []
    monkeypatch.setattr(imports, "standing_files", lambda *_: asked.append(1) or {})
    assert foresee(desk.workspace, desk.plan, [desk.first, desk.second], WISH, desk.done) is None
    assert asked


AFTER_AN_IMPORT = {
    "nothing": (lambda _: None, True),
    "a sheet that came meanwhile": (lambda desk: desk.sheet("丙.xlsx", "| 入驻企业 | 户 | | | 68 | |"), False),
    "a sheet that came twice": (lambda desk: shutil.copy(desk.first, desk.folder / "丙.xlsx"), True),
    "another plan": (lambda desk: desk.rules("severity: {Z103: error}"), False),
    "a plan with faults": (lambda desk: desk.rules("severity: 1"), False),
    "a damaged ledger": (lambda desk: desk.workspace.ledger.write_bytes(b"no ledger"), False),
    "no reports": (lambda desk: shutil.rmtree(desk.folder), False),
}


@pytest.mark.parametrize("what", AFTER_AN_IMPORT)
def test_what_the_next_run_will_say_is_found_from_what_stands_after_the_import(desk, monkeypatch, what):
    """All changes but the first came while files were read, and are old enough to be believed by their times."""
    change, remembered = AFTER_AN_IMPORT[what]
    memory(desk).unlink()
    change(desk)
    monkeypatch.setattr(sys, "argv", ["zyz", *desk.arguments])
    monkeypatch.setattr(intake, "now", lambda: datetime.now(SHANGHAI) + timedelta(hours=1))
    intake._remember_next(Desk(home=desk.home), [desk.folder], WISH, desk.plan, desk.done)
    assert memory(desk).exists() is remembered
    if remembered:
        assert desk.says().count("与台账一致".encode()) == len(list(desk.folder.glob("*.xlsx")))
