"""Evidence of decisions: a copy of the file is kept under its hash, never under the name it came with."""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from xiangning_zyz.aside import write_aside
from xiangning_zyz.jobs.workspace import Workspace
from xiangning_zyz.report.visible import visible
from xiangning_zyz.stop import Stop

_LARGEST = 200 * 1024 * 1024  # bytes; scans and videos are larger, a signed page is not


class NoEvidence(Stop):
    """The file named as evidence cannot serve as such."""

    code = 2  # wrong usage


class Evidence(NamedTuple):
    """A file that proves something: what a decision records of it."""

    name: str  # as given, without folder
    sha256: str  # of its content, hexadecimal


def keep_evidence(workspace: Workspace, path: Path) -> Evidence:
    """Copy *path* into the archive; the same bytes are kept once.

    Call it within `ledger.writing()` and before the decision is appended: then no entry names a file
    that is not there. NoEvidence if *path* is no file, empty or too large; OSError as the system gives it.
    """
    content = _content(path)
    name = os.fsencode(path.name).decode(errors="backslashreplace")  # a name that is no text must not stop the ledger
    evidence = Evidence(name, hashlib.sha256(content).hexdigest())
    target = kept_at(workspace, evidence.sha256)
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_aside(target, content, workspace.archive)
    return evidence


def kept_at(workspace: Workspace, sha256: str) -> Path:
    """Where the evidence of that hash is kept: `archive/evidence/HASH`."""
    return workspace.archive / "evidence" / sha256


def evidence_fault(workspace: Workspace, evidence: Evidence) -> str:
    """What is wrong with the kept copy, in Chinese; empty if it is whole."""
    kept = kept_at(workspace, evidence.sha256)
    place, name = kept.relative_to(workspace.home).as_posix(), visible(evidence.name)
    if not kept.is_file():
        return f"证据《{name}》不在归档中：{place}"
    with kept.open("rb") as file:
        whole = hashlib.file_digest(file, "sha256").hexdigest() == evidence.sha256
    return "" if whole else f"证据《{name}》已被改动：{place}"


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise NoEvidence(f"证据文件 {path} 不存在，或不是文件。")
    if path.stat().st_size > _LARGEST:
        raise NoEvidence(f"证据文件 {path} 超过 {_LARGEST // 2**20} 兆，请压缩或只留关键页。")
    content = path.read_bytes()
    if not content:
        raise NoEvidence(f"证据文件 {path} 是空的。")
    return content
