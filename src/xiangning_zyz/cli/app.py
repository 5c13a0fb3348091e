"""`zyz`: the table of commands, each loaded when it is called, and the way every run ends.

Exit codes are CONTRACT §5's: 0 done, 1 the answer is no, 2 usage, 3 could not run, 75 try again,
130/143/141 on Ctrl-C, SIGTERM and a closed pipe. A user never sees a traceback.
"""

import _thread
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from time import sleep
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from xiangning_zyz import __version__
from xiangning_zyz.cli.help import ChineseCommand, group_help
from xiangning_zyz.cli.screen import ClosedPipe, put_text, say
from xiangning_zyz.cli.usage import UsageError, unknown_command, usage_message
from xiangning_zyz.stop import Stop, refused

# name → (module of `cli`, function, what `zyz --help` says). The module is imported when called.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("plans", "init", "建立新工作区"),
    "demo": ("demo", "demo", "在临时工作区用示例数据演示一遍"),
    "check": ("plans", "check", "检查方案数据（YAML）"),
    "schema": ("plans", "schema", "输出 JSON Schema，供编辑器使用"),
    "status": ("status", "status", "各项目标完成到什么程度"),
    "gap": ("goals", "gap", "差距分析"),
    "judge": ("decisions", "judge", "记录对定性目标的评判"),
    "resolve": ("decisions", "resolve", "数据有冲突时确定以哪家为准"),
    "explain": ("goals", "explain", "一项指标是怎样算出来的"),
    "trace": ("records", "trace", "一个数字的来路：文件、表、单元格、单位、时间"),
    "import": ("intake", "import_", "导入部门报表"),
    "inspect": ("intake", "inspect", "查看从一个表格里读到了什么"),
    "imports": ("records", "imports", "已导入的报表"),
    "undo": ("records", "undo", "撤回一次导入（留痕，不删除）"),
    "template": ("intake", "template", "生成填报模板"),
    "matrix": ("plans", "matrix", "任务与责任部门对照"),
    "department": ("plans", "department", "一个部门的全部职责"),
    "due": ("supervision", "due", "谁该报什么、何时截止、报了没有"),
    "remind": ("supervision", "remind", "催报：电话清单和催报函"),
    "tasks": ("plans", "tasks", "任务清单"),
    "projects": ("plans", "projects", "重点项目清单"),
    "enterprises": ("enterprises", "enterprises", "企业名录"),
    "score": ("assessment", "score", "评分（内部参考，不作为考核结果）"),
    "objection": ("assessment", "objection", "单位对评分的异议和复核"),
    "approve": ("assessment", "approve", "记录谁批准了什么"),
    "issue": ("issues", "issue", "问题台账：登记、交办、延期、销号"),
    "report": ("reports", "report", "通报、简报、附表、看板"),
    "export": ("records", "export", "导出全部数据（xlsx 或 csv）"),
    "verify": ("records", "verify", "核对台账库与归档文件"),
    "run": ("run", "run", "无人值守运行一次：收件夹、催报、报告"),
    "doctor": ("care", "doctor", "体检：版本、空间、上次运行、备份等"),
    "backup": ("care", "backup", "备份台账、方案和归档文件"),
    "restore": ("care", "restore", "从备份恢复到空文件夹"),
    "forget": ("care", "forget", "销毁保管期满的原始文件（留痕）"),
    "schedule": ("run", "schedule", "定时运行：cron、systemd、Windows"),
}

_USAGE = 2
_INTERRUPTED, _BROKEN_PIPE, _TERMINATED = 130, 141, 143


class Commands(TyperGroup):
    """The group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # Typer keeps click's Context private, hence Any
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        del ctx
        if cmd_name not in COMMANDS:
            raise unknown_command(cmd_name, COMMANDS)
        module, function, says = COMMANDS[cmd_name]
        body = getattr(import_module(f"xiangning_zyz.cli.{module}"), function)
        if isinstance(body, typer.Typer):  # a group of commands
            return typer.main.get_command(body)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name, cls=ChineseCommand, help=body.__doc__ or says)(body)
        return typer.main.get_command(single)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        del ctx
        formatter.write(group_help({name: says for name, (_, _, says) in COMMANDS.items()}))


app = typer.Typer(cls=Commands, rich_markup_mode=None)


def _print_version(asked: bool) -> None:
    if asked:
        put_text(f"zyz {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def zyz(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="显示版本")
    ] = False,
) -> None:
    """专业镇工作台账工具。"""
    del version  # its callback has printed it
    if context.invoked_subcommand is None:
        put_text(context.get_help())


def run(arguments: list[str]) -> int:
    """Run `zyz` with *arguments*; the exit code. The only place where exceptions become codes."""
    signal.signal(signal.SIGTERM, _on_terminate)
    sys.unraisablehook = _on_unraisable
    try:
        code = typer.main.get_command(app).main(arguments, prog_name="zyz", standalone_mode=False)
    except UsageError as error:
        say(usage_message(error))
        return _USAGE
    except Stop as stop:
        say(str(stop))
        return stop.code
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except _Terminated:
        return _TERMINATED
    except ClosedPipe:
        return output_failed(BrokenPipeError(), arguments)
    except Exception as error:  # whatever is left is explained, never shown as a traceback
        if "--debug" in arguments:
            raise
        return _explain(error, arguments)
    return code if isinstance(code, int) else 0


def output_failed(error: OSError, arguments: list[str]) -> int:
    """Standard output took no more, its reader gone or the disk full: say so where it matters; the exit code."""
    if isinstance(error, BrokenPipeError):
        _forget_output()
        return _BROKEN_PIPE
    return _explain(error, arguments)


def _explain(error: Exception, arguments: list[str]) -> int:
    """Say what stopped the run, the system (a full disk, no permission) or a fault of ours; the exit code."""
    if isinstance(error, OSError) and error.errno:
        stop = refused(error)
        if error.filename is None:  # standard output, most likely
            _forget_output()
    else:
        from xiangning_zyz.cli.fault import keep_traceback

        where = "经过已记入 var/log/zyz.log" if keep_traceback(error, arguments) else "加 --debug 重新运行可看到经过"
        stop = Stop(f"程序出错：{type(error).__name__}: {error}。{where}，请交给维护人员。")
    say(str(stop))
    return stop.code


class _Terminated(BaseException):
    """SIGTERM arrived: unwind, so that transactions roll back and temporary files go."""


def _on_terminate(signal_number: int, frame: FrameType | None) -> None:
    del signal_number, frame
    raise _Terminated


def _on_unraisable(lost: "sys.UnraisableHookArgs") -> None:
    """Python swallows what is raised in a finalizer or weakref callback. If that was a wish to stop, repeat it."""
    stops = {KeyboardInterrupt: signal.SIGINT, _Terminated: signal.SIGTERM}
    number = stops.get(lost.exc_type)
    if number is None:
        sys.__unraisablehook__(lost)
    else:
        _thread.start_new_thread(_signal_soon, (number, _thread.get_ident()))


def _signal_soon(number: signal.Signals, thread: int) -> None:
    sleep(0.01)  # until *thread*, the main one, is out of there
    if sys.platform == "win32":
        _thread.interrupt_main(number)
    else:
        signal.pthread_kill(thread, number)  # wakes it from a read, too


def _forget_output() -> None:
    """Point standard output at nothing, so that the interpreter's last flush stays quiet."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
