"""Many files are read by worker processes; what they state, and what becomes of them, is the same as without."""

import pickle
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue

import pytest

from reading_files import zipped
from sheets import monthly
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.intake.grid import Book
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading import watched
from xiangning_zyz.intake.reading.process import ReadingProcess
from xiangning_zyz.jobs import stating, understanding, workers
from xiangning_zyz.jobs.plans import bundled_plan, open_plan
from xiangning_zyz.jobs.stating import state_files, with_sheets
from xiangning_zyz.jobs.workers import workers_for
from xiangning_zyz.jobs.workspace import Workspace

PLAN = open_plan(Workspace(bundled_plan().parent), keep=False)
NAMES = Names(PLAN)


@pytest.fixture(autouse=True)
def a_worker_for_any_file(monkeypatch):
    for module in (workers, stating):
        monkeypatch.setattr(module, "MANY", 1)


@pytest.fixture
def begun(monkeypatch):
    """The workers begun."""
    begun = []
    start = workers._start
    monkeypatch.setattr(workers, "_start", lambda: begun.append(child := start()) or child)
    return begun


def firms(count: int) -> bytes:
    return monthly(f"| 入驻企业 | 户 | | | {count} | |")


@pytest.fixture
def paths(tmp_path):
    contents = {
        "1.xlsx": firms(61),
        "2.xlsx": b"%PDF-1.7\n",
        "3.zip": zipped({"甲.xlsx": firms(62), "乙.xlsx": firms(63), "丙.txt": b"\0"}),
        "4.xlsx": monthly("| 入驻企业 | 户 | | | 约60 | |"),
        **{f"{number}.xlsx": firms(number) for number in range(50, 60)},
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


@pytest.fixture
def alone(paths):
    return list(state_files(PLAN, NAMES, Given(), paths))


def by_workers(paths):
    with workers_for(len(paths)) as crew:
        return list(state_files(PLAN, NAMES, Given(), paths, crew))


def light(stated):
    """What a worker sends: everything but the cells."""
    result = stated.result._replace(sheets=()) if isinstance(stated.result, Book) else stated.result
    return stated._replace(result=result)


def test_workers_state_what_the_parent_would_in_the_same_order(paths, alone, monkeypatch):
    assert [light(each) for each in by_workers(paths)] == [light(each) for each in alone]


def test_workers_join_in_while_the_parent_waits_for_answers(paths, alone, monkeypatch, begun):
    monkeypatch.setattr(workers, "_MOST", 3)
    monkeypatch.setattr(workers, "_BATCH", 2)
    monkeypatch.setattr(workers, "_AT_HAND", 2)
    monkeypatch.setattr(workers, "_WORTH", 0.0)

    assert [light(each) for each in by_workers(paths)] == [light(each) for each in alone]
    assert len(begun) == 3


def test_no_worker_joins_in_that_would_come_too_late(paths, alone, monkeypatch, begun):
    monkeypatch.setattr(workers, "_BATCH", 2)
    monkeypatch.setattr(workers, "_WORTH", 3600.0)

    assert [light(each) for each in by_workers(paths)] == [light(each) for each in alone]
    assert len(begun) == 1


def test_pipes_that_hold_less_than_an_answer_only_make_them_wait(paths, alone, monkeypatch):
    monkeypatch.setattr(watched, "_ROOM", 4096)  # as on Windows

    assert [light(each) for each in by_workers(paths)] == [light(each) for each in alone]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_few_files_come_through_workers_too(paths, alone, monkeypatch, count):
    stated = by_workers(paths[:count])

    assert [light(each) for each in stated] == [light(each) for each in alone if each.path in paths[:count]]


def test_the_cells_of_a_returned_sheet_are_read_again_from_its_bytes(paths, alone, monkeypatch):
    stated = [each for each in by_workers(paths) if isinstance(each.result, Book)]
    for path in paths:
        path.unlink()

    whole = [each.result for each in alone if isinstance(each.result, Book)]
    process = ReadingProcess()
    assert [with_sheets(each, process) for each in stated] == whole
    process.stop()


def says(answer: str) -> str:
    """The start of a worker that says but this."""
    start = f"from xiangning_zyz.jobs.answers import _framed; sys.stdout.buffer.write(_framed({answer}))"
    return f"import sys; sys.path.insert(0, {workers._CODE!r}); {start}"


@pytest.mark.parametrize(
    "start",
    [
        "raise SystemExit",
        says("b'no pickle at all'"),
        says("b'cos\\nsystem\\n(Vtouch taken-over\\ntR.'"),
        says("b'cbuiltins\\nexec\\n(Vopen(\"taken-over\", \"w\")\\ntR.'"),
        "import sys; sys.stdout.buffer.write(b'\\xff' * 4000); sys.stdout.flush()",
        workers._START.replace("work()", "from xiangning_zyz.jobs import understanding;"
        "understanding.spoken = lambda stated: b'no answer' * 999 if stated.path.name == '1.xlsx' else 1 / 0; work()"),
    ],
)  # fmt: skip
def test_if_a_worker_dies_the_parent_goes_on_alone(tmp_path, paths, alone, monkeypatch, start):
    monkeypatch.setattr(workers, "_START", start)

    monkeypatch.chdir(tmp_path)
    stated = by_workers(paths)

    assert [light(each) for each in stated] == [light(each) for each in alone]
    assert not (tmp_path / "taken-over").exists()


def worker_that(at_4: str) -> str:
    """The start of a worker that answers as it should, but for 4.xlsx."""
    patch = "understanding.read_inside = lambda path, read=understanding.read_inside: "
    patch += f"{at_4} if path.name == '4.xlsx' else read(path); "
    return workers._START.replace(
        "from xiangning_zyz.jobs.understanding import work;",
        f"import xiangning_zyz.jobs.understanding as understanding; {patch}work = understanding.work;",
    )


@pytest.mark.parametrize("end", ["__import__('os')._exit(3)", "__import__('time').sleep(60)", "bytearray(2 << 30)"])
def test_a_file_that_ends_or_hangs_a_worker_is_read_alone_and_another_goes_on(paths, alone, monkeypatch, begun, end):
    monkeypatch.setattr(workers, "_PATIENCE", 1.0)
    monkeypatch.setattr(workers, "_START", worker_that(end))
    read_alone = []
    monkeypatch.setattr(
        stating, "readings_of", lambda path, process: read_alone.append(path.name) or ALONE(path, process)
    )

    stated = by_workers(paths)

    assert [light(each) for each in stated] == [light(each) for each in alone]
    assert read_alone == ["3.zip", "4.xlsx"]
    assert len(begun) == 2


def test_a_worker_sees_no_secret_of_ours(tmp_path, paths, monkeypatch):
    monkeypatch.setenv("ZYZ_DATABASE_URL", "postgresql://secret")
    seen = tmp_path / "seen"
    monkeypatch.setattr(workers, "_START", f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")

    by_workers(paths[:2])

    assert seen.exists()
    assert "secret" not in seen.read_text(encoding="utf-8")


def test_a_reader_that_stops_early_leaves_no_worker_behind(paths, begun):
    with workers_for(len(paths)) as crew:
        next(state_files(PLAN, NAMES, Given(), paths, crew))

    assert [child.running() for child in begun] == [False]


@pytest.mark.parametrize(("files", "started"), [(3, 0), (4, 1)])
def test_many_files_named_on_the_command_line_have_a_worker_started_at_once(
    tmp_path, monkeypatch, begun, files, started
):
    monkeypatch.setattr(workers, "MANY", 4)
    (tmp_path / "县文旅局").mkdir()
    for number in range(2, files + 1):
        (tmp_path / "县文旅局" / f"{number}.xlsx").write_bytes(firms(number))
    (tmp_path / "1.xlsx").write_bytes(firms(1))

    workers.start_ahead([str(tmp_path / "1.xlsx"), str(tmp_path / "县文旅局")])
    assert len(begun) == started

    with workers_for(files):
        assert len(begun) == started
    assert not any(child.running() for child in begun)


def test_a_worker_that_cannot_be_started_ahead_is_no_matter_yet(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise BlockingIOError

    monkeypatch.setattr(subprocess, "Popen", refused)
    (tmp_path / "1.xlsx").write_bytes(firms(1))

    workers.start_ahead([str(tmp_path)])

    assert workers._ahead == []


@pytest.mark.parametrize("end", [b"", pickle.dumps(("丙.xlsx",))[:9]])
def test_a_worker_ends_when_its_parent_does_even_in_mid_word(end):
    paths: SimpleQueue[str] = SimpleQueue()

    understanding._listen(BytesIO(pickle.dumps(("甲.xlsx", "乙.xlsx")) + end), paths)

    assert [paths.get_nowait() for _ in range(3)] == ["甲.xlsx", "乙.xlsx", ""]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_that_nobody_takes_ends_with_who_started_it(tmp_path):
    for number in range(workers.MANY):
        (tmp_path / f"{number}.xlsx").touch()
    code = (
        "import sys; from xiangning_zyz.jobs import workers; workers.MANY = 1\n"
        "workers.start_ahead(sys.argv[1:]); print(workers._ahead[0]._workers[0]._child._process.pid, flush=True)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    process = Path("/proc", run.stdout.strip(), "cmdline")
    until = time.monotonic() + 10
    while process.exists() and process.read_bytes():  # empty: ended, and nobody has asked how
        assert time.monotonic() < until
        time.sleep(0.05)


ALONE = stating.readings_of
