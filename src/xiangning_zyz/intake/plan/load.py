"""The plan's files, read and judged: a Plan, or every fault of every file at once."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from xiangning_zyz.intake.plan import cross_checks, faults, model, references
from xiangning_zyz.intake.plan.convert import Models, to_plan
from xiangning_zyz.intake.plan.fault import Fault, PlanError
from xiangning_zyz.intake.plan.faults import Place
from xiangning_zyz.intake.plan.files import PlanFile, digest, read_file, read_files
from xiangning_zyz.intake.plan.lints import lints
from xiangning_zyz.intake.plan.references import Documents
from xiangning_zyz.intake.plan.shape import validate
from xiangning_zyz.intake.plan.yaml_text import Document, read_yaml
from xiangning_zyz.plan import Plan

__all__ = ["PlanError", "check_plan", "load_plan", "plan_from"]

MOST_FAULTS = 200  # listed of one step of checking
_LARGEST_SOURCE = 8 << 20  # bytes; the longest plans of this kind have some hundred KB

_CHECKS = (
    references.undeclared,
    references.reporter_keys,
    references.duplicate_ids,
    references.shared_names,
    references.twice_in_a_task,
    cross_checks.formulas,
    cross_checks.milestones,
    cross_checks.horizon,
    cross_checks.ranges,
    cross_checks.confirmations,
    cross_checks.leads,
    cross_checks.annual_targets,
    cross_checks.escalation,
    cross_checks.scoring,
    cross_checks.severities,
    cross_checks.holidays,
)
# Faults of one value that make others at the same place mere consequences.
_EXPLAINS = frozenset(kind.code for kind in (faults.AMBIGUOUS, faults.CONTROL, faults.BAD_ID))

_Model = TypeVar("_Model", bound=BaseModel)


class _Reading(NamedTuple):
    """What came of the files; models and documents may be partial where there are faults."""

    documents: Documents
    models: Models | None
    faults: list[Fault]


def load_plan(data: Path) -> Plan:
    """The plan in the folder *data*; PlanError with all faults of all its files if there are any."""
    return plan_from(read_files(data))


def plan_from(files: tuple[PlanFile, ...]) -> Plan:
    """The plan in *files*, already read; PlanError as for `load_plan`."""
    reading = _read(files)
    if reading.models is None:
        raise PlanError(_ordered(reading.faults, files))
    return to_plan(reading.models, digest(files))


def check_plan(data: Path, source: Path | None = None) -> tuple[Fault, ...]:
    """Faults and lints of the plan in *data*, by file and line; lints only where there is no fault.

    With *source*, the plan's own text, quotes and their numbers are looked up in it.
    """
    files = read_files(data)
    reading = _read(files)
    found = list(reading.faults)
    if reading.models is not None:
        found += lints(reading.documents, reading.models, to_plan(reading.models, digest(files)))
    text = None if source is None else _source_text(source, found)
    if text is not None:
        from xiangning_zyz.intake.plan.source_text import against_source  # reads numerals and units, rarely needed

        found += against_source(reading.documents, text)
    return _ordered(found, files)


def _read(files: tuple[PlanFile, ...]) -> _Reading:
    found: list[Fault] = []
    read = {file.path.stem: _document(file, found) for file in files}
    targets_yaml, tasks_yaml, rules_yaml = (
        read[file.path.stem] or Document(str(file.path), {}, {}, {}) for file in files
    )
    unread = frozenset(stem for stem, document in read.items() if document is None)
    documents = Documents(targets_yaml, tasks_yaml, rules_yaml, unread)
    targets = _shaped(read["targets"], model.Targets, "targets", found)
    tasks = _shaped(read["tasks"], model.Tasks, "tasks", found)
    rules = _shaped(read["rules"], model.Rules, "rules", found)
    for check in _CHECKS:
        found += _first(check(documents))
    if found or targets is None or tasks is None or rules is None:
        return _Reading(documents, None, found)
    return _Reading(documents, Models(targets, tasks, rules), found)


def _first(troubles: Iterable[Fault]) -> list[Fault]:
    """As many as one may want to read; a spoilt file can have thousands, and each costs a look-up of names."""
    listed = list(islice(troubles, MOST_FAULTS + 1))
    if len(listed) > MOST_FAULTS:
        listed[MOST_FAULTS] = faults.AND_MORE.at(Place(*listed[MOST_FAULTS][:3]))
    return listed


def _document(file: PlanFile, found: list[Fault]) -> Document | None:
    """The file's data; an optional file that is not there is an empty one."""
    if file.fault is not None:
        found.append(file.fault)
        return None
    optional = file.path.name == "rules.yaml"
    document, troubles = read_yaml(str(file.path), file.content or b"", may_be_empty=optional)
    found += _first(troubles)
    return document


def _shaped(document: Document | None, shape: type[_Model], schema: str, found: list[Fault]) -> _Model | None:
    if document is None:
        return None
    item, troubles = validate(document, shape, schema)
    found += _first(troubles)
    return item


def _source_text(path: Path, found: list[Fault]) -> str | None:
    file = read_file(path, _LARGEST_SOURCE)
    if file.content is None:
        found += [file.fault] if file.fault else []
        return None
    for encoding in ("utf-8-sig", "gb18030"):  # the text may come from any old editor
        try:
            return file.content.decode(encoding)
        except UnicodeDecodeError:
            continue
    found.append(faults.UNREADABLE.at(Place(str(path)), why="不是纯文本"))
    return None


def _ordered(found: list[Fault], files: tuple[PlanFile, ...]) -> tuple[Fault, ...]:
    """By file, line and column, without those that another fault of the same value explains.

    `published_after_months: 1e1` is doubtful YAML (P0) and hence no whole number (P1): one message.
    """
    order = {str(file.path): position for position, file in enumerate(files)}
    explained = {fault[:3]: fault.code for fault in found if fault.code in _EXPLAINS}
    kept = {fault for fault in found if fault.code <= explained.get(fault[:3], fault.code)}
    return tuple(sorted(kept, key=lambda fault: (order.get(fault.file, len(order)), fault)))
