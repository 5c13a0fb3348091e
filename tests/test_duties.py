"""Reports fall due once each, whatever nights were missed; duties of one kind do not keep back the others."""

import os
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import plan
from nights import Clock, Nights, report
from xiangning_zyz.jobs import run as running
from xiangning_zyz.jobs.duties import reports_due
from xiangning_zyz.jobs.heartbeat import read_heartbeat
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.period import SHANGHAI
from xiangning_zyz.stop import Stop

PLAN = plan()  # monthly reports are due on the 5th of the next month, or the working day after


def due(last, day):
    return [str(each) for each in reports_due(PLAN, last, day)]


def test_the_months_reports_fall_due_the_day_after_its_reporting_day():
    last = date(2024, 6, 20)
    assert due(last, date(2024, 7, 5)) == []  # the reporting day itself: a Friday
    assert due(last, date(2024, 7, 6)) == ["2024-06"]
    assert due(date(2024, 7, 6), date(2024, 7, 7)) == []


def test_a_machine_that_was_off_for_months_makes_up_for_each_of_them():
    assert due(date(2024, 3, 20), date(2024, 7, 20)) == ["2024-03", "2024-04", "2024-05", "2024-06"]


def test_at_first_the_latest_month_alone_is_due():
    assert due(None, date(2024, 7, 20)) == ["2024-06"]
    assert due(None, date(2023, 1, 20)) == []


def test_after_a_clock_that_ran_ahead_was_set_back_the_latest_month_is_due_again():
    assert due(date(2036, 1, 1), date(2024, 7, 20)) == ["2024-06"]


def test_after_the_plan_has_ended_nothing_more_falls_due():
    assert due(date(2028, 6, 1), date(2029, 1, 1)) == []
    assert due(date(2027, 12, 20), date(2028, 6, 1)) == ["2027-12"]


@given(st.lists(st.integers(1, 90), min_size=1, max_size=20))
def test_whatever_nights_are_missed_each_month_falls_due_once(gaps):
    day, last, met = date(2024, 1, 20), date(2024, 1, 20), []
    for gap in gaps:
        day += timedelta(days=gap)
        met += due(last, day)
        last = day
    assert met == due(date(2024, 1, 20), day)
    assert len(set(met)) == len(met)


@pytest.fixture
def nights(home):
    return Nights(Workspace(home), Clock())


def test_a_night_writes_the_reports_due_and_the_latest_page(nights, tmp_path):
    pytest.importorskip("docx")
    nights.drop("a.xlsx", report(tmp_path, "a.xlsx", 4.5))
    cycle = nights.run(date(2025, 7, 12))  # a Saturday; June's reporting day was Monday 7 July
    assert [name for name in nights.lying("reports") if "/" not in name] == [
        "2025-06_通报_征求意见稿.docx",
        "2025-06_附表_征求意见稿.xlsx",
        "latest.html",
    ]
    assert len(cycle.written) == 2
    assert nights.run(date(2025, 7, 13)).written == ()


def test_a_report_that_someone_may_have_edited_is_not_written_over(nights, tmp_path):
    edited = nights.workspace.reports / "2025-06_通报_征求意见稿.docx"
    edited.parent.mkdir(parents=True)
    edited.write_bytes(b"edited")
    os.utime(edited, (nights.clock.now.timestamp(),) * 2)
    nights.drop("a.xlsx", report(tmp_path, "a.xlsx", 4.5))
    nights.run(date(2025, 7, 12))
    assert edited.read_bytes() == b"edited"


def test_a_report_written_while_the_clock_ran_ahead_is_written_again(nights, tmp_path):
    early = nights.workspace.reports / "2025-06_通报_征求意见稿.docx"
    early.parent.mkdir(parents=True)
    early.write_bytes(b"early")
    os.utime(early, (datetime(2036, 1, 1, tzinfo=SHANGHAI).timestamp(),) * 2)
    nights.drop("a.xlsx", report(tmp_path, "a.xlsx", 4.5))
    nights.run(date(2025, 7, 12))
    assert early.read_bytes() != b"early"


def test_an_office_that_has_heard_nothing_gets_no_report_of_it(nights):
    assert nights.run(date(2025, 7, 12)).written == ()
    assert nights.lying("reports") == ["latest.html"]


def test_reminders_due_are_written_once_a_day(nights, tmp_path):
    nights.drop("a.xlsx", report(tmp_path, "a.xlsx", 4.5))
    monday = date(2025, 7, 14)
    assert any("催报" in said for said in nights.run(monday).written)
    written = nights.lying("reports/催办")
    assert written
    assert not any("催报" in said for said in nights.run(monday).written)
    assert nights.lying("reports/催办") == written


def test_a_duty_that_fails_does_not_keep_back_the_next_and_is_done_another_night(nights, monkeypatch):
    def failing(_):
        raise Stop("联络员文件有错误")

    done = []
    monkeypatch.setattr(running, "raise_reminders", failing)
    monkeypatch.setattr(running, "write_reports", lambda night: done.append(night.last) or [])
    monkeypatch.setattr(running, "write_latest", lambda _: [])
    for _ in range(2):
        assert nights.run(date(2025, 7, 12)).failures == ("联络员文件有错误",)
    assert done == [None, None], "the day does not count as served"
    assert read_heartbeat(nights.workspace).says == "联络员文件有错误"


def test_a_faulty_contacts_file_is_said_and_gives_code_3(zyz, home):
    (home / "data" / "contacts.yaml").write_text("contacts: 7\n", encoding="utf-8")
    run = zyz("run", "--settle", "0", "--as-of", "2025-07-14", home=home)
    assert run.returncode == 3
    assert "联络员" in run.stdout
    assert run.stderr == ""
