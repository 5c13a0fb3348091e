"""Reporting periods: a year, half, quarter or month, in Asia/Shanghai (CONTRACT §2).

A period is a pure calendar value; nothing here reads a clock.
"""

import re
from calendar import monthrange
from datetime import date, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

# China has kept +08:00 all year since 1992; the plan's horizon needs no time-zone database,
# which Windows does not ship.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

_WRITTEN = re.compile(r"(?P<year>[0-9]{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")
_FREQUENCIES = {1: "month", 3: "quarter", 6: "half", 12: "year"}  # by months
_MANY = 4096  # periods: more than any plan's horizon holds. Few periods are spelled and shifted again and again.


class Period(NamedTuple):
    """The months *first* to *last* of *year*; orders by year, then first month, then last."""

    year: int
    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2024`, `2024-H1`, `2024-Q3` or `2024-06`; ValueError for anything else."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"not a period: {text!r}")
        year = int(match["year"])
        if match["half"]:
            return cls.half(year, int(match["half"]))
        if match["quarter"]:
            return cls.quarter(year, int(match["quarter"]))
        if match["month"]:
            return cls.month(year, int(match["month"]))
        return cls.whole_year(year)

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        return cls(year, month, month)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        return cls(year, 3 * quarter - 2, 3 * quarter)

    @classmethod
    def half(cls, year: int, half: int) -> "Period":
        return cls(year, 6 * half - 5, 6 * half)

    @classmethod
    def whole_year(cls, year: int) -> "Period":
        return cls(year, 1, 12)

    @classmethod
    def month_of(cls, day: date) -> "Period":
        return cls.month(day.year, day.month)

    @classmethod
    def at(cls, ordinal: int) -> "Period":
        """The month of that `ordinal`."""
        return cls.month(ordinal // 12, ordinal % 12 + 1)

    @property
    def frequency(self) -> str:
        """`month`, `quarter`, `half` or `year`: how long the period is."""
        return _FREQUENCIES[self.last - self.first + 1]

    @property
    def first_day(self) -> date:
        return date(self.year, self.first, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.last, monthrange(self.year, self.last)[1])

    @property
    @lru_cache(_MANY)  # noqa: B019 - a period is a value like a number: nothing hangs on keeping it
    def last_month(self) -> "Period":
        """The month that keys `point` and `cumulative` figures: H1 → 06, Q3 → 09, year → 12."""
        return Period.month(self.year, self.last)

    @property
    def ordinal(self) -> int:
        """Months since year 0 up to this period's end; differences are whole months."""
        return self.year * 12 + self.last - 1

    @property
    def label(self) -> str:
        """As offices write it: 2024年6月, 2024年三季度, 2024年上半年, 2024年."""
        match self.frequency:
            case "month":
                return f"{self.year}年{self.last}月"
            case "quarter":
                return f"{self.year}年{_QUARTERS[self.last // 3 - 1]}"
            case "half":
                return f"{self.year}年{'上' if self.first == 1 else '下'}半年"
            case _:
                return f"{self.year}年"

    @lru_cache(_MANY)  # noqa: B019 - as above
    def shifted(self, steps: int) -> "Period":
        """The period *steps* of its own length later (earlier when negative)."""
        length = self.last - self.first + 1
        first = self.year * 12 + self.first - 1 + steps * length
        return Period(first // 12, first % 12 + 1, first % 12 + length)

    @lru_cache(_MANY)  # noqa: B019 - as above
    def __str__(self) -> str:
        match self.frequency:
            case "month":
                return f"{self.year:04d}-{self.last:02d}"
            case "quarter":
                return f"{self.year:04d}-Q{self.last // 3}"
            case "half":
                return f"{self.year:04d}-H{self.last // 6}"
            case _:
                return f"{self.year:04d}"
