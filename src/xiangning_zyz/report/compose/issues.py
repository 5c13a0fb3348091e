"""The issue ledger in reports: what is open, overdue, or was struck off."""

from xiangning_zyz.analysis.words import day_words
from xiangning_zyz.report.blocks import Cell, Column, Table, plain_cell
from xiangning_zyz.report.compose.material import Material
from xiangning_zyz.report.issues import item_words, last_progress, state_of
from xiangning_zyz.supervision.issues import Issue

_SHAPES = {"已销号": "●", "逾期": "■", "逾期、待销号": "■", "待销号": "◎", "办理中": "○", "未交办": "△"}


def issue_table(material: Material) -> Table:
    """Open issues first, those overdue before the others."""
    day = material.as_of
    ordered = sorted(material.issues, key=lambda issue: (issue.closed is not None, not issue.overdue(day)))
    columns = (
        Column("number", "编号", 6),
        Column("state", "状态", 5),
        Column("problem", "问题", 18),
        Column("item", "关联任务（项目）", 9),
        Column("responsible", "责任单位", 9),
        Column("due", "完成时限", 7),
        Column("progress", "最近进展", 16),
    )
    rows = tuple(_row(material, issue) for issue in ordered)
    return Table("issues", "问题台账", columns, rows, (), "（没有登记的问题）")


def overdue(material: Material) -> tuple[Issue, ...]:
    """Open issues whose day is over."""
    return tuple(issue for issue in material.issues if issue.overdue(material.as_of))


def issue_words(issue: Issue) -> str:
    """An overdue issue in a sentence without its full stop: number, problem, who, by when."""
    who = "、".join(issue.responsible) or "未交办"
    due = f"，应于{day_words(issue.due)}前完成" if issue.due else ""
    more = f"，已延期{issue.extensions}次" if issue.extensions else ""
    return f"{issue.number}号问题“{issue.problem}”（{who}）{due}{more}"


def _row(material: Material, issue: Issue) -> tuple[Cell, ...]:
    state = state_of(issue, material.as_of)
    return (
        plain_cell(issue.number),
        plain_cell(_SHAPES[state.text] + state.text, state.tone),
        plain_cell(issue.problem),
        plain_cell(item_words(material.plan, issue.item)),
        plain_cell("、".join(issue.responsible)),
        plain_cell(issue.due.isoformat() if issue.due else ""),
        plain_cell(last_progress(issue)),
    )
