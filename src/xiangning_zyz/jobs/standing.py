"""Files that the ledger already holds as they are: known by their hash, not read again."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.intake.reading.received import received_bytes
from xiangning_zyz.intake.reading.refusal import Refused
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import Problem


class Standing(NamedTuple):
    """What the ledger knows of a file without a second look."""

    sha256: str
    department: str | None
    periods: tuple[str, ...]
    remarks: Sequence[Mapping[str, str]]  # the warnings that its sender was given

    def problems(self, file: str) -> tuple[Problem, ...]:
        """The warnings again, for the file under its present name."""
        return tuple(Problem(file=file, **remark) for remark in self.remarks)  # type: ignore[arg-type]  # as recorded


def standing_files(ledger: Ledger, plan: Plan, paths: Sequence[Path], received: date) -> dict[Path, Standing]:
    """Those of *paths* whose bytes stand in the ledger whole, unrevised, and under the same plan files.

    A file that came on a later day than *received* is read again: what was no future period then may be now.
    """
    if ledger.head() is None:
        return {}
    hashes = {path: sha256 for path in paths if (sha256 := hash_of(path))}
    entries = ledger.standing(set(hashes.values()), plan.hash)
    if not entries:
        return {}
    imports = {row.import_id: row.what for row in ledger.imports()}
    found: dict[Path, Standing] = {}
    for path, sha256 in hashes.items():
        what = imports[entries[sha256]] if sha256 in entries else None
        if what is not None and what.received <= received:
            periods = tuple(str(period) for period in what.periods)
            found[path] = Standing(sha256, what.department, periods, what.receipt.get("problems", ()))  # type: ignore[arg-type]  # as recorded
    return found


def hash_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; empty if it cannot be had."""
    try:
        return hashlib.sha256(received_bytes(path)).hexdigest()
    except Refused:  # told when it is read
        return ""
