"""The measures of GB/T 9704-2012, in the units that WordprocessingML counts in. Clauses in brackets."""

from typing import NamedTuple

FONT_BODY, FONT_TITLE, FONT_HEADING, FONT_SECOND, FONT_LATIN = (
    "仿宋",
    "方正小标宋简体",
    "黑体",
    "楷体",
    "Times New Roman",
)
RED = "FF0000"

BODY = 32  # half points: 三号 16 pt (5.2.2)
TITLE = 44  # 二号 22 pt (7.3.1)
IMPRINT = 28  # 四号 14 pt (7.4, 7.5)
TABLE = 21  # 五号 10.5 pt; the standard leaves tables to the clerk

# 22 lines in 225 mm are 28.99 pt each; 29 pt and more give 21. 28 characters of 16 pt need 5 twentieths
# of a point less space each. A negative charSpace in the grid would halve the line in LibreOffice.
LINE = 579  # twips, 28.95 pt
TIGHTER = -5  # twips
CHARACTER = 315  # twips that one character of the body takes: 16 pt − 0.25 pt

TEXT_WIDTH, TEXT_HEIGHT = 156, 225  # mm, 版心 (5.2.1)
TITLE_CHARACTERS = 20  # of 22 pt that fit on a line

PAGE_NUMBER_GAP = 7  # mm from the 版心 to the dash (7.5)


class Page(NamedTuple):
    """Paper and margins in mm, and how far from the edge the footer's text ends."""

    width: int
    height: int
    top: int
    bottom: int
    left: int
    right: int

    @property
    def text_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def text_height(self) -> int:
        return self.height - self.top - self.bottom


PORTRAIT = Page(210, 297, top=37, bottom=35, left=28, right=26)
# The same page, turned: its head lies at the binding side of odd pages and at the cut of even ones (8).
LANDSCAPE = Page(297, 210, top=28, bottom=26, left=35, right=37)


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(mm * 1440 / 25.4)


def emu(mm: float) -> int:
    """Millimetres in English Metric Units."""
    return round(mm * 36000)
