"""Where the figures stand: one line for each cell that a report rests on (trace, CONTRACT §8)."""

from collections.abc import Iterable, Iterator

from xiangning_zyz.fact import Observation, Recorded
from xiangning_zyz.report.blocks import Block, Cards, Cell, Chart, Column, Figure, Run, Table, plain_cell
from xiangning_zyz.report.compose.material import Material


def source_table(material: Material) -> Table:
    """The cells behind the actual values of every goal."""
    rows = []
    for judgement in material.status.targets:
        sources = judgement.actual.sources if judgement.actual else judgement.rivals
        rows += [_row(material, each) for each in sources]
    columns = (
        Column("name", "指标", 9),
        Column("period", "报告期", 7),
        Column("raw", "原文", 7, "right"),
        Column("department", "报送部门", 8),
        Column("file", "文件", 14),
        Column("cell", "工作表和单元格", 9),
        Column("entry", "导入号", 4, "right"),
        Column("received", "收到日", 7),
    )
    note = "查看历次数值：zyz trace 指标。原文件以其SHA-256校验值归档。"
    return Table("sources", "数据来源", columns, tuple(rows), (note,), "（没有已报数据）")


def figures_in(blocks: Iterable[Block]) -> Iterator[Figure]:
    """Every figure with facts behind it, in the order in which they are printed."""
    for block in blocks:
        for run in _runs_of(block):
            if isinstance(run, Figure) and run.sources:
                yield run


def _runs_of(block: Block) -> Iterator[Run]:
    match block:
        case Table(rows=rows):
            yield from (run for row in rows for cell in row for run in cell.runs)
        case Chart(table=table):
            yield from _runs_of(table)
        case Cards(items=items):
            yield from (card.value for card in items)
        case _:
            yield from block.runs


def _row(material: Material, source: Recorded[Observation]) -> tuple[Cell, ...]:
    what, cell = source.what, source.what.cell
    part = f"（{material.plan.segment(what.segment).name}）" if what.segment else ""
    return (
        plain_cell(material.plan.indicator(what.indicator).name + part),
        plain_cell(what.period.label),
        Cell((Figure(what.stated, (source,)),)),
        plain_cell(what.department),
        plain_cell(cell.file),
        plain_cell(f"{cell.sheet}!{cell.ref}"),
        plain_cell(str(source.import_id)),
        plain_cell(source.received.isoformat()),
    )
