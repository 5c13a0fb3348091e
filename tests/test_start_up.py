"""`zyz status` imports what it needs and nothing else (docs/decisions/0002). No clock: what is loaded decides."""

import subprocess
import sys

import pytest

HEAVY = ("pydantic", "yaml", "pandas", "numpy", "openpyxl", "rich", "rapidfuzz", "python_calamine", "lxml")
NOT_NEEDED = (
    "hashlib",
    "csv",
    "xiangning_zyz.intake.names",
    "xiangning_zyz.intake.reading",
    "xiangning_zyz.intake.plan.faults",
    "xiangning_zyz.analysis.gap",
    "xiangning_zyz.analysis.explain",
    "xiangning_zyz.analysis.forecast",
)


def loaded_by(home, *arguments):
    """The modules in memory after running the command line in a fresh interpreter."""
    code = (
        "import sys\n"
        "from xiangning_zyz.cli.app import run\n"
        f"code = run({list(arguments)!r})\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=home, check=True)
    return set(run.stderr.split())


@pytest.fixture
def settled(zyz, home):
    """A workspace whose plan is cached."""
    zyz("status", home=home)
    return home


@pytest.mark.parametrize("form", ["table", "json"])
def test_status_of_an_unchanged_plan_loads_nothing_heavy(settled, form):
    loaded = loaded_by(settled, "status", "--format", form)
    assert [name for name in (*HEAVY, *NOT_NEEDED) if name in loaded] == []


def test_version_and_help_load_no_command(settled):
    for arguments in (["--version"], ["--help"]):
        loaded = loaded_by(settled, *arguments)
        assert [name for name in (*HEAVY, "sqlite3", "xiangning_zyz.cli.plans") if name in loaded] == []


def test_typer_does_not_bring_pydantic_back(settled):
    """Typer 0.29 imports pydantic for every command; a looser pin would show here first."""
    assert "pydantic" not in loaded_by(settled, "matrix")
