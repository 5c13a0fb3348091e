"""Getting the plan: from the cache or the YAML files, or one Stop that lists every fault."""

import shutil
from pathlib import Path

from xiangning_zyz.intake.plan.cache import plan_of
from xiangning_zyz.intake.plan.fault import PlanError
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.plan import Plan
from xiangning_zyz.stop import Stop

_PLAN_FILES = ("targets.yaml", "tasks.yaml", "rules.yaml", "contacts.example.yaml")
_PACKAGE = Path(__file__).resolve().parent.parent


class PlanInvalid(Stop):
    """The workspace's plan has faults; `str()` lists all of them."""


class AlreadyThere(Stop):
    """`zyz init` would overwrite something."""

    code = 1


class UnknownName(Stop):
    """The command line names something the plan does not have."""

    code = 2


def open_plan(workspace: Workspace, *, keep: bool = True) -> Plan:
    """The validated plan of *workspace*; PlanInvalid (exit 3) with every fault otherwise.

    *keep*: a plan that had to be validated is cached for the next run; a dry run writes nothing.
    """
    try:
        return plan_of(workspace.home, keep=keep)
    except PlanError as error:
        lines = [str(fault) for fault in error.faults]
        raise PlanInvalid("\n".join([f"方案数据有 {len(lines)} 处错误，请改正后再运行：", *lines])) from None


def find_department(plan: Plan, name: str) -> str:
    """The canonical name of the department that *name* names, by alias too; UnknownName (exit 2) otherwise."""
    from xiangning_zyz.intake.names import Found, Names

    found = Names(plan).find("department", name)
    if isinstance(found, Found):
        return found.id
    near = f"您是不是要找“{found.suggestion}”？" if found.suggestion else ""
    raise UnknownName(f"方案中没有部门“{name}”。{near}部门名称可用 zyz matrix --by department 查看。")


def find_indicator(plan: Plan, name: str) -> str:
    """The id of the indicator that *name* names, by id, name or alias; UnknownName (exit 2) otherwise."""
    from xiangning_zyz.intake.names import Found, Names

    found = Names(plan).find("indicator", name)
    if isinstance(found, Found):
        return found.id
    near = f"您是不是要找“{found.suggestion}”？" if found.suggestion else ""
    raise UnknownName(f"方案中没有指标“{name}”。{near}可用：{'、'.join(i.id for i in plan.indicators)}。")


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
