"""What the system refuses becomes one Chinese sentence and the right exit code (CONTRACT §5)."""

import errno

import pytest

from xiangning_zyz.stop import refused


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        (errno.ENOSPC, 75, "检查磁盘空间"),
        (errno.EFBIG, 75, "检查磁盘空间"),
        (errno.EIO, 75, "检查磁盘空间"),
        (errno.EMFILE, 75, "系统资源不足"),
        (errno.ENOMEM, 75, "系统资源不足"),
        (errno.EACCES, 3, "权限"),
        (errno.EPERM, 3, "权限"),
        (errno.EROFS, 3, "写保护"),
        (errno.ENOENT, 3, "没有找到"),
        (errno.EISDIR, 3, "是文件夹"),
        (errno.ENAMETOOLONG, 3, "name too long"),
    ],
    ids=lambda value: errno.errorcode.get(value, "") if isinstance(value, int) else "",
)
def test_a_refusal_of_the_system_names_the_file_and_what_to_do(number, code, says):
    stop = refused(OSError(number, "name too long", "报告.docx"))
    assert stop.code == code
    assert says in str(stop)
    assert "报告.docx" in str(stop) or number in (errno.EMFILE, errno.ENOMEM)
    assert str(stop).endswith("。")


def test_a_refusal_without_a_file_is_about_the_output():
    assert str(refused(OSError(errno.ENOSPC, "No space left on device"))).startswith("输出内容 写不进磁盘")
