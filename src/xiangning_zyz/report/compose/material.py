"""What a report is made of: everything that was computed, and what was decided about it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from xiangning_zyz.analysis.gap import Gap
from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.series import Series
from xiangning_zyz.analysis.status import Status
from xiangning_zyz.fact import Approval, Record, Recorded
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.supervision.issues import Issue
from xiangning_zyz.supervision.ladder import Call
from xiangning_zyz.supervision.standing import Standing

_GROUP = re.compile("成立了?([^，。、；]{2,20}?)工作专班")


class Material(NamedTuple):
    """The computed results behind every kind of report for one period."""

    plan: Plan
    period: Period  # reported on; nothing of a later month is in here
    as_of: date
    known_at: datetime | None
    status: Status
    gaps: tuple[Gap, ...]  # of every goal, with what changed
    courses: Mapping[str, Series]  # by indicator: its values so far
    standings: tuple[Standing, ...]  # who owed what for the period
    words: Sequence[Recorded[Record]]  # of departments on tasks, up to the period
    issues: tuple[Issue, ...]
    calls: tuple[Call, ...]  # whom the ladder would speak to, for suggestions
    approvals: tuple[Recorded[Approval], ...]  # of the period, in force
    number: str  # 发文字号 or issue number; empty: not given yet
    department: str  # a department's own entry; empty: the whole
    draft: bool  # 征求意见稿

    def judgement(self, indicator: str) -> Judgement:
        """The judgement of that goal; KeyError if it is none."""
        for each in self.status.targets:
            if each.indicator.id == indicator:
                return each
        raise KeyError(indicator)


def place_of(plan: Plan) -> str:
    """The county (city, province) whose plan it is: 乡宁县; empty where the issuer names none."""
    head, found, _ = plan.issuer.partition("人民政府")
    return head if found else ""


def topic_of(plan: Plan) -> str:
    """What the work is called, by the plan's own words: 专业镇发展.

    The name of the working group, where a guarantee measure quotes it; else the title without its ends.
    """
    for task in plan.tasks:
        named = _GROUP.search(task.quote)
        if named:
            return named[1]
    return plan.title.removeprefix(place_of(plan)).removesuffix("实施方案")


def office_of(plan: Plan) -> str:
    """The working group's office: 乡宁县专业镇发展工作专班办公室."""
    return f"{place_of(plan)}{topic_of(plan)}工作专班办公室"
