"""Commands that take sheets in and hand them out: import, inspect, template."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from xiangning_zyz.cli.command import PRINTS, command
from xiangning_zyz.cli.desk import Desk, day_of, now
from xiangning_zyz.cli.usage import UsageError, wrong
from xiangning_zyz.period import Period
from xiangning_zyz.stop import Stop

if TYPE_CHECKING:
    from xiangning_zyz.jobs.imports import Wish
    from xiangning_zyz.plan import Plan
    from xiangning_zyz.problem import Problem
    from xiangning_zyz.report.listing import Listing
    from xiangning_zyz.report.receipt import FileReceipt, Receipt

_NOT_REPORTS = ("~$", ".~lock.", ".")  # lock files of Excel and LibreOffice, hidden files


@command(PRINTS)
def import_(
    desk: Desk,
    files: Annotated[list[Path], Argument(metavar="文件|文件夹...", help="部门报表；文件夹则导入其中全部文件")],
    dry_run: Annotated[bool, Option("--dry-run", help="只检查，不写入台账")] = False,
    period: Annotated[str | None, Option("--period", metavar="报告期", help="表中没写报告期时补充，如 2024-06")] = None,
    department: Annotated[str | None, Option("--department", metavar="部门", help="表中没写填报单位时补充")] = None,
    received: Annotated[str | None, Option("--received", metavar="日期", help="收到日，默认今天；用于判断迟报")] = None,
    partial: Annotated[bool, Option("--partial", help="有错时先收下无误的数据，其余退回")] = False,
) -> int:
    """导入部门报表。有错的整表退回，一次列出全部问题，并生成标红的退回稿。"""
    from xiangning_zyz.jobs.workers import workers_for

    moment = now()
    paths = list(_workbooks(files))
    with workers_for(len(paths)) as crew:  # starting up while the rest is loaded
        from xiangning_zyz.intake.facts.statement import Given
        from xiangning_zyz.jobs.imports import Wish, import_files
        from xiangning_zyz.jobs.plans import find_department
        from xiangning_zyz.jobs.remembering import remember, watch
        from xiangning_zyz.report.receipt import Receipt

        seen = None if dry_run else watch(sys.argv[1:], desk.workspace, files, moment, moment)
        plan = desk.plan(keep=not dry_run)
        given = Given(find_department(plan, department) if department else None, period_of(period))
        day = day_of(received, "--received") if received else moment.date()
        listed = desk.verbose or dry_run or desk.form == "json"
        wish = Wish(given, day, moment, dry_run=dry_run, partial=partial, listing=listed)
        kept: list[FileReceipt] = []
        try:
            with (
                desk.ledger(plan, create=not dry_run) as ledger,
                _progress(kept, len(paths), shown=not desk.quiet) as step,
            ):
                receipt = import_files(desk.workspace, plan, ledger, paths, wish, step, crew)
        except (Stop, OSError, KeyboardInterrupt):
            if kept:  # the rest was not taken in; of these, people must know what became of them
                desk.put(*_answer(desk, plan, Receipt(dry_run, tuple(kept))))
            raise
    desk.put(*_answer(desk, plan, receipt))
    for file in receipt.files:
        if file.returned_copy is not None:
            desk.say(f"退回稿：{file.returned_copy}")
    if not receipt.accepted:
        return 1
    if receipt.unchanged and seen is not None:
        remember(seen, desk.printed(*_answer(desk, plan, receipt)))
    elif not receipt.unchanged and not dry_run:
        _remember_next(desk, files, wish, plan, receipt)
    return 0


def _remember_next(desk: Desk, files: list[Path], wish: "Wish", used: "Plan", done: "Receipt") -> None:
    """Remember what the same command will print next, if all that was imported will then be unchanged.

    All is looked for anew: plan and folder may have changed in the meantime. This run has imported, and
    said so; whatever is wrong by now is for the next one to tell.
    """
    from xiangning_zyz.jobs.remembering import foresee, remember, watch

    with suppress(Stop, UsageError, OSError):
        seen = watch(sys.argv[1:], desk.workspace, files, wish.recorded_at, now())
        if seen is None:
            return
        plan = desk.plan(keep=False)
        receipt = foresee(desk.workspace, plan, list(_workbooks(files)), wish, done) if plan.hash == used.hash else None
        if receipt is not None and receipt.unchanged:
            remember(seen, desk.printed(*_answer(desk, plan, receipt)))


def _answer(desk: Desk, plan: "Plan", receipt: "Receipt") -> "tuple[Sequence[Listing], object]":
    """What is said of an import, in the one form that was asked for."""
    from xiangning_zyz.report.receipt import receipt_json, receipt_listings

    if desk.form == "json":
        return (), receipt_json(receipt)
    return receipt_listings(receipt, plan, facts=desk.verbose or receipt.dry_run), None


@command(PRINTS)
def inspect(desk: Desk, file: Annotated[Path, Argument(metavar="文件", help="任意电子表格")]) -> int:
    """查看从一个表格里读到了什么：表、表头、行名、数字、单位、报告期。不需要方案。"""
    from xiangning_zyz.intake.tables.inspect import inspected
    from xiangning_zyz.jobs.inspection import books_of, every_value, opening_values

    if not file.is_file():
        raise wrong(f"文件 {file} 不存在。")
    problems: list[Problem] = []
    books = books_of(file, problems)
    match desk.form:
        case "json":
            desk.put((), inspected(books))
        case "table":
            desk.put(opening_values(books), None)
        case _:
            desk.put(every_value(books), None)
    for problem in problems:
        desk.say(f"{problem.file}：{problem.message}。{problem.fix}")
    return 1 if problems else 0


@command()
def template(
    desk: Desk,
    period: Annotated[str, Option("--period", metavar="报告期", help="如 2024-06")],
    output: Annotated[Path, Option("--output", "-o", metavar="文件夹", help="模板写到哪里")],
    department: Annotated[str | None, Option("--department", metavar="部门", help="只为一个部门生成")] = None,
    every: Annotated[bool, Option("--all", help="为每个部门生成一份")] = False,
) -> None:
    """生成填报模板：每个部门一个文件，预填上期内容。"""
    from xiangning_zyz.jobs.plans import find_department
    from xiangning_zyz.jobs.templates import write_templates

    if (department is None) == (not every):
        raise wrong("请用 --department 指明一个部门，或用 --all 为全部部门生成。")
    plan = desk.plan()
    wanted = None if department is None else find_department(plan, department)
    asked = period_of(period)
    if asked is None:
        raise wrong("--period 不能为空。")
    with desk.ledger(plan) as ledger:
        written = write_templates(plan, ledger, asked, wanted, output, desk.day)
    if not written:
        desk.say(f"{wanted or '各部门'}{asked.label}没有需要填报的内容，未生成模板。")
        return
    desk.say(f"已生成 {len(written)} 份模板，在 {output}。")


def period_of(text: str | None) -> Period | None:
    """Read a period given on the command line; usage error otherwise."""
    if text is None:
        return None
    try:
        return Period.parse(text)
    except ValueError:
        raise wrong(f"报告期“{text}”写法不对，应如 2024-06、2024-Q2、2024-H1、2024。") from None


def _workbooks(given: list[Path]) -> Iterator[Path]:
    """The files to import: those named, and all in named folders but lock files and hidden ones."""
    for path in given:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders.sort()
                yield from (Path(folder, name) for name in sorted(names) if not name.startswith(_NOT_REPORTS))
        elif path.exists():
            yield path
        else:
            raise wrong(f"文件 {path} 不存在。")


@contextmanager
def _progress(kept: "list[FileReceipt]", total: int, *, shown: bool) -> "Iterator[Callable[[FileReceipt], None]]":
    """Collects what is done, with a progress bar on a terminal when there is more than a handful of files."""
    if not shown or total < 10 or not sys.stderr.isatty():
        yield kept.append
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("导入", total=total)

        def step(file: "FileReceipt") -> None:
            kept.append(file)
            bar.advance(task)

        yield step
