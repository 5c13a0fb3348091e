"""The lines that start `zyz run` every night, and the user's crontab, of which only our lines change."""

import os
import re
import shlex
import stat
import sys
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.jobs.schedule import Job, NoCrontab, job_at, lines_for, with_entry, without_entry
from xiangning_zyz.period import SHANGHAI
from xiangning_zyz.stop import Stop

NIGHT = time(2, 30)
NOW = datetime(2025, 7, 8, 12, tzinfo=SHANGHAI)


def job(home="/srv/乡宁", python="/opt/zyz/bin/python", local=NIGHT):
    return Job(Path(home), Path(python), NIGHT, local)


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        (SHANGHAI, time(2, 30)),
        (UTC, time(18, 30)),  # the day before, which daily lines need not say
        (timezone(timedelta(hours=-5)), time(13, 30)),
    ],
)
def test_beijing_time_is_written_in_the_machines_own_time(tmp_path, zone, local):
    made = job_at(tmp_path, NIGHT, NOW, zone)
    assert (made.at, made.local) == (NIGHT, local)
    assert f"{local.minute} {local.hour} * * * " in lines_for(made).cron
    assert f"/ST {local:%H:%M} " in lines_for(made).windows
    assert "OnCalendar=*-*-* 02:30:00 Asia/Shanghai\n" in lines_for(made).timer


@pytest.mark.skipif(os.name == "nt", reason="needs TZ of POSIX")
@pytest.mark.parametrize(("zone", "said"), [("EST5EDT,M3.2.0,M11.1.0", True), ("UTC0", False), ("CST-8", False)])
def test_where_clocks_are_put_forward_in_summer_it_is_said_that_the_run_moves(zyz, home, zone, said):
    run = zyz("schedule", "show", home=home, env={"TZ": zone})
    assert ("夏令时" in run.stderr) == said


@pytest.mark.parametrize(
    "home", ["/srv/乡宁", "/srv/a b", "/srv/it's", '/srv/say "x"', "/srv/$HOME", "/srv/50% done;rm"]
)
def test_any_folder_name_reaches_the_command_unharmed(home):
    command = lines_for(job(home)).cron.splitlines()[1].split(maxsplit=5)[5]
    assert "%" not in command.replace(r"\%", ""), "a bare % ends the line for cron"
    words = shlex.split(command.replace(r"\%", "%"))
    assert words == [str(job().python), "-m", "xiangning_zyz", "run", "--home", str(Path(home))]


def test_systemd_takes_percent_dollar_and_quotes_literally():
    started = lines_for(job('/srv/50% $x "y"')).service
    assert r'--home" "/srv/50%% $$x \"y\""' in started
    assert "SuccessExitStatus=1 75" in started


def test_a_line_break_in_a_folder_name_is_refused():
    with pytest.raises(Stop, match="换行"):
        lines_for(job("/srv/a\n* * * * * rm"))


def test_two_workspaces_have_two_units():
    assert lines_for(job("/a/镇")).name != lines_for(job("/b/镇")).name


OTHER = st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line and b"\r" not in line), max_size=6)


@given(OTHER)
def test_other_lines_stay_to_the_byte_whatever_they_hold(lines):
    crontab = b"".join(line + b"\n" for line in lines)
    entered = with_entry(crontab, job())
    assert entered.startswith(crontab)
    assert with_entry(entered, job()) == entered, "installing twice enters it once"
    assert without_entry(entered, job().home) == crontab


def test_each_workspace_has_its_own_entry():
    both = with_entry(with_entry(b"", job("/a")), job("/b"))
    assert both.count(b"xiangning_zyz") == 2
    assert without_entry(both, Path("/a")) == with_entry(b"", job("/b"))


def test_a_new_time_takes_the_place_of_the_old_one():
    later = with_entry(with_entry(b"", job()), job(local=time(5, 0)))
    assert later.count(b"xiangning_zyz") == 1
    assert b"\n0 5 * * * " in later


def test_marks_damaged_by_hand_are_not_guessed_at():
    torn = b"\n".join(with_entry(b"", job()).splitlines()[:-1])
    with pytest.raises(NoCrontab, match="不成对"):
        without_entry(torn, job().home)


CRONTAB = """#!{python}
import pathlib, sys
kept = pathlib.Path({kept!r})
if sys.argv[1] == "-l":
    if not kept.exists():
        sys.exit("no crontab for clerk")
    sys.stdout.buffer.write(kept.read_bytes())
else:
    assert sys.argv[1] == "-"
    kept.write_bytes(sys.stdin.buffer.read())
"""


@pytest.fixture
def crontab(tmp_path):
    """A `crontab` command that keeps its table in a file; the environment that finds it, and the file."""
    if os.name == "nt":
        pytest.skip("Windows has no crontab")
    kept, program = tmp_path / "kept", tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(CRONTAB.format(python=sys.executable, kept=str(kept)), encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "TZ": "Asia/Shanghai"}, kept


def test_install_and_remove_edit_the_users_crontab(zyz, home, crontab):
    environment, kept = crontab
    others = "MAILTO=办公室\n5 4 * * * /bin/其他\n".encode("gb18030")
    kept.write_bytes(others)

    assert zyz("schedule", "install", "--at", "03:15", home=home, env=environment).returncode == 0
    assert kept.read_bytes().startswith(others)
    python = f"{re.escape(str(Path(sys.executable).parent))}/python[0-9.]*"  # which of its names is pip's choice
    line = rf"\n15 3 \* \* \* {python} -m xiangning_zyz run --home {re.escape(str(home))}\n"
    assert re.search(line.encode(), kept.read_bytes())
    assert "已设置" in zyz("doctor", home=home, env=environment).stdout

    assert zyz("schedule", "remove", home=home, env=environment).returncode == 0
    assert kept.read_bytes() == others
    again = zyz("schedule", "remove", home=home, env=environment)
    assert (again.returncode, kept.read_bytes()) == (1, others)


def test_install_begins_a_crontab_where_there_is_none(zyz, home, crontab):
    environment, kept = crontab
    assert zyz("schedule", "install", home=home, env=environment).returncode == 0
    assert kept.read_bytes().startswith(b"# zyz begin: ")


def test_without_crontab_it_says_what_else_there_is(zyz, home, tmp_path):
    run = zyz("schedule", "install", home=home, env={"PATH": str(tmp_path)})
    assert run.returncode == 3
    assert "zyz schedule show" in run.stderr
    assert zyz("schedule", "show", home=home, env={"PATH": str(tmp_path)}).returncode == 0


def test_a_time_that_is_none_is_wrong_usage(zyz, home):
    run = zyz("schedule", "show", "--at", "25:00", home=home)
    assert (run.returncode, "02:30" in run.stderr) == (2, True)
