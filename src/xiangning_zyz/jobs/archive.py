"""Where received files and returned copies lie. Names are built from hashes, never from what a sender wrote.

All of it is written while the ledger is locked for writing. So whoever holds that lock may take an
unfinished file for a dead run's; and an archived file is on the disk before the entry that names it.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from xiangning_zyz.aside import make_folder, sweep, sync_folder, write_aside, write_together
from xiangning_zyz.intake.grid import Book
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.ledger.book import Ledger
from xiangning_zyz.problem import Problem


def archived(workspace: Workspace, sha256: str, received: date) -> Path:
    """Where the file of that hash, received on that day, is kept: `archive/2024-07/HASH`."""
    return _folder(workspace, received) / sha256


def archive(workspace: Workspace, contents: Mapping[str, bytes], received: date) -> None:
    """Keep received files, each under its hash (统计法实施条例 art. 22: raw data 2 years, summaries 10).

    The same bytes are kept once. Call it within `ledger.writing()`. Killed before their entries are sealed,
    files stay that no entry names.
    """
    if not contents:
        return
    folder = _folder(workspace, received)
    make_folder(folder)
    targets = {folder / sha256: content for sha256, content in contents.items()}
    new = {target: content for target, content in targets.items() if not target.is_file()}
    if len(new) < len(targets):
        sync_folder(folder)  # a run killed right after naming a file may not have come to it
    write_together(new, workspace.archive)


def return_copy(
    workspace: Workspace, ledger: Ledger, content: bytes, book: Book, problems: tuple[Problem, ...], on: date
) -> Path:
    """Write the annotated copy of a workbook and say where. The same file returned on the same day is written over."""
    from xiangning_zyz.report.returned import annotate

    copy = annotate(content, book.container, book.sheets, problems, on=on)
    target = workspace.returned / f"{on:%Y-%m-%d}-{book.sha256[:12]}{copy.suffix}"
    with ledger.writing():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_aside(target, copy.content)
    return target


def clear(workspace: Workspace, ledger: Ledger) -> None:
    """Remove the unfinished files of killed runs."""
    with ledger.writing():
        for folder in (workspace.var, workspace.cache, workspace.archive, workspace.returned):
            sweep(folder)


def _folder(workspace: Workspace, received: date) -> Path:
    return workspace.archive / f"{received:%Y-%m}"
