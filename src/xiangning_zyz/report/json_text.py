"""JSON as `zyz` prints it: stable, readable, and harmless on a terminal."""

import json

from xiangning_zyz.report.visible import escaped_json


def to_json(value: object) -> str:
    """*value* (dicts, lists, strings, numbers, null) as two-space-indented JSON with a final newline."""
    return escaped_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"
