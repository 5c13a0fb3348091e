"""What reports say: order, tone, figures with their cells, drafts and final ones. Figures are made up."""

import re
from datetime import date, datetime

import pytest

from makers import point
from report_states import DAY, JUNE, document, fill, flow, home_of, mid_course
from workspace_makers import bring
from xiangning_zyz.fact import Approval
from xiangning_zyz.jobs.plans import make_workspace, open_plan
from xiangning_zyz.jobs.reports import (
    NotApproved,
    NotNow,
    Wish,
    composed,
    issue_number,
    judged_day,
    material_for,
)
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI, Period
from xiangning_zyz.report.blocks import Chart, Figure, Heading, Paragraph, Table, text_of
from xiangning_zyz.report.compose.letter import LONGEST, length_of
from xiangning_zyz.report.compose.sources import figures_in
from xiangning_zyz.report.visible import width

STATES = ("empty", "mid", "met", "late", "long", "hostile")


def words(made):
    """The running text of a document, a line a block."""
    return [text_of(block.runs) for block in made.blocks if isinstance(block, Heading | Paragraph)]


def table(made, name):
    return next(block for block in made.all_blocks if isinstance(block, Table) and block.name == name)


def test_a_bulletin_goes_from_the_whole_to_problems_to_what_is_next():
    made = document("mid", "bulletin")
    chapters = [text_of(block.runs) for block in made.blocks if isinstance(block, Heading) and block.level == 1]
    assert chapters == ["总体进展情况", "存在的主要问题", "下一步工作安排"]


def test_good_goals_stand_before_those_that_lag():
    said = "\n".join(words(document("mid", "bulletin")))
    assert said.index("专业镇产值：2025年1—6月累计4.26亿元") < said.index("1. 入驻企业（")


def test_a_problem_names_unit_item_and_gap():
    [lagging] = [line for line in words(document("mid", "bulletin")) if line.startswith("1. 入驻企业（")]
    # 50 at 2023-12, 70 at 2025-12: expected 65 in June; 60 is 5 of 20 behind. 10 more in 6 months: 1.667.
    assert "县工信局归口，涉及任务（一）、（二）、（五）" in lagging
    assert "应达65户（测算），落后25.0个百分点，此后需月均1.667户" in lagging


def test_what_is_needed_is_reckoned_from_the_last_figure_where_later_ones_are_missing(tmp_path):
    """60 firms in March, nothing since: 10 more from the end of March to December are 10 / 9 a month."""
    home = make_workspace(tmp_path / "home").home
    bring(home, "县工信局", point("enterprises", "2025-03", "60"), received=date(2025, 4, 3))
    [lagging] = [line for line in words(_made(home)) if line.startswith("1. 入驻企业（")]

    assert lagging.endswith("；4月至6月未报（逾期），2025年3月后需月均1.111户。")


def test_a_revision_since_the_last_report_is_told():
    said = "\n".join(words(document("mid", "bulletin")))
    assert "县工信局2025年5月专业镇产值由3.55亿元修订为3.61亿元" in said


def test_only_goals_with_new_figures_count_as_changed():
    rows = table(document("mid", "annex"), "changes").rows
    assert [text_of(row[0].runs) for row in rows] == ["入驻企业", "专业镇产值", "带动从业人员"]


def test_nothing_is_asserted_of_an_empty_ledger():
    said = "\n".join(words(document("empty", "bulletin")))
    assert "各项均不具备亮灯条件" in said
    assert "本期没有黄灯、红灯指标" in said
    assert "未报22个单位" in said
    assert not list(figures_in(document("empty", "bulletin").all_blocks))


def test_when_all_is_met_no_problem_is_made_up():
    said = "\n".join(words(document("met", "bulletin")))
    assert "本期没有黄灯、红灯指标" in said
    assert "未报" not in said.replace("未报数据", "").replace("没有逾期未报", "")


def test_every_printed_actual_leads_to_its_cell():
    made = document("mid", "bulletin")
    goals = table(made, "goals")
    place = [column.key for column in goals.columns].index("actual")
    shown = [row[place] for row in goals.rows if row[place].number is not None]
    assert shown
    for cell in shown:
        [figure] = [run for run in cell.runs if isinstance(run, Figure)]
        assert all(source.what.cell.ref == "D7" and source.import_id for source in figure.sources)


def test_an_office_asks_nothing_of_townships():
    for state in STATES:
        assert "乡镇" not in "".join([*words(document(state, "bulletin")), document(state, "bulletin").addressee])


def test_government_writes_a_bulletin_with_its_number_office_a_newsletter(tmp_path):
    home = make_workspace(tmp_path / "home").home
    rules = home / "data" / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("issuer: office", "issuer: government"), "utf-8")
    made = _made(home, number="乡政办发〔2025〕5号")
    assert (made.head.style, made.head.number) == ("bulletin", "乡政办发〔2025〕5号")
    assert made.title_text == "关于2025年6月专业镇发展工作进展情况的通报"
    assert made.closing.signature == "乡宁县人民政府办公室"
    assert document("mid", "bulletin").head.style == "newsletter"


def test_a_draft_says_so_and_a_final_one_needs_approval(tmp_path):
    home = make_workspace(tmp_path / "home").home
    fill(home, mid_course())
    assert "征求意见稿" in _made(home).head.marking
    with pytest.raises(NotApproved, match="没有批准记录") as refused:
        _made(home, final=True)
    assert refused.value.code == 1
    _approve(home, "bulletin")
    made = _made(home, final=True)
    assert not made.draft
    assert "征求意见稿" not in made.head.marking


def test_a_final_report_shows_what_was_approved_not_what_came_later(tmp_path):
    home = make_workspace(tmp_path / "home").home
    fill(home, mid_course())
    _approve(home, "bulletin")
    later = mid_course()[0]._replace(received=date(2025, 7, 9), facts=(flow("output_value", "2025-06", "9.99"),))
    fill(home, [later])
    assert "9.99" in "".join(words(_made(home)))
    assert "9.99" not in "".join(words(_made(home, final=True)))


def test_suggestions_stand_only_in_drafts_and_decisions_only_when_approved(tmp_path):
    home = make_workspace(tmp_path / "home").home
    fill(home, mid_course())
    _approve(home, "bulletin")
    _approve(home, "criticism", "县发改局")
    final = "".join(words(_made(home, final=True)))
    assert "建议" not in final
    assert "经县长2025年7月8日批准，对县发改局予以通报批评" in final


def test_a_department_sees_its_own_entry_and_no_other_s():
    made = document("mid", "brief", department="县农业农村局")
    said = "\n".join([made.title_text, made.addressee, *words(made)])
    assert "乡宁县农业农村局：" in said
    assert "县发改局" not in said
    assert {text_of(row[1].runs) for row in table(made, "words").rows} == {"县农业农村局"}


def test_the_matrix_has_all_pairs():
    rows = table(document("mid", "dashboard"), "matrix").rows
    assert sum(bool(cell.runs) for row in rows for cell in row[1:]) == 103
    assert len(rows) == 21


def test_a_chart_for_each_goal_with_milestones_and_its_data_behind_it():
    charts = [block for block in document("mid", "dashboard").blocks if isinstance(block, Chart)]
    assert len(charts) == 6
    for chart in charts:
        assert len(chart.table.rows) >= len(chart.milestones) + sum(map(len, chart.history))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", ["bulletin", "brief", "annex", "dashboard"])
def test_every_state_can_be_told_and_rows_fit_their_columns(state, kind):
    made = document(state, kind)
    for block in made.all_blocks:
        if isinstance(block, Table):
            assert all(len(row) == len(block.columns) for row in block.rows), block.name


def test_dates_and_numbers_follow_the_standard_s_style():
    for state in STATES[:4]:
        said = "\n".join(words(document(state, "bulletin")))
        assert not re.search(r"[0-9]{4}年0|月0[0-9]日|[0-9]{1,3},[0-9]{3}", said)
        assert not re.search(r"\d{4}-\d{2}-\d{2}", said)
        assert not re.search(r"[1-9]\d*\.\d{4,}|\d\.\d{5,}", said)  # three decimals, or two digits of a small figure


def test_bodies_stay_below_the_limit():
    assert all(length_of(document(state, "bulletin")) <= LONGEST for state in ("empty", "mid", "met", "late"))


@pytest.mark.parametrize(
    ("period", "as_of", "day"),
    [
        ("2025-06", "2025-07-08", "2025-07-08"),
        ("2025-06", "2025-12-31", "2025-07-30"),  # on 31 July the period is July's
        ("2025-06", "2025-06-26", "2025-06-26"),  # offices collect June before it ends
        ("2025-Q2", "2025-08-01", "2025-07-30"),
    ],
)
def test_a_report_never_judges_by_a_day_of_the_next_period(period, as_of, day):
    plan = open_plan(Workspace(home_of("empty")))
    assert judged_day(plan, Period.parse(period), date.fromisoformat(as_of)) == date.fromisoformat(day)


@pytest.mark.parametrize(("period", "as_of"), [("2025-06", "2025-05-31"), ("2022-12", "2025-07-08")])
def test_a_period_that_has_not_begun_or_lies_outside_the_plan_is_refused(period, as_of):
    plan = open_plan(Workspace(home_of("empty")))
    with pytest.raises(NotNow):
        judged_day(plan, Period.parse(period), date.fromisoformat(as_of))


@pytest.mark.parametrize(
    "text", ["乡政办发〔2025〕05号", "乡政办发[2025]5号", "乡政办发〔25〕5号", "5", "乡政办发〔2025〕第5号"]
)
def test_a_document_number_not_in_the_standard_s_form_is_refused(text):
    with pytest.raises(NotNow):
        issue_number(text, official=True)


def test_an_issue_number_is_completed():
    assert [issue_number(text, official=False) for text in ("6", "第6期")] == ["第6期", "第6期"]


def _made(home, **wish):
    workspace = Workspace(home)
    plan = open_plan(workspace)
    with open_ledger(workspace.ledger, plan.id) as ledger:
        material = material_for(plan, ledger, "bulletin", Wish(**{"period": JUNE, "as_of": DAY, **wish}))
    return composed(workspace, "bulletin", material)


def _approve(home, what, department=""):
    workspace = Workspace(home)
    plan = open_plan(workspace)
    approval = Approval(what, "approve", JUNE, department, "县长", DAY, "", "", "")
    with open_ledger(workspace.ledger, plan.id, create=True) as ledger, ledger.writing():
        ledger.append_decision(approval, datetime(2025, 7, 8, 15, tzinfo=SHANGHAI))


def test_every_number_fits_its_column():
    """Excel and WPS print ##### for a number that is wider than its column, and wrap none."""
    tables = [block for state in STATES for block in document(state, "annex").all_blocks if isinstance(block, Table)]
    for each in tables:
        for row in each.rows:
            for cell, column in zip(row, each.columns, strict=True):
                if cell.number is not None:
                    assert width(text_of(cell.runs)) <= 2 * column.wide + 1, (each.name, column.key, cell)
