"""Names in sheets: exact, then alias; a near name is suggested and never taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import indicator, plan, task
from xiangning_zyz.intake.names import Found, Names, NotFound, normalised
from xiangning_zyz.plan import Department, Project, Segment

PLAN = plan(
    indicator("output_value", name="专业镇产值", aliases=("产值", "年产值")),
    indicator("enterprises", name="入驻企业", aliases=("入驻企业数",)),
    indicator("rd", name="每万人口R&D人员", aliases=()),
    tasks=[
        task("T01")._replace(title="培育壮大专业镇市场主体"),
        task("T02")._replace(no="（二）", clause="二（二）", title="鼓励中小微企业“专精特新”发展"),
        task("G01", kind="guarantee")._replace(clause="三（一）", title="强化组织保障"),
    ],
)._replace(
    segments=(Segment("zisha", "紫砂陶", ("紫砂",)), Segment("yunqiu", "云丘山农旅")),
    departments=(
        Department("县工信局", "乡宁县工业和信息化局", ("工信局",), ""),
        Department("县发改局", "乡宁县发展和改革局", (), ""),
    ),
    projects=(Project("P01", "T01", "滑雪度假区", ("滑雪度假区建设",), (), "", "stated"),),
)
NAMES = Names(PLAN)


@pytest.mark.parametrize(
    ("kind", "text", "id"),
    [
        ("indicator", "专业镇产值", "output_value"),
        ("indicator", " 产  值 ", "output_value"),
        ("indicator", "产值（亿元）", "output_value"),
        ("indicator", "一、年产值：", "output_value"),
        ("indicator", "2.入驻企业数（户）", "enterprises"),
        ("indicator", "★入驻企业", "enterprises"),
        ("indicator", "每万人口Ｒ＆Ｄ人员", "rd"),
        ("indicator", "output_value", "output_value"),
        ("segment", "其中：紫砂陶", "zisha"),
        ("segment", "　　#紫 砂", "zisha"),
        ("segment", "紫砂陶板块", "zisha"),
        ("department", "县工信局", "县工信局"),
        ("department", "工信局（盖章）", "县工信局"),
        ("department", "乡宁县工业和信息化局", "县工信局"),
        ("task", "（一）培育壮大专业镇市场主体。", "T01"),
        ("task", "鼓励中小微企业专精特新发展", "T02"),
        ("task", "t02", "T02"),
        ("task", "T01 培育壮大专业镇市场主体", "T01"),
        ("task", "二（二）", "T02"),
        ("task", "三（一）", "G01"),
        ("project", "滑雪度假区建设", "P01"),
    ],
)
def test_a_name_is_found_as_sheets_write_it(kind, text, id):
    assert NAMES.find(kind, text) == Found(id)


@pytest.mark.parametrize("text", ["（二）", "(二)", "二", "二、", "2", "02", "第二项"])
def test_a_number_names_a_key_task_only_where_numbers_are_expected(text):
    assert NAMES.find("task", text, numbered=True) == Found("T02")
    assert isinstance(NAMES.find("task", text), NotFound)


def test_a_number_that_contradicts_its_title_names_no_task():
    assert NAMES.find("task", "T02 培育壮大专业镇市场主体") == NotFound("培育壮大专业镇市场主体")


@pytest.mark.parametrize(
    ("kind", "text", "suggestion"),
    [
        ("indicator", "入住企业数", "入驻企业"),
        ("department", "县发展改革局", "县发改局"),
        ("task", "培育市场主体", "培育壮大专业镇市场主体"),
        ("project", "滑雪场", "滑雪度假区"),
        ("department", "县公安局", None),
        ("indicator", "森林覆盖率", None),
        ("indicator", "", None),
        ("indicator", "值", None),
        ("indicator", "产值" * 100, None),
    ],
)
def test_a_near_name_is_suggested_and_not_taken(kind, text, suggestion):
    assert NAMES.find(kind, text) == NotFound(suggestion)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("专业镇营业收入", "专业镇产值"),
        ("专业镇增加值", "专业镇产值"),
        ("签约企业数", "入驻企业数"),
        ("投产企业数", "入驻企业数"),
        ("入驻市场主体", "入驻企业"),
        ("专业镇产值增速", "专业镇产值"),
        ("第二产业产值", "第一产业产值"),
    ],
)
def test_different_things_are_not_even_suggested_for_each_other(text, near):
    names = Names(plan(indicator("x", name=near)))

    assert names.find("indicator", text) == NotFound(None)


def test_a_name_wins_over_an_alias_of_another():
    names = Names(plan(indicator("gross", name="总产值", aliases=("产值",)), indicator("net", name="产值")))

    assert names.find("indicator", "产值") == Found("net")


@given(st.text(max_size=40) | st.text("产值一二1.、（）()：:#★ 其中亿元单位T0", max_size=20))
def test_normalising_twice_changes_nothing(text):
    assert normalised(normalised(text)) == normalised(text)


@given(st.text(max_size=120), st.sampled_from(["indicator", "segment", "department", "task", "project"]), st.booleans())
def test_any_text_is_found_or_not(text, kind, numbered):
    assert isinstance(NAMES.find(kind, text, numbered=numbered), Found | NotFound)


def test_every_declared_spelling_finds_its_item_even_when_spaced_out():
    for item in PLAN.indicators:
        for spelling in (item.name, *item.aliases):
            assert NAMES.find("indicator", "　".join(spelling)) == Found(item.id)
