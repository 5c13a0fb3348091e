"""Walks down a region and cuts it into blocks: what stands above a table, its heading, body and foot."""

from itertools import pairwise
from typing import NamedTuple

from xiangning_zyz.intake.tables.form_lines import is_foot_line, is_form_number, is_named_line, is_note, is_signature
from xiangning_zyz.intake.tables.headings import (
    Heading,
    columns_under,
    has_groups,
    heading_at,
    is_pairs,
    is_period_line,
    looks_like_heading,
)
from xiangning_zyz.intake.tables.lines import Line, Merges, holds_values, label_text, sort_of, words_of

_Lines = tuple[Line, ...]
_LONGEST_ROW_NAME = 40
_SHORTEST_CAPTION = 5
_MOST_BLOCKS = 500  # on a sheet; more is no report, and looking for headings is the dear part
_PROBED = 200  # body lines after which no new value column is looked for


class Block(NamedTuple):
    """The lines of one table, and of what belongs to it."""

    above: _Lines  # titles, captions, named lines
    heading: Heading | None  # None: names stand before their values (a form), or nothing heads the columns
    body: _Lines
    below: _Lines  # notes and signatures


def blocks_in(lines: _Lines, merges: Merges) -> tuple[Block, ...]:
    """The blocks of a region, top to bottom. A block without body is a form not filled in, or words only."""
    blocks: list[Block] = []
    above: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if blocks and not above and _is_foot(line, blocks[-1]):
            blocks[-1] = blocks[-1]._replace(below=(*blocks[-1].below, line))
            at += 1
            continue
        heading = heading_at(lines, at, merges)
        if heading is not None:
            end = _end_of_body(lines, heading, merges, last=len(blocks) >= _MOST_BLOCKS)
        elif holds_values(line) and not is_note(line):
            end = _end_of_form(lines, at, merges)
            names = _first_of_names(above, line.row)
            at -= len(above) - names
            above = above[:names]
        else:
            above.append(line)
            at += 1
            continue
        body = lines[heading.body if heading else at : end]
        blocks.append(Block(tuple(above), heading, body, ()))
        above = []
        at = end
    if above and blocks and all(map(is_foot_line, above)):  # no other table comes that they could belong to
        blocks[-1] = blocks[-1]._replace(below=(*blocks[-1].below, *above))
    elif above:
        blocks.append(Block(tuple(above), None, (), ()))
    return tuple(blocks)


def _is_foot(line: Line, block: Block) -> bool:
    """Whether a line after a body still belongs to it: a note, a signature, a note that runs on."""
    if is_note(line) or is_signature(line):
        return True
    return bool(block.below) and len(line.cells) == 1 and line.row - block.below[-1].row == 1 and _runs_on(line)


def _runs_on(line: Line) -> bool:
    text = line.cells[0].text
    return text[:1].isspace() or text[:1].isdigit() or len(text) > _LONGEST_ROW_NAME


def _end_of_body(lines: _Lines, heading: Heading, merges: Merges, *, last: bool) -> int:
    """The position after the last body line; of the *last* table that is looked for, the end."""
    if last:
        return len(lines)
    values: set[int] = set()
    heads = {label_text(cell.text) for level in heading.levels for cell in level.cells}
    left = min(cell.col for level in heading.levels for cell in level.cells)
    for at in range(heading.body, len(lines)):
        line = lines[at]
        valued = holds_values(line)
        if _ends_body(line, valued=valued):
            return at
        if at > heading.body and _begins_anew(lines, at, heads, values, merges, valued=valued):
            return _with_captions(lines, at, heading.body, merges)
        if not valued:
            if at > heading.body and line.row - lines[at - 1].row > 1 and _stands_apart(line, left):
                return at
            continue
        if is_pairs(line) and (not values or _in_value_column(line, values)):
            return at
        if at - heading.body < _PROBED:
            values.update([cell.col for cell, sort in zip(line.cells, line.sorts, strict=True) if sort == "number"])
    return len(lines)


def _ends_body(line: Line, *, valued: bool) -> bool:
    """Whether a line cannot belong to a body: a note, or names with their values (填报人：…)."""
    may_name = not valued or ":" in line.cells[0].text or "：" in line.cells[0].text
    return is_note(line) or (may_name and is_named_line(line, known=True))


def _in_value_column(line: Line, values: set[int]) -> bool:
    return any(cell.kind == "text" and cell.col in values and sort_of(cell) == "words" for cell in line.cells)


def _stands_apart(line: Line, left: int) -> bool:
    """Whether a lone text after a blank row is no row name of the table above."""
    cell = line.cells[0]
    return len(line.cells) == 1 and (cell.col > left + 1 or len(label_text(cell.text)) > _LONGEST_ROW_NAME)


def _begins_anew(lines: _Lines, at: int, heads: set[str], values: set[int], merges: Merges, *, valued: bool) -> bool:
    """Whether the next table begins at a line inside a body: words over value columns, or the heading again."""
    line, before = lines[at], lines[at - 1]
    apart = line.row - before.row > 1 or len(before.cells) == 1
    if valued:
        return apart and is_period_line(line) and heading_at(lines, at, merges) is not None
    words = words_of(line)
    if len(words) < 2:
        return False
    repeated = sum(label_text(cell.text) in heads for cell in words)
    if 2 * repeated < len(words) or repeated < 2:
        over = values & columns_under(words, merges, max(values, default=0))
        enough = 2 * len(over) >= len(values) if values else apart or has_groups(lines, at, merges)
        if not (enough and looks_like_heading(line)):
            return False
    return heading_at(lines, at, merges) is not None


def _with_captions(lines: _Lines, at: int, body: int, merges: Merges) -> int:
    """The position of the first caption over the heading at *at*, not before the body's second line."""
    first = at
    while first - 1 > body and _is_caption(lines, first - 1, at, merges):
        first -= 1
    return first


def _is_caption(lines: _Lines, position: int, heading: int, merges: Merges) -> bool:
    line = lines[position]
    if is_named_line(line, known=True):
        return True
    if len(line.cells) != 1 or holds_values(line):
        return False
    apart = any(below.row - above.row > 1 for above, below in pairwise(lines[position - 1 : heading]))
    cell = line.cells[0]
    span = merges.span(cell)
    tells = span.right > span.left or len(label_text(cell.text)) >= _SHORTEST_CAPTION
    return apart or (position == heading - 1 and tells) or is_form_number(cell.text)


def _first_of_names(above: list[Line], row: int) -> int:
    """Where, above the first value of a form, its names begin: 项目名称 | 公路 | 业主单位 | 公司."""
    first = len(above)
    for position in range(len(above) - 1, -1, -1):
        line = above[position]
        if row - line.row > 1 or is_named_line(line):
            break
        row = line.row
        if len(line.cells) > 1:
            first = position
    return first


def _end_of_form(lines: _Lines, at: int, merges: Merges) -> int:
    """The position after the last line of a form: names with values beside them, without a heading."""
    for position in range(at + 1, len(lines)):
        line = lines[position]
        if is_note(line) or is_signature(line) or line.row - lines[position - 1].row > 3:
            return position
        if not holds_values(line) and heading_at(lines, position, merges) is not None:
            return position
    return len(lines)
