"""How a problem mentions a fact: where it stands, and what people call it."""

from xiangning_zyz.fact import Fact, Observation
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import Place


def place(fact: Fact) -> Place:
    """The cell in which it was said."""
    return Place(fact.cell.file, fact.cell.sheet, fact.cell.ref)


def called(plan: Plan, fact: Fact) -> str:
    """专业镇产值（紫砂陶）, a task's title, a project's or firm's name, an issue's number."""
    if isinstance(fact, Observation):
        name = plan.indicator(fact.indicator).name
        return name if fact.segment is None else f"{name}（{plan.segment(fact.segment).name}）"
    match fact.kind:
        case "task":
            return plan.task(fact.subject).title
        case "project":
            return next(project.name for project in plan.projects if project.id == fact.subject)
        case "enterprise":
            return dict(fact.fields).get("name", fact.subject)
        case _:
            return f"问题{fact.subject}"
