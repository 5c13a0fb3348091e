"""Plan lines and year targets: CONTRACT §7, expected and year target."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import annual, indicator, plan
from xiangning_zyz.analysis.plan_line import line_at, plan_points, year_target
from xiangning_zyz.period import Period

STOCK = indicator("s", milestones=["2023-12-31 >= 50", "2025-12-31 >= 70", "2027-12-31 >= 90"])
FLOW = indicator("f", kind="flow", milestones=["2023-12-31 > 7", "2025-12-31 > 10", "2027-12-31 > 15"])


def expected(one, month, **rules):
    return line_at(plan_points(plan(one, **rules), one), Period.parse(month)).expected


@pytest.mark.parametrize(
    ("month", "value"),
    [
        ("2023-06", None),  # nothing to draw from before the first point
        ("2023-12", "50"),
        ("2024-12", "60"),
        ("2024-06", "55"),  # 6 of 24 months
        ("2025-12", "70"),
        ("2028-03", "90"),  # after the last point, that point
    ],
)
def test_lines_run_straight_in_whole_months(month, value):
    assert expected(STOCK, month) == (value and Decimal(value))


def test_a_baseline_and_annual_targets_are_points_too():
    based = STOCK._replace(baseline=indicator(baseline="2022 38").baseline)

    assert expected(based, "2023-06") == 44  # 38 + 12 × 6/12
    assert expected(STOCK, "2024-12", annual_targets=(annual("s", 2024, "64"),)) == 64
    assert expected(STOCK, "2025-06", annual_targets=(annual("s", 2024, "64"),)) == 67  # 64 + 6 × 6/12


def test_a_milestone_goes_before_an_annual_target_of_the_same_month():
    assert expected(STOCK, "2025-12", annual_targets=(annual("s", 2025, "75"),)) == 70


def test_no_line_is_drawn_to_an_inferred_date():
    assert plan_points(plan(), indicator(milestones=["2027-12-31 >= 10?"])) == ()


@pytest.mark.parametrize(
    ("year", "value", "basis"),
    [
        (2022, None, None),
        (2023, "7", "milestone"),
        (2024, "8.5", "estimate"),  # half way from 7 to 10
        (2025, "10", "milestone"),
        (2026, "12.5", "estimate"),
        (2028, "15", "estimate"),
    ],
)
def test_a_flow_s_year_target_is_its_milestone_else_the_line(year, value, basis):
    target = year_target(plan(FLOW), FLOW, year)

    assert (target and (target.value, target.basis)) == (value and (Decimal(value), basis))


def test_the_office_s_annual_target_goes_before_the_line():
    decided = plan(FLOW, annual_targets=(annual("f", 2024, "8.2"),))

    assert year_target(decided, FLOW, 2024)[:3] == (2024, Decimal("8.2"), "office")
    # and is a point of the line itself: half way from 8.2 (2024) to 10 (2026)
    later = FLOW._replace(milestones=indicator(milestones=["2026-12-31 > 10"]).milestones)
    assert year_target(plan(later, annual_targets=(annual("f", 2024, "8.2"),)), later, 2025).value == Decimal("9.1")


def test_of_several_milestones_in_a_year_the_last_is_the_year_s_target():
    two = indicator(kind="flow", milestones=["2025-06-30 >= 4", "2025-12-31 >= 10"])

    assert year_target(plan(two), two, 2025).value == 10


def test_a_milestone_inside_the_year_is_spread_over_its_own_months_and_no_point_of_the_line():
    half = indicator(kind="flow", milestones=["2025-06-30 >= 4", "2026-12-31 >= 10"])

    assert year_target(plan(half), half, 2025)[1:4] == (Decimal(4), "milestone", 6)
    assert [point.month.year for point in plan_points(plan(half), half)] == [2026]


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 59))
def test_a_line_lies_between_its_points_and_meets_them(start, end, months):
    one = indicator(baseline=f"2022 {start}", milestones=[f"{date(2023 + months // 12, months % 12 + 1, 28)} >= {end}"])
    points = plan_points(plan(one), one)
    values = [line_at(points, Period.at(points[0].month.ordinal + step)).expected for step in range(months + 2)]

    assert values[0] == start
    assert values[-1] == end
    assert values == sorted(values, reverse=end < start)
