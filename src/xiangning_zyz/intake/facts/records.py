"""Rows about tasks and projects → records: the sender's own words, field by field."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from xiangning_zyz.fact import Cell, Record
from xiangning_zyz.intake.facts.sender import hint, row_source
from xiangning_zyz.intake.facts.statement import Source
from xiangning_zyz.intake.grid import GridCell, reference
from xiangning_zyz.intake.names import Found, NotFound
from xiangning_zyz.intake.numerals import Number, read_number
from xiangning_zyz.intake.periods import complete, to_period
from xiangning_zyz.intake.tables.model import Column, Row, Table
from xiangning_zyz.period import Period
from xiangning_zyz.problem import (
    NO_DEPARTMENT,
    NO_PERIOD,
    NOT_A_DUTY,
    NOT_A_NUMBER,
    PERIOD_CONTRADICTED,
    UNKNOWN_PROJECT,
    UNKNOWN_TASK,
    Problem,
)


class Form(NamedTuple):
    """One kind of table: which heads name its subject, and which heads fill which field."""

    kind: Literal["task", "project"]
    subject: re.Pattern[str]
    fields: tuple[tuple[str, re.Pattern[str]], ...]  # (field, heads); the first that fits takes the column
    needs: frozenset[str]  # without one of these fields the table is of another kind


_WORDS = (
    ("progress", re.compile("(目前|工作|任务)?(进展|推进|落实)(情况)?|(目前|本[月期])?完成情况|形象进度")),
    ("problems", re.compile("(存在的?|主要)?(问题|困难)(和困难|及困难)?")),
    ("next", re.compile("下一?步(工作)?(措施|计划|打算|安排)?")),
    ("state", re.compile("(完成|推进|任务)?状态")),
    ("note", re.compile("备注")),
)
FORMS = (
    Form(
        "project",
        re.compile("(重点)?项目(名称|编号)?"),
        (
            ("stage", re.compile("(项目|建设|所处)?阶段")),
            ("planned_investment", re.compile("(计划)?总?投资额?|计划总?投资额?|年度计划投资额?")),
            ("done_investment", re.compile("(累计|已|本年)?完成投资额?")),
            ("started", re.compile("(计划)?开工(时间|日期)")),
            ("finished", re.compile("(计划)?(竣工|完工|建成)(时间|日期)")),
            *_WORDS,
        ),
        frozenset({"stage", "done_investment", "progress"}),
    ),
    Form(
        "task",
        re.compile("(任务|工作)(编号|序号|名称|事项)?|重点(工作|任务)|编号"),
        (("percent", re.compile("完成(比例|进度|率|百分比)|进度")), *_WORDS),
        frozenset({"percent", "progress"}),
    ),
)


class Records(NamedTuple):
    """What one table gave."""

    facts: tuple[Record, ...]
    problems: tuple[Problem, ...]


def record_reading(source: Source, table: Table) -> Records | None:
    """The table's rows as records; None when it is no table of tasks or projects."""
    for form in FORMS:
        subjects = [column for column in table.columns if _fits(form.subject, column)]
        fields = _fields(form, table.columns, subjects)
        if subjects and form.needs & set(fields):
            facts: list[Record] = []
            problems: list[Problem] = []
            for row in table.rows:
                outcome = _record(row_source(source, table, row.row), table, row, form, subjects, fields)
                facts += [part for part in outcome if isinstance(part, Record)]
                problems += [part for part in outcome if isinstance(part, Problem)]
            return Records(tuple(facts), tuple(problems))
    return None


def _fits(heads: re.Pattern[str], column: Column) -> bool:
    return any(heads.fullmatch(re.sub(r"[（(].*?[）)]", "", label)) for label in column.labels)


def _fields(form: Form, columns: Sequence[Column], subjects: Sequence[Column]) -> dict[str, Column]:
    fields: dict[str, Column] = {}
    for column in columns:
        if column not in subjects:
            name = next((name for name, heads in form.fields if _fits(heads, column)), None)
            if name is not None:
                fields.setdefault(name, column)
    return fields


def _record(
    source: Source, table: Table, row: Row, form: Form, subjects: Sequence[Column], fields: dict[str, Column]
) -> list[Record | Problem]:
    cells = {cell.col: cell for cell in row.cells}
    said = {name: cells[column.col] for name, column in fields.items() if column.col in cells}
    named = [cells[column.col] for column in subjects if column.col in cells]
    if not said or not named:
        return []  # a row left blank is no report; whether one was due is for `zyz due` to say
    subject = _subject(source, form, named)
    if isinstance(subject, Problem):
        return [subject]
    where = source.place(reference(named[0].row, named[0].col))
    period = _period(source, table)
    problems: list[Record | Problem] = []
    if period is None:
        problems.append(NO_PERIOD.at(where, name=named[0].text))
    elif source.given.period is not None and source.given.period.last_month != period.last_month:
        problems.append(PERIOD_CONTRADICTED.at(where, found=period.label, given=source.given.period.label))
    if source.department is None:
        problems.append(NO_DEPARTMENT.at(source.place()))
    elif not _is_duty(source, form, subject):
        problems.append(NOT_A_DUTY.at(where, found=named[0].text, name=named[-1].text, department=source.department))
    texts = {name: _text(source, name, cell, fields[name]) for name, cell in said.items()}
    problems += [text for text in texts.values() if isinstance(text, Problem)]
    if problems or period is None or source.department is None:
        return problems
    first = min(said.values(), key=lambda cell: cell.col)
    words = tuple(sorted((name, text) for name, text in texts.items() if isinstance(text, str)))
    ref = reference(first.row, first.col)
    cell = Cell(source.file, source.sha256, source.sheet, ref, first.text)
    return [Record(form.kind, subject, period.last_month, source.department, words, cell)]


def _subject(source: Source, form: Form, named: Sequence[GridCell]) -> str | Problem:
    """The task or project of a row. A number and a title that disagree are not decided for the sender."""
    found = [source.names.find(form.kind, cell.text, numbered=True) for cell in named]
    ids = {each.id for each in found if isinstance(each, Found)}
    if len(ids) == 1 and isinstance(found[-1], Found):
        return ids.pop()
    cell, last = named[-1], found[-1]
    kind = UNKNOWN_TASK if form.kind == "task" else UNKNOWN_PROJECT
    near = hint(last.suggestion) if isinstance(last, NotFound) else f"，且与“{named[0].text}”不是同一项"
    return kind.at(source.place(reference(cell.row, cell.col)), found=cell.text, hint=near)


def _period(source: Source, table: Table) -> Period | None:
    around = table.surroundings
    stated = to_period(complete(around.caption, around.sheet, around.file))
    return stated[0] if stated is not None else source.given.period


def _is_duty(source: Source, form: Form, subject: str) -> bool:
    """Guarantee measures name the working group and no departments: any department may report on them."""
    if form.kind == "project":
        project = next(project for project in source.plan.projects if project.id == subject)
        return source.department in project.departments
    task = source.plan.task(subject)
    return task.kind == "guarantee" or any(duty.department == source.department for duty in task.departments)


def _text(source: Source, name: str, cell: GridCell, column: Column) -> str | Problem:
    """A field's words. A percent is a number from 0 to 100; an amount keeps the unit of its head."""
    where = source.place(reference(cell.row, cell.col))
    if cell.kind in ("error", "uncalculated"):
        return NOT_A_NUMBER.at(where, found=cell.text)
    if name == "percent":
        number = Number(cell.number) if cell.number is not None else read_number(cell.text)
        if not isinstance(number, Number) or not 0 <= number.value <= 100 or number.unit not in ("", "%"):
            return NOT_A_NUMBER.at(where, found=cell.text)
        return str(number.value)
    if name.endswith("_investment") and column.unit is not None and cell.number is not None:
        return f"{cell.text}{column.unit.name}"
    return cell.text.strip()
