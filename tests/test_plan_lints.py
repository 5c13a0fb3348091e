"""Lints warn without stopping anything, and the plan's own text bears out its quotes and numbers."""

from decimal import Decimal
from pathlib import Path

import pytest

from small_plan import RULES, SOURCE, TARGETS, TASKS, found_in, short, spoilt, warned_in, write_plan
from xiangning_zyz.intake.plan import faults
from xiangning_zyz.intake.plan.load import check_plan, load_plan
from xiangning_zyz.intake.plan.source_text import folded, stands_in

INFERRED = "targets.yaml:38:63 L305"  # the small plan's own doubt

# (warning, file, what stood there, what stands there now)
DOUBTS = [
    ("tasks.yaml:6:9 L302", "tasks", "[县工信局, {department: 县文旅局, role: 配合, basis: office}]", "[]"),
    ("targets.yaml:26:33 L303", "targets", 'above: "7"', 'above: "70"'),
    ("targets.yaml:21:17 L304", "targets", "reporters: [县工信局]", "reporters: [县工信居]"),
    ("rules.yaml:1:18 L304", "rules", "output/daily: 县文旅局", "gdp: 市统计局"),
    ("tasks.yaml:12:47 L305", "tasks", "text: 建设园区", "text: 建设园区, basis: inferred"),
    ("rules.yaml:7:1 L306", "rules", "{yellow: 5, red: 20}", "{yellow: 40}"),
    ("rules.yaml:7:1 L306", "rules", "{yellow: 5, red: 20}", "{yellow: 20, red: 20}"),
    ("targets.yaml:27:33 L307", "targets", "    clause: 一（一）", "    range: [0, 10]\n    clause: 一（一）"),
    ("targets.yaml:27:33 L307", "targets", "    clause: 一（一）", "    limit: 12.4\n    clause: 一（一）"),
    ("targets.yaml:27:35 L308", "targets", 'above: "7"', 'at_most: "7"'),
    ("targets.yaml:13:9 L309", "targets", "    reporters: [县工信局]\n", ""),
]


@pytest.mark.parametrize(("warning", "file", "old", "new"), DOUBTS)
def test_a_doubt_is_a_warning_at_its_place_and_the_plan_loads(tmp_path, warning, file, old, new):
    text = {"targets": TARGETS, "tasks": TASKS, "rules": RULES}[file]
    files = {file: spoilt(text, old, new)}

    assert found_in(tmp_path, **files) == []
    assert [told for told in warned_in(tmp_path, **files) if not told.endswith("L305") or "tasks" in told] == [warning]
    load_plan(write_plan(tmp_path, **files))


def test_a_goal_without_task_is_doubtful_if_no_task_names_it_either(tmp_path):
    targets = TARGETS.replace("    tasks: [T01]\n", "")

    assert warned_in(tmp_path, targets=targets) == ["targets.yaml:27:9 L301", "targets.yaml:36:63 L305"]


def test_a_part_of_a_ratio_is_no_goal_and_needs_no_task(tmp_path):
    assert warned_in(tmp_path) == [INFERRED]  # `spending` and `gdp` have none


def test_guarantee_measures_need_no_department(tmp_path):
    tasks = spoilt(TASKS, "kind: key", "kind: guarantee")

    assert warned_in(tmp_path, tasks=spoilt(tasks, "departments: [县工信局, ", "departments: [")) == [INFERRED]


def test_a_date_the_office_confirmed_is_no_longer_doubtful(tmp_path):
    assert warned_in(tmp_path, rules=RULES) == []


def test_lints_wait_until_there_is_no_fault(tmp_path):
    targets = spoilt(TARGETS, "kind: flow", "kind: flwo")

    assert warned_in(tmp_path, targets=targets) == []


def test_every_lint_has_a_sample():
    elsewhere = {"L301", "L310", "L311"}

    sampled = {doubt[0].split()[1] for doubt in DOUBTS}
    assert {kind.code for kind in faults.CATALOGUE if kind.code[0] == "L"} == sampled | elsewhere


def against(folder: Path, source: str, **files: str) -> list[str]:
    """Codes and places that `--source` adds."""
    path = folder / "plan.txt"
    path.write_text(source, encoding="utf-8")
    told = check_plan(write_plan(folder, **files), path)
    return [short(fault) for fault in told if fault.code != "L305"]


def test_quotes_are_found_whatever_the_blanks_width_and_stray_asterisks(tmp_path):
    assert against(tmp_path, SOURCE) == []


@pytest.mark.parametrize(
    ("told", "file", "old", "new"),
    [
        ("targets.yaml:26:47 P221", "targets", "quote: 产值突破 12.5 亿元", "quote: 产值超过 12.5 亿元"),
        ("targets.yaml:41:61 P221", "targets", "quote: 弘扬工匠精神", "quote: 发扬工匠精神"),
        ("tasks.yaml:16:47 P221", "tasks", "who: 分管副县长", "who: 分管副县长, quote: 由副县长担任"),
        ("targets.yaml:26:33 P222", "targets", "12.50", "12.51"),
        ("targets.yaml:27:33 P222", "targets", '"7"', '"8"'),
        ("tasks.yaml:12:34 L310", "tasks", "建设园区", "建好园区"),
        ("targets.yaml:27:9 L311", "targets", ", quote: 产值突破 7 亿元", ""),
    ],
)
def test_what_the_plans_text_does_not_bear_out_is_told(tmp_path, told, file, old, new):
    text = {"targets": TARGETS, "tasks": TASKS}[file]

    assert against(tmp_path, SOURCE, **{file: spoilt(text, old, new)}) == [told]


def test_what_the_office_added_is_not_looked_for_in_the_plan(tmp_path):
    targets = spoilt(TARGETS, "quote: 产值突破 7 亿元, basis: stated", "quote: 会议定为 7 亿元, basis: office")

    assert against(tmp_path, SOURCE, targets=targets) == []


def test_the_source_may_be_a_gbk_text_but_not_a_picture(tmp_path):
    data = write_plan(tmp_path)
    (tmp_path / "gbk.txt").write_bytes(SOURCE.encode("gb18030"))
    (tmp_path / "scan.txt").write_bytes(b"\x89PNG\xff\xff\xff")

    assert [fault for fault in check_plan(data, tmp_path / "gbk.txt") if fault.severity == "error"] == []
    assert [fault.code for fault in check_plan(data, tmp_path / "scan.txt") if fault.severity == "error"] == ["P002"]
    assert [fault.code for fault in check_plan(data, tmp_path / "no.txt") if fault.severity == "error"] == ["P001"]


@pytest.mark.parametrize(
    ("value", "unit", "quote"),
    [
        ("50", "户", "入驻企业 50 户以上"),
        ("7", "亿元", "产值突破 7 亿元"),
        ("7.0", "亿元", "产值突破 7 亿元"),
        ("0.7", "亿元", "产值突破 7000 万元"),
        ("20000", "人", "带动从业人员 20000 人以上"),
        ("20000", "人", "带动从业人员２万人以上"),
        ("20000", "人", "带动从业人员两万人"),
        ("20000", "人", "带动从业人员 20,000 人"),
        ("1", "%", "达到 1％ 以上"),
        ("20", "人/万人", "每万人口研发人员达到 20 人以上"),
        ("10", "个", "搭建平台十个以上"),
        ("70", "户", "到 2025 年底，专业镇入驻企业 70 户以上，产值突破 10 亿元"),
    ],
)
def test_a_number_is_found_in_its_quote_in_other_spellings_and_units(value, unit, quote):
    assert stands_in(Decimal(value), unit, quote)


@pytest.mark.parametrize(
    ("value", "unit", "quote"),
    [
        ("5", "户", "入驻企业 50 户以上"),
        ("7", "万元", "产值突破 7 亿元"),
        ("7", "亿元", "产值突破 7 万元"),
        ("1", "%", "达到 11% 以上"),
        ("7", "亿元", "产值大幅增长"),
    ],
)
def test_another_number_is_not_taken_for_it(value, unit, quote):
    assert not stands_in(Decimal(value), unit, quote)


def test_folding_makes_copies_of_one_text_equal():
    assert folded("**责任部门：**“专精 特新”（〔2023〕３０号）—") == folded('责任部门:"专精特新"([2023]30号)-')


def test_the_bundled_plan_agrees_with_the_text_it_was_taken_from():
    root = Path(__file__).parent
    data, source = root.parent / "data", root / "golden" / "plan" / "source.txt"
    if not (data / "targets.yaml").exists() or not source.exists():
        pytest.skip("the plan is not part of this copy")

    assert {fault.code for fault in check_plan(data, source)} <= {"L305"}
