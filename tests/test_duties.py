"""What each department owes for a period: plan clause 三（四）, rules.yaml."""

from datetime import date

from makers import CALENDAR, exempt, indicator, plan, task
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Department, Project
from xiangning_zyz.supervision.duties import forms_asked, owed


def what(made, period):
    """`县工信局 T01 2024-06 due 07-05` for each duty."""
    return [
        f"{each.department} {each.name} {each.period} due {each.due.day:%m-%d}"
        for each in owed(made, Period.parse(period))
    ]


def test_a_monthly_figure_and_a_task_are_owed_every_month():
    made = plan(indicator("x"), tasks=[task("T01", ["县工信局", "县文旅局"])])

    assert what(made, "2024-06") == [
        "县工信局 x 2024-06 due 07-05",
        "县工信局 T01 2024-06 due 07-05",
        "县文旅局 T01 2024-06 due 07-05",
    ]


def test_a_quarterly_figure_is_owed_in_the_round_of_the_quarters_last_month():
    made = plan(indicator("x", frequency="quarter"))

    assert what(made, "2024-05") == []
    assert what(made, "2024-06") == ["县工信局 x 2024-Q2 due 07-10"]
    assert what(made, "2024") == [
        f"县工信局 x 2024-Q{n} due {day}" for n, day in enumerate(["04-10", "07-10", "10-10", "01-10"], 1)
    ]


def test_a_figure_published_later_is_owed_in_the_month_in_which_it_comes_out():
    made = plan(indicator("rd", frequency="year", published_after_months=11))

    assert what(made, "2024-11") == ["县工信局 rd 2023 due 11-30"]
    assert what(made, "2023-12") == what(made, "2024-12") == []


def test_a_monthly_flow_owes_no_january_of_its_own():
    made = plan(indicator("x", kind="flow"))

    assert what(made, "2024-01") == []
    assert what(made, "2024-02") == ["县工信局 x 2024-02 due 03-05"]


def test_a_computed_ratio_is_owed_by_nobody():
    made = plan(
        indicator("r", kind="ratio", formula=("a", "b")), indicator("a", reporters=()), indicator("b", reporters=())
    )

    assert what(made, "2024-06") == []


def test_a_segment_with_a_reporter_of_its_own_is_owed_by_that_one():
    made = plan(
        indicator("x", segments=("zisha", "yunqiu"), segment_reporters=(("yunqiu", "县文旅局"),)),
        departments=["县工信局", "县文旅局"],
    )

    assert what(made, "2024-06") == ["县工信局 x 2024-06 due 07-05", "县文旅局 x/yunqiu 2024-06 due 07-05"]


def with_project(made, *departments, reporters=()):
    return made._replace(projects=(Project("P01", "T01", "滑雪度假区", (), departments, "", "stated", reporters),))


def test_a_project_is_owed_by_its_departments_until_the_office_names_a_reporter():
    made = plan(departments=["县工信局", "县文旅局"])

    assert what(with_project(made, "县工信局", "县文旅局"), "2024-06") == [
        "县工信局 P01 2024-06 due 07-05",
        "县文旅局 P01 2024-06 due 07-05",
    ]
    assert what(with_project(made, "县工信局", "县文旅局", reporters=("县文旅局",)), "2024-06") == [
        "县文旅局 P01 2024-06 due 07-05"
    ]


def test_nothing_is_owed_outside_the_plan():
    made = plan(indicator("x"), tasks=[task()])

    assert what(made, "2022-12") == what(made, "2028-01") == []


def test_a_township_owes_nothing():
    made = plan(indicator("x"), tasks=[task()])
    made = made._replace(departments=(*made.departments, Department("甲镇", "甲镇人民政府", (), "", "township")))

    assert {each.department for each in owed(made, Period.parse("2024"))} == {"县工信局"}


def test_a_due_day_in_a_year_without_holiday_table_is_marked():
    unpublished = CALENDAR._replace(years=frozenset({2023}))
    made = plan(indicator("x"), calendar=unpublished)

    assert [each.due.announced for each in owed(made, Period.parse("2023"))] == [True] * 11 + [False]  # due in 2024


def test_forms_are_counted_by_the_year_in_which_they_are_due():
    """December's form is asked for in January; by 8 July that makes seven, December to June."""
    made = plan(
        indicator("x"), tasks=[task("T01", ["县工信局", "县文旅局"])], exempt=[exempt("县文旅局", "T01", "2024-Q1")]
    )

    asked = forms_asked(made, date(2024, 7, 8))

    assert asked == {"县工信局": 7, "县文旅局": 4}
    assert forms_asked(made, date(2022, 7, 8)) == {}
