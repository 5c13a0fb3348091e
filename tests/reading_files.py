"""Workbooks made by hand for the tests of reading: every byte of a trap is visible in its test."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from xiangning_zyz.intake.grid import Book, Failure, GridCell
from xiangning_zyz.intake.reading import packing, unpacking
from xiangning_zyz.intake.reading.documents import send_documents

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

Parts = dict[str, str | bytes]


def read_here(content: bytes, name: str = "表.xlsx") -> list[Book | Failure]:
    """Read *content* in this process: what the child does, without the child."""
    results: list[Book | Failure] = []
    blobs: list[bytes] = []
    file = name

    def send(tag: bytes, payload: bytes) -> None:
        nonlocal file
        if tag == packing.ROWS:
            blobs.append(payload)
        elif tag == packing.MEMBER:
            file = f"{name}/{payload.decode()}"
        elif tag == packing.BOOK:
            results.append(unpacking.book(payload, blobs.copy(), file, ""))
            blobs.clear()
        elif tag == packing.FAILURE:
            results.append(Failure(file, "", unpacking.failure(payload)))
            blobs.clear()

    send_documents(name, content, packing.Packed(send))
    return results


def book_of(content: bytes, name: str = "表.xlsx") -> Book:
    """The one book that *content* must be."""
    (result,) = read_here(content, name)
    assert isinstance(result, Book), result
    return result


def refusal_of(content: bytes, name: str = "表.xlsx") -> str:
    """The code of the problem that keeps *content* from being read."""
    (result,) = read_here(content, name)
    assert isinstance(result, Failure), result
    return result.problem.code


def cells_of(content: bytes, name: str = "表.xlsx") -> dict[str, GridCell]:
    """The cells of the first sheet by reference."""
    return {f"{letters(cell.col)}{cell.row}": cell for cell in book_of(content, name).sheets[0].cells.values()}


def shown(content: bytes, name: str = "表.xlsx") -> dict[str, tuple[str, str]]:
    """(kind, text) of the cells of the first sheet by reference."""
    return {ref: (cell.kind, cell.text) for ref, cell in cells_of(content, name).items()}


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, (2024, 7, 1, 8, 0, 0))
            archive.writestr(entry, data, method)
    return buffer.getvalue()


def xlsx_parts(
    rows: str = "",
    *,
    before: str = "",
    after: str = "",
    strings: Iterable[str] = (),
    formats: Iterable[str] = (),
    workbook: str = "",
    namespace: str = MAIN,
    office: str = OFFICE,
) -> Parts:
    """The parts of a workbook with one sheet.

    Args:
        rows: inside `sheetData`.
        before: in front of `sheetData` (`cols` …).
        after: behind it (`mergeCells` …).
        strings: inside each `si`.
        formats: number formats; cell style n has the n-th, style 0 is General.
        workbook: in front of `sheets` (`workbookPr` …).
        namespace: of the spreadsheet's elements.
        office: of `r:id` and of the relationships' types.
    """
    formats = list(formats)
    number_formats = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for at, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(formats)))
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relationships({"rId1": (f"{office}/officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{namespace}" xmlns:r="{office}">{workbook}'
        '<sheets><sheet name="进展" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships(
            {
                "rId1": (f"{office}/worksheet", "worksheets/sheet1.xml"),
                "rId2": (f"{office}/styles", "styles.xml"),
                "rId3": (f"{office}/sharedStrings", "sharedStrings.xml"),
            }
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{namespace}" xmlns:r="{office}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>",
        "xl/styles.xml": f'<styleSheet xmlns="{namespace}"><numFmts>{number_formats}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{namespace}">{"".join(f"<si>{string}</si>" for string in strings)}</sst>',
    }


def xlsx(rows: str = "", **options: object) -> bytes:
    """The workbook of `xlsx_parts`."""
    return zipped(xlsx_parts(rows, **options))  # type: ignore[arg-type]  # passed on as given


def _relationships(relations: Mapping[str, tuple[str, str]]) -> str:
    return f'<Relationships xmlns="{PACKAGE}">' + "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, (kind, target) in relations.items()
    ) + "</Relationships>"  # fmt: skip


# .xls: records, and the compound file around them.


def record(kind: int, *fields: bytes) -> bytes:
    """One BIFF record."""
    data = b"".join(fields)
    return struct.pack("<2H", kind, len(data)) + data


def wide(text: str, length_size: int = 2) -> bytes:
    """A BIFF 8 string of wide characters."""
    return len(text).to_bytes(length_size, "little") + b"\1" + text.encode("utf-16-le")


def at(row: int, column: int, style: int = 0) -> bytes:
    """Row, column (from 0) and XF of a cell record."""
    return struct.pack("<3H", row, column, style)


def biff8(sheet: bytes, *, strings: bytes = b"", formats: Iterable[str] = (), extra: bytes = b"") -> bytes:
    """A workbook stream with one sheet whose records are *sheet*; XF n has the n-th format, XF 0 General."""
    formats = list(formats)
    bof = record(0x809, struct.pack("<2H", 0x600, 5), bytes(12))
    settings = b"".join(
        [
            *(record(0x41E, struct.pack("<H", 164 + n), wide(code)) for n, code in enumerate(formats)),
            record(0xE0, struct.pack("<2H", 0, 0), bytes(16)),
            *(record(0xE0, struct.pack("<2H", 0, 164 + n), bytes(16)) for n in range(len(formats))),
            strings,
            extra,
        ]
    )
    name = b"\4\1" + "进展情况".encode("utf-16-le")
    bound = 4 + 6 + len(name)
    offset = len(bof) + bound + len(settings) + 4
    globals_ = bof + record(0x85, struct.pack("<IH", offset, 0), name) + settings + record(0x0A)
    return globals_ + record(0x809, struct.pack("<2H", 0x600, 0x10), bytes(12)) + sheet + record(0x0A)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these root streams, each padded so that none is a mini stream."""
    sector = 512
    names = ["Root Entry", *streams]
    data = [stream.ljust(4096, b"\0") for stream in streams.values()]
    counts = [-(-len(stream) // sector) for stream in data]
    directory_sectors = -(-len(names) * 128 // sector)
    fat: list[int] = []
    for count in (directory_sectors, *counts):
        fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
    fat_sectors = -(-(len(fat) + 2) // 126)
    fat_at = len(fat)
    fat += [0xFFFFFFFD] * fat_sectors
    entries, first = [], directory_sectors
    for number, name in enumerate(names):
        raw = name.encode("utf-16-le")
        child = 1 if number == 0 else 0xFFFFFFFF
        right = number + 1 if 0 < number < len(names) - 1 else 0xFFFFFFFF
        size = 0 if number == 0 else len(streams[name]) if len(streams[name]) >= 4096 else 4096
        start = 0xFFFFFFFE if number == 0 else first
        first += counts[number - 1] if number else 0
        entries.append(
            raw.ljust(64, b"\0")
            + struct.pack("<HBB3I", len(raw) + 2, 5 if number == 0 else 2, 1, 0xFFFFFFFF, right, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
        + struct.pack("<8I", fat_sectors, 0, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<109I", *range(fat_at, fat_at + fat_sectors), *[0xFFFFFFFF] * (109 - fat_sectors))
    )  # fmt: skip
    body = b"".join(entries).ljust(directory_sectors * sector, b"\0")
    body += b"".join(stream.ljust(-(-len(stream) // sector) * sector, b"\0") for stream in data)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * sector, b"\xff")
    return header + body + table


def xls(sheet: bytes, **options: object) -> bytes:
    """An `.xls` file of `biff8`."""
    return compound({"Workbook": biff8(sheet, **options)})  # type: ignore[arg-type]  # passed on as given


# .ods


def ods(rows: str, *, styles: str = "", columns: str = "", table: str = "") -> bytes:
    """An `.ods` file with one table."""
    names = ("office", "table", "text", "style")
    urns = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    draw = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f"<office:document-content {urns} {draw} {calc}><office:automatic-styles>{styles}</office:automatic-styles>"
        f'<office:body><office:spreadsheet><table:table table:name="进展" {table}>{columns}{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


# .xlsb


def binary(kind: int, data: bytes = b"") -> bytes:
    """One BIFF 12 record."""
    return _seven_bits(kind) + _seven_bits(len(data)) + data


def text12(text: str) -> bytes:
    """A wide string of `.xlsb`."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(sheet: bytes, *, strings: Iterable[str] = (), formats: Iterable[str] = ()) -> bytes:
    """An `.xlsb` file with one sheet of these records."""
    formats, strings = list(formats), list(strings)
    bundle = binary(156, struct.pack("<2I", 0, 1) + text12("rId1") + text12("进展"))
    codes = [binary(44, struct.pack("<H", 164 + n) + text12(code)) for n, code in enumerate(formats)]
    cell_formats = [binary(47, struct.pack("<2H", 0, n) + bytes(12)) for n in (0, *range(164, 164 + len(formats)))]
    styles = [binary(278), binary(615, struct.pack("<I", len(codes))), *codes, binary(616)]
    styles += [binary(617, struct.pack("<I", len(cell_formats))), *cell_formats, binary(618), binary(279)]
    count = struct.pack("<2I", len(strings), len(strings))
    texts = [binary(159, count), *(binary(19, b"\0" + text12(string)) for string in strings), binary(160)]
    used = binary(148, struct.pack("<4I", 0, 9, 0, 9))
    parts = xlsx_parts()
    rels = _relationships(
        {
            "rId1": (f"{OFFICE}/worksheet", "worksheets/sheet1.bin"),
            "rId2": (f"{OFFICE}/styles", "styles.bin"),
            "rId3": (f"{OFFICE}/sharedStrings", "sharedStrings.bin"),
        }
    )
    return zipped(
        {
            "[Content_Types].xml": parts["[Content_Types].xml"],
            "_rels/.rels": _relationships({"rId1": (f"{OFFICE}/officeDocument", "xl/workbook.bin")}),
            "xl/workbook.bin": b"".join([binary(131), binary(143), bundle, binary(144), binary(132)]),
            "xl/_rels/workbook.bin.rels": rels,
            "xl/worksheets/sheet1.bin": b"".join([binary(129), used, binary(145), sheet, binary(146), binary(130)]),
            "xl/styles.bin": b"".join(styles),
            "xl/sharedStrings.bin": b"".join(texts),
        }
    )


def _seven_bits(number: int) -> bytes:
    data = b""
    while True:
        number, low = number >> 7, number & 0x7F
        data += bytes([low | (0x80 if number else 0)])
        if not number:
            return data
