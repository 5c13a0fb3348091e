"""How the parts of an Office Open XML file point at each other, and the pictures drawn on sheets.

Open Packaging Conventions, ECMA-376 part 2, 6.5 (relationships).
"""

import posixpath
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple, TypeVar, cast

from xiangning_zyz.intake.reading.archive import Archive, SmallPart
from xiangning_zyz.intake.reading.markup import ignore, walk
from xiangning_zyz.intake.reading.packing import Packer

_RELATIONSHIPS = ("http://schemas.openxmlformats.org/package/2006/relationships",)
_DRAWINGS = (
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
)

Result = TypeVar("Result")


class Relation(NamedTuple):
    """Where one part points: the kind is the last word of the relationship's type."""

    kind: str  # `worksheet`, `styles`, `sharedStrings` …
    target: str  # name of a part


def parsed(archive: Archive, part: str, parse: Callable[..., Result], *given: str) -> Result:
    """What *parse* makes of a part. Of a small one it is remembered: a sender's files share their styles.

    The result must never change, but for what it remembers itself. Damage is not remembered, it is met and told anew.
    """
    small = archive.small(part)
    if small is not None:
        with suppress(_NotSoundError):
            return cast("Result", _remembered(parse, small, *given))
    return parse(archive.chunks(part), *given)


class _NotSoundError(Exception):
    """A part is not what it promises to be."""


@lru_cache(maxsize=32)  # of at most 32 KiB each, so that 20 MB is the most it can hold
def _remembered(parse: Callable[..., object], part: SmallPart, *given: str) -> object:
    content = part.content()
    if content is None:
        raise _NotSoundError
    return parse((content,), *given)


def relations_of(archive: Archive, part: str) -> dict[str, Relation]:
    """The relationships of *part* (of the package itself for `""`) by id; empty if it has none."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in archive:
        return {}
    return parsed(archive, rels, _relations, folder)


def _relations(chunks: Iterable[bytes], folder: str) -> dict[str, Relation]:
    """The relationships of a part in *folder*."""
    relations: dict[str, Relation] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations[attributes.get("Id", "")] = Relation(kind, _part_name(folder, target))

    walk(chunks, start, ignore, ignore, _RELATIONSHIPS)
    return relations


def _part_name(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def note_pictures(archive: Archive, part: str, packer: Packer) -> None:
    """Note the pictures drawn over the sheet of *part*."""

    def start(element: str, _: dict[str, str]) -> None:
        if element == "pic":
            packer.picture()

    for relation in relations_of(archive, part).values():
        if relation.kind == "drawing" and relation.target in archive:
            walk(archive.chunks(relation.target), start, ignore, ignore, _DRAWINGS)
