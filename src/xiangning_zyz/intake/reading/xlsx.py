"""`.xlsx` and `.xlsm`, transitional and Strict: the workbook, its styles and its sheets.

Office Open XML, ECMA-376 part 1, 18 (SpreadsheetML). The strings are read by
`xlsx_strings.py`, the sheets' rows by `xlsx_rows.py`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xiangning_zyz.intake.reading.archive import Archive
from xiangning_zyz.intake.reading.formats import BUILT_IN, GENERAL, Style, style_of
from xiangning_zyz.intake.reading.markup import Enough, ignore, walk
from xiangning_zyz.intake.reading.package import Relation, note_pictures, parsed, relations_of
from xiangning_zyz.intake.reading.packing import Packer
from xiangning_zyz.intake.reading.refusal import Refused, damaged
from xiangning_zyz.intake.reading.xlsx_cells import TRUE, CellReader, StyleTable, Surroundings
from xiangning_zyz.intake.reading.xlsx_plain import PlainRows, Plans
from xiangning_zyz.intake.reading.xlsx_rows import read_rows
from xiangning_zyz.intake.reading.xlsx_strings import shared_strings
from xiangning_zyz.problem import NOTHING_TO_READ


class SheetEntry(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    hidden: bool
    relation: str  # its `r:id`


class Workbook(NamedTuple):
    """What `workbook.xml` says of the whole."""

    sheets: Sequence[SheetEntry]
    from_1904: bool
    recalculate: bool  # cached results are stand-ins until a program has calculated them


def read(archive: Archive, workbook_part: str, packer: Packer) -> None:
    """Read all worksheets into *packer*; `Refused` where Excel would not open the file either."""
    workbook = parsed(archive, workbook_part, _workbook)
    relations = relations_of(archive, workbook_part)
    parts = {relation.kind: relation.target for relation in relations.values()}
    styles_part = parts.get("styles", "")
    plans = parsed(archive, styles_part, _plans) if styles_part in archive else Plans(StyleTable())
    packer.looks = plans.styles.looks
    cells = CellReader(
        Surroundings(
            strings=shared_strings(archive, parts.get("sharedStrings", "")),
            styles=plans.styles,
            from_1904=workbook.from_1904,
            recalculate=workbook.recalculate,
        )
    )
    plain_rows = PlainRows(plans, cells, packer)
    count = 0
    for entry, part in worksheets(archive, workbook.sheets, relations):
        count += 1
        packer.begin_sheet(entry.name, hidden=entry.hidden)
        read_rows(archive.chunks(part), plain_rows, cells, packer)
        note_pictures(archive, part, packer)
        packer.end_sheet()
    if not count:
        raise Refused(NOTHING_TO_READ, why="工作簿中没有工作表")
    packer.finish("xlsx")


def worksheets(
    archive: Archive, entries: Sequence[SheetEntry], relations: dict[str, Relation]
) -> Iterator[tuple[SheetEntry, str]]:
    """The worksheets with their parts; chart, dialog and macro sheets hold no cells and are left out."""
    for number, entry in enumerate(entries, 1):
        relation = relations.get(entry.relation)
        # Some exporters forget the relationships; Excel's own naming is then the only clue.
        part = relation.target if relation else f"xl/worksheets/sheet{number}.xml"
        if part not in archive:
            raise damaged("缺少工作表的内容", entry.name)
        if not relation or relation.kind == "worksheet":
            yield entry, part


def _workbook(chunks: Iterable[bytes]) -> Workbook:
    sheets: list[SheetEntry] = []
    flags = {"date1904": False, "fullCalcOnLoad": False}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append(SheetEntry(attributes.get("name", ""), hidden, relation))
        elif element in ("workbookPr", "calcPr"):
            flags.update((key, value in TRUE) for key, value in attributes.items() if key in flags)

    walk(chunks, start, ignore, ignore)
    return Workbook(sheets, flags["date1904"], flags["fullCalcOnLoad"])


def _plans(chunks: Iterable[bytes]) -> Plans:
    """The plans of rows under these styles: none yet. With the part they are remembered, and grow, over many files."""
    return Plans(StyleTable(_styles(chunks)))


def _styles(chunks: Iterable[bytes]) -> Sequence[Style]:
    """What each cell style (`s`) makes of a number."""
    codes = dict(BUILT_IN)
    styles: list[Style] = []
    in_cell_styles = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal in_cell_styles
        if element == "xf" and in_cell_styles:
            code = codes.get(_number(attributes.get("numFmtId", "0")))
            styles.append(style_of(code) if code else GENERAL)
        elif element == "numFmt":
            codes[_number(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif element == "cellXfs":
            in_cell_styles = True

    def end(element: str) -> None:
        if element == "cellXfs":
            raise Enough

    walk(chunks, start, end, ignore)
    return styles


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1
