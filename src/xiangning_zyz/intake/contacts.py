"""`data/contacts.yaml`: whom to ring at each department. Optional, and no part of the plan or its hash.

Personal data stay in this one file on the office's own machine: the repository ignores it, and neither
ledger nor reports hold any of it (CONTRACT §10).
"""

from collections.abc import Iterator
from pathlib import Path

from xiangning_zyz.intake.plan import faults, model
from xiangning_zyz.intake.plan.fault import Fault, PlanError
from xiangning_zyz.intake.plan.files import read_file
from xiangning_zyz.intake.plan.load import load_plan
from xiangning_zyz.intake.plan.shape import validate
from xiangning_zyz.intake.plan.words import bare, hint
from xiangning_zyz.intake.plan.yaml_text import Document, read_yaml
from xiangning_zyz.plan import Plan
from xiangning_zyz.supervision.contact import Contact

FILE = "contacts.yaml"


def read_contacts(data: Path, plan: Plan) -> tuple[Contact, ...]:
    """The contacts in the folder *data*, none where it has no such file; PlanError with every fault of it."""
    file = read_file(data / FILE)
    if file.fault is not None and file.fault.code == faults.MISSING_FILE.code:
        return ()
    if file.fault is not None:
        raise PlanError([file.fault])
    document, found = read_yaml(str(file.path), file.content or b"", may_be_empty=True)
    if document is None:
        raise PlanError(found)
    listed, wrong = validate(document, model.Contacts, "contacts")
    names = {bare(name): each.id for each in plan.departments for name in (*each.aliases, each.full_name, each.id)}
    found = [*found, *wrong, *_unknown(document, names)]
    if found or listed is None:
        raise PlanError(found)
    return tuple(
        Contact(names[bare(each.department)], each.name, each.phone, each.post or "") for each in listed.contacts
    )


def contact_faults(data: Path) -> tuple[Fault, ...]:
    """What is wrong with the contacts of the sound plan in *data*."""
    try:
        read_contacts(data, load_plan(data))
    except PlanError as error:
        return error.faults
    return ()


def _unknown(document: Document, names: dict[str, str]) -> Iterator[Fault]:
    for path, name in document.texts("contacts.*.department"):
        if bare(name) not in names:
            near = hint(name, names.values())
            place = document.place(path)
            yield faults.UNDECLARED.at(place, what="单位", found=name, hint=near, where="tasks.yaml")
