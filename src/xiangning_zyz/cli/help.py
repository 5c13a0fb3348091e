"""Help pages in Chinese, aligned by the width that Chinese characters take."""

import shutil
from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

from typer.core import TyperCommand

from xiangning_zyz.report.listing import folded
from xiangning_zyz.report.visible import width

_LEAD = "  "


class ChineseCommand(TyperCommand):
    """A command whose `--help` is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # Typer keeps click's types private, hence Any
        help_option = self.get_help_option(ctx)
        if help_option is not None:
            help_option.help = "显示本说明"
        arguments, options = [], []
        parameters: list[Any] = list(self.get_params(ctx))
        for parameter in parameters:
            if parameter.param_type_name == "argument":
                arguments.append((parameter.make_metavar(ctx), parameter.help or ""))
            elif not parameter.hidden:
                must = "（必填）" if parameter.required else ""
                options.append((_spelling(parameter, ctx), (parameter.help or "") + must))
        usage = " ".join([f"用法：{ctx.command_path}", *(name for name, _ in arguments), "[选项]"])
        parts = [usage + "\n", "\n".join(_LEAD + line for line in cleandoc(self.help or "").splitlines()) + "\n"]
        if any(says for _, says in arguments):
            parts.append("参数：\n" + _two_columns(arguments))
        parts.append("选项：\n" + _two_columns(options))
        formatter.write("\n".join(parts))


def group_help(commands: Mapping[str, str]) -> str:
    """The page of `zyz --help`: every command and what it does, without importing any."""
    says = "专业镇工作台账工具：导入部门报表，查看目标进度和差距，记录数字来路。"
    return _group_page(
        "zyz", says, commands, [("--version", "显示版本"), ("--install-completion", "为所用的命令行安装补全")]
    )


def subgroup_help(path: str, says: str, commands: Mapping[str, str]) -> str:
    """The page of a group of commands such as `zyz issue`."""
    return _group_page(path, says, commands, [])


def _group_page(path: str, says: str, commands: Mapping[str, str], options: list[tuple[str, str]]) -> str:
    options = [*options, ("--help", f"显示本说明；{path} 命令 --help 显示该命令的用法")]
    return (
        f"用法：{path} 命令 [参数] [选项]\n\n"
        f"{_LEAD}{says}\n\n"
        f"命令：\n{_two_columns(list(commands.items()))}\n"
        f"选项：\n{_two_columns(options)}"
    )


def _spelling(parameter: Any, ctx: Any) -> str:
    names = ", ".join(sorted(parameter.opts, key=len))
    return names if parameter.is_flag else f"{names} {parameter.make_metavar(ctx)}"


def _two_columns(rows: list[tuple[str, str]]) -> str:
    left = max(width(name) for name, _ in rows)
    room = max(shutil.get_terminal_size().columns - left - 2 * len(_LEAD), 20)
    lines = []
    for name, says in rows:
        first, *rest = folded(says, room)
        lines.append(f"{_LEAD}{name}{' ' * (left - width(name))}{_LEAD}{first}".rstrip())
        lines += [" " * (left + 2 * len(_LEAD)) + line for line in rest]
    return "\n".join(lines) + "\n"
