"""Facts of a sheet held against each other and against what is known: each rule with figures checked by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import firm_row, indicator, observed, plan, point, single, task, task_report
from xiangning_zyz.figure import rounded
from xiangning_zyz.intake.checks import check
from xiangning_zyz.intake.checks.known import Known

OUTPUT = indicator("output", name="产值", kind="flow", unit="亿元", segments=("a", "b", "c", "d"))
FIRMS = indicator("firms", name="企业", milestones=["2023-12-31 >= 50", "2025-12-31 >= 70"])
RATIO = indicator("ratio", name="强度", kind="ratio", unit="%", formula=("spent", "gdp"))
PARTS = indicator("spent", kind="flow", unit="亿元"), indicator("gdp", kind="flow", unit="亿元")
PLAN = plan(OUTPUT, FIRMS, RATIO, *PARTS, segments=("a", "b", "c", "d"))
RECEIVED = date(2024, 7, 3)


def output(period, value, segment=None, **fields):
    return observed("output", period, value, segment=segment, unit="亿元", **fields)


def keyed(*facts):
    return [(each.what.key, each.what) for each in facts]


def found(*facts, known=(), carried=()):
    """The codes of the problems of *facts*, in the order of the checks."""
    before = Known(each.what for each in known)
    problems = check(PLAN, keyed(*facts), [each.what for each in carried], before, RECEIVED)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("before", "now", "codes"),
    [
        (output("2024-05", "3.5"), output("2024-06", "35"), ["Z108"]),  # ten times last month's
        (output("2024-05", "3.5"), output("2024-06", "34.9"), []),
        (output("2023-12", "8.4"), output("2024-01", "0.7"), []),  # a new year begins at nothing
        (output("2023-12", "8.4"), output("2024-01", "0.07"), ["Z108"]),
        (output("2024-01", "0.4"), output("2024-06", "4.2"), []),  # five months more, at 1.75 times the pace
        (output("2024-05", "3.5"), output("2024-06", "35000"), ["Z107"]),  # 万元 for 亿元
        (point("firms", "2024-05", "66"), point("firms", "2024-06", "660"), ["Z108"]),
        (point("firms", "2024-05", "660"), point("firms", "2024-06", "66"), ["Z108"]),
        (point("firms", "2024-05", "1"), point("firms", "2024-06", "1000"), ["Z107"]),
        (point("firms", "2024-05", "0"), point("firms", "2024-06", "66"), []),
        (single("output", "2024-Q1", "2.1"), single("output", "2024-04", "0.7"), []),  # a quarter is three months
        (point("firms", "2024-06", "66"), point("firms", "2024-06", "6600"), ["Z108"]),  # against what it revises
    ],
)
def test_a_jump_is_measured_against_the_last_figure(before, now, codes):
    assert found(now, known=[before]) == codes


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (output("2024-05", "3.5"), output("2024-06", "35"), "与上次 3.5亿元（2024年5月） 相差"),
        (output("2023-12", "0.89"), output("2024-01", "0.89"), "与上次 0.89亿元（2023年12月，按月均比较） 相差"),
    ],
)
def test_it_is_said_when_a_jump_is_one_by_the_month(before, now, said):
    problems = check(PLAN, keyed(now), (), Known([before.what]), RECEIVED)
    assert [said in problem.message for problem in problems] == [True]


@pytest.mark.parametrize(
    ("total", "parts", "codes"),
    [
        ("4.52", ["0.61", "1.32", "2.07", "0.52"], []),
        ("4.54", ["0.61", "1.32", "2.07", "0.52"], []),  # 0.02 = four times half of 0.01
        ("4.55", ["0.61", "1.32", "2.07", "0.52"], ["Z402"]),
        ("5", ["0.61", "1.32", "2.07", "0.52"], ["Z402"]),  # a round total is no rounded one
        ("4.55", ["0.6", "1.32", "2.07", "0.52"], ["Z402"]),  # 0.6 in a number cell is 0.60
        ("9.99", ["0.61", "1.32", "2.07"], []),  # one segment is not known yet
    ],
)
def test_segments_agree_with_their_total_within_half_a_last_digit_each(total, parts, codes):
    facts = [output("2024-06", value, segment) for segment, value in zip("abcd", parts, strict=False)]
    assert found(output("2024-06", total), *facts) == codes
    assert found(output("2024-06", total), known=facts) == codes
    assert found(*facts, known=[output("2024-06", total)]) == codes


@given(st.lists(st.decimals("0.01", "99", places=6), min_size=4, max_size=4))
def test_parts_that_differ_from_the_total_by_rounding_alone_are_never_reported(exact):
    total = output("2024-06", rounded(sum(exact, Decimal(0)), 2))
    parts = [output("2024-06", rounded(value, 2), segment) for segment, value in zip("abcd", exact, strict=True)]
    assert "Z402" not in found(total, *parts)


def test_last_month_plus_this_month_is_this_month_s_total():
    june = output("2024-06", "4.12"), single("output", "2024-06", "0.72", unit="亿元")
    assert found(*june, known=[output("2024-05", "3.40")]) == []
    assert found(*june, known=[output("2024-05", "3.30")]) == ["Z403"]
    assert found(*june, known=[output("2024-05", "3.40")], carried=[output("2024-05", "3.30")]) == ["Z403"]


def test_a_cumulative_falls_only_within_its_year():
    assert found(output("2024-06", "3.3"), known=[output("2024-05", "3.4")]) == ["Z404"]
    assert found(output("2024-06", "3.3"), known=[output("2024-03", "3.4")]) == ["Z404"]
    assert found(output("2024-06", "3.3"), known=[output("2023-12", "3.4")]) == []


def test_a_ratio_is_held_against_its_parts_whichever_comes_last():
    spent, gdp = observed("spent", "2023-12", "0.85"), observed("gdp", "2023-12", "120")  # 0.708333…
    right, wrong = point("ratio", "2023-12", "0.71"), point("ratio", "2023-12", "0.72")
    assert found(spent, gdp, right) == []
    assert found(spent, gdp, wrong) == ["Z405"]
    assert found(wrong, known=[spent, gdp]) == ["Z405"]
    assert found(gdp, known=[spent, wrong]) == ["Z405"]
    assert found(point("ratio", "2023-12", "0.7"), known=[spent, gdp]) == []  # at its own decimals
    assert found(wrong, known=[spent]) == []


def test_a_figure_equal_to_the_next_milestone_is_asked_about():
    assert found(point("firms", "2024-06", "70")) == ["Z109"]
    assert found(point("firms", "2023-12", "50")) == ["Z109"]
    assert found(point("firms", "2024-06", "50")) == []


def test_two_departments_conflict_only_where_they_differ():
    theirs = point("firms", "2024-06", "66", department="县人社局")
    assert found(point("firms", "2024-06", "66"), known=[theirs]) == []
    assert found(point("firms", "2024-06", "64"), known=[theirs]) == ["Z408"]
    assert found(point("firms", "2024-05", "64"), known=[theirs]) == []


def test_a_reference_is_compared_and_counts_for_nothing():
    theirs = point("firms", "2024-06", "60", department="县人社局", reference=True)
    assert found(theirs, known=[point("firms", "2024-06", "66")]) == ["Z207"]
    assert found(point("firms", "2024-06", "66"), known=[theirs]) == []


def test_words_copied_from_the_last_period_are_said():
    one = PLAN._replace(tasks=(task("T01"),))

    def said(before, now):
        known = Known([task_report("T01", "2024-05", progress=before).what])
        return [p.code for p in check(one, keyed(task_report("T01", "2024-06", progress=now)), [], known, RECEIVED)]

    assert said("主体 完工。", "主体完工") == ["Z406"]
    assert said("主体完工", "内装进场") == []
    assert said("本月无进展", "本月无进展") == []


def test_what_is_known_keeps_up_with_what_comes_in():
    known = Known([point("firms", "2024-05", "66").what])
    known.add(keyed(point("firms", "2024-05", "67"), point("firms", "2024-06", "68", department="县人社局")))

    assert known.get(point("firms", "2024-05", "0").what.key).value == 67
    assert {period.last for period in known.figures(("firms", None, "point"))} == {5, 6}


def test_a_roster_that_disagrees_with_a_figure_of_another_file_is_no_problem_of_this_one():
    firms = plan(indicator("enterprises", segments=("a", "b")), segments=("a", "b"))
    roster, part = (
        firm_row("1", "2024-06", state="入驻", segment="a"),
        point("enterprises", "2024-06", "2", segment="a"),
    )

    def said(*facts):
        return [p.code for p in check(firms, keyed(*facts), [], Known([roster.what, part.what]), RECEIVED)]

    assert said(point("enterprises", "2024-06", "1")) == []
    assert said(firm_row("1", "2024-06", state="入驻", segment="a")) == ["Z409"]
