"""Commands about the plan itself: init, check, schema, matrix, department, tasks, projects."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from xiangning_zyz.cli.command import PRINTS, READS, command
from xiangning_zyz.cli.desk import Desk
from xiangning_zyz.cli.screen import put_text
from xiangning_zyz.cli.usage import wrong
from xiangning_zyz.report import duties

if TYPE_CHECKING:
    from xiangning_zyz.plan import Plan
    from xiangning_zyz.supervision.progress import ProjectProgress, TaskProgress


class View(StrEnum):
    """How the matrix is laid out."""

    GRID = "grid"
    TASK = "task"
    DEPARTMENT = "department"


class SchemaName(StrEnum):
    """The plan's files."""

    TARGETS = "targets"
    TASKS = "tasks"
    RULES = "rules"
    CONTACTS = "contacts"


@command()
def init(
    desk: Desk,
    folder: Annotated[
        Path | None, Argument(metavar="文件夹", help="新工作区的位置，默认 --home 所指或当前文件夹")
    ] = None,
) -> None:
    """在文件夹中建立新工作区，放入乡宁县方案的数据文件。"""
    from xiangning_zyz.jobs.plans import make_workspace

    workspace = make_workspace(folder or desk.home or Path())
    desk.say(f"已建立工作区 {workspace.home.resolve()}\n方案数据在 {workspace.data}，可用 zyz check 检查。")


@command()
def check(
    desk: Desk,
    source: Annotated[
        Path | None, Option("--source", metavar="文件", help="方案原文（文本），核对每处引文和数字")
    ] = None,
) -> int:
    """检查方案数据：一次列出全部错误（退出码 1）和提醒（退出码 0）。"""
    from xiangning_zyz.intake.contacts import contact_faults
    from xiangning_zyz.intake.plan.load import check_plan

    if source is not None and not source.is_file():
        raise wrong(f"--source 指定的 {source} 不存在。")
    data = desk.workspace.data
    faults = check_plan(data, source)
    if all(fault.severity == "warning" for fault in faults):
        faults = (*faults, *contact_faults(data))
    put_text("".join(f"{fault}\n" for fault in faults))
    errors = sum(fault.severity == "error" for fault in faults)
    desk.say(f"错误 {errors} 处，提醒 {len(faults) - errors} 处。")
    return 1 if errors else 0


@command()
def schema(
    desk: Desk,
    name: Annotated[
        SchemaName, Argument(metavar="[名称]", help="targets、tasks、rules 或 contacts")
    ] = SchemaName.TARGETS,
) -> None:
    """输出方案数据文件的 JSON Schema，供编辑器提示和检查。"""
    from xiangning_zyz.intake.plan.schema import json_schema
    from xiangning_zyz.report.json_text import to_json

    del desk
    put_text(to_json(json_schema(name.value)))


@command(PRINTS)
def matrix(
    desk: Desk,
    by: Annotated[View, Option("--by", metavar="方式", help="grid 矩阵、task 按任务、department 按部门")] = View.GRID,
) -> None:
    """任务与责任部门对照。"""
    plan = desk.plan()
    views = {
        View.GRID: duties.matrix_grid,
        View.TASK: duties.matrix_by_task,
        View.DEPARTMENT: duties.matrix_by_department,
    }
    desk.put(views[by](plan), duties.matrix_json(plan))


@command(PRINTS, READS)
def department(desk: Desk, name: Annotated[str, Argument(metavar="部门", help="部门名称或别名")]) -> None:
    """一个部门的全部职责：任务、报送指标、重点项目，最近报送的进展，未销号的问题。"""
    from xiangning_zyz.jobs.issues import known_issues
    from xiangning_zyz.jobs.plans import find_department
    from xiangning_zyz.report.issues import issue_json, issue_listings

    plan = desk.plan()
    canonical = find_department(plan, name)
    said, told = _progress(desk, plan)
    with desk.ledger(plan) as ledger:
        issues = known_issues(plan, ledger, desk.day, desk.known_at)
    own = [issue for issue in issues if canonical in issue.responsible and issue.closed is None]
    listings = duties.department_listings(plan, canonical, said, told)
    if own:
        listings += issue_listings(plan, own, desk.day, title=f"未销号的问题 {len(own)} 项", brief=desk.form == "table")
    answer = duties.department_json(plan, canonical, said, told)
    desk.put(listings, {**answer, "issues": [issue_json(issue, desk.day) for issue in own]})


@command(PRINTS, READS)
def tasks(desk: Desk, measures: Annotated[bool, Option("--measures", help="列出每项任务的具体措施")] = False) -> None:
    """重点工作和保障措施清单，各部门报送的进展，年度工作安排。"""
    plan = desk.plan()
    said, _ = _progress(desk, plan)
    desk.put(duties.tasks_listings(plan, said, measures=measures), duties.tasks_json(plan, said))


@command(PRINTS, READS)
def projects(desk: Desk) -> None:
    """方案点名的重点项目：阶段、投资、进展、逾期。"""
    plan = desk.plan()
    _, told = _progress(desk, plan)
    desk.put(duties.projects_listings(plan, told), duties.projects_json(told))


def _progress(desk: Desk, plan: "Plan") -> "tuple[tuple[TaskProgress, ...], tuple[ProjectProgress, ...]]":
    from xiangning_zyz.supervision.progress import project_progress, task_progress

    with desk.ledger(plan) as ledger:
        records = ledger.records(desk.known_at)
    return task_progress(plan, records, desk.day), project_progress(plan, records, desk.day)
