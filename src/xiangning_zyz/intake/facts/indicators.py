"""Figures of a table → observations. What cannot be placed with certainty becomes a problem."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from xiangning_zyz.fact import Cell, Observation
from xiangning_zyz.intake.facts.amount import amount
from xiangning_zyz.intake.facts.answerable import Standing, reporters, standing
from xiangning_zyz.intake.facts.columns import is_comparison, is_completion, is_last_month, unknown_words
from xiangning_zyz.intake.facts.sender import hint, row_sources
from xiangning_zyz.intake.facts.statement import Source
from xiangning_zyz.intake.facts.when import Around, When, speaks_of_point, when
from xiangning_zyz.intake.grid import reference
from xiangning_zyz.intake.names import Names, NotFound
from xiangning_zyz.intake.periods import Said, without_period
from xiangning_zyz.intake.tables.model import TOTAL_WORDS, Form, Row, Table, Value
from xiangning_zyz.intake.tables.values import Values, value_places
from xiangning_zyz.intake.units import normal_unit, without_unit
from xiangning_zyz.plan import Indicator
from xiangning_zyz.problem import (
    NO_DEPARTMENT,
    NOT_ANSWERABLE,
    UNKNOWN_COLUMN,
    UNKNOWN_INDICATOR,
    UNKNOWN_SEGMENT,
    Problem,
)

_BLANK = ("blank", "tiny")
_NARROWS = re.compile(
    "规[上下]|规模以[上下]|限[上下]|限额以[上下]|新增|[国省市县乡]级|国有|民营|外资"
)  # 规上企业 above 产值: not all of it
_LEVELS = re.compile(r"/(?![^（(]*[）)])")  # between the levels of a label; 人/万人 in brackets is a unit
_IN_BRACKETS = re.compile(r"[（(]([^（()）]*)[）)]$")
_SEGMENT_HEAD = re.compile("(所属|所在|分)?板块(名称)?")
_CLAIMS = ("指标", "指标名称", "指标项目", "主要指标")  # a head that says: indicators stand below


class Reading(NamedTuple):
    """What one table gave."""

    facts: tuple[Observation, ...]
    carried: tuple[Observation, ...]
    problems: tuple[Problem, ...]


class _Subject(NamedTuple):
    """What a value is about, by its labels."""

    indicator: str | None
    segment: str | None
    stray: str  # a row word that is neither indicator nor segment nor total
    column: str  # unknown words of the column
    compares: bool  # growth, shares, plans, last year: beside what is reported
    last_month: bool  # 上月累计: only held against this month's figures


class _Level(NamedTuple):
    """What one level of a label says, by itself."""

    indicator: str | None
    segment: str | None
    compares: bool
    words: str  # what is neither, nor a unit, a period or a total
    department: bool  # whether these name one


class _Value(NamedTuple):
    """A value of a form, whatever figure stands there."""

    at: int  # its row, by its place among the form's
    place: int  # its cell, by its place in the row
    row: Row  # the row without its cells, in the unit and of the period of what it is part of
    label: str  # of the row
    subject: _Subject
    indicator: Indicator | None  # what the subject names
    around: Around


# By column, the row's period, indicator and labels: most figures of a column are of one.
_Moments = dict[tuple[int, Said | None, str, Around], When]


class _Claim(NamedTuple):
    """A department's word on an indicator, or on one segment of it."""

    name: str  # of what is reported, for people
    worth: Standing


def indicator_reading(source: Source, table: Table) -> Reading | None:
    """The table's figures as observations; None when it does not speak of this plan's indicators."""
    telling = _telling if table.form.remembered else _telling.__wrapped__
    told = telling(source.names, table.form, _titled(source.names, table.title))
    if told is None:
        return None
    by_row, problems = row_sources(source, table)
    values = Values(table)
    facts: list[Observation] = []
    carried: list[Observation] = []
    asked: set[tuple[str, int]] = set()  # rows and columns of unknown names
    moments: _Moments = {}
    for each in told:
        row, subject = table.rows[each.at], each.subject
        value = values.value(each.row, each.label, row.cells[each.place])
        if value.kind in _BLANK:
            continue
        if each.indicator is None or subject.stray:
            where = ("column", value.col) if _is_of_a_column(subject, value) else ("row", value.row)
            if where not in asked:
                problems += _unknown(source, table, row, value, subject)
            asked.add(where)
            continue
        sent = by_row.get(row.row, source)
        read, wrong = _observation(sent, each.indicator, each, value, moments)
        if read is not None:
            (carried if subject.last_month else facts).append(read)
        if not subject.last_month:  # nothing is asked of it
            problems += wrong
    return Reading(tuple(facts), tuple(carried), tuple(problems))


@lru_cache(maxsize=128)  # forms: the same stands in every month's report
def _telling(names: Names, form: Form, titled: str | None) -> tuple[_Value, ...] | None:
    """The values of a form that tell something, under a title that names the indicator *titled*.

    They are reported, or carried along from last month. None if nothing in the form speaks of an indicator.
    """
    values = list(_values(names, form, titled))
    named = any(each.indicator for each in values)
    if not named and not any(part in _CLAIMS for column in form.columns for part in column.labels):
        return None
    return tuple(each for each in values if _tells(names, form, each))


def _tells(names: Names, form: Form, each: _Value) -> bool:
    """Whether a value is reported; not if it only compares what is, or says how far a plan has come."""
    subject = each.subject
    if subject.compares:
        return subject.last_month
    if each.indicator is None or subject.stray or each.indicator.unit == "%":
        return True
    return not is_completion(form.valued[form.rows[each.at].cells[each.place].col].label)


def _has_cumulative(form: Form) -> bool:
    """Whether a column of the form says 累计, or a row that is but a period: what says nothing stands beside it."""
    columns = (column.period for column in form.valued.values())
    rows = (row.period for row in form.rows if not without_period(row.label))
    return any(said is not None and said.basis == "cumulative" for said in (*columns, *rows))


def _has_months_only(form: Form) -> bool:
    """Whether the rows are periods and nothing else, so that their total is but the sum of what is reported."""
    labels = [row.label for row in form.rows if not _is_total(row.label)]
    return len(labels) > 1 and not any(map(without_period, labels))


def _titled(names: Names, title: str) -> str | None:
    """The indicator that a title names: 专业镇产值（分板块）, not 专业镇产值（规上）."""
    words = without_period(without_unit(title))
    bracketed = _IN_BRACKETS.search(words)
    if bracketed and not unknown_words(bracketed[1]):
        words = words[: bracketed.start()]
    return _found(names, "indicator", title, words)


def _values(names: Names, form: Form, titled: str | None) -> Iterator[_Value]:
    """Each value with its subject; a row such as 其中：紫砂陶 continues what is named above it, unit and period too.

    What the title names holds for segments, their total and bare months until a row names something itself.
    """
    labels = {col: column.label for col, column in form.valued.items()}
    cumulative = _has_cumulative(form)
    parts = _segment_words(names, form)
    months_only = _has_months_only(form)
    above = titled
    whole: Row | None = None  # the row that names it
    for at, row in enumerate(form.rows):
        places = value_places(form, row)
        if not places or (months_only and _is_total(row.label)):
            continue
        part = parts.get(row.row)
        label = f"{row.label}/{part}" if part else row.label
        own, *subjects = _of_row(names, label, tuple([labels[row.cells[place].col] for place in places]))
        all_of_it = _is_total(label) or not without_period(label)
        part_of_above = own.segment is not None or (above is not None and above == titled and all_of_it)
        continued = above if own.indicator is None and part_of_above else None
        if continued is None and (own.indicator is None or row.kind != "part"):
            above, whole = own.indicator, row  # below an unknown name, nothing is known of its parts either
        measured = _as_part(row, whole) if continued and whole is not None else row
        bare = measured._replace(cells=())
        for place, subject in zip(places, subjects, strict=True):
            named = subject if subject.indicator else subject._replace(indicator=continued)
            around = Around(cumulative, speaks_of_point(f"{row.label}/{labels[row.cells[place].col]}"))
            indicator = names.plan.indicator(named.indicator) if named.indicator else None
            yield _Value(at, place, bare, row.label, named, indicator, around)


def _as_part(row: Row, whole: Row) -> Row:
    """A row with the unit and the period of the row it is part of, where it states none."""
    unit = row.unit if row.unit is not None or row.ratio else whole.unit
    return row._replace(unit=unit, period=row.period or whole.period)


def _segment_words(names: Names, form: Form) -> dict[int, str]:
    """What a column of segments says in each row.

    It is no label column where the indicators alone tell the rows apart; passed over, one segment's
    figure would be taken for the whole.
    """
    columns = [column for column in form.columns if column.role == "text" and column.labels]
    said: dict[int, str] = {}
    for column in columns:
        cells = {row.row: cell.text for row in form.rows for cell in (*row.held, *row.cells) if cell.col == column.col}
        named = all(_is_total(text) or _found(names, "segment", text, text) for text in cells.values())
        if _SEGMENT_HEAD.fullmatch(column.labels[-1]) or (named and cells):
            said |= {row: "".join(text.split()) for row, text in cells.items()}
    return said


@lru_cache(maxsize=1 << 12)  # the same labels stand in every month's report
def _of_row(names: Names, row_label: str, column_labels: tuple[str, ...]) -> tuple[_Subject, ...]:
    """The subject that a row names by itself, then those of its values."""
    return tuple(_subject(names, row_label, column_label) for column_label in ("", *column_labels))


def _subject(names: Names, row_label: str, column_label: str) -> _Subject:
    indicator = segment = None
    stray = column = ""
    compares = False
    for in_column, path in ((False, row_label), (True, column_label)):
        for part in _LEVELS.split(path):
            level = _level(names, part)
            if level.indicator is not None:
                # What stands above an indicator's name is a group caption, unless it narrows it. A row's name beside
                # it is none: 某企业 under 产值 is not the whole.
                indicator, column = level.indicator, _narrowing(column)
                stray = stray if in_column and _is_other(names, stray) else _narrowing(stray)
                continue
            compares = compares or level.compares
            segment = level.segment or segment
            if in_column:
                column += unknown_words(level.words)
            elif not level.department and not _is_total(level.words):
                stray = stray or level.words
    return _Subject(indicator, segment, stray if indicator else "", column, compares, is_last_month(column_label))


@lru_cache(maxsize=1 << 12)
def _level(names: Names, part: str) -> _Level:
    words = without_period(without_unit(part))
    if found := _found(names, "indicator", part, words):
        return _Level(found, None, compares=False, words="", department=False)
    compares = is_comparison(part)
    if not words or words in TOTAL_WORDS or normal_unit(part) is not None:
        return _Level(None, None, compares, words="", department=False)
    if found := _found(names, "segment", part, words):
        return _Level(None, found, compares, words="", department=False)
    return _Level(None, None, compares, words, department=names.named("department", part) is not None)


def _is_other(names: Names, row: str) -> bool:
    """Whether a row's words tell of something else than the whole.

    Not 实际完成, nor a year (2024 under 年份), nor the county that made the plan.
    """
    words = unknown_words(row)
    return words != "" and not words.isdecimal() and not names.plan.issuer.startswith(row)


def _narrowing(words: str) -> str:
    return words if _NARROWS.search(words) else ""


def _found(names: Names, kind: Literal["indicator", "segment"], part: str, words: str) -> str | None:
    """By the label as it stands (a name may hold period words), else without period and unit, else without 合计."""
    total = next((total for total in TOTAL_WORDS if words.endswith(total)), "")
    spellings = dict.fromkeys((part, words, words.removesuffix(total)))
    return next((found for spelling in spellings if (found := names.named(kind, spelling))), None)


def _is_total(row_label: str) -> bool:
    """合计, 专业镇合计, 合计（4个板块）: the whole, whatever of; 营业收入合计 is the total of something."""
    last = row_label.rpartition("/")[2]
    return any(total in last for total in TOTAL_WORDS) and not unknown_words(last)


def _is_of_a_column(subject: _Subject, value: Value) -> bool:
    """Whether the column should name the indicator, for the row is but a month, a segment or a total of it."""
    dated = value.row_label != "" and (value.row_label.isdecimal() or not without_period(value.row_label))  # 2022
    whole = subject.segment is not None or not value.row_label or _is_total(value.row_label)
    return subject.indicator is None and (dated or (whole and bool(subject.column)))


def _unknown(source: Source, table: Table, row: Row, value: Value, subject: _Subject) -> Iterator[Problem]:
    """The row, or the column, names no indicator, or a part of one that the plan does not know."""
    if _is_of_a_column(subject, value):
        words = value.column_label
        ref = reference(table.header_rows[-1], value.col) if table.header_rows else value.ref
    elif subject.indicator is None and _is_total(value.row_label):
        return  # the total of something said elsewhere
    else:
        words = subject.stray or value.row_label or value.column_label
        named = (reference(c.row, c.col) for c in row.cells if "".join(c.text.split()) in _LEVELS.split(words))
        ref = next(named, value.ref)
    kind: Literal["indicator", "segment"] = "indicator" if subject.indicator is None else "segment"
    found = source.names.find(kind, words)
    near = hint(found.suggestion if isinstance(found, NotFound) else None)
    if subject.indicator is None:
        yield UNKNOWN_INDICATOR.at(source.place(ref), found=words, hint=near)
    else:
        name = source.plan.indicator(subject.indicator).name
        yield UNKNOWN_SEGMENT.at(source.place(ref), found=words, name=name, hint=near)


def _observation(
    source: Source, indicator: Indicator, of: _Value, value: Value, moments: _Moments
) -> tuple[Observation | None, list[Problem]]:
    """One value of a known indicator: an observation with remarks, or every reason why it is none."""
    department, subject = source.department, of.subject
    name, worth = _claim(source.names, indicator.id, subject.segment, department)
    size = amount(source, indicator, name, value, of.row.unit)
    moment = _moment(source, indicator, name, value, of, moments)
    theirs = worth != "not answerable" and not subject.column
    if isinstance(size, Problem) or isinstance(moment, Problem) or department is None or not theirs:
        wrong = [part for part in (size, moment) if isinstance(part, Problem)]
        return None, [*wrong, *_not_theirs(source, indicator, of, value)]
    observation = Observation(
        indicator.id,
        subject.segment,
        moment.period,
        moment.basis,
        size,
        indicator.unit,
        department,
        value.unit.name if value.unit else "",
        worth == "reference",
        Cell(source.file, source.sha256, source.sheet, value.ref, value.raw),
    )
    return observation, [moment.remark] if moment.remark else []


def _not_theirs(source: Source, indicator: Indicator, of: _Value, value: Value) -> Iterator[Problem]:
    """Why a value is not the department's word on that indicator, whatever it is."""
    where, segment = source.place(value.ref), of.subject.segment
    if of.subject.column:
        yield UNKNOWN_COLUMN.at(where, found=value.column_label)
    if source.department is None:
        yield NO_DEPARTMENT.at(where, found=value.raw)
        return
    name, worth = _claim(source.names, indicator.id, segment, source.department)
    if worth == "not answerable":
        whose = "、".join(reporters(indicator, segment)) or "相关任务的责任部门"
        yield NOT_ANSWERABLE.at(where, found=value.raw, name=name, department=source.department, reporters=whose)


def _moment(
    source: Source, indicator: Indicator, name: str, value: Value, of: _Value, moments: _Moments
) -> When | Problem:
    shared = value.col, of.row.period, indicator.id, of.around
    if shared in moments:
        return moments[shared]
    moment = when(source, indicator, name, value, of.around)
    if isinstance(moment, When) and moment.remark is None:  # a problem has a place
        moments[shared] = moment
    return moment


@lru_cache(maxsize=4096)
def _claim(names: Names, indicator: str, segment: str | None, department: str | None) -> _Claim:
    plan = names.plan
    asked = plan.indicator(indicator)
    name = asked.name if segment is None else f"{asked.name}（{plan.segment(segment).name}）"
    return _Claim(name, standing(plan, asked, segment, department) if department else "not answerable")
