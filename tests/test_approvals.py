"""Who may approve what, and objections with their terms (政府督查工作条例 art. 7, 16, 17, 21)."""

from datetime import date

import pytest

from makers import CALENDAR, plan, recorded, task
from xiangning_zyz.fact import Approval, Review
from xiangning_zyz.period import Period
from xiangning_zyz.supervision import approvals, reviews
from xiangning_zyz.supervision.approvals import in_force
from xiangning_zyz.supervision.reviews import last_day, objections_of, pending

JUNE = Period.parse("2024-06")
PLAN = plan(tasks=(task("T01", departments=("县工信局", "县文旅局")),))


def approval(what="praise", by="县长", department="县工信局", act="approve", period=JUNE, on="2024-07-15"):
    return Approval(what, act, period, department, by, date.fromisoformat(on), "", "", "")


def kept(*new):
    return [recorded(each, n) for n, each in enumerate(new, 1)]


# Approvals.


@pytest.mark.parametrize("what", ["praise", "criticism", "talk"])
@pytest.mark.parametrize("by", ["专班办公室", "工作专班", "县工信局", "县文旅局局长"])
def test_praise_criticism_and_talks_are_not_approved_by_those_who_propose_them(what, by):
    assert "第二十一条" in approvals.refusal(PLAN, (), approval(what, by))


@pytest.mark.parametrize("by", ["县长", "县人民政府", "县政府常务会议"])
def test_the_government_or_its_head_approves(by):
    assert approvals.refusal(PLAN, (), approval(by=by)) == ""


def test_the_office_may_approve_its_own_brief_but_not_a_bulletin_of_the_government():
    new = approval("bulletin", "专班办公室", "")
    government = PLAN._replace(rules=PLAN.rules._replace(issuer="government"))

    assert approvals.refusal(PLAN, (), new) == ""
    assert "第二十一条" in approvals.refusal(government, (), new)


def test_praise_is_for_one_department_and_a_bulletin_for_none():
    assert "--department" in approvals.refusal(PLAN, (), approval(department=""))
    assert "不分单位" in approvals.refusal(PLAN, (), approval("bulletin", department="县工信局"))


def test_an_approval_holds_for_exactly_what_was_approved():
    held = kept(approval())

    assert in_force(held, "praise", JUNE, "县工信局").what == approval()
    for other in (("talk", JUNE, "县工信局"), ("praise", JUNE.shifted(1), "县工信局"), ("praise", JUNE, "县文旅局")):
        assert in_force(held, *other) is None
    assert in_force((), "praise", JUNE, "县工信局") is None


def test_an_approval_that_was_taken_back_no_longer_holds_and_may_be_given_again():
    back = kept(approval(), approval(act="revoke"))

    assert in_force(back, "praise", JUNE, "县工信局") is None
    assert approvals.refusal(PLAN, back, approval()) == ""
    assert in_force(kept(approval(), approval(act="revoke"), approval()), "praise", JUNE, "县工信局").import_id == 3


def test_nothing_is_approved_twice_and_nothing_revoked_that_does_not_hold():
    assert "已由县长于 2024-07-15 批准" in approvals.refusal(PLAN, kept(approval()), approval())
    assert "不必撤销" in approvals.refusal(PLAN, (), approval(act="revoke"))
    assert approvals.refusal(PLAN, kept(approval()), approval(act="revoke")) == ""


# Objections.


def objection(on="2024-07-20", told="2024-07-10", department="县工信局", period=JUNE):
    day = date.fromisoformat(on)
    return Review(department, period, "object", day, "张某", "按时送达", date.fromisoformat(told))


def answer(on="2024-08-01", department="县工信局", outcome="upheld"):
    return Review(department, JUNE, "answer", date.fromisoformat(on), "政府办", "查收文登记", outcome=outcome)


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2024-07-10", "2024-08-09"),  # Friday
        ("2024-07-11", "2024-08-12"),  # 10 August is a Saturday: the Monday after
        ("2024-01-30", "2024-02-29"),
    ],
)
def test_thirty_days_do_not_count_the_first_and_move_over_days_off(start, last):
    assert last_day(date.fromisoformat(start), CALENDAR) == date.fromisoformat(last)


def test_thirty_days_move_over_announced_holidays():
    holidays = CALENDAR._replace(off=frozenset(date(2024, 10, day) for day in range(1, 8)))
    assert last_day(date(2024, 9, 1), holidays) == date(2024, 10, 8)


def test_an_objection_is_under_review_until_answered():
    [waiting] = objections_of(PLAN, kept(objection()), date(2024, 7, 31))
    assert (waiting.answer, waiting.late, waiting.answer_due) == (None, False, date(2024, 8, 19))
    assert pending([waiting], "县工信局", JUNE) == waiting
    assert pending([waiting], "县文旅局", JUNE) is None

    [answered] = objections_of(PLAN, kept(objection(), answer()), date(2024, 8, 1))
    assert answered.answer.what.outcome == "upheld"
    assert pending([answered], "县工信局", JUNE) is None


@pytest.mark.parametrize(("on", "late"), [("2024-08-09", False), ("2024-08-10", True)])
def test_an_objection_after_thirty_days_is_recorded_and_marked(on, late):
    [found] = objections_of(PLAN, kept(objection(on)), date(2024, 9, 1))
    assert found.late is late


def test_objections_are_as_of_the_day_given():
    both = kept(objection(), answer())

    assert objections_of(PLAN, both, date(2024, 7, 19)) == ()
    assert objections_of(PLAN, both, date(2024, 7, 31))[0].answer is None


def test_a_second_objection_waits_for_the_first_answer_and_an_answer_for_an_objection():
    assert "已在复核中" in reviews.refusal(PLAN, kept(objection()), objection("2024-07-25"))
    assert reviews.refusal(PLAN, kept(objection(), answer()), objection("2024-08-05")) == ""
    assert reviews.refusal(PLAN, kept(objection()), objection(department="县文旅局")) == ""
    assert "没有待复核" in reviews.refusal(PLAN, (), answer())
    assert "不能早于" in reviews.refusal(PLAN, kept(objection()), answer("2024-07-19"))
    assert "不能晚于" in reviews.refusal(PLAN, (), objection(told="2024-07-21"))


def test_an_answer_goes_to_the_objection_that_waits():
    first, second = objections_of(
        PLAN, kept(objection(), answer(), objection("2024-08-05"), answer("2024-08-20", outcome="changed")), date.max
    )

    assert (first.answer.what.outcome, second.answer.what.outcome) == ("upheld", "changed")
