"""What templates may put into their sentences, under Chinese names (docs/manual/报告.md lists them).

Values are figures with their cells, words already put together, or lists of them; a template
chooses and orders, it does not reckon.
"""

from collections.abc import Mapping
from decimal import Decimal, localcontext

from xiangning_zyz.analysis.due import report_due, working_days_after
from xiangning_zyz.analysis.judgement import Judgement, goal_op
from xiangning_zyz.analysis.words import day_words, needed_said, percent
from xiangning_zyz.figure import PRECISE
from xiangning_zyz.period import Period
from xiangning_zyz.report.blocks import Figure
from xiangning_zyz.report.compose.changes import arrivals, late_words, news, revision_figure, revisions
from xiangning_zyz.report.compose.goals import said_of, trend_said, value_of
from xiangning_zyz.report.compose.issues import issue_words, overdue
from xiangning_zyz.report.compose.material import Material, office_of, place_of, topic_of
from xiangning_zyz.report.compose.tasks import done_words, missing_words, names_in
from xiangning_zyz.report.duties import key_tasks, reported_by
from xiangning_zyz.report.goals import state_field
from xiangning_zyz.supervision.approvals import ABOUT_ONE, WORDS
from xiangning_zyz.supervision.ladder import STEP_WORDS, SUGGESTED
from xiangning_zyz.supervision.standing import STATE_WORDS

Values = Mapping[str, object]


def context(material: Material) -> Values:
    """Everything a template may name."""
    with localcontext(PRECISE):
        own = _department(material) if material.department else {}
        return {
            **_frame(material),
            "指标": _goals(material),
            "任务": _tasks(material),
            "报送": _reporting(material),
            "变化": _changes(material),
            "逾期问题": [issue_words(each) for each in overdue(material)],
            "未销号问题": sum(issue.closed is None for issue in material.issues),
            "建议": _suggestions(material),
            "决定": _decisions(material),
            "本单位": own,
        }


def _frame(material: Material) -> Values:
    plan, rules = material.plan, material.plan.rules
    upcoming = report_due(rules.calendar, _next_month(material.period))
    prefix = plan.document.partition("〔")[0]
    government = rules.issuer == "government"
    blank = f"{prefix}〔{material.as_of.year}〕　　号" if government else "第　　期"
    return {
        "方案": {"名称": plan.title, "文号": plan.document},
        "地方": place_of(plan),
        "事项": topic_of(plan),
        "办公室": office_of(plan),
        "发文机关": plan.issuer,
        "政府": government,
        "征求意见稿": material.draft,
        "有乡镇": any(each.kind == "township" for each in plan.departments),
        "编号": material.number or blank,
        "期号": material.number or "第　　期",
        "报告期": material.period.label,
        "上期": material.period.shifted(-1).label,
        "日期": day_words(material.as_of),
        "下次报送日": day_words(upcoming.day),
        "补报期限": day_words(working_days_after(material.as_of, rules.escalation.within, rules.calendar)),
        "亮灯规则": material.status.rule,
    }


def _next_month(period: Period) -> Period:
    return period.last_month.shifted(1)


def _goals(material: Material) -> Values:
    targets = material.status.targets
    by_light: dict[str, list[Judgement]] = {}
    for each in targets:
        by_light.setdefault(each.light, []).append(each)
    behind = sorted((*by_light.get("red", ()), *by_light.get("yellow", ())), key=lambda each: each.light)
    return {
        "总数": len(targets),
        "亮灯数": len(targets) - len(by_light.get("none", ())),
        "绿灯数": len(by_light.get("green", ())),
        "黄灯数": len(by_light.get("yellow", ())),
        "红灯数": len(by_light.get("red", ())),
        "不亮灯数": len(by_light.get("none", ())),
        "良好": [said_of(each) for each in by_light.get("green", ())],
        "滞后": [_behind(material, each) for each in behind],
        "其他": [trend_said(each) for each in by_light.get("none", ()) if each.period and each.state != "conflict"],
        "未报": [each.indicator.name for each in targets if each.state == "overdue"],
        "冲突": [said_of(each) for each in targets if each.state == "conflict"],
    }


def _behind(material: Material, judgement: Judgement) -> Values:
    """A goal that lags, with the unit that answers for the figure and the tasks it belongs to."""
    indicator, needed = judgement.indicator, judgement.needed_per_month
    tasks = [
        task.no for task in key_tasks(material.plan) if indicator.id in task.indicators or task.id in indicator.tasks
    ]
    said = Figure(judgement.reason.removesuffix("。"), said_of(judgement).sources)
    pace = needed_said(needed, indicator, goal_op(indicator, judgement.milestone)) if needed else ""
    if pace and pace not in said.text:
        since = judgement.period.label if judgement.period and judgement.silence.late else "此"
        said = said._replace(text=f"{said.text}，{since}后{pace}")
    return {
        "名称": indicator.name,
        "判定": state_field(judgement).text,
        "说明": said,
        "归口": "、".join(indicator.reporters) or "未确定归口单位",
        "任务": "、".join(tasks),
    }


def _tasks(material: Material) -> Values:
    tasks = key_tasks(material.plan)
    named = {task.id for task in tasks}
    last = material.period.last_month.ordinal
    items = [item for each in material.standings for item in each.items if item.owed.kind == "task"]
    due = [
        item
        for item in items
        if item.owed.item in named and item.owed.period.ordinal == last and item.state != "exempt"
    ]
    reported = [item for item in due if item.received is not None]
    percents = {each.task.id: each.percent for each in material.status.tasks}
    rate = Decimal(len(reported)) / len(due) if due else None
    done = [f"{task.no}{done_words(value)}" for task in tasks if (value := percents.get(task.id)) is not None]
    return {
        "项数": len(tasks),
        "部门数": len({duty.department for task in tasks for duty in task.departments}),
        "应报": len(due),
        "已报": len(reported),
        "报送率": percent(rate) if rate is not None else "",
        "完成比例": done,
    }


def _reporting(material: Material) -> Values:
    late = names_in(material, "late")
    return {
        "应报数": sum(each.state != "exempt" for each in material.standings),
        "按时": names_in(material, "reported", "zero"),
        "迟报": late,
        "漏报": names_in(material, "partial"),
        "未报": names_in(material, "missing"),
        "退回": names_in(material, "returned"),
        "待报": names_in(material, "pending"),
        "迟报数据": [late_words(each) for each in arrivals(material)],
    }


def _changes(material: Material) -> Values:
    changed, said = news(material), []
    for gap in changed:
        before, now = gap.change.before if gap.change else None, gap.judgement
        if before and before.light != now.light:
            was, now_is = state_field(before).text, state_field(now).text
            said.append(Figure(f"{now.indicator.name}由“{was}”变为“{now_is}”", value_of(now).sources))
    return {
        "新数据": [each.judgement.indicator.name for each in changed],
        "判定变化": said,
        "修订": [revision_figure(material.plan, each) for each in revisions(material)],
    }


def _suggestions(material: Material) -> list[str]:
    """督办、约谈、通报 that the ladder would propose; only a draft may say so, and only as 建议."""
    if not material.draft:
        return []
    said = []
    for call in material.calls:
        if call.step in SUGGESTED:
            names = "、".join(_missed(material, each.owed.kind, each.owed.item) for each in call.at(call.step))
            times = max(each.times for each in call.at(call.step))
            word = STEP_WORDS[call.step].removesuffix("建议")
            said.append(f"建议对{call.department}予以{word}（{names}连续{times}期未报），报请批准后办理")
    return said


def _missed(material: Material, kind: str, item: str) -> str:
    plan = material.plan
    match kind:
        case "task":
            return f"任务{plan.task(item).no}"
        case "project":
            return f"项目“{plan.project(item).name}”"
    return plan.indicator(item).name


def _decisions(material: Material) -> list[str]:
    """表扬、批评、约谈 that were approved for this period: who approved, and when."""
    return [
        f"经{each.what.by}{day_words(each.what.on)}批准，对{each.what.department}予以{WORDS[each.what.what]}"
        for each in material.approvals
        if each.what.what in ABOUT_ONE
    ]


def _department(material: Material) -> Values:
    """A department's own entry, to be seen by it before publication (domain.md E15)."""
    name, plan = material.department, material.plan
    reported = {indicator.id for indicator in reported_by(plan, name)}
    standing = next((each for each in material.standings if each.department == name), None)
    missing = [item for item in standing.items if item.overdue] if standing else []
    own = [task for task in plan.tasks if any(duty.department == name for duty in task.departments)]
    return {
        "名称": name,
        "全称": plan.department(name).full_name or name,
        "状态": STATE_WORDS[standing.state] if standing else "本期没有应报事项",
        "应报": standing.rates.due if standing else 0,
        "已报": standing.rates.reported if standing else 0,
        "未报事项": missing_words(material, missing),
        "指标": [said_of(each) for each in material.status.targets if each.indicator.id in reported],
        "任务": [f"{task.no}{task.title}" for task in own if task.kind == "key"],
        "问题": [issue_words(each) for each in material.issues if name in each.responsible and each.closed is None],
        "建议": [text for text in _suggestions(material) if text.startswith(f"建议对{name}予以")],
    }
