"""The workspace: a folder with `data/targets.yaml`, and where things lie in it (CONTRACT §4)."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.stop import Stop

_MARK = Path("data") / "targets.yaml"


class NoWorkspace(Stop):
    """No workspace was found; the message says where it was looked for and what to do."""


class LedgerLost(Stop):
    """The ledger is gone while the archive holds what it received: a new one must not take its place unnoticed."""


class Workspace(NamedTuple):
    """The folders of one workspace; `var` is created when first written to."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def var(self) -> Path:
        return self.home / "var"

    @property
    def ledger(self) -> Path:
        return self.var / "ledger.db"

    @property
    def cache(self) -> Path:
        return self.var / "cache"

    @property
    def archive(self) -> Path:
        return self.var / "archive"

    @property
    def returned(self) -> Path:
        return self.var / "returned"

    @property
    def inbox(self) -> Path:
        return self.var / "inbox"

    @property
    def reports(self) -> Path:
        return self.var / "reports"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def backups(self) -> Path:
        return self.var / "backup"


def find_workspace(given: Path | None, environment: Mapping[str, str], folder: Path) -> Workspace:
    """The workspace by `--home`, else `ZYZ_HOME`, else the nearest parent of *folder*.

    Raises NoWorkspace. A home that was named but is none is never replaced by another.
    """
    if given is not None:
        return _named(given, "--home")
    if environment.get("ZYZ_HOME"):
        return _named(Path(environment["ZYZ_HOME"]), "ZYZ_HOME")
    for candidate in (folder, *folder.parents):
        if (candidate / _MARK).is_file():
            return Workspace(candidate)
    raise NoWorkspace(
        f"没有找到工作区：{folder} 及其上级文件夹中都没有 {_MARK.as_posix()}。"
        "请先用 zyz init 文件夹 建立工作区，或用 --home 指明工作区。"
    )


def check_ledger_stands(workspace: Workspace) -> None:
    """LedgerLost if files were archived and there is no ledger that could name them."""
    if not workspace.ledger.exists() and any(workspace.archive.glob("*/*")):
        raise LedgerLost(
            f"台账库 {workspace.ledger} 不见了，而归档中有文件，未作任何改动；请用 zyz restore 从备份恢复。"
            f"确要从头开始的，先把 {workspace.archive} 移走。"
        )


def _named(home: Path, by: str) -> Workspace:
    if not (home / _MARK).is_file():
        raise NoWorkspace(
            f"{by} 指定的 {home} 不是工作区：没有 {_MARK.as_posix()}。可用 zyz init {home} 在该处建立工作区。"
        )
    return Workspace(home)
