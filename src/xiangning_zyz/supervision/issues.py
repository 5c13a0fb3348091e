"""The issue ledger (问题台账): numbered problems, who must solve them by when, and how they ended.

Plan clause 三（三） demands it (共性问题、个性问题，建立问题台账), domain.md B5 says how offices keep one: each
problem has a number and a date, and what cannot be struck off stays on the list (不能销号的继续挂号).
Striking off (销号) needs evidence and a confirmer who neither had to solve the problem nor reported it
solved. Extending keeps the first due date for all to see. What was entered by mistake is withdrawn (作废):
it never was a problem, but stays on record. Pure: plan, events and sheets in.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from xiangning_zyz.fact import IssueEvent, Record, Recorded
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.supervision.parties import departments_in, speaks_for
from xiangning_zyz.supervision.tally import IssueTally

Entry = Recorded[IssueEvent]
Word = Recorded[Record]  # what a department's sheet says of an issue

SCOPES = ("共性", "个性")
# Patterns are compiled when first used: `zyz status` loads this module, and mostly has no issue to read.
_SERIAL = "[0-9]{1,3}"  # a place in a list, which next month's list may give to another problem
_NUMBER = "(?P<year>[0-9]{4})-(?P<n>[0-9]{3,})"
# 尚未解决, 部分解决, 基本解决 are none of these. The last is what our own sheet says, sent back as it was.
_SAID_SOLVED = "(问题)?(已|已经|全部)*(解决|办结|完成|销号|整改到位|整改完成|落实到位)(了)?|(逾期、)?(待|申请)销号"


class Issue(NamedTuple):
    """One problem as it stands on a day."""

    number: str
    problem: str
    scope: str  # 共性, 个性, or empty
    raised_by: str
    raised_on: date
    enterprise: str
    item: str  # id of its task or project, or the sheet's own words for it; may be empty
    responsible: tuple[str, ...]  # departments; empty: not assigned yet
    first_due: date | None  # as first set; stays when the term is extended
    due: date | None
    closed: IssueEvent | None  # the closing that holds
    events: tuple[Entry, ...]  # oldest first
    words: tuple[Word, ...]  # of sheets, by period
    withdrawn: IssueEvent | None = None  # entered by mistake, and taken back

    @property
    def open(self) -> bool:
        """Whether it still stands on the list: neither struck off nor withdrawn."""
        return self.closed is None and self.withdrawn is None

    @property
    def extensions(self) -> int:
        """How often the due date was put off."""
        return sum(each.what.act == "extend" for each in self.events)

    @property
    def claimants(self) -> tuple[str, ...]:
        """Departments whose last sheet on an open issue says that it is solved: waiting to be confirmed (待销号)."""
        if not self.open:
            return ()
        last = {each.what.department: each for each in self.words}
        said = {department: each for department, each in last.items() if _says_solved(each) and not self._later(each)}
        return tuple(said)

    def overdue(self, day: date) -> bool:
        """Whether it is open and its due day is over (民法典 201: the due day itself is still in time)."""
        return self.open and self.due is not None and self.due < day

    def _later(self, word: Word) -> bool:
        """Whether the issue was reopened after *word* came."""
        return any(each.what.act == "reopen" and each.import_id > word.import_id for each in self.events)


def issues_of(plan: Plan, events: Sequence[Entry], records: Iterable[Word], as_of: date) -> tuple[Issue, ...]:
    """Every issue raised by *as_of*, as it stood on that day; those withdrawn since never were any."""
    return tuple(issue for issue in entered_issues(plan, events, records, as_of) if issue.withdrawn is None)


def entered_issues(plan: Plan, events: Sequence[Entry], records: Iterable[Word], as_of: date) -> tuple[Issue, ...]:
    """Every issue entered by *as_of*, withdrawn or not: the office's by number, then those raised by sheets.

    *events* in the order of the ledger; a sheet received after *as_of* has not come yet. A sheet's row
    belongs to the issue whose number it bears; other rows raise an issue of their own, numbered
    `department-number`, for two departments may both have a 3. Rows that are only counted (1, 2, 3)
    go together by the problem's own words.
    """
    happened = [each for each in events if each.what.on <= as_of and each.what.act != "withdraw"]
    withdrawn = [each for each in events if each.what.act == "withdraw"]  # for every day, as an import taken back
    raised = {each.what.number: _raised(each) for each in happened if each.what.act == "add"}
    given = {each.what.number for each in events if each.what.act == "add"}
    words: dict[str, list[Word]] = {}
    counted: dict[tuple[str, str], str] = {}  # department and problem → number, for rows only counted
    for word in sorted(_received(records, as_of), key=lambda each: (each.what.period.ordinal, each.import_id)):
        number = _number_in(word.what, given)
        if re.fullmatch(_SERIAL, word.what.subject):
            number = counted.setdefault((word.what.department, _squeezed(_problem(word.what))), number)
        words.setdefault(number, []).append(word)
    for number, said in words.items():
        if number not in given:
            raised[number] = _raised_by_sheet(plan, number, said[0])
        if number in raised:
            raised[number] = raised[number]._replace(words=tuple(said))
    for each in happened:
        if each.what.act != "add":
            raised[each.what.number] = _after(raised.get(each.what.number) or _lost(each.what), each)
    for each in (each for each in withdrawn if each.what.number in raised):
        issue = raised[each.what.number]
        raised[issue.number] = issue._replace(events=(*issue.events, each), withdrawn=each.what)
    return tuple(sorted(raised.values(), key=lambda issue: (re.fullmatch(_NUMBER, issue.number) is None, issue.number)))


def tally(issues: Iterable[Issue], day: date) -> IssueTally:
    """How many are open, and how many of these overdue."""
    still = [issue for issue in issues if issue.open]
    return IssueTally(len(still), sum(issue.overdue(day) for issue in still))


def next_number(events: Iterable[Entry], year: int) -> str:
    """The next free number of *year*: 2024-001, 2024-002 …; a number is never given twice."""
    matches = (re.fullmatch(_NUMBER, each.what.number) for each in events if each.what.act == "add")
    used = [int(match["n"]) for match in matches if match and int(match["year"]) == year]
    return f"{year}-{max(used, default=0) + 1:03d}"


def refusal(plan: Plan, issue: Issue | None, event: IssueEvent) -> str:
    """Why *event* cannot be entered for *issue* (None: there is none of that number), in Chinese; empty: it can."""
    if event.act == "add":
        return _no_start(issue, event)
    if issue is None:
        return f"没有编号为 {event.number} 的问题，请用 zyz issue list 查看编号。"
    if why := _ended(issue, event):
        return why
    match event.act:
        case "assign":
            return _no_assignment(issue, event)
        case "extend":
            return _no_extension(issue, event)
        case "close":
            return _no_closing(plan, issue, event)
        case "withdraw":
            return _no_withdrawal(issue, event)
        case "reopen":
            return ""


def _ended(issue: Issue, event: IssueEvent) -> str:
    """Why nothing more, or nothing so early, can happen to *issue*; a closed one can only be reopened."""
    if issue.withdrawn is not None:
        return f"{issue.number} 已于 {issue.withdrawn.on} 作废，不能再办理；确有问题的请重新登记。"
    if event.on < max([issue.raised_on, *(each.what.on for each in issue.events)]):
        return f"日期 {event.on} 早于该问题上一次登记的日期，请核对 --on。"
    if event.act == "reopen":
        return "" if issue.closed else f"{issue.number} 没有销号，不必重新挂号。"
    if issue.closed is not None:
        return f"{issue.number} 已于 {issue.closed.on} 销号；如问题反复，请先用 zyz issue reopen 重新挂号。"
    return ""


def _received(records: Iterable[Word], as_of: date) -> Iterator[Word]:
    return (each for each in records if each.what.kind == "issue" and each.received <= as_of)


def _number_in(record: Record, given: set[str]) -> str:
    if record.subject in given:
        return record.subject
    counted = f"{record.period}-" if re.fullmatch(_SERIAL, record.subject) else ""
    return f"{record.department}-{counted}{record.subject}"


def _problem(record: Record) -> str:
    return dict(record.fields).get("problem", "") or record.cell.raw


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _raised(entry: Entry) -> Issue:
    event = entry.what
    return Issue(
        number=event.number,
        problem=event.text,
        scope=event.scope,
        raised_by=event.by,
        raised_on=event.on,
        enterprise=event.enterprise,
        item=event.item,
        responsible=_split(event.responsible),
        first_due=event.due,
        due=event.due,
        closed=None,
        events=(entry,),
        words=(),
    )


def _raised_by_sheet(plan: Plan, number: str, word: Word) -> Issue:
    """An issue as the first sheet that has it describes it; what later sheets say are words about it."""
    said = dict(word.what.fields)
    due = _day(said.get("due", ""))
    return Issue(
        number=number,
        problem=_problem(word.what),
        scope=next((scope for scope in SCOPES if scope in said.get("scope", "")), ""),
        raised_by=said.get("raised_by", "") or word.what.department,
        raised_on=min(_day(said.get("raised_on", "")) or word.received, word.received),
        enterprise=said.get("enterprise", ""),
        item=said.get("item", ""),
        responsible=departments_in(plan, said.get("responsible", "")),
        first_due=due,
        due=due,
        closed=None,
        events=(),
        words=(),
    )


def _lost(event: IssueEvent) -> Issue:
    """An issue that only events speak of: the sheet that raised it was taken back, what people did with it was not."""
    return Issue(event.number, "（提出它的报表已撤回）", "", "", event.on, "", "", (), None, None, None, (), ())


def _after(issue: Issue, entry: Entry) -> Issue:
    event = entry.what
    issue = issue._replace(events=(*issue.events, entry))
    due = event.due or issue.due
    match event.act:
        case "assign":
            return issue._replace(
                responsible=_split(event.responsible), due=due, first_due=issue.first_due or event.due
            )
        case "extend":
            return issue._replace(due=due)
        case "close":
            return issue._replace(closed=event)
        case _:
            return issue._replace(closed=None, due=due)


def _no_start(issue: Issue | None, event: IssueEvent) -> str:
    if issue is not None:
        return f"编号 {event.number} 已经用过。"
    return _due_before(event)


def _no_assignment(issue: Issue, event: IssueEvent) -> str:
    if issue.due is None and event.due is None:
        return "交办要有完成时限，请用 --due 写明。"
    if issue.due is not None and event.due not in (None, issue.due):
        return f"完成时限已定为 {issue.due}，要延期请用 zyz issue extend（首次时限保留）。"
    return _due_before(event)


def _no_extension(issue: Issue, event: IssueEvent) -> str:
    if issue.due is None or not issue.responsible:
        return f"{issue.number} 尚未交办、未定完成时限，请先用 zyz issue assign 交办。"
    if event.due is None or event.due <= issue.due:
        return f"新时限应晚于现时限 {issue.due}。"
    return ""


def _no_closing(plan: Plan, issue: Issue, event: IssueEvent) -> str:
    """销号 needs evidence and somebody else's confirmation, never the reporting unit's alone (domain.md B5)."""
    if not issue.responsible:
        return f"{issue.number} 没有责任单位，不能确定由谁确认销号；请先用 zyz issue assign 交办。"
    if not event.evidence_sha256:
        return "销号要有佐证材料，请用 --evidence 附上文件。"
    if interested := speaks_for(plan, event.by, (*issue.responsible, *issue.claimants)):
        return f"{interested}是责任单位或报告办结的单位，不能自己确认销号；请由专班办公室或其他单位确认。"
    return ""


def _no_withdrawal(issue: Issue, event: IssueEvent) -> str:
    """Only a slip of the pen is withdrawn: what was worked on, or is overdue, ends by 销号 and in no other way."""
    if all(each.what.act != "add" for each in issue.events):
        return f"{issue.number} 是报表提出的，不能作废；报表有误的，请用 zyz undo 撤回该报表。"
    if issue.words or any(each.what.act not in ("add", "assign") for each in issue.events):
        return f"{issue.number} 已经办理过，不能作废；请按程序销号。"
    if issue.overdue(event.on):
        return f"{issue.number} 已过完成时限 {issue.due}，不能作废；确属重复、错登的，请附说明材料销号。"
    return ""


def _due_before(event: IssueEvent) -> str:
    return "完成时限不能早于登记日期。" if event.due is not None and event.due < event.on else ""


def _says_solved(word: Word) -> bool:
    said = dict(word.what.fields)
    return bool(said.get("closed_on")) or re.fullmatch(_SAID_SOLVED, _squeezed(said.get("state", ""))) is not None


def _split(departments: str) -> tuple[str, ...]:
    return tuple(departments.split("、")) if departments else ()


def _day(text: str) -> date | None:
    """A day as sheets give it, of a month (2024-06) its last; None for none, or for words such as 长期坚持."""
    try:
        return Period.parse(text).last_day if len(text) == len("2024-06") else date.fromisoformat(text)
    except ValueError:
        return None
