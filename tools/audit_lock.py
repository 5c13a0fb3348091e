"""Audit `requirements.lock` as far as no network is needed: `python tools/audit_lock.py`.

Every package is pinned to one version with the hashes of its wheels, and in the range that `pyproject.toml`
allows; what is installed here is what is locked, and all that it needs is locked too; every licence is one
that an office may install under. Exit 1 with each fault; else the licences, as the threat model lists them.
Known advisories need a network: `docs/threat-model.md` has the command.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
NAME = "xiangning-zyz"
EXTRA = "all"  # what the lock is made for
_ENTRY = re.compile(r"([a-z0-9-]+)==([^\s;]+)(?: ; (.+?))?((?: \\\n {4}--hash=sha256:[0-9a-f]{64})+)\n")

# Free licences that ask no more of an office than to leave their text where it is.
FREE = {"0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "PSF-2.0", "Zlib"}
_SPOKEN = {"MIT License": "MIT", "BSD License": "BSD", "ISC License": "ISC"}
# Those whose metadata say nothing; read from the licence file in the wheel.
_READ = {"resvg-py": "MIT", "colorama": "BSD-3-Clause"}


class Locked(NamedTuple):
    """One entry of the lock."""

    name: str
    version: str
    here: bool  # whether its marker holds for this machine


def entries(lock: str) -> Iterator[Locked]:
    """The entries of a lock file; ValueError for anything that is no version pinned with hashes."""
    body = "".join(line for line in lock.splitlines(keepends=True) if not line.startswith("#"))
    end = 0
    for found in _ENTRY.finditer(body):
        if found.start() != end:
            break
        end = found.end()
        name, version, marker, _ = found.groups()
        yield Locked(name, version, marker is None or Marker(marker).evaluate())
    if end != len(body):
        raise ValueError(f"not a version pinned with sha256 hashes: {body[end:].partition(chr(10))[0]}")


def wanted(project: Mapping[str, Any]) -> list[Requirement]:
    """What `pyproject.toml` asks for in all, without tests and tools."""
    table = project["project"]
    extras = [Requirement(each).extras for each in table["optional-dependencies"][EXTRA]]
    named = [each for names in extras for name in names for each in table["optional-dependencies"][name]]
    return [Requirement(each) for each in (*table["dependencies"], *named)]


def out_of_range(locked: Iterable[Locked], requirements: Iterable[Requirement]) -> Iterator[str]:
    """Requirements of ours that the lock lacks, or locks to a version that they do not allow."""
    held = list(locked)
    for each in requirements:
        versions = [lock.version for lock in held if lock.name == canonicalize_name(each.name)]
        if not versions:
            yield f"{each} is not locked"
        yield from (f"{each} is locked to {v}" for v in versions if not each.specifier.contains(v))


def not_as_installed(locked: Iterable[Locked], installed: Mapping[str, Distribution]) -> Iterator[str]:
    """Where this machine has another version than the lock, or needs what the lock lacks."""
    versions = {each.name: each.version for each in locked if each.here}
    for name, version in versions.items():
        if name not in installed:
            yield f"{name} {version} is locked and not installed"
        elif installed[name].version != version:
            yield f"{name} {version} is locked, {installed[name].version} installed"
    for name in sorted(needed(installed) - {NAME} - set(versions)):
        yield f"{name} is needed and not locked"


def needed(installed: Mapping[str, Distribution]) -> set[str]:
    """The names of all packages that `xiangning-zyz[all]` needs on this machine."""
    found: set[str] = set()
    done: set[tuple[str, frozenset[str]]] = set()
    todo = [(NAME, frozenset([EXTRA]))]
    while todo:
        name, extras = todo.pop()
        if (name, extras) in done:
            continue
        done.add((name, extras))
        found.add(name)
        for each in map(Requirement, (installed[name].requires or []) if name in installed else []):
            if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras or {""}):
                todo.append((canonicalize_name(each.name), frozenset(each.extras)))
    return found


def licence(name: str, package: Distribution | None) -> str:
    """The licence of a package as its metadata names it; empty if nothing does."""
    if name in _READ or package is None:
        return _READ.get(name, "")
    metadata = package.metadata
    spoken = [each.rpartition(" :: ")[2].partition(" (")[0] for each in metadata.get_all("Classifier") or []]
    for each in (metadata.get("License-Expression"), metadata.get("License"), *spoken):
        plain = _SPOKEN.get(each or "", each or "")
        if plain and set(re.split(" AND | OR ", plain)) <= FREE:
            return plain
    return ""


def main() -> int:
    """Print the faults, or the licences."""
    locked = list(entries((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    installed = {}
    for name in {NAME, *(each.name for each in locked)}:
        try:
            installed[name] = distribution(name)
        except PackageNotFoundError:
            continue
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    licences: dict[str, set[str]] = {}
    for each in locked:
        licences.setdefault(licence(each.name, installed.get(each.name)), set()).add(each.name)
    faults = [
        *out_of_range(locked, wanted(project)),
        *not_as_installed(locked, installed),
        *(f"{name}: no licence that is known to be free" for name in sorted(licences.pop("", ()))),
    ]
    for fault in faults:
        print(fault, file=sys.stderr)
    for terms, names in sorted(licences.items()):
        print(f"{terms}: {', '.join(sorted(names))}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
