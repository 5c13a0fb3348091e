"""Letters as Word files: A4 with the margins and fonts of GB/T 9704-2012, text in 3号仿宋, title in 2号小标宋.

python-docx is an optional dependency: importing this module without it raises ModuleNotFoundError.
Same letter, same bytes.
"""

import io
import zipfile
from datetime import datetime

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from xiangning_zyz.report.letters import Letter
from xiangning_zyz.report.listing import Field, Listing
from xiangning_zyz.report.visible import visible, width

_BODY, _TITLE, _HEADS = "仿宋", "方正小标宋简体", "黑体"
_LATIN = "Times New Roman"
_LINE = Pt(28.95)  # 22 lines a page; 29 gives 21
_WIDE = 156  # mm between the margins


def to_docx(letter: Letter) -> bytes:
    """*letter* as a .docx file."""
    document = docx.Document()
    _set_page(document)
    _write(document, letter.title, Pt(22), _TITLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for place, block in enumerate(letter.body):
        if isinstance(block, Listing):
            _write_table(document, block)
            for note in block.notes:
                _write(document, f"注：{note}", Pt(12))
        else:
            paragraph = _write(document, block, Pt(16))
            addressed = place == 0 and block.endswith("：")
            paragraph.paragraph_format.first_line_indent = None if addressed else Pt(32)
    for line in letter.signature:
        signed = _write(document, line, Pt(16))
        signed.alignment, signed.paragraph_format.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(32)
    return _saved(document, letter)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)


def _write(document: Document, text: str, size: Pt, font: str = _BODY) -> Paragraph:
    return _spell(document.add_paragraph(), text, size, font)


def _spell(paragraph: Paragraph, text: str, size: Pt, font: str = _BODY) -> Paragraph:
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    if size > Pt(12):
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    run = paragraph.add_run(visible(text))
    run.font.size, run.font.name = size, _LATIN
    # python-docx itself sets Latin fonts only.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return paragraph


def _write_table(document: Document, listing: Listing) -> None:
    table = document.add_table(rows=1, cols=len(listing.heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    rows = [[field.text if isinstance(field, Field) else field for field in row] for row in listing.rows]
    widths = _widths([list(listing.heads), *rows])
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = Mm(wide)  # LibreOffice goes by the columns, Word by the cells
    for cell, head, wide in zip(table.rows[0].cells, listing.heads, widths, strict=True):
        _fill(cell, head, wide, _HEADS)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # the head stands on every page
    for row in rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, wide in zip(added.cells, row, widths, strict=True):
            _fill(cell, text, wide, _BODY)


def _fill(cell: _Cell, text: str, wide: float, font: str) -> None:
    cell.width, cell.vertical_alignment = Mm(wide), WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _spell(cell.paragraphs[0], text, Pt(12), font)


def _widths(rows: list[list[str]]) -> list[float]:
    """Millimetres for each column: by its longest text, but none so wide that others starve."""
    wanted = [min(max(map(width, column)), 40) + 4 for column in zip(*rows, strict=True)]  # 4: the cell's own margins
    return [_WIDE * each / sum(wanted) for each in wanted]


def _saved(document: Document, letter: Letter) -> bytes:
    """The file's bytes with the letter's day wherever the clock's would stand."""
    moment = datetime(letter.on.year, letter.on.month, letter.on.day)  # noqa: DTZ001 - documents and zips know no zone
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "zyz", letter.title, ""
    properties.created = properties.modified = moment
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, moment.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return fixed.getvalue()
