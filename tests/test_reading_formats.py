"""Numbers as a sheet shows them, and what number formats say of them."""

from decimal import Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.intake.reading.formats import Style, moment, plain, style_of

FIFTEEN = Context(prec=15)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0, 2]))
def test_a_number_keeps_fifteen_digits_and_nothing_else(value, shift):
    text = plain(value, shift)

    assert "e" not in text.lower()
    assert text == "0" or not (text.startswith("0") and not text.startswith("0."))
    assert not ("." in text and text.endswith(("0", ".")))
    assert Decimal(text) == FIFTEEN.create_decimal(Decimal(f"{value:.15g}")).scaleb(shift)


@pytest.mark.parametrize(
    ("code", "style"),
    [
        ("General", Style()),
        ("G/通用格式", Style()),
        ("0.00E+00", Style()),
        ("##0.0E+0", Style()),
        ("# ?/?", Style()),
        ("@", Style()),
        ("#,##0_);(#,##0)", Style()),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', Style()),
        ("[$¥-804]#,##0.00", Style()),
        ("[红色]0.0", Style()),
        ("0.00%", Style("percent")),
        ("[蓝色]0.0%;[红色]-0.0%", Style("percent")),
        ('0.00"%"', Style("points")),
        (r"0.00\%", Style("points")),
        ('#,##0.00"元";[红色]-#,##0.00"元"', Style(suffix="元")),
        (r"0.0\万\元", Style(suffix="万元")),
        ("0.0万元", Style(suffix="万元")),
        ("0.0‰", Style(suffix="‰")),
        ('0!.0,"万元"', Style()),
        ('0.0,,"百万"', Style()),
        ('[>=10000]0.0,"万";0"户"', Style()),
        ('yyyy"年"m"月"d"日"', Style("date")),
        ("[$-804]aaaa", Style("date", day=False)),
        ("[DBNum1][$-804]yyyy年m月", Style("date", day=False)),
        ("e年m月", Style("date", day=False)),
        ("mmm-yy", Style("date", day=False)),
        ("m/d/yy h:mm", Style("date")),
        ("h:mm AM/PM", Style("time")),
        ('上午/下午h"时"mm"分"', Style("time")),
        ("mm:ss.0", Style("time")),
        ("[h]:mm:ss", Style("elapsed")),
        ("", Style()),
        ('"', Style()),
        ("[", Style()),
    ],
)
def test_what_a_number_format_says(code, style):
    assert style_of(code) == style


@given(st.text(st.sampled_from('ymdhse0#?.,%"\\[]!*_;@万元GAP/年 +-'), max_size=20))
def test_any_format_says_something(code):
    assert isinstance(style_of(code), Style)


@given(st.integers(61, 2958465), st.integers(0, 86399))
def test_a_date_is_exact_to_the_second(day, second):
    kind, text = moment(day + second / 86400, Style("date"), from_1904=False) or ("", "")

    assert kind == "date"
    clock = f" {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}" if second else ""
    assert text.endswith(clock)


@given(st.floats(), st.sampled_from(["date", "time", "elapsed"]), st.booleans())
def test_any_number_is_a_date_or_none(serial, kind, from_1904):
    found = moment(serial, Style(kind), from_1904=from_1904)

    assert found is None or found[0] in ("date", "time")
