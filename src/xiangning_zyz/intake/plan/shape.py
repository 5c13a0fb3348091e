"""One file's data against its model: every fault of shape at its place, in the office's words."""

import re
from collections.abc import Iterator
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from xiangning_zyz.intake.plan import faults
from xiangning_zyz.intake.plan.fault import Fault
from xiangning_zyz.intake.plan.words import hint
from xiangning_zyz.intake.plan.yaml_text import Document, Path, colon_fault

_Model = TypeVar("_Model", bound=BaseModel)

_KINDS = {kind.code: kind for kind in faults.CATALOGUE}
_ITEM = "若干“名称: 内容”"
_EXPECTED = {"list_type": "列表，如 [甲, 乙]", "model_type": _ITEM, "dict_type": _ITEM}
_DECISION = frozenset(("decided_by", "on", "why"))


def validate(document: Document, model: type[_Model], schema: str) -> tuple[_Model | None, Iterator[Fault]]:
    """The file as *model*, or None and its faults; *schema* is the name `zyz schema` knows it by."""
    try:
        return model.model_validate(document.data), iter(())
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, (_fault(document, model, schema, detail) for detail in details)


def _fault(document: Document, model: type[BaseModel], schema: str, detail: ErrorDetails) -> Fault:
    path: Path = tuple(step for step in detail["loc"] if step != "[key]")
    place, key = document.place(path), _label(path)
    found = detail["input"] if isinstance(detail["input"], str) else ""
    case = {"key": key, "found": found, "schema": schema, **detail.get("ctx", {})}
    match detail["type"]:
        case "extra_forbidden":
            near = hint(key, _model_at(model, path[:-1]).model_fields)
            return faults.UNKNOWN_KEY.at(document.key_place(path), hint=near, **case)
        case "missing":
            return _missing(document, model, path)
        case "literal_error":
            choices = re.findall("'([^']*)'", str(case["expected"]))
            return faults.BAD_CHOICE.at(place, choices="、".join(choices), hint=hint(found, choices), **case)
        case "too_short" | "too_long":
            return faults.WRONG_COUNT.at(place, key=key)
        case code if code in _KINDS:
            return _KINDS[code].at(place, **case)
        case kind:
            wrong = faults.WRONG_TYPE.at(place, expected=_EXPECTED.get(kind, "别的写法"), **case)
            return colon_fault(found, place) or wrong


def _missing(document: Document, model: type[BaseModel], path: Path) -> Fault:
    """A key that is not there, or was left empty."""
    key = str(path[-1])
    meaning = _model_at(model, path[:-1]).model_fields[key].description or key
    kind = faults.UNDECIDED if key in _DECISION else faults.MISSING_KEY
    return kind.at(document.key_place(path), key=key, meaning=meaning)


def _label(path: Path) -> str:
    """What to call the value at *path*: its key, and its position where it is one of a list."""
    key = next((step for step in reversed(path) if isinstance(step, str)), "文件")
    return f"{key} 第 {path[-1] + 1} 项" if path and isinstance(path[-1], int) else key


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    for step in path:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        if field is not None:
            model = next(_models(field.annotation), model)
    return model


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """The models an annotation such as `list[Annotated[Duty, …]] | None` speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
