"""The plan and the office's rules as frozen values (CONTRACT §3). Reads nothing, checks nothing.

`intake/plan/` makes these from YAML after validation; everything else may trust them.
Named tuples for the reason given in `fact.py`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from xiangning_zyz.period import Period

Op = Literal[">=", ">", "<=", "<"]
Kind = Literal["stock", "flow", "ratio"]
Direction = Literal["up", "down"]
Frequency = Literal["month", "quarter", "half", "year"]
Trend = Literal["rising", "falling"]
SourceBasis = Literal["stated", "inferred", "office"]
DepartmentKind = Literal["department", "township"]  # townships are assessed and own no task (三（四）)


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
    kind: DepartmentKind = "department"


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
    reporters: tuple[str, ...] = ()  # who reports on it, by rules.yaml; empty: each of its departments


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


class PlannedStep(NamedTuple):
    """A dated step of a task's yearly work plan (年度重点任务、推进措施、时间进度: plan 三（四）)."""

    task: str
    step: str
    by: date
    department: str | None  # who carries it out; None: the task's departments together
    done: date | None  # the day the office found it done
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


MISSES = ("urge", "supervise", "talk", "criticise")  # the steps that periods missed in a row bring, in this order


class Escalation(NamedTuple):
    """How many periods missed in a row bring which step of the ladder; 0: the office does without that step.

    No law sets these counts, counties differ (domain.md B5); tables name the rule and its `basis`.
    """

    urge: int = 1  # 催办, from the day after the due day
    supervise: int = 2  # 督办建议
    talk: int = 3  # 约谈建议
    criticise: int = 4  # 通报建议
    before: int = 2  # 提示: working days before the due day from which silence is pointed out
    within: int = 3  # working days that a reminder leaves for making up
    repeat: int = 1  # working days between two reminders of one department
    basis: Literal["default", "office"] = "default"


ScoreItemId = Literal["timeliness", "completeness", "returned", "task_progress", "goal_attainment", "issues"]


class ScoreItem(NamedTuple):
    """One line of the assessment: a rate times *points*, not below *floor* nor above *cap*; 0 points: left out."""

    id: ScoreItemId
    points: Decimal
    floor: Decimal
    cap: Decimal


def _full(id: ScoreItemId, points: int) -> ScoreItem:
    return ScoreItem(id, Decimal(points), Decimal(0), Decimal(points))


class Scoring(NamedTuple):
    """The formula of `zyz score`. No published one exists for such plans (domain.md B7): the office signs its own."""

    items: tuple[ScoreItem, ...] = (
        _full("timeliness", 20),
        _full("completeness", 25),
        _full("returned", 10),
        _full("task_progress", 20),
        _full("goal_attainment", 15),
        _full("issues", 10),
    )
    praise: Decimal = Decimal(90)  # of 100: from here on 建议表扬
    criticism: Decimal = Decimal(60)  # below: 建议通报批评
    talk: Decimal = Decimal(50)  # below: 建议约谈
    least: Decimal = Decimal(50)  # points that must apply to a department before anything is suggested
    decided_by: str = ""  # empty: the default, which nobody has signed
    on: date | None = None


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
    work_plan: tuple[PlannedStep, ...] = ()
    escalation: Escalation = Escalation()
    scoring: Scoring = Scoring()


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

    def project(self, id: str) -> Project:
        """The project of that id; KeyError if the plan has none."""
        return _by_id(self.projects, id)

    def segment(self, id: str) -> Segment:
        """The segment of that id; KeyError if the plan has none."""
        return _by_id(self.segments, id)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_Identified)

# A plan is read once and asked thousands of times. By the tuple's own identity, which lasts while it is held here.
_TABLES: dict[int, tuple[object, Mapping[str, Any]]] = {}
_TABLES_HELD = 64  # of a dozen plans


def _by_id(items: tuple[_Item, ...], wanted: str) -> _Item:
    held = _TABLES.get(id(items))
    if held is None:
        if len(_TABLES) >= _TABLES_HELD:
            _TABLES.clear()
        held = _TABLES[id(items)] = (items, {item.id: item for item in reversed(items)})
    item: _Item = held[1][wanted]
    return item
