"""Facts: what a department said, and the cell in which it said it (CONTRACT §2, §6).

Named tuples, not dataclasses: `zyz status` builds these classes at every start, and a named
tuple costs a sixth of a frozen dataclass to define (docs/decisions/0002).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal, NamedTuple, TypeVar

from xiangning_zyz.period import Period

Basis = Literal["point", "single", "cumulative"]
RecordKind = Literal["task", "project", "issue", "enterprise"]
IssueAct = Literal["add", "assign", "extend", "close", "reopen", "withdraw"]
ApprovalOf = Literal["bulletin", "brief", "praise", "criticism", "talk"]
ReminderStep = Literal["hint", "urge", "supervise", "talk", "criticise"]
T = TypeVar("T")


class Cell(NamedTuple):
    """Where a word or figure stood: one cell of one workbook that was received."""

    file: str  # name as received, without folder
    sha256: str  # of the whole file, hexadecimal
    sheet: str
    ref: str  # A1 style
    raw: str  # as Excel shows it, at 15 significant digits; never altered


class Observation(NamedTuple):
    """One reported value of an indicator (数据)."""

    indicator: str
    segment: str | None  # None: the whole
    period: Period  # `point` and `cumulative`: always a month, the period's last
    basis: Basis
    value: Decimal  # in `unit`, exact
    unit: str  # the indicator's own
    department: str
    raw_unit: str  # as the sheet states it
    reference: bool  # 参考: kept and compared, never counted (CONTRACT §6)
    cell: Cell

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two observations the same fact; the later one is a revision."""
        return ("indicator", self.indicator, self.segment or "", str(self.period), self.basis, self.department)

    @property
    def stated(self) -> str:
        """The figure in the sheet's own words, with its unit once: 41,200万元, 1.3万人, 0.85%."""
        raw, unit = self.cell.raw.strip(), self.raw_unit
        if unit in raw.replace("％", "%"):
            return raw
        begun = next(size for size in range(len(unit), -1, -1) if raw.endswith(unit[:size]))  # ￥3.95亿 in 亿元
        return raw + unit[begun:]


class Record(NamedTuple):
    """One row about a task, project, issue or enterprise: words, and who said them."""

    kind: RecordKind
    subject: str  # task or project id, issue number, credit code
    period: Period
    department: str
    fields: tuple[tuple[str, str], ...]  # sorted by name; see `intake/facts/forms.py` for the names
    cell: Cell

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two records the same fact; the later one is a revision."""
        return (self.kind, self.subject, "", str(self.period), "", self.department)


Fact = Observation | Record


class Resolution(NamedTuple):
    """Which of several departments' figures counts, and who decided so (`zyz resolve`)."""

    indicator: str
    segment: str | None
    period: Period
    department: str  # whose figure counts
    why: str
    decided_by: str


class Verdict(NamedTuple):
    """A person's judgement of a qualitative goal (`zyz judge`)."""

    goal: str
    verdict: str
    why: str
    judged_by: str
    on: date
    evidence: str  # file name; its hash stands beside
    evidence_sha256: str


class IssueEvent(NamedTuple):
    """One line in the history of an issue (问题台账, plan clause 三（三）); what an act has no use for stays empty."""

    number: str  # of the issue: 2024-001, or 县工信局-3 for one that a sheet raised
    act: IssueAct
    on: date
    by: str  # add: who raised it; close: who confirmed; else who decided
    text: str  # add: the problem; close: how it was solved; else why
    responsible: str = ""  # departments by their short names, joined by 、
    due: date | None = None
    scope: str = ""  # add: 共性 or 个性
    enterprise: str = ""  # add: whom it troubles
    item: str = ""  # add: id of the task or project it belongs to
    evidence: str = ""  # close: file name; its hash stands beside
    evidence_sha256: str = ""


class Approval(NamedTuple):
    """What those who may do so approved, or took back (政府督查工作条例 art. 21): 通报, 表扬, 批评, 约谈."""

    what: ApprovalOf
    act: Literal["approve", "revoke"]
    period: Period
    department: str  # empty: the whole
    by: str
    on: date
    note: str  # approve: 文号 or remark; revoke: why
    evidence: str  # file name, e.g. the signed sheet; empty: none
    evidence_sha256: str


class Review(NamedTuple):
    """A department's objection to its assessment, or the answer to it (异议与复核, 政府督查工作条例 art. 17)."""

    department: str
    period: Period  # the period assessed
    act: Literal["object", "answer"]
    on: date
    by: str  # object: who speaks for the department; answer: who reviewed
    text: str  # object: why; answer: on what ground
    notified: date | None = None  # object: when the department was told the result
    outcome: Literal["", "upheld", "changed"] = ""  # answer: 维持, 调整


class ReturnedSheet(NamedTuple):
    """A workbook sent back whole (退回): that it came and went back. Its figures are not kept (docs/decisions/0006)."""

    file: str  # name as received, without folder
    sha256: str  # of the whole file, hexadecimal
    department: str
    periods: tuple[Period, ...]
    received: date
    errors: int  # problems that made it go back


class Reminder(NamedTuple):
    """One step of the ladder that the office took with a department (提示, 催办 …, `zyz remind -o`)."""

    department: str
    step: ReminderStep
    items: tuple[str, ...]  # indicators, tasks and projects spoken of; one segment: `indicator/segment`
    on: date


class Erasure(NamedTuple):
    """Source files destroyed after their retention period (`zyz forget`); their hashes and figures stay."""

    imports: tuple[int, ...]  # whose files
    before: date  # all of them were received before that day
    why: str
    by: str


class Recorded(NamedTuple, Generic[T]):
    """A fact or decision as the ledger holds it."""

    what: T
    import_id: int  # number of the ledger entry that brought it; later is larger
    recorded_at: datetime  # the clock's, in Asia/Shanghai
    received: date  # when the sheet reached the office; decides 迟报
    superseded: bool = False  # a later entry changed it, or it was undone
