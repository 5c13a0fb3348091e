"""通报 and 简报: prose by template, tables as annexes, head and closing by who issues it (CONTRACT §8).

Order and tone follow domain.md B8: the whole first, good units before problems, problems with unit,
item and gap. A draft (征求意见稿) only suggests; a final one carries out what was approved, and
nothing else (政府督查工作条例 art. 21).
"""

from collections.abc import Iterator

from xiangning_zyz.analysis.words import day_words
from xiangning_zyz.report.blocks import Annex, Block, Closing, Document, Heading, Kind, Masthead, Paragraph, Table
from xiangning_zyz.report.compose.changes import change_table, revision_table, revisions
from xiangning_zyz.report.compose.charts import charts
from xiangning_zyz.report.compose.context import context
from xiangning_zyz.report.compose.goals import goal_table, qualitative_table, reason_table, trend_table
from xiangning_zyz.report.compose.issues import issue_table
from xiangning_zyz.report.compose.material import Material
from xiangning_zyz.report.compose.prose import Prose, Templates, prose
from xiangning_zyz.report.compose.sources import source_table
from xiangning_zyz.report.compose.tasks import department_table, matrix_table, task_table, words_table

_COPIES = ("抄送", "报", "送", "发")
LONGEST = 4000  # characters: 整治形式主义为基层减负若干规定 (2024), for a document that arranges work


def letter(kind: Kind, material: Material, templates: Templates) -> Document:
    """The document of *kind*; a department's own entry where the material names one."""
    name = "department.j2" if material.department else f"{kind}.j2"
    filled = prose(templates, name, context(material))
    annexes = tuple(_annexes(kind, material))
    plan = material.plan
    return Document(
        kind=kind,
        plan_id=plan.id,
        plan_hash=plan.hash,
        period=str(material.period),
        as_of=material.as_of,
        known_at=material.known_at,
        draft=material.draft,
        title=tuple(part for part in filled.parts.get("标题", "").split("|") if part),
        head=_head(filled, official=kind == "bulletin" and plan.rules.issuer == "government", draft=material.draft),
        addressee=filled.parts.get("主送", ""),
        blocks=filled.blocks,
        annexes=annexes,
        closing=_closing(filled, material),
    )


def length_of(document: Document) -> int:
    """Characters of the body, as the limit for such documents counts them: annexes and head left out."""
    return sum(
        len("".join(str(run) for run in block.runs))
        for block in document.blocks
        if isinstance(block, Heading | Paragraph)
    )


def _head(filled: Prose, *, official: bool, draft: bool) -> Masthead | None:
    parts = filled.parts
    if not parts.get("报头"):
        return None
    marks = [parts.get("标记", ""), "征求意见稿" if draft else ""]
    return Masthead(
        style="bulletin" if official else "newsletter",
        name=parts["报头"],
        number=parts.get("编号", ""),
        marking="　".join(filter(None, marks)),
        compiler=parts.get("编印", ""),
        day=parts.get("日期", ""),
    )


def _closing(filled: Prose, material: Material) -> Closing:
    parts = filled.parts
    day = parts.get("日期") or day_words(material.as_of)
    return Closing(
        signature=parts.get("落款", ""),
        day=day,
        sealed=material.plan.rules.issuer == "government",
        copies=tuple(f"{name}：{parts[name]}" for name in _COPIES if parts.get(name)),
        printer=parts.get("印发", ""),
        printed=f"{day}印发",
    )


def _annexes(kind: Kind, material: Material) -> Iterator[Annex]:
    if material.department:
        yield _annex(words_table(material))
        return
    yield _annex(goal_table(material), reason_table(material), trend_table(material))
    if kind == "brief":
        return
    yield _annex(matrix_table(material), task_table(material))
    yield _annex(department_table(material))
    if material.issues:
        yield _annex(issue_table(material))
    drawn = tuple(chart for chart in charts(material) if chart.history)
    if drawn:
        yield Annex("主要指标走势图", drawn, wide=False)
    judged = [each for each in material.status.qualitative if each.last]
    if judged:
        yield _annex(qualitative_table(material))
    yield _annex(change_table(material), revision_table(material) if revisions(material) else None)
    yield _annex(source_table(material))


def _annex(first: Table | None, *more: Table | None) -> Annex:
    """Tables under the title of the first."""
    tables: tuple[Block, ...] = tuple(table for table in (first, *more) if table is not None)
    if first is None:
        raise ValueError("an annex has a first table")
    return Annex(first.title, tables, wide=True)
