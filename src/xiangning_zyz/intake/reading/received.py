"""The bytes of a received file: opened once, read once, so that nothing can be swapped in between."""

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.intake.grid import Book, Failure
from xiangning_zyz.intake.reading import limits
from xiangning_zyz.intake.reading.refusal import Refused, too_large
from xiangning_zyz.problem import CANNOT_OPEN

# O_NONBLOCK: opening a named pipe must not wait for its writer. Windows has neither flag, nor pipes and
# devices in folders; a symbolic link there is looked for beforehand.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_WHY = {
    errno.ENOENT: "文件不存在",
    errno.ENOTDIR: "文件不存在",
    errno.EACCES: "没有读取权限",
    errno.EPERM: "没有读取权限",
    errno.EISDIR: "这是文件夹",
    errno.ELOOP: "这是符号链接",
    errno.ENXIO: "不是普通文件",
    errno.ENAMETOOLONG: "文件名过长",
}


class Reading(NamedTuple):
    """One workbook as read: of a zip, one for each member, in its order."""

    path: Path  # the file it came in
    content: bytes  # the very bytes that were read and hashed: the file's, or the zip member's own
    result: Book | Failure


def received_bytes(path: Path) -> bytes:
    """The whole of a regular file; `Refused` for links, folders, pipes, devices and files too large."""
    if not hasattr(os, "O_NOFOLLOW") and path.is_symlink():
        raise Refused(CANNOT_OPEN, why=_WHY[errno.ELOOP])
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            return _read(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Refused(CANNOT_OPEN, why=_WHY.get(error.errno or 0, error.strerror or "原因不明")) from error


def shown_name(path: Path) -> str:
    """The file's name without folder as valid text; a name that is not UTF-8 is taken for GBK, or its bytes shown."""
    raw = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def _read(descriptor: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise Refused(CANNOT_OPEN, why="这是文件夹" if stat.S_ISDIR(status.st_mode) else "不是普通文件")
    if status.st_size > limits.FILE_BYTES:
        raise too_large(f"大于 {limits.FILE_BYTES >> 20} MB")
    pieces = []
    size = 0
    ask = min(status.st_size + 1, 1 << 20)
    while piece := os.read(descriptor, ask):
        pieces.append(piece)
        size += len(piece)
        if size > limits.FILE_BYTES:  # it grew meanwhile
            raise too_large(f"大于 {limits.FILE_BYTES >> 20} MB")
    return b"".join(pieces)
