"""Who is meant: departments as people write them on a command line or in a cell of words."""

import re
from collections.abc import Iterable

from xiangning_zyz.plan import Plan


def departments_in(plan: Plan, text: str) -> tuple[str, ...]:
    """The departments that *text* lists, by id, full name or alias; one the plan does not know keeps its own name."""
    ids = {name: each.id for each in plan.departments for name in (*each.aliases, each.full_name, each.id)}
    named = (part.strip() for part in re.split(r"[、，,；;/\s]+", text))
    return tuple(dict.fromkeys(ids.get(part, part) for part in named if part))


def speaks_for(plan: Plan, who: str, departments: Iterable[str]) -> str:
    """Which of *departments* the words *who* name, alone or before a person's name (县工信局王某); empty: none."""
    names = {each.id: (each.id, each.full_name, *each.aliases) for each in plan.departments}
    named = departments_in(plan, who)
    for department in departments:
        if department in named or who.startswith(names.get(department, (department,))):
            return department
    return ""
