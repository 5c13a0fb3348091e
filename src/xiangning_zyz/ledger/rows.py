"""Facts, workbooks and decisions as rows, and back; the same for every body of the ledger.

Rows are without the columns that place them (plan, entry, number). What is read back may have been
damaged: readers raise ValueError, TypeError, LookupError or AttributeError, and the body says so.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, get_args

from xiangning_zyz import figure
from xiangning_zyz.fact import (
    Approval,
    Cell,
    Erasure,
    Fact,
    IssueEvent,
    Observation,
    Record,
    Recorded,
    RecordKind,
    Reminder,
    Resolution,
    ReturnedSheet,
    Review,
    Verdict,
)
from xiangning_zyz.ledger.book import D, Decision, ImportRow, Key, NewImport, Undo
from xiangning_zyz.period import SHANGHAI, Period

INDICATOR = "indicator"
RECORD_KINDS: tuple[RecordKind, ...] = get_args(RecordKind)
DECISION_KINDS: Mapping[type[Decision], str] = {
    Resolution: "resolve",
    Verdict: "judge",
    IssueEvent: "issue",
    Approval: "approve",
    Review: "review",
    ReturnedSheet: "return",
    Reminder: "remind",
    Erasure: "erase",
}

EntryRow = tuple[str, str, int | None, str]  # chain.ENTRY from its third column on
ImportFileRow = tuple[str, str, int, str, str, str | None, str, str, str]  # chain.IMPORT_FILE likewise
# chain.FACT from its fourth column on: the key, the value and its words, the cell.
FactRow = tuple[str, str, str, str, str, str, str | None, str | None, str, str | None, int | None, str | None, str, str]
Stored = Sequence[Any]  # one of these as a database gives it back
T = TypeVar("T")


class Source(NamedTuple):
    """What all facts of one import share."""

    import_id: int
    file: str
    sha256: str
    received: date
    recorded_at: datetime


@lru_cache(maxsize=16)  # one run records at one moment
def stamp(moment: datetime) -> str:
    """A moment as the ledger writes it: Shanghai time, fixed width, so that text order is time order."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be recorded")
    return moment.astimezone(SHANGHAI).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Read what `stamp` wrote."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def compact(value: object) -> str:
    """JSON in one spelling, so that equal values are equal bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def fact_row(fact: Fact) -> FactRow:
    """One fact as a row: 7.20 stays 7.20. ValueError for a value of more than 30 digits before or behind the point."""
    if isinstance(fact, Record):
        return _record_row(fact)
    indicator, segment, period, basis, value, unit, department, raw_unit, reference, (_, _, sheet, ref, raw) = fact
    about = (INDICATOR, indicator, str(period), segment or "", basis, department)
    return (*about, figure.exact(value), unit, raw, raw_unit, int(reference), None, sheet, ref)


def _record_row(record: Record) -> FactRow:
    kind, subject, period, department, fields, (_, _, sheet, ref, raw) = record
    return (
        kind,
        subject,
        str(period),
        "",
        "",
        department,
        None,
        None,
        raw,
        None,
        None,
        compact(dict(fields)),
        sheet,
        ref,
    )


def key_of(row: Stored) -> Key:
    """The key of the fact in this row, as `Observation.key` spells it."""
    kind, subject, period, segment, basis, department, *_ = row
    return (kind, subject, segment, period, basis, department)


def observation(row: Stored, source: Source) -> Observation:
    """Read a fact row of kind indicator."""
    _, indicator, period, segment, basis, department, value, unit, raw, raw_unit, reference, _, sheet, ref = row
    return Observation(
        indicator,
        segment or None,
        Period.parse(period),
        basis,
        figure.decimal(value),
        unit,
        department,
        raw_unit,
        bool(reference),
        Cell(source.file, source.sha256, sheet, ref, raw),
    )


def record(row: Stored, source: Source) -> Record:
    """Read a fact row of any other kind."""
    kind, subject, period, _, _, department, _, _, raw, _, _, fields, sheet, ref = row
    cell = Cell(source.file, source.sha256, sheet, ref, raw)
    return Record(kind, subject, Period.parse(period), department, tuple(json.loads(fields).items()), cell)


def recorded(what: T, source: Source, *, superseded: bool = False) -> Recorded[T]:
    """A fact with when it came, and how."""
    return Recorded(what, source.import_id, source.recorded_at, source.received, superseded)


def source(import_id: int, file: str, sha256: str, received: str, recorded_at: str) -> Source:
    """Read what all facts of one import share."""
    return Source(import_id, file, sha256, date.fromisoformat(received), moment(recorded_at))


def import_row(new: NewImport) -> ImportFileRow:
    """A workbook as a row; its receipt is the entry's body."""
    periods = compact([str(period) for period in new.periods])
    received = new.received.isoformat()
    sent = (new.file, new.sha256, new.size, new.container, received)
    return (*sent, new.department, periods, new.status, new.plan_hash)


def imported(row: Stored) -> ImportRow:
    """Read an import: its entry, the count of its facts, body and time of its undo or NULLs, its workbook."""
    seq, receipt, recorded_at, facts, undo, undone_at, *workbook = row
    file, sha256, size, container, received, department, periods, status, plan_hash = workbook
    what = NewImport(
        file=file,
        sha256=sha256,
        size=size,
        received=date.fromisoformat(received),
        department=department,
        periods=tuple(Period.parse(period) for period in json.loads(periods)),
        status=status,
        plan_hash=plan_hash,
        container=container,
        receipt=json.loads(receipt),
    )
    taken_back = None if undo is None else Undo(**json.loads(undo), recorded_at=moment(undone_at))
    return ImportRow(seq, what, facts, moment(recorded_at), taken_back)


def decision_body(decision: Decision) -> str:
    """A decision as a JSON object of its fields; days and periods as their usual text, several as a list."""
    said = decision._asdict()
    return compact({name: _spelled(value) for name, value in said.items()})


def decision(kind: type[D], body: str, seq: int, recorded_at: str) -> Recorded[D]:
    """Read a decision's body and time; a decision is received when it is recorded."""
    said = json.loads(body)
    values = (_READ.get(of, _as_is)(said[name]) for name, of in kind.__annotations__.items())
    when = moment(recorded_at)
    return Recorded(kind._make(values), seq, when, when.date())


def _spelled(value: object) -> object:
    if value is None or isinstance(value, int):
        return value
    return [str(each) for each in value] if type(value) is tuple else str(value)


def _as_is(value: object) -> object:
    return value


def _day_if_any(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


_READ: Mapping[object, Callable[[Any], object]] = {
    date: date.fromisoformat,
    date | None: _day_if_any,
    Period: Period.parse,
    tuple[Period, ...]: lambda texts: tuple(map(Period.parse, texts)),
    tuple[str, ...]: tuple,
    tuple[int, ...]: lambda numbers: tuple(map(int, numbers)),
}
