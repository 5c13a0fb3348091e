"""Every requirement of every platform has its wheel, or the bundle is not made. No network: wheels are drawn here."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent / "tools"
sys.path.insert(0, str(TOOLS))
bundles = pytest.importorskip("make_offline_bundle", reason="needs `packaging`, which the tests bring")

WINDOWS, LINUX, ARM = bundles.PLATFORMS
NEW, OLD = (3, 13), (3, 11)


@pytest.fixture
def house(tmp_path):
    """Wheels drawn as `file name: its requirements`, as the tool reads them."""

    def make(**drawn):
        for name, requires in drawn.items():
            with zipfile.ZipFile(tmp_path / f"{name.replace('__', '-')}.whl", "w") as wheel:
                lines = [f"Requires-Dist: {each}" for each in requires]
                wheel.writestr("x-1.dist-info/METADATA", "\n".join(["Metadata-Version: 2.1", *lines, "", ""]))
        return list(bundles._wheels(tmp_path))

    return make


ZYZ = "xiangning_zyz-0.1.0-py3-none-any".replace("-", "__")


def missing(found):
    return [lack.requirement for lack in found[1]]


def test_what_is_needed_is_walked_to_its_end(house):
    wheels = house(**{ZYZ: ["a>=2"], "a__2.1__py3__none__any": ["b"], "b__1__py3__none__any": []})
    found, lacks = bundles.resolve(wheels, LINUX, NEW)
    assert (sorted(found), lacks) == (["a", "b", "xiangning-zyz"], [])


def test_a_requirement_without_a_wheel_is_named_with_who_wants_it(house):
    found = bundles.resolve(house(**{ZYZ: ["a>=2"], "a__2__py3__none__any": ["b==3"]}), LINUX, NEW)
    assert missing(found) == ["b==3"]
    assert found[1][0].wanted_by == "a on linux-x86_64, Python 3.13"


def test_too_old_a_version_is_none(house):
    assert missing(bundles.resolve(house(**{ZYZ: ["a>=2"], "a__1.9__py3__none__any": []}), LINUX, NEW)) == ["a>=2"]


@pytest.mark.parametrize(
    ("wheel", "fits"),
    [
        ("a__1__cp313__cp313__win_amd64", {WINDOWS}),
        ("a__1__cp313__cp313__manylinux_2_17_x86_64.manylinux2014_x86_64", {LINUX}),
        ("a__1__cp313__cp313__manylinux_2_28_aarch64", {ARM}),
        ("a__1__cp313__cp313__manylinux_2_34_x86_64", set()),  # newer than the machines of such offices
        ("a__1__cp313__cp313__musllinux_1_2_x86_64", set()),
        ("a__1__cp39__abi3__win_amd64", {WINDOWS}),
        ("a__1__cp312__cp312__win_amd64", set()),  # another Python's
        ("a__1__py2.py3__none__any", {WINDOWS, LINUX, ARM}),
    ],
)
def test_a_wheel_serves_the_machines_its_tags_name(house, wheel, fits):
    wheels = house(**{ZYZ: ["a"], wheel: []})
    assert {each for each in bundles.PLATFORMS if not bundles.resolve(wheels, each, NEW)[1]} == fits


def test_markers_are_those_of_the_machine_it_is_for_not_of_this_one(house):
    wheels = house(**{ZYZ: ['colorama; sys_platform == "win32"', 'old; python_version < "3.12"']})
    assert missing(bundles.resolve(wheels, WINDOWS, NEW)) == ["colorama"]
    assert missing(bundles.resolve(wheels, LINUX, NEW)) == []
    assert missing(bundles.resolve(wheels, LINUX, OLD)) == ["old"]


def test_extras_are_walked_also_those_that_lead_to_others(house):
    wheels = house(**{ZYZ: ['xiangning-zyz[report]; extra == "all"', 'jinja2; extra == "report"', 'x; extra == "dev"']})
    assert missing(bundles.resolve(wheels, LINUX, NEW)) == ["jinja2"]


def test_the_lock_names_hashes_and_where_versions_differ(house):
    wheels = house(
        **{
            ZYZ: ["a", 'b; sys_platform == "win32"'],
            "a__1__cp311__cp311__win_amd64": [],
            "a__2__cp313__cp313__win_amd64": [],
            "b__1__py3__none__any": [],
        }
    )
    resolved = {(WINDOWS, python): bundles.resolve(wheels, WINDOWS, python)[0] for python in (OLD, NEW)}
    lock = bundles.locked(resolved, {WINDOWS: wheels})
    assert 'a==1 ; python_version == "3.11" \\\n    --hash=sha256:' in lock
    assert 'a==2 ; python_version == "3.13" \\\n' in lock
    assert "b==1 \\\n    --hash=sha256:" in lock
    assert "xiangning-zyz==" not in lock, "made anew for each bundle"


def test_the_installer_refuses_a_python_that_the_bundle_has_no_wheels_for(tmp_path):
    code = (
        "import sys, runpy; sys.version_info = (3, 9, 1); sys.argv = ['install.py', sys.argv[2]];"
        f"runpy.run_path({str(TOOLS / 'offline_install.py')!r}, run_name='__main__')"
    )
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, "-", tmp_path / "x"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, "3.11" in run.stderr, (tmp_path / "x").exists()) == (1, True, False)
