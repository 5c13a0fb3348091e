"""`zyz score`, `zyz approve`, `zyz objection`, `zyz enterprises` as users meet them (CONTRACT §5)."""

import json

import pytest

from xiangning_zyz.intake.facts.credit_code import check_character

NOTICE = "内部参考，不作为考核结果"
AT = ("--period", "2024-06", "--as-of", "2024-07-10")
PRAISE = ("approve", "praise", "--period", "2024-06", "--department", "工信局", "--on", "2024-07-15")
OBJECTION = (
    "objection",
    "add",
    "工信局",
    "--period",
    "2024-06",
    "--why",
    "按时送达",
    "--by",
    "张某",
    "--on",
    "2024-07-20",
)


@pytest.fixture
def reported(zyz, home, sheet):
    """A workspace in which 县工信局 reported two of its ten tasks for June 2024, in time."""
    path = sheet(
        "工信局任务进展.xlsx",
        [
            ["重点工作进展（2024年6月）"],
            ["填报单位：县工信局"],
            ["任务编号", "完成比例（%）", "进展情况"],
            ["T01", 50, "推进中"],
            ["T02", 40, "推进中"],
            ["填报人：张某　审核人：李某"],
        ],
    )
    assert zyz("import", path, "--received", "2024-07-03", home=home).returncode == 0
    return home


def score_of(zyz, home, *more):
    answer = json.loads(zyz("score", *AT, "--format", "json", *more, home=home).stdout)
    return answer, next(each for each in answer["departments"] if each["department"] == "县工信局")


def test_score_shows_its_arithmetic_and_is_headed_for_inside_use(zyz, reported):
    answer, office = score_of(zyz, reported)

    assert list(answer) == [
        *("schema", "notice", "plan", "as_of", "known_at"),
        *("period", "since", "until", "rule", "departments", "objections"),
    ]
    assert (answer["schema"], answer["notice"]) == ("zyz/score@1", NOTICE)
    assert answer["rule"]["decided_by"] is None
    lines = {each["item"]: each for each in office["items"]}
    assert lines["completeness"]["arithmetic"].startswith("已报2项 ÷ 应报")
    assert lines["returned"] == {
        "item": "returned",
        "points": "10",
        "rate": "1",
        "score": "10",
        "arithmetic": "收下1份 ÷ 来报1份（退回0份）",
    }
    assert lines["task_progress"]["rate"] == "0.18"  # (1 + 0.8 + eight times nothing) / 10
    assert lines["task_progress"]["score"] == "3.6"
    assert lines["issues"]["score"] is None
    for form in ("table", "plain", "csv", "md"):
        assert NOTICE in zyz("score", *AT, "--format", form, home=reported).stdout


def test_a_default_formula_says_that_nobody_has_signed_it(zyz, reported):
    assert "为默认，尚未经专班办公室确定" in zyz("score", *AT, home=reported).stdout

    rules = reported / "data" / "rules.yaml"
    own = "scoring: {returned: {points: 0}, praise: 5, talk: 1, criticism: 2, decided_by: 主任会议, on: 2024-02-01}\n"
    rules.write_text(rules.read_text(encoding="utf-8") + own, encoding="utf-8")
    assert "评分办法由主任会议于2024-02-01确定" in zyz("score", *AT, home=reported).stdout
    assert "returned" not in {each["item"] for each in score_of(zyz, reported)[1]["items"]}


def test_suggestions_leave_approver_and_date_blank_until_somebody_approved(zyz, reported):
    rules = reported / "data" / "rules.yaml"
    own = "scoring: {praise: 5, talk: 1, criticism: 2, decided_by: 主任会议, on: 2024-02-01}\n"
    rules.write_text(rules.read_text(encoding="utf-8") + own, encoding="utf-8")
    assert score_of(zyz, reported)[1]["suggestion"] == "praise"
    assert "＿＿＿＿＿" in zyz("score", *AT, "--department", "工信局", home=reported).stdout

    refused = zyz(*PRAISE, "--by", "专班办公室", home=reported)
    assert refused.returncode == 2
    assert "第二十一条" in refused.stderr
    assert zyz(*PRAISE, "--by", "县长", "--note", "第3次常务会议", home=reported).returncode == 0
    assert zyz(*PRAISE, "--by", "县长", home=reported).returncode == 2
    assert score_of(zyz, reported, "--as-of", "2024-07-20")[1]["approved"] == {"by": "县长", "on": "2024-07-15"}
    [listed] = json.loads(zyz("approve", "--format", "json", home=reported).stdout)["approvals"]
    assert (listed["what"], listed["act"], listed["by"], listed["note"]) == (
        "praise",
        "approve",
        "县长",
        "第3次常务会议",
    )

    assert zyz(*PRAISE, "--by", "县长", "--revoke", "--note", "事实有误", home=reported).returncode == 0
    assert score_of(zyz, reported, "--as-of", "2024-07-20")[1]["approved"] is None


def test_a_department_under_review_is_not_suggested_anything_for(zyz, reported):
    added = zyz(*OBJECTION, "--notified", "2024-07-15", home=reported)
    assert added.returncode == 0
    assert "应于 2024-08-19 前答复" in added.stderr

    answer, office = score_of(zyz, reported, "--as-of", "2024-07-25")
    assert office["under_review"] is True
    assert answer["objections"][0]["text"] == "按时送达"
    page = zyz("score", "--period", "2024-06", "--as-of", "2024-07-25", "--department", "工信局", home=reported).stdout
    assert "复核中，暂不建议" in page

    done = ("--result", "维持", "--why", "查收文登记", "--by", "政府办", "--on", "2024-08-01")
    assert zyz("objection", "answer", "工信局", "--period", "2024-06", *done, home=reported).returncode == 0
    assert score_of(zyz, reported, "--as-of", "2024-08-02")[1]["under_review"] is False
    [listed] = json.loads(zyz("objection", "list", "--format", "json", home=reported).stdout)["objections"]
    assert (listed["late"], listed["answer"]["outcome"]) == (False, "upheld")


def test_an_office_that_has_not_begun_scores_nobody(zyz, home):
    """Else every department would stand at nothing, with a talk suggested, on the day the tool is set up."""
    run = zyz("score", *AT, home=home)

    assert (run.returncode, run.stdout) == (2, "")
    assert "台账还是空的" in run.stderr


def test_a_period_of_which_nothing_is_over_is_refused(zyz, home):
    run = zyz("score", "--period", "2024-07", "--as-of", "2024-07-10", home=home)

    assert run.returncode == 2
    assert "还没有一个月结束" in run.stderr


def test_the_same_ledger_and_day_give_the_same_bytes(zyz, reported):
    first, second = (zyz("score", *AT, "--format", "json", home=reported).stdout for _ in range(2))
    assert first == second


# Enterprises.


def code(body):
    return body + check_character(body)


A, B = code("91141029MA0K00000"), code("91141029MA0K00001")
ROSTER_HEADS = ["序号", "企业名称", "统一社会信用代码", "板块", "状态", "入驻时间", "梯队"]


@pytest.fixture
def listed(zyz, home, sheet):
    """Two departments list firms for June 2024, one of them the same firm; 县工信局 reports three."""
    rows = {
        "县工信局": [[1, "甲陶瓷公司", A, "紫砂陶", "入驻", "2024-03", "规上"]],
        "县文旅局": [
            [1, "甲陶瓷有限公司", A, "紫砂陶", "投产", None, "专精特新"],
            [2, "乙酒庄", B, "戎子酒庄", "签约", None, None],
        ],
    }
    for department, firms in rows.items():
        head = [["专业镇企业名录（2024年6月）"], [f"填报单位：{department}"], ROSTER_HEADS]
        path = sheet(f"{department}名录.xlsx", [*head, *firms, ["填报人：张某　审核人：李某"]])
        assert zyz("import", path, "--received", "2024-07-03", home=home).returncode == 0
    figure = [
        ["月报（2024年6月）"],
        ["填报单位：县工信局"],
        ["指标", "单位", "期末数"],
        ["入驻企业", "户", 3],
        ["填报人：张某　审核人：李某"],
    ]
    assert zyz("import", sheet("月报.xlsx", figure), "--received", "2024-07-03", home=home).returncode == 0
    return home


def firms(zyz, home, *more):
    return json.loads(zyz("enterprises", "--format", "json", "--as-of", "2024-07-10", *more, home=home).stdout)


def test_the_roster_counts_each_firm_once_and_is_held_against_the_figure(zyz, listed):
    answer = firms(zyz, listed)

    assert answer["schema"] == "zyz/enterprises@1"
    found = {each["code"]: each for each in answer["enterprises"]}
    assert found[A]["departments"] == ["县工信局", "县文旅局"]
    assert (found[A]["state"], found[A]["tiers"]) == ("投产", ["规上", "专精特新"])
    assert found[A]["disagreement"] == "县工信局报入驻、县文旅局报投产"
    assert (found[B]["state"], found[B]["segment"]) == ("签约", "rongzi")
    assert answer["against_figure"][0] == {
        "segment": None,
        "period": "2024-06",
        "listed": 1,
        "reported": "3",
        "agrees": False,
    }


def test_the_roster_can_be_narrowed_and_shows_one_firm_with_its_history(zyz, listed):
    def codes(*more):
        return [each["code"] for each in firms(zyz, listed, *more)["enterprises"]]

    assert codes("--segment", "紫砂") == [A]
    assert codes("--state", "签约") == [B]
    assert codes("--tier", "专精特新") == [A]
    history = zyz("enterprises", A, "--as-of", "2024-07-10", home=listed).stdout
    assert "历次所报" in history
    assert "县文旅局名录.xlsx" in history
    assert zyz("enterprises", "无此企业", home=listed).returncode == 2
