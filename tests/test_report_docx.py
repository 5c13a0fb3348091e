"""Word documents read back against GB/T 9704-2012 (clauses in the names' order), and rendered by LibreOffice."""

import io
import re
import subprocess
import zipfile
from datetime import date
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn

from report_states import as_pdf, document, program
from xiangning_zyz.report.blocks import Closing
from xiangning_zyz.report.to_docx import BadBase, to_docx
from xiangning_zyz.report.to_docx.base import own_base
from xiangning_zyz.report.to_docx.letter import signature, title_lines
from xiangning_zyz.report.to_docx.measures import LINE
from xiangning_zyz.report.to_docx.pictures import known

MM = 36000  # EMU


@pytest.fixture(scope="module")
def bulletin():
    return document("mid", "bulletin")


@pytest.fixture(scope="module")
def word(bulletin):
    return docx.Document(io.BytesIO(to_docx(bulletin)))


def styles_up(word, paragraph):
    """The paragraph's style and those it is based on."""
    style = paragraph.style
    while style is not None:
        yield style
        style = style.base_style


def look(word, paragraph, tag, attribute):
    """An effective run property, through the styles to the document's defaults."""
    for style in styles_up(word, paragraph):
        found = style.element.find(f"{qn('w:rPr')}/{qn(tag)}")
        if found is not None and found.get(qn(attribute)) is not None:
            return found.get(qn(attribute))
    return word.styles.element.find(f"{qn('w:docDefaults')}//{qn(tag)}").get(qn(attribute))


def of_style(word, name):
    return [each for each in word.paragraphs if each.style.name == name]


def test_paper_and_margins(word):
    for section in word.sections:
        portrait = section.orientation == 0
        size = (section.page_width, section.page_height)
        assert [round(side / MM) for side in size] == ([210, 297] if portrait else [297, 210])
        text = (
            size[0] - section.left_margin - section.right_margin,
            size[1] - section.top_margin - section.bottom_margin,
        )
        wide, high = (text[0] / MM, text[1] / MM) if portrait else (text[1] / MM, text[0] / MM)
        assert abs(wide - 156) < 0.1
        assert abs(high - 225) < 0.1
    first = word.sections[0]
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(each / MM) for each in margins] == [37, 35, 28, 26]


def test_grid_of_22_lines(word):
    grid = word.element.body.sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", str(LINE))
    assert 22 * LINE / 20 <= 225 / 25.4 * 72 < 23 * LINE / 20


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("公文正文", "仿宋", "32"),
        ("公文一级标题", "黑体", "32"),
        ("公文二级标题", "楷体", "32"),
        ("公文标题", "方正小标宋简体", "44"),
        ("公文主送", "仿宋", "32"),
        ("公文附件编号", "黑体", "32"),
    ],
)
def test_fonts_by_role(word, style, font, size):
    paragraphs = of_style(word, style)
    assert paragraphs
    for paragraph in paragraphs:
        assert look(word, paragraph, "w:rFonts", "w:eastAsia") == font
        assert look(word, paragraph, "w:sz", "w:val") == size


def test_body_is_indented_by_two_characters(word):
    style = word.styles["公文正文"].element
    assert style.find(f"{qn('w:pPr')}/{qn('w:ind')}").get(qn("w:firstLineChars")) == "200"


def test_heading_levels_show_in_the_navigation_pane(word):
    levels = [word.styles[f"公文{level}级标题"].element.find(f".//{qn('w:outlineLvl')}") for level in "一二三"]
    assert [level.get(qn("w:val")) for level in levels] == ["0", "1", "2"]


def test_a_red_head_with_its_number_and_line():
    made = document("mid", "bulletin")
    head = made.head._replace(style="bulletin", name="乡宁县人民政府办公室文件", number="乡政办发〔2025〕5号")
    word = docx.Document(io.BytesIO(to_docx(made._replace(head=head))))
    [red] = of_style(word, "公文红头")
    assert look(word, red, "w:color", "w:val") == "FF0000"
    [number] = of_style(word, "公文字号")
    assert re.fullmatch(r"\S+〔20\d\d〕[1-9]\d*号", number.text)
    line = number._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert line.get(qn("w:color")) == "FF0000"


def test_page_numbers_outside_with_dashes(word):
    assert word.settings.odd_and_even_pages_header_footer
    for section, alignments in ((word.sections[0], ("right", "left")),):
        for footer, alignment in zip((section.footer, section.even_page_footer), alignments, strict=True):
            [line] = footer.paragraphs
            assert line.text == "— 1 —"
            assert "PAGE" in line._p.xpath("string(.//w:instrText)")
            assert line._p.xpath("string(./w:pPr/w:jc/@w:val)") == alignment
            assert look(word, line, "w:sz", "w:val") == "28"


def test_landscape_pages_keep_their_number_where_the_upright_ones_have_it(word):
    wide = [section for section in word.sections if section.orientation == 1]
    assert wide
    for section in wide:
        for footer in (section.footer, section.even_page_footer):
            xml = footer._element.xml
            assert 'vert="vert"' in xml
            assert "PAGE" in xml


def test_the_list_of_annexes_names_them_as_they_are_titled(word, bulletin):
    listed = [re.sub(r"^(附件：)?\d+\.\t", "", each.text) for each in of_style(word, "公文附件说明")]
    assert listed == [annex.title for annex in bulletin.annexes]
    assert [each.text for each in of_style(word, "公文附件标题")] == listed
    assert [each.text for each in of_style(word, "公文附件编号")] == [f"附件{n}" for n in range(1, len(listed) + 1)]
    assert not any(each.endswith(("。", "；")) for each in listed)


def test_tables_repeat_their_heads_and_keep_rows_whole(word):
    assert word.tables
    for table in word.tables:
        head, *rows = table._tbl.tr_lst
        assert head.xpath("./w:trPr/w:tblHeader")
        assert all(row.xpath("./w:trPr/w:cantSplit") for row in rows)


def test_pictures_have_words_for_who_cannot_see_them(word):
    pictures = word.element.body.xpath(".//wp:inline/wp:docPr")
    assert len(pictures) == 5
    assert all("走势图" in each.get("descr") for each in pictures)


def test_numbers_of_drawings_differ(word):
    parts = [word.element, *(f._element for s in word.sections for f in (s.footer, s.even_page_footer))]
    numbers = [each.get("id") for part in parts for each in part.xpath(".//wp:docPr")]
    assert len(numbers) == len(set(numbers))


def test_title_breaks_between_its_pieces_only():
    pieces = ("关于2025年6月", "专业镇发展工作", "进展情况的通报")
    assert title_lines(pieces) == ["关于2025年6月", "专业镇发展工作进展情况的通报"]
    assert title_lines(("短标题",)) == ["短标题"]
    assert title_lines(()) == []


def test_date_stands_two_characters_right_of_the_name_unsealed_and_four_from_the_edge_sealed():
    closing = Closing("乡宁县专业镇发展工作专班办公室", "2025年7月8日", sealed=False, copies=(), printer="", printed="")
    _, name, day = signature(closing)
    # 15 characters and 2 from the edge; the date takes 7.25 (six digits 3, three words 3,
    # five meetings of both 1.25): 2 + 15 − 2 − 7.25 = 7.75.
    assert ('w:rightChars="200"' in name, 'w:rightChars="775"' in day) == (True, True)
    _, name, day = signature(closing._replace(sealed=True))
    assert 'w:rightChars="400"' in day


def test_same_blocks_same_bytes(bulletin):
    assert to_docx(bulletin) == to_docx(bulletin)


def test_every_part_is_xml_and_nothing_hostile_acts():
    content = to_docx(document("hostile", "bulletin"))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(package.read(name))  # noqa: S314  # our own file
                assert not [each for each in root.iter() if "TargetMode" in each.attrib]
        text = package.read("word/document.xml").decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "\\u202E" in text
    assert "{{ 7 * 7 }}" in text


def test_the_office_s_own_base_keeps_its_margins_and_styles(bulletin):
    office = docx.Document()
    office.sections[0].left_margin = 40 * MM
    office.add_paragraph("旧内容")
    out = io.BytesIO()
    office.save(out)
    word = docx.Document(io.BytesIO(to_docx(bulletin, out.getvalue())))
    assert round(word.sections[0].left_margin / MM) == 40
    assert "旧内容" not in "".join(each.text for each in word.paragraphs)
    assert of_style(word, "公文标题")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_a_base_that_is_no_document_is_refused(bulletin, content):
    with pytest.raises(BadBase):
        to_docx(bulletin, content or b"x")


def test_our_base_is_a_document_for_chinese():
    word = docx.Document(io.BytesIO(own_base()))
    settings = word.settings.element.xml
    assert 'w:eastAsia="zh-CN"' in settings
    assert 'compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"' in settings


def test_our_font_has_what_it_says():
    assert {"专", "业", "镇", "％", "—", "A", "9"} <= known()
    assert "喆" not in known()


@pytest.mark.parametrize("state", ["empty", "mid", "late"])
def test_rendered_it_has_22_lines_of_28_characters_and_text_on_page_one(tmp_path, state):
    made = document(state, "bulletin")
    long = "全" * 28 * 60  # no digits: programs put space between them and Chinese characters
    body = (*made.blocks[:1], *(made.blocks[0]._replace(runs=(long,)),))
    path = tmp_path / "报告.docx"
    path.write_bytes(to_docx(made._replace(blocks=body, annexes=())))
    pdf = as_pdf(path)
    text = subprocess.run(
        [program("pdftotext"), "-layout", pdf, "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    pages = text.split("\f")
    assert "为推动" in pages[0]
    full = [line.strip() for line in pages[1].splitlines() if set(line.strip()) == {"全"}]
    assert len(full) == 22
    assert set(map(len, full)) == {28}
    assert re.search("— ?2 ?—", pages[1])


def test_rendered_long_words_stay_on_their_pages(tmp_path):
    path = tmp_path / "长.docx"
    path.write_bytes(to_docx(document("long", "annex")))
    pages = subprocess.run([program("pdfinfo"), as_pdf(path)], capture_output=True, encoding="utf-8", check=True).stdout
    assert int(re.search(r"Pages:\s+(\d+)", pages)[1]) < 40


def test_document_says_on_which_day_it_was_made(word):
    assert word.core_properties.created.date() == date(2025, 7, 8)
