"""`zyz inspect`: the shape that other programs rely on, and what no sheet may do to it."""

import json
import weakref
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing import drawn
from xiangning_zyz.intake.grid import Book, GridCell, Sheet, Span
from xiangning_zyz.intake.tables import Found, inspect
from xiangning_zyz.intake.tables.inspect import Silent, inspected, shown
from xiangning_zyz.report.json_text import to_json

FORM = """
    | 2016年1-5月产值 | < |
    | 单位：万元 |
    | 单位     | 累计   | 增速（%） |
    | 合  计   | '41,200 | 5.10     |
    | 紫砂     | 约300  | —         |
"""


def book(*sheets, file="报表.xlsx"):
    return Book(file, "", "xlsx", sheets, ())


def told_of(*books):
    return json.loads(to_json(inspected(books)))


def test_json_holds_labels_raw_value_unit_and_period_of_every_value():
    sheet = drawn(FORM, "产值", hidden_rows=[5])

    assert told_of(book(sheet, drawn("", "Sheet2"))) == {
        "schema": "zyz/inspect@1",
        "sheets": [
            {
                "name": "产值",
                "hidden": False,
                "tables": [
                    {
                        "range": "A1:C5",
                        "title": "2016年1-5月产值",
                        "header_rows": [3],
                        "hidden_rows": [5],
                        "hidden_columns": [],
                        "values": [
                            value("B4", "合计", "累计", "41,200", "41200", "万元"),
                            value("C4", "合计", "增速（%）", "5.10", "5.1", "%"),
                            value("B5", "紫砂", "累计", "约300", None, "万元"),
                            value("C5", "紫砂", "增速（%）", "—", None, "%"),
                        ],
                        "notes": [],
                    }
                ],
                "reason": None,
            },
            {"name": "Sheet2", "hidden": False, "tables": [], "reason": "空表"},
        ],
    }


def value(ref, row, column, raw, number, unit):
    return {
        "ref": ref,
        "row_label": row,
        "column_label": column,
        "raw": raw,
        "value": number,
        "unit": unit,
        "period": "2016年1-5月",
    }


def test_people_see_one_line_for_each_value():
    values, silent = shown([book(drawn(FORM, "产值"), drawn("", "Sheet2"))])

    assert next(values) == ("产值", "A1:C5", "B4", "合计", "累计", "41,200", "41200", "万元", "2016年1-5月")
    assert silent == Silent("Sheet2", "空表")


class HeldTable:
    """A table that can be watched: named tuples cannot."""

    def __init__(self, table):
        self.__dict__.update(table._asdict(), range=table.range)


@pytest.mark.parametrize("go_through", [told_of, lambda book: [list(values) for values in shown([book])]])
def test_each_sheet_is_understood_once_and_let_go_before_the_next(monkeypatch, go_through):
    """A workbook of large sheets takes as much memory as its largest."""
    understood, tables = [], []
    find_tables = inspect.find_tables

    def find(sheet, file):
        assert not any(table() for table in tables), "the tables of an earlier sheet are still held"
        understood.append(sheet.name)
        held = [HeldTable(table) for table in find_tables(sheet, file).tables]
        tables.extend(map(weakref.ref, held))
        return Found(held, None)

    monkeypatch.setattr(inspect, "find_tables", find)
    go_through(book(drawn(FORM, "1月"), drawn(FORM, "2月"), drawn(FORM, "3月")))

    assert understood == ["1月", "2月", "3月"]
    assert len(tables) == 3


TEXTS = st.sampled_from(
    [
        "指标",
        "单位",
        "产值（万元）",
        "本月",
        "累计",
        "1-5月",
        "2024年",
        "上年同期",
        "增速（%）",
        "合计",
        "其中：",
        "注：",
        "填报人：",
        "填报单位：县工信局",
        "审核人",
        "甲",
        "乙",
        "序号",
        "代码",
        "001",
        "-",
        "…",
        "无",
        "约60",
        "5-6",
        "7.2亿元",
        "#武汉",
        "一、",
        "目录",
        "万元",
        "人",
        "单位：万元、户",
        "年份",
        "第3页",
        "主管：审核：",
        "备注",
        "11=01+02",
    ]
) | st.text(max_size=6)
CELLS = (
    st.tuples(st.just("text"), TEXTS)
    | st.tuples(st.just("number"), st.sampled_from(["1", "2", "2023", "2024", "-5", "0.5", "123456"]))
    | st.sampled_from([("date", "2024-06-30"), ("error", "#DIV/0!"), ("uncalculated", "=A1"), ("bool", "TRUE")])
)
SPANS = st.tuples(st.integers(1, 9), st.integers(1, 7), st.sampled_from([0, 1, 2, 1_048_575]), st.integers(0, 3))


@st.composite
def sheets(draw):
    drawn_cells = draw(st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 7)), CELLS, max_size=50))
    spans = [Span(top, left, top + down, left + right) for top, left, down, right in draw(st.lists(SPANS, max_size=4))]
    cells = {
        (row, col): GridCell(row, col, kind, text, Decimal(text) if kind == "number" else None)
        for (row, col), (kind, text) in drawn_cells.items()
    }
    return Sheet("5月", False, cells, tuple(spans), frozenset({2}), frozenset({3}), draw(st.integers(0, 1)))


@settings(max_examples=300, deadline=None)
@given(sheets())
def test_any_sheet_has_tables_or_a_reason_and_each_cell_at_most_once(sheet):
    (told,) = told_of(book(sheet))["sheets"]
    refs = [value["ref"] for table in told["tables"] for value in table["values"]]

    assert bool(told["tables"]) != bool(told["reason"])
    assert len(refs) == len(set(refs))


@given(st.integers(1, 30), st.integers(1, 12))
def test_every_number_under_a_heading_is_found_with_both_its_labels(height, width):
    heads = [f"指标{col}" for col in range(width)]
    lines = ["| 地区 | " + " | ".join(heads) + " |"]
    lines += [f"| 第{row}镇 | " + " | ".join(f"{row}.{col}5" for col in range(width)) + " |" for row in range(height)]
    (told,) = told_of(book(drawn("\n".join(lines))))["sheets"]

    found = {(v["row_label"], v["column_label"]): v["value"] for v in told["tables"][0]["values"]}

    assert found == {(f"第{row}镇", f"指标{col}"): f"{row}.{col}5" for row in range(height) for col in range(width)}


def moved(sheet, down, right):
    """The same sheet with everything on it some rows lower and some columns further right."""
    return sheet._replace(
        cells={
            (row + down, col + right): cell._replace(row=row + down, col=col + right)
            for (row, col), cell in sheet.cells.items()
        },
        merges=tuple(
            Span(span.top + down, span.left + right, span.bottom + down, span.right + right) for span in sheet.merges
        ),
    )


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_table_is_read_the_same_wherever_it_stands(down, right):
    (here,) = told_of(book(drawn(FORM)))["sheets"]
    (there,) = told_of(book(moved(drawn(FORM), down, right)))["sheets"]

    def told(sheet):
        return [{**value, "ref": None} for table in sheet["tables"] for value in table["values"]]

    assert told(there) == told(here)
