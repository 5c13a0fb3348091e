"""The files against the plan's own text: is each quote really there, and each number in its quote?"""

import re
from collections.abc import Iterator
from decimal import Decimal

from xiangning_zyz.intake.numerals import Number, read_number
from xiangning_zyz.intake.plan import faults
from xiangning_zyz.intake.plan.cross_checks import number
from xiangning_zyz.intake.plan.fault import Fault
from xiangning_zyz.intake.plan.model import OPERATORS
from xiangning_zyz.intake.plan.references import Documents
from xiangning_zyz.intake.plan.yaml_text import Tree
from xiangning_zyz.intake.units import convert
from xiangning_zyz.intake.widths import squeezed

# Beyond width and blanks, copies of one text differ in these; `*` is left over from web pages.
_FOLD = str.maketrans("“”„‘’‚—–―‐‑−〔〕【】", "\"\"\"'''------[][]", "*")

_QUOTES = (
    ("targets", "indicators.*"),
    ("targets", "indicators.*.milestones.*"),
    ("targets", "qualitative.*"),
    ("tasks", "tasks.*"),
    ("tasks", "projects.*"),
    ("tasks", "working_group.*"),
)
_UNQUOTED = (("targets", "indicators.*.milestones.*"), ("targets", "qualitative.*"))
_NUMERAL = re.compile("(?:百分之)?[0-9零〇一二三四五六七八九十百千万亿两点.,]{1,40}")
_LONGEST_UNIT = 6  # signs behind a number that may belong to it
_SCALES = "十百千万亿"


def folded(text: str) -> str:
    """*text* as it is compared: no blanks, no `*`, half-width signs, one kind of quote, dash and bracket."""
    return squeezed(text).translate(_FOLD)


def against_source(documents: Documents, source: str) -> Iterator[Fault]:
    """Quotes and numbers that the plan's text does not bear out; what the office added is not looked for."""
    whole = folded(source)
    for stem, pattern in _QUOTES:
        document = documents.of(stem)
        for path, item in document.items(pattern):
            quote = item.get("quote")
            if isinstance(quote, str) and item.get("basis") != "office" and not _found(quote, whole):
                yield faults.QUOTE_NOT_FOUND.at(document.place((*path, "quote")), found=quote)
    yield from _numbers(documents)
    yield from _doubts(documents, whole)


def _found(quote: str, whole: str) -> bool:
    return bool(folded(quote)) and folded(quote) in whole


def _numbers(documents: Documents) -> Iterator[Fault]:
    document = documents.targets
    for path, indicator in document.items("indicators.*"):
        stones = indicator.get("milestones")
        for position, stone in enumerate(stones if isinstance(stones, list) else ()):
            if not isinstance(stone, dict) or not isinstance(stone.get("quote"), str):
                continue
            for key in OPERATORS:
                value = number(stone.get(key))
                if value is not None and not stands_in(value, str(indicator.get("unit")), str(stone["quote"])):
                    place = document.place((*path, "milestones", position, key))
                    yield faults.NUMBER_NOT_IN_QUOTE.at(place, quote=stone["quote"], found=stone[key])


def stands_in(value: Decimal, unit: str, quote: str) -> bool:
    """Whether *quote* names *value*, in *unit* or one that converts: 20000 人 stands in “2万人”."""
    text = folded(quote)
    return any(_same(said, value, unit) for match in _NUMERAL.finditer(text) if (said := _longest(text, match)))


def _longest(text: str, numeral: re.Match[str]) -> Number | None:
    """The longest number with unit that begins where *numeral* does."""
    for end in range(min(len(text), numeral.end() + _LONGEST_UNIT), numeral.start(), -1):
        said = read_number(text[numeral.start() : end])
        if isinstance(said, Number):
            return said
    return None


def _same(said: Number, value: Decimal, unit: str) -> bool:
    if not said.unit:  # “7亿” for 7 亿元
        return value in (said.value, convert(said.value, unit.lstrip(_SCALES), unit))
    converted = convert(said.value, said.unit, unit)
    return value == (said.value if converted is None else converted)  # 人 and 人/万人 cannot be compared


def _doubts(documents: Documents, whole: str) -> Iterator[Fault]:
    for stem, pattern in _UNQUOTED:
        document = documents.of(stem)
        for path, item in document.items(pattern):
            if item.get("quote") is None and item.get("basis") != "office":
                yield faults.NO_QUOTE.at(document.place(path))
    for path, measure in documents.tasks.items("tasks.*.measures.*"):
        text: Tree = measure.get("text")
        if isinstance(text, str) and measure.get("basis") in (None, "stated") and not _found(text, whole):
            yield faults.MEASURE_NOT_FOUND.at(documents.tasks.place((*path, "text")), found=text)
