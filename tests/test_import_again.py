"""The whole command: what `zyz import` says from memory is, byte for byte, what it says without (decision 0009)."""

import os
import subprocess
import sys
import time

import pytest

from conftest import ZYZ
from sheets import monthly
from xiangning_zyz.jobs.plans import make_workspace

# Runs the command as the console script does, then tells whether Typer was needed.
TELLING = """
import atexit, sys
sys.argv = ["zyz", *sys.argv[1:]]
atexit.register(lambda: print("ordinary" if "typer" in sys.modules else "from memory", file=sys.stderr))
from xiangning_zyz.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def offices(tmp_path_factory):
    """(homes, folder): three fresh workspaces, and twelve reports, all old enough to be known by their times."""
    root = tmp_path_factory.mktemp("again")
    folder = root / "报表"
    folder.mkdir()
    for month in range(1, 12):
        row = f"| 入驻企业 | 户 | | | {60 + month} | |"
        (folder / f"{month:02d}.xlsx").write_bytes(monthly(row, period=f"2024年{month}月"))
    unsigned = monthly("| 带动从业人员 | 人 | | | 13020 | |", signed="")  # a warning, repeated each time
    (folder / "人员.xlsx").write_bytes(unsigned)
    homes = [make_workspace(root / str(number)).home for number in range(3)]
    time.sleep(2.1)
    return homes, folder


@pytest.fixture(scope="module")
def office(offices):
    """(home, folder) for all tests that only repeat."""
    homes, folder = offices
    return homes.pop(), folder


@pytest.fixture
def fresh(offices):
    """(home, folder) for one test: nothing has been taken in yet."""
    homes, folder = offices
    return homes.pop(), folder


def run(home, *words, stdout=subprocess.PIPE, env=None):
    command = [sys.executable, "-c", TELLING, *map(str, words), "--home", str(home)]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, env=env, timeout=60, check=False)


def forget(home):
    (home / "var" / "cache" / "import.last").unlink(missing_ok=True)


def how(result):
    """The exit code, and whether the answer came from memory."""
    return result.returncode, result.stderr.decode().splitlines()[-1:]


FROM_MEMORY, ORDINARY = (0, ["from memory"]), (0, ["ordinary"])
WORDS = [[], ["-v"], ["-q"], ["--no-color"], *(["--format", form] for form in ("plain", "json", "csv", "md"))]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_the_bytes_from_memory_are_those_of_the_ordinary_way(office, words, encoding):
    home, folder = office
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    run(home, "import", folder, *words, env=environment)
    again = run(home, "import", folder, *words, env=environment)
    forget(home)
    without = run(home, "import", folder, *words, env=environment)
    assert (how(again), how(without)) == (FROM_MEMORY, ORDINARY)
    assert again.stdout == without.stdout
    assert "人员.xlsx".encode(encoding if "--format" not in words or "plain" in words else "utf-8") in again.stdout


def test_the_run_that_imported_remembers_what_the_next_will_say(fresh):
    home, folder = fresh
    first = run(home, "import", folder)
    second = run(home, "import", folder)
    assert (how(first), how(second)) == (ORDINARY, FROM_MEMORY)
    assert "已导入" in first.stdout.decode()
    forget(home)
    assert run(home, "import", folder).stdout == second.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
def test_a_terminal_gets_its_colours_and_its_width_from_memory_too(office):
    import fcntl
    import pty
    import struct
    import termios

    home, folder = office

    def shown(columns):
        reader, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
        ended = run(home, "import", folder, stdout=terminal, env={**environment, "TERM": "xterm"})
        os.close(terminal)
        said = b""
        try:
            while piece := os.read(reader, 65536):
                said += piece
        except OSError:  # Linux ends a terminal so
            pass
        os.close(reader)
        return how(ended), said

    forget(home)
    ordinary, again, narrow = shown(80), shown(80), shown(60)
    assert (ordinary[0], again[0], narrow[0]) == (ORDINARY, FROM_MEMORY, ORDINARY)
    assert ordinary[1] == again[1]
    assert b"\x1b[" in again[1]
    assert narrow[1] != again[1]


def test_a_reader_that_has_gone_and_a_full_disk_are_met_as_ever(office):
    home, folder = office
    run(home, "import", folder)
    reader, writer = os.pipe()
    os.close(reader)
    gone = run(home, "import", folder, stdout=writer)
    os.close(writer)
    assert (gone.returncode, gone.stderr.decode().splitlines()[:-1]) == (141, [])
    if os.path.exists("/dev/full"):  # noqa: PTH110 - a device
        with open("/dev/full", "wb") as full:  # noqa: PTH123 - as above
            stopped = run(home, "import", folder, stdout=full)
        assert stopped.returncode == 75
        assert "磁盘" in stopped.stderr.decode()


@pytest.mark.parametrize("words", [["--dry-run"], ["--period", "2024-06"], ["--received", "2024-07-03"], ["--partial"]])
def test_more_than_a_plain_import_is_done_in_the_ordinary_way(office, words):
    home, folder = office
    for _ in range(2):
        assert how(run(home, "import", folder, *words))[1] == ["ordinary"]


def test_an_output_file_is_written_each_time(office, tmp_path):
    home, folder = office
    for _ in range(2):
        assert how(run(home, "import", folder, "-o", tmp_path / "回执.txt")) == ORDINARY
        (tmp_path / "回执.txt").unlink()


def test_a_returned_sheet_is_returned_again(office, tmp_path):
    home, _ = office
    (tmp_path / "坏.xlsx").write_bytes(monthly("| 入驻企业 | 户 | | | 约60 | |"))
    time.sleep(2.1)
    for _ in range(2):
        returned = run(home, "import", tmp_path / "坏.xlsx")
        assert how(returned) == (1, ["ordinary"])
        assert "退回稿" in returned.stderr.decode()


def test_an_import_taken_back_is_taken_in_again(fresh):
    home, folder = fresh
    run(home, "import", folder)
    assert how(run(home, "import", folder)) == FROM_MEMORY
    subprocess.run([ZYZ, "undo", "3", "--reason", "报错", "--home", home], check=True, capture_output=True)
    anew = run(home, "import", folder)
    assert how(anew) == ORDINARY
    assert "已导入" in anew.stdout.decode()


def test_the_console_script_answers_from_memory(office, zyz):
    home, folder = office
    ordinary = zyz("import", folder, home=home)
    again = zyz("import", folder, home=home)
    assert (ordinary.stdout, ordinary.returncode) == (again.stdout, again.returncode)


LISTING = """
import atexit, sys
sys.argv = ["zyz", *sys.argv[1:]]
before = set(sys.modules)
atexit.register(lambda: print(*sorted(set(sys.modules) - before), file=sys.stderr))
from xiangning_zyz.__main__ import main
main()
"""


def loaded(home, *words):
    command = [sys.executable, "-c", LISTING, *map(str, words), "--home", str(home)]
    return set(subprocess.run(command, capture_output=True, check=True).stderr.decode().splitlines()[-1].split())


def test_an_answer_from_memory_loads_next_to_nothing(office):
    """Neither Typer nor pathlib, typing, signal or json: each takes as long to load as all the rest together."""
    home, folder = office
    run(home, "import", folder)
    ours = {"xiangning_zyz", "xiangning_zyz.__main__", "xiangning_zyz.last_answer"}
    assert loaded(home, "import", folder) - {"gc", "time", "binascii"} == ours


def test_other_commands_do_not_look_at_it(office):
    assert "xiangning_zyz.last_answer" not in loaded(office[0], "status")
