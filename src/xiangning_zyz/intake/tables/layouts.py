"""What stands where on a sheet: its blocks, and the columns and rows of each; and layouts met before.

A department's reports have the same words in the same places month after month. Where a table, its heading,
its columns and rows are follows from the words, from the merges and from where numbers stand, not from what
the numbers are, nor from the digits of a title or a date above. So a layout found once holds for a sheet that
differs in nothing else, and cells are made only where they are asked for. What could matter all the same is told
apart: years and long numbers, numbers that name a row or stand in a heading, a thousand under a head of per cents.
Tests hold what is remembered against what is found anew.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from xiangning_zyz.intake.cells import SMALL, Cells, Some
from xiangning_zyz.intake.grid import GridCell, Sheet
from xiangning_zyz.intake.tables.blocks import Block, blocks_in
from xiangning_zyz.intake.tables.form_lines import is_named_line, is_note
from xiangning_zyz.intake.tables.forms import form_columns, form_rows
from xiangning_zyz.intake.tables.headed import Headed, headed_parts
from xiangning_zyz.intake.tables.headings import may_number_columns
from xiangning_zyz.intake.tables.lines import Line, Merges, Sort, holds_values, line_of, lines_of, merges_of
from xiangning_zyz.intake.tables.model import Column, Form, Row
from xiangning_zyz.intake.tables.regions import regions_of

_Lines = tuple[Line, ...]
_Numbers = tuple[int, ...]  # of cells in the structure of their sheet
_Key = tuple[object, ...]

_REMEMBERED = 128  # layouts, of 100 kB or so
_DIGIT = re.compile("[1-9]")
# Of figures, each after a tab: a year, or a day as 20240630; a code has 15 characters and more.
_TELLING = re.compile(r"\t(?:(?:19|20)\d\d|[^\t]{15})")
_BELOW_THOUSAND = re.compile(r"(?:\t-?\d{1,3}(?:\.\d*)?%?)*+")  # all of them


class Layout(NamedTuple):
    """The blocks of a region, each with its parts: one, or several that stand side by side under one heading."""

    blocks: tuple[Block, ...]
    parts: tuple[tuple[Headed, ...], ...]


class Laid(NamedTuple):
    """A sheet laid out."""

    layouts: tuple[Layout, ...]  # of its regions
    lines: _Lines | None  # of the sheet; None where its layout was met before


class _Seen(NamedTuple):
    """A sheet as it goes into the comparison."""

    key: _Key  # equal where columns and words are, but for the digits in rows without a number
    words: list[str]  # of these rows


class _Kind(NamedTuple):
    """Of a line beside the tables: all that its digits could change."""

    sorts: tuple[Sort, ...]
    named: bool  # names with values
    known: bool  # names with values, such as are used everywhere
    note: bool


class _Known(NamedTuple):
    """A layout met before, and what must be the same for it to hold."""

    layouts: tuple[Layout, ...]  # lines and rows without their cells; these are in the forms
    cells: dict[int, _Numbers]  # of each line, by row
    words: list[str]
    around: dict[int, _Kind]  # lines beside the tables, by row: their digits are free while they are of this kind
    rates: _Numbers  # figures in %


_known: dict[_Key, _Known] = {}


def laid_out(sheet: Sheet) -> Laid:
    """The layout of *sheet*."""
    cells = sheet.cells
    if not isinstance(cells, Cells) or max(len(cells), len(sheet.merges)) > SMALL:
        return _found(sheet, merges_of(sheet))
    seen = _seen(sheet, cells)
    known = _known.get(seen.key)
    if known is None or not _holds(known, cells, seen):
        laid = _found(sheet, merges_of(sheet))
        known = _learned(laid, cells, seen)
        if known is None:
            return laid
        if len(_known) >= _REMEMBERED:
            _known.clear()
        _known[seen.key] = known
    return Laid(tuple([_filled(layout, known, cells) for layout in known.layouts]), None)


def _found(sheet: Sheet, merges: Merges) -> Laid:
    lines = lines_of(sheet)
    layouts = []
    for region in regions_of(lines, merges) if lines else ():
        blocks = blocks_in(region, merges)
        layouts.append(Layout(blocks, tuple(_parts(block, merges, sheet) for block in blocks)))
    return Laid(tuple(layouts), lines)


def _parts(block: Block, merges: Merges, sheet: Sheet) -> tuple[Headed, ...]:
    if not block.body:
        return ()
    if block.heading is not None:
        return headed_parts(block.heading, block.body, merges, sheet)
    rows = form_rows(block.body, sheet.hidden_rows)
    columns = form_columns(rows, sheet.hidden_columns)
    return (Headed(columns, rows, Form(columns, rows, headed=False)),)


def _seen(sheet: Sheet, cells: Cells) -> _Seen:
    structure, texts = cells.structure, cells.texts
    words = [texts[number] for number in structure.alone]
    names = tuple([texts[number] for number in structure.beside_figures])
    spelled = tuple([_DIGIT.sub("0", word) for word in words])
    return _Seen((structure, sheet.merges, sheet.hidden_rows, sheet.hidden_columns, names, spelled), words)


def _holds(known: _Known, cells: Cells, seen: _Seen) -> bool:
    """Whether a sheet of the same key has the known layout."""
    if _tell(cells, known.rates):
        return False
    if seen.words == known.words:
        return True
    compared = zip(cells.structure.alone, known.words, seen.words, strict=True)
    changed = {cells.structure.places[number][0] for number, old, new in compared if old != new}
    return all(row in known.around and known.around[row] == _kind(_line(known, cells, row)) for row in changed)


def _tell(cells: Cells, rates: _Numbers) -> bool:
    """Whether a figure might be more to the layout than a figure: a year, a code, no rate."""
    if _TELLING.search(_in_turn(cells, cells.structure.figures)):
        return True
    if _BELOW_THOUSAND.fullmatch(_in_turn(cells, rates)):
        return False
    return any(_is_thousand(cells.cell(number)) for number in rates)


def _in_turn(cells: Cells, numbers: _Numbers) -> str:
    texts = cells.texts
    return "\t".join(["", *[texts[number] for number in numbers]])


def _is_thousand(cell: GridCell) -> bool:
    return cell.number is not None and abs(cell.number) >= 1000


def _kind(line: Line) -> _Kind:
    return _Kind(line.sorts, is_named_line(line), is_named_line(line, known=True), is_note(line))


def _learned(laid: Laid, cells: Cells, seen: _Seen) -> _Known | None:
    """What was found with what it hangs on; None if a figure might be among that."""
    lines = {line.row: line for line in laid.lines or ()}
    if sum(len(line.cells) for line in lines.values()) < sum(1 for text in cells.texts if text.strip()):
        return None  # what tells a period in several cells was joined
    alone: list[Headed] = []
    for layout in laid.layouts:
        for block, parts in zip(layout.blocks, layout.parts, strict=True):
            beside = (*block.above, *block.below)
            if (
                len(parts) > 1
                or (parts and block.heading is None)
                or any(lines[each.row] is not each for each in beside)
            ):
                return None
            alone += parts
    if not alone or any(row.cells is not lines[row.row].cells for part in alone for row in part.rows):
        return None
    structure = cells.structure
    in_rates = {column.col for part in alone for column in part.columns if column.unit and column.unit.name == "%"}
    rates = tuple(number for number in structure.figures if structure.places[number][1] in in_rates)
    free = {(cell.row, cell.col) for part in alone for cell in _free(part)}
    if any(structure.places[number] not in free for number in structure.figures) or _tell(cells, rates):
        return None
    return _Known(
        layouts=tuple(_without_cells(layout) for layout in laid.layouts),
        cells={row: tuple(structure.at[row, cell.col] for cell in line.cells) for row, line in lines.items()},
        words=seen.words,
        around=dict(_around(laid.layouts)),
        rates=rates,
    )


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


def _around(layouts: tuple[Layout, ...]) -> Iterator[tuple[int, _Kind]]:
    """The lines beside the tables whose digits tell nothing more: lone words, named lines, notes."""
    for layout in layouts:
        for block in layout.blocks:
            for line in (*block.above, *block.below):
                kind = _kind(line)
                if not holds_values(line) and (len(line.cells) == 1 or kind.named or kind.known or kind.note):
                    yield line.row, kind


def _without_cells(layout: Layout) -> Layout:
    blocks = tuple(
        Block(_bare(each.above), each.heading, _bare(each.body), _bare(each.below)) for each in layout.blocks
    )
    return Layout(blocks, tuple(tuple(map(_empty, parts)) for parts in layout.parts))


def _bare(lines: _Lines) -> _Lines:
    return tuple(Line(line.row, (), line.sorts) for line in lines)


def _empty(part: Headed) -> Headed:
    rows = tuple(row._replace(cells=()) for row in part.rows)
    return Headed(part.columns, rows, Form(part.columns, part.rows, headed=part.form.headed, remembered=True))


def _filled(layout: Layout, known: _Known, cells: Cells) -> Layout:
    """A known layout with the cells of another sheet."""
    blocks = []
    for above, heading, body, below in layout.blocks:
        beside = [tuple([_line(known, cells, line.row) for line in lines]) for lines in (above, below)]
        blocks.append(Block(beside[0], heading, body, beside[1]))
    return Layout(
        tuple(blocks), tuple([tuple([_with_cells(part, known, cells) for part in parts]) for parts in layout.parts])
    )


def _with_cells(part: Headed, known: _Known, cells: Cells) -> Headed:
    rows = []
    for row, labels, _, held, unit, period, ratio, kind, hidden in part.rows:
        here = tuple([cells[cell.row, cell.col] for cell in held]) if held else ()
        rows.append(Row(row, labels, Some(cells, known.cells[row]), here, unit, period, ratio, kind, hidden))
    return Headed(part.columns, tuple(rows), part.form)


def _line(known: _Known, cells: Cells, row: int) -> Line:
    """A line of a sheet that has the key of a known one, whatever the digits in it."""
    return line_of(row, tuple(Some(cells, known.cells[row])))
