"""Many files are read by worker processes; what they state, and what becomes of them, is the same as without."""

import subprocess

import pytest

from reading_files import zipped
from sheets import monthly
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.intake.grid import Book
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading import watched
from xiangning_zyz.intake.reading.process import ReadingProcess
from xiangning_zyz.jobs import stating, workers
from xiangning_zyz.jobs.plans import bundled_plan, open_plan
from xiangning_zyz.jobs.stating import state_files, with_sheets
from xiangning_zyz.jobs.workers import workers_for
from xiangning_zyz.jobs.workspace import Workspace

PLAN = open_plan(Workspace(bundled_plan().parent), keep=False)
NAMES = Names(PLAN)


@pytest.fixture(autouse=True)
def two_workers_for_any_file(monkeypatch):
    monkeypatch.setattr(workers, "_WORKERS", 2)
    for module in (workers, stating):
        monkeypatch.setattr(module, "MANY", 1)


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
    with workers_for(len(paths)) as started:
        return list(state_files(PLAN, NAMES, Given(), paths, started))


def light(stated):
    """What a worker sends: everything but the cells."""
    result = stated.result._replace(sheets=()) if isinstance(stated.result, Book) else stated.result
    return stated._replace(result=result)


def test_workers_state_what_the_parent_would_in_the_same_order(paths, alone, monkeypatch):
    assert [light(each) for each in by_workers(paths)] == [light(each) for each in alone]


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
    start = f"import sys; from xiangning_zyz.jobs.workers import SIZE; answer = {answer}; sys.stdout.buffer.write"
    return f"import sys; sys.path.insert(0, {workers._CODE!r}); {start}(SIZE.pack(len(answer)) + answer)"


@pytest.mark.parametrize(
    "start",
    [
        "raise SystemExit",
        says("b'no pickle at all'"),
        says("b'cos\\nsystem\\n(Vtouch taken-over\\ntR.'"),
        says("b'cbuiltins\\nexec\\n(Vopen(\"taken-over\", \"w\")\\ntR.'"),
        "import sys; sys.stdout.buffer.write(b'\\xff' * 4000); sys.stdout.flush()",
        workers._START.replace("work()", "from xiangning_zyz.jobs import understanding;"
        "understanding.spoken = lambda stated: b'no answer' if stated.path.name == '1.xlsx' else 1 / 0; work()"),
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
def test_a_file_that_ends_or_hangs_a_worker_is_read_alone_and_another_worker_goes_on(paths, alone, monkeypatch, end):
    monkeypatch.setattr(workers, "_PATIENCE", 1.0)
    monkeypatch.setattr(workers, "_START", worker_that(end))
    begun = []
    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **how: begun.append(args) or start(*args, **how))
    read_alone = []
    monkeypatch.setattr(
        stating, "readings_of", lambda path, process: read_alone.append(path.name) or ALONE(path, process)
    )

    stated = by_workers(paths)

    assert [light(each) for each in stated] == [light(each) for each in alone]
    assert read_alone == ["3.zip", "4.xlsx"]
    assert sum("understanding" in arguments[0][-1] for arguments in begun) == 3


def test_a_worker_sees_no_secret_of_ours(tmp_path, paths, monkeypatch):
    monkeypatch.setenv("ZYZ_DATABASE_URL", "postgresql://secret")
    seen = tmp_path / "seen"
    monkeypatch.setattr(workers, "_START", f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")

    by_workers(paths[:2])

    assert seen.exists()
    assert "secret" not in seen.read_text(encoding="utf-8")


def test_a_reader_that_stops_early_leaves_no_worker_behind(paths, monkeypatch):
    begun = []
    start = workers._start
    monkeypatch.setattr(workers, "_start", lambda: begun.append(child := start()) or child)

    with workers_for(len(paths)) as started:
        next(state_files(PLAN, NAMES, Given(), paths, started))

    assert [child.running() for child in begun] == [False, False]


ALONE = stating.readings_of
