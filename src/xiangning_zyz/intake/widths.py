"""Full-width and half-width spellings of one character, and the many blanks, folded to one."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Each maps to exactly one character, so positions in the folded text hold in the original.
_BLANKS = dict.fromkeys(map(ord, "\t\n\r\v\f\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"), " ")
_BLANKS |= dict.fromkeys(range(0x2000, 0x200E), " ")
_FOLD: dict[int, int | str] = {**_FULL_WIDTH, **_BLANKS}


def half_width(text: str) -> str:
    """*text* with full-width ASCII made half-width and every blank a space, character by character."""
    return text.translate(_FOLD)


def squeezed(text: str) -> str:
    """*text* half-width and without any blank: offices space letters out (`合  计`)."""
    return half_width(text).replace(" ", "")
