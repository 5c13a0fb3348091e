"""What a text says about period and basis: `2016年1-5月`, `本月`, `上年同期`, `截至6月底` (CONTRACT §6).

Most cells say only a part (`5月`, `累计`); the year stands in the title or the file name. `said` reads
the parts of one text (`period_words`), `complete` joins what is said around a value, inside out.
"""

import re
from calendar import monthrange
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from xiangning_zyz.fact import Basis
from xiangning_zyz.intake import period_words as words
from xiangning_zyz.intake.period_words import Word
from xiangning_zyz.period import Period

Relative = Literal["", "本月", "本季", "本期", "上月", "上季", "上期"]


class Said(NamedTuple):
    """The parts of a period that a text states."""

    year: int | None = None
    first: int | None = None  # first month, 1–12
    last: int | None = None  # last month; None with `first` 1: from January to the month around it (1-本月, 累计)
    relative: Relative = ""  # to the period around it
    years_back: int = 0  # from the year around it: 1 for 上年, 去年, 上年同期
    basis: Basis | None = None
    in_months: bool = True  # spelt in months (1-6月), not in quarters, halves or years (上半年)
    part: str = ""  # what no period can say: 上旬, 中旬, 下旬, 年初, 以来 (累计 since another day than 1 January)
    day: int | None = None  # of a full date (2024年6月30日)

    @property
    def from_january(self) -> bool:
        """Begins in January, so that `single` and `cumulative` are the same number."""
        return self.first == 1


_STROKES = "|-_/:;,.、的 "
_BETWEEN = _STROKES + "份数值止()[]"  # what may stand between period words: 5月份, 累计数
_LONGEST = 200  # characters: a title; whatever is longer is a note and speaks of many periods
_BARE = re.compile(r"(?:19|20)[0-9]{2}(?:\.[0-9]{1,2})?")
_QUARTERS = {3: "一季度", 6: "二季度", 9: "三季度", 12: "四季度"}
_NAMED = {(1, 6): "上半年", (7, 12): "下半年", (1, 12): ""} | {(last - 2, last): _QUARTERS[last] for last in _QUARTERS}
_WHOLE_YEAR = Said(first=1, last=12, basis="cumulative", in_months=False)
# The kinds of words (`period_words`) that name months, and those that hold a year and months in digits.
_SPANS = frozenset(("month", "months", "open_month", "quarter", "quarters", "open_quarter", "half", "whole_year"))
_CODES = frozenset(("date", "dotted_months", "year_month", "year_quarter", "year_half"))
_RELATIVES: dict[tuple[str, str], Relative] = {
    ("this", "月"): "本月",
    ("this", "季"): "本季",
    ("this", "期"): "本期",
    ("before", "月"): "上月",
    ("before", "季"): "上季",
    ("before", "期"): "上期",
}


def said(text: str, *, year_alone: bool = False) -> Said | None:
    """What *text* states about a period; None when nothing.

    `year_alone`: where a header expects a date, a bare `2024` is a year and `2024.6` a month; elsewhere
    they are numbers. Growth and shares (`比上年同期增长`, `占全年计划%`) state no period of what they are
    held against.
    """
    stripped = text.strip()
    if _BARE.fullmatch(stripped):
        if not year_alone:
            return None
        if "." not in stripped:
            return Said(year=int(stripped))
    return None if len(stripped) > _LONGEST else _said(stripped)


def without_period(text: str) -> str:
    """*text* without the period words at its two ends, its blanks squeezed out: `本月产值` → `产值`, `累计数` → ``."""
    return text if len(text) > _LONGEST else _without_period(text)


@lru_cache(maxsize=4096)
def _without_period(text: str) -> str:
    folded = words.folded(text)
    start, end = 0, len(folded)
    spoken = words.found(folded)
    for word in spoken:
        if folded[start : word.start].strip(_BETWEEN):
            break
        start = word.end
    for word in reversed(spoken):
        if word.start < start or folded[word.end : end].strip(_BETWEEN):
            break
        end = word.start
    rest = folded[start:end]
    if start:
        rest = rest.removeprefix("份").lstrip(_STROKES + ")]")
    if end < len(folded):
        rest = rest.rstrip(_STROKES + "([")
    return rest if not spoken or rest.strip(_BETWEEN) else ""


def complete(*inner_first: Said | None) -> Said | None:
    """Join what is said around a value, innermost first: header levels, caption, title, sheet, file name.

    Inner words win, outer words fill what is missing: 本月 in 2016年5月 is 2016年5月, 累计 there is
    2016年1-5月, 上年同期 in 2016年1-5月 is 2015年1-5月. Contradictions are for `disagree` to find.
    """
    joined: Said | None = None
    for outer in inner_first:
        joined = _filled(joined, outer) if joined and outer else joined or outer
    return joined


def disagree(one: Said | None, other: Said | None) -> bool:
    """Whether two statements name different years or different last months; silence disagrees with nothing."""
    if one is None or other is None:
        return False
    return any(a is not None and b is not None and a != b for a, b in ((one.year, other.year), (one.last, other.last)))


def label(said: Said | None) -> str | None:
    """2016年5月, 2016年1-5月, 2016年上半年, 2016年二季度, 2016年 (CONTRACT §6); None: not known.

    Without a year, what is known: 5月.
    """
    if said is None or said.part == "年初":
        return None
    year = "" if said.year is None else f"{said.year}年"
    if said.first is None or said.last is None or (said.years_back and not year):
        return None if said.relative else year or None
    span = (said.first, said.last)
    if not said.in_months and span in _NAMED:
        return f"{year}{_NAMED[span]}" or None
    months = f"{said.last}月" if said.first == said.last else f"{said.first}-{said.last}月"
    return f"{year}{months}{said.part.removeprefix('以来')}"


def to_period(said: Said | None) -> tuple[Period, Basis | None] | None:
    """The period of a completed statement, and the basis it states; None when year or months are missing.

    `cumulative` and `point` are keyed by their last month. A year alone is the whole year (`said.first` is
    None then: whoever reports monthly has not said which month).
    """
    if said is None or said.year is None or said.part:
        return None
    if said.first is None and not said.relative:
        return Period.whole_year(said.year), said.basis
    if said.first is None or said.last is None:
        return None
    if said.basis in ("point", "cumulative"):
        return Period.month(said.year, said.last), said.basis
    length = said.last - said.first + 1
    regular = length in (1, 3, 6, 12) and (said.first - 1) % length == 0
    return (Period(said.year, said.first, said.last), said.basis) if regular else None


def _filled(inner: Said, outer: Said) -> Said:
    """*inner* with what it lacks taken from *outer*."""
    joined = inner
    if inner.year is None:
        known = outer.year is not None
        joined = inner._replace(
            year=outer.year - inner.years_back if outer.year is not None else None,
            years_back=0 if known else inner.years_back + outer.years_back,
        )
    if inner.last is not None:
        return _in_words_around(joined, outer)
    if outer.last is not None:
        return _spanned(joined, outer, other_year=None not in (inner.year, outer.year) and inner.year != outer.year)
    own = bool(inner.first or inner.relative not in ("", "本期"))  # 本年 under 1-本月 is 1-本月
    return joined._replace(
        first=inner.first if own else outer.first,
        relative=inner.relative if own else outer.relative,
        basis=inner.basis if own else inner.basis or outer.basis,
        in_months=inner.in_months and outer.in_months,
        part=inner.part or outer.part,
    )


def _in_words_around(inner: Said, outer: Said) -> Said:
    """Months that *inner* names itself, with the basis of words around them: 5月 under 累计 is 1-5月."""
    if inner.basis or outer.last is not None or outer.basis is None:
        return inner
    return inner._replace(first=1 if outer.basis == "cumulative" else inner.first, basis=outer.basis)


def _spanned(inner: Said, outer: Said, *, other_year: bool) -> Said:
    """*inner*, which names no months itself, over those of *outer*; the same when they cross a year."""
    first, last, in_months = outer.first or 1, outer.last or 12, outer.in_months
    match inner.relative:
        case "本月":
            first, in_months = last, True
        case "上月":
            first, last, in_months = last - 1, last - 1, True
        case "本季":
            first, last, in_months = (last - 1) // 3 * 3 + 1, (last + 2) // 3 * 3, False
        case "上季":
            first, last, in_months = (last - 1) // 3 * 3 - 2, (last - 1) // 3 * 3, False
        case "上期":
            first, last = 2 * first - last - 1, first - 1
    if first < 1 <= last:
        return inner
    before = 1 if last < 1 else 0
    first, last = first + 12 * before, last + 12 * before
    if inner.first == 1:  # cumulative: from January; 2009年累计 beside 2010年1-3月 is the whole of 2009
        first, last, in_months = (1, 12, False) if other_year else (1, last, in_months)
    return inner._replace(
        year=inner.year - before if inner.year is not None else None,
        years_back=inner.years_back + before if inner.year is None else 0,
        first=first,
        last=last,
        relative="",
        basis=inner.basis if inner.relative else inner.basis or outer.basis,
        in_months=in_months,
        part=inner.part or (outer.part if inner.relative in ("", "本期") else ""),
        day=inner.day or (outer.day if inner.relative in ("", "本期") else None),
    )


@lru_cache(maxsize=4096)
def _said(text: str) -> Said | None:
    folded = words.folded(text)
    spoken = words.found(folded)
    kinds = {word.kind for word in spoken}
    if not spoken or "years" in kinds:
        return None
    dated = _dated(spoken, folded)
    stated = dated and _with_basis(_related(dated, spoken), spoken)
    return stated if stated != Said() else None


def _dated(spoken: tuple[Word, ...], folded: str) -> Said | None:
    """Year and months; the first that stand side by side, else the first of each. None: they contradict."""
    years = [word for word in spoken if word.kind == "year"]
    spans = [word for word in spoken if word.kind in _SPANS]
    pairs = [(year, span) for year in years for span in spans if year.end == span.start]
    year, span = pairs[0] if pairs else (years[0] if years else None, spans[0] if spans else None)
    if year is None and span is None:
        codes = [word for word in spoken if word.kind in _CODES]
        return _coded(codes[0]) if codes else Said()
    number = year.numbers[0] if year else None
    if number is not None and number < 100:
        number += 2000
    if span is None:
        planned = year is not None and folded.startswith(("计划", "目标", "任务"), year.end)
        return _WHOLE_YEAR._replace(year=number) if planned else Said(year=number)
    months = _months(span, number)
    return months and months._replace(year=number)


def _months(span: Word, year: int | None) -> Said | None:
    """The months of one word; None when they run backwards or into another year."""
    first, *more = span.numbers or (0,)
    match span.kind:
        case "month":
            return Said(first=first, last=first, day=more[0] if more else None)
        case "months":
            if len(more) == 2 and more[0] != year:
                return None
            return _run(first, more[-1]) if more else _run(1, first)
        case "quarter":
            return Said(first=3 * first - 2, last=3 * first, in_months=False)
        case "quarters":
            run = _run(3 * first - 2, 3 * more[0]) if more else _run(1, 3 * first)
            return run and run._replace(in_months=False)
        case "half":
            later = span.text == "下半年"
            return Said(first=7 if later else 1, last=12 if later else 6, in_months=False)
        case "whole_year":
            return _WHOLE_YEAR
        case _:  # 1-本月, 1-本季
            return Said(first=1, basis="cumulative", in_months=span.kind == "open_month")


def _run(first: int, last: int) -> Said | None:
    """The months *first* to *last*: cumulative from January, the span alone otherwise."""
    if first > last:
        return None
    basis: Basis | None = None if first == last else "cumulative" if first == 1 else "single"
    return Said(first=first, last=last, basis=basis)


def _coded(code: Word) -> Said | None:
    """`2024-06-30`, `202406`, `2024.1-6`, `2024Q2`, `2024-H1`."""
    year, number, *more = code.numbers
    match code.kind:
        case "date":
            return Said(year, number, number, day=more[0])
        case "dotted_months":
            run = _run(number, more[0])
            return run and run._replace(year=year)
        case "year_month":
            return Said(year, number, number)
        case "year_quarter":
            return Said(year, 3 * number - 2, 3 * number, in_months=False)
        case _:
            return Said(year, 6 * number - 5, 6 * number, in_months=False)


def _related(dated: Said, spoken: tuple[Word, ...]) -> Said:
    """*dated* with what is said in relation to the period around: 本月, 上季, 上年同期."""
    back = [word for word in spoken if word.kind == "back"]
    related = [word for word in spoken if word.kind in ("this", "before")]
    result = dated
    if back and dated.year is None:
        result = result._replace(years_back=1)
    if dated.first is None and related:
        length = next((unit for unit in "月季" if unit in related[0].text), "期")
        result = result._replace(relative=_RELATIVES[related[0].kind, length])
    if dated.first is None and back and back[0].text.endswith(("同月", "同季")):
        result = result._replace(relative=_RELATIVES["this", back[0].text[-1]], basis="single")
    return result


def _with_basis(dated: Said, spoken: tuple[Word, ...]) -> Said:
    """*dated* with its basis, and with the months that 累计 and 年末 imply."""
    kinds = {word.kind for word in spoken}
    result = _ended(dated, spoken)
    if "part" in kinds:
        result = result._replace(part=next(word.text for word in spoken if word.kind == "part"))
    if "cumulative" in kinds:
        return _cumulative(result, spoken)
    if "opening" in kinds:
        return result._replace(part="年初", basis=None)
    alone = any(word.kind in ("this", "before") and not {"月", "季"}.isdisjoint(word.text) for word in spoken)
    if result.basis is None and (alone or "single" in kinds):
        return result._replace(basis="single")
    return result


def _cumulative(dated: Said, spoken: tuple[Word, ...]) -> Said:
    """*dated* under the word 累计; 当月累计 and 开工以来累计 are running totals that no basis names."""
    if any(word.kind == "since_start" for word in spoken):
        return dated._replace(basis=None, part="以来")
    if any(
        a.kind == "this" and a.text[0] == "当" and a.text[1] in "月季" and b.start == a.end for a, b in pairwise(spoken)
    ):
        return dated._replace(basis=None)
    relative = dated.relative if dated.relative[:1] == "上" else ""
    return dated._replace(first=1, basis="cumulative", relative=relative)


def _ended(dated: Said, spoken: tuple[Word, ...]) -> Said:
    """*dated* as a point in time if it says 末, 底, 期末, or gives a day that closes a month."""
    result = dated
    for before, word in zip((None, *spoken), spoken, strict=False):
        if word.kind not in ("end", "ending"):
            continue
        result = result._replace(basis="point")
        length = before.text if before and word.kind == "end" else word.text
        if result.last is None and "年" in length:
            result = result._replace(first=1, last=12, in_months=False, relative="")
        elif result.first is None and word.kind == "ending" and length[0] in "月季":
            result = result._replace(relative=_RELATIVES["this", length[0]])
    if result.day and result.last:
        closing = monthrange(result.year or 2024, result.last)[1]
        if result.day == closing or any(word.kind == "as_of" for word in spoken):
            return result._replace(basis="point")
    return result
