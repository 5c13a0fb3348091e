"""Several files in one run, and several runs at once: each is held against what the others have brought by then."""

import errno
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from sheets import monthly
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.jobs import imports
from xiangning_zyz.jobs.imports import Wish, import_files
from xiangning_zyz.jobs.plans import make_workspace, open_plan
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI

WISH = Wish(Given(), date(2024, 7, 3), datetime(2024, 7, 3, 9, tzinfo=SHANGHAI))


@pytest.fixture
def office(tmp_path):
    """(take in named sheets, write a sheet): `run(["a.xlsx"])` gives status and problem codes of each."""
    workspace = make_workspace(tmp_path / "home")
    plan = open_plan(workspace)

    def run(names, meanwhile=lambda _: None, **wish):
        paths = [tmp_path / name for name in names]
        with open_ledger(workspace.ledger, plan.id) as ledger:
            receipt = import_files(workspace, plan, ledger, paths, WISH._replace(**wish), meanwhile)
        return [(file.status, [problem.code for problem in file.problems]) for file in receipt.files]

    def write(name, row, period="2024年6月"):
        (tmp_path / name).write_bytes(monthly(row, period=period))

    return run, write


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


FIRMS = range(60, 66)


@pytest.fixture
def together(tmp_path, monkeypatch):
    """Six sheets of six months, which share transactions of four; `run` gives what it was told."""
    monkeypatch.setattr(imports, "_MANY", 2)
    monkeypatch.setattr(imports, "_TOGETHER", 4)
    workspace = make_workspace(tmp_path / "home")
    plan = open_plan(workspace)
    paths = [tmp_path / f"{month}月.xlsx" for month in range(1, 7)]
    for month, (path, firms) in enumerate(zip(paths, FIRMS, strict=True), 1):
        path.write_bytes(monthly(f"| 入驻企业 | 户 | | | {firms} | |", period=f"2024年{month}月"))

    def run(step=lambda _: None):
        told = []
        with open_ledger(workspace.ledger, plan.id) as ledger:
            import_files(workspace, plan, ledger, paths, WISH, lambda file: (told.append(file), step(file)))
        return told

    return SimpleNamespace(workspace=workspace, plan=plan, paths=paths, run=run)


def stored(together):
    with open_ledger(together.workspace.ledger, together.plan.id, create=False) as ledger:
        assert ledger.verify() is None
        return [row.what.file for row in ledger.imports()]


def test_a_file_is_told_only_once_it_is_kept(together):
    kept = []
    told = together.run(lambda file: kept.append(file.file in stored(together)))

    assert [(file.status, file.import_id) for file in told] == [("imported", number) for number in range(1, 7)]
    assert kept == [True] * 6


@pytest.mark.parametrize("bad", range(6))
def test_one_file_that_cannot_be_kept_costs_no_file_before_it(together, monkeypatch, bad):
    told = []

    def archive(workspace, content, sha256, received):
        if content == together.paths[bad].read_bytes():
            raise OSError(errno.ENOSPC, "No space left on device", "archive")
        return ARCHIVE(workspace, content, sha256, received)

    monkeypatch.setattr(imports, "archive", archive)
    with pytest.raises(OSError, match="No space"):
        together.run(lambda file: told.append(file.file))
    before = [path.name for path in together.paths[:bad]]
    assert (told, stored(together)) == (before, before)

    monkeypatch.undo()
    assert [file.status for file in together.run()] == ["unchanged"] * bad + ["imported"] * (6 - bad)


@pytest.mark.parametrize("at", range(1, 7))
def test_ctrl_c_leaves_whole_files_and_tells_no_file_that_is_not_kept(together, monkeypatch, at):
    told, asked = [], []

    def decide(*arguments):
        asked.append(1)
        if len(asked) == at:
            raise KeyboardInterrupt
        return DECIDE(*arguments)

    monkeypatch.setattr(imports, "_decide", decide)
    with pytest.raises(KeyboardInterrupt):
        together.run(lambda file: told.append(file.file))

    assert told == stored(together) == [path.name for path in together.paths[: (at - 1) // 4 * 4]]


def test_a_copy_that_cannot_be_written_hides_no_file_that_is_kept(together, monkeypatch):
    together.paths[1].write_bytes(monthly("| 入驻企业 | 户 | | | 约60 | |", period="2024年2月"))
    told = []

    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "returned")

    monkeypatch.setattr(imports, "return_copy", refuse)
    with pytest.raises(OSError, match="No space"):
        together.run(lambda file: told.append((file.file, file.status, file.returned_copy)))

    assert [status for _, status, _ in told] == ["imported", "returned", "imported", "imported"]
    assert stored(together) == ["1月.xlsx", "3月.xlsx", "4月.xlsx"]


def test_a_known_file_is_read_again_when_one_of_its_own_group_revised_it(together):
    together.run()
    first = together.paths[0]
    second = first.with_name("0月.xlsx")
    second.write_bytes(monthly("| 入驻企业 | 户 | | | 61 | |", period="2024年1月"))
    together.paths[:] = [second, first]

    assert [file.status for file in together.run()] == ["imported", "imported"]


def test_names_of_archived_files_are_flushed_before_the_entries_that_name_them(together, monkeypatch):
    flushed = []
    monkeypatch.setattr(
        imports, "sync_folder", lambda folder: flushed.append((folder.name, len(list(folder.iterdir()))))
    )
    together.run()

    assert flushed == [("2024-07", 4), ("2024-07", 6)]


ARCHIVE, DECIDE = imports.archive, imports._decide
