"""The enterprise roster: one firm once, by credit code, with who said what (domain.md E8, E9; issue 6 item 5)."""

from datetime import date

import pytest

from makers import firm_row, indicator, plan, point
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.series import series
from xiangning_zyz.period import Period
from xiangning_zyz.supervision.roster import counts, firms_of

A, B, C = "91141029MA0K00001A", "91141029MA0K00002B", "91141029MA0K00003C"
JUNE = Period.parse("2024-06")
DAY = date(2024, 7, 10)


def firm(*rows, until=JUNE):
    [found] = firms_of(rows, until)
    return found


def test_a_firm_listed_by_several_departments_is_one_firm():
    found = firms_of(
        [
            firm_row(A, "2024-06", "县工信局", name="甲陶瓷", state="入驻", segment="zisha"),
            firm_row(A, "2024-06", "县文旅局", name="甲陶瓷公司", state="入驻", segment="zisha", import_id=2),
            firm_row(B, "2024-06", "县文旅局", name="乙酒庄", state="签约", segment="rongzi"),
        ],
        JUNE,
    )

    assert [(each.code, each.departments) for each in found] == [(B, ("县文旅局",)), (A, ("县工信局", "县文旅局"))]


def test_the_latest_period_counts_and_in_it_the_last_word_of_each_department():
    rows = [
        firm_row(A, "2024-05", state="签约", signed="2024-05-10", import_id=1),
        firm_row(A, "2024-06", state="投产", in_production="2024-06-20", import_id=4),
        firm_row(A, "2024-06", state="入驻", moved_in="2024-06-01", import_id=3),
    ]

    assert (firm(*rows).state, firm(*rows).since) == ("投产", "2024-06-20")
    assert (firm(*rows, until=Period.parse("2024-05")).state, len(firm(*rows).words)) == ("签约", 3)


def test_a_firm_that_left_no_longer_counts_whatever_was_said_before():
    rows = [firm_row(A, "2024-05", state="投产"), firm_row(A, "2024-06", state="退出", left="2024-06-30")]

    assert not firm(*rows).here
    assert firm(*rows, until=Period.parse("2024-05")).here


def test_where_departments_disagree_the_furthest_state_stands_and_each_is_shown():
    found = firm(
        firm_row(A, "2024-06", "县工信局", state="入驻", moved_in="2024-03"),
        firm_row(A, "2024-06", "县文旅局", state="投产", in_production="2024-05", import_id=2),
    )

    assert (found.state, found.since) == ("投产", "2024-05")
    assert found.disagreement == "县工信局报入驻、县文旅局报投产"


@pytest.mark.parametrize(("state", "here"), [("签约", False), ("入驻", True), ("投产", True), ("退出", False)])
def test_signed_is_not_moved_in(state, here):
    assert firm(firm_row(A, "2024-06", state=state)).here is here


@pytest.mark.parametrize(
    ("fields", "tiers"),
    [
        ({"tier": "规上、国家级专精特新“小巨人”"}, ("规上", "专精特新", "小巨人")),
        ({"tier": "规模以上龙头企业"}, ("规上", "龙头")),
        ({"tier": "非规上"}, ()),
        ({"above_scale": "是", "leading": "否", "specialised": "√"}, ("规上", "专精特新")),
        ({}, ()),
    ],
)
def test_tiers_are_read_from_a_column_of_tiers_or_from_columns_of_their_own(fields, tiers):
    assert firm(firm_row(A, "2024-06", state="入驻", **fields)).tiers == tiers


def test_the_roster_is_held_against_the_reported_figure_at_that_figure_s_month():
    made = plan(indicator("enterprises", segments=("zisha", "rongzi")), segments=("zisha", "rongzi"))
    rows = [
        firm_row(A, "2024-06", state="投产", segment="zisha"),
        firm_row(B, "2024-06", state="入驻", segment="rongzi"),
        firm_row(C, "2024-06", state="签约", segment="zisha"),
        firm_row(C, "2024-07", state="入驻", segment="zisha", import_id=2),
    ]
    facts = [point("enterprises", "2024-06", "3"), point("enterprises", "2024-06", "1", segment="zisha", ref="D8")]
    known = gather(facts)
    reported = {part: series(made, made.indicator("enterprises"), known, DAY, part) for part in (None, "zisha")}

    whole, part = counts(rows, reported)
    assert (whole.segment, whole.month, whole.listed, whole.figure.value) == (None, JUNE, 2, 3)
    assert (part.segment, part.listed, part.figure.value) == ("zisha", 1, 1)


def test_without_a_figure_or_a_roster_of_that_time_there_is_nothing_to_compare():
    made = plan(indicator("enterprises"))
    july = [firm_row(A, "2024-07", state="入驻")]
    reported = {None: series(made, made.indicators[0], gather([point("enterprises", "2024-06", "3")]), DAY)}

    assert counts(july, reported) == ()
    assert counts(july, {None: series(made, made.indicators[0], gather(()), DAY)}) == ()
