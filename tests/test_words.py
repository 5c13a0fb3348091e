"""How figures read: differences of percentages are 百分点, and no rounding tells another story than the figure."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import annual, indicator, observed, plan, point
from test_judging import judged
from workspace_makers import bring
from xiangning_zyz.analysis.explain import explain
from xiangning_zyz.analysis.gap import gap
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.words import (
    amount,
    between,
    difference,
    growth_words,
    needed_said,
    passed_words,
    percent,
    signed,
)
from xiangning_zyz.jobs.plans import open_plan
from xiangning_zyz.jobs.reports import Wish, composed, material_for
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import Period
from xiangning_zyz.report.blocks import Chart, Table, text_of
from xiangning_zyz.report.gap import gap_listings
from xiangning_zyz.report.to_xlsx import number_format

SHARE = indicator("r", kind="ratio", unit="%", frequency="year", milestones=["2027-12-31 >= 1"])
WASTE = indicator("f", kind="flow", direction="down", unit="吨", milestones=["2024-12-31 <= 120"])


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("0.292", "%", "0.292个百分点"),
        ("-0.292", "%", "-0.292个百分点"),
        ("1.5", "‰", "1.5个千分点"),
        ("6", "户", "6户"),
        ("0", "%", "0个百分点"),
        ("0.00001234567", "%", "0.000012个百分点"),  # three decimals would read as no difference
    ],
)
def test_what_two_shares_differ_by_is_in_points(value, unit, words):
    assert difference(Decimal(value), unit) == words


def test_beside_a_unit_only_the_points_are_named():
    assert difference(Decimal("0.292"), "%", bare=True) == "0.292个百分点"
    assert difference(Decimal(6), "户", bare=True) == "6"
    assert number_format(difference(Decimal("0.292"), "%", bare=True)) == '0.000"个百分点"'  # a number in Excel


def test_a_change_has_its_sign_and_none_where_nothing_changed():
    assert [signed(Decimal(each), "%") for each in ("0.4", "-0.4", "0")] == [
        "+0.4个百分点",
        "-0.4个百分点",
        "0个百分点",
    ]


def test_both_ends_of_a_span_of_percentages_have_their_sign():
    assert (between("63", "68", "%"), between("67.5", "69.1", "户")) == ("63%～68%", "67.5～69.1户")


@given(st.decimals(min_value=-10, max_value=10, places=9))
def test_only_nothing_all_and_the_figure_beside_read_as_such(share):
    for bound, words in ((0, "0.0%"), (1, "100.0%")):
        assert (percent(share) == words) == (share == bound)
    beside = Decimal("0.25")
    assert share == beside or percent(share, beside) != percent(beside)


def test_growth_reads_as_growth_or_decline():
    assert [growth_words(Decimal(each)) for each in ("0.12", "-0.05", "0")] == ["增长12.0%", "下降5.0%", "持平"]


def test_what_a_ceiling_leaves_is_no_amount_that_must_be_reached():
    assert needed_said(Decimal(8), WASTE, "<=") == "每月不超过8吨"
    assert needed_said(Decimal(8), WASTE, ">=") == "需月均8吨"


# 0.708 % in 2024, 1 % by 2027-12: 0.292 points in 36 months, 0.00811… a month.
LEFT = "还差0.292个百分点，需月均0.0081个百分点"


def test_the_gap_of_a_percentage_is_in_points_wherever_it_is_said():
    facts = (point("r", "2023-12", "0.65"), point("r", "2024-12", "0.708"))
    made, day = plan(SHARE), date(2025, 12, 1)
    found = gap(made, SHARE, gather(facts), day)

    assert LEFT in found.judgement.reason
    overview, words = gap_listings(made, [found], "规则")[:2]
    assert overview.rows[0][5:7] == ("0.292个百分点", "0.0081个百分点")
    assert "相对增长率，不是百分点" in overview.notes[1]
    assert ("实际速度", "2023年12月以来月均变动+0.0048个百分点，折年增长8.9%") in words.rows  # 0.058 / 12; 0.708 / 0.65
    steps = [f"{step.title}：{step.text}" for step in explain(made, found.judgement)]
    assert "差距：对照值为2024年12月0.708%，1 − 0.708 = 0.292个百分点" in steps
    assert "需月均：0.292 ÷ 36个月 ≈ 0.0081个百分点" in steps


def test_a_pace_of_a_percentage_is_told_from_what_it_is_short_of():
    """0.75 % where 0.8 % is due: 0.05 points short, and half of the year's 0.1 behind."""
    targets = (annual("r", 2023, "0.7"), annual("r", 2024, "0.8"))

    found = judged(SHARE, point("r", "2024-12", "0.75"), annual_targets=targets)
    assert found.reason == "2024年12月0.75%，应达0.8%，进度落后50.0个百分点；2025年至2027年未报（逾期）。"


def test_a_verdict_and_the_figure_beside_it_never_disagree():
    rd, gdp = indicator("rd", kind="flow"), indicator("gdp", kind="flow")
    one = SHARE._replace(formula=("rd", "gdp"), milestones=(indicator(milestones=["2024-12-31 >= 1"]).milestones))
    facts = [observed("rd", "2024-12", "2.99999"), observed("gdp", "2024-12", "300")]  # 0.999996666… %

    found = gap(plan(one, rd, gdp), one, gather(facts), date(2025, 1, 5))
    row = gap_listings(plan(one, rd, gdp), [found], "规则")[0].rows[0]
    assert (row[3], row[4]) == ("不低于1%", "0.999997%（2024年12月）")
    assert row[5] == "0.0000033个百分点"  # 1 − 0.999996666…
    assert percent(found.judgement.attainment) == "99.9997%"


def test_a_share_done_is_not_shown_as_the_share_due_when_it_is_short_of_it():
    """4.9999 of 10 by June is 49.999 %: not 50.0 % beside 50.0 %."""
    one = indicator("f", kind="flow", unit="亿元", milestones=["2024-12-31 > 10"])

    reason = judged(one, observed("f", "2024-06", "4.9999"), as_of="2024-07-01").reason
    assert reason == "2024年1—6月累计4.9999亿元，为2024年目标10亿元的49.999%，时序进度50.0%，落后0.001个百分点。"


def test_reports_say_points_too(home):
    """0.65 of 100 in 2022, 0.85 of 120 in 2023: 0.65 % and 0.708333… %, 0.291666… short of 1 % in 48 months."""
    for year, spent, product in (("2022", "0.65", "100"), ("2023", "0.85", "120")):
        bring(
            home,
            "县统计局",
            observed("rd_expenditure", f"{year}-12", spent, unit="亿元"),
            observed("gdp", f"{year}-12", product, unit="亿元"),
            point("hightech_share", f"{year}-12", {"2022": "12.1", "2023": "12.5"}[year], unit="%"),
            received=date(2024, 11, 20),
        )
    workspace = Workspace(home)
    made = open_plan(workspace)
    with open_ledger(workspace.ledger, made.id) as ledger:
        wish = Wish(Period.parse("2024-11"), date(2024, 12, 2))
        report = composed(workspace, "annex", material_for(made, ledger, "annex", wish))
    blocks = list(report.all_blocks)

    def row(table, name):
        found = next(block for block in blocks if isinstance(block, Table) and block.name == table)
        keys = [column.key for column in found.columns]
        cells = next(cells for cells in found.rows if text_of(cells[keys.index("name")].runs) == name)
        return {key: text_of(cell.runs) for key, cell in zip(keys, cells, strict=True)}

    goal = row("goals", "全社会研发投入占GDP比重")
    assert (goal["unit"], goal["gap"], goal["needed"]) == ("%", "0.292个百分点", "0.0061个百分点")
    ahead = row("milestones", "全社会研发投入占GDP比重")
    assert (ahead["gap"], ahead["needed"]) == ("0.292个百分点", "0.0061个百分点")
    assert row("trends", "高新技术产业比例")["change"] == "+0.4个百分点"
    [chart] = [each for each in blocks if isinstance(each, Chart) and each.subject == "全社会研发投入占GDP比重"]
    assert "还差0.292个百分点，需月均0.0061个百分点" in chart.alt


def test_a_change_of_a_computed_share_is_rounded_once_for_people():
    """1/3 − 1/4 has no end; the table printed all sixty digits of it."""
    assert signed(Decimal(1) / 3 - Decimal(1) / 4, "%", bare=True) == "+0.083个百分点"
    assert amount(Decimal(1) / 3, "", Decimal("0.333")) == "0.3333"


@pytest.mark.parametrize(
    ("value", "soft", "words"),
    [("51", True, "达到"), ("49", True, "未达预期"), ("49", False, "未达到"), ("50", True, "恰等于，请人工确认")],
)
def test_a_passed_milestone_is_said_as_one_in_force_is(value, soft, words):
    """力争 makes a miss 未达预期; exactly 50 is no 超过50 and no miss that anybody has confirmed."""
    one = indicator("s", soft=soft, milestones=["2023-12-31 > 50", "2025-12-31 > 70"])
    [passed] = judged(one, point("s", "2023-12", value), point("s", "2024-06", "49")).passed

    assert passed_words(passed, soft=soft) == words


@given(st.decimals(min_value=Decimal("1E-40"), max_value=1, allow_nan=False))
def test_nothing_but_nothing_reads_as_nothing(value):
    text = difference(value, "户").removesuffix("户")
    assert Decimal(text) or not value
    assert abs(Decimal(text) - value) <= Decimal("0.05") * value or Decimal(text).as_tuple().exponent >= -3
