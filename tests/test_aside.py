"""A file is the old one or the new one; what is no file is never replaced by one."""

import errno
import os
from pathlib import Path

import pytest

from xiangning_zyz import aside
from xiangning_zyz.aside import make_folder, sweep, write_aside, write_together


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


def test_a_disk_that_takes_no_hint_writes_several_files_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(aside.sys, "platform", "darwin")
    contents = {tmp_path / name: name.encode() for name in ("a", "b")}
    write_together(contents, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == contents


def test_several_files_get_their_names_when_all_are_on_the_disk(tmp_path, monkeypatch):
    contents = {tmp_path / name: name.encode() for name in ("a", "b", "c")}
    synced = []
    monkeypatch.setattr(aside.os, "fsync", lambda _: synced.append([path.exists() for path in contents]))
    write_together(contents, tmp_path)
    assert synced[:3] == [[False] * 3] * 3
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == contents


@pytest.mark.parametrize(("call", "left"), [("fsync", set()), ("replace", {"a"})])
def test_when_several_are_written_and_one_fails_nothing_unfinished_stays(tmp_path, monkeypatch, call, left):
    contents = {tmp_path / name: name.encode() for name in ("a", "b")}
    owner = aside.os if call == "fsync" else Path
    real, calls = getattr(owner, call), []

    def fail_at_the_second(*args):
        calls.append(1)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args)

    monkeypatch.setattr(owner, call, fail_at_the_second)
    with pytest.raises(OSError, match="No space") as refusal:
        write_together(contents, tmp_path)
    assert refusal.value.filename == str(tmp_path / "b")
    assert {path.name for path in tmp_path.iterdir()} == left


def test_a_folder_is_made_with_all_above_it_once(tmp_path):
    for _ in range(2):
        make_folder(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()
