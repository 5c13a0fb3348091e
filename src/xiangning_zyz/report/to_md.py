"""Blocks → Markdown. No text of a sheet can become markup, HTML or a link."""

import re
from collections.abc import Iterator

from xiangning_zyz.report.blocks import Block, Cards, Chart, Document, Heading, Paragraph, Table, text_of
from xiangning_zyz.report.visible import visible

_MARKUP = re.compile(r"([\\`*_\[\]<>|#~!{}])")
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
_STARTS = re.compile(r"^(\s*)([-+]|[0-9]+[.)])(?=\s)")


def to_md(document: Document) -> bytes:
    """The report as one Markdown text in UTF-8."""
    return ("\n\n".join(_parts(document)) + "\n").encode()


def _parts(document: Document) -> Iterator[str]:
    head, closing = document.head, document.closing
    if head is not None:
        yield "　".join(map(md, filter(None, (head.marking, head.name, head.number, head.compiler, head.day))))
    yield f"# {md(document.title_text)}"
    if document.draft and head is None and document.kind != "dashboard":
        yield "（征求意见稿）"
    if document.addressee:
        yield md(document.addressee)
    for block in document.blocks:
        yield from _block(block)
    if document.annexes:
        yield "附件：" + "　".join(f"{place}. {md(annex.title)}" for place, annex in enumerate(document.annexes, 1))
    if closing is not None:
        yield "  \n".join(map(md, filter(None, (closing.signature, closing.day))))
    for place, annex in enumerate(document.annexes, 1):
        yield f"## 附件{place}　{md(annex.title)}"
        for block in annex.blocks:
            yield from _block(block, titled=annex.title)
    if closing is not None:
        yield "  \n".join(map(md, (*closing.copies, f"{closing.printer}　{closing.printed}")))


def _block(block: Block, titled: str = "") -> Iterator[str]:
    match block:
        case Heading(level=level, number=number, runs=runs):
            yield f"{'#' * (level + 1)} {number}{md(text_of(runs))}"
        case Paragraph(runs=runs, role=role):
            yield ("> " if role == "note" else "") + md(text_of(runs))
        case Cards(items=items):
            yield "\n".join(f"- {md(card.label)}：{md(str(card.value))}（{md(card.note)}）" for card in items)
        case Chart():
            yield f"**{md(block.title)}**　{md(block.alt)}"
            yield from _table(block.table, titled="")
        case Table():
            yield from _table(block, titled)


def _table(table: Table, titled: str) -> Iterator[str]:
    if table.title != titled:
        yield f"**{md(table.title)}**"
    if not table.rows:
        yield md(table.empty)
    else:
        rules = {"left": "---", "right": "---:", "center": ":---:"}
        lines = [[md(column.head) for column in table.columns], [rules[column.align] for column in table.columns]]
        lines += [[md(text_of(cell.runs)) for cell in row] for row in table.rows]
        yield "\n".join("| " + " | ".join(line) + " |" for line in lines)
    yield from (f"> {md(note)}" for note in table.notes)


def md(text: str) -> str:
    """*text* as Markdown that shows exactly it, on one line; an address does not become a link."""
    safe = _ENTITY.sub("&amp;", _MARKUP.sub(r"\\\1", visible(text))).replace("://", ":\\/\\/")
    return _STARTS.sub(lambda match: match[1] + match[2][:-1] + "\\" + match[2][-1], safe)
