"""`zyz import` from end to end: what a department sends, through the installed command, into the ledger."""

import hashlib
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from offices import codes, figures
from sheets import SIGNED, monthly, workbook

FIRMS = "| 入驻企业 | 户 | | | 66 | |"
OUTPUT = "| 专业镇产值 | 亿元 | 0.7 | 4.12 | | |"
WRONG = "| 专业镇产值 | 亿元 | | 约4.5 | | |"


def files_in(folder: Path) -> dict[str, str]:
    """Every file below *folder* with its hash."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def test_the_receipt_has_the_contract_s_shape_and_words(office):
    content = monthly("| 专业镇产值 | 万元 | | 41,200 | | |")

    receipt = office.take_in(content)

    assert receipt == {
        "schema": "zyz/import@1",
        "dry_run": False,
        "files": [
            {
                "file": "县工信局.xlsx",
                "sha256": hashlib.sha256(content).hexdigest(),
                "status": "imported",
                "import_id": 1,
                "department": "县工信局",
                "periods": ["2024-06"],
                "facts": [
                    {
                        "kind": "indicator",
                        "indicator": "output_value",
                        "segment": None,
                        "period": "2024-06",
                        "basis": "cumulative",
                        "value": "4.12",
                        "unit": "亿元",
                        "raw": "41,200",
                        "raw_unit": "万元",
                        "department": "县工信局",
                        "reference": False,
                        "sheet": "月报",
                        "ref": "D4",
                        "change": "new",
                        "previous": None,
                    }
                ],
                "problems": [],
                "returned_copy": None,
            }
        ],
        "totals": {
            "imported": 1,
            "partial": 0,
            "unchanged": 0,
            "returned": 0,
            "failed": 0,
            "facts": 1,
            "problems": 0,
        },
    }


def test_one_error_returns_the_whole_sheet_with_all_problems_and_no_figure_enters(office):
    office.take_in(monthly(FIRMS))
    before = office.ask("imports")

    receipt = office.take_in(monthly(FIRMS.replace("66", "67"), WRONG, "| 营业收入 | 亿元 | | 3 | | |"), exit_code=1)

    (file,) = receipt["files"]
    assert (file["status"], file["import_id"]) == ("returned", None)
    assert [(p["code"], p["ref"], p["found"]) for p in file["problems"]] == [
        ("Z103", "D5", "约4.5"),
        ("Z201", "A6", "营业收入"),
    ]
    assert all(problem["message"] and problem["fix"] for problem in file["problems"])
    assert receipt["totals"] == {
        "imported": 0, "partial": 0, "unchanged": 0, "returned": 1, "failed": 0, "facts": 0, "problems": 2,
    }  # fmt: skip
    assert office.ask("imports") == before
    assert office.traced("enterprises@2024-06") == [("66", "县工信局", False)]
    copy = openpyxl.load_workbook(file["returned_copy"])
    assert copy.sheetnames == ["月报", "反馈意见"]
    assert copy["月报"]["D5"].value == "约4.5"
    assert copy["月报"]["D5"].comment is not None


def test_a_sheet_of_which_no_figure_could_be_read_still_says_for_which_period_it_was(office):
    (file,) = office.take_in(monthly(WRONG), exit_code=1)["files"]

    assert (file["status"], file["facts"], file["periods"]) == ("returned", [], ["2024-06"])


def test_what_a_receipt_warned_of_can_be_read_again(office):
    [told] = office.take_in(monthly(FIRMS, signed=""))["files"]
    office.take_in(monthly(FIRMS.replace("66", "67")))
    [warned, clean] = office.ask("imports")["imports"]
    listed = office.zyz("imports", home=office.home).stdout
    [first, second] = [line.split() for line in listed.splitlines() if line.endswith("有效")]

    assert (warned["warnings"], warned["problems"]) == (len(told["problems"]), told["problems"])
    assert (clean["warnings"], clean["problems"]) == (0, [])
    assert told["problems"][0]["code"] == "Z407"
    assert (first[4], len(second)) == ("1", len(first) - 1)  # 提醒 of one, and nothing
    assert "Z407" not in listed
    assert "Z407" in office.zyz("imports", "-v", home=office.home).stdout
    assert "Z407" in office.zyz("imports", "1", home=office.home).stdout
    assert [row["import_id"] for row in office.ask("imports", "2")["imports"]] == [2]
    assert office.zyz("imports", "9", home=office.home).returncode == 2


def test_why_an_import_was_taken_back_stands_under_the_list(office):
    office.take_in(monthly(FIRMS))
    assert office.zyz("undo", "1", "--reason", "报错了月份", home=office.home).returncode == 0

    assert "第1号已撤回：报错了月份（专班办公室）" in office.zyz("imports", home=office.home).stdout


def test_partial_stores_the_good_figures_and_returns_the_rest(office):
    receipt = office.take_in(monthly(FIRMS, WRONG), exit_code=1, partial=True)

    (file,) = receipt["files"]
    assert (file["status"], file["import_id"]) == ("partial", 1)
    assert receipt["totals"]["partial"] == 1
    assert receipt["totals"]["facts"] == 1
    assert Path(file["returned_copy"]).is_file()
    assert office.traced("enterprises@2024-06") == [("66", "县工信局", False)]
    assert office.traced("output_value@2024-06") == []


def test_partial_stores_nothing_of_a_sheet_whose_sender_or_whose_value_is_in_doubt(office):
    receipt = office.take_in(monthly(FIRMS), exit_code=1, partial=True, department="县文旅局")
    assert (receipt["files"][0]["status"], codes(receipt)) == ("returned", ["Z208"])

    twice = monthly(FIRMS, FIRMS.replace("66", "67"), OUTPUT)
    receipt = office.take_in(twice, exit_code=1, partial=True)
    assert receipt["files"][0]["status"] == "partial"
    assert office.traced("enterprises@2024-06") == []
    assert office.traced("output_value@2024-06")[0][0] == "4.12"


def test_a_dry_run_leaves_every_byte_as_it_was(office):
    office.take_in(monthly(FIRMS, period="2024年5月"), received="2024-06-03")
    before = files_in(office.home)

    receipt = office.take_in(monthly(FIRMS.replace("66", "67")), dry_run=True)
    returned = office.take_in(monthly(WRONG), exit_code=1, dry_run=True)

    assert (receipt["dry_run"], receipt["files"][0]["status"]) == (True, "imported")
    assert (receipt["files"][0]["import_id"], receipt["totals"]["facts"]) == (None, 1)
    assert (returned["files"][0]["status"], returned["files"][0]["returned_copy"]) == ("returned", None)
    assert files_in(office.home) == before


def test_a_dry_run_in_a_fresh_workspace_makes_no_ledger(office):
    before = files_in(office.home)
    office.take_in(monthly(FIRMS), dry_run=True)
    assert files_in(office.home) == before


def test_the_same_figures_are_unchanged_whatever_the_file_is_called_or_how_it_was_saved(office):
    content = monthly(FIRMS, OUTPUT)
    first = office.sheet(content)
    renamed = office.sheet(content, "再报.xlsx")
    saved = openpyxl.load_workbook(first)
    saved["月报"]["H1"] = None
    saved["月报"].column_dimensions["A"].width = 30
    saved.save(office.folder / "另存.xlsx")
    office.take_in(first)

    receipt = office.take_in(first, renamed, office.folder / "另存.xlsx")

    for file in receipt["files"]:
        assert (file["status"], file["import_id"]) == ("unchanged", None)
        assert (file["department"], file["periods"]) == ("县工信局", ["2024-06"])
        assert {(fact["value"], fact["change"], fact["previous"]) for fact in file["facts"]} == {
            ("0.7", "same", None),
            ("4.12", "same", None),
            ("66", "same", None),
        }
    assert receipt["totals"]["unchanged"] == 3
    assert receipt["totals"]["facts"] == 0
    assert len(office.ask("imports")["imports"]) == 1


def test_a_correction_taken_back_is_taken_back_and_every_version_stays(office):
    first = monthly("| 专业镇产值 | 亿元 | | 7 | | |")
    second = monthly("| 专业镇产值 | 亿元 | | 7.2 | | |")

    changes = []
    for content in (first, second, first):
        (file,) = office.take_in(content)["files"]
        changes += [(file["status"], fact["change"], fact["previous"]) for fact in file["facts"]]

    assert changes == [("imported", "new", None), ("imported", "revised", "7"), ("imported", "revised", "7.2")]
    assert office.traced("output_value@2024-06") == [
        ("7", "县工信局", False),
        ("7.2", "县工信局", True),
        ("7", "县工信局", True),
    ]


def test_one_run_takes_its_files_one_after_the_other(office):
    first = office.sheet(monthly("| 专业镇产值 | 亿元 | | 7 | | |"), "1.xlsx")
    second = office.sheet(monthly("| 专业镇产值 | 亿元 | | 7.2 | | |"), "2.xlsx")
    for _ in range(2):  # at the second time both are known by their hash, but the first revises the second
        receipt = office.take_in(office.folder)
        assert [file["file"] for file in receipt["files"]] == ["1.xlsx", "2.xlsx"]
        assert office.traced("output_value@2024-06")[0] == ("7.2", "县工信局", False)
    receipt = office.take_in(second, first)
    assert [file["status"] for file in receipt["files"]] == ["unchanged", "imported"]
    assert office.traced("output_value@2024-06")[0] == ("7", "县工信局", False)


def test_undo_brings_the_earlier_value_back_and_the_sheet_may_come_again(office):
    office.take_in(monthly(FIRMS))
    office.take_in(monthly(FIRMS.replace("66", "67")))
    assert office.zyz("undo", "2", "--reason", "报错", home=office.home).returncode == 0
    assert office.traced("enterprises@2024-06") == [("67", "县工信局", True), ("66", "县工信局", False)]

    (file,) = office.take_in(monthly(FIRMS.replace("66", "67")))["files"]

    assert (file["status"], file["facts"][0]["previous"]) == ("imported", "66")
    assert [each["undone"] for each in office.ask("imports")["imports"]] == [False, True, False]


def test_what_was_known_at_an_earlier_time_can_still_be_asked(office):
    office.take_in(monthly(FIRMS))
    (first,) = office.ask("imports")["imports"]
    office.take_in(monthly(FIRMS.replace("66", "67")))

    then = office.ask("status", "--as-of", "2024-07-08", "--known-at", first["recorded_at"])
    now = office.ask("status", "--as-of", "2024-07-08")

    assert [answer["targets"][0]["actual"]["value"] for answer in (then, now)] == ["66", "67"]


def test_the_original_is_kept_and_any_changed_byte_is_found(office):
    content = monthly(FIRMS)
    (file,) = office.take_in(content)["files"]
    (kept,) = (office.home / "var" / "archive").rglob(file["sha256"])
    assert kept.read_bytes() == content
    assert office.zyz("verify", home=office.home).returncode == 0

    kept.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    run = office.zyz("verify", home=office.home)
    assert run.returncode == 1
    assert "县工信局.xlsx" in run.stdout
    kept.write_bytes(content)

    with sqlite3.connect(office.home / "var" / "ledger.db") as ledger:
        ledger.execute("DROP TRIGGER fact_stays")
        ledger.execute("UPDATE fact SET value = '76'")
    ledger.close()
    run = office.zyz("verify", home=office.home)
    assert run.returncode == 1
    assert "第1号" in run.stdout


def test_a_figure_in_words_is_a_problem_and_never_a_guess(office):
    words = ["约60", "60余", "50户以上", "５０户以上", "5-6", "六十多", "近80", "待统计", "60、70", "1/2"]
    receipt = office.take_in(monthly(*(f"| 入驻企业 | 户 | | | '{text} | |" for text in words)), exit_code=1)
    assert [(p["code"], p["found"]) for p in receipt["files"][0]["problems"]] == [("Z103", text) for text in words]


def test_a_near_name_is_suggested_and_a_different_thing_is_not(office):
    rows = (
        "| 带动从业人员人数 | 人 | | | 13020 | |",
        "| 专业镇营业收入 | 亿元 | | 4 | | |",
        "| 市场主体 | 户 | | | 542 | |",
    )
    receipt = office.take_in(monthly(*rows), exit_code=1)
    near, income, market = receipt["files"][0]["problems"]
    assert "是不是“带动从业人员”？" in near["message"]
    assert "是不是" not in income["message"] + market["message"]


def test_the_office_may_weigh_a_problem_otherwise(office):
    office.take_in(monthly(OUTPUT, period="2024年5月"))
    falls = monthly("| 专业镇产值 | 亿元 | | 4.1 | | |")
    office.rules("severity: {Z404: error, Z407: error}\n")
    assert codes(office.take_in(falls, exit_code=1)) == ["Z404"]
    unsigned = monthly(FIRMS, signed="")
    assert codes(office.take_in(unsigned, exit_code=1, partial=True)) == ["Z407"]
    office.rules("severity: {Z404: warning, Z407: warning}\n")
    assert codes(office.take_in(falls)) == ["Z404"]


# What fills in what the sheet lacks, and what contradicts it.


def test_period_and_department_fill_in_what_the_sheet_lacks(office):
    bare = workbook(f"""
        == 表
        | 情况表 |
        | 指标 | 单位 | 期末数 |
        | 入驻企业 | 户 | 66 |
        {SIGNED}
    """)

    assert codes(office.take_in(office.sheet(bare, "报表.xlsx"), exit_code=1)) == ["Z301", "Z204"]
    receipt = office.take_in(office.sheet(bare, "报表.xlsx"), period="2024-06", department="工信局")
    assert figures(receipt) == {("enterprises", "", "2024-06", "point", "66")}
    assert receipt["files"][0]["department"] == "县工信局"


def test_period_and_department_never_override_the_sheet(office):
    sheet = office.sheet(monthly(FIRMS))
    assert codes(office.take_in(sheet, exit_code=1, period="2024-05")) == ["Z306"]
    assert codes(office.take_in(sheet, exit_code=1, department="县文旅局")) == ["Z208"]
    assert office.take_in(sheet, period="2024-Q2", department="县工信局")["totals"]["imported"] == 1


def test_a_year_given_completes_months_in_the_heads(office):
    wide = monthly("| 入驻企业 | 户 | 60 | 61 | 62 |", heads="| 指标 | 单位 | 1月 | 2月 | 3月 |", period="1—3月")
    receipt = office.take_in(wide, period="2024")
    assert {(period, value) for _, _, period, _, value in figures(receipt)} == {
        ("2024-01", "60"), ("2024-02", "61"), ("2024-03", "62"),
    }  # fmt: skip


def test_a_period_is_future_if_it_begins_after_the_day_received(office):
    june = monthly(FIRMS)
    assert codes(office.take_in(june, exit_code=1, received="2024-05-31")) == ["Z304"]
    assert codes(office.take_in(june, received="2024-06-25")) == []
    (row,) = office.ask("imports")["imports"]
    assert row["received"] == "2024-06-25"


# Whose figure counts.


def test_a_department_on_a_bound_task_is_kept_as_reference_and_compared(office):
    office.take_in(monthly(FIRMS))

    receipt = office.take_in(monthly(FIRMS.replace("66", "60"), sender="县民营经济发展促进中心"))

    (file,) = receipt["files"]
    assert (file["status"], file["facts"][0]["reference"]) == ("imported", True)
    (problem,) = file["problems"]
    assert (problem["code"], problem["severity"]) == ("Z207", "warning")
    assert "县工信局报 66户，低 6户" in problem["message"]
    assert office.ask("status", "--as-of", "2024-07-08")["targets"][0]["actual"]["value"] == "66"


def test_any_other_department_is_not_answerable(office):
    assert codes(office.take_in(monthly(FIRMS, sender="县教科局"), exit_code=1)) == ["Z205"]


@pytest.mark.parametrize("name", ["填报单位", "单位名称", "报送单位（盖章）", "编制单位", "制表单位", "牵头单位"])
def test_a_sender_may_be_named_in_many_words(office, name):
    sheet = workbook(f"""
        == 月报
        | 专业镇月报（2024年6月） |
        | {name}：县工信局 |
        | 指标     | 单位 | 期末数 |
        | 入驻企业 | 户   | 66     |
        {SIGNED}
    """)
    assert office.take_in(office.sheet(sheet, "月报.xlsx"))["files"][0]["department"] == "县工信局"


def test_of_an_unknown_column_over_rows_of_years_its_head_is_shown_once(office):
    sheet = workbook(f"""
        == 研发
        | 研发统计 |
        | 填报单位：县统计局 |
        | 年度 | 科技经费（万元） | 常住人口（万人） |
        | 2022 | 5200             | 20.3             |
        | 2023 | 6100             | 20.2             |
        {SIGNED}
    """)
    receipt = office.take_in(office.sheet(sheet, "研发.xlsx"), exit_code=1)

    assert [(problem["code"], problem["ref"], problem["found"]) for problem in receipt["files"][0]["problems"]] == [
        ("Z201", "B3", "科技经费（万元）")
    ]


def test_two_reporters_of_record_conflict_until_somebody_decides(office):
    office.rules("reporters: {enterprises: [县工信局, 县人社局]}\n")
    office.take_in(monthly(FIRMS))
    agreed = office.take_in(monthly(FIRMS, sender="县人社局"))
    differs = office.take_in(monthly(FIRMS.replace("66", "64"), sender="县人社局"))

    assert codes(agreed) == []
    assert codes(differs) == ["Z408"]
    target = office.ask("status", "--as-of", "2024-07-08")["targets"][0]
    assert (target["actual"], target["state"]) == (None, "conflict")


def test_two_departments_in_one_sheet_conflict_too(office):
    office.rules("reporters: {enterprises: [县工信局, 县人社局]}\n")
    both = workbook(f"""
        == 汇总
        | 2024年6月 |
        | 指标     | 单位 | 责任部门 | 期末数 |
        | 入驻企业 | 户   | 县工信局 | 66     |
        | 入驻企业 | 户   | 人社局   | 64     |
        {SIGNED}
    """)
    receipt = office.take_in(office.sheet(both, "汇总.xlsx"))
    assert codes(receipt) == ["Z408", "Z408"]
    assert {fact["department"] for fact in receipt["files"][0]["facts"]} == {"县工信局", "县人社局"}
    assert receipt["files"][0]["department"] is None


def test_a_column_names_the_department_of_each_row(office):
    sheet = workbook(f"""
        == 汇总
        | 2024年6月 |
        | 指标                 | 单位 | 责任部门 | 期末数 |
        | 入驻企业             | 户   | 县工信局 | 66     |
        | 常住人口             | 万人 | 统计局   | 20.4   |
        | 公共技术创新服务平台 | 个   | 县工信   | 6      |
        {SIGNED}
    """)

    receipt = office.take_in(office.sheet(sheet, "汇总.xlsx"), exit_code=1, partial=True)

    (problem,) = receipt["files"][0]["problems"]
    assert (problem["code"], problem["ref"], problem["found"]) == ("Z203", "C5", "县工信")
    assert "县工信局" in problem["message"]
    facts = receipt["files"][0]["facts"]
    assert [(fact["indicator"], fact["department"]) for fact in facts] == [
        ("enterprises", "县工信局"),
        ("population", "县统计局"),
    ]


def test_each_sheet_of_a_workbook_may_have_its_own_sender(office):
    pages = workbook(f"""
        == 工信
        | 2024年6月 |
        | 填报单位：县工信局 |
        | 指标 | 单位 | 期末数 |
        | 入驻企业 | 户 | 66 |
        {SIGNED}
        == 统计
        | 2024年6月 |
        | 填报单位：县统计局 |
        | 指标 | 单位 | 期末数 |
        | 常住人口 | 万人 | 20.4 |
        {SIGNED}
    """)
    receipt = office.take_in(pages)
    assert {fact["department"] for fact in receipt["files"][0]["facts"]} == {"县工信局", "县统计局"}
    assert codes(receipt) == []
