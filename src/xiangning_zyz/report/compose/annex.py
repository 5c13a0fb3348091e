"""The annex (附表): every table of a period, for the spreadsheet."""

from collections.abc import Iterator

from xiangning_zyz.report.blocks import Block, Document, Table
from xiangning_zyz.report.compose.changes import change_table, revision_table
from xiangning_zyz.report.compose.charts import charts
from xiangning_zyz.report.compose.goals import goal_table, milestone_table, qualitative_table, reason_table, trend_table
from xiangning_zyz.report.compose.issues import issue_table
from xiangning_zyz.report.compose.material import Material, topic_of
from xiangning_zyz.report.compose.sources import source_table
from xiangning_zyz.report.compose.tasks import department_table, matrix_table, task_table, words_table


def annex(material: Material) -> Document:
    """Goals, milestones, tasks, departments, issues, changes and sources, with a chart for each goal."""
    plan = material.plan
    return Document(
        kind="annex",
        plan_id=plan.id,
        plan_hash=plan.hash,
        period=str(material.period),
        as_of=material.as_of,
        known_at=material.known_at,
        draft=material.draft,
        title=(material.period.label, f"{topic_of(plan)}工作", "进展情况附表"),
        head=None,
        addressee="",
        blocks=tuple(_blocks(material)),
        annexes=(),
        closing=None,
    )


def _blocks(material: Material) -> Iterator[Block]:
    yield goal_table(material)
    yield from charts(material)
    tables: tuple[Table | None, ...] = (
        reason_table(material),
        milestone_table(material),
        trend_table(material),
        qualitative_table(material),
        task_table(material),
        matrix_table(material),
        words_table(material),
        department_table(material),
        issue_table(material),
        change_table(material),
        revision_table(material),
        source_table(material),
    )
    yield from (table for table in tables if table is not None)
