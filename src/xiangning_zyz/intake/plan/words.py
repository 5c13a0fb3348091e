"""Names as written: when two are the same, and which known one is nearest to a mistyped one."""

from collections.abc import Iterable

from xiangning_zyz.intake.widths import squeezed

_LONGEST = 64  # a longer word is no name, and comparing it would take long
_NEAR = 0.6  # 县工信居 and 县工信局 share three signs of four


def bare(name: str) -> str:
    """A name without white space, width and case: what makes two spellings the same."""
    return squeezed(name).casefold()


def hint(word: str, known: Iterable[str]) -> str:
    """`，是不是“…”？` when one of *known* is near *word*, else nothing. For people; never taken by itself."""
    from rapidfuzz import process  # only a faulty plan pays for it
    from rapidfuzz.distance import LCSseq

    names = [name for name in known if len(name) <= _LONGEST]
    found = process.extractOne(word[:_LONGEST], names, scorer=LCSseq.normalized_similarity, score_cutoff=_NEAR)
    return f"，是不是“{found[0]}”？" if found else ""
