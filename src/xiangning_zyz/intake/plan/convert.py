"""Validated models → the frozen Plan: names resolved to ids, defaults filled, the office's decisions applied."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from xiangning_zyz import plan as frozen
from xiangning_zyz.intake.plan import model
from xiangning_zyz.intake.plan.cross_checks import confirmed
from xiangning_zyz.intake.plan.words import bare

LEAD = "牵头"
_UNDECLARED_SOURCE = "数据来源单位，没有在 tasks.yaml 登记"

# CONTRACT §3: a month's report by the 5th, a quarter's by the 10th, a year's by 20 January.
_MONTHLY, _QUARTERLY, _YEARLY = frozen.DueDay(5), frozen.DueDay(10), frozen.DueDay(20)
_YELLOW, _RED = Decimal(10), Decimal(30)


class Models(NamedTuple):
    """The three files, each of the right shape."""

    targets: model.Targets
    tasks: model.Tasks
    rules: model.Rules


def to_plan(models: Models, digest: str) -> frozen.Plan:
    """The plan the files describe; *digest* is their hash. Nothing is checked any more."""
    targets, tasks, rules = models
    names = {
        bare(name): department.id
        for department in tasks.departments
        for name in (*department.aliases, department.full_name or department.id, department.id)
    }
    reporters = _Reporters(rules.reporters, names)
    indicators = tuple(_indicator(item, models, reporters) for item in targets.indicators)
    header = targets.plan
    return frozen.Plan(
        id=header.id,
        title=header.title,
        document=header.document,
        issuer=header.issuer,
        issued=header.issued,
        start=header.start,
        end=header.end,
        hash=digest,
        segments=tuple(frozen.Segment(item.id, item.name, tuple(item.aliases)) for item in targets.segments),
        indicators=indicators,
        qualitative=tuple(
            frozen.QualitativeGoal(item.id, item.name, item.clause, item.quote or "", item.basis)
            for item in targets.qualitative
        ),
        departments=(*map(_department, tasks.departments), *_undeclared_sources(indicators, names)),
        tasks=tuple(_task(item, models, names) for item in tasks.tasks),
        projects=tuple(_project(item, names, reporters) for item in tasks.projects),
        working_group=tuple(frozen.GroupMember(item.role, item.who, item.quote or "") for item in tasks.working_group),
        rules=_rules(rules, names),
    )


class _Reporters(NamedTuple):
    """Who reports what, by rules.yaml first (CONTRACT §3); names are taken as ids where none is declared."""

    decided: Mapping[str, list[str]]
    names: Mapping[str, str]

    def of(self, key: str, otherwise: Iterable[str] = ()) -> tuple[str, ...]:
        """Departments of *key*, an indicator or `indicator/segment`, each once."""
        ids = (self.names.get(bare(name), name) for name in self.decided.get(key, otherwise))
        return tuple(dict.fromkeys(ids))


def _indicator(item: model.Indicator, models: Models, reporters: _Reporters) -> frozen.Indicator:
    return frozen.Indicator(
        id=item.id,
        name=item.name,
        aliases=tuple(item.aliases),
        unit=item.unit,
        kind=item.kind,
        direction=item.direction or _direction(item),
        frequency=item.frequency,
        clause=item.clause,
        quote=item.quote or "",
        basis=item.basis,
        formula=item.formula,
        published_after_months=item.published_after_months,
        limit=item.limit,
        range=(item.range[0], item.range[1]) if item.range else None,
        segments=tuple(item.segments),
        reporters=reporters.of(item.id, item.reporters),
        segment_reporters=tuple(
            (segment, department) for segment in item.segments for department in reporters.of(f"{item.id}/{segment}")
        ),
        baseline=frozen.Baseline(item.baseline.period, item.baseline.value) if item.baseline else None,
        tasks=_tasks_of(item, models.tasks),
        milestones=_milestones(item, models.rules),
        trend=item.trend,
        soft=models.targets.plan.soft is not None,
    )


def _direction(item: model.Indicator) -> frozen.Direction:
    """Where the file does not say: down if every milestone is an upper bound, or the trend falls."""
    bounds = [operator(stone)[1] for stone in item.milestones]
    if bounds:
        return "down" if all(op in ("<=", "<") for op in bounds) else "up"
    return "down" if item.trend == "falling" else "up"


def _tasks_of(item: model.Indicator, tasks: model.Tasks) -> tuple[str, ...]:
    """The tie may be written at either end: at the indicator, at the task, or at both."""
    tied = [task.id for task in tasks.tasks if item.id in task.indicators]
    return tuple(dict.fromkeys((*item.tasks, *tied)))


def operator(stone: model.Milestone) -> tuple[str, frozen.Op, Decimal]:
    """The one operator of a milestone: its key in the file, its sign, its value."""
    for key, op in model.OPERATORS.items():
        value = getattr(stone, key)
        if value is not None:
            return key, op, value
    raise AssertionError("a milestone without operator is a fault, and no plan is made then")


def confirmations(item: model.Indicator, rules: model.Rules) -> dict[int, date]:
    """Positions of the indicator's milestones whose inferred date the office confirmed → that date."""
    inferred = [position for position, stone in enumerate(item.milestones) if stone.basis == "inferred"]
    dates = [item.milestones[position].by for position in inferred]
    decided = (decision.by for decision in rules.confirmed_dates if decision.indicator == item.id)
    return {inferred[which]: by for by in decided if (which := confirmed(dates, by)) is not None}


def _milestones(item: model.Indicator, rules: model.Rules) -> tuple[frozen.Milestone, ...]:
    confirmed_dates = confirmations(item, rules)
    stones = []
    for position, stone in enumerate(item.milestones):
        _, op, value = operator(stone)
        by, basis = stone.by, stone.basis
        if position in confirmed_dates:
            by, basis = confirmed_dates[position], "office"
        stones.append(frozen.Milestone(by, op, value, stone.quote or "", basis))
    return tuple(sorted(stones, key=lambda stone: stone.by))


def _department(item: model.Department) -> frozen.Department:
    return frozen.Department(item.id, item.full_name or item.id, tuple(item.aliases), item.note or "", item.kind)


def _undeclared_sources(
    indicators: Iterable[frozen.Indicator], names: Mapping[str, str]
) -> Iterable[frozen.Department]:
    """Reporters nobody declared: a lint warns of them, and their figures still have a sender."""
    named = (
        department
        for indicator in indicators
        for department in (*indicator.reporters, *(name for _, name in indicator.segment_reporters))
    )
    unknown = dict.fromkeys(name for name in named if bare(name) not in names)
    return (frozen.Department(name, name, (), _UNDECLARED_SOURCE) for name in unknown)


def _task(item: model.Task, models: Models, names: Mapping[str, str]) -> frozen.Task:
    leads = {names[bare(lead.department)] for lead in models.rules.leads if lead.task == item.id}
    tied = [indicator.id for indicator in models.targets.indicators if item.id in indicator.tasks]
    duties = (frozen.Duty(names[bare(duty.department)], duty.role, duty.basis) for duty in item.departments)
    return frozen.Task(
        id=item.id,
        no=item.no,
        kind=item.kind,
        title=item.title,
        clause=item.clause,
        quote=item.quote or "",
        departments=tuple(
            duty._replace(role=LEAD, basis="office") if duty.department in leads else duty for duty in duties
        ),
        measures=tuple(frozen.Measure(measure.id, measure.text, measure.basis) for measure in item.measures),
        indicators=tuple(dict.fromkeys((*item.indicators, *tied))),
    )


def _project(item: model.Project, names: Mapping[str, str], reporters: _Reporters) -> frozen.Project:
    named = reporters.of(item.id)
    return frozen.Project(
        id=item.id,
        task=item.task,
        name=item.name,
        aliases=tuple(item.aliases),
        departments=tuple(dict.fromkeys((*(names[bare(name)] for name in item.departments), *named))),
        quote=item.quote or "",
        basis=item.basis,
        reporters=named,
    )


def _rules(rules: model.Rules, names: Mapping[str, str]) -> frozen.Rules:
    light = rules.light or model.Light()
    return frozen.Rules(
        calendar=_calendar(rules),
        annual_targets=tuple(
            frozen.AnnualTarget(item.indicator, item.year, item.value, item.decided_by, item.on)
            for item in rules.annual_targets
        ),
        confirmed_dates=tuple(
            frozen.Decision(item.indicator, item.by.isoformat(), item.decided_by, item.on)
            for item in rules.confirmed_dates
        ),
        leads=tuple(
            frozen.Decision(item.task, names[bare(item.department)], item.decided_by, item.on) for item in rules.leads
        ),
        exempt=tuple(
            frozen.Exemption(
                names[bare(item.department)], item.item, str(item.period), item.why, item.decided_by, item.on
            )
            for item in rules.exempt
        ),
        light=frozen.Light(_YELLOW if light.yellow is None else light.yellow, _RED if light.red is None else light.red),
        light_basis="default" if rules.light is None else "office",
        severity=rules.severity,
        issuer=rules.issuer,
        work_plan=tuple(_planned_step(item, names) for item in rules.work_plan),
        escalation=_escalation(rules.escalation),
        scoring=_scoring(rules.scoring),
    )


def _planned_step(item: model.PlannedStep, names: Mapping[str, str]) -> frozen.PlannedStep:
    department = names[bare(item.department)] if item.department else None
    return frozen.PlannedStep(item.task, item.step, item.by, department, item.done, item.decided_by, item.on)


def _escalation(written: model.Escalation | None) -> frozen.Escalation:
    if written is None:
        return frozen.Escalation()
    return frozen.Escalation()._replace(**written.model_dump(exclude_none=True), basis="office")


def _scoring(written: model.Scoring | None) -> frozen.Scoring:
    default = frozen.Scoring()
    if written is None:
        return default
    bounds = {name: getattr(written, name) for name in ("praise", "criticism", "talk", "least")}
    return default._replace(
        items=tuple(_score_item(item, getattr(written, item.id)) for item in default.items),
        **{name: bound for name, bound in bounds.items() if bound is not None},
        decided_by=written.decided_by,
        on=written.on,
    )


def _score_item(default: frozen.ScoreItem, written: model.ScoreItem | None) -> frozen.ScoreItem:
    """Full marks other than the default carry the cap along, unless it is written too."""
    if written is None:
        return default
    points = default.points if written.points is None else written.points
    return frozen.ScoreItem(
        default.id,
        points,
        default.floor if written.floor is None else written.floor,
        points if written.cap is None else written.cap,
    )


def _calendar(rules: model.Rules) -> frozen.Calendar:
    written = rules.calendar or model.Calendar()
    tables = rules.holidays.values()
    return frozen.Calendar(
        monthly=_due_day(written.monthly) or _MONTHLY,
        quarterly=_due_day(written.quarterly) or _QUARTERLY,
        yearly=_due_day(written.yearly) or _YEARLY,
        off=frozenset(day for table in tables for day in table.off),
        work=frozenset(day for table in tables for day in table.work),
        years=frozenset(rules.holidays),
    )


def _due_day(written: model.DueDay | None) -> frozen.DueDay | None:
    if written is None:
        return None
    either = next(filter(None, (written.day, written.workday)))  # the model wants exactly one
    return frozen.DueDay(either, working=written.day is None, month=written.month)
