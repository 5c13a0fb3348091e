from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.figure import decimal, exact, plain, rounded, shown

figures = st.decimals(min_value=-(10**15), max_value=10**15, places=6)


@pytest.mark.parametrize(
    "text", ["NaN", "1_000", "１２", "1e5", "Infinity", "", "+5", "1.", ".5", " 1", "1,000", "0x1"]
)
def test_only_plain_decimals_are_read(text):
    with pytest.raises(ValueError, match="plain decimal"):
        decimal(text)


@given(figures)
def test_plain_text_reads_back_exactly(value):
    assert decimal(plain(value)) == value


@given(figures)
def test_an_exact_text_keeps_the_digits_and_reads_back(value):
    assert str(decimal(exact(value))) == format(value, "f")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+30", "1E-31"])
def test_what_could_not_be_read_back_has_no_exact_text(value):
    with pytest.raises(ValueError, match="plain decimal"):
        exact(Decimal(value))


@pytest.mark.parametrize(("value", "text"), [("12.50", "12.5"), ("1E+2", "100"), ("-0.00", "0"), ("7", "7")])
def test_plain_text_has_no_exponent_and_no_trailing_zeros(value, text):
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [("0.005", 2, "0.01"), ("-0.005", 2, "-0.01"), ("0.7083333", 3, "0.708"), ("-0.001", 2, "0.00"), ("2.5", 0, "3")],
)
def test_rounding_is_half_up(value, places, text):
    assert rounded(Decimal(value), places) == text


def test_shown_figures_drop_trailing_zeros():
    assert shown(Decimal("8.50")) == "8.5"
    assert shown(Decimal("100")) == "100"
