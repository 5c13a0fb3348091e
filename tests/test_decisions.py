"""`zyz judge` and `zyz resolve`: what a person decides, with evidence, who and when (CONTRACT §5, §6)."""

import hashlib
import json

import pytest

from makers import observed
from workspace_makers import bring
from xiangning_zyz.fact import Verdict
from xiangning_zyz.jobs.evidence import Evidence, evidence_fault, keep_evidence, kept_at
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.sqlite import open_ledger

TWO = "reporters: {output_value: [县工信局, 县统计局], gdp: [县统计局, 县发改局]}\n"
JUDGE = ("judge", "文化生态体系基本形成", "--verdict", "基本形成", "--by", "专班办公室主任会议")


@pytest.fixture
def proof(tmp_path):
    path = tmp_path / "评审意见.txt"
    path.write_bytes("文化生态体系评审意见".encode())
    return path


@pytest.fixture
def disputed(home):
    """A workspace where two departments of record report June 2024 differently."""
    rules = home / "data" / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + TWO, encoding="utf-8")
    for department, value in (("县工信局", "4.1"), ("县统计局", "4.3")):
        bring(home, department, observed("output_value", "2024-06", value, unit="亿元"))
    return home


def goal_in(answer, goal):
    return next(each for each in answer["qualitative"] if each["id"] == goal)


def status_of(zyz, home, *more):
    return json.loads(zyz("status", "--format", "json", "--as-of", "2024-07-10", *more, home=home).stdout)


def target(answer, indicator="output_value"):
    return next(each for each in answer["targets"] if each["indicator"] == indicator)


def test_a_verdict_is_recorded_with_its_evidence(zyz, home, proof):
    run = zyz(*JUDGE, "--on", "2024-06-30", "--evidence", proof, "--why", "专家评审通过", home=home)
    assert (run.returncode, run.stdout) == (0, "")
    assert "已记录：文化生态体系基本形成，基本形成（专班办公室主任会议，2024-06-30）。" in run.stderr

    assert goal_in(status_of(zyz, home), "cultural_ecosystem") == {
        "id": "cultural_ecosystem",
        "name": "文化生态体系基本形成",
        "verdict": "基本形成",
        "by": "专班办公室主任会议",
        "on": "2024-06-30",
    }
    with open_ledger(home / "var" / "ledger.db", "xiangning") as ledger:
        [said] = ledger.decisions(Verdict)
    sha256 = hashlib.sha256(proof.read_bytes()).hexdigest()
    assert (said.what.evidence, said.what.evidence_sha256, said.what.why) == ("评审意见.txt", sha256, "专家评审通过")
    assert kept_at(Workspace(home), sha256).read_bytes() == proof.read_bytes()


def test_the_last_recorded_verdict_holds_and_the_past_can_be_asked_for(zyz, home, proof):
    zyz(*JUDGE, "--evidence", proof, home=home)
    with open_ledger(home / "var" / "ledger.db", "xiangning") as ledger:
        then = ledger.decisions(Verdict)[0].recorded_at
    zyz("judge", "cultural_ecosystem", "--verdict", "尚未形成", "--by", "乙", "--evidence", proof, home=home)

    assert goal_in(status_of(zyz, home), "cultural_ecosystem")["verdict"] == "尚未形成"
    before = status_of(zyz, home, "--known-at", then.isoformat())
    assert goal_in(before, "cultural_ecosystem")["verdict"] == "基本形成"
    assert zyz("verify", home=home).returncode == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("judge", "文化生态", "--verdict", "好", "--by", "甲"), "您是不是要找“文化生态体系基本形成”？"),
        (("judge", "output_value", "--verdict", "好", "--by", "甲"), "是定量指标，按数据判断"),
        (("judge", "income", "--verdict", " ", "--by", "甲"), "--verdict 不能为空"),
        (("judge", "income", "--verdict", "好", "--by", ""), "--by 不能为空"),
        (("judge", "income", "--verdict", "好", "--by", "甲", "--on", "2999-01-01"), "还没有到"),
        (("judge", "income", "--verdict", "好", "--by", "甲", "--on", "去年"), "--on 应为日期"),
    ],
)
def test_a_wrong_verdict_is_a_usage_error_and_records_nothing(zyz, home, proof, words, says):
    run = zyz(*words, "--evidence", proof, home=home)

    assert run.returncode == 2
    assert says in run.stderr
    assert goal_in(status_of(zyz, home), "income")["verdict"] is None


@pytest.mark.parametrize(
    ("name", "says"), [("无.pdf", "不存在，或不是文件"), (".", "不存在，或不是文件"), ("空.pdf", "是空的")]
)
def test_evidence_must_be_a_file_with_something_in_it(zyz, home, tmp_path, name, says):
    (tmp_path / "空.pdf").touch()
    run = zyz("judge", "income", "--verdict", "好", "--by", "甲", "--evidence", tmp_path / name, home=home)

    assert run.returncode == 2
    assert says in run.stderr


def test_evidence_is_kept_once_and_a_changed_copy_is_found(tmp_path, proof):
    workspace = Workspace(tmp_path)
    first = keep_evidence(workspace, proof)
    assert keep_evidence(workspace, proof.rename(tmp_path / "副本.txt")).sha256 == first.sha256
    assert len(list((workspace.archive / "evidence").iterdir())) == 1

    assert evidence_fault(workspace, first) == ""
    kept_at(workspace, first.sha256).write_bytes(b"x")
    assert "已被改动" in evidence_fault(workspace, first)
    assert "不在归档中" in evidence_fault(workspace, Evidence("a.pdf", "0" * 64))


def test_a_conflict_is_settled_by_naming_whose_figure_counts(zyz, disputed):
    assert target(status_of(zyz, disputed))["state"] == "conflict"

    run = zyz(
        "resolve",
        "产值@2024-06",
        "--department",
        "统计局",
        "--why",
        "统计口径为准",
        "--by",
        "专班办公室",
        home=disputed,
    )
    assert (run.returncode, run.stdout) == (0, "")
    assert "采用县统计局的数字（县工信局4.1亿元、县统计局4.3亿元），专班办公室决定" in run.stderr

    settled = target(status_of(zyz, disputed))
    assert (settled["actual"]["value"], settled["actual"]["department"]) == ("4.3", "县统计局")
    assert "裁定" in zyz("explain", "产值", "--as-of", "2024-07-10", home=disputed).stdout
    said = "2024年6月各单位所报不一，采用县统计局的数字：统计口径为准（专班办公室）。"
    assert said in zyz("trace", "产值@2024-06", home=disputed).stdout
    assert said not in zyz("trace", "产值@2024-05", home=disputed).stdout
    again = ("resolve", "产值@2024-H1", "--department", "县工信局", "--why", "更正", "--by", "专班办公室")
    assert zyz(*again, home=disputed).returncode == 0  # a decision may be taken anew
    assert target(status_of(zyz, disputed))["actual"]["value"] == "4.1"
    traced = json.loads(zyz("trace", "产值", "--format", "json", home=disputed).stdout)
    assert [(each["department"], each["why"]) for each in traced["resolutions"]] == [("县工信局", "更正")]


@pytest.mark.parametrize(
    ("what", "department", "says"),
    [
        ("产值@2024-05", "县统计局", "2024年5月各单位数据没有冲突。有冲突的报告期：2024-06。"),
        ("入驻企业@2024-06", "县统计局", "该指标没有需要裁定的冲突"),
        ("产值@2024-06", "县文旅局", "县文旅局没有报送这个数字，可选：县工信局4.1亿元、县统计局4.3亿元。"),
        ("产值@2024-06", "不存在局", "方案中没有部门"),
        ("产值", "县统计局", "请写明报告期"),
        ("产值@六月", "县统计局", "请写明报告期"),
        ("没有的指标@2024-06", "县统计局", "方案中没有指标"),
    ],
)
def test_only_a_real_conflict_between_these_two_can_be_settled(zyz, disputed, what, department, says):
    run = zyz("resolve", what, "--department", department, "--why", "核实", "--by", "甲", home=disputed)

    assert run.returncode == 2
    assert says in run.stderr
    assert target(status_of(zyz, disputed))["state"] == "conflict"


def test_a_reason_is_asked_for(zyz, disputed):
    run = zyz("resolve", "产值@2024-06", "--department", "县统计局", "--why", " ", "--by", "甲", home=disputed)

    assert (run.returncode, "--why 不能为空" in run.stderr) == (2, True)


def test_a_ratio_s_conflict_is_settled_at_its_part(zyz, disputed):
    for department, value in (("县统计局", "120"), ("县发改局", "121")):
        bring(
            disputed,
            department,
            observed("gdp", "2023-12", value, unit="亿元"),
            observed("rd_expenditure", "2023-12", "1"),
        )
    run = zyz("resolve", "rd_intensity@2023", "--department", "县统计局", "--why", "核实", "--by", "甲", home=disputed)

    assert run.returncode == 2
    assert "冲突在“地区生产总值”：请对 gdp@2023-12 裁定" in run.stderr


def test_a_segment_s_conflict_is_settled_on_its_own(zyz, disputed):
    for department, value in (("县工信局", "1.1"), ("县统计局", "1.2")):
        bring(disputed, department, observed("output_value", "2024-05", value, unit="亿元", segment="zisha"))
    words = ("resolve", "产值@2024-05", "--department", "县统计局", "--why", "核实", "--by", "甲")

    assert zyz(*words, "--segment", "zisha", home=disputed).returncode == 0
    assert "没有板块“茶叶”" in zyz(*words, "--segment", "茶叶", home=disputed).stderr
