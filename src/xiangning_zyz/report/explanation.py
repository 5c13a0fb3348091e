"""An explanation for people and as `zyz/explain@1`."""

from collections.abc import Sequence

from xiangning_zyz.analysis.explain import Step
from xiangning_zyz.report.listing import Listing
from xiangning_zyz.report.status_json import Json, place_json


def explain_listing(name: str, steps: Sequence[Step]) -> Listing:
    """The steps of an explanation."""
    return Listing(f"{name}是怎样算出来的", ("步骤", "内容"), tuple((step.title, step.text) for step in steps))


def explain_json(head: Json, indicator: str, steps: Sequence[Step]) -> Json:
    """`zyz/explain@1`; *head* names plan, day and knowledge."""
    return {
        "schema": "zyz/explain@1",
        **head,
        "indicator": indicator,
        "steps": [
            {"title": step.title, "text": step.text, "from": place_json(step.source) if step.source else None}
            for step in steps
        ],
    }
