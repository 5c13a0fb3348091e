"""Forecasts: methods, refusals, intervals, probabilities, landing months (CONTRACT §7)."""

import random
from datetime import date
from decimal import Decimal, localcontext
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import indicator, observed, plan, point
from xiangning_zyz.analysis.forecast import outlook
from xiangning_zyz.analysis.gap import gap
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.seasons import carried_on, usual
from xiangning_zyz.analysis.series import series
from xiangning_zyz.analysis.student import t_quantile
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.report.gap_json import gap_json

FIRMS = indicator("s", milestones=["2025-12-31 >= 70", "2027-12-31 >= 90"])
OUTPUT = indicator("f", kind="flow", unit="亿元", milestones=["2025-12-31 > 10", "2027-12-31 > 15"])
SHARES = [5, 10, 18, 25, 33, 42, 49, 57, 66, 76, 87, 100]  # per cent of the year up to each month


def found_in(one, facts):
    with localcontext(PRECISE):
        return series(plan(one), one, gather(facts), date(2040, 1, 1))


def ahead(one, *facts):
    return outlook(found_in(one, facts), one.milestones)


def levels(start, *values):
    year, month = map(int, start.split("-"))
    return [
        point("s", f"{year + (month - 1 + i) // 12}-{(month - 1 + i) % 12 + 1:02d}", str(value))
        for i, value in enumerate(values)
    ]


def flows(year, total, months=12):
    return [observed("f", f"{year}-{m:02d}", str(Decimal(total) * SHARES[m - 1] / 100)) for m in range(1, months + 1)]


def test_fewer_than_four_points_are_refused_with_the_reason():
    found = ahead(FIRMS, *levels("2024-10", 50, 52, 55))

    assert (found.forecasts, found.note) == ((), "只有3个数据点，少于4个，不作预测")
    assert len(ahead(FIRMS, *levels("2024-10", 50, 52, 55, 55)).forecasts) == 4  # two methods, two milestones


def test_a_straight_line_is_carried_on_and_comes_first():
    """50 in December 2023, one more each month: 74 in December 2025, 98 in December 2027."""
    first, _, third, _ = ahead(FIRMS, *levels("2023-12", *range(50, 69))).forecasts

    assert (first.method, first.value, first.low, first.high) == ("linear", 74, 74, 74)
    assert (first.probability, str(first.landing)) == (1, "2025-08")  # 70
    assert (third.value, str(third.landing)) == (98, "2027-04")  # 90


def test_steady_growth_is_carried_on_and_comes_first():
    """10 % more each year from 50: 60.5 after two years, 73.205 after four."""
    yearly = [point("s", f"{year}-12", f"{50 * Decimal('1.1') ** i}") for i, year in enumerate(range(2020, 2024))]
    one = FIRMS._replace(frequency="year")
    found = [each for each in ahead(one, *yearly).forecasts if each.method == "growth"]

    assert ahead(one, *yearly).forecasts[0].method == "growth"
    assert [each.value for each in found] == [Decimal("80.5255"), Decimal("97.4359")]  # 50 × 1.1^5, 50 × 1.1^7


def test_the_interval_is_student_s():
    """x̄ = 1.5, ȳ = 53, slope 2.2, residuals 0.3 −0.9 0.9 −0.3: s² = 1.8/2, one step of 2.5 beyond x̄."""
    one = FIRMS._replace(milestones=indicator(milestones=["2025-05-31 >= 55"]).milestones)
    line = next(each for each in ahead(one, *levels("2025-01", 50, 51, 55, 56)).forecasts if each.method == "linear")
    reach = 1.885618 * sqrt(0.9 * (1 + 1 / 4 + 2.5**2 / 5))

    assert line.value == Decimal("58.5")
    assert float(line.high) == pytest.approx(58.5 + reach, abs=1e-3)
    assert float(line.low) == pytest.approx(58.5 - reach, abs=1e-3)


def test_the_baseline_is_a_point_too():
    one = FIRMS._replace(baseline=indicator(baseline="2022 44").baseline)

    assert "4个数据点" in ahead(one, *levels("2023-12", 50, 51, 52)).note


def test_exactly_on_the_target_meets_at_least_and_not_above():
    facts = levels("2024-12", 58, 59, 60, 61, 62)  # 70 in December 2025
    strict = FIRMS._replace(milestones=indicator(milestones=["2025-12-31 > 70"]).milestones)

    assert ahead(FIRMS, *facts).forecasts[0].probability == 1
    assert ahead(strict, *facts).forecasts[0].probability == 0
    assert str(ahead(strict, *facts).forecasts[0].landing) == "2026-01"


def test_a_ceiling_is_met_from_below():
    one = indicator("s", direction="down", milestones=["2025-12-31 <= 40"])
    found = ahead(one, *levels("2025-01", 60, 58, 56, 54)).forecasts[0]

    assert (found.value, found.probability, str(found.landing)) == (38, 1, "2025-11")


def test_what_is_met_already_has_landed_and_what_never_comes_does_not_land():
    assert str(ahead(FIRMS, *levels("2025-01", 71, 72, 73, 74)).forecasts[0].landing) == "2025-04"
    assert ahead(FIRMS, *levels("2025-01", 60, 59, 58, 57)).forecasts[0].landing is None


def test_a_forecast_stays_within_the_natural_limit_and_above_nothing():
    share = indicator("s", kind="ratio", unit="%", limit=Decimal(100), milestones=["2027-12-31 >= 90"])
    top = ahead(share, *levels("2025-01", 80, 83, 85, 88)).forecasts[0]
    assert (top.value, top.high) == (100, 100)

    bottom = next(each for each in ahead(FIRMS, *levels("2025-01", 9, 6, 4, 1)).forecasts if each.method == "linear")
    assert (bottom.value, bottom.low) == (0, 0)


def test_growth_that_runs_wild_is_not_stated():
    wild = ahead(FIRMS, *levels("2025-01", 1, 10, 100, 1000))

    assert [each.method for each in wild.forecasts] == ["linear", "linear"]


def test_a_year_is_carried_on_by_its_usual_share():
    """42 % by June in both years: 4.2 / 0.42 = 10."""
    found = ahead(OUTPUT, *flows(2023, "7"), *flows(2024, "8"), *flows(2025, "10", 6)).forecasts
    share = next(each for each in found if each.method == "seasonal_share")

    assert (share.value, share.low, share.probability, share.landing) == (10, 10, 0, None)  # exactly 10 is not above
    assert {each.method for each in found if each.milestone.by.year == 2027} == {"seasonal_growth", "seasonal_linear"}
    growth = next(each for each in found if each.method == "seasonal_growth" and each.milestone.by.year == 2027)
    assert growth.value > 11


def test_the_usual_share_s_interval_by_hand():
    """Two years by quarters, 20 30 20 30 and 30 20 30 20 of 100; 10 20 by June of the third.

    Shares 1/4 each, the year 30 / ½ = 60. Years: 8 squares of 0.05² / 0.25 = 0.08 on 3 degrees;
    this year (−1/12, +1/12)² / 0.25 × 2 / 1.5 = 0.037037 on 1. σ² = 0.117037/4; s.e. = 60 σ √(1.5 × ½ ÷ ½).
    """
    quarters = [("2023", 20, 50, 70, 100), ("2024", 30, 50, 80, 100), ("2025", 10, 30)]
    facts = [
        observed("f", f"{year}-{3 * q:02d}", str(value))
        for year, *values in quarters
        for q, value in enumerate(values, start=1)
    ]
    found = found_in(OUTPUT, facts)
    way = usual(found, 2025 * 12 + 5, 12)
    reckoned = carried_on(way, 30, 6)

    assert (way.cuts, way.shares, way.years, way.dof) == ((3, 6, 9, 12), (0.25, 0.5, 0.75, 1), 2, 4)
    assert reckoned.value == 60
    assert reckoned.error == pytest.approx(60 * sqrt((0.08 + (1 / 12) ** 2 / 0.25 * 2 / 1.5) / 4) * sqrt(1.5))
    assert reckoned.quantile(0.9) == pytest.approx(60 + t_quantile(0.9, 4) * reckoned.error)


def test_without_a_complete_year_the_months_are_taken_as_alike_and_this_is_said():
    found = ahead(OUTPUT, *(observed("f", f"2025-{m:02d}", str(m)) for m in range(1, 7)))
    line = found.forecasts[0]

    assert (line.method, line.value, str(line.landing)) == ("linear", 12, "2025-11")  # one a month; 10 is not above 10
    assert found.note.endswith("完整年度不足，未计季节差异")


def test_january_and_february_published_together_are_one_step():
    months = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    facts = [observed("f", f"{y}-{m:02d}", str(m)) for y in (2023, 2024) for m in months]
    found = ahead(OUTPUT, *facts, observed("f", "2025-02", "2"), observed("f", "2025-03", "3"))

    assert {each.value for each in found.forecasts} == {12}


def test_a_yearly_flow_needs_four_years():
    one = OUTPUT._replace(frequency="year", milestones=OUTPUT.milestones[1:])
    years = [
        observed("f", f"{year}-12", str(value)) for year, value in zip(range(2021, 2025), (6, 7, 8, 9), strict=True)
    ]

    assert ahead(one, *years[:3]).note == "只有3个数据点，少于4个，不作预测"
    line = next(each for each in ahead(one, *years).forecasts if each.method == "linear")
    assert line.value == 12  # one more each year


def test_a_flow_kept_under_a_ceiling_lands_nowhere():
    waste = indicator("f", kind="flow", direction="down", milestones=["2025-12-31 <= 14"])
    found = ahead(waste, *(observed("f", f"2025-{m:02d}", str(m)) for m in range(1, 7))).forecasts[0]

    assert (found.value, found.probability, found.landing) == (12, 1, None)


def test_nothing_ahead_is_not_foretold():
    assert ahead(FIRMS, *levels("2027-09", 80, 81, 82, 83)).note == "没有尚未到期的节点"
    assert ahead(FIRMS).note == "没有可用数据，不作预测"
    assert ahead(indicator("s", trend="rising")).note == "方案未定目标数值，不作预测"


def test_how_often_it_hit_before_is_only_said_from_thirty_points_on():
    values = [50 + i * 0.5 + (i % 3) for i in range(30)]

    assert "回测" not in ahead(FIRMS, *levels("2022-12", *values[:29])).note
    assert "回测落在区间内：" in ahead(FIRMS, *levels("2022-12", *values)).note


def test_the_same_figures_in_another_unit_give_the_same_forecast():
    yuan = ahead(OUTPUT, *flows(2024, "8"), *flows(2025, "9", 6))
    more = OUTPUT._replace(milestones=indicator(milestones=["2025-12-31 > 100000", "2027-12-31 > 150000"]).milestones)
    wan = ahead(more, *flows(2024, "80000"), *flows(2025, "90000", 6))

    assert [each.value * 10000 for each in yuan.forecasts] == [each.value for each in wan.forecasts]
    assert [each.probability for each in yuan.forecasts] == [each.probability for each in wan.forecasts]


@given(st.lists(st.integers(0, 500), min_size=4, max_size=12))
def test_every_forecast_is_in_order_and_a_probability(values):
    for each in ahead(FIRMS, *levels("2024-01", *values)).forecasts:
        assert each.low <= each.value <= each.high
        assert 0 <= each.probability <= 1


@given(st.lists(st.integers(0, 9), min_size=5, max_size=30))
def test_every_flow_forecast_keeps_what_is_in_already(amounts):
    total, facts = 0, []
    for i, amount in enumerate(amounts):
        total = amount if i % 12 == 0 else total + amount
        facts.append(observed("f", f"{2023 + i // 12}-{i % 12 + 1:02d}", str(total)))
    this_year = 2023 + (len(amounts) - 1) // 12

    for each in ahead(OUTPUT, *facts).forecasts:
        assert each.low <= each.value <= each.high
        assert 0 <= each.probability <= 1
        assert each.milestone.by.year != this_year or each.low >= total


@pytest.mark.parametrize(("years", "months"), [(1, 6), (2, 3), (3, 9)])
def test_the_usual_share_covers_at_its_stated_rate(years, months):
    """1000 simulated towns whose months stray from the usual share as the method says: 80 % ± 3.8 points."""
    rng, hit = random.Random(years), 0  # noqa: S311 - simulated figures
    for _ in range(1000):
        facts, total = [], 0.0
        for year in range(2025 - years, 2026):
            total, size = 0.0, 8 * 1.08 ** (year - 2023)
            for m, (before, share) in enumerate(zip([0, *SHARES], SHARES, strict=False), start=1):
                usual_part = (share - before) / 100
                total += size * (usual_part + 0.02 * sqrt(usual_part) * rng.gauss(0, 1))
                if year < 2025 or m <= months:
                    facts.append(observed("f", f"{year}-{m:02d}", f"{total:.6f}"))
        found = found_in(OUTPUT, facts)
        last = 2025 * 12 + months - 1
        reckoned = carried_on(usual(found, last, 12), float(found.figures[last].value), months)
        hit += reckoned.quantile(0.1) <= total <= reckoned.quantile(0.9)

    assert 0.762 <= hit / 1000 <= 0.838


def test_json_has_the_contract_s_keys():
    facts = levels("2024-01", *range(50, 62))
    made = plan(FIRMS)
    day = date(2025, 1, 5)
    printed = gap_json(made, [gap(made, FIRMS, gather(facts), day)], day)["targets"][0]

    assert printed["forecast"][0] == {
        "by": "2025-12-31",
        "value": "73",
        "low": "73",
        "high": "73",
        "probability": "1",
        "method": "linear",
        "landing": "2025-09",
    }
    assert printed["forecast_note"] == "趋势按12个数据点推算，假定走势不变、各期误差互不相关"


def test_a_cumulative_that_has_passed_its_target_cannot_fall_behind_it_again():
    """11 of 10 by June: the interval begins at 11, and so the goal is met, however the months scatter."""
    months = [1, 9, 9.2, 10, 10.1, 11]
    facts = [observed("f", f"2025-{m:02d}", str(value)) for m, value in enumerate(months, 1)]

    told = [each for each in ahead(OUTPUT, *facts).forecasts if each.milestone.by.year == 2025]
    assert told
    assert all((each.low >= 11, each.probability) == (True, 1) for each in told)


def test_beyond_a_natural_limit_nothing_can_be_met():
    one = indicator("s", kind="ratio", unit="%", limit=Decimal(100), milestones=["2025-12-31 > 100"])

    told = ahead(one, *levels("2024-10", 80, 91, 93, 99, 98)).forecasts
    assert {(each.high <= 100, each.probability) for each in told} == {(True, 0)}
