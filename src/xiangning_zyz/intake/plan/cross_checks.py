"""What the items of a plan mean together: formulas, milestones, and what the office decided.

Works on the data as written, like `references.py` and for the same reason. What cannot be read
here as a number or a date is a fault of shape, reported as such, and passed over here.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from pydantic_core import PydanticCustomError

from xiangning_zyz import problem
from xiangning_zyz.intake.plan import faults
from xiangning_zyz.intake.plan.fault import Fault
from xiangning_zyz.intake.plan.model import OPERATORS
from xiangning_zyz.intake.plan.references import Documents, declared
from xiangning_zyz.intake.plan.scalars import read_day, read_decimal, read_formula
from xiangning_zyz.intake.plan.words import bare, hint
from xiangning_zyz.intake.plan.yaml_text import Document, Path, Tree
from xiangning_zyz.plan import MISSES, Escalation, Scoring


def day(tree: Tree) -> date | None:
    """The day written there, if it is one."""
    try:
        return read_day(tree)
    except PydanticCustomError:
        return None


def number(tree: Tree) -> Decimal | None:
    """The number written there, if it is one."""
    try:
        return read_decimal(tree)
    except PydanticCustomError:
        return None


def _listed(tree: Tree) -> list[Tree]:
    return tree if isinstance(tree, list) else []


def confirmed(inferred: Sequence[date], by: date) -> int | None:
    """Which of an indicator's inferred dates a confirmation of *by* speaks of: the same one, or the only one."""
    if by in inferred:
        return inferred.index(by)
    return 0 if len(inferred) == 1 else None


def formulas(documents: Documents) -> Iterator[Fault]:
    """A formula is for ratios, and its parts are reported themselves (CONTRACT §3)."""
    document = documents.targets
    indicators = {str(item.get("id")): item for _, item in document.items("indicators.*")}
    for path, indicator in document.items("indicators.*"):
        place = document.place((*path, "formula"))
        if indicator.get("formula") is not None and indicator.get("kind") in ("stock", "flow"):
            yield faults.NOT_A_RATIO.at(place)
        for part in _parts(indicator.get("formula")):
            if part not in indicators:
                near = hint(part, indicators)
                yield faults.UNDECLARED.at(place, what="指标", found=part, hint=near, where="targets.yaml")
            elif indicators[part].get("formula") is not None:
                yield faults.BAD_PART.at(place, found=part, why="它自己也由公式算出")


def _parts(formula: Tree) -> tuple[str, ...]:
    try:
        return read_formula(formula)
    except PydanticCustomError:
        return ()


def milestones(documents: Documents) -> Iterator[Fault]:
    """Each milestone has one operator, and no two of an indicator say the same by the same day."""
    document = documents.targets
    seen: dict[tuple[Path, date, str], int] = {}
    for path, milestone in document.items("indicators.*.milestones.*"):
        place = document.place(path)
        operators = [key for key in OPERATORS if milestone.get(key) is not None]
        if not operators:
            yield faults.NO_OPERATOR.at(place)
        if len(operators) > 1:
            yield faults.TWO_OPERATORS.at(place, found="、".join(operators))
        by = day(milestone.get("by"))
        if by is not None and len(operators) == 1:
            said = (path[:2], by, operators[0])
            if said in seen:
                yield faults.SAME_MILESTONE.at(place, by=by, first=seen[said])
            seen.setdefault(said, place.line)


def horizon(documents: Documents) -> Iterator[Fault]:
    """The plan begins before it ends; milestones, confirmed dates and annual targets lie within."""
    header = documents.targets
    start, end = (next((day(text) for _, text in header.texts(f"plan.{key}")), None) for key in ("start", "end"))
    if start is None or end is None:
        return
    if start > end:
        yield faults.REVERSED.at(header.place(("plan", "start")), key="start、end", low=start, high=end)
        return
    for document, pattern in (
        (documents.targets, "indicators.*.milestones.*.by"),
        (documents.rules, "confirmed_dates.*.by"),
        (documents.rules, "work_plan.*.by"),
    ):
        for path, text in document.texts(pattern):
            by = day(text)
            if by is not None and not start <= by <= end:
                yield faults.OUTSIDE_HORIZON.at(document.place(path), key="by", found=by, start=start, end=end)
    for path, year in documents.rules.texts("annual_targets.*.year"):
        if year.isdecimal() and not f"{start.year}" <= year <= f"{end.year}":
            place = documents.rules.place(path)
            yield faults.OUTSIDE_HORIZON.at(place, key="year", found=year, start=start, end=end)


def ranges(documents: Documents) -> Iterator[Fault]:
    """A range runs from low to high."""
    document = documents.targets
    for path, bounds in document.each("indicators.*.range"):
        match [number(bound) for bound in _listed(bounds)]:
            case [Decimal() as low, Decimal() as high] if low > high:
                yield faults.REVERSED.at(document.place(path), key="range", low=low, high=high)


def confirmations(documents: Documents) -> Iterator[Fault]:
    """A confirmed date confirms a date the plan does not state, and only once."""
    inferred: dict[str, list[date]] = {}
    for _, indicator in documents.targets.items("indicators.*"):
        for stone in _listed(indicator.get("milestones")):
            by = day(stone.get("by")) if isinstance(stone, dict) and stone.get("basis") == "inferred" else None
            if by is not None:
                inferred.setdefault(str(indicator.get("id")), []).append(by)
    document = documents.rules
    seen: set[tuple[str, int]] = set()
    for path, decision in document.items("confirmed_dates.*"):
        indicator_id, by = decision.get("indicator"), day(decision.get("by"))
        if not isinstance(indicator_id, str) or by is None or "targets" in documents.unread:
            continue
        which = confirmed(inferred.get(indicator_id, []), by)
        if which is None:
            yield faults.NOTHING_TO_CONFIRM.at(document.place(path), found=indicator_id)
        elif (indicator_id, which) in seen:
            yield faults.TWICE.at(document.place(path), what="对日期的确认", found=indicator_id)
        else:
            seen.add((indicator_id, which))


def leads(documents: Documents) -> Iterator[Fault]:
    """Only a department responsible for a task can lead it, and is named so once."""
    known = declared(documents, "department")
    if known is None:
        return
    duties: dict[str, set[str | None]] = {}
    for _, task in documents.tasks.items("tasks.*"):
        listed = _listed(task.get("departments"))
        named = [duty.get("department") if isinstance(duty, dict) else duty for duty in listed]
        duties[str(task.get("id"))] = {known.get(bare(str(name))) for name in named}
    document = documents.rules
    seen: set[tuple[str, str]] = set()
    for path, decision in document.items("leads.*"):
        task_id, name = str(decision.get("task")), str(decision.get("department"))
        department = known.get(bare(name))
        if department is None or task_id not in duties:
            continue
        place = document.place((*path, "department"))
        if not duties[task_id] & {department, None}:  # None: a name that is a fault itself
            yield faults.NOT_RESPONSIBLE.at(place, found=name, task=task_id)
        if (task_id, department) in seen:
            yield faults.TWICE.at(place, what=f"{task_id} 的牵头部门", found=name)
        seen.add((task_id, department))


def annual_targets(documents: Documents) -> Iterator[Fault]:
    """One target per indicator and year."""
    document = documents.rules
    seen: set[tuple[str, str]] = set()
    for path, target in document.items("annual_targets.*"):
        key = (str(target.get("indicator")), str(target.get("year")))
        if key in seen:
            yield faults.TWICE.at(document.place(path), what="年度目标", found=" ".join(key))
        seen.add(key)


def escalation(documents: Documents) -> Iterator[Fault]:
    """Each step of the ladder that is used needs more periods missed than the one before."""
    document = documents.rules
    for path, written in document.items("escalation"):
        given = ((number(written.get(step)), getattr(Escalation(), step)) for step in MISSES)
        counts = [default if count is None else count for count, default in given if count != 0]
        if counts != sorted(set(counts)):
            yield faults.STEPS_NOT_RISING.at(document.key_place(path), found="、".join(map(str, counts)))


def severities(documents: Documents) -> Iterator[Fault]:
    """`severity` changes problems that exist."""
    codes = {kind.code for kind in problem.CATALOGUE}
    for path, _ in documents.rules.each("severity.*"):
        code = str(path[-1])
        if code not in codes:
            place = documents.rules.key_place(path)
            yield faults.UNKNOWN_CODE.at(place, found=code, hint=hint(code, sorted(codes)))


def scoring(documents: Documents) -> Iterator[Fault]:
    """Each score lies between its floor and its cap, and 约谈 is for lower scores than 批评, 批评 than 表扬."""
    document, default = documents.rules, Scoring()
    points: dict[str, Decimal] = {item.id: item.points for item in default.items}
    for path, written in document.items("scoring.*"):
        full = _number_or(written.get("points"), points.get(str(path[-1])))
        bounds = [number(written.get("floor")), full, number(written.get("cap"))]
        yield from _rising(document, path, "floor、points、cap", bounds)
    for path, written in document.items("scoring"):
        limits = [_number_or(written.get(name), getattr(default, name)) for name in ("talk", "criticism", "praise")]
        yield from _rising(document, path, "talk、criticism、praise", limits)


def _number_or(tree: Tree, default: Decimal | None) -> Decimal | None:
    value = number(tree)
    return default if value is None else value


def _rising(document: Document, path: Path, keys: str, bounds: Sequence[Decimal | None]) -> Iterator[Fault]:
    known = [bound for bound in bounds if bound is not None]
    for low, high in pairwise(known):
        if low > high:
            yield faults.REVERSED.at(document.key_place(path), key=keys, low=low, high=high)


def holidays(documents: Documents) -> Iterator[Fault]:
    """No day is both off and worked."""
    document = documents.rules
    for path, year in document.items("holidays.*"):
        off = _listed(year.get("off"))
        for worked, text in document.texts(f"holidays.{path[-1]}.work.*"):
            if text in off:
                yield faults.OFF_AND_WORK.at(document.place(worked), found=text)
