"""`zyz run`: one unattended cycle (CONTRACT §9). Gather what lies in the inbox, take each file in, do what is due.

Killed anywhere and run again, the end is the same: a file leaves the inbox only after it is in the
ledger and the archive, or in `returned/`; what was done twice counts once; duties are written over.
"""

import shutil
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.aside import sweep
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.intake.reading.limits import FILE_BYTES
from xiangning_zyz.jobs.duties import Night, raise_reminders, write_latest, write_reports
from xiangning_zyz.jobs.heartbeat import Heartbeat, read_heartbeat, write_heartbeat
from xiangning_zyz.jobs.imports import Wish, import_files
from xiangning_zyz.jobs.inbox import (
    TRIES,
    LeftAlone,
    Memory,
    Seen,
    Waiting,
    accept,
    forget,
    read_memory,
    received_on,
    remembered,
    scan,
    send_back,
    settled,
    write_memory,
)
from xiangning_zyz.jobs.lock import held
from xiangning_zyz.jobs.log import Log, open_log
from xiangning_zyz.jobs.plans import open_plan
from xiangning_zyz.jobs.workspace import Workspace, check_ledger_stands
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.problem import Problem
from xiangning_zyz.report.receipt import FileReceipt
from xiangning_zyz.report.visible import visible
from xiangning_zyz.stop import Stop, TryAgain, refused

_ROOM = 10  # times the size of a file must be free on the disk before it is taken in
_SPARE = 1 << 20  # bytes beside


class Order(NamedTuple):
    """What the caller decides: the only clock, and how patient the run is."""

    now: Callable[[], datetime]  # the clock, in Asia/Shanghai
    day: date | None = None  # the day to work for; None: today by that clock
    pause: float = 5.0  # seconds during which a file must not change to be taken in


class Taken(NamedTuple):
    """A file of the inbox and what became of it."""

    name: str
    receipts: tuple[FileReceipt, ...]  # one, or one for each member of a zip; none if it broke the program
    note: str = ""  # where the note of a file that was sent back lies; empty: it was accepted, or stays
    stays: str = ""  # why it is still in the inbox
    no_room: bool = False  # it stays because the disk has too little room for it

    @property
    def accepted(self) -> bool:
        """Whether all of it stands in the ledger."""
        return bool(self.receipts) and all(each.status in ("imported", "unchanged") for each in self.receipts)


class Cycle(NamedTuple):
    """What one run did, for the person who reads its mail."""

    day: date
    taken: tuple[Taken, ...]
    left: tuple[LeftAlone, ...]
    news: frozenset[Path]  # those left alone that nobody was told about yet
    written: tuple[str, ...]  # one Chinese sentence for each duty that left something behind
    warnings: tuple[str, ...]
    failures: tuple[str, ...]  # duties that could not be done
    stop: Stop | None = None  # why the run ended before its work was done, and is to be run again

    @property
    def refused(self) -> bool:
        """Whether any sheet was returned or broke the program (exit code 1)."""
        return not all(each.accepted for each in self.taken)

    @property
    def worth_a_word(self) -> bool:
        """Whether a person should hear of it: something to do, or something to look at."""
        stays = any(each.stays for each in self.taken)
        return self.refused or stays or bool(self.news or self.written or self.warnings or self.failures)


def run(workspace: Workspace, order: Order) -> Cycle:
    """Do one cycle. Raises Stop or OSError if it could not even begin, Taken (exit code 75) if another is going on.

    What stops it later is told by `Cycle.stop`, beside all that was done until then.
    """
    workspace.var.mkdir(exist_ok=True)
    with held(workspace.var / "run.lock", _going_on(workspace)):
        workspace.inbox.mkdir(exist_ok=True)
        workspace.log.mkdir(exist_ok=True)
        sweep(workspace.log)
        before = read_heartbeat(workspace)
        started = order.now()
        day = order.day or started.date()
        log = open_log(workspace.log / "zyz.log", order.now)
        beat = Heartbeat(started, day=day)
        if before:
            beat = beat._replace(last_good=before.last_good, last_day=before.last_day)
        write_heartbeat(workspace, beat)
        try:
            log.write("run_started", day=day)
            plan = open_plan(workspace)
            if day < plan.issued and order.day is None:  # every sheet would be about the future, and go back
                raise TryAgain(f"系统时间 {started:%Y-%m-%d %H:%M} 早于方案印发之日，显然不对，未作处理。请校准时钟。")
            check_ledger_stands(workspace)
            with open_ledger(workspace.ledger, plan.id) as ledger:
                night = Night(workspace, plan, ledger, log, order.now, day, beat.last_day, pinned=order.day is not None)
                cycle = _cycle(night, order.pause, _clock_warnings(before, started))
        except BaseException as error:
            _end_badly(workspace, beat._replace(ended=order.now(), says=_says(error)), log, error)
            raise
        if cycle.stop or cycle.failures:
            says = "；".join([*cycle.failures, *([str(cycle.stop)] if cycle.stop else [])])
            _end_badly(workspace, beat._replace(ended=order.now(), says=says), log, cycle.stop)
        else:
            ended = order.now()
            # A day that was asked for lies in the past by intent: what was served since is not due again.
            served = max(day, beat.last_day) if order.day and beat.last_day else day
            write_heartbeat(workspace, beat._replace(ended=ended, result="good", last_good=ended, last_day=served))
            log.write("run_ended")
    return cycle


def _end_badly(workspace: Workspace, beat: Heartbeat, log: Log, error: BaseException | None) -> None:
    """Tell heartbeat and log of a run that failed by itself; only a killed one leaves `running`."""
    # The disk may be what failed; the error itself matters more than the record of it.
    with suppress(OSError):
        write_heartbeat(workspace, beat._replace(result="failed"))
    with suppress(OSError):
        log.write("run_failed", says=beat.says, details=_details(error) if error else "")


def _cycle(night: Night, pause: float, warnings: Sequence[str]) -> Cycle:
    found, left = scan(night.workspace.inbox)
    memory = remembered(read_memory(night.workspace), [*found, *left], night.now())
    ready, unready = settled(found, memory, night.now(), lambda: time.sleep(pause))
    left += unready
    taken: list[Taken] = []
    news: frozenset[Path] = frozenset()
    written: list[str] = []
    failures: list[str] = []
    stop: Stop | None = None
    try:
        for each in ready:
            taken.append(_take(night, each, memory))  # one by one: what stops the next must not lose it
        news = _tell(night, left, memory)
        _do_duties(night, written, failures)
        if any(each.no_room for each in taken):
            raise TryAgain(f"{night.workspace.var} 所在磁盘空间不够，有报表没有导入，请清理磁盘后重试。")
    except Stop as error:
        stop = error
    except OSError as error:
        if not error.errno:  # a fault of ours
            raise
        stop = refused(error)
        stop.__cause__ = error
    return Cycle(night.day, tuple(taken), tuple(left), news, tuple(written), tuple(warnings), tuple(failures), stop)


def _do_duties(night: Night, written: list[str], failures: list[str]) -> None:
    """Do what falls due; add a sentence to *written* for what that left behind, to *failures* for what went wrong."""
    for duty in (raise_reminders, write_reports, write_latest):
        try:
            written += duty(night)
        except (TryAgain, OSError):
            raise  # the next duty would meet the same full disk or busy ledger
        except Exception as error:  # a fault of one duty, whosever it is, must not keep back the next
            failures.append(_says(error))
            night.log.write("duty_failed", says=_says(error), details=_details(error))


def _take(night: Night, file: Waiting, memory: Memory) -> Taken:
    """Take in one file. Nothing that is wrong with it stops the others; what is wrong with the disk does."""
    seen = memory[file.path.name]
    on = night.day if night.pinned else received_on(file.arrived.date(), night.last, night.day)
    if seen.tries >= TRIES:
        return _set_aside(night, file, memory, on)
    short = _short_of_room(night, file)
    if short:
        night.log.write("left_alone", file=file.name, why=short)
        return Taken(file.name, (), stays=short, no_room=True)
    memory[file.path.name] = seen._replace(tries=seen.tries + 1)
    write_memory(night.workspace, memory)  # before the attempt: the program may not live to tell
    try:
        wish = Wish(Given(), on, night.now(), listing=False)
        receipt = import_files(night.workspace, night.plan, night.ledger, [file.path], wish, lambda _: None)
        taken = _finish(night, file, receipt.files, on)
    except (Stop, OSError):
        _not_counted(night, file, memory, seen)  # it is not the file's fault
        raise
    except Exception as error:  # a fault of ours, which must not keep back the other files
        night.log.write("crashed", file=file.name, details=_details(error))
        return Taken(file.name, (), stays=f"程序处理时出错（{type(error).__name__}），下次再试")
    except BaseException:  # told to stop
        _not_counted(night, file, memory, seen)
        raise
    if taken.stays:
        _not_counted(night, file, memory, seen)
    else:
        del memory[file.path.name]
    return taken


def _not_counted(night: Night, file: Waiting, memory: Memory, seen: Seen) -> None:
    """Take an attempt back. On a full disk all is forgotten instead: that needs no room, and blames nobody."""
    memory[file.path.name] = seen
    try:
        write_memory(night.workspace, memory)
    except OSError:
        forget(night.workspace)


def _finish(night: Night, file: Waiting, receipts: tuple[FileReceipt, ...], on: date) -> Taken:
    taken = Taken(file.name, receipts)
    for each in receipts:
        night.log.write(
            each.status,
            file=each.file,
            sha256=each.sha256,
            import_id=each.import_id,
            department=each.department,
            periods=each.periods,
            stored=each.stored,
            errors=sum(problem.severity == "error" for problem in each.problems),
            warnings=sum(problem.severity == "warning" for problem in each.problems),
        )
    try:
        if not taken.accepted:
            note = send_back(night.workspace, night.ledger, file, on, _note(file.name, receipts))
            return taken._replace(note=str(note))
        if not accept(night.workspace, night.ledger, file, on):
            return taken._replace(stays="导入之后文件又有改动，下次再导入")
    except PermissionError as error:  # Windows does not let go of a file that is open
        return taken._replace(stays=f"没能移出收件夹：{refused(error)}")
    return taken


def _set_aside(night: Night, file: Waiting, memory: Memory, on: date) -> Taken:
    """A file over which the program died again and again goes back without being opened."""
    why = f"处理此文件时程序连续{TRIES}次中断，未导入。请发给维护人员检查。"
    note = send_back(night.workspace, night.ledger, file, on, f"文件：{visible(file.name)}\n{why}\n")
    night.log.write("set_aside", file=file.name, tries=memory.pop(file.path.name).tries)
    return Taken(file.name, (), note=str(note))


def _note(name: str, receipts: Sequence[FileReceipt]) -> str:
    """What stands beside a file that was sent back: every problem and how to mend it."""
    lines = [f"文件：{visible(name)}", "未导入台账，请按下列意见改正后重新报送。"]
    for each in receipts:
        if each.status in ("imported", "unchanged"):
            lines.append(f"{visible(each.file)}：已导入")
            continue
        lines.append(f"{visible(each.file)}：")
        lines += [f"  {_problem(problem)}" for problem in each.problems]
        if each.returned_copy:
            lines.append(f"  标红的退回稿：{Path(each.returned_copy).name}")
    return "\r\n".join(lines) + "\r\n"


def _problem(problem: Problem) -> str:
    place = "!".join(part for part in (problem.sheet, problem.ref) if part)
    return visible(" ".join(part for part in (problem.code, place, problem.message, problem.fix) if part))


def _tell(night: Night, left: Sequence[LeftAlone], memory: Memory) -> frozenset[Path]:
    """Log what is left alone, once; the answer is what people have not heard of."""
    news = set()
    for each in left:
        seen = memory.get(each.path.name)
        if seen and seen.told != each.why:
            night.log.write("left_alone", file=each.name, why=each.why)
            memory[each.path.name] = seen._replace(told=each.why)
            if not each.routine:
                news.add(each.path)
    write_memory(night.workspace, memory)
    return frozenset(news)


def _short_of_room(night: Night, file: Waiting) -> str:
    """Why there is too little room to take in a file; empty if there is enough. A smaller one may still find its."""
    free = shutil.disk_usage(night.workspace.var).free
    read = file.stamp.size if file.stamp.size <= FILE_BYTES else 0  # a larger one goes back unread
    needed = _ROOM * read + _SPARE
    return "" if free >= needed else f"磁盘只剩 {free >> 20} 兆，约需 {(needed >> 20) + 1} 兆"


def _going_on(workspace: Workspace) -> str:
    beat = read_heartbeat(workspace)
    since = f"（{beat.started:%H:%M} 开始）" if beat and beat.result == "running" else ""
    return f"另一个 zyz run 正在运行{since}，本次不再运行。"


def _clock_warnings(before: Heartbeat | None, started: datetime) -> list[str]:
    if before is None or before.started <= started:
        return []
    return [f"现在的系统时间 {started:%Y-%m-%d %H:%M} 早于上次运行的 {before.started:%Y-%m-%d %H:%M}，请校准时钟。"]


def _says(error: BaseException) -> str:
    if isinstance(error, Stop):
        return str(error)
    if isinstance(error, OSError) and error.errno:
        return str(refused(error))
    return f"程序出错：{type(error).__name__}: {error}" if isinstance(error, Exception) else "运行被中断。"


def _details(error: BaseException) -> str:
    """The traceback, which only the log keeps."""
    return "".join(traceback.format_exception(error))
