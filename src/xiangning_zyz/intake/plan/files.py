"""The plan's files as bytes: read once, so that what is hashed is what is judged by."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.intake.plan.fault import Fault
from xiangning_zyz.intake.plan.faults import MISSING_FILE, TOO_LARGE, UNREADABLE, Place

LARGEST = 1 << 20  # bytes; fifteen times this plan, and still read within a second


class PlanFile(NamedTuple):
    """One file: its bytes, or why there are none."""

    path: Path
    content: bytes | None  # None: absent, or `fault` says why
    fault: Fault | None = None

    @property
    def stem(self) -> str:
        """`targets`, `tasks` or `rules`."""
        return self.path.stem


def read_files(data: Path) -> tuple[PlanFile, ...]:
    """The three files of the folder *data*; `rules.yaml` may be absent without a fault."""
    rules = read_file(data / "rules.yaml")
    if rules.fault is not None and rules.fault.code == MISSING_FILE.code:
        rules = rules._replace(fault=None)
    return (read_file(data / "targets.yaml"), read_file(data / "tasks.yaml"), rules)


def digest(files: Iterable[PlanFile]) -> str:
    """SHA-256 over names and bytes of the files present, hexadecimal: the plan's version.

    Each part is preceded by its length, so no two different sets of files give the same input.
    """
    sha = hashlib.sha256()
    for file in files:
        if file.content is not None:
            for part in (file.path.name.encode(), file.content):
                sha.update(b"%d:" % len(part))
                sha.update(part)
    return sha.hexdigest()


def read_file(path: Path, largest: int = LARGEST) -> PlanFile:
    """One file as bytes, refused beyond *largest* of them."""
    place = Place(str(path))
    try:
        if not path.exists():
            return PlanFile(path, None, MISSING_FILE.at(place))
        if not path.is_file():  # opening a pipe would wait for its writer for ever
            return PlanFile(path, None, UNREADABLE.at(place, why="不是普通文件"))
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
    except OSError as error:
        return PlanFile(path, None, UNREADABLE.at(place, why=error.strerror or "无法读取"))
    if len(content) > largest:
        return PlanFile(path, None, TOO_LARGE.at(place, limit=largest >> 10))
    return PlanFile(path, content)
