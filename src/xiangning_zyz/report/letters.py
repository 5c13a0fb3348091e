"""Reminders on paper: the phone list, letters to departments, suggestions to the government.

First a call, then a letter (domain.md E16). What only the government may order is written as a suggestion
with its evidence, and blank lines for whoever approves it (政府督查工作条例 art. 7, 12, 16, 21). Names of
persons and their telephones stand on the phone list and nowhere else.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from xiangning_zyz.analysis.words import day_words
from xiangning_zyz.plan import Plan
from xiangning_zyz.report import listing
from xiangning_zyz.report.listing import Listing
from xiangning_zyz.supervision.contact import Contact
from xiangning_zyz.supervision.duties import Owed, is_joint
from xiangning_zyz.supervision.ladder import STEP_WORDS, STEPS, SUGGESTED, Call, Missed, Step, until

SENDER = "工作专班办公室"

_KINDS = {"indicator": "指标", "task": "任务", "project": "项目"}
_BLANK = "＿" * 8
_WANTED: dict[Step, tuple[str, str]] = {
    "supervise": ("开展督办", "指定督查机构或专班办公室，对上述事项开展督办"),
    "talk": ("进行约谈", "约谈该单位负责人，了解未报原因，明确补报时限"),
    "criticise": ("予以通报批评", "予以通报批评，责成限期补报"),
}
_LAW = (
    "依据：《政府督查工作条例》第七条（部门未经本级人民政府指定不得开展政府督查）、第十二条（约谈）、"
    "第二十一条（批评须经本级人民政府或其行政首长批准）。"
)


class Letter(NamedTuple):
    """One document: its file name without suffix, and what stands in it from top to bottom."""

    name: str
    title: str
    body: tuple[str | Listing, ...]
    signature: tuple[str, ...]
    on: date


def phone_list(plan: Plan, called: Sequence[Call], contacts: Sequence[Contact], as_of: date) -> Letter:
    """Whom to ring today, the highest step first."""
    ordered = sorted(called, key=lambda call: -STEPS.index(call.step))
    rows = tuple(
        (
            str(number),
            call.department,
            STEP_WORDS[call.step],
            people(contacts, call.department),
            matters(plan, call.items),
            day_words(until(plan, call, as_of)),
            "",
        )
        for number, call in enumerate(ordered, 1)
    )
    heads = ("序号", "部门", "级次", "联系人和电话", "事项", "请其何时前报", "联系结果")
    rule = "先电话联系，仍未报送的再发函。联系人和电话仅供专班办公室内部使用，请勿外传。"
    return Letter(f"{as_of} 催报电话清单", "催报电话清单", (rule, Listing("", heads, rows)), (day_words(as_of),), as_of)


def letters(plan: Plan, called: Sequence[Call], as_of: date) -> tuple[Letter, ...]:
    """A letter to each department, and the suggestions about it."""
    made: list[Letter] = []
    for call in called:
        made.append(_letter(plan, call, as_of))
        for step in SUGGESTED:
            items = [each for each in call.at(step) if not _suggested(each)]
            if items:
                made.append(_suggestion(plan, call.department, step, items, as_of))
    return tuple(made)


def to_md(letter: Letter) -> str:
    """A letter as Markdown."""
    parts = [block if isinstance(block, str) else listing.to_md([block]).strip() for block in letter.body]
    return "\n\n".join([f"# {letter.title}", *parts, *letter.signature]) + "\n"


def matters(plan: Plan, items: Sequence[Missed]) -> str:
    """In a few words, the most pressing first: 2024年6月（连续3期）：任务T01、T02；2024年6月：指标入驻企业."""
    urged = any(each.step != "hint" for each in items)
    groups: dict[str, dict[str, list[str]]] = {}
    for each in sorted(items, key=lambda each: -STEPS.index(each.step)):
        name = name_of(plan, each.owed) if each.owed.kind == "indicator" else each.owed.item
        group = groups.setdefault(each.owed.period.label + _remark(each, urged=urged), {})
        group.setdefault(_KINDS[each.owed.kind], []).append(name)
    return "；".join(
        f"{head}：{'，'.join(kind + '、'.join(names) for kind, names in group.items())}"
        for head, group in groups.items()
    )


def _remark(missed: Missed, *, urged: bool) -> str:
    """What sets an item apart from the others of its call; *urged*: some of them are past their day."""
    told = {
        "退回": missed.returned,
        "未到期": urged and not missed.times,
        f"连续{missed.times}期": missed.times > 1,
    }
    words = "，".join(word for word, holds in told.items() if holds)
    return f"（{words}）" if words else ""


def name_of(plan: Plan, duty: Owed) -> str:
    """What is owed, in the plan's words."""
    match duty.kind:
        case "indicator":
            part = f"·{plan.segment(duty.segment).name}" if duty.segment else ""
            return plan.indicator(duty.item).name + part
        case "task":
            return f"{plan.task(duty.item).no}{plan.task(duty.item).title}"
        case "project":
            return plan.project(duty.item).name


def _letter(plan: Plan, call: Call, as_of: date) -> Letter:
    """To the department itself: 提示 while there is time, 催办 after the due day."""
    urged = call.step != "hint"
    word = STEP_WORDS["urge" if urged else "hint"]
    opening = (
        f"根据《{plan.title}》（{plan.document}）和数据报送要求，你单位以下事项"
        + (f"尚未按期报送，请于{day_words(until(plan, call, as_of))}前补报。" if urged else "即将到期，请按时报送。")
        + "确无进展的，请在进展情况中写明“本月无进展”，也是报送。"
    )
    body: list[str | Listing] = [f"{call.department}：", opening]
    if any(each.returned for each in call.items):
        body.append("状态为“退回”的，请按退回稿的反馈意见改正后重新报送。")
    if urged and any(not each.times for each in call.items):
        body.append("截止日未到的，请在截止日前报送。")
    body.append(_due_list(plan, call.items))
    if any(each.step in SUGGESTED for each in call.items):
        body.append("连续多期未报的事项，专班办公室将按规定提请研究。")
    body.append("如已经报送，或对上述情况有不同意见，请及时与专班办公室联系。")
    title = f"关于{'补报' if urged else '报送'}数据和进展的{word}"
    return Letter(f"{as_of} {call.department} {word}", title, tuple(body), (SENDER, day_words(as_of)), as_of)


def _due_list(plan: Plan, items: Sequence[Missed]) -> Listing:
    rows = tuple(
        (
            _KINDS[each.owed.kind],
            name_of(plan, each.owed),
            each.owed.period.label,
            day_words(each.owed.due.day),
            _state(each),
        )
        for each in items
    )
    joint = any(is_joint(plan, each.owed) for each in items)
    notes = ("项目由各责任部门共同负责，任一部门报送即可。",) if joint else ()
    if not all(each.owed.due.announced for each in items):
        notes = (*notes, "截止日所在年份的放假安排尚未公布，按周一至周五推算。")
    return Listing("", ("类别", "事项", "报告期", "截止日", "状态"), rows, notes)


def _state(missed: Missed) -> str:
    word = "退回" if missed.returned else "未报" if missed.times else "待报"
    return word + (f"，连续{missed.times}期" if missed.times > 1 else "")


def _suggested(missed: Missed) -> bool:
    """Whether the same was suggested for the same period before: once is enough, whoever decides has it."""
    return any(done.step == missed.step and done.on > missed.owed.due.day for done in missed.taken)


def _suggestion(plan: Plan, department: str, step: Step, items: Sequence[Missed], as_of: date) -> Letter:
    """To whoever may order it: what is suggested, on what evidence, and room to approve."""
    asked, measure = _WANTED[step]
    rows = tuple(
        (
            f"{_KINDS[each.owed.kind]}：{name_of(plan, each.owed)}",
            str(each.times),
            each.owed.period.label if each.times == 1 else f"{each.since.label}至{each.owed.period.label}",
            day_words(each.owed.due.day),
            "；".join(f"{day_words(done.on)}{STEP_WORDS[done.step]}" for done in each.taken) or "无",
        )
        for each in items
    )
    heads = ("事项", "连续未报期数", "报告期", "最近一期截止日", "此前催报")
    body = (
        "（建议稿，供审定；未经批准不得执行）",
        f"截至{day_words(as_of)}，{department}承担的下列事项连续未报，经催报仍未报送：",
        Listing("", heads, rows, (), frozenset({1})),
        f"建议{measure}。",
        _LAW,
        f"该单位的说明：{_BLANK}{_BLANK}",
        f"审定意见：{_BLANK}{_BLANK}",
        f"批准人：{_BLANK}",
        "批准日期：＿＿＿＿年＿＿月＿＿日",
    )
    name = f"{as_of} {department} {STEP_WORDS[step]}"
    return Letter(name, f"关于对{department}{asked}的建议", body, (SENDER, day_words(as_of)), as_of)


def people(contacts: Sequence[Contact], department: str) -> str:
    """The contacts of a department with their telephones, the first to ring first."""
    own = [each for each in contacts if each.department == department]
    return "；".join(f"{each.name}{f'（{each.post}）' if each.post else ''} {each.phone}" for each in own) or "未登记"
