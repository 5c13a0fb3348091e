"""Sections: portrait and landscape pages, each with its page number where the standard wants it."""

from typing import TYPE_CHECKING

from docx.oxml import parse_xml

from xiangning_zyz.report.to_docx.markup import SPACES, at, indent, page_number, paragraph, text_box
from xiangning_zyz.report.to_docx.measures import LANDSCAPE, PAGE_NUMBER_GAP, PORTRAIT, Page, twips

if TYPE_CHECKING:
    from docx.section import Section

_BOX_MM = 40  # length of the box around a turned page number
_HIGH_MM = 5.5  # height of a line of 四号


def lay_out(section: "Section", *, wide: bool, numbered: bool, number: int) -> None:
    """Give *section* its paper, margins and footers; *number* is free for the drawings in them."""
    page = LANDSCAPE if wide else PORTRAIT
    size, margin = section._sectPr.get_or_add_pgSz(), section._sectPr.get_or_add_pgMar()
    size.set(_w("w"), str(twips(page.width)))
    size.set(_w("h"), str(twips(page.height)))
    size.attrib.pop(_w("orient"), None)
    if wide:
        size.set(_w("orient"), "landscape")
    for side in ("top", "bottom", "left", "right"):
        margin.set(_w(side), str(twips(getattr(page, side))))
    for footer, even in ((section.footer, False), (section.even_page_footer, True)):
        footer.is_linked_to_previous = False
        content = _footer(page, even=even, wide=wide, number=number + even) if numbered else paragraph("GwPage")
        element = footer._element  # python-docx has no text boxes
        for old in list(element):
            element.remove(old)
        element.append(parse_xml(content.replace("<w:p>", f"<w:p {SPACES}>", 1)))


def _footer(page: Page, *, even: bool, wide: bool, number: int) -> str:
    """Odd pages to the right, even ones to the left, one character in; turned with the page (7.5, 8)."""
    side = f'{indent(left=0.9)}<w:jc w:val="left"/>' if even else f'{indent(right=0.9)}<w:jc w:val="right"/>'
    line = paragraph("GwPage", page_number(), side)
    if not wide:
        return line
    across = page.left - PAGE_NUMBER_GAP - _HIGH_MM / 2  # the dash, in the middle of the line, 7 mm from the 版心
    along = page.top if even else page.height - page.bottom - _BOX_MM
    place = at("H", "page", across) + at("V", "page", along)
    return paragraph("GwPage", text_box(place, _HIGH_MM, _BOX_MM, line, number, turned=True))


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
