"""A figure in the words of its sheet."""

from decimal import Decimal

import pytest

from xiangning_zyz.fact import Cell, Observation
from xiangning_zyz.period import Period


@pytest.mark.parametrize(
    ("raw", "unit", "stated"),
    [
        ("41,200", "万元", "41,200万元"),
        ("1.3万人 ", "万人", "1.3万人"),
        ("1.3万", "人", "1.3万人"),
        ("0.85%", "%", "0.85%"),
        ("0.85％", "%", "0.85％"),
        ("七亿二千万元", "元", "七亿二千万元"),
        ("66", "", "66"),
        ("￥3.95亿", "亿元", "￥3.95亿元"),
    ],
)
def test_a_figure_is_stated_as_typed_with_its_unit_once(raw, unit, stated):
    cell = Cell("县工信局.xlsx", "0" * 64, "月报", "D4", raw)
    period = Period.month(2024, 6)
    said = Observation("x", None, period, "point", Decimal(1), unit, "县工信局", unit, reference=False, cell=cell)
    assert said.stated == stated
