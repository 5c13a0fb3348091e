"""Lints: what a plan may well say, but somebody should look at (CONTRACT §5). Warnings only."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

from xiangning_zyz.figure import plain
from xiangning_zyz.intake.plan import faults, model
from xiangning_zyz.intake.plan.convert import Models, confirmations, operator
from xiangning_zyz.intake.plan.fault import Fault
from xiangning_zyz.intake.plan.references import Documents, unknown_reporters
from xiangning_zyz.intake.plan.yaml_text import Document, Path
from xiangning_zyz.plan import Indicator, Plan

_BASES = (
    ("targets", "indicators.*.basis"),
    ("targets", "indicators.*.milestones.*.basis"),
    ("targets", "qualitative.*.basis"),
    ("tasks", "tasks.*.departments.*.basis"),
    ("tasks", "tasks.*.measures.*.basis"),
    ("tasks", "projects.*.basis"),
)


def lints(documents: Documents, models: Models, plan: Plan) -> Iterator[Fault]:
    """Every doubt about a plan without faults."""
    for position, indicator in enumerate(plan.indicators):
        path: Path = ("indicators", position)
        if indicator.milestones or indicator.trend:
            yield from _goal(documents, path, indicator)
        yield from _milestones(documents, path, models.targets.indicators[position], indicator)
    for position, task in enumerate(plan.tasks):
        if task.kind == "key" and not task.departments:
            place = documents.tasks.place(("tasks", position, "id"))
            yield faults.TASK_WITHOUT_DEPARTMENT.at(place, found=task.id)
    light = plan.rules.light
    if light.yellow >= light.red:
        place = documents.rules.key_place(("light",))
        yield faults.THRESHOLD_HOLE.at(place, yellow=plain(light.yellow), red=plain(light.red))
    yield from unknown_reporters(documents)
    yield from _inferred(documents, models)


def _goal(documents: Documents, path: Path, indicator: Indicator) -> Iterator[Fault]:
    place = documents.targets.place((*path, "id"))
    if not indicator.tasks:
        yield faults.GOAL_WITHOUT_TASK.at(place, found=indicator.id)
    if not indicator.reporters and indicator.formula is None:
        yield faults.NO_REPORTER.at(place, found=indicator.id)


def _milestones(documents: Documents, path: Path, item: model.Indicator, indicator: Indicator) -> Iterator[Fault]:
    highest: dict[str, Decimal] = {}  # by the operator's side, > or <
    for position in sorted(range(len(item.milestones)), key=lambda position: item.milestones[position].by):
        stone = item.milestones[position]
        key, op, value = operator(stone)
        place = documents.targets.place((*path, "milestones", position, key))
        upward = op in (">", ">=")
        if item.direction is not None and upward != (item.direction == "up"):
            yield faults.AGAINST_DIRECTION.at(place, direction=item.direction)
        before = highest.get(op[0])
        if before is not None and (value < before if upward else value > before):
            worse = "低" if upward else "高"
            yield faults.NOT_MONOTONE.at(place, found=plain(value), by=stone.by, before=plain(before), worse=worse)
        highest[op[0]] = value
        if indicator.range is not None and not indicator.range[0] <= value <= indicator.range[1]:
            bounds = "～".join(map(plain, indicator.range))
            yield faults.GOAL_OUT_OF_RANGE.at(place, found=plain(value), key="range", bounds=bounds)
        if indicator.limit is not None and value > indicator.limit:
            yield faults.GOAL_OUT_OF_RANGE.at(place, found=plain(value), key="limit", bounds=plain(indicator.limit))


def _inferred(documents: Documents, models: Models) -> Iterator[Fault]:
    """Whatever the plan does not say, unless the office has confirmed it."""
    settled = {
        ("indicators", position, "milestones", stone, "basis")
        for position, item in enumerate(models.targets.indicators)
        for stone in confirmations(item, models.rules)
    }
    for stem, pattern in _BASES:
        document = documents.of(stem)
        for path, basis in document.texts(pattern):
            if basis == "inferred" and path not in settled:
                yield faults.INFERRED.at(document.place(path), found=_bearer(document, path))


def _bearer(document: Document, path: Path) -> str:
    """What the innermost item around *path* is called: its id, or its department where it is a duty."""
    found, tree = "", cast("Any", document.data)
    for step in path:
        if isinstance(tree, dict):
            found = str(tree.get("id") or tree.get("department") or found)
        tree = tree[step]
    return found
