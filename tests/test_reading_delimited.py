"""`.csv` and `.tsv`: encodings, separators, and text kept as it stands."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reading_files import book_of, refusal_of, shown
from xiangning_zyz.intake.reading import limits


def table(content: bytes, name: str = "分省年度数据.csv") -> list[list[str]]:
    """The rows of texts; blanks where there is no cell."""
    cells = book_of(content, name).sheets[0].cells
    last = max(row for row, _ in cells)
    width = max(column for _, column in cells)
    return [
        [cells[row, column].text if (row, column) in cells else "" for column in range(1, width + 1)]
        for row in range(1, last + 1)
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_of_chinese_office_programs_is_read(encoding):
    assert table("指标,2024年\n产值,4.12\n".encode(encoding)) == [["指标", "2024年"], ["产值", "4.12"]]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_the_separator_is_found(separator):
    text = f"指标{separator}本月{separator}累计\n产值{separator}1{separator}2\n"

    assert table(text.encode())[1] == ["产值", "1", "2"]


def test_explanations_above_and_ragged_rows_do_not_hide_the_separator():
    text = "数据库：分省年度数据\n时间：最近10年\n\n指标,2015年,2014年\n产值,1,2\n户数,3\n注：本表,不含其他\n"

    rows = table(text.encode("gbk"))

    assert rows[0] == ["数据库：分省年度数据", "", ""]
    assert rows[3:6] == [["指标", "2015年", "2014年"], ["产值", "1", "2"], ["户数", "3", ""]]


def test_thousands_separators_do_not_split_a_tab_separated_file():
    assert table(b"a\tb\n1,234\t5,678\n9\t8\n", "月报.tsv") == [["a", "b"], ["1,234", "5,678"], ["9", "8"]]


def test_quotes_line_breaks_and_lookalike_numbers_stay_as_they_are():
    rows = table('代码,说明\r\n007,"甲,乙\n丙""丁"""\r\n　 1 ,=SUM(A1)\r\n'.encode())

    assert rows == [["代码", "说明"], ["007", '甲,乙\n丙"丁"'], ["　 1 ", "=SUM(A1)"]]


def test_all_cells_are_text_on_one_sheet_called_csv():
    content = "指标,值\n产值,4.12\n".encode()

    assert {kind for kind, _ in shown(content, "归档/月报.csv").values()} == {"text"}
    assert book_of(content, "归档/月报.csv").sheets[0].name == "csv"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n\0,2\n", "Z003"),
        ("今天天气很好。\n明天也是。\n".encode(), "Z003"),
        (b'a,b\n1,2\n3,4\n"5,6\n7,8\n', "Z001"),
        (b"\xff\xff\xff\xff,\xff", "Z003"),
        (b'a,b\n1,"' + b"x" * (limits.CELL_CHARACTERS + 1) + b'"\n', "Z001"),
        (b"\xff\xfea\0,\0\x00\xd8", "Z003"),
    ],
)
def test_what_is_no_table_is_refused(content, code):
    assert refusal_of(content, "月报.csv") == code


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=2, max_size=2),
        min_size=2,
        max_size=9,
    )
)
def test_what_the_csv_module_writes_is_read_back(rows):
    assume(any(any(row) for row in rows))
    quoted = "\n".join(",".join(f'"{field.replace(chr(34), chr(34) * 2)}"' for field in row) for row in rows)
    wanted = {(at, column): field for at, row in enumerate(rows, 1) for column, field in enumerate(row, 1) if field}

    cells = book_of(f"\ufeff{quoted}\n".encode(), "a.csv").sheets[0].cells

    assert {key: cell.text for key, cell in cells.items()} == wanted
