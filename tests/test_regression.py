"""Least squares and Student's t, against tables, a worked textbook example and (where installed) scipy."""

import random
from math import exp, log, sqrt

import pytest

from xiangning_zyz.analysis.regression import Coming, Point, fitted, hits, misses, predicted
from xiangning_zyz.analysis.student import t_cdf, t_quantile

LINE = [Point(at, value) for at, value in enumerate([2, 4, 5, 4, 5], start=1)]


@pytest.mark.parametrize(
    ("dof", "t"),
    [(1, 3.078), (2, 1.886), (3, 1.638), (4, 1.533), (5, 1.476), (10, 1.372), (30, 1.310), (120, 1.289)],
)
def test_quantiles_are_those_of_the_printed_tables(dof, t):
    """The 0.90 column of any t table: an 80 % interval leaves a tenth on each side."""
    assert round(t_quantile(0.9, dof), 3) == t


@pytest.mark.parametrize("dof", [1, 2, 3, 7, 8, 40])
def test_the_distribution_is_symmetric_rising_and_undone_by_its_quantile(dof):
    points = [t_cdf(t / 2, dof) for t in range(-20, 21)]

    assert points == sorted(points)
    assert t_cdf(-1.3, dof) == pytest.approx(1 - t_cdf(1.3, dof), abs=1e-12)
    assert t_cdf(t_quantile(0.93, dof), dof) == pytest.approx(0.93, abs=1e-12)


def test_t_agrees_with_scipy():
    stats = pytest.importorskip("scipy.stats")
    for dof in (1, 2, 5, 6, 33, 100):
        for t in (-4.0, -0.3, 0.0, 1.0, 2.5, 30.0):
            assert t_cdf(t, dof) == pytest.approx(stats.t.cdf(t, dof), abs=1e-12)


def test_a_line_by_hand():
    """x̄ = 3, ȳ = 4, slope 6/10; residuals −0.8 0.6 1.0 −0.6 −0.2: s² = 2.4/3."""
    fit = fitted(LINE, logs=False)
    ahead = predicted(fit, [Coming(6)])

    assert (fit.slope, fit.width, fit.dof) == (0.6, 10, 3)
    assert fit.error == pytest.approx(sqrt(0.8))
    assert ahead.value == pytest.approx(5.8)
    assert ahead.error == pytest.approx(sqrt(0.8 * (1 + 1 / 5 + 9 / 10)))  # 1.2961
    assert ahead.quantile(0.9) == pytest.approx(5.8 + 1.63774 * 1.29615, abs=1e-4)
    assert ahead.quantile(0.1) == pytest.approx(5.8 - 1.63774 * 1.29615, abs=1e-4)
    assert ahead.chance_above(5.8) == 0.5


def test_growth_is_the_same_on_logarithms():
    fit = fitted([Point(each.at, exp(each.value)) for each in LINE], logs=True)
    ahead, line = predicted(fit, [Coming(6)]), predicted(fitted(LINE, logs=False), [Coming(6)])

    assert ahead.value == pytest.approx(exp(5.8))
    assert ahead.quantile(0.9) == pytest.approx(exp(line.quantile(0.9)))
    assert ahead.chance_above(exp(6)) == pytest.approx(line.chance_above(6))


def test_seasons_share_one_slope_and_have_their_own_level():
    """Two seasons, each on its own exact line of slope 2: no error is left."""
    points = [Point(at, 2 * at + 10 * (at % 2), (at % 2, at % 2)) for at in range(6)]
    fit = fitted(points, logs=False)

    assert (fit.slope, fit.error, fit.dof) == (2, 0, 3)
    assert predicted(fit, [Coming(6, (0, 0)), Coming(7, (1, 1))], known=100).value == pytest.approx(100 + 12 + 24)


def test_seasonal_sums_agree_with_regression_on_dummies():
    """The reduced form against (X'X)⁻¹, written out with numpy."""
    numpy = pytest.importorskip("numpy")
    rng = random.Random(1)  # noqa: S311 - simulated figures
    points = [Point(at, 5 + 0.3 * at + 2 * (at % 3) + rng.gauss(0, 1), (at % 3, at % 3)) for at in range(10)]
    design = numpy.array([[at.at, *(float(at.season == (s, s)) for s in range(3))] for at in points])
    values = numpy.array([at.value for at in points])
    inverse = numpy.linalg.inv(design.T @ design)
    weights = inverse @ design.T @ values
    rest = values - design @ weights
    ahead = numpy.array([10.0 + 11.0 + 2 * 12.0, 2.0, 1.0, 1.0])  # months 10, 11 and twice 12
    spread = sqrt((rest @ rest) / 6 * (1 + 1 + 2 + ahead @ inverse @ ahead))  # two months stray as two

    found = predicted(fitted(points, logs=False), [Coming(10, (1, 1)), Coming(11, (2, 2)), Coming(12, (0, 0), 2)])
    assert found.value == pytest.approx(float(ahead @ weights))
    assert found.error == pytest.approx(spread)


def test_a_mean_of_months_weighs_as_many_single_months_on_the_same_spot():
    """Slope and level of (1, 3) twice and (4, 9), (7, 12) are those of (1, 3) with two months."""
    single = fitted([Point(1, 3), Point(1, 3), Point(4, 9), Point(7, 12)], logs=False)
    joint = fitted([Point(1, 3, None, 2), Point(4, 9), Point(7, 12)], logs=False)

    assert (joint.slope, joint.levels, joint.width) == (single.slope, single.levels, single.width)
    assert (joint.dof, single.dof) == (1, 2)  # but it is one value, and proves less of the spread
    two = predicted(joint, [Coming(10, None, 2)])
    assert two.error == pytest.approx(joint.error * sqrt(2 + 4 * joint.leverage(10, None)))


def test_what_does_not_determine_a_line_has_none():
    assert fitted(LINE[:2], logs=False) is None  # no error is left to measure
    assert fitted([Point(1, 2), Point(1, 3), Point(1, 4)], logs=False) is None
    assert fitted([Point(1, 2), Point(2, 0), Point(3, 4)], logs=True) is None


def test_misses_leave_each_point_out_in_turn():
    left_out = 0.0
    for point in LINE:
        rest = fitted([each for each in LINE if each != point], logs=False)
        left_out += (point.value - rest.at(point.at, None)) ** 2

    assert misses(fitted(LINE, logs=False), LINE) == pytest.approx(left_out)


def test_a_back_test_only_uses_what_was_known_before():
    steady = [Point(at, at + (at % 2) / 10) for at in range(40)]

    assert hits(steady, logs=False, probability=0.8) == (20, 20)
    broken = [*steady[:39], Point(39, 1000)]
    assert hits(broken, logs=False, probability=0.8) == (19, 20)


@pytest.mark.parametrize("logs", [False, True])
@pytest.mark.parametrize(("size", "seasons"), [(4, 1), (12, 1), (30, 4), (18, 12)])
def test_intervals_cover_at_their_stated_rate(logs, size, seasons):
    """2000 simulated series, a year's sum foretold from each: 80 % within three standard errors (2.7 points)."""
    rng, hit = random.Random(20250701), 0  # noqa: S311 - simulated figures
    for _ in range(2000):
        base = [(at, (at % seasons, at % seasons)) for at in range(size + 24)]
        raw = [3 + 0.01 * at + 0.2 * season[0] / seasons + rng.gauss(0, 0.05) for at, season in base]
        values = [exp(value) if logs else value for value in raw]
        points = [Point(at, value, season) for (at, season), value in zip(base, values, strict=True)]
        ahead = points[size + 11 : size + 23] if seasons > 1 else points[-1:]
        found = predicted(fitted(points[:size], logs=logs), [Coming(each.at, each.season) for each in ahead])
        hit += found.quantile(0.1) <= sum(each.value for each in ahead) <= found.quantile(0.9)

    assert 0.773 <= hit / 2000 <= 0.827


def test_absurd_growth_ends_in_a_number():
    fit = fitted([Point(at, 10.0 ** (4 * at)) for at in range(5)], logs=True)

    assert log(predicted(fit, [Coming(500)]).value) == pytest.approx(600)
