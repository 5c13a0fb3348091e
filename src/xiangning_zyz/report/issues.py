"""The issue ledger for people and programs. Words only; nothing is counted here."""

from collections.abc import Sequence
from datetime import date, datetime

from xiangning_zyz.analysis.words import day_words
from xiangning_zyz.fact import IssueEvent
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.listing import Field, Listing
from xiangning_zyz.supervision.issues import Entry, Issue, Word, tally

Json = dict[str, object]

_ACTS = {"add": "登记", "assign": "交办", "extend": "延期", "close": "销号", "reopen": "重新挂号", "withdraw": "作废"}
HEADS = (
    "编号",
    "状态",
    "类型",
    "问题",
    "涉及企业",
    "关联任务（项目）",
    "提出单位",
    "提出日期",
    "责任单位",
    "完成时限",
    "首次时限",
    "延期次数",
    "进展情况",
    "销号日期",
    "确认人",
)


_BRIEF = ("编号", "状态", "类型", "问题", "任务", "责任单位", "完成时限", "进展情况")
_WHOLE = "一项的全部内容和办理经过，用 zyz issue list 编号 查看。"


def state_of(issue: Issue, day: date) -> Field:
    """How an issue stands, in a word or two; colour only adds to them."""
    if issue.withdrawn is not None:
        return Field("已作废", "dim")
    if issue.closed is not None:
        return Field("已销号", "good")
    if issue.overdue(day):
        return Field("逾期、待销号" if issue.claimants else "逾期", "bad")
    if issue.claimants:
        return Field("待销号", "warn")
    return Field("办理中" if issue.responsible else "未交办")


def issue_listings(
    plan: Plan, issues: Sequence[Issue], day: date, *, title: str = "问题台账", brief: bool = False
) -> tuple[Listing, ...]:
    """One line an issue, those open and overdue first; *brief*: what a screen has room for."""
    shown = sorted(issues, key=lambda issue: (issue.closed is not None, not issue.overdue(day)))
    count = tally(issues, day)
    note = f"共{len(issues)}项，未销号{count.open}项，其中逾期{count.overdue}项。"
    title = f"{title}　截至{day_words(day)}"
    if brief:
        rows = tuple(_brief_row(issue, day) for issue in shown)
        notes = (note, _WHOLE) if rows else (note,)
        return (Listing(title, _BRIEF, rows, notes, empty="（没有问题）"),)
    rows = tuple(_row(plan, issue, day) for issue in shown)
    return (Listing(title, HEADS, rows, (note,), frozenset({11}), empty="（没有问题）"),)


def overdue_listings(plan: Plan, issues: Sequence[Issue], day: date) -> tuple[Listing, ...]:
    """The overdue issues, beside what is owed; nothing where there are none."""
    return issue_listings(plan, issues, day, title="逾期未销号的问题", brief=True) if issues else ()


def history_listings(plan: Plan, issue: Issue, day: date) -> tuple[Listing, ...]:
    """One issue with everything that happened to it, oldest first."""
    rows = tuple(zip(HEADS, _row(plan, issue, day), strict=True))
    steps = [*map(_event_step, issue.events), *map(_word_step, issue.words)]
    steps.sort(key=lambda step: (step[0], int(step[-1])))
    heads = ("日期", "事项", "单位（人）", "内容", "责任单位", "完成时限", "佐证或出处", "记录号")
    return (
        Listing(f"问题 {issue.number}", ("项目", "内容"), rows),
        Listing("办理经过", heads, tuple(steps), (), frozenset({7})),
    )


def issues_json(issues: Sequence[Issue], as_of: date, known_at: datetime | None) -> Json:
    """`zyz/issues@1`, by number."""
    return {
        "schema": "zyz/issues@1",
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "issues": [issue_json(issue, as_of) for issue in issues],
    }


def item_words(plan: Plan, item: str) -> str:
    """The task or project of an issue: its name where the plan has one of that id, else the words as they are."""
    for task in plan.tasks:
        if task.id == item:
            return f"{task.no}{task.title}"
    return next((project.name for project in plan.projects if project.id == item), item)


def _row(plan: Plan, issue: Issue, day: date) -> tuple[str | Field, ...]:
    closed = issue.closed
    return (
        issue.number,
        state_of(issue, day),
        issue.scope,
        issue.problem,
        issue.enterprise,
        item_words(plan, issue.item),
        issue.raised_by,
        issue.raised_on.isoformat(),
        "、".join(issue.responsible),
        issue.due.isoformat() if issue.due else "",
        issue.first_due.isoformat() if issue.first_due else "",
        str(issue.extensions) if issue.extensions else "",
        last_progress(issue),
        closed.on.isoformat() if closed else "",
        closed.by if closed else "",
    )


def _brief_row(issue: Issue, day: date) -> tuple[str | Field, ...]:
    put_off = f" 延期{issue.extensions}次" if issue.extensions else ""
    return (
        issue.number,
        state_of(issue, day),
        issue.scope,
        f"{issue.problem}（{issue.enterprise}）" if issue.enterprise else issue.problem,
        issue.item,
        "、".join(issue.responsible),
        issue.due.isoformat() + put_off if issue.due else "",
        _latest(issue),
    )


def _latest(issue: Issue) -> str:
    """What became of an issue last, in few words."""
    if issue.withdrawn is not None:
        return f"{issue.withdrawn.on}作废：{issue.withdrawn.text}"
    if issue.closed is not None:
        return f"{issue.closed.on}销号，{issue.closed.by}确认"
    return last_progress(issue)


def last_progress(issue: Issue) -> str:
    """What the last sheet says of an issue, with period and department; empty where none has spoken."""
    if not issue.words:
        return ""
    last = issue.words[-1].what
    said = dict(last.fields)
    return f"{last.period.label}{last.department}：{said.get('progress') or said.get('state') or '未写进展'}"


def _event_step(entry: Entry) -> tuple[str, ...]:
    event = entry.what
    proof = f"{event.evidence}（{event.evidence_sha256[:12]}）" if event.evidence_sha256 else ""
    due = event.due.isoformat() if event.due else ""
    head = (event.on.isoformat(), _ACTS[event.act], event.by, event.text, event.responsible, due)
    return (*head, proof, str(entry.import_id))


def _word_step(word: Word) -> tuple[str, ...]:
    what, cell = word.what, word.what.cell
    said = dict(what.fields)
    text = "；".join(said[name] for name in ("progress", "state", "measures", "note") if said.get(name))
    place = f"《{cell.file}》{cell.sheet}!{cell.ref}"
    head = (word.received.isoformat(), f"报表（{what.period.label}）", what.department, text)
    return (*head, said.get("responsible", ""), said.get("due", ""), place, str(word.import_id))


def issue_json(issue: Issue, day: date) -> Json:
    """One issue as it stands on *day*, with everything that happened to it."""
    closed = issue.closed
    return {
        "number": issue.number,
        "state": _state_json(issue),
        "overdue": issue.overdue(day),
        "scope": {"共性": "common", "个性": "individual"}.get(issue.scope),
        "problem": issue.problem,
        "enterprise": issue.enterprise or None,
        "item": issue.item or None,
        "raised_by": issue.raised_by,
        "raised_on": issue.raised_on.isoformat(),
        "responsible": list(issue.responsible),
        "first_due": issue.first_due.isoformat() if issue.first_due else None,
        "due": issue.due.isoformat() if issue.due else None,
        "extensions": issue.extensions,
        "closed": _closing(closed) if closed else None,
        "withdrawn": _withdrawal(issue.withdrawn) if issue.withdrawn else None,
        "events": [_event(each) for each in issue.events],
        "reports": [_report(each) for each in issue.words],
    }


def _state_json(issue: Issue) -> str:
    if issue.withdrawn is not None:
        return "withdrawn"
    if issue.closed is not None:
        return "closed"
    return "claimed" if issue.claimants else "open"


def _withdrawal(event: IssueEvent) -> Json:
    return {"on": event.on.isoformat(), "by": event.by, "why": event.text}


def _closing(event: IssueEvent) -> Json:
    return {
        "on": event.on.isoformat(),
        "confirmed_by": event.by,
        "how": event.text,
        "evidence": event.evidence,
        "evidence_sha256": event.evidence_sha256,
    }


def _event(entry: Entry) -> Json:
    event = entry.what
    return {
        "act": event.act,
        "on": event.on.isoformat(),
        "by": event.by,
        "text": event.text,
        "responsible": event.responsible.split("、") if event.responsible else [],
        "due": event.due.isoformat() if event.due else None,
        "entry": entry.import_id,
        "recorded_at": entry.recorded_at.isoformat(),
    }


def _report(word: Word) -> Json:
    what, cell = word.what, word.what.cell
    return {
        "period": str(what.period),
        "department": what.department,
        "fields": dict(what.fields),
        "received": word.received.isoformat(),
        "import_id": word.import_id,
        "file": cell.file,
        "sheet": cell.sheet,
        "ref": cell.ref,
    }
