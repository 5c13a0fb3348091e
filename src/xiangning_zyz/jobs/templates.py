"""Fill-in workbooks for departments, each showing what the department said last."""

from datetime import date
from pathlib import Path

from xiangning_zyz.aside import write_aside
from xiangning_zyz.fact import Fact
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.template import asked, write_template


def write_templates(
    plan: Plan, ledger: Ledger, period: Period, only: str | None, folder: Path, on: date
) -> tuple[Path, ...]:
    """Write a template for *only*, or for every department that owes something for *period*; say where."""
    last: list[Fact] = [*(each.what for each in ledger.facts()), *(each.what for each in ledger.records())]
    wanted = [only] if only is not None else [department.id for department in plan.departments]
    owing = [department for department in wanted if not asked(plan, department, period).nothing]
    if owing:
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for department in owing:
        own = [fact for fact in last if fact.department == department]
        target = folder / f"{department}_{period}.xlsx"
        write_aside(target, write_template(plan, department, period, own, on=on))
        written.append(target)
    return tuple(written)
