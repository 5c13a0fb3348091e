"""Is this workbook one of our own templates, and which? Found by its very hidden sheet."""

from collections.abc import Iterable

from xiangning_zyz import template_mark
from xiangning_zyz.intake.grid import Sheet
from xiangning_zyz.template_mark import TemplateId


def read_template_id(sheets: Iterable[Sheet]) -> TemplateId | None:
    """The template's plan, plan hash, department and period; None for any other workbook."""
    for sheet in sheets:
        if sheet.name == template_mark.SHEET:
            return template_mark.from_rows(
                {
                    cell.text: sheet.cells[row, 2].text
                    for (row, col), cell in sheet.cells.items()
                    if col == 1 and (row, 2) in sheet.cells
                }
            )
    return None
