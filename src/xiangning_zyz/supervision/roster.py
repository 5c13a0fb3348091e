"""The enterprise roster (企业名录): each firm once, whoever lists it, with who said what of it.

The same firm is listed by several departments (domain.md E9); its 统一社会信用代码 tells that it is one. Of
each department the last word of a period counts, of all periods the latest. Where departments disagree
the furthest state stands (a firm that one of them saw produce has moved in) and the disagreement is
shown. 签约 is not 入驻. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from xiangning_zyz.analysis.series import Figure, Series
from xiangning_zyz.fact import Record, Recorded
from xiangning_zyz.period import Period

Word = Recorded[Record]
State = Literal["投产", "入驻", "签约", "退出"]

FIGURE = "enterprises"  # CONTRACT §6 names the indicator that the roster is held against
STATES: tuple[State, ...] = ("投产", "入驻", "签约", "退出")  # the furthest first
HERE: tuple[State, ...] = ("投产", "入驻")  # a firm in production has moved in; one that only signed has not
# Tier → the field of a column of its own, where one asks 是否规上 and the like (`intake/facts/forms.py`).
TIERS: Mapping[str, str] = {
    "规上": "above_scale",
    "专精特新": "specialised",
    "小巨人": "little_giant",
    "龙头": "leading",
}
_SINCE: Mapping[State, str] = {"投产": "in_production", "入驻": "moved_in", "签约": "signed", "退出": "left"}
_YES = re.compile("是|√|✓")
_CONTRARY = re.compile("[非不未]")


class Firm(NamedTuple):
    """One firm as it stands."""

    code: str  # 统一社会信用代码
    name: str
    segment: str  # id; empty: none stated
    state: State | None
    since: str  # the day or month of that state, as ISO; empty: not stated
    tiers: tuple[str, ...]  # of TIERS
    departments: tuple[str, ...]  # whoever has listed it, each once
    disagreement: str  # Chinese: who says what in the latest period; empty: they agree
    words: tuple[Word, ...]  # its history, by period

    @property
    def here(self) -> bool:
        """Whether it counts as moved in (入驻)."""
        return self.state in HERE


class Count(NamedTuple):
    """The roster held against a reported figure at the end of that figure's month."""

    segment: str | None  # None: the whole
    month: Period
    listed: int  # firms of the roster that are here
    figure: Figure


def firms_of(records: Iterable[Word], until: Period) -> tuple[Firm, ...]:
    """Every firm listed for a period up to *until*, by segment, name and code."""
    words: dict[str, list[Word]] = {}
    for each in sorted(records, key=lambda each: (each.what.period.ordinal, each.import_id)):
        if each.what.kind == "enterprise" and each.what.period.ordinal <= until.ordinal:
            words.setdefault(each.what.subject, []).append(each)
    firms = (_firm(code, said) for code, said in words.items())
    return tuple(sorted(firms, key=lambda firm: (firm.segment, firm.name, firm.code)))


def counts(records: Sequence[Word], reported: Mapping[str | None, Series]) -> tuple[Count, ...]:
    """The roster against the latest figure of each series in *reported*, by segment (None: the whole).

    Left out where no figure counts, or no roster reaches back to its month.
    """
    found = []
    for segment, series in reported.items():
        figure = series.figures.get(series.latest) if series.latest is not None else None
        firms = firms_of(records, figure.month) if figure else ()
        if figure and firms:
            listed = sum(firm.here and segment in (None, firm.segment) for firm in firms)
            found.append(Count(segment, figure.month, listed, figure))
    return tuple(found)


def _firm(code: str, words: Sequence[Word]) -> Firm:
    latest = {each.what.department: each.what for each in words if each.what.period == words[-1].what.period}
    states = {department: _state(record) for department, record in latest.items()}
    state = min((each for each in states.values() if each), key=STATES.index, default=None)
    telling = next(record for department, record in latest.items() if states[department] == state)
    said = dict(telling.fields)
    disagree = len(set(states.values())) > 1
    return Firm(
        code=code,
        name=said.get("name", ""),
        segment=said.get("segment", ""),
        state=state,
        since=said.get(_SINCE[state], "") if state else "",
        tiers=tuple(tier for tier in TIERS if any(_is(record, tier) for record in latest.values())),
        departments=tuple(dict.fromkeys(each.what.department for each in words)),
        disagreement="、".join(f"{who}报{each or '未写状态'}" for who, each in states.items()) if disagree else "",
        words=tuple(words),
    )


def _state(record: Record) -> State | None:
    said = dict(record.fields).get("state", "")
    return next((state for state in STATES if state == said), None)


def _is(record: Record, tier: str) -> bool:
    """Whether a sheet puts the firm in that tier: in a column of tiers, or by 是 in a column of its own."""
    said = dict(record.fields)
    if _YES.fullmatch(said.get(TIERS[tier], "").strip()):
        return True
    before, found, _ = said.get("tier", "").replace("规模以上", "规上").partition(tier)
    return bool(found) and not _CONTRARY.fullmatch(before[-1:])
