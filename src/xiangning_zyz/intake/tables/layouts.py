"""What stands where in a region: its blocks, and the columns and rows of each; and layouts met before.

A department's reports have the same words in the same places month after month. Where a table, its heading,
its columns and rows are follows from the words, from the merges and from where numbers stand, not from what
the numbers are, nor from the digits of a title or a date above. So a layout found once holds for a region that
differs in nothing else, and only its cells are put in. What could matter all the same is told apart: years and
long numbers, numbers that name a row or stand in a heading, a thousand under a head of per cents. Tests hold
what is remembered against what is found anew.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from xiangning_zyz.intake.grid import GridCell, Sheet
from xiangning_zyz.intake.tables.blocks import Block, blocks_in
from xiangning_zyz.intake.tables.form_lines import is_named_line, is_note
from xiangning_zyz.intake.tables.forms import form_columns, form_rows
from xiangning_zyz.intake.tables.headed import Headed, headed_parts
from xiangning_zyz.intake.tables.headings import may_number_columns
from xiangning_zyz.intake.tables.lines import Line, Merges, holds_values
from xiangning_zyz.intake.tables.model import Column, Form, Row

_Lines = tuple[Line, ...]
_Key = tuple[object, ...]
_Kind = tuple[bool, bool, bool]  # of a line: names with values, such as are used everywhere, a note

_REMEMBERED = 128  # layouts, of 30 kB or so
_LARGEST = 2_000  # cells of a region that is worth it
_DIGIT = re.compile("[1-9]")
_CENTURIES = ("19", "20")
_LONGEST_FIGURE = 14  # characters: a code has 15 and more


class Layout(NamedTuple):
    """The blocks of a region, each with its parts: one, or several that stand side by side under one heading."""

    blocks: tuple[Block, ...]
    parts: tuple[tuple[Headed, ...], ...]


class _Seen(NamedTuple):
    """A region as it goes into the comparison."""

    key: _Key  # equal where columns and words are, but for the digits in lines without a number
    words: list[str]  # of these lines
    figures: list[GridCell]


class _Known(NamedTuple):
    """A layout met before, and what must be the same for it to hold."""

    layout: Layout  # lines and rows without their cells; these are in the forms
    words: list[str]
    around: dict[int, _Kind]  # lines beside the tables, by place: their digits are free while they are of this kind
    rates: frozenset[int]  # columns in %


_known: dict[_Key, _Known] = {}


def laid_out(region: _Lines, merges: Merges, sheet: Sheet) -> Layout:
    """The layout of a region of *sheet*."""
    if sum(len(line.cells) for line in region) > _LARGEST:
        return _found(region, merges, sheet)
    seen = _seen(region, sheet)
    known = _known.get(seen.key)
    if known is not None and _holds(known, region, seen):
        return _filled(known.layout, region)
    layout = _found(region, merges, sheet)
    learned = _learned(layout, region, seen)
    if learned is None:
        return layout
    if len(_known) >= _REMEMBERED:
        _known.clear()
    _known[seen.key] = learned
    return _filled(learned.layout, region)


def _found(region: _Lines, merges: Merges, sheet: Sheet) -> Layout:
    blocks = blocks_in(region, merges)
    return Layout(blocks, tuple(_parts(block, merges, sheet) for block in blocks))


def _parts(block: Block, merges: Merges, sheet: Sheet) -> tuple[Headed, ...]:
    if not block.body:
        return ()
    if block.heading is not None:
        return headed_parts(block.heading, block.body, merges, sheet)
    rows = form_rows(block.body, sheet.hidden_rows)
    columns = form_columns(rows, sheet.hidden_columns)
    return (Headed(columns, rows, Form(columns, rows, headed=False)),)


def _seen(region: _Lines, sheet: Sheet) -> _Seen:
    words: list[str] = []
    names: list[str] = []  # beside numbers
    figures: list[GridCell] = []
    for line in region:
        if not holds_values(line):
            words += [cell.text for cell in line.cells]
            continue
        for cell in line.cells:
            if cell.kind == "number":
                figures.append(cell)
                names.append("%" if cell.percent else cell.suffix)
            else:
                names.append(cell.text)
    places = tuple([(line.row, line.sorts, tuple([cell.col for cell in line.cells])) for line in region])
    spelled = tuple([_DIGIT.sub("0", word) for word in words])
    return _Seen((places, *names, spelled, sheet.merges, sheet.hidden_rows, sheet.hidden_columns), words, figures)


def _holds(known: _Known, region: _Lines, seen: _Seen) -> bool:
    """Whether a region of the same key has the known layout."""
    if any(_tells(cell, known.rates) for cell in seen.figures):
        return False
    if seen.words == known.words:
        return True
    places = (at for at, line in enumerate(region) if not holds_values(line) for _ in line.cells)
    changed = {at for at, old, new in zip(places, known.words, seen.words, strict=True) if old != new}
    return all(at in known.around and known.around[at] == _kind(region[at]) for at in changed)


def _tells(cell: GridCell, rates: frozenset[int]) -> bool:
    """Whether a number might be more to the layout than a number: a year, a code, no rate."""
    text = cell.text
    if len(text) < 4:
        return False
    long = len(text) > _LONGEST_FIGURE or (text[:2] in _CENTURIES and text[2:4].isdigit())
    return long or (cell.col in rates and cell.number is not None and abs(cell.number) >= 1000)


def _kind(line: Line) -> _Kind:
    return is_named_line(line), is_named_line(line, known=True), is_note(line)


def _learned(layout: Layout, region: _Lines, seen: _Seen) -> _Known | None:
    """*layout* with what it hangs on; None if a figure might be among that."""
    lines = {line.row: line for line in region}
    if len(lines) < len(region):
        return None
    alone: list[Headed] = []
    for block, parts in zip(layout.blocks, layout.parts, strict=True):
        if len(parts) > 1 or (parts and block.heading is None):
            return None
        alone += parts
    if any(row.cells is not lines[row.row].cells for part in alone for row in part.rows):
        return None
    rates = frozenset(
        column.col for part in alone for column in part.columns if column.unit and column.unit.name == "%"
    )
    free = {(cell.row, cell.col) for part in alone for cell in _free(part)}
    if any((cell.row, cell.col) not in free or _tells(cell, rates) for cell in seen.figures):
        return None
    return _Known(_without_cells(layout), seen.words, dict(_around(layout, region)), rates)


def _free(part: Headed) -> Iterator[GridCell]:
    """The cells that may hold another figure: under a column that is what it is by its head, in rows with a name."""
    columns = {column.col for column in part.columns if _takes_figures(column)}
    columns -= {cell.col for row in part.rows for cell in row.cells if _may_be_code(cell)}
    for row in part.rows:
        if any(cell.kind == "text" and not may_number_columns(cell) for cell in row.cells):
            yield from (cell for cell in row.cells if cell.col in columns)


def _takes_figures(column: Column) -> bool:
    """Whether a column is what it is by its head, whatever the figures in it."""
    return column.role in ("number", "serial") and column.label != "" and "单位" not in column.labels[-1]


def _may_be_code(cell: GridCell) -> bool:
    """Whether a cell may make its column one of codes, if enough of the figures beside it are alike."""
    return cell.kind == "text" and cell.text.isascii() and any(map(str.isdigit, cell.text))


def _around(layout: Layout, region: _Lines) -> Iterator[tuple[int, _Kind]]:
    """The lines beside the tables whose digits tell nothing more: lone words, named lines, notes."""
    places = {line.row: at for at, line in enumerate(region)}
    for block in layout.blocks:
        for line in (*block.above, *block.below):
            kind = _kind(line)
            if len(line.cells) == 1 or any(kind):
                yield places[line.row], kind


def _without_cells(layout: Layout) -> Layout:
    blocks = tuple(
        Block(_bare(each.above), each.heading, _bare(each.body), _bare(each.below)) for each in layout.blocks
    )
    parts = tuple(
        tuple(
            Headed(
                part.columns,
                tuple(row._replace(cells=()) for row in part.rows),
                Form(part.columns, part.rows, headed=part.form.headed, remembered=True),
            )
            for part in parts
        )
        for parts in layout.parts
    )
    return Layout(blocks, parts)


def _bare(lines: _Lines) -> _Lines:
    return tuple(Line(line.row, (), ()) for line in lines)


def _filled(layout: Layout, region: _Lines) -> Layout:
    """A known layout with the cells of *region*."""
    lines = {line.row: line for line in region}
    blocks = []
    for block in layout.blocks:
        above, body, below = (
            tuple([lines[line.row] for line in part]) for part in (block.above, block.body, block.below)
        )
        blocks.append(Block(above, block.heading, body, below))
    return Layout(tuple(blocks), tuple(tuple(_with_cells(part, lines) for part in parts) for parts in layout.parts))


def _with_cells(part: Headed, lines: dict[int, Line]) -> Headed:
    rows = []
    for row in part.rows:
        cells = lines[row.row].cells
        held = tuple(_of_line(lines[cell.row], cell.col) for cell in row.held) if row.held else ()
        rows.append(Row(row.row, row.labels, cells, held, row.unit, row.period, row.ratio, row.kind, row.hidden))
    return Headed(part.columns, tuple(rows), part.form)


def _of_line(line: Line, col: int) -> GridCell:
    return next(cell for cell in line.cells if cell.col == col)
