"""Blocks → `zyz/report@1`: the same words, and behind each figure the cells it rests on."""

from collections.abc import Iterable

from xiangning_zyz.fact import Observation
from xiangning_zyz.figure import plain
from xiangning_zyz.report.blocks import (
    Block,
    Cards,
    Cell,
    Chart,
    Document,
    Figure,
    Heading,
    Mark,
    Paragraph,
    Run,
    Source,
    Table,
    text_of,
)
from xiangning_zyz.report.json_text import to_json as spelled
from xiangning_zyz.report.status_json import figure_text

Json = dict[str, object]


def to_json(document: Document) -> bytes:
    """The report as JSON in UTF-8."""
    return spelled(report_json(document)).encode()


def report_json(document: Document) -> Json:
    """The report as `zyz/report@1`."""
    head, closing = document.head, document.closing
    return {
        "schema": "zyz/report@1",
        "kind": document.kind,
        "plan": {"id": document.plan_id, "hash": document.plan_hash},
        "period": document.period,
        "as_of": document.as_of.isoformat(),
        "known_at": document.known_at.isoformat() if document.known_at else None,
        "draft": document.draft,
        "title": document.title_text,
        "head": head._asdict() if head else None,
        "addressee": document.addressee or None,
        "blocks": [_block(block) for block in document.blocks],
        "annexes": [
            {"title": annex.title, "blocks": [_block(block) for block in annex.blocks]} for annex in document.annexes
        ],
        "closing": {**closing._asdict(), "copies": list(closing.copies)} if closing else None,
    }


def _block(block: Block) -> Json:
    match block:
        case Heading(level=level, number=number, runs=runs):
            return {"type": "heading", "level": level, "number": number, **_said(runs)}
        case Paragraph(runs=runs, role=role):
            return {"type": "paragraph", "role": role, **_said(runs)}
        case Cards(items=items):
            cards = [{"label": each.label, **_said((each.value,)), "note": each.note} for each in items]
            return {"type": "cards", "cards": cards}
        case Chart():
            return _chart(block)
        case Table():
            return _table(block)


def _table(table: Table) -> Json:
    keys = [column.key for column in table.columns]
    return {
        "type": "table",
        "name": table.name,
        "title": table.title,
        "columns": [{"key": column.key, "head": column.head} for column in table.columns],
        "rows": [dict(zip(keys, map(_cell, row), strict=True)) for row in table.rows],
        "notes": list(table.notes),
    }


def _cell(cell: Cell) -> Json:
    number = {} if cell.number is None else {"value": figure_text(cell.number)}
    return {**_said(cell.runs), **number}


def _chart(chart: Chart) -> Json:
    return {
        "type": "chart",
        "name": chart.name,
        "title": chart.title,
        "unit": chart.unit,
        "alt": chart.alt,
        "history": [_mark(mark) for run in chart.history for mark in run],
        "milestones": [_mark(mark) for mark in chart.milestones],
        "forecast": [
            {"month": _month(band.month), "low": plain(band.low), "value": plain(band.value), "high": plain(band.high)}
            for band in chart.forecast
        ],
        "table": _table(chart.table),
    }


def _mark(mark: Mark) -> Json:
    return {"month": _month(mark.month), "value": figure_text(mark.value)}


def _month(ordinal: int) -> str:
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"


def _said(runs: Iterable[Run]) -> Json:
    """The words, and the cells behind them where there are any."""
    runs = tuple(runs)
    sources = dict.fromkeys(source for run in runs if isinstance(run, Figure) for source in run.sources)
    behind = {"from": [_source(each) for each in sources]} if sources else {}
    return {"text": text_of(runs), **behind}


def _source(source: Source) -> Json:
    cell = source.what.cell
    subject = source.what.indicator if isinstance(source.what, Observation) else source.what.subject
    return {
        "subject": subject,
        "period": str(source.what.period),
        "department": source.what.department,
        "file": cell.file,
        "sheet": cell.sheet,
        "ref": cell.ref,
        "import_id": source.import_id,
    }
