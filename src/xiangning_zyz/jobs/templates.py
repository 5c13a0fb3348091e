"""Fill-in workbooks for departments, each pre-filled with what the department said last."""

from datetime import date
from pathlib import Path

from xiangning_zyz.aside import write_aside
from xiangning_zyz.fact import Fact
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.duties import reported_by


def write_templates(plan: Plan, ledger: Ledger, period: Period, only: str | None, folder: Path, on: date) -> list[Path]:
    """Write one template for *only*, or for every department that has something to report; say where."""
    from xiangning_zyz.report.template import write_template

    last: list[Fact] = [*(each.what for each in ledger.facts()), *(each.what for each in ledger.records())]
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for department in plan.departments:
        if only is None and not _owes(plan, department.id):
            continue
        if only is not None and department.id != only:
            continue
        own = [fact for fact in last if fact.department == department.id]
        target = folder / f"{department.id}_{period}.xlsx"
        write_aside(target, write_template(plan, department.id, period, own, on=on))
        written.append(target)
    return written


def _owes(plan: Plan, department: str) -> bool:
    tasks = any(duty.department == department for task in plan.tasks for duty in task.departments)
    return tasks or bool(reported_by(plan, department))
