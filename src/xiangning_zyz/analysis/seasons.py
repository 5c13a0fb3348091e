"""How a flow is spread over the year: the steps it was reported in, and each step's usual share.

Shares are means over complete years. How far a year strays from them is taken to grow with the
share: the variance of what a step brings is proportional to the share (as in ratio estimation).
"""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from xiangning_zyz.analysis.regression import Prediction
from xiangning_zyz.analysis.series import Series


class Step(NamedTuple):
    """What came in from month *first* to month *last* of a year."""

    year: int
    first: int
    last: int
    amount: float

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    @property
    def middle(self) -> float:
        """The middle of its time, in `Period.ordinal` months."""
        return self.year * 12 + (self.first + self.last) / 2 - 1


class Usual(NamedTuple):
    """The usual way through a year: shares of the total at `cuts`, and the spread around them."""

    cuts: tuple[int, ...]  # months, ascending; the last has share 1
    shares: tuple[float, ...]  # of the total, up to each cut
    years: int  # that the shares are means of
    steps: int  # steps whose spread was measured, this year's included
    spread: float  # relative: a step's standard deviation is spread × total × √share
    dof: int

    def up_to(self, month: int) -> float:
        """The usual share up to one of the cuts."""
        return self.shares[self.cuts.index(month)]


def steps(series: Series) -> tuple[Step, ...]:
    """Each year's cumulatives taken apart, ascending; a year's first step begins in January."""
    found: list[Step] = []
    for ordinal, figure in series.figures.items():
        year, month = ordinal // 12, ordinal % 12 + 1
        last = found[-1] if found and found[-1].year == year else None
        before = series.figures[year * 12 + last.last - 1].value if last else 0
        found.append(Step(year, last.last + 1 if last else 1, month, float(figure.value - before)))
    return tuple(found)


def usual(series: Series, ordinal: int, end: int) -> Usual | None:
    """How a year usually reaches month *end*, as needed to carry on from month *ordinal* of this year.

    Reckoned from earlier years that report both months. None where there are none, where a share is
    not positive, or where fewer than two degrees of freedom are left to measure the spread by.
    """
    year, month = ordinal // 12, ordinal % 12 + 1
    years = _complete_before(series, year, month, end)
    now = series.figures[ordinal].value
    if not years or now <= 0:
        return None
    shared = set.intersection(*(_months(series, each) for each in years))
    cuts = sorted(each for each in shared if each <= end and (each > month or each in _months(series, year)))
    parts = [_parts(series, each, cuts, float(series.figures[_key(each, end)].value)) for each in years]
    means = [sum(column) / len(years) for column in zip(*parts, strict=True)]
    if min(means) <= 0:
        return None
    done = cuts.index(month) + 1
    reached = sum(means[:done])
    ours = _parts(series, year, cuts[:done], float(now) / reached)
    squares = sum(_squares(each, means) for each in parts) + _squares(ours, means[:done]) / (1 + 1 / len(years))
    dof = (len(years) - 1) * (len(cuts) - 1) + done - 1
    if dof < 2:
        return None
    totals = tuple(sum(means[: index + 1]) for index in range(len(cuts)))
    return Usual(tuple(cuts), totals, len(years), len(years) * len(cuts) + done, sqrt(squares / dof), dof)


def carried_on(usual: Usual, reached: float, month: int) -> Prediction:
    """What a year comes to that has *reached* so much by *month*: reached / usual share."""
    share = usual.up_to(month)
    total = reached / share
    error = total * usual.spread * sqrt((1 + 1 / usual.years) * (1 - share) / share)
    return Prediction(reached, total - reached, error if error > 1e-9 * total else 0.0, usual.dof, logs=False)


def _complete_before(series: Series, year: int, month: int, end: int) -> list[int]:
    """The years before *year* that report both *month* and *end*, and came to something."""
    return [
        ordinal // 12
        for ordinal, figure in series.figures.items()
        if ordinal % 12 == end - 1
        and ordinal // 12 < year
        and figure.value > 0
        and _key(ordinal // 12, month) in series.figures
    ]


def _key(year: int, month: int) -> int:
    return year * 12 + month - 1


def _months(series: Series, year: int) -> set[int]:
    return {ordinal % 12 + 1 for ordinal in series.figures if ordinal // 12 == year}


def _parts(series: Series, year: int, cuts: Sequence[int], total: float) -> list[float]:
    """What each step between *cuts* brought, as a share of *total*."""
    reached = [0.0, *(float(series.figures[_key(year, cut)].value) / total for cut in cuts)]
    return [after - before for before, after in pairwise(reached)]


def _squares(parts: Sequence[float], means: Sequence[float]) -> float:
    return sum((part - mean) ** 2 / mean for part, mean in zip(parts, means, strict=True))
