"""The shipped plan says what 乡政办发〔2023〕30号 says. Read with PyYAML alone: our own loader is not its judge."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent
DATA = ROOT.parent / "data"
SOURCE = ROOT / "golden" / "plan" / "source.txt"

ZONE = "乡宁生态文化旅游示范区管委会"
PRIVATE = "县民营经济发展促进中心"

# Typed from the plan's brackets, 二（一）…（十）, in their order.
OWNERS = {
    "T01": f"{ZONE} 县行政审批局 县工信局 县农业农村局 县文旅局 县发改局 县财政局 县科技服务中心 "
    f"县自然资源局 县市场监管局 县能源局 县金融办 {PRIVATE}",
    "T02": f"{ZONE} 县工信局 县农业农村局 县文旅局 县发改局 县财政局 县市场监管局 "
    f"县行政审批局 县能源局 县金融办 {PRIVATE}",
    "T03": f"{ZONE} 县工信局 县农业农村局 县文旅局 县发改局 县财政局 县市场监管局 "
    f"县行政审批局 县科技服务中心 县教科局 县人社局 {PRIVATE}",
    "T04": f"{ZONE} 县工信局 县农业农村局 县文旅局 县发改局 县财政局 县自然资源局 "
    f"市生态环境局乡宁分局 县市场监管局 县行政审批局 县能源局 {PRIVATE}",
    "T05": f"{ZONE} 县工信局 县农业农村局 县文旅局 县发改局 县财政局 县市场监管局 "
    f"县行政审批局 县科技服务中心 {PRIVATE}",
    "T06": f"{ZONE} 县市场监管局 县科技服务中心 县工信局 县农业农村局 县文旅局 县发改局 "
    f"县财政局 县行政审批局 县民政局 {PRIVATE}",
    "T07": f"{ZONE} 县工信局 县农业农村局 县文旅局 {PRIVATE}",
    "T08": f"{ZONE} 县工信局 县科技服务中心 县人社局 县市场监管局 {PRIVATE}",
    "T09": f"县委组织部 {ZONE} 县人社局 县工信局 县市场监管局 {PRIVATE}",
    "T10": f"{ZONE} 县自然资源局 县能源局 县住建局 县教科局 县人社局 县交通运输局 县工信局 "
    f"县农业农村局 县文旅局 县发改局 县财政局 县市场监管局 县行政审批局 国家税务总局乡宁县税务局 "
    f"县金融办 {PRIVATE}",
}

# Typed from 一（二）: indicator, by, operator and value, basis. 以上 includes the number, 突破 does not.
MILESTONES = [
    ("enterprises", "2023-12-31", "at_least 50", "stated"),
    ("enterprises", "2025-12-31", "at_least 70", "stated"),
    ("enterprises", "2027-12-31", "at_least 90", "stated"),
    ("output_value", "2023-12-31", "above 7", "stated"),
    ("output_value", "2025-12-31", "above 10", "stated"),
    ("output_value", "2027-12-31", "above 15", "stated"),
    ("innovation_platforms", "2027-12-31", "at_least 10", "inferred"),
    ("rd_personnel_per_10k", "2027-12-31", "at_least 20", "inferred"),
    ("rd_intensity", "2027-12-31", "at_least 1", "inferred"),
    ("employment", "2027-12-31", "at_least 20000", "stated"),
]

# Indicator: name, unit, kind.
MEASURED = {
    "enterprises": ("入驻企业", "户", "stock"),
    "output_value": ("专业镇产值", "亿元", "flow"),
    "innovation_platforms": ("公共技术创新服务平台", "个", "stock"),
    "rd_personnel_per_10k": ("每万人口R&D人员", "人", "ratio"),
    "rd_intensity": ("全社会研发投入占GDP比重", "%", "ratio"),
    "rd_personnel": ("R&D人员", "人", "stock"),
    "population": ("常住人口", "万人", "stock"),
    "rd_expenditure": ("全社会研发投入", "亿元", "flow"),
    "gdp": ("地区生产总值", "亿元", "flow"),
    "output_primary": ("第一产业产值", "亿元", "flow"),
    "output_secondary": ("第二产业产值", "亿元", "flow"),
    "output_tertiary": ("第三产业产值", "亿元", "flow"),
    "hightech_share": ("高新技术产业比例", "%", "ratio"),
    "modern_services_share": ("现代服务业比例", "%", "ratio"),
    "knowledge_product_share": ("知识密集型产品比例", "%", "ratio"),
    "technology_product_share": ("技术密集型产品比例", "%", "ratio"),
    "employment": ("带动从业人员", "人", "stock"),
}


@cache
def shipped(name: str) -> Any:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8"))


def indicators() -> dict[str, Any]:
    return {indicator["id"]: indicator for indicator in shipped("targets")["indicators"]}


def tasks(kind: str) -> dict[str, Any]:
    return {task["id"]: task for task in shipped("tasks")["tasks"] if task["kind"] == kind}


def squeezed(text: str) -> str:
    """Without white space and the extraction's stray asterisks."""
    return re.sub(r"[\s*]", "", text)


@cache
def plan_text() -> str:
    return squeezed(SOURCE.read_text("utf-8"))


def quotations(node: Any) -> Iterator[str]:
    """Every quote anywhere in the data."""
    if isinstance(node, list):
        for item in node:
            yield from quotations(item)
    elif isinstance(node, dict):
        if "quote" in node:
            yield node["quote"]
        yield from quotations(list(node.values()))


def words(item: dict[str, Any]) -> list[str]:
    """All names an item answers to."""
    return [item.get("name", item["id"]), *item.get("aliases", [])]


def test_the_plan_is_named_as_its_head_names_it():
    assert shipped("targets")["plan"] == {
        "id": "xiangning",
        "title": "乡宁县促进专业镇高质量发展实施方案",
        "document": "乡政办发〔2023〕30号",
        "issuer": "乡宁县人民政府办公室",
        "issued": date(2023, 6, 2),
        "start": date(2023, 1, 1),
        "end": date(2027, 12, 31),
        "soft": "力争经过五年发展",
    }


def test_indicators_have_the_contracts_ids_names_units_and_kinds():
    assert {key: (item["name"], item["unit"], item["kind"]) for key, item in indicators().items()} == MEASURED


def test_the_words_of_the_plan_are_understood():
    assert {"产值", "年产值"} < set(words(indicators()["output_value"]))
    assert {"入驻企业", "专业镇入驻企业"} < set(words(indicators()["enterprises"]))
    assert {"带动从业人员", "产业带动就业人数"} < set(words(indicators()["employment"]))


def test_a_percentage_ends_at_100():
    percentages = {key for key, item in indicators().items() if item["unit"] == "%"}

    assert {key for key, item in indicators().items() if item.get("limit") == 100} == percentages


def test_every_milestone_of_the_plan_and_no_other():
    found = [
        (key, str(milestone["by"]), f"{op} {milestone[op]}", milestone["basis"])
        for key, indicator in indicators().items()
        for milestone in indicator.get("milestones", [])
        for op in milestone.keys() & {"above", "at_least", "at_most", "below"}
    ]

    assert found == MILESTONES


def test_each_milestones_number_stands_in_its_quote():
    for indicator in indicators().values():
        for milestone in indicator.get("milestones", []):
            value = milestone.get("at_least", milestone.get("above"))
            assert value in re.findall(r"\d+", milestone["quote"]), milestone["quote"]


def test_values_are_text_so_no_digit_is_lost():
    assert all(
        isinstance(milestone.get("at_least", milestone.get("above")), str)
        for indicator in indicators().values()
        for milestone in indicator.get("milestones", [])
    )


def test_trend_goals_rise():
    assert {key: item["trend"] for key, item in indicators().items() if "trend" in item} == dict.fromkeys(
        [
            "output_primary",
            "output_secondary",
            "output_tertiary",
            "hightech_share",
            "modern_services_share",
            "knowledge_product_share",
            "technology_product_share",
            "employment",
        ],
        "rising",
    )


def test_what_the_plan_does_not_say_is_marked_inferred():
    inferred = {key for key, item in indicators().items() if item.get("basis", "stated") == "inferred"}

    assert inferred == {
        *("rd_personnel", "population", "rd_expenditure", "gdp"),  # the plan names only the ratios
        *("output_primary", "output_secondary", "output_tertiary"),  # 三次产业结构明显增长, read as three outputs
    }


def test_ratios_with_a_formula_name_their_parts():
    assert {key: item["formula"] for key, item in indicators().items() if "formula" in item} == {
        "rd_personnel_per_10k": "rd_personnel / population",
        "rd_intensity": "rd_expenditure / gdp",
    }


def test_statistical_figures_come_from_the_statistics_office_and_months_late():
    statistical = {key for key, item in indicators().items() if item["reporters"] == ["县统计局"]}

    assert statistical == {
        "rd_personnel_per_10k",
        "rd_intensity",
        "rd_personnel",
        "population",
        "rd_expenditure",
        "gdp",
    }
    assert {key for key, item in indicators().items() if item.get("published_after_months") == 11} == (
        statistical - {"population"}  # 2023's R&D came out on 2024-11-07, the population of a year comes in spring
    )
    assert all(indicators()[key]["frequency"] == "year" for key in statistical)


def test_segments_are_the_three_brands_and_the_rest():
    assert [(item["id"], item["name"]) for item in shipped("targets")["segments"]] == [
        ("zisha", "紫砂陶"),
        ("rongzi", "戎子酒庄"),
        ("yunqiu", "云丘山农旅"),
        ("other", "其他"),
    ]
    for key in ("enterprises", "output_value", "employment"):
        assert indicators()[key]["segments"] == ["zisha", "rongzi", "yunqiu", "other"]


def test_qualitative_goals_are_eight():
    assert {goal["name"] for goal in shipped("targets")["qualitative"]} == {
        "文化生态体系基本形成",
        "传统产业转型升级",
        "产业集聚力",
        "主导产业现代化先进性",
        "一二三产融合",
        "增加收入",
        "国际科技合作",
        "辐射引领",
    }
    assert len(shipped("targets")["qualitative"]) == 8


def test_no_baseline_is_invented():
    assert not [key for key, item in indicators().items() if "baseline" in item]


@pytest.mark.parametrize("task", OWNERS)
def test_a_key_task_has_the_plans_departments_in_the_plans_order(task):
    assert tasks("key")[task]["departments"] == OWNERS[task].split()


def test_the_owner_lists_of_this_test_are_the_plans_brackets():
    brackets = re.findall(r"[（(]责任(?:部门|单位)：(.*?)[）)]", plan_text())

    slips_mended = [re.sub("(?<!县)自然资源局", "县自然资源局", bracket).split("、") for bracket in brackets]

    assert slips_mended == [owners.split() for owners in OWNERS.values()]


def test_ten_key_tasks_make_103_pairs_of_21_departments():
    owners = [department for task in tasks("key").values() for department in task["departments"]]

    assert [len(task["departments"]) for task in tasks("key").values()] == [13, 11, 12, 12, 10, 11, 5, 6, 6, 17]
    assert len(owners) == 103
    assert len(set(owners)) == 21
    assert {name for name, count in Counter(owners).items() if count == 10} == {ZONE, "县工信局", PRIVATE}


def test_tasks_are_numbered_as_in_the_plan():
    numerals = "一二三四五六七八九十"

    assert [(task["id"], task["no"], task["clause"]) for task in shipped("tasks")["tasks"]] == [
        *((f"T{n:02}", f"（{numeral}）", f"二（{numeral}）") for n, numeral in enumerate(numerals, 1)),
        *((f"G{n:02}", f"（{numeral}）", f"三（{numeral}）") for n, numeral in enumerate("一二三四", 1)),
    ]


def test_task_titles_are_the_plans_headings():
    for task in shipped("tasks")["tasks"]:
        # Parts 一 and 三 repeat the numbers; a heading follows its number at once.
        assert re.search(rf"[（(]{task['no'][1:-1]}[)）]{re.escape(task['title'])}", plan_text()), task["id"]


def test_every_task_has_measures_numbered_under_it():
    for task in shipped("tasks")["tasks"]:
        assert [measure["id"] for measure in task["measures"]] == [
            f"{task['id']}-{n}" for n in range(1, len(task["measures"]) + 1)
        ]


def test_measures_are_quoted_from_their_own_task():
    text = plan_text()[plan_text().index("二、重点工作") :]
    for task in shipped("tasks")["tasks"]:
        paragraph = text[text.index(task["title"]) :]
        end = re.search(r"[（(][一二三四五六七八九十][)）](?!、)|抄送：", paragraph)
        assert end
        for measure in task["measures"]:
            assert squeezed(measure["text"]) in paragraph[: end.start()], measure["id"]


def test_guarantee_measures_carry_no_departments():
    assert [(key, task["departments"]) for key, task in tasks("guarantee").items()] == [
        ("G01", []),
        ("G02", []),
        ("G03", []),
        ("G04", []),
    ]


def test_every_owner_and_reporter_is_declared_and_the_statistics_office_owns_nothing():
    declared = {department["id"] for department in shipped("tasks")["departments"]}
    owners = {department for task in shipped("tasks")["tasks"] for department in task["departments"]}
    reporters = {department for item in indicators().values() for department in item["reporters"]}
    builders = {department for project in shipped("tasks")["projects"] for department in project["departments"]}

    assert declared == owners | {"县统计局"}
    assert reporters | builders <= declared
    assert "县统计局" not in owners


def test_a_county_office_is_known_with_and_without_the_county():
    for item in shipped("tasks")["departments"]:
        known = set(words(item))
        assert item["full_name"] in known
        if item["id"].startswith("县"):
            assert "乡宁" + item["id"] in known
            assert item["id"].removeprefix("县委").removeprefix("县") in known


def test_the_plans_slip_is_an_alias():
    slip = next(item for item in shipped("tasks")["departments"] if "自然资源局" in item["aliases"])

    assert slip["id"] == "县自然资源局"
    assert "二（十）" in slip["note"]


@pytest.mark.parametrize(
    "items",
    [
        pytest.param(lambda: shipped("targets")["indicators"], id="indicators"),
        pytest.param(lambda: shipped("targets")["segments"], id="segments"),
        pytest.param(lambda: shipped("tasks")["departments"], id="departments"),
        pytest.param(lambda: shipped("tasks")["projects"], id="projects"),
    ],
)
def test_no_name_means_two_things(items):
    counted = Counter(word for item in items() for word in words(item))

    assert not [word for word, count in counted.items() if count > 1]


def test_no_alias_blurs_what_offices_keep_apart():
    """产值 is not revenue or value added, a firm is not any 市场主体, 签约 is not 入驻, heads are not person-years."""
    for item in indicators().values():
        assert not re.search("营业收入|营收|增加值|市场主体|签约|投产|全时当量|户籍", " ".join(words(item)))


def test_goals_and_tasks_point_at_each_other():
    from_goals = {(key, task) for key, item in indicators().items() for task in item.get("tasks", [])}
    from_tasks = {(key, task["id"]) for task in shipped("tasks")["tasks"] for key in task.get("indicators", [])}

    assert from_goals == from_tasks
    aims = {key for key, item in indicators().items() if "milestones" in item or "trend" in item}
    assert aims <= {key for key, _ in from_goals}


def test_key_projects_are_those_of_task_four():
    projects = shipped("tasks")["projects"]

    assert [(project["id"], project["task"], project["name"]) for project in projects] == [
        ("P01", "T04", "紫砂陶小镇基础设施配套"),
        ("P02", "T04", "商业综合体"),
        ("P03", "T04", "紫砂材料研发等项目引进"),
        ("P04", "T04", "戎子酒庄葡萄种植研学旅游体验中心"),
        ("P05", "T04", "塔尔坡古村提升改造"),
        ("P06", "T04", "滑雪度假区"),
        ("P07", "T04", "土地庙游客服务中心"),
        ("P08", "T04", "商业街改造"),
    ]
    assert all(project["departments"] == OWNERS["T04"].split() for project in projects)


def test_the_working_group_is_made_up_as_in_part_three():
    assert [(seat["role"], seat["who"]) for seat in shipped("tasks")["working_group"]] == [
        ("组长", "县政府分管副县长"),
        ("副组长", "县政府协管副主任"),
        ("副组长", "县工信局主要负责人"),
        ("副组长", "县农业农村局主要负责人"),
        ("副组长", "县文旅局主要负责人"),
        ("办公室", "县工信局"),
        ("办公室主任", "县工信局局长"),
        ("办公室副主任", "县工信局分管负责人"),
        ("办公室副主任", "县农业农村局分管负责人"),
        ("办公室副主任", "县文旅局分管负责人"),
    ]


def test_every_quote_is_found_in_the_plan():
    found = [*quotations(shipped("targets")), *quotations(shipped("tasks")), shipped("targets")["plan"]["soft"]]

    assert len(found) > 50  # the search itself found them
    assert [quote for quote in found if squeezed(quote) not in plan_text()] == []


def test_every_item_of_the_plan_carries_a_quote_and_its_clause():
    for item in [*shipped("targets")["indicators"], *shipped("targets")["qualitative"]]:
        assert item["clause"] == "一（二）"
        assert item["quote"]
    for item in [*shipped("tasks")["tasks"], *shipped("tasks")["projects"], *shipped("tasks")["working_group"]]:
        assert item["quote"]
