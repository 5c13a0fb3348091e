"""What a received file is, by its content: names lie (70 of 2,627 fixtures, and one real file of 118)."""

import re
from typing import Literal, NamedTuple

from xiangning_zyz.intake.reading.archive import Archive
from xiangning_zyz.intake.reading.compound import MAGIC as COMPOUND
from xiangning_zyz.intake.reading.compound import Compound
from xiangning_zyz.intake.reading.delimited import decoded
from xiangning_zyz.intake.reading.package import relations_of
from xiangning_zyz.intake.reading.refusal import Refused, damaged
from xiangning_zyz.problem import ENCRYPTED, LOCK_FILE, NOT_A_SPREADSHEET


class Container(NamedTuple):
    """A file that can be read, opened as far as needed to tell what it is."""

    kind: Literal["xlsx", "xlsb", "ods", "xls", "csv", "zip"]
    archive: Archive | None = None  # of xlsx, xlsb, ods and zip
    part: str = ""  # the workbook part of xlsx and xlsb
    stream: bytes = b""  # the records of xls
    text: str = ""  # of csv


_PICTURE = "图片"
_BY_FIRST_BYTES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"{\\rtf", "Word 文档（RTF）"),
    (b"SQLite format 3", "数据库文件"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    # Workbooks of one sheet, from before 1993: BIFF 2, 3 and 4.
    (b"\x09\x00\x04\x00", "Excel 4.0 或更早的表格"),
    (b"\x09\x02\x06\x00", "Excel 4.0 或更早的表格"),
    (b"\x09\x04\x06\x00", "Excel 4.0 或更早的表格"),
)
_COMPOUND_STREAMS = (
    ("WordDocument", "Word 文档"),
    ("PowerPoint Document", "演示文稿"),
    ("__properties_version1.0", "邮件"),
)
_OFFICE_FOLDERS = (("word/", "Word 文档"), ("ppt/", "演示文稿"), ("visio/", "Visio 图"))
_ZIP_PARTS = (("OFD.xml", "OFD 版式文件"), ("Index/Document.iwa", "苹果 Numbers 表格"))
_SPREADSHEET_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_TEXTS: tuple[tuple[str, str], ...] = (
    (r"<meta\s+name=.?excel workbook frameset|<frameset", "网页框架，数据在没有随附的 .files 文件夹里"),
    ("urn:schemas-microsoft-com:office:spreadsheet", "XML 表格 2003"),
    (r"^\s*<(!doctype\s+html|html|head|body|table|meta|div|style|script)", "网页（HTML）"),
    (r"^\s*(<\?xml|<!doctype|<!--|<[a-z][\w:.-]*[\s/>])", "XML 文件"),
    (r"^(mime-version|from|date|subject|content-type):", "网页归档（MHT）或邮件"),
    (r"^id;p", "SYLK 表格"),
    (r"^\s*[\[{]\s*[\"\[{]", "JSON 文件"),
)


def recognise(name: str, content: bytes) -> Container:
    """Tell what *content* is; `Refused`, each in its own words, for all that is not a workbook.

    *name* only decides whether something unreadable is an office program's lock file.
    """
    if not content.strip(b"\0"):
        raise damaged("文件为空" if not content else "内容全部为零，可能没有保存完整")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(Archive(content))
    if content.startswith(COMPOUND):
        return _compound(Compound(content))
    if content.startswith(b"\x09\x08") and content[3:4] == b"\0":
        return Container("xls", stream=content)
    if _is_lock(name, content):
        raise Refused(LOCK_FILE)
    for first, what in _BY_FIRST_BYTES:
        if content.startswith(first):
            raise Refused(NOT_A_SPREADSHEET, what=what)
    return _text(content)


def _zipped(archive: Archive) -> Container:
    if "mimetype" in archive:
        return _open_document(archive)
    main = next((each for each in relations_of(archive, "").values() if each.kind == "officeDocument"), None)
    part = main.target if main else "xl/workbook.xml"
    for folder, what in _OFFICE_FOLDERS:
        if part.lower().startswith(folder):
            raise Refused(NOT_A_SPREADSHEET, what=what)
    if part in archive:
        return Container("xlsb" if part.lower().endswith(".bin") else "xlsx", archive, part)
    for known, what in _ZIP_PARTS:
        if known in archive:
            raise Refused(NOT_A_SPREADSHEET, what=what)
    if "[Content_Types].xml" in archive:
        raise damaged("缺少工作簿的内容")
    return Container("zip", archive)


def _open_document(archive: Archive) -> Container:
    if not archive.read("mimetype").decode("ascii", "replace").startswith(_SPREADSHEET_TYPE):
        raise Refused(NOT_A_SPREADSHEET, what="其他类型的文档")
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refused(ENCRYPTED)
    if "content.xml" not in archive:
        raise damaged("缺少表格的内容")
    return Container("ods", archive)


def _compound(compound: Compound) -> Container:
    if "EncryptedPackage" in compound or "EncryptionInfo" in compound:
        raise Refused(ENCRYPTED)
    for stream in ("Workbook", "Book"):  # a file for Excel 95 and 97 alike holds both; the newer is whole
        if stream in compound:
            return Container("xls", stream=compound.read(stream))
    for stream, what in _COMPOUND_STREAMS:
        if stream in compound:
            raise Refused(NOT_A_SPREADSHEET, what=what)
    raise Refused(NOT_A_SPREADSHEET, what="其他类型的文档")


def _is_lock(name: str, content: bytes) -> bool:
    """Whether this is the owner file that Excel, WPS (`~$`, `.~`) or LibreOffice keep beside an open workbook.

    Excel's is 55 or 165 bytes: the length of the user's name, the name, then padding.
    """
    if name.rpartition("/")[2].startswith(("~$", ".~")):
        return True
    padding = content[1 + content[0] : 55]
    return len(content) in (55, 165) and 0 < content[0] < 55 and not padding.strip(b" \0")


def _text(content: bytes) -> Container:
    text = decoded(content)
    head = text[:8192].lower()
    for pattern, what in _TEXTS:
        if re.search(pattern, head, re.ASCII):
            raise Refused(NOT_A_SPREADSHEET, what=what)
    return Container("csv", text=text)
