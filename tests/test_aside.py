"""A file is the old one or the new one; what is no file is never replaced by one."""

import errno
import os
from pathlib import Path

import pytest

from xiangning_zyz import aside
from xiangning_zyz.aside import sweep, write_aside


def test_a_file_is_written_over_whole(tmp_path):
    target = tmp_path / "简报.md"
    for content in (b"old and long", b"new"):
        write_aside(target, content)
        assert target.read_bytes() == content
    assert list(tmp_path.iterdir()) == [target]


def test_a_name_of_the_greatest_length_can_be_written(tmp_path):
    write_aside(tmp_path / ("长" * 85), b"x")
    assert [len(os.fsencode(path.name)) for path in tmp_path.iterdir()] == [255]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_when_writing_fails_the_old_file_stays_and_nothing_else(tmp_path, monkeypatch, call):
    target = tmp_path / "a.json"
    target.write_bytes(b"old")

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((aside.os, "fsync") if call == "fsync" else (Path, "replace")), fail)
    with pytest.raises(OSError, match="No space") as refusal:
        write_aside(target, b"new")
    assert refusal.value.filename == str(target), "the temporary name means nothing to anyone"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.json", b"old")]


@pytest.mark.skipif(os.name == "nt", reason="needs leave to make links on Windows")
def test_a_link_stays_and_its_file_is_written(tmp_path):
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "real" / "a.json")
    for content in (b"1", b"2"):
        write_aside(link, content)
        assert link.is_symlink()
        assert (tmp_path / "real" / "a.json").read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes among files")
def test_a_pipe_or_device_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_aside(pipe, b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert pipe.is_fifo()


def test_sweeping_takes_only_what_was_left_unfinished(tmp_path):
    for name in (".zyz-7.tmp", ".zyz-7.tmp-journal", ".other.tmp", "zyz-7.tmp", "a.xlsx"):
        (tmp_path / name).touch()
    sweep(tmp_path)
    sweep(tmp_path / "not there")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".other.tmp", "a.xlsx", "zyz-7.tmp"]
