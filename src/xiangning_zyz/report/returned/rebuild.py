"""A fresh .xlsx with the cells of a workbook that cannot be edited in its own format.

Values, merges and hidden parts are kept; fonts, colours and formulas are not, and the sheet
反馈意见 says so. The package is as small as the format allows and the same for the same cells.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby, islice
from typing import Protocol

from xiangning_zyz.figure import plain
from xiangning_zyz.report.cell_text import cell_text
from xiangning_zyz.report.returned.cells import Place, reference
from xiangning_zyz.report.returned.markup import quoted
from xiangning_zyz.report.visible import visible, width

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_FORMAT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WRITTEN_ON = (1980, 1, 1, 0, 0, 0)  # a date in the zip would make two copies differ

_PLAIN, _PERCENT, _DATE, _MOMENT, _WRAPPED = range(5)  # cellXfs of _STYLES
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="center" '
    'wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))
_HIDDEN = {True: ' hidden="1"', False: ""}
_STATE = {True: "hidden", False: "visible"}
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day count knows no time zone
_HARMLESS = re.compile(r"(?:[^\W_]|[ .,，、:：()（）%+/-]){1,200}")  # as most cells are: nothing to be spelled out
_WIDEST = 40  # of a column, in characters
_MEASURED = 20_000  # cells
_FIRST_SOUND_DAY = 61  # before 1 March 1900 spreadsheets disagree by a day


class CellLike(Protocol):
    """One cell as read; see `intake.grid.GridCell`."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def number(self) -> Decimal | None: ...
    @property
    def percent(self) -> bool: ...


class SpanLike(Protocol):
    """A rectangle of cells, corners included."""

    @property
    def top(self) -> int: ...
    @property
    def left(self) -> int: ...
    @property
    def bottom(self) -> int: ...
    @property
    def right(self) -> int: ...


class SheetLike(Protocol):
    """One sheet as read; see `intake.grid.Sheet`."""

    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def cells(self) -> Mapping[tuple[int, int], CellLike]: ...  # by row and column, in this order
    @property
    def merges(self) -> Sequence[SpanLike]: ...
    @property
    def hidden_rows(self) -> Collection[int]: ...
    @property
    def hidden_columns(self) -> Collection[int]: ...


def rebuilt(sheets: Sequence[SheetLike]) -> tuple[bytes, list[str]]:
    """The bytes of a workbook with these sheets, and the name each sheet has in it."""
    names = sheet_names([sheet.name for sheet in sheets])
    parts: dict[str, Iterable[str]] = {
        "[Content_Types].xml": [_content_types(len(sheets))],
        "_rels/.rels": [_links([("officeDocument", "xl/workbook.xml")])],
        "xl/workbook.xml": [_workbook(sheets, names)],
        "xl/_rels/workbook.xml.rels": [
            _links(
                [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
                + [("styles", "styles.xml")]
            )
        ],
        "xl/styles.xml": [_STYLES],
        **{f"xl/worksheets/sheet{n}.xml": _worksheet(sheet) for n, sheet in enumerate(sheets, 1)},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, pieces in parts.items():
            info = zipfile.ZipInfo(name, _WRITTEN_ON)
            info.compress_type = zipfile.ZIP_DEFLATED
            with out.open(info, "w") as part:
                part.writelines(piece.encode() for piece in pieces)
    return buffer.getvalue(), names


def sheet_names(names: Iterable[str]) -> list[str]:
    """Names Excel accepts: none empty, over 31 characters, with `[]:*?/\\`, or twice (case apart)."""
    made: list[str] = []
    taken: set[str] = set()
    for number, name in enumerate(names, 1):
        clean = re.sub(r"[\[\]:*?/\\]", "_", visible(name)).strip("' ")[:31] or f"表{number}"
        unique, again = clean, 1
        while unique.casefold() in taken:
            again += 1
            unique = f"{clean[:26]}（{again}）"
        taken.add(unique.casefold())
        made.append(unique)
    return made


def _worksheet(sheet: SheetLike) -> Iterator[str]:
    """The XML of a sheet row by row: a sheet of 100,000 rows is not held whole."""
    yield f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetFormatPr defaultRowHeight="15"/>{_columns(sheet)}<sheetData>'
    for row, items in groupby(sheet.cells.items(), key=lambda item: item[0][0]):
        cells = [(col, cell) for (_, col), cell in items]
        lines = max(_lines(cell.text) for _, cell in cells)
        height = f' ht="{min(15 * lines, 409)}"' if lines > 1 else ""
        written = "".join([_cell(Place(row, col), cell) for col, cell in cells])
        yield f'<row r="{row}"{height}{_HIDDEN[row in sheet.hidden_rows]}>{written}</row>'
    yield "</sheetData>"
    merges = [
        f'<mergeCell ref="{reference(Place(span.top, span.left))}:{reference(Place(span.bottom, span.right))}"/>'
        for span in sheet.merges
        if (span.top, span.left) != (span.bottom, span.right)  # Excel calls a merge of one cell damage
    ]
    if merges:
        yield f'<mergeCells count="{len(merges)}">{"".join(merges)}</mergeCells>'
    yield "</worksheet>"


def _columns(sheet: SheetLike) -> str:
    """Column widths by the longest line that is not in a merged cell, up to a limit; hidden ones hidden.

    Of a large sheet only the beginning is measured: so many lines nobody scrolls through to see one cut off.
    """
    corners = {(span.top, span.left) for span in sheet.merges}
    widths: dict[int, int] = {}
    for (row, col), cell in islice(sheet.cells.items(), _MEASURED):
        longest = 0 if (row, col) in corners else max(map(width, cell.text[:400].split("\n")))
        widths[col] = max(widths.get(col, 8), min(longest, _WIDEST))
    columns = "".join(
        f'<col min="{col}" max="{col}" width="{widths.get(col, 8) + 2}" customWidth="1"'
        f"{_HIDDEN[col in sheet.hidden_columns]}/>"
        for col in sorted({*widths, *sheet.hidden_columns})
    )
    return f"<cols>{columns}</cols>" if columns else ""


def _cell(at: Place, cell: CellLike) -> str:
    """One cell of its own kind; what is not a number, date, truth value or error is text."""
    ref = reference(at)
    if cell.number is not None:
        value, style = (cell.number / 100, _PERCENT) if cell.percent else (cell.number, _PLAIN)
        return f'<c r="{ref}" s="{style}"><v>{plain(value)}</v></c>'
    if cell.kind == "date" and (serial := _serial(cell.text)):
        style = _DATE if len(cell.text) == 10 else _MOMENT
        return f'<c r="{ref}" s="{style}"><v>{serial}</v></c>'
    if cell.kind == "bool" and cell.text in ("TRUE", "FALSE"):
        return f'<c r="{ref}" t="b"><v>{int(cell.text == "TRUE")}</v></c>'
    if cell.kind == "error" and cell.text in _ERRORS:
        return f'<c r="{ref}" t="e"><v>{cell.text}</v></c>'
    text = cell.text if _HARMLESS.fullmatch(cell.text) else quoted(cell_text(cell.text))
    style = _WRAPPED if _lines(cell.text) > 1 else _PLAIN
    return f'<c r="{ref}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _lines(text: str) -> int:
    """How many lines of a column as wide as can be *text* takes."""
    if 2 * len(text) <= _WIDEST and "\n" not in text:
        return 1
    return sum(1 + max(0, width(line) - 1) // _WIDEST for line in text[:4000].split("\n"))


def _serial(text: str) -> str | None:
    """A spreadsheet's day count for `2024-06-30` or `2024-06-30 08:00:00`; None if it has none that is sure."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    passed = moment.replace(tzinfo=None) - _DAY_ZERO
    if passed.days < _FIRST_SOUND_DAY:
        return None
    return plain(passed.days + round(Decimal(passed.seconds) / 86_400, 10))


def _workbook(sheets: Sequence[SheetLike], names: Sequence[str]) -> str:
    listed = "".join(
        f'<sheet name="{quoted(name)}" sheetId="{n}" state="{_STATE[sheet.hidden]}" r:id="rId{n}"/>'
        for n, (name, sheet) in enumerate(zip(names, sheets, strict=True), 1)
    )
    return f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'


def _links(targets: Iterable[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_LINKS}">{links}</Relationships>'


def _content_types(sheets: int) -> str:
    parts = {"workbook": "sheet.main", "styles": "styles"}
    parts |= {f"worksheets/sheet{n}": "worksheet" for n in range(1, sheets + 1)}
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_FORMAT}.{kind}+xml"/>' for part, kind in parts.items()
    )
    return (
        f'{_DECLARATION}<Types xmlns="{_TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
