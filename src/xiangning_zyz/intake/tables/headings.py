"""Where a table's heading is: one to eight lines of words over a body, told apart by what stands beneath.

Merges decide first (a heading ends where its vertical merges end, a group needs a level beneath it);
then the values: words over value columns still belong to the heading, words beside them do not.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from xiangning_zyz.intake.grid import GridCell, Span
from xiangning_zyz.intake.numerals import Number, read_number
from xiangning_zyz.intake.tables.form_lines import is_named_line, is_note
from xiangning_zyz.intake.tables.lines import Line, Merges, holds_values, label_text, sort_of
from xiangning_zyz.intake.units import normal_unit, unit_in

_DEEPEST = 8  # lines; real ones reach five
_AHEAD = 60  # lines looked through for the first values: section heads may come before them
_LONGEST_HEAD = 30
_LONGEST_UNIT = 5
_PROBED = 5  # value lines that tell which columns hold values

_UNIT_HEADS = ("单位", "计量单位")
_COLON = re.compile("[:：]")
_LETTERS = frozenset("甲乙丙丁戊己庚辛壬癸") | {"栏次", "列次", "行次", "栏号", "栏目", "序号"}
_NUMBERED = re.compile(r"[（(]?([0-9]{1,3})[）)]?(?:栏?[=＝].*)?")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SERIAL_HEAD = re.compile(r"序号?|序列号?|编号|行次|行号|项次|顺序号?|№|NO\.?|代码|代号|编码", re.IGNORECASE)
_SERIAL = re.compile(r"[（(]?(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})[）)、.．●]?")
_HEAD_WORD = re.compile(
    r"序号|编号|代码|名称|指标|项目|地区|区域|县别|单位|部门|企业|内容|备注|说明|时间|日期|年度|月份|任务|事项|情况"
    r"|责任|牵头|问题|措施|进度|进展|数量|数[值据]|个数|人数|户数|金额|投资|产值|产量|面积|合计|总计|小计|总数|本月|本年|累计"
    r"|同比|环比|增[速长减幅]|比重|占比|年|月|季|旬|类别|分类|类型|性质|规模|地址|地点|电话|联系人|状态|板块|计划|完成"
    r"|目标|实绩|规格|型号|价格|领导|期限|时限|结果|%|％|率$|额$|数$|量$"
)


class Heading(NamedTuple):
    """The heading of a table within the lines of its region."""

    first: int  # position of its first line
    body: int  # position of the first body line
    levels: tuple[Line, ...]  # label lines
    units: Line | None  # a line of bare units under them


def heading_at(lines: tuple[Line, ...], at: int, merges: Merges) -> Heading | None:
    """The heading that begins at a line, if one does."""
    line = lines[at]
    if is_named_line(line) or is_note(line) or (holds_values(line) and not is_period_line(line)):
        return None
    if len(line.cells) == 1 and not _stands_beside(lines, at, merges):
        return _group_above(lines, at, merges) or _lone_head(lines, at)
    last = _merged_down(lines, at, merges)
    if last is None:
        return None
    heading = _grown(lines, at, last)
    return heading if _fits(lines, heading, merges) else None


def looks_like_heading(line: Line) -> bool:
    """Whether most cells are short and in the words of column heads."""
    return 2 * sum(names_something(cell) for cell in line.cells) >= len(line.cells)


def names_something(cell: GridCell) -> bool:
    """Whether a cell is short and in the words of column heads: a name that asks for a value."""
    text = label_text(cell.text)
    return len(text) <= _LONGEST_HEAD and sort_of(cell) != "rough" and bool(_HEAD_WORD.search(text) or unit_in(text))


def is_number_line(line: Line) -> bool:
    """Whether a line numbers the columns: 甲 乙 1 2 5 6, or 1 2 3 … throughout."""
    letters = 0
    numbers: list[int] = []
    for cell in line.cells:
        text = label_text(cell.text)
        numbered = _NUMBERED.fullmatch(text)
        if numbered:
            numbers.append(int(numbered[1]))
        elif len(text) == 1 and text in _CIRCLED:
            numbers.append(_CIRCLED.index(text) + 1)
        elif _is_letter(text):
            letters += 1
        else:
            return False
    if letters:
        return bool(numbers) and numbers[0] <= 10 and all(a < b for a, b in pairwise(numbers))
    return len(numbers) > 2 and numbers[0] <= 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def may_number_columns(cell: GridCell) -> bool:
    """Whether a cell may belong to a line of column numbers: 甲, A, 栏次, 1, ①."""
    text = label_text(cell.text)
    return _is_letter(text) or text in _CIRCLED or bool(_NUMBERED.fullmatch(text))


def _is_letter(text: str) -> bool:
    return text in _LETTERS or (len(text) == 1 and "A" <= text <= "Z")


def is_period_line(line: Line) -> bool:
    """Whether the numbers of a line are years in a row: 2005 | 2006 | 2007."""
    years = [_year(cell) for cell, sort in zip(line.cells, line.sorts, strict=True) if sort == "number"]
    if not years or None in years:
        return False
    steps = {(b or 0) - (a or 0) for a, b in pairwise(years)}
    return len(steps) == 1 and 0 not in steps if len(years) > 1 else len(line.cells) > 1 and _names_column(line)


def is_pairs(line: Line) -> bool:
    """Whether a line is made of names with their values behind: 总投资（万元） | 10 | 已完成（万元） | 4."""
    pairs = 0
    for before, sort in zip(line.cells, line.sorts[1:], strict=False):
        if sort != "number":
            continue
        if not _is_name(before) or not (unit_in(before.text) or label_text(before.text).endswith(("：", ":"))):
            return False
        pairs += 1
    return pairs > 1


def _is_name(cell: GridCell) -> bool:
    """Whether a cell may name the number behind it: words, but more than a unit (产值 | 亿元 | 4.3)."""
    return sort_of(cell) == "words" and normal_unit(cell.text) is None


def _year(cell: GridCell) -> int | None:
    number = cell.number
    if number is None and cell.kind == "text":
        read = read_number(cell.text)
        number = read.value if isinstance(read, Number) and not read.unit else None
    if number is None or number != number.to_integral_value():
        return None
    return int(number) if 1949 <= number <= 2100 else None


def _names_column(line: Line) -> bool:
    first = line.cells[0]
    return sort_of(first) == "words" and bool(_HEAD_WORD.search(label_text(first.text)))


def _merged_down(lines: tuple[Line, ...], at: int, merges: Merges) -> int | None:
    """The position of the last line that merges tie to the one at *at*; None when they reach too far."""
    last, bottom = at, lines[at].row
    while True:
        spans = [merges.span(cell) for cell in lines[last].cells]
        bottom = max(bottom, *(span.bottom for span in spans))
        if bottom - lines[at].row >= _DEEPEST:
            return None
        if last + 1 == len(lines):
            return last
        below = lines[last + 1]
        if below.row > bottom and not (below.row == bottom + 1 and _divides(below, spans, merges)):
            return last
        if holds_values(below) and below.row > bottom:
            return last
        last += 1


def has_groups(lines: tuple[Line, ...], at: int, merges: Merges) -> bool:
    """Whether words of a line are merged over columns that the next line names."""
    spans = [merges.span(cell) for cell in lines[at].cells]
    return at + 1 < len(lines) and _divides(lines[at + 1], spans, merges)


def _divides(below: Line, spans: list[Span], merges: Merges) -> bool:
    """Whether a line names the parts of a group above it."""
    if holds_values(below):
        return False
    for group in spans:
        if group.right == group.left:
            continue
        parts = [merges.span(cell) for cell in below.cells if group.left <= cell.col <= group.right]
        if len(parts) > 1 or any(part.left > group.left for part in parts):
            return True
    return False


def _grown(lines: tuple[Line, ...], at: int, last: int) -> Heading:
    """The heading from *at* to *last*, with the lines below that still belong to it."""
    merged = lines[at + 1 : last + 1]
    levels = [lines[at], *(line for line in merged if not (is_number_line(line) or is_unit_line(line)))]
    units = next((line for line in merged if is_unit_line(line)), None)
    values: frozenset[int] | None = None
    numbered = False
    body = last + 1
    for position in range(last + 1, min(len(lines), at + _DEEPEST + 3)):
        line = lines[position]
        if is_number_line(line):
            numbered, body = True, position + 1
            continue
        if is_unit_line(line) and units is None and line.cells[-1].col > levels[0].cells[0].col:
            units, body = line, position + 1
            continue
        if numbered:
            break
        if values is None:
            values = _value_columns(lines, position, levels)
        if line.row - lines[position - 1].row > 1 or not _extends(line, values, levels):
            break
        levels.append(line)
        body = position + 1
    return Heading(at, body, tuple(levels), units)


def is_unit_line(line: Line) -> bool:
    """Whether a line holds bare units, under a first cell that may say 计量单位; a few may be unheard of."""
    rest = line.cells[1:] if label_text(line.cells[0].text) in _UNIT_HEADS else line.cells
    units = sum(cell.kind == "text" and normal_unit(cell.text) is not None for cell in rest)
    brief = all(cell.kind == "text" and len(label_text(cell.text)) <= _LONGEST_UNIT for cell in rest)
    return units > 0 and brief and 3 * units > 2 * len(rest)


def _extends(line: Line, values: frozenset[int], levels: list[Line]) -> bool:
    if is_named_line(line) or is_note(line) or any(sort_of(cell) in ("number", "date") for cell in line.cells):
        return False
    if _is_entry(line, levels):
        return False
    first = line.cells[0]
    leftmost = min(cell.col for level in levels for cell in level.cells)
    if first.col <= leftmost and (len(line.cells) == 1 or _SERIAL.fullmatch(label_text(first.text))):
        return False
    return any(cell.col in values for cell in line.cells)


def _is_entry(line: Line, levels: list[Line]) -> bool:
    """Whether a line without a number is an entry already.

    A unit stands under the head 单位, or a rough figure (约4.5) beside a name that is no column head.
    """
    heads = {cell.col: label_text(cell.text) for level in levels for cell in level.cells}
    units = any(heads.get(cell.col) in _UNIT_HEADS and normal_unit(cell.text) for cell in line.cells)
    first = line.cells[0]
    named = first.col in heads and sort_of(first) == "words" and not names_something(first)
    return units or (named and any(sort_of(cell) == "rough" for cell in line.cells))


def _value_columns(lines: tuple[Line, ...], start: int, levels: list[Line]) -> frozenset[int]:
    """The columns that hold values in the first value lines from *start* on, serial numbers apart."""
    serial = {c.col for level in levels for c in level.cells if _SERIAL_HEAD.fullmatch(label_text(c.text))}
    columns: set[int] = set()
    probed = 0
    for line in lines[start : start + _AHEAD]:
        if probed == _PROBED or (_COLON.search(line.cells[0].text) and is_named_line(line, known=True)):
            break
        found = {cell.col for cell, sort in zip(line.cells, line.sorts, strict=True) if sort == "number"} - serial
        probed += bool(found)
        columns |= found
    return frozenset(columns)


def _fits(lines: tuple[Line, ...], heading: Heading, merges: Merges) -> bool:
    """Whether what stands below stands under the heading."""
    values = _value_columns(lines, heading.body, list(heading.levels))
    if not values:
        return _heads_words(lines, heading)
    headed = columns_under([cell for level in heading.levels for cell in level.cells], merges, max(values))
    first = next(line for line in lines[heading.body : heading.body + _AHEAD] if _under(line, values))
    answers = is_pairs(first) or _names_beside(first, heading.levels[-1])
    if 2 * len(values & headed) >= len(values) and not answers and not _straddles(first, heading, merges):
        return True
    below = lines[heading.body]
    return first.row > below.row and len(below.cells) > 1 and _heads_words(lines, heading)


def _names_beside(line: Line, level: Line) -> bool:
    """Whether the numbers of a line are named on their left (总投资（万元） | 300), not by the line above."""
    over = {cell.col: cell for cell in level.cells}
    numbers = [(before, cell) for before, cell in pairwise(line.cells) if sort_of(cell) == "number"]
    return len(numbers) > 0 and all(
        _is_name(before) and unit_in(before.text) and cell.col in over and not names_something(over[cell.col])
        for before, cell in numbers
    )


def columns_under(cells: Iterable[GridCell], merges: Merges, last: int) -> set[int]:
    """The columns that some cells stand over, up to the *last* one of interest."""
    spans = map(merges.span, cells)
    return {col for span in spans for col in range(span.left, min(span.right, last) + 1)}


def _under(line: Line, values: frozenset[int]) -> bool:
    return any(cell.col in values and sort_of(cell) == "number" for cell in line.cells)


def _straddles(line: Line, heading: Heading, merges: Merges) -> bool:
    """Whether merged cells of a line cut across those of the heading: then they do not belong together."""
    heads = _wide(heading.levels[-1], merges)
    lefts = [head.left for head in heads]
    for span in _wide(line, merges):
        for edge in (span.left, span.right):
            position = bisect_right(lefts, edge) - 1
            head = heads[position] if position >= 0 else span
            if head.left < span.left <= head.right < span.right or span.left < head.left <= span.right < head.right:
                return True
    return False


def _wide(line: Line, merges: Merges) -> list[Span]:
    return [span for cell in line.cells if (span := merges.span(cell)).right > span.left]


def _heads_words(lines: tuple[Line, ...], heading: Heading) -> bool:
    """Whether a table of words only begins here: a roster, a ledger, or a form not filled in."""
    heads = [cell for level in heading.levels for cell in level.cells]
    likely = looks_like_heading(heading.levels[0]) and looks_like_heading(heading.levels[-1])
    if any(sort_of(cell) == "rough" for cell in heads):
        return False
    if heading.body == len(lines):
        return likely
    below = lines[heading.body]
    if below.row - heading.levels[-1].row > 3 or is_named_line(below):
        return False
    if likely:
        wide = max(len(level.cells) for level in heading.levels) > 2 or len(below.cells) > 1
        return wide or all(names_something(cell) for cell in heads)
    return _is_rectangle(lines[heading.body - 1 : heading.body + 3])


def _is_rectangle(lines: tuple[Line, ...]) -> bool:
    """Whether lines fill the same three or more columns with short words, the first with distinct ones."""
    columns = [cell.col for cell in lines[0].cells]
    texts = {label_text(cell.text) for line in lines for cell in line.cells}
    filled = all([cell.col for cell in line.cells] == columns for line in lines)
    return len(lines) > 3 and len(columns) > 2 and filled and all(len(text) <= 20 for text in texts)


def _stands_beside(lines: tuple[Line, ...], at: int, merges: Merges) -> bool:
    """Whether the only cell of a line is a head merged down beside those of the next: PMI, then 生产 | 新订单."""
    head = merges.span(lines[at].cells[0])
    return head.left == head.right and at + 1 < len(lines) and lines[at + 1].row <= head.bottom


def _group_above(lines: tuple[Line, ...], at: int, merges: Merges) -> Heading | None:
    """A heading whose first line is a single group: `2024年` merged over all value columns."""
    group = merges.span(lines[at].cells[0])
    if group.left == group.right or at + 1 == len(lines):
        return None
    below = lines[at + 1]
    if below.row != group.bottom + 1 or len(below.cells) < 2:
        return None
    inner = heading_at(lines, at + 1, merges)
    if inner is None:
        return None
    spans = [merges.span(cell) for cell in inner.levels[0].cells]
    if group.left <= min(span.left for span in spans) or len(label_text(lines[at].cells[0].text)) > 16:
        return None
    nested = all((group.left <= s.left and s.right <= group.right) or s.right < group.left for s in spans)
    return inner._replace(first=at, levels=(lines[at], *inner.levels)) if nested else None


def _lone_head(lines: tuple[Line, ...], at: int) -> Heading | None:
    """A heading of one cell, over the one value column behind a column of names."""
    head = lines[at].cells[0]
    if at + 1 == len(lines) or len(label_text(head.text)) > 20:
        return None
    below = lines[at + 1]
    if below.row != lines[at].row + 1 or len(below.cells) < 2 or below.cells[0].col >= head.col:
        return None
    fits = any(cell.col == head.col and sort_of(cell) == "number" for cell in below.cells)
    return Heading(at, at + 1, (lines[at],), None) if fits and sort_of(below.cells[0]) == "words" else None
