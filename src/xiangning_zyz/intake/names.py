"""Names as sheets write them, found in the plan: exactly, then by declared alias, else a suggestion (CONTRACT §6).

Labels are compared without what a sheet adds to a name: blanks, marks, numbering, 其中, a bracketed unit.
"""

import re
from collections.abc import Iterable
from math import ceil
from typing import Literal, NamedTuple

from xiangning_zyz.intake.units import without_unit
from xiangning_zyz.intake.widths import squeezed
from xiangning_zyz.plan import Plan, Task

Kind = Literal["indicator", "segment", "department", "task", "project"]


class Found(NamedTuple):
    """The id of the item named."""

    id: str


class NotFound(NamedTuple):
    """No item has that name; `suggestion` is the name of the nearest one, if one is near. It is never taken."""

    suggestion: str | None


class _Spelling(NamedTuple):
    id: str
    name: str  # what people call the item


# Different things, whatever their letters share (domain: 产值 is no 营业收入, a 签约 firm has not moved in).
# Each row holds alternatives; a label with one of them is no near miss of a label with another.
_DIFFERENT = (
    (("产值",), ("营业收入", "营收", "业务收入", "销售收入", "销售额"), ("增加值",), ("利润",), ("税",)),
    (("企业",), ("市场主体",), ("个体",), ("合作社",)),
    (("签约",), ("入驻",), ("投产",), ("退出",)),
    (("常住",), ("户籍",)),
    (("一产", "第一产业"), ("二产", "第二产业"), ("三产", "第三产业")),
)
_DERIVED = (
    "增速",
    "增长",
    "增幅",
    "增减",
    "同比",
    "环比",
    "占比",
    "比重",
    "比例",
    "完成率",
    "进度",
    "计划",
    "目标",
    "任务",
)
_REMEMBERED = 10_000  # labels; a sheet of 100,000 unknown ones must not fill the memory
_LONGEST = 100  # characters; what is longer is a sentence and no name
_LONGEST_LABEL = 4 * _LONGEST  # with numbering, quotes and blanks
_NEAR = 0.6  # share of a label's characters that a suggestion has, in order

_QUOTES = str.maketrans("", "", "“”‘’\"'「」『』《》`´")
_CHINESE = "一二三四五六七八九十百"
_NUMBERING = re.compile(
    rf"(?:\(?(?:[0-9]{{1,3}}|[{_CHINESE}]{{1,4}}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])(?:[)、]|\.(?![0-9]))|[0-9]{{1,3}}●|[①-⑳])"
)
_AROUND = "★☆●○◆◇■□▲△※*#:;,.、。|-—"
_SEAL = re.compile(r"\((?:盖章|公章|签章|章)\)")
_ORDINALS = {
    f"{tens}{ones}": 10 * ten + one
    for ten, tens in enumerate(("", "十", "二十", "三十"))
    for one, ones in enumerate(("", *"一二三四五六七八九"))
    if ten or one
}
_NUMBER = re.compile(rf"第?\(?(?:0?(?P<digits>[1-9][0-9]?)|(?P<spelt>[{_CHINESE}]{{1,3}}))\)?项?[、.]?")


def normalised(label: str) -> str:
    """A label reduced to what names compare by; doing it twice changes nothing.

    `  #紫砂陶 `, `其中：紫砂陶`, `1.紫 砂 陶` → 紫砂陶; `产值（亿元）` → 产值.
    """
    text = squeezed(label).translate(_QUOTES).casefold()
    while len(text) <= _LONGEST:
        shorter = _SEAL.sub("", without_unit(text)).strip(_AROUND).removeprefix("其中")
        numbering = _NUMBERING.match(shorter)
        shorter = shorter[numbering.end() :] if numbering else shorter
        if shorter == text:
            break
        text = shorter
    return text


class Names:
    """An index of a plan's names and aliases."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._spellings: dict[Kind, dict[str, _Spelling]] = {
            "indicator": _index((item.id, item.name, item.aliases) for item in plan.indicators),
            "segment": _index((item.id, item.name, item.aliases) for item in plan.segments),
            "department": _index((item.id, item.id, (item.full_name, *item.aliases)) for item in plan.departments),
            "task": _index((item.id, item.title, ()) for item in plan.tasks),
            "project": _index((item.id, item.name, item.aliases) for item in plan.projects),
        }
        self._known: dict[tuple[Kind, str], str | None] = {}
        self._suggested: dict[tuple[Kind, str], str | None] = {}

    def find(self, kind: Kind, text: str, *, numbered: bool = False) -> Found | NotFound:
        """The item of *kind* that *text* names.

        A task is also named by its id or clause (T01, 二（一）), alone or before its title; where *numbered*,
        in a column of task numbers, by its number alone (（一）, 一, 1) among the key tasks.
        """
        if (
            kind == "task"
            and len(text) <= _LONGEST_LABEL
            and (task := self._numbered_task(squeezed(text), bare=numbered))
        ):
            return Found(task.id)
        found = self.named(kind, text)
        return NotFound(self._suggestion(kind, text)) if found is None else Found(found)

    def named(self, kind: Kind, text: str) -> str | None:
        """The id of the item of *kind* that bears the name *text*."""
        if len(text) > _LONGEST_LABEL:
            return None
        if (kind, text) not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._spellings[kind]
            named = (known[spelling].id for spelling in _spellings(kind, text) if spelling in known)
            self._known[kind, text] = next(named, None)
        return self._known[kind, text]

    def _suggestion(self, kind: Kind, text: str) -> str | None:
        if len(text) > _LONGEST_LABEL:
            return None
        if (kind, text) not in self._suggested:
            if len(self._suggested) >= _REMEMBERED:
                self._suggested.clear()
            self._suggested[kind, text] = _nearest(self._spellings[kind], _spellings(kind, text)[-1])
        return self._suggested[kind, text]

    def _numbered_task(self, text: str, *, bare: bool) -> Task | None:
        for number in (_id, _clause):
            tasks = [task for task in self.plan.tasks if _leads(number(task), text, task.title)]
            if len(tasks) == 1:
                return tasks[0]
        wanted = _ordinal(text) if bare else None
        tasks = [task for task in self.plan.tasks if task.kind == "key" and _ordinal(squeezed(task.no)) == wanted]
        return tasks[0] if wanted and len(tasks) == 1 else None


def _id(task: Task) -> str:
    return task.id


def _clause(task: Task) -> str:
    return squeezed(task.clause)


def _leads(number: str, text: str, title: str) -> bool:
    """Whether *text* is *number*, alone or followed by *title*."""
    if not number or not text.casefold().startswith(number.casefold()):
        return False
    rest = text[len(number) :]
    return not rest or normalised(rest) == normalised(title)


def _ordinal(text: str) -> int | None:
    """（一）, 一、, 1, 01, 第一项 → 1."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return int(match["digits"]) if match["digits"] else _ORDINALS.get(match["spelt"])


def _index(items: Iterable[tuple[str, str, tuple[str, ...]]]) -> dict[str, _Spelling]:
    """Normalised spelling → item; a name wins over another item's alias."""
    listed = list(items)
    index: dict[str, _Spelling] = {}
    for key, name, _ in listed:
        index.setdefault(normalised(name), _Spelling(key, name))
        index.setdefault(key.casefold(), _Spelling(key, name))
    for key, name, aliases in listed:
        for alias in aliases:
            index.setdefault(normalised(alias), _Spelling(key, name))
    return index


def _spellings(kind: Kind, text: str) -> tuple[str, ...]:
    label = normalised(text)
    # 紫砂陶板块: the kind of thing said after its name
    return (label, label.removesuffix("板块")) if kind == "segment" else (label,)


def _nearest(known: dict[str, _Spelling], key: str) -> str | None:
    """The name of the item one of whose spellings shares most of *key*, in order.

    The longest common subsequence over the label's length found the right one of 25 office
    abbreviations (发改局 → 市发展和改革委员会) where ratio found 23; but it is no proof.
    """
    if not 2 <= len(key) <= _LONGEST:
        return None
    # Imported here: most sheets hold no unknown name.
    from rapidfuzz.distance import LCSseq
    from rapidfuzz.process import extract

    near = extract(key, known.keys(), scorer=LCSseq.similarity, score_cutoff=ceil(_NEAR * len(key)), limit=None)
    alike = [(-score, len(spelling), spelling) for spelling, score, _ in near if not _differ(key, spelling)]
    return known[min(alike)[2]].name if alike else None


def _differ(label: str, other: str) -> bool:
    """Whether two labels name things that must not stand for each other."""
    for alternatives in _DIFFERENT:
        ones, others = ({words for words in alternatives if any(w in text for w in words)} for text in (label, other))
        if ones and others and not ones & others:
            return True
    return any(word in label and word not in other for word in _DERIVED)
