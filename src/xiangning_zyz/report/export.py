"""The statistician's door: every valid observation with its provenance, tidy or pivoted (CONTRACT §5 `export`).

pandas makes the pivots; every figure stays the Decimal that was reported and is written from it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

from xiangning_zyz.aside import write_aside
from xiangning_zyz.fact import Observation, Recorded
from xiangning_zyz.figure import plain
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.records import TIDY_HEADS, tidy_rows
from xiangning_zyz.report.visible import csv_field
from xiangning_zyz.stop import Stop

Reported = Recorded[Observation]
Rows = list[Sequence[object]]
_BASIS = {"point": "期末", "single": "当期", "cumulative": "累计"}


def export_csv(plan: Plan, facts: Sequence[Reported], output: Path, *, wide: bool) -> None:
    """Write the tidy table, or with *wide* the pivot period × indicator, as CSV with BOM for Excel and WPS."""
    rows = _by_period(plan, facts) if wide else _tidy(plan, facts)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_csv_text(value) for value in row] for row in rows)
    write_aside(output, ("\ufeff" + text.getvalue()).encode())


def export_xlsx(plan: Plan, facts: Sequence[Reported], output: Path, *, wide: bool) -> None:
    """Write a workbook: the tidy table; with *wide* also period × indicator and department × period."""
    book = Workbook()
    page = book.active
    page.title = "数据"
    _fill(page, _tidy(plan, facts))
    if wide:
        _fill(book.create_sheet("报告期×指标"), _by_period(plan, facts))
        _fill(book.create_sheet("部门×报告期"), _by_department(facts))
    content = io.BytesIO()
    book.save(content)
    write_aside(output, content.getvalue())


def _tidy(plan: Plan, facts: Iterable[Reported]) -> Rows:
    return [TIDY_HEADS, *tidy_rows(plan, facts)]


def _by_period(plan: Plan, facts: Iterable[Reported]) -> Rows:
    """Period and basis down, indicators (and segments) across; 参考 figures left out.

    Where departments of record disagree the cell says so in words: a pivot must not choose.
    """
    cells = [(str(f.period), _BASIS[f.basis], _column(plan, f), f) for f in _of_record(facts)]
    return _pivot(cells, ("报告期", "口径"), _agreed)


def _by_department(facts: Iterable[Reported]) -> Rows:
    """Departments down, periods across: how many figures each reported, 参考 included."""
    cells = [(each.what.department, str(each.what.period), each.what) for each in facts]
    return _pivot(cells, ("部门",), len)


def _pivot(
    cells: Sequence[tuple[object, ...]], index: tuple[str, ...], value: Callable[[list[Observation]], object]
) -> Rows:
    """Pivot *cells* (index…, column, observation); *value* makes one cell of the observations that meet in it.

    Stop where pandas, an extra, is not installed: it weighs more than all the rest.
    """
    try:
        import pandas as pd
    except ModuleNotFoundError as error:
        if error.name != "pandas":
            raise
        raise Stop('透视表要用的组件 pandas 没有安装，请运行：python -m pip install "xiangning-zyz[export]"') from None
    frame = pd.DataFrame(cells, columns=[*index, "column", "observation"], dtype=object)
    if frame.empty:
        return [index]
    order = list(dict.fromkeys(frame["column"]))
    groups = frame.groupby([*index, "column"], sort=True)["observation"]
    met = pd.Series({key: value(list(group)) for key, group in groups}, dtype=object)
    table = met.unstack().reindex(columns=sorted(order) if len(index) == 1 else order)
    rows: Rows = [(*index, *table.columns)]
    for key, line in table.iterrows():
        names = key if isinstance(key, tuple) else (key,)
        rows.append((*names, *(None if isinstance(cell, float) else cell for cell in line)))  # NaN: nothing met here
    return rows


def _of_record(facts: Iterable[Reported]) -> list[Observation]:
    return [each.what for each in facts if not each.what.reference]


def _column(plan: Plan, fact: Observation) -> str:
    name = plan.indicator(fact.indicator).name
    part = f"·{plan.segment(fact.segment).name}" if fact.segment else ""
    return f"{name}{part}（{fact.unit}）"


def _agreed(group: list[Observation]) -> object:
    values = {fact.value for fact in group}
    if len(values) == 1:
        return values.pop()
    return "冲突：" + "、".join(f"{fact.department}{plain(fact.value)}" for fact in group)


def _fill(page: Worksheet, rows: Rows) -> None:
    """Figures as numbers, all else as text that is never a formula."""
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            cell = page.cell(row, column)
            if isinstance(value, Decimal | int) and not isinstance(value, bool):
                cell.value = value
            elif value is not None:
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", _text(value))
                cell.data_type = "s"
    page.freeze_panes = "A2"


def _csv_text(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else csv_field("" if value is None else _text(value))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
