"""Commands for unattended work: run, schedule."""

from collections import Counter
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from xiangning_zyz.cli.command import command
from xiangning_zyz.cli.desk import Desk, day_of, now
from xiangning_zyz.cli.group import group
from xiangning_zyz.cli.screen import put_text
from xiangning_zyz.cli.usage import wrong
from xiangning_zyz.report.visible import visible

if TYPE_CHECKING:
    from xiangning_zyz.jobs.run import Cycle
    from xiangning_zyz.jobs.schedule import Job

_At = Annotated[str, Option("--at", metavar="时刻", help="每天几点运行（北京时间）")]
_NIGHT = "02:30"
_LONGEST_PAUSE = 3600
_WORDS = {
    "imported": "已导入",
    "partial": "部分导入",
    "unchanged": "与台账一致",
    "returned": "退回",
    "failed": "无法读取",
}


@command()
def run(
    desk: Desk,
    as_of: Annotated[str | None, Option("--as-of", metavar="日期", help="按哪一天办理，默认今天")] = None,
    pause: Annotated[float, Option("--settle", metavar="秒", help="文件多久没有变化才算传完")] = 5.0,
) -> int:
    """无人值守运行一次：收件夹逐份导入、归档或退回，催报，写报告。没有需要人过问的事就不出声。"""
    from xiangning_zyz.jobs.run import Order
    from xiangning_zyz.jobs.run import run as cycle_of

    if not 0 <= pause <= _LONGEST_PAUSE:  # nor what is no number
        raise wrong(f"--settle 应为0到{_LONGEST_PAUSE}秒。")
    order = Order(now, day_of(as_of, "--as-of") if as_of else None, pause)
    cycle = cycle_of(desk.workspace, order)
    if desk.verbose or (cycle.worth_a_word and not desk.quiet):
        put_text(_summary(cycle, everything=desk.verbose))
    if cycle.stop:
        raise cycle.stop
    if cycle.failures:
        return 3
    return 1 if cycle.refused else 0


def _summary(cycle: "Cycle", *, everything: bool) -> str:
    """What the person who reads the mail of cron should know; *everything* also names what needs no one."""
    counts = Counter(each.status for taken in cycle.taken for each in taken.receipts)
    said = [f"{_WORDS[status]} {count} 份" for status, count in counts.items()]
    lines = [f"{cycle.day} 收件夹处理 {len(cycle.taken)} 个文件：{'，'.join(said) or '没有报表'}。"]
    lines += [f"注意：{each}" for each in (*cycle.warnings, *cycle.failures)]
    for taken in cycle.taken:
        if taken.note:
            lines.append(f"退回：{taken.name}，说明见 {taken.note}")
        elif taken.stays:
            lines.append(f"留在收件夹：{taken.name}，{taken.stays}")
        elif everything:
            lines.append(f"已处理：{taken.name}")
    lines += [f"留在收件夹：{each.name}，{each.why}。" for each in cycle.left if everything or each.path in cycle.news]
    lines += [f"{each}。" for each in cycle.written]
    return "".join(f"{visible(line)}\n" for line in lines)


def show(
    desk: Desk,
    at: _At = _NIGHT,
) -> None:
    """显示定时运行的写法：cron、systemd、Windows 任务计划程序。"""
    from xiangning_zyz.jobs.schedule import lines_for

    job = _job(desk, at)
    lines = lines_for(job)
    units = Path("~") / ".config" / "systemd" / "user"
    put_text(
        f"# 一、cron（zyz schedule install 会替您写入）\n{lines.cron}\n"
        f"# 二、systemd 用户定时器：存成下面两个文件，再运行\n"
        f"#   systemctl --user enable --now {lines.name}.timer\n"
        f"#   loginctl enable-linger        （没有人登录时也运行）\n"
        f"# {(units / lines.name).as_posix()}.service\n{lines.service}\n"
        f"# {(units / lines.name).as_posix()}.timer\n{lines.timer}\n"
        f"# 三、Windows 任务计划程序：在命令提示符中运行下面一行；去掉任务：schtasks /Delete /TN {lines.name}\n"
        f"{lines.windows}\n"
    )
    desk.say(f"每天北京时间 {job.at:%H:%M}，即本机时间 {job.local:%H:%M}。")
    _say_if_it_wanders(desk, job)


def install(desk: Desk, at: _At = _NIGHT) -> None:
    """把定时运行写入本用户的 crontab。只动带 zyz 标记的行，其他行不变。"""
    from xiangning_zyz.jobs.schedule import install as write

    job = _job(desk, at)
    write(job)
    desk.say(f"已写入 crontab：每天北京时间 {job.at:%H:%M} 运行。取消用 zyz schedule remove。")
    _say_if_it_wanders(desk, job)


def remove(desk: Desk) -> int:
    """从本用户的 crontab 中去掉本工作区的定时运行，其他行不变。"""
    from xiangning_zyz.jobs.schedule import remove as take_out

    if take_out(desk.workspace.home):
        desk.say("已从 crontab 中去掉。")
        return 0
    desk.say("crontab 中没有本工作区的定时运行，未作改动。")
    return 1


def _say_if_it_wanders(desk: Desk, job: "Job") -> None:
    if job.wanders:
        desk.say("本机时区有夏令时，cron 和 Windows 的运行时刻一年中有几个月差一小时；systemd 不受影响。")


def _job(desk: Desk, at: str) -> "Job":
    from xiangning_zyz.jobs.schedule import job_at

    try:
        moment = time.fromisoformat(at)
    except ValueError:
        raise wrong(f"--at 应为时刻，如 02:30，不能是“{at}”。") from None
    return job_at(desk.workspace.home, moment, now(), None)


schedule = group(
    "schedule",
    "定时运行：每晚自动执行 zyz run。",
    {"show": command()(show), "install": command()(install), "remove": command()(remove)},
)
