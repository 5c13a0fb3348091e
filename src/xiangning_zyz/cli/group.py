"""A group of commands below `zyz`, such as `zyz issue add`, with help and usage errors in Chinese."""

from collections.abc import Callable, Mapping
from typing import Any

import typer
from typer.core import TyperGroup

from xiangning_zyz.cli.help import ChineseCommand, subgroup_help
from xiangning_zyz.cli.screen import put_text
from xiangning_zyz.cli.usage import unknown_command


class _Group(TyperGroup):
    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # Typer keeps click's types private, hence Any
        if cmd_name not in self.commands:
            raise unknown_command(cmd_name, self.commands, ctx.command_path)
        return self.commands[cmd_name]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        commands = {name: str(command.help).partition("。")[0] for name, command in self.commands.items()}
        formatter.write(subgroup_help(ctx.command_path, self.help or "", commands))


def group(name: str, says: str, bodies: Mapping[str, Callable[..., int]]) -> typer.Typer:
    """A group called *name*; each body's docstring is its help, up to the first 。 its line in the list."""
    made = typer.Typer(
        name=name, help=says, cls=_Group, add_completion=False, rich_markup_mode=None, suggest_commands=False
    )
    for command, body in bodies.items():
        made.command(command, cls=ChineseCommand, help=body.__doc__)(body)
    made.callback(invoke_without_command=True)(_show_help)
    return made


def _show_help(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        put_text(context.get_help().rstrip() + "\n")
