"""Every kind of problem, provoked by a sheet drawn here: code, severity, sheet, cell and what stood there."""

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from reading_files import compound, xlsx_parts, zipped
from sheets import SIGNED, monthly, workbook
from xiangning_zyz.intake.facts.credit_code import check_character
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.intake.reading import limits, process
from xiangning_zyz.jobs.imports import Wish, import_files
from xiangning_zyz.jobs.plans import make_workspace, open_plan
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI, Period
from xiangning_zyz.problem import CATALOGUE

TASKS = "| 任务编号 | 重点工作 | 完成比例（%） | 进展情况 |"
NOTHING = Given()
TWO_REPORTERS = "reporters: {enterprises: [县工信局, 县人社局]}\n"


class Sample(NamedTuple):
    """A file and the one problem that it provokes."""

    code: str
    severity: str
    place: str  # 月报!D4; empty: the whole file
    found: str
    content: bytes
    name: str = "县工信局.xlsx"
    before: tuple[bytes, ...] = ()  # files that came in before it
    given: Given = NOTHING
    rules: str = ""  # in place of the workspace's rules.yaml


def tasks(*rows: str, period: str = "2024年6月", sender: str = "县文旅局") -> bytes:
    return monthly(*rows, heads=TASKS, period=period, sender=sender)


def table(text: str, title: str = "专业镇发展情况月报（2024年6月）", sender: str = "县工信局") -> bytes:
    return workbook(f"== 月报\n| {title} |\n| 填报单位：{sender} |\n{text}\n{SIGNED}")


def credit_code(body: str) -> str:
    return body + check_character(body)


def template(text: str, plan: str) -> bytes:
    """A sheet with the mark of a template of *plan*."""
    mark = f"== zyz（隐藏）\n| schema | zyz/template@1 |\n| plan | {plan} |\n| plan_hash | old |\n"
    return workbook(f"{text}\n{mark}| department | 县工信局 |\n| period | 2024-06 |")


FIRMS = "| 序号 | 企业名称 | 统一社会信用代码 | 所属板块 | 状态 | 入驻时间 |"
FIRST, SECOND = credit_code("91141029MA0K00001"), credit_code("91141029MA0K00002")
ROSTER = table(
    f"{FIRMS}\n| 1 | 甲公司 | {FIRST} | 紫砂 | 入驻 | 2024年3月 |\n| 2 | 乙公司 | {SECOND} | 戎子 | 签约 | |"
)
GOOD = "| 入驻企业 | 户 | | | 66 | |"
MARKED = "== 月报\n| 2024年6月 |\n| 填报单位：县工信局 |\n| 指标 | 单位 | 期末数 |\n| 入驻企业 | 户 | 66 |\n" + SIGNED
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]>'

SAMPLES = [
    # The file as a whole.
    Sample("Z001", "error", "", "", b"PK\x03\x04" + bytes(range(256))),
    Sample("Z002", "error", "", "", compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})),
    Sample("Z003", "error", "", "", b"%PDF-1.7\n"),
    Sample("Z004", "error", "", "", b"x" * (limits.FILE_BYTES + 1)),
    Sample("Z006", "error", "", "", bytes([3]) + b"lwj".ljust(54), name="~$县工信局.xlsx"),
    Sample(
        "Z007",
        "error",
        "",
        "",
        zipped({**(parts := xlsx_parts()), "xl/workbook.xml": DOCTYPE + str(parts["xl/workbook.xml"])}),
    ),
    Sample("Z008", "error", "", "", workbook("== 封面\n| 乡宁县专业镇工作资料 |")),
    Sample("Z009", "error", "", "", monthly("| 专业镇产值 | 亿元 | | | | |", GOOD.replace("66", ""))),
    # One value.
    Sample("Z101", "error", "月报!D4", "#DIV/0!", monthly("| 专业镇产值 | 亿元 | | #DIV/0! | | |")),
    Sample("Z102", "error", "月报!D4", "=C4+1", monthly("| 专业镇产值 | 亿元 | | =C4+1 | | |")),
    Sample("Z103", "error", "月报!D4", "约4.5", monthly("| 专业镇产值 | 亿元 | | 约4.5 | | |")),
    Sample("Z104", "error", "月报!E4", "66", monthly("| 入驻企业 | | | | 66 | |")),
    Sample("Z105", "error", "月报!E4", "人", monthly("| 入驻企业 | 人 | | | 66 | |")),
    Sample("Z106", "error", "月报!E4", "1001", monthly("| 入驻企业 | 户 | | | 1001 | |")),
    Sample(
        "Z107",
        "error",
        "月报!E4",
        "13000人",
        monthly("| 带动从业人员 | 万人 | | | 1.3 | |"),
        before=(monthly("| 带动从业人员 | 人 | | | 13 | |", period="2024年5月"),),
    ),
    Sample(
        "Z108",
        "warning",
        "月报!E4",
        "660户",
        monthly("| 入驻企业 | 户 | | | 660 | |"),
        before=(monthly(GOOD, period="2024年5月"),),
    ),
    Sample("Z109", "warning", "月报!E4", "70", monthly("| 入驻企业 | 户 | | | 70 | |")),
    Sample(
        "Z110",
        "error",
        "月报!F4",
        "年初",
        table(f"{FIRMS}\n| 1 | 甲公司 | {FIRST} | 紫砂 | 入驻 | 年初 |"),
    ),
    Sample("Z111", "error", "月报!D4", "1.2亿", monthly("| 专业镇产值 | 万元 | | 1.2亿 | | |")),
    Sample(
        "Z112",
        "error",
        "月报!C4",
        "万元",
        table("| 指标 | 单位 | 本年累计（亿元） |\n| 专业镇产值 | 万元 | 4.12 |"),
    ),
    # Names.
    Sample("Z201", "error", "月报!A4", "专业镇营业收入", monthly("| 专业镇营业收入 | 万元 | | 39800 | | |")),
    Sample("Z202", "error", "月报!B4", "促进对外开放", tasks("| | 促进对外开放 | 50 | 已签约 |")),
    Sample("Z203", "error", "月报!A2", "县工信局办公室", monthly(GOOD, sender="县工信局办公室")),
    Sample(
        "Z204",
        "error",
        "月报!E4",
        "66",
        monthly(GOOD, sender=""),
        name="报表.xlsx",
    ),
    Sample("Z205", "error", "月报!E4", "66", monthly(GOOD, sender="县教科局")),
    Sample("Z206", "error", "月报!B4", "陶瓷", table("| 指标 | 板块 | 单位 | 期末数 |\n| 入驻企业 | 陶瓷 | 户 | 20 |")),
    Sample("Z207", "warning", "月报!E4", "66户", monthly(GOOD, sender="县民营经济发展促进中心")),
    Sample("Z208", "error", "月报!A2", "县工信局", monthly(GOOD), given=Given(department="县文旅局")),
    Sample(
        "Z209",
        "error",
        "月报!A4",
        "紫砂博物馆",
        table("| 项目名称 | 建设阶段 | 形象进度 |\n| 紫砂博物馆 | 在建 | 主体完工 |"),
    ),
    Sample("Z210", "error", "月报!A4", "T07", tasks("| T07 | | 50 | 组织参展 |", sender="县能源局")),
    Sample(
        "Z211",
        "error",
        "月报!D5",
        "期末数/规上企业",
        table("| 指标 | 单位 | 期末数 | < |\n| ^ | ^ | 合计 | 规上企业 |\n| 入驻企业 | 户 | 66 | 12 |"),
    ),
    Sample("Z212", "error", "月报!C4", FIRST[::-1], table(
        f"{FIRMS}\n| 1 | 甲公司 | '{FIRST[::-1]} | 紫砂 | 入驻 | |"
    )),
    Sample("Z213", "error", "月报!E4", "在谈", table(f"{FIRMS}\n| 1 | 甲公司 | {FIRST} | 紫砂 | 在谈 | |")),
    Sample(
        "Z214",
        "error",
        "月报!B4",
        "用地手续未办结",
        table("| 编号 | 存在问题 | 整改措施 |\n| | 用地手续未办结 | 加快报批 |", "问题台账（2024年6月）"),
    ),
    Sample("Z215", "error", "月报!B4", "强化政策保障", tasks("| T04 | 强化政策保障 | 50 | 参展 |")),
    # Periods and basis.
    Sample("Z301", "error", "月报!E4", "期末数", monthly(GOOD, period="月报")),
    Sample("Z302", "error", "月报!C4", "2024年", table("| 指标 | 单位 | 数值 |\n| 入驻企业 | 户 | 66 |", "2024年")),
    Sample("Z303", "error", "月报!C4", "数值", table("| 指标 | 单位 | 数值 |\n| 专业镇产值 | 亿元 | 4.51 |")),
    Sample("Z304", "error", "月报!E4", "2024年9月", monthly(GOOD, period="2024年9月")),
    Sample("Z305", "warning", "月报", "2024年5月", monthly(GOOD), name="县工信局2024年5月.xlsx"),
    Sample("Z306", "error", "月报!E4", "2024年6月", monthly(GOOD), given=Given(period=Period.parse("2024-05"))),
    Sample("Z307", "error", "月报!E4", "期末数", monthly("| 专业镇产值 | 亿元 | | | 4.51 | |")),
    Sample("Z308", "warning", "月报!D4", "本年累计", monthly("| 入驻企业 | 户 | | 66 | | |")),
    # Facts against each other and against what is known.
    Sample("Z401", "error", "月报!E5", "67", monthly(GOOD, GOOD.replace("66", "67"))),
    Sample(
        "Z402",
        "warning",
        "月报!C4",
        "4.62亿元",
        table(
            "| 指标 | 单位 | 本年累计 |\n| 专业镇产值 | 亿元 | 4.62 |\n| 其中：紫砂陶 | 亿元 | 0.61 |\n"
            "| 戎子酒庄 | 亿元 | 1.32 |\n| 云丘山农旅 | 亿元 | 2.07 |\n| 其他 | 亿元 | 0.52 |"
        ),
    ),
    Sample(
        "Z403",
        "warning",
        "月报!D4",
        "4.51亿元",
        monthly("| 专业镇产值 | 亿元 | 0.7 | 4.51 | | |"),
        before=(monthly("| 专业镇产值 | 亿元 | | 3.7 | | |", period="2024年5月"),),
    ),
    Sample(
        "Z404",
        "warning",
        "月报!D4",
        "3.51亿元",
        monthly("| 专业镇产值 | 亿元 | | 3.51 | | |"),
        before=(monthly("| 专业镇产值 | 亿元 | | 3.74 | | |", period="2024年5月"),),
    ),
    Sample(
        "Z405",
        "warning",
        "月报!C6",
        "0.72%",
        table(
            "| 指标 | 单位 | 全年数 |\n| 地区生产总值 | 亿元 | 120 |\n| R&D经费支出 | 万元 | 8500 |\n"
            "| 全社会研发投入占GDP比重 | % | 0.72 |",
            "科技指标（2023年）",
            "县统计局",
        ),
    ),
    Sample(
        "Z406",
        "warning",
        "月报!C4",
        "培训陶艺人员 186 人次",
        tasks("| T09 | | 45 | 培训陶艺人员 186 人次 |", sender="县人社局"),
        before=(tasks("| T09 | | 40 | 培训陶艺人员186人次。 |", period="2024年5月", sender="县人社局"),),
    ),
    Sample("Z407", "warning", "", "填报人、审核人", monthly(GOOD, signed="")),
    Sample(
        "Z408",
        "warning",
        "月报!E4",
        "64户",
        monthly("| 入驻企业 | 户 | | | 64 | |", sender="县人社局"),
        before=(monthly(GOOD),),
        rules=TWO_REPORTERS,
    ),
    Sample("Z409", "warning", "月报!E4", "66户", monthly(GOOD), before=(ROSTER,)),
    # The template and the state of the sheet.
    Sample("Z501", "warning", "zyz", "", template(MARKED, "xiangning")),
    Sample("Z502", "error", "zyz", "other", template(MARKED, "other")),
    Sample(
        "Z503",
        "warning",
        "月报",
        "工作表“月报”",
        workbook(f"== 说明\n| 随表报送 |\n{MARKED.replace('月报', '月报（隐藏）')}"),
    ),
    Sample(
        "Z504",
        "warning",
        "月报!A3",
        "表头写有单位，内容是文字",
        table("| 期末数（户） | 入驻企业（户） |\n| 紫砂陶 | 20 |\n| 戎子酒庄 | 15 |"),
    ),
    Sample(
        "Z505",
        "warning",
        "人口!A1:B2",
        "",
        workbook(f"{MARKED}\n== 人口\n| 乡镇 | 人口（人） |\n| 昌宁镇 | 52000 |"),
    ),
]  # fmt: skip


def problems_of(folder: Path, sample: Sample):
    """What the import of *sample* says, after the files before it, all received on 8 July 2024."""
    workspace = make_workspace(folder / "home")
    if sample.rules:
        (workspace.data / "rules.yaml").write_text(sample.rules, encoding="utf-8")
    plan = open_plan(workspace)
    with open_ledger(workspace.ledger, plan.id) as ledger:
        for number, (content, given) in enumerate(
            [*((c, Given()) for c in sample.before), (sample.content, sample.given)]
        ):
            path = folder / str(number) / sample.name
            path.parent.mkdir()
            path.write_bytes(content)
            wish = Wish(given, date(2024, 7, 8), datetime(2024, 7, 8, 9, number, tzinfo=SHANGHAI))
            (file,) = import_files(workspace, plan, ledger, [path], wish, lambda _: None).files
            if number < len(sample.before):
                assert file.status == "imported", file.problems
    return file


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.code)
def test_a_sample_provokes_its_problem_and_no_other(tmp_path, sample):
    file = problems_of(tmp_path, sample)

    found = [(p.code, p.severity, f"{p.sheet}!{p.ref}" if p.ref else p.sheet, p.found) for p in file.problems]
    assert found == [(sample.code, sample.severity, sample.place, sample.found)]
    assert file.status in (("returned", "failed") if sample.severity == "error" else ("imported", "unchanged"))


def test_a_reading_process_that_dies_is_z005(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "_START", "raise SystemExit")

    file = problems_of(tmp_path, Sample("Z005", "error", "", "", monthly(GOOD)))

    assert [(p.code, p.severity, p.ref) for p in file.problems] == [("Z005", "error", "")]
    assert file.status == "failed"


def test_a_folder_in_place_of_a_file_is_z010(tmp_path):
    workspace = make_workspace(tmp_path / "home")
    plan = open_plan(workspace)
    folder = tmp_path / "县工信局.xlsx"
    folder.mkdir()
    with open_ledger(workspace.ledger, plan.id) as ledger:
        wish = Wish(Given(), date(2024, 7, 8), datetime(2024, 7, 8, tzinfo=SHANGHAI))
        (file,) = import_files(workspace, plan, ledger, [folder], wish, lambda _: None).files

    assert [(p.code, p.severity, p.ref) for p in file.problems] == [("Z010", "error", "")]
    assert file.status == "failed"


def test_the_catalogue_has_no_kind_without_a_sample():
    assert {kind.code for kind in CATALOGUE} == {sample.code for sample in SAMPLES} | {"Z005", "Z010", "Z011"}


def test_codes_are_unique_and_say_what_and_how_to_mend():
    assert len({kind.code for kind in CATALOGUE}) == len(CATALOGUE)
    assert all(kind.title and kind.says and kind.mend for kind in CATALOGUE)
