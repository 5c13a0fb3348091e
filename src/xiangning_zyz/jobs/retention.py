"""Destroying source files whose retention period is over. The ledger keeps their hashes, figures and senders.

统计法实施条例 art. 22: 原始 records are kept for at least 2 years, 汇总 ones for at least 10. A department's
sheet is a summary of its own records, hence 10 years; the office may keep them longer.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from xiangning_zyz.fact import Erasure
from xiangning_zyz.jobs.archive import archived
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.stop import Stop

YEARS = 10


class TooEarly(Stop):
    """The law wants these files to be kept."""

    code = 2  # wrong usage


def forget(workspace: Workspace, ledger: Ledger, before: date, why: str, by: str, recorded_at: datetime) -> int:
    """Destroy all source files received before *before*; how many files went. TooEarly within the retention period.

    It is recorded first, then done: killed in between, the same command again does the rest.
    """
    today = recorded_at.date()
    latest = today.replace(year=today.year - YEARS, day=min(today.day, 28))
    if before > latest:
        raise TooEarly(f"{before} 以后收到的报表保管不满{YEARS}年（统计法实施条例第二十二条），最晚可写 {latest}。")
    with ledger.writing():
        rows = ledger.imports()
        erased = {number for each in ledger.decisions(Erasure) for number in each.what.imports}
        over = [row.import_id for row in rows if row.what.received < before and row.import_id not in erased]
        if over:
            ledger.append_decision(Erasure(tuple(over), before, why, by), recorded_at)
    kept = {
        archived(workspace, row.what.sha256, row.what.received)
        for row in rows
        if row.import_id not in erased.union(over)
    }
    files = [path for path in _received_before(workspace, before) if path not in kept]
    files += [
        path
        for row in rows
        if row.import_id in erased.union(over)
        and (path := archived(workspace, row.what.sha256, row.what.received)) not in kept
        and path.is_file()
    ]
    for path in dict.fromkeys(files):
        path.unlink()
    return len(dict.fromkeys(files))


def _received_before(workspace: Workspace, before: date) -> Iterator[Path]:
    """Files of whole months before *before*, of returned ones by their day; their names begin with it."""
    for month in workspace.archive.glob("[0-9]*-[0-9]*"):
        if month.name < f"{before:%Y-%m}":
            yield from (path for path in month.iterdir() if path.is_file())
    for path in workspace.returned.glob("*"):
        if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-", path.name) and path.name < before.isoformat() and path.is_file():
            yield path
