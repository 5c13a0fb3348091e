"""What only some commands need is an extra: without it the others work, and it is said how to get it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from nights import report

EXTRAS = ("pandas", "numpy", "docx", "lxml", "xlsxwriter", "jinja2", "markupsafe", "resvg_py")
PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def without(missing, *words, cwd):
    """Run `zyz` where the modules *missing* are not installed."""
    code = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({list(missing)!r}))\n"
        "from xiangning_zyz.cli.app import run\n"
        f"sys.exit(run({[str(word) for word in words]!r}))\n"
    )
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, encoding="utf-8", cwd=cwd, check=False
    )


@pytest.mark.parametrize("command", ["demo", "status", "gap", "check", "matrix", "due", "doctor", "imports", "verify"])
def test_with_no_extra_at_all_the_main_commands_work(home, command):
    run = without(EXTRAS, command, cwd=home)
    assert "程序出错" not in run.stderr
    assert run.returncode in (0, 1), run.stderr


def test_the_tidy_export_needs_no_pandas_and_the_pivot_says_how_to_get_it(home, tmp_path):
    assert without(EXTRAS, "export", "-o", tmp_path / "a.xlsx", cwd=home).returncode == 0
    run = without(EXTRAS, "export", "--wide", "-o", tmp_path / "b.csv", cwd=home)
    assert run.returncode == 3
    assert 'pip install "xiangning-zyz[export]"' in run.stderr


@pytest.mark.parametrize(
    ("form", "missing"),
    [("md", "jinja2"), ("docx", "docx"), ("xlsx", "xlsxwriter")],
)
def test_a_report_says_how_to_get_what_it_lacks(home, form, missing):
    kind = "annex" if form == "xlsx" else "bulletin"
    words = ("report", kind, "--period", "2025-06", "--as-of", "2025-07-08", "--format", form)
    run = without([missing], *words, cwd=home)
    assert run.returncode == 3, run.stderr
    assert 'pip install "xiangning-zyz[report]"' in run.stderr


def test_a_night_without_the_report_extra_is_a_good_night_and_says_so_once(home, tmp_path):
    (home / "var" / "inbox").mkdir(parents=True)
    (home / "var" / "inbox" / "a.xlsx").write_bytes(report(tmp_path, "a.xlsx", 4.5))
    words = ("run", "--settle", "0", "--as-of")
    first = without(EXTRAS, *words, "2025-07-12", cwd=home)  # a Saturday, after June's reporting day
    assert (first.returncode, "xiangning-zyz[report]" in first.stdout) == (0, True)
    second = without(EXTRAS, *words, "2025-07-13", cwd=home)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_every_extra_that_commands_need_is_in_all_and_in_test():
    extras = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    wanted = {f"xiangning-zyz[{name}]" for name in set(extras) - {"all", "test", "dev"}}
    assert wanted <= set(extras["all"])
    assert wanted <= set(extras["test"])
