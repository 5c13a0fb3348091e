"""Plans, indicators and reported facts in one line each, for tests that need them as values.

plan(indicator("output_value", kind="flow", milestones=["2023-12-31 > 7"]))
observed("output_value", "2024-06", "4.1")
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from xiangning_zyz.fact import Cell, IssueEvent, Observation, Record, Recorded, Resolution, Verdict
from xiangning_zyz.period import SHANGHAI, Period
from xiangning_zyz.plan import (
    AnnualTarget,
    Baseline,
    Calendar,
    Department,
    DueDay,
    Duty,
    Exemption,
    Indicator,
    Light,
    Milestone,
    Plan,
    QualitativeGoal,
    Rules,
    Segment,
    Task,
)

CALENDAR = Calendar(
    monthly=DueDay(5),
    quarterly=DueDay(10),
    yearly=DueDay(20),
    off=frozenset(),
    work=frozenset(),
    years=frozenset(range(2022, 2029)),
)


def milestone(text, basis="stated"):
    """`2023-12-31 > 7` → Milestone; a `?` at the end marks the date as inferred."""
    by, op, value = text.removesuffix("?").split()
    return Milestone(date.fromisoformat(by), op, Decimal(value), "", "inferred" if text.endswith("?") else basis)


def indicator(id="x", **fields):
    """An indicator; `kind` stock, `unit` 户, monthly and up unless said otherwise."""
    made = {
        "name": id,
        "aliases": (),
        "unit": "户",
        "kind": "stock",
        "direction": "up",
        "frequency": "month",
        "clause": "一（二）",
        "quote": "",
        "basis": "stated",
        "formula": None,
        "published_after_months": 0,
        "limit": None,
        "range": None,
        "segments": (),
        "reporters": ("县工信局",),
        "segment_reporters": (),
        "baseline": None,
        "tasks": (),
        "milestones": (),
        "trend": None,
        "soft": True,
    } | fields
    made["milestones"] = tuple(milestone(each) if isinstance(each, str) else each for each in made["milestones"])
    if isinstance(made["baseline"], str):
        period, value = made["baseline"].split()
        made["baseline"] = Baseline(Period.parse(period), Decimal(value))
    return Indicator(id=id, **made)


def task(id="T01", departments=("县工信局",), indicators=(), lead=None, kind="key"):
    duties = tuple(Duty(each, "牵头" if each == lead else "责任", "stated") for each in departments)
    return Task(id, "（一）", kind, id, "二（一）", "", duties, (), tuple(indicators))


def annual(indicator_id, year, value):
    return AnnualTarget(indicator_id, year, Decimal(value), "专班办公室", date(year, 2, 1))


def exempt(department, item, period):
    return Exemption(department, item, period, "无任务", "专班办公室", date(2024, 1, 1))


def rules(**fields):
    made = {
        "calendar": CALENDAR,
        "annual_targets": (),
        "confirmed_dates": (),
        "leads": (),
        "exempt": (),
        "light": Light(Decimal(10), Decimal(30)),
        "light_basis": "default",
        "severity": {},
        "issuer": "office",
    } | fields
    return Rules(**made)


def plan(*indicators, tasks=(), departments=None, segments=(), qualitative=(), **rule_fields):
    """A plan from 2023-01-01 to 2027-12-31; departments are those named, unless given."""
    named = [each for one in indicators for each in one.reporters]
    named += [duty.department for one in tasks for duty in one.departments]
    return Plan(
        id="demo",
        title="示例方案",
        document="示例〔2023〕1号",
        issuer="示例办公室",
        issued=date(2023, 6, 2),
        start=date(2023, 1, 1),
        end=date(2027, 12, 31),
        hash="0" * 64,
        segments=tuple(Segment(each, each) for each in segments),
        indicators=indicators,
        qualitative=tuple(QualitativeGoal(each, each, "一（二）", "", "stated") for each in qualitative),
        departments=tuple(Department(each, each, (), "") for each in departments or dict.fromkeys(named)),
        tasks=tuple(tasks),
        projects=(),
        working_group=(),
        rules=rules(**rule_fields),
    )


def recorded(what, import_id=1, received=date(2024, 1, 1), superseded=False):
    moment = datetime(2024, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=import_id)
    return Recorded(what, import_id, moment, received, superseded)


def observed(id, period, value, basis="cumulative", **fields):
    """A reported value; `basis` is cumulative unless said, so stocks say `point`."""
    made = {"segment": None, "department": "县工信局", "unit": "户", "reference": False, "ref": "D7"} | fields
    import_id, received = made.pop("import_id", 1), made.pop("received", date(2024, 1, 1))
    cell = Cell("报表.xlsx", "0" * 64, "指标", made.pop("ref"), value)
    what = Observation(
        indicator=id,
        period=Period.parse(period),
        basis=basis,
        value=Decimal(value),
        raw_unit=made["unit"],
        cell=cell,
        **made,
    )
    return recorded(what, import_id, received)


def point(id, period, value, **fields):
    return observed(id, period, value, "point", **fields)


def single(id, period, value, **fields):
    return observed(id, period, value, "single", **fields)


def task_report(task_id, period, department="县工信局", import_id=1, received=date(2024, 1, 1), **fields):
    cell = Cell("报表.xlsx", "0" * 64, "任务进展", "C3", "")
    what = Record("task", task_id, Period.parse(period), department, tuple(sorted(fields.items())), cell)
    return recorded(what, import_id, received)


def issue_event(number, act, on, by="专班办公室", text="", due=None, import_id=1, **fields):
    """One line of the issue ledger; days as ISO text."""
    due = date.fromisoformat(due) if due else None
    return recorded(IssueEvent(number, act, date.fromisoformat(on), by, text, due=due, **fields), import_id)


def issue_row(number, period, department="县工信局", import_id=1, received=date(2024, 1, 1), **fields):
    """A row of a department's own issue ledger."""
    return _row("issue", number, period, department, import_id, received, fields)


def firm_row(code, period, department="县工信局", import_id=1, received=date(2024, 1, 1), **fields):
    """A row of a department's enterprise roster."""
    return _row("enterprise", code, period, department, import_id, received, fields)


def _row(kind, subject, period, department, import_id, received, fields):
    cell = Cell("报表.xlsx", "0" * 64, "Sheet1", "A4", "")
    what = Record(kind, subject, Period.parse(period), department, tuple(sorted(fields.items())), cell)
    return recorded(what, import_id, received)


def resolution(id, period, department, segment=None, import_id=9):
    return recorded(Resolution(id, segment, Period.parse(period), department, "已核实", "专班办公室"), import_id)


def verdict(goal, words, on, import_id=9):
    return recorded(Verdict(goal, words, "现场核查", "专班办公室", on, "证明.pdf", "0" * 64), import_id)
