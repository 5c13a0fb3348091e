"""`zyz gap` as users meet it: what-if, methods, changes, wrong usage (CONTRACT §5, §7)."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from makers import observed, point
from workspace_makers import bring

DAY = "2025-07-10"
REPORTS = [
    ("2023-12", "7.2", "51", date(2024, 1, 4)),
    ("2024-12", "8.6", "60", date(2025, 1, 6)),
    ("2025-05", "3.9", "63", date(2025, 6, 4)),
    ("2025-06", "4.6", "64", date(2025, 7, 9)),
]


@pytest.fixture
def town(home):
    """A workspace with four reports of 县工信局."""
    for month, output, firms, received in REPORTS:
        bring(
            home,
            "县工信局",
            observed("output_value", month, output, unit="亿元"),
            point("enterprises", month, firms),
            received=received,
        )
    return home


def answer_of(zyz, town, *words):
    run = zyz("gap", *words, "--as-of", DAY, "--format", "json", home=town)
    assert (run.returncode, run.stderr) == (0, "")
    return json.loads(run.stdout)


def target(answer, indicator="output_value"):
    return next(each for each in answer["targets"] if each["indicator"] == indicator)


def test_every_goal_is_analysed_and_the_same_question_has_the_same_bytes(zyz, town):
    answer = answer_of(zyz, town)

    assert [each["indicator"] for each in answer["targets"]][:2] == ["enterprises", "output_value"]
    assert {each["indicator"] for each in answer["targets"] if each["trend"]} >= {"hightech_share", "employment"}
    assert answer == answer_of(zyz, town)
    known = ("--known-at", "2025-07-03")
    assert target(answer_of(zyz, town, *known))["period"] == "2025-05"
    assert answer_of(zyz, town, *known) == answer_of(zyz, town, *known)


def test_what_changed_since_the_previous_period_is_part_of_it(zyz, town):
    change = target(answer_of(zyz, town, "产值"))["changes"]

    assert (change["since"], change["value"]) == ("2025-05", {"from": "3.9", "to": "4.6"})
    assert [(each["period"], each["received"]) for each in change["late"]] == [("2025-06", "2025-07-09")]


def test_methods_are_given_when_asked_for(zyz, town):
    assert target(answer_of(zyz, town, "产值"))["methods"] == {}
    assert list(target(answer_of(zyz, town, "产值", "--method", "linear"))["methods"]) == ["linear"]
    answer = answer_of(zyz, town, "--method", "all")
    assert list(target(answer)["methods"]) == ["statcan", "linear"]
    assert all(each["indicator"] in ("enterprises", "output_value") for each in answer["sensitivity"])


def test_what_if_stands_beside_today_and_stores_nothing(zyz, town):
    before = zyz("status", "--format", "json", "--as-of", DAY, home=town).stdout
    answer = answer_of(zyz, town, "--what-if", "output_value=9.2@2025-12", "--what-if", "入驻企业=68@2025-12")

    assert [each["indicator"] for each in answer["what_if"]["assumed"]] == ["output_value", "enterprises"]
    for name, state in (("output_value", "missed"), ("enterprises", "missed")):
        assert (target(answer, name)["period"], target(answer, name)["what_if"]["state"]) == ("2025-06", state)
    assert target(answer, "rd_intensity")["what_if"] is None
    assert zyz("status", "--format", "json", "--as-of", DAY, home=town).stdout == before
    shown = zyz("gap", "--what-if", "output_value=9.2@2025-12", "--as-of", DAY, home=town).stdout
    assert "假设数据不记入台账" in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--what-if", "output_value"), "应写成 指标=数值@报告期"),
        (("--what-if", "output_value=9.2"), "应写成 指标=数值@报告期"),
        (("--what-if", "output_value=9.2亿@2025"), "只写数字"),
        (("--what-if", "output_value=NaN@2025"), "只写数字"),
        (("--what-if", "output_value=9.2@2025年"), "写法不对"),
        (("--what-if", "产直=9.2@2025"), "方案中没有指标“产直”"),
        (("--what-if", "rd_intensity=1@2025"), "由全社会研发投入、地区生产总值计算，请假设这两项"),
        (("--what-if", "产值=9@2025", "--what-if", "output_value=8@2025-12"), "假设了两次"),
        (("enterprises", "--what-if", "产值=9@2025"), "与所列目标无关"),
        (("--method", "best"), "--method"),
        (("--to", "明年"), "--to"),
        (("没有的指标",), "方案中没有指标"),
    ],
)
def test_wrong_usage_says_what_is_wrong(zyz, town, words, says):
    run = zyz("gap", *words, "--as-of", DAY, home=town)

    assert (run.returncode, run.stdout) == (2, "")
    assert says in run.stderr


def test_csv_holds_one_line_for_each_goal_and_milestone(zyz, town):
    lines = zyz("gap", "--as-of", DAY, "--format", "csv", home=town).stdout.splitlines()

    assert lines[0].removeprefix("\ufeff") == "指标,判定,节点,目标,对照值,差距,需月均,需年均增长"
    assert sum(line.startswith("专业镇产值,") for line in lines) == 2


def test_a_plan_changed_since_the_last_report_is_said(zyz, town):
    rules = town / "data" / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + "light: {yellow: 5, red: 20}\n", encoding="utf-8")
    run = zyz("gap", "--as-of", DAY, "--format", "json", home=town)

    assert "方案数据或规则在第4号报表导入后有改动" in run.stderr
    assert json.loads(run.stdout)["notes"] == ["方案数据或规则在第4号报表导入后有改动，以上按现行内容判断。"]


def test_explain_names_plan_day_and_every_cell(zyz, town):
    run = zyz("explain", "产值", "--as-of", DAY, "--format", "json", home=town)
    answer = json.loads(run.stdout)

    assert (answer["schema"], answer["as_of"], answer["indicator"]) == ("zyz/explain@1", DAY, "output_value")
    assert len(answer["plan"]["hash"]) == 64
    cells = [step["from"]["file"] for step in answer["steps"] if step["from"]]
    assert cells == ["县工信局 2024-01-04.xlsx", "县工信局 2025-07-09.xlsx"]


def examples():
    """Each command of the manual that only looks, with the lines it is said to print."""
    page = (Path(__file__).parent.parent / "docs" / "manual" / "差距分析.md").read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in re.findall(r"```text\n\$ zyz (.*?)```", page, re.DOTALL)]
    return [(lines[0], lines[1:]) for lines in blocks if lines[0].startswith(("gap", "explain"))]


@pytest.mark.parametrize(("command", "lines"), examples(), ids=[command for command, _ in examples()])
def test_the_manual_s_examples_are_true(zyz, town, command, lines):
    printed = zyz(*command.split(), home=town).stdout.splitlines()

    assert [line for line in lines if line not in printed] == []
