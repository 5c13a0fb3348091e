"""Shared strings in the plain spelling are cut by a pattern, all others read by expat: both must see the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading_files import MAIN, refusal_of, xlsx_parts, zipped
from xiangning_zyz.intake.reading import limits, xlsx_strings
from xiangning_zyz.intake.reading.archive import Archive
from xiangning_zyz.intake.reading.refusal import Refused

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TEXTS = st.lists(
    st.sampled_from(
        [*"甲a <>&!'\"\t\n\r", "𠮷", "&amp;", "&#19987;", "&#0;", "_x000D_", "_x001B_", "\uffff", "\x0b", "]]>"]
    ),
    max_size=3,
).map("".join)
ITEMS = st.builds(
    str.format,
    st.sampled_from(
        [
            *("<si><t>{}</t></si>",) * 4,
            '<si><t xml:space="preserve">{}</t></si>',
            '<si><t>{}</t><phoneticPr fontId="1" type="noConversion"/></si>',
            "<si><t>{}</t><rPh><t>x</t></rPh></si>",
            "<si><r><t>{}</t></r><r><t>x</t></r></si>",
            "<si><t>{}</t></si>\n",
            "<si><t/></si>",
            "<si/>",
            "<si><t>{}</t></si><!-- <si><t>y</t></si> -->",
        ]
    ),
    TEXTS,
)
BEGINNINGS = st.sampled_from(
    [
        f'{DECLARATION}<sst xmlns="{MAIN}" count="9" uniqueCount="9">',
        f'<sst xmlns="{MAIN}">',
        '<sst xmlns="urn:x">',
        f'<x:sst xmlns:x="{MAIN}">',
        f'<!DOCTYPE sst><sst xmlns="{MAIN}">',
    ]
)
ENDS = st.sampled_from(["</sst>"] * 5 + ["</sst>\n", "", "</x:sst>", "</sst>x"])


def strings_of(part: str, *, only_expat: bool = False) -> list[str] | str:
    """The strings of a part, or the problem with it."""
    pattern = xlsx_strings._plain_strings
    if only_expat:
        xlsx_strings._plain_strings = lambda _: None
    try:
        return xlsx_strings.shared_strings(Archive(zipped({"part": part})), "part")
    except Refused as refused:
        return str(refused)
    finally:
        xlsx_strings._plain_strings = pattern


@given(beginning=BEGINNINGS, items=st.lists(ITEMS, max_size=5).map("".join), end=ENDS)
def test_both_ways_see_the_same_strings(beginning, items, end):
    part = beginning + items + end

    assert strings_of(part) == strings_of(part, only_expat=True)


@pytest.mark.parametrize("phonetic", ["", '<phoneticPr fontId="1" type="noConversion"/>'])
def test_the_common_spelling_does_go_the_short_way(phonetic, monkeypatch):
    monkeypatch.setattr(xlsx_strings, "walk", None)
    items = f'<si><t>合计</t>{phonetic}</si><si><t xml:space="preserve"> 其中</t></si><si><t></t></si>'

    assert strings_of(f'{DECLARATION}<sst xmlns="{MAIN}" count="3" uniqueCount="3">{items}</sst>') == [
        "合计",
        " 其中",
        "",
    ]


def test_the_short_way_keeps_the_bound_on_all_strings(monkeypatch):
    parts = xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row>', strings=["<t>甲</t>"] * 10)
    monkeypatch.setattr(limits, "SHARED_CHARACTERS", 10 * 64)

    assert refusal_of(zipped(parts)) == "Z004"
