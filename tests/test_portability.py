"""What can be shown here of other systems: Windows' missing modules and calls, its code page, plain terminals."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ZYZ

SOURCE = Path(__file__).resolve().parent.parent / "src" / "xiangning_zyz"
FILES = sorted(SOURCE.rglob("*.py"))

# Imports our whole package as Windows would: after the standard library, which knows its own system.
AS_ON_WINDOWS = """
import importlib, pkgutil, sys, types
import subprocess, shutil, tempfile, asyncio, ssl, zipfile, pathlib, signal, os
import docx, jinja2, openpyxl, pandas, pydantic, rich.progress, typer, xlsxwriter, yaml, rapidfuzz.process
for name in ("fcntl", "resource", "pwd", "grp", "termios", "pty", "syslog"):
    sys.modules[name] = None
sys.modules["msvcrt"] = types.SimpleNamespace(LK_NBLCK=2, locking=print)
sys.platform = "win32"
for name in ("fork", "geteuid", "getuid", "mkfifo", "killpg", "setsid", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGALRM", "alarm", "setitimer"):
    if hasattr(signal, name):
        delattr(signal, name)
import xiangning_zyz
for module in pkgutil.walk_packages(xiangning_zyz.__path__, "xiangning_zyz."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print("all")
"""
# What Windows lacks, and what leads to trouble anywhere.
POSIX_ONLY = {
    "os": {"fork", "geteuid", "getuid", "mkfifo", "killpg", "setsid", "chown", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"},
    "signal": {"SIGKILL", "SIGHUP", "SIGALRM", "SIGUSR1", "alarm", "setitimer", "pthread_sigmask"},
}
# Own bytes: what a worker is told; what it answers, read by an unpickler that knows eight kinds of values and no
# function; and cells put by within the confined reader.
OWN_BYTES = {
    ("jobs/answers.py", "pickle"),
    ("jobs/understanding.py", "pickle"),
    ("jobs/workers.py", "pickle"),
    ("intake/reading/xls.py", "marshal"),
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}


def test_every_module_loads_without_what_windows_lacks():
    run = subprocess.run([sys.executable, "-c", AS_ON_WINDOWS], capture_output=True, encoding="utf-8", check=False)
    assert run.stdout == "all\n", run.stderr


def nodes(kind):
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kind):
                yield f"{path.relative_to(SOURCE).as_posix()}:{node.lineno}", node


def test_no_call_that_only_posix_has_is_made_by_its_name():
    found = [
        (place, node.attr)
        for place, node in nodes(ast.Attribute)
        if isinstance(node.value, ast.Name) and node.attr in POSIX_ONLY.get(node.value.id, ())
    ]
    assert found == []


def test_text_files_are_read_and_written_as_utf8_whatever_the_system_prefers():
    found = [
        place
        for place, node in nodes(ast.Call)
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in ("read_text", "write_text")
        and not (node.args[node.func.attr == "write_text" :] or any(word.arg == "encoding" for word in node.keywords))
    ]
    assert found == []


def test_nothing_is_evaluated_unpickled_or_given_to_a_shell():
    found = []
    for place, node in nodes(ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        shell = any(word.arg == "shell" for word in node.keywords)
        system = ast.unparse(node.func) in ("os.system", "os.popen")
        if name in FORBIDDEN_CALLS or shell or system:
            found.append(place)
    modules = {"pickle", "marshal", "shelve", "socket", "http", "urllib.request", "ftplib", "smtplib"}
    found += [
        place
        for place, node in nodes(ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
        if modules & {name, name.partition(".")[0]} and (place.rpartition(":")[0], name) not in OWN_BYTES
    ]
    assert found == []


COMMANDS = [
    ["--help"],
    ["status"],
    ["gap"],
    ["matrix"],
    ["check"],
    ["doctor"],
    ["schedule", "show"],
    ["run", "-v", "--settle", "0"],
    ["run", "--as-of", "不是日期"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_console_in_code_page_936_shows_every_command(home, words):
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"}
    run = subprocess.run([ZYZ, *words], capture_output=True, cwd=home, env=environment, check=False)
    assert b"Error" not in run.stderr
    said = (run.stdout + run.stderr).decode("gbk")
    assert "？？" not in said
    assert any("\u4e00" <= character <= "\u9fff" for character in said)


def test_utf8_mode_does_not_matter_for_files(home):
    """A German, a Chinese and a bare system write and read the same files."""
    for encoding in ("cp1252", "gbk", "ascii"):
        environment = {
            **os.environ,
            "PYTHONUTF8": "0",
            "PYTHONIOENCODING": encoding,
            "LC_ALL": "C",
            "PYTHONCOERCECLOCALE": "0",
        }
        run = subprocess.run(
            [ZYZ, "run", "--settle", "0", "--as-of", "2023-06-03"],
            capture_output=True,
            cwd=home,
            env=environment,
            check=False,
        )
        assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")


def test_shells_complete_commands_and_options(home):
    asked = {"COMP_WORDS": "zyz sched", "COMP_CWORD": "1", "_ZYZ_COMPLETE": "complete_bash"}
    run = subprocess.run([ZYZ], capture_output=True, env={**os.environ, **asked}, cwd=home, check=True)
    assert run.stdout.decode().split() == ["schedule"]
    asked |= {"COMP_WORDS": "zyz status --as", "COMP_CWORD": "2"}
    run = subprocess.run([ZYZ], capture_output=True, env={**os.environ, **asked}, cwd=home, check=True)
    assert run.stdout.decode().split() == ["--as-of"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
@pytest.mark.parametrize("quiet", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colour_gets_none(home, quiet):
    import pty

    def shown(more):
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", **more}
        reader, terminal = pty.openpty()
        process = subprocess.Popen(
            [ZYZ, "doctor"], stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal, cwd=home, env=environment
        )
        os.close(terminal)
        said = b""
        try:
            while piece := os.read(reader, 4096):
                said += piece
        except OSError:  # Linux ends a terminal so
            pass
        os.close(reader)
        process.wait()
        return said

    assert b"\x1b[" in shown({})
    assert b"\x1b" not in shown(quiet)
