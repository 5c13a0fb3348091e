"""The returned copy (退回): the sender's own workbook with its problems shown in place.

Problem cells get a coloured ground (red: must be mended, yellow: please check) and a note; a last
sheet 反馈意见 lists everything. All else in the file stays byte for byte as it was sent, so nothing
an office put there is lost. What cannot be edited in its own format comes back as a fresh .xlsx.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from xiangning_zyz.problem import Problem, Severity
from xiangning_zyz.report.returned.cells import Place, paint, place, worksheet
from xiangning_zyz.report.returned.excerpts import excerpt
from xiangning_zyz.report.returned.feedback import NATURE, add_feedback
from xiangning_zyz.report.returned.markup import NotPatchable, apply
from xiangning_zyz.report.returned.notes import Note, hang
from xiangning_zyz.report.returned.package import Package
from xiangning_zyz.report.returned.rebuild import SheetLike, rebuilt
from xiangning_zyz.report.returned.styles import Styles, empty_styles

__all__ = ["Returned", "annotate"]

MOST_NOTES = 2_000  # per workbook; with many more boxes Excel takes minutes to open the file
MOST_LISTED = 10_000  # problems marked and listed; a workbook with more has one cause, not 10,000
_SUFFIXES = {
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ".xltx",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": ".xltm",
}


class Returned(NamedTuple):
    """The copy to send back."""

    content: bytes
    suffix: str  # `.xlsx`, or `.xlsm` where the sender's file had macros
    note: str  # why it is not the sender's own file, in Chinese; empty when it is


def annotate(
    content: bytes, container: str, sheets: Sequence[SheetLike], problems: Sequence[Problem], *, on: date
) -> Returned:
    """Make the copy of a workbook that is returned on the day *on*.

    *content*: the file as received; *container*: `grid.Book.container`, or anything else for a file
    that could not be read; *sheets*: its cells as read, used where the file itself cannot be edited;
    *problems*: those of this file, places named as in *sheets*. Raises nothing for odd content.
    """
    if container == "xlsx":
        try:
            return _annotated(content, problems, "", on)
        except NotPatchable:
            note = "原文件结构特殊，现另存为 .xlsx 退回：数据照原样，格式和公式未保留。"
    elif sheets:
        note = f"原文件为 .{container}，现另存为 .xlsx 退回：数据照原样，格式和公式未保留。"
    else:
        note = "原文件无法读取，只列出问题。"
    fresh, names = rebuilt(sheets)
    new_name = {sheet.name: name for sheet, name in zip(sheets, names, strict=True)}
    moved = [problem._replace(sheet=new_name.get(problem.sheet, problem.sheet)) for problem in problems]
    return _annotated(fresh, moved, note, on)


def _annotated(content: bytes, problems: Sequence[Problem], note: str, on: date) -> Returned:
    package = Package(content)
    style_part = _style_part(package)
    styles = Styles(package.read(style_part))
    listed = _in_order(package, problems)[:MOST_LISTED]
    left = MOST_NOTES
    by_cell = _by_cell(package, listed)
    for part, found in by_cell.items():
        notes = {at: _note(found[at], on) for at in sorted(found)[:left]}
        left -= len(notes)
        _mark_sheet(package, styles, part, found, notes)
    words = _words(problems, on) + ([note] if note else [])
    if sum(map(len, by_cell.values())) > MOST_NOTES:
        words.append(f"问题较多，只在前{MOST_NOTES}处加了批注，其余见下表。")
    if len(listed) < len(problems):
        words.append(f"只标出、列出前{len(listed)}条，另有{len(problems) - len(listed)}条未列出。")
    add_feedback(package, styles, listed, words)
    package.write(style_part, styles.to_bytes())
    suffix = _SUFFIXES.get(package.content_type(package.workbook), ".xlsx")
    return Returned(package.to_bytes(), suffix, note)


def _style_part(package: Package) -> str:
    part = package.linked(package.workbook, "styles")
    if part is None:
        usual = "xl/styles.xml"  # the only name that openpyxl looks for
        part = package.free_name("xl/styles{}.xml") if package.has(usual) else usual
        package.write(part, empty_styles(package.main_namespace))
        package.declare(part, "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml")
        package.link(package.workbook, package.link_type("styles"), part)
    return part


def _by_cell(package: Package, problems: Iterable[Problem]) -> dict[str, dict[Place, list[Problem]]]:
    """The problems that stand at a cell, by sheet part and cell."""
    parts = {sheet.name: sheet.part for sheet in package.sheets()}
    found: dict[str, dict[Place, list[Problem]]] = {}
    for problem in problems:
        part, at = parts.get(problem.sheet), place(problem.ref)
        if part and at:
            found.setdefault(part, {}).setdefault(at, []).append(problem)
    return found


def _mark_sheet(
    package: Package,
    styles: Styles,
    part: str,
    found: Mapping[Place, Sequence[Problem]],
    notes: Mapping[Place, Note],
) -> None:
    rows = {at.row for at in found}
    kept = excerpt(package.pieces(part), rows)
    sheet = worksheet(part, kept.data if kept else package.read(part), rows)
    grounds: dict[Place, Severity] = {
        at: "error" if any(problem.severity == "error" for problem in there) else "warning"
        for at, there in found.items()
    }
    edits = paint(sheet, grounds, styles.marked)
    if notes:
        edits += hang(package, sheet, notes)
    if kept:
        package.edit(part, kept.in_whole(edits))
    else:
        package.write(part, apply(sheet.data, edits))


def _note(problems: Sequence[Problem], on: date) -> Note:
    lines = [f"{NATURE[problem.severity]}：{problem.message}\n改法：{problem.fix}" for problem in problems]
    return Note("\n".join(lines), on)


def _words(problems: Sequence[Problem], on: date) -> list[str]:
    errors = sum(problem.severity == "error" for problem in problems)
    counts = [f"{errors}处错误"] if errors else []
    if errors < len(problems):
        counts.append(f"{len(problems) - errors}处提醒")
    return [
        f"{on.year}年{on.month}月{on.day}日审核，共有{'、'.join(counts)}。红色为错误，须改正；黄色为提醒，请核对。",
        "请在原表上逐处改好，整份重新报送；本表可以删除。点“位置”可跳到该单元格。",
    ]


def _in_order(package: Package, problems: Sequence[Problem]) -> list[Problem]:
    """Problems by place: those of the whole file first, then sheet by sheet, row by row."""
    number = {sheet.name: index for index, sheet in enumerate(package.sheets(), 1)}

    def order(problem: Problem) -> tuple[int, Place]:
        return number.get(problem.sheet, 0), place(problem.ref) or Place(0, 0)

    return sorted(problems, key=order)
