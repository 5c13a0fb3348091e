"""Templates of reports: what they may write, and that nothing put into them becomes markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.report.blocks import Figure, Heading, Paragraph, text_of
from xiangning_zyz.report.compose.prose import BUNDLED, BadTemplate, Templates, numbered, prose


@pytest.fixture
def filled(tmp_path):
    def fill(text, **values):
        (tmp_path / "x.j2").write_text(text, encoding="utf-8")
        return prose(Templates(tmp_path), "x.j2", values)

    return fill


def lines(made):
    return [(type(block).__name__, text_of(block.runs)) for block in made.blocks]


def test_headings_are_numbered_as_official_documents_number_them(filled):
    made = filled("标题：甲\n---\n# 总体\n## 指标\n一段话。\n## 任务\n# 问题\n### 细目\n")
    assert [block.number for block in made.blocks if isinstance(block, Heading)] == [
        "一、",
        "（一）",
        "（二）",
        "二、",
        "1.",
    ]
    assert made.parts == {"标题": "甲"}


@pytest.mark.parametrize(
    ("count", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九")]
)
def test_chinese_numbers(count, words):
    assert numbered(1, count) == f"{words}、"


def test_a_figure_keeps_its_facts_within_the_sentence(filled):
    figure = Figure("4.1亿元", ("a fact",))
    made = filled("标题：甲\n---\n产值{{ 值 }}，\n", 值=figure)
    assert made.blocks == (Paragraph(("产值", figure, "，")),)


@pytest.mark.parametrize(
    "hostile",
    ["# 标题", "a\n# b\n\n---\n", "{{ 7 * 7 }}", "{% for x in y %}", "<b>&amp;", "\ue0000\ue001", "\u2028# x"],
)
def test_words_put_in_stay_words(filled, hostile):
    made = filled("标题：甲\n---\n{{ 话 }}\n", 话=hostile)
    assert [type(block) for block in made.blocks] == [Paragraph]
    assert "49" not in text_of(made.blocks[0].runs)
    assert "\n" not in text_of(made.blocks[0].runs)


@given(st.text())
def test_any_text_is_one_paragraph_or_none(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "x.j2").write_text("标题：{{ 话 }}\n---\n{{ 话 }}\n", encoding="utf-8")
    made = prose(Templates(folder), "x.j2", {"话": text})
    assert len(made.blocks) <= 1
    assert set(made.parts) == {"标题"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("标题：甲\n---\n{{ 没有 }}\n", "没有"),
        ("标题：甲\n---\n第二行\n{% if %}\n", "第4行"),
        ("标题：甲\n正文\n", "---"),
        ("标题 甲\n---\n正文\n", "冒号"),
        ("标题：甲\n---\n{{ 1 / 0 }}\n", "zero"),
        ("标题：甲\n---\n{{ ''.__class__ }}\n", "x.j2"),
    ],
)
def test_a_faulty_template_is_named_with_what_is_wrong(filled, text, said):
    with pytest.raises(BadTemplate, match=said):
        filled(text)


def test_the_office_s_template_goes_before_the_bundled_one(tmp_path):
    (tmp_path / "brief.j2").write_text("标题：自拟\n---\n正文\n", encoding="utf-8")
    assert Templates(tmp_path).read("brief.j2")[0].startswith("标题：自拟")
    assert Templates(tmp_path).read("bulletin.j2")[1].parent == BUNDLED


def test_a_template_not_in_utf_8_is_refused(tmp_path):
    (tmp_path / "brief.j2").write_bytes("标题：甲\n---\n".encode("gb18030"))
    with pytest.raises(BadTemplate, match="UTF-8"):
        Templates(tmp_path).read("brief.j2")
