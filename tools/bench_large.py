"""What one workbook of 100,000 rows × 12 columns takes, beside openpyxl loading it (issue 4, item 9).

    python tools/bench_large.py [--rows 100000] [--rounds 3]

Makes a register of enterprises as an office may send it by mistake. Then, as whole processes: openpyxl
loading it, `zyz import` (the sheet is returned with a thousand problems, marked in a copy), `zyz inspect`.
Prints the least of each round: processor seconds of the process and its children, and the peak of the
memory they hold together (proportional set size, so that shared pages count once). Linux only: reads /proc.
"""

import argparse
import os
import random
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

ZYZ = str(Path(sysconfig.get_path("scripts")) / "zyz")
LOAD = "import sys, openpyxl; openpyxl.load_workbook(sys.argv[1])"
SAMPLE_EVERY = 0.02  # seconds


class Cost(NamedTuple):
    """What a process and its children took."""

    seconds: float  # of the processors, user and system
    mebibytes: float  # at the peak


def write_register(path: Path, rows: int) -> None:
    """Names, towns, and ten figures each; the first is one the plan knows."""
    chance = random.Random(1)  # noqa: S311 - figures, no secrets
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    sheet.append(["全县企业产值明细（2024年6月）"])
    sheet.append(["填报单位：县工信局"])
    sheet.append(["企业名称", "地区", "本月产值（亿元）", *(f"指标{number}（万元）" for number in range(9))])
    for row in range(rows):
        figures = [round(chance.random() * 1e4, 1) for _ in range(9)]
        town = "昌宁镇" if row % 2 else "光华镇"
        sheet.append([f"企业{row:06d}", town, round(chance.random() * 100, 2), *figures])
    book.save(path)


def cost(command: list[str]) -> Cost:
    """Run *command*; exit 1, the sheet was returned, is an answer."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while True:
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        peak = max(peak, sum(map(held, family(process.pid))))
        time.sleep(SAMPLE_EVERY)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command[:3]} ended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, peak / 1024)


def family(process: int) -> list[int]:
    """A process and all its descendants."""
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:  # it has just ended
        return []
    return [process, *(each for child in children for each in family(child))]


def held(process: int) -> int:
    """KiB of memory in a process's name, shared pages divided among their users."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zyz-bench-") as name:
        book, home = Path(name, "register.xlsx"), Path(name, "home")
        write_register(book, options.rows)
        subprocess.run([ZYZ, "init", str(home), "-q"], check=True)
        commands = {
            "openpyxl": [sys.executable, "-c", LOAD, str(book)],
            "zyz import": [ZYZ, "import", str(book), "--home", str(home)],
            "zyz inspect --format json": [ZYZ, "inspect", str(book), "--format", "json"],
        }
        rounds = [{name: cost(command) for name, command in commands.items()} for _ in range(options.rounds)]
    least = {
        name: Cost(min(each[name].seconds for each in rounds), min(each[name].mebibytes for each in rounds))
        for name in commands
    }
    yardstick = least["openpyxl"]
    for name, took in least.items():
        ratios = f"{took.seconds / yardstick.seconds:5.2f} × time {took.mebibytes / yardstick.mebibytes:5.2f} × memory"
        print(f"{name:26} {took.seconds:7.2f} s {took.mebibytes:7.0f} MiB  {ratios}")
    print("bar of zyz import: at most 0.25 × time, 0.25 × memory")


if __name__ == "__main__":
    main()
