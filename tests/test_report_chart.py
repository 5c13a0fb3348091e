"""Charts: geometry that can be checked by hand, words that stay words."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_states import document
from xiangning_zyz.report.blocks import Band, Chart, Mark, Table
from xiangning_zyz.report.to_docx.pictures import png
from xiangning_zyz.report.to_svg import HEIGHT, WIDTH, to_svg

TABLE = Table("data", "数据", (), ())


def chart(values=("4.1",), *, milestones=("10",), title="产值（亿元）", forecast=()):
    history = (tuple(Mark(24293 + place, Decimal(value), value) for place, value in enumerate(values)),)
    goals = tuple(Mark(24311, Decimal(value), value) for value in milestones)
    bands = tuple(Band(24311, *map(Decimal, each), "") for each in forecast)
    return Chart("c", "产值", title, "亿元", "说明", 24276, 24335, history if values else (), (), goals, bands, TABLE)


def drawn(made):
    return ElementTree.fromstring(to_svg(made))  # noqa: S314  # our own picture


def labels(made):
    return [each.text for each in drawn(made).iter("{http://www.w3.org/2000/svg}text")]


def test_the_axis_ends_at_the_first_round_step_above_everything():
    assert [text for text in labels(chart(["92"], milestones=["90"])) if text in ("0", "25", "50", "75", "100")] == [
        "0",
        "25",
        "50",
        "75",
        "100",
    ]


def test_values_stand_on_their_height():
    [milestone] = [
        each for each in drawn(chart(milestones=["10"])).iter() if each.get("fill") == "#9a3412" and each.get("points")
    ][:1]
    _, top, *_ = re.findall(r"[\d.]+", milestone.get("points"))
    assert float(top) == 34 - 5  # the axis ends at 10: the upper edge, less half the diamond


def test_without_data_it_says_so():
    assert "暂无数据" in labels(chart([]))
    assert "实际" not in labels(chart([]))


@given(
    st.lists(st.decimals(min_value=0, max_value=10**9, places=3).map(str), max_size=12),
    st.lists(st.decimals(min_value=0, max_value=10**9, places=3).map(str), min_size=1, max_size=4),
    st.text(),
)
def test_any_course_is_a_picture_within_its_frame(values, milestones, title):
    root = drawn(chart(values, milestones=milestones, title=title))
    for each in root.iter("{http://www.w3.org/2000/svg}polyline"):
        numbers = list(map(float, re.findall(r"-?[\d.]+", each.get("points"))))
        assert all(-0.1 <= x <= WIDTH + 0.1 for x in numbers[::2])
        assert all(-0.1 <= y <= HEIGHT + 0.1 for y in numbers[1::2])


def test_a_cumulative_of_this_year_leads_no_wedge_into_the_next():
    charts = [block for block in document("mid", "dashboard").blocks if isinstance(block, Chart)]
    [output] = [each for each in charts if each.subject == "专业镇产值"]
    assert len(output.forecast) == 2
    assert to_svg(output).count('fill-opacity="0.6"') == 1


@pytest.mark.parametrize("title", ["产值", "𠮷喆", "\x00<b>"])
def test_the_picture_is_the_same_on_every_machine(title):
    made = chart(title=title)
    assert png(made) == png(made)
    assert png(made).startswith(b"\x89PNG")
