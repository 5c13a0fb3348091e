"""Words of progress: are they this period's, or last period's copied."""

from collections.abc import Iterable, Sequence

from xiangning_zyz.fact import Record
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import COPIED_TEXT, Place, Problem

PROGRESS = "progress"  # the field that holds 进展情况


def copied_text(plan: Plan, records: Sequence[Record], known: Sequence[Record]) -> Iterable[Problem]:
    """A task's progress text equal, white space apart, to the same department's last one."""
    for record in records:
        text = _text(record)
        earlier = [
            other
            for other in known
            if (other.kind, other.subject, other.department) == (record.kind, record.subject, record.department)
            and other.period < record.period
        ]
        last = max(earlier, key=lambda other: other.period, default=None)
        if record.kind == "task" and text and last is not None and _text(last) == text:
            yield COPIED_TEXT.at(
                Place(record.cell.file, record.cell.sheet, record.cell.ref),
                found=dict(record.fields)[PROGRESS],
                name=plan.task(record.subject).title,
                period=last.period.label,
            )


def _text(record: Record) -> str:
    """The progress text without white space; a plain “no progress” may be repeated, so it counts as none."""
    text = "".join(dict(record.fields).get(PROGRESS, "").split()).rstrip("。")
    return "" if text in ("本月无进展", "无进展", "暂无进展", "无") else text
