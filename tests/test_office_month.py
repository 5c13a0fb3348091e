"""A made-up county office, played through: reports late, returned, revised, forgotten; the ladder climbed and reset.

Every day is given, none is read from the clock. The plan: one indicator and a task of 甲局, the same task and a
project of 乙局, and a township that owns nothing.
"""

import json
from pathlib import Path

import pytest

from xiangning_zyz.jobs.plans import make_workspace

TARGETS = """\
plan: {id: made-up, title: 某县陶瓷专业镇实施方案, document: 某政发〔2024〕1号, issuer: 某县人民政府,
       issued: 2024-01-10, start: 2024-01-01, end: 2026-12-31}
indicators:
  - {id: firms, name: 入驻企业, unit: 户, kind: stock, reporters: [甲局], clause: 一, tasks: [T01],
     milestones: [{by: 2026-12-31, at_least: 50, quote: 达到 50 户以上}]}
"""
TASKS = """\
departments:
  - {id: 甲局}
  - {id: 乙局}
  - {id: 丙镇, kind: township}
tasks:
  - {id: T01, no: （一）, title: 培育企业, clause: 二（一）, departments: [甲局, 乙局]}
projects: [{id: P01, task: T01, name: 陶瓷园, departments: [乙局]}]
"""
RULES = """\
work_plan: [{task: T01, step: 园区开园, by: 2024-07-31, done: 2024-07-30, decided_by: 专班会议, on: 2024-02-01}]
holidays: {2024: {off: [2024-09-16, 2024-09-17], work: [2024-09-14]}}
"""
CONTACTS = "contacts: [{department: 乙局, name: 张三, phone: '0357-0000001'}]\n"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    home = make_workspace(tmp_path / "office").home
    files = {"targets": TARGETS, "tasks": TASKS, "rules": RULES, "contacts": CONTACTS}
    for name, text in files.items():
        (home / "data" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return home


@pytest.fixture
def play(zyz, sheet, office):
    """The office's two moves: take a sheet in, and ask a command as of a day."""

    class Play:
        home = office
        sent = 0

        def receive(self, day, department, month, *, firms=None, task=None, project=None):
            """A sheet arrives on *day*; the status of its import."""
            self.sent += 1
            signed = [["填报人：王五", None, "审核人：赵六"]]
            pages = []
            if firms is not None:
                pages.append([["指标", "单位", "期末数"], ["入驻企业", "户", firms]])
            if task is not None:
                pages.append([["任务编号", "完成比例（%）", "进展情况"], ["T01", *task]])
            if project is not None:
                pages.append([["项目编号", "建设阶段", "形象进度"], ["P01", *project]])
            head = [[f"{department}2024年{month}月工作月报"], [f"填报单位：{department}"]]
            first, *rest = [[*head, *table, *signed] for table in pages]
            path = sheet(
                f"{department}{month}月-{self.sent}.xlsx", first, **{f"表{n}": page for n, page in enumerate(rest, 2)}
            )
            run = zyz("import", path, "--received", day, "--format", "json", home=office)
            return json.loads(run.stdout)["files"][0]["status"]

        def ask(self, *arguments, as_of):
            run = zyz(*arguments, "--as-of", as_of, "--format", "json", home=office)
            assert run.returncode == 0, run.stderr
            return json.loads(run.stdout)

        def states(self, as_of, period=None):
            answer = self.ask("due", *(["--period", period] if period else []), as_of=as_of)
            return {each["department"]: each["state"] for each in answer["departments"]}

        def remind(self, as_of, folder=None):
            """Item, periods missed and step of each department called, and the files written."""
            out = [] if folder is None else ["-o", folder]
            answer = self.ask("remind", *out, as_of=as_of)
            called = {
                each["department"]: [(item["item"], item["times"], item["step"]) for item in each["items"]]
                for each in answer["departments"]
            }
            return called, answer["files"]

    return Play()


def test_a_season_of_a_made_up_office(play, tmp_path, zyz):
    # June's reports are due on Friday 5 July. 甲局 sends a sheet with words for a number: returned whole.
    assert play.receive("2024-07-03", "甲局", 6, firms="约40", task=(30, "已选址")) == "returned"
    assert play.states("2024-07-03") == {"甲局": "returned", "乙局": "pending"}
    assert play.remind("2024-07-03", tmp_path / "hints")[0] == {
        "甲局": [("firms", 0, "hint"), ("T01", 0, "hint")],
        "乙局": [("T01", 0, "hint"), ("P01", 0, "hint")],
    }
    # It is mended in time.
    assert play.receive("2024-07-04", "甲局", 6, firms=40, task=(30, "已选址")) == "imported"
    assert play.states("2024-07-05") == {"甲局": "reported", "乙局": "pending"}

    # Saturday: nobody is reminded. Monday: 乙局 is urged, once.
    assert play.remind("2024-07-06", tmp_path / "saturday") == ({}, [])
    assert play.states("2024-07-08") == {"甲局": "reported", "乙局": "missing"}
    monday = play.ask("due", as_of="2024-07-08")
    called, files = play.remind("2024-07-08", tmp_path / "monday")
    assert called == {"乙局": [("T01", 1, "urge"), ("P01", 1, "urge")]}
    assert files == [
        f"2024-07-08 {name}{suffix}" for name in ("催报电话清单", "乙局 催办") for suffix in (".md", ".docx")
    ]
    assert play.remind("2024-07-08", tmp_path / "again") == ({}, [])
    assert not (tmp_path / "again").exists()

    # The telephone stands on the phone list and nowhere else: not in the letter, the ledger, or an answer.
    phones = [
        path.name for path in (tmp_path / "monday").glob("*.md") if "0357-0000001" in path.read_text(encoding="utf-8")
    ]
    assert phones == ["2024-07-08 催报电话清单.md"]
    assert b"0357-0000001" not in (play.home / "var" / "ledger.db").read_bytes()

    # 乙局 reports half of what it owes, late; 甲局 corrects a figure, which makes it no later.
    assert play.receive("2024-07-09", "乙局", 6, task=(20, "本月无进展")) == "imported"
    assert play.receive("2024-07-10", "甲局", 6, firms=41, task=(30, "已选址")) == "imported"
    assert play.states("2024-07-10") == {"甲局": "reported", "乙局": "partial"}

    # July: 甲局 in time with a 零报告 on its task; 乙局 silent. The project has been missed twice, the task once.
    assert play.receive("2024-08-02", "甲局", 7, firms=43, task=(30, "本月无进展")) == "imported"
    assert play.states("2024-08-06") == {"甲局": "reported", "乙局": "missing"}
    called, files = play.remind("2024-08-06", tmp_path / "august")
    assert called == {"乙局": [("T01", 1, "urge"), ("P01", 2, "supervise")]}
    assert "2024-08-06 乙局 督办建议.md" in files
    suggestion = (tmp_path / "august" / "2024-08-06 乙局 督办建议.md").read_text(encoding="utf-8")
    assert "未经批准不得执行" in suggestion
    assert "2024年7月8日催办" in suggestion
    assert "批准人：＿" in suggestion

    # It recovers, late: the count begins anew with August.
    assert play.receive("2024-08-07", "乙局", 7, task=(40, "已开工"), project=("在建", "主体施工")) == "imported"
    assert play.states("2024-08-08") == {"甲局": "reported", "乙局": "late"}
    assert play.remind("2024-08-08")[0] == {}
    assert play.receive("2024-09-03", "甲局", 8, firms=44, task=(35, "已开园")) == "imported"
    assert play.remind("2024-09-06")[0] == {"乙局": [("T01", 1, "urge"), ("P01", 1, "urge")]}

    # 乙局 sends August with July's words.
    assert play.receive("2024-09-09", "乙局", 8, task=(40, "已开工"), project=("在建", "主体施工")) == "imported"
    [task] = play.ask("tasks", as_of="2024-09-10")["tasks"]
    assert [(word["department"], word["copied"], word["zero"]) for word in task["words"]] == [
        ("甲局", False, False),
        ("乙局", True, False),
    ]
    assert task["silent"] == []
    assert [step["state"] for step in task["work_plan"]] == ["done"]

    # The quarter so far, July and August: all of 甲局 in time, all of 乙局 late. June: half of 乙局 never came.
    quarter = {
        each["department"]: each for each in play.ask("due", "--period", "2024-Q3", as_of="2024-09-10")["departments"]
    }
    assert (quarter["甲局"]["due"], quarter["甲局"]["completeness"], quarter["甲局"]["timeliness"]) == (4, "1", "1")
    assert (quarter["乙局"]["due"], quarter["乙局"]["completeness"], quarter["乙局"]["timeliness"]) == (4, "1", "0")
    june = {
        each["department"]: each for each in play.ask("due", "--period", "2024-06", as_of="2024-09-10")["departments"]
    }
    assert (june["甲局"]["returned"], june["乙局"]["completeness"], june["乙局"]["timeliness"]) == (1, "0.5", "0")

    # What was true on a day stays true of that day; nothing that was sent back is in the ledger; the chain holds.
    assert play.ask("due", as_of="2024-07-08") == monday
    assert len(play.ask("imports", as_of="2024-09-10")["imports"]) == 7
    assert zyz("verify", home=play.home).returncode == 0
    assert "乡镇列入考核，不承担方案任务" in zyz("department", "丙镇", home=play.home).stdout


def test_the_same_sheet_tried_again_goes_back_once_and_leaves_nothing_but_that(play, zyz, sheet):
    path = sheet(
        "甲局6月.xlsx",
        [["甲局2024年6月月报"], ["填报单位：甲局"], ["指标", "单位", "期末数"], ["入驻企业", "户", "约40"]],
    )

    for day in ("2024-07-03", "2024-07-04"):
        assert zyz("import", path, "--received", day, home=play.home).returncode == 1

    [first, _] = play.ask("due", as_of="2024-07-05")["departments"]
    assert (first["department"], first["state"], first["returned"]) == ("甲局", "returned", 1)
    assert play.ask("imports", as_of="2024-07-05")["imports"] == []
    assert play.ask("trace", "firms", as_of="2024-07-05")["values"] == []


def test_a_sheet_of_which_nobody_knows_the_sender_is_nobodys_return(play, zyz, sheet):
    path = sheet("无题.xlsx", [["指标", "单位", "期末数"], ["入驻企业", "户", "约40"]])

    assert zyz("import", path, "--received", "2024-07-03", home=play.home).returncode == 1

    assert play.states("2024-07-04") == {"甲局": "pending", "乙局": "pending"}


def test_the_screens_of_an_office_without_reports(play, zyz):
    """未报 for everybody, one department item by item, nothing to remind before the plan has begun."""
    everybody = zyz("due", "--as-of", "2024-07-08", home=play.home).stdout
    one = zyz("due", "--department", "乙局", "--as-of", "2024-07-08", home=play.home).stdout

    assert "共2个部门：未报2个。" in everybody
    assert "报送率0.0%" in everybody
    assert "陶瓷园" in one
    assert zyz("due", "--as-of", "2023-07-08", home=play.home).returncode == 2
    assert zyz("due", "--period", "六月", home=play.home).returncode == 2
    assert zyz("remind", "-o", "x", "--known-at", "2024-07-08", home=play.home).returncode == 2


def test_a_day_without_reminders_says_that_departments_were_reminded_too_lately(play, tmp_path, zyz):
    """`repeat: 2`: reminded on Monday 8 July, not again on Tuesday, again on Wednesday."""
    rules = play.home / "data" / "rules.yaml"
    rules.write_text(f"{RULES}escalation: {{repeat: 2}}\n", encoding="utf-8")
    play.receive("2024-06-05", "甲局", 5, firms=40, task=(30, "已选址"))  # so that the office has begun
    said = {day: zyz("remind", "-o", tmp_path / day, "--as-of", day, home=play.home) for day in ("2024-07-08",)}
    for day in ("2024-07-09", "2024-07-10"):
        said[day] = zyz("remind", "--as-of", day, home=play.home)

    words = "有 2 个部门上次催报后未满 2 个工作日，今天不再催。"
    assert [words in run.stderr for run in said.values()] == [False, True, False]
    assert ["没有需要催报的部门" in run.stdout for run in said.values()] == [False, True, False]


def test_faulty_contacts_stop_the_reminder_and_are_listed(play, zyz):
    (play.home / "data" / "contacts.yaml").write_text("contacts: [{department: 丁局, name: 张三}]\n", encoding="utf-8")

    remind = zyz("remind", "--as-of", "2024-07-08", home=play.home)
    check = zyz("check", home=play.home)

    assert (remind.returncode, check.returncode) == (3, 1)
    assert "contacts.yaml:1:12" in remind.stderr
    assert "P102" in check.stdout
    assert "P201" in check.stdout


def test_the_office_keeps_its_issues_and_assesses_its_departments(play, tmp_path, zyz, sheet):
    def do(*arguments, code=0):
        run = zyz(*arguments, home=play.home)
        assert run.returncode == code, run.stderr
        return run

    def issue(as_of):
        [found] = play.ask("issue", "list", as_of=as_of)["issues"]
        return found

    def score(as_of):
        return {
            each["department"]: each for each in play.ask("score", "--period", "2024-06", as_of=as_of)["departments"]
        }

    # A township raises a firm's problem; 乙局 has to solve it by 28 June and does not.
    raised = do(
        *("issue", "add", "停水", "--scope", "个性", "--raised-by", "丙镇", "--enterprise", "某陶瓷公司"),
        *("--item", "P01", "--department", "乙局", "--due", "2024-06-28", "--on", "2024-06-03"),
    )
    assert raised.stdout == "2024-001\n"
    assert play.ask("status", as_of="2024-06-28")["issues"] == {"open": 1, "overdue": 0}
    assert play.ask("status", as_of="2024-07-08")["issues"] == {"open": 1, "overdue": 1}

    # June is reported: 甲局 returned once, then in time; 乙局 late, and its project not at all.
    assert play.receive("2024-07-03", "甲局", 6, firms="约40", task=(30, "已选址")) == "returned"
    assert play.receive("2024-07-04", "甲局", 6, firms=40, task=(30, "已选址")) == "imported"
    assert play.receive("2024-07-09", "乙局", 6, task=(20, "推进中")) == "imported"

    # By hand. 甲局: 20×2/2 + 25×2/2 + 10×1/2 + 20×30/50 = 62 of 75. 乙局: 20×0/2 + 25×1/2 + 10×1/1 + 20×20/50 + 10×0/1
    # = 30.5 of 85. Where the town firms should stand by June nobody has decided, so goals do not count.
    july = score("2024-07-10")
    assert [(each["sum"], each["points"]) for each in july.values()] == [("62", "75"), ("30.5", "85"), ("0", "0")]
    assert [each["suggestion"] for each in july.values()] == [None, "talk", None]
    assert july["甲局"]["total"] == "82.666666666667"
    assert july["丙镇"]["total"] is None

    # 乙局 objects; while that is under review nothing is suggested. The government upholds the result, then approves.
    objection = (
        "--period",
        "2024-06",
        "--why",
        "当日停电",
        "--by",
        "钱七",
        "--notified",
        "2024-07-11",
        "--on",
        "2024-07-12",
    )
    do("objection", "add", "乙局", *objection)
    assert score("2024-07-12")["乙局"]["under_review"]
    review = (
        "--period",
        "2024-06",
        "--result",
        "维持",
        "--why",
        "未提前报告",
        "--by",
        "县政府办",
        "--on",
        "2024-07-19",
    )
    do("objection", "answer", "乙局", *review)
    assert not score("2024-07-19")["乙局"]["under_review"]
    talk = ("approve", "talk", "--period", "2024-06", "--department", "乙局", "--on", "2024-07-22")
    do(*talk, "--by", "专班办公室", code=2)
    do(*talk, "--by", "县长")
    assert score("2024-07-22")["乙局"]["approved"] == {"by": "县长", "on": "2024-07-22"}

    # The term is put off, the first one kept. 乙局 says solved, cannot confirm it itself; 甲局 does, with evidence.
    do("issue", "extend", "2024-001", "--due", "2024-07-31", "--why", "管材未到", "--on", "2024-07-10")
    row = ["2024-001", "停水", "已接通", "已办结"]
    head = [["问题台账（2024年7月）"], ["填报单位：乙局"], ["编号", "问题", "进展情况", "状态"]]
    back = sheet("乙局问题台账.xlsx", [*head, row, ["填报人：王五", None, "审核人：赵六"]])
    do("import", back, "--received", "2024-07-29")
    assert issue("2024-07-29")["state"] == "claimed"
    proof = tmp_path / "通水照片.txt"
    proof.write_text("已通水", encoding="utf-8")
    close = (
        "issue",
        "close",
        "2024-001",
        "--evidence",
        proof,
        "--how",
        "已接通",
        "--on",
        "2024-07-30",
        "--confirmed-by",
    )
    do(*close, "乙局钱七", code=2)
    do(*close, "甲局")
    closed = issue("2024-07-30")
    assert (closed["state"], closed["first_due"], closed["due"]) == ("closed", "2024-06-28", "2024-07-31")
    assert play.ask("status", as_of="2024-08-01")["issues"] == {"open": 0, "overdue": 0}

    # What was true on a day stays true of that day, and every hash holds.
    assert score("2024-07-10") == july
    assert issue("2024-07-08")["overdue"]
    do("verify")
