"""JSON Schema of the plan's files, for the editors in which the office writes them."""

from typing import Any, Literal

from pydantic import BaseModel

from xiangning_zyz.intake.plan.model import Contacts, Rules, Targets, Tasks

_MODELS: dict[str, type[BaseModel]] = {"targets": Targets, "tasks": Tasks, "rules": Rules, "contacts": Contacts}


def json_schema(name: Literal["targets", "tasks", "rules", "contacts"]) -> dict[str, Any]:
    """The schema of `NAME.yaml`; the files `data/schema/NAME.schema.json` are copies of it."""
    schema = _without_titles(_MODELS[name].model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _without_titles(tree: Any) -> Any:
    """Without pydantic's titles, which are our English keys once more (`Decided By`)."""
    if isinstance(tree, list):
        return [_without_titles(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    return {
        key: _without_titles(value) for key, value in tree.items() if not (key == "title" and isinstance(value, str))
    }
