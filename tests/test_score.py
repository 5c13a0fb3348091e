"""The assessment (内部参考, domain.md B7): each line's rate, floors and caps, comparable totals, suggestions."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import annual, exempt, indicator, issue_event, issue_row, observed, plan, point, recorded, task, task_report
from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.series import series
from xiangning_zyz.analysis.status import goals
from xiangning_zyz.fact import ReturnedSheet
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Department, PlannedStep, ScoreItem, Scoring
from xiangning_zyz.report.score import Paper, score_listings
from xiangning_zyz.supervision.issues import issues_of
from xiangning_zyz.supervision.score import Score, Seen, reports_until, score_of, scores, suggestion_of
from xiangning_zyz.supervision.standing import Heard, standings

JUNE = Period.parse("2024-06")
DAY = date(2024, 7, 10)  # June's reports were due on the 5th


def seen(made, *, facts=(), records=(), returns=(), events=(), accepted=(), period=JUNE, as_of=DAY):
    """What an assessment of *period* rests on, from facts and records as the ledger holds them."""
    arrivals = {each.what.key: each.received for each in (*facts, *records)}
    known, end = gather(facts, records), period.last_day
    return Seen(
        period=period,
        month=period.last_month,
        first=period.last_month,
        standings={each.department: each for each in standings(made, period, Heard(arrivals, records, returns), as_of)},
        accepted=Counter(accepted),
        judgements=[judge(made, each, series(made, each, known, end), end) for each in goals(made)],
        reports=reports_until(period.last_month, records),
        issues=issues_of(made, events, records, min(as_of, end)),
        day=min(as_of, end),
    )  # fmt: skip


def line(made, item, department="县工信局", **known):
    score = next(each for each in scores(made, seen(made, **known)) if each.department == department)
    return next(each for each in score.lines if each.item.id == item)


def rate(made, item, department="县工信局", **known):
    return line(made, item, department, **known).rate.value


def reports(*tasks, day=date(2024, 7, 3), department="县工信局", **fields):
    return [task_report(each, "2024-06", department, received=day, **fields) for each in tasks]


TWO = plan(tasks=(task("T01"), task("T02")))
TEN = plan(tasks=tuple(task(f"T{n:02d}") for n in range(1, 11)))


# Lines.


def test_timeliness_is_in_time_of_due_and_completeness_is_reported_of_due():
    late = [*reports("T01"), *reports("T02", day=date(2024, 7, 6))]

    assert rate(TWO, "timeliness", records=late) == Fraction(1, 2)
    assert rate(TWO, "completeness", records=late) == 1
    assert rate(TWO, "completeness", records=reports("T01")) == Fraction(1, 2)
    assert line(TWO, "timeliness", records=late).rate.words == "按时1项 ÷ 应报2项"


def test_the_due_day_itself_is_in_time_and_what_is_not_due_yet_does_not_count():
    assert rate(TWO, "timeliness", records=reports("T01", "T02", day=date(2024, 7, 5))) == 1
    assert rate(TWO, "completeness", records=(), as_of=date(2024, 7, 5)) is None


def test_an_exempted_duty_does_not_count():
    made = plan(tasks=(task("T01"), task("T02")), exempt=(exempt("县工信局", "T02", "2024-06"),))

    assert rate(made, "completeness", records=reports("T01")) == 1


def test_quality_is_the_share_of_sheets_that_were_not_returned():
    back = ReturnedSheet("a.xlsx", "0" * 64, "县工信局", (JUNE,), date(2024, 7, 2), 3)

    assert rate(TWO, "returned", accepted={"县工信局": 3}, returns=[back]) == Fraction(3, 4)
    assert rate(TWO, "returned", returns=[back]) == 0
    assert rate(TWO, "returned") is None  # nothing came: silence is judged by the first two lines


def test_task_progress_is_the_mean_of_percent_against_the_time_that_has_passed():
    # By June half the year has passed: 40 of 50 is 0.8, 60 of 50 counts as 1.
    known = [*reports("T01", percent="40"), *reports("T02", percent="60")]

    assert rate(TWO, "task_progress", records=known) == Fraction(9, 10)
    parts = line(TWO, "task_progress", records=known).rate.parts
    assert [(part.reached, part.words) for part in parts] == [
        (Fraction(4, 5), "完成40% ÷ 时序6/12"),
        (1, "完成60% ÷ 时序6/12，超出部分不计"),
    ]


def test_the_last_percentage_of_the_year_counts_and_not_last_year_s_or_a_later_one():
    def percent(period, value, import_id):
        return task_report("T01", period, import_id=import_id, percent=value)

    one = plan(tasks=(task("T01"),))
    said = (("2023-12", "100"), ("2024-03", "20"), ("2024-05", "30"), ("2024-07", "90"))
    known = [percent(*each, n) for n, each in enumerate(said, 1)]

    assert rate(one, "task_progress", records=known) == Fraction(30, 50)


def test_a_task_reported_in_words_only_is_not_held_against_anybody():
    known = [*reports("T01", percent="50"), *reports("T02", progress="稳步推进")]

    assert rate(TWO, "task_progress", records=known) == 1


def test_a_task_overdue_and_unheard_of_all_year_counts_as_nothing():
    assert rate(TWO, "task_progress", records=reports("T01", percent="50")) == Fraction(1, 2)


def test_steps_of_the_yearly_work_plan_go_before_percentages():
    def step(by, done=None, department=None):
        return PlannedStep("T01", "步骤", by, department, done, "专班办公室", date(2024, 2, 1))

    steps = (
        step(date(2024, 3, 31), date(2024, 3, 20)),
        step(date(2024, 6, 30), date(2024, 7, 2)),  # done, but after the end of June
        step(date(2024, 6, 30), department="县文旅局"),  # another's
        step(date(2024, 9, 30)),  # not due yet
        step(date(2023, 6, 30)),  # last year's
    )
    made = plan(tasks=(task("T01"),), work_plan=steps)

    assert rate(made, "task_progress", records=reports("T01", percent="5")) == Fraction(1, 2)


def test_goals_count_by_what_is_expected_by_now():
    # 4.1 of 8.5 in a year: by June 4.25 are expected.
    output = indicator(
        "f",
        name="产值",
        kind="flow",
        unit="亿元",
        tasks=("T01",),
        reporters=("县统计局",),
        milestones=["2025-12-31 > 10"],
    )
    made = plan(output, tasks=(task("T01"),), annual_targets=(annual("f", 2024, "8.5"),))
    known = [observed("f", "2024-06", "4.1", department="县统计局", unit="亿元")]

    assert rate(made, "goal_attainment", facts=known) == Fraction(41, 10) / Fraction(425, 100)
    assert line(made, "goal_attainment", facts=known).rate.parts[0].words == "实际4.1亿元 ÷ 应达4.25亿元"


def test_goals_at_their_milestone_count_against_it_and_over_fulfilment_hides_no_other_goal():
    goals_ = (
        indicator("a", tasks=("T01",), reporters=("县统计局",), milestones=["2024-06-30 >= 50"]),
        indicator("b", tasks=("T01",), reporters=("县统计局",), milestones=["2024-06-30 >= 40"]),
    )
    made = plan(*goals_, tasks=(task("T01"),))
    known = [
        point("a", "2024-06", "40", department="县统计局"),
        point("b", "2024-06", "80", department="县统计局", ref="D8"),
    ]

    assert rate(made, "goal_attainment", facts=known) == (Fraction(4, 5) + 1) / 2
    assert [part.words for part in line(made, "goal_attainment", facts=known).rate.parts] == [
        "实际40户 ÷ 节点目标50户",
        "实际80户 ÷ 节点目标40户，超出部分不计",
    ]


def test_a_ceiling_is_reached_by_staying_below_it():
    energy = indicator("e", tasks=("T01",), reporters=("县统计局",), direction="down", milestones=["2024-06-30 <= 80"])
    made = plan(energy, tasks=(task("T01"),))

    assert rate(made, "goal_attainment", facts=[point("e", "2024-06", "100", department="县统计局")]) == Fraction(4, 5)
    assert rate(made, "goal_attainment", facts=[point("e", "2024-06", "60", department="县统计局")]) == 1


def test_goals_of_other_tasks_and_goals_without_a_verdict_are_left_out():
    other = indicator("o", tasks=("T09",), reporters=("县统计局",), milestones=["2024-06-30 >= 50"])
    dateless = indicator("d", tasks=("T01",), reporters=("县统计局",), milestones=["2027-12-31 >= 50?"])
    made = plan(other, dateless, tasks=(task("T01"), task("T09", departments=("县文旅局",))))
    known = [
        point("o", "2024-06", "10", department="县统计局"),
        point("d", "2024-06", "10", department="县统计局", ref="D8"),
    ]

    assert rate(made, "goal_attainment", facts=known) is None
    assert rate(made, "goal_attainment", "县文旅局", facts=known) == Fraction(1, 5)


def test_issues_are_closed_of_those_due_in_the_period_carried_into_it_or_closed_in_it():
    def raised(number, due):
        return issue_event(number, "add", "2024-04-01", due=due, responsible="县工信局、县文旅局")

    def closed(number, on):
        return issue_event(number, "close", on, evidence_sha256="f" * 64)

    events = [
        raised("2024-001", "2024-05-31"),  # carried into June overdue
        raised("2024-002", "2024-06-30"), closed("2024-002", "2024-06-20"),
        raised("2024-003", "2024-08-31"), closed("2024-003", "2024-06-28"),  # early
        raised("2024-004", "2024-08-31"),  # not due yet
        raised("2024-005", "2024-05-31"), closed("2024-005", "2024-05-30"),  # May's
        raised("2024-006", "2024-06-30"), closed("2024-006", "2024-07-02"),  # after June
    ]  # fmt: skip

    assert rate(TWO, "issues", events=events) == Fraction(2, 4)
    assert rate(TWO, "issues") is None


def test_an_issue_from_a_sheet_counts_for_whom_the_sheet_makes_responsible():
    row = issue_row("A1", "2024-05", "县文旅局", received=date(2024, 6, 3), responsible="县工信局", due="2024-06-15")

    assert rate(TWO, "issues", records=[row]) == 0


# Points, floors, caps, totals.


@pytest.mark.parametrize(
    ("share", "points", "floor", "cap", "score"),
    [
        ("0.5", 20, 0, 20, 10),
        ("0", 20, 5, 20, 5),
        ("0.1", 20, 5, 20, 5),
        ("1.5", 20, 0, 20, 20),
        ("1.5", 20, 0, 25, 25),
    ],
)
def test_a_score_is_rate_times_points_within_floor_and_cap(share, points, floor, cap, score):
    item = ScoreItem("timeliness", Decimal(points), Decimal(floor), Decimal(cap))
    assert score_of(item, Fraction(share)) == score


def test_a_cap_above_full_marks_pays_for_more_than_is_due():
    bonus = Scoring()._replace(items=(ScoreItem("task_progress", Decimal(20), Decimal(0), Decimal(24)),))
    made = plan(tasks=(task("T01"),), scoring=bonus)

    assert line(made, "task_progress", records=reports("T01", percent="55")).score == 22
    assert line(made, "task_progress", records=reports("T01", percent="100")).score == 24


def test_lines_that_do_not_apply_leave_both_sums_and_the_total_is_put_to_a_hundred():
    [score] = scores(TWO, seen(TWO, records=[*reports("T01", percent="50"), *reports("T02", percent="50")]))

    # timeliness 20, completeness 25, task progress 20 apply, all in full; no sheets counted, no goal, no issue
    assert (score.points, score.sum, score.total) == (65, 65, 100)
    assert [each.item.id for each in score.lines if each.score is None] == ["returned", "goal_attainment", "issues"]


def test_a_line_of_no_points_is_left_out():
    made = plan(tasks=(task("T01"),), scoring=Scoring()._replace(items=(ScoreItem("issues", *(Decimal(0),) * 3),)))
    [score] = scores(made, seen(made))

    assert (score.lines, score.total, score.suggestion) == ((), None, None)


def test_one_task_and_ten_tasks_done_alike_score_alike():
    def total(made):
        ids = [each.id for each in made.tasks]
        half = [*reports(*ids, percent="25")]
        return scores(made, seen(made, records=half))[0].total

    assert total(plan(tasks=(task("T01"),))) == total(TEN)


@given(st.integers(1, 10), st.integers(0, 10))
def test_completeness_depends_on_the_share_and_not_on_the_count(tasks, reported):
    reported = min(reported, tasks)
    made = plan(tasks=tuple(task(f"T{n:02d}") for n in range(1, tasks + 1)))
    known = reports(*(f"T{n:02d}" for n in range(1, reported + 1)))

    assert rate(made, "completeness", records=known) == Fraction(reported, tasks)
    assert 0 <= scores(made, seen(made, records=known))[0].total <= 100


def test_townships_are_assessed_without_tasks_and_departments_stand_in_the_plan_s_order():
    made = TWO._replace(departments=(Department("某镇", "某镇人民政府", (), "", "township"), *TWO.departments))
    events = [issue_event("2024-001", "add", "2024-04-01", due="2024-06-30", responsible="某镇")]
    town, office = scores(made, seen(made, records=reports("T01", "T02"), events=events))

    assert (town.department, town.points, town.total) == ("某镇", 10, 0)
    assert office.department == "县工信局"
    assert town.suggestion is None  # ten points are too little to suggest anything by


# Suggestions.


@pytest.mark.parametrize(
    ("points", "total", "suggestion"),
    [
        (100, Fraction(90), "praise"),
        (100, Fraction(8999, 100), None),
        (100, Fraction(60), None),
        (100, Fraction(5999, 100), "criticism"),
        (100, Fraction(50), "criticism"),
        (100, Fraction(4999, 100), "talk"),
        (50, Fraction(95), "praise"),
        (49, Fraction(95), None),
        (0, None, None),
    ],
)
def test_suggestions_follow_the_unrounded_total_where_enough_could_be_assessed(points, total, suggestion):
    assert suggestion_of(Scoring(), Fraction(points), total) == suggestion


def test_scores_are_exact_however_the_share_comes_out():
    made = plan(tasks=(task("T01"), task("T02"), task("T03")))
    [score] = scores(made, seen(made, records=reports("T01")))

    assert score.lines[1].score == Fraction(25, 3)


def test_a_later_sheet_of_one_import_is_the_last_word():
    one = plan(tasks=(task("T01"),))
    earlier, later = (task_report("T01", "2024-06", import_id=n, percent=p) for n, p in ((3, "20"), (4, "50")))

    assert rate(one, "task_progress", records=[later, earlier]) == 1


def test_only_reports_of_tasks_are_counted_as_such():
    assert reports_until(JUNE, [issue_row("1", "2024-06"), recorded(task_report("T01", "2024-06").what)]).keys() == {
        ("T01", "县工信局")
    }


# Words.


def test_a_total_below_a_bound_never_reads_as_the_bound():
    """89.96 is not praised, so it must not be printed as 90; 90 itself is, and 73.24 has nothing to hide."""
    totals = ("89.96", "90", "73.24", "59.999", "60.04")
    found = tuple(Score(each, (), Fraction(100), Fraction(each), None) for each in totals)
    rows = score_listings(plan(), Paper(JUNE, JUNE, JUNE, found, (), (), DAY, None))[0].rows

    assert [row[1] for row in rows] == ["89.96", "90", "73.2", "59.999", "60.04"]
