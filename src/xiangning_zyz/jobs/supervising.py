"""Supervision at work: gather what the ledger knows, decide in `supervision/`, write and record reminders."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.aside import write_aside
from xiangning_zyz.fact import Reminder, ReturnedSheet
from xiangning_zyz.intake.contacts import read_contacts
from xiangning_zyz.intake.plan.fault import PlanError
from xiangning_zyz.jobs.plans import PlanInvalid
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.letters import Letter, letters, phone_list, to_md
from xiangning_zyz.supervision.contact import Contact
from xiangning_zyz.supervision.ladder import STEPS, Call, calls
from xiangning_zyz.supervision.standing import Heard


class Written(NamedTuple):
    """What `zyz remind -o` left behind."""

    files: tuple[Path, ...]
    without_docx: bool  # python-docx is not installed


def heard_in(ledger: Ledger, known_at: datetime | None) -> Heard:
    """What was known about reporting at a moment (None: now)."""
    returns = tuple(each.what for each in ledger.decisions(ReturnedSheet, known_at))
    return Heard(ledger.arrivals(known_at), ledger.records(known_at), returns)


def calls_in(plan: Plan, ledger: Ledger, as_of: date, known_at: datetime | None) -> tuple[Call, ...]:
    """Whom to remind on *as_of*, by what was known at a moment (None: now)."""
    return calls(plan, heard_in(ledger, known_at), reminders_in(ledger, known_at), as_of)


def reminders_in(ledger: Ledger, known_at: datetime | None) -> tuple[Reminder, ...]:
    """The reminders given so far, oldest first."""
    return tuple(each.what for each in ledger.decisions(Reminder, known_at))


def contacts_of(workspace: Workspace, plan: Plan) -> tuple[Contact, ...]:
    """The contacts of the workspace, none if it has no such file; PlanInvalid (exit 3) if that is faulty."""
    try:
        return read_contacts(workspace.data, plan)
    except PlanError as error:
        raise PlanInvalid("\n".join(["联络员文件有错误，请改正后再运行：", *map(str, error.faults)])) from None


def remind(
    plan: Plan, ledger: Ledger, contacts: Sequence[Contact], folder: Path, as_of: date, recorded_at: datetime
) -> Written | None:
    """Write today's phone list and letters to *folder*, then record that they were given; None: nobody to remind.

    Decided and recorded under one lock: two clerks at once remind nobody twice. Killed before the
    record, the files are simply written again.
    """
    with ledger.writing():
        called = calls_in(plan, ledger, as_of, None)
        if not called:
            return None
        made = [phone_list(plan, called, contacts, as_of), *letters(plan, called, as_of)]
        written = _write(made, folder)
        for call in called:
            for step in STEPS:
                items = tuple(dict.fromkeys(each.owed.name for each in call.at(step)))
                if items:
                    ledger.append_decision(Reminder(call.department, step, items, as_of), recorded_at)
    return written


def _write(made: Sequence[Letter], folder: Path) -> Written:
    to_docx = _docx_speller()
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for letter in made:
        spelled = {".md": to_md(letter).encode()} | ({".docx": to_docx(letter)} if to_docx else {})
        for suffix, content in spelled.items():
            target = folder / f"{letter.name}{suffix}"
            write_aside(target, content)
            files.append(target)
    return Written(tuple(files), without_docx=to_docx is None)


def _docx_speller() -> Callable[[Letter], bytes] | None:
    """How letters become Word files; None where python-docx, an extra, is not installed."""
    try:
        from xiangning_zyz.report.letters_docx import to_docx
    except ModuleNotFoundError as error:
        if error.name != "docx":
            raise
        return None
    return to_docx
