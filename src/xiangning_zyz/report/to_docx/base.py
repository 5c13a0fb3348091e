"""Our own base document: styles, grid and settings of GB/T 9704-2012, made here and not drawn in Word.

python-docx's default is made for English: its theme gives Chinese text a Japanese font, its settings
open in compatibility mode. With `--base-docx` the office's document takes this one's place; styles it
lacks are added from here.
"""

import io
import zipfile

from xiangning_zyz.report.to_docx.markup import SPACES
from xiangning_zyz.report.to_docx.measures import (
    BODY,
    CHARACTER,
    FONT_BODY,
    FONT_HEADING,
    FONT_LATIN,
    FONT_SECOND,
    FONT_TITLE,
    IMPRINT,
    LINE,
    PORTRAIT,
    RED,
    TABLE,
    TIGHTER,
    TITLE,
    twips,
)

DATE = (1980, 1, 1, 0, 0, 0)  # of every entry: the same document is the same bytes
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PARTS = {"document": "document.main", "styles": "styles", "settings": "settings", "fontTable": "fontTable"}
_FONTS = {  # name in the document, and what stands in for it where it is missing
    FONT_BODY: "FangSong",
    FONT_TITLE: "华文中宋",
    FONT_HEADING: "SimHei",
    FONT_SECOND: "KaiTi",
    "宋体": "SimSun",
    FONT_LATIN: "",
}


def own_base() -> bytes:
    """The base document as a .docx file."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"rId1": (f"{_KINDS}officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": _relations(
            {f"rId{i}": (_KINDS + name, f"{name}.xml") for i, name in enumerate(list(_PARTS)[1:], 1)}
        ),
        "word/document.xml": f"<w:document {SPACES}><w:body>{_section()}</w:body></w:document>",
        "word/styles.xml": styles_xml(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, DATE), _HEAD + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def styles_xml() -> str:
    """All styles; paragraphs of reports use these and no direct formatting of characters."""
    latin = f'w:ascii="{FONT_LATIN}" w:hAnsi="{FONT_LATIN}" w:cs="{FONT_LATIN}"'
    return (
        f"<w:styles {SPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts {latin} w:eastAsia="{FONT_BODY}"/><w:spacing w:val="{TIGHTER}"/><w:kern w:val="0"/>'
        f'<w:sz w:val="{BODY}"/><w:szCs w:val="{BODY}"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f'<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:jc w:val="both"/></w:pPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        f"{''.join(_styles())}</w:styles>"
    )


def _styles() -> list[str]:
    two = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CHARACTER}"/>'
    none = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    free = '<w:snapToGrid w:val="0"/>'
    keep = "<w:keepNext/>"
    tight = '<w:spacing w:before="20" w:after="20" w:line="280" w:lineRule="atLeast"/>'
    centre, left = '<w:jc w:val="center"/>', '<w:jc w:val="left"/>'
    return [
        _style("GwBody", "公文正文", two),
        _style("GwHeading1", "公文一级标题", keep + two + _outline(0), FONT_HEADING),
        _style("GwHeading2", "公文二级标题", keep + two + _outline(1), FONT_SECOND),
        _style("GwHeading3", "公文三级标题", keep + two + _outline(2)),
        _style("GwMark", "公文标记", none + left, FONT_HEADING),
        _style("GwRedHead", "公文红头", free + _exact(1000) + none + centre, FONT_TITLE, 88, RED),
        _style("GwNumber", "公文字号", none + centre),
        _style("GwIssue", "公文简报编印", f'<w:tabs><w:tab w:val="right" w:pos="{twips(156)}"/></w:tabs>{none}{left}'),
        _style("GwTitle", "公文标题", keep + free + _exact(680) + none + centre, FONT_TITLE, TITLE),
        _style("GwAddressee", "公文主送", none + left),
        _style("GwAnnexList", "公文附件说明", keep + left),
        _style("GwSignature", "公文落款", keep + none + '<w:jc w:val="right"/>'),
        _style("GwAnnexMark", "公文附件编号", keep + none + left, FONT_HEADING),
        _style("GwAnnexTitle", "公文附件标题", keep + free + _exact(680) + none + centre, FONT_TITLE, TITLE),
        _style("GwTableTitle", "公文表题", keep + free + _exact(480) + none + centre, FONT_HEADING, 28),
        _style("GwTableHead", "公文表头", keep + free + tight + none + centre, FONT_HEADING, TABLE),
        _style("GwTable", "公文表格", free + tight + none + left, size=TABLE),
        _style("GwNote", "公文表注", free + tight + none + left, size=TABLE),
        _style("GwPicture", "公文图", free + '<w:spacing w:line="240" w:lineRule="auto"/>' + none + centre),
        _style("GwImprint", "公文版记", free + _exact(480) + left, size=IMPRINT),
        _style(
            "GwPage", "公文页码", free + '<w:spacing w:line="240" w:lineRule="auto"/>', "宋体", IMPRINT, latin="宋体"
        ),
    ]


def _style(
    id: str, name: str, properties: str, font: str = "", size: int = 0, colour: str = "", latin: str = ""
) -> str:
    fonts = (f' w:ascii="{latin}" w:hAnsi="{latin}"' if latin else "") + (f' w:eastAsia="{font}"' if font else "")
    look = (
        (f"<w:rFonts{fonts}/>" if fonts else "")
        + (f'<w:color w:val="{colour}"/>' if colour else "")
        + ('<w:spacing w:val="0"/>' if size and size != BODY else "")
        + (f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "")
    )
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{properties}</w:pPr>'
        f"{f'<w:rPr>{look}</w:rPr>' if look else ''}</w:style>"
    )


def _exact(line: int) -> str:
    return f'<w:spacing w:line="{line}" w:lineRule="exact"/>'


def _outline(level: int) -> str:
    return f'<w:outlineLvl w:val="{level}"/>'


def _section() -> str:
    page = PORTRAIT
    return (
        f'<w:sectPr><w:pgSz w:w="{twips(page.width)}" w:h="{twips(page.height)}"/><w:pgMar w:top="{twips(page.top)}" '
        f'w:right="{twips(page.right)}" w:bottom="{twips(page.bottom)}" w:left="{twips(page.left)}" '
        f'w:header="851" w:footer="{twips(25)}" w:gutter="0"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>'
    )


def _settings() -> str:
    return (
        f'<w:settings {SPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:spaceForUL/>'
        "<w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
        "<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}">{f"""<w:altName w:val="{other}"/>""" if other else ""}</w:font>'
        for name, other in _FONTS.items()
    )
    return f"<w:fonts {SPACES}>{fonts}</w:fonts>"


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}{kind}+xml"/>' for name, kind in _PARTS.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, (kind, target) in targets.items()
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'
    )
