"""Damaged files of every kind end in a book or a problem, never in an exception that nobody foresaw.

Half the damage is done to bytes, half inside the parts of archives that are then packed again, so
that it reaches the readers behind the checksums.
"""

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from reading_files import at, binary, ods, read_here, record, text12, wide, xls, xlsb, xlsx, zipped
from xiangning_zyz.intake.grid import Book, Failure

ROUNDS = 200  # of each kind; `docs/decisions/0003` tells of longer runs

XLSX = xlsx(
    '<row r="1" hidden="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>0.5</v></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="B2"><f>A1</f><v>1</v></c>'
    '<c r="C2" s="2"><v>45000</v></c></row>',
    strings=["<t>产值</t>", "<r><t>乡</t></r><rPh><t>x</t></rPh>"],
    formats=["0.0%", "yyyy/m/d"],
    before='<cols><col min="2" max="3" hidden="1"/></cols>',
    after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
)
XLS = xls(
    b"".join(
        [
            record(0x208, struct.pack("<H", 0), bytes(10), struct.pack("<H", 0x20), bytes(2)),
            record(0x7D, struct.pack("<5H", 0, 3, 0, 0, 1)),
            record(0xFD, at(0, 0), struct.pack("<I", 0)),
            record(0x203, at(0, 1, 1), struct.pack("<d", 0.0969)),
            record(0xBD, struct.pack("<2H", 1, 0), struct.pack("<HI", 0, 5) * 3, struct.pack("<H", 2)),
            record(0x06, at(2, 0), b"\0\0\0\0\0\0\xff\xff", bytes(6)),
            record(0x207, wide("合计")),
            record(0x205, at(2, 1), b"\7\1"),
            record(0xE5, struct.pack("<5H", 1, 0, 1, 0, 1)),
        ]
    ),
    strings=record(0xFC, struct.pack("<2I", 1, 2), wide("产值")) + record(0x3C, wide("户数")),
    formats=["0.00%"],
)
XLSB = xlsb(
    b"".join(
        [
            binary(0, struct.pack("<2I2HB", 0, 0, 300, 0x1000, 0) + bytes(4)),
            binary(7, struct.pack("<3I", 0, 0, 0)),
            binary(5, struct.pack("<2Id", 1, 1, 0.5)),
            binary(8, struct.pack("<2I", 2, 0) + text12("合计")),
            binary(3, struct.pack("<2IB", 3, 0, 7)),
            binary(176, struct.pack("<4I", 0, 1, 0, 1)),
        ]
    ),
    strings=["产值"],
    formats=["0.0%"],
)
ODS = ods(
    '<table:table-row table:visibility="collapse"><table:table-cell office:value-type="float" office:value="7.2" '
    'table:number-columns-spanned="2"><text:p>7.2亿元</text:p></table:table-cell><table:covered-table-cell/>'
    '<table:table-cell table:number-columns-repeated="3" office:value-type="date" office:date-value="2024-06-30">'
    "<text:p>a<text:s/>b</text:p></table:table-cell></table:table-row>"
)
CSV = '指标,本月\n产值,"4,12"\n户数,50\n'.encode("gbk")
ZIP = zipped({"甲.xlsx": XLSX, "乙.xls": XLS, "丙.csv": CSV})

FILES = {"xlsx": XLSX, "xls": XLS, "xlsb": XLSB, "ods": ODS, "csv": CSV, "zip": ZIP}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """*content* with a few bytes changed, cut out, doubled or cut off."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        length = chance.choice([1, 1, 2, 4, 16, 200])
        match chance.randrange(5):
            case 0:
                data[place : place + length] = chance.randbytes(length)
            case 1:
                del data[place : place + length]
            case 2:
                data[place:place] = data[place : place + length]
            case 3:
                data[place : place + 4] = chance.choice(
                    [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"9999"]
                )
            case 4 if chance.random() < 0.2:
                del data[place:]
    return bytes(data)


def damaged_inside(content: bytes, chance: random.Random) -> bytes:
    """An archive with damage in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    parts[name] = damaged(parts[name], chance)
    return zipped(parts)


@pytest.mark.parametrize("damage", [damaged, damaged_inside])
@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_ends_in_a_book_or_a_problem(kind: str, damage: Callable[[bytes, random.Random], bytes]):
    if damage is damaged_inside and kind in ("xls", "csv"):
        pytest.skip("no archive")
    for seed in range(ROUNDS):
        content = damage(FILES[kind], random.Random(seed))  # noqa: S311 - damage, not secrets
        results = read_here(content, f"报表.{kind}")

        assert results, seed
        for result in results:
            assert isinstance(result, Book | Failure)
            if isinstance(result, Failure):
                assert result.problem.code != "Z005", (seed, result)


def test_the_undamaged_files_are_read():
    for kind, content in FILES.items():
        for result in read_here(content, f"报表.{kind}"):
            assert isinstance(result, Book)
            assert result.sheets[0].cells
            assert not result.problems
