"""A goal's course as Excel's own chart, over dates, and the data sheet behind it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from xiangning_zyz.period import Period
from xiangning_zyz.report.blocks import Band, Chart, Mark
from xiangning_zyz.report.cell_text import cell_text

SHEET = "走势数据"
COLUMNS = 9  # of the data sheet that one chart takes: month and value of four strands, and a gap
FIRST_ROW = 2
_BLUE, _ORANGE, _SOFT, _GRID = "#1D4ED8", "#9A3412", "#52606D", "#D9E2EC"
_WIDE, _HIGH = 560, 340  # pixels

Look = dict[str, object]


class Strand(NamedTuple):
    """One line or set of marks; None leaves a gap in the line."""

    name: str
    marks: Sequence[Mark | None]
    look: Mapping[str, object]


def strands(chart: Chart) -> tuple[Strand, ...]:
    """What a chart shows, in the order of its columns; some may be empty."""
    actual = {"line": {"color": _BLUE, "width": 2.25}, "marker": {"type": "circle", "size": 4, **_fill(_BLUE)}}
    plan = {"line": {"color": _SOFT, "dash_type": "dash", "width": 1.25}, "marker": {"type": "none"}}
    goals = {
        "line": {"none": True},
        "marker": {"type": "diamond", "size": 9, **_fill(_ORANGE)},
        "data_labels": {"value": True, "position": "left"},
    }
    forecast = {
        "line": {"none": True},
        "marker": {"type": "long_dash", "size": 9, **_fill(_BLUE)},
        "y_error_bars": _error_bars(chart.forecast),
    }
    return (
        Strand("实际", gapped(chart.history), actual),
        Strand("计划线（测算）", gapped(chart.line), plan),
        Strand("节点目标", chart.milestones, goals),
        Strand("预测及80%区间", [Mark(each.month, each.value, each.text) for each in chart.forecast], forecast),
    )


def native(book: Any, chart: Chart, column: int) -> Any:  # XlsxWriter publishes no types for its charts
    """*chart* as a chart of *book*, over its data from *column* of the data sheet on."""
    drawn = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    for place, strand in enumerate(strands(chart)):
        if strand.marks:
            x, last = column + 2 * place, FIRST_ROW + len(strand.marks) - 1
            categories = [SHEET, FIRST_ROW, x, last, x]
            values = [SHEET, FIRST_ROW, x + 1, last, x + 1]
            drawn.add_series({"name": strand.name, "categories": categories, "values": values, **strand.look})
    small = {"size": 9}
    drawn.set_title({"name": cell_text(chart.title, 255), "name_font": {"size": 11}})
    drawn.set_x_axis(
        {
            "num_format": 'yyyy"年底"',
            "min": _serial(_day(chart.first - 1)),
            "max": _serial(_day(chart.last)),
            "major_unit": 365.25,
            "label_position": "low",
            "num_font": small,
        }
    )
    grid = {"visible": True, "line": {"color": _GRID}}
    drawn.set_y_axis({"min": 0, "major_gridlines": grid, "num_font": small})
    drawn.set_legend({"position": "bottom", "font": small})
    drawn.show_blanks_as("gap")
    drawn.set_size({"width": _WIDE, "height": _HIGH})
    return drawn


def write_data(sheet: Any, chart: Chart, column: int, *, bold: Any, month: Any, number: Any) -> None:
    """The months and values of *chart* from *column* on, a blank row between runs; formats by name."""
    sheet.write_string(0, column, cell_text(chart.title), bold)
    for place, strand in enumerate(strands(chart)):
        x = column + 2 * place
        sheet.write_string(1, x, "月份", bold)
        sheet.write_string(1, x + 1, strand.name, bold)
        for row, mark in enumerate(strand.marks, FIRST_ROW):
            if mark is not None:
                sheet.write_datetime(row, x, _midnight(_day(mark.month)), month)
                sheet.write_number(row, x + 1, mark.value, number)


def gapped(runs: Sequence[Sequence[Mark]]) -> list[Mark | None]:
    """Marks of all runs, None between runs."""
    marks: list[Mark | None] = []
    for run in runs:
        marks += [None, *run] if marks else run
    return marks


def _error_bars(forecast: Sequence[Band]) -> Look:
    up = [float(each.high - each.value) for each in forecast]  # lengths in a picture; the figures are in the table
    down = [float(each.value - each.low) for each in forecast]
    return {"type": "custom", "plus_values": up, "minus_values": down, "line": {"color": _BLUE}}


def _fill(colour: str) -> Look:
    return {"fill": {"color": colour}, "border": {"color": colour}}


def _day(ordinal: int) -> date:
    return Period.at(ordinal).last_day


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  # Excel knows no zones


def _serial(day: date) -> int:
    """Excel's number of a day."""
    return (day - date(1899, 12, 30)).days
