"""What the office decides about supervision: work plan, ladder, who reports on projects, townships, more indicators."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from small_plan import TASKS, found_in, spoilt, write_plan
from xiangning_zyz.intake.plan.load import check_plan, load_plan
from xiangning_zyz.plan import Escalation, PlannedStep

DATA = Path(__file__).parent.parent / "data"


def test_a_yearly_work_plan_has_steps_with_dates_and_who_decided_them(tmp_path):
    decided = "department: 工信局, decided_by: 专班会议, on: 2024-02-01"
    rules = f"work_plan: [{{task: T01, step: 完成招租, by: 2024-06-30, {decided}}}]\n"

    [step] = load_plan(write_plan(tmp_path, rules=rules)).rules.work_plan

    assert step == PlannedStep("T01", "完成招租", date(2024, 6, 30), "县工信局", None, "专班会议", date(2024, 2, 1))


@pytest.mark.parametrize(("key", "code"), [(", decided_by: 专班会议", "P210"), (", on: 2024-02-01", "P210")])
def test_a_step_says_who_decided_it_and_when(tmp_path, key, code):
    rules = "work_plan: [{task: T01, step: 完成招租, by: 2024-06-30, decided_by: 专班会议, on: 2024-02-01}]\n"

    assert found_in(tmp_path, rules=spoilt(rules, key, "")) == [f"rules.yaml:1:13 {code}"]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (None, Escalation()),
        ("escalation: {talk: 5, criticise: 6}\n", Escalation(talk=5, criticise=6, basis="office")),
        ("escalation: {supervise: 0, before: 0}\n", Escalation(supervise=0, before=0, basis="office")),
    ],
)
def test_the_ladder_is_the_default_but_for_what_the_office_decided(tmp_path, rules, found):
    assert load_plan(write_plan(tmp_path, rules=rules)).rules.escalation == found


@pytest.mark.parametrize("steps", ["{urge: 2}", "{talk: 4}", "{criticise: 1}", "{supervise: 0, talk: 1}"])
def test_each_step_of_the_ladder_takes_more_periods_than_the_one_before(tmp_path, steps):
    assert found_in(tmp_path, rules=f"escalation: {steps}\n") == ["rules.yaml:1:1 P218"]


def test_the_office_names_who_reports_on_a_project_and_he_is_responsible_for_it_too(tmp_path):
    [project] = load_plan(write_plan(tmp_path, rules="reporters: {P01: 文旅局}\n")).projects

    assert project.reporters == ("县文旅局",)
    assert project.departments == ("县工信局", "县文旅局")


def test_a_township_is_declared_as_one(tmp_path):
    tasks = spoilt(TASKS, "departments:\n", "departments:\n  - {id: 甲镇, kind: township}\n")

    kinds = {each.id: each.kind for each in load_plan(write_plan(tmp_path, tasks=tasks)).departments}

    assert kinds == {"甲镇": "township", "县工信局": "department", "县统计局": "department", "县文旅局": "department"}


def test_the_suggested_output_indicators_are_off_and_sound_once_uncommented(tmp_path):
    if not DATA.is_dir():
        pytest.skip("the plan is not part of this copy")
    before = load_plan(DATA)
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    for name in ("targets.yaml", "tasks.yaml"):
        text = (data / name).read_text(encoding="utf-8")
        (data / name).write_text(re.sub(r"(?m)^#(?=  )", "", text), encoding="utf-8")

    faults = [fault for fault in check_plan(data) if fault.severity == "error"]
    new = load_plan(data).indicators[len(before.indicators) :]

    assert faults == []
    assert {indicator.basis for indicator in new} == {"office"}
    assert [indicator.tasks for indicator in new if indicator.name in ("专精特新企业", "贷款余额")] == [
        ("T02",),
        ("T10",),
    ]
    assert not any(indicator.basis == "office" for indicator in before.indicators)
