"""What a person decides about goals and figures: verdicts on qualitative goals, choices between figures."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import localcontext
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.analysis.known import Reported
from xiangning_zyz.analysis.series import series
from xiangning_zyz.analysis.words import amount
from xiangning_zyz.fact import Resolution, Verdict
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.jobs.evidence import keep_evidence
from xiangning_zyz.jobs.judging import known_in
from xiangning_zyz.jobs.plans import UnknownName
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Indicator, Plan, QualitativeGoal
from xiangning_zyz.stop import Stop


class NothingToResolve(Stop):
    """There is no such conflict, or the department is no party to it."""

    code = 2  # wrong usage


class Judged(NamedTuple):
    """What a person says of a qualitative goal."""

    goal: QualitativeGoal
    verdict: str
    why: str
    by: str
    on: date
    evidence: Path


class Dispute(NamedTuple):
    """Figures that disagree, all of the same indicator, segment and period."""

    indicator: Indicator
    segment: str | None
    rivals: tuple[Reported, ...]

    @property
    def period(self) -> Period:
        return self.rivals[0].what.period


def find_goal(plan: Plan, text: str) -> QualitativeGoal:
    """The qualitative goal of that id or name; UnknownName (exit 2) otherwise."""
    wanted = "".join(text.split()).casefold()
    for goal in plan.qualitative:
        if wanted in (goal.id.casefold(), "".join(goal.name.split()).casefold()):
            return goal
    if any(wanted in (each.id.casefold(), each.name) for each in plan.indicators):
        raise UnknownName(f"“{text}”是定量指标，按数据判断，不需要人工评判。")
    names = {spelling: goal for goal in plan.qualitative for spelling in (goal.id, goal.name)}
    near = get_close_matches(text, names, n=1, cutoff=0.4)
    hint = f"您是不是要找“{names[near[0]].name}”？" if near else ""
    known = "、".join(f"{goal.name}（{goal.id}）" for goal in plan.qualitative)
    raise UnknownName(f"方案中没有定性目标“{text}”。{hint}可用：{known or '（方案没有定性目标）'}。")


def record_verdict(workspace: Workspace, ledger: Ledger, judged: Judged, recorded_at: datetime) -> Verdict:
    """Keep the evidence, then record the verdict that rests on it."""
    with ledger.writing():
        evidence = keep_evidence(workspace, judged.evidence)
        verdict = Verdict(
            goal=judged.goal.id,
            verdict=judged.verdict,
            why=judged.why,
            judged_by=judged.by,
            on=judged.on,
            evidence=evidence.name,
            evidence_sha256=evidence.sha256,
        )
        ledger.append_decision(verdict, recorded_at)
    return verdict


def find_dispute(
    plan: Plan, ledger: Ledger, indicator: Indicator, segment: str | None, period: Period, as_of: date
) -> Dispute:
    """The figures of *period* that disagree, decided before or not; NothingToResolve where none do."""
    known = known_in(ledger, None)._replace(resolutions=())
    with localcontext(PRECISE):
        found = series(plan, indicator, known, as_of, segment)
    disputes = {each[0].what.period: each for each in found.conflicts.values()}
    for own, rivals in disputes.items():
        if period in (own, own.last_month) or period.last_month == own:
            return _own_dispute(plan, indicator, Dispute(indicator, segment, rivals))
    others = "、".join(str(own) for own in disputes)
    hint = f"有冲突的报告期：{others}。" if others else "该指标没有需要裁定的冲突。"
    raise NothingToResolve(f"“{indicator.name}”{period.label}各单位数据没有冲突。{hint}")


def record_choice(
    ledger: Ledger, dispute: Dispute, department: str, why: str, by: str, recorded_at: datetime
) -> Resolution:
    """Record whose figure counts; NothingToResolve if *department* sent none of them."""
    if department not in {each.what.department for each in dispute.rivals}:
        raise NothingToResolve(f"{department}没有报送这个数字，可选：{rivals_words(dispute.rivals)}。")
    choice = Resolution(
        indicator=dispute.indicator.id,
        segment=dispute.segment,
        period=dispute.period,
        department=department,
        why=why,
        decided_by=by,
    )
    with ledger.writing():
        ledger.append_decision(choice, recorded_at)
    return choice


def rivals_words(rivals: Iterable[Reported]) -> str:
    """Who said what: 县工信局4.1亿元、县统计局4.3亿元."""
    return "、".join(f"{each.what.department}{amount(each.what.value, each.what.unit)}" for each in rivals)


def _own_dispute(plan: Plan, indicator: Indicator, dispute: Dispute) -> Dispute:
    """A ratio's conflict is one of its parts and has to be settled there."""
    part = dispute.rivals[0].what.indicator
    if part != indicator.id:
        name = plan.indicator(part).name
        raise NothingToResolve(f"“{indicator.name}”由计算得出，冲突在“{name}”：请对 {part}@{dispute.period} 裁定。")
    return dispute
