"""Tasks, projects, issues, firms; archives and folders; our own templates: taken in by the installed command."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from offices import codes, figures
from reading_files import zipped
from sheets import SIGNED, monthly, workbook
from xiangning_zyz.intake.facts.credit_code import check_character

FIRMS = "| 入驻企业 | 户 | | | 66 | |"


def form(text: str, title: str, sender: str = "县文旅局") -> bytes:
    return workbook(f"== 表\n| {title} |\n| 填报单位：{sender} |\n{text}\n{SIGNED}")


def records(receipt: dict[str, Any]) -> list[tuple[str, str, str, dict[str, str]]]:
    """(kind, id, department, fields) of every row that was read as words."""
    facts = [fact for file in receipt["files"] for fact in file["facts"]]
    return [(f["kind"], f[f["kind"]], f["department"], f["fields"]) for f in facts if f["kind"] != "indicator"]


def test_task_reports_are_kept_word_for_word_and_no_progress_is_a_report(office):
    table = """
        | 任务编号 | 重点工作                   | 完成比例（%） | 进展情况                 | 存在问题 | 下一步措施 |
        | T04      | 加快推进专业镇重点项目建设 | 55            | 主体完工。\\n内装进场。  | 用地     | 报批       |
        | 二（七） | 支持专业镇办展参展培训宣传 |               | 本月无进展               |          |            |
        | 三（二） | 强化政策保障               |               |                          |          |            |
    """
    receipt = office.take_in(form(table, "重点工作进展（2024年6月）"))

    assert records(receipt) == [
        (
            "task",
            "T04",
            "县文旅局",
            {"percent": "55", "progress": "主体完工。\n内装进场。", "problems": "用地", "next": "报批"},
        ),
        ("task", "T07", "县文旅局", {"progress": "本月无进展"}),
    ]
    tasks = office.ask("status", "--as-of", "2024-07-08")["tasks"]
    assert [task["reported"] for task in tasks if task["task"] in ("T04", "T07")] == [1, 1]


def test_a_changed_task_report_shows_the_words_it_replaces(office):
    heads = "| 任务编号 | 完成比例（%） | 进展情况 |"
    office.take_in(form(f"{heads}\n| T04 | 50 | 主体施工 |", "进展（2024年6月）"))
    receipt = office.take_in(form(f"{heads}\n| T04 | 55 | 主体完工 |", "进展（2024年6月）"))

    (fact,) = receipt["files"][0]["facts"]
    assert (fact["change"], fact["previous"]) == ("revised", {"percent": "50", "progress": "主体施工"})


def test_rows_under_one_merged_task_are_joined_by_department(office):
    table = """
        | 任务编号 | 责任部门     | 完成比例（%） | 进展情况 |
        | T04      | 县文旅局     | 55            | 主体完工 |
        | ^        | 县文旅局     |               | 内装进场 |
        | ^        | 县农业农村局 | 40            | 苗木入园 |
    """
    receipt = office.take_in(form(table, "进展（2024年6月）"))

    assert records(receipt) == [
        ("task", "T04", "县文旅局", {"percent": "55", "progress": "主体完工\n内装进场"}),
        ("task", "T04", "县农业农村局", {"percent": "40", "progress": "苗木入园"}),
    ]


def test_a_percent_that_may_be_a_fraction_or_cannot_be_is_returned(office):
    heads = "| 任务编号 | 完成比例 | 进展情况 |"
    receipt = office.take_in(
        form(f"{heads}\n| T04 | 0.5 | 施工 |\n| T07 | 120 | 参展 |", "进展（2024年6月）"), exit_code=1
    )
    assert codes(receipt) == ["Z104", "Z106"]
    styled = office.take_in(form(f"{heads}\n| T04 | 50% | 施工 |", "进展（2024年6月）"))
    assert records(styled)[0][3]["percent"] == "50"


@pytest.mark.parametrize(
    "heads",
    [
        "任务 | 6月进展",
        "工作任务 | 本季度完成情况",
        "重点工作任务 | 工作进展情况",
        "任务 | 6月份工作开展情况",
        "任务 | 累计完成情况",
    ],
)
def test_heads_name_tasks_and_progress_in_many_words(office, heads):
    receipt = office.take_in(form(f"| {heads} |\n| 支持专业镇办展参展培训宣传 | 参展3次 |", "进展（2024年6月）"))
    assert records(receipt) == [("task", "T07", "县文旅局", {"progress": "参展3次"})]


def test_projects_keep_their_investment_with_its_unit(office):
    table = """
        | 项目名称           | 建设阶段 | 计划总投资（万元） | 累计完成投资（万元） | 形象进度 |
        | 塔尔坡古村提升改造 | 在建     | 3,000              | 1200                 | 主体完工 |
        | 滑雪度假区         | 前期     | 0.5亿元            | —                    | 可研     |
    """
    receipt = office.take_in(form(table, "重点项目进展（2024年6月）"))

    assert [(subject, fields) for _, subject, _, fields in records(receipt)] == [
        (
            "P05",
            {"stage": "在建", "planned_investment": "3000万元", "done_investment": "1200万元", "progress": "主体完工"},
        ),
        ("P06", {"stage": "前期", "planned_investment": "0.5亿元", "progress": "可研"}),
    ]


def test_heads_of_projects_come_in_many_words(office):
    table = """
        | 项目名称           | 总投资（万元） | 自开工累计完成投资（万元） | 工程进度 | 备注 |
        | 塔尔坡古村提升改造 | 3000           | 1200                       | 主体完工 |      |
    """
    (record,) = records(office.take_in(form(table, "重点项目进展（2024年6月）")))

    assert record[3] == {"planned_investment": "3000万元", "done_investment": "1200万元", "progress": "主体完工"}


@pytest.mark.parametrize("caption", ["单位：万元", "计量单位：万元、%"])
def test_investments_are_in_the_unit_that_stands_above_the_table(office, caption):
    table = f"""
        | {caption} |
        | 项目名称           | 总投资 | 累计完成投资 | 完成率 | 形象进度 |
        | 塔尔坡古村提升改造 | 3000   | 1200         | 40     | 主体完工 |
        | 滑雪度假区         | 8000   | 0.2亿元      | 25     | 可研     |
    """
    receipt = office.take_in(form(table, "重点项目进展（2024年6月）"))

    assert [(fields["planned_investment"], fields["done_investment"]) for *_, fields in records(receipt)] == [
        ("3000万元", "1200万元"),
        ("8000万元", "0.2亿元"),
    ]


def invested(office, heads, figures):
    """What a table of one project keeps of its investment."""
    row = " | ".join(figures.split())
    table = f"| 单位：万元 |\n| 项目名称 | {heads} |\n| 滑雪度假区 | {row} |"
    (record,) = records(office.take_in(form(table, "重点项目进展（2024年6月）")))
    return record[3]


@pytest.mark.parametrize(
    ("heads", "figures"),
    [
        ("总投资 | 年度计划投资 | 累计完成投资 | 本年完成投资", "8000 2000 900 300"),
        ("年度计划投资 | 总投资 | 本年完成投资 | 累计完成投资", "2000 8000 300 900"),
        ("2024年计划投资 | 项目总投资 | 2024年完成投资 | 自开工以来累计完成投资", "2000 8000 300 900"),
    ],
)
def test_investment_of_the_whole_project_and_of_the_year_are_kept_apart(office, heads, figures):
    assert invested(office, heads, figures) == {
        "planned_investment": "8000万元",
        "year_planned_investment": "2000万元",
        "done_investment": "900万元",
        "year_done_investment": "300万元",
    }


@pytest.mark.parametrize(
    ("heads", "figures"),
    [("计划投资 | 总投资 | 完成投资 | 累计完成投资", "2000 8000 300 900"), ("投资额 | 完成投资额", "8000 900")],
)
def test_what_says_that_it_is_of_the_whole_goes_before_what_does_not(office, heads, figures):
    assert invested(office, heads, figures) == {"planned_investment": "8000万元", "done_investment": "900万元"}


def test_a_table_of_this_year_s_investment_alone_is_one_of_projects(office):
    assert invested(office, "总投资 | 本年完成投资", "8000 300") == {
        "planned_investment": "8000万元",
        "year_done_investment": "300万元",
    }


def test_words_of_several_columns_about_one_thing_are_all_kept(office):
    table = """
        | 项目名称   | 工程形象进度 | 目前进展情况 | 存在的困难和问题 | 下一步工作举措 | 计划开工时间 | 预计竣工时间 |
        | 滑雪度假区 | 主体完工     | 正在装修     | 资金紧张         | 加快施工       | 2024年3月    | 2025年12月   |
    """
    (record,) = records(office.take_in(form(table, "重点项目进展（2024年6月）")))

    assert record[3] == {
        "progress": "主体完工\n正在装修",
        "problems": "资金紧张",
        "next": "加快施工",
        "started": "2024年3月",
        "finished": "2025年12月",
    }


def test_an_investment_without_a_unit_anywhere_is_asked_back(office):
    table = "| 项目名称 | 总投资 | 形象进度 |\n| 滑雪度假区 | 8000 | 可研 |"
    assert codes(office.take_in(form(table, "重点项目进展（2024年6月）"), exit_code=1)) == ["Z104"]


def test_an_investment_with_a_scale_under_a_head_with_a_scale_is_asked_back(office):
    heads = "| 项目名称 | 建设阶段 | 计划总投资（万元） | 形象进度 |"
    receipt = office.take_in(
        form(f"{heads}\n| 滑雪度假区 | 前期 | 0.5亿 | 可研 |", "重点项目进展（2024年6月）"), exit_code=1
    )
    assert codes(receipt) == ["Z111"]


def test_an_issue_ledger_keeps_number_owner_due_day_and_end(office):
    table = """
        | 序号 | 问题编号 | 存在问题       | 责任单位         | 整改措施 | 整改时限   | 是否销号 | 销号时间   |
        | 1    | 2024-001 | 用地手续未办结 | 县自然资源局     | 加快报批 | 9月底前    | 否       |            |
        | 2    |          | 企业融资难     | 县金融办、各银行 | 对接银行 | 2024-06-15 | 是       | 2024-06-20 |
    """
    receipt = office.take_in(form(table, "专业镇问题台账（2024年6月）", "县工信局"))

    assert records(receipt) == [
        (
            "issue",
            "2024-001",
            "县工信局",
            {
                "problem": "用地手续未办结",
                "responsible": "县自然资源局",
                "measures": "加快报批",
                "due": "2024-09-30",
                "state": "未办结",
            },
        ),
        (
            "issue",
            "2",
            "县工信局",
            {
                "problem": "企业融资难",
                "responsible": "县金融办、各银行",
                "measures": "对接银行",
                "due": "2024-06-15",
                "state": "已办结",
                "closed_on": "2024-06-20",
            },
        ),
    ]


def test_the_same_firm_counts_once_and_only_when_it_is_there(office):
    first, second, third = (f"{body}{check_character(body)}" for body in (f"91141029MA0K0000{n}" for n in "123"))
    roster = f"""
        | 企业名称 | 统一社会信用代码 | 所属板块 | 状态   | 入驻时间   |
        | 甲公司   | {first}          | 紫砂     | 已入驻 | 2024年3月  |
        | 乙公司   | {second}         | 戎子     | 投产   | 2023-05-06 |
        | 丙公司   | {third}          | 云丘山   | 签约   |            |
    """
    office.take_in(form(roster, "企业名录（2024年6月）", "县工信局"))
    receipt = office.take_in(form(roster, "企业名录（2024年6月）", "县农业农村局"))
    assert records(receipt)[0] == (
        "enterprise",
        first,
        "县农业农村局",
        {"name": "甲公司", "segment": "zisha", "state": "入驻", "moved_in": "2024-03"},
    )

    assert codes(office.take_in(monthly(FIRMS.replace("66", "2")))) == []
    receipt = office.take_in(monthly(FIRMS.replace("66", "3")))
    assert codes(receipt) == ["Z409"]
    assert "去重后为 2户" in receipt["files"][0]["problems"][0]["message"]


def test_a_zip_gives_one_entry_for_each_member(office):
    archive = zipped(
        {
            "县工信局.xlsx": monthly(FIRMS),
            "县文旅局/进展.xlsx": form("| 任务编号 | 进展情况 |\n| T04 | 主体完工 |", "进展（2024年6月）"),
            "说明.pdf": b"%PDF-1.7\n",
        }
    )
    receipt = office.take_in(office.sheet(archive, "六月.zip"), exit_code=1)

    assert [(file["file"], file["status"], file["department"]) for file in receipt["files"]] == [
        ("六月.zip/县工信局.xlsx", "imported", "县工信局"),
        ("六月.zip/县文旅局/进展.xlsx", "imported", "县文旅局"),
        ("六月.zip/说明.pdf", "failed", None),
    ]
    assert codes(receipt) == ["Z003"]
    assert office.zyz("verify", home=office.home).returncode == 0
    again = office.take_in(office.folder / "六月.zip", exit_code=1)
    assert [file["status"] for file in again["files"]] == ["unchanged", "unchanged", "failed"]


def test_a_folder_is_taken_in_name_by_name_without_lock_files(office):
    office.sheet(monthly(FIRMS), "6月/县工信局.xlsx")
    office.sheet(b"\x05admin", "6月/~$县工信局.xlsx")
    office.sheet("指标,单位,期末数\n常住人口,万人,20.4\n".encode("gb18030"), "县统计局2023年12月.csv")

    receipt = office.take_in(office.folder)

    assert [(file["file"], file["status"]) for file in receipt["files"]] == [
        ("县统计局2023年12月.csv", "imported"),
        ("县工信局.xlsx", "imported"),
    ]
    assert figures(receipt) == {
        ("enterprises", "", "2024-06", "point", "66"),
        ("population", "", "2023-12", "point", "20.4"),
    }


def filled(path: Path, answers: dict[tuple[str, str], tuple[str, object]]) -> None:
    """Fill a template as a clerk does: (name, segment) → (head, value); sign it; insert a row and paste text."""
    book = openpyxl.load_workbook(path)
    sheet = book["指标"]
    sheet.insert_rows(6)
    heads = {str(cell.value).partition("\n")[0]: cell.column for cell in sheet[4] if cell.value}
    for row in range(5, sheet.max_row + 1):
        key = (str(sheet.cell(row, heads["指标"]).value), str(sheet.cell(row, heads["板块"]).value or ""))
        if key in answers:
            head, value = answers[key]
            sheet.cell(row, heads[head]).value = value
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        if cell.value in ("填报人：", "审核人："):
            sheet.cell(cell.row, cell.column + 1).value = "张某"
    sheet.data_validations.dataValidation.clear()
    book.save(path)


def test_a_template_comes_back_with_inserted_rows_and_pasted_text(office):
    run = office.zyz("template", "--department", "工信局", "--period", "2024-06", "-o", office.folder, home=office.home)
    assert run.returncode == 0, run.stderr
    (path,) = office.folder.glob("*.xlsx")
    answers = {
        ("入驻企业", "合计"): ("期末数", "66 "),
        ("入驻企业", "紫砂陶"): ("期末数", 20),
        ("专业镇产值", "合计"): ("本年累计", "４．１２"),
        ("带动从业人员", "合计"): ("期末数", "13,020"),
    }
    filled(path, answers)

    receipt = office.take_in(path)

    assert figures(receipt) == {
        ("enterprises", "", "2024-06", "point", "66"),
        ("enterprises", "zisha", "2024-06", "point", "20"),
        ("output_value", "", "2024-06", "cumulative", "4.12"),
        ("employment", "", "2024-06", "point", "13020"),
    }
    assert codes(receipt) == []
    assert receipt["files"][0]["department"] == "县工信局"


def test_an_empty_template_is_no_report_and_a_stale_one_is_said(office):
    office.zyz("template", "--department", "县工信局", "--period", "2024-06", "-o", office.folder, home=office.home)
    (path,) = office.folder.glob("*.xlsx")
    assert codes(office.take_in(path, exit_code=1)) == ["Z009"]

    filled(path, {("入驻企业", "合计"): ("期末数", 66)})
    office.rules("issuer: office\n")
    assert codes(office.take_in(path)) == ["Z501"]


def test_csv_json_and_table_tell_the_same_receipt(office):
    sheet = office.sheet(monthly(FIRMS, "| 营业收入 | 亿元 | | 3 | | |"))
    shown = office.zyz("import", sheet, "--received", "2024-07-03", home=office.home)
    assert shown.returncode == 1
    for words in ("退回", "县工信局.xlsx", "月报!A5", "错误 Z201", "“营业收入”不是方案中的指标"):
        assert words in shown.stdout
    assert "退回稿：" in shown.stderr
    receipt = json.loads(office.zyz("import", sheet, "--format", "json", "-q", home=office.home).stdout)
    assert receipt["files"][0]["status"] == "returned"
