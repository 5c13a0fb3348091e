"""From facts to series: reporters of record, conflicts, cumulatives, ratios (CONTRACT §2, §3, §6, §7)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import indicator, observed, plan, point, resolution, single
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.series import series

STOCK = indicator("s")
FLOW = indicator("f", kind="flow", unit="亿元")


def known(one, *facts, resolutions=(), as_of=date(2030, 1, 1), segment=None, others=()):
    return series(plan(one, *others), one, gather(facts, resolutions=resolutions), as_of, segment)


def values(found):
    return {str(figure.month): format(figure.value, "f") for figure in found.figures.values()}


def test_only_periods_begun_by_the_day_judged_count():
    facts = [point("s", "2024-05", "61"), point("s", "2024-06", "63")]

    assert values(known(STOCK, *facts, as_of=date(2024, 5, 31))) == {"2024-05": "61"}
    assert values(known(STOCK, *facts, as_of=date(2024, 6, 1))) == {"2024-05": "61", "2024-06": "63"}


def test_the_reporter_s_figure_counts_and_reference_figures_do_not():
    facts = [
        point("s", "2024-06", "70", department="示范区管委会", reference=True),
        point("s", "2024-06", "63", department="县工信局"),
        point("s", "2024-07", "71", department="示范区管委会", reference=True),
    ]

    assert values(known(STOCK, *facts)) == {"2024-06": "63"}


def test_a_reporter_named_later_takes_over_what_it_reported_and_leaves_the_rest():
    facts = [
        point("s", "2024-05", "60", department="示范区管委会"),  # of record when it came
        point("s", "2024-06", "62", department="示范区管委会"),
        point("s", "2024-06", "63", department="县工信局", reference=True),  # 参考 when it came
    ]

    assert values(known(STOCK, *facts)) == {"2024-05": "60", "2024-06": "63"}


def test_two_departments_of_record_with_different_values_are_a_conflict():
    both = indicator("s", reporters=("甲", "乙"))
    found = known(both, point("s", "2024-06", "63", department="甲"), point("s", "2024-06", "64", department="乙"))

    assert values(found) == {}
    assert [each.what.department for each in found.conflicts[found.latest]] == ["甲", "乙"]


def test_equal_values_of_two_departments_are_no_conflict():
    both = indicator("s", reporters=("甲", "乙"))
    found = known(both, point("s", "2024-06", "63", department="乙"), point("s", "2024-06", "63.0", department="甲"))

    assert found.conflicts == {}
    assert found.figures[found.latest].departments == ("甲",)


def test_without_a_declared_reporter_every_department_of_record_counts():
    nobody = indicator("s", reporters=())

    assert values(known(nobody, point("s", "2024-06", "63", department="甲"))) == {"2024-06": "63"}
    assert known(
        nobody, point("s", "2024-06", "63", department="甲"), point("s", "2024-06", "64", department="乙")
    ).conflicts


@pytest.mark.parametrize(("chosen", "value"), [("甲", "63"), ("乙", "64")])
def test_a_resolution_decides_a_conflict(chosen, value):
    both = indicator("s", reporters=("甲", "乙"))
    facts = [point("s", "2024-06", "63", department="甲"), point("s", "2024-06", "64", department="乙")]

    assert values(known(both, *facts, resolutions=[resolution("s", "2024-06", chosen)])) == {"2024-06": value}


def test_the_last_resolution_counts_and_one_for_another_period_or_a_silent_department_does_not():
    both = indicator("s", reporters=("甲", "乙"))
    facts = [point("s", "2024-12", "63", department="甲"), point("s", "2024-12", "64", department="乙")]
    first, second = resolution("s", "2024", "甲", import_id=8), resolution("s", "2024", "乙", import_id=9)

    assert values(known(both, *facts, resolutions=[first, second])) == {"2024-12": "64"}  # 2024 is keyed 2024-12
    assert known(both, *facts, resolutions=[resolution("s", "2024-11", "甲")]).conflicts
    assert known(both, *facts, resolutions=[resolution("s", "2024", "丙")]).conflicts


def test_superseded_facts_are_passed_over():
    old = point("s", "2024-06", "60")._replace(superseded=True)

    assert values(known(STOCK, old, point("s", "2024-06", "63"))) == {"2024-06": "63"}


def test_a_cumulative_is_carried_on_by_the_single_months_that_follow():
    found = known(FLOW, observed("f", "2024-04", "3.0"), single("f", "2024-05", "0.5"), single("f", "2024-06", "0.6"))

    assert values(found) == {"2024-04": "3.0", "2024-05": "3.5", "2024-06": "4.1"}
    assert len(found.figures[found.latest].sources) == 3


def test_single_months_beyond_a_hole_are_not_counted_and_it_is_said():
    found = known(FLOW, observed("f", "2024-04", "3.0"), single("f", "2024-06", "0.6"))

    assert values(found) == {"2024-04": "3.0"}
    assert found.notes == ("2024年6月当期数已报，但此前有缺期，未计入累计",)


def test_january_alone_starts_from_nothing_and_no_year_carries_into_the_next():
    found = known(FLOW, observed("f", "2023-12", "7.2"), single("f", "2024-01", "0.4"), single("f", "2024-02", "0.3"))

    assert values(found) == {"2023-12": "7.2", "2024-01": "0.4", "2024-02": "0.7"}


def test_single_quarters_and_halves_add_up_too():
    found = known(FLOW, single("f", "2024-Q1", "2.0"), single("f", "2024-Q2", "2.1"), single("f", "2024-H2", "4.4"))

    assert values(found) == {"2024-03": "2.0", "2024-06": "4.1", "2024-12": "8.5"}


def test_a_reported_cumulative_goes_before_an_added_one():
    found = known(FLOW, single("f", "2024-01", "0.4"), single("f", "2024-02", "0.4"), observed("f", "2024-02", "0.9"))

    assert values(found)["2024-02"] == "0.9"


def test_a_conflict_inside_a_year_reaches_the_months_added_to_it():
    both = indicator("f", kind="flow", reporters=("甲", "乙"))
    facts = [
        observed("f", "2024-04", "3.0", department="甲"),
        observed("f", "2024-04", "3.1", department="乙"),
        single("f", "2024-05", "0.5", department="甲"),
    ]

    assert known(both, *facts).figures == {}
    assert values(known(both, *facts, observed("f", "2024-05", "3.6", department="甲"))) == {"2024-05": "3.6"}


def test_segments_have_series_of_their_own_and_their_own_reporter():
    split = indicator("s", segments=("zisha",), segment_reporters=(("zisha", "示范区管委会"),))
    facts = [
        point("s", "2024-06", "63"),
        point("s", "2024-06", "9", segment="zisha", department="示范区管委会"),
        point("s", "2024-06", "8", segment="zisha", department="县工信局", reference=True),
    ]

    assert values(known(split, *facts)) == {"2024-06": "63"}
    assert values(known(split, *facts, segment="zisha")) == {"2024-06": "9"}


def test_segments_without_a_total_give_no_total_and_it_is_said():
    split = indicator("s", segments=("zisha",))
    found = known(split, point("s", "2024-06", "9", segment="zisha"))

    assert found.latest is None
    assert found.notes == ("2024年6月只报了分板块数，未报合计",)


RD = indicator("rd", name="研发投入", kind="flow", unit="亿元", frequency="year")
GDP = indicator("gdp", name="GDP", kind="flow", unit="亿元", frequency="year")
SHARE = indicator("share", kind="ratio", unit="%", frequency="year", formula=("rd", "gdp"))


def share(*facts):
    return known(SHARE, *facts, others=(RD, GDP))


def test_a_ratio_is_computed_from_its_parts_of_the_latest_same_year():
    found = share(
        observed("rd", "2023-12", "0.85"), observed("gdp", "2023-12", "120"), observed("gdp", "2024-12", "125")
    )
    figure = found.figures[found.latest]

    assert str(figure.month) == "2023-12"
    assert round(figure.value, 3) == Decimal("0.708")  # 0.85 / 120 × 100
    assert figure.value * 120 == pytest.approx(85)
    assert [source.what.indicator for source in figure.sources] == ["rd", "gdp"]


def test_a_ratio_of_heads_to_population_takes_each_latest_of_the_year():
    heads, people = indicator("heads", unit="人"), indicator("people", unit="万人")
    per = indicator("per", kind="ratio", unit="人", formula=("heads", "people"))
    facts = [point("heads", "2023-12", "414"), point("people", "2023-06", "20.7")]
    found = known(per, *facts, others=(heads, people))

    assert values(found) == {"2023-12": "20"}  # 414 / 20.7


def test_a_flow_over_a_stock_needs_the_whole_year():
    flow, people = indicator("flow", kind="flow"), indicator("people")
    per = indicator("per", kind="ratio", formula=("flow", "people"))
    facts = [observed("flow", "2024-06", "10"), observed("flow", "2023-12", "18"), point("people", "2023-12", "2")]
    found = known(per, *facts, point("people", "2024-06", "2"), others=(flow, people))

    assert values(found) == {"2023-12": "9"}


def test_a_ratio_without_its_parts_says_which_is_missing_and_takes_no_reported_ratio_instead():
    found = share(observed("rd", "2023-12", "0.85"), point("share", "2023-12", "0.71"))

    assert found.latest is None
    assert found.notes == ("缺GDP的数据", "直接填报的比率不采用，须由分子、分母计算")


def test_a_zero_denominator_is_said():
    found = share(observed("rd", "2023-12", "0.85"), observed("gdp", "2023-12", "0"))

    assert found.latest is None
    assert "2023年12月GDP为0，无法计算" in found.notes


def test_a_conflict_in_a_part_is_a_conflict_of_the_ratio():
    gdp = GDP._replace(reporters=("甲", "乙"))
    facts = [
        observed("rd", "2023-12", "0.85"),
        observed("gdp", "2023-12", "120", department="甲"),
        observed("gdp", "2023-12", "121", department="乙"),
    ]

    assert known(SHARE, *facts, others=(RD, gdp)).conflicts


def test_a_ratio_without_formula_stands_as_reported():
    plain = indicator("r", kind="ratio", unit="%")

    assert values(known(plain, point("r", "2024-06", "12.5"))) == {"2024-06": "12.5"}


@given(st.lists(st.decimals(0, 1000, places=2), min_size=12, max_size=12), st.integers(0, 12))
def test_a_year_of_single_months_equals_its_cumulatives_wherever_they_meet(months, reported):
    """However many cumulatives are known, adding single months gives the same series."""
    totals = [sum(months[: count + 1]) for count in range(12)]
    facts = [observed("f", f"2024-{count + 1:02}", str(totals[count])) for count in range(reported)]
    facts += [single("f", f"2024-{count + 1:02}", str(months[count])) for count in range(12)]

    assert [figure.value for figure in known(FLOW, *facts).figures.values()] == totals
