"""The unified social credit code, by GB 32100-2015."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangning_zyz.intake.facts.credit_code import check_character, read_credit_code

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODIES = st.text(SIGNS, min_size=17, max_size=17)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",  # the standard's own example
        "9144030071526726XG",  # two large firms, from their public registrations
        "914403001922038216",
    ],
)
def test_known_codes_are_right(code):
    assert read_credit_code(code) == (code, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "没有填写"),
        ("91350100M000100Y4", "应为18位，此处17位"),
        ("91350100M000100Y34", "校验位不对"),
        ("9135O100M000100Y43", "不会出现的“O”"),
        ("911100001000020000", "校验位不对"),  # 15 digits are all that a number cell keeps
    ],
)
def test_a_wrong_code_says_why(text, why):
    code, said = read_credit_code(text)
    assert code == ""
    assert why in said


def test_blanks_full_width_and_small_letters_are_read():
    assert read_credit_code(" 91350100 m000100y4３ ") == ("91350100M000100Y43", "")


@given(BODIES, st.integers(0, 17), st.sampled_from(SIGNS))
def test_any_one_wrong_character_is_found(body, at, sign):
    code = body + check_character(body)
    spoilt = code[:at] + sign + code[at + 1 :]
    assert (read_credit_code(spoilt)[0] == spoilt) == (spoilt == code)
