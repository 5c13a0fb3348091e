"""The validated plan as plain JSON, so that a command pays for YAML and validation only once.

On the hot path: nothing here imports pydantic or yaml unless the plan changed. The cache may vanish
or rot at any time; whatever does not match the plan's files, this version of zyz, the shape of the
values, or its own checksum, is a miss.
"""

import contextlib
import json
from binascii import crc32
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xiangning_zyz import __version__, plan
from xiangning_zyz.aside import write_aside

_HEAD = 22  # bytes: checksum and length of the rest
_FORMAT = 3  # raise it when the same files come to mean another plan within one version

# Every named tuple a plan is made of, `Period` among them. `Any`: there is no type for their classes.
_SHAPES: dict[str, Any] = {name: shape for name, shape in vars(plan).items() if hasattr(shape, "_fields")}
_MAKERS: dict[str, Callable[[Any], Any]] = {
    "frozenset": frozenset,
    "dict": dict,
    "Decimal": Decimal,
    "date": date.fromisoformat,
}


def plan_of(home: Path, *, keep: bool = True) -> plan.Plan:
    """The plan of the workspace *home*, from its cache if nothing changed.

    PlanError with every fault of the files if there are any. *keep* False writes nothing, for dry runs.
    """
    path = home / "var" / "cache" / "plan.json"
    kept = _kept(path, home / "data")
    if kept is not None:
        return kept
    from xiangning_zyz.intake.plan.files import read_files
    from xiangning_zyz.intake.plan.load import plan_from  # imports pydantic and yaml

    files = read_files(home / "data")
    fresh = plan_from(files)
    if keep:
        _keep(path, _source([(file.path.name, file.content) for file in files]), fresh)
    return fresh


def _source(files: Iterable[tuple[str, bytes | None]]) -> bytes:
    """What a plan is made from: this program's shapes, then every file present with its length and bytes."""
    shapes = repr([_FORMAT, __version__, [(name, shape._fields) for name, shape in _SHAPES.items()]])
    parts = [b"%s %d\n%s\n" % (name.encode(), len(content), content) for name, content in files if content is not None]
    return shapes.encode() + b"\n" + b"".join(parts) + b"plan\n"


def _written_files(data: Path) -> Iterable[tuple[str, bytes | None]]:
    """The plan's files as they stand; OSError for whatever `read_files` would call a fault."""
    for name in ("targets.yaml", "tasks.yaml", "rules.yaml"):
        path = data / name
        if not path.exists() and name == "rules.yaml":
            yield name, None
        elif path.is_file():  # opening a pipe would wait for its writer for ever
            yield name, path.read_bytes()
        else:
            raise FileNotFoundError(path)


def _kept(path: Path, data: Path) -> plan.Plan | None:
    try:
        content = path.read_bytes()
        source = _source(_written_files(data))
    except OSError:  # no cache yet, or files that only the loader can explain
        return None
    # The source itself is kept and compared: no hash can be exacter, and hashlib costs 2 ms (OpenSSL).
    # The checksum guards against rot; whoever may edit the cache may edit the plan.
    if content[:_HEAD] != _head(content[_HEAD:]) or not content.startswith(source, _HEAD):
        return None
    value: plan.Plan = json.loads(content[_HEAD + len(source) :], object_hook=_read)
    return value


def _keep(path: Path, source: bytes, fresh: plan.Plan) -> None:
    body = source + json.dumps(_written(fresh), ensure_ascii=False, separators=(",", ":")).encode()
    # A workspace that cannot be written to, or a file that Windows holds open, only costs speed.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_aside(path, _head(body) + body)


def _head(body: bytes) -> bytes:
    return b"%08x %012d\n" % (crc32(body), len(body))


def _written(value: object) -> object:
    """A value as JSON: `{"its type": its content}` for all that JSON does not know."""
    match value:
        case tuple() if hasattr(value, "_fields"):
            return {type(value).__name__: [_written(field) for field in value]}
        case tuple():
            return [_written(item) for item in value]
        case frozenset():
            return {"frozenset": sorted(map(_written, value), key=repr)}
        case Mapping():
            return {"dict": [[key, _written(item)] for key, item in value.items()]}
        case Decimal():
            return {"Decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
        case _:
            return value


def _read(spelt: dict[str, Any]) -> object:
    [(name, content)] = spelt.items()
    if name in _MAKERS:
        return _MAKERS[name](content)
    return _SHAPES[name](*_tuples(content))


def _tuples(items: list[Any]) -> tuple[Any, ...]:
    return tuple([_tuples(item) if type(item) is list else item for item in items])
