"""Blocks → Word: a document by GB/T 9704-2012, the same bytes for the same blocks."""

import copy
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from xiangning_zyz.report.blocks import Annex, Block, Cards, Chart, Document, Heading, Paragraph, Table
from xiangning_zyz.report.to_docx.base import DATE, own_base, styles_xml
from xiangning_zyz.report.to_docx.letter import annex_list, imprint, opening, signature, text
from xiangning_zyz.report.to_docx.markup import SPACES, harmless, paragraph, run
from xiangning_zyz.report.to_docx.measures import LANDSCAPE, PORTRAIT
from xiangning_zyz.report.to_docx.pages import lay_out
from xiangning_zyz.report.to_docx.pictures import png
from xiangning_zyz.report.to_docx.tables import table
from xiangning_zyz.stop import Stop

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_CHART_MM = 98  # three on a page
_THIN = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'  # a line that takes no room
_OPENED = re.compile(r"<w:(p|tbl)>")


class BadBase(Stop):
    """The office's base document cannot be used."""

    code = 2


def to_docx(document: Document, base: bytes | None = None) -> bytes:
    """*document* as .docx; styles, margins and page numbers from *base* where the office gives one."""
    word = _opened(base)
    _Writer(word, own=base is None).write(document)
    properties = word.core_properties
    made = datetime(document.as_of.year, document.as_of.month, document.as_of.day)  # noqa: DTZ001  # a day, by contract without a zone
    properties.title, properties.author = document.title_text, "zyz"
    properties.created = properties.modified = made
    properties.last_modified_by, properties.comments, properties.revision = "zyz", "", 1
    out = io.BytesIO()
    word.save(out)
    return _same_dates(out.getvalue())


class _Writer:
    """Appends to a Word document; counts drawings, whose numbers must differ, and knows the page it is on."""

    def __init__(self, word: "WordDocument", *, own: bool) -> None:
        self.word = word
        self.own = own  # else the office's margins and footers stay
        self.last = word.element.body.sectPr
        self.drawings = 0
        self.wide = False

    def write(self, document: Document) -> None:
        """The whole document: letter, annexes, 版记 on the last page."""
        closing = document.closing
        letter = document.head is not None or closing is not None
        plain = [block for block in document.blocks if isinstance(block, Heading | Paragraph)]
        self.wide = not letter  # tables and pictures alone: on landscape pages
        self.add(opening(document))
        written = self.add(text(plain) if letter else ())
        if written and document.annexes:  # the list of annexes never stands alone on a page
            WordParagraph(written[-1], self.word._body).paragraph_format.keep_with_next = True
        if not letter:
            self.blocks(document.blocks)
        self.add(annex_list(document.annexes))
        if closing is not None:
            self.add(signature(closing))
        for place, annex in enumerate(document.annexes, 1):
            self.annex(annex, place, alone=len(document.annexes) == 1)
        if closing is not None and closing.printer:
            if document.annexes:
                self.turn(wide=False, numbered=True)
            self.add([imprint(closing, self.drawing())])
        self.end(numbered=not (document.annexes and closing is not None and closing.printer))

    def annex(self, annex: Annex, place: int, *, alone: bool) -> None:
        """附件: a new page, its number top left, its title on the third line (7.3.7)."""
        self.turn(wide=annex.wide, numbered=True)
        self.add([paragraph("GwAnnexMark", run("附件" if alone else f"附件{place}")), paragraph("Normal")])
        self.add([paragraph("GwAnnexTitle", run(annex.title)), *([] if annex.wide else [paragraph("Normal")])])
        self.blocks(annex.blocks, titled=annex.title)

    def blocks(self, blocks: Iterable[Block], titled: str = "") -> None:
        """Any blocks, on the page as it lies."""
        for block in blocks:
            match block:
                case Table():
                    room = (LANDSCAPE if self.wide else PORTRAIT).text_width
                    self.add(table(block, room, titled=block.title == titled))
                case Chart():
                    self.picture(block)
                case Cards(items=items):
                    self.add(paragraph("GwBody", run(f"{card.label}：{card.value}（{card.note}）")) for card in items)
                case Heading() | Paragraph():
                    self.add(text([block]))

    def picture(self, chart: Chart) -> None:
        """A chart, with its words for who cannot see it."""
        [element] = self.add([paragraph("GwPicture")])
        line = WordParagraph(element, self.word._body)  # its parent finds the package for the picture
        drawn = line.add_run().add_picture(io.BytesIO(png(chart)), width=Mm(_CHART_MM))
        properties = drawn._inline.docPr  # python-docx has no alternative text
        properties.set("id", str(self.drawing()))
        properties.set("name", chart.name)
        properties.set("descr", harmless(chart.alt))

    def turn(self, *, wide: bool, numbered: bool) -> None:
        """End the section and begin one on new pages that lie *wide* or upright."""
        self.end(numbered=numbered)
        ended = copy.deepcopy(self.last)
        holder = self.last.getprevious()
        if holder is None or not holder.tag.endswith("}p"):
            [holder] = self.add([paragraph("GwNote", "", _THIN)])
        holder.get_or_add_pPr().append(ended)
        for reference in list(self.last):
            if reference.tag.endswith(("}footerReference", "}headerReference")):
                self.last.remove(reference)
        self.wide = wide

    def end(self, *, numbered: bool) -> None:
        """Lay out the section that ends here."""
        if self.own or self.wide:
            section = Section(self.last, self.word.part)
            lay_out(section, wide=self.wide, numbered=numbered, number=self.drawing())
            self.drawing()

    def add(self, pieces: Iterable[str]) -> list[Any]:
        """Append pieces of markup before the last section's properties."""
        added = [parse_xml(_OPENED.sub(rf"<w:\1 {SPACES}>", piece, count=1)) for piece in pieces]
        for element in added:
            self.last.addprevious(element)
        return added

    def drawing(self) -> int:
        """The next free number of a drawing."""
        self.drawings += 1
        return self.drawings


def _opened(base: bytes | None) -> "WordDocument":
    """The base document, emptied, with every style that we write by."""
    try:
        word = docx.Document(io.BytesIO(base or own_base()))
        body = word.element.body
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, AttributeError) as error:
        raise BadBase(f"底稿不是可用的 docx 文件：{error}") from None
    if body.sectPr is None:
        body.add_section_break()
    for element in list(body):
        if element is not body.sectPr:
            body.remove(element)
    if base is not None:
        _add_styles(word)
    return word


def _add_styles(word: "WordDocument") -> None:
    styles = word.styles.element
    present = set(styles.xpath("w:style/@w:styleId"))
    names = set(styles.xpath("w:style/w:name/@w:val"))
    for style in parse_xml(styles_xml()).xpath("w:style[@w:customStyle]"):
        own, name = style.xpath("@w:styleId")[0], style.xpath("w:name/@w:val")[0]
        if own not in present and name not in names:
            styles.append(style)


def _same_dates(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in _first_types(made.namelist()):
            package.writestr(zipfile.ZipInfo(name, DATE), made.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _first_types(names: Iterable[str]) -> Iterator[str]:
    yield from sorted(names, key=lambda name: (name != "[Content_Types].xml", name))
