"""The `demo` command: what an office does in a month, in one go, on sample data."""

from xiangning_zyz.cli.command import command
from xiangning_zyz.cli.desk import Desk, now
from xiangning_zyz.cli.screen import put_text


@command()
def demo(desk: Desk) -> None:
    """在临时工作区用示例数据演示：导入、目标进度、差距、数字来路、退回稿。"""
    from xiangning_zyz.analysis.gap import gap
    from xiangning_zyz.analysis.lights import rule_words
    from xiangning_zyz.analysis.status import status
    from xiangning_zyz.intake.facts.statement import Given
    from xiangning_zyz.jobs.demo import DAY, demo_workspace, samples
    from xiangning_zyz.jobs.imports import Wish, import_files
    from xiangning_zyz.jobs.judging import known_in
    from xiangning_zyz.report.gap import gap_listings
    from xiangning_zyz.report.goals import status_listings
    from xiangning_zyz.report.receipt import FileReceipt, Receipt, receipt_listings
    from xiangning_zyz.report.records import trace_listing

    workspace = demo_workspace()
    desk = desk._replace(home=workspace.home, as_of=DAY)
    plan = desk.plan()
    put_text(f"示例数据，仅供演示，不是乡宁县的实际数据。\n临时工作区：{workspace.home}（看完可删除）\n")
    with desk.ledger(plan, create=True) as ledger:
        receipts: list[FileReceipt] = []
        for sample in samples():
            wish = Wish(Given(), sample.received, now())
            receipts += import_files(workspace, plan, ledger, [sample.path], wish, lambda _: None).files
        known = known_in(ledger, None)
        history = ledger.history("output_value", None)
    output = plan.indicator("output_value")

    _step("zyz import 部门报表/")
    receipt = Receipt(dry_run=False, files=tuple(receipts))
    desk.put(receipt_listings(receipt, plan, facts=False), None)
    _step(f"zyz status --as-of {DAY}")
    desk.put(status_listings(status(plan, known, DAY)), None)
    _step(f"zyz gap output_value --as-of {DAY}")
    desk.put(gap_listings(plan, [gap(plan, output, known, DAY)], rule_words(plan.rules)), None)
    _step("zyz trace output_value")
    desk.put((trace_listing(plan, output.id, None, history),), None)
    for file in receipts:
        if file.returned_copy is not None:
            put_text(f"\n退回稿（标红、批注、反馈意见）：{file.returned_copy}\n")
    put_text(f"\n接着可以试：zyz status --home {workspace.home} --as-of {DAY} --format json\n")


def _step(command_line: str) -> None:
    put_text(f"\n$ {command_line}\n")
