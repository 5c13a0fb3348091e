"""Source files may be destroyed once the law lets them; what they said, and that they are gone, stays."""

from datetime import date, datetime

import pytest

from nights import Clock, Nights, report, sha256
from xiangning_zyz.jobs.records import verify
from xiangning_zyz.jobs.retention import TooEarly, forget
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI

TODAY = datetime(2036, 3, 1, 9, tzinfo=SHANGHAI)


@pytest.fixture
def office(home, tmp_path):
    """One sheet of December 2025 and one of April 2026, one returned."""
    nights = Nights(Workspace(home), Clock())
    nights.drop("旧.xlsx", report(tmp_path, "x.xlsx", 4.5))
    nights.run(date(2025, 12, 6))
    nights.drop("错.xlsx", report(tmp_path, "x.xlsx", "约4.5"))
    nights.run(date(2025, 12, 7))
    nights.drop("新.xlsx", report(tmp_path, "x.xlsx", 4.6))
    nights.run(date(2026, 4, 4))
    return nights


def erase(office, before=date(2026, 3, 1), moment=TODAY):
    with open_ledger(office.workspace.ledger, "xiangning") as ledger:
        return forget(office.workspace, ledger, before, "保管期满", "局长办公会", moment)


def whole(office):
    with open_ledger(office.workspace.ledger, "xiangning", create=False) as ledger:
        return verify(office.workspace, ledger)


def test_files_over_ten_years_old_go_and_the_ledger_still_verifies(office):
    assert len(office.lying("returned")) == 3
    assert erase(office) == 4
    assert [name[:7] for name in office.lying("archive")] == ["2026-04"]
    assert office.lying("returned") == []
    assert (whole(office).imports, whole(office).faults) == (2, ())
    assert [file for file, _ in office.imports()] == ["旧.xlsx", "新.xlsx"], "what was reported stays"


def test_within_ten_years_nothing_may_go(office):
    with pytest.raises(TooEarly, match="2026-03-01"):
        erase(office, date(2026, 3, 2))
    assert len(office.lying("archive")) == 2


def test_a_leap_day_has_a_day_ten_years_before(office):
    assert erase(office, date(2026, 2, 28), datetime(2036, 2, 29, tzinfo=SHANGHAI)) == 4


def test_killed_after_the_record_the_same_command_does_the_rest(office, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            erase(office)
    assert len(office.lying("archive")) == 2
    assert whole(office).faults == (), "a file that is still there though it may go is no fault"
    assert erase(office) == 4
    assert erase(office) == 0


def test_the_same_bytes_received_again_later_stay(office, tmp_path):
    content = report(tmp_path, "x.xlsx", 4.5)
    office.drop("又报.xlsx", content)
    office.run(date(2026, 5, 9))
    erase(office)
    assert f"2026-05/{sha256(content)}" in office.lying("archive")
    assert whole(office).faults == ()


def test_a_file_that_vanishes_by_itself_is_still_a_fault(office):
    erase(office)
    for name in office.lying("archive"):
        (office.workspace.archive / name).unlink()
    assert "不在归档中" in whole(office).faults[0]


def test_the_command_wants_a_reason_and_who_approved(zyz, home):
    assert zyz("forget", "--before", "2010-01-01", "--reason", " ", "--by", "局长", home=home).returncode == 2
    assert zyz("forget", "--before", "2010-01-01", "--reason", "期满", "--by", "局长", home=home).returncode == 0
    run = zyz("forget", "--before", "2026-01-01", "--reason", "期满", "--by", "局长", home=home)
    assert (run.returncode, "10年" in run.stderr) == (2, True)
