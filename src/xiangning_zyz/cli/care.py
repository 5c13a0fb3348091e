"""Commands that look after a workspace: doctor, backup, restore, forget."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from xiangning_zyz.cli.command import PRINTS, command
from xiangning_zyz.cli.desk import Desk, day_of, now
from xiangning_zyz.cli.screen import put_text
from xiangning_zyz.cli.usage import wrong
from xiangning_zyz.report.listing import Field, Listing, Tone

_STATE: dict[str, tuple[str, Tone]] = {"good": ("正常", "good"), "advice": ("建议", "warn"), "due": ("须处理", "bad")}


@command(PRINTS)
def doctor(
    desk: Desk,
    as_of: Annotated[str | None, Option("--as-of", metavar="日期", help="按哪一天判断，默认今天")] = None,
) -> int:
    """体检：版本、空间、定时运行、上次成功、备份、节假日表、字体。有须处理的，退出码为 1。"""
    from xiangning_zyz.jobs.doctor import examine

    moment = now()
    findings = examine(desk.workspace, day_of(as_of, "--as-of") if as_of else moment.date(), moment)
    rows = tuple(
        (Field(*_STATE[each.state]), each.what, each.found, each.do)
        for each in sorted(findings, key=lambda each: list(_STATE)[::-1].index(each.state))
    )
    listing = Listing("体检", ("结论", "项目", "情况", "怎样办"), rows)
    desk.put((listing,), {"schema": "zyz/doctor@1", "findings": [each._asdict() for each in findings]})
    return 1 if any(each.state == "due" for each in findings) else 0


@command()
def backup(
    desk: Desk,
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="文件夹", help="写到哪里，最好在另一块磁盘；默认 var/backup")
    ] = None,
) -> int:
    """备份台账库、方案数据和全部归档文件，写成一个带日期和校验值的 zip。备份时不必停止导入。"""
    from xiangning_zyz.jobs.backup import back_up

    workspace = desk.workspace
    made = back_up(workspace, output or workspace.backups, now())
    size = f"{max(made.size / 2**20, 0.1):.1f} 兆"
    desk.say(f"已备份：{made.path}（{made.files} 个文件，{size}，台账 {made.entries} 笔），已逐字节复读核对。")
    if output is None:
        desk.say("备份与台账在同一块磁盘上，请再复制一份到别处。")
    if (workspace.data / "contacts.yaml").exists():
        desk.say("备份中有联络员电话，请妥善保管。")
    if made.faults:
        put_text("".join(f"{fault}\n" for fault in made.faults))
        desk.say("备份前核对发现上列问题，已照原样备份；请先从更早的备份中找回。")
    return 1 if made.faults else 0


@command()
def restore(
    desk: Desk,
    file: Annotated[Path, Argument(metavar="备份文件", help="zyz backup 生成的 zip")],
    into: Annotated[Path, Option("--into", metavar="文件夹", help="恢复到哪个空文件夹")],
) -> int:
    """从备份恢复到一个空文件夹，恢复前逐个文件核对。原来的工作区不动。"""
    from xiangning_zyz.jobs.backup import restore as put_back

    if not file.is_file():
        raise wrong(f"备份文件 {file} 不存在，或不是文件。")
    put = put_back(file, into)
    if put.faults:
        put_text("".join(f"{fault}\n" for fault in put.faults))
        desk.say(f"已恢复到 {put.workspace.home}，与备份一致；上列问题备份时已有，请先从更早的备份中找回。")
    else:
        desk.say(f"已恢复到 {put.workspace.home}，核对无误：{put.imports} 份报表及其原文件均完好。")
    desk.say("收件夹中尚未处理的文件、退回稿和报告不在备份中；定时运行请用 zyz schedule 重新设置。")
    return 1 if put.faults else 0


@command()
def forget(
    desk: Desk,
    before: Annotated[str, Option("--before", metavar="日期", help="这一天以前收到的；保管须满10年")],
    reason: Annotated[str, Option("--reason", metavar="原因", help="依据什么销毁，记入台账")],
    by: Annotated[str, Option("--by", metavar="批准人", help="谁批准销毁")],
) -> None:
    """销毁保管期满的原始报表文件。数据、报送单位和文件校验值仍在台账中，销毁本身也记入台账。"""
    from xiangning_zyz.jobs.retention import forget as destroy

    if not reason.strip() or not by.strip():
        raise wrong("--reason 和 --by 不能为空。")
    with desk.ledger(desk.plan(), create=True) as ledger:
        gone = destroy(desk.workspace, ledger, day_of(before, "--before"), reason.strip(), by.strip(), now())
    if not gone:
        desk.say(f"{before} 以前没有可以销毁的原始文件。")
        return
    desk.say(f"已销毁 {gone} 个原始文件，并记入台账。备份中的副本请另行销毁。")
