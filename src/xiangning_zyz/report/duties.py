"""Who is responsible for what: matrix, one department's duties, tasks, projects (CONTRACT §5)."""

from collections.abc import Sequence

from xiangning_zyz.plan import Duty, Indicator, Plan, Project, SourceBasis, Task
from xiangning_zyz.report import progress
from xiangning_zyz.report.listing import Listing
from xiangning_zyz.supervision.progress import ProjectProgress, TaskProgress

_BASIS = {"stated": "", "inferred": "（推定）", "office": "（专班办公室定）"}
_MARK = {"牵头": "★"}
_FREQUENCY = {"month": "每月", "quarter": "每季", "half": "每半年", "year": "每年"}
_KIND = {"stock": "时点数", "flow": "当年累计", "ratio": "比率"}
_NO_LEAD = "方案未明确牵头单位；由专班办公室在 rules.yaml 的 leads 中确定后显示为 ★。"

_TOWNSHIP = "乡镇列入考核，不承担方案任务，不必按期报送。"


def marked(text: str, basis: SourceBasis) -> str:
    """*text* with a mark where the plan does not say it itself."""
    return text + _BASIS[basis]


def key_tasks(plan: Plan) -> tuple[Task, ...]:
    """The numbered key tasks (重点工作), without the guarantee measures."""
    return tuple(task for task in plan.tasks if task.kind == "key")


def matrix_json(plan: Plan) -> dict[str, object]:
    """`zyz/matrix@1`: each key task with its departments in the plan's order."""
    return {
        "schema": "zyz/matrix@1",
        "tasks": [
            {
                "task": task.id,
                "no": task.no,
                "kind": task.kind,
                "title": task.title,
                "departments": [duty._asdict() for duty in task.departments],
            }
            for task in key_tasks(plan)
        ],
    }


def matrix_grid(plan: Plan) -> tuple[Listing, ...]:
    """Departments down, tasks across; a mark where a department is responsible, and the counts."""
    tasks = key_tasks(plan)
    roles = {(task.id, duty.department): duty.role for task in tasks for duty in task.departments}
    owners = _owners(plan)
    rows = [
        (
            name,
            *(_MARK.get(roles[task.id, name], "●") if (task.id, name) in roles else "" for task in tasks),
            str(sum((task.id, name) in roles for task in tasks)),
        )
        for name in owners
    ]
    total = ("合计", *(str(len(task.departments)) for task in tasks), str(len(roles)))
    heads = ("责任部门", *(task.no.strip("（）") for task in tasks), "合计")
    notes = (f"● 责任部门　★ 牵头单位　共 {len(owners)} 个部门、{len(roles)} 项“任务×部门”。", *_lead_note(tasks))
    return (Listing(f"{plan.document} 重点工作责任分工", heads, (*rows, total), notes, frozenset({len(heads) - 1})),)


def matrix_by_task(plan: Plan) -> tuple[Listing, ...]:
    """One line a task: how many departments, and which, in the plan's order."""
    tasks = key_tasks(plan)
    rows = tuple(
        (task.no, task.title, str(len(task.departments)), "、".join(_duty(duty) for duty in task.departments))
        for task in tasks
    )
    heads = ("序号", "重点工作", "部门数", "责任部门")
    return (Listing(f"{plan.document} 重点工作责任部门", heads, rows, _lead_note(tasks), frozenset({2})),)


def matrix_by_department(plan: Plan) -> tuple[Listing, ...]:
    """One line a department: how many tasks, and which."""
    tasks = key_tasks(plan)
    rows = []
    for name in _owners(plan):
        own = [task for task in tasks if any(duty.department == name for duty in task.departments)]
        rows.append((name, str(len(own)), "".join(task.no for task in own)))
    return (
        Listing(f"{plan.document} 各部门承担任务", ("责任部门", "任务数", "承担任务"), tuple(rows), (), frozenset({1})),
    )


def department_json(
    plan: Plan, department: str, tasks: Sequence[TaskProgress] = (), projects: Sequence[ProjectProgress] = ()
) -> dict[str, object]:
    """`zyz/department@1`: one department's tasks, indicators and projects, and its last words on them."""
    item = plan.department(department)
    return {
        "schema": "zyz/department@1",
        "department": item.id,
        "full_name": item.full_name,
        "aliases": list(item.aliases),
        "kind": item.kind,
        "tasks": [
            {"task": task.id, "no": task.no, "title": task.title, "role": duty.role, "basis": duty.basis}
            for task, duty in _tasks_of(plan, department)
        ],
        "indicators": [
            {"indicator": i.id, "name": i.name, "unit": i.unit, "frequency": i.frequency}
            for i in reported_by(plan, department)
        ],
        "projects": [_project_json(project) for project in plan.projects if department in project.departments],
        "progress": [progress.word_json(word) for _, word in progress.words_by(department, tasks, projects)],
    }


def department_listings(
    plan: Plan, department: str, said: Sequence[TaskProgress] = (), told: Sequence[ProjectProgress] = ()
) -> tuple[Listing, ...]:
    """One department's whole duty list for people, and its last words on tasks (*said*) and projects (*told*)."""
    item = plan.department(department)
    tasks = tuple(
        (task.no, task.title, duty.role, task.clause, _indicator_names(plan, task))
        for task, duty in _tasks_of(plan, department)
    )
    indicators = tuple(
        (i.name, i.unit, _KIND[i.kind], _FREQUENCY[i.frequency], _segments(plan, i))
        for i in reported_by(plan, department)
    )
    projects = tuple(
        (project.id, marked(project.name, project.basis), plan.task(project.task).no)
        for project in plan.projects
        if department in project.departments
    )
    title = item.id if item.full_name in ("", item.id) else f"{item.id}（{item.full_name}）"
    notes = (_TOWNSHIP,) if item.kind == "township" else ()
    return (
        Listing(f"{title}　承担任务 {len(tasks)} 项", ("序号", "任务", "角色", "条款", "对应指标"), tasks, notes),
        Listing(f"报送指标 {len(indicators)} 项", ("指标", "单位", "口径", "频次", "板块"), indicators),
        Listing(f"重点项目 {len(projects)} 个", ("编号", "项目", "所属任务"), projects),
        *progress.department_listings(said, told, department),
    )


def tasks_json(plan: Plan, said: Sequence[TaskProgress]) -> dict[str, object]:
    """`zyz/tasks@1`: key tasks and guarantee measures with their steps, and what was *said* on each."""
    return {
        "schema": "zyz/tasks@1",
        "tasks": [
            {
                "task": task.id,
                "no": task.no,
                "kind": task.kind,
                "title": task.title,
                "clause": task.clause,
                "departments": [duty._asdict() for duty in task.departments],
                "measures": [measure._asdict() for measure in task.measures],
                "indicators": list(task.indicators),
                **progress.task_json(words),
            }
            for task, words in zip(plan.tasks, said, strict=True)
        ],
        "working_group": [member._asdict() for member in plan.working_group],
    }


def tasks_listings(plan: Plan, said: Sequence[TaskProgress], *, measures: bool) -> tuple[Listing, ...]:
    """Key tasks, guarantee measures, the working group, and what was *said*; with *measures* every step too."""
    heads = ("编号", "序号", "任务", "部门数", "措施数", "对应指标")
    key = tuple(_task_row(plan, task) for task in key_tasks(plan))
    guarantee = tuple(_task_row(plan, task) for task in plan.tasks if task.kind == "guarantee")
    listings = [
        Listing("重点工作", heads, key, (), frozenset({3, 4})),
        Listing("保障措施（由工作专班负责）", heads, guarantee, (), frozenset({3, 4})),
        Listing("工作专班组成", ("角色", "由谁担任"), tuple((m.role, m.who) for m in plan.working_group)),
    ]
    if measures:
        rows = tuple((m.id, t.no, marked(m.text, m.basis)) for t in plan.tasks for m in t.measures)
        listings.append(Listing("具体措施", ("编号", "任务", "措施"), rows))
    return (*listings, *progress.task_listings(said))


def projects_json(told: Sequence[ProjectProgress]) -> dict[str, object]:
    """`zyz/projects@1`: the plan's named projects, and what was *told* of each."""
    projects = [_project_json(each.project) | progress.project_json(each) for each in told]
    return {"schema": "zyz/projects@1", "projects": projects}


def projects_listings(plan: Plan, told: Sequence[ProjectProgress]) -> tuple[Listing, ...]:
    """The plan's named projects for people, and what was *told* of them."""
    rows = tuple(
        (project.id, marked(project.name, project.basis), plan.task(project.task).no, "、".join(project.departments))
        for project in plan.projects
    )
    named = Listing(f"{plan.document} 重点项目", ("编号", "项目", "所属任务", "责任部门"), rows)
    return (named, *progress.project_listings(told))


def reported_by(plan: Plan, department: str) -> tuple[Indicator, ...]:
    """Indicators for which this department is the reporter, wholly or for a segment."""
    return tuple(
        i
        for i in plan.indicators
        if department in i.reporters or any(name == department for _, name in i.segment_reporters)
    )


def _owners(plan: Plan) -> list[str]:
    """Departments that own a key task, in the order in which the plan declares them."""
    named = {duty.department for task in key_tasks(plan) for duty in task.departments}
    return [department.id for department in plan.departments if department.id in named]


def _tasks_of(plan: Plan, department: str) -> list[tuple[Task, Duty]]:
    return [(task, duty) for task in plan.tasks for duty in task.departments if duty.department == department]


def _lead_note(tasks: tuple[Task, ...]) -> tuple[str, ...]:
    led = any(duty.role == "牵头" for task in tasks for duty in task.departments)
    return () if led else (_NO_LEAD,)


def _duty(duty: Duty) -> str:
    return f"{_MARK.get(duty.role, '')}{marked(duty.department, duty.basis)}"


def _indicator_names(plan: Plan, task: Task) -> str:
    return "、".join(plan.indicator(name).name for name in task.indicators)


def _segments(plan: Plan, indicator: Indicator) -> str:
    return "、".join(plan.segment(name).name for name in indicator.segments)


def _task_row(plan: Plan, task: Task) -> tuple[str, ...]:
    counts = (str(len(task.departments)), str(len(task.measures)))
    return (task.id, task.no, task.title, *counts, _indicator_names(plan, task))


def _project_json(project: Project) -> dict[str, object]:
    return {
        "project": project.id,
        "name": project.name,
        "task": project.task,
        "departments": list(project.departments),
        "quote": project.quote,
        "basis": project.basis,
    }
