"""The demonstration: a throw-away workspace with sample reports (示例数据), played through."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.jobs.plans import make_workspace
from xiangning_zyz.jobs.workspace import Workspace

SAMPLES = Path(__file__).resolve().parent.parent / "bundled" / "demo"
DAY = date(2025, 7, 8)  # the day that the demonstration judges; the samples reach June 2025


class Sample(NamedTuple):
    """One sample report and the day on which it is said to have come in."""

    path: Path
    received: date


# When each sheet arrives: reports on time by the default calendar, in the order of their numbers.
_RECEIVED = {
    "1": date(2024, 1, 4),
    "2": date(2025, 1, 6),
    "3": date(2025, 6, 20),
    "4": date(2025, 7, 3),
    "5": date(2025, 7, 4),
    "6": date(2025, 7, 4),
    "7": date(2025, 7, 8),
    "8": date(2025, 7, 4),
}


def samples() -> Iterator[Sample]:
    """The sample reports in the order in which they arrive."""
    for path in sorted(SAMPLES.glob("*.xlsx")):
        yield Sample(path, _RECEIVED[path.name.partition(" ")[0]])


def demo_workspace() -> Workspace:
    """A new workspace in the system's folder for temporary files."""
    home = Path(tempfile.mkdtemp(prefix="zyz-demo-"))
    return make_workspace(home)
