"""When `zyz run` starts by itself: the exact lines for cron, systemd and Windows, and the user's crontab.

Times are given in Asia/Shanghai and written in the machine's own: Debian's cron knows no CRON_TZ, and
where it is known it would move the user's other lines too. Only lines between our marks are ever changed.
"""

import os
import shlex
import shutil
import subprocess
import sys
from datetime import datetime, time, tzinfo
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from xiangning_zyz.period import SHANGHAI
from xiangning_zyz.stop import Stop


class Job(NamedTuple):
    """What is to be started, and when."""

    home: Path  # absolute
    python: Path  # the interpreter that zyz is installed for
    at: time  # in Asia/Shanghai
    local: time  # the same moment in the machine's own time
    wanders: bool = False  # the machine keeps summer time, so for a part of the year it is an hour off


class Lines(NamedTuple):
    """How each system is told to run a job every day."""

    cron: str
    service: str  # ~/.config/systemd/user/NAME.service
    timer: str  # ~/.config/systemd/user/NAME.timer
    name: str  # of the systemd units
    windows: str


class NoCrontab(Stop):
    """There is no crontab to edit, or it cannot be."""


def job_at(home: Path, at: time, today: datetime, zone: tzinfo | None) -> Job:
    """The job for *home* at *at* (Asia/Shanghai); *zone* is the machine's (None: as it is set)."""
    moment = datetime.combine(today.date(), at, SHANGHAI)
    year = {moment.replace(month=month, day=1).astimezone(zone).utcoffset() for month in (1, 7)}
    return Job(home.resolve(), Path(sys.executable), at, moment.astimezone(zone).time(), wanders=len(year) > 1)


def lines_for(job: Job) -> Lines:
    """The lines that start *job* daily."""
    if any(character in f"{job.home}{job.python}" for character in "\r\n"):
        raise Stop(f"工作区路径 {job.home} 中有换行，不能写入定时任务，请改名。")
    name = f"zyz-{crc32(os.fsencode(job.home)):08x}"  # a folder's own name may be no name for a unit
    return Lines(_cron(job), _service(job), _timer(job), name, _windows(job, name))


def install(job: Job) -> bytes:
    """Write *job* into the user's crontab in place of an earlier entry for the same home; the new crontab."""
    edited = with_entry(_read_crontab(), job)
    _write_crontab(edited)
    return edited


def remove(home: Path) -> bool:
    """Take our entry for *home* out of the user's crontab; whether there was one."""
    held = _read_crontab()
    edited = without_entry(held, home.resolve())
    if edited == held:
        return False
    _write_crontab(edited)
    return True


def installed(home: Path) -> bool | None:
    """Whether the user's crontab or systemd runs *home*; None where this cannot be known (Windows)."""
    if os.name == "nt":
        return None
    unit = Path.home() / ".config" / "systemd" / "user"
    if any(str(home.resolve()) in path.read_text("utf-8", "replace") for path in unit.glob("zyz-*.service")):
        return True
    if shutil.which("crontab") is None:
        return False
    return _mark("begin", home.resolve()) in _read_crontab().splitlines()


def with_entry(crontab: bytes, job: Job) -> bytes:
    """*crontab* with the entry for *job* at its end; every other byte as it was."""
    kept = without_entry(crontab, job.home)
    if kept and not kept.endswith(b"\n"):
        kept += b"\n"
    begin, end = _mark("begin", job.home), _mark("end", job.home)
    return kept + b"\n".join((begin, os.fsencode(_cron(job).rstrip("\n")), end)) + b"\n"


def without_entry(crontab: bytes, home: Path) -> bytes:
    """*crontab* without our entry for *home*; NoCrontab if its marks were damaged by hand."""
    lines = crontab.splitlines(keepends=True)
    bare = [line.rstrip(b"\r\n") for line in lines]
    begin, end = _mark("begin", home), _mark("end", home)
    if begin not in bare and end not in bare:
        return crontab
    if bare.count(begin) != 1 or bare.count(end) != 1 or bare.index(begin) > bare.index(end):
        raise NoCrontab("crontab 中 zyz 的标记行不成对，没有改动。请用 crontab -e 删去带“zyz”标记的各行后重试。")
    return b"".join(lines[: bare.index(begin)] + lines[bare.index(end) + 1 :])


def _mark(which: str, home: Path) -> bytes:
    return os.fsencode(f"# zyz {which}: {home}")


def _cron(job: Job) -> str:
    words = [str(job.python), "-m", "xiangning_zyz", "run", "--home", str(job.home)]
    command = shlex.join(words).replace("%", r"\%")  # cron takes a bare % for the end of the line
    return f"# 北京时间每天 {job.at:%H:%M}\n{job.local.minute} {job.local.hour} * * * {command}\n"


def _service(job: Job) -> str:
    words = [str(job.python), "-m", "xiangning_zyz", "run", "--home", str(job.home)]
    return (
        "[Unit]\nDescription=zyz run\n\n"
        f"[Service]\nType=oneshot\nExecStart={' '.join(map(_systemd_word, words))}\n"
        "# 1：有报表退回；75：另一次运行还没有结束\nSuccessExitStatus=1 75\n"
    )


def _systemd_word(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', r"\"").replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _timer(job: Job) -> str:
    return (
        "[Unit]\nDescription=zyz run, daily\n\n"
        f"[Timer]\nOnCalendar=*-*-* {job.at:%H:%M}:00 Asia/Shanghai\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def _windows(job: Job, name: str) -> str:
    started = f'\\"{job.python}\\" -m xiangning_zyz run --home \\"{job.home}\\"'
    return f'schtasks /Create /F /SC DAILY /ST {job.local:%H:%M} /TN "{name}" /TR "{started}"'


def _read_crontab() -> bytes:
    """The user's crontab as it stands; empty if there is none."""
    done = _crontab(["-l"])
    if done.returncode == 0:
        return done.stdout
    if b"no crontab" in done.stderr.lower():
        return b""
    raise NoCrontab(f"读不到 crontab：{done.stderr.decode(errors='replace').strip()}")


def _write_crontab(content: bytes) -> None:
    done = _crontab(["-"], content)
    if done.returncode:
        raise NoCrontab(f"crontab 没有写入：{done.stderr.decode(errors='replace').strip()}")


def _crontab(words: list[str], content: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    program = shutil.which("crontab")
    if program is None:
        raise NoCrontab("这台机器没有 crontab 命令。请按 zyz schedule show 给出的 systemd 或 Windows 写法设置。")
    environment = {**os.environ, "LC_ALL": "C"}  # its words are looked at
    return subprocess.run([program, *words], input=content, capture_output=True, env=environment, check=False)  # noqa: S603 - our own words, no shell
