"""Rows about tasks, projects, issues and enterprises → records: the sender's own words, field by field."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Literal, NamedTuple

from xiangning_zyz.fact import Cell, Record, RecordKind
from xiangning_zyz.intake.facts.fields import Spot, words
from xiangning_zyz.intake.facts.forms import Laid, laid_out
from xiangning_zyz.intake.facts.sender import hint, row_sources
from xiangning_zyz.intake.facts.statement import Source
from xiangning_zyz.intake.facts.when import as_said
from xiangning_zyz.intake.grid import GridCell, reference
from xiangning_zyz.intake.names import Found, NotFound
from xiangning_zyz.intake.periods import Said, complete, to_period
from xiangning_zyz.intake.tables.model import Row, Table
from xiangning_zyz.period import Period
from xiangning_zyz.problem import (
    BAD_CREDIT_CODE,
    NAMES_DISAGREE,
    NO_DEPARTMENT,
    NO_NUMBER,
    NO_PERIOD,
    NOT_A_DUTY,
    TWICE,
    UNKNOWN_PROJECT,
    UNKNOWN_STATE,
    UNKNOWN_TASK,
    Place,
    Problem,
)


class Records(NamedTuple):
    """What one table gave."""

    facts: tuple[Record, ...]
    problems: tuple[Problem, ...]


class _Entry(NamedTuple):
    """All that one department says about one thing: mostly one row, several where its name is merged over them."""

    source: Source
    named: tuple[GridCell, ...]
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        return self.named[-1].text.strip()

    @property
    def where(self) -> Place:
        return self.source.place(reference(self.named[0].row, self.named[0].col))


def record_reading(source: Source, table: Table) -> Records | None:
    """The table's rows as records; None when it is no table of tasks, projects, issues or enterprises."""
    laid = laid_out(table, source.sheet)
    if laid is None:
        return None
    by_row, problems = row_sources(source, table)
    if laid.form.kind == "issue" and source.department is not None:
        by_row, problems = {}, []  # 责任单位 must solve the problem; who reports it is the sheet's sender
    surroundings = table.surroundings
    around = complete(surroundings.caption, surroundings.sheet, surroundings.file, as_said(source.given.period))
    facts: list[Record] = []
    for entry in _entries(source, laid, table, by_row):
        outcome = _record(laid, entry, around, surroundings.units)
        facts += [part for part in outcome if isinstance(part, Record)]
        problems += [part for part in outcome if isinstance(part, Problem)]
    return Records(tuple(facts), tuple(problems))


def _entries(source: Source, laid: Laid, table: Table, by_row: Mapping[int, Source]) -> Iterator[_Entry]:
    """Rows together that are about one thing: a row without a name goes on with the thing above it."""
    columns = [column.col for column in laid.subjects]
    placed: list[tuple[tuple[GridCell, ...], Row]] = []
    for row in table.rows:
        if row.kind == "total":
            continue
        cells = _cells(row)
        named = tuple(cells[col] for col in columns if col in cells)
        if named or placed:
            placed.append((named or placed[-1][0], row))

    def who(one: tuple[tuple[GridCell, ...], Row]) -> tuple[tuple[GridCell, ...], Source]:
        return one[0], by_row.get(one[1].row, source)

    for (named, sent), rows in groupby(placed, who):
        yield _Entry(sent, named, tuple(row for _, row in rows))


def _record(laid: Laid, entry: _Entry, around: Said | None, units: tuple[str, ...]) -> list[Record | Problem]:
    """One record, or every reason why there is none; nothing for a row left blank.

    A row left blank is no report; whether one was due is for `zyz due` to say.
    """
    form, source = laid.form, entry.source
    texts, first, problems = _texts(laid, entry, around, units)
    said = {name: text for name, text in texts.items() if text and name not in form.keys}
    if form.called:
        said[form.called] = entry.name
    if not (said or problems):
        return []
    subject = _subject(laid, entry, texts, problems)
    period = _period(around)
    if period is None:
        problems.append(NO_PERIOD.at(entry.where, found=entry.name, name=entry.name))
    if source.department is None:
        problems.append(NO_DEPARTMENT.at(entry.where, found=entry.name))
    elif subject and not _is_duty(source, form.kind, subject):
        problems.append(NOT_A_DUTY.at(entry.where, found=entry.name, name=entry.name, department=source.department))
    if problems or not subject or period is None or source.department is None:
        return list(problems)
    cell = Cell(source.file, source.sha256, source.sheet, reference(first.row, first.col), first.text)
    return [Record(form.kind, subject, period.last_month, source.department, tuple(sorted(said.items())), cell)]


def _texts(
    laid: Laid, entry: _Entry, around: Said | None, units: tuple[str, ...]
) -> tuple[dict[str, str], GridCell, list[Problem]]:
    """What each field says, the first cell that says anything, and what is wrong with others.

    Words of several rows are joined line by line; any other field must say the same in all of them.
    """
    texts: dict[str, str] = {}
    cells_of: dict[str, GridCell] = {}
    problems: list[Problem] = []
    for row in entry.rows:
        cells = _cells(row)
        for column, field in laid.columns:
            name, cell = field.name, cells.get(column.col)
            if cell is None or cell == cells_of.get(name):
                continue
            spot = Spot(entry.source, column, row, entry.name, around, units)
            text = field.read(spot, cell)
            if isinstance(text, Problem):
                problems.append(text)
            elif not texts.get(name):
                texts[name], cells_of[name] = text, cell
            elif text and field.read is words:
                texts[name] = "\n".join(dict.fromkeys((*texts[name].split("\n"), text)))
            elif text and text != texts[name]:
                problems.append(_twice(spot, entry, cells_of[name], cell))
    first = min(cells_of.values(), key=lambda cell: (cell.row, cell.col), default=entry.named[0])
    return texts, first, problems


def _twice(spot: Spot, entry: _Entry, one: GridCell, other: GridCell) -> Problem:
    first = f"{spot.source.sheet}!{reference(one.row, one.col)}"
    where = spot.place(other)
    return TWICE.at(where, found=other.text, name=entry.name, period="", first=first, before=one.text)


def _subject(laid: Laid, entry: _Entry, texts: Mapping[str, str], problems: list[Problem]) -> str:
    """What the ledger knows the thing by; '' when that cannot be told, and *problems* says why."""
    kind = laid.form.kind
    key = next((texts[name] for name in laid.form.keys if texts.get(name)), "")
    match kind:
        case "enterprise":
            if not key and not any(problem.code == BAD_CREDIT_CODE.code for problem in problems):
                problems.append(BAD_CREDIT_CODE.at(entry.where, found="", name=entry.name, why="没有填写"))
            if "state" not in texts and not any(problem.code == UNKNOWN_STATE.code for problem in problems):
                problems.append(UNKNOWN_STATE.at(entry.where, found="空白", name=entry.name))
        case "issue":
            if not key:
                problems.append(NO_NUMBER.at(entry.where, found=entry.name))
        case _:
            return _named(kind, entry, problems)
    return key


def _named(kind: Literal["task", "project"], entry: _Entry, problems: list[Problem]) -> str:
    """The task or project of a row. A number and a title that disagree are not decided for the sender."""
    names = entry.source.names
    found = [names.find(kind, cell.text, numbered=True) for cell in entry.named]
    ids = {each.id for each in found if isinstance(each, Found)}
    if len(ids) == 1 and isinstance(found[-1], Found):
        return ids.pop()
    cell, last = entry.named[-1], found[-1]
    where = entry.source.place(reference(cell.row, cell.col))
    if isinstance(last, NotFound):
        unknown = UNKNOWN_TASK if kind == "task" else UNKNOWN_PROJECT
        problems.append(unknown.at(where, found=cell.text, hint=hint(last.suggestion)))
    else:
        problems.append(NAMES_DISAGREE.at(where, found=cell.text, number=entry.named[0].text))
    return ""


def _cells(row: Row) -> dict[int, GridCell]:
    """The cells of a row by column, with those merged down over it."""
    return {cell.col: cell for cell in (*row.held, *row.cells)}


def _period(around: Said | None) -> Period | None:
    stated = to_period(around)
    return stated[0] if stated is not None else None


def _is_duty(source: Source, kind: RecordKind, subject: str) -> bool:
    """Whether the department answers for the item. Of issues and firms anybody may speak.

    Guarantee measures name the working group and no departments: any department may report on them.
    """
    if kind == "project":
        project = next(project for project in source.plan.projects if project.id == subject)
        return source.department in project.departments
    if kind != "task":
        return True
    task = source.plan.task(subject)
    return task.kind == "guarantee" or any(duty.department == source.department for duty in task.departments)
