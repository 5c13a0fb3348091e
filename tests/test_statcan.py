"""The growth-ratio method: every published row, and what is refused with its reason (golden/statcan.md)."""

import csv
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import indicator, observed, plan, point
from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.series import series
from xiangning_zyz.analysis.statcan import Row, progress, progress_of
from xiangning_zyz.figure import PRECISE

with (Path(__file__).parent / "golden" / "statcan.csv").open(encoding="utf-8") as file:
    PUBLISHED = list(csv.DictReader(file))


def number(text):
    return Decimal(text) if text else None


def row(text):
    """`2015 14.5 → 2023 10.2` with `down`, `→ 2030 7.25` and `limit 100` where they apply."""
    words = text.replace("→", " ").split()
    limit = number(words.pop()) if "limit" in words else None
    direction = -1 if "down" in words else 1
    years = [word for word in words if word not in ("down", "limit")]
    base_year, base, year, value, target_year, target = [*years, None, None][:6]
    return Row(
        int(base_year), number(base), int(year), number(value), direction,
        int(target_year) if target_year else None, number(target), limit,
    )  # fmt: skip


def test_the_golden_file_is_whole():
    assert len(PUBLISHED) == 141


@pytest.mark.parametrize("published", PUBLISHED, ids=[each["id"] for each in PUBLISHED])
def test_every_published_row_is_reproduced(published):
    found = progress(
        Row(
            base_year=int(published["base_year"]),
            base=number(published["base_value"]),
            year=int(published["current_year"]) if published["current_year"] else None,
            value=number(published["current_value"]),
            direction=int(published["direction"]),
            target_year=int(published["target_year"]),
            target=number(published["target_value"]),
            limit=number(published["limit"]),
        )
    )

    assert found.status == published["status"]
    for mine, theirs, within in (
        (found.progress_value, published["progress_value"], 1e-9),
        (found.score, published["score"], 1e-6),
    ):
        assert (mine is None) == (theirs == "")
        assert mine is None or float(mine) == pytest.approx(float(theirs), abs=within, rel=within)
    assert found.reason


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2020 0 → 2022 1 → 2024 10", "2020年基数为0，从0起没有增长率"),  # theirs: R = 3.40 where 10 % is done
        ("2020 0 → 2022 1", "2020年基数为0，从0起没有增长率"),
        ("2022 5 → 2022 5 → 2024 10", "只有2022年的数据，至少要有两年"),
        ("2020 5 → 2022 -1 → 2024 10", "基数与现值、目标值正负不同，没有增长率"),
        ("2020 -5 → 2022 1", "基数与现值正负不同，没有增长率"),
        ("2020 10 → 2022 9 → 2024 10", "目标值等于基数，没有需要的增长"),
        ("2024 5 → 2026 6 → 2024 10", "目标年不晚于基年"),
    ],
)
def test_what_has_no_growth_rate_is_refused_with_the_reason(text, why):
    assert progress(row(text)) == (None, None, "not_available", why)


def test_a_target_at_the_base_is_achieved_where_it_holds():
    found = progress(row("2015 100 → 2023 100 → 2030 100"))

    assert (found.progress_value, found.score, found.status) == (None, 5, "target_achieved")


def test_below_zero_the_sign_is_turned():
    """From −5 to −4 is better where more is better: (4/5)^(1/2) − 1 < 0, turned."""
    assert progress(row("2020 -5 → 2022 -4")).status == "substantial_progress"
    assert progress(row("2020 -5 → 2022 -4 → 2024 -3.2")).progress_value == 1
    assert progress(row("2020 -5 → 2022 -6")).status == "deterioration"


@pytest.mark.parametrize(
    ("ratio", "status", "score"),
    [
        ("0.95", "substantial_progress", "2.500055"),
        ("0.94", "moderate_progress", "2.428626"),
        ("0.60", "moderate_progress", "0.00004"),
        ("0.59", "limited_progress", "-0.041647"),
        ("0", "limited_progress", "-2.5"),
        ("-0.1", "deterioration", "-2.91667"),
    ],
)
def test_the_bounds_with_a_target_belong_to_the_better_status(ratio, status, score):
    """From 100 to 200 in one year are 100 % needed; ratio × 100 % were reached."""
    found = progress(row(f"2020 100 → 2021 {100 + 100 * Decimal(ratio)} → 2021 200"))

    assert (found.progress_value, found.status, found.score) == (Decimal(ratio), status, Decimal(score))


@pytest.mark.parametrize(
    ("value", "status"),
    [("101.5", "substantial_progress"), ("100.5", "moderate_progress"), ("100", "limited_progress")],
)
def test_the_bounds_without_a_target(value, status):
    assert progress(row(f"2020 100 → 2021 {value}")).status == status


def test_at_a_natural_limit_holding_it_is_enough():
    assert progress(row("2020 100 → 2021 100 limit 100")) == (
        0, 5, "substantial_progress", "2020—2021年年均增长0%，进展明显须达0%",
    )  # fmt: skip
    assert progress(row("2020 99 → 2021 99.1 limit 100")).status == "substantial_progress"
    assert progress(row("2020 99 → 2021 99.1")).status == "limited_progress"


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 400), st.integers(1, 9), st.integers(10, 20))
def test_another_unit_changes_nothing(base, value, target, year, target_year):
    one = progress(Row(0, Decimal(base), year, Decimal(value), 1, target_year, Decimal(target)))
    other = progress(Row(0, Decimal(base) / 1000, year, Decimal(value) / 1000, 1, target_year, Decimal(target) / 1000))

    assert one == other


def judged(one, *facts):
    made, day = plan(one), date(2030, 1, 1)
    with localcontext(PRECISE):
        found = series(made, one, gather(facts), day)
        return progress_of(found, judge(made, one, found, day))


def test_an_indicator_given_in_yaml_is_judged_by_baseline_milestone_and_direction():
    """Row 1-2-1#1 as an indicator: 14.5 in 2015, 10.2 in 2023, at most 7.25 by 2030."""
    poverty = indicator(
        "s", kind="ratio", frequency="year", direction="down", baseline="2015 14.5", milestones=["2030-12-31 <= 7.25"]
    )
    found = judged(poverty, point("s", "2023-12", "10.2"))

    assert float(found.progress_value) == pytest.approx(0.9525901792032172, abs=1e-9)
    assert (float(found.score), found.status) == (pytest.approx(2.5185563910306596), "substantial_progress")
    assert found.reason == "2015—2023年年均增长-4.3%，到2030年需-4.52%，比值0.953"


def test_a_trend_goal_in_yaml_is_judged_without_target_by_its_limit():
    """Row 1-3-1#1: 90 in 2015, 93.2 in 2021, at most 100 is possible."""
    share = indicator("s", kind="ratio", frequency="year", trend="rising", limit=Decimal(100), baseline="2015 90")
    found = judged(share, point("s", "2021-12", "93.2"))

    assert float(found.progress_value) == pytest.approx(0.005839995229728112, abs=1e-9)
    assert float(found.score) == pytest.approx(2.815386645395768, abs=1e-6)


def test_without_a_baseline_the_first_complete_year_is_the_base():
    firms = indicator("s", milestones=["2025-12-31 >= 70"])
    facts = [point("s", "2023-06", "40"), point("s", "2023-12", "50"), point("s", "2025-06", "60")]

    assert judged(firms, *facts).reason == "2023—2025年年均增长9.54%，到2025年需18.32%，比值0.521（2025年取6月数）"
    assert judged(firms, facts[0]).reason == "没有基数，也没有完整年度的数据"
    assert judged(firms, *facts[:2]).reason == "只有2023年的数据，至少要有两年"


def test_a_flow_s_latest_year_is_the_last_complete_one():
    output = indicator("f", kind="flow", milestones=["2025-12-31 > 10"], baseline="2022 5")
    facts = [observed("f", "2023-12", "7"), observed("f", "2024-06", "9")]

    assert judged(output, *facts).reason.startswith("2022—2023年年均增长40%")
    assert judged(output, facts[1]).reason == "至少要有两年的数据"
