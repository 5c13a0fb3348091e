"""What one workbook states: its facts, its problems, who sent it and for which periods."""

from typing import NamedTuple

from xiangning_zyz.fact import Fact, Observation
from xiangning_zyz.intake.names import Names
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import Place, Problem


class Given(NamedTuple):
    """What the command line adds where the sheet is silent; a contradiction is an error."""

    department: str | None = None  # canonical
    period: Period | None = None


class Statement(NamedTuple):
    """The whole of one workbook, read."""

    department: str | None  # the sender; None when not stated, or stated row by row
    facts: tuple[Fact, ...]
    problems: tuple[Problem, ...]
    carried: tuple[Observation, ...] = ()  # 上月累计 and the like: only compared, never stored
    stated: tuple[Period, ...] = ()  # by title, sheet or file name, whether or not any fact could be read

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods reported on, each once, in order."""
        return tuple(sorted({fact.period for fact in self.facts}))


class Source(NamedTuple):
    """One sheet being read: the plan it is read by, and what every fact of it needs."""

    plan: Plan
    names: Names
    file: str
    sha256: str
    sheet: str
    department: str | None  # the sender, for rows that name none
    given: Given

    def place(self, ref: str = "") -> Place:
        """A place on this sheet, for a problem."""
        return Place(self.file, self.sheet, ref)
