"""The options that every command takes after its name, added in one place (CONTRACT §5).

    @command(PRINTS, READS)
    def status(desk: Desk, fail_on: …) -> int: …

becomes a function that Typer sees with `fail_on`, `--home`, `-q`, `-v`, `--no-color`, `--debug`,
`--format`, `-o`, `--as-of` and `--known-at`, and that calls the body with one Desk.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

from typer import Option

from xiangning_zyz.cli.desk import Desk, day_of, end_of_moment
from xiangning_zyz.cli.screen import Format

_Option = tuple[str, Any, Any]  # name, annotation, default

COMMON: tuple[_Option, ...] = (
    (
        "home",
        Annotated[Path | None, Option("--home", metavar="文件夹", help="工作区；不写则按 ZYZ_HOME 或当前文件夹查找")],
        None,
    ),
    ("quiet", Annotated[bool, Option("--quiet", "-q", help="不显示提示文字")], False),
    ("verbose", Annotated[bool, Option("--verbose", "-v", help="显示更多提示文字")], False),
    ("no_color", Annotated[bool, Option("--no-color", help="不用颜色")], False),
    ("debug", Annotated[bool, Option("--debug", help="出错时显示程序细节")], False),
)
PRINTS: tuple[_Option, ...] = (
    ("form", Annotated[Format, Option("--format", metavar="格式", help="table、plain、json、csv 或 md")], "table"),
    ("output", Annotated[Path | None, Option("--output", "-o", metavar="文件", help="写入文件，不在屏幕显示")], None),
)
READS: tuple[_Option, ...] = (
    ("as_of", Annotated[str | None, Option("--as-of", metavar="日期", help="按哪一天判断，默认今天")], None),
    (
        "known_at",
        Annotated[str | None, Option("--known-at", metavar="时间", help="只看该时刻以前记入台账的内容")],
        None,
    ),
)


def command(*groups: tuple[_Option, ...]) -> Callable[[Callable[..., int | None]], Callable[..., int]]:
    """Make a command of a body that takes a Desk first; *groups* add PRINTS and READS to COMMON."""
    options = [option for group in (*groups, COMMON) for option in group]

    def dress(body: Callable[..., int | None]) -> Callable[..., int]:
        own = list(inspect.signature(body).parameters.values())[1:]
        common = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, annotation, default in options
        ]

        @wraps(body)
        def run(**given: Any) -> int:
            common_values = {name: given.pop(name) for name, _, _ in options}
            return body(_desk(common_values), **given) or 0

        run.__signature__ = inspect.Signature([*own, *common])  # type: ignore[attr-defined]  # read by inspect.signature
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in [*own, *common]}
        return run

    return dress


def _desk(values: dict[str, Any]) -> Desk:
    values.pop("debug")  # read from the arguments where exceptions are caught: parsing itself may fail
    as_of, known_at = values.pop("as_of", None), values.pop("known_at", None)
    return Desk(
        **values,
        as_of=day_of(as_of, "--as-of") if as_of else None,
        known_at=end_of_moment(known_at, "--known-at") if known_at else None,
    )
