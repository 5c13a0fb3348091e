"""Charts as PNG for documents: the dashboard's own picture, drawn with the font that ships with us."""

from functools import cache
from pathlib import Path

import resvg_py

from xiangning_zyz.report.blocks import Chart
from xiangning_zyz.report.to_svg import to_svg

_FONT = Path(__file__).resolve().parent.parent / "fonts" / "zyz-sans-sc.otf"
_NAME = "ZYZ Sans SC"
_GETA = "〓"  # what printers set for a character they do not have
PIXELS = 1157  # 98 mm at 300 dots an inch


def png(chart: Chart) -> bytes:
    """*chart* as PNG, the same bytes on every machine: no font of the system is looked at."""
    svg = "".join(each if each in known() or ord(each) < 32 else _GETA for each in to_svg(chart, _NAME))
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, width=PIXELS, font_files=[str(_FONT)], skip_system_fonts=True, font_family=_NAME
        )
    )


@cache
def known() -> frozenset[str]:
    """The characters that our font has: GB 2312 and what `tools/make_chart_font.py` adds to it."""
    rows = (*range(1, 10), *range(16, 88))
    cells = (bytes((0xA0 + row, 0xA0 + cell)) for row in rows for cell in range(1, 95))
    added = "—…“”‘’〔〕～·〓‰ "
    return frozenset(
        "".join(cell.decode("gb2312", "ignore") for cell in cells) + added + "".join(map(chr, range(0x20, 0x7F)))
    )
