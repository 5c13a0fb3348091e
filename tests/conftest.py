"""Fixtures: the installed `zyz` command, a fresh workspace, hand-made workbooks."""

import os
import subprocess
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from offices import Office
from xiangning_zyz.jobs.plans import make_workspace

Run = Callable[..., subprocess.CompletedProcess[str]]
ZYZ = Path(sysconfig.get_path("scripts")) / ("zyz.exe" if os.name == "nt" else "zyz")


@pytest.fixture(scope="session")
def zyz() -> Run:
    """Run the installed command: `zyz("status", home=…)`; output is text, stdin closed."""

    def run(*arguments: object, home: Path | None = None, **options: object) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONUTF8": "1", **options.pop("env", {})}
        environment.pop("ZYZ_HOME", None)
        words = [str(ZYZ), *map(str, arguments), *(["--home", str(home)] if home is not None else [])]
        return subprocess.run(
            words,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            env=environment,
            timeout=120,
            check=False,
            **options,
        )

    return run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh workspace with the bundled plan."""
    return make_workspace(tmp_path / "home").home


@pytest.fixture
def office(zyz: Run, home: Path, tmp_path: Path) -> Office:
    """A fresh workspace with the command in it: `office.take_in(content)` imports and gives the receipt."""
    return Office(zyz, home, tmp_path / "报表")


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Write a hand-made workbook, row by row: `sheet("工信局.xlsx", [["标题"], …])`."""

    def write(name: str, rows: Sequence[Sequence[object]], **more: Sequence[Sequence[object]]) -> Path:
        book = Workbook()
        pages = [(book.active, rows), *((book.create_sheet(title), table) for title, table in more.items())]
        for page, table in pages:
            for row in table:
                page.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write
