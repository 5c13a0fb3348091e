"""A department's last words on each figure, task and project, as the locked column 上次报送 shows them."""

from collections.abc import Iterable, Mapping

from xiangning_zyz.fact import Basis, Fact, Observation, Record
from xiangning_zyz.figure import plain
from xiangning_zyz.period import Period
from xiangning_zyz.report.template.asked import Figure

NONE_YET = "—"

_LONGEST = 100  # characters of one field; the sheet is for comparing, the whole text stands in the ledger
# Field names as `intake/facts/records.py` gives them.
_TASK = {
    "state": "状态：{}",
    "percent": "完成{}%",
    "progress": "进展：{}",
    "problems": "问题：{}",
    "next": "下一步：{}",
}
_PROJECT = {
    "stage": "阶段：{}", "planned_investment": "计划投资：{}", "done_investment": "完成投资：{}",
    "year_planned_investment": "年度计划投资：{}", "year_done_investment": "本年完成投资：{}",
    "started": "开工：{}", "finished": "竣工：{}", "progress": "进度：{}", "problems": "问题：{}", "next": "下一步：{}",
}  # fmt: skip


class LastWords:
    """The latest of *facts* up to *period*, by subject."""

    def __init__(self, facts: Iterable[Fact], period: Period) -> None:
        self._figures: dict[tuple[str, str | None], Observation] = {}
        self._records: dict[tuple[str, str], Record] = {}
        for fact in sorted((fact for fact in facts if fact.period.ordinal <= period.ordinal), key=_age):
            if isinstance(fact, Observation):
                self._figures[fact.indicator, fact.segment] = fact
            else:
                self._records[fact.kind, fact.subject] = fact

    def figure(self, figure: Figure) -> str:
        """`4.1（2024年1—5月）`, or a dash."""
        last = self._figures.get((figure.indicator.id, figure.segment))
        return f"{plain(last.value)}（{span(last.period, last.basis)}）" if last else NONE_YET

    def task(self, id: str) -> str:
        """Period, percent and words, one a line, or a dash."""
        return self._words(self._records.get(("task", id)), _TASK)

    def project(self, id: str) -> str:
        """Period, stage, investment and words, one a line, or a dash."""
        return self._words(self._records.get(("project", id)), _PROJECT)

    def _words(self, last: Record | None, patterns: Mapping[str, str]) -> str:
        if last is None:
            return NONE_YET
        fields = dict(last.fields)
        lines = [pattern.format(_short(fields[name])) for name, pattern in patterns.items() if fields.get(name)]
        return "\n".join([f"{last.period.label}：", *lines])


def span(period: Period, basis: Basis) -> str:
    """What a figure covers: 2024年6月末, 2024年1—6月, 2024年6月当月."""
    if basis == "point":
        return f"{period.year}年{period.last}月末"
    if basis == "cumulative":
        return f"{period.year}年1—{period.last}月" if period.last > 1 else f"{period.year}年1月"
    return f"{period.label}当月" if period.frequency == "month" else period.label


def _age(fact: Fact) -> tuple[int, bool]:
    """Sorts the later last, and of one month the cumulative after the month alone."""
    return fact.period.ordinal, isinstance(fact, Observation) and fact.basis != "single"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
