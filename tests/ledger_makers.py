"""Workbooks and facts in one line each, for tests of the ledger. Light: programs that get killed load it too."""

import hashlib
from datetime import date, datetime
from decimal import Decimal

from xiangning_zyz.fact import Cell, Fact, Observation, Record, RecordKind
from xiangning_zyz.ledger.book import Ledger, NewImport, Status
from xiangning_zyz.period import SHANGHAI, Period

JUNE = Period.parse("2024-06")
NOON = datetime(2024, 6, 25, 12, tzinfo=SHANGHAI)


def sha_of(file: str) -> str:
    """A stand-in for the hash of a workbook of that name."""
    return hashlib.sha256(file.encode()).hexdigest()


def observation(
    value: str, indicator: str = "output_value", *, period: Period = JUNE, file: str = "六月.xlsx", ref: str = "D7"
) -> Observation:
    cell = Cell(file, sha_of(file), "产值", ref, value)
    return Observation(
        indicator, None, period, "cumulative", Decimal(value), "亿元", "县工信局", "亿元", reference=False, cell=cell
    )


def record(
    kind: RecordKind = "task", subject: str = "T01", *, state: str = "进展顺利", file: str = "六月.xlsx"
) -> Record:
    return Record(kind, subject, JUNE, "县工信局", (("state", state),), Cell(file, sha_of(file), "任务", "C3", state))


def workbook(file: str = "六月.xlsx", *, status: Status = "imported", plan_hash: str = "plan-1") -> NewImport:
    return NewImport(
        file=file,
        sha256=sha_of(file),
        size=8192,
        received=date(2024, 6, 25),
        department="县工信局",
        periods=(JUNE,),
        status=status,
        plan_hash=plan_hash,
        receipt={"problems": []},
    )


def take_in(ledger: Ledger, *facts: Fact, at: datetime = NOON) -> int:
    """One import of these facts, which must be of one file; its id."""
    with ledger.writing():
        return ledger.append_import(workbook(facts[0].cell.file), facts, at)


def take_back(ledger: Ledger, import_id: int, *, at: datetime = NOON) -> int:
    with ledger.writing():
        return ledger.append_undo(import_id, "填报有误", "专班办公室", at)
