"""Least squares with one slope and a level for each season: what the trend forecasts are made of.

Ordinary regression is the case of a single season. With several it is regression on seasonal
dummies, reduced to deviations from the seasons' means (Frisch and Waugh), so no matrix is needed.
With `logs` the same is done to logarithms: growth by a steady percentage.

Errors are taken to be independent, normal and of one size around the line; a mean of several months
strays less, by the square root of their number, and weighs more. Forecasts are estimates, so binary
floating point is good enough; no figure that was reported passes through here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import exp as _exp
from math import log, sqrt
from typing import NamedTuple

from xiangning_zyz.analysis.student import t_cdf, t_quantile

Season = tuple[int, int] | None  # first and last month of the year; None: no seasons are told apart

_FARTHEST = 600  # a logarithm beyond which no forecast means anything, and floats end
_NO_ERROR = 1e-9  # a relative error below this is rounding noise of an exact line


class Point(NamedTuple):
    """An observed value, or the mean of `months` of them; `at` in months."""

    at: float
    value: float
    season: Season = None
    months: int = 1


class Coming(NamedTuple):
    """A value still to come, or so many months of it, all of which count in the sum that is forecast."""

    at: float
    season: Season = None
    months: int = 1


class Level(NamedTuple):
    """The mean point of one season; `value` is a logarithm in a line of logs."""

    weight: int  # months in all
    at: float
    value: float


class Fit(NamedTuple):
    """A line fitted to points."""

    levels: Mapping[Season, Level]
    slope: float  # a month
    width: float  # weighted sum of squared distances of the times from their season's mean
    error: float  # standard deviation of one month's value around the line
    dof: int  # degrees of freedom
    size: int  # points it was fitted to
    logs: bool

    def at(self, at: float, season: Season) -> float:
        """The line's height, a logarithm in a line of logs; KeyError for a season never seen."""
        level = self.levels[season]
        return level.value + self.slope * (at - level.at)

    def leverage(self, at: float, season: Season) -> float:
        """The variance of the line's height, in units of `error` squared."""
        level = self.levels[season]
        return 1 / level.weight + (at - level.at) ** 2 / self.width


class Prediction(NamedTuple):
    """What a sum will come to: `known` is in already, `centre` is still to come."""

    known: float
    centre: float
    error: float  # standard error of `centre`, or of its logarithm
    dof: int
    logs: bool

    @property
    def value(self) -> float:
        return self.known + self.centre

    def quantile(self, probability: float) -> float:
        """The value that is exceeded with 1 − *probability*."""
        side = -1 if probability < 0.5 else 1
        distance = side * t_quantile(max(probability, 1 - probability), self.dof) * self.error
        return self.known + (exp(log(self.centre) + distance) if self.logs else self.centre + distance)

    def chance_above(self, target: float) -> float:
        """The probability of at least *target*; ZeroDivisionError where there is no error to reckon with."""
        missing = target - self.known
        if self.logs:
            return 1.0 if missing <= 0 else t_cdf(log(self.centre / missing) / self.error, self.dof)
        return t_cdf((self.centre - missing) / self.error, self.dof)


def exp(power: float) -> float:
    """The exponential, without overflow: absurd growth stays a (huge) number and is sifted out by its size."""
    return _exp(min(power, _FARTHEST))


def fitted(points: Sequence[Point], *, logs: bool) -> Fit | None:
    """The line through *points*; None where they do not determine one and its error (or for logs of zero)."""
    if logs and min(point.value for point in points) <= 0:
        return None
    seasons: dict[Season, list[Point]] = defaultdict(list)
    for point in points:
        seasons[point.season].append(point._replace(value=log(point.value)) if logs else point)
    levels = {season: _level(own) for season, own in seasons.items()}
    deviations = [
        (each.at - levels[season].at, each.value - levels[season].value, each.months)
        for season, own in seasons.items()
        for each in own
    ]
    width = sum(months * x * x for x, _, months in deviations)
    dof = len(points) - len(levels) - 1
    if dof < 1 or not width:
        return None
    slope = sum(months * x * y for x, y, months in deviations) / width
    squares = sum(months * (y - slope * x) ** 2 for x, y, months in deviations)
    return Fit(levels, slope, width, sqrt(squares / dof), dof, len(points), logs)


def predicted(fit: Fit, coming: Sequence[Coming], known: float = 0) -> Prediction:
    """The sum of all months to come, on top of what is *known*.

    For a sum of growing values the error is that of its logarithm to first order; for one value,
    and for every line without logs, the interval is exact.
    """
    heights = [fit.at(each.at, each.season) for each in coming]
    if fit.logs:
        sizes = [each.months * exp(height) for each, height in zip(coming, heights, strict=True)]
        centre = sum(sizes)
        shares = [size / centre for size in sizes]
    else:
        centre = sum(each.months * height for each, height in zip(coming, heights, strict=True))
        shares = [float(each.months) for each in coming]
    error = fit.error * sqrt(_variance(fit, coming, shares))
    scale = 1 if fit.logs else abs(known) + abs(centre)
    return Prediction(known, centre, error if error > _NO_ERROR * scale else 0.0, fit.dof, fit.logs)


def misses(fit: Fit, points: Sequence[Point]) -> float:
    """How badly each point would be foretold by the others: the sum of squared errors, in the values' own unit.

    Points alone in their season foretell nothing and are left out (PRESS, by leverages).
    """
    total = 0.0
    for point in points:
        free = 1 - point.months * fit.leverage(point.at, point.season)
        if free > _NO_ERROR:
            height = fit.at(point.at, point.season)
            seen = log(point.value) if fit.logs else point.value
            foretold = seen - (seen - height) / free
            total += (point.value - (exp(foretold) if fit.logs else foretold)) ** 2
    return total


def hits(points: Sequence[Point], *, logs: bool, probability: float) -> tuple[int, int]:
    """A back-test: how many of the later half of *points* (by time) fell into the interval foretold just before.

    The answer is (hits, tries); points whose predecessors determine no line are not tried.
    """
    hit = tried = 0
    for index in range(len(points) // 2, len(points)):
        point, fit = points[index], fitted(points[:index], logs=logs)
        if fit is None or point.season not in fit.levels:
            continue
        foretold = predicted(fit, [Coming(point.at, point.season, point.months)])
        tail = (1 - probability) / 2
        tried += 1
        hit += foretold.quantile(tail) <= point.value * point.months <= foretold.quantile(1 - tail)
    return hit, tried


def _level(points: Sequence[Point]) -> Level:
    weight = sum(each.months for each in points)
    at = sum(each.months * each.at for each in points) / weight
    return Level(weight, at, sum(each.months * each.value for each in points) / weight)


def _variance(fit: Fit, coming: Sequence[Coming], shares: Sequence[float]) -> float:
    """Of Σ share × value: each new value's own error, the levels' and the slope's."""
    own = sum(share * share / each.months for each, share in zip(coming, shares, strict=True))
    by_season: dict[Season, float] = defaultdict(float)
    for each, share in zip(coming, shares, strict=True):
        by_season[each.season] += share
    levels = sum(share * share / fit.levels[season].weight for season, share in by_season.items())
    reach = sum(share * (each.at - fit.levels[each.season].at) for each, share in zip(coming, shares, strict=True))
    return own + levels + reach * reach / fit.width
