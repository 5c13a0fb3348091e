"""Plan files of the right shape become a Plan; every fault of shape or meaning is told at its place."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from small_plan import RULES, TARGETS, TASKS, found_in, spoilt, write_plan
from xiangning_zyz.intake.plan import faults
from xiangning_zyz.intake.plan.load import PlanError, check_plan, load_plan
from xiangning_zyz.period import Period
from xiangning_zyz.plan import AnnualTarget, Baseline, Decision, Department, DueDay, Duty, Exemption, Milestone


def test_a_plan_with_only_the_contracts_keys_loads_and_the_defaults_hold(tmp_path):
    plan = load_plan(write_plan(tmp_path))

    output = plan.indicator("output")
    assert output.milestones == (
        Milestone(date(2024, 12, 31), ">", Decimal(7), "产值突破 7 亿元", "stated"),
        Milestone(date(2026, 12, 31), ">", Decimal("12.50"), "产值突破 12.5 亿元", "stated"),
    )
    assert output.baseline == Baseline(Period(2023, 1, 12), Decimal("5.10"))
    assert (output.direction, output.frequency, output.trend, output.soft) == ("up", "month", None, False)
    assert plan.indicator("intensity").formula == ("spending", "gdp")
    assert plan.task("G01").departments == ()
    assert plan.rules.calendar.monthly == DueDay(5)
    assert plan.rules.calendar.quarterly == DueDay(10)
    assert plan.rules.calendar.yearly == DueDay(20, month=1)
    assert (plan.rules.light.yellow, plan.rules.light.red, plan.rules.light_basis) == (10, 30, "default")
    assert plan.rules.issuer == "office"


def test_a_number_keeps_the_digits_that_were_written(tmp_path):
    stones = load_plan(write_plan(tmp_path)).indicator("output").milestones

    assert [str(stone.value) for stone in stones] == ["7", "12.50"]


@pytest.mark.parametrize("written", ["7", '"7"', "7.0", '"7.0"', "'7'"])
def test_a_number_may_be_quoted_or_bare(tmp_path, written):
    targets = spoilt(TARGETS, 'above: "7"', f"above: {written}")

    assert load_plan(write_plan(tmp_path, targets=targets)).indicator("output").milestones[0].value == 7


def test_a_department_may_be_named_by_any_declared_name(tmp_path):
    plan = load_plan(write_plan(tmp_path, rules=RULES))

    assert plan.indicator("spending").reporters == ("县统计局",)  # written 统计局
    assert plan.projects[0].departments == ("县工信局",)  # written 工信局
    assert plan.rules.exempt == (
        Exemption("县文旅局", "T01", "2024-03", "机构改革", "专班会议", date(2024, 2, 1)),  # written 文旅局
    )


def test_the_offices_decisions_are_applied_and_marked_as_such(tmp_path):
    plan = load_plan(write_plan(tmp_path, rules=RULES))

    day = date(2024, 2, 1)
    assert plan.task("T01").departments == (Duty("县工信局", "牵头", "office"), Duty("县文旅局", "配合", "office"))
    assert plan.rules.leads == (Decision("T01", "县工信局", "专班会议", day),)
    assert plan.indicator("intensity").milestones == (
        Milestone(date(2025, 12, 31), ">=", Decimal(1), "达到 1% 以上", "office"),
    )
    assert plan.rules.annual_targets == (AnnualTarget("output", 2025, Decimal("9.5"), "专班会议", day),)
    assert plan.indicator("output").segment_reporters == (("daily", "县文旅局"),)
    assert plan.rules.calendar.monthly == DueDay(5, working=True)
    assert plan.rules.calendar.yearly == DueDay(15, month=2)
    assert plan.rules.calendar.off == {date(2024, 10, 1), date(2024, 10, 2)}
    assert plan.rules.calendar.work == {date(2024, 10, 12)}
    assert plan.rules.calendar.years == {2024}
    assert (plan.rules.light.yellow, plan.rules.light.red, plan.rules.light_basis) == (5, 20, "office")
    assert (plan.rules.severity, plan.rules.issuer) == ({"Z103": "warning"}, "government")


@pytest.mark.parametrize("written", ["统计局", "[统计局, 县工信局]"])
def test_rules_say_who_reports_before_the_indicator_does(tmp_path, written):
    plan = load_plan(write_plan(tmp_path, rules=f"reporters: {{output: {written}}}\n"))

    assert plan.indicator("output").reporters == {"统计局": ("县统计局",)}.get(written, ("县统计局", "县工信局"))


def test_a_tie_of_goal_and_task_counts_whichever_end_it_is_written_at(tmp_path):
    plan = load_plan(write_plan(tmp_path, targets=spoilt(TARGETS, "    tasks: [T01]\n", "")))

    assert plan.indicator("output").tasks == ("T01",)  # written at the task
    assert plan.task("T01").indicators == ("output", "intensity")  # the second one written at the indicator


def test_direction_is_read_from_the_milestones_where_nobody_states_it(tmp_path):
    plan = load_plan(write_plan(tmp_path, targets=spoilt(TARGETS, "at_least: 1", "at_most: 1")))

    assert plan.indicator("intensity").direction == "down"


def test_a_reporter_nobody_declared_becomes_a_data_source(tmp_path):
    """CONTRACT §5: only an undeclared department in a task is a fault, an unknown name elsewhere a warning."""
    plan = load_plan(write_plan(tmp_path, targets=spoilt(TARGETS, "[县统计局]", "[市统计局]")))

    assert plan.indicator("gdp").reporters == ("市统计局",)
    assert plan.department("市统计局") == Department("市统计局", "市统计局", (), "数据来源单位，没有在 tasks.yaml 登记")


def test_words_that_make_the_goals_soft_are_kept_as_a_mark(tmp_path):
    targets = spoilt(TARGETS, "  id: other\n", "  id: other\n  soft: 力争\n")

    assert all(indicator.soft for indicator in load_plan(write_plan(tmp_path, targets=targets)).indicators)


def test_a_key_left_empty_counts_as_not_written(tmp_path):
    targets = spoilt(TARGETS, "    aliases: [总产值]\n", "    aliases:\n")

    assert load_plan(write_plan(tmp_path, targets=targets, rules="leads:\nlight:\n")).indicator("output").aliases == ()


def test_the_hash_is_over_names_and_bytes_of_the_files_present(tmp_path):
    plans = [
        load_plan(write_plan(tmp_path / "a")),
        load_plan(write_plan(tmp_path / "b")),
        load_plan(write_plan(tmp_path / "c", targets=TARGETS + "# note\n")),
        load_plan(write_plan(tmp_path / "d", rules="")),
    ]

    first, same, other, ruled = (plan.hash for plan in plans)
    assert first == same
    assert len({first, other, ruled}) == 3


# (code, where, file, what stood there, what stands there now)
SPOILT = [
    # shape
    ("P101", "targets.yaml:16:5", "targets", "    unit: 亿元", "    unti: 亿元\n    unit: 亿元"),
    ("P101", "targets.yaml:16:5", "targets", "    unit: 亿元", "    comment:\n    unit: 亿元"),
    ("P102", "targets.yaml:13:5", "targets", "    clause: 一（一）\n", ""),
    ("P102", "targets.yaml:16:5", "targets", "    unit: 亿元", "    unit:"),
    ("P103", "targets.yaml:15:14", "targets", "[总产值]", "总产值"),
    ("P103", "targets.yaml:22:15", "targets", '{period: "2023", value: "5.10"}', "5.1"),
    ("P103", "targets.yaml:15:15", "targets", "[总产值]", "[[总产值]]"),
    ("P104", "targets.yaml:17:11", "targets", "kind: flow", "kind: flwo"),
    ("P104", "targets.yaml:38:63", "targets", "inferred", "guessed"),
    ("P105", "targets.yaml:26:33", "targets", "12.50", "１２"),
    ("P105", "targets.yaml:26:33", "targets", "12.50", '"1e5"'),
    ("P105", "targets.yaml:26:33", "targets", "12.50", "约12"),
    ("P106", "targets.yaml:6:11", "targets", "2024-01-10", "2026-02-30"),
    ("P106", "targets.yaml:6:11", "targets", "2024-01-10", "2024-1-10"),
    ("P107", "targets.yaml:22:24", "targets", '"2023"', "2023-13"),
    ("P108", "targets.yaml:34:29", "targets", "months: 10", "months: 61"),
    ("P109", "targets.yaml:2:7", "targets", "id: other", "id: other county"),
    ("P109", "tasks.yaml:11:19", "tasks", "[县工信局, {", "[县工信局，县统计局, {"),
    ("P110", "targets.yaml:14:11", "targets", "name: 产值", "name: '  '"),
    ("P111", "targets.yaml:33:14", "targets", "spending / gdp", "spending x gdp"),
    ("P112", "targets.yaml:24:12", "targets", "    clause: 一（一）", "    range: [0]\n    clause: 一（一）"),
    ("P113", "rules.yaml:7:17", "rules", "yellow: 5", "yellow: 500"),
    ("P114", "rules.yaml:2:21", "rules", "workday: 5", "workday: 5, day: 5"),
    ("P114", "rules.yaml:2:21", "rules", "workday: 5", "month: 1"),
    # meaning
    ("P201", "targets.yaml:20:21", "targets", "segments: [art, daily]", "segments: [art, daili]"),
    ("P201", "targets.yaml:23:13", "targets", "tasks: [T01]", "tasks: [T09]"),
    ("P201", "targets.yaml:23:13", "targets", "tasks: [T01]", "tasks: [t01]"),
    ("P201", "targets.yaml:33:14", "targets", "spending / gdp", "spending / gpd"),
    ("P201", "tasks.yaml:11:19", "tasks", "[县工信局, {", "[县工信居, {"),
    ("P201", "tasks.yaml:11:38", "tasks", "department: 县文旅局", "department: 县文旅居"),
    ("P201", "tasks.yaml:13:18", "tasks", "[output]", "[outptu]"),
    ("P201", "tasks.yaml:15:28", "tasks", "task: T01", "task: T10"),
    ("P201", "tasks.yaml:15:58", "tasks", "[工信局]}]", "[商务局]}]"),
    ("P201", "rules.yaml:1:13", "rules", "output/daily", "outptu/daily"),
    ("P201", "rules.yaml:3:30", "rules", "indicator: output", "indicator: outptu"),
    ("P201", "rules.yaml:5:16", "rules", "task: T01", "task: T09"),
    ("P201", "rules.yaml:6:34", "rules", "item: T01", "item: T09"),
    ("P202", "targets.yaml:41:20", "targets", "id: spirit", "id: output"),
    ("P202", "tasks.yaml:14:10", "tasks", "id: G01", "id: T01"),
    ("P203", "targets.yaml:40:21", "targets", "[总产值]", "[地区生产总值]"),
    ("P203", "targets.yaml:39:26", "targets", "[总产值]", "[总产值, 研发 投入]"),
    ("P203", "tasks.yaml:4:10", "tasks", "aliases: [统计局]", "aliases: [县文旅局]"),
    ("P204", "targets.yaml:33:14", "targets", "kind: ratio", "kind: stock"),
    ("P205", "targets.yaml:33:14", "targets", "spending / gdp", "intensity / gdp"),
    ("P206", "targets.yaml:27:9", "targets", 'above: "7", ', ""),
    ("P207", "targets.yaml:38:9", "targets", "at_least: 1", "at_least: 1, below: 3"),
    ("P208", "targets.yaml:27:14", "targets", "by: 2024-12-31", "by: 2034-12-31"),
    ("P208", "rules.yaml:3:44", "rules", "year: 2025", "year: 2035"),
    ("P208", "rules.yaml:4:46", "rules", "by: 2025-12-31", "by: 2035-12-31"),
    ("P209", "targets.yaml:27:9", "targets", "by: 2024-12-31", "by: 2026-12-31"),
    ("P210", "rules.yaml:5:9", "rules", "工信局, decided_by: 专班会议", "工信局"),
    ("P210", "rules.yaml:6:10", "rules", ", why: 机构改革", ""),
    ("P211", "rules.yaml:4:19", "rules", "indicator: intensity", "indicator: output"),
    ("P212", "rules.yaml:5:33", "rules", "department: 工信局", "department: 县统计局"),
    ("P213", "rules.yaml:1:13", "rules", "output/daily", "output/dairy"),
    ("P214", "targets.yaml:7:10", "targets", "start: 2024-01-01", "start: 2027-01-01"),
    ("P214", "targets.yaml:24:12", "targets", "    clause: 一（一）", "    range: [9, 1]\n    clause: 一（一）"),
    ("P215", "rules.yaml:8:12", "rules", "Z103", "Z999"),
    ("P216", "rules.yaml:10:57", "rules", "work: [2024-10-12]", "work: [2024-10-01]"),
    ("P201", "rules.yaml:1:13", "rules", "output/daily", "P02"),
    (
        "P201",
        "rules.yaml:7:20",
        "rules",
        "light:",
        "work_plan: [{task: T09, step: 甲, by: 2024-03-31, decided_by: 乙, on: 2024-02-01}]\nlight:",
    ),
    ("P218", "rules.yaml:7:1", "rules", "light:", "escalation: {talk: 2}\nlight:"),
    ("P217", "tasks.yaml:11:25", "tasks", "[县工信局, {", "[县工信局, 工信局, {"),
]


@pytest.mark.parametrize(("code", "where", "file", "old", "new"), SPOILT)
def test_one_fault_is_told_once_at_its_place(tmp_path, code, where, file, old, new):
    text = {"targets": TARGETS, "tasks": TASKS, "rules": RULES}[file]

    assert found_in(tmp_path, **{file: spoilt(text, old, new)}) == [f"{where} {code}"]


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("confirmed_dates", "{indicator: intensity, by: 2026-06-30, decided_by: 甲, on: 2024-02-01}"),
        ("annual_targets", "{indicator: output, year: 2025, value: 9, decided_by: 甲, on: 2024-02-01}"),
        ("leads", "{task: T01, department: 县工信局, decided_by: 甲, on: 2024-02-01}"),
    ],
)
def test_nothing_is_decided_twice(tmp_path, key, line):
    rules = spoilt(RULES, f"{key}: [", f"{key}: [{line}, ")

    [fault] = found_in(tmp_path, rules=rules)

    assert fault.endswith("P217")


def test_one_of_several_inferred_dates_is_confirmed_by_naming_it(tmp_path):
    two = "      - {by: 2025-12-31, at_least: 0.8, basis: inferred}\n      - {by: 2026-12-31, at_least: 1,"
    targets = spoilt(TARGETS, "      - {by: 2026-12-31, at_least: 1,", two)
    rules = "confirmed_dates: [{indicator: intensity, by: BY, decided_by: 甲, on: 2024-02-01}]\n"

    named = load_plan(write_plan(tmp_path, targets=targets, rules=spoilt(rules, "BY", "2026-12-31")))
    unnamed = found_in(tmp_path, targets=targets, rules=spoilt(rules, "BY", "2026-06-30"))

    assert [stone.basis for stone in named.indicator("intensity").milestones] == ["inferred", "office"]
    assert unnamed == ["rules.yaml:1:19 P211"]


def test_every_fault_of_every_file_is_told_at_once(tmp_path):
    targets = spoilt(spoilt(TARGETS, "kind: flow", "kind: flwo"), "spending / gdp", "spending / gpd")
    data = write_plan(
        tmp_path,
        targets=targets,
        tasks=spoilt(TASKS, "[县工信局, {", "[县工信居, {"),
        rules=spoilt(RULES, "Z103", "Z999"),
    )

    with pytest.raises(PlanError) as caught:
        load_plan(data)

    assert [(Path(fault.file).name, fault.line, fault.code) for fault in caught.value.faults] == [
        ("targets.yaml", 17, "P104"),
        ("targets.yaml", 33, "P201"),
        ("tasks.yaml", 11, "P201"),
        ("rules.yaml", 8, "P215"),
    ]


def test_a_file_that_cannot_be_read_hides_no_fault_of_another_and_causes_none(tmp_path):
    targets = spoilt(TARGETS, "kind: flow", "kind: flwo")

    assert found_in(tmp_path, targets=targets, tasks="tasks: [", rules=RULES) == [
        "targets.yaml:17:11 P104",
        "tasks.yaml:2:1 P006",
    ]


def test_a_fault_reads_as_place_code_message_and_what_to_do(tmp_path):
    data = write_plan(tmp_path, tasks=spoilt(TASKS, "[县工信局, {", "[县工信居, {"))

    [fault] = [fault for fault in check_plan(data) if fault.severity == "error"]

    assert str(fault) == (
        f"{data / 'tasks.yaml'}:11:19: P201 没有登记单位“县工信居”，是不是“县工信局”？"
        " → 请核对名称，或在 tasks.yaml 中登记。"
    )


def test_what_a_fault_quotes_is_short_and_cannot_move_the_cursor():
    fault = faults.UNKNOWN_KEY.at(faults.Place("x"), key="\x1b[31m" + "长" * 100, hint="", schema="targets")

    assert "\x1b" not in str(fault)
    assert len(fault.message) < 90


def test_the_catalogue_names_each_code_once_and_in_order():
    codes = [kind.code for kind in faults.CATALOGUE]

    assert codes == sorted(set(codes), key=lambda code: (code[0] == "L", code))
    assert all(kind.severity == ("warning" if kind.code[0] == "L" else "error") for kind in faults.CATALOGUE)


def test_every_kind_of_shape_and_meaning_has_a_sample():
    with_source = {"P221", "P222"}  # in test_plan_lints.py
    sampled = {code for code, *_ in SPOILT} | with_source

    assert {kind.code for kind in faults.CATALOGUE if kind.code[:2] in ("P1", "P2")} == sampled


def test_the_bundled_plan_has_no_fault():
    data = Path(__file__).parent.parent / "data"
    if not (data / "targets.yaml").exists():
        pytest.skip("the plan is not part of this copy")

    assert [str(fault) for fault in check_plan(data) if fault.severity == "error"] == []
