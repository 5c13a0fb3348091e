"""What a file is, is told by its content, and each kind of unreadable file says what it is."""

import zipfile

import pytest

from reading_files import (
    OFFICE,
    PACKAGE,
    book_of,
    compound,
    ods,
    read_here,
    refusal_of,
    shown,
    xls,
    xlsb,
    xlsx,
    xlsx_parts,
    zipped,
)
from xiangning_zyz.intake.grid import Book, Failure

ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("content", "container"),
    [
        (xlsx(ROW), "xlsx"),
        (xls(b""), "xls"),
        (xlsb(b""), "xlsb"),
        (ods(""), "ods"),
        (b"a,b\n1,2\n", "csv"),
    ],
)
@pytest.mark.parametrize("name", ["报表.xls", "报表.xlsx", "报表.csv", "报表", "~$报表.xlsx"])
def test_the_name_does_not_matter(content, container, name):
    if container == "csv" and name.startswith("~$"):
        return  # no container at all: there the name is the only clue
    assert book_of(content, name).container == container


def package(target: str) -> bytes:
    relation = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="{target}"/>'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{relation}</Relationships>',
            target: "<x/>",
        }
    )


FRAMESET = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><meta name="Excel Workbook Frameset">'


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "Z001", "文件为空"),
        (bytes(5000), "Z001", "内容全部为零"),
        (b"%PDF-1.7\n", "Z003", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "Z003", "图片"),
        (b"\xff\xd8\xff\xe0", "Z003", "图片"),
        (b"Rar!\x1a\x07\0", "Z003", "RAR"),
        (package("word/document.xml"), "Z003", "Word"),
        (package("ppt/presentation.xml"), "Z003", "演示文稿"),
        (compound({"WordDocument": b"x"}), "Z003", "Word"),
        (compound({"Contents": b"x"}), "Z003", "其他类型"),
        (b"\x09\x00\x04\x00\x02\x00\x10\x00", "Z003", "Excel 4.0"),
        ("\ufeff <html><table><tr><td>1</td></tr></table></html>".encode(), "Z003", "网页（HTML）"),
        (b"<table border=1><tr><td>1,2</td></tr></table>", "Z003", "网页（HTML）"),
        (FRAMESET.encode(), "Z003", "网页框架"),
        (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "Z003", "XML 表格 2003"),
        (b'<?xml version="1.0"?><a>1,2</a>', "Z003", "XML 文件"),
        (b"MIME-Version: 1.0\nContent-Type: a;b\n", "Z003", "MHT"),
        (b"{\\rtf1\\ansi}", "Z003", "RTF"),
        (b'[{"a": 1, "b": 2}]\n', "Z003", "JSON"),
        (b"ID;PWXL;N;E\nC;Y1;X1;K1\n", "Z003", "SYLK"),
        (b"\x01\x02\x03\0\x04", "Z003", "无法识别"),
        (zipped({"OFD.xml": "<x/>", "Doc_0/Document.xml": "<x/>"}), "Z003", "OFD"),
        (zipped({"[Content_Types].xml": "<Types/>", "a.xml": "<a/>"}), "Z001", "缺少工作簿"),
        (bytes([3]) + b"lwj".ljust(54) + bytes([3, 0]) + "lwj".encode("utf-16-le").ljust(108), "Z006", "临时文件"),
        (bytes([3]) + b"lwj".ljust(54), "Z006", "临时文件"),
    ],
)  # fmt: skip
def test_each_kind_of_other_file_says_what_it_is(content, code, says):
    (failure,) = read_here(content, "6月报表.xls")

    assert isinstance(failure, Failure)
    assert failure.problem.code == code
    assert says in failure.problem.message


def test_an_office_lock_file_is_known_by_its_name_only_when_nothing_else_is():
    assert refusal_of(b",user,host,25.11.2026 07:00,file;", ".~lock.报表.ods#") == "Z006"
    assert refusal_of(b"\x05admin", "归档.zip/~$报表.xlsx") == "Z006"
    assert shown(xlsx(ROW), "~$报表.xlsx") == {"A1": ("number", "1")}


def test_a_zip_gives_one_result_for_each_member():
    nested = zipped({"再.xlsx": xlsx(ROW)})
    content = zipped(
        {"县工信局.xlsx": xlsx(ROW), "县文旅局/6月.xls": xls(b""), "说明.pdf": b"%PDF-1.4", "里面.zip": nested}
    )

    results = read_here(content, "归档.zip")

    assert [(each.file, each.container if isinstance(each, Book) else each.problem.code) for each in results] == [
        ("归档.zip/县工信局.xlsx", "xlsx"),
        ("归档.zip/县文旅局/6月.xls", "xls"),
        ("归档.zip/说明.pdf", "Z003"),
        ("归档.zip/里面.zip", "Z003"),
    ]


def test_names_in_a_zip_made_by_chinese_windows_are_gbk():
    raw = zipped({"AAAAAAAA.xlsx": xlsx(ROW)}).replace(b"AAAAAAAA", "工信报表".encode("gbk"))

    assert [each.file for each in read_here(raw, "a.zip")] == ["a.zip/工信报表.xlsx"]


def test_litter_in_a_zip_is_passed_over_and_an_empty_zip_says_so():
    litter = {"__MACOSX/._a.xlsx": b"x", ".DS_Store": b"x", "Thumbs.db": b"x", "甲/~$a.xlsx": b"x"}

    assert [each.file for each in read_here(zipped({**litter, "a.xlsx": xlsx(ROW)}), "a.zip")] == ["a.zip/a.xlsx"]
    assert refusal_of(zipped(litter), "a.zip") == "Z008"
    assert refusal_of(zipped({}), "a.zip") == "Z008"


def test_a_member_with_a_password_is_encrypted_and_the_others_are_read():
    content = bytearray(zipped({"a.xlsx": xlsx(ROW), "b.xlsx": xlsx(ROW)}, zipfile.ZIP_STORED))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8] |= 1

    results = read_here(bytes(content), "a.zip")

    assert isinstance(results[0], Book)
    assert isinstance(results[1], Failure)
    assert results[1].problem.code == "Z002"


def test_a_workbook_cut_short_is_damaged():
    content = xlsx(ROW)

    for cut in (4, 30, len(content) // 2, len(content) - 1):
        assert refusal_of(content[:cut]) == "Z001"


def test_one_flipped_byte_in_packed_data_is_noticed():
    parts = xlsx_parts(ROW)
    content = bytearray(zipped(parts, zipfile.ZIP_STORED))
    at = content.index(b"<v>1</v>")
    content[at + 3 : at + 4] = b"9"

    assert refusal_of(bytes(content)) == "Z001"
