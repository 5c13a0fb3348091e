"""Getting the plan: from the cache or the YAML files, or one Stop that lists every fault."""

import shutil
from pathlib import Path

from xiangning_zyz.intake.plan.cache import plan_of
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.plan import Plan
from xiangning_zyz.stop import Stop

_PLAN_FILES = ("targets.yaml", "tasks.yaml", "rules.yaml")
_PACKAGE = Path(__file__).resolve().parent.parent


class PlanInvalid(Stop):
    """The workspace's plan has faults; `str()` lists all of them."""


class AlreadyThere(Stop):
    """`zyz init` would overwrite something."""

    code = 1


def open_plan(workspace: Workspace) -> Plan:
    """The validated plan of *workspace*; PlanInvalid (exit 3) with every fault otherwise."""
    try:
        return plan_of(workspace.home)
    except ValueError as error:  # PlanError is one; naming it here would import pydantic at each start
        from xiangning_zyz.intake.plan.load import PlanError

        if not isinstance(error, PlanError):
            raise
        lines = [str(fault) for fault in error.faults]
        raise PlanInvalid("\n".join([f"方案数据有 {len(lines)} 处错误，请改正后再运行：", *lines])) from None


def make_workspace(home: Path) -> Workspace:
    """Make *home* a workspace with the bundled plan; AlreadyThere if it holds one."""
    target = home / "data"
    if target.exists():
        raise AlreadyThere(f"{target} 已经存在，没有改动。请换一个文件夹。")
    source = bundled_plan()
    target.mkdir(parents=True)
    for name in _PLAN_FILES:
        shutil.copyfile(source / name, target / name)
    schemas = source / "schema"
    (target / "schema").mkdir()
    for schema in sorted(schemas.glob("*.json")):
        shutil.copyfile(schema, target / "schema" / schema.name)
    return Workspace(home)


def bundled_plan() -> Path:
    """The folder with the plan that ships with the package, or the repository's own `data/`."""
    installed = _PACKAGE / "bundled" / "data"
    return installed if installed.is_dir() else _PACKAGE.parent.parent / "data"
