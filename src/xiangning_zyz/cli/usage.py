"""Wrong usage, said in Chinese, with the nearest right word (exit code 2)."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from typer._click import exceptions as click  # Typer re-exports only BadParameter; its exceptions live here

UsageError = click.UsageError


def unknown_command(name: str, known: Iterable[str], path: str = "zyz") -> UsageError:
    """The error for a command that does not exist below *path*, with the nearest one that does."""
    return UsageError(f"没有“{name}”这个命令。{_nearest(name, known)}运行 {path} --help 查看全部命令。")


def wrong(message: str) -> UsageError:
    """A usage error of our own: *message* is Chinese and says what to do."""
    return UsageError(message)


def usage_message(error: Any) -> str:
    """What is wrong with the command line and where its help stands, on one or two lines."""
    match error:
        case click.NoSuchOption():
            said = f"没有“{error.option_name}”这个选项。{_nearest(error.option_name, error.possibilities or ())}"
        case click.MissingParameter():
            said = f"缺少{_named(error).rstrip()}。"
        case click.BadOptionUsage():
            said = f"选项 {error.option_name} 后面缺少值。"
        case click.BadParameter():
            said = f"{_named(error)}不对：{_value_sentences(error.message)}"
        case _:
            said = _known_sentences(error.message)
    where = error.ctx.command_path if error.ctx is not None else "zyz"
    return said if "--help" in said else f"{said}\n运行 {where} --help 查看用法。"


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"您是不是要用“{near[0]}”？" if near else ""


def _named(error: Any) -> str:
    if error.param is None:
        return "参数"
    if error.param.param_type_name == "option":
        return f"选项 {error.param.opts[-1]} "
    return f"参数“{error.param.make_metavar(error.ctx).strip('[]')}”"


def _value_sentences(message: str) -> str:
    """Typer's own sentences about a value in Chinese; ours pass through."""
    if choices := re.fullmatch(r"'(.*)' is not one of (.*)\.", message, re.DOTALL):
        return f"只能是 {choices[2].replace(chr(39), '').replace(', ', '、')}，不能是“{choices[1]}”。"
    if number := re.fullmatch(r"'(.*)' is not a valid (?:int|integer)\.", message, re.DOTALL):
        return f"应为整数，不能是“{number[1]}”。"
    return message


def _known_sentences(message: str) -> str:
    """Typer's own sentence for surplus arguments in Chinese; ours pass through."""
    surplus = re.fullmatch(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)\.?", message)
    return f"多余的参数：{surplus[1].strip()}。" if surplus else message
