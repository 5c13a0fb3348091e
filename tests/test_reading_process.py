"""Files are read in a child process: in order, with the bytes that were read, and nothing a file does harms another."""

import gc
import hashlib
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reading_files import at, ods, record, xls, xlsx, zipped
from xiangning_zyz.intake.grid import Book, Failure, GridCell
from xiangning_zyz.intake.reading import confinement, limits, process
from xiangning_zyz.intake.reading.books import Reading, read, read_books
from xiangning_zyz.intake.reading.inside import read_inside
from xiangning_zyz.intake.reading.received import shown_name

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs what only POSIX systems have")


def sheet(value: int) -> bytes:
    return xlsx(f'<row r="1"><c r="A1"><v>{value}</v></c></row>')


def value_of(reading: Reading) -> str:
    result = reading.result
    return result.sheets[0].cells[1, 1].text if isinstance(result, Book) else result.problem.code


@pytest.fixture
def folder(tmp_path) -> Path:
    for number in range(7):
        (tmp_path / f"{number}.xlsx").write_bytes(sheet(number))
    return tmp_path


@pytest.fixture
def trapped(monkeypatch):
    """A child in which files named after a trap spring it."""
    traps = """
import os, time
from xiangning_zyz.intake.reading import child, documents, limits
recognise, send_documents = documents.recognise, child.send_documents
def trapped_recognise(name, content):
    if name == "abort.xlsx": os.abort()
    if name == "hang.xlsx": time.sleep(60)
    if name == "memory.xlsx": bytearray(limits.CHILD_MEMORY)
    if name == "bug.xlsx": raise KeyError
    return recognise(name, content)
def trapped_send(name, content, send):
    if name == "garbage.xlsx": send._write(b"B", b"[1]")
    if name == "endless.xlsx": os.write(1, b"R\\xff\\xff\\xff\\xff")
    send_documents(name, content, send)
documents.recognise, child.send_documents = trapped_recognise, trapped_send
child.main()
"""
    begin = process._START.partition(";")[0] + f"; sys.path.append({process._CODE!r})\n"
    monkeypatch.setattr(process, "_START", begin + traps)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_readings_come_in_order_whatever_the_number_of_workers(folder, workers):
    paths = sorted(folder.iterdir())

    readings = list(read_books(paths, workers))

    assert [(reading.path, value_of(reading)) for reading in readings] == [(path, path.stem) for path in paths]


def test_a_reading_holds_the_very_bytes_that_were_hashed(folder):
    (reading,) = read_books([folder / "3.xlsx"])

    assert reading.content == sheet(3)
    assert reading.result.sha256 == hashlib.sha256(sheet(3)).hexdigest()
    assert reading.result.file == "3.xlsx"


def test_members_of_a_zip_have_their_own_bytes_and_hashes(tmp_path):
    (tmp_path / "归档.zip").write_bytes(zipped({"甲.xlsx": sheet(1), "乙.txt": b"\0", "丙.xls": xls(b"")}))

    readings = list(read_books([tmp_path / "归档.zip"]))

    assert [each.result.file for each in readings] == ["归档.zip/甲.xlsx", "归档.zip/乙.txt", "归档.zip/丙.xls"]
    assert [each.content for each in readings] == [sheet(1), b"\0", xls(b"")]
    assert [each.result.sha256 for each in readings] == [hashlib.sha256(each.content).hexdigest() for each in readings]


@pytest.mark.usefixtures("trapped")
@pytest.mark.parametrize("trap", ["abort", "memory", "bug", "garbage", "endless"])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_breaks_its_reader_is_a_problem_on_that_file_alone(folder, trap, workers):
    (folder / f"{trap}.xlsx").write_bytes(sheet(9))
    paths = [folder / "0.xlsx", folder / "1.xlsx", folder / f"{trap}.xlsx", folder / "2.xlsx", folder / "3.xlsx"]

    readings = list(read_books(paths, workers))

    code = "Z004" if trap == "memory" else "Z005"
    assert [value_of(reading) for reading in readings] == ["0", "1", code, "2", "3"]
    assert readings[2].content == sheet(9)


@pytest.mark.usefixtures("trapped")
def test_a_file_that_takes_too_long_is_given_up_and_said_so(folder, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 3.0)
    (folder / "hang.xlsx").write_bytes(sheet(9))
    begun = time.monotonic()

    readings = list(read_books([folder / "0.xlsx", folder / "hang.xlsx", folder / "1.xlsx"]))

    assert [value_of(reading) for reading in readings] == ["0", "Z005", "1"]
    assert isinstance(readings[1].result, Failure)
    assert "超过 3 秒" in readings[1].result.problem.message
    assert time.monotonic() - begun < 15


def test_a_caller_may_take_longer_than_a_reader(folder, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 2.0)

    seen = []
    for reading in read_books([folder / "0.xlsx", folder / "1.xlsx", folder / "2.xlsx"]):
        if not seen:
            time.sleep(2.5)
        seen.append(value_of(reading))

    assert seen == ["0", "1", "2"]


def test_a_caller_that_stops_early_leaves_no_process_behind(folder, monkeypatch):
    begun = []
    start = subprocess.Popen

    def noted(*arguments, **options):
        begun.append(start(*arguments, **options))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    readings = read_books(sorted(folder.iterdir()), 2)
    next(readings)
    readings.close()

    assert len(begun) == 2
    assert all(each.poll() is not None for each in begun)


def test_one_child_reads_many_files(folder, monkeypatch):
    begun = []
    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **o: begun.append(1) or start(*a, **o))

    assert len(list(read_books(sorted(folder.iterdir())))) == 7
    assert begun == [1]


def test_the_child_loads_nothing_heavy_and_nothing_of_ours_that_it_does_not_need():
    code = process._START.replace("main()", "print(*sys.modules)")

    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    assert "xiangning_zyz.intake.reading.xlsx" in loaded
    assert not loaded & {
        "subprocess",
        "zipfile",
        "pathlib",
        "hashlib",
        "socket",
        "openpyxl",
        "python_calamine",
        "pickle",
    }


def test_the_child_does_not_see_the_environment(folder, monkeypatch):
    monkeypatch.setenv("ZYZ_SMTP_PASSWORD", "canary")
    given = []
    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **o: given.append(o["env"]) or start(*a, **o))

    assert read(folder / "0.xlsx")
    assert not set(given[0]) - {"SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}


@POSIX
def test_the_child_cannot_write_files(tmp_path):
    code = process._START.replace("main()", f"from {confinement.__name__} import confine; confine()")
    code += f"; open({str(tmp_path / 'x')!r}, 'wb', 0).write(b'1')"

    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, check=False)

    assert done.returncode != 0
    assert (tmp_path / "x").stat().st_size == 0


@pytest.mark.skipif(sys.platform != "win32", reason="job objects are Windows'")
def test_a_job_object_bounds_memory():
    code = f"import sys; sys.path.append({process._CODE!r}); from {confinement.__name__} import confine; confine(); "
    done = subprocess.run([sys.executable, "-c", code + "bytearray(2 << 30)"], capture_output=True, check=False)

    assert b"MemoryError" in done.stderr


def test_the_watching_thread_ends_a_process_that_takes_too_much(monkeypatch):
    """The twin for macOS, where address space cannot be limited; Linux runs it as well."""
    code = f"import sys; sys.path.append({process._CODE!r}); from {confinement.__name__} import _watch, limits; "
    code += "limits.CHILD_MEMORY = 1; _watch()"
    if os.name != "posix":
        pytest.skip("resource is POSIX only")

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == confinement.TOO_MUCH_MEMORY


# Files that are none


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(tmp_path, monkeypatch):
    (tmp_path / "a.xlsx").write_bytes(sheet(1))
    monkeypatch.setattr(limits, "FILE_BYTES", len(sheet(1)))
    assert isinstance(read(tmp_path / "a.xlsx")[0], Book)

    monkeypatch.setattr(limits, "FILE_BYTES", len(sheet(1)) - 1)
    assert code_of(tmp_path / "a.xlsx") == "Z004"


def code_of(path: Path) -> str:
    (result,) = read(path)
    assert isinstance(result, Failure)
    assert result.sha256 == ""
    return result.problem.code


def test_missing_files_and_folders_are_problems(tmp_path):
    assert code_of(tmp_path / "没有.xlsx") == "Z010"
    assert code_of(tmp_path) == "Z010"
    assert code_of(tmp_path / "没有.xlsx" / "a.xlsx") == "Z010"


@POSIX
def test_links_pipes_and_devices_are_refused_at_once(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(sheet(1))
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "a.xlsx")
    os.mkfifo(tmp_path / "pipe.xlsx")
    begun = time.monotonic()

    assert [code_of(tmp_path / "link.xlsx"), code_of(tmp_path / "pipe.xlsx"), code_of(Path("/dev/zero"))] == [
        "Z010"
    ] * 3
    assert time.monotonic() - begun < 2


@POSIX
def test_a_huge_sparse_file_is_refused_by_its_size(tmp_path):
    with (tmp_path / "a.xlsx").open("wb") as file:
        file.truncate(8 << 30)

    assert code_of(tmp_path / "a.xlsx") == "Z004"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(sheet(1))
    (tmp_path / "a.xlsx").chmod(0)

    assert code_of(tmp_path / "a.xlsx") == "Z010"


@pytest.mark.skipif(sys.platform != "linux", reason="macOS and Windows allow no such names")
def test_a_name_in_gbk_is_shown_in_chinese(tmp_path):
    raw = os.fsencode(tmp_path) + b"/" + "六月报表.xlsx".encode("gbk")
    Path(os.fsdecode(raw)).write_bytes(sheet(1))

    (reading,) = read_books([Path(os.fsdecode(raw))])

    assert reading.result.file == "六月报表.xlsx"
    assert shown_name(Path(os.fsdecode(b"\xff\xff.xlsx"))) == "\\xff\\xff.xlsx"


ONE_CELL = {
    "xlsx": sheet(1),
    "xls": xls(record(0x203, at(0, 0), struct.pack("<d", 1))),
    "csv": b"1\n",
    "ods": ods('<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'),
    "damaged": sheet(1)[:-30],
}


@pytest.mark.parametrize("kind", ONE_CELL)
def test_a_file_read_in_this_process_gives_what_the_child_gives(kind, tmp_path):
    path = tmp_path / f"a.{kind}"
    path.write_bytes(ONE_CELL[kind])

    assert [read_inside(path)] == list(read_books([path]))


def test_cells_full_of_long_words_are_left_to_the_child(tmp_path):
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 301))
    (tmp_path / "a.xlsx").write_bytes(xlsx(rows, strings=[f"<t>{'长' * 10_000}</t>"]))
    (tmp_path / "b.xlsx").write_bytes(xlsx(rows, strings=[f"<t>{'长' * 20_000}</t>"]))

    assert read_inside(tmp_path / "a.xlsx") is not None
    assert read_inside(tmp_path / "b.xlsx") is None


@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv", "ods"])
def test_a_book_no_longer_needed_is_let_go_at_once(kind, tmp_path):
    path = tmp_path / f"a.{kind}"
    path.write_bytes(ONE_CELL[kind])

    def cells() -> int:
        return sum(isinstance(thing, GridCell) for thing in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = cells()
        read_inside(path)
        assert cells() == before
    finally:
        gc.enable()
