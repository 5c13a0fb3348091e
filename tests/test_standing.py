"""未报、迟报、漏报、退回、零报告、已报、豁免: domain.md E6, issue 6."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import exempt, indicator, plan, point, task, task_report
from xiangning_zyz.fact import ReturnedSheet
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Project
from xiangning_zyz.supervision.standing import Heard, standings

JUNE = Period.parse("2024-06")
DUE = date(2024, 7, 5)  # a Friday
AFTER = date(2024, 7, 8)


def heard(*recorded, returns=(), first=None):
    """What these facts and returns tell; *first*: when a fact was first received, where an earlier version was."""
    arrivals = {each.what.key: each.received for each in recorded} | (first or {})
    records = [each for each in recorded if each.what.key[0] != "indicator"]
    return Heard(arrivals, records, returns)


def returned(department, period, received):
    return ReturnedSheet("报表.xlsx", f"{received}", department, (Period.parse(period),), received, 3)


def state_of(made, said, as_of=AFTER, period=JUNE, department="县工信局"):
    return next(each.state for each in standings(made, period, said, as_of) if each.department == department)


ONE = plan(tasks=[task("T01")])
TWO = plan(indicator("x"), tasks=[task("T01")])


def on(day, period="2024-06", task_id="T01", **fields):
    return task_report(task_id, period, received=date(2024, 7, day), **{"progress": "已开工"} | fields)


@pytest.mark.parametrize(
    ("said", "as_of", "state"),
    [
        (heard(), DUE, "pending"),  # the due day itself is still in time
        (heard(), date(2024, 7, 6), "missing"),
        (heard(on(5)), AFTER, "reported"),
        (heard(on(6)), AFTER, "late"),
        (heard(on(8)), date(2024, 7, 6), "missing"),  # not received yet on that day
        (heard(on(3, progress="本月无进展")), AFTER, "zero"),
        (heard(on(3, progress="无")), AFTER, "zero"),
        (heard(on(3, progress="", changed="无变化")), AFTER, "zero"),
        (heard(on(6, progress="本月无进展")), AFTER, "late"),  # a late 零报告 is late
        (heard(on(3, period="2024-05")), AFTER, "missing"),  # of another month
        (heard(returns=[returned("县工信局", "2024-06", date(2024, 7, 3))]), date(2024, 7, 4), "returned"),
        (heard(returns=[returned("县工信局", "2024-06", date(2024, 7, 3))]), AFTER, "returned"),
        (heard(returns=[returned("县文旅局", "2024-06", date(2024, 7, 3))]), AFTER, "missing"),
        (heard(returns=[returned("县工信局", "2024-05", date(2024, 7, 3))]), AFTER, "missing"),
        (heard(on(8), returns=[returned("县工信局", "2024-06", date(2024, 7, 3))]), AFTER, "late"),  # mended too late
        (heard(on(4), returns=[returned("县工信局", "2024-06", date(2024, 7, 3))]), AFTER, "reported"),
    ],
)
def test_the_state_follows_from_the_day_the_sheet_was_received(said, as_of, state):
    assert state_of(ONE, said, as_of) == state


def test_a_revision_makes_nobody_late():
    """The first sheet came on 3 July; the one that corrects it on 10 July is the one in force."""
    revised = on(10)

    assert state_of(ONE, heard(revised, first={revised.what.key: date(2024, 7, 3)})) == "reported"


@pytest.mark.parametrize(
    ("said", "as_of", "state"),
    [
        (heard(on(3)), AFTER, "partial"),  # the figure is missing: 漏报
        (heard(on(3)), DUE, "pending"),  # it may still come
        (heard(on(6), point("x", "2024-06", "54", received=date(2024, 7, 3))), AFTER, "late"),
        (heard(on(3, progress="无"), point("x", "2024-06", "54", received=date(2024, 7, 3))), AFTER, "reported"),
        (heard(on(3), returns=[returned("县工信局", "2024-06", date(2024, 7, 4))]), AFTER, "returned"),
        (heard(on(4), returns=[returned("县工信局", "2024-06", date(2024, 7, 3))]), AFTER, "partial"),  # mended in part
    ],
)
def test_a_department_with_several_duties(said, as_of, state):
    assert state_of(TWO, said, as_of) == state


def test_exempt_items_count_for_nothing_and_say_who_decided():
    made = plan(indicator("x"), tasks=[task("T01")], exempt=[exempt("县工信局", "T01", "2024-Q2")])

    [standing] = standings(made, JUNE, heard(point("x", "2024-06", "54", received=DUE)), AFTER)

    assert (standing.state, standing.rates) == ("reported", (1, 1, 1))
    assert [(item.state, item.exemption and item.exemption.why) for item in standing.items] == [
        ("reported", None),
        ("exempt", "无任务"),
    ]
    assert state_of(plan(tasks=[task("T01")], exempt=[exempt("县工信局", "T01", "2024")]), heard()) == "exempt"


def test_another_departments_word_does_not_help():
    made = plan(tasks=[task("T01", ["县工信局", "县文旅局"])])
    said = heard(on(3, department="县文旅局"))

    assert state_of(made, said) == "missing"
    assert state_of(made, said, department="县文旅局") == "reported"


def test_one_report_is_enough_for_a_project_that_several_share_and_nobody_was_named_for():
    made = plan(departments=["县工信局", "县文旅局"])._replace(
        projects=(Project("P01", "T01", "滑雪度假区", (), ("县工信局", "县文旅局"), "", "stated"),)
    )
    told = on(3, department="县文旅局", task_id="P01")
    told = told._replace(what=told.what._replace(kind="project"))

    [item] = standings(made, JUNE, heard(told), AFTER)[0].items
    named = made._replace(projects=(made.projects[0]._replace(reporters=("县工信局",)),))

    assert (item.owed.department, item.state, item.by) == ("县工信局", "reported", "县文旅局")
    assert state_of(named, heard(told)) == "missing"


def test_rates_compare_departments_with_one_duty_and_with_ten():
    tasks = [task(f"T{n:02d}", ["县工信局"]) for n in range(1, 10)] + [task("T10", ["县工信局", "县文旅局"])]
    said = [on(3, task_id=f"T{n:02d}") for n in range(1, 6)] + [on(6, task_id="T06")]

    many, one = standings(plan(tasks=tasks), JUNE, heard(*said, on(5, task_id="T10", department="县文旅局")), AFTER)

    assert many.rates == (10, 6, 5)
    assert (many.rates.completeness, many.rates.timeliness) == (Decimal("0.6"), Decimal("0.5"))
    assert (one.rates.completeness, one.rates.timeliness) == (1, 1)


def test_what_is_not_due_yet_lowers_no_rate():
    [standing] = standings(TWO, JUNE, heard(on(3)), DUE)

    assert standing.rates == (1, 1, 1)
    assert standings(TWO, JUNE, heard(), DUE)[0].rates.completeness is None


def test_a_quarter_adds_up_its_months():
    said = heard(on(1, period="2024-04"), task_report("T01", "2024-05", received=date(2024, 6, 20)))
    said = said._replace(
        arrivals=said.arrivals | {key: date(2024, 5, 6) for key in said.arrivals if key[3] == "2024-04"}
    )

    [standing] = standings(ONE, Period.parse("2024-Q2"), said, AFTER)

    assert [item.state for item in standing.items] == ["reported", "late", "missing"]
    assert (standing.state, standing.rates) == ("partial", (3, 2, 1))


@given(st.dates(date(2024, 6, 1), date(2024, 8, 31)), st.dates(date(2024, 6, 1), date(2024, 8, 31)))
def test_every_day_has_exactly_one_state(received, as_of):
    state = state_of(ONE, heard(task_report("T01", "2024-06", received=received, progress="已开工")), as_of)

    if received <= as_of:
        assert state == ("reported" if received <= DUE else "late")
    else:
        assert state == ("pending" if as_of <= DUE else "missing")
