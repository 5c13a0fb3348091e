"""Reminders on paper: phone list first, letters, suggestions that only the government may order."""

import io
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn

from makers import plan, task, task_report
from test_ladder import GOOD, MADE, reminded
from test_standing import heard, returned
from xiangning_zyz.report.due import calls_json, calls_listing, ladder_words
from xiangning_zyz.report.letters import letters, phone_list, to_md
from xiangning_zyz.report.letters_docx import to_docx
from xiangning_zyz.supervision.contact import Contact
from xiangning_zyz.supervision.ladder import calls

DAY = date(2024, 7, 8)
CONTACTS = (Contact("县工信局", "张三", "0357-0000001", "办公室主任"), Contact("县工信局", "李四", "13800000002", ""))


def called(said=None, reminders=(), day=DAY):
    return calls(MADE, said or heard(*GOOD), reminders, day)


def test_the_phone_list_names_whom_to_ring_and_no_letter_does():
    found = called()
    listed, written = to_md(phone_list(MADE, found, CONTACTS, DAY)), [to_md(each) for each in letters(MADE, found, DAY)]

    assert "张三（办公室主任） 0357-0000001；李四 13800000002" in listed
    assert not any("0357" in text or "张三" in text for text in written)
    assert "未登记" in to_md(phone_list(MADE, found, (), DAY))


def test_machine_output_holds_no_person_and_no_telephone():
    shown = calls_listing(MADE, called(), CONTACTS, DAY)
    answer = str(calls_json(MADE, called(), DAY, None, ()))

    assert any("0357" in str(row) for row in shown.rows)
    assert "0357" not in answer
    assert "张三" not in answer


def test_a_letter_says_what_is_missing_since_when_and_by_when_to_report():
    [letter] = letters(MADE, called(), DAY)
    text = to_md(letter)

    assert letter.name == "2024-07-08 县工信局 催办"
    assert "县工信局：" in text
    assert "请于2024年7月11日前补报" in text
    assert "| 任务 | （一）T01 | 2024年6月 | 2024年7月5日 | 未报，连续3期 |" in text
    assert "本月无进展" in text  # 零报告 is a report
    assert text.rstrip().endswith("工作专班办公室\n\n2024年7月8日")


def test_before_the_due_day_the_tone_is_a_hint():
    [letter] = letters(MADE, called(day=date(2024, 5, 3)), date(2024, 5, 3))

    assert letter.name == "2024-05-03 县工信局 提示"
    assert "请按时报送" in to_md(letter)
    assert "连续" not in to_md(letter)


def test_a_hint_asks_for_the_due_day_and_not_for_a_later_one():
    """Due on Monday 6 May; three working days after the hint would be the 8th."""
    day = date(2024, 5, 3)

    listed = to_md(phone_list(MADE, called(day=day), (), day))

    assert "| 1 | 县工信局 | 提示 | 未登记 | 2024年4月：任务T01 | 2024年5月6日 |" in listed


def test_what_is_past_its_day_comes_first_and_is_told_from_what_is_not():
    """On 3 June May is not due yet (5 June), April is past its day."""
    both = plan(tasks=[task("T01", ["县工信局"]), task("T02", ["县工信局"])])
    said = heard(
        task_report("T01", "2024-04", received=date(2024, 5, 6)),
        returns=[returned("县工信局", "2024-05", date(2024, 6, 3))],
    )
    day = date(2024, 6, 3)

    found = calls(both, said, (), day)
    [shown] = calls_listing(both, found, (), day).rows
    [letter] = letters(both, found, day)

    assert shown[3] == "2024年4月：任务T02；2024年5月（退回，未到期）：任务T01"
    assert "截止日未到的，请在截止日前报送。" in to_md(letter)


def test_a_returned_sheet_is_spoken_of_as_returned():
    said = heard(*GOOD, returns=[returned("县工信局", "2024-06", date(2024, 7, 3))])

    text = to_md(letters(MADE, called(said), DAY)[0])

    assert "退回，连续3期" in text
    assert "请按退回稿的反馈意见改正后重新报送" in text


@pytest.mark.parametrize(
    ("times", "step", "title", "measure"),
    [
        (1, "督办建议", "关于对县工信局开展督办的建议", "开展督办"),
        (2, "约谈建议", "关于对县工信局进行约谈的建议", "约谈该单位负责人"),
        (3, "通报建议", "关于对县工信局予以通报批评的建议", "予以通报批评"),
    ],
)
def test_what_only_the_government_may_order_is_suggested_with_evidence_and_blank_lines(times, step, title, measure):
    done = [reminded(date(2024, 6, 11)), reminded(date(2024, 7, 8), "supervise"), reminded(date(2024, 8, 8), "talk")][
        :times
    ]

    letter, suggestion = letters(MADE, called(reminders=done, day=date(2024, 9, 9)), date(2024, 9, 9))
    text = to_md(suggestion)

    assert letter.name == "2024-09-09 县工信局 催办"  # the department itself is only urged
    assert suggestion.name == f"2024-09-09 县工信局 {step}"
    assert suggestion.title == title
    assert measure in text
    assert "建议稿，供审定；未经批准不得执行" in text
    assert "| 任务：（一）T01 | 5 | 2024年4月至2024年8月 | 2024年9月5日 | 2024年6月11日催办" in text
    assert "第七条" in text
    assert "第二十一条" in text
    assert "批准人：＿＿＿＿" in text
    assert "批准日期：＿＿＿＿年＿＿月＿＿日" in text
    assert "该单位的说明：＿" in text


def test_the_same_is_suggested_once_for_each_period():
    done = [reminded(date(2024, 6, 11)), reminded(date(2024, 7, 8), "supervise")]

    names = [each.name for each in letters(MADE, called(reminders=done, day=date(2024, 7, 9)), date(2024, 7, 9))]

    assert names == ["2024-07-09 县工信局 催办"]


def test_a_due_day_in_a_year_without_holiday_table_is_said_on_the_letter():
    made = MADE._replace(rules=MADE.rules._replace(calendar=MADE.rules.calendar._replace(years=frozenset())))

    assert "放假安排尚未公布" in to_md(letters(made, calls(made, heard(*GOOD), (), DAY), DAY)[0])


def test_the_rule_in_force_is_printed_and_whose_it_is():
    office = MADE.rules.escalation._replace(supervise=0, basis="office")

    assert "默认口径" in ladder_words(MADE)
    assert "1期未报，催办；连续2期未报，督办建议；连续3期未报，约谈建议" in ladder_words(MADE)
    assert "督办" not in ladder_words(MADE._replace(rules=MADE.rules._replace(escalation=office)))


def test_word_files_have_the_page_and_fonts_of_official_documents():
    letter = letters(MADE, called(), DAY)[0]

    document = docx.Document(io.BytesIO(to_docx(letter)))
    section, title, table = document.sections[0], document.paragraphs[0], document.tables[0]

    sides = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    assert [round(each.mm, 1) for each in (*sides, section.left_margin, section.right_margin)] == [
        210,
        297,
        37,
        35,
        28,
        26,
    ]
    assert title.text == "关于补报数据和进展的催办"
    assert title.runs[0].font.size.pt == 22
    fonts = [paragraph.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) for paragraph in document.paragraphs]
    assert fonts == ["方正小标宋简体", *["仿宋"] * (len(fonts) - 1)]
    assert [cell.text for cell in table.rows[1].cells] == [
        "任务",
        "（一）T01",
        "2024年6月",
        "2024年7月5日",
        "未报，连续3期",
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_same_letter_gives_the_same_bytes():
    letter = letters(MADE, called(), DAY)[0]

    assert to_docx(letter) == to_docx(letter)


def test_hostile_names_do_no_harm_in_word_and_markdown():
    made = plan(tasks=[task("T01", ["县工信局"])._replace(title="\x1b[31m=cmd|<b>*甲*")])
    [letter] = letters(made, calls(made, heard(), (), DAY), DAY)

    text = to_md(letter)
    document = docx.Document(io.BytesIO(to_docx(letter)))

    assert "\x1b" not in text
    assert "<b>" not in text
    assert "\\u001B" in document.tables[0].rows[1].cells[1].text
