"""Due days, owed periods, silence: CONTRACT §7, 民法典 203, office calendars."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import CALENDAR, exempt, indicator, plan
from xiangning_zyz.analysis.due import figure_due, is_working_day, owed_periods, report_due, silence
from xiangning_zyz.period import Period
from xiangning_zyz.plan import DueDay

# 国务院办公厅关于2026年部分节假日安排的通知: 国庆 1–8 October, worked: 20 September and 10 October.
HOLIDAYS_2026 = CALENDAR._replace(
    off=frozenset(date(2026, 10, day) for day in range(1, 8)),
    work=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    years=frozenset({2026}),
)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2024-06", date(2024, 7, 5)),  # a Friday
        ("2024-09", date(2024, 10, 7)),  # 5 October is a Saturday: the Monday after
        ("2024-12", date(2025, 1, 6)),  # 5 January is a Sunday
        ("2024-Q2", date(2024, 7, 10)),
        ("2024-H1", date(2024, 7, 10)),  # halves follow the quarterly rule
        ("2024", date(2025, 1, 20)),
    ],
)
def test_a_report_is_due_on_the_office_s_day_or_the_next_working_day(period, day):
    assert report_due(CALENDAR, Period.parse(period)).day == day


@pytest.mark.parametrize(
    ("period", "rule", "day"),
    [
        ("2026-09", DueDay(5), date(2026, 10, 8)),  # 1–7 October off
        ("2026-09", DueDay(1, working=True), date(2026, 10, 8)),  # first working day of October
        ("2026-09", DueDay(3, working=True), date(2026, 10, 10)),  # 8, 9 and the Saturday worked for it
        ("2026-08", DueDay(20), date(2026, 9, 20)),  # a Sunday, but a 调休 working day
        ("2026-01", DueDay(31), date(2026, 3, 2)),  # 31 in February: the 28th, a Saturday
    ],
)
def test_holidays_and_working_weekends_move_the_due_day(period, rule, day):
    calendar = HOLIDAYS_2026._replace(monthly=rule)

    assert report_due(calendar, Period.parse(period)).day == day


def test_a_year_without_a_holiday_table_says_so():
    assert report_due(HOLIDAYS_2026, Period.parse("2026-06")).announced
    assert not report_due(HOLIDAYS_2026, Period.parse("2026-12")).announced  # due in 2027


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 31))
def test_a_due_day_is_always_a_working_day_after_the_period(day, rule):
    period = Period.month_of(day)
    due = report_due(HOLIDAYS_2026._replace(monthly=DueDay(rule)), period)

    assert due.day > period.last_day
    assert is_working_day(due.day, HOLIDAYS_2026)


def test_a_figure_published_later_is_due_when_its_publication_month_is_over():
    rd = indicator("rd", frequency="year", published_after_months=10)

    assert figure_due(plan(rd), rd, Period.parse("2023")).day == date(2024, 10, 31)


def test_a_ratio_waits_for_the_later_of_its_parts():
    rd = indicator("rd", kind="flow", frequency="year", published_after_months=10)
    gdp = indicator("gdp", kind="flow", frequency="year", published_after_months=11)
    share = indicator("share", kind="ratio", frequency="year", formula=("rd", "gdp"))

    assert figure_due(plan(share, rd, gdp), share, Period.parse("2023")).day == date(2024, 11, 30)


@pytest.mark.parametrize(
    ("frequency", "as_of", "owed"),
    [
        ("month", date(2023, 3, 31), ["2023-01", "2023-02", "2023-03"]),
        ("month", date(2023, 3, 30), ["2023-01", "2023-02"]),
        ("quarter", date(2023, 7, 1), ["2023-Q1", "2023-Q2"]),
        ("half", date(2023, 7, 1), ["2023-H1"]),
        ("year", date(2023, 12, 30), []),
        ("year", date(2030, 1, 1), ["2023", "2024", "2025", "2026", "2027"]),  # the plan ends in 2027
    ],
)
def test_periods_are_owed_from_the_plan_s_start_to_its_end(frequency, as_of, owed):
    one = indicator(frequency=frequency)

    assert [str(period) for period in owed_periods(plan(one), one, None, as_of)] == owed


def test_a_monthly_flow_owes_no_january_alone():
    flow = indicator(kind="flow")

    assert [str(period) for period in owed_periods(plan(flow), flow, None, date(2023, 3, 31))] == ["2023-02", "2023-03"]


def test_an_exempt_reporter_owes_nothing_for_that_period():
    one = indicator("x", reporters=("县工信局",))
    made = plan(one, exempt=(exempt("县工信局", "x", "2023-Q1"),))

    assert [str(period) for period in owed_periods(made, one, None, date(2023, 4, 30))] == ["2023-04"]


def test_silence_is_late_from_the_day_after_the_due_day():
    one = indicator()
    may = Period.parse("2024-05")

    assert silence(plan(one), one, may, date(2024, 7, 5)) == ((), Period.parse("2024-06"))
    assert silence(plan(one), one, may, date(2024, 7, 6)) == ((Period.parse("2024-06"),), None)
    assert silence(plan(one), one, may, date(2024, 8, 1)) == ((Period.parse("2024-06"),), Period.parse("2024-07"))
    assert silence(plan(one), one, may, date(2024, 8, 6)).late == (Period.parse("2024-06"), Period.parse("2024-07"))
