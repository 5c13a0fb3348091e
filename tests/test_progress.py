"""Progress of tasks and projects, silence, copied words, the yearly work plan: issue 6 item 3."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import plan, task, task_report
from xiangning_zyz.period import Period
from xiangning_zyz.plan import PlannedStep, Project
from xiangning_zyz.supervision.progress import (
    last_day_in,
    project_progress,
    step_on,
    task_progress,
    ten_thousands,
)

MADE = plan(tasks=[task("T01", ["县工信局", "县文旅局", "县财政局"])])
DAY = date(2024, 7, 8)


def said(period, department="县工信局", received=DAY, import_id=1, **fields):
    return task_report("T01", period, department, import_id, received, **fields)


def test_each_departments_last_word_is_shown_and_the_silent_are_named():
    records = [
        said("2024-05", percent="20", progress="已选址"),
        said("2024-06", percent="30", progress="已开工"),
        said("2024-04", "县文旅局", percent="10", progress="已调研"),
    ]

    [progress] = task_progress(MADE, records, DAY)

    assert [(word.department, str(word.period), word.percent, word.said("progress")) for word in progress.words] == [
        ("县工信局", "2024-06", Decimal(30), "已开工"),
        ("县文旅局", "2024-04", Decimal(10), "已调研"),
    ]
    assert progress.silent == (("县文旅局", Period.parse("2024-04")), ("县财政局", None))
    assert progress.status.percent == 20


def test_what_was_not_received_by_then_is_not_known():
    [progress] = task_progress(MADE, [said("2024-06", received=date(2024, 7, 9))], DAY)

    assert progress.words == ()
    assert len(progress.silent) == 3


@pytest.mark.parametrize(
    ("before", "now", "copied"),
    [
        ("已开工，完成投资三成。", "已开工，\n完成投资三成。", True),  # white space apart
        ("已开工", "已封顶", False),
        ("本月无进展", "本月无进展", False),  # 零报告 may be repeated
        (None, "已开工", False),
    ],
)
def test_last_months_words_copied_are_noticed(before, now, copied):
    records = [said("2024-05", progress=before)] if before else []

    [progress] = task_progress(MADE, [*records, said("2024-06", progress=now)], DAY)

    assert progress.words[0].copied is copied


def test_a_correction_of_the_same_month_is_no_copy():
    """The ledger gives one valid record a month; the month before decides."""
    [progress] = task_progress(MADE, [said("2024-06", progress="已开工")], DAY)

    assert not progress.words[0].copied


STEP = PlannedStep("T01", "完成招租", date(2024, 6, 30), None, None, "专班办公室", date(2024, 2, 1))


@pytest.mark.parametrize(
    ("done", "day", "state"),
    [
        (None, date(2024, 6, 30), "open"),
        (None, date(2024, 7, 1), "overdue"),
        (date(2024, 6, 30), DAY, "done"),
        (date(2024, 7, 3), DAY, "done_late"),
        (date(2024, 7, 3), date(2024, 7, 2), "overdue"),  # as it stood the day before
    ],
)
def test_a_planned_step_is_in_time_up_to_its_own_day(done, day, state):
    assert step_on(STEP._replace(done=done), day).state == state


def test_a_task_carries_the_steps_of_its_work_plan():
    made = MADE._replace(rules=MADE.rules._replace(work_plan=(STEP, STEP._replace(task="T02"))))

    assert [step.plan for step in task_progress(made, [], DAY)[0].steps] == [STEP]


PROJECT = MADE._replace(projects=(Project("P01", "T01", "滑雪度假区", (), ("县工信局", "县文旅局"), "", "stated"),))


def told(period, department="县文旅局", import_id=1, **fields):
    each = task_report("P01", period, department, import_id, DAY, **fields)
    return each._replace(what=each.what._replace(kind="project"))


def test_a_projects_investment_and_stage_are_the_last_stated():
    records = [
        told("2024-05", planned_investment="0.3亿元", done_investment="900万元", stage="在建"),
        told("2024-06", done_investment="1200万元", progress="主体封顶"),
    ]

    [project] = project_progress(PROJECT, records, DAY)

    assert (project.planned, project.done, project.share) == (3000, 1200, Decimal("0.4"))
    assert project.words[0].said("progress") == "主体封顶"


@pytest.mark.parametrize(
    ("fields", "delays"),
    [
        ({"stage": "前期", "started": "2024年6月"}, ("应于2024-06-30开工，仍为“前期”",)),
        ({"stage": "在建", "started": "2024年6月"}, ()),
        ({"stage": "在建", "finished": "2024-07-07"}, ("应于2024-07-07竣工，仍为“在建”",)),
        ({"stage": "在建", "finished": "2024-07-08"}, ()),  # the day itself is in time
        ({"stage": "竣工", "finished": "2024-05-31"}, ()),
        ({"stage": "已竣工验收", "finished": "2024.5"}, ()),
        ({"stage": "未完工", "finished": "2024年5月底"}, ("应于2024-05-31竣工，仍为“未完工”",)),
        ({"finished": "2024-05-31"}, ()),  # no stage: nothing is concluded
        ({"stage": "在建", "finished": "年底前"}, ()),  # words that name no day
    ],
)
def test_a_delay_is_a_day_gone_by_while_the_stage_says_otherwise(fields, delays):
    assert project_progress(PROJECT, [told("2024-06", **fields)], DAY)[0].delays == delays


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("3000万元", "3000"),
        ("1.2亿元", "12000"),
        ("500000元", "50"),
        ("1,200万元", "1200"),
        ("3000", "0.3"),
        ("若干", None),
        ("", None),
    ],
)
def test_amounts_are_read_into_ten_thousands(text, amount):
    found = ten_thousands(text)

    assert found == (None if amount is None else Decimal(amount))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_in_every_spelling(day):
    month_end = Period.month_of(day).last_day

    for text in (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y.%m.%d}",
        f"{day:%Y/%m/%d} 00:00:00",
    ):
        assert last_day_in(text) == day
    for text in (f"{day.year}年{day.month}月", f"{day:%Y-%m}", f"{day.year}年{day.month}月底前"):
        assert last_day_in(text) == month_end


@pytest.mark.parametrize("text", ["", "年底", "2024年", "2024年13月", "2024年2月30日", "12345"])
def test_what_names_no_day_is_none(text):
    assert last_day_in(text) is None
