"""The health of a workspace and of what it stands on: what `zyz doctor` looks at, and what to do about each."""

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple

from xiangning_zyz import __version__
from xiangning_zyz.jobs.backup import last_backup
from xiangning_zyz.jobs.heartbeat import read_heartbeat
from xiangning_zyz.jobs.inbox import scan
from xiangning_zyz.jobs.lock import is_held
from xiangning_zyz.jobs.plans import open_plan
from xiangning_zyz.jobs.schedule import NoCrontab, installed
from xiangning_zyz.jobs.workspace import Workspace, check_ledger_stands
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.plan import Plan
from xiangning_zyz.stop import Stop

State = Literal["good", "advice", "due"]

_STALE = timedelta(hours=26)  # a nightly run and two hours of grace
_BACKUP_EVERY = timedelta(days=7)
_ROOM = 200 << 20  # bytes: a year of sheets is some ten megabytes
_EXPAT = (2, 6, 0)  # before it, entity expansion and large tokens may take very long (Python's xml documentation)
_FONTS = ("方正小标宋", "仿宋", "楷体", "黑体", "宋体")  # GB/T 9704-2012; for printing on this machine
_FONT_FILES = ("simfang.ttf", "simkai.ttf", "simhei.ttf", "simsun.ttc", "FZXBSJW.TTF")  # as Windows and WPS name them
_EXTRAS = {"docx": "report", "xlsxwriter": "report", "jinja2": "report"}  # library → the extra that brings it


class Finding(NamedTuple):
    """One thing that was looked at."""

    id: str  # stable, for programs
    what: str
    state: State  # due: something needs doing
    found: str
    do: str = ""  # what to do; empty where nothing is


def examine(workspace: Workspace, day: date, moment: datetime) -> tuple[Finding, ...]:
    """Look at everything; a check that cannot be made is itself a finding."""
    return tuple(finding for check in _CHECKS for finding in check(workspace, day, moment))


def _versions(_: Workspace, __: date, ___: datetime) -> Iterator[Finding]:
    yield Finding("zyz", "zyz", "good", f"{__version__}，{Path(sys.executable)}")
    yield Finding("python", "Python", "good", f"{platform.python_version()}，{platform.system()} {platform.machine()}")
    yield Finding("sqlite", "SQLite", "good", sqlite3.sqlite_version)
    from pyexpat import version_info

    written = ".".join(map(str, version_info))
    if version_info < _EXPAT:
        do = "有条件时升级 Python。表格在受限的子进程中读取，带实体声明的一律拒收，暂不影响使用。"
        yield Finding("expat", "expat", "advice", f"{written}，较旧", do)
    else:
        yield Finding("expat", "expat", "good", written)
    missing = sorted({extra for library, extra in _EXTRAS.items() if find_spec(library) is None})
    for extra in missing:
        do = f'需要时运行：python -m pip install "xiangning-zyz[{extra}]"'
        yield Finding(f"extra-{extra}", f"组件 {extra}", "advice", "没有安装，有的报告不能生成", do)


def _plan(workspace: Workspace, day: date, _: datetime) -> Iterator[Finding]:
    try:
        plan = open_plan(workspace)
    except Stop as stop:
        yield Finding("plan", "方案数据", "due", str(stop).splitlines()[0], "用 zyz check 查看并改正。")
        return
    yield Finding("plan", "方案数据", "good", f"{plan.document}，{len(plan.indicators)} 项指标")
    yield from _ledger(workspace, plan)
    yield _holidays(plan, day)


def _ledger(workspace: Workspace, plan: Plan) -> Iterator[Finding]:
    try:
        check_ledger_stands(workspace)
        with open_ledger(workspace.ledger, plan.id, create=False, timeout=2) as ledger:
            imports, head = len(ledger.imports()), ledger.head()
    except Stop as stop:
        yield Finding("ledger", "台账库", "due", str(stop), "用 zyz verify 核对；已损坏的用 zyz restore 从备份恢复。")
        return
    yield Finding("ledger", "台账库", "good", f"{imports} 份报表，{head.seq if head else 0} 笔记录")


def _holidays(plan: Plan, day: date) -> Finding:
    known = plan.rules.calendar.years
    do = "把国务院办公厅公布的放假安排补入 data/rules.yaml 的 holidays，否则报送日只按周一至周五推算。"
    if day.year not in known:
        return Finding("holidays", "节假日表", "due", f"没有{day.year}年", do)
    if day.month == 12 and day.year + 1 not in known:  # announced in autumn
        return Finding("holidays", "节假日表", "due", f"没有{day.year + 1}年", do)
    return Finding("holidays", "节假日表", "good", f"到{max(known)}年")


def _disk(workspace: Workspace, _: date, __: datetime) -> Iterator[Finding]:
    place = workspace.var if workspace.var.exists() else workspace.home
    free = shutil.disk_usage(place).free
    says = f"{place} 所在磁盘可用 {free >> 20} 兆"
    if free < _ROOM:
        yield Finding("space", "磁盘空间", "due", says, "清理磁盘，或把工作区移到空间大的磁盘。")
    else:
        yield Finding("space", "磁盘空间", "good", says)
    if not os.access(place, os.W_OK):
        yield Finding("writable", "写入权限", "due", f"不能写入 {place}", "请给运行 zyz 的用户写权限。")


def _runs(workspace: Workspace, _: date, moment: datetime) -> Iterator[Finding]:
    try:
        scheduled = installed(workspace.home)
    except (NoCrontab, OSError) as error:
        scheduled = None
        yield Finding("schedule", "定时运行", "advice", f"无法查看（{error}）", "用 zyz schedule show 查看写法。")
    else:
        says = {True: "已设置", False: "没有设置", None: "请在任务计划程序中查看"}[scheduled]
        do = "" if scheduled else "用 zyz schedule show 查看写法，cron 可用 zyz schedule install 写入。"
        yield Finding("schedule", "定时运行", "good" if scheduled else "advice", says, do)
    yield _last_run(workspace, moment, expected=bool(scheduled))


def _last_run(workspace: Workspace, moment: datetime, *, expected: bool) -> Finding:
    beat = read_heartbeat(workspace)
    if beat is None:
        do = "用 zyz run -v 试运行一次。"
        return Finding("last-run", "上次运行", "due" if expected else "advice", "还没有运行过", do)
    good = f"{beat.last_good:%Y-%m-%d %H:%M}" if beat.last_good else "还没有"
    log = workspace.log / "zyz.log"
    if beat.result == "running" and is_held(workspace.var / "run.lock"):
        return Finding("last-run", "上次运行", "good", f"{beat.started:%H:%M} 开始，正在运行；上次成功 {good}")
    if beat.result == "running":
        says = f"{beat.started:%Y-%m-%d %H:%M} 的运行中途断了；上次成功 {good}"
        return Finding("last-run", "上次运行", "due", says, "再运行一次 zyz run，会接着做完。")
    if beat.result == "failed":
        says = f"{beat.started:%Y-%m-%d %H:%M} 没有成功：{beat.says.rstrip('。')}；上次成功 {good}"
        return Finding("last-run", "上次运行", "due", says, f"按提示处理后再运行 zyz run，细节在 {log}。")
    if beat.started > moment:
        says = f"上次运行的时间 {beat.started:%Y-%m-%d %H:%M} 比现在还晚"
        return Finding("last-run", "上次运行", "due", says, "请校准系统时钟。")
    if beat.last_good is not None and moment - beat.last_good > _STALE:
        return Finding(
            "last-run", "上次运行", "due", f"上次成功 {good}，已超过一天", "检查定时运行是否仍在，机器夜间是否关机。"
        )
    return Finding("last-run", "上次运行", "good", f"上次成功 {good}")


def _inbox(workspace: Workspace, _: date, __: datetime) -> Iterator[Finding]:
    if not workspace.inbox.is_dir():
        yield Finding("inbox", "收件夹", "good", "还没有建立，首次运行时建立")
        return
    waiting, left = scan(workspace.inbox)
    kept = [each for each in left if not each.routine]
    says = f"待处理 {len(waiting)} 个文件"
    if kept:
        says += "；不会处理：" + "、".join(f"{each.name}（{each.why}）" for each in kept[:5])
    yield Finding("inbox", "收件夹", "advice" if kept else "good", says, "移走或改放文件本身。" if kept else "")


def _backups(workspace: Workspace, _: date, moment: datetime) -> Iterator[Finding]:
    do = "用 zyz backup -o 另一磁盘的文件夹 做备份，并试着恢复一次。"
    last = last_backup(workspace)
    if last is None:
        used = workspace.ledger.exists()
        yield Finding("backup", "备份", "due" if used else "advice", "还没有做过备份", do)
        return
    made, file = last
    says = f"上次备份 {made:%Y-%m-%d %H:%M}，{file}"
    if not file.exists():
        yield Finding("backup", "备份", "advice", f"{says}，现在不在那里", "确认备份文件已妥善保存。")
    elif moment - made > _BACKUP_EVERY:
        yield Finding("backup", "备份", "due", f"{says}，已超过一周", do)
    else:
        yield Finding("backup", "备份", "good", says)


def _contacts(workspace: Workspace, _: date, __: datetime) -> Iterator[Finding]:
    path = workspace.data / "contacts.yaml"
    if os.name != "nt" and path.is_file() and path.stat().st_mode & 0o077:
        yield Finding("contacts", "联络员文件", "advice", f"{path} 其他用户也能读", f"运行：chmod 600 {path}")


def _fonts(_: Workspace, __: date, ___: datetime) -> Iterator[Finding]:
    missing = [font for font, held in zip(_FONTS, _held_fonts(), strict=True) if not held]
    if missing:
        says = "本机没有：" + "、".join(missing)
        yield Finding("fonts", "公文字体", "advice", says, "不影响生成文件；打印和转 PDF 请在装有这些字体的电脑上做。")
    else:
        yield Finding("fonts", "公文字体", "good", "齐全")


def _held_fonts() -> list[bool]:
    """Which of the fonts this machine has, by fontconfig where there is one, else by the names of files."""
    program = shutil.which("fc-list")
    if program is not None:
        done = subprocess.run([program, ":", "family"], capture_output=True, check=False, timeout=30)  # noqa: S603 - our own words
        families = done.stdout.decode(errors="replace")
        return [font in families for font in _FONTS]
    folders = [
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
        Path("/Library/Fonts"),
        Path("/System/Library/Fonts"),
    ]
    held = {path.name.lower() for folder in folders if folder.is_dir() for path in folder.iterdir()}
    return [file.lower() in held for file in _FONT_FILES]


_CHECKS: tuple[Callable[[Workspace, date, datetime], Iterator[Finding]], ...] = (
    _versions,
    _plan,
    _disk,
    _runs,
    _inbox,
    _backups,
    _contacts,
    _fonts,
)
