"""Gap analysis: needed and observed pace, segments, who answers (CONTRACT §7)."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import annual, indicator, milestone, observed, plan, point, task, task_report
from xiangning_zyz.analysis.gap import gap
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.figure import rounded
from xiangning_zyz.plan import Decision
from xiangning_zyz.report.gap import gap_listings
from xiangning_zyz.report.gap_json import gap_json

FIRMS = indicator("s", milestones=["2023-12-31 >= 50", "2025-12-31 >= 70", "2027-12-31 >= 90"])
OUTPUT = indicator("f", kind="flow", unit="亿元", milestones=["2023-12-31 > 7", "2025-12-31 > 10", "2027-12-31 > 15"])


def analysed(one, *facts, as_of=date(2030, 1, 1), records=(), to=None, **made):
    return gap(plan(one, **made), one, gather(facts, records), as_of, to)


def test_a_stock_needs_its_gap_spread_over_the_months_to_each_milestone():
    found = analysed(FIRMS, point("s", "2023-12", "50"), point("s", "2024-12", "54"), as_of=date(2025, 1, 1))

    assert [(str(each.milestone.by), each.gap) for each in found.milestones] == [("2025-12-31", 16), ("2027-12-31", 36)]
    assert [each.needed_per_month for each in found.milestones][1] == 1  # 36 in 36 months
    assert rounded(found.milestones[0].needed_growth, 4) == "0.2963"  # 70 / 54 − 1
    assert rounded(found.milestones[1].needed_growth, 4) == "0.1856"  # (90 / 54) ^ (1/3) − 1
    assert rounded(found.observed.per_month, 4) == "0.3333"  # 4 in 12 months
    assert found.observed.growth == Decimal("0.08")  # 54 / 50 − 1


def test_a_flow_needs_a_monthly_average_and_growth_of_its_yearly_totals():
    facts = [observed("f", "2023-06", "3.2"), observed("f", "2023-12", "7.5"), observed("f", "2024-06", "4.0")]
    found = analysed(OUTPUT, *facts, as_of=date(2024, 7, 1))

    assert [rounded(each.needed_per_month, 4) for each in found.milestones] == ["0.8333", "1.2500"]  # 10/12, 15/12
    assert rounded(found.milestones[0].needed_growth, 4) == "0.1547"  # (10 / 7.5) ^ (1/2) − 1
    assert rounded(found.observed.per_month, 4) == "0.6917"  # (4.0 + 7.5 − 3.2) / 12
    assert found.observed.growth == Decimal("0.25")  # 4.0 / 3.2 − 1


def test_in_the_milestone_s_year_a_flow_needs_what_is_left_of_it():
    found = analysed(OUTPUT, observed("f", "2024-12", "8"), observed("f", "2025-06", "4.6"), as_of=date(2025, 7, 1))

    assert found.milestones[0].gap == Decimal("5.4")
    assert found.milestones[0].needed_per_month == Decimal("0.9")  # 5.4 in 6 months
    assert found.milestones[0].needed_growth == Decimal("0.25")  # 10 / 8 − 1


def test_nothing_missing_needs_nothing():
    found = analysed(FIRMS, point("s", "2025-06", "75"), to="next")

    assert (found.milestones[0].gap, found.milestones[0].needed_per_month, found.milestones[0].needed_growth) == (
        -5,
        0,
        0,
    )


@pytest.mark.parametrize(
    ("to", "dates"),
    [
        (None, ["2025-12-31", "2027-12-31"]),
        ("next", ["2025-12-31"]),
        ("final", ["2027-12-31"]),
        (date(2026, 3, 1), ["2027-12-31"]),  # the milestone in force on that day
        (date(2030, 1, 1), ["2027-12-31"]),
    ],
)
def test_to_keeps_the_milestones_asked_for(to, dates):
    found = analysed(FIRMS, point("s", "2024-06", "55"), to=to)

    assert [str(each.milestone.by) for each in found.milestones] == dates


def test_the_observed_pace_looks_back_twelve_months_or_to_the_first_value():
    months = [point("s", "2023-03", "40"), point("s", "2023-09", "46"), point("s", "2024-06", "58")]

    assert str(analysed(FIRMS, *months).observed.since) == "2023-03"  # the last value 12 months old: 18 in 15 months
    assert analysed(FIRMS, *months).observed.per_month == Decimal("1.2")
    assert str(analysed(FIRMS, *months, point("s", "2023-06", "43")).observed.since) == "2023-06"  # exactly 12
    assert str(analysed(FIRMS, *months[1:]).observed.since) == "2023-09"  # younger, but the first
    assert analysed(FIRMS, months[2]).observed == (None, None, None)


def test_no_growth_is_reckoned_from_zero():
    found = analysed(FIRMS, point("s", "2023-12", "0"), point("s", "2024-12", "5"))

    assert found.observed.growth is None
    assert analysed(FIRMS, point("s", "2024-12", "0")).milestones[0].needed_growth is None


SPLIT = FIRMS._replace(segments=("zisha", "rongzi"))


def parts_of(*facts):
    return analysed(SPLIT, *facts, segments=("zisha", "rongzi")).segments


def test_segments_parts_add_up_to_the_change_since_last_year():
    found = parts_of(
        point("s", "2023-06", "40"),
        point("s", "2023-06", "15", segment="zisha"),
        point("s", "2023-06", "25", segment="rongzi"),
        point("s", "2024-06", "52"),
        point("s", "2024-06", "26", segment="zisha"),
        point("s", "2024-06", "26", segment="rongzi"),
    )

    assert [(each.segment, each.change) for each in found] == [("zisha", 11), ("rongzi", 1)]


def test_what_the_segments_do_not_explain_is_shown_as_such():
    found = parts_of(
        point("s", "2023-06", "40"),
        point("s", "2023-06", "15", segment="zisha"),
        point("s", "2024-06", "52"),
        point("s", "2024-06", "26", segment="zisha"),
    )

    assert [(each.segment, each.change) for each in found] == [("zisha", 11), (None, 1)]
    assert parts_of(point("s", "2023-06", "40"), point("s", "2024-06", "52")) == ()


@given(
    st.lists(st.tuples(*[st.decimals(-999, 999, places=2)] * 2), min_size=2, max_size=2), st.decimals(0, 9, places=2)
)
def test_parts_and_remainder_always_sum_exactly(changes, extra):
    facts = []
    for segment, (before, now) in zip(("zisha", "rongzi"), changes, strict=True):
        facts += [
            point("s", "2023-06", str(before), segment=segment),
            point("s", "2024-06", str(now), segment=segment),
        ]
    last, this = (sum(pair[side] for pair in changes) for side in (0, 1))
    facts += [point("s", "2023-06", str(last)), point("s", "2024-06", str(this + extra))]

    assert sum(part.change for part in parts_of(*facts)) == this + extra - last


def test_each_bound_department_shows_its_last_word_on_goal_or_task():
    one = FIRMS._replace(tasks=("T01",))
    tasks = (task("T01", departments=("县工信局", "县文旅局", "县财政局")),)
    found = analysed(
        one,
        point("s", "2024-06", "55", received=date(2024, 7, 3)),
        records=[task_report("T01", "2024-05", "县文旅局", received=date(2024, 6, 4), percent="40")],
        tasks=tasks,
        as_of=date(2024, 8, 10),
    )

    said = [(each.department, each.period and str(each.period), each.received, each.age) for each in found.responsible]
    assert said == [
        ("县工信局", "2024-06", date(2024, 7, 3), 1),  # months to July, the last that is over
        ("县文旅局", "2024-05", date(2024, 6, 4), 2),
        ("县财政局", None, None, None),
    ]


def test_a_reporter_without_a_task_answers_too():
    found = analysed(FIRMS, point("s", "2024-06", "55"))

    assert [(each.task, each.department) for each in found.responsible] == [(None, "县工信局")]


def test_json_has_the_contract_s_keys_and_figures_as_strings():
    one = FIRMS._replace(tasks=("T01",))
    made = plan(one, tasks=(task("T01"),))
    known = gather([point("s", "2023-12", "50"), point("s", "2024-12", "54")])
    as_of = date(2025, 1, 1)

    printed = json.loads(json.dumps(gap_json(made, [gap(made, one, known, as_of)], as_of)))
    assert list(printed) == ["schema", "plan", "as_of", "known_at", "targets"]
    target = printed["targets"][0]
    added = ["milestones", "observed", "forecast", "methods", "segments", "responsible"]
    assert [key for key in target if key in added] == added
    assert (target["methods"], target["changes"], target["what_if"]) == ({}, None, None)  # only when asked for
    assert target["milestones"][1] == {
        "by": "2027-12-31",
        "op": ">=",
        "value": "90",
        "basis": "stated",
        "gap": "36",
        "needed_per_month": "1",
        "needed_growth": "0.185631101497",
    }
    assert target["observed"]["growth"] == "0.08"
    assert target["responsible"][0]["last_report"] == "2024-12"


def tables_of(one, *facts, as_of=date(2025, 1, 1), **made):
    whole = plan(one, **made)
    return {each.title: each for each in gap_listings(whole, [gap(whole, one, gather(facts), as_of)], "规则")}


def test_all_gaps_stand_in_one_table_with_the_rule_under_it():
    table = tables_of(FIRMS._replace(name="入驻企业"), point("s", "2023-12", "50"), point("s", "2024-12", "54"))[
        "差距总表"
    ]

    assert [row[0] for row in table.rows] == ["入驻企业", "入驻企业"]
    assert table.rows[0][1].text == "▲黄 滞后"
    assert table.rows[1][2:] == ("2027年底", "不低于90户", "54户（2024年12月）", "36户", "1户", "18.6%")
    assert table.notes == ("规则",)


def test_a_goal_of_trend_only_has_its_row_too():
    share = indicator("s", name="比例", kind="ratio", unit="%", frequency="year", trend="rising")
    rows = tables_of(share, point("s", "2023-12", "12.1"), point("s", "2024-12", "12.5"))["差距总表"].rows

    assert rows[0][2:] == ("", "逐年上升", "上升，符合", "", "", "")


def test_an_office_s_target_and_a_confirmed_date_name_who_decided_and_when():
    decided = (annual("f", 2024, "8.2"),)
    words = dict(
        row[:2]
        for row in tables_of(OUTPUT, observed("f", "2024-06", "4.1"), annual_targets=decided)["f　●绿 正常"].rows
    )
    assert words["年度目标"] == "2024年目标8.2亿元（年度目标，专班办公室2024年2月1日确定），余下各月需月均0.683亿元"

    one = indicator("s", milestones=[milestone("2027-12-31 >= 10", "office")])
    on = (Decision("s", "2027-12-31", "专班办公室主任会议", date(2024, 2, 1)),)
    table = tables_of(one, point("s", "2024-12", "4"), confirmed_dates=on)["s　○ 无法测算进度"]
    assert ("时限", "2027年底由专班办公室主任会议2024年2月1日确认") in table.rows


def test_forecasts_are_shown_with_method_interval_and_landing():
    facts = [point("s", f"2024-{m:02d}", str(49 + m)) for m in range(1, 13)]
    table = tables_of(FIRMS, *facts)["预测"]

    assert table.rows[0] == ("2025年底", "线性趋势", "73户", "73～73户", "99%以上", "2025年9月")
    assert table.notes == ("趋势按12个数据点推算，假定走势不变、各期误差互不相关。",)
    refused = tables_of(FIRMS, *facts[:2])
    assert "预测" not in refused
    assert any(("预测", "只有2个数据点，少于4个，不作预测") in each.rows for each in refused.values())


def test_growth_is_between_like_and_like():
    """6 by June 2025 from 4 in January to June 2024: half as much again, whatever the whole year came to."""
    half = indicator("f", kind="flow", milestones=["2025-06-30 >= 6"])
    found = analysed(half, observed("f", "2024-06", "4"), observed("f", "2024-12", "10"), as_of=date(2025, 1, 5))

    assert found.milestones[0].needed_growth == Decimal("0.5")


def test_growth_needs_no_unbroken_row_of_years():
    """10 in 2022, nothing known of 2023, 14.4 asked for 2024: (14.4 / 10) ^ (1/2) − 1."""
    one = indicator("f", kind="flow", milestones=["2024-12-31 >= 14.4"])
    found = analysed(one, observed("f", "2022-12", "10"), observed("f", "2024-06", "7"), as_of=date(2024, 7, 5))

    assert rounded(found.milestones[0].needed_growth, 6) == "0.200000"


def test_no_growth_is_told_where_a_profit_turned_into_a_loss():
    found = analysed(OUTPUT, observed("f", "2023-06", "3"), observed("f", "2024-06", "-1"), as_of=date(2024, 7, 5))

    assert found.observed.growth is None


def test_the_changes_of_ratios_do_not_add_up_and_are_not_taken_apart():
    """12 % to 14 % of the whole is no sum of 10 % to 11 % here and 20 % to 25 % there."""
    one = indicator("s", kind="ratio", unit="%", segments=("zisha", "other"), trend="rising")
    facts = [
        point("s", period, value, segment=segment)
        for period, values in (("2023-12", ("12", "10", "20")), ("2024-12", ("14", "11", "25")))
        for segment, value in zip((None, "zisha", "other"), values, strict=True)
    ]

    assert analysed(one, *facts, segments=("zisha", "other")).segments == ()


def test_a_flow_s_growth_is_that_of_the_same_months_and_a_fall_reads_as_one():
    facts = [observed("f", "2023-06", "4"), observed("f", "2023-12", "8"), observed("f", "2024-06", "3.8")]
    rows = tables_of(OUTPUT, *facts)["f　●绿 正常"].rows

    assert ("实际速度", "2023年7月以来月均0.65亿元，同比下降5.0%") in rows  # (3.8 + 8 − 4) / 12; 3.8 / 4 − 1


def test_a_ceiling_on_a_flow_is_kept_and_not_reached():
    waste = indicator("f", kind="flow", direction="down", unit="吨", milestones=["2025-12-31 <= 120"])
    facts = [observed("f", f"2025-{month:02d}", str(9 * month + month % 2)) for month in range(1, 7)]
    tables = tables_of(waste, *facts, as_of=date(2025, 7, 1))

    assert {row[5] for row in tables["预测"].rows} == {"不适用"}
    assert tables["差距总表"].rows[0][6] == "不超过11吨"  # (120 − 54) / 6
    assert tables["f　●绿 超前"].rows[1] == ("年度目标", "2025年目标120吨（节点目标），余下各月每月不超过11吨")


def test_what_is_reached_already_is_not_foretold():
    facts = [point("s", f"2025-{month:02d}", str(66 + month + month % 2)) for month in range(1, 7)]
    table = tables_of(FIRMS, *facts, as_of=date(2025, 7, 1))["预测"]

    assert {row[5] for row in table.rows if row[0] == "2025年底"} == {"现已达到"}  # 72 of 70
