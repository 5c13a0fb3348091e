"""Tasks, departments and who has reported: who owes what, and what was said of it."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from xiangning_zyz.analysis.words import percent
from xiangning_zyz.fact import Record, Recorded
from xiangning_zyz.figure import decimal, plain
from xiangning_zyz.plan import Task
from xiangning_zyz.report.blocks import Cell, Column, Figure, Table, Tone, plain_cell
from xiangning_zyz.report.compose.material import Material
from xiangning_zyz.report.duties import key_tasks
from xiangning_zyz.supervision.standing import STATE_WORDS, Item, Standing, State

# Shape and word, so that colour never stands alone; every shape is in GBK.
SHAPES: dict[State, str] = {
    "reported": "●",
    "zero": "◎",
    "late": "▲",
    "returned": "×",
    "partial": "△",
    "missing": "■",
    "pending": "○",
    "exempt": "－",
}
TONES: dict[State, Tone] = {
    "reported": "good",
    "zero": "good",
    "late": "warn",
    "returned": "bad",
    "partial": "warn",
    "missing": "bad",
    "pending": "dim",
    "exempt": "dim",
}
_IN = ("reported", "zero", "late")


def matrix_table(material: Material) -> Table:
    """Departments down, key tasks across: what has become of each pair in this period."""
    tasks = key_tasks(material.plan)
    states = _states(material)
    percents = {(each.what.subject, each.what.department): _percent_of(each) for each in _now(material)}
    owners = {duty.department for task in tasks for duty in task.departments}
    rows = tuple(
        (plain_cell(name), *(_pair(states.get((task.id, name)), percents.get((task.id, name), "")) for task in tasks))
        for name in (department.id for department in material.plan.departments if department.id in owners)
    )
    columns = (
        Column("department", "责任部门", 9),
        *(Column(task.id, task.no.strip("（）"), 4, "center", "mark") for task in tasks),
    )
    legend = "　".join(f"{SHAPES[state]}{STATE_WORDS[state]}" for state in SHAPES if state != "partial")
    names = "　".join(f"{task.no}{task.title}" for task in tasks)
    pairs = sum(len(task.departments) for task in tasks)
    notes = (f"{legend}　空白：不承担。共{pairs}项“任务×部门”，％为部门所报完成比例。", f"任务：{names}")
    return Table("matrix", "重点工作任务与部门报送情况表", columns, rows, notes)


def task_table(material: Material) -> Table:
    """One line a task: how many of its departments have reported, how far it has come, who is missing."""
    states = _states(material)
    rows = tuple(_task_row(material, task, states) for task in material.plan.tasks if task.departments)
    columns = (
        Column("no", "序号", 3, "center"),
        Column("title", "任务", 12),
        Column("due", "应报部门", 4, "right"),
        Column("reported", "已报部门", 4, "right"),
        Column("rate", "报送率", 5, "right", "bar", places=1, percent=True),
        Column("percent", "完成比例", 5, "right", "bar", places=1, percent=True),
        Column("missing", "未报部门", 26),
    )
    notes = (
        "完成比例为各部门所报的平均数；确定了牵头单位的，以牵头单位为准。按任务量说明推进情况，不是部门之间的排名。",
    )
    return Table("tasks", "重点任务进展情况表", columns, rows, notes)


def words_table(material: Material) -> Table:
    """What each department says of each of its tasks in this period."""
    said = {(each.what.subject, each.what.department): each for each in _now(material)}
    rows = tuple(
        _words_row(task, duty.department, said[task.id, duty.department])
        for task in material.plan.tasks
        for duty in task.departments
        if (task.id, duty.department) in said and material.department in ("", duty.department)
    )
    columns = (
        Column("no", "任务", 4, "center"),
        Column("department", "部门", 8),
        Column("percent", "完成比例", 5, "right", "bar", places=1, percent=True),
        Column("progress", "进展情况", 20),
        Column("problems", "存在问题", 12),
        Column("next", "下一步措施", 12),
    )
    return Table("words", "各部门任务进展", columns, rows, (), "（本期各部门没有报送任务进展）")


def department_table(material: Material) -> Table:
    """One line a department: how its reporting stands, and what is missing."""
    rows = tuple(_department_row(material, each) for each in material.standings)
    columns = (
        Column("department", "部门", 10),
        Column("state", "状态", 5),
        Column("due", "到期应报", 4, "right"),
        Column("reported", "已报", 4, "right"),
        Column("timely", "按时", 4, "right"),
        Column("rate", "报送率", 5, "right", "bar", places=1, percent=True),
        Column("missing", "未报事项", 20),
    )
    notes = ("按事项（指标、任务、项目）计数，豁免和未到期的不计。迟报按收到日判断，报后更正不算迟报。",)
    return Table("departments", "各部门报送情况表", columns, rows, notes)


def counts(material: Material) -> Counter[State]:
    """How many departments stand in each state."""
    return Counter(each.state for each in material.standings)


def names_in(material: Material, *states: State) -> list[str]:
    """The departments in any of *states*, in the plan's order."""
    return [each.department for each in material.standings if each.state in states]


def state_cell(state: State) -> Cell:
    """A reporting state in shape and word."""
    return plain_cell(SHAPES[state] + STATE_WORDS[state], TONES[state])


def missing_words(material: Material, items: Iterable[Item]) -> str:
    """What has not been reported, briefly: indicators by name, tasks by number, projects by count."""
    plan = material.plan
    owed = [item.owed for item in items]
    figures = [
        plan.indicator(each.item).name + (f"（{plan.segment(each.segment).name}）" if each.segment else "")
        for each in owed
        if each.kind == "indicator"
    ]
    tasks = dict.fromkeys(plan.task(each.item).no for each in owed if each.kind == "task")
    projects = {each.item for each in owed if each.kind == "project"}
    said = [*dict.fromkeys(figures)]
    if tasks:
        said.append(f"任务{''.join(tasks)}")
    if projects:
        said.append(f"重点项目{len(projects)}个")
    return "、".join(said)


def done_words(value: Decimal) -> str:
    """How much of a task is done, of 100: 40%, 33.3%; 99.96% is not yet 100%."""
    return f"{plain(decimal(percent(value / 100).removesuffix('%')))}%"


def _states(material: Material) -> dict[tuple[str, str], State]:
    """The state of each task and department, in the last round of the period."""
    last = material.period.last_month.ordinal
    items = (item for standing in material.standings for item in standing.items)
    tasks = (item for item in items if item.owed.kind == "task" and item.owed.period.ordinal == last)
    return {(item.owed.item, item.owed.department): item.state for item in tasks}


def _now(material: Material) -> list[Recorded[Record]]:
    """Task reports of the period's last month."""
    month = material.period.last_month
    return [each for each in material.words if each.what.kind == "task" and each.what.period.last_month == month]


def _percent_of(record: Recorded[Record]) -> str:
    return dict(record.what.fields).get("percent", "")


def _pair(state: State | None, percent_text: str) -> Cell:
    if state is None:
        return plain_cell("")
    more = f"{percent_text}%" if percent_text else ""
    return plain_cell(SHAPES[state] + STATE_WORDS[state] + more, TONES[state])


def _task_row(material: Material, task: Task, states: dict[tuple[str, str], State]) -> tuple[Cell, ...]:
    own = {duty.department: states.get((task.id, duty.department), "pending") for duty in task.departments}
    due = [department for department, state in own.items() if state != "exempt"]
    reported = [department for department in due if own[department] in _IN]
    missing = [department for department in due if own[department] in ("missing", "returned")]
    found = next(each for each in material.status.tasks if each.task.id == task.id)
    done = found.percent / 100 if found.percent is not None else None
    rate = Decimal(len(reported)) / len(due) if due else None
    sources = tuple(each for each in material.words if each.what.subject == task.id)
    return (
        plain_cell(task.no.strip("（）")),
        plain_cell(task.title),
        Cell((str(len(due)),), "", Decimal(len(due))),
        Cell((str(len(reported)),), "", Decimal(len(reported))),
        Cell((percent(rate),), "", rate, "{reported}/{due}") if rate is not None else plain_cell(""),
        Cell((Figure(done_words(done * 100), sources),), "", done) if done is not None else plain_cell(""),
        plain_cell("、".join(missing), "bad" if missing else ""),
    )


def _words_row(task: Task, department: str, record: Recorded[Record]) -> tuple[Cell, ...]:
    said = dict(record.what.fields)
    done = said.get("percent", "")
    words = said.get("progress", "") or said.get("state", "")
    return (
        plain_cell(task.no.strip("（）")),
        plain_cell(department),
        Cell((Figure(f"{done}%", (record,)),), "", decimal(done) / 100) if done else plain_cell(""),
        Cell((Figure(words, (record,)),)) if words else plain_cell(""),
        plain_cell(said.get("problems", "")),
        plain_cell(said.get("next", "")),
    )


def _department_row(material: Material, standing: Standing) -> tuple[Cell, ...]:
    rates = standing.rates
    missing = [item for item in standing.items if item.overdue]
    counted = (rates.due, rates.reported, rates.on_time)
    return (
        plain_cell(standing.department),
        state_cell(standing.state),
        *(Cell((plain(Decimal(count)),), "", Decimal(count)) for count in counted),
        Cell((percent(rates.completeness),), "", rates.completeness, "{reported}/{due}")
        if rates.completeness is not None
        else plain_cell(""),
        plain_cell(missing_words(material, missing), "bad" if missing else ""),
    )
