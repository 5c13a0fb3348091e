"""The README shows true output: its console block is run, and every line it shows is printed."""

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLE = "4 县工信局 2025年6月.xlsx"


def _shown() -> dict[str, list[str]]:
    block = re.search(r"```console\n(.*?)```", README, re.DOTALL)[1]
    commands: dict[str, list[str]] = {}
    for line in block.splitlines():
        if line.startswith("$ "):
            commands[line.removeprefix("$ ")] = last = []
        else:
            last.append(line)
    return commands


def _words(line: str) -> str:
    """A line without its alignment, which depends on rows that the README leaves out."""
    return " ".join(line.split())


def test_the_main_job_prints_what_the_readme_shows(zyz, tmp_path):
    home = tmp_path / "county"
    assert zyz("init", home).returncode == 0
    shutil.copy(ROOT / "src" / "xiangning_zyz" / "bundled" / "demo" / SAMPLE, tmp_path)
    shown = _shown()
    calls = {
        f'zyz import "{SAMPLE}" --received 2025-07-03': ("import", tmp_path / SAMPLE, "--received", "2025-07-03"),
        "zyz status --as-of 2025-07-08": ("status", "--as-of", "2025-07-08"),
        "zyz trace output_value@2025-06": ("trace", "output_value@2025-06"),
    }
    assert [command for command in shown if "init" not in command] == list(calls)
    for command, arguments in calls.items():
        printed = [_words(line) for line in zyz(*arguments, home=home).stdout.splitlines()]
        for line in shown[command]:
            assert any(_words(line) in each for each in printed), (command, line, printed)


def test_the_main_job_stands_in_the_first_forty_lines():
    assert README[: README.index("```\n", README.index("```console"))].count("\n") <= 40


@pytest.mark.parametrize("job", ["zyz demo", "pytest"])
def test_each_set_up_command_stands_in_both_readmes_and_for_windows_too(job):
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert len(re.findall(rf"^python3 -m venv .*{job}$", text, re.MULTILINE)) == 1
        assert len(re.findall(rf"^py -m venv .*{job}$", text, re.MULTILINE)) == 1


def test_every_link_to_a_file_in_the_readmes_and_the_docs_leads_somewhere():
    for page in [ROOT / "README.md", ROOT / "README.zh-CN.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_every_command_of_the_program_stands_in_the_readme():
    from xiangning_zyz.cli.app import COMMANDS

    for command in COMMANDS:
        assert f"`{command}`" in README, command
