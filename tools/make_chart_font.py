"""Make the font that charts in documents are drawn with: a GB 2312 subset of Noto Sans CJK SC.

    python tools/make_chart_font.py NotoSansCJK-Regular.ttc

Needs fonttools. The source font comes with the Debian package fonts-noto-cjk; its licence, the SIL Open
Font License, lies beside the subset. The subset bears a name of its own: it is not the font it came from.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FOLDER = Path(__file__).resolve().parent.parent / "src" / "xiangning_zyz" / "report" / "fonts"
NAME = "ZYZ Sans SC"
ADDED = "—…“”‘’《》〈〉【】（）〔〕、。，；：？！％＋－＝～·×÷≤≥±℃●○■□▲△◎★→‰〓"


def main(source: Path) -> None:
    collection = TTCollection(source)
    font = next(each for each in collection.fonts if each["name"].getDebugName(1) == "Noto Sans CJK SC")
    subsetter = Subsetter(_options())
    subsetter.populate(text=_gb2312() + ADDED + "".join(map(chr, range(0x20, 0x7F))))
    subsetter.subset(font)
    _rename(font)
    FOLDER.mkdir(exist_ok=True)
    font.save(FOLDER / "zyz-sans-sc.otf", reorderTables=True)
    print(f"{(FOLDER / 'zyz-sans-sc.otf').stat().st_size / 1e6:.2f} MB")


def _options() -> Options:
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.recalc_timestamp = False
    return options


def _gb2312() -> str:
    """Every character of GB 2312-1980: rows 1 to 9 and 16 to 87."""
    rows = [*range(1, 10), *range(16, 88)]
    cells = (bytes((0xA0 + row, 0xA0 + cell)) for row in rows for cell in range(1, 95))
    return "".join(cell.decode("gb2312", "ignore") for cell in cells)


def _rename(font: TTFont) -> None:
    compact = NAME.replace(" ", "")
    for record in font["name"].names:
        if record.nameID in (1, 4):
            record.string = NAME
        elif record.nameID in (3, 6):
            record.string = f"{compact}-Regular"
    cff = font["CFF "].cff
    cff.fontNames = [f"{compact}-Regular"]
    cff.topDictIndex[0].FullName = cff.topDictIndex[0].FamilyName = NAME


if __name__ == "__main__":
    main(Path(sys.argv[1]))
