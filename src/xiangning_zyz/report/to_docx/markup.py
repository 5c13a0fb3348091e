"""WordprocessingML in pieces: paragraphs, runs, fields and text boxes as text.

Words go in by `run` alone, which makes them harmless; element order follows the schema.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from xiangning_zyz.report.blocks import Run
from xiangning_zyz.report.to_docx.measures import CHARACTER, emu
from xiangning_zyz.report.visible import visible

SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in (
        ("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
        ("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
        ("wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
        ("wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"),
    )
)
TAB = "<w:r><w:tab/></w:r>"
_PAGE = "".join(
    f"<w:r>{piece}</w:r>"
    for piece in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
)
_NOT_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")


def harmless(text: str) -> str:
    """*text* with every character that acts, or that XML does not know, spelled out."""
    return visible(text).translate(_NOT_XML)


def words(text: str) -> str:
    """*text* as XML content."""
    return escape(harmless(text))


def run(text: str, properties: str = "") -> str:
    """One run; quotation marks and dashes take the Chinese font. *properties* follow `w:rFonts`."""
    return (
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/>{properties}</w:rPr>'
        f'<w:t xml:space="preserve">{words(text)}</w:t></w:r>'
    )


def runs(pieces: Iterable[Run]) -> str:
    """Runs of a block as one run: on paper a figure looks like the words around it."""
    text = "".join(str(piece) for piece in pieces)
    return run(text) if text else ""


def paragraph(style: str, content: str = "", properties: str = "") -> str:
    """A paragraph of that style; *properties* follow `w:pStyle` in schema order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def indent(*, left: float = 0, right: float = 0, hanging: float = 0) -> str:
    """Indents in characters of the body, in both of the ways that Word reads."""
    sides = {"left": left, "right": right, "hanging": hanging}
    text = "".join(
        f' w:{side}Chars="{round(value * 100)}" w:{side}="{round(value * CHARACTER)}"'
        for side, value in sides.items()
        if value
    )
    return f'<w:ind{text} w:firstLineChars="0" w:firstLine="0"/>' if not hanging else f"<w:ind{text}/>"


def page_number() -> str:
    """`— 1 —` with the page's number (GB/T 9704 7.5)."""
    return run("— ") + _PAGE + run(" —")


def text_box(place: str, width: float, height: float, content: str, number: int, *, turned: bool = False) -> str:
    """A frameless text box of *width* × *height* mm; *place* gives `wp:positionH` and `wp:positionV`."""
    size = f'cx="{emu(width)}" cy="{emu(height)}"'
    direction = "vert" if turned else "horz"
    return (
        f'<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{number}" '
        f'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>{place}'
        f'<wp:extent {size}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{number}" name="text box {number}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f'<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
        f'<wps:bodyPr vert="{direction}" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/>'
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )


def at(axis: str, origin: str, place: str | float) -> str:
    """`wp:positionH` or `wp:positionV`: an alignment word, or millimetres from the origin."""
    inside = f"<wp:align>{place}</wp:align>" if isinstance(place, str) else f"<wp:posOffset>{emu(place)}</wp:posOffset>"
    return f'<wp:position{axis} relativeFrom="{origin}">{inside}</wp:position{axis}>'
