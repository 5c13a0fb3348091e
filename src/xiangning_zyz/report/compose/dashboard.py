"""The dashboard (看板): one page for leaders, the state of everything at a glance."""

from collections.abc import Iterator
from decimal import Decimal

from xiangning_zyz.analysis.judgement import Judgement
from xiangning_zyz.analysis.words import by_words, day_words, goal_words, percent
from xiangning_zyz.report.blocks import Block, Card, Cards, Document, Heading, Paragraph, Tone
from xiangning_zyz.report.compose.changes import change_table, revision_table
from xiangning_zyz.report.compose.charts import charts
from xiangning_zyz.report.compose.goals import (
    TONES,
    goal_table,
    milestone_table,
    qualitative_table,
    reason_table,
    trend_table,
    value_of,
)
from xiangning_zyz.report.compose.issues import issue_table, overdue
from xiangning_zyz.report.compose.material import Material, topic_of
from xiangning_zyz.report.compose.prose import numbered
from xiangning_zyz.report.compose.sources import source_table
from xiangning_zyz.report.compose.tasks import department_table, matrix_table, task_table
from xiangning_zyz.report.goals import state_field
from xiangning_zyz.supervision.standing import rates


def dashboard(material: Material) -> Document:
    """Headlines, charts, matrix, departments, issues, changes and sources."""
    plan = material.plan
    sections = (
        ("总览", (_cards(material), _note(material))),
        ("目标走势", charts(material)),
        (
            "目标进度",
            (
                goal_table(material),
                reason_table(material),
                milestone_table(material),
                trend_table(material),
                qualitative_table(material),
            ),
        ),
        ("任务与部门", (matrix_table(material), task_table(material))),
        ("部门报送", (department_table(material),)),
        ("问题台账", (issue_table(material),)),
        ("与上期相比", (change_table(material), revision_table(material))),
        ("数据来源", (source_table(material),)),
    )
    return Document(
        kind="dashboard",
        plan_id=plan.id,
        plan_hash=plan.hash,
        period=str(material.period),
        as_of=material.as_of,
        known_at=material.known_at,
        draft=material.draft,
        title=(material.period.label, f"{topic_of(plan)}工作", "看板"),
        head=None,
        addressee="",
        blocks=tuple(_sections(sections)),
        annexes=(),
        closing=None,
    )


def _sections(sections: tuple[tuple[str, tuple[Block | None, ...]], ...]) -> Iterator[Block]:
    for count, (title, blocks) in enumerate(sections, 1):
        yield Heading(1, numbered(1, count), (title,))
        yield from (block for block in blocks if block is not None)


def _cards(material: Material) -> Cards:
    goals = tuple(_goal(each) for each in material.status.targets if each.milestone)
    return Cards((*goals, _reporting(material), _issues(material)))


def _goal(judgement: Judgement) -> Card:
    milestone, unit = judgement.milestone, judgement.indicator.unit
    goal = f"，{by_words(milestone)}{goal_words(milestone, unit)}" if milestone else ""
    return Card(
        judgement.indicator.name,
        value_of(judgement),
        f"{state_field(judgement).text}{goal}",
        TONES[judgement.light],
    )


def _reporting(material: Material) -> Card:
    total = rates([item for each in material.standings for item in each.items])
    share = total.completeness
    if share is None:
        return Card("报送率", "未到期", f"{material.period.label}还没有到期的报送事项", "dim")
    tone: Tone = "good" if share == 1 else "warn" if share >= Decimal("0.5") else "bad"
    return Card("报送率", percent(share), f"到期{total.due}项，已报{total.reported}项，按时{total.on_time}项", tone)


def _issues(material: Material) -> Card:
    still = sum(issue.closed is None for issue in material.issues)
    late = len(overdue(material))
    return Card("未销号问题", f"{still}项", f"其中逾期{late}项", "bad" if late else "good")


def _note(material: Material) -> Paragraph:
    known = f"，按{material.known_at:%Y-%m-%d %H:%M}前记入台账的内容" if material.known_at else ""
    words = (
        f"截至{day_words(material.as_of)}{known}。《{material.plan.title}》（{material.plan.document}）。"
        f"数据为各责任单位报送的调度数据，不是统计数据。{material.status.rule}"
    )
    return Paragraph((words,), "note")
