"""Second opinions, and how firmly a verdict stands (issue: gap analysis, item 4)."""

from datetime import date

import pytest

from makers import indicator, observed, plan, point
from xiangning_zyz.analysis.gap import gap, with_opinions
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.opinions import METHODS
from xiangning_zyz.report.gap import gap_listings
from xiangning_zyz.report.gap_json import gap_json

FIRMS = indicator("s", name="入驻企业", milestones=["2023-12-31 >= 50", "2025-12-31 >= 70"])
DAY = date(2030, 1, 1)


def asked(one, *facts, methods=METHODS, others=()):
    made, known = plan(one, *others), gather(facts)
    return made, with_opinions(made, gap(made, one, known, DAY), known, methods, DAY)


def causes(one, *facts, others=()):
    return [(each.cause, each.after) for each in asked(one, *facts, others=others)[1].shaky]


def test_each_method_says_its_own():
    """50 → 54 in a year, 70 needed after two: 8 % of 18.3 %; and 6 of 20 behind the line."""
    _, found = asked(FIRMS, point("s", "2023-12", "50"), point("s", "2024-12", "54"))
    statcan, linear = found.opinions

    assert (statcan.method, statcan.status) == ("statcan", "limited_progress")
    assert float(statcan.progress_value) == pytest.approx(0.08 / (1.4**0.5 - 1))
    assert (linear.method, linear.status, linear.progress_value, linear.score) == ("linear", "behind", -30, None)


def test_one_method_alone_compares_nothing():
    made, found = asked(FIRMS, point("s", "2023-12", "50"), point("s", "2024-12", "58"), methods=("statcan",))

    assert (len(found.opinions), found.shaky) == (1, ())
    answer = gap_json(made, [found], DAY)
    assert list(answer["targets"][0]["methods"]) == ["statcan"]
    assert "sensitivity" not in answer


def test_methods_are_only_given_when_asked_for():
    made = plan(FIRMS)

    assert (
        gap_json(made, [gap(made, FIRMS, gather([point("s", "2024-12", "54")]), DAY)], DAY)["targets"][0]["methods"]
        == {}
    )


def test_one_unit_is_the_last_digit_reported():
    facts = [point("s", "2023-12", "50")]

    assert ("one_less", "黄 滞后") in causes(FIRMS, *facts, point("s", "2024-12", "59"))  # 58: ten points behind
    assert "one_less" not in dict(causes(FIRMS, *facts, point("s", "2024-12", "59.0")))  # 58.9


def test_a_value_short_of_its_target_by_one_unit_is_shaky_upwards():
    output = indicator("f", kind="flow", unit="亿元", milestones=["2023-12-31 > 7"])

    assert causes(output, observed("f", "2023-12", "7.00")) == [("one_more", "绿"), ("one_less", "红 未达预期")]
    assert causes(output, observed("f", "2023-12", "7.01")) == [("one_less", "黄 恰等于")]
    assert causes(output, observed("f", "2023-12", "7.10")) == []


def test_a_trend_may_hang_on_one_unit():
    share = indicator("s", kind="ratio", unit="%", frequency="year", trend="rising")

    assert causes(share, point("s", "2023-12", "12.4"), point("s", "2024-12", "12.5")) == [
        ("one_less", "不亮灯；持平，不符合")
    ]


def test_a_computed_ratio_is_shaken_by_its_numerator():
    parts = (indicator("rd", kind="flow"), indicator("gdp", kind="flow"))
    one = indicator("r", kind="ratio", unit="%", formula=("rd", "gdp"), milestones=["2024-12-31 >= 1"])

    assert causes(one, observed("rd", "2024-12", "1.20"), observed("gdp", "2024-12", "120"), others=parts) == [
        ("one_less", "红 未达预期")  # 1.19 / 120
    ]


def test_a_goal_on_course_by_one_method_only_is_shaky():
    """59 where 60 is expected is green; 18 % a year where 18.3 % are needed is on course; 58 is not."""
    facts = [point("s", "2023-12", "50")]

    assert causes(FIRMS, *facts, point("s", "2024-12", "60")) == []
    assert ("method", "有进展，须加快") in causes(FIRMS, *facts, point("s", "2024-12", "58.1"))


def test_json_and_tables_list_what_is_shaky():
    made, found = asked(FIRMS, point("s", "2023-12", "50"), point("s", "2024-12", "54"))

    answer = gap_json(made, [found], DAY)
    assert answer["sensitivity"] == [
        {"indicator": "s", "cause": "one_less", "verdict": "黄 滞后", "becomes": "红 严重滞后"}
    ]
    assert set(answer["targets"][0]["methods"]["statcan"]) == {"progress_value", "score", "status", "reason"}
    tables = {each.title: each for each in gap_listings(made, [found], "规则")}
    assert tables["结论不稳的指标"].rows == (("入驻企业", "少1个单位", "黄 滞后", "红 严重滞后"),)
    assert [row[1] for row in tables["不同方法的评估"].rows] == ["增速比法", "时序进度法"]
