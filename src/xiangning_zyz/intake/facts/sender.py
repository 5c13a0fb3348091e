"""Who reports: the 填报单位 line over a table, else one named elsewhere in the workbook; a column, row by row."""

import re
from collections.abc import Iterable, Mapping, Sequence

from xiangning_zyz.intake.facts.statement import Given, Source
from xiangning_zyz.intake.grid import reference
from xiangning_zyz.intake.names import Found, Names, NotFound
from xiangning_zyz.intake.tables.model import Table
from xiangning_zyz.intake.units import units_in
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import DEPARTMENT_CONTRADICTED, UNKNOWN_DEPARTMENT, Place, Problem

_LINE = re.compile("(填报|报送|报表|上报|编报|编制|制表|报告|填表|责任|牵头)?(单位|部门)(名称)?")
# Over a column, 单位 alone mostly means the unit of measure, and 单位名称 may list firms: there only names
# that the plan knows are taken, while under 责任部门 a name it does not know is a problem.
_COLUMN = re.compile("(数据)?(填报|报送|报表|上报|编报|填表|责任|牵头|归口|主责)(单位|部门)(名称)?|部门(名称)?")
_LOOSE = ("单位", "单位名称", "数据来源", "来源单位", "提供单位", "数据提供单位")
_SEAL = re.compile(r"[（(](盖章|公章|签章|章)[）)]")
_SEVERAL = re.compile(r"[、,，;；/\n]|\s{2,}")


def senders(
    plan: Plan, names: Names, file: str, tables: Sequence[tuple[str, Table]], marked: str | None, given: Given
) -> tuple[list[str | None], list[Problem]]:
    """The sender of each table, by canonical name (None: not known), and what is wrong with how they are stated.

    *tables* are (sheet, table); *marked* is what a template's hidden sheet says. A line over one table
    holds for those without a line of their own. A problem leaves the sender open: figures are never put
    down to somebody who may not have sent them.
    """
    problems: list[Problem] = []
    own = [_stated(names, file, sheet, table, given, problems) for sheet, table in tables]
    if not any(own) and not problems:
        own = [[marked] if marked else _named_in(plan, _words(sheet, table)) for sheet, table in tables]
        if not any(own) and (named := _named_in(plan, [file])):
            own = [named for _ in tables]
        problems += _contradictions(own, given, Place(file))
    named = list(dict.fromkeys(department for stated in own for department in stated))
    outer = None if problems else named[0] if len(named) == 1 else given.department
    sent: list[str | None] = []
    for stated in own:
        right = [each for each in stated if given.department in (None, each)]
        sent.append(right[0] if len(right) == 1 else outer)
    return sent, problems


def row_sources(source: Source, table: Table) -> tuple[Mapping[int, Source], list[Problem]]:
    """*source* with the department that a 责任部门 column names, for the rows where it names one.

    A cell that lists several owners of a task names no sender, so the sheet's own stays; a single
    name that the plan does not know is a problem, and its row is nobody's.
    """
    columns = {column.col: column.labels[-1] for column in table.columns if column.labels and column.role != "unit"}
    strict = {col for col, head in columns.items() if _COLUMN.fullmatch(_SEAL.sub("", head))}
    loose = {col for col, head in columns.items() if head in _LOOSE} - strict
    rows: dict[int, Source] = {}
    problems: dict[tuple[int, int], Problem] = {}
    for row in table.rows if strict or loose else ():
        for cell in (*row.held, *row.cells):
            if cell.col not in strict | loose or _SEVERAL.search(cell.text.strip()):
                continue
            match source.names.find("department", _SEAL.sub("", cell.text)):
                case Found(id):
                    rows[row.row] = source._replace(department=id)
                case NotFound(suggestion) if cell.col in strict:
                    rows[row.row] = source._replace(department=None)
                    where = source.place(reference(cell.row, cell.col))
                    problem = UNKNOWN_DEPARTMENT.at(where, found=cell.text.strip(), hint=hint(suggestion))
                    problems[cell.row, cell.col] = problem
    return rows, list(problems.values())


def hint(suggestion: str | None) -> str:
    """How a problem offers the nearest name; nothing is taken for it."""
    return f"，是不是“{suggestion}”？" if suggestion else ""


def _stated(names: Names, file: str, sheet: str, table: Table, given: Given, problems: list[Problem]) -> list[str]:
    """The departments that the lines around a table name; what is wrong with them joins *problems*."""
    departments: list[str] = []
    for line in (*table.form_lines, *table.signatures):
        value = _SEAL.sub("", line.value).strip()
        if not value or units_in(f"单位：{value}") or not _LINE.fullmatch(_SEAL.sub("", line.label)):
            continue
        where = Place(file, sheet, line.ref)
        match names.find("department", value):
            case Found(id):
                departments.append(id)
                problems += _contradictions([[id]], given, where)
            case NotFound(suggestion):
                problems.append(UNKNOWN_DEPARTMENT.at(where, found=value, hint=hint(suggestion)))
    return list(dict.fromkeys(departments))


def _words(sheet: str, table: Table) -> list[str]:
    return [table.title, *table.captions, sheet]


def _contradictions(stated: Iterable[Sequence[str]], given: Given, where: Place) -> Iterable[Problem]:
    for departments in stated:
        for department in departments:
            if given.department not in (None, department):
                yield DEPARTMENT_CONTRADICTED.at(where, found=department, given=given.department)


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
