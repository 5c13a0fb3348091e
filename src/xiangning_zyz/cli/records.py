"""Commands that look into the ledger: imports, undo, trace, verify, export."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from xiangning_zyz.cli.command import PRINTS, READS, command
from xiangning_zyz.cli.desk import Desk, now
from xiangning_zyz.cli.screen import put_text
from xiangning_zyz.cli.usage import wrong
from xiangning_zyz.period import Period


@command(PRINTS, READS)
def imports(
    desk: Desk,
    import_id: Annotated[int | None, Argument(metavar="[导入号]", help="只看这一份，连同回执上的提醒")] = None,
) -> None:
    """已导入的报表，从旧到新。-v 连同各份回执上的提醒。"""
    from xiangning_zyz.jobs.records import imports_json, imports_listings, one_import

    with desk.ledger(desk.plan()) as ledger:
        rows = ledger.imports(desk.known_at)
    if import_id is not None:
        rows = (one_import(rows, import_id),)
    desk.put(imports_listings(rows, receipts=desk.verbose or import_id is not None), imports_json(rows))


@command()
def undo(
    desk: Desk,
    import_id: Annotated[int, Argument(metavar="导入号", help="见 zyz imports")],
    reason: Annotated[str, Option("--reason", metavar="原因", help="为什么撤回，记入台账")],
    by: Annotated[str, Option("--by", metavar="经办", help="谁决定撤回")] = "专班办公室",
) -> None:
    """撤回一次导入：记一笔撤回，原记录保留，数据恢复到导入前。"""
    if not reason.strip():
        raise wrong("--reason 不能为空。")
    with desk.ledger(desk.plan(), create=True) as ledger, ledger.writing():
        ledger.append_undo(import_id, reason.strip(), by, now())
    desk.say(f"已撤回第{import_id}号报表，数据恢复到导入之前；原记录保留，可用 zyz imports {import_id} 查看。")


@command(PRINTS, READS)
def trace(
    desk: Desk,
    indicator: Annotated[str, Argument(metavar="指标[@报告期]", help="如 output_value@2024-06 或 产值")],
) -> None:
    """一个数字的来路：哪个文件、哪张表、哪一格、谁报的、何时记入，以及历次数值。"""
    from xiangning_zyz.jobs.plans import find_indicator
    from xiangning_zyz.jobs.records import choices_about
    from xiangning_zyz.report.records import trace_json, trace_listing

    plan = desk.plan()
    name, _, written = indicator.partition("@")
    id_ = find_indicator(plan, name)
    try:
        period = Period.parse(written).last_month if written else None
    except ValueError:
        raise wrong(f"报告期“{written}”写法不对，应如 2024-06、2024-Q2、2024-H1、2024。") from None
    with desk.ledger(plan) as ledger:
        history = ledger.history(id_, period, desk.known_at)
        choices = choices_about(ledger, id_, period, desk.known_at)
    desk.put((trace_listing(plan, id_, period, history, choices),), trace_json(plan, id_, period, history, choices))


@command()
def verify(desk: Desk) -> int:
    """核对台账库的每一笔记录和归档的每一个文件是否被改动。"""
    from xiangning_zyz.jobs.records import verify as check

    workspace = desk.workspace
    with desk.ledger(desk.plan()) as ledger:
        found = check(workspace, ledger)
    put_text("".join(f"{fault}\n" for fault in found.faults))
    desk.say(
        "核对发现问题，请保留现场，从最近的备份恢复。"
        if found.faults
        else f"核对无误：{found.imports} 份报表及其原文件均完好。"
    )
    return 1 if found.faults else 0


@command(READS)
def export(
    desk: Desk,
    output: Annotated[Path, Option("--output", "-o", metavar="文件", help="以 .csv 或 .xlsx 结尾")],
    wide: Annotated[bool, Option("--wide", help="另出透视表：报告期×指标、部门×报告期")] = False,
) -> None:
    """导出全部数据及来路：一行一个数字（csv 或 xlsx），--wide 为透视表。"""
    from xiangning_zyz.report.export import export_csv, export_xlsx

    if output.suffix.lower() not in (".csv", ".xlsx"):
        raise wrong("-o 应为 .csv 或 .xlsx 文件。")
    plan = desk.plan()
    with desk.ledger(plan) as ledger:
        facts = ledger.facts(desk.known_at)
    write = export_csv if output.suffix.lower() == ".csv" else export_xlsx
    write(plan, facts, output, wide=wide)
    desk.say(f"已导出 {len(facts)} 条数据到 {output}")
