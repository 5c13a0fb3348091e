"""`.csv` and `.tsv`: text with separators, of whatever encoding Chinese office programs write.

All five real csv files of the sample are GB18030 without a mark, with lines of explanation above
the table. A csv has no numbers: every cell is text, kept as it stands (`007` is a code).
"""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from itertools import islice

from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.packing import Packer
from xiangning_zyz.intake.reading.refusal import Refused, damaged
from xiangning_zyz.intake.reading.texts import bounded
from xiangning_zyz.problem import NOT_A_SPREADSHEET

_SEPARATORS = ("\t", ",", ";", "|")  # the least likely to stand in a text comes first
_LINES_TRIED = 200
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decoded(content: bytes) -> str:
    """The text: UTF-16 by its mark, else UTF-8, else GB18030. `Refused` if it is none of these.

    The ladder was right for 25 of 25 files; guessing by letter frequency took short Chinese files for Korean.
    """
    encodings = ("utf-16",) if content.startswith(_UTF16_MARKS) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Refused(NOT_A_SPREADSHEET, what="无法识别的文件")


def read(text: str, packer: Packer) -> None:
    """Read the one table of *text* into *packer*, as a sheet called `csv`: its file's name is no sheet's name."""
    separator = _separator(text)
    look = packer.looks.number("text")
    packer.begin_sheet("csv", hidden=False)
    lines = _records(text, separator)
    try:
        for number, fields in enumerate(lines, 1):
            columns = [column for column, field in enumerate(fields, 1) if field]
            packer.row(number, (columns, [look] * len(columns), [bounded(field) for field in fields if field]))
    except csv.Error as error:
        raise damaged("引号不成对，或某格文字过长") from error
    packer.end_sheet()
    packer.finish("csv")


def _records(text: str, separator: str, *, strict: bool = True) -> Iterator[list[str]]:
    csv.field_size_limit(limits.CELL_CHARACTERS)
    return csv.reader(StringIO(text, newline=""), delimiter=separator, strict=strict)


def _separator(text: str) -> str:
    """The separator under which most lines have the same number of fields, two or more.

    Lines of explanation and ragged rows are outvoted, and so are the thousands separators of a
    tab-separated file, since they do not stand in every line.
    """
    best, most = "", 0
    for separator in _SEPARATORS:
        counts: Counter[int] = Counter()
        with suppress(csv.Error):  # the lines before a fault vote; reading comes to it again and says so
            for fields in islice(_records(text, separator, strict=False), _LINES_TRIED):
                counts[len(fields)] += any(fields)
        votes = max((lines for width, lines in counts.items() if width > 1), default=0)
        if votes > most:
            best, most = separator, votes
    if not best:
        raise Refused(NOT_A_SPREADSHEET, what="没有分列的文字")
    return best
