"""Notes (批注) on cells: legacy comments with their VML shapes, and replies in threads.

Every program shows legacy comments; newer Excel shows the thread instead where a cell has one,
so such a cell gets both. An existing note keeps its text and its look; ours is put below.
"""

import re
import uuid
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from xiangning_zyz.report.cell_text import cell_text
from xiangning_zyz.report.returned.cells import MOST_COLUMNS, MOST_ROWS, Place, Worksheet, place, reference
from xiangning_zyz.report.returned.markup import (
    Edit,
    Element,
    NotPatchable,
    apply,
    grown,
    outline,
    prefix,
    quoted,
    with_prefix,
)
from xiangning_zyz.report.returned.package import Package
from xiangning_zyz.report.visible import width

AUTHOR = "专班办公室"

_OPENXML = "application/vnd.openxmlformats-officedocument"
_VML_SPACES = (
    ("v", "urn:schemas-microsoft-com:vml"),
    ("o", "urn:schemas-microsoft-com:office:office"),
    ("x", "urn:schemas-microsoft-com:office:excel"),
)
_THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_PERSON_LINK = "http://schemas.microsoft.com/office/2017/10/relationships/person"
_LONGEST = 30_000  # leaves room for the head and an older text
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What may follow <legacyDrawing> in a sheet (CT_Worksheet); Excel wraps <controls> in AlternateContent.
_AFTER_LEGACY = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
     "AlternateContent")
)  # fmt: skip
_EMPTY_VML = '<xml{spaces}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout></xml>'
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:230pt;height:{height}pt;z-index:{id};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_RUN = (
    '<r><rPr>{bold}<sz val="9"/><color indexed="81"/><rFont val="宋体"/><family val="3"/><charset val="134"/></rPr>'
    '<t xml:space="preserve">{text}</t></r>'
)


class Note(NamedTuple):
    """What is said at one cell."""

    text: str
    on: date  # day of return: a cell may come back more than once

    @property
    def head(self) -> str:
        return f"退回意见（{self.on.year}年{self.on.month}月{self.on.day}日）"


def hang(package: Package, sheet: Worksheet, notes: Mapping[Place, Note]) -> list[Edit]:
    """Put *notes* on cells of *sheet*; gives the edits its own XML still needs."""
    comments = package.linked(sheet.part, "comments")
    if comments is None:
        comments = package.free_name("xl/comments{}.xml")
        package.write(comments, _empty_comments(package))
        package.declare(comments, f"{_OPENXML}.spreadsheetml.comments+xml")
        package.link(sheet.part, package.link_type("comments"), comments)
    bare = _add_comments(package, comments, notes)
    if threads := package.linked(sheet.part, "threadedComment"):
        _add_replies(package, threads, notes)
    return _add_shapes(package, sheet, {at: notes[at] for at in bare}) if bare else []


def _empty_comments(package: Package) -> bytes:
    space = package.main_namespace
    return f'{_DECLARATION}<comments xmlns="{space}"><authors></authors><commentList></commentList></comments>'.encode()


def _add_comments(package: Package, part: str, notes: Mapping[Place, Note]) -> list[Place]:
    """Write *notes* into the comments part; gives the cells that had no comment before."""
    data = package.read(part)
    root = outline(data)
    authors, listed = root.child("authors"), root.child("commentList")
    if authors is None or listed is None:
        raise NotPatchable("comments without authors or list")
    mark = prefix(data, root.start)
    there = {place(item.attributes.get("ref", "")): item for item in listed.children}
    edits = grown(data, authors, with_prefix(f"<author>{AUTHOR}</author>", mark))
    bare: list[Place] = []
    fresh = ""
    for at, note in sorted(notes.items()):
        old = there.get(at)
        text = old.child("text") if old else None
        if text is None:
            bare.append(at)
            runs = _runs(note)
            fresh += f'<comment ref="{reference(at)}" authorId="{len(authors.children)}"><text>{runs}</text></comment>'
        else:
            edits += _below(data, text, with_prefix(_runs(note, "\n\n"), mark), mark)
    if fresh:
        edits += grown(data, listed, with_prefix(fresh, mark))
    package.write(part, apply(data, edits))
    return bare


def _below(data: bytes, text: Element, runs: bytes, mark: str) -> list[Edit]:
    """Put *runs* after the text that a comment has; plain text becomes a run of its own (CT_Rst)."""
    plain = text.child("t")
    edits = []
    if plain:
        edits.append(Edit(plain.start, plain.start, with_prefix("<r>", mark)))
        edits.append(Edit(plain.end, plain.end, with_prefix("</r>", mark)))
    last = next((item for item in reversed(text.children) if item.name in ("t", "r")), None)
    if last:
        return [*edits, Edit(last.end, last.end, runs)]
    return grown(data, text, runs)


def _runs(note: Note, before: str = "") -> str:
    head = _RUN.format(bold="<b/>", text=quoted(f"{before}{note.head}\n"))
    return head + _RUN.format(bold="", text=quoted(cell_text(note.text, _LONGEST)))


def _add_replies(package: Package, part: str, notes: Mapping[Place, Note]) -> None:
    """Answer the thread of each cell that has one, as a person of our own."""
    data = package.read(part)
    root = outline(data)
    threads = {
        place(item.attributes.get("ref", "")): item.attributes.get("id", "")
        for item in root.children
        if "parentId" not in item.attributes
    }
    replies = "".join(_reply(at, note, threads[at]) for at, note in sorted(notes.items()) if at in threads)
    if replies:
        _enter_person(package)
        package.write(part, apply(data, grown(data, root, with_prefix(replies, prefix(data, root.start)))))


def _reply(at: Place, note: Note, parent: str) -> str:
    text = quoted(cell_text(note.head + "\n" + note.text, _LONGEST))
    return (
        f'<threadedComment ref="{reference(at)}" dT="{note.on.isoformat()}T00:00:00.00" personId="{_guid(AUTHOR)}" '
        f'id="{_guid(parent + str(note))}" parentId="{quoted(parent)}"><text>{text}</text></threadedComment>'
    )


def _enter_person(package: Package) -> None:
    """Make sure that we are in the workbook's list of persons."""
    part = package.linked(package.workbook, "person")
    if part is None:
        part = package.free_name("xl/persons/person{}.xml")
        package.write(part, f'{_DECLARATION}<personList xmlns="{_THREADED}"></personList>'.encode())
        package.declare(part, "application/vnd.ms-excel.person+xml")
        package.link(package.workbook, _PERSON_LINK, part)
    data = package.read(part)
    root = outline(data)
    if all(item.attributes.get("id") != _guid(AUTHOR) for item in root.children):
        entry = f'<person displayName="{AUTHOR}" id="{_guid(AUTHOR)}" userId="{AUTHOR}" providerId="None"/>'
        package.write(part, apply(data, grown(data, root, with_prefix(entry, prefix(data, root.start)))))


def _guid(of: str) -> str:
    return f"{{{str(uuid.uuid5(uuid.NAMESPACE_OID, of)).upper()}}}"


def _add_shapes(package: Package, sheet: Worksheet, notes: Mapping[Place, Note]) -> list[Edit]:
    """Draw a box for each note, in the sheet's VML drawing or in a new one."""
    if legacy := sheet.root.child("legacyDrawing"):
        links = {link.id: link.target for link in package.relationships(sheet.part)}
        drawing = links.get(legacy.attributes.get("id", ""), "")
        package.write(drawing, _with_shapes(package.read(drawing), notes))
        return []
    drawing = package.free_name("xl/drawings/vmlDrawing{}.vml")
    spaces = "".join(f' xmlns:{name}="{space}"' for name, space in _VML_SPACES)
    empty = _EMPTY_VML.format(spaces=spaces, block=_free_block(package))
    package.write(drawing, _with_shapes(empty.encode(), notes))
    package.declare(drawing, f"{_OPENXML}.vmlDrawing")
    link = package.link(sheet.part, package.link_type("vmlDrawing"), drawing)
    xml = f'<legacyDrawing xmlns:r="{package.link_namespace}" r:id="{link}"/>'
    later = [item for item in sheet.root.children if item.start > sheet.body.start and item.name in _AFTER_LEGACY]
    at = later[0].start if later else sheet.root.close
    return [Edit(at, at, with_prefix(xml, sheet.prefix))]


def _free_block(package: Package) -> int:
    """A block of 1,024 shape numbers that no other VML drawing of the workbook uses."""
    drawings = [package.read(name) for name in package.names() if name.casefold().endswith(".vml")]
    blocks = [
        int(number)
        for drawing in drawings
        for listed in re.findall(rb'<\w+:idmap\b[^>]*\bdata="([0-9, ]{1,60})"', drawing)
        for number in re.findall(rb"[0-9]{1,5}", listed)
    ]
    return max(blocks, default=0) + 1


def _with_shapes(drawing: bytes, notes: Mapping[Place, Note]) -> bytes:
    """*drawing* with a box per note last. VML is edited as text: Excel's own is not always XML."""
    close = drawing.rfind(b"</")
    if close < 0 or b"xml" not in drawing[close:]:
        raise NotPatchable("VML drawing without an end")
    numbers = [int(number) for number in re.findall(rb'"_x0000_s([0-9]{1,9})"', drawing)]
    blocks = re.findall(rb'<\w+:idmap\b[^>]*\bdata="([0-9]{1,5})', drawing)
    first = max([*numbers, 1024 * int(blocks[0]) if blocks else 1024]) + 1
    shapes = [_shape(first + index, at, note) for index, (at, note) in enumerate(sorted(notes.items()))]
    if b'"_x0000_t202"' not in drawing:
        shapes.insert(0, _SHAPE_TYPE)
    undeclared = "".join(
        f' xmlns:{name}="{space}"' for name, space in _VML_SPACES if f"xmlns:{name}=".encode() not in drawing
    )
    added = "".join(shapes)
    if undeclared:
        added = re.sub(r"<v:shape(type)?(?= )", lambda tag: tag[0] + undeclared, added)
    return drawing[:close] + added.encode() + drawing[close:]


def _shape(id: int, at: Place, note: Note) -> str:
    """A hidden box right of the cell, four columns wide and as high as its text."""
    lines = 1 + sum(1 + width(line) // 40 for line in note.text.split("\n"))
    height = min(12 * lines + 10, 400)
    left = min(at.col, MOST_COLUMNS - 5)
    top = min(max(at.row - 2, 0), MOST_ROWS - 40)
    anchor = f"{left}, 15, {top}, 2, {left + 4}, 60, {top + height // 15 + 1}, 4"
    return _SHAPE.format(id=id, height=height, anchor=anchor, row=at.row - 1, column=at.col - 1)
