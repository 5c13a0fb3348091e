"""The sheet 反馈意见: every problem of a workbook, where it is and what to do, with links to the cells."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xiangning_zyz import template_mark
from xiangning_zyz.problem import Problem
from xiangning_zyz.report.cell_text import cell_text
from xiangning_zyz.report.returned.cells import place, reference
from xiangning_zyz.report.returned.markup import quoted
from xiangning_zyz.report.returned.package import Package
from xiangning_zyz.report.returned.styles import Styles, solid
from xiangning_zyz.report.visible import width

NATURE = {"error": "错误", "warning": "提醒"}

_HEADS = ("序号", "位置", "性质", "原内容", "问题", "怎样改")
_WIDTHS = (6, 22, 8, 24, 46, 46)
_TALLEST = 409  # points; Excel's limit for a row
_FIRST_ROW = 4  # below title, words and heads


class _Looks(NamedTuple):
    """Cell styles of the sheet, as indexes into the workbook's style sheet."""

    title: int
    words: int
    head: int
    text: int
    centred: int
    link: int


def add_feedback(package: Package, styles: Styles, problems: Sequence[Problem], words: Sequence[str]) -> None:
    """Put the sheet last in the workbook: *words* on top, then *problems* in the order given."""
    sheets = package.sheets()
    shown = {sheet.name for sheet in sheets if sheet.visible}
    data = _sheet(package, _looks(styles), problems, words, shown)
    package.add_sheet(_free_name(sheet.name.casefold() for sheet in sheets), data.encode())


def spot(problem: Problem) -> str:
    """Where a problem is, for people: `指标!D7`, `指标（整表）` or `整个文件`."""
    if not problem.sheet:
        return "整个文件"
    return f"{problem.sheet}!{problem.ref}" if problem.ref else f"{problem.sheet}（整表）"


def _free_name(taken: Iterable[str]) -> str:
    names = set(taken)
    name, number = template_mark.FEEDBACK_SHEET, 1
    while name in names:
        number += 1
        name = f"{template_mark.FEEDBACK_SHEET}（{number}）"
    return name


def _looks(styles: Styles) -> _Looks:
    title = styles.add("fonts", '<font><b/><sz val="16"/><name val="黑体"/></font>')
    plain = styles.add("fonts", '<font><sz val="11"/><name val="宋体"/></font>')
    bold = styles.add("fonts", '<font><b/><sz val="11"/><name val="宋体"/></font>')
    blue = styles.add("fonts", '<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="宋体"/></font>')
    grey = styles.add("fills", solid("FFE7ECF2"))
    line = '<{0} style="thin"><color rgb="FFBFBFBF"/></{0}>'
    sides = "".join(line.format(side) for side in ("left", "right", "top", "bottom"))
    box = styles.add("borders", f"<border>{sides}<diagonal/></border>")

    def look(font: int, across: str, fill: int = 0, border: int = 0) -> int:
        alignment = (
            f'<alignment horizontal="{across}" vertical="center" wrapText="1" indent="{int(across == "left")}"/>'
        )
        return styles.add(
            "cellXfs",
            f'<xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" applyFont="1" applyFill="1" '
            f'applyBorder="1" applyAlignment="1">{alignment}</xf>',
        )

    return _Looks(
        title=look(title, "center"),
        words=look(plain, "left"),
        head=look(bold, "center", grey, box),
        text=look(plain, "left", 0, box),
        centred=look(plain, "center", 0, box),
        link=look(blue, "left", 0, box),
    )


def _sheet(package: Package, looks: _Looks, problems: Sequence[Problem], words: Sequence[str], shown: set[str]) -> str:
    columns = "".join(f'<col min="{n}" max="{n}" width="{wide}" customWidth="1"/>' for n, wide in enumerate(_WIDTHS, 1))
    top = "\n".join(words)
    rows = [
        _row(1, [template_mark.FEEDBACK_SHEET], [looks.title], height=30),
        _row(2, [top], [looks.words], height=16 * _lines(top, sum(_WIDTHS)) + 8),
        _row(3, _HEADS, [looks.head] * len(_HEADS), height=24),
    ]
    links: list[str] = []
    for index, problem in enumerate(problems):
        row = _FIRST_ROW + index
        at = place(problem.ref) if problem.sheet in shown else None
        if at:
            target = quoted(f"'{problem.sheet.replace(chr(39), chr(39) * 2)}'!{reference(at)}")
            links.append(f'<hyperlink ref="B{row}" location="{target}"/>')
        styles = [looks.centred, looks.link if at else looks.text, looks.centred, looks.text, looks.text, looks.text]
        texts = _texts(index + 1, problem)
        lines = max(_lines(text, wide) for text, wide in zip(texts, _WIDTHS, strict=True))
        rows.append(_row(row, texts, styles, height=16 * lines + 8))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{package.main_namespace}"><sheetPr><tabColor rgb="FFC00000"/>'
        '<pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        f'<pane ySplit="{_FIRST_ROW - 1}" topLeftCell="A{_FIRST_ROW}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
        '<mergeCells count="2"><mergeCell ref="A1:F1"/><mergeCell ref="A2:F2"/></mergeCells>'
        f"{'<hyperlinks>' + ''.join(links) + '</hyperlinks>' if links else ''}"
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    )


def _texts(number: int, problem: Problem) -> list[str]:
    found = problem.found or ("（空）" if problem.ref else "")
    return [str(number), spot(problem), NATURE[problem.severity], found, problem.message, problem.fix]


def _lines(text: str, wide: int) -> int:
    """How many lines *text* takes in a column of that width."""
    return sum(1 + max(0, width(line) - 1) // (wide - 3) for line in text.split("\n"))


def _row(number: int, texts: Sequence[str], styles: Sequence[int], *, height: int) -> str:
    """One row of text cells: inline strings, which no program takes for formulas."""
    cells = "".join(
        f'<c r="{chr(65 + index)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{quoted(cell_text(text))}</t></is></c>"
        for index, (text, style) in enumerate(zip(texts, styles, strict=True))
    )
    return f'<row r="{number}" ht="{min(height, _TALLEST)}" customHeight="1">{cells}</row>'
