"""Progress of tasks and projects, as tables and JSON: what was said, by whom, and who says nothing."""

from collections.abc import Iterable, Sequence

from xiangning_zyz.analysis.words import amount, percent
from xiangning_zyz.period import Period
from xiangning_zyz.report.listing import Field, Listing, Tone
from xiangning_zyz.report.status_json import figure_text
from xiangning_zyz.supervision.progress import ProjectProgress, Silent, Step, StepState, TaskProgress, Word

_STEPS: dict[StepState, tuple[str, Tone]] = {
    "done": ("已完成", "good"),
    "done_late": ("逾期完成", "warn"),
    "overdue": ("逾期未完成", "bad"),
    "open": ("未到期", ""),
}
_TEN_THOUSAND = "万元"


def task_listings(progress: Sequence[TaskProgress]) -> tuple[Listing, ...]:
    """What departments last said on each task, who was silent, and the yearly work plan, as far as there are any."""
    words = [(each.task.no, word) for each in progress for word in each.words]
    listings = []
    if words:
        heads = ("任务", "部门", "报告期", "完成", "进展情况", "存在问题", "下一步", "备注")
        rows = tuple((no, *_said(word)) for no, word in words)
        listings.append(Listing("各部门最近报送的进展", heads, rows, (), frozenset({3})))
        silent = tuple((each.task.no, _silent_words(each.silent)) for each in progress if each.silent)
        listings.append(Listing("上个月没有报送进展的部门", ("任务", "部门（最近一次报送）"), silent))
    steps = [(each.task.no, step) for each in progress for step in each.steps]
    if steps:
        listings.append(_work_plan(steps))
    return tuple(listings)


def task_json(progress: TaskProgress) -> dict[str, object]:
    """What `zyz/tasks@1` adds to one task."""
    return {
        "percent": figure_text(progress.status.percent),
        "reported": len(progress.status.reported),
        "due": len(progress.status.due),
        "words": [word_json(word) for word in progress.words],
        "silent": [
            {"department": each.department, "last": str(each.last) if each.last else None} for each in progress.silent
        ],
        "work_plan": [_step_json(step) for step in progress.steps],
    }


def project_listings(progress: Sequence[ProjectProgress]) -> tuple[Listing, ...]:
    """Stage, investment and delays of each project that somebody has reported on; nothing where nobody has."""
    told = [each for each in progress if each.words]
    if not told:
        return ()
    heads = (
        "编号",
        "项目",
        "报告期",
        "报送单位",
        "阶段",
        "计划投资",
        "完成投资",
        "完成率",
        "形象进度",
        "存在问题",
        "下一步",
        "提示",
    )
    rows = tuple(_project_row(each) for each in told)
    notes = ("投资按各单位最近一次所报；逾期按所报的开工、竣工时间判断。",)
    return (Listing("项目进展", heads, rows, notes, frozenset({5, 6, 7})),)


def project_json(progress: ProjectProgress) -> dict[str, object]:
    """What `zyz/projects@1` adds to one project; investment in 万元."""
    return {
        "reporters": list(progress.project.reporters),
        "stage": progress.stage or None,
        "planned_investment": figure_text(progress.planned),
        "done_investment": figure_text(progress.done),
        "investment_unit": _TEN_THOUSAND,
        "share": figure_text(progress.share),
        "delays": list(progress.delays),
        "words": [word_json(word) for word in progress.words],
    }


def department_listings(
    tasks: Sequence[TaskProgress], projects: Sequence[ProjectProgress], department: str
) -> tuple[Listing, ...]:
    """What one department last said on its tasks and projects; nothing where it never said anything."""
    words = words_by(department, tasks, projects)
    if not words:
        return ()
    heads = ("事项", "报告期", "完成", "进展情况", "存在问题", "下一步", "备注")
    rows = tuple((name, *_said(word)[1:]) for name, word in words)
    return (Listing("最近报送的进展", heads, rows, (), frozenset({2})),)


def words_by(
    department: str, tasks: Iterable[TaskProgress], projects: Iterable[ProjectProgress]
) -> list[tuple[str, Word]]:
    """One department's last words, each with the number of the task or the name of the project."""
    told = [(each.task.no, each.words) for each in tasks] + [(each.project.name, each.words) for each in projects]
    return [(name, word) for name, words in told for word in words if word.department == department]


def word_json(word: Word) -> dict[str, object]:
    """One department's last word, with the cell it stood in."""
    record = word.report.what
    return {
        record.kind: record.subject,
        "department": record.department,
        "period": str(record.period),
        "percent": figure_text(word.percent),
        "fields": dict(record.fields),
        "zero": word.zero,
        "copied": word.copied,
        "received": word.report.received.isoformat(),
        "from": {
            "file": record.cell.file,
            "sheet": record.cell.sheet,
            "ref": record.cell.ref,
            "import_id": word.report.import_id,
        },
    }


def _said(word: Word) -> tuple[str | Field, ...]:
    """Department, period, percent, words and remark."""
    remarks = ("与上期文字相同",) if word.copied else ("零报告",) if word.zero else ()
    return (
        word.department,
        word.period.label,
        amount(word.percent, "%") if word.percent is not None else "",
        word.said("progress") or word.said("changed"),
        word.said("problems"),
        word.said("next"),
        Field("、".join(remarks), "warn" if word.copied else "dim"),
    )


def _silent_words(silent: Iterable[Silent]) -> str:
    by_last: dict[Period | None, list[str]] = {}
    for each in silent:
        by_last.setdefault(each.last, []).append(each.department)
    never = by_last.pop(None, [])
    known = [f"{'、'.join(names)}（{last.label}）" for last, names in sorted(by_last.items(), reverse=True) if last]
    return "；".join([*known, *([f"{'、'.join(never)}（从未报送）"] if never else [])])


def _work_plan(steps: Iterable[tuple[str, Step]]) -> Listing:
    rows = tuple(
        (no, step.plan.step, step.plan.department or "各责任部门", step.plan.by.isoformat(), _step_field(step))
        for no, step in steps
    )
    return Listing("年度工作安排", ("任务", "推进措施", "由谁完成", "时限", "状态"), rows)


def _step_field(step: Step) -> Field:
    word, tone = _STEPS[step.state]
    return Field(f"{word}（{step.plan.done}）" if step.plan.done and step.state != "overdue" else word, tone)


def _step_json(step: Step) -> dict[str, object]:
    plan = step.plan
    return {
        "step": plan.step,
        "department": plan.department,
        "by": plan.by.isoformat(),
        "done": plan.done.isoformat() if plan.done else None,
        "state": step.state,
        "decided_by": plan.decided_by,
        "on": plan.on.isoformat(),
    }


def _project_row(progress: ProjectProgress) -> tuple[str | Field, ...]:
    latest = progress.words[0]
    hints = [*progress.delays, *(["与上期文字相同"] if latest.copied else [])]
    return (
        progress.project.id,
        progress.project.name,
        latest.period.label,
        latest.department,
        progress.stage,
        amount(progress.planned, _TEN_THOUSAND) if progress.planned is not None else "",
        amount(progress.done, _TEN_THOUSAND) if progress.done is not None else "",
        percent(progress.share) if progress.share is not None else "",
        latest.said("progress") or latest.said("changed"),
        latest.said("problems"),
        latest.said("next"),
        Field("；".join(hints), "warn"),
    )
