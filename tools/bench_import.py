"""How long `zyz import` takes over many typical reports, beside loops that only read them.

    python tools/bench_import.py [--reports 1000] [--figures 30] [--keep FOLDER]

Makes a plan of 20 departments and their monthly reports: 30 rows × 12 columns, merged heads, borders,
fonts. 30 figures of each are to be stored, one a row, the others stand beside them (last year, plan, shares); or
55, of the month and of the year. Then, as whole processes: `zyz import FOLDER` into a workspace
without a report, but whose plan has been looked at before; a loop of `pandas.read_excel(engine="openpyxl")`;
a loop of `python_calamine`; `zyz import FOLDER` again (all unchanged), the shortest of five, and once more
without what it remembers (docs/decisions/0009); `python -c pass`. Prints seconds and the ratios of issue 4,
item 9.
"""

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

ZYZ = str(Path(sysconfig.get_path("scripts")) / "zyz")
DEPARTMENTS = 20
SEGMENTS = ("紫砂陶", "戎子酒庄", "云丘山农旅", "其他")
FLOWS, STOCK = ("产值", "投资", "税收", "出口额", "销售收入"), "入驻企业"
LAST_YEAR = ("数值", "上年同期", "同比（%）")
HEADS = {  # by how many figures are stored
    30: (("本年累计", "", "", "全年计划", "", ""), (*LAST_YEAR, "数值", "完成率（%）", "占比（%）")),
    55: (("本月", "", "", "本年累计", "", ""), LAST_YEAR * 2),
}
MERGES = ("A1:L1", "A2:L2", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:G3", "H3:J3", "K3:K4", "L3:L4")

PANDAS = "import sys, pandas\nfor f in sys.argv[1:]: pandas.read_excel(f, engine='openpyxl', header=None)"
CALAMINE = """import sys, python_calamine
for f in sys.argv[1:]:
    book = python_calamine.CalamineWorkbook.from_path(f)
    for name in book.sheet_names: book.get_sheet_by_name(name).to_python()
"""


def write_plan(home: Path) -> None:
    """A plan whose every department reports six indicators, each whole and of four segments."""
    (home / "data").mkdir(parents=True)
    segments = "".join(f"  - {{id: s{n}, name: {name}}}\n" for n, name in enumerate(SEGMENTS))
    indicators = "".join(
        f"  - {{id: i{d}_{n}, name: {name}{d:02d}, unit: {'户' if name == STOCK else '亿元'},"
        f" kind: {'stock' if name == STOCK else 'flow'}, direction: up, frequency: month,"
        f" segments: [s0, s1, s2, s3], reporters: [县{d:02d}局], clause: 一}}\n"
        for d in range(DEPARTMENTS)
        for n, name in enumerate((*FLOWS, STOCK))
    )
    departments = "".join(f"  - {{id: 县{d:02d}局, full_name: 某县{d:02d}局}}\n" for d in range(DEPARTMENTS))
    (home / "data" / "targets.yaml").write_text(
        "plan: {id: bench, title: 测速方案, document: 测〔2019〕1号, issuer: 某县, issued: 2019-01-01,"
        f" start: 2019-01-01, end: 2027-12-31}}\nsegments:\n{segments}indicators:\n{indicators}",
        encoding="utf-8",
    )
    (home / "data" / "tasks.yaml").write_text(f"departments:\n{departments}tasks: []\n", encoding="utf-8")


def write_report(path: Path, department: int, month: int, figures: int) -> None:
    """One department's report for the month of that number since January 2020."""
    heads, below = HEADS[figures]
    year, last = 2020 + month // 12, month % 12 + 1
    book = Workbook()
    sheet = book.active
    sheet.append([f"专业镇发展情况月报（{year}年{last}月）"])
    sheet.append([f"填报单位：县{department:02d}局"])
    above = ("序号", "指标", "板块", "单位", *heads, "期末数", "备注")
    for row in (above, ("",) * 4 + below + ("",) * 2, *_rows(department, month, last, figures)):
        sheet.append([value or None for value in row])
    thin = Side(style="thin")
    for cells in sheet.iter_rows(min_row=3):
        for cell in cells:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.font = Font(name="宋体", size=11, bold=cell.row < 5)
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if cell.row < 5:
                cell.fill = PatternFill("solid", fgColor="FFDCE6F1")
    for merge in MERGES:
        sheet.merge_cells(merge)
    sheet.append(["填报人：张某", None, None, "审核人：李某"])
    book.save(path)


def _rows(department: int, month: int, last: int, figures: int) -> list[tuple[object, ...]]:
    """Five flows and a stock, each whole and of four segments."""
    rows: list[tuple[object, ...]] = []
    for n, name in enumerate((*FLOWS, STOCK)):
        parts = [(n + part + 1) * 10 + department for part in range(4)]
        for label, hundredths in zip(("合计", *SEGMENTS), (sum(parts), *parts), strict=True):
            now = hundredths / 100, round(hundredths / 111, 2), 11.0
            total = hundredths * last / 100, round(hundredths * last / 111, 2), 11.0
            flow = (*now, *total, None) if figures == 55 else (*total, *now, None)
            values = flow if name != STOCK else (*(None,) * 6, hundredths)
            rows.append((len(rows) + 1, f"{name}{department:02d}", label, "户" if name == STOCK else "亿元", *values))
    return [(*row, "按统计口径" if at % 3 else None) for at, row in enumerate(rows)]


def seconds(command: list[str]) -> float:
    begin = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if run.returncode:
        sys.exit(f"{command[:3]} ended with {run.returncode}\n{run.stdout[-3000:]}\n{run.stderr[-3000:]}")
    return time.perf_counter() - begin


def seconds_without_memory(command: list[str], home: Path) -> float:
    (home / "var" / "cache" / "import.last").unlink()
    return seconds(command)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--figures", type=int, choices=HEADS, default=30, help="to be stored of each report")
    parser.add_argument("--keep", type=Path, help="folder for the reports, used again if it is there")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="zyz-bench-"))
    reports = folder / "reports"
    if not reports.is_dir():
        reports.mkdir(parents=True)
        for number in range(options.reports):
            month, department = divmod(number, DEPARTMENTS)
            write_report(reports / f"{number:05d}.xlsx", department, month, options.figures)
    files = sorted(map(str, reports.glob("*.xlsx")))
    home = Path(tempfile.mkdtemp(prefix="home-", dir=folder))  # a new one: names just removed make new files dearer
    write_plan(home)
    take_in = [ZYZ, "import", str(reports), "--home", str(home)]
    seconds([ZYZ, "status", "--home", str(home)])
    python = sys.executable
    time.sleep(max(0.0, max(map(os.path.getctime, files)) + 2.5 - time.time()))  # old enough to be known by their times
    nothing = min(seconds([python, "-c", "pass"]) for _ in range(20))
    took = {
        "zyz import": seconds(take_in),
        "pandas, openpyxl": seconds([python, "-c", PANDAS, *files]),
        "python_calamine": seconds([python, "-c", CALAMINE, *files]),
        "zyz import again": min(seconds(take_in) for _ in range(5)),
        "nothing remembered": min(seconds_without_memory(take_in, home) for _ in range(5)),
    }
    for name, time_taken in took.items():
        print(f"{name:18} {time_taken:7.2f} s  {1000 * time_taken / len(files):6.2f} ms a file")
    print(f"{'python -c pass':18} {nothing:7.4f} s")
    print(f"pandas / zyz import     {took['pandas, openpyxl'] / took['zyz import']:6.2f}  (bar: at least 5)")
    print(f"zyz import / calamine   {took['zyz import'] / took['python_calamine']:6.2f}  (bar: at most 8)")
    print(f"unchanged / python -c   {took['zyz import again'] / nothing:6.1f}  (bar: at most 5)")


if __name__ == "__main__":
    main()
