from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.period import Period

periods = st.builds(
    lambda year, text: Period.parse(f"{year:04d}{text}"),
    st.integers(1900, 2100),
    st.sampled_from(["", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4", *(f"-{m:02d}" for m in range(1, 13))]),
)


@given(periods)
def test_a_period_reads_back_what_it_writes(period):
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-0", "24-06", "2024-Q5", "2024-H3", "2024/06", "２０２４", "2024-06-30", ""]
)
def test_other_spellings_are_refused(text):
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "month"), [("2024-H1", "2024-06"), ("2024-Q3", "2024-09"), ("2024", "2024-12"), ("2024-02", "2024-02")]
)
def test_point_and_cumulative_figures_are_keyed_by_the_last_month(text, month):
    assert str(Period.parse(text).last_month) == month


def test_a_period_ends_on_the_last_day_of_its_last_month():
    assert Period.parse("2024-02").last_day == date(2024, 2, 29)
    assert Period.parse("2023-H2").first_day == date(2023, 7, 1)


@given(periods, st.integers(-50, 50))
def test_shifting_there_and_back_changes_nothing(period, steps):
    assert period.shifted(steps).shifted(-steps) == period
    assert period.shifted(steps).frequency == period.frequency


def test_shifting_steps_in_the_periods_own_length():
    assert str(Period.parse("2024-Q4").shifted(1)) == "2025-Q1"
    assert str(Period.parse("2024-01").shifted(-1)) == "2023-12"


@pytest.mark.parametrize(
    ("text", "label"),
    [("2024-06", "2024年6月"), ("2024-Q3", "2024年三季度"), ("2024-H1", "2024年上半年"), ("2024", "2024年")],
)
def test_periods_are_written_as_offices_write_them(text, label):
    assert Period.parse(text).label == label


def test_distance_is_counted_in_whole_months():
    assert Period.parse("2025-12").ordinal - Period.parse("2023-12").ordinal == 24
