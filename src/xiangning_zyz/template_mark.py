"""Sheets that `zyz` itself puts into workbooks, and must know again when a workbook comes back.

A fill-in template carries a very hidden sheet that names its plan, department and period; a
returned copy carries the sheet 反馈意见. Writers (report) and readers (intake) do not know each
other, so the words they share stand here.
"""

from collections.abc import Mapping
from typing import NamedTuple

from xiangning_zyz.period import Period

SHEET = "zyz"  # very hidden: Excel and WPS do not offer it under “取消隐藏”
SCHEMA = "zyz/template@1"
GUIDE_SHEET = "填报说明"  # words for the clerk, no data
FEEDBACK_SHEET = "反馈意见"  # words for the sender, no data; a second one is called 反馈意见（2）
LAST_REPORTED = "上次报送"  # locked column of a template: for the clerk to compare, never read


class TemplateId(NamedTuple):
    """What a template says about itself."""

    plan: str  # `Plan.id`
    plan_hash: str  # `Plan.hash` when the template was written
    department: str
    period: Period


def to_rows(template: TemplateId) -> tuple[tuple[str, str], ...]:
    """The rows of the hidden sheet, key and value."""
    return (
        ("schema", SCHEMA),
        ("plan", template.plan),
        ("plan_hash", template.plan_hash),
        ("department", template.department),
        ("period", str(template.period)),
    )


def from_rows(rows: Mapping[str, str]) -> TemplateId | None:
    """The template that *rows* describe; None when they are not such rows or were spoilt."""
    if rows.get("schema") != SCHEMA or not {"plan", "plan_hash", "department", "period"} <= rows.keys():
        return None
    try:
        period = Period.parse(rows["period"])
    except ValueError:
        return None
    return TemplateId(rows["plan"], rows["plan_hash"], rows["department"], period)
