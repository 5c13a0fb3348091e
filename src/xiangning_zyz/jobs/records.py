"""Looking into the ledger: imports with their receipts, undo, verification of chain and files."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from xiangning_zyz.fact import Approval, Erasure, IssueEvent, Resolution, Verdict
from xiangning_zyz.jobs.archive import archived
from xiangning_zyz.jobs.evidence import Evidence, evidence_fault
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import ImportRow, Ledger, NoSuchImport
from xiangning_zyz.period import Period
from xiangning_zyz.problem import Problem
from xiangning_zyz.report.listing import Field, Listing
from xiangning_zyz.report.receipt import problem_json, problem_listing
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


def choices_about(
    ledger: Ledger, indicator: str, period: Period | None, known_at: datetime | None = None
) -> tuple[Resolution, ...]:
    """The decisions that hold on whose figure of *indicator* counts, for one month or for all."""
    last = {
        (each.what.segment, each.what.period): each.what
        for each in ledger.decisions(Resolution, known_at)
        if each.what.indicator == indicator and period in (None, each.what.period.last_month)
    }
    return tuple(last.values())


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


def one_import(rows: tuple[ImportRow, ...], import_id: int) -> ImportRow:
    """The import of that number; NoSuchImport (exit 2) otherwise."""
    for row in rows:
        if row.import_id == import_id:
            return row
    raise NoSuchImport(import_id)


def imports_json(rows: Sequence[ImportRow]) -> dict[str, object]:
    """`zyz/imports@1`, oldest first; `problems` as the receipt told them to the sender."""
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
                "warnings": _warnings(row),
                "problems": [problem_json(problem) for problem in _problems(row)],
                "received": row.what.received.isoformat(),
                "recorded_at": row.recorded_at.isoformat(),
                "status": row.what.status,
                "undone": row.undone,
                "undo_reason": row.undo.reason if row.undo else None,
            }
            for row in rows
        ],
    }


def imports_listings(rows: Sequence[ImportRow], *, receipts: bool) -> tuple[Listing, ...]:
    """Imports for people, oldest first; with *receipts* also what each sender was told to mend or to look at."""
    lines = tuple(_import_line(row) for row in rows)
    problems = [problem for row in rows for problem in _problems(row)]
    notes = [f"第{row.import_id}号已撤回：{row.undo.reason}（{row.undo.by}）" for row in rows if row.undo]
    if problems and not receipts:
        notes.append("提醒的内容用 zyz imports -v 或 zyz imports 导入号 查看。")
    heads = ("导入号", "文件", "填报单位", "报告期", "数据", "提醒", "收到日", "记入时间", "状态")
    table = Listing("已导入的报表", heads, lines, tuple(notes), frozenset({0, 4, 5}), empty="（还没有导入过报表）")
    return (table, problem_listing(problems)) if receipts and problems else (table,)


def _import_line(row: ImportRow) -> tuple[str | Field, ...]:
    state = "撤回" if row.undo else ("部分" if row.what.status == "partial" else "有效")
    return (
        str(row.import_id),
        row.what.file,
        row.what.department or "",
        "、".join(period.label for period in row.what.periods),
        str(row.facts),
        str(_warnings(row) or ""),
        row.what.received.isoformat(),
        f"{row.recorded_at:%Y-%m-%d %H:%M}",
        Field(state, "dim" if row.undone else ""),
    )


def _warnings(row: ImportRow) -> int:
    return sum(problem.severity == "warning" for problem in _problems(row))


def _problems(row: ImportRow) -> list[Problem]:
    """The problems on the receipt, each with the import's number before its file: one name may come twice."""
    told = cast("list[dict[str, Any]]", row.what.receipt.get("problems", []))  # as `jobs/imports.py` recorded them
    return [Problem(file=f"{row.import_id} {row.what.file}", **problem) for problem in told]
