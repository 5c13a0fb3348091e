"""提示 → 催办 → 督办建议 → 约谈建议 → 通报建议: by periods missed in a row, reset on recovery, no step skipped."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import CALENDAR, plan, task, task_report
from test_standing import heard, returned
from xiangning_zyz.fact import Reminder
from xiangning_zyz.plan import Escalation, Project
from xiangning_zyz.supervision.ladder import STEPS, calls, until

MADE = plan(tasks=[task("T01", ["县工信局", "县文旅局"])])
# The office began in May: 县文旅局 reports every month and is never called.
GOOD = [
    task_report("T01", f"2024-{month:02d}", "县文旅局", received=date(2024, month + 1, 3)) for month in range(4, 11)
]


def steps(made, said, as_of, reminders=()):
    """`县工信局 urge 1 2024-06` for each item of each call."""
    return [
        f"{call.department} {item.step} {item.times} {item.since}"
        for call in calls(made, said, reminders, as_of)
        for item in call.items
    ]


def reminded(on, step="urge", department="县工信局", items=("T01",)):
    return Reminder(department, step, tuple(items), on)


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        (date(2024, 7, 2), []),
        (date(2024, 7, 3), ["县工信局 hint 0 2024-06"]),  # due Friday 5 July: two working days before
        (date(2024, 7, 5), ["县工信局 hint 0 2024-06"]),
        (date(2024, 7, 6), []),  # Saturday: nobody is reminded on a day off
        (date(2024, 7, 8), ["县工信局 urge 1 2024-06"]),
    ],
)
def test_silence_is_pointed_out_before_the_due_day_and_urged_after_it(as_of, found):
    said = heard(*GOOD, task_report("T01", "2024-05", received=date(2024, 6, 3)))

    assert [each for each in steps(MADE, said, as_of) if "县工信局" in each] == found


def test_each_period_missed_in_a_row_brings_the_next_step():
    """April is the first round the ledger knows of; nothing of 县工信局 ever comes. A 催办 goes out every month."""
    days = [date(2024, 5, 8), date(2024, 6, 11), date(2024, 7, 8), date(2024, 8, 8), date(2024, 9, 9)]
    reminders, found = [], []
    for day in days:
        [call] = [each for each in calls(MADE, heard(*GOOD), reminders, day) if each.department == "县工信局"]
        found.append((call.items[0].times, call.step))
        reminders.append(reminded(day, call.step))

    assert found == [(1, "urge"), (2, "supervise"), (3, "talk"), (4, "criticise"), (5, "criticise")]


def test_a_report_however_late_resets_the_count():
    """April and May were missed and urged; then May came, late. In July June is the first miss again."""
    said = heard(*GOOD, task_report("T01", "2024-05", received=date(2024, 6, 20)))

    assert steps(MADE, said, date(2024, 7, 8), [reminded(date(2024, 6, 11))]) == ["县工信局 urge 1 2024-06"]


def test_once_the_latest_period_is_in_nobody_is_called_for_an_earlier_hole():
    said = heard(*GOOD, task_report("T01", "2024-06", received=date(2024, 7, 5)))

    assert steps(MADE, said, date(2024, 7, 8)) == []


def test_no_step_is_skipped():
    """Three periods missed, nobody ever rang: the first step is 催办, whatever the count."""
    assert steps(MADE, heard(*GOOD), date(2024, 7, 8)) == ["县工信局 urge 3 2024-04"]


@pytest.mark.parametrize(
    ("as_of", "step"),
    [
        (date(2024, 7, 9), "urge"),
        (date(2024, 7, 11), "urge"),  # the term of three working days ends today
        (date(2024, 7, 12), "supervise"),
    ],
)
def test_the_next_step_waits_for_the_term_that_was_given(as_of, step):
    assert steps(MADE, heard(*GOOD), as_of, [reminded(date(2024, 7, 8))]) == [f"县工信局 {step} 3 2024-04"]


def test_reminders_of_an_earlier_run_of_misses_do_not_count():
    said = heard(*GOOD, task_report("T01", "2024-05", received=date(2024, 6, 20)))

    [call] = calls(
        MADE, said, [reminded(date(2024, 6, 11)), reminded(date(2024, 6, 18), "supervise")], date(2024, 8, 8)
    )

    assert (call.step, call.items[0].times, call.items[0].taken) == ("urge", 2, ())


def test_nobody_is_reminded_twice_a_day():
    said = heard(*GOOD)

    assert steps(MADE, said, date(2024, 7, 8), [reminded(date(2024, 7, 8))]) == []
    assert steps(MADE, said, date(2024, 7, 9), [reminded(date(2024, 7, 8))]) != []


def test_the_office_may_set_more_days_between_two_reminders():
    made = MADE._replace(rules=MADE.rules._replace(escalation=Escalation(repeat=3)))
    done = [reminded(date(2024, 7, 8))]

    assert [bool(calls(made, heard(*GOOD), done, date(2024, 7, day))) for day in (9, 10, 11)] == [False, False, True]


def test_nobody_is_reminded_on_a_holiday_but_on_a_worked_saturday():
    calendar = CALENDAR._replace(off=frozenset({date(2024, 7, 8)}), work=frozenset({date(2024, 7, 13)}))
    made = MADE._replace(rules=MADE.rules._replace(calendar=calendar))

    assert steps(made, heard(*GOOD), date(2024, 7, 8)) == []
    assert steps(made, heard(*GOOD), date(2024, 7, 13)) != []


@pytest.mark.parametrize(
    ("rule", "as_of", "step"),
    [
        (Escalation(urge=2, supervise=3, talk=4, criticise=5), date(2024, 5, 8), None),
        (Escalation(urge=2, supervise=3, talk=4, criticise=5), date(2024, 6, 11), "urge"),
        (Escalation(urge=0, supervise=1), date(2024, 5, 8), "supervise"),
        (Escalation(supervise=0, talk=2, criticise=3), date(2024, 6, 11), "talk"),
        (Escalation(0, 0, 0, 0), date(2024, 6, 11), None),
    ],
)
def test_the_office_sets_the_counts_and_may_do_without_a_step(rule, as_of, step):
    made = MADE._replace(rules=MADE.rules._replace(escalation=rule))

    found = calls(made, heard(*GOOD), [reminded(date(2024, 5, 8))] if as_of.month > 5 else [], as_of)

    assert [call.step for call in found] == ([step] if step else [])


def test_the_office_blames_nobody_for_the_time_before_it_began():
    """Its first sheet came in June 2024, for May; figures of 2023 entered later do not move that."""
    first = task_report("T01", "2024-05", "县文旅局", received=date(2024, 6, 3))
    backfill = task_report("T01", "2023-12", "县文旅局", received=date(2024, 7, 1))

    assert steps(MADE, heard(first, backfill), date(2024, 7, 8)) == [
        "县工信局 urge 2 2024-05",
        "县文旅局 urge 1 2024-06",
    ]


def test_an_empty_ledger_asks_for_the_last_round_alone():
    assert steps(MADE, heard(), date(2024, 7, 8)) == ["县工信局 urge 1 2024-06", "县文旅局 urge 1 2024-06"]


def test_a_returned_sheet_is_called_for_at_once_and_counts_as_missed_after_the_due_day():
    said = heard(
        *GOOD,
        returns=[returned("县工信局", "2024-06", date(2024, 7, 1))],
        first={("task", "T01", "", "2024-05", "", "县工信局"): date(2024, 6, 3)},
    )

    [early] = calls(MADE, said, [], date(2024, 7, 1))
    [late] = calls(MADE, said, [], date(2024, 7, 8))

    assert [(call.step, call.items[0].returned, call.items[0].times) for call in (early, late)] == [
        ("hint", True, 0),
        ("urge", True, 1),
    ]


def test_a_hint_is_given_once_for_each_period():
    said = heard(*GOOD, task_report("T01", "2024-05", received=date(2024, 6, 3)))

    assert steps(MADE, said, date(2024, 7, 4), [reminded(date(2024, 7, 3), "hint")]) == []
    assert steps(MADE, said, date(2024, 7, 8), [reminded(date(2024, 7, 3), "hint")]) == ["县工信局 urge 1 2024-06"]


def test_nobody_is_blamed_for_a_project_that_several_share():
    made = plan(departments=["县工信局", "县文旅局"])._replace(
        projects=(Project("P01", "T01", "滑雪度假区", (), ("县工信局", "县文旅局"), "", "stated"),)
    )
    done = [reminded(date(2024, 7, 1), items=["P01"]), reminded(date(2024, 7, 1), department="县文旅局", items=["P01"])]

    assert {call.step for call in calls(made, heard(*GOOD), done, date(2024, 9, 9))} == {"urge"}


def test_a_term_once_given_stays():
    [call] = calls(MADE, heard(*GOOD), [reminded(date(2024, 7, 8))], date(2024, 7, 10))
    [fresh] = calls(MADE, heard(*GOOD), [], date(2024, 7, 10))

    assert until(MADE, call, date(2024, 7, 10)) == date(2024, 7, 11)
    assert until(MADE, fresh, date(2024, 7, 10)) == date(2024, 7, 15)


@given(st.sets(st.integers(4, 10)), st.dates(date(2024, 5, 1), date(2024, 12, 31)))
def test_the_count_is_that_of_the_periods_since_the_last_report(months, as_of):
    reports = [task_report("T01", f"2024-{month:02d}", received=date(2024, month + 1, 3)) for month in months]
    said = heard(*GOOD, *reports)

    for call in calls(MADE, said, [], as_of):
        for item in call.items:
            assert item.step in STEPS
            if call.department == "县工信局" and item.times:
                last = max((month for month in months if date(2024, month + 1, 3) <= as_of), default=3)
                assert item.times == item.owed.period.ordinal - (2024 * 12 + last - 1)
