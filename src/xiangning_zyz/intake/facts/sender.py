"""Who sent the workbook: the 填报单位 line, else a department named in title, sheet or file name."""

import re
from collections.abc import Iterable, Sequence

from xiangning_zyz.intake.facts.statement import Given, Source
from xiangning_zyz.intake.names import Found, Names, NotFound
from xiangning_zyz.intake.tables.model import FormLine, Table
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import DEPARTMENT_CONTRADICTED, UNKNOWN_DEPARTMENT, Place, Problem

_LINE = re.compile("(填报|报送|报表|上报|编报|填表|责任|牵头)?(单位|部门)(名称)?")
_SEAL = re.compile(r"[（(](盖章|公章|签章|章)[）)]")


def sender(
    plan: Plan, names: Names, file: str, tables: Iterable[tuple[str, Table]], marked: str | None, given: Given
) -> tuple[str | None, list[Problem]]:
    """The department that reports, by its canonical name, and what is wrong with how it is stated.

    *tables* are (sheet, table); *marked* is what a template's hidden sheet says. None: not stated.
    """
    tables = list(tables)
    problems: list[Problem] = []
    stated: dict[str, Place] = {}
    for sheet, table in tables:
        for line in _lines(table.form_lines):
            match names.find("department", line.value):
                case Found(id):
                    stated.setdefault(id, Place(file, sheet, line.ref))
                case NotFound(suggestion):
                    problems.append(
                        UNKNOWN_DEPARTMENT.at(Place(file, sheet, line.ref), found=line.value, hint=hint(suggestion))
                    )
    if not stated and marked is not None:
        stated[marked] = Place(file)
    if not stated and not problems:
        words = [word for sheet, table in tables for word in (table.title, *table.captions, sheet)] + [file]
        stated = dict.fromkeys(_named_in(plan, words), Place(file))
    return _one(stated, given, problems)


def row_source(source: Source, table: Table, row: int) -> Source:
    """*source* with the department that a 责任部门 column names for this row.

    A cell that lists several owners of a task names no sender; the sheet's own sender stays.
    """
    column = next((c.col for c in table.columns if c.labels and _is_sender(c.labels[-1])), None)
    cells = next((r.cells for r in table.rows if r.row == row), ()) if column is not None else ()
    for cell in cells:
        if cell.col == column and isinstance(found := source.names.find("department", cell.text), Found):
            return source._replace(department=found.id)
    return source


def hint(suggestion: str | None) -> str:
    """How a problem offers the nearest name; nothing is taken for it."""
    return f"，是不是“{suggestion}”？" if suggestion else ""


def _lines(lines: Iterable[FormLine]) -> list[FormLine]:
    found = [line._replace(value=_SEAL.sub("", line.value).strip()) for line in lines if _is_sender(line.label)]
    return [line for line in found if line.value]


def _is_sender(label: str) -> bool:
    return _LINE.fullmatch(_SEAL.sub("", label)) is not None


def _named_in(plan: Plan, words: Sequence[str]) -> list[str]:
    """Departments whose declared name or alias stands in the first of *words* that holds any."""
    for word in words:
        text = "".join(word.split())
        spellings = [
            (spelling, department.id)
            for department in plan.departments
            for spelling in (department.id, department.full_name, *department.aliases)
            if spelling and spelling in text
        ]
        # 县工信局 also holds 工信局, and 财政局 must not be found in another's longer name.
        longest = [
            name for spelling, name in spellings if not any(spelling != s and spelling in s for s, _ in spellings)
        ]
        if longest:
            return list(dict.fromkeys(longest))
    return []


def _one(stated: dict[str, Place], given: Given, problems: list[Problem]) -> tuple[str | None, list[Problem]]:
    """The one sender. Two lines that name two departments leave it open: rows or the office must say."""
    if len(stated) > 1:
        return given.department, problems
    if not stated:
        return given.department, problems
    (department, where), *_ = stated.items()
    if given.department is not None and given.department != department:
        problems.append(DEPARTMENT_CONTRADICTED.at(where, found=department, given=given.department))
    return department, problems
