"""Several files in one run, and several runs at once: each is held against what the others have brought by then.

Files at hand together share a transaction (docs/decisions/0010); for each of them this must make no difference.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest

from sheets import monthly
from xiangning_zyz import aside
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.jobs import archive, imports
from xiangning_zyz.jobs.imports import Wish, import_files
from xiangning_zyz.jobs.plans import make_workspace, open_plan
from xiangning_zyz.ledger.book import LedgerFull
from xiangning_zyz.ledger.sqlite import SqliteLedger, open_ledger
from xiangning_zyz.period import SHANGHAI

WISH = Wish(Given(), date(2024, 7, 3), datetime(2024, 7, 3, 9, tzinfo=SHANGHAI))


class Office:
    """A workspace and a folder of sheets: `run(["a.xlsx"])` gives status and problem codes of each."""

    def __init__(self, folder):
        self.folder = folder
        self.workspace = make_workspace(folder / "home")
        self.plan = open_plan(self.workspace)
        self.told = []  # files, in the order in which receipts were given

    def run(self, names, meanwhile=lambda _: None, **wish):
        def step(receipt):
            self.told.append(receipt.file)
            meanwhile(receipt)

        paths = [self.folder / name for name in names]
        with self.ledger() as ledger:
            receipt = import_files(self.workspace, self.plan, ledger, paths, WISH._replace(**wish), step)
        return [(file.status, [problem.code for problem in file.problems]) for file in receipt.files]

    def write(self, name, row, period="2024年6月"):
        (self.folder / name).write_bytes(monthly(row, period=period))

    def write_months(self, count):
        """Sheets of as many months, each with one figure."""
        names = [f"{month:02d}.xlsx" for month in range(1, count + 1)]
        for month, name in enumerate(names, 1):
            self.write(name, f"| 入驻企业 | 户 | | | {60 + month} | |", f"2023年{month}月")
        return names

    def ledger(self):
        return open_ledger(self.workspace.ledger, self.plan.id)

    def held(self):
        """Files in the ledger, whose chain holds and whose sources lie in the archive."""
        with self.ledger() as ledger:
            assert ledger.verify() is None
            imports = [row.what for row in ledger.imports()]
        assert {each.sha256 for each in imports} <= {path.name for path in self.workspace.archive.glob("*/*")}
        assert not list(self.workspace.archive.glob(".zyz*")), "nothing unfinished"
        return [each.file for each in imports]


@pytest.fixture
def office(tmp_path):
    few = Office(tmp_path)
    return few.run, few.write


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """An office that takes five files for many."""
    monkeypatch.setattr(imports, "MANY", 1)
    return Office(tmp_path)


@pytest.fixture
def transactions(monkeypatch):
    """How many files were appended in each transaction that appended any."""
    counts = []
    writing, append = SqliteLedger.writing, SqliteLedger.append_import

    @contextmanager
    def counted(self) -> Iterator[None]:
        counts.append(0)
        with writing(self):
            yield

    def appended(self, *what):
        counts[-1] += 1
        return append(self, *what)

    monkeypatch.setattr(SqliteLedger, "writing", counted)
    monkeypatch.setattr(SqliteLedger, "append_import", appended)
    return lambda: [count for count in counts if count]


def fail_at(monkeypatch, owner, name, number, error):
    """From its *number*th call on, the function raises *error* instead."""
    real, calls = getattr(owner, name), []

    def failing(*args):
        calls.append(1)
        if len(calls) >= number:
            raise error
        return real(*args)

    monkeypatch.setattr(owner, name, failing)


def test_another_run_in_between_is_seen(office):
    run, write = office
    write("甲.xlsx", "| 入驻企业 | 户 | | | 66 | |")
    write("乙.xlsx", "| 带动从业人员 | 人 | | | 13020 | |")
    begun = []

    def meanwhile(_):
        if not begun:  # after the first of two files, somebody else takes in the second
            begun.append(run(["乙.xlsx"]))

    assert run(["甲.xlsx", "乙.xlsx"], meanwhile) == [("imported", []), ("unchanged", [])]
    assert begun == [[("imported", [])]]


def test_a_file_known_by_its_hash_is_looked_at_again_once_the_ledger_has_moved(office):
    run, write = office
    write("甲.xlsx", "| 入驻企业 | 户 | | | 66 | |")
    write("乙.xlsx", "| 入驻企业 | 户 | | | 67 | |")
    assert run(["甲.xlsx"]) == [("imported", [])]

    def meanwhile(_):
        run(["乙.xlsx"])

    write("丙.xlsx", "| 带动从业人员 | 人 | | | 13020 | |")
    assert run(["丙.xlsx", "甲.xlsx"], meanwhile) == [("imported", []), ("imported", [])]


def test_a_dry_run_over_several_files_foresees_what_the_run_will_say(office):
    run, write = office
    write("5月.xlsx", "| 专业镇产值 | 亿元 | | 3.4 | | |", "2024年5月")
    write("6月.xlsx", "| 专业镇产值 | 亿元 | | 3.3 | | |")
    names = ["5月.xlsx", "6月.xlsx"]

    foreseen = run(names, dry_run=True)

    assert foreseen == [("imported", []), ("imported", ["Z404"])]
    assert run(names) == foreseen


def test_the_same_path_given_twice_is_one_file(office):
    run, write = office
    write("甲.xlsx", "| 入驻企业 | 户 | | | 66 | |")
    assert run(["甲.xlsx", "甲.xlsx"]) == [("imported", [])]


def test_files_at_hand_share_a_transaction_and_each_is_an_entry(desk, transactions):
    names = desk.write_months(6)
    assert desk.run(names) == [("imported", [])] * 6
    assert transactions() == [4, 2]
    assert desk.held() == desk.told == names


def test_the_first_transactions_are_small_for_more_files_are_not_waited_for(desk, transactions, monkeypatch):
    monkeypatch.setattr(imports, "_FIRST", 1)
    assert desk.run(desk.write_months(6)) == [("imported", [])] * 6
    assert transactions() == [1, 2, 3]


def test_a_transaction_takes_no_more_than_so_many_files_and_no_longer_than_a_moment(desk, transactions, monkeypatch):
    names = desk.write_months(5)
    monkeypatch.setattr(imports, "_TOGETHER", 2)
    desk.run(names[:3])
    monkeypatch.setattr(imports, "_HELD", -1)
    desk.run(names[3:])
    assert transactions() == [2, 1, 1, 1]


def test_of_few_files_each_is_stored_as_soon_as_it_is_read(desk, transactions, monkeypatch):
    monkeypatch.setattr(imports, "MANY", 4)
    desk.run(desk.write_months(3))
    assert transactions() == [1, 1, 1]


def test_what_is_no_workbook_stands_among_the_others_in_its_place(desk, transactions):
    names = desk.write_months(4)
    (desk.folder / "02.xlsx").write_bytes(b"PK\x03\x04 half")
    assert [status for status, _ in desk.run(names)] == ["imported", "failed", "imported", "imported"]
    assert transactions() == [1, 2]
    assert desk.told == names


def test_nobody_is_told_of_a_file_before_it_is_stored(desk):
    names = desk.write_months(4)
    seen = []
    desk.run(names, lambda receipt: seen.append(receipt.file in desk.held()))
    assert seen == [True] * 4


def test_a_sheet_that_goes_back_ends_its_transaction(desk, transactions):
    names = desk.write_months(3)
    desk.write("02.xlsx", "| 入驻企业 | 户 | | | 约60 | |", "2023年2月")
    assert [status for status, _ in desk.run(names)] == ["imported", "returned", "imported"]
    assert transactions() == [1, 1]


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_if_a_file_cannot_be_appended_those_before_it_are_stored_and_told(desk, monkeypatch, number):
    names = desk.write_months(5)
    append = SqliteLedger.append_import

    def refusing(self, new, *rest):
        if new.file == names[number - 1]:
            raise LedgerFull("满")
        return append(self, new, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(SqliteLedger, "append_import", refusing)
        with pytest.raises(LedgerFull):
            desk.run(names)
    assert desk.held() == desk.told == names[: number - 1]
    assert [status for status, _ in desk.run(names)] == ["unchanged"] * (number - 1) + ["imported"] * (6 - number)
    assert desk.held() == names


@pytest.mark.parametrize("room", [0, 1, 2, 4])
def test_if_the_archive_is_full_the_files_that_found_room_are_stored_and_told(desk, monkeypatch, room):
    names = desk.write_months(5)
    write = archive.write_together

    def bounded(contents, folder):
        if len(list(desk.workspace.archive.glob("*/*"))) + len(contents) > room:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(contents, folder)

    with monkeypatch.context() as patch:
        patch.setattr(archive, "write_together", bounded)
        with pytest.raises(OSError, match="No space"):
            desk.run(names)
    assert desk.held() == desk.told == names[:room]
    desk.run(names)
    assert desk.held() == names


def test_if_several_files_cannot_be_committed_together_as_many_as_can_are(desk, monkeypatch):
    names = desk.write_months(5)
    real = SqliteLedger.writing

    @contextmanager
    def bounded(self) -> Iterator[None]:
        with real(self):
            before = len(self.imports())
            yield
            if len(self.imports()) > before + 1:
                raise LedgerFull("满")

    monkeypatch.setattr(SqliteLedger, "writing", bounded)
    assert desk.run(names) == [("imported", [])] * 5
    assert desk.held() == desk.told == names


def test_what_was_read_before_reading_failed_is_stored_and_told(desk, monkeypatch):
    names = desk.write_months(3)
    real = imports.state_files

    def failing(*asked):
        stated = real(*asked)
        yield next(stated)
        yield next(stated)
        raise MemoryError

    monkeypatch.setattr(imports, "state_files", failing)
    with pytest.raises(MemoryError):
        desk.run(names)
    assert desk.held() == desk.told == names[:2]


@pytest.mark.parametrize("number", range(1, 7))
def test_ctrl_c_leaves_the_transactions_before_it_and_tells_of_no_other_file(desk, monkeypatch, number):
    monkeypatch.setattr(imports, "_TOGETHER", 4)
    names = desk.write_months(6)
    fail_at(monkeypatch, SqliteLedger, "append_import", number, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        desk.run(names)
    assert desk.held() == desk.told == names[: (number - 1) // 4 * 4]


def test_a_known_file_is_read_again_when_one_just_before_it_revised_it(desk):
    desk.write("2.xlsx", "| 入驻企业 | 户 | | | 60 | |")
    desk.run(["2.xlsx"])
    desk.write("1.xlsx", "| 入驻企业 | 户 | | | 61 | |")
    assert desk.run(["1.xlsx", "2.xlsx"]) == [("imported", [])] * 2


def test_names_of_archived_files_are_flushed_in_each_transaction_once(desk, monkeypatch):
    monkeypatch.setattr(imports, "_TOGETHER", 4)
    flushed = []
    monkeypatch.setattr(aside, "sync_folder", lambda folder: flushed.append((folder.name, len(list(folder.iterdir())))))
    desk.run(desk.write_months(6))
    assert [(name, count) for name, count in flushed if name == "2024-07"] == [("2024-07", 4), ("2024-07", 6)]


def test_a_sheet_taken_in_part_is_told_although_its_copy_cannot_be_written(desk, monkeypatch):
    (desk.folder / "甲.xlsx").write_bytes(
        monthly("| 入驻企业 | 户 | | | 66 | |", "| 带动从业人员 | 人 | | | 约1万 | |")
    )
    fail_at(monkeypatch, imports, "return_copy", 1, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(OSError, match="No space"):
        desk.run(["甲.xlsx"], partial=True)
    assert desk.held() == desk.told == ["甲.xlsx"]


def test_in_a_dry_run_a_failure_is_told_at_once(desk, monkeypatch):
    names = desk.write_months(3)
    fail_at(monkeypatch, imports, "check", 2, LedgerFull("满"))
    with pytest.raises(LedgerFull):
        desk.run(names, dry_run=True)
    assert desk.held() == []
