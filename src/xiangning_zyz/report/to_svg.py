"""Charts → SVG: the same picture for the dashboard, inline, and for documents, as PNG.

Geometry only; which values and which words is decided before. Colours are attributes and not styles:
a strict content policy forbids styles, and the PNG renderer knows no variables. Every line is told
from the others by its stroke and shape too, so that the picture can be read in grey.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple
from xml.sax.saxutils import escape

from xiangning_zyz.figure import plain
from xiangning_zyz.report.blocks import Band, Chart, Mark
from xiangning_zyz.report.visible import visible

WIDTH, HEIGHT = 360, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 34, 42
_INK, _SOFT, _GRID, _PAPER = "#1f2933", "#52606d", "#d9e2ec", "#ffffff"
_BLUE, _ORANGE, _BAND = "#1d4ed8", "#9a3412", "#c7d7fe"
_FONT = "'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans CJK SC','ZYZ Sans SC',sans-serif"
_STEPS = tuple(Decimal(step) for step in ("1", "2", "2.5", "5", "10"))


class _Frame(NamedTuple):
    """From months and values to the picture."""

    first: int
    last: int
    top: Decimal  # value at the upper edge; 0 lies at the lower one
    step: Decimal

    def x(self, month: int) -> float:
        """Months lie at their ends, so a year's December stands on the line of its end."""
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (month - self.first + 1) / (self.last - self.first + 1)

    def y(self, value: Decimal) -> float:
        share = float(value / self.top)  # a place on paper, no figure
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - share)


def to_svg(chart: Chart, font: str = _FONT) -> str:
    """*chart* as one SVG element with title and description for screen readers."""
    frame = _frame(chart)
    parts = [
        *_axes(chart, frame),
        *_forecast(chart, frame),
        *(_polyline(run, frame, _SOFT, "1.5", dash="5 3") for run in chart.line),
        *(_polyline(run, frame, _BLUE, "2.2") for run in chart.history),
        *(_dots(run, frame) for run in chart.history),
        *(_milestone(mark, frame) for mark in chart.milestones),
        *_last(chart, frame),
        *_legend(chart),
    ]
    if not chart.history:
        parts.append(_text((WIDTH + _LEFT) / 2, HEIGHT / 2 - 8, "暂无数据", _SOFT, "middle"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{chart.name}-t {chart.name}-d" font-family="{font}" font-size="12">'
        f'<title id="{chart.name}-t">{_safe(chart.title)}</title><desc id="{chart.name}-d">{_safe(chart.alt)}</desc>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>{"".join(parts)}</svg>'
    )


def _frame(chart: Chart) -> _Frame:
    values = [mark.value for run in (*chart.history, *chart.line, chart.milestones) for mark in run]
    values += [band.high for band in chart.forecast]
    largest = max([*values, Decimal(0)]) or Decimal(1)
    size = Decimal(1).scaleb((largest / 4).adjusted())
    step = next(factor * size for factor in _STEPS if factor * size * 4 >= largest)
    steps = largest // step + (1 if largest % step else 0)
    return _Frame(chart.first, chart.last, step * steps, step)


def _axes(chart: Chart, frame: _Frame) -> Iterator[str]:
    yield _text(6, 14, chart.title, _INK, "start", bold=True)
    right = WIDTH - _RIGHT
    value = Decimal(0)
    while value <= frame.top:
        y = frame.y(value)
        yield f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{_GRID}"/>'
        yield _text(_LEFT - 5, y + 4, plain(value), _SOFT, "end")
        value += frame.step
    for year in range(chart.first // 12, chart.last // 12 + 1):
        start, end = frame.x(max(year * 12 - 1, chart.first - 1)), frame.x(min(year * 12 + 11, chart.last))
        yield f'<line x1="{end:.1f}" y1="{_TOP}" x2="{end:.1f}" y2="{HEIGHT - _BOTTOM}" stroke="{_GRID}"/>'
        if end - start > 30:  # wide enough for four digits
            yield _text((start + end) / 2, HEIGHT - _BOTTOM + 15, str(year), _SOFT, "middle")


def _forecast(chart: Chart, frame: _Frame) -> Iterator[str]:
    """The interval as a bar with ends, and the wedge that leads to it from the last value."""
    marks = [mark for run in chart.history for mark in run]
    start = marks[-1] if marks else None
    for band in chart.forecast:
        x, low, high = frame.x(band.month), frame.y(max(band.low, Decimal(0))), frame.y(band.high)
        if start is not None and start.month < band.month and not _new_year(chart, start, band):
            corners = f"{frame.x(start.month):.1f},{frame.y(start.value):.1f} {x:.1f},{high:.1f} {x:.1f},{low:.1f}"
            yield f'<polygon points="{corners}" fill="{_BAND}" fill-opacity="0.6"/>'
        yield f'<rect x="{x - 3:.1f}" y="{high:.1f}" width="6" height="{max(low - high, 1):.1f}" fill="{_BAND}"/>'
        y = frame.y(band.value)
        yield f'<line x1="{x - 6:.1f}" y1="{y:.1f}" x2="{x + 6:.1f}" y2="{y:.1f}" stroke="{_BLUE}" stroke-width="2"/>'


def _new_year(chart: Chart, start: Mark, band: Band) -> bool:
    """Whether a cumulative begins anew in between: no line leads from June to the next year's total."""
    return len(chart.history) > 1 and start.month // 12 != band.month // 12


def _polyline(run: Sequence[Mark], frame: _Frame, colour: str, wide: str, dash: str = "") -> str:
    points = " ".join(f"{frame.x(mark.month):.1f},{frame.y(mark.value):.1f}" for mark in run)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{wide}"{dashed}/>'


def _dots(run: Sequence[Mark], frame: _Frame) -> str:
    return "".join(
        f'<circle cx="{frame.x(mark.month):.1f}" cy="{frame.y(mark.value):.1f}" r="2.2" fill="{_BLUE}"/>'
        for mark in run
    )


def _milestone(mark: Mark, frame: _Frame) -> str:
    x, y = frame.x(mark.month), frame.y(mark.value)
    corners = f"{x:.1f},{y - 5:.1f} {x + 5:.1f},{y:.1f} {x:.1f},{y + 5:.1f} {x - 5:.1f},{y:.1f}"
    label = _text(min(x, WIDTH - _RIGHT) - 7, y - 5, plain(mark.value), _ORANGE, "end")
    return f'<polygon points="{corners}" fill="{_ORANGE}"/>{label}'


def _last(chart: Chart, frame: _Frame) -> Iterator[str]:
    if not chart.history:
        return
    mark = chart.history[-1][-1]
    x, y = frame.x(mark.month), frame.y(mark.value)
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_PAPER}" stroke="{_BLUE}" stroke-width="2"/>'
    room = WIDTH - x > 7 * len(mark.text) + 20
    yield _text(x + 8 if room else x - 8, y + 15, mark.text, _BLUE, "start" if room else "end", bold=True)


def _legend(chart: Chart) -> Iterator[str]:
    """What each stroke stands for, only those that are drawn."""
    y, x = HEIGHT - 10, 8.0
    stroke = '<line x1="{}" y1="-4" x2="{}" y2="-4" stroke="{}" stroke-width="{}"/>'
    dashes = stroke.format(0, 5, _SOFT, 1.5) + stroke.format(8, 13, _SOFT, 1.5) + stroke.format(16, 18, _SOFT, 1.5)
    diamond = f'<polygon points="9,-9 14,-4 9,1 4,-4" fill="{_ORANGE}"/>'
    interval = f'<rect x="6" y="-10" width="6" height="12" fill="{_BAND}"/>' + stroke.format(3, 15, _BLUE, 2)
    entries = (
        (bool(chart.history), "实际", stroke.format(0, 18, _BLUE, 2.2)),
        (bool(chart.line), "计划线（测算）", dashes),
        (bool(chart.milestones), "节点目标", diamond),
        (bool(chart.forecast), "预测及80%区间", interval),
    )
    for drawn, words, shape in entries:
        if drawn:
            yield f'<g transform="translate({x:.0f} {y})">{shape}{_text(22, 0, words, _SOFT, "start")}</g>'
            x += 28 + 12 * len(words)


def _text(x: float, y: float, words: str, colour: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    halo = f'stroke="{_PAPER}" stroke-width="3" paint-order="stroke"'  # words stay legible on lines
    place = f'x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"'
    return f"<text {place}{weight} {halo}>{_safe(words)}</text>"


def _safe(text: str) -> str:
    return escape(visible(text).replace("\ufffe", "").replace("\uffff", ""))
