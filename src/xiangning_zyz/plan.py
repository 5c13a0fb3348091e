"""The plan and the office's rules as frozen values (CONTRACT §3). Reads nothing, checks nothing.

`intake/plan/` makes these from YAML after validation; everything else may trust them.
Named tuples for the reason given in `fact.py`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol, TypeVar

from xiangning_zyz.period import Period

Op = Literal[">=", ">", "<=", "<"]
Kind = Literal["stock", "flow", "ratio"]
Direction = Literal["up", "down"]
Frequency = Literal["month", "quarter", "half", "year"]
Trend = Literal["rising", "falling"]
SourceBasis = Literal["stated", "inferred", "office"]


class Segment(NamedTuple):
    """A part of the specialty town (板块)."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


class Milestone(NamedTuple):
    """A value to be reached by a date (节点目标); the operator keeps 以上 (≥) and 突破 (>) apart."""

    by: date
    op: Op
    value: Decimal  # in the indicator's unit
    quote: str
    basis: SourceBasis  # `inferred`: the date is ours; no light until rules.yaml confirms it


class Baseline(NamedTuple):
    """The value before the plan began; the first point of a plan line."""

    period: Period
    value: Decimal


class Indicator(NamedTuple):
    """Something measured (指标)."""

    id: str
    name: str
    aliases: tuple[str, ...]
    unit: str
    kind: Kind
    direction: Direction
    frequency: Frequency
    clause: str
    quote: str
    basis: SourceBasis
    formula: tuple[str, str] | None  # (numerator, denominator), both indicator ids; ratios only
    published_after_months: int  # 0: known at once
    limit: Decimal | None
    range: tuple[Decimal, Decimal] | None  # plausible values, both included
    segments: tuple[str, ...]
    reporters: tuple[str, ...]  # rules.yaml first, else targets.yaml; empty: none declared
    segment_reporters: tuple[tuple[str, str], ...]  # (segment, department), where one differs
    baseline: Baseline | None
    tasks: tuple[str, ...]
    milestones: tuple[Milestone, ...]  # by date
    trend: Trend | None
    soft: bool  # 力争: a miss reads 未达预期


class QualitativeGoal(NamedTuple):
    """A goal judged by a person with evidence (定性目标)."""

    id: str
    name: str
    clause: str
    quote: str
    basis: SourceBasis


class Department(NamedTuple):
    """A responsible department or data source; `id` is its short name as the plan writes it."""

    id: str
    full_name: str
    aliases: tuple[str, ...]
    note: str  # e.g. a slip in the source that an alias keeps


class Duty(NamedTuple):
    """One department's part in one task."""

    department: str
    role: str  # `责任`, or `牵头` when the office decided so
    basis: SourceBasis


class Measure(NamedTuple):
    """A concrete step under a task (具体措施)."""

    id: str
    text: str
    basis: SourceBasis


class Task(NamedTuple):
    """A numbered duty of the plan: `key` (重点工作) or `guarantee` (保障措施)."""

    id: str
    no: str  # （一）
    kind: Literal["key", "guarantee"]
    title: str
    clause: str
    quote: str
    departments: tuple[Duty, ...]
    measures: tuple[Measure, ...]
    indicators: tuple[str, ...]


class Project(NamedTuple):
    """A named construction or investment project under a task (重点项目)."""

    id: str
    task: str
    name: str
    aliases: tuple[str, ...]
    departments: tuple[str, ...]
    quote: str
    basis: SourceBasis


class GroupMember(NamedTuple):
    """One seat of the working group (工作专班): `role` 组长, 副组长, 办公室主任 …"""

    role: str
    who: str  # an office, never a person's name
    quote: str


class AnnualTarget(NamedTuple):
    """A year's target decided by the office; becomes a plan point."""

    indicator: str
    year: int
    value: Decimal
    decided_by: str
    on: date


class Decision(NamedTuple):
    """Who settled something the plan leaves open, and when."""

    subject: str  # indicator id (confirmed date) or task id (lead)
    detail: str  # ISO date confirmed, or the lead department
    decided_by: str
    on: date


class Exemption(NamedTuple):
    """A duty a department need not report (豁免)."""

    department: str
    item: str
    period: str
    why: str
    decided_by: str
    on: date


class DueDay(NamedTuple):
    """When a report is due after its period ends: a calendar day, or the n-th working day."""

    day: int
    working: bool = False
    month: int = 1  # months after the period's end month; yearly: the month of the next year


class Calendar(NamedTuple):
    """Reporting days, and the days off and worked that the State Council announced per year."""

    monthly: DueDay
    quarterly: DueDay
    yearly: DueDay
    off: frozenset[date]
    work: frozenset[date]
    years: frozenset[int]  # years with a published holiday table


class Light(NamedTuple):
    """Percentage points behind: less than `yellow` green, up to `red` (included) yellow, more red."""

    yellow: Decimal
    red: Decimal


class Rules(NamedTuple):
    """What the office decides (rules.yaml); every field has a default."""

    calendar: Calendar
    annual_targets: tuple[AnnualTarget, ...]
    confirmed_dates: tuple[Decision, ...]
    leads: tuple[Decision, ...]
    exempt: tuple[Exemption, ...]
    light: Light
    light_basis: Literal["default", "office"]  # printed under every table
    severity: Mapping[str, str]  # problem code → error | warning
    issuer: Literal["office", "government"]


class Plan(NamedTuple):
    """The whole of one plan document, with the office's rules."""

    id: str
    title: str
    document: str  # 文号
    issuer: str
    issued: date
    start: date
    end: date
    hash: str  # SHA-256 over the bytes of the three YAML files, hexadecimal
    segments: tuple[Segment, ...]
    indicators: tuple[Indicator, ...]
    qualitative: tuple[QualitativeGoal, ...]
    departments: tuple[Department, ...]
    tasks: tuple[Task, ...]
    projects: tuple[Project, ...]
    working_group: tuple[GroupMember, ...]
    rules: Rules

    def indicator(self, id: str) -> Indicator:
        """The indicator of that id; KeyError if the plan has none."""
        return _by_id(self.indicators, id)

    def task(self, id: str) -> Task:
        """The task of that id; KeyError if the plan has none."""
        return _by_id(self.tasks, id)

    def department(self, id: str) -> Department:
        """The department of that canonical name; KeyError if the plan has none."""
        return _by_id(self.departments, id)

    def segment(self, id: str) -> Segment:
        """The segment of that id; KeyError if the plan has none."""
        return _by_id(self.segments, id)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_Identified)


def _by_id(items: tuple[_Item, ...], id: str) -> _Item:
    for item in items:
        if item.id == id:
            return item
    raise KeyError(id)
