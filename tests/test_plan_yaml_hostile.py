"""Plan files that are no YAML, doubtful YAML, or meant to hurt: one clear fault each, soon and cheaply."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from small_plan import RULES, TARGETS, TASKS, found_in, spoilt, write_plan
from xiangning_zyz.intake.plan import faults, yaml_text
from xiangning_zyz.intake.plan.files import LARGEST
from xiangning_zyz.intake.plan.load import MOST_FAULTS, PlanError, check_plan, load_plan
from xiangning_zyz.intake.plan.yaml_text import MOST_ITEMS

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def each_parser(request, monkeypatch):
    """Both of PyYAML's parsers: the C one is not there on every machine."""
    monkeypatch.setattr(yaml_text, "_Loader", request.param)


def bomb() -> str:
    """Nine lines that unfold to 9 ** 9 items (billion laughs)."""
    names = "abcdefghi"
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in pairwise(names)]
    return "\n".join(lines)


# (code, place, what stood in targets.yaml, what stands there now)
DOUBTFUL = [
    ("P007", "2:1", "  id: other", "\tid: other"),
    ("P007", "14:1", "    name: 产值", "　　name: 产值"),
    ("P008", "2:3", "  id: other", "  id：other"),
    ("P008", "14:5", "    name: 产值", "    name：产值"),
    ("P008", "11:6", "{id: daily", "{id：daily"),
    ("P009", "2:3", "  id: other", "  id:other"),
    ("P010", "17:5", "    unit: 亿元", "    unit: 亿元\n    unit: 万元"),
    ("P011", "23:12", "[T01]", "&t [T01]"),
    ("P011", "23:12", "[T01]", "*t"),
    ("P012", "23:12", "[T01]", "!!python/object/apply:os.system [dir]"),
    ("P012", "2:7", "other", "!!str other"),
    ("P015", "34:29", "months: 10", "months: 010"),
    ("P015", "34:29", "months: 10", "months: 3:30"),
    ("P015", "34:29", "months: 10", "months: 1e1"),
    ("P015", "34:29", "months: 10", "months: 0x1F"),
    ("P015", "34:29", "months: 10", "months: 1_0"),
    ("P015", "26:33", "12.50", ".inf"),
    ("P015", "26:33", "12.50", ".NaN"),
    ("P015", "15:15", "[总产值]", "[NO]"),
    ("P015", "15:15", "[总产值]", "[on]"),
    ("P015", "15:15", "[总产值]", "[True]"),
    ("P016", "42:1", "弘扬工匠精神}]\n", "弘扬工匠精神}]\n---\nplan: {}\n"),
    ("P017", "1:3", "plan:", "? [plan]\n:"),
    ("P018", "14:12", "name: 产值", "name: 产\x08值"),
    ("P018", "14:12", "name: 产值", "name: 产\u200b值"),
    ("P018", "14:11", "name: 产值", 'name: "产\\e[31m值"'),
]


@pytest.mark.usefixtures("each_parser")
@pytest.mark.parametrize(("code", "where", "old", "new"), DOUBTFUL)
def test_doubtful_yaml_is_refused_at_its_place_and_told_once(tmp_path, code, where, old, new):
    assert found_in(tmp_path, targets=spoilt(TARGETS, old, new)) == [f"targets.yaml:{where} {code}"]


@pytest.mark.parametrize("text", ["NO", "3:30", "010", "1e5"])
def test_a_doubtful_word_in_quotes_is_a_word(tmp_path, text):
    targets = spoilt(TARGETS, "[总产值]", f'["{text}"]')

    assert load_plan(write_plan(tmp_path, targets=targets)).indicator("output").aliases == (text,)


def test_a_full_width_colon_typed_throughout_is_shown_throughout(tmp_path):
    targets = TARGETS.replace("    name: ", "    name：").replace("    unit: ", "    unit：")

    lines = [fault.split(":")[1] for fault in found_in(tmp_path, targets=targets)]

    assert lines == ["14", "16", "29", "30"]


def test_a_line_swallowed_by_the_one_above_is_found_again(tmp_path):
    """`note: a` and, indented further, `name：产值`: to YAML that is one text of two lines."""
    targets = spoilt(TARGETS, "    unit: 亿元\n", "    unit: 亿元\n      note：说明\n")

    assert found_in(tmp_path, targets=targets) == ["targets.yaml:17:7 P008"]


@pytest.mark.parametrize(
    ("code", "where", "text"),
    [
        ("P005", "1:1", ""),
        ("P005", "1:1", "# to come\n"),
        ("P006", "1:1", "- a\n- b\n"),
        ("P006", "1:1", "hello\n"),
        ("P006", "1:4", "a: [1, 2\nb: 3\n"),
        ("P006", "1:4", 'a: "x\nb: 3\n'),
        ("P006", "2:3", "a:\n  @x\n"),
        ("P011", "1:4", bomb()),
        ("P013", None, "a: " + "[ " * 3000),
        ("P013", None, "- " * 3000),
        ("P013", None, "{a: " * 3000),
        ("P014", None, f"indicators: [{'x,' * (MOST_ITEMS + 9)}]"),
        ("P003", "1:1", "a: b\n" * 2_000_000),
    ],
)
def test_what_is_no_plan_at_all_gets_one_fault(tmp_path, code, where, text):
    [fault] = found_in(tmp_path, targets=text)

    assert fault.endswith(f" {code}")
    assert where is None or fault.startswith(f"targets.yaml:{where} ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (TARGETS.encode("gbk"), "看来是 GBK"),
        (TARGETS.encode("utf-16"), "UTF-16"),
        (b"plan: \xff\xff\n", "不是 UTF-8"),
    ],
)
def test_a_file_in_another_encoding_is_told_so(tmp_path, content, words):
    data = write_plan(tmp_path)
    (data / "targets.yaml").write_bytes(content)

    [fault] = [fault for fault in check_plan(data) if fault.severity == "error"]

    assert fault.code == "P004"
    assert words in fault.message


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    plain = load_plan(write_plan(tmp_path / "a"))
    data = write_plan(tmp_path / "b", targets="\ufeff" + TARGETS.replace("\n", "\r\n"))

    assert load_plan(data)._replace(hash="") == plain._replace(hash="")


def test_missing_files_are_named_and_the_rules_may_be_missing(tmp_path):
    faults_found = check_plan(tmp_path)

    assert [(Path(fault.file).name, fault.code) for fault in faults_found] == [
        ("targets.yaml", "P001"),
        ("tasks.yaml", "P001"),
    ]


def test_a_folder_in_place_of_a_file_is_told_so(tmp_path):
    data = write_plan(tmp_path)
    (data / "rules.yaml").mkdir()

    assert [fault.code for fault in check_plan(data) if fault.severity == "error"] == ["P002"]


def test_a_file_just_small_enough_is_read(tmp_path):
    filler = "# " + "x" * (LARGEST - len(TARGETS.encode()) - 3) + "\n"

    assert found_in(tmp_path / "a", targets=TARGETS + filler) == []
    assert found_in(tmp_path / "b", targets=TARGETS + filler + "\n") == ["targets.yaml:1:1 P003"]


def test_thousands_of_faults_are_cut_short_and_it_says_so(tmp_path):
    tasks = spoilt(TASKS, "[output]", "[" + ", ".join(f"x{number}" for number in range(5000)) + "]")

    listed = found_in(tmp_path, tasks=tasks)

    assert len(listed) == MOST_FAULTS + 1
    assert listed[-1].endswith("P019")


def test_every_kind_of_text_fault_has_a_sample():
    elsewhere = {"P001", "P002", "P003", "P004", "P005", "P006", "P013", "P014", "P019"}  # tests of their own above

    assert {kind.code for kind in faults.CATALOGUE if kind.code[:2] == "P0"} == elsewhere | {row[0] for row in DOUBTFUL}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process its own peak memory")
@pytest.mark.parametrize(
    "text",
    [
        bomb(),
        "[" * 3000,
        "[" * 1_000_000,
        "? " * 500_000,
        "a: b\n" * 2_000_000,
        "a: 1\n" * 200_000,
        "indicators: [" + "x," * 28_000 + "]",
        "indicators:\n" + "".join(f"  - {{k{number}: 1}}\n" for number in range(12_000)),
        "a: " + "1:" * 300_000 + "x",
        spoilt(TARGETS, "tasks: [T01]", "tasks: [" + ",".join(f"t{number}" for number in range(28_000)) + "]"),
    ],
    ids=["bomb", "deep", "deeper", "keys", "10 MB", "duplicates", "items", "unknown keys", "sixty", "references"],
)
def test_hostile_yaml_costs_less_than_300_mib_and_two_seconds(tmp_path, text):
    data = write_plan(tmp_path, targets=text)
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from xiangning_zyz.intake.plan.load import check_plan\n"
        "found = check_plan(Path(sys.argv[1]))\n"
        # Not `ru_maxrss`: it begins at the size of the process that forked us.
        "[peak] = [line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')]\n"
        "print(len(found), time.process_time(), peak)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(data)], capture_output=True, text=True, check=True)

    found, seconds, peak = done.stdout.split()
    assert int(found) > 0
    assert float(seconds) < 2  # of the processor: other work on the machine does not count
    assert int(peak) * 1024 < 300 * 2**20
    assert done.stderr == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path):
    data = write_plan(tmp_path)
    os.mkfifo(data / "rules.yaml")

    assert [fault.code for fault in check_plan(data) if fault.severity == "error"] == ["P002"]


ORIGINAL = {"targets": TARGETS.encode(), "tasks": TASKS.encode(), "rules": RULES.encode()}
SCRAPS = [
    b"\t",
    b"\xef\xbc\x9a",
    b": ",
    b"- ",
    b"[",
    b"]",
    b"{",
    b"}",
    b"&a ",
    b"*a",
    b"!!x ",
    b'"',
    b"'",
    b"|\n",
    b"\xff",
    b"~",
]


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(ORIGINAL)),
    at=st.floats(0, 1),
    gone=st.integers(0, 20),
    new=st.one_of(st.sampled_from(SCRAPS), st.binary(max_size=8), st.text(max_size=8).map(lambda text: text.encode())),
)
@example(name="targets", at=0.0, gone=10**6, new=b"")
def test_no_damage_to_a_valid_file_raises_anything_but_plan_error(tmp_path_factory, name, at, gone, new):
    data = write_plan(tmp_path_factory.mktemp("damaged"), rules=RULES)
    content = ORIGINAL[name]
    start = int(at * len(content))
    (data / f"{name}.yaml").write_bytes(content[:start] + new + content[start + gone :])

    errors = tuple(fault for fault in check_plan(data) if fault.severity == "error")
    assert _faults_on_loading(data) == errors


def _faults_on_loading(data: Path) -> tuple[faults.Fault, ...]:
    try:
        load_plan(data)
    except PlanError as error:
        return error.faults
    return ()


@settings(max_examples=150, deadline=None)
@given(
    tree=st.recursive(
        st.sampled_from(["plan", "id", "T01", "7", "2024-01-01", "x", ""]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "plan",
                        "indicators",
                        "tasks",
                        "departments",
                        "id",
                        "milestones",
                        "by",
                        "above",
                        "reporters",
                        "segments",
                        "formula",
                        "kind",
                        "range",
                        "leads",
                        "task",
                        "department",
                        "holidays",
                        "off",
                        "work",
                        "confirmed_dates",
                        "indicator",
                        "measures",
                        "aliases",
                        "name",
                        "basis",
                        "quote",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_tree_under_the_known_keys_is_a_plan_or_faults(tmp_path_factory, tree):
    text = yaml.safe_dump({"indicators": [tree], "segments": tree, "plan": tree}, allow_unicode=True)
    other = yaml.safe_dump({"tasks": [tree, tree], "departments": [tree], "projects": tree}, allow_unicode=True)
    rules = yaml.safe_dump(
        {"reporters": tree, "leads": tree, "holidays": tree, "confirmed_dates": [tree], "exempt": tree}
    )

    assert found_in(tmp_path_factory.mktemp("tree"), targets=text, tasks=other, rules=rules)
