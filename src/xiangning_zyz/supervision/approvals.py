"""Approvals: what may go out, or be done, only after somebody else has said yes.

政府督查工作条例 art. 21: 表扬、激励、批评 are proposed, and carried out only after the people's government of
that level, or its head, has approved; art. 7 and 12（七）: a department without the government's order may
not supervise, and 约谈 is a means of supervision. The working-group office sits in a department, so it
proposes. Pure: nothing here reads a clock.
"""

from collections.abc import Iterable, Mapping

from xiangning_zyz.fact import Approval, ApprovalOf, Recorded
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.supervision.parties import speaks_for

WORDS: Mapping[ApprovalOf, str] = {
    "bulletin": "通报",
    "brief": "简报",
    "praise": "表扬",
    "criticism": "通报批评",
    "talk": "约谈",
}
ABOUT_ONE = frozenset[ApprovalOf](("praise", "criticism", "talk"))  # always about one department


def in_force(
    approvals: Iterable[Recorded[Approval]], what: ApprovalOf, period: Period, department: str = ""
) -> Recorded[Approval] | None:
    """The approval of exactly that, or None: none was recorded, or the last one was taken back.

    *approvals* in the order of the ledger. What the ledger took in after it (`import_id`) nobody approved.
    """
    found = None
    for each in approvals:
        if (each.what.what, each.what.period, each.what.department) == (what, period, department):
            found = each if each.what.act == "approve" else None
    return found


def refusal(plan: Plan, approvals: Iterable[Recorded[Approval]], new: Approval) -> str:
    """Why *new* cannot be recorded, in Chinese; empty: it can."""
    word = WORDS[new.what]
    if (new.what in ABOUT_ONE) != bool(new.department):
        return f"{word}是对某个单位的，请用 --department 写明。" if new.what in ABOUT_ONE else f"{word}不分单位。"
    held = in_force(approvals, new.what, new.period, new.department)
    if new.act == "revoke":
        return "" if held else f"{new.period.label}{new.department}{word}没有有效的批准，不必撤销。"
    if held:
        return f"{new.period.label}{new.department}{word}已由{held.what.by}于 {held.what.on} 批准。"
    if _needs_government(plan, new.what) and (proposer := _proposer(plan, new.by)):
        return (
            f"{word}须经本级政府或其行政首长批准（政府督查工作条例第二十一条），{proposer}只能提出建议；"
            "请在 --by 写明批准人，如“县长”。"
        )
    return ""


def _needs_government(plan: Plan, what: ApprovalOf) -> bool:
    """An office's own 简报 asks nobody; whatever praises, criticises or speaks for the government does."""
    return what in ABOUT_ONE or plan.rules.issuer == "government"


def _proposer(plan: Plan, who: str) -> str:
    """The party in *who* that may only propose: a department, or the working group's office; else empty."""
    if "专班" in who:
        return "工作专班"
    return speaks_for(plan, who, (each.id for each in plan.departments))
