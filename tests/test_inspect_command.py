"""`zyz inspect` on files with very many values, or very many workbooks."""

import json
import zipfile

import pytest

from xiangning_zyz.jobs import inspection
from xiangning_zyz.jobs.inspection import books_of, every_value, opening_values
from xiangning_zyz.report.listing import to_csv, to_plain, to_table

HEAD = "单位,产值（万元）\n"


def table(rows):
    return "2024年6月产值\n" + HEAD + "".join(f"第{row}镇,{row}.5\n" for row in range(1, rows + 1))


def written(tmp_path, **members):
    path = tmp_path / "报表.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name, text in members.items():
            out.writestr(f"{name}.csv", text)
    return path


def test_people_see_the_first_values_of_each_table_and_how_to_see_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(inspection, "_OF_TABLE", 3)
    path = written(tmp_path, a=table(5), b=table(2), c=table(9))

    printed = to_table(opening_values(books_of(path, [])), columns=None, colour=False)

    assert [line.split()[2] for line in printed.splitlines() if "镇" in line] == [
        *("B3", "B4", "B5"),
        *("B3", "B4"),
        *("B3", "B4", "B5"),
    ]
    assert "另有 8 个数未列出。要看全部，请加 --format csv 或 --format json，并用 -o 写入文件。" in printed


def test_of_many_tables_people_see_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(inspection, "_OF_FILE", 4)
    path = written(tmp_path, a=table(3), b=table(3), c=table(3))

    printed = to_table(opening_values(books_of(path, [])), columns=None, colour=False)

    assert printed.count("镇") == 4
    assert "另有 5 个数" in printed


def test_programs_get_every_value(tmp_path):
    path = written(tmp_path, a=table(1_500), b="没有,数字\n只有,文字\n")

    values, silent = (to_plain([each]) for each in every_value(books_of(path, [])))

    assert values.count("镇") == 1_500
    assert "b.csv" in silent
    assert to_csv(every_value(books_of(path, []))).count("镇") == 1_500


def test_a_file_without_any_number_says_so(tmp_path):
    (tmp_path / "a.csv").write_text("没有,数字\n只有,文字\n", encoding="utf-8")

    printed = to_table(opening_values(books_of(tmp_path / "a.csv", [])), columns=None, colour=False)

    assert "（没有读到数字）" in printed
    assert "没有表的工作表" in printed


def test_workbooks_of_a_zip_come_one_by_one_and_the_unreadable_are_told_last(tmp_path):
    problems = []
    books = books_of(written(tmp_path, a=table(2), b="\x00\x01\x02", c=table(2)), problems)

    assert [sheet.name for sheet in next(books).sheets] == ["报表.zip/a.csv/csv"]
    assert not problems
    assert len(list(books)) == 1
    assert [problem.file for problem in problems] == ["报表.zip/b.csv"]


@pytest.mark.parametrize("form", ["json", "csv", "plain", "md", "table"])
def test_every_form_is_printed_and_written_alike(tmp_path, zyz, form):
    path = tmp_path / "a.csv"
    path.write_text(table(3), encoding="utf-8")

    printed = zyz("inspect", str(path), "--format", form)
    zyz("inspect", str(path), "--format", form, "-o", str(tmp_path / "out"))

    assert (tmp_path / "out").read_bytes().decode().replace("\r\n", "\n") == printed.stdout.replace("\r\n", "\n")
    if form == "json":
        assert len(json.loads(printed.stdout)["sheets"][0]["tables"][0]["values"]) == 3
