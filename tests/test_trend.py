"""Trend goals: the same period a year earlier, the year's verdict in December (CONTRACT §7)."""

from datetime import date
from decimal import localcontext

import pytest

from makers import indicator, observed, plan, point
from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.series import series
from xiangning_zyz.analysis.status import status
from xiangning_zyz.analysis.trend import trend_of, trend_words, year_words
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.report.goals import status_listings
from xiangning_zyz.report.status_json import target_json

SHARE = indicator("share", kind="ratio", unit="%", frequency="year", trend="rising")
OUTPUT = indicator("f", kind="flow", unit="亿元", frequency="quarter", trend="rising")
JOBS = indicator("s", unit="人", trend="rising", milestones=["2027-12-31 >= 20000"])


def judged(one, *facts, others=()):
    made, day = plan(one, *others), date(2030, 1, 1)
    with localcontext(PRECISE):
        return judge(made, one, series(made, one, gather(facts), day), day)


@pytest.mark.parametrize(
    ("wanted", "before", "now", "verdict", "words"),
    [
        ("rising", "12.1", "12.5", "rising", "上升，符合"),
        ("rising", "12.5", "12.50", "flat", "持平，不符合"),
        ("rising", "12.5", "12.1", "falling", "下降，不符合"),
        ("falling", "12.5", "12.1", "falling", "下降，符合"),
        ("falling", "12.1", "12.5", "rising", "上升，不符合"),
    ],
)
def test_a_value_is_held_against_the_same_period_a_year_earlier(wanted, before, now, verdict, words):
    found = judged(
        SHARE._replace(trend=wanted), point("share", "2023-12", before), point("share", "2024-12", now)
    ).trend

    assert (found.verdict, trend_words(found)) == (verdict, words)


def test_last_year_s_missing_value_is_said():
    found = judged(SHARE, point("share", "2024-12", "12.5"), point("share", "2022-12", "11"))

    assert (found.trend.verdict, trend_words(found.trend)) == ("no_previous", "缺上年同期数")
    assert "缺2023年12月数，不能判断升降" in found.reason


def test_a_flow_compares_its_cumulative_with_the_same_months():
    facts = [observed("f", "2023-06", "1.2"), observed("f", "2023-12", "3.0"), observed("f", "2024-06", "1.3")]
    found = judged(OUTPUT, *facts)

    assert (found.trend.value, found.trend.previous, found.trend.verdict) == (
        facts[2].what.value,
        facts[0].what.value,
        "rising",
    )
    assert "2024年1—6月累计1.3亿元，2023年1—6月累计为1.2亿元，上升，符合“逐年上升”（全年以12月数为准）" in found.reason


def test_the_year_s_verdict_is_december_s():
    facts = [point("s", month, value) for month, value in [("2023-06", "9000"), ("2023-12", "9500")]]
    facts += [
        point("s", month, value) for month, value in [("2024-06", "8900"), ("2024-12", "9600"), ("2025-06", "9700")]
    ]
    found = judged(JOBS, *facts).trend

    assert (str(found.month), found.verdict) == ("2025-06", "rising")
    assert found.years == ((2023, "no_previous"), (2024, "rising"))
    assert year_words(found) == "2024年上升"


def test_the_baseline_is_the_year_before_where_none_was_reported():
    found = judged(
        SHARE._replace(baseline=indicator(baseline="2022 11").baseline), point("share", "2023-12", "12")
    ).trend

    assert (found.previous, found.source, found.verdict) == (11, None, "rising")


def test_a_computed_ratio_is_compared_unrounded():
    parts = (indicator("rd", kind="flow"), indicator("gdp", kind="flow"))
    one = indicator("r", kind="ratio", unit="%", formula=("rd", "gdp"), trend="rising")
    facts = [observed("rd", "2023-12", "1"), observed("gdp", "2023-12", "3")]
    facts += [observed("rd", "2024-12", "2"), observed("gdp", "2024-12", "6")]

    assert judged(one, *facts, others=parts).trend.verdict == "flat"  # 1/3 and 2/6


def test_nothing_reported_and_a_conflict_have_no_value():
    assert judged(SHARE).trend == ("rising", None, None, None, None, "no_previous", ())
    both = SHARE._replace(reporters=("甲", "乙"))
    facts = [point("share", "2023-12", "12"), point("share", "2024-12", "12.5", department="甲")]
    found = judged(both, *facts, point("share", "2024-12", "12.6", department="乙")).trend

    assert (found.value, found.verdict, trend_words(found)) == (None, None, "")


def test_a_goal_without_trend_has_none():
    one = indicator("s")

    assert trend_of(series(plan(one), one, gather([point("s", "2024-12", "1")]), date(2030, 1, 1))) is None


def test_json_and_screen_show_the_trend():
    facts = [point("share", "2023-12", "12.1"), point("share", "2024-12", "12.5")]

    assert target_json(judged(SHARE, *facts))["trend"] == {
        "wanted": "rising",
        "period": "2024-12",
        "value": "12.5",
        "previous": "12.1",
        "verdict": "rising",
    }
    [row] = status_listings(status(plan(SHARE), gather(facts), date(2025, 2, 1)))[0].rows
    assert (row[3], row[6].text, row[6].tone) == ("逐年上升", "上升，符合", "good")
