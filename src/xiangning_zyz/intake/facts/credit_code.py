"""The unified social credit code (统一社会信用代码) and its check character, by GB 32100-2015."""

from xiangning_zyz.intake.widths import squeezed

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which look like others
_VALUES = {sign: value for value, sign in enumerate(_SIGNS)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def read_credit_code(text: str) -> tuple[str, str]:
    """(code, '') for a right one, capital and without blanks; ('', why) in Chinese for any other."""
    code = squeezed(text).upper()
    if not code:
        return "", "没有填写"
    if len(code) != 18:
        return "", f"应为18位，此处{len(code)}位：{code}"
    wrong = next((sign for sign in code if sign not in _VALUES), None)
    if wrong is not None:
        return "", f"含有代码中不会出现的“{wrong}”：{code}"
    if code[17] != check_character(code[:17]):
        return "", f"校验位不对，有数字抄错：{code}"
    return code, ""


def check_character(body: str) -> str:
    """The 18th character to the first 17 (GB 32100-2015, annex: 31 less the weighted sum, modulo 31)."""
    total = sum(_VALUES[sign] * weight for sign, weight in zip(body, _WEIGHTS, strict=True))
    return _SIGNS[-total % 31]
