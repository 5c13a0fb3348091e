"""A layout met before holds for a region that differs in its figures and dates alone, and for no other."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing import drawn
from test_import_layouts import LAYOUTS
from xiangning_zyz.intake.cells import cells_of
from xiangning_zyz.intake.facts import indicators
from xiangning_zyz.intake.facts.report import read_report
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.intake.grid import Book, Sheet
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.tables import find_tables, layouts
from xiangning_zyz.jobs.plans import make_workspace, open_plan

MONTHLY = """
    | 专业镇月报表（2024年5月） | < | < | < | < | <    |
    | 填报单位：县工信局 |   |   |   | 单位：万元 |
    | 序号 | 指标       | 板块   | 本月  | 增速（%） | 备注 |
    | 1    | 专业镇产值 | 紫砂陶 | 12.5  | 3.1       |      |
    | 2    | 专业镇产值 | 其他   | 812   | -0.4      | 快报 |
    | 3    | 税收       | 合计   | 7     | 11        |      |
    | 填报人：张三 | | | | 报出日期：2024年6月5日 |
"""
FORMS = [MONTHLY, *(layout.form for layout in LAYOUTS.values())]
FIGURES = st.one_of(
    st.decimals(-100, 5000, places=2).map(lambda number: f"{number:f}".rstrip("0").rstrip(".") or "0"),
    st.integers(0, 30).map(str),
    st.sampled_from(["2023", "2024", "2023.06", "202306", "20230630", "1000", "123456789012345", "110101199003078515"]),
)


@pytest.fixture(autouse=True)
def nothing_met():
    forget()


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    return Names(open_plan(make_workspace(tmp_path_factory.mktemp("office") / "home")))


def forget() -> None:
    layouts._known.clear()
    indicators._telling.cache_clear()


def table_of(form: str) -> Sheet:
    return drawn("\n".join(line for line in form.splitlines() if line.strip().startswith("|")))


def with_other(sheet: Sheet, figure, word) -> Sheet:
    """The sheet with other numbers and words."""
    cells = {}
    for place, cell in sheet.cells.items():
        if cell.kind == "number":
            text = figure(cell.text.rstrip("%"))
            cells[place] = cell._replace(text=text + "%" * cell.percent, number=Decimal(text))
        else:
            cells[place] = cell._replace(text=word(cell.text))
    return sheet._replace(cells=cells_of(cells.values()))


def found(sheet: Sheet):
    """The tables with all their cells, without their forms, of which each is a thing of its own."""
    result = find_tables(sheet, "县工信局.xlsx")
    return result._replace(tables=tuple(map(whole, result.tables)))


def whole(table):
    return table._replace(form=None, rows=tuple(row._replace(cells=tuple(row.cells)) for row in table.rows))


def stated(sheet: Sheet, names: Names):
    book = Book("县工信局.xlsx", "0" * 64, "xlsx", (sheet,), ())
    return read_report(book, names.plan, names, Given())


@given(data=st.data())
def test_what_is_remembered_is_what_would_be_found(names, data):
    sheet = table_of(data.draw(st.sampled_from(FORMS)))
    changed, dated = data.draw(st.tuples(st.sampled_from([0.1, 0.5, 1.0]), st.booleans()))
    pick = data.draw(st.randoms(use_true_random=False))

    def figure(text: str) -> str:
        return data.draw(FIGURES) if pick.random() < changed else text

    def word(text: str) -> str:
        return re.sub("[0-9]", lambda _: str(pick.randrange(10)), text) if dated and pick.random() < 0.5 else text

    stated(sheet, names)
    other = with_other(sheet, figure, word)
    remembered = found(other), stated(other, names)

    forget()
    assert remembered == (found(other), stated(other, names))


def looked_anew(form: str, other: str, monkeypatch) -> bool:
    find_tables(table_of(form), "")
    calls = []
    found = layouts._found
    monkeypatch.setattr(layouts, "_found", lambda *args: calls.append(1) or found(*args))
    find_tables(table_of(other), "")
    return bool(calls)


def test_next_months_report_is_no_new_layout(monkeypatch):
    june = MONTHLY.replace("2024年5月", "2024年6月").replace("6月5日", "7月3日")
    june = june.replace("12.5", "13  ").replace("812  ", "900.5").replace("-0.4", "0   ")
    assert not looked_anew(MONTHLY, june, monkeypatch)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12.5", "2023"),  # a year may name something
        ("| 税收       |", "| 12         |"),  # a number where a name was
        ("备注 |", "说明 |"),
        ("快报", "    "),
        ("812 ", "约80"),
        ("3.1 ", "1000"),  # no rate
        ("| 其他   |", "| ^      |"),
        ("填报单位：县工信局", "乡宁县工信局 2024"),
    ],
)
def test_whatever_else_differs_is_looked_at_anew(monkeypatch, old, new):
    assert MONTHLY.count(old) == 1
    assert looked_anew(MONTHLY, MONTHLY.replace(old, new), monkeypatch)


def test_memory_is_bounded():
    for number in range(2 * layouts._REMEMBERED):
        find_tables(table_of(MONTHLY.replace("税收", f"税收{'甲' * number}")), "")
    assert 0 < len(layouts._known) <= layouts._REMEMBERED
