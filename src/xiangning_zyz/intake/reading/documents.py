"""One received file into frames: tells what it is, calls its reader, and turns refusals into problems."""

import posixpath

from xiangning_zyz.intake.reading import delimited, limits, ods, xls, xlsb, xlsx
from xiangning_zyz.intake.reading.archive import Archive
from xiangning_zyz.intake.reading.container import Container, recognise
from xiangning_zyz.intake.reading.packing import CONTENT, END, MEMBER, Packer, Send, send_failure
from xiangning_zyz.intake.reading.refusal import Refused, too_large
from xiangning_zyz.problem import NOT_A_SPREADSHEET, NOTHING_TO_READ, READER_FAILED


def send_documents(name: str, content: bytes, send: Send) -> None:
    """Send all that the file *name* holds, in the frames that `packing.py` describes."""
    archive = _send_document(name, content, send)
    if archive:
        members = [member for member in archive.names() if not _is_litter(member)]
        for member in members:
            _send_member(name, member, archive, send)
        if not members:
            send_failure(send, name, Refused(NOTHING_TO_READ, why="压缩包是空的"))
    send(END, b"")


def _send_document(name: str, content: bytes, send: Send) -> Archive | None:
    """Send one workbook, or what keeps it from being read; a zip of files is only returned."""
    try:
        container = recognise(name, content)
        if container.kind == "zip":
            return container.archive
        _read(name, container, Packer(name, send))
    except Refused as refused:
        send_failure(send, name, refused)
    except MemoryError:
        send_failure(send, name, too_large("读取所需内存超过限制"))
    except Exception as error:  # a reader met what nobody foresaw: this file is lost, no other
        send_failure(send, name, Refused(READER_FAILED, why=f"内容与格式不符（{type(error).__name__}）"))
    return None


def _send_member(name: str, member: str, archive: Archive, send: Send) -> None:
    send(MEMBER, member.encode())
    try:
        content = archive.read(member)
        if len(content) > limits.FILE_BYTES:
            raise too_large(f"压缩包内的文件大于 {limits.FILE_BYTES >> 20} MB")
    except Refused as refused:
        send(CONTENT, b"")
        send_failure(send, f"{name}/{member}", refused)
        return
    send(CONTENT, content)
    if _send_document(f"{name}/{member}", content, send):
        send_failure(send, f"{name}/{member}", Refused(NOT_A_SPREADSHEET, what="压缩包中的压缩包"))


def _is_litter(member: str) -> bool:
    """What systems and office programs leave in folders, and senders zip along unawares."""
    base = posixpath.basename(member).lower()
    return base.startswith((".", "~$")) or base in ("thumbs.db", "desktop.ini") or member.startswith("__MACOSX/")


def _read(name: str, container: Container, packer: Packer) -> None:
    archive = container.archive
    if container.kind == "xls":
        xls.read(container.stream, _stem(name), packer)
    elif archive is None:
        delimited.read(container.text, packer)
    elif container.kind == "ods":
        ods.read(archive, packer)
    elif container.kind == "xlsb":
        xlsb.read(archive, container.part, packer)
    else:
        xlsx.read(archive, container.part, packer)


def _stem(name: str) -> str:
    return posixpath.splitext(posixpath.basename(name))[0]
