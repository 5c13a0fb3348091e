"""The status screen as values and as `zyz/status@1` (CONTRACT §7)."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import annual, exempt, indicator, issue_row, observed, plan, point, task, task_report, verdict
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.status import goals, reporting_period, status
from xiangning_zyz.period import SHANGHAI
from xiangning_zyz.report.status_json import figure_text, status_json

OUTPUT = indicator("f", name="专业镇产值", kind="flow", unit="亿元", milestones=["2023-12-31 > 7", "2025-12-31 > 10"])
DAY = date(2024, 7, 10)


def seen(made, facts=(), records=(), verdicts=(), as_of=DAY):
    return status(made, gather(facts, records, verdicts=verdicts), as_of)


def test_every_goal_is_shown_and_the_parts_of_ratios_are_not():
    made = plan(
        indicator("stock", milestones=["2025-12-31 >= 1"]),
        indicator("ratio", kind="ratio", formula=("a", "b"), trend="rising"),
        indicator("a"),
        indicator("b"),
        indicator("decided"),
        annual_targets=(annual("decided", 2024, "3"),),
    )

    assert [each.id for each in goals(made)] == ["stock", "ratio", "decided"]
    assert [each.indicator.id for each in seen(made).targets] == ["stock", "ratio", "decided"]


@pytest.mark.parametrize(
    ("as_of", "period"),
    [
        (date(2023, 1, 30), None),
        (date(2024, 6, 29), "2024-05"),
        (date(2024, 6, 30), "2024-06"),
        (date(2029, 1, 1), "2027-12"),
    ],
)
def test_reporting_is_about_the_plan_s_last_month_that_is_over(as_of, period):
    found = reporting_period(plan(), as_of)

    assert (found and str(found)) == period


def test_a_department_is_due_by_task_or_by_an_indicator_whose_period_ends():
    made = plan(
        indicator("month", reporters=("甲",)),
        indicator("quarter", frequency="quarter", reporters=("乙",)),
        indicator("late", published_after_months=10, frequency="year", reporters=("丙",)),
        indicator("computed", kind="ratio", formula=("month", "quarter"), reporters=("丁",)),
        tasks=(task("T01", departments=("戊",)),),
    )

    assert seen(made, as_of=date(2024, 5, 31)).reporting.due == ("甲", "戊")
    assert seen(made, as_of=date(2024, 6, 30)).reporting.due == ("甲", "乙", "戊")


def test_reported_late_and_missing_departments():
    made = plan(tasks=(task("T01", departments=("甲", "乙", "丙")),))
    records = [
        task_report("T01", "2024-06", "甲", received=date(2024, 7, 5)),
        task_report("T01", "2024-06", "乙", received=date(2024, 7, 6)),
        task_report("T01", "2024-05", "丙", received=date(2024, 6, 1)),
    ]

    found = seen(made, records=records).reporting
    assert (found.due_day.day, found.reported, found.late, found.missing) == (
        date(2024, 7, 5),
        ("甲", "乙"),
        ("乙",),
        ("丙",),
    )


def test_a_department_that_only_raised_an_issue_has_not_reported():
    made = plan(tasks=(task("T01", departments=("甲",)),))

    found = seen(made, records=[issue_row("甲-1", "2024-06", "甲", received=date(2024, 7, 5))]).reporting
    assert (found.reported, found.missing) == ((), ("甲",))


def test_a_department_without_tasks_is_late_by_its_own_due_day():
    """A quarter's figure is due on the 10th: one that comes on the 8th is not late, the tasks' 5th is not its day."""
    made = plan(
        indicator("q", frequency="quarter", reporters=("统计局",)),
        tasks=(task("T01", departments=("甲",)),),
    )
    fact = observed("q", "2024-06", "3", "point", department="统计局", received=date(2024, 7, 8))

    assert seen(made, [fact]).reporting.late == ()
    late = fact._replace(received=date(2024, 7, 11))
    assert seen(made, [late]).reporting.late == ("统计局",)


def test_an_exempt_department_is_neither_due_nor_missing():
    made = plan(tasks=(task("T01", departments=("甲", "乙")),), exempt=(exempt("乙", "T01", "2024-06"),))

    found = seen(made)
    assert found.reporting.missing == ("甲",)
    assert found.tasks[0].due == ("甲",)


def test_a_task_is_as_far_as_its_lead_says_else_as_the_mean_of_all_last_words():
    records = [
        task_report("T01", "2024-05", "甲", percent="30"),
        task_report("T01", "2024-06", "甲", percent="50", import_id=2),
        task_report("T01", "2024-05", "乙", percent="20"),
        task_report("T01", "2024-06", "丙", text="无进展"),
        task_report("T02", "2024-06", "丁", percent="99"),
    ]
    everyone = ("甲", "乙", "丙")

    shared = seen(plan(tasks=(task("T01", departments=everyone),)), records=records).tasks[0]
    assert (shared.percent, shared.reported, len(shared.due)) == (35, ("甲", "丙"), 3)
    led = seen(plan(tasks=(task("T01", departments=everyone, lead="乙"),)), records=records).tasks[0]
    assert led.percent == 20
    silent = seen(plan(tasks=(task("T01", departments=everyone, lead="丙"),)), records=records).tasks[0]
    assert silent.percent is None


def test_the_last_verdict_on_a_qualitative_goal_is_shown():
    made = plan(qualitative=("文化生态",))
    said = [verdict("文化生态", "基本形成", date(2024, 6, 1), 9), verdict("文化生态", "未形成", date(2024, 1, 1), 8)]

    assert seen(made, verdicts=said).qualitative[0].last.verdict == "基本形成"
    assert seen(made).qualitative[0].last is None


def test_json_is_the_contract_s_shape():
    made = plan(OUTPUT, tasks=(task("T01"),), qualitative=("文化生态",))
    facts = [observed("f", "2023-12", "7.20"), observed("f", "2024-06", "4.1", ref="D9", import_id=3)]
    known_at = datetime(2024, 7, 10, 8, tzinfo=SHANGHAI)

    printed = json.loads(json.dumps(status_json(status(made, gather(facts), DAY, known_at))))

    assert list(printed) == [
        "schema", "plan", "as_of", "known_at", "targets", "qualitative", "tasks", "reporting", "issues",
    ]  # fmt: skip
    assert printed["plan"] == {"id": "demo", "title": "示例方案", "document": "示例〔2023〕1号", "hash": "0" * 64}
    assert (printed["as_of"], printed["known_at"]) == ("2024-07-10", "2024-07-10T08:00:00+08:00")
    assert printed["targets"] == [
        {
            "indicator": "f",
            "name": "专业镇产值",
            "unit": "亿元",
            "kind": "flow",
            "period": "2024-06",
            "actual": {
                "value": "4.1",
                "basis": "cumulative",
                "department": "县工信局",
                "from": [{"file": "报表.xlsx", "sheet": "指标", "ref": "D9", "import_id": 3}],
            },
            "milestone": {"by": "2025-12-31", "op": ">", "value": "10", "basis": "stated"},
            "compared": {"value": "7.2", "period": "2023-12"},
            "gap": "2.8",
            "attainment": "0.72",
            "expected": "4.25",
            "pace_points": "-1.764705882353",
            "year": {"year": 2024, "target": "8.5", "target_basis": "estimate", "cumulative": "4.1"},
            "needed_per_month": "0.733333333333",
            "state": "on_track",
            "light": "green",
            "reason": "2024年1—6月累计4.1亿元，为2024年目标8.5亿元（测算）的48.2%，时序进度50.0%，落后1.8个百分点。",
            "passed": [
                {
                    "by": "2023-12-31",
                    "op": ">",
                    "value": "7",
                    "actual": "7.2",
                    "period": "2023-12",
                    "verdict": "met",
                }
            ],
            "trend": None,
        }
    ]
    assert printed["qualitative"] == [{"id": "文化生态", "name": "文化生态", "verdict": None, "by": None, "on": None}]
    assert printed["tasks"] == [{"task": "T01", "title": "T01", "reported": 0, "due": 1, "percent": None}]
    assert printed["reporting"] == {"period": "2024-06", "due": 1, "reported": 1, "late": 0, "missing": []}
    assert printed["issues"] is None


def test_json_of_nothing_reported_has_nulls_and_a_reason():
    target = status_json(seen(plan(OUTPUT), as_of=date(2023, 1, 5)))["targets"][0]

    assert [target[key] for key in ("period", "actual", "compared", "gap", "attainment", "expected")] == [None] * 6
    assert (target["state"], target["light"]) == ("not_due", "none")
    assert target["year"] == {"year": 2023, "target": "7", "target_basis": "milestone", "cumulative": None}


@given(st.decimals(-1000000, 1000000, places=6))
def test_reported_figures_pass_through_json_exactly(value):
    assert Decimal(figure_text(value)) == value


def test_the_same_knowledge_gives_the_same_answer_whatever_its_order():
    made = plan(OUTPUT, indicator("s", milestones=["2025-12-31 >= 70"], reporters=("甲", "乙")))
    facts = [
        observed("f", "2023-12", "7.2"),
        observed("f", "2024-06", "4.1"),
        point("s", "2024-06", "60", department="甲"),
        point("s", "2024-06", "60", department="乙", import_id=2),
        point("s", "2024-05", "59", department="乙", import_id=2),
    ]

    assert status_json(seen(made, facts)) == status_json(seen(made, facts[::-1]))


def test_a_plan_changed_since_the_last_sheet_is_said(zyz, home, sheet):
    report = sheet(
        "工信局.xlsx", [["2025年6月月报"], ["填报单位：县工信局"], ["指标", "单位", "期末数"], ["入驻企业", "户", 67]]
    )
    assert zyz("import", report, "--received", "2025-07-03", home=home).returncode == 0
    assert zyz("status", "--as-of", "2025-07-08", home=home).stderr == ""

    with (home / "data" / "rules.yaml").open("a", encoding="utf-8") as rules:
        rules.write("\n# 改动\n")

    assert "第1号报表导入后有改动" in zyz("status", "--as-of", "2025-07-08", home=home).stderr
