"""A file that cannot be read, and why: raised by readers, turned into a problem where they are called."""

from xiangning_zyz.problem import DAMAGED, HOSTILE, TOO_LARGE, Kind


class Refused(Exception):  # not an error of the program but an answer about a file
    """The file, or one sheet of it, cannot be read; *case* fills the words of *kind*."""

    def __init__(self, kind: Kind, sheet: str = "", ref: str = "", **case: str) -> None:
        super().__init__(kind.code, case)
        self.kind = kind
        self.sheet = sheet
        self.ref = ref
        self.case = case


def damaged(why: str, sheet: str = "", ref: str = "") -> Refused:
    """The file is not what its format says: *why* in a few words for its sender."""
    return Refused(DAMAGED, sheet, ref, why=why)


def too_large(why: str, sheet: str = "") -> Refused:
    """The file exceeds a bound of `limits.py`."""
    return Refused(TOO_LARGE, sheet, why=why)


def hostile(why: str) -> Refused:
    """The file holds what no office program writes and only an attack needs."""
    return Refused(HOSTILE, why=why)
