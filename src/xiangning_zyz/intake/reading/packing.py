"""Cells on their way from a reader to the parent process: what a reader writes into.

A workbook of a million cells must cross a pipe and then wait in little memory, so rows travel as
JSON blobs of about a thousand cells and stay packed until somebody asks for a cell (`unpacking.py`):

    [[5, 6], [0, 0], [[[1, 2], [0, 1]]], "产值\u007f7.2\u007f投资\u007f3.1"]

the rows' numbers; for each row, which of the shapes that follow is its own (most rows of a table share
one): columns and looks; and the texts of all cells. They are one string, cut at DEL, which JSON writes
and reads ten times as fast as a list of short ones; they are a list where a text holds a DEL itself.
Where no pipe lies between (`inside.py`), rows and book are handed over as they are, in the same shapes.
JSON and not pickle or marshal: a child that a hostile file took over can send wrong figures, but
nothing that runs in the parent.

Frames, in order: `R` rows … `B` book, or `F` failure, for each document; `M` before each member of
a zip (its name) and `C` (its bytes); `E` ends a request.
"""

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from xiangning_zyz.intake.cells import Look
from xiangning_zyz.intake.grid import CellKind, reference
from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.formats import GENERAL, Style
from xiangning_zyz.intake.reading.refusal import Refused, damaged, too_large
from xiangning_zyz.intake.reading.texts import bounded
from xiangning_zyz.problem import DAMAGED, TOO_LARGE, Kind, Place, Problem

ROWS, BOOK, FAILURE, MEMBER, CONTENT, END = b"R", b"B", b"F", b"M", b"C", b"E"
REQUEST = struct.Struct("<2I")  # bytes of the name, bytes of the content
FRAME = struct.Struct("<cI")  # tag, bytes of the payload
# (tag, payload): of R `Rows`, of B what `finish` says, of F a `Problem`, else bytes
Send = Callable[[bytes, Any], object]
Merge = tuple[int, int, int, int]  # top, left, bottom, right; from 1, corners included
Row = tuple[Sequence[int], Sequence[int], Sequence[str]]  # columns, looks, texts: one entry each per cell
Shape = tuple[tuple[int, ...], tuple[int, ...]]  # columns and looks of a row


class Rows(NamedTuple):
    """Rows with about a thousand cells: what a blob says."""

    sheet: str
    numbers: list[int]
    row_shapes: list[int]
    shapes: list[Shape]
    texts: list[str]


CELLS_PER_BLOB = 1_000
BETWEEN_TEXTS = "\x7f"
_LARGEST_MERGE = 100_000  # cells; larger ones (a whole sheet) are cut to the cells used

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Looks:
    """Looks by the numbers that cells name. Workbooks may share them: a number means the same in all."""

    def __init__(self) -> None:
        self._numbers: dict[Look, int] = {}
        self._number_of: dict[tuple[CellKind, Style, bool], int] = {}

    def number(self, kind: CellKind, style: Style = GENERAL, *, formula: bool = False) -> int:
        """The number of the look that cells of *kind* under *style* share."""
        key = (kind, style, formula)
        if key not in self._number_of:
            percent = kind == "number" and style.kind in ("percent", "points")
            suffix = style.suffix if kind == "number" else ""
            day = style.day if kind == "date" else True
            look = Look(kind, percent, formula, suffix, day)
            self._number_of[key] = self._numbers.setdefault(look, len(self._numbers))
        return self._number_of[key]

    def in_order(self) -> list[Look]:
        """All looks met so far; each one's place is its number."""
        return list(self._numbers)


class _Waiting:
    """The rows of the next blob."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.row_shapes: list[int] = []
        self.shapes: dict[Shape, int] = {}
        self.texts: list[str] = []


class _OpenSheet:
    """The sheet being packed."""

    def __init__(self, name: str, *, hidden: bool) -> None:
        self.name = name
        self.hidden = hidden
        self.blobs: list[tuple[int, int]] = []  # first row and number of cells of each blob
        self.waiting = _Waiting()
        self.last_row = 0  # with cells
        self.last_column = 0  # with cells
        self.merges: list[Merge] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.pictures = 0
        self.cut = False  # whether cells beyond the limits were left out

    def clipped(self, merge: Merge) -> Merge:
        """The merge, or its used part if it covers a whole sheet: nobody shall walk over billions of cells."""
        top, left, bottom, right = merge
        if (bottom - top + 1) * (right - left + 1) <= _LARGEST_MERGE:
            return merge
        return top, left, max(top, min(bottom, self.last_row)), max(left, min(right, self.last_column))

    def used(self, merge: Merge) -> int:
        """How many cells of the used range lie under *merge*."""
        top, left, bottom, right = merge
        return max(0, min(bottom, self.last_row) - top + 1) * max(0, min(right, self.last_column) - left + 1)

    def hidden_used_columns(self) -> list[int]:
        """The hidden columns up to the last one with cells."""
        columns: set[int] = set()
        for first, last in self.hidden_columns:
            columns.update(range(max(first, 1), min(last, self.last_column) + 1))
            if len(columns) == self.last_column:
                break
        return sorted(columns)


class Packer:
    """Takes one workbook row by row and sends it on. Rows of a sheet must come in ascending order."""

    def __init__(self, file: str, send: Send) -> None:
        self.file = file
        self.looks = Looks()  # which rows name; a reader may set others before it begins
        self._send = send
        self._problems: list[Problem] = []
        self._sheets: list[dict[str, object]] = []
        self._cells = self._margins = 0
        self._sheet = _OpenSheet("", hidden=False)

    def begin_sheet(self, name: str, *, hidden: bool) -> None:
        """What is sent from here on belongs to this sheet, until `end_sheet`."""
        if len(self._sheets) >= limits.SHEETS:
            raise too_large(f"工作表多于 {limits.SHEETS} 张")
        self._sheet = _OpenSheet(bounded(name), hidden=hidden)

    def row(self, number: int, cells: Row, *, hidden: bool = False) -> None:
        """Take the non-empty cells of one row; they stay unchanged."""
        columns, looks, texts = cells
        if not columns:
            return
        sheet, waiting = self._sheet, self._sheet.waiting
        shape = tuple(columns), tuple(looks)
        at = waiting.shapes.get(shape)
        if at is None or number > limits.ROWS:  # columns are looked at once for all rows of a shape
            columns, looks, texts = self._proper(number, cells)
            if not columns:
                return
            at = waiting.shapes.setdefault((tuple(columns), tuple(looks)), len(waiting.shapes))
            sheet.last_column = max(sheet.last_column, columns[-1])
        if number <= sheet.last_row:
            raise damaged(f"行号重复或倒序（第 {number} 行）", sheet.name)
        if hidden:
            sheet.hidden_rows.append(number)
        sheet.last_row = number
        waiting.rows.append(number)
        waiting.row_shapes.append(at)
        waiting.texts += texts
        if len(waiting.texts) >= CELLS_PER_BLOB:
            self._flush()

    def merge(self, merge: Merge) -> None:
        """Note a merged rectangle; one of a single cell is none."""
        if merge[:2] != merge[2:]:
            self._count_margin()
            self._sheet.merges.append(merge)

    def hide_columns(self, first: int, last: int) -> None:
        """Note that columns are hidden, those without cells too."""
        self._count_margin()
        self._sheet.hidden_columns.append((first, last))

    def picture(self) -> None:
        """Note a picture on the sheet."""
        self._sheet.pictures += 1

    def end_sheet(self) -> None:
        """Close the sheet begun last."""
        self._flush()
        sheet = self._sheet
        if sum(map(sheet.used, sheet.merges)) > limits.MERGED_CELLS:
            raise too_large("合并单元格互相重叠", sheet.name)
        self._sheets.append(
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "blobs": sheet.blobs,
                "last_row": sheet.last_row,
                "merges": [sheet.clipped(merge) for merge in sheet.merges],
                "hidden_rows": sheet.hidden_rows,
                "hidden_columns": sheet.hidden_used_columns(),
                "pictures": sheet.pictures,
            }
        )

    def problem(self, kind: Kind, ref: str = "", found: str = "", **case: object) -> None:
        """Note something wrong at one cell of the sheet begun last; reading goes on."""
        if len(self._problems) < 1_000:
            self._problems.append(kind.at(Place(self.file, self._sheet.name, ref), found, **case))

    def finish(self, container: str, blind: tuple[str, ...] = ()) -> None:
        """Send what holds for the whole book; nothing may follow."""
        book = {
            "container": container,
            "sheets": self._sheets,
            "looks": self.looks.in_order(),
            "problems": self._problems,
            "blind": blind,
        }
        self._send(BOOK, book)

    def _count_margin(self) -> None:
        self._margins += 1
        if self._margins > limits.MARGINS:
            raise too_large("合并单元格或列设置过多", self._sheet.name)

    def _flush(self) -> None:
        sheet = self._sheet
        waiting, sheet.waiting = sheet.waiting, _Waiting()
        if not waiting.rows:
            return
        self._cells += len(waiting.texts)
        if self._cells > limits.CELLS:
            raise too_much(sheet.name)
        sheet.blobs.append((waiting.rows[0], len(waiting.texts)))
        self._send(ROWS, Rows(sheet.name, waiting.rows, waiting.row_shapes, list(waiting.shapes), waiting.texts))

    def _proper(self, number: int, row: Row) -> Row:
        """The row with its columns in order and within the limits."""
        if sorted(set(row[0])) != list(row[0]):
            row = self._sorted(number, row)
        if number > limits.ROWS or row[0][-1] > limits.COLUMNS:
            row = self._cut(number, row)
        return row

    def _sorted(self, number: int, row: Row) -> Row:
        """The row in column order; a column that comes twice is a problem and its first cell stays."""
        cells: dict[int, tuple[int, str]] = {}
        for column, look, text in zip(*row, strict=True):
            if column in cells:
                self.problem(DAMAGED, reference(number, column), text[:100], why="同一单元格出现两次")
            cells.setdefault(column, (look, text))
        order = sorted(cells)
        return order, [cells[column][0] for column in order], [cells[column][1] for column in order]

    def _cut(self, number: int, row: Row) -> Row:
        """The row within the limits; the first cell beyond them is a problem."""
        columns, looks, texts = row
        kept = 0 if number > limits.ROWS else sum(column <= limits.COLUMNS for column in columns)
        if not self._sheet.cut:
            self._sheet.cut = True
            why = f"只读前 {limits.ROWS} 行、{limits.COLUMNS} 列，此格在范围之外"
            self.problem(TOO_LARGE, reference(number, columns[kept]), texts[kept][:100], why=why)
        return columns[:kept], looks[:kept], texts[:kept]


class Packed:
    """Takes frames and passes them on as bytes, for a pipe."""

    def __init__(self, write: Callable[[bytes, bytes], object]) -> None:
        self._write = write
        self._size = 0  # of the rows of one document

    def __call__(self, tag: bytes, payload: Any) -> None:
        """Pack one frame; `Refused` if the rows of its document come to too much."""
        if tag == ROWS:
            sheet, payload = payload.sheet, _packed(payload)
            self._size += len(payload)
            if self._size > limits.PACKED_BYTES:
                raise too_much(sheet)
        elif tag in (BOOK, FAILURE):
            payload = _encode(payload).encode()
            self._size = 0
        self._write(tag, payload)


def _packed(rows: Rows) -> bytes:
    joined = BETWEEN_TEXTS.join(rows.texts)
    texts = joined if joined.count(BETWEEN_TEXTS) == len(rows.texts) - 1 else rows.texts
    return _encode((rows.numbers, rows.row_shapes, rows.shapes, texts)).encode()


def send_failure(send: Send, file: str, refused: Refused) -> None:
    """Send the problem that keeps a document from being read."""
    send(FAILURE, refused.kind.at(Place(file, refused.sheet, refused.ref), **refused.case))


def too_much(sheet: str) -> Exception:
    """What to raise for more cells or words than a workbook may hold."""
    return too_large(f"非空单元格多于 {limits.CELLS} 个，或文字过多", sheet)
