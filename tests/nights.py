"""Unattended nights: a workspace with an inbox, a clock that can be set, and what `zyz run` then does."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

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
