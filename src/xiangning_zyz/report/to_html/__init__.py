"""Blocks → HTML: one file that needs nothing else, neither network nor JavaScript (CONTRACT §8).

The content policy lets in nothing but our own style sheet, told by its hash; pictures are inline SVG. Words
go in by `_text` alone. State is told by word and shape, colour only adds (WCAG 2.2, 1.4.1).
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape
from itertools import groupby
from pathlib import Path

from xiangning_zyz.report.blocks import (
    Block,
    Cards,
    Cell,
    Chart,
    Closing,
    Column,
    Document,
    Figure,
    Heading,
    Paragraph,
    Run,
    Table,
    text_of,
)
from xiangning_zyz.report.to_svg import to_svg
from xiangning_zyz.report.visible import visible

_CSS = (Path(__file__).resolve().parent / "page.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
_ALIGN = {"left": "", "right": "n", "center": "c"}
_LONG = 14  # characters of a column's share from which its cells need room
_SHOWN_SOURCES = 3


def to_html(document: Document) -> bytes:
    """*document* as one HTML file in UTF-8."""
    letter = document.kind in ("bulletin", "brief")
    title = _text(document.title_text)
    parts = [
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title>\n<style>{_CSS}</style>\n</head>\n<body>",
        '<a class="skip" href="#main">跳到正文</a>',
        "<header>" + "".join(_head(document)) + "</header>",
        f'<main id="main"{" class=" + chr(34) + "letter" + chr(34) if letter else ""}>',
        *_body(document),
        "</main>",
        "<footer>" + "".join(_foot(document)) + "</footer>\n</body>\n</html>\n",
    ]
    return "\n".join(parts).encode()


def _head(document: Document) -> Iterator[str]:
    head = document.head
    marking = head.marking if head else "征求意见稿" if document.draft and document.kind != "dashboard" else ""
    if marking:
        yield f'<p class="marking">{_text(marking)}</p>'
    if head is not None:
        yield f'<p class="head">{_text(head.name)}</p>'
        yield f'<p class="meta">{_text("　".join(filter(None, (head.number, head.compiler, head.day))))}</p>'
    yield f"<h1>{_text(document.title_text)}</h1>"
    chapters = [block for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    if document.kind == "dashboard" and chapters:
        links = "".join(
            f'<li><a href="#s{place}">{_runs(each.runs)}</a></li>' for place, each in enumerate(chapters, 1)
        )
        yield f'<nav aria-label="目录"><ul>{links}</ul></nav>'


def _body(document: Document) -> Iterator[str]:
    if document.addressee:
        yield f'<p class="flat">{_text(document.addressee)}</p>'
    yield from _blocks(document.blocks)
    if document.annexes:
        items = "".join(
            f'<li><a href="#a{place}">{_text(annex.title)}</a></li>' for place, annex in enumerate(document.annexes, 1)
        )
        yield f'<p class="flat">附件：</p><ol>{items}</ol>'
    if document.closing is not None:
        yield from _signature(document.closing)
    for place, annex in enumerate(document.annexes, 1):
        yield f'<section id="a{place}"><h2>附件{place}　{_text(annex.title)}</h2>'
        yield from _blocks(annex.blocks, titled=annex.title)
        yield "</section>"


def _signature(closing: Closing) -> Iterator[str]:
    lines = [each for each in (closing.signature, closing.day) if each and closing.signature]
    yield from (f'<p class="flat right">{_text(line)}</p>' for line in lines)


def _foot(document: Document) -> Iterator[str]:
    closing = document.closing
    if closing is not None:
        yield from (f"<p>{_text(line)}</p>" for line in closing.copies)
        yield f"<p>{_text(closing.printer)}　{_text(closing.printed)}</p>"
    known = f"，台账时点 {document.known_at:%Y-%m-%d %H:%M}" if document.known_at else ""
    yield f"<p>报告期 {document.period}，截至 {document.as_of}{known}；方案数据 {document.plan_hash[:12]}</p>"


def _blocks(blocks: Iterable[Block], titled: str = "") -> Iterator[str]:
    """Blocks in order; charts that follow each other stand side by side."""
    chapters = 0
    for charts, group in groupby(blocks, lambda block: isinstance(block, Chart)):
        if charts:
            yield '<div class="charts">'
        for block in group:
            if isinstance(block, Heading) and block.level == 1:
                chapters += 1
            yield from _block(block, titled, chapters)
        if charts:
            yield "</div>"


def _block(block: Block, titled: str, chapter: int) -> Iterator[str]:
    match block:
        case Heading(level=level, number=number, runs=runs):
            anchor = f' id="s{chapter}"' if level == 1 else ""
            yield f"<h{level + 1}{anchor}>{_text(number)}{_runs(runs)}</h{level + 1}>"
        case Paragraph(runs=runs, role=role):
            yield f'<p class="note">{_runs(runs)}</p>' if role == "note" else f"<p>{_runs(runs)}</p>"
        case Cards(items=items):
            cards = "".join(
                f'<div class="card {card.tone}"><dt>{_text(card.label)}</dt><dd class="value">{_run(card.value)}</dd>'
                f'<dd class="about">{_text(card.note)}</dd></div>'
                for card in items
            )
            yield f'<dl class="cards">{cards}</dl>'
        case Chart():
            yield "<figure>" + to_svg(block)
            yield f"<figcaption>{_text(block.alt)}</figcaption><details><summary>{_text(block.title)}数据表</summary>"
            yield from _table(block.table, titled=True)
            yield "</details></figure>"
        case Table():
            yield from _table(block, titled=block.title == titled)


def _table(table: Table, *, titled: bool) -> Iterator[str]:
    """A table in a box that scrolls by itself, with a caption unless the heading above says the same."""
    title = _text(table.title)
    if not table.rows:
        yield f'<div class="scroll"><p class="empty">{title}：{_text(table.empty)}</p></div>'
    else:
        marks = any(column.look == "mark" for column in table.columns)
        caption = "" if titled else f"<caption>{title}</caption>"
        heads = "".join(f'<th scope="col">{_text(column.head)}</th>' for column in table.columns)
        rows = "".join(_row(row, table.columns) for row in table.rows)
        look = ' class="matrix"' if marks else ""
        yield f'<div class="scroll" role="region" aria-label="{title}" tabindex="0">'
        yield f"<table{look}>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    yield from (f'<p class="note">{_text(note)}</p>' for note in table.notes)


def _row(row: Iterable[Cell], columns: Iterable[Column]) -> str:
    cells = []
    for cell, column in zip(row, columns, strict=True):
        names = [cell.tone, _ALIGN[column.align], "long" if column.wide >= _LONG else ""]
        classes = " ".join(filter(None, names))
        look = f' class="{classes}"' if classes else ""
        if column.key in ("name", "department") and not cell.tone:
            cells.append(f'<th scope="row"{look}>{_runs(cell.runs)}</th>')
        else:
            cells.append(f"<td{look}>{_content(cell, column)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _content(cell: Cell, column: Column) -> str:
    words = text_of(cell.runs)
    if column.look == "mark" and words:
        return f'{_text(words[0])}<span class="words">{_text(words[1:])}</span>'
    if column.look == "bar" and cell.number is not None:
        wide = f"{float(min(max(cell.number, Decimal(0)), Decimal(1))) * 100:.1f}"  # a length on the screen, no figure
        bar = f'<rect width="100" height="6" fill="#d9e2ec"/><rect width="{wide}" height="6" fill="#1d4ed8"/>'
        picture = f'<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>'
        return _runs(cell.runs) + picture
    return _runs(cell.runs)


def _runs(runs: Iterable[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    """A figure shows where it comes from when it is pointed at; the table 数据来源 says so to everyone."""
    if not isinstance(run, Figure) or not run.sources:
        return _text(str(run))
    places = [
        f"{each.what.department}《{each.what.cell.file}》{each.what.cell.sheet}!{each.what.cell.ref}"
        for each in run.sources
    ]
    more = f"等{len(places)}处" if len(places) > _SHOWN_SOURCES else ""
    return f'<span title="{_text("；".join(places[:_SHOWN_SOURCES]) + more)}">{_text(run.text)}</span>'


def _text(text: str) -> str:
    """*text* such that it is shown as it stands, in content and in attributes."""
    return escape(visible(text), quote=True)
