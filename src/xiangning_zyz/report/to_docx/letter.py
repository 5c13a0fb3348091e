"""The parts of a 公文 in order: head, title, text, 附件说明, signature, 版记 (GB/T 9704-2012, 7)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from xiangning_zyz.report.blocks import Annex, Closing, Document, Heading, Masthead, Paragraph
from xiangning_zyz.report.to_docx.markup import TAB, at, indent, paragraph, run, runs, text_box
from xiangning_zyz.report.to_docx.measures import RED, TEXT_WIDTH, TITLE_CHARACTERS, twips

_BLANK = paragraph("Normal")
_LINE_MM = 10.21  # one line of the grid
_HEAD_DROP = 32  # mm of space over the first line that bring its glyphs to 72 mm from the paper's edge (7.2.4)
_NAME_POINTS = 44  # of the 发文机关标志; the standard leaves the size free
_IMPRINT_LINE = 24 * 25.4 / 72  # mm
_IMPRINT_CHARACTERS = 29  # of 14 pt between the margins of the 版记


def opening(document: Document) -> Iterator[str]:
    """Everything above the text."""
    head = document.head
    if head is not None:
        yield from _official_head(head) if head.style == "bulletin" else _newsletter_head(head)
    elif document.draft:
        yield paragraph("GwMark", run("征求意见稿"))
        yield _BLANK
    lines = title_lines(document.title)
    for line in lines:
        yield paragraph("GwTitle", run(line))
    if document.addressee:
        yield _BLANK
        yield paragraph("GwAddressee", run(document.addressee))
    elif lines:
        yield _BLANK


def text(blocks: Sequence[Heading | Paragraph]) -> Iterator[str]:
    """Headings and paragraphs."""
    for block in blocks:
        if isinstance(block, Heading):
            yield paragraph(f"GwHeading{block.level}", run(block.number) + runs(block.runs))
        else:
            yield paragraph("GwNote" if block.role == "note" else "GwBody", runs(block.runs))


def annex_list(annexes: Sequence[Annex]) -> Iterator[str]:
    """附件说明: one blank line below the text, names without punctuation, wrapped lines under the name (7.3.4)."""
    if not annexes:
        return
    yield _BLANK
    if len(annexes) == 1:
        yield paragraph("GwAnnexList", run(f"附件：{annexes[0].title}"), indent(left=5, hanging=3))
        return
    for place, annex in enumerate(annexes, 1):
        lead, hanging = ("附件：", 4) if place == 1 else ("", 1)
        yield paragraph("GwAnnexList", run(f"{lead}{place}.") + TAB + run(annex.title), indent(left=6, hanging=hanging))


def signature(closing: Closing) -> Iterator[str]:
    """署名 and 成文日期, under a seal (7.3.5.1) or without one (7.3.5.2)."""
    if not closing.signature:
        return
    name, day = _width(closing.signature), _width(closing.day)
    if closing.sealed:
        below = 4.0
        above = max(below + (day - name) / 2, 0)
    else:
        above = 2.0 + max(day + 2 - name, 0)
        below = above + max(name - 2 - day, 0) if name > day + 2 else 2.0
    yield _BLANK
    yield paragraph("GwSignature", run(closing.signature), indent(right=above))
    yield paragraph("GwSignature", run(closing.day), indent(right=below))


def imprint(closing: Closing, number: int) -> str:
    """版记, its last line on the bottom of the 版心: only an anchored box gets there in every program (7.4)."""
    rows = [*closing.copies]
    last = run(closing.printer) + TAB + run(closing.printed)
    height = sum(-(-len(row) // _IMPRINT_CHARACTERS) for row in rows) + 1
    lines = [_imprint_row(run(row), place == 0, last=False) for place, row in enumerate(rows)]
    lines.append(_imprint_row(last, not rows, last=True))
    table = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(TEXT_WIDTH)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{twips(TEXT_WIDTH)}"/></w:tblGrid>{"".join(lines)}</w:tbl>'
    )
    tiny = '<w:p><w:pPr><w:pStyle w:val="GwImprint"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    place = at("H", "margin", "left") + at("V", "margin", "bottom")
    return paragraph("Normal", text_box(place, TEXT_WIDTH, height * _IMPRINT_LINE + 1, table + tiny, number))


def title_lines(pieces: Sequence[str]) -> list[str]:
    """The title on as few lines as it needs, broken only between *pieces*, in trapezoid or lozenge shape (7.3.1).

    Lines as equal as possible; of equals the one whose first line is the longest. A piece too long for
    a line stays whole, and the program that shows it breaks it.
    """
    best: list[str] = []
    for cuts in range(2 ** (len(pieces) - 1) if pieces else 0):
        lines = [""]
        for place, piece in enumerate(pieces):
            if place and cuts >> (place - 1) & 1:
                lines.append("")
            lines[-1] += piece
        if not best or _shape(lines) < _shape(best):
            best = lines
    return best


def _shape(lines: Sequence[str]) -> tuple[float, int, float, float]:
    lengths = [_width(line) for line in lines]
    too_long = sum(max(length - TITLE_CHARACTERS, 0) for length in lengths)
    return too_long, len(lines), max(lengths) - min(lengths), -lengths[0]


def _official_head(head: Masthead) -> Iterator[str]:
    """发文机关标志, 发文字号 two lines below, the red line 4 mm under it (7.2)."""
    if head.marking:
        yield paragraph("GwMark", run(head.marking))
    drop = _HEAD_DROP - (_LINE_MM if head.marking else 0)
    yield paragraph("GwRedHead", run(head.name, _squeezed(head.name)), _space_before(drop))
    yield from (_BLANK, _BLANK)
    yield paragraph("GwNumber", run(head.number), _red_line())
    yield from (_BLANK, _BLANK)


def _newsletter_head(head: Masthead) -> Iterator[str]:
    """A 简报's head: no standard, the usual order (rendering.md 2): name, issue, compiler and day, red line."""
    if head.marking:
        yield paragraph("GwMark", run(head.marking))
    yield paragraph("GwRedHead", run(head.name, _squeezed(head.name)), _space_before(8))
    yield paragraph("GwNumber", run(head.number))
    yield paragraph("GwIssue", run(head.compiler) + TAB + run(head.day), _red_line())
    yield _BLANK


def _squeezed(name: str) -> str:
    """A long name is set narrower, so that it stays on one line of the 版心."""
    room = TEXT_WIDTH / 25.4 * 72 / _NAME_POINTS
    share = min(int(100 * room / max(len(name), 1)), 100)
    return f'<w:w w:val="{max(share, 33)}"/>' if share < 100 else ""


def _space_before(mm: float) -> str:
    return f'<w:spacing w:before="{twips(mm)}" w:line="1000" w:lineRule="exact"/>'


def _red_line() -> str:
    return f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="6" w:color="{RED}"/></w:pBdr>'


def _imprint_row(content: str, first: bool, *, last: bool) -> str:
    """Lines over the first row and under the last 0.35 mm, between rows 0.25 mm."""
    top, bottom = 8 if first else 6, 8 if last else 6
    borders = (
        f'<w:tcBorders><w:top w:val="single" w:sz="{top}" w:space="0" w:color="000000"/>'
        f'<w:bottom w:val="single" w:sz="{bottom}" w:space="0" w:color="000000"/></w:tcBorders>'
    )
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{twips(TEXT_WIDTH) - 2 * 280}"/></w:tabs>'
    inside = tabs + '<w:ind w:leftChars="100" w:left="280" w:rightChars="100" w:right="280"/>'
    return (
        f'<w:tr><w:tc><w:tcPr><w:tcW w:w="{twips(TEXT_WIDTH)}" w:type="dxa"/>{borders}</w:tcPr>'
        f"{paragraph('GwImprint', content, inside)}</w:tc></w:tr>"
    )


def _width(text: str) -> float:
    """How many characters wide *text* is: digits and Latin letters take half, and a quarter where they meet Chinese."""
    halves = [character.isascii() for character in text]
    meetings = sum(one != other for one, other in pairwise(halves))
    return sum(0.5 if half else 1 for half in halves) + 0.25 * meetings
