"""The command line as users meet it: usage, exit codes, formats, looking at the plan."""

import csv
import io
import json
import os
import subprocess

import pytest

from xiangning_zyz.report.visible import width

COUNTS = [13, 11, 12, 12, 10, 11, 5, 6, 6, 17]


def test_matrix_json_holds_the_103_pairs_of_the_plan(zyz, home):
    answer = json.loads(zyz("matrix", "--format", "json", home=home).stdout)

    assert answer["schema"] == "zyz/matrix@1"
    assert [len(task["departments"]) for task in answer["tasks"]] == COUNTS
    assert [task["task"] for task in answer["tasks"]] == [f"T{n:02d}" for n in range(1, 11)]
    pairs = {(task["task"], d["department"]) for task in answer["tasks"] for d in task["departments"]}
    assert len(pairs) == 103
    assert len({department for _, department in pairs}) == 21
    assert set(answer["tasks"][0]["departments"][0]) == {"department", "role", "basis"}


def test_matrix_names_no_lead_because_the_plan_names_none(zyz, home):
    answer = json.loads(zyz("matrix", "--format", "json", home=home).stdout)
    assert {d["role"] for task in answer["tasks"] for d in task["departments"]} == {"责任"}
    assert "方案未明确牵头单位" in zyz("matrix", home=home).stdout


def test_the_matrix_grid_fits_80_columns(zyz, home):
    lines = zyz("matrix", home=home).stdout.splitlines()
    assert max(width(line) for line in lines[:-2]) <= 80
    assert lines[-3].split() == ["合计", *map(str, COUNTS), "103"]


@pytest.mark.parametrize("name", ["县工信局", "工信局", "乡宁县工业和信息化局"])
def test_a_department_is_found_by_alias_too(zyz, home, name):
    answer = json.loads(zyz("department", name, "--format", "json", home=home).stdout)
    assert answer["department"] == "县工信局"
    assert len(answer["tasks"]) == 10


def test_an_unknown_department_is_a_usage_error_with_the_nearest_name(zyz, home):
    run = zyz("department", "县工信居", home=home)
    assert run.returncode == 2
    assert "县工信局" in run.stderr
    assert run.stdout == ""


def test_tasks_and_projects_are_listed(zyz, home):
    tasks = json.loads(zyz("tasks", "--format", "json", home=home).stdout)["tasks"]
    assert [task["kind"] for task in tasks] == ["key"] * 10 + ["guarantee"] * 4
    assert all(task["measures"] for task in tasks)
    projects = json.loads(zyz("projects", "--format", "json", home=home).stdout)["projects"]
    assert len(projects) == 8


@pytest.mark.parametrize("form", ["table", "plain", "json", "csv", "md"])
@pytest.mark.parametrize("command", ["matrix", "tasks", "projects", "status", "imports"])
def test_every_format_of_every_listing_is_printed(zyz, home, command, form):
    run = zyz(command, "--format", form, home=home)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.strip()
    assert "\x1b" not in run.stdout


def test_csv_is_utf8_with_bom_and_reads_back(zyz, home):
    text = zyz("matrix", "--by", "department", "--format", "csv", home=home).stdout
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["责任部门", "任务数", "承担任务"]
    assert len(rows) == 22


def test_output_goes_whole_into_a_file(zyz, home, tmp_path):
    target = tmp_path / "矩阵.json"
    run = zyz("matrix", "--format", "json", "-o", target, home=home)
    assert run.stdout == ""
    assert str(target) in run.stderr
    assert len(json.loads(target.read_text(encoding="utf-8"))["tasks"]) == 10


def test_piped_output_is_never_cut(zyz, home):
    printed = zyz("matrix", "--by", "task", home=home, env={"COLUMNS": "40"}).stdout
    assert "县住建局、县教科局、县人社局、县交通运输局、县工信局" in printed


def test_no_workspace_is_exit_3_and_names_what_to_do(zyz, tmp_path):
    run = zyz("status", cwd=tmp_path)
    assert run.returncode == 3
    assert "data/targets.yaml" in run.stderr
    assert "zyz init" in run.stderr


def test_an_invalid_plan_is_exit_3_with_all_faults(zyz, home):
    targets = home / "data" / "targets.yaml"
    text = targets.read_text(encoding="utf-8")
    targets.write_text(text.replace("unit: 户", "units: 户").replace("kind: flow", "kind: flaw"), encoding="utf-8")
    run = zyz("status", home=home)
    assert run.returncode == 3
    assert "units" in run.stderr
    assert "flaw" in run.stderr
    assert "targets.yaml:" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["statsu"], "status"),
        (["matrix", "--formt", "json"], "--format"),
        (["matrix", "--format", "yaml"], "--format"),
        (["department"], "部门"),
        (["status", "--as-of", "2024-13-01"], "2024-06-30"),
        (["matrix", "甲"], "甲"),
        (["import", "没有.xlsx"], "没有.xlsx"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_hint(zyz, home, arguments, hint):
    run = zyz(*arguments, cwd=home)
    assert run.returncode == 2
    assert hint in run.stderr
    assert "Traceback" not in run.stderr


def test_help_is_chinese_and_lists_every_command(zyz):
    run = zyz("--help")
    assert run.returncode == 0
    for command in ("import", "status", "gap", "matrix", "demo"):
        assert command in run.stdout
    assert "用法" in run.stdout
    assert "Usage" not in run.stdout


def test_version(zyz):
    assert zyz("--version").stdout.startswith("zyz ")


def test_a_closed_pipe_is_exit_141_without_a_word(home):
    from conftest import ZYZ

    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run(
        [str(ZYZ), "matrix", "--home", str(home)], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert (run.returncode, run.stderr) == (141, "")


def test_check_finds_no_fault_in_the_bundled_plan_and_every_quote_in_its_text(zyz, home):
    from pathlib import Path

    source = Path(__file__).parent / "golden" / "plan" / "source.txt"
    run = zyz("check", "--source", source, home=home)
    assert run.returncode == 0
    assert "错误 0 处" in run.stderr


def test_init_refuses_to_overwrite(zyz, home):
    run = zyz("init", home)
    assert run.returncode == 1
    assert "已经存在" in run.stderr


def test_init_with_home_makes_the_workspace_there_and_nowhere_else(zyz, tmp_path):
    run = zyz("init", "--home", "新", cwd=tmp_path)

    assert run.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["新"]
    assert (tmp_path / "新" / "data" / "targets.yaml").is_file()


def test_an_initialised_workspace_is_complete(zyz, tmp_path):
    assert zyz("init", tmp_path / "新").returncode == 0
    assert zyz("matrix", home=tmp_path / "新").returncode == 0
    assert (tmp_path / "新" / "data" / "schema" / "targets.schema.json").is_file()


def test_a_console_in_gbk_shows_chinese(zyz, home):
    run = zyz("matrix", home=home, env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"}, errors="replace")
    assert run.returncode == 0
