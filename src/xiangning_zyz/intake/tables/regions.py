"""Cuts a sheet into regions that stand side by side; within a region tables only follow one another."""

from itertools import pairwise

from xiangning_zyz.intake.tables.lines import Line, Merges, holds_values, within

_Lines = tuple[Line, ...]
_MOST_PARTS = 16
_PROBED = 200  # lines that decide what a column holds


def regions_of(lines: _Lines, merges: Merges) -> tuple[_Lines, ...]:
    """The regions of a sheet, each as lines of its own, in reading order.

    A sheet is cut only along a blank column with a possible table on either side: words first, then
    numbers. A blank column inside one table separates nothing. Titles belong to every part.
    """
    regions: list[_Lines] = []
    run: list[Line] = []
    run_cuts: tuple[int, ...] = ()
    for band in _bands(lines):
        cuts = _cuts(band, merges)
        if cuts != run_cuts and any(holds_values(line) for line in band):
            if any(holds_values(line) for line in run):
                regions += _parts(run, run_cuts)
                run = []
            run_cuts = cuts
        run += band
    return (*regions, *_parts(run, run_cuts)) if run else tuple(regions)


def _bands(lines: _Lines) -> list[_Lines]:
    """Lines that follow one another without a blank row."""
    starts = [0] + [at + 1 for at, (above, below) in enumerate(pairwise(lines)) if below.row - above.row > 1]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True) if end > start]


def _cuts(band: _Lines, merges: Merges) -> tuple[int, ...]:
    """The first column of every part but the first; empty when the band is one table."""
    body = [line for line in band if len(line.cells) > 1]
    occupied = {cell.col for line in body for cell in line.cells}
    last = max(occupied, default=0)
    for line in body:
        for span in merges.by_top.get(line.row, ()):
            occupied.update(range(span.left, min(span.right, last) + 1))
    columns = sorted(occupied)
    starts = columns[:1] + [right for left, right in pairwise(columns) if right - left > 1]
    if not 1 < len(starts) <= _MOST_PARTS:
        return ()
    probed = body[:_PROBED]
    ends = [*(start - 1 for start in starts[1:]), columns[-1]]
    alone = [_could_be_table(probed, left, right) for left, right in zip(starts, ends, strict=True)]
    return tuple(start for start, (here, there) in zip(starts[1:], pairwise(alone), strict=True) if here and there)


def _could_be_table(lines: list[Line], left: int, right: int) -> bool:
    parts = [part for line in lines if holds_values(part := within(line, left, right))]
    named = sum("words" in within(part, left, left + 1).sorts for part in parts)
    return right > left and len(parts) > 0 and 2 * named >= len(parts)


def _parts(run: list[Line], cuts: tuple[int, ...]) -> list[_Lines]:
    if not cuts:
        return [tuple(run)]
    bounds = [*zip((1, *cuts), (*(cut - 1 for cut in cuts), 1 << 30), strict=True)]
    first_body = next((at for at, line in enumerate(run) if len(line.cells) > 1), len(run))
    titles = tuple(run[:first_body])
    return [
        titles + tuple(part for line in run[first_body:] if (part := within(line, left, right)).cells)
        for left, right in bounds
    ]
