"""Ledgers at several states of a plan's course, for tests that look at whole reports. All figures are made up.

home = make_workspace(…); fill(home, mid_course()); then `zyz report … --as-of 2025-07-08`
"""

import atexit
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from xiangning_zyz.fact import Cell, Fact, IssueEvent, Observation, Record
from xiangning_zyz.jobs.plans import make_workspace, open_plan
from xiangning_zyz.jobs.reports import Wish, composed, material_for
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import NewImport
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI, Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.blocks import Document, Kind

JUNE = Period.parse("2025-06")
DAY = date(2025, 7, 8)  # the day that the reports judge

HOSTILE = (
    "<script>alert(1)</script>",
    "]]></w:t><w:p/>&amp;\u202e\x1b[31m",
    '=HYPERLINK("http://example.invalid","点我")',
    "{{ 7 * 7 }}{% raw %}",
    "# 假标题\n## 又一个\x00\x0b",
    '"><img src=x onerror=alert(1)><style>*{display:none}</style>',
)
LONG = "协调推进乡宁紫砂陶小镇基础设施配套及商业综合体、研学旅游体验中心、游客服务中心等重点项目前期手续办理" * 3


class Sheet(NamedTuple):
    """One workbook as it came in."""

    department: str
    received: date
    facts: tuple[Fact, ...]


def stock(
    id: str, month: str, value: str, unit: str, department: str = "县工信局", basis: str = "point"
) -> Observation:
    cell = Cell(f"{department}{month}.xlsx", "", "指标", "D7", value)
    return Observation(
        id, None, Period.parse(month), basis, Decimal(value), unit, department, unit, reference=False, cell=cell
    )


def flow(id: str, month: str, value: str, unit: str = "亿元", department: str = "县工信局") -> Observation:
    return stock(id, month, value, unit, department, "cumulative")


def task(id: str, department: str, percent: str, progress: str, month: str = "2025-06", **more: str) -> Record:
    fields = {"percent": percent, "progress": progress, **more}
    cell = Cell(f"{department}{month}.xlsx", "", "任务进展", "C3", progress)
    return Record("task", id, Period.parse(month), department, tuple(sorted(fields.items())), cell)


def fill(home: Path, sheets: Iterable[Sheet], issues: Iterable[IssueEvent] = ()) -> None:
    """Enter *sheets*, each as one import recorded at noon of the day it came, then *issues*."""
    plan = open_plan(Workspace(home))
    with open_ledger(Workspace(home).ledger, plan.id, create=True) as ledger, ledger.writing():
        for sheet in sorted(sheets, key=lambda each: each.received):
            file = f"{sheet.department}{sheet.received}.xlsx"
            sha256 = hashlib.sha256(file.encode()).hexdigest()
            facts = [fact._replace(cell=fact.cell._replace(file=file, sha256=sha256)) for fact in sheet.facts]
            periods = tuple(sorted({fact.period for fact in facts}))
            new = NewImport(
                file=file,
                sha256=sha256,
                size=8192,
                received=sheet.received,
                department=sheet.department,
                periods=periods,
                status="imported",
                plan_hash=plan.hash,
            )
            ledger.append_import(new, facts, _noon(sheet.received))
        for event in issues:
            ledger.append_decision(event, _noon(event.on))


def mid_course() -> list[Sheet]:
    """Two and a half years on: some goals ahead, one behind, one far behind; half of the departments reported."""
    sheets = [Sheet("县工信局", date(2024, 1, 4), tuple(_history("2023", "7.2", "52", "11800")))]
    for month in range(2, 13):
        figures = _history(f"2024-{month:02d}", f"{0.66 * month:.2f}", str(52 + month // 2), str(11800 + 120 * month))
        sheets.append(Sheet("县工信局", date(2024 + month // 12, month % 12 + 1, 4), tuple(figures)))
    for month in range(2, 7):
        figures = _history(f"2025-{month:02d}", f"{0.71 * month:.2f}", str(58 + month // 3), str(13300 + 200 * month))
        sheets.append(Sheet("县工信局", date(2025, month + 1, 3), tuple(figures)))
    science = (
        stock("rd_personnel", "2023-12", "230", "人", "县统计局"),
        stock("population", "2023-12", "22.1", "万人", "县统计局"),
        flow("rd_expenditure", "2023-12", "0.85", department="县统计局"),
        flow("gdp", "2023-12", "120", department="县统计局"),
        stock("population", "2024-12", "22.0", "万人", "县统计局"),
    )
    sheets.append(Sheet("县统计局", date(2025, 6, 20), science))
    sheets.append(Sheet("县工信局", date(2025, 7, 7), (flow("output_value", "2025-05", "3.61"),)))  # a revision
    return [*sheets, *_task_sheets()]


def _task_sheets() -> Iterator[Sheet]:
    words = "组织企业申报技术改造项目3个，到位资金1200万元，完成规划编制和专家评审，正在办理用地手续。"
    problems = {"problems": "用地指标不足，部分企业融资难。", "next": "会同自然资源部门争取指标。"}
    yield Sheet(
        "县工信局",
        date(2025, 7, 3),
        tuple(task(f"T{n:02d}", "县工信局", str(30 + 5 * n), words, **problems) for n in range(1, 11)),
    )
    yield Sheet("县文旅局", date(2025, 7, 4), tuple(task(f"T{n:02d}", "县文旅局", "45", words) for n in range(1, 7)))
    late = tuple(task(f"T{n:02d}", "县农业农村局", "40", "按计划推进。") for n in range(1, 8))
    yield Sheet("县农业农村局", date(2025, 7, 8), late)
    yield Sheet("县民政局", date(2025, 7, 4), (task("T06", "县民政局", "", "本月无进展"),))


def issues() -> list[IssueEvent]:
    """One overdue, one open, one struck off."""
    return [
        IssueEvent(
            "2025-001",
            "add",
            date(2025, 3, 5),
            "县文旅局",
            "云丘山滑雪度假区用地手续未办结",
            "县自然资源局",
            date(2025, 6, 1),
            "个性",
            item="T04",
        ),
        IssueEvent(
            "2025-002",
            "add",
            date(2025, 5, 9),
            "专班办公室",
            "紫砂企业流动资金贷款难",
            "县金融办、县财政局",
            date(2025, 9, 30),
            "共性",
            item="T10",
        ),
        IssueEvent(
            "2025-003",
            "add",
            date(2025, 4, 1),
            "县工信局",
            "专业镇展厅消防验收滞后",
            "县住建局",
            date(2025, 5, 31),
            "个性",
        ),
        IssueEvent(
            "2025-003",
            "close",
            date(2025, 5, 20),
            "专班办公室",
            "已通过验收",
            evidence="验收意见.pdf",
            evidence_sha256="0" * 64,
        ),
    ]


def all_met(plan: Plan) -> list[Sheet]:
    """Every goal met or ahead, every department in time with every task and project."""
    years = [
        Sheet("县工信局", date(2024, 1, 4), tuple(_history("2023", "7.5", "60", "15000"))),
        Sheet("县工信局", date(2025, 1, 6), tuple(_history("2024", "9.6", "75", "18000"))),
        Sheet("县工信局", date(2025, 7, 3), tuple(_history("2025-06", "6.1", "92", "21000"))),
    ]
    years[2] = years[2]._replace(facts=(*years[2].facts, stock("innovation_platforms", "2025-06", "11", "个")))
    for quarter in ("output_primary", "output_secondary", "output_tertiary"):
        years[1] = years[1]._replace(facts=(*years[1].facts, flow(quarter, "2024-06", "1.5")))
        years[2] = years[2]._replace(facts=(*years[2].facts, flow(quarter, "2025-06", "2.03")))
    shares = ("hightech_share", "modern_services_share", "knowledge_product_share", "technology_product_share")
    for number, year in ((0, "2023-12"), (1, "2024-12")):
        told = tuple(stock(share, year, str(20 + number), "%") for share in shares)
        years[number] = years[number]._replace(facts=(*years[number].facts, *told))
    science = (
        stock("rd_personnel", "2023-12", "470", "人", "县统计局"),
        stock("population", "2023-12", "22.1", "万人", "县统计局"),
        flow("rd_expenditure", "2023-12", "1.3", department="县统计局"),
        flow("gdp", "2023-12", "120", department="县统计局"),
        stock("population", "2024-12", "22.0", "万人", "县统计局"),
    )
    years.append(Sheet("县统计局", date(2025, 6, 20), science))
    by_department: dict[str, list[Fact]] = {}
    for each in plan.tasks:
        for duty in each.departments:
            by_department.setdefault(duty.department, []).append(
                task(each.id, duty.department, "80", "已完成年度任务。")
            )
    for project in plan.projects:
        first = project.departments[0]
        cell = Cell("x", "", "项目进展", "C3", "主体完工")
        by_department.setdefault(first, []).append(
            Record("project", project.id, JUNE, first, (("progress", "主体完工"),), cell)
        )
    return [*years, *(Sheet(name, date(2025, 7, 2), tuple(facts)) for name, facts in by_department.items())]


def everything_late(plan: Plan) -> list[Sheet]:
    """Goals missed and far behind, the last figure a year old, the few sheets that came were late."""
    sheets = [
        Sheet("县工信局", date(2024, 2, 20), tuple(_history("2023", "5.2", "41", "9000"))),
        Sheet("县工信局", date(2024, 8, 20), tuple(_history("2024-06", "2.1", "43", "8800"))),
    ]
    if any(each.department == "县民政局" for each in plan.task("T06").departments):
        sheets.append(Sheet("县民政局", date(2025, 7, 8), (task("T06", "县民政局", "5", "正在研究。"),)))
    return sheets


def hostile() -> list[Sheet]:
    """Mid-course, with words in every field that try to be something else than words."""
    bad = tuple(
        task(f"T{n:02d}", "县工信局", "50", text, problems=text, next=text) for n, text in enumerate(HOSTILE, 1)
    )
    return [*mid_course(), Sheet("县工信局", date(2025, 7, 7), bad)]


def hostile_issues() -> list[IssueEvent]:
    return [
        IssueEvent(
            f"2025-1{n:02d}", "add", date(2025, 3, 5), text, text, "县工信局", date(2025, 6, 1), "个性", enterprise=text
        )
        for n, text in enumerate(HOSTILE)
    ]


def long_words() -> list[Sheet]:
    """Mid-course, with very long words."""
    said = tuple(task(f"T{n:02d}", "县工信局", "50", LONG, problems=LONG, next=LONG) for n in range(1, 11))
    return [*mid_course(), Sheet("县工信局", date(2025, 7, 7), said)]


def _history(period: str, output: str, enterprises: str, employment: str) -> Iterator[Observation]:
    month = str(Period.parse(period).last_month)
    yield flow("output_value", month, output)
    yield stock("enterprises", month, enterprises, "户")
    yield stock("employment", month, employment, "人")


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


@cache
def home_of(state: str) -> Path:
    """A workspace at that state, made once a session."""
    home = make_workspace(Path(tempfile.mkdtemp(prefix="zyz-report-")) / state).home
    atexit.register(shutil.rmtree, home.parent, ignore_errors=True)
    plan = open_plan(Workspace(home))
    states = {
        "empty": ([], []),
        "mid": (mid_course(), issues()),
        "met": (all_met(plan), []),
        "late": (everything_late(plan), []),
        "long": (long_words(), issues()),
        "hostile": (hostile(), hostile_issues()),
    }
    fill(home, *states[state])
    return home


def document(state: str, kind: Kind, **wish: object) -> Document:
    """The report of that kind at that state; *wish* as `jobs.reports.Wish` takes it."""
    workspace = Workspace(home_of(state))
    plan = open_plan(workspace)
    with open_ledger(workspace.ledger, plan.id) as ledger:
        material = material_for(plan, ledger, kind, Wish(**{"period": JUNE, "as_of": DAY, **wish}))
    return composed(workspace, kind, material)


def program(*names: str) -> str:
    """The path of the first of these programs that is installed; without one the test is skipped, never under CI."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"{names[0]} must be installed in CI")
    if found is None:
        pytest.skip(f"{names[0]} is not installed")
    return found


def as_pdf(path: Path) -> Path:
    """*path* as LibreOffice prints it; fails if it cannot open it."""
    command = [program("soffice"), f"-env:UserInstallation={(path.parent / 'office').as_uri()}", "--headless"]
    done = subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", path.parent, path],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert path.with_suffix(".pdf").is_file(), done.stdout + done.stderr
    return path.with_suffix(".pdf")
