"""Things of a plan are found by their id, in the plan that is asked and in no other."""

import pytest

from small_plan import write_plan
from xiangning_zyz.intake.plan.load import load_plan


@pytest.fixture
def plan(tmp_path):
    return load_plan(write_plan(tmp_path))


def test_each_thing_is_found_by_its_id_however_often_one_asks(plan):
    for _ in range(2):
        assert [plan.indicator(each.id) for each in plan.indicators] == list(plan.indicators)
        assert [plan.segment(each.id) for each in plan.segments] == list(plan.segments)
        assert [plan.department(each.id) for each in plan.departments] == list(plan.departments)
        assert [plan.task(each.id) for each in plan.tasks] == list(plan.tasks)


def test_what_the_plan_does_not_have_is_a_key_error(plan):
    with pytest.raises(KeyError, match="art2"):
        plan.segment("art2")


def test_a_thousand_plans_are_not_taken_for_one_another(plan):
    (first, *_) = plan.segments
    for number in range(1000):
        other = plan._replace(segments=(first._replace(name=f"{number}"),))
        assert other.segment(first.id).name == f"{number}"
        assert plan.segment(first.id) is first
