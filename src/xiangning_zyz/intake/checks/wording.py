"""Words of progress: are they this period's, or last period's copied."""

from collections.abc import Iterable, Sequence

from xiangning_zyz.fact import Record
from xiangning_zyz.intake.checks.known import Known
from xiangning_zyz.intake.checks.mention import called, place
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import COPIED_TEXT, Problem
from xiangning_zyz.supervision.standing import is_zero, words_of

_PROGRESS = "progress"  # the field that holds 进展情况


def copied_text(plan: Plan, records: Sequence[Record], known: Known) -> Iterable[Problem]:
    """A task's or project's progress text equal, white space apart, to the same department's last one."""
    for record in records:
        text = _text(record)
        if record.kind not in ("task", "project") or not text:
            continue
        earlier = [
            other
            for other in known.words(record.kind, record.subject)
            if other.department == record.department and other.period < record.period
        ]
        last = max(earlier, key=lambda other: other.period, default=None)
        if last is not None and _text(last) == text:
            yield COPIED_TEXT.at(
                place(record),
                found=dict(record.fields)[_PROGRESS],
                name=called(plan, record),
                period=last.period.label,
            )


def _text(record: Record) -> str:
    """The progress text without white space; a plain “no progress” (零报告) may be repeated, so it counts as none."""
    return "" if is_zero(record) else words_of(record)
