"""Several files in one run, and several runs at once: each is held against what the others have brought by then."""

from datetime import date, datetime

import pytest

from sheets import monthly
from xiangning_zyz.intake.facts.statement import Given
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
