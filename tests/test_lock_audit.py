"""`requirements.lock` pins all with hashes within our ranges; the audit finds what does not.

That what is installed is what is locked is seen in `.ci/run`, which installs by the lock; elsewhere newer ones may be.
"""

import re
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
audit = pytest.importorskip("audit_lock", reason="the tools do not travel with the package")

SEAL = f"    --hash=sha256:{'0' * 64}\n"
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def locked(*drawn):
    return [audit.Locked(*each.split("=="), here=True) for each in drawn]


def test_our_lock_pins_everything_with_hashes_and_within_the_ranges_of_the_project():
    entries = list(audit.entries(LOCK))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert len(entries) == LOCK.count("==") - LOCK.count('== "'), "no line was passed over"
    assert list(audit.out_of_range(entries, audit.wanted(project))) == []


def test_the_threat_model_names_the_licence_of_every_locked_package():
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    table = page.partition("| licence | packages |")[2].partition("\n\n")[0]
    names = [name for row in table.splitlines()[2:] for name in re.findall(r"[a-z][a-z0-9-]+", row.split("|")[2])]
    assert sorted(names) == sorted({entry.name for entry in audit.entries(LOCK)})


@pytest.mark.parametrize(
    "lock",
    ["a==1\n", "a>=1 \\\n" + SEAL, "a \\\n" + SEAL, "a==1 \\\n    --hash=md5:00\n", "a==1 \\\n" + SEAL + "-e .\n"],
    ids=["no hash", "a range", "no version", "a weak hash", "not from an index"],
)
def test_what_is_not_pinned_with_hashes_is_refused(lock):
    with pytest.raises(ValueError, match="not a version pinned"):
        list(audit.entries(lock))


def test_a_version_outside_our_range_or_none_at_all_is_named():
    ours = [Requirement("a>=2"), Requirement("B_c<3")]
    assert list(audit.out_of_range(locked("a==2.1", "b-c==2"), ours)) == []
    assert list(audit.out_of_range(locked("a==1.9"), ours)) == ["a>=2 is locked to 1.9", "B_c<3 is not locked"]


def test_another_version_than_the_locked_one_is_named_and_so_is_what_is_not_locked():
    openpyxl = distribution("openpyxl")
    installed = {"xiangning-zyz": distribution("xiangning-zyz"), "openpyxl": openpyxl}
    found = list(audit.not_as_installed(locked("openpyxl==0.1", "absent==1"), installed))
    assert found[:2] == [
        f"openpyxl 0.1 is locked, {openpyxl.version} installed",
        "absent 1 is locked and not installed",
    ]
    assert "et-xmlfile is needed and not locked" in found, "also what is needed by what we need"


class Package:
    """As much of a distribution as tells its licence."""

    def __init__(self, expression=None, text=None, classifiers=()):
        self.metadata = self
        self._fields = {"License-Expression": expression, "License": text}
        self._classifiers = list(classifiers)

    def get(self, name):
        return self._fields[name]

    def get_all(self, _):
        return self._classifiers


@pytest.mark.parametrize(
    ("package", "terms"),
    [
        (Package("BSD-3-Clause AND MIT"), "BSD-3-Clause AND MIT"),
        (Package(None, "MIT"), "MIT"),
        (Package(None, "Copyright …", ["License :: OSI Approved :: ISC License (ISCL)"]), "ISC"),
        (Package("AGPL-3.0-only"), ""),
        (Package(), ""),
    ],
)
def test_a_licence_is_read_from_the_metadata_and_must_be_a_free_one(package, terms):
    assert audit.licence("x", package) == terms
