"""A sheet larger than any report, or wrong in a thousand places, is answered soon and in few words."""

from itertools import count

import pytest

from xiangning_zyz.intake.facts import large, report
from xiangning_zyz.intake.facts.credit_code import check_character
from xiangning_zyz.intake.facts.report import read_report
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.intake.grid import Book
from xiangning_zyz.intake.names import Names
from xiangning_zyz.intake.reading.books import read
from xiangning_zyz.intake.tables import find_tables
from xiangning_zyz.jobs.plans import bundled_plan, open_plan
from xiangning_zyz.jobs.workspace import Workspace

PLAN = open_plan(Workspace(bundled_plan().parent), keep=False)
NAMES = Names(PLAN)
TOP = "专业镇发展情况月报（2024年6月）\n填报单位：县工信局\n"
HEADS = "指标,单位,期末数,备注一,备注二,备注三,备注四,备注五,备注六,备注七\n"


@pytest.fixture
def statement_of(tmp_path):
    def statement(text: str):
        path = tmp_path / "县工信局.csv"
        path.write_text(text, encoding="utf-8")
        (book,) = read(path)
        assert isinstance(book, Book)
        return read_report(book, PLAN, NAMES, Given())

    return statement


def unknown(rows: int) -> str:
    return TOP + HEADS + "".join(f"不明指标{row},户,{row},a,b,c,d,e,f,g\n" for row in range(rows))


def codes(statement) -> list[str]:
    return [problem.code for problem in statement.problems]


def test_999_errors_are_listed_one_by_one(statement_of):
    statement = statement_of(unknown(999))

    assert codes(statement).count("Z201") == 999
    assert "Z011" not in codes(statement)


def test_after_a_thousand_errors_the_list_ends_and_says_so(statement_of):
    statement = statement_of(unknown(1_500))

    assert codes(statement) == ["Z201"] * 1_000 + ["Z011"]
    assert statement.problems[0].ref == "A4"
    assert statement.problems[-1].message == "已列出 1000 处问题，其余未再逐一列出"


def test_what_was_read_before_the_list_ended_is_not_taken_for_the_whole(statement_of):
    statement = statement_of(unknown(1_500) + "入驻企业,户,66\n")

    assert (statement.facts, statement.carried) == ((), ())


def test_of_a_large_sheet_without_hope_only_the_opening_rows_are_understood(statement_of, monkeypatch):
    seen = []
    monkeypatch.setattr(large, "_LARGE", 20_000)
    monkeypatch.setattr(report, "find_tables", lambda sheet, file: seen.append(sheet) or find_tables(sheet, file))

    statement = statement_of(unknown(6_000))

    assert codes(statement)[-1] == "Z011"
    assert [max(row for row, _ in sheet.cells) for sheet in seen] == [2_000]


def test_a_large_sheet_that_begins_well_is_read_to_its_last_row(statement_of):
    firms = "企业名称,统一社会信用代码,所属板块,状态,备注一,备注二,备注三,备注四,备注五\n"
    bodies = (f"91141029MA{number:07d}" for number in count(1_000))
    for number, body in zip(range(6_000), bodies, strict=False):
        firms += f"第{number}公司,{body}{check_character(body)},紫砂,入驻,a,b,c,d,e\n"

    statement = statement_of(TOP + firms)

    assert set(codes(statement)) <= {"Z407"}
    assert len(statement.facts) == 6_000


def test_a_large_sheet_with_errors_only_far_below_lists_them(statement_of, monkeypatch):
    monkeypatch.setattr(large, "_LARGE", 20_000)
    good = TOP + HEADS + "入驻企业,户,66,a,b,c,d,e,f,g\n"

    statement = statement_of(good + "入驻企业,户,,a,b,c,d,e,f,g\n" * 3_000 + unknown(10).removeprefix(TOP + HEADS))

    assert codes(statement).count("Z201") == 10


def test_of_a_large_sheet_that_speaks_of_nothing_in_the_plan_the_rest_is_not_read(statement_of, monkeypatch):
    monkeypatch.setattr(large, "_LARGE", 20_000)
    rainfall = "日期,雨量（毫米）,气温（度）,a,b,c,d,e,f,g\n" + "甲站,1.5,20,a,b,c,d,e,f,g\n" * 3_000

    statement = statement_of(rainfall + TOP + HEADS + "入驻企业,户,66,a,b,c,d,e,f,g\n")

    assert codes(statement) == ["Z008"]
    assert "开头各行中没有方案的指标或任务，其余各行未再读取" in statement.problems[0].message


def test_a_small_sheet_is_read_to_its_end_whatever_it_begins_with(statement_of):
    rainfall = "日期,雨量（毫米）,气温（度）\n" + "甲站,1.5,20\n" * 3_000

    statement = statement_of(rainfall + "入驻企业（2024年6月末）,66户,20\n")

    assert "Z008" not in codes(statement)
