"""The course of each goal as a chart: values reported, plan line, milestones, forecasts."""

from collections.abc import Iterator
from decimal import Decimal, localcontext

from xiangning_zyz.analysis.forecast import Forecast
from xiangning_zyz.analysis.gap import Gap
from xiangning_zyz.analysis.plan_line import milestone_month, plan_points, year_target
from xiangning_zyz.analysis.series import Figure as Value
from xiangning_zyz.analysis.series import Series
from xiangning_zyz.analysis.words import amount, between, by_words, goal_words, span
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator
from xiangning_zyz.report.blocks import Band, Cell, Chart, Column, Figure, Mark, Table, plain_cell
from xiangning_zyz.report.compose.goals import number_cell
from xiangning_zyz.report.compose.material import Material
from xiangning_zyz.report.gap import chance, rough

_KIND = {"stock": "期末数", "flow": "当年累计", "ratio": "比率"}


def charts(material: Material) -> tuple[Chart, ...]:
    """One chart for each goal with milestones, in the plan's order."""
    return tuple(_chart(material, gap) for gap in material.gaps if gap.judgement.indicator.milestones)


def _chart(material: Material, gap: Gap) -> Chart:
    plan, indicator = material.plan, gap.judgement.indicator
    course = material.courses[indicator.id]
    with localcontext(PRECISE):
        line = tuple(_line(material, indicator))
    milestones = tuple(
        Mark(milestone_month(each).ordinal, each.value, f"{by_words(each)}{goal_words(each, indicator.unit)}")
        for each in indicator.milestones
    )
    bands = {one.milestone.by: one for one in reversed(gap.outlook.forecasts)}  # the method named first stays
    forecast = tuple(
        Band(milestone_month(one.milestone).ordinal, one.low, one.value, one.high, rough(one.value) + indicator.unit)
        for _, one in sorted(bands.items())
    )
    months = [*course.figures, *(each.month for each in milestones)]
    first = min([Period.month_of(plan.start).ordinal, *months])
    last = max([Period.month_of(plan.end).ordinal, *months])
    title = f"{indicator.name}（{indicator.unit}，{_KIND[indicator.kind]}）"
    return Chart(
        name=f"chart-{indicator.id}",
        subject=indicator.name,
        title=title,
        unit=indicator.unit,
        alt=_alt(gap),
        first=first,
        last=last,
        history=tuple(_runs(course)),
        line=line,
        milestones=milestones,
        forecast=forecast,
        table=_data(material, gap, course),
    )


def _alt(gap: Gap) -> str:
    judgement = gap.judgement
    unit = judgement.indicator.unit
    said = "；".join(f"{by_words(each)}{goal_words(each, unit)}" for each in judgement.indicator.milestones)
    return f"{judgement.indicator.name}走势图。{judgement.reason}节点目标：{said}。"


def _runs(course: Series) -> Iterator[tuple[Mark, ...]]:
    """A flow starts anew every January, so each year is a run of its own; stocks and ratios are one run."""
    flow = course.indicator.kind == "flow"
    runs: dict[int, list[Mark]] = {}
    for month, figure in course.figures.items():
        text = amount(figure.value, course.indicator.unit)
        runs.setdefault(month // 12 if flow else 0, []).append(Mark(month, figure.value, text))
    return (tuple(run) for run in runs.values())


def _line(material: Material, indicator: Indicator) -> Iterator[tuple[Mark, ...]]:
    """The plan line: of a stock from point to point, of a flow from nothing to each year's target."""
    plan = material.plan
    if indicator.kind != "flow":
        points = plan_points(plan, indicator)
        if len(points) > 1 and indicator.kind == "stock":
            yield tuple(Mark(each.month.ordinal, each.value, "") for each in points)
        return
    for year in range(plan.start.year, plan.end.year + 1):
        target = year_target(plan, indicator, year)
        if target is not None:
            start = Mark(year * 12 - 1, Decimal(0), "")
            yield (start, Mark(year * 12 + target.months - 1, target.value, ""))


def _data(material: Material, gap: Gap, course: Series) -> Table:
    indicator = course.indicator
    rows = [_value_row(indicator, each) for each in course.figures.values()]
    rows += [
        (
            plain_cell(f"{by_words(each)}目标"),
            number_cell(goal_words(each, indicator.unit), each.value),
            plain_cell("方案"),
        )
        for each in indicator.milestones
    ]
    rows += [
        (
            plain_cell(f"{by_words(one.milestone)}预测"),
            number_cell(_forecast_words(one, indicator), one.value),
            plain_cell(f"达标概率{chance(one.probability)}"),
        )
        for one in gap.outlook.forecasts
    ]
    columns = (Column("month", "时间", 8), Column("value", "数值", 10, "right"), Column("from", "出处", 14))
    notes = (gap.outlook.note + "。",) if gap.outlook.note else ()
    return Table(f"data-{indicator.id}", f"{indicator.name}数据", columns, tuple(rows), notes)


def _forecast_words(one: Forecast, indicator: Indicator) -> str:
    """The central value with its 80 % interval: 68.3户（67.5～69.1户）."""
    return f"{rough(one.value)}{indicator.unit}（{between(rough(one.low), rough(one.high), indicator.unit)}）"


def _value_row(indicator: Indicator, figure: Value) -> tuple[Cell, ...]:
    source = figure.sources[-1].what
    where = f"{source.department}《{source.cell.file}》{source.cell.sheet}!{source.cell.ref}"
    return (
        plain_cell(span(figure.month, indicator.kind)),
        number_cell(amount(figure.value, indicator.unit), figure.value, Figure("", figure.sources)),
        plain_cell(where),
    )
