"""The doctor names what is wrong and what to do; exit 1 when something needs doing."""

import json
import os
from datetime import date, timedelta

import pytest

from nights import START, Clock, Nights
from xiangning_zyz.jobs import doctor as doctors
from xiangning_zyz.jobs import run as running
from xiangning_zyz.jobs.backup import back_up
from xiangning_zyz.jobs.doctor import examine
from xiangning_zyz.jobs.heartbeat import Heartbeat, write_heartbeat
from xiangning_zyz.jobs.lock import held
from xiangning_zyz.jobs.workspace import Workspace

DAY = START.date()


@pytest.fixture
def nights(home, monkeypatch):
    for duty in ("raise_reminders", "write_reports", "write_latest"):
        monkeypatch.setattr(running, duty, lambda _: [])
    monkeypatch.setattr(doctors, "installed", lambda _: True)
    return Nights(Workspace(home), Clock())


def look(nights, what, day=DAY):
    [finding] = [each for each in examine(nights.workspace, day, nights.clock()) if each.id == what]
    assert finding.state == "good" or finding.do, "each says what to do"
    return finding


def test_a_new_workspace_needs_nothing_done(zyz, home):
    run = zyz("doctor", "--as-of", "2026-06-01", "--format", "json", home=home, env={"PATH": ""})
    found = json.loads(run.stdout)["findings"]
    assert [each["what"] for each in found if each["state"] == "due"] == []
    assert run.returncode == 0
    assert {
        "python",
        "sqlite",
        "expat",
        "plan",
        "ledger",
        "holidays",
        "space",
        "schedule",
        "last-run",
        "backup",
        "fonts",
    } <= {each["id"] for each in found}


def test_what_needs_doing_stands_first_and_gives_code_1(zyz, home):
    (home / "data" / "targets.yaml").write_text("plan: [", encoding="utf-8")
    run = zyz("doctor", home=home)
    assert run.returncode == 1
    assert run.stdout.splitlines()[3].startswith("须处理  方案数据")


def test_a_run_that_is_too_long_ago_is_due(nights):
    nights.run()
    assert look(nights, "last-run").state == "good"
    nights.clock.now += timedelta(hours=25)
    assert look(nights, "last-run").state == "good"
    nights.clock.now += timedelta(hours=2)
    assert look(nights, "last-run").state == "due"


def test_a_scheduled_run_that_never_came_is_due(nights):
    assert look(nights, "last-run").state == "due"


def test_a_killed_run_is_shown_as_broken_off_and_a_living_one_as_running(nights):
    write_heartbeat(nights.workspace, Heartbeat(START, day=DAY))
    with held(nights.workspace.var / "run.lock", ""):
        assert "正在运行" in look(nights, "last-run").found
    killed = look(nights, "last-run")
    assert (killed.state, "中途断了" in killed.found) == ("due", True)


def test_a_clock_before_the_last_run_is_due(nights):
    nights.run()
    nights.clock.now -= timedelta(days=3)
    assert "时钟" in look(nights, "last-run").do


@pytest.mark.parametrize(
    ("day", "state"), [("2026-11-30", "good"), ("2026-12-01", "due"), ("2027-01-01", "due"), ("2025-12-31", "good")]
)
def test_the_holiday_table_must_reach_this_year_and_from_december_the_next(nights, day, state):
    """The bundled rules hold 2023 to 2026."""
    assert look(nights, "holidays", date.fromisoformat(day)).state == state


def test_a_ledger_without_a_backup_is_due_and_an_old_backup_too(nights, tmp_path):
    assert look(nights, "backup").state == "advice"
    nights.run()
    assert look(nights, "backup").state == "due"
    made = back_up(nights.workspace, tmp_path / "safe", nights.clock())
    assert look(nights, "backup").state == "good"
    nights.clock.now += timedelta(days=8)
    assert look(nights, "backup").state == "due"
    made.path.unlink()
    assert look(nights, "backup").state == "advice"


def test_a_damaged_ledger_is_due(nights):
    nights.workspace.var.mkdir(exist_ok=True)
    nights.workspace.ledger.write_bytes(b"hello" * 1000)
    assert "zyz restore" in look(nights, "ledger").do


def test_little_room_is_due(nights, monkeypatch):
    monkeypatch.setattr(doctors.shutil, "disk_usage", lambda _: type("", (), {"free": 1 << 20})())
    assert look(nights, "space").state == "due"


def test_what_the_inbox_cannot_take_is_named(nights):
    nights.workspace.inbox.mkdir(parents=True)
    (nights.workspace.inbox / "2025年").mkdir()
    assert "2025年" in look(nights, "inbox").found


@pytest.mark.skipif(os.name == "nt", reason="permissions are other things on Windows")
def test_contacts_that_others_can_read_are_pointed_out(nights):
    path = nights.workspace.data / "contacts.yaml"
    path.write_text("contacts: []\n", encoding="utf-8")
    path.chmod(0o644)
    assert "chmod 600" in look(nights, "contacts").do
    path.chmod(0o600)
    assert "contacts" not in {each.id for each in examine(nights.workspace, DAY, START)}
