"""Looking into the ledger: imports with their receipts, undo, verification of chain and files."""

import hashlib
from typing import NamedTuple

from xiangning_zyz.fact import Approval, Erasure, IssueEvent, Verdict
from xiangning_zyz.jobs.archive import archived
from xiangning_zyz.jobs.evidence import Evidence, evidence_fault
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import ImportRow, Ledger
from xiangning_zyz.report.listing import Field, Listing
from xiangning_zyz.report.visible import visible


class Check(NamedTuple):
    """What `zyz verify` found; `faults` is empty when every hash holds."""

    imports: int
    faults: tuple[str, ...]  # in Chinese, the first broken entry first; the same wherever the workspace lies


def verify(workspace: Workspace, ledger: Ledger) -> Check:
    """Recompute the hash chain, then the hash of every archived source file and piece of evidence."""
    broken = ledger.verify()
    if broken is not None:
        return Check(0, (f"台账第{broken.seq}号记录：{broken.what}",))
    rows = ledger.imports()
    erased = {number for each in ledger.decisions(Erasure) for number in each.what.imports}
    found = [_file_fault(workspace, row) for row in rows if row.import_id not in erased]
    found += [evidence_fault(workspace, each) for each in _attached(ledger)]
    return Check(len(rows), tuple(filter(None, found)))


def _attached(ledger: Ledger) -> list[Evidence]:
    """The evidence of every decision, each file once."""
    decided: list[Verdict | IssueEvent | Approval] = [
        *(each.what for each in ledger.decisions(Verdict)),
        *(each.what for each in ledger.decisions(IssueEvent)),
        *(each.what for each in ledger.decisions(Approval)),
    ]
    files = {each.evidence_sha256: each.evidence for each in decided if each.evidence_sha256}
    return [Evidence(name, sha256) for sha256, name in files.items()]


def _file_fault(workspace: Workspace, row: ImportRow) -> str:
    kept = archived(workspace, row.what.sha256, row.what.received)
    place, name = kept.relative_to(workspace.home).as_posix(), visible(row.what.file)
    if not kept.is_file():
        return f"第{row.import_id}号报表《{name}》的原文件不在归档中：{place}"
    with kept.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != row.what.sha256:
            return f"第{row.import_id}号报表《{name}》的原文件已被改动：{place}"
    return ""


def imports_json(rows: tuple[ImportRow, ...]) -> dict[str, object]:
    """`zyz/imports@1`, oldest first."""
    return {
        "schema": "zyz/imports@1",
        "imports": [
            {
                "import_id": row.import_id,
                "file": row.what.file,
                "sha256": row.what.sha256,
                "department": row.what.department,
                "periods": [str(period) for period in row.what.periods],
                "facts": row.facts,
                "received": row.what.received.isoformat(),
                "recorded_at": row.recorded_at.isoformat(),
                "status": row.what.status,
                "undone": row.undone,
                "undo_reason": row.undo.reason if row.undo else None,
            }
            for row in rows
        ],
    }


def imports_listing(rows: tuple[ImportRow, ...]) -> Listing:
    """Imports for people, oldest first."""
    lines = []
    for row in rows:
        state = f"已撤回：{row.undo.reason}" if row.undo else ("部分导入" if row.what.status == "partial" else "有效")
        lines.append(
            (
                str(row.import_id),
                row.what.file,
                row.what.department or "",
                "、".join(period.label for period in row.what.periods),
                str(row.facts),
                row.what.received.isoformat(),
                f"{row.recorded_at:%Y-%m-%d %H:%M}",
                Field(state, "dim" if row.undone else ""),
            )
        )
    heads = ("导入号", "文件", "填报单位", "报告期", "数据", "收到日", "记入时间", "状态")
    return Listing("已导入的报表", heads, tuple(lines), (), frozenset({0, 4}), empty="（还没有导入过报表）")
