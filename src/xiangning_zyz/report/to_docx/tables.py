"""Tables: heads repeated on every page, rows kept whole, widths shared out by what columns hold."""

from collections.abc import Iterator, Sequence

from xiangning_zyz.report.blocks import Cell, Column, Table, Tone
from xiangning_zyz.report.to_docx.markup import paragraph, run, runs
from xiangning_zyz.report.to_docx.measures import twips

# Pale enough to print in grey; the words and shapes in the cell say the same.
_FILLS: dict[Tone, str] = {"": "", "good": "E6F4EA", "warn": "FFF4D6", "bad": "FDE7E7", "dim": "F3F4F6"}
_LINE = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def table(block: Table, room_mm: int, *, titled: bool) -> Iterator[str]:
    """*block* with its notes, *room_mm* wide; its own title above unless the page bears it already (*titled*)."""
    if not titled:
        yield paragraph("GwTableTitle", run(block.title))
    if not block.rows:
        yield paragraph("GwNote", run(block.empty), '<w:jc w:val="center"/>')
    else:
        yield _grid(block, room_mm)
    for place, note in enumerate(block.notes):
        yield paragraph("GwNote", run(("注：" if not place else "　　") + note))


def _grid(block: Table, room_mm: int) -> str:
    widths = _widths(block.columns, twips(room_mm))
    borders = "".join(_LINE.format(side=side) for side in _SIDES)
    grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
    head = "".join(_head_cell(column, wide) for column, wide in zip(block.columns, widths, strict=True))
    rows = "".join(_row(row, block.columns, widths) for row in block.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def _widths(columns: Sequence[Column], room: int) -> list[int]:
    total = sum(column.wide for column in columns)
    widths = [room * column.wide // total for column in columns]
    widths[-1] += room - sum(widths)
    return widths


def _head_cell(column: Column, wide: int) -> str:
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>'
    return _cell(wide, fill, paragraph("GwTableHead", run(column.head)))


def _row(row: Sequence[Cell], columns: Sequence[Column], widths: Sequence[int]) -> str:
    cells = "".join(
        _cell(wide, _shade(cell.tone), paragraph("GwTable", runs(cell.runs), _aligned(column)))
        for cell, column, wide in zip(row, columns, widths, strict=True)
    )
    long = sum(len(str(run)) for cell in row for run in cell.runs) > 600  # such a row may not fit on one page
    return f"<w:tr>{'' if long else '<w:trPr><w:cantSplit/></w:trPr>'}{cells}</w:tr>"


def _cell(wide: int, shade: str, content: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'


def _shade(tone: Tone) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{_FILLS[tone]}"/>' if tone else ""


def _aligned(column: Column) -> str:
    return f'<w:jc w:val="{column.align}"/>' if column.align != "left" else ""
