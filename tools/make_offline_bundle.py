"""Wheelhouses for machines without internet: `python tools/make_offline_bundle.py -o dist`.

For each platform one zip with the wheels of zyz and of all it needs, for every supported Python, a lock file
with hashes and an installer that asks no index. Every requirement is walked for every platform and Python,
markers included, and must have its wheel; the bundle for this machine is installed and runs `zyz demo`.
Needs pip's usual index, once, and `packaging` (which the development tools bring).
"""

import argparse
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import NamedTuple

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
NAME = "xiangning-zyz"
PYTHONS = ((3, 11), (3, 12), (3, 13))
GLIBC = 28  # glibc 2.28 of 2018: Kylin V10, UOS 20, Debian 10, RHEL 8; pandas and numpy have no older wheels


class Platform(NamedTuple):
    """A kind of machine: how wheels and markers call it."""

    name: str
    tags: tuple[str, ...]  # newest first
    sys_platform: str
    system: str
    machine: str

    def environment(self, python: tuple[int, int]) -> dict[str, str]:
        """What markers are evaluated in. pip itself evaluates them for the machine that it runs on."""
        version = ".".join(map(str, python))
        return {
            **{key: str(value) for key, value in default_environment().items()},
            "python_version": version,
            "python_full_version": f"{version}.0",
            "sys_platform": self.sys_platform,
            "platform_system": self.system,
            "platform_machine": self.machine,
            "os_name": "nt" if self.sys_platform == "win32" else "posix",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }

    def accepted(self, python: tuple[int, int]) -> set[Tag]:
        """The tags of wheels that pip installs there."""
        interpreter = "cp" + "".join(map(str, python))
        return {
            *cpython_tags(python, [interpreter], self.tags),
            *compatible_tags(python, interpreter, self.tags),
        }


def _linux(machine: str) -> Platform:
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 16, -1)]
    return Platform(f"linux-{machine}", (*tags, f"manylinux2014_{machine}"), "linux", "Linux", machine)


PLATFORMS = (
    Platform("windows-x64", ("win_amd64",), "win32", "Windows", "AMD64"),
    _linux("x86_64"),
    _linux("aarch64"),
)


class Wheel(NamedTuple):
    """One wheel of a wheelhouse."""

    path: Path
    name: str
    version: str
    tags: frozenset[Tag]
    requires: tuple[Requirement, ...]


class Missing(NamedTuple):
    """A requirement that no wheel satisfies."""

    requirement: str
    wanted_by: str


def main() -> int:
    """Make the bundles, check them, try this machine's; exit 1 if any requirement lacks its wheel."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist")
    parser.add_argument("--platform", choices=[each.name for each in PLATFORMS], action="append")
    parser.add_argument("--lock", type=Path, help="also write the lock file there")
    arguments = parser.parse_args()
    wanted = [each for each in PLATFORMS if not arguments.platform or each.name in arguments.platform]
    arguments.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        own = _own_wheel(Path(scratch))
        houses = {each: _fill(Path(scratch) / each.name, own, each) for each in wanted}
        resolved = {
            (each, python): resolve(house, each, python) for each, house in houses.items() for python in PYTHONS
        }
        missing = [lack for _, lacks in resolved.values() for lack in lacks]
        for lack in missing:
            print(f"no wheel for {lack.requirement}, wanted by {lack.wanted_by}", file=sys.stderr)
        if missing:
            return 1
        lock = locked({target: wheels for target, (wheels, _) in resolved.items()}, houses)
        if arguments.lock:
            arguments.lock.write_text(lock, encoding="utf-8", newline="\n")
        for each, house in houses.items():
            bundle = _pack(arguments.output, each, house, own, lock)
            needed = ", ".join(f"{len(resolved[each, (3, minor)][0])} by 3.{minor}" for _, minor in PYTHONS)
            size = bundle.stat().st_size / 2**20
            print(f"{bundle.name}: {size:.1f} MiB, {len(house)} wheels, needed: {needed}")
            if each.name == _here():
                _try(bundle, Path(scratch) / "try")
    return 0


def _own_wheel(folder: Path) -> Path:
    _pip("wheel", "--no-deps", "-w", folder, ROOT)
    [wheel] = folder.glob("*.whl")
    return wheel


def _fill(folder: Path, own: Path, target: Platform) -> list[Wheel]:
    """Download what *target* needs for each Python. What pip leaves out for foreign markers is asked for by name."""
    for python in PYTHONS:
        wanted = [f"{NAME}[all] @ {own.as_uri()}"]
        for _ in range(5):
            _download(folder, target, python, wanted)
            _, lacks = resolve(list(_wheels(folder)), target, python)
            if not lacks:
                break
            wanted = [lack.requirement for lack in lacks]
    return list(_wheels(folder))


def _download(folder: Path, target: Platform, python: tuple[int, int], wanted: Iterable[str]) -> None:
    version = ".".join(map(str, python))
    tags = [word for tag in target.tags for word in ("--platform", tag)]
    abis = ["--abi", "cp" + version.replace(".", ""), "--abi", "abi3", "--abi", "none"]
    _pip(
        *("download", "--only-binary=:all:", "--implementation", "cp", "--python-version", version),
        *(*tags, *abis, "-d", folder, *wanted),
    )


def _pip(*words: object) -> None:
    subprocess.run([sys.executable, "-m", "pip", "-q", *map(str, words)], check=True, stderr=subprocess.DEVNULL)


def _wheels(folder: Path) -> Iterator[Wheel]:
    for path in sorted(folder.glob("*.whl")):
        name, version, _, tags = parse_wheel_filename(path.name)
        with zipfile.ZipFile(path) as wheel:
            [place] = [
                each for each in wheel.namelist() if each.endswith(".dist-info/METADATA") and each.count("/") == 1
            ]
            metadata = BytesParser().parsebytes(wheel.read(place))
        requires = tuple(Requirement(each) for each in metadata.get_all("Requires-Dist", []))
        yield Wheel(path, name, str(version), tags, requires)


def resolve(
    house: list[Wheel], target: Platform, python: tuple[int, int], start: str = f"{NAME}[all]"
) -> tuple[dict[str, Wheel], list[Missing]]:
    """The wheel that each requirement of *start* gets on *target*, newest first, and those that get none."""
    environment, accepted = target.environment(python), target.accepted(python)
    found: dict[str, Wheel] = {}
    lacks: list[Missing] = []
    done: set[tuple[str, frozenset[str]]] = set()
    todo = [(Requirement(start), "the bundle")]
    while todo:
        wanted, by = todo.pop()
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if (name, extras) in done:
            continue
        done.add((name, extras))
        fitting = [each for each in house if each.name == name and each.tags & accepted]
        fitting = [each for each in fitting if wanted.specifier.contains(each.version)]
        if not fitting:
            lacks.append(Missing(f"{wanted.name}{wanted.specifier}", by))
            continue
        found[name] = wheel = max(fitting, key=lambda each: parse_wheel_filename(each.path.name)[1])
        for each in wheel.requires:
            marker = each.marker
            if marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in extras or {""}):
                todo.append((each, f"{name} on {target.name}, Python {'.'.join(map(str, python))}"))
    return found, lacks


def locked(
    resolved: dict[tuple[Platform, tuple[int, int]], dict[str, Wheel]], houses: dict[Platform, list[Wheel]]
) -> str:
    """A requirements file with the version and hashes of everything, and for which Python and system each is."""
    uses: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for (target, python), wheels in resolved.items():
        for name, wheel in wheels.items():
            place = (".".join(map(str, python)), target.sys_platform)
            uses.setdefault((name, wheel.version), set()).add(place)
    everywhere = {place for places in uses.values() for place in places}
    hashes: dict[tuple[str, str], set[str]] = {}
    for house in houses.values():
        for wheel in house:
            hashes.setdefault((wheel.name, wheel.version), set()).add(_sha256(wheel.path))
    lines = [
        "# Made by tools/make_offline_bundle.py: all that xiangning-zyz[all] needs, for pip install --require-hashes."
    ]
    for (name, version), places in sorted(uses.items()):
        if name == NAME:
            continue
        marker = _marker(places, everywhere)
        seals = [f"    --hash=sha256:{seal}" for seal in sorted(hashes[name, version])]
        lines.append(" \\\n".join([f"{name}=={version}{marker}", *seals]))
    return "\n".join(lines) + "\n"


def _marker(places: set[tuple[str, str]], everywhere: set[tuple[str, str]]) -> str:
    """The marker that holds for *places* (Python, system) and for no other of *everywhere*."""
    if places == everywhere:
        return ""
    for which, word in enumerate(("python_version", "sys_platform")):
        values = sorted({place[which] for place in places})
        if places == {place for place in everywhere if place[which] in values}:
            return " ; " + " or ".join(f'{word} == "{value}"' for value in values)
    parts = (f'(python_version == "{python}" and sys_platform == "{system}")' for python, system in sorted(places))
    return " ; " + " or ".join(parts)


def _pack(output: Path, target: Platform, house: list[Wheel], own: Path, lock: str) -> Path:
    """Zip a bundle; the same wheels make the same bytes."""
    version = own.name.split("-")[1]
    bundle = output / f"zyz-{version}-{target.name}.zip"
    base = bundle.stem
    files = {f"wheels/{wheel.path.name}": wheel.path.read_bytes() for wheel in house}
    files |= {
        "requirements.lock": lock.encode(),
        "install.py": (ROOT / "tools" / "offline_install.py").read_bytes(),
        "安装说明.txt": _WORDS.replace("\n", "\r\n").encode("utf-8-sig"),
    }
    if target.sys_platform == "win32":
        files["install.bat"] = b'@py -3 "%~dp0install.py" %*\r\n@pause\r\n'
    else:
        files["install.sh"] = b'#!/bin/sh\nexec "${PYTHON:-python3}" "$(dirname "$0")/install.py" "$@"\n'
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as zipped:  # wheels are zips already
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(f"{base}/{name}")
            info.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            zipped.writestr(info, content)
    bundle.write_bytes(made.getvalue())
    return bundle


def _try(bundle: Path, folder: Path) -> None:
    """Install the bundle as an office would, with no index and no cache, and run the demonstration."""
    with zipfile.ZipFile(bundle) as zipped:
        zipped.extractall(folder)
    [unpacked] = folder.iterdir()
    bare = {key: value for key, value in os.environ.items() if not key.upper().startswith(("PIP_", "PYTHON"))}
    bare |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    home = folder / "installed"
    subprocess.run([sys.executable, unpacked / "install.py", home], check=True, env=bare, stdout=subprocess.DEVNULL)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    demo = subprocess.run([python, "-m", "xiangning_zyz", "demo"], env=bare, capture_output=True, check=True)
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"], env=bare, capture_output=True, check=True
    ).stdout
    packages = [each["name"] for each in json.loads(listed) if each["name"] not in ("pip", "setuptools")]
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"  installed with no index: {len(packages)} packages, {size / 2**20:.0f} MiB; zyz demo printed ", end="")
    print(f"{len(demo.stdout.splitlines())} lines")
    shutil.rmtree(home)


def _here() -> str:
    machine = platform.machine().lower()
    return "windows-x64" if os.name == "nt" and machine == "amd64" else f"{platform.system().lower()}-{machine}"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


_WORDS = """\
zyz 离线安装

需要 Python 3.11、3.12 或 3.13（64 位，带 venv 和 pip）。不需要联网。

Windows：双击 install.bat，或在命令提示符中运行 install.bat D:\\zyz
Linux：  sh install.sh /opt/zyz

装好后按屏幕提示运行 zyz demo 试一试。
安装前可用 SHA256SUMS 核对文件是否完整；安装时 pip 还会逐个核对 requirements.lock 中的校验值。
"""


if __name__ == "__main__":
    sys.exit(main())
