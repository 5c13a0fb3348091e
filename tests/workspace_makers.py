"""Figures entered into a workspace's ledger as one workbook, past the import."""

from datetime import date, datetime

from ledger_makers import sha_of
from xiangning_zyz.jobs.plans import open_plan
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import NewImport
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI


def bring(home, department, *facts, received=date(2024, 7, 3), recorded=None):
    """Enter *facts* (see makers) as `DEPARTMENT RECEIVED.xlsx`, recorded on the day received unless said; its id."""
    workspace, file = Workspace(home), f"{department} {received}.xlsx"
    plan, day = open_plan(workspace), recorded or received
    sent = [
        each.what._replace(department=department, cell=each.what.cell._replace(file=file, sha256=sha_of(file)))
        for each in facts
    ]
    new = NewImport(file, sha_of(file), 1, received, department, (), "imported", plan.hash)
    with open_ledger(workspace.ledger, plan.id) as ledger, ledger.writing():
        return ledger.append_import(new, sent, datetime(day.year, day.month, day.day, tzinfo=SHANGHAI))
