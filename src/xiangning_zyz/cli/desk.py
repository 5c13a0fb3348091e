"""What every command has at hand: the workspace, the plan, the ledger, the day, and the way out."""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xiangning_zyz.cli import screen
from xiangning_zyz.cli.usage import wrong
from xiangning_zyz.jobs.workspace import Workspace, find_workspace
from xiangning_zyz.period import SHANGHAI
from xiangning_zyz.report.listing import Flow, Listing

if TYPE_CHECKING:
    from xiangning_zyz.ledger.book import Ledger
    from xiangning_zyz.plan import Plan


class Desk(NamedTuple):
    """The common options of one run (CONTRACT §5), and what they give access to."""

    home: Path | None = None
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False
    form: screen.Format = "table"
    output: Path | None = None
    as_of: date | None = None
    known_at: datetime | None = None

    @property
    def workspace(self) -> Workspace:
        """By `--home`, `ZYZ_HOME` or the current folder; Stop (exit 3) when there is none."""
        return find_workspace(self.home, os.environ, Path.cwd())

    @property
    def day(self) -> date:
        """The day that is judged: `--as-of`, else today in Shanghai."""
        return self.as_of or now().date()

    def plan(self, *, keep: bool = True) -> "Plan":
        """The validated plan of the workspace; Stop (exit 3) listing every fault when invalid."""
        from xiangning_zyz.jobs.plans import open_plan

        return open_plan(self.workspace, keep=keep)

    def ledger(self, plan: "Plan", *, create: bool = False) -> "AbstractContextManager[Ledger]":
        """The ledger, for a `with` statement; an absent one reads as empty unless *create*.

        LedgerLost if there was one and it is gone.
        """
        from xiangning_zyz.jobs.workspace import check_ledger_stands
        from xiangning_zyz.ledger.sqlite import open_ledger

        check_ledger_stands(self.workspace)
        return open_ledger(self.workspace.ledger, plan.id, create=create)

    def put(self, listings: Iterable[Listing | Flow], value: object) -> None:
        """Print data in the asked format, to standard output or `-o`."""
        screen.put(listings, value, self.form, self.output, no_colour=self.no_color)
        if self.output is not None:
            self.say(f"已写入 {self.output}")

    def printed(self, listings: Iterable[Listing | Flow], value: object) -> bytes:
        """What `put` would print to standard output."""
        return screen.printed(listings, value, self.form, no_colour=self.no_color)

    def say(self, words: str) -> None:
        """Words about the data, on stderr, unless `-q`."""
        if not self.quiet:
            screen.say(words)


def now() -> datetime:
    """The clock, in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


def day_of(text: str, option: str) -> date:
    """Read an ISO date given on the command line; usage error otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong(f"{option} 应为日期，如 2024-06-30，不能是“{text}”。") from None


def end_of_moment(text: str, option: str) -> datetime:
    """Read a day or time for `--known-at` as the last instant of that day, minute or second."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise wrong(f"{option} 应为日期或时间，如 2024-06-30 或 2024-06-30T18:00，不能是“{text}”。") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    length = {10: timedelta(days=1), 16: timedelta(minutes=1), 19: timedelta(seconds=1)}.get(len(text))
    return moment + length - timedelta(microseconds=1) if length else moment
