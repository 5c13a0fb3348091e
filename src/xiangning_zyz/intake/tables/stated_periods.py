"""Which period a sheet states for a value: column or row header, completed from caption, title, sheet, file name."""

import re
from calendar import monthrange
from collections.abc import Container, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from xiangning_zyz.intake.grid import GridCell, reference
from xiangning_zyz.intake.period_words import folded
from xiangning_zyz.intake.period_words import found as period_words
from xiangning_zyz.intake.periods import Said, complete, disagree, said
from xiangning_zyz.intake.tables.lines import Line
from xiangning_zyz.intake.tables.model import Column, FormLine, PeriodOrigin, Row, Surroundings

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_HINT = re.compile(r"[年月季旬期QqHh]|累计|(?:19|20)[0-9]{2}")  # most names speak of no period
_MONTH = re.compile(r"[0-9]{1,2}")
_LONGEST_REST = 6  # characters beside a period in a row's name: `2023年产值`, not `2022年高标准农田建设项目`
_IN_BRACKETS = re.compile(r"[（(]([^（()）]+)[）)]$")
_OPEN_ENDED = re.compile(r"(?:以|之)?[前后]|及|至今|起")
_SIGNING_DATE = re.compile(r"(?:填报|报送|报出|填表|制表|上报)(?:日期|时间)|有效期|文号")


def period_of_path(labels: tuple[str, ...]) -> Said | None:
    """What header levels say about the period, the deepest first."""
    return complete(*(_of_label(label) for label in reversed(labels)))


@lru_cache(maxsize=4096)
def period_of_row(labels: tuple[str, ...], heads: tuple[str, ...]) -> Said | None:
    """What a row's names say; *heads* are the heads of the label columns (年份, 月份 make bare numbers periods).

    A name that merely contains a year (a project of 2022) says nothing.
    """
    found: list[Said | None] = []
    for position, label in reversed(list(enumerate(labels))):
        head = heads[position] if position < len(heads) else ""
        if _MONTH.fullmatch(label) and head.startswith("月"):
            found.append(said(f"{label}月"))
        elif _YEAR.fullmatch(label):
            found.append(said(label, year_alone=True))
        elif _HINT.search(label):
            found.append(_of_row_label(label))
    return complete(*found)


def _of_row_label(label: str) -> Said | None:
    words = said(label)
    if words is None or (words.year is None and words.last is None):
        return words  # 累计, 当季, 上年: no date that a name could merely contain
    bracketed = _IN_BRACKETS.search(label)
    if bracketed and beside_period(bracketed[1]) == "":
        return words  # 专业镇产值（1-6月）
    rest = beside_period(label)
    return words if len(rest) <= _LONGEST_REST and not _OPEN_ENDED.match(rest) else None


def beside_period(text: str) -> str:
    """What is left of a text without its period words: nothing of `2024年6月`."""
    rest = folded(text)
    for word in reversed(period_words(rest)):
        rest = rest[: word.start] + rest[word.end :]
    return rest


def period_of_captions(lines: tuple[Line, ...], named: tuple[FormLine, ...]) -> Said | None:
    """What the lines above a table say, the nearest first; the day on which somebody signed is no period."""
    unsaid = {form.ref for form in named if _SIGNING_DATE.search(form.label)}
    dates = {form.value for form in named if _SIGNING_DATE.search(form.label)}
    found: list[Said | None] = []
    for line in reversed(lines):
        for cell in line.cells:
            if reference(cell.row, cell.col) not in unsaid and cell.text not in dates:
                found.append(_of_caption(cell))
    return complete(*found)


def told_by_years(columns: tuple[Column, ...]) -> bool:
    """Whether columns state years and none of them months."""
    stated = [column.period for column in columns if column.period is not None]
    return len(stated) > 1 and all(words.year is not None and not _has_months(words) for words in stated)


class ColumnPeriod(NamedTuple):
    """What a column's head says, and for a growth column that says nothing: what the figures left of it say."""

    own: Said | None
    leans_on: Said | None


def periods_of_columns(
    heads: Mapping[int, tuple[str, ...]], numeric: Container[int], growth: Container[int]
) -> dict[int, ColumnPeriod]:
    """What the heads say, column by column: months in a row share the year that the first one states.

    上年同期 is held against the figures left of it: the same months a year before. A growth column leans
    on the figures left of it too, of several years on the latest. 其中 is of the months of what it is part of.
    """
    found: dict[int, ColumnPeriod] = {}
    before: Said | None = None
    latest: Said | None = None
    stated = with_years(period_of_path(labels) for labels in heads.values())
    for col, own in zip(heads, stated, strict=True):
        words = before if own is None and _is_part_head(heads[col]) else own
        found[col] = ColumnPeriod(words, latest if words is None and col in growth else None)
        if words is None or col not in numeric:
            continue
        if words.years_back and not _names_months(words):
            found[col] = ColumnPeriod(complete(words, before), None)
        elif not words.years_back:
            before = words
            latest = words if latest is None or (words.year or 0) >= (latest.year or 0) else latest
    return found


def _is_part_head(labels: tuple[str, ...]) -> bool:
    """Whether a column is part of one on its left: 其中：女, or 女 under 其中."""
    return any(label.startswith("其中") for label in labels)


def with_years(stated: Iterable[Said | None], *, under_years: bool = False) -> list[Said | None]:
    """Months that follow one another, each with the year of the one before: 2023年12月, 1月, 2月.

    `under_years`: the first months may also follow a bare year, as rows do (2023年, 1月, 2月).
    """
    filled: list[Said | None] = []
    before: Said | None = None
    for words in stated:
        year = _year_after(before, words, under_years=under_years) if before and words else None
        now = words._replace(year=year) if words and year else words
        filled.append(now)
        before = now or before
    return filled


def period_of_value(column: Column, row: Row, around: Surroundings) -> tuple[Said | None, PeriodOrigin | None]:
    """The completed period of a value, and the innermost place that says anything about it.

    A year stated alone is the whole year, unless the title names months of the same year, or the columns
    are told apart by years alone and share the title's months (2016年 | 2015年 under 2016年1-5月).
    """
    growth = _leant_on(column.leans_on, around) if column.leans_on is not None else None
    inner = (column.period, row.period)
    if column.period is not None and row.period is not None and _tells_more(row.period, column.period):
        inner = inner[::-1]
    spoken: tuple[tuple[PeriodOrigin, Said | None], ...] = (
        ("column", column.period),
        ("row", row.period),
        ("column", growth),
        ("caption", around.caption),
        ("sheet", around.sheet),
        ("file", around.file),
    )
    origin = next((origin for origin, words in spoken if words is not None), None)
    said_here = complete(*inner)
    if said_here is not None and said_here.year is not None and not _has_months(said_here):
        same = around.caption is not None and around.caption.year == said_here.year
        return complete(said_here, around.caption if same or around.by_years else None), origin
    return complete(*inner, growth, around.caption, around.sheet, around.file), origin


def _tells_more(row: Said, column: Said) -> bool:
    """Whether a row says how the figure of a column's month is to be taken: 累计值, 产值（1-6月累计） under 6月."""
    if column.last is None:
        return False
    return row.last is None or (row.from_january and row.last == column.last == column.first)


def _leant_on(figures: Said | None, around: Surroundings) -> Said | None:
    """The period of the figures beside a growth column, where the table's own is not known or contradicts them."""
    outside = complete(around.sheet, around.file)
    known = outside is not None and outside.last is not None and not disagree(figures, outside)
    return None if around.caption is not None or known else figures


def _of_label(label: str) -> Said | None:
    return said(label, year_alone=bool(_YEAR.fullmatch(label)))


def _year_after(before: Said, words: Said, *, under_years: bool) -> int | None:
    if before.year is None or words.year is not None or words.years_back or not (words.first and words.last):
        return None
    if before.first is None or before.last is None:
        return before.year if under_years and words.first == 1 and words.last <= 3 else None
    if words.first == before.last + 1 or words.last == before.first - 1 or words.last == before.last:
        return before.year
    if (before.last, words.first) == (12, 1) and words.last < 12 and before.first > 1:
        return before.year + 1  # after December, not after a whole year: 2024年目标 | 1-6月完成
    return before.year - 1 if (before.first, words.last) == (1, 12) and words.first > 1 else None


def _names_months(words: Said) -> bool:
    return words.last is not None or bool(words.relative)


def _has_months(words: Said) -> bool:
    return words.first is not None or words.last is not None or bool(words.relative) or words.years_back > 0


def _of_caption(cell: GridCell) -> Said | None:
    """What a cell above a table says. A bare date in mid-month is the day of writing, not of the figures."""
    if cell.kind == "date" and not cell.day:
        return said(cell.text[:7])  # 2019-10-01, shown as 2019年10月
    words = said(cell.text)
    if words is None or words.day is None or beside_period(cell.text).strip("()"):
        return words
    last_day = monthrange(words.year, words.last)[1] if words.year and words.last else 0
    return words._replace(day=None) if words.day in (1, last_day) else None
