"""Finds the tables of a sheet by meaning, or says why there is none."""

from pathlib import PurePosixPath
from typing import NamedTuple

from xiangning_zyz.intake.grid import Sheet
from xiangning_zyz.intake.periods import Said, complete, said
from xiangning_zyz.intake.tables.blocks import Block
from xiangning_zyz.intake.tables.captions import Captions, captions_of
from xiangning_zyz.intake.tables.form_lines import form_lines, is_foot_line
from xiangning_zyz.intake.tables.headed import Headed
from xiangning_zyz.intake.tables.layouts import Layout, laid_out
from xiangning_zyz.intake.tables.lines import Line, holds_values, label_text, lines_of
from xiangning_zyz.intake.tables.model import Surroundings, Table
from xiangning_zyz.intake.tables.stated_periods import period_of_captions, told_by_years
from xiangning_zyz.intake.tables.stated_units import caption_units

BLANK_FORM = "空白表，没有填数"
_CONTENTS = ("目录", "目次")


class Found(NamedTuple):
    """The tables of a sheet in reading order; without any, `reason` says why, in Chinese."""

    tables: tuple[Table, ...]
    reason: str | None


class _Context(NamedTuple):
    """What a table takes from outside its own block."""

    said_by_sheet: Said | None
    said_by_file: Said | None
    opening: tuple[Line, ...]  # the lines above the first table of the region
    opening_heads: tuple[tuple[str, ...], ...]  # of that table: one of the same kind shares its unit


def find_tables(sheet: Sheet, file: str) -> Found:
    """The tables of *sheet*; *file* is the workbook's name, for a period that nothing else states."""
    layouts, lines = laid_out(sheet)
    context = _Context(said(sheet.name), said(PurePosixPath(file).stem), (), ())
    tables = tuple(table for layout in layouts for table in _tables_of(layout, context))
    if any(table.header_rows for table in tables):
        return Found(tables, None)
    lines = lines_of(sheet) if lines is None else lines
    if _is_contents(lines):
        return Found((), "目录页")
    return Found(tables, None if tables else _why_none(sheet, layouts, lines))


def _why_none(sheet: Sheet, layouts: tuple[Layout, ...], lines: tuple[Line, ...]) -> str:
    if sheet.pictures:
        return "表是图片，单元格中没有数据" if lines else "只有图片，单元格中没有数据"
    if any(block.heading is not None for layout in layouts for block in layout.blocks):
        return BLANK_FORM
    if any(map(holds_values, lines)):
        return "有数字，但没有表头"
    return "封面或说明，没有表格" if lines else "空表"


def _tables_of(layout: Layout, context: _Context) -> list[Table]:
    tables: list[Table] = []
    for block, parts in zip(layout.blocks, layout.parts, strict=True):
        for part in parts:
            heads = tuple(column.labels for column in part.columns)
            if not context.opening_heads:
                context = context._replace(opening=block.above, opening_heads=heads)
            if _is_filled(part):
                tables.append(_table(block, part, context))
    return tables


def _is_filled(part: Headed) -> bool:
    """Whether anything was entered besides the names of the rows."""
    entered = {column.col for column in part.columns if column.role in ("number", "text")}
    return any(cell.col in entered for row in part.rows for cell in row.cells)


def _table(block: Block, part: Headed, context: _Context) -> Table:
    captions = captions_of(block.above)
    title = captions.title or (captions_of(context.opening).title if _is_same_kind(part, context) else "")
    foot = tuple(form for line in block.below if is_foot_line(line) for form in form_lines(line))
    notes = tuple(_shown(line) for line in block.below if not is_foot_line(line))
    top, left, bottom, right = _bounds(block, part)
    return Table(
        top=top,
        left=left,
        bottom=bottom,
        right=right,
        title=title,
        captions=captions.others,
        form_lines=captions.named,
        header_rows=tuple(level.row for level in block.heading.levels) if block.heading else (),
        columns=part.columns,
        rows=part.rows,
        form=part.form,
        surroundings=_surroundings(block, part, captions, context),
        notes=notes,
        signatures=foot,
    )


def _surroundings(block: Block, part: Headed, captions: Captions, context: _Context) -> Surroundings:
    """What is said around a table; a later table of the same kind shares the unit over the first."""
    units = caption_units(block.above, captions.title)
    outer = captions if block.above is context.opening else captions_of(context.opening)
    if not units and _is_same_kind(part, context):
        units = caption_units(context.opening, outer.title)
    return Surroundings(
        units=units,
        caption=complete(
            period_of_captions(block.above, captions.named), period_of_captions(context.opening, outer.named)
        ),
        by_years=told_by_years(part.columns),
        sheet=context.said_by_sheet,
        file=context.said_by_file,
    )


def _is_same_kind(part: Headed, context: _Context) -> bool:
    """Whether a table has the columns of the first one: on the next page, or for the next region."""
    return tuple(column.labels for column in part.columns) == context.opening_heads


def _bounds(block: Block, part: Headed) -> tuple[int, int, int, int]:
    columns = [column.col for column in part.columns]
    first = block.heading.levels[0].row if block.heading else block.body[0].row
    title = next((line.row for line in block.above if line.cells), first)
    return min(title, first), min(columns), part.rows[-1].row, max(columns)


def _shown(line: Line) -> str:
    return " ".join(" ".join(cell.text.split()) for cell in line.cells)


def _is_contents(lines: tuple[Line, ...]) -> bool:
    return any(label_text(line.cells[0].text) in _CONTENTS for line in lines[:3] if len(line.cells) == 1)
