"""Tables → facts and problems, by the plan's names and the sheet's own words (CONTRACT §6). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from xiangning_zyz.fact import Fact, Observation
from xiangning_zyz.intake.facts.indicators import indicator_reading
from xiangning_zyz.intake.facts.records import record_reading
from xiangning_zyz.intake.facts.sender import sender
from xiangning_zyz.intake.facts.statement import Given, Source, Statement
from xiangning_zyz.intake.grid import Book, Sheet
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.periods import disagree, label
from xiangning_zyz.intake.tables import find_tables, values_of
from xiangning_zyz.intake.tables.model import Table
from xiangning_zyz.intake.template_id import read_template_id
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import (
    FOREIGN_TEMPLATE,
    HIDDEN,
    NO_SIGNATURE,
    NOTHING_REPORTED,
    NOTHING_TO_READ,
    OLD_TEMPLATE,
    PERIOD_DISAGREES,
    UNREAD,
    Place,
    Problem,
)
from xiangning_zyz.template_mark import FEEDBACK_SHEET, GUIDE_SHEET, SHEET

_SIGNERS = ("填报人", "审核人")
_SIGNER_WORDS = {
    "填报人": ("填报人", "填表人", "制表"),
    "审核人": ("审核人", "审核", "负责人", "单位负责人", "分管领导"),
}


@dataclass
class _Harvest:
    """What has been gathered from the sheets so far."""

    facts: list[Fact] = field(default_factory=list)
    carried: list[Observation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)


def read_report(book: Book, plan: Plan, names: Names, given: Given) -> Statement:
    """Everything *book* states, and everything wrong with how it states it."""
    template = read_template_id(book.sheets)
    if template is not None and template.plan != plan.id:
        foreign = FOREIGN_TEMPLATE.at(Place(book.file, SHEET), found=template.plan)
        return Statement(None, (), (foreign,))
    sheets = [sheet for sheet in book.sheets if not _is_ours(sheet)]
    found = [(sheet, find_tables(sheet, book.file)) for sheet in sheets]
    tables = [(sheet, table) for sheet, result in found for table in result.tables]
    if not tables:
        reasons = "；".join(f"{sheet.name}：{result.reason}" for sheet, result in found if result.reason)
        return Statement(None, (), (NOTHING_TO_READ.at(Place(book.file), why=reasons or "没有工作表"),))
    marked = template.department if template is not None else None
    department, problems = sender(plan, names, book.file, [(s.name, t) for s, t in tables], marked, given)
    harvest = _Harvest(problems=problems)
    if template is not None and template.plan_hash != plan.hash:
        harvest.problems.append(OLD_TEMPLATE.at(Place(book.file, SHEET)))
    for sheet, table in tables:
        source = Source(plan, names, book.file, book.sha256, sheet.name, department, given)
        _read_table(source, sheet, table, harvest)
    _conclude(book.file, [table for _, table in tables], harvest)
    problems = list(dict.fromkeys(harvest.problems))
    return Statement(department, tuple(harvest.facts), tuple(problems), tuple(harvest.carried))


def _is_ours(sheet: Sheet) -> bool:
    """Sheets that `zyz` itself put in: the template's mark and guide, feedback from an earlier return."""
    return sheet.name in (SHEET, GUIDE_SHEET) or sheet.name.startswith(FEEDBACK_SHEET)


def _read_table(source: Source, sheet: Sheet, table: Table, harvest: _Harvest) -> None:
    before = len(harvest.facts)
    if (records := record_reading(source, table)) is not None:
        harvest.facts += records.facts
        harvest.problems += records.problems
    else:
        values = tuple(values_of(table))
        if (figures := indicator_reading(source, table, values)) is not None:
            harvest.facts += figures.facts
            harvest.carried += figures.carried
            harvest.problems += figures.problems
        elif values:
            harvest.unread.append(UNREAD.at(source.place(table.range), found=table.title, why="没有方案中的指标或任务"))
    if len(harvest.facts) > before:
        harvest.problems += [*_hidden(source, sheet, table), *_periods(source, table)]


def _hidden(source: Source, sheet: Sheet, table: Table) -> Iterable[Problem]:
    if sheet.hidden:
        yield HIDDEN.at(source.place(), found=f"工作表“{sheet.name}”")
        return
    rows = [row.row for row in table.rows if row.hidden]
    columns = [column.label for column in table.columns if column.hidden and column.role == "number"]
    if rows:
        yield HIDDEN.at(source.place(), found=f"第{'、'.join(map(str, rows[:5]))}行")
    if columns:
        yield HIDDEN.at(source.place(), found=f"“{'、'.join(columns)}”列")


def _periods(source: Source, table: Table) -> Iterable[Problem]:
    """Title, sheet name and file name may disagree; the innermost, the sheet itself, wins."""
    around = table.surroundings
    named = (("工作表名", around.sheet), ("文件名", around.file))
    for where, outer in named:
        if disagree(around.caption, outer):
            found, period = label(outer) or "", label(around.caption) or ""
            yield PERIOD_DISAGREES.at(source.place(), found=found, where=where, period=period)


def _conclude(file: str, tables: list[Table], harvest: _Harvest) -> None:
    """What can only be said of the workbook as a whole."""
    errors = any(problem.severity == "error" for problem in harvest.problems)
    if not harvest.facts and not errors:
        if harvest.unread:
            whys = "；".join(f"{problem.sheet}!{problem.ref}" for problem in harvest.unread)
            harvest.problems.append(NOTHING_TO_READ.at(Place(file), why=f"{whys} 中没有方案的指标或任务"))
        else:
            harvest.problems.append(NOTHING_REPORTED.at(Place(file)))
        return
    harvest.problems += harvest.unread
    signed = {line.label for table in tables for line in (*table.signatures, *table.form_lines) if line.value}
    missing = [who for who in _SIGNERS if not any(word in signed for word in _SIGNER_WORDS[who])]
    if missing:
        harvest.problems.append(NO_SIGNATURE.at(Place(file), found="、".join(missing)))
