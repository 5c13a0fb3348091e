"""Large sheets, and sheets with problems without end.

What departments report fits on a few hundred rows (the largest of 118 real workbooks had 60,000 cells). A
larger sheet is tried by its opening rows first: if these speak of nothing in the plan, or hold a thousand errors,
it is a register or another office's table, and nobody is helped by a hundred thousand rows more. What is said
ends there, and says so.
"""

from xiangning_zyz.intake.facts.statement import Statement
from xiangning_zyz.intake.grid import Book, GridCell, Sheet
from xiangning_zyz.problem import NOTHING_TO_READ, TOO_MANY_PROBLEMS, Place

_LARGE = 50_000  # cells of a sheet, and at most so many of its opening
_OPENING = 2_000  # rows
_MOST = 1_000  # errors that are listed


def opening_of(book: Book) -> Book | None:
    """*book* with no more than the first rows of its large sheets; None when it has no large sheet."""
    if all(len(sheet.cells) <= _LARGE for sheet in book.sheets):
        return None
    return book._replace(sheets=tuple(_opening(sheet) if len(sheet.cells) > _LARGE else sheet for sheet in book.sheets))


def says_nothing(statement: Statement) -> bool:
    """Whether nothing of the plan was found."""
    return not statement.facts and any(each.code == NOTHING_TO_READ.code for each in statement.problems)


def unread(statement: Statement, book: Book) -> Statement:
    """*statement*, of opening rows that say nothing, as one of the whole *book*."""
    why = "工作表过大，开头各行中没有方案的指标或任务，其余各行未再读取"
    return statement._replace(problems=(NOTHING_TO_READ.at(Place(book.file), why=why),))


def is_hopeless(statement: Statement) -> bool:
    """Whether so much is wrong that the list ends before its end."""
    return len(statement.problems) >= _MOST and sum(each.severity == "error" for each in statement.problems) >= _MOST


def shortened(statement: Statement, book: Book) -> Statement:
    """*statement* with the first thousand problems, and one that spoils every sheet: none was read to its end."""
    listed = statement.problems[:_MOST]
    more = (TOO_MANY_PROBLEMS.at(Place(book.file), count=len(listed)),)
    return statement._replace(facts=(), carried=(), problems=(*listed, *more))


def _opening(sheet: Sheet) -> Sheet:
    """The first rows, as a sheet. Cells come in ascending order, and of a large sheet only these are made."""
    kept: dict[tuple[int, int], GridCell] = {}
    row = 0
    for cell in sheet.cells.values():
        if cell.row != row and (cell.row > _OPENING or len(kept) >= _LARGE):
            break
        row = cell.row
        kept[row, cell.col] = cell
    return sheet._replace(cells=kept)
