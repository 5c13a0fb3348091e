"""Tables → facts and problems, by the plan's names and the sheet's own words (CONTRACT §6). Pure."""

import re
from collections.abc import Iterable, Sequence

from xiangning_zyz.fact import Fact, Observation
from xiangning_zyz.intake.facts.indicators import indicator_reading
from xiangning_zyz.intake.facts.large import is_hopeless, opening_of, says_nothing, shortened, unread
from xiangning_zyz.intake.facts.records import record_reading
from xiangning_zyz.intake.facts.sender import senders
from xiangning_zyz.intake.facts.statement import Given, Source, Statement
from xiangning_zyz.intake.grid import Book, Sheet, reference
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.periods import complete, label, to_period
from xiangning_zyz.intake.tables import find_tables, values_of
from xiangning_zyz.intake.tables.find import BLANK_FORM, Found
from xiangning_zyz.intake.tables.model import Table
from xiangning_zyz.intake.template_id import read_template_id
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import (
    DEPARTMENT_CONTRADICTED,
    FOREIGN_TEMPLATE,
    HEADER_DISAGREES,
    HIDDEN,
    NO_DEPARTMENT,
    NO_SIGNATURE,
    NOTHING_REPORTED,
    NOTHING_TO_READ,
    OLD_TEMPLATE,
    PERIOD_CONTRADICTED,
    PERIOD_DISAGREES,
    UNKNOWN_DEPARTMENT,
    UNREAD,
    Place,
    Problem,
)
from xiangning_zyz.template_mark import FEEDBACK_SHEET, GUIDE_SHEET, SHEET

# Where these are reported, who sent the figures is already asked.
_SENDER_OPEN = (UNKNOWN_DEPARTMENT.code, DEPARTMENT_CONTRADICTED.code)
_SIGNERS = {
    "填报人": re.compile("填报人|填表人|制表|经办"),
    "审核人": re.compile("审核|复核|审批|签发|负责人|领导|主管"),
}


class _Harvest:
    """What has been gathered from the sheets so far. (`dataclasses` is a tenth of what a worker loads.)"""

    def __init__(self, problems: list[Problem]) -> None:
        self.facts: list[Fact] = []
        self.carried: list[Observation] = []
        self.problems = problems
        self.unread: list[Problem] = []


def read_report(book: Book, plan: Plan, names: Names, given: Given) -> Statement:
    """Everything *book* states, and everything wrong with how it states it: up to a thousand errors."""
    begun = opening_of(book)
    if begun is not None:
        statement = _read(begun, plan, names, given)
        if is_hopeless(statement):
            return shortened(statement, book)
        if says_nothing(statement):
            return unread(statement, book)
    statement = _read(book, plan, names, given)
    return shortened(statement, book) if is_hopeless(statement) else statement


def _read(book: Book, plan: Plan, names: Names, given: Given) -> Statement:
    template = read_template_id(book.sheets)
    if template is not None and template.plan != plan.id:
        foreign = FOREIGN_TEMPLATE.at(Place(book.file, SHEET), found=template.plan)
        return Statement(None, (), (foreign,))
    found = [(sheet, find_tables(sheet, book.file)) for sheet in book.sheets if not _is_ours(sheet)]
    tables = [(sheet, table) for sheet, result in found for table in result.tables]
    if not tables:
        return Statement(None, (), (_nothing(book.file, found),))
    marked = template.department if template is not None else None
    sent, problems = senders(plan, names, book.file, [(sheet.name, table) for sheet, table in tables], marked, given)
    harvest = _Harvest(problems=problems)
    if template is not None and template.plan_hash != plan.hash:
        harvest.problems.append(OLD_TEMPLATE.at(Place(book.file, SHEET)))
    for (sheet, table), department in zip(tables, sent, strict=True):
        source = Source(plan, names, book.file, book.sha256, sheet.name, department, given)
        _read_table(source, sheet, table, harvest)
    _conclude(book.file, [table for _, table in tables], harvest)
    named = {each for each in sent if each is not None} or {fact.department for fact in harvest.facts}
    department = named.pop() if len(named) == 1 else None
    return Statement(
        department,
        tuple(harvest.facts),
        tuple(dict.fromkeys(harvest.problems)),
        tuple(harvest.carried),
        _stated(table for _, table in tables),
    )


def _stated(tables: Iterable[Table]) -> tuple[Period, ...]:
    """The periods that titles, sheet names and the file's name state, each once."""
    around = (table.surroundings for table in tables)
    found = (to_period(complete(each.caption, each.sheet, each.file)) for each in around)
    return tuple(sorted({period for period, _ in filter(None, found)}))


def _is_ours(sheet: Sheet) -> bool:
    """Sheets that `zyz` itself put in: the template's mark and guide, feedback from an earlier return."""
    return sheet.name in (SHEET, GUIDE_SHEET) or sheet.name.startswith(FEEDBACK_SHEET)


def _nothing(file: str, found: Sequence[tuple[Sheet, Found]]) -> Problem:
    """Why there is no table: a form that was left blank, or nothing that looks like one."""
    if any(result.reason == BLANK_FORM for _, result in found):
        return NOTHING_REPORTED.at(Place(file))
    reasons = "；".join(f"{sheet.name}：{result.reason}" for sheet, result in found if result.reason)
    return NOTHING_TO_READ.at(Place(file), why=reasons or "没有工作表")


def _read_table(source: Source, sheet: Sheet, table: Table, harvest: _Harvest) -> None:
    read: Sequence[Fact]
    if (records := record_reading(source, table)) is not None:
        read, problems = records.facts, list(records.problems)
    else:
        figures = indicator_reading(source, table)
        if figures is None:
            if (table.header_rows and len(table.rows) > 1) or any(values_of(table)):
                why = "没有方案中的指标或任务"
                harvest.unread.append(UNREAD.at(source.place(table.range), found=table.title, why=why))
            return
        read, problems = figures.facts, [*figures.problems, *_misplaced(source, table)]
        harvest.carried += figures.carried
    if read and (contradicted := _contradicted(source, read)):
        read, problems = (), [*problems, contradicted]
    if read:
        problems += [*_hidden(source, sheet, table), *_periods(source, table, read)]
    harvest.facts += read
    harvest.problems += problems


def _misplaced(source: Source, table: Table) -> Iterable[Problem]:
    """Heads that slipped when somebody inserted a column: names under 亿元, amounts under %."""
    for column in table.columns:
        if column.misplaced and column.unit is not None and column.unit.origin == "header":
            where = source.place(reference(table.header_rows[-1], column.col) if table.header_rows else "")
            yield HEADER_DISAGREES.at(where, found=column.misplaced, name=column.label)


def _contradicted(source: Source, read: Sequence[Fact]) -> Problem | None:
    """`--period` against what the table states: its latest period must lie within the given one."""
    given = source.given.period
    if given is None:
        return None
    latest = max(read, key=lambda fact: fact.period.ordinal)
    stated = latest.period
    if stated.year == given.year and given.first <= stated.last <= given.last:
        return None
    where = source.place(latest.cell.ref)
    return PERIOD_CONTRADICTED.at(where, found=stated.label, given=given.label)


def _hidden(source: Source, sheet: Sheet, table: Table) -> Iterable[Problem]:
    if sheet.hidden:
        yield HIDDEN.at(source.place(), found=f"工作表“{sheet.name}”")
        return
    rows = [row.row for row in table.rows if row.hidden]
    columns = [column.label for column in table.columns if column.hidden and column.role == "number"]
    if rows:
        more = "等" if len(rows) > 5 else ""
        yield HIDDEN.at(source.place(), found=f"第{'、'.join(map(str, rows[:5]))}行{more}")
    if columns:
        yield HIDDEN.at(source.place(), found=f"“{'、'.join(columns)}”列")


def _periods(source: Source, table: Table, read: Sequence[Fact]) -> Iterable[Problem]:
    """Title, sheet name and file name against the periods read: the innermost, the table itself, wins.

    One of a wide table's months may be the title's; a date in a file's name is the day it was written.
    """
    around = table.surroundings
    for where, outer in (("标题", around.caption), ("工作表名", around.sheet), ("文件名", around.file)):
        if outer is None or outer.years_back or (outer.day is not None and outer.day < 28):
            continue
        agrees = any(outer.year in (None, fact.period.year) and outer.last in (None, fact.period.last) for fact in read)
        if not agrees:
            latest = max((fact.period for fact in read), key=lambda period: period.ordinal)
            yield PERIOD_DISAGREES.at(source.place(), found=label(outer) or "", where=where, period=latest.label)


def _conclude(file: str, tables: Sequence[Table], harvest: _Harvest) -> None:
    """What can only be said of the workbook as a whole."""
    harvest.problems = _asked_once(harvest.problems)
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
    missing = [who for who, words in _SIGNERS.items() if not any(map(words.search, signed))]
    if missing:
        harvest.problems.append(NO_SIGNATURE.at(Place(file), found="、".join(missing)))


def _asked_once(problems: Sequence[Problem]) -> list[Problem]:
    """Who sent the figures is asked once a sheet, and not where a name was given that nobody knows."""
    known_open = any(problem.code in _SENDER_OPEN for problem in problems)
    asked: set[str] = set()
    left = []
    for problem in problems:
        if problem.code == NO_DEPARTMENT.code:
            if known_open or problem.sheet in asked:
                continue
            asked.add(problem.sheet)
        left.append(problem)
    return left
