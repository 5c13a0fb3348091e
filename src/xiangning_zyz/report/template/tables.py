"""The tables of a template: which columns they have and what stands in each cell."""

from collections.abc import Sequence
from decimal import Decimal

from xiangning_zyz.figure import plain
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Plan, Project, Task
from xiangning_zyz.report.template.asked import Asked, Figure
from xiangning_zyz.report.template.last_words import LastWords, span
from xiangning_zyz.report.template.page import Choices, Column, Numbers, Quoted, Strong, Table, Words
from xiangning_zyz.template_mark import LAST_REPORTED

THIS = {"month": "本月", "quarter": "本季", "half": "本半年", "year": "本年"}
_CHANGED = Choices(("有变化", "无变化"))
_STAGES = Choices(("储备", "前期", "在建", "停工", "竣工"))
_PERCENT = Numbers("0", "100", "填0到100的数字，如40表示完成40%。", "只填0到100的数字，如40表示完成40%。")
_AMOUNT = Numbers("0", "100000000", "单位：万元。", "只填数字，单位万元。")
_WIDEST = Decimal(10**15)  # fifteen digits: what a spreadsheet keeps exactly


def tables(plan: Plan, wanted: Asked, last: LastWords, period: Period) -> list[Table]:
    """A table for each kind of thing that is asked."""
    made = []
    if wanted.figures:
        made.append(_figures(plan, wanted.figures, last, period))
    if wanted.tasks:
        made.append(_tasks(wanted.tasks, last, period))
    if wanted.projects:
        made.append(_projects(wanted.projects, last, period))
    return made


def _figures(plan: Plan, figures: Sequence[Figure], last: LastWords, period: Period) -> Table:
    """Stocks and ratios are asked at the period's end, flows from January on; each has its own column."""
    flows = {figure.indicator.kind == "flow" for figure in figures}
    parted = any(figure.indicator.segments for figure in figures)
    point, cumulative = span(period.last_month, "point"), span(period.last_month, "cumulative")
    columns = [
        Column("指标", 28),
        *([Column("板块", 13)] if parted else []),
        Column("单位", 8, centred=True),
        *([Column(f"期末数\n（{point}）", 17)] if False in flows else []),
        *([Column(f"本年累计\n（{cumulative}）", 18)] if True in flows else []),
        Column(LAST_REPORTED, 24, centred=True),
        Column(f"{THIS[period.frequency]}\n有无变化", 10),
        Column("备注", 26),
    ]
    names = {segment.id: segment.name for segment in plan.segments}
    rows = []
    for indicator, segment in figures:
        is_flow = indicator.kind == "flow"
        part = ("合计" if segment is None else names.get(segment, segment)) if indicator.segments else ""
        blank = _number(indicator, part, cumulative if is_flow else point)
        rows.append(
            (
                Strong(indicator.name) if segment is None else indicator.name,
                *([part] if parted else []),
                indicator.unit,
                *(blank if flow == is_flow else Quoted() for flow in sorted(flows)),
                Quoted(last.figure(Figure(indicator, segment))),
                _CHANGED,
                Words(),
            )
        )
    return Table("指标", tuple(columns), tuple(rows), lines=1)


def _number(indicator: Indicator, part: str, of: str) -> Numbers:
    """The cell of one figure: any number, or one in the plausible range where the office set one."""
    name = f"{indicator.name}（{part}）" if part else indicator.name
    prompt = f"{name}：{of}，单位{indicator.unit}。只填数字。"
    if indicator.range is None and indicator.limit is None:
        error = f"只填数字，单位{indicator.unit}；说明文字请写在备注栏。"
        return Numbers(plain(-_WIDEST), plain(_WIDEST), prompt, error)
    low, high = map(plain, indicator.range or (-_WIDEST, indicator.limit or _WIDEST))
    error = f"只填数字，单位{indicator.unit}，合理范围{low}～{high}；说明文字请写在备注栏。"
    return Numbers(low, high, prompt, error)


def _tasks(tasks: Sequence[Task], last: LastWords, period: Period) -> Table:
    columns = (
        Column("任务编号", 10, centred=True),
        Column("任务名称", 24),
        Column(LAST_REPORTED, 34),
        Column(f"{THIS[period.frequency]}\n有无变化", 10),
        Column("完成比例\n（%）", 10),
        Column("进展情况", 38),
        Column("存在问题", 24),
        Column("下一步措施", 24),
    )
    rows = tuple(
        (task.id, task.title, Quoted(last.task(task.id)), _CHANGED, _PERCENT, Words(), Words(), Words())
        for task in tasks
    )
    return Table("任务进展", columns, rows, lines=3)


def _projects(projects: Sequence[Project], last: LastWords, period: Period) -> Table:
    columns = (
        Column("项目编号", 10, centred=True),
        Column("项目名称", 22),
        Column(LAST_REPORTED, 30),
        Column(f"{THIS[period.frequency]}\n有无变化", 10),
        Column("建设阶段", 9),
        Column("计划总投资\n（万元）", 11),
        Column("累计完成投资\n（万元）", 11),
        Column("开工时间", 11),
        Column("竣工时间", 11),
        Column("形象进度", 26),
        Column("存在问题", 20),
        Column("下一步措施", 20),
    )
    to_fill = (_CHANGED, _STAGES, _AMOUNT, _AMOUNT, Words(), Words(), Words(), Words(), Words())
    rows = tuple((project.id, project.name, Quoted(last.project(project.id)), *to_fill) for project in projects)
    return Table("项目进展", columns, rows, lines=3)
