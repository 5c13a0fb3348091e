"""Names held against each other: what is declared, what is declared twice, and what is not.

Works on the data as written, not on the models, so that a fault of shape in one item hides no
fault of meaning in another.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from xiangning_zyz.intake.plan import faults
from xiangning_zyz.intake.plan.fault import Fault
from xiangning_zyz.intake.plan.words import bare, hint
from xiangning_zyz.intake.plan.yaml_text import Document, Path


class Documents(NamedTuple):
    """The three files as data; one that could not be read, or is not there, is empty."""

    targets: Document
    tasks: Document
    rules: Document
    unread: frozenset[str] = frozenset()  # stems of those that could not be read

    def of(self, stem: str) -> Document:
        """The document of the file `targets`, `tasks` or `rules`."""
        return {"targets": self.targets, "tasks": self.tasks, "rules": self.rules}[stem]


class _Declaration(NamedTuple):
    stem: str
    pattern: str  # of the items
    what: str  # as people call them


_DECLARED = {
    "segment": _Declaration("targets", "segments.*", "板块"),
    "indicator": _Declaration("targets", "indicators.*", "指标"),
    "qualitative": _Declaration("targets", "qualitative.*", "定性目标"),
    "department": _Declaration("tasks", "departments.*", "单位"),
    "task": _Declaration("tasks", "tasks.*", "任务"),
    "measure": _Declaration("tasks", "tasks.*.measures.*", "措施"),
    "project": _Declaration("tasks", "projects.*", "项目"),
}
# Goals are judged by id whether they are measured or not: one space of ids for both.
_ID_SPACES = (("segment",), ("indicator", "qualitative"), ("department",), ("task",), ("measure",), ("project",))
_NAMED = ("segment", "indicator", "department", "project")

_REFERENCES = (  # (file, pattern, kind named there)
    ("targets", "indicators.*.segments.*", "segment"),
    ("targets", "indicators.*.tasks.*", "task"),
    ("tasks", "tasks.*.departments.*", "department"),
    ("tasks", "tasks.*.departments.*.department", "department"),
    ("tasks", "tasks.*.indicators.*", "indicator"),
    ("tasks", "projects.*.task", "task"),
    ("tasks", "projects.*.departments", "department"),
    ("tasks", "projects.*.departments.*", "department"),
    ("rules", "annual_targets.*.indicator", "indicator"),
    ("rules", "confirmed_dates.*.indicator", "indicator"),
    ("rules", "leads.*.task", "task"),
    ("rules", "leads.*.department", "department"),
    ("rules", "exempt.*.department", "department"),
    ("rules", "work_plan.*.task", "task"),
    ("rules", "work_plan.*.department", "department"),
)
_REPORTERS = (
    ("targets", "indicators.*.reporters"),
    ("targets", "indicators.*.reporters.*"),
    ("rules", "reporters.*"),
    ("rules", "reporters.*.*"),
)


def declared(documents: Documents, kind: str) -> Mapping[str, str] | None:
    """Every bare name of the items of *kind* → id; None where their file could not be read.

    Departments answer to full name and aliases too; everything else is named by id.
    """
    stem, pattern, _ = _DECLARED[kind]
    if stem in documents.unread:
        return None
    names: dict[str, str] = {}
    for _, item in documents.of(stem).items(pattern):
        if isinstance(item.get("id"), str):
            for within, name in _names(item):
                if kind == "department" or within == ("id",):
                    names.setdefault(bare(name), str(item["id"]))
    return names


def undeclared(documents: Documents) -> Iterator[Fault]:
    """Names of items that no file declares; ids must be written exactly."""
    names = {kind: declared(documents, kind) for kind in _DECLARED}
    for stem, pattern, kind in _REFERENCES:
        known = names[kind]
        if known is None:
            continue
        where, _, what = _DECLARED[kind]
        for path, name in documents.of(stem).texts(pattern):
            found = known.get(bare(name))
            if found is None or (kind != "department" and found != name):
                near = hint(name, known.values())
                place = documents.of(stem).place(path)
                yield faults.UNDECLARED.at(place, what=what, found=name, hint=near, where=f"{where}.yaml")
    yield from _undeclared_exemptions(documents.rules, [names[kind] for kind in ("task", "indicator", "project")])


def _undeclared_exemptions(rules: Document, reported: Iterable[Mapping[str, str] | None]) -> Iterator[Fault]:
    """An exemption names a task, an indicator or a project; unknown ones can be told if all three are known."""
    known: list[str] = []
    for ids in reported:
        if ids is None:
            return
        known += ids.values()
    for path, name in rules.texts("exempt.*.item"):
        if name not in known:
            what, where = "任务、指标或项目", "targets.yaml 或 tasks.yaml"
            yield faults.UNDECLARED.at(rules.place(path), what=what, found=name, hint=hint(name, known), where=where)


def unknown_reporters(documents: Documents) -> Iterator[Fault]:
    """Reporters that are no declared department: taken as data sources, with a warning (CONTRACT §5)."""
    known = declared(documents, "department")
    if known is None:
        return
    for stem, pattern in _REPORTERS:
        for path, name in documents.of(stem).texts(pattern):
            if bare(name) not in known:
                place = documents.of(stem).place(path)
                yield faults.UNKNOWN_REPORTER.at(place, found=name, hint=hint(name, known.values()))


def reporter_keys(documents: Documents) -> Iterator[Fault]:
    """The keys of `rules.reporters`: an indicator, one of its segments as `indicator/segment`, or a project."""
    projects = declared(documents, "project")
    if "targets" in documents.unread or projects is None:
        return
    indicators = [item for _, item in documents.targets.items("indicators.*")]
    segments = {str(item.get("id")): _texts(item.get("segments")) for item in indicators}
    for path, _ in documents.rules.each("reporters.*"):
        indicator, slash, segment = str(path[-1]).partition("/")
        place = documents.rules.key_place(path)
        if str(path[-1]) in projects.values():
            continue
        if indicator not in segments:
            near = hint(indicator, [*segments, *projects.values()])
            where = "targets.yaml 或 tasks.yaml"
            yield faults.UNDECLARED.at(place, what="指标或项目", found=indicator, hint=near, where=where)
        elif slash and segment not in segments[indicator]:
            near = hint(segment, segments[indicator])
            yield faults.FOREIGN_SEGMENT.at(place, indicator=indicator, found=segment, hint=near)


def duplicate_ids(documents: Documents) -> Iterator[Fault]:
    """Ids that two items bear."""
    for kinds in _ID_SPACES:
        first: dict[str, int] = {}
        for kind in kinds:
            stem, pattern, what = _DECLARED[kind]
            document = documents.of(stem)
            for path, found in document.texts(f"{pattern}.id"):
                place = document.place(path)
                if bare(found) in first:
                    yield faults.DUPLICATE_ID.at(place, what=what, found=found, first=first[bare(found)])
                first.setdefault(bare(found), place.line)


def shared_names(documents: Documents) -> Iterator[Fault]:
    """Names and aliases that two items of a kind answer to."""
    for kind in _NAMED:
        stem, pattern, _ = _DECLARED[kind]
        document = documents.of(stem)
        owner: dict[str, tuple[Path, str]] = {}
        for path, item in document.items(pattern):
            for within, name in _names(item):
                other, other_id = owner.setdefault(bare(name), (path, str(item.get("id"))))
                same_id = within == ("id",) and bare(other_id) == bare(name)  # reported as such
                if other != path and not same_id:
                    place = document.place((*path, *within))
                    yield faults.SHARED_NAME.at(place, found=name, one=other_id, other=item.get("id"))


def _names(item: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    """Id, name, full name and aliases of an item, each with its place in it."""
    for key in ("id", "name", "full_name"):
        yield from (((key,), name) for name in _texts([item.get(key)]))
    aliases = item.get("aliases")
    for position, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        yield from ((("aliases", position), name) for name in _texts([alias]))


def _texts(tree: object) -> list[str]:
    return [text for text in tree if isinstance(text, str)] if isinstance(tree, list) else []


def twice_in_a_task(documents: Documents) -> Iterator[Fault]:
    """A department that one task or project names twice, be it by an alias: the pairs would be miscounted."""
    known = declared(documents, "department") or {}
    document = documents.tasks
    seen: set[tuple[Path, str]] = set()
    for pattern in ("tasks.*.departments.*", "tasks.*.departments.*.department", "projects.*.departments.*"):
        for path, name in document.texts(pattern):
            key = (path[:2], known.get(bare(name), name))
            if key in seen:
                yield faults.TWICE.at(document.place(path), what="单位", found=name)
            seen.add(key)
