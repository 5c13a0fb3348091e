"""`zyz issue` and what other commands say of issues: as users meet them (CONTRACT §5)."""

import json

import pytest
from openpyxl import load_workbook

from xiangning_zyz.jobs.evidence import kept_at
from xiangning_zyz.jobs.workspace import Workspace

ADD = ("issue", "add", "供水管网不到位", "--scope", "个性", "--raised-by", "某陶瓷公司", "--on", "2024-06-03")
ASSIGNED = ("--department", "住建局", "--due", "2024-06-28")


@pytest.fixture
def proof(tmp_path):
    path = tmp_path / "通水照片.txt"
    path.write_text("已通水", encoding="utf-8")
    return path


@pytest.fixture
def opened(zyz, home):
    """A workspace with one issue, 2024-001, assigned to 县住建局 until 28 June 2024."""
    run = zyz(*ADD, *ASSIGNED, "--enterprise", "某陶瓷公司", "--item", "T04", home=home)
    assert (run.returncode, run.stdout) == (0, "2024-001\n")
    return home


def issues(zyz, home, *more):
    return json.loads(zyz("issue", "list", "--format", "json", *more, home=home).stdout)["issues"]


def close(zyz, home, proof, by="专班办公室", on="2024-07-01"):
    how = ("--how", "已通水", "--evidence", proof, "--confirmed-by", by, "--on", on)
    return zyz("issue", "close", "2024-001", *how, home=home)


def test_an_issue_is_raised_assigned_extended_closed_and_reopened(zyz, home, proof):
    assert zyz(*ADD, home=home).stdout == "2024-001\n"
    steps = (
        ("assign", "2024-001", *ASSIGNED, "--on", "2024-06-05"),
        ("extend", "2024-001", "--due", "2024-07-31", "--why", "管材未到", "--on", "2024-06-27"),
    )
    for step in steps:
        assert zyz("issue", *step, home=home).returncode == 0
    closed = close(zyz, home, proof)
    assert closed.returncode == 0, closed.stderr
    [issue] = issues(zyz, home, "--as-of", "2024-07-10")

    assert issue["state"] == "closed"
    assert (issue["first_due"], issue["due"], issue["extensions"]) == ("2024-06-28", "2024-07-31", 1)
    assert issue["responsible"] == ["县住建局"]
    sha256 = issue["closed"]["evidence_sha256"]
    assert issue["closed"] == {
        "on": "2024-07-01",
        "confirmed_by": "专班办公室",
        "how": "已通水",
        "evidence": proof.name,
        "evidence_sha256": sha256,
    }
    assert kept_at(Workspace(home), sha256).read_bytes() == proof.read_bytes()

    assert zyz("issue", "reopen", "2024-001", "--why", "再次停水", "--on", "2024-07-05", home=home).returncode == 0
    [issue] = issues(zyz, home, "--as-of", "2024-07-10")
    assert (issue["state"], issue["closed"], issue["overdue"]) == ("open", None, False)
    assert [each["act"] for each in issue["events"]] == ["add", "assign", "extend", "close", "reopen"]


def test_the_responsible_department_cannot_confirm_and_nothing_is_entered(zyz, opened, proof):
    before = (opened / "var" / "ledger.db").read_bytes()
    run = close(zyz, opened, proof, by="县住建局王某")

    assert run.returncode == 2
    assert "不能自己确认销号" in run.stderr
    assert (opened / "var" / "ledger.db").read_bytes() == before


def test_closing_without_a_usable_file_is_refused(zyz, opened, tmp_path):
    assert close(zyz, opened, tmp_path / "没有.pdf").returncode == 2
    (tmp_path / "空.pdf").touch()
    assert close(zyz, opened, tmp_path / "空.pdf").returncode == 2
    assert issues(zyz, opened)[0]["state"] == "open"


def test_verify_finds_evidence_that_was_changed(zyz, opened, proof):
    close(zyz, opened, proof)
    assert zyz("verify", home=opened).returncode == 0
    [issue] = issues(zyz, opened)
    kept_at(Workspace(opened), issue["closed"]["evidence_sha256"]).write_text("换过的", encoding="utf-8")
    run = zyz("verify", home=opened)

    assert run.returncode == 1
    assert proof.name in run.stdout


def test_status_counts_open_and_overdue_issues_on_the_day_judged(zyz, opened):
    def status(day, *more):
        return zyz("status", "--as-of", day, *more, home=opened).stdout

    assert json.loads(status("2024-06-28", "--format", "json"))["issues"] == {"open": 1, "overdue": 0}
    assert json.loads(status("2024-06-29", "--format", "json"))["issues"] == {"open": 1, "overdue": 1}
    assert json.loads(status("2024-06-02", "--format", "json"))["issues"] == {"open": 0, "overdue": 0}
    assert "问题台账：未销号1项，其中逾期1项。" in status("2024-06-29")


@pytest.mark.parametrize("command", ["due", "remind"])
def test_overdue_issues_stand_beside_what_is_owed(zyz, opened, command):
    printed = zyz(command, "--as-of", "2024-07-02", home=opened).stdout
    assert "逾期未销号的问题" in printed
    assert "2024-001" in printed
    answer = json.loads(zyz(command, "--as-of", "2024-06-28", "--format", "json", home=opened).stdout)
    assert answer["overdue_issues"] == []  # the due day itself is still in time


def test_the_list_can_be_narrowed_and_shows_one_issue_with_its_history(zyz, opened):
    zyz("issue", "add", "融资难", "--scope", "共性", "--raised-by", "民营中心", "--on", "2024-06-04", home=opened)
    late = ("--as-of", "2024-07-10")

    assert [each["number"] for each in issues(zyz, opened, *late)] == ["2024-001", "2024-002"]
    assert [each["number"] for each in issues(zyz, opened, "--state", "overdue", *late)] == ["2024-001"]
    assert [each["number"] for each in issues(zyz, opened, "--department", "住建局", *late)] == ["2024-001"]
    assert issues(zyz, opened, "--state", "closed") == []
    shown = zyz("issue", "list", "2024-001", *late, home=opened).stdout
    assert "办理经过" in shown
    assert "（四）加快推进专业镇重点项目建设" in shown
    assert zyz("issue", "list", "2024-009", home=opened).returncode == 2


def test_what_was_known_before_a_closing_is_still_there(zyz, opened, proof):
    close(zyz, opened, proof)
    [entered] = [each for each in issues(zyz, opened)[0]["events"] if each["act"] == "add"]

    [before] = issues(zyz, opened, "--known-at", entered["recorded_at"])
    assert before["state"] == "open"


def test_a_slip_is_withdrawn_and_leaves_every_count_but_not_the_record(zyz, home):
    assert zyz(*ADD, home=home).stdout == "2024-001\n"
    [entered] = issues(zyz, home)[0]["events"]
    run = zyz("issue", "withdraw", "2024-001", "--why", "登记了两次", home=home)
    assert (run.returncode, run.stdout) == (0, "")

    assert issues(zyz, home) == issues(zyz, home, "--as-of", "2024-06-10") == []
    status = zyz("status", "--as-of", "2024-06-10", "--format", "json", home=home).stdout
    assert json.loads(status)["issues"] == {"open": 0, "overdue": 0}
    assert "另有1项已作废" in zyz("issue", "list", home=home).stderr
    for asked in (("2024-001",), ("--state", "withdrawn")):
        [issue] = issues(zyz, home, *asked)
        assert (issue["state"], issue["withdrawn"]["why"]) == ("withdrawn", "登记了两次")
        assert "已作废" in zyz("issue", "list", *asked, home=home).stdout
    [before] = issues(zyz, home, "--known-at", entered["recorded_at"])
    assert before["state"] == "open"
    assert zyz("issue", "withdraw", "2024-001", "--why", "再来一次", home=home).returncode == 2
    assert zyz(*ADD, home=home).stdout == "2024-002\n"
    assert zyz("verify", home=home).returncode == 0


def test_the_screen_shows_what_fits_and_the_file_shows_all(zyz, opened):
    """Fifteen columns fit no terminal; eight do, and programs and WPS get all of them."""
    late = ("--as-of", "2024-07-10")
    screen = zyz("issue", "list", *late, home=opened).stdout.splitlines()
    table = zyz("issue", "list", *late, "--format", "csv", home=opened).stdout.splitlines()

    assert screen[1].split() == ["编号", "状态", "类型", "问题", "任务", "责任单位", "完成时限", "进展情况"]
    assert "供水管网不到位（某陶瓷公司）" in screen[3]
    assert "提出单位,提出日期,责任单位,完成时限,首次时限,延期次数" in table[0]


def test_an_overdue_issue_that_waits_to_be_confirmed_says_both(zyz, opened, tmp_path):
    out = tmp_path / "住建局问题台账.xlsx"
    zyz("issue", "list", "--department", "住建局", "--as-of", "2024-07-10", "-o", out, home=opened)
    book = load_workbook(out)
    heads = {cell.value: cell.column for cell in book.active[3]}
    book.active.cell(4, heads["状态"]).value = "已办结"
    book.save(out)
    assert zyz("import", out, "--received", "2024-07-12", home=opened).returncode == 0

    assert "逾期、待销号" in zyz("issue", "list", "--as-of", "2024-07-15", home=opened).stdout
    annex = zyz("report", "annex", "--period", "2024-06", "--as-of", "2024-07-15", "--format", "md", home=opened)
    assert "■逾期、待销号" in annex.stdout, annex.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("issue", "lst"), "您是不是要用“list”"),
        ((*ADD[:5], "--raised-by", "  "), "--raised-by"),
        ((*ADD[:7], "--on", "2999-01-01"), "不能晚于今天"),
        ((*ADD, "--department", "住建局"), "--due"),
        ((*ADD, "--department", "不存在局", "--due", "2024-07-01"), "没有部门“不存在局”"),
        ((*ADD, "--item", "T99"), "没有任务或项目“T99”"),
        (("issue", "assign", "2024-001", *ASSIGNED), "没有编号为 2024-001 的问题"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_to_do(zyz, home, arguments, says):
    run = zyz(*arguments, home=home if arguments[1] != "lst" else None)

    assert run.returncode == 2
    assert says in run.stderr
    assert not (home / "var" / "ledger.db").exists() or issues(zyz, home) == []


def test_help_of_the_group_is_chinese_and_names_every_command(zyz):
    page = zyz("issue").stdout

    assert page == zyz("issue", "--help").stdout
    for name in ("list", "add", "assign", "extend", "close", "reopen", "withdraw"):
        assert f"\n  {name}" in page
    assert "Usage" not in page


def test_what_must_be_given_is_marked_in_the_help_and_named_when_it_is_missing(zyz):
    page = zyz("issue", "add", "--help").stdout
    missing = [zyz("issue", "add", "供水管网不到位"), zyz("issue", "assign")]

    assert [line.split()[0] for line in page.splitlines() if "（必填）" in line] == ["--scope", "--raised-by"]
    assert [run.stderr.splitlines()[0] for run in missing] == ["缺少选项 --scope。", "缺少参数“编号”。"]
    assert [run.returncode for run in missing] == [2, 2]
    assert zyz("imports", "一号").stderr.startswith("参数“导入号”不对：应为整数，不能是“一号”。")


def test_the_ledger_goes_out_as_a_sheet_and_comes_back_with_the_department_s_words(zyz, opened, tmp_path):
    out = tmp_path / "住建局问题台账.xlsx"
    written = zyz(
        "issue", "list", "--department", "住建局", "--state", "open", "--as-of", "2024-07-10", "-o", out, home=opened
    )
    assert written.returncode == 0
    book = load_workbook(out)
    page = book.active
    heads = {cell.value: cell.column for cell in page[3]}
    assert page.cell(4, heads["编号"]).value == "2024-001"
    page.cell(4, heads["进展情况"]).value = "管网已接通"
    page.cell(4, heads["状态"]).value = "已办结"
    page.cell(5, 1).value = "填报人：王某　审核人：赵某"
    book.save(out)

    run = zyz("import", out, "--received", "2024-07-12", home=opened)
    assert run.returncode == 0, run.stdout
    [issue] = issues(zyz, opened, "--as-of", "2024-07-15")
    assert (issue["number"], issue["state"]) == ("2024-001", "claimed")
    [report] = issue["reports"]
    assert report["department"] == "县住建局"
    assert report["fields"]["progress"] == "管网已接通"


def test_issues_come_in_by_sheets_too(zyz, home, sheet):
    path = sheet(
        "工信局问题台账.xlsx",
        [
            ["专业镇企业问题台账（2024年6月）"],
            ["填报单位：县工信局"],
            ["序号", "问题", "问题类型", "涉及企业", "责任单位", "完成时限", "进展情况", "状态"],
            [1, "用电容量不足", "个性", "甲陶瓷公司", "住建局", "2024年8月底", "已报装", "办理中"],
            [2, "招工难", "共性问题", None, "县人社局", "2024-07-05", None, None],
            ["填报人：张某　审核人：李某"],
        ],
    )
    run = zyz("import", path, "--received", "2024-07-03", home=home)
    assert run.returncode == 0, run.stdout
    first, second = issues(zyz, home, "--as-of", "2024-07-10")

    assert (first["number"], first["scope"], first["responsible"], first["due"]) == (
        "县工信局-2024-06-1",
        "individual",
        ["县住建局"],
        "2024-08-31",
    )
    assert (second["number"], second["scope"], second["overdue"]) == ("县工信局-2024-06-2", "common", True)


def test_a_problem_s_text_cannot_become_a_formula_or_an_escape(zyz, home, tmp_path):
    hostile = '=HYPERLINK("x")\x1b[31m'
    zyz("issue", "add", hostile, "--scope", "个性", "--raised-by", "=1+1", "--on", "2024-06-03", home=home)
    out = tmp_path / "台账.xlsx"
    zyz("issue", "list", "-o", out, home=home)

    assert "\x1b" not in zyz("issue", "list", home=home).stdout
    assert "'=HYPERLINK" in zyz("issue", "list", "--format", "csv", home=home).stdout
    assert {cell.data_type for row in load_workbook(out).active for cell in row if cell.value} == {"s"}
