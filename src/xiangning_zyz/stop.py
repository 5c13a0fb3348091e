"""Why a run stops before its work is done: one sentence for the user, one exit code (CONTRACT §5)."""

import errno

CANNOT_RUN = 3  # no workspace, plan invalid, ledger damaged
TRY_AGAIN = 75  # ledger busy, another run going on, disk full


class Stop(Exception):
    """The run cannot go on; `str()` is the Chinese sentence that says why and what to do."""

    code = CANNOT_RUN


class TryAgain(Stop):
    """The run cannot go on now; the same command may succeed later."""

    code = TRY_AGAIN


# By name: Windows does not know every one of them.
_NO_ROOM = {"ENOSPC", "EDQUOT", "EFBIG", "EIO"}
_TOO_BUSY = {"EMFILE", "ENFILE", "ENOMEM", "EAGAIN"}
_REFUSED = {
    "EACCES": "无法读写 {file}，请检查文件和文件夹的权限、磁盘是否写保护，或先关闭正在使用它的程序。",
    "ENOENT": "没有找到 {file}，请检查路径。",
    "EISDIR": "{file} 是文件夹，请写明文件名。",
}
_REFUSED |= {"EPERM": _REFUSED["EACCES"], "EROFS": _REFUSED["EACCES"], "ENOTDIR": _REFUSED["ENOENT"]}


def no_room(error: OSError) -> bool:
    """Whether the disk took no more: full, over quota or failing."""
    return errno.errorcode.get(error.errno or 0) in _NO_ROOM


def refused(error: OSError) -> Stop:
    """What the system reports about a file, for people."""
    file = error.filename or "输出内容"
    name = errno.errorcode.get(error.errno or 0, "")
    if no_room(error):
        return TryAgain(f"{file} 写不进磁盘，请检查磁盘空间后重试。")
    if name in _TOO_BUSY:
        return TryAgain("系统资源不足，请稍后重试。")
    return Stop(_REFUSED.get(name, "系统拒绝读写 {file}（{why}）。").format(file=file, why=error.strerror))
