"""The assessment for people and programs, its arithmetic line by line. Words and rounding only."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from xiangning_zyz.fact import Approval, Recorded
from xiangning_zyz.figure import PRECISE, plain, shown
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan, ScoreItemId, Scoring
from xiangning_zyz.report.listing import Field, Listing, Tone
from xiangning_zyz.report.status_json import figure_text, head_json
from xiangning_zyz.supervision.approvals import WORDS as APPROVAL_WORDS
from xiangning_zyz.supervision.approvals import in_force
from xiangning_zyz.supervision.reviews import DAYS, Objection, pending
from xiangning_zyz.supervision.score import Line, Score, Suggestion

Json = dict[str, object]

NOTICE = "内部参考，不作为考核结果"
ITEM_WORDS: dict[ScoreItemId, str] = {
    "timeliness": "及时报送",
    "completeness": "完整报送",
    "returned": "报表质量",
    "task_progress": "任务进度",
    "goal_attainment": "目标完成",
    "issues": "问题销号",
}
_TONES: dict[Suggestion, Tone] = {"praise": "good", "criticism": "warn", "talk": "bad"}
_BLANK = "＿＿＿＿＿"


class Paper(NamedTuple):
    """What is printed: scores of a period with what has been recorded about them."""

    period: Period
    month: Period  # the last one assessed
    first: Period  # the first one whose reports count
    scores: Sequence[Score]
    approvals: Sequence[Recorded[Approval]]
    objections: Sequence[Objection]
    as_of: date
    known_at: datetime | None


def score_listings(plan: Plan, paper: Paper) -> tuple[Listing, ...]:
    """The totals in the plan's order, every line's arithmetic, what may be suggested, objections."""
    objections = [objections_listing(paper.objections, paper.as_of)] if paper.objections else []
    return (_totals(plan, paper), _suggestions(paper), *objections, _arithmetic(paper))


def score_json(plan: Plan, paper: Paper) -> Json:
    """`zyz/score@1`."""
    scoring = plan.rules.scoring
    return {
        "schema": "zyz/score@1",
        "notice": NOTICE,
        **head_json(plan, paper.as_of, paper.known_at),
        "period": str(paper.period),
        "since": str(paper.first),
        "until": str(paper.month),
        "rule": {
            "items": [{"item": each.id, **_points(each.points, each.floor, each.cap)} for each in scoring.items],
            **{name: plain(getattr(scoring, name)) for name in ("praise", "criticism", "talk", "least")},
            "decided_by": scoring.decided_by or None,
            "on": scoring.on.isoformat() if scoring.on else None,
        },
        "departments": [_score_json(paper, score) for score in paper.scores],
        "objections": [objection_json(each) for each in paper.objections],
    }


def objections_listing(objections: Sequence[Objection], day: date) -> Listing:
    """Objections with the term of each and how they ended."""
    rows = tuple(
        (
            each.raised.what.department,
            each.raised.what.period.label,
            each.raised.what.on.isoformat() + ("（逾期提出）" if each.late else ""),
            each.raised.what.text,
            _outcome(each, day),
            each.answer.what.text if each.answer else "",
            f"{each.answer.what.by}（{each.answer.what.on}）" if each.answer else "",
        )
        for each in objections
    )
    heads = ("单位", "评分期", "提出日期", "异议", "复核", "理由", "复核人")
    notes = (f"自收到结果之日起{DAYS}日内可申请复核，{DAYS}日内答复（政府督查工作条例第十七条）。",)
    return Listing("异议和复核", heads, rows, notes)


def objection_json(objection: Objection) -> Json:
    """One objection and its answer."""
    raised, answer = objection.raised.what, objection.answer
    return {
        "department": raised.department,
        "period": str(raised.period),
        "on": raised.on.isoformat(),
        "notified": raised.notified.isoformat() if raised.notified else None,
        "late": objection.late,
        "by": raised.by,
        "text": raised.text,
        "answer_due": objection.answer_due.isoformat(),
        "answer": {
            "on": answer.what.on.isoformat(),
            "by": answer.what.by,
            "outcome": answer.what.outcome,
            "text": answer.what.text,
        }
        if answer
        else None,
    }


def approvals_listing(approvals: Sequence[Recorded[Approval]]) -> Listing:
    """Who approved or took back what, oldest first."""
    rows = tuple(
        (
            "批准" if each.what.act == "approve" else "撤销批准",
            APPROVAL_WORDS[each.what.what],
            each.what.period.label,
            each.what.department,
            each.what.by,
            each.what.on.isoformat(),
            each.what.note,
            f"{each.what.evidence}（{each.what.evidence_sha256[:12]}）" if each.what.evidence_sha256 else "",
            str(each.import_id),
        )
        for each in approvals
    )
    heads = ("记录", "事项", "报告期", "单位", "批准人", "日期", "文号或说明", "材料", "记录号")
    return Listing("批准记录", heads, rows, (), frozenset({8}), empty="（还没有批准记录）")


def approvals_json(approvals: Sequence[Recorded[Approval]]) -> Json:
    """`zyz/approvals@1`, oldest first."""
    return {
        "schema": "zyz/approvals@1",
        "approvals": [
            {
                **each.what._asdict(),
                "period": str(each.what.period),
                "on": each.what.on.isoformat(),
                "entry": each.import_id,
                "recorded_at": each.recorded_at.isoformat(),
            }
            for each in approvals
        ],
    }


def _totals(plan: Plan, paper: Paper) -> Listing:
    items = [item for item in plan.rules.scoring.items if item.points]
    heads = (f"单位（{NOTICE}）", "百分制", "得分/可评满分", *(ITEM_WORDS[item.id] for item in items), "建议")
    rows: tuple[tuple[str | Field, ...], ...] = tuple(
        (
            score.department,
            _total(plan.rules.scoring, score.total) if score.total is not None else "不评",
            f"{_fraction(score.sum, 2)}/{_fraction(score.points, 2)}" if score.points else "",
            *(_fraction(line.score, 2) if line.score is not None else "—" for line in score.lines),
            _suggested(paper, score),
        )
        for score in paper.scores
    )
    title = f"{NOTICE}　{plan.document} {paper.period.label}评分（截至{paper.month.label}）"
    begun = () if paper.first.first_day <= paper.period.first_day else (f"报送自{paper.first.label}算起。",)
    return Listing(title, heads, rows, (*_rule_notes(plan), *begun), frozenset(range(1, len(heads) - 1)))


def _total(scoring: Scoring, total: Fraction) -> str:
    """Of 100 with one decimal; more where it would else read as a bound it lies below: 89.96 is no 90."""
    bounds = [Fraction(each) for each in (scoring.praise, scoring.criticism, scoring.talk) if Fraction(each) != total]
    texts = (_fraction(total, places) for places in (1, 2, 4))
    return next((text for text in texts if Fraction(text) not in bounds), _fraction(total, 12))


def _arithmetic(paper: Paper) -> Listing:
    rows: list[tuple[str, ...]] = []
    for score in paper.scores:
        for line in score.lines:
            rows.append((score.department, ITEM_WORDS[line.item.id], line.rate.words, *_figures(line)))
            rows += [("", f"　{part.name}", part.words, _percent(part.reached), "", "") for part in line.rate.parts]
    heads = ("单位", "项目", "怎样算的", "比率", "满分", "得分")
    notes = (
        "得分＝满分×比率，不低于最低分，不高于最高分；“—”为不适用，不计入满分。算式按四舍五入显示，计算时不舍入。",
    )
    return Listing("逐项算式", heads, tuple(rows), notes, frozenset({3, 4, 5}))


def _suggestions(paper: Paper) -> Listing:
    rows: list[tuple[str | Field, ...]] = []
    for score in paper.scores:
        if score.suggestion is None:
            continue
        approval = in_force(paper.approvals, score.suggestion, paper.period, score.department)
        by, on = (approval.what.by, approval.what.on.isoformat()) if approval else (_BLANK, _BLANK)
        rows.append((score.department, _suggested(paper, score), _evidence(score), by, on))
    notes = ("以上只是建议，经本级政府或其行政首长批准后才能实施（政府督查工作条例第二十一条），用 zyz approve 记录。",)
    return Listing("建议名单", ("单位", "建议", "依据", "批准人", "批准日期"), tuple(rows), notes)


def _suggested(paper: Paper, score: Score) -> Field:
    if score.suggestion is None:
        return Field("")
    if pending(paper.objections, score.department, paper.period):
        return Field("复核中，暂不建议", "dim")
    return Field(f"建议{APPROVAL_WORDS[score.suggestion]}", _TONES[score.suggestion])


def _evidence(score: Score) -> str:
    """The lines that speak for the suggestion: all for praise, else those that lost points, the most first."""
    lines = [line for line in score.lines if line.score is not None]
    if score.suggestion != "praise":
        lines = sorted((line for line in lines if _lost(line) > 0), key=_lost, reverse=True)
    return "；".join(f"{ITEM_WORDS[line.item.id]}{_figures(line)[0]}（{line.rate.words}）" for line in lines)


def _lost(line: Line) -> Fraction:
    return Fraction(line.item.points) - (line.score or 0)


def _words(line: Line) -> str:
    parts = "；".join(f"{part.name}{part.words}＝{_percent(part.reached)}" for part in line.rate.parts)
    return f"{line.rate.words}：{parts}" if parts else line.rate.words


def _figures(line: Line) -> tuple[str, str, str]:
    points = plain(line.item.points)
    if line.rate.value is None or line.score is None:
        return "—", points, "—"
    return _percent(line.rate.value), points, _fraction(line.score, 2)


def _rule_notes(plan: Plan) -> tuple[str, ...]:
    scoring = plan.rules.scoring
    who = f"由{scoring.decided_by}于{scoring.on}确定" if scoring.decided_by else "为默认，尚未经专班办公室确定"
    bounds = (
        f"百分制{plain(scoring.praise)}分以上建议表扬，不到{plain(scoring.criticism)}分建议通报批评，"
        f"不到{plain(scoring.talk)}分建议约谈；可评满分不足{plain(scoring.least)}分的不提建议"
    )
    return (f"评分办法{who}。{bounds}。", "按方案的单位顺序排列，不是名次。")


def _outcome(objection: Objection, day: date) -> str:
    if objection.answer is None:
        over = "（已超期）" if objection.answer_due < day else ""
        return f"复核中，应于{objection.answer_due}前答复{over}"
    return {"upheld": "维持", "changed": "调整", "": ""}[objection.answer.what.outcome]


def _score_json(paper: Paper, score: Score) -> Json:
    approval = in_force(paper.approvals, score.suggestion, paper.period, score.department) if score.suggestion else None
    return {
        "department": score.department,
        "items": [
            {
                "item": line.item.id,
                "points": plain(line.item.points),
                "rate": _exact(line.rate.value),
                "score": _exact(line.score),
                "arithmetic": _words(line),
            }
            for line in score.lines
        ],
        "sum": _exact(score.sum),
        "points": _exact(score.points),
        "total": _exact(score.total),
        "suggestion": score.suggestion,
        "under_review": pending(paper.objections, score.department, paper.period) is not None,
        "approved": {"by": approval.what.by, "on": approval.what.on.isoformat()} if approval else None,
    }


def _points(points: Decimal, floor: Decimal, cap: Decimal) -> Json:
    return {"points": plain(points), "floor": plain(floor), "cap": plain(cap)}


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else figure_text(_decimal(value))


def _percent(value: Fraction) -> str:
    return f"{_fraction(value * 100, 2)}%"


def _fraction(value: Fraction | None, places: int) -> str:
    return "" if value is None else shown(_decimal(value), places)


def _decimal(value: Fraction) -> Decimal:
    with localcontext(PRECISE):
        return Decimal(value.numerator) / value.denominator
