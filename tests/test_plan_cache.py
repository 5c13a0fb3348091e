"""The cache gives the same plan without pydantic and yaml, and never another one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_plan import RULES, TARGETS, spoilt, write_plan
from xiangning_zyz.intake.plan import cache
from xiangning_zyz.intake.plan.cache import plan_of
from xiangning_zyz.intake.plan.fault import PlanError
from xiangning_zyz.intake.plan.load import load_plan
from xiangning_zyz.intake.plan.schema import json_schema


@pytest.fixture
def home(tmp_path):
    write_plan(tmp_path, rules=RULES)
    return tmp_path


def kept(home: Path) -> Path:
    return home / "var" / "cache" / "plan.json"


def never_load(monkeypatch):
    """From now on only the cache can give a plan."""
    monkeypatch.setitem(sys.modules, "xiangning_zyz.intake.plan.load", None)


def test_the_second_plan_comes_from_the_cache_and_equals_the_first(home, monkeypatch):
    first = plan_of(home)
    never_load(monkeypatch)

    second = plan_of(home)

    assert second == first
    assert repr(second) == repr(first)  # types too: Decimal("12.50"), not 12.5; tuples, not lists


@pytest.mark.parametrize("name", ["targets.yaml", "tasks.yaml", "rules.yaml"])
def test_a_changed_byte_in_any_file_is_a_miss(home, monkeypatch, name):
    plan_of(home)
    path = home / "data" / name
    path.write_bytes(path.read_bytes() + b"#")
    never_load(monkeypatch)

    with pytest.raises(ImportError):
        plan_of(home)


def test_rules_that_vanish_are_a_miss(home):
    before = plan_of(home)
    (home / "data" / "rules.yaml").unlink()

    assert plan_of(home).rules.issuer == "office" != before.rules.issuer


def test_rules_that_cannot_be_read_are_not_taken_for_absent_ones(home):
    rules = home / "data" / "rules.yaml"
    rules.unlink()
    plan_of(home)  # cached without rules
    rules.mkdir()

    with pytest.raises(PlanError, match="P002"):
        plan_of(home)


def test_another_version_or_shape_is_a_miss(home, monkeypatch):
    plan_of(home)
    never_load(monkeypatch)

    monkeypatch.setattr(cache, "__version__", "0.0.0")
    with pytest.raises(ImportError):
        plan_of(home)
    monkeypatch.undo()
    never_load(monkeypatch)
    monkeypatch.setattr(cache, "_SHAPES", {name: shape for name, shape in cache._SHAPES.items() if name != "Light"})
    with pytest.raises(ImportError):
        plan_of(home)


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_cache_is_a_miss_whatever_byte_it_is(tmp_path_factory, at, flip, cut):
    home = tmp_path_factory.mktemp("home")
    write_plan(home, rules=RULES)
    plan = plan_of(home)
    content = bytearray(kept(home).read_bytes())
    position = int(at * len(content))
    content[position] ^= flip
    kept(home).write_bytes(content[:position] if cut else content)

    assert repr(plan_of(home)) == repr(plan)


def test_an_unwritable_folder_only_costs_speed(home):
    (home / "var").write_text("a file where the folder should be", encoding="utf-8")

    assert plan_of(home) == load_plan(home / "data")


def test_a_dry_run_leaves_no_trace(home):
    plan_of(home, keep=False)

    assert not (home / "var").exists()


def test_nothing_is_left_beside_the_cache(home):
    plan_of(home)

    assert list(kept(home).parent.iterdir()) == [kept(home)]


def test_a_faulty_plan_is_not_kept(home):
    write_plan(home, targets=spoilt(TARGETS, "kind: flow", "kind: flwo"))

    with pytest.raises(PlanError, match="P104"):
        plan_of(home)
    assert not kept(home).exists()


def test_a_hit_imports_neither_pydantic_nor_yaml(home):
    plan_of(home)
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from xiangning_zyz.intake.plan.cache import plan_of\n"
        "plan_of(Path(sys.argv[1]))\n"
        "heavy = {'pydantic', 'yaml', 'rapidfuzz', 'openpyxl', 'pandas', 'dataclasses', 'inspect', 'rich', 'typer'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )

    done = subprocess.run([sys.executable, "-c", script, str(home)], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", ["targets", "tasks", "rules", "contacts"])
def test_the_schema_files_are_those_of_the_models(name):
    """After a change: `zyz schema NAME -o data/schema/NAME.schema.json`."""
    path = Path(__file__).parent.parent / "data" / "schema" / f"{name}.schema.json"
    if not path.exists():
        pytest.skip("the schema files are not part of this copy")

    assert json.loads(path.read_text(encoding="utf-8")) == json_schema(name)


def test_every_key_of_the_schema_is_explained_to_the_office():
    for name in ("targets", "tasks", "rules", "contacts"):
        schema = json_schema(name)
        for item in (schema, *schema["$defs"].values()):
            assert all("description" in field or "$ref" in field for field in item["properties"].values())
            assert item["additionalProperties"] is False
