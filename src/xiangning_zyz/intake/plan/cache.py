"""The validated plan as plain JSON, so that a command pays for YAML and validation only once.

On the hot path: nothing here imports pydantic or yaml unless the plan changed. The cache may vanish
or rot at any time; whatever does not match the plan's files, this version of zyz, the shape of the
values, or its own hash, is a miss.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xiangning_zyz import __version__, plan
from xiangning_zyz.intake.plan.files import digest, read_files

_FORMAT = 1  # raise it when the same files come to mean another plan within one version

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
    files = read_files(home / "data")
    path = home / "var" / "cache" / "plan.json"
    key = _key(digest(files))
    if not any(file.fault for file in files):
        kept = _kept(path, key)
        if kept is not None:
            return kept
    from xiangning_zyz.intake.plan.load import plan_from  # imports pydantic and yaml

    fresh = plan_from(files)
    if keep:
        _keep(path, key, fresh)
    return fresh


def _key(plan_hash: str) -> bytes:
    shapes = repr([(name, shape._fields) for name, shape in _SHAPES.items()])
    return f"{_FORMAT} {__version__} {hashlib.sha256(shapes.encode()).hexdigest()} {plan_hash}".encode()


def _kept(path: Path, key: bytes) -> plan.Plan | None:
    try:
        content = path.read_bytes()
    except OSError:  # no cache yet, or none that may be read: the YAML files are there
        return None
    head, _, body = content.partition(b"\n")
    if head != _head(key, body):
        return None
    value: plan.Plan = json.loads(body, object_hook=_read)
    return value


def _keep(path: Path, key: bytes, fresh: plan.Plan) -> None:
    body = json.dumps(_written(fresh), ensure_ascii=False, separators=(",", ":")).encode()
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    # A workspace that cannot be written to, or a file that Windows holds open, only costs speed.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            aside.write_bytes(_head(key, body) + b"\n" + body)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def _head(key: bytes, body: bytes) -> bytes:
    return key + b" " + hashlib.sha256(body).hexdigest().encode()


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
