"""What changed since the previous report of the kind, the one on the period before (issue 7, item 7).

A goal is news when its judged period lies after the previous report's; both are judged by what is
known now, and what was known otherwise before stands among the revisions (`analysis/changes.py`).
"""

from xiangning_zyz.analysis.changes import Late, Revision
from xiangning_zyz.analysis.gap import Gap
from xiangning_zyz.analysis.words import amount, day_words, span
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.blocks import Cell, Column, Figure, Table, plain_cell
from xiangning_zyz.report.compose.goals import TONES, number_cell, state_cell, value_of
from xiangning_zyz.report.compose.material import Material
from xiangning_zyz.report.goals import state_field


def news(material: Material) -> tuple[Gap, ...]:
    """The goals whose figures are new since the previous report."""
    before = material.period.shifted(-1).ordinal
    return tuple(each for each in material.gaps if each.judgement.period and each.judgement.period.ordinal > before)


def change_table(material: Material) -> Table:
    """Value and light of each goal with new figures, then and now."""
    rows = []
    for gap in news(material):
        now, before = gap.judgement, gap.change.before if gap.change else None
        actual, then = now.actual, before.actual if before else None
        rows.append(
            (
                plain_cell(now.indicator.name),
                plain_cell(now.indicator.unit),
                plain_cell(span(then.month, now.indicator.kind) if then else "首次报送"),
                number_cell(amount(then.value, ""), then.value, Figure("", then.sources)) if then else plain_cell(""),
                plain_cell(span(actual.month, now.indicator.kind) if actual else ""),
                number_cell(amount(actual.value, ""), actual.value, Figure("", actual.sources))
                if actual
                else plain_cell(value_of(now).text),
                plain_cell(state_field(before).text if before else "", TONES[before.light] if before else ""),
                state_cell(now),
            )
        )
    columns = (
        Column("name", "指标", 9),
        Column("unit", "单位", 3, "center"),
        Column("then", "上期", 8),
        Column("before", "上期数", 6, "right", places=6),
        Column("now", "本期", 8),
        Column("actual", "本期数", 6, "right", places=6),
        Column("was", "上期判定", 6),
        Column("is", "本期判定", 6),
    )
    note = "只列本期有新数据的指标；上期判定按现有数据重新计算。"
    return Table("changes", "与上期相比变化情况表", columns, tuple(rows), (note,), "（本期各项指标没有新数据）")


def revision_table(material: Material) -> Table:
    """Figures that were others before: old, new, by which entry and when (domain.md E13)."""
    rows = [_revision_row(material.plan, each) for each in revisions(material)]
    columns = (
        Column("department", "报送部门", 8),
        Column("name", "指标", 9),
        Column("period", "报告期", 7),
        Column("old", "原值", 7, "right"),
        Column("new", "现值", 7, "right"),
        Column("how", "方式", 6),
        Column("entry", "台账记录号", 5, "right"),
        Column("on", "修订日期", 7),
    )
    return Table("revisions", "数据修订情况表", columns, tuple(rows), (), "（没有修订）")


def revisions(material: Material) -> tuple[Revision, ...]:
    """Every revision since the previous figures, each once: parts of ratios belong to several goals."""
    found = [each for gap in material.gaps if gap.change for each in gap.change.revisions]
    return tuple(dict.fromkeys(found))


def arrivals(material: Material) -> tuple[Late, ...]:
    """Figures that came after their due day since the previous ones."""
    return tuple(dict.fromkeys(each for gap in material.gaps if gap.change for each in gap.change.late))


def revision_figure(plan: Plan, revision: Revision) -> Figure:
    """One revision in a sentence without its full stop."""
    before, after = revision.before, revision.after
    name = f"{before.what.department}{before.what.period.label}{_indicator(plan, revision)}"
    old = amount(before.what.value, before.what.unit)
    if after is None:
        return Figure(f"{name}{old}已撤回", (before,))
    verb = "撤回后恢复为" if revision.undone else "修订为"
    return Figure(f"{name}由{old}{verb}{amount(after.what.value, after.what.unit)}", (before, after))


def late_words(late: Late) -> str:
    """One late figure in a sentence without its full stop."""
    return (
        f"{late.department}{late.period.label}数据应于{day_words(late.due.day)}前报送，{day_words(late.received)}收到"
    )


def _indicator(plan: Plan, revision: Revision) -> str:
    what = revision.before.what
    part = f"（{plan.segment(what.segment).name}）" if what.segment else ""
    return plan.indicator(what.indicator).name + part


def _revision_row(plan: Plan, revision: Revision) -> tuple[Cell, ...]:
    before, after = revision.before, revision.after
    last = after or before
    new = Figure(amount(after.what.value, after.what.unit), (after,)) if after else None
    return (
        plain_cell(before.what.department),
        plain_cell(_indicator(plan, revision)),
        plain_cell(before.what.period.label),
        Cell((Figure(amount(before.what.value, before.what.unit), (before,)),)),
        Cell((new,)) if new else plain_cell("无"),
        plain_cell("撤回" if after is None else "撤回后恢复" if revision.undone else "重报"),
        plain_cell(str(last.import_id)),
        plain_cell(last.recorded_at.date().isoformat()),
    )
