"""`zyz report` as people type it."""

import json
import shutil

import pytest

from report_states import HOSTILE, document, home_of
from xiangning_zyz.report.to_md import md, to_md

ASKED = ("--period", "2025-06", "--as-of", "2025-07-08")


@pytest.fixture
def office(tmp_path):
    """A copy of the workspace in mid-course, free to be written to."""
    return shutil.copytree(home_of("mid"), tmp_path / "office")


def test_files_go_to_reports_and_a_draft_says_so_in_its_name(zyz, office):
    done = zyz("report", "bulletin", *ASKED, home=office)
    assert done.returncode == 0, done.stderr
    [file] = (office / "var" / "reports").iterdir()
    assert file.name == "2025-06_通报_征求意见稿.docx"
    assert str(file) in done.stderr
    assert done.stdout == ""


def test_text_formats_are_printed_too(zyz, office):
    done = zyz("report", "brief", *ASKED, "--format", "json", home=office)
    value = json.loads(done.stdout)
    assert (value["schema"], value["kind"], value["period"], value["draft"]) == (
        "zyz/report@1",
        "brief",
        "2025-06",
        True,
    )
    assert json.loads((office / "var" / "reports" / "2025-06_简报_征求意见稿.json").read_text("utf-8")) == value


def test_every_figure_in_json_has_its_cells(zyz, office):
    value = json.loads(zyz("report", "dashboard", *ASKED, "--format", "json", home=office).stdout)
    [goals] = [block for block in value["blocks"] if block.get("name") == "goals"]
    [row] = [row for row in goals["rows"] if row["name"]["text"] == "专业镇产值"]
    assert row["actual"]["value"] == "4.26"
    [source] = row["actual"]["from"]
    assert (source["department"], source["sheet"], source["ref"]) == ("县工信局", "指标", "D7")


def test_all_kinds_at_once(zyz, office, tmp_path):
    done = zyz("report", "all", *ASKED, "-o", tmp_path / "出", home=office)
    assert done.returncode == 0, done.stderr
    names = sorted(each.name.removeprefix("2025-06_") for each in (tmp_path / "出").iterdir())
    kinds = ("看板", "简报_征求意见稿", "通报_征求意见稿", "附表_征求意见稿")
    assert names == [f"{kind}.{form}" for kind in kinds for form in ("docx", "html", "json", "md", "xlsx")]


@pytest.mark.parametrize("kind", ["bulletin", "brief", "annex", "dashboard"])
@pytest.mark.parametrize("form", ["docx", "xlsx", "html", "md", "json"])
def test_every_kind_in_every_format_twice_the_same(zyz, office, tmp_path, kind, form):
    files = [tmp_path / f"{count}.{form}" for count in (1, 2)]
    for file in files:
        done = zyz("report", kind, *ASKED, "--format", form, "-o", file, home=office)
        assert done.returncode == 0, done.stderr
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_final_report_without_approval_is_refused(zyz, office):
    done = zyz("report", "bulletin", *ASKED, "--final", home=office)
    assert done.returncode == 1
    assert "没有批准记录" in done.stderr
    assert not (office / "var" / "reports").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("bulletin", "--period", "2025年6月"), "写法不对"),
        (("bulletin", "--period", "2029-01"), "不在方案期内"),
        (("bulletin", "--period", "2025-08", "--as-of", "2025-07-08"), "还没有开始"),
        (("annex", *ASKED, "--department", "工信局"), "--department"),
        (("brief", *ASKED, "--department", "工信局", "--final"), "--final"),
        (("brief", *ASKED, "--number", "六"), "期号"),
        (("brief", *ASKED, "--base-docx", "没有.docx"), "不存在"),
        (("newsletter", *ASKED), "种类"),
    ],
)
def test_wrong_usage_is_told_in_chinese(zyz, office, options, said):
    done = zyz("report", *options, home=office)
    assert done.returncode == 2
    assert said in done.stderr


def test_the_office_s_template_is_followed_and_its_faults_are_told(zyz, office):
    folder = office / "data" / "templates"
    folder.mkdir()
    (folder / "brief.j2").write_text("标题：自拟标题\n---\n自拟{{ 报告期 }}。\n", encoding="utf-8")
    assert "自拟2025年6月。" in zyz("report", "brief", *ASKED, "--format", "md", home=office).stdout
    (folder / "brief.j2").write_text("标题：自拟标题\n---\n{{ 没有 }}\n", encoding="utf-8")
    done = zyz("report", "brief", *ASKED, home=office)
    assert done.returncode == 3
    assert "brief.j2" in done.stderr


def test_an_old_period_is_judged_by_its_own_time(zyz, office):
    done = zyz("report", "brief", "--period", "2025-05", "--as-of", "2025-07-08", "--format", "json", home=office)
    value = json.loads(done.stdout)
    assert value["as_of"] == "2025-06-29"
    assert "4.26" not in done.stdout
    assert "2025-06-29" in done.stderr


@pytest.mark.parametrize("text", [*HOSTILE, "http://example.invalid", "- a", "1. b", "a|b", "&lt;"])
def test_markdown_shows_words_as_they_are(text):
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"linkify": True}).parse(md(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children} <= {"text", "text_special"}


def test_markdown_of_a_hostile_ledger_has_only_our_structure():
    text = to_md(document("hostile", "bulletin")).decode()
    assert "<script" not in text.replace("\\<script", "")
    assert "\x1b" not in text
    assert "假标题" in text
    assert not any(line.startswith("# 假标题") for line in text.splitlines())
