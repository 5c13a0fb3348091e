"""Unattended nights: a workspace with an inbox, a clock that can be set, and what `zyz run` then does."""

import hashlib
import json
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from xiangning_zyz.jobs.plans import make_workspace
from xiangning_zyz.jobs.records import verify
from xiangning_zyz.jobs.run import Cycle, Order, run
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI

START = datetime(2025, 7, 8, 2, 30, tzinfo=SHANGHAI)


class Clock:
    """A clock that moves a second whenever it is read, and anywhere when told to."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Nights(NamedTuple):
    """One office: its workspace and its clock."""

    workspace: Workspace
    clock: Clock

    def run(self, day: date | None = None) -> Cycle:
        """One night: files need not settle."""
        return run(self.workspace, Order(self.clock, day, pause=0))

    def drop(self, name: str, content: bytes) -> Path:
        """Put a file into the inbox."""
        self.workspace.inbox.mkdir(parents=True, exist_ok=True)
        path = self.workspace.inbox / name
        path.write_bytes(content)
        return path

    def imports(self) -> list[tuple[str, int]]:
        """The imports in the ledger, with the number of their facts."""
        with open_ledger(self.workspace.ledger, "xiangning", create=False) as ledger:
            return [(row.what.file, row.facts) for row in ledger.imports()]

    def received(self) -> list[date]:
        with open_ledger(self.workspace.ledger, "xiangning", create=False) as ledger:
            return [row.what.received for row in ledger.imports()]

    def lying(self, folder: str) -> list[str]:
        """The names of the files below a folder of `var`."""
        root = self.workspace.var / folder
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def events(self) -> list[str]:
        """What the log holds, line by line."""
        lines = (self.workspace.log / "zyz.log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["event"] for line in lines]


def report(folder: Path, name: str, value: object, period: str = "2025年6月") -> bytes:
    """A sheet with one figure, the output value accumulated over *period*; `约4.5` as *value* gets it returned."""
    rows: Sequence[Sequence[object]] = [
        ["填报单位：县工信局"],
        ["报告期", "指标", "单位", "本年累计"],
        [period, "专业镇产值", "亿元", value],
    ]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / name
    book.save(path)
    content = path.read_bytes()
    path.unlink()
    return content


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# Years of nights: `python tools/soak.py --nights 600`.

_HABITS = {"sound": 12, "wrong": 2, "again": 2, "half": 1, "lock": 1, "nothing": 4}
_CLOCKS = (timedelta(days=-1), timedelta(days=1), timedelta(days=3650))  # set wrong for one night


def live_through(folder: Path, count: int, seed: int, first: date = date(2025, 1, 2)) -> Iterator[str]:
    """Live through *count* nights of one office, looking after each; yields what was met so far.

    Sheets come, some wrong, some again, some half; one night in twenty is missed, one in fifty has a wrong
    clock. After each night every file that ever came is in exactly one place, and the ledger holds the sound
    ones once each, in their order.
    """
    home = make_workspace(folder / "home").home
    with (home / "data" / "rules.yaml").open("a", encoding="utf-8") as rules:
        rules.write("\nescalation: {repeat: 20}\n")  # an office that reminds once a month
    nights = Nights(Workspace(home), Clock())
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    tally: Counter[str] = Counter()
    came: dict[str, str] = {}  # SHA-256 → what should become of it
    stored: list[str] = []
    for number in range(count):
        if chance.random() < 0.05:
            tally["missed"] += 1
            continue
        day = first + timedelta(days=number)
        nights.clock.now = datetime(day.year, day.month, day.day, 2, 30, tzinfo=SHANGHAI)
        [habit] = chance.choices(list(_HABITS), list(_HABITS.values()))
        _come(nights, habit, number, came, stored, folder)
        if chance.random() < 0.02:
            tally["wrong clock"] += 1
            nights.clock.now += chance.choice(_CLOCKS)
        nights.run()
        tally["lived"] += 1
        tally[habit] += 1
        _look(nights, came, stored)
        yield _told(nights, tally)
    _look_back(nights, first, count)


def _come(nights: Nights, habit: str, number: int, came: dict[str, str], stored: list[str], folder: Path) -> None:
    """What people do to the inbox on one day."""
    name = f"县工信局 {number}.xlsx"
    if habit in ("sound", "half"):
        content = report(folder, "a.xlsx", 4 + number / 1000, "2024年12月")
        content = content if habit == "sound" else content[:-200]
    elif habit == "wrong":
        content = report(folder, "a.xlsx", f"约{number}", "2024年12月")
    elif habit == "again" and stored:
        content = next(nights.workspace.archive.glob(f"*/{stored[-1]}")).read_bytes()
        name = f"再报 {number}.xlsx"
    elif habit == "lock":
        nights.drop("~$打开.xlsx", b"clerk")
        return
    else:
        return
    path = nights.drop(name, content)
    os.utime(path, (nights.clock.now.timestamp(),) * 2)
    if habit == "sound":
        stored.append(sha256(content))
    came[sha256(content)] = {"wrong": "returned", "half": "inbox or returned"}.get(habit, "archive")


def _look(nights: Nights, came: dict[str, str], stored: list[str]) -> None:
    places: dict[str, list[str]] = {}
    for place in ("inbox", "archive", "returned"):
        for name in nights.lying(place):
            places.setdefault(sha256((nights.workspace.var / place / name).read_bytes()), []).append(place)
    for seal, should in came.items():
        assert len(places.get(seal, [])) == 1, f"{seal}: {places.get(seal)}"
        assert places[seal][0] in should, f"{places[seal][0]} instead of {should}"
    with open_ledger(nights.workspace.ledger, "xiangning", create=False) as ledger:
        assert [row.what.sha256 for row in ledger.imports()] == stored
    left = list(nights.workspace.var.rglob(".zyz-*"))
    assert left == [], left


def _look_back(nights: Nights, first: date, count: int) -> None:
    """After all the nights: the ledger verifies, each month was reported on once, and nothing has piled up."""
    with open_ledger(nights.workspace.ledger, "xiangning", create=False) as ledger:
        assert verify(nights.workspace, ledger).faults == ()
    months = {f"{first + timedelta(days=number):%Y-%m}" for number in range(count - 45)}
    bulletins = [name[:7] for name in nights.lying("reports") if "_通报_" in name]
    assert months <= set(bulletins), months - set(bulletins)
    assert len(bulletins) == len(set(bulletins))
    assert len(nights.lying("log")) <= 6


def _told(nights: Nights, tally: Counter[str]) -> str:
    met = ", ".join(f"{number} {what}" for what, number in tally.most_common())
    lines = sum((nights.workspace.log / name).stat().st_size for name in nights.lying("log"))
    opened = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0  # noqa: PTH112, PTH208 - a count
    return f"nights: {met}; log {lines >> 10} KiB, {opened} open files"
