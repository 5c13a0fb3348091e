"""Student's t distribution for whole degrees of freedom: what intervals and probabilities of forecasts rest on.

Closed forms, Abramowitz and Stegun 26.7.3 and 26.7.4; scipy would cost sixty times a start of Python.
"""

from math import atan, cos, pi, sin, sqrt


def t_cdf(t: float, dof: int) -> float:
    """The probability of a value up to *t*; *dof* ≥ 1."""
    angle = atan(t / sqrt(dof))
    square = cos(angle) ** 2
    if dof % 2:
        term, total = cos(angle), 0.0
        for k in range(3, dof + 1, 2):
            total += term
            term *= square * (k - 1) / k
        inside = 2 / pi * (angle + sin(angle) * total)
    else:
        term, total = 1.0, 0.0
        for k in range(2, dof + 1, 2):
            total += term
            term *= square * (k - 1) / k
        inside = sin(angle) * total
    return (1 + inside) / 2


def t_quantile(probability: float, dof: int) -> float:
    """The value that is exceeded with 1 − *probability*; 0.5 < *probability* < 1."""
    low, high = 0.0, 1.0
    while t_cdf(high, dof) < probability:
        low, high = high, 2 * high
    for _ in range(60):  # halving a bracket of a few units ends far below any printed digit
        middle = (low + high) / 2
        low, high = (middle, high) if t_cdf(middle, dof) < probability else (low, middle)
    return (low + high) / 2
