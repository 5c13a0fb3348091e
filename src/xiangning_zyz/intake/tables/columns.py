"""What each column is for: names of rows, numbers, words, serial numbers, codes, units."""

import re
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from xiangning_zyz.intake.grid import GridCell
from xiangning_zyz.intake.period_words import folded
from xiangning_zyz.intake.tables.lines import Line, Sort, label_text
from xiangning_zyz.intake.tables.model import Role, Unit
from xiangning_zyz.intake.tables.stated_periods import beside_period
from xiangning_zyz.intake.units import normal_unit

_PROBED = 400  # body lines that decide; a long body is probed evenly

_SERIAL_HEAD = re.compile(r"序号?|序列号?|行次|行号|项次|顺序号?|№|NO\.?", re.IGNORECASE)
_CODE_HEAD = re.compile(
    r".*(?:代码|代号|编码|编号|区划码|信用代码|注册号|邮编|邮政编码|电话|手机|传真|身份证号?|账号|卡号|文号|批文)(?:[（(].*)?"
)
_UNIT_HEAD = re.compile(r"(?:计量|数量|金额|计价)?单\s*位")
_PERIOD_HEAD = re.compile(r"年份?|年度|月份?|季度|时间|日期|年月|期别|报告期|统计(?:时间|期)|时期")
_DATED_HEAD = re.compile(r"时间|日期|年限|期限|时限")
_NAME_HEAD = re.compile(
    r".*(?:名称|指标|项目|地区|区域|县[市别区]?|市[州县区]|乡镇|街道|企业|品种|产品|任务|事项|类别|分组|行业|科目|门店|品名)"
    r"(?:名称)?(?:[（(].*)?"
)
_WORDS_HEAD = re.compile(
    r".*(?:备注|说明|内容|规模|年限|时间|日期|期限|时限|地址|地点|联系|责任|领导|业主|牵头|性质|进展|形象|问题|措施"
    r"|打算|计划安排|情况|原因|建议|单位|部门|状态|阶段|方式|来源|依据|负责人|填报人|审核人)(?:[（(].*)?"
)
_FIGURE_REST = re.compile(r"(?:实绩|实际|完成|计划|累计|合计|小计)?[数值额]?")
_BRACKETS = re.compile(r"\([^()]*\)")
_LONGEST_EXCUSE = 8  # characters of words where a number is due: 待定, 未统计
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_CODE = re.compile(r"0[0-9]+|[0-9]{15}|(?=.*[A-Z])(?=.*[0-9])[0-9A-Z-]{4,}|[0-9]{17}[0-9X]")


class _Asks(NamedTuple):
    """What a head says its column holds, as far as its words alone tell."""

    serial: bool
    unit: bool
    code: bool
    period: bool
    name: bool
    words: bool
    dated: bool


class Tally(NamedTuple):
    """What stands in a column of a body, counted over the probed lines."""

    numbers: int
    rough: int
    marks: int
    words: int
    dates: int
    texts: tuple[str, ...]  # distinct, without white space, as they come
    cells: tuple[GridCell, ...]

    @property
    def large(self) -> int:
        """How many are numbers of a thousand and more, which no rate is."""
        return sum(cell.number is not None and abs(cell.number) >= 1000 for cell in self.cells)


_EMPTY = Tally(0, 0, 0, 0, 0, (), ())


def probed(body: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines that stand for a body: all of a short one, an even sample of a long one."""
    if len(body) <= _PROBED:
        return body
    step = len(body) // (_PROBED // 2)
    return body[: _PROBED // 2] + body[_PROBED // 2 :: step]


def tallies_of(body: tuple[Line, ...]) -> dict[int, Tally]:
    """What stands in each column."""
    by_column: dict[int, tuple[list[GridCell], list[Sort]]] = defaultdict(lambda: ([], []))
    for line in body:
        for cell, sort in zip(line.cells, line.sorts, strict=True):
            cells, sorts = by_column[cell.col]
            cells.append(cell)
            sorts.append(sort)
    return {col: _tally(cells, sorts) for col, (cells, sorts) in by_column.items()}


def _tally(cells: list[GridCell], sorts: list[Sort]) -> Tally:
    # A number as the reader spells it has no white space.
    texts = [cell.text if cell.kind == "number" else label_text(cell.text) for cell in cells]
    return Tally(
        sorts.count("number"),
        sorts.count("rough"),
        sorts.count("mark"),
        sorts.count("words"),
        sorts.count("date"),
        tuple(dict.fromkeys(texts)),
        tuple(cells),
    )


def roles_of(
    heads: dict[int, tuple[str, ...]], tallies: dict[int, Tally], *, stated: frozenset[int]
) -> dict[int, Role]:
    """The role of every column that has a head or a body; *stated*: columns whose head states a unit.

    No column is `label` yet: which columns name the rows is decided together (`label_columns`).
    """
    filled = {col: tallies.get(col, _EMPTY) for col in heads}
    roles = {col: _role(labels[-1] if labels else "", filled[col], col in stated) for col, labels in heads.items()}
    first = min(roles)
    if roles[first] == "number" and not heads[first]:
        roles[first] = "serial" if _counts_up(filled[first]) else "text" if _are_years(filled[first]) else "number"
    leading = next((col for col in roles if roles[col] in ("number", "text")), first)
    if filled[leading].words and not filled[leading].numbers:
        roles[leading] = "text"  # names under a head that slipped: 1-9月(亿元) over the regions
    return roles


def misplaced(role: Role, unit: Unit | None, tally: Tally | None) -> str:
    """What in a column speaks against its head; '' when nothing does. Heads slip when columns are inserted."""
    if unit is None or tally is None:
        return ""
    if role in ("text", "label") and tally.words:
        return "表头写有单位，内容是文字"
    if unit.name == "%" and 2 * tally.large > tally.numbers:
        return "表头单位是%，数值却过大"
    return ""


def _role(head: str, tally: Tally, states_unit: bool) -> Role:
    asks = _asks(head)
    if asks.serial:
        return "serial"
    if asks.unit and (head.startswith("计量") or _mostly(normal_unit, tally.texts)):
        return "unit"
    if (asks.code and not states_unit) or _are_codes(tally.texts):
        return "code"
    if asks.period:
        return "text"
    return "number" if _is_numeric(head, tally, states_unit) else "text"


@lru_cache(maxsize=1024)
def _asks(head: str) -> _Asks:
    return _Asks(
        serial=bool(_SERIAL_HEAD.fullmatch(head)),
        unit=bool(_UNIT_HEAD.fullmatch(head)),
        code=bool(_CODE_HEAD.fullmatch(head)),
        period=bool(_PERIOD_HEAD.fullmatch(head)),
        name=bool(_NAME_HEAD.fullmatch(head)),
        words=bool(_WORDS_HEAD.fullmatch(head)),
        dated=bool(_DATED_HEAD.search(head)),
    )


def _is_numeric(head: str, tally: Tally, states_unit: bool) -> bool:
    figures = tally.numbers + tally.rough
    others = tally.words + tally.dates
    if figures == 0:
        due = states_unit or _asks_for_figures(head)
        if others == 0:
            return due or (tally.marks > 0 and not _asks(head).words)
        return due and not tally.dates and all(len(text) <= _LONGEST_EXCUSE for text in tally.texts)
    if _asks(head).words and not states_unit:
        return figures >= 4 * others and not _asks(head).dated
    return 2 * figures >= others


def _asks_for_figures(head: str) -> bool:
    """Whether a head is a period or 累计 and little else: 期末数（2024年6月末）, but not 本月有无变化."""
    rest = beside_period(head)
    return rest != folded(head) and bool(_FIGURE_REST.fullmatch(_BRACKETS.sub("", rest)))


def _counts_up(tally: Tally) -> bool:
    """Whether a column without head numbers the rows."""
    ordinals = [text for text in tally.texts if text.isdigit()]
    return len(ordinals) == len(tally.texts) and ordinals[:2] in (["1", "2"], ["1"])


def _are_years(tally: Tally) -> bool:
    return all(_YEAR.fullmatch(text) for text in tally.texts)


def _are_codes(texts: tuple[str, ...]) -> bool:
    possible = tuple(text for text in texts if "." not in text)  # a decimal is no code, and most figures are decimals
    return 2 * len(possible) > len(texts) and 2 * sum(map(bool, map(_CODE.fullmatch, possible))) > len(texts)


def _mostly(holds: Callable[[str], object], texts: tuple[str, ...]) -> bool:
    return bool(texts) and 2 * sum(holds(text) is not None for text in texts) > len(texts)


def label_columns(
    heads: dict[int, tuple[str, ...]], roles: dict[int, Role], keys: Callable[[tuple[int, ...]], int], rows: int
) -> tuple[int, ...]:
    """The columns that name the rows: words left of the first numbers, as many as it takes.

    *keys* counts the distinct names that some columns give to the *rows* probed; a column that is no
    name by its head (责任单位, 备注) joins only while rows are still named alike.
    """
    numbers = [col for col, role in roles.items() if role == "number"]
    words = [col for col, role in roles.items() if role == "text"]
    candidates = [col for col in words if not numbers or col < min(numbers)] or words[:1]
    if not candidates:
        spare = [col for col, role in roles.items() if role in ("code", "serial")]
        return tuple(spare[-1:])
    asked = {col: _asks(heads[col][-1] if heads[col] else "") for col in candidates}
    codes = [col for col, role in roles.items() if role == "code"]
    if codes and not numbers and all(asks.words for asks in asked.values()):
        return tuple(codes[-1:])  # 任务编号 | 进展情况: what is said, and no name
    named = any(asks.name for asks in asked.values())
    chosen: list[int] = []
    for col, asks in asked.items():
        described = asks.words and not asks.name
        if described and (chosen or named) and not asks.period:
            continue
        if asks.name or asks.period or not chosen or keys(tuple(chosen)) < rows:
            chosen.append(col)
    return tuple(chosen)
