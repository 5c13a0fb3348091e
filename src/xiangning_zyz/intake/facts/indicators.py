"""Figures of a table → observations. What cannot be placed with certainty becomes a problem."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from xiangning_zyz.fact import Cell, Observation
from xiangning_zyz.intake.facts.amount import amount
from xiangning_zyz.intake.facts.answerable import reporters, standing
from xiangning_zyz.intake.facts.columns import is_comparison, is_last_month, unknown_words
from xiangning_zyz.intake.facts.sender import hint, row_source
from xiangning_zyz.intake.facts.statement import Source
from xiangning_zyz.intake.facts.when import when
from xiangning_zyz.intake.grid import reference
from xiangning_zyz.intake.names import Found, NotFound
from xiangning_zyz.intake.periods import without_period
from xiangning_zyz.intake.tables.model import TOTAL_WORDS, Table, Value
from xiangning_zyz.intake.units import normal_unit, without_unit
from xiangning_zyz.plan import Indicator
from xiangning_zyz.problem import (
    NO_DEPARTMENT,
    NOT_ANSWERABLE,
    REFERENCE_ONLY,
    UNKNOWN_COLUMN,
    UNKNOWN_INDICATOR,
    UNKNOWN_SEGMENT,
    Problem,
)

_BLANK = ("blank", "tiny")
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


def indicator_reading(source: Source, table: Table, values: Sequence[Value]) -> Reading | None:
    """The table's figures as observations; None when it does not speak of this plan's indicators."""
    subjects = _subjects(source, table, values)
    named = any(subject.indicator for subject in subjects)
    if not named and not any(part in _CLAIMS for column in table.columns for part in column.labels):
        return None
    cumulative = any(v.period is not None and v.period.basis == "cumulative" for v in values)
    facts: list[Observation] = []
    carried: list[Observation] = []
    problems: list[Problem] = []
    unknown_rows: set[int] = set()
    for value, subject in zip(values, subjects, strict=True):
        if value.kind in _BLANK or _compares(value):
            continue
        if subject.indicator is None or subject.stray:
            if value.row not in unknown_rows and not _is_total(value.row_label):
                problems.append(_unknown(source, table, value, subject))
            unknown_rows.add(value.row)
            continue
        indicator = source.plan.indicator(subject.indicator)
        outcome = _observation(
            row_source(source, table, value.row), indicator, subject, value, beside_cumulative=cumulative
        )
        problems += [part for part in outcome if isinstance(part, Problem)]
        target = carried if is_last_month(value.column_label) else facts
        target += [part for part in outcome if isinstance(part, Observation)]
    return Reading(tuple(facts), tuple(carried), tuple(problems))


def _subjects(source: Source, table: Table, values: Iterable[Value]) -> list[_Subject]:
    """Each value's subject; a row such as 其中：紫砂陶 continues the indicator named above it."""
    known: dict[tuple[str, str], _Subject] = {}
    part_rows = {row.row for row in table.rows if row.kind == "part"}
    subjects = []
    above: str | None = None
    for value in values:
        key = (value.row_label, value.column_label)
        if key not in known:
            known[key] = _subject(source, *key)
        subject = known[key]
        if subject.indicator is None and subject.segment is not None and above is not None:
            subject = subject._replace(indicator=above)
        elif subject.indicator is not None and value.row not in part_rows:
            above = subject.indicator
        subjects.append(subject)
    return subjects


def _subject(source: Source, row_label: str, column_label: str) -> _Subject:
    indicator = segment = None
    stray = column = ""
    for in_column, path in ((False, row_label), (True, column_label)):
        for part in path.split("/"):
            words = without_period(without_unit(part))
            if not words or words in TOTAL_WORDS or normal_unit(part) is not None:
                continue
            if found := _found(source, "indicator", part, words):
                indicator, column = found, ""  # what stands above an indicator's name is a group caption
            elif found := _found(source, "segment", part, words):
                segment = found
            elif in_column:
                column += unknown_words(words)
            else:
                stray = stray or words
    return _Subject(indicator, segment, stray if indicator else "", column)


def _found(source: Source, kind: Literal["indicator", "segment"], part: str, words: str) -> str | None:
    """By the label as it stands (a name may hold period words), else by what is left without period and unit."""
    for spelling in (part, words):
        if isinstance(found := source.names.find(kind, spelling), Found):
            return found.id
    return None


def _compares(value: Value) -> bool:
    if is_last_month(value.column_label):
        return False
    return is_comparison(value.column_label) or is_comparison(value.row_label)


def _is_total(row_label: str) -> bool:
    return row_label.rpartition("/")[2] in TOTAL_WORDS


def _unknown(source: Source, table: Table, value: Value, subject: _Subject) -> Problem:
    """The row names no indicator, or a part of one that the plan does not know."""
    words = subject.stray or value.row_label or value.column_label
    cells = next((row.cells for row in table.rows if row.row == value.row), ())
    ref = next((reference(c.row, c.col) for c in cells if "".join(c.text.split()) in words.split("/")), value.ref)
    kind: Literal["indicator", "segment"] = "indicator" if subject.indicator is None else "segment"
    found = source.names.find(kind, words)
    near = hint(found.suggestion if isinstance(found, NotFound) else None)
    if subject.indicator is None:
        return UNKNOWN_INDICATOR.at(source.place(ref), found=words, hint=near)
    name = source.plan.indicator(subject.indicator).name
    return UNKNOWN_SEGMENT.at(source.place(ref), found=words, name=name, hint=near)


def _observation(
    source: Source, indicator: Indicator, subject: _Subject, value: Value, *, beside_cumulative: bool
) -> list[Observation | Problem]:
    """One value of a known indicator: an observation with remarks, or every reason why it is none."""
    name = indicator.name
    if subject.segment is not None:
        name += f"（{source.plan.segment(subject.segment).name}）"
    size = amount(source, indicator, name, value)
    moment = when(source, indicator, name, value, beside_cumulative=beside_cumulative)
    out: list[Observation | Problem] = [part for part in (size, moment) if isinstance(part, Problem)]
    if subject.column:
        out.append(UNKNOWN_COLUMN.at(source.place(value.ref), found=value.column_label))
    if source.department is None:
        return [*out, NO_DEPARTMENT.at(source.place())]
    role = standing(source.plan, indicator, subject.segment, source.department)
    if role != "record":
        kind = REFERENCE_ONLY if role == "reference" else NOT_ANSWERABLE
        whose = "、".join(reporters(indicator, subject.segment))
        out.append(
            kind.at(source.place(value.ref), found=value.raw, name=name, department=source.department, reporters=whose)
        )
    if isinstance(size, Problem) or isinstance(moment, Problem) or subject.column or role == "not answerable":
        return out
    if moment.remark is not None:
        out.append(moment.remark)
    observation = Observation(
        indicator=indicator.id,
        segment=subject.segment,
        period=moment.period,
        basis=moment.basis,
        value=size,
        unit=indicator.unit,
        department=source.department,
        raw_unit=value.unit.name if value.unit else "",
        reference=role == "reference",
        cell=Cell(source.file, source.sha256, source.sheet, value.ref, value.raw),
    )
    return [observation, *out]
