"""What stands above a table: its title, other captions, named lines."""

from typing import NamedTuple

from xiangning_zyz.intake.grid import GridCell
from xiangning_zyz.intake.tables.form_lines import form_lines, is_form_number, is_named_line, is_note, title_cells
from xiangning_zyz.intake.tables.lines import Line, label_text, sort_of
from xiangning_zyz.intake.tables.model import FormLine
from xiangning_zyz.intake.tables.stated_periods import beside_period
from xiangning_zyz.intake.units import without_unit

_LONGEST_TITLE = 80


class Captions(NamedTuple):
    """The words above a table."""

    title: str  # without line breaks and surrounding blanks; '' when there is none
    others: tuple[str, ...]
    named: tuple[FormLine, ...]


def captions_of(lines: tuple[Line, ...]) -> Captions:
    """The captions of the lines above a table; of several titles the nearest is the table's own."""
    named = tuple(form for line in lines if is_named_line(line) for form in form_lines(line))
    texts = [cell for line in lines if not is_note(line) for cell in title_cells(line) if _is_title(cell)]
    title = " ".join(texts[-1].text.split()) if texts else ""
    others = tuple(" ".join(cell.text.split()) for cell in texts[:-1])
    if not title:
        title = next((form.value for form in named if form.label == "指标"), "")
    return Captions(title, others, named)


def _is_title(cell: GridCell) -> bool:
    text = label_text(cell.text)
    if sort_of(cell) != "words" or not 2 <= len(text) <= _LONGEST_TITLE or is_form_number(text):
        return False
    return not (without_unit(text).strip("（）()") == "" or beside_period(text) == "")
