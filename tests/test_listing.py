import json

from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.report.json_text import json_pieces, to_json
from xiangning_zyz.report.listing import (
    Field,
    Flow,
    Listing,
    csv_pieces,
    folded,
    md_pieces,
    plain_pieces,
    to_csv,
    to_md,
    to_plain,
    to_table,
)
from xiangning_zyz.report.visible import csv_field, escaped_json, visible, width

LISTING = Listing(
    title="目标",
    heads=("指标", "实际"),
    rows=(("专业镇产值", "4.12"), (Field("入驻企业", "bad"), "54")),
    notes=("口径：累计",),
    numeric=frozenset({1}),
)


def test_a_table_aligns_chinese_by_the_columns_it_takes():
    assert to_table([LISTING], columns=None, colour=False) == (
        "目标\n指标        实际\n──────────  ────\n专业镇产值  4.12\n入驻企业      54\n口径：累计\n"
    )


def test_colour_adds_to_words_and_is_absent_unless_asked_for():
    assert "\x1b[31m入驻企业\x1b[0m" in to_table([LISTING], columns=None, colour=True)
    assert "\x1b" not in to_table([LISTING], columns=None, colour=False)


def test_a_narrow_terminal_wraps_and_loses_nothing():
    long = Listing("", ("序号", "责任部门"), (("（一）", "县工信局、县农业农村局、县文旅局、县发改局、县财政局"),))

    printed = to_table([long], columns=40, colour=False)

    assert all(width(line) <= 40 for line in printed.splitlines())
    body = "".join("".join(printed.splitlines()[2:]).split())
    assert body == "（一）县工信局、县农业农村局、县文旅局、县发改局、县财政局"


def test_dates_stay_whole_while_words_can_give_way():
    row = ("县民营经济发展促进中心", "2024-06-28", "2024年6月", "塔尔坡古村提升改造完成主体施工")
    listing = Listing("", ("部门", "截止日", "报告期", "事项"), (row,))

    printed = to_table([listing], columns=46, colour=False)

    assert all(width(line) <= 46 for line in printed.splitlines())
    assert "2024-06-28" in printed
    assert "2024年6月" in printed


def test_where_there_is_no_room_for_whole_dates_they_break_and_are_not_cut():
    listing = Listing("", ("甲", "乙", "丙"), (("2024-06-28", "2024-06-29", "2024-06-30"),))

    printed = to_table([listing], columns=28, colour=False).splitlines()

    assert max(map(width, printed)) == 28
    assert sorted("".join(printed[2:]).replace(" ", "")) == sorted("".join(listing.rows[0]))


def test_more_columns_than_fit_are_set_record_by_record_and_never_run_over_the_edge():
    heads = tuple(f"第{number}栏" for number in range(1, 10))
    rows = (("塔尔坡古村提升改造完成主体施工", "", *("县文旅局",) * 7), (Field("滑雪度假区", "bad"), *("",) * 8))

    printed = to_table([Listing("项目", heads, rows)], columns=40, colour=False)

    assert all(width(line) <= 40 for line in printed.splitlines())
    assert printed.splitlines()[:4] == ["项目", "─" * 40, "第1栏  塔尔坡古村提升改造完成主体施工", "第3栏  县文旅局"]
    assert printed.splitlines()[-1] == "第1栏  滑雪度假区"
    assert "\x1b[31m滑雪度假区" in to_table([Listing("", heads, rows)], columns=40, colour=True)
    assert to_table([Listing("", heads, rows)], columns=None, colour=False).splitlines()[0].split() == list(heads)


@given(st.text(), st.integers(2, 40))
def test_folding_keeps_every_character_but_blanks(text, columns):
    lines = folded(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= columns for line in lines)


def test_plain_is_one_record_a_line_without_title_or_notes():
    assert to_plain([LISTING]) == "指标        实际\n专业镇产值  4.12\n入驻企业      54\n"


def test_csv_opens_in_excel_and_holds_no_formula():
    listing = Listing("", ("说明", "数"), (("=cmd|'/c calc'!A1", "-1.8"), ("-5%的原因", "+补报")))
    assert to_csv([listing]) == "\ufeff说明,数\r\n'=cmd|'/c calc'!A1,-1.8\r\n'-5%的原因,'+补报\r\n"


def test_negative_numbers_stay_numbers_in_csv():
    assert csv_field("-1,234.5") == "-1,234.5"
    assert csv_field("-12.5%") == "-12.5%"


def test_markdown_cannot_be_injected_from_cell_text():
    printed = to_md([Listing("甲", ("乙",), (("a|b<script>[x](y)\nz",),))])
    assert "a\\|b\\<script\\>\\[x\\](y) z" in printed


def test_escapes_controls_and_direction_marks_are_shown_not_obeyed():
    assert visible("\x1b[31m红\x9b\u202e") == "\\u001B[31m红\\u009B\\u202E"
    assert visible("一\n二") == "一 二"


@given(st.text())
def test_nothing_visible_acts_on_a_terminal(text):
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2028" for c in visible(text))


def test_json_text_keeps_its_value_and_loses_its_escapes():
    assert escaped_json('"\x9b\u202e"') == '"\\u009b\\u202e"'


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=30,
)


@given(VALUES)
def test_json_text_is_spelled_as_the_standard_library_does(value):
    assert to_json(value) == escaped_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def test_json_comes_in_pieces_while_a_list_is_gone_through():
    taken = []

    def values():
        for number in range(10_000):
            taken.append(number)
            yield {"ref": f"D{number}", "value": None}

    pieces = json_pieces({"sheets": [{"values": values(), "none": iter(())}]})
    first = next(pieces)

    assert len(taken) < 3_000
    told = json.loads(first + "".join(pieces))
    assert told["sheets"][0]["values"][9_999] == {"ref": "D9999", "value": None}
    assert told["sheets"][0]["none"] == []


def test_a_flow_is_spelled_like_a_listing_while_its_rows_come():
    rows = [("企业", str(number)) for number in range(5_000)]
    listing = Listing("名录", ("名称", "数"), tuple(rows), ("注",), frozenset({1}))

    for spelled, pieces in ((to_csv, csv_pieces), (to_plain, plain_pieces), (to_md, md_pieces)):
        coming = iter(rows)
        flow = Flow("名录", ("名称", "数"), coming, ("注",), frozenset({1}))
        begun = pieces([flow])
        first = [next(begun) for _ in range(3)]
        assert sum(1 for _ in coming) >= 3_900, "only what is needed has been taken"
        again = Flow("名录", ("名称", "数"), iter(rows), ("注",), frozenset({1}))
        assert spelled([again]) == spelled([listing])
        assert spelled([listing]).startswith("".join(first))
