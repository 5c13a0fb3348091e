"""`rules.yaml: scoring`: what is not written keeps its default, and what contradicts itself is a fault."""

from datetime import date
from decimal import Decimal

import pytest

from small_plan import found_in, write_plan
from xiangning_zyz.intake.plan.load import load_plan
from xiangning_zyz.plan import ScoreItem, Scoring

SIGNED = "decided_by: 主任会议, on: 2024-02-01"


def scoring(folder, written):
    return load_plan(write_plan(folder, rules=f"scoring: {{{written}, {SIGNED}}}\n")).rules.scoring


def test_without_rules_the_default_holds_and_nobody_has_signed_it(tmp_path):
    found = load_plan(write_plan(tmp_path)).rules.scoring

    assert found == Scoring()
    assert (found.decided_by, found.on) == ("", None)
    assert sum(item.points for item in found.items) == 100


def test_what_is_written_replaces_the_default_item_by_item(tmp_path):
    found = scoring(tmp_path, 'timeliness: {points: 30}, issues: {points: 0}, returned: {floor: "2.5"}, praise: 95')

    items = {item.id: item for item in found.items}
    assert items["timeliness"] == ScoreItem("timeliness", Decimal(30), Decimal(0), Decimal(30))
    assert items["issues"].points == 0
    assert items["returned"] == ScoreItem("returned", Decimal(10), Decimal("2.5"), Decimal(10))
    assert items["completeness"] == Scoring().items[1]
    assert (found.praise, found.criticism, found.decided_by, found.on) == (95, 60, "主任会议", date(2024, 2, 1))


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ("timeliness: {points: 30, cap: 20}", ["rules.yaml:1:11 P214"]),
        ("timeliness: {floor: 25}", ["rules.yaml:1:11 P214"]),
        ("timeliness: {points: 0, floor: 5}", ["rules.yaml:1:11 P214"]),
        ("talk: 70", ["rules.yaml:1:1 P214"]),
        ("praise: 55", ["rules.yaml:1:1 P214"]),
        ("talk: 0, criticism: 40", []),
        ("praise: 101", ["rules.yaml:1:19 P113"]),
        ("punctuality: {points: 5}", ["rules.yaml:1:11 P101"]),
    ],
)
def test_bounds_that_contradict_each_other_are_faults(tmp_path, written, faults):
    assert found_in(tmp_path, rules=f"scoring: {{{written}, {SIGNED}}}\n") == faults


def test_a_formula_that_nobody_signed_is_a_fault(tmp_path):
    assert found_in(tmp_path, rules="scoring: {praise: 95}\n") == ["rules.yaml:1:10 P210"] * 2
