"""The rules of the issue ledger (问题台账, plan 三（三）): numbers, terms, striking off, what sheets add."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import issue_event, issue_row, plan, task
from xiangning_zyz.fact import IssueEvent
from xiangning_zyz.plan import Department
from xiangning_zyz.supervision.issues import IssueTally, entered_issues, issues_of, next_number, refusal, tally

PLAN = plan(tasks=(task("T01", departments=("县住建局", "县工信局", "县文旅局")),))
PLAN = PLAN._replace(
    departments=tuple(
        each._replace(full_name=f"乡宁{each.id}", aliases=(each.id.removeprefix("县"),)) for each in PLAN.departments
    )
)
DAY = date(2024, 7, 10)
N = "2024-001"
RAISED = issue_event(N, "add", "2024-06-03", "某陶瓷公司", "供水管网不到位", scope="个性", enterprise="某陶瓷公司")
ASSIGNED = issue_event(N, "assign", "2024-06-05", due="2024-06-28", responsible="县住建局", import_id=2)


def closing(by="专班办公室", evidence="f" * 64, on="2024-07-01"):
    return IssueEvent(N, "close", date.fromisoformat(on), by, "已通水", evidence="照片.zip", evidence_sha256=evidence)


def one(*events, records=(), day=DAY):
    [issue] = issues_of(PLAN, events, records, day)
    return issue


def refused(event, *events, records=()):
    found = {each.number: each for each in entered_issues(PLAN, events, records, date.max)}
    return refusal(PLAN, found.get(event.number), event)


# Numbers and terms.


def test_numbers_run_through_the_year_and_are_never_given_twice():
    events = [issue_event(number, "add", "2024-06-03") for number in ("2023-007", "2024-001", "2024-012", "县工信局-3")]

    assert next_number(events, 2024) == "2024-013"
    assert next_number(events, 2025) == "2025-001"
    assert refused(RAISED.what, RAISED) == f"编号 {N} 已经用过。"


def test_the_thousandth_issue_still_has_a_number():
    assert next_number([issue_event("2024-999", "add", "2024-06-03")], 2024) == "2024-1000"
    assert next_number([issue_event("2024-1000", "add", "2024-06-03")], 2024) == "2024-1001"


def test_an_issue_is_as_it_was_raised_and_assigned():
    issue = one(RAISED, ASSIGNED)

    assert (issue.problem, issue.scope, issue.raised_by, issue.raised_on) == (
        "供水管网不到位",
        "个性",
        "某陶瓷公司",
        date(2024, 6, 3),
    )
    assert (issue.responsible, issue.first_due, issue.due) == (("县住建局",), date(2024, 6, 28), date(2024, 6, 28))


def test_assigning_needs_a_term():
    event = issue_event(N, "assign", "2024-06-05", responsible="县住建局").what

    assert "完成时限" in refused(event, RAISED)
    assert refused(event._replace(due=date(2024, 6, 28)), RAISED) == ""


def test_assigning_anew_keeps_the_term():
    event = issue_event(N, "assign", "2024-06-20", responsible="县工信局").what

    assert refused(event, RAISED, ASSIGNED) == ""
    assert "zyz issue extend" in refused(event._replace(due=date(2024, 9, 30)), RAISED, ASSIGNED)
    issue = one(RAISED, ASSIGNED, issue_event(N, "assign", "2024-06-20", responsible="县工信局"))
    assert (issue.responsible, issue.due) == (("县工信局",), date(2024, 6, 28))


def test_a_term_is_not_before_the_day_it_is_set():
    assert "不能早于" in refused(ASSIGNED.what._replace(due=date(2024, 6, 4)), RAISED)


def test_extensions_keep_the_first_due_date():
    extended = [
        issue_event(N, "extend", "2024-06-27", due="2024-07-31", text="管材未到"),
        issue_event(N, "extend", "2024-07-09", due="2024-08-31", text="汛期停工"),
    ]
    issue = one(RAISED, ASSIGNED, *extended)

    assert (issue.first_due, issue.due, issue.extensions) == (date(2024, 6, 28), date(2024, 8, 31), 2)


@pytest.mark.parametrize("due", ["2024-06-28", "2024-06-27"])
def test_an_extension_must_end_later(due):
    event = issue_event(N, "extend", "2024-06-27", due=due, text="管材未到").what
    assert "应晚于" in refused(event, RAISED, ASSIGNED)


def test_what_was_never_assigned_cannot_be_extended():
    assert "交办" in refused(issue_event(N, "extend", "2024-06-27", due="2024-07-31").what, RAISED)


@pytest.mark.parametrize(("day", "overdue"), [("2024-06-28", False), ("2024-06-29", True)])
def test_overdue_begins_on_the_day_after_the_due_day(day, overdue):
    assert one(RAISED, ASSIGNED).overdue(date.fromisoformat(day)) is overdue


def test_an_issue_without_a_term_or_closed_is_never_overdue():
    assert not one(RAISED).overdue(DAY)
    assert not one(RAISED, ASSIGNED, ASSIGNED._replace(what=closing())).overdue(DAY)


# Striking off (销号).


def test_closing_needs_evidence():
    assert "佐证材料" in refused(closing(evidence=""), RAISED, ASSIGNED)
    assert refused(closing(), RAISED, ASSIGNED) == ""


@pytest.mark.parametrize(
    "who", ["县住建局", "住建局", "乡宁县住建局", "县住建局王某", "住建局 王某", "县文旅局、县住建局"]
)
def test_the_responsible_department_does_not_confirm_its_own_closing(who):
    assert "县住建局是责任单位" in refused(closing(who), RAISED, ASSIGNED)


@pytest.mark.parametrize("who", ["专班办公室", "县工信局", "专班办公室（县住建局陪同核实）", "某陶瓷公司"])
def test_anybody_else_may_confirm(who):
    assert refused(closing(who), RAISED, ASSIGNED) == ""


def test_who_reported_it_solved_does_not_confirm_either():
    solved = issue_row(N, "2024-06", "县文旅局", received=date(2024, 6, 30), state="已办结")

    assert "报告办结的单位" in refused(closing("县文旅局"), RAISED, ASSIGNED, records=[solved])


def test_an_issue_nobody_has_to_solve_cannot_be_closed():
    assert "没有责任单位" in refused(closing(), RAISED)


def test_a_closed_issue_takes_only_a_reopening():
    closed = (RAISED, ASSIGNED, ASSIGNED._replace(what=closing()))

    assert "已于 2024-07-01 销号" in refused(
        issue_event(N, "extend", "2024-07-02", due="2024-08-01", text="再延").what, *closed
    )
    reopening = issue_event(N, "reopen", "2024-07-05", text="再次停水", due="2024-08-15")
    assert refused(reopening.what, *closed) == ""
    again = one(*closed, reopening)
    assert (again.closed, again.first_due, again.due) == (None, date(2024, 6, 28), date(2024, 8, 15))
    assert [each.what.act for each in again.events] == ["add", "assign", "close", "reopen"]
    assert refused(reopening.what, RAISED, ASSIGNED) == f"{N} 没有销号，不必重新挂号。"


def test_what_happened_is_entered_in_the_order_of_days():
    assert "早于" in refused(closing(on="2024-06-04"), RAISED, ASSIGNED)


def test_an_unknown_number_is_said():
    assert refused(ASSIGNED.what) == f"没有编号为 {N} 的问题，请用 zyz issue list 查看编号。"


# What sheets add.


def test_a_row_with_the_office_s_number_is_a_word_on_that_issue():
    rows = [
        issue_row(N, "2024-06", "县住建局", received=date(2024, 7, 3), progress="管材已到", due="2025-01-31"),
        issue_row(N, "2024-05", "县住建局", received=date(2024, 6, 4), progress="已立项"),
    ]
    issue = one(RAISED, ASSIGNED, records=rows)

    assert [dict(each.what.fields)["progress"] for each in issue.words] == ["已立项", "管材已到"]
    assert issue.due == date(2024, 6, 28)  # a sheet extends nothing


def test_a_sheet_that_says_solved_asks_for_closing_and_closes_nothing():
    said = issue_row(N, "2024-06", "县住建局", received=date(2024, 7, 3), state="已解决")
    issue = one(RAISED, ASSIGNED, records=[said])

    assert (issue.closed, issue.claimants) == (None, ("县住建局",))


@pytest.mark.parametrize("state", ["未解决", "尚未办结", "部分解决", "基本解决", "办理中", "不能解决", ""])
def test_other_words_do_not_ask_for_closing(state):
    said = issue_row(N, "2024-06", "县住建局", received=date(2024, 7, 3), state=state)
    assert one(RAISED, ASSIGNED, records=[said]).claimants == ()


def test_the_last_sheet_counts_and_a_reopening_ends_an_earlier_claim():
    june = issue_row(N, "2024-06", "县住建局", 3, date(2024, 7, 1), state="已解决")
    july = issue_row(N, "2024-07", "县住建局", 4, date(2024, 7, 9), state="又停水了")
    assert one(RAISED, ASSIGNED, records=[june, july]).claimants == ()

    reopened = (
        RAISED,
        ASSIGNED,
        ASSIGNED._replace(what=closing(), import_id=5),
        issue_event(N, "reopen", "2024-07-05", import_id=6),
    )
    assert one(*reopened, records=[june]).claimants == ()


@pytest.mark.parametrize("state", ["待销号", "逾期、待销号", "申请销号"])
def test_our_own_sheet_sent_back_as_it_was_keeps_the_claim(state):
    june = issue_row(N, "2024-06", "县住建局", 3, date(2024, 7, 1), state="已解决")
    july = issue_row(N, "2024-07", "县住建局", 4, date(2024, 7, 9), state=state)

    assert one(RAISED, ASSIGNED, records=[june, july]).claimants == ("县住建局",)


def test_two_departments_may_both_have_the_same_number():
    rows = [
        issue_row("GX-3", "2024-06", "县工信局", received=date(2024, 7, 3), problem="融资难"),
        issue_row("GX-3", "2024-06", "县文旅局", received=date(2024, 7, 3), problem="停车难"),
    ]
    found = issues_of(PLAN, (), rows, DAY)

    assert [(each.number, each.problem) for each in found] == [("县工信局-GX-3", "融资难"), ("县文旅局-GX-3", "停车难")]


def test_rows_only_counted_go_together_by_the_problem_s_words():
    rows = [
        issue_row("1", "2024-05", received=date(2024, 6, 3), problem="融资难", progress="已走访"),
        issue_row("2", "2024-05", received=date(2024, 6, 3), problem="招工难"),
        issue_row("1", "2024-06", received=date(2024, 7, 3), problem="招 工 难", progress="已办招聘会"),
        issue_row("2", "2024-06", received=date(2024, 7, 3), problem="用电不足"),
    ]
    found = {each.number: each for each in issues_of(PLAN, (), rows, DAY)}

    assert {number: each.problem for number, each in found.items()} == {
        "县工信局-2024-05-1": "融资难",
        "县工信局-2024-05-2": "招工难",
        "县工信局-2024-06-2": "用电不足",
    }
    assert [len(found[number].words) for number in sorted(found)] == [1, 2, 1]


def test_a_sheet_s_issue_has_what_the_sheet_says_with_department_names_resolved():
    row = issue_row(
        "A1", "2024-06", received=date(2024, 7, 3), problem="用电不足", scope="个性问题", item="T01",
        enterprise="甲公司", raised_by="甲公司", raised_on="2024-06-20",
        responsible="住建局、县文旅局，供电所", due="2024-08-31",
    )  # fmt: skip
    issue = one(records=[row])

    assert issue.number == "县工信局-A1"
    assert (issue.scope, issue.enterprise, issue.item, issue.raised_by) == ("个性", "甲公司", "T01", "甲公司")
    assert issue.responsible == ("县住建局", "县文旅局", "供电所")
    assert (issue.raised_on, issue.first_due, issue.due) == (date(2024, 6, 20), date(2024, 8, 31), date(2024, 8, 31))


def test_a_sheet_s_issue_raised_in_no_stated_day_is_raised_when_it_came_and_never_later():
    came = date(2024, 7, 3)
    for stated, on in (("", came), ("2024-07-31", came), ("2024-06", date(2024, 6, 30)), ("长期", came)):
        assert one(records=[issue_row("A1", "2024-06", received=came, raised_on=stated)]).raised_on == on


def test_the_office_s_events_hold_for_issues_that_sheets_raised():
    row = issue_row("A1", "2024-06", received=date(2024, 6, 1), problem="用电不足")
    event = issue_event("县工信局-A1", "assign", "2024-06-05", responsible="县住建局", due="2024-06-28")
    issue = one(event, records=[row])

    assert (issue.responsible, issue.first_due) == (("县住建局",), date(2024, 6, 28))


def test_events_outlive_the_sheet_that_was_taken_back():
    issue = one(issue_event("县工信局-A1", "assign", "2024-06-05", responsible="县住建局", due="2024-06-28"))

    assert (issue.number, issue.problem, issue.responsible) == ("县工信局-A1", "（提出它的报表已撤回）", ("县住建局",))


# The day given.


def test_an_issue_is_judged_as_of_the_day_given():
    events = (RAISED, ASSIGNED, ASSIGNED._replace(what=closing()))
    row = issue_row("A1", "2024-06", received=date(2024, 7, 3))

    assert issues_of(PLAN, events, [row], date(2024, 6, 2)) == ()
    [raised] = issues_of(PLAN, events, [row], date(2024, 6, 4))
    assert raised.responsible == ()
    [open_] = issues_of(PLAN, events, [row], date(2024, 6, 30))
    assert open_.closed is None
    assert open_.overdue(date(2024, 6, 30))
    closed, other = issues_of(PLAN, events, [row], date(2024, 7, 3))
    assert closed.closed is not None
    assert other.number == "县工信局-A1"


# Withdrawing what was entered by mistake (作废).

WITHDRAWN = issue_event(N, "withdraw", "2024-07-09", text="重复登记", import_id=9)


def test_what_is_withdrawn_never_was_an_issue_and_stays_on_record():
    """Judged as of a day before the slip was noticed, too: as with an import taken back, only `--known-at` sees it."""
    for day in (date(2024, 6, 10), DAY):
        assert issues_of(PLAN, (RAISED, WITHDRAWN), (), day) == ()
        [issue] = entered_issues(PLAN, (RAISED, WITHDRAWN), (), day)
        assert [each.what.act for each in issue.events] == ["add", "withdraw"]
        assert (issue.open, issue.overdue(date.max), issue.withdrawn) == (False, False, WITHDRAWN.what)
    assert entered_issues(PLAN, (RAISED, WITHDRAWN), (), date(2024, 6, 2)) == ()
    assert len(issues_of(PLAN, (RAISED,), (), DAY)) == 1
    assert tally(entered_issues(PLAN, (RAISED, WITHDRAWN), (), DAY), DAY) == IssueTally(open=0, overdue=0)


def test_the_number_of_what_was_withdrawn_is_not_given_again():
    assert next_number([RAISED, WITHDRAWN], 2024) == "2024-002"


def test_a_slip_may_be_withdrawn_also_after_it_was_assigned():
    early = WITHDRAWN.what._replace(on=date(2024, 6, 28))

    assert refused(early, RAISED) == ""
    assert refused(early, RAISED, ASSIGNED) == ""


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([], "没有编号"),
        ([RAISED, ASSIGNED], "已过完成时限"),  # due 28 June
        ([RAISED, ASSIGNED, issue_event(N, "extend", "2024-06-27", due="2024-12-31")], "已经办理过"),
        ([RAISED, ASSIGNED, ASSIGNED._replace(what=closing())], "已于 2024-07-01 销号"),
        ([RAISED, WITHDRAWN], "已于 2024-07-09 作废"),
    ],
)
def test_what_was_worked_on_or_is_overdue_is_not_withdrawn(events, says):
    assert says in refused(WITHDRAWN.what, *events)


def test_what_a_department_has_spoken_of_is_not_withdrawn():
    assert "已经办理过" in refused(WITHDRAWN.what, RAISED, records=[issue_row(N, "2024-06", progress="已开工")])


def test_what_a_sheet_raised_is_taken_back_with_the_sheet():
    event = WITHDRAWN.what._replace(number="县工信局-GX-3")

    assert "zyz undo" in refused(event, records=[issue_row("GX-3", "2024-06", problem="用电容量不足")])


@pytest.mark.parametrize("act", ["assign", "extend", "close", "reopen"])
def test_nothing_more_happens_to_what_was_withdrawn(act):
    event = issue_event(N, act, "2024-07-10", due="2024-12-31", responsible="县住建局").what

    assert "作废" in refused(event, RAISED, WITHDRAWN)


def test_the_tally_counts_the_open_and_of_these_the_overdue():
    events = [
        *(issue_event(f"2024-00{n}", "add", "2024-06-03", due=due, responsible="县住建局") for n, due in enumerate(
            ("2024-06-28", "2024-07-10", "2024-07-09"), 1)),
        issue_event("2024-004", "add", "2024-06-03"),
        ASSIGNED._replace(what=closing()),
    ]  # fmt: skip

    assert tally(issues_of(PLAN, events, (), DAY), DAY) == IssueTally(open=3, overdue=1)
    assert tally((), DAY) == IssueTally(0, 0)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8))
def test_however_often_it_is_extended_the_first_due_date_stays_and_the_last_holds(steps):
    first = due = date(2024, 6, 28)
    events = [RAISED, ASSIGNED]
    for step in steps:
        due += timedelta(days=step)
        event = issue_event(N, "extend", "2024-06-27", due=due.isoformat(), text="理由")
        assert refused(event.what, *events) == ""
        events.append(event)
    issue = one(*events)

    assert (issue.first_due, issue.due, issue.extensions) == (first, due, len(steps))


def test_a_department_s_shorter_name_is_no_other_department_s():
    """市局 confirms what 县局 did: a name that merely contains 住建局 is somebody else."""
    made = PLAN._replace(departments=(*PLAN.departments, Department("市住建局", "临汾市住建局", (), "")))
    [issue] = issues_of(made, (RAISED, ASSIGNED), (), DAY)

    assert refusal(made, issue, closing("市住建局")) == ""
