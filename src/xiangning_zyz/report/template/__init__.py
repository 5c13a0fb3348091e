"""Fill-in templates: one workbook for one department and period, with its last words beside each blank.

Departments are asked, never firms. Last words stand in a locked column and not in the cells to be
filled: an untouched template must not pass for a report. Each table has one head row whose words
state unit, period and basis, so that `zyz import` reads it like any hand-made sheet, also after
rows were inserted or validations pasted over.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime

import openpyxl

from xiangning_zyz import template_mark
from xiangning_zyz.analysis.due import report_due
from xiangning_zyz.fact import Fact
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.report.template.asked import Asked, asked
from xiangning_zyz.report.template.last_words import LastWords
from xiangning_zyz.report.template.page import put_text, write_guide, write_signatures, write_table
from xiangning_zyz.report.template.tables import THIS, tables
from xiangning_zyz.template_mark import TemplateId

__all__ = ["Asked", "asked", "write_template"]

_SIGNATURES = ("填报人：", "审核人：", "填报日期：")


def write_template(plan: Plan, department: str, period: Period, last: Iterable[Fact], *, on: date) -> bytes:
    """The .xlsx that *department* fills in for *period*, written on the day *on*.

    *last*: what the department has reported so far, of any periods; the latest up to *period* is shown.
    Same arguments, same bytes. ValueError when there is nothing to ask: see `asked`.
    """
    wanted = asked(plan, department, period)
    if wanted.nothing:
        raise ValueError(f"nothing to ask of {department} for {period}")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in tables(plan, wanted, LastWords(last, period), period):
        heading = (f"{period.label}{table.name}填报表", plan.title, f"填报单位：{department}")
        write_table(book.create_sheet(table.name), heading, table)
    write_signatures(book.worksheets[0], _SIGNATURES)
    write_guide(book.create_sheet(template_mark.GUIDE_SHEET), "填报说明", _guide(plan, department, period))
    mark = book.create_sheet(template_mark.SHEET)
    for number, row in enumerate(template_mark.to_rows(TemplateId(plan.id, plan.hash, department, period)), 1):
        for column, text in enumerate(row, 1):
            put_text(mark.cell(number, column), text)
    mark.sheet_state = "veryHidden"
    book.properties.creator = "zyz"
    book.properties.title = f"{department}{period.label}填报表"
    return _saved(book, on)


def _guide(plan: Plan, department: str, period: Period) -> list[str]:
    due = report_due(plan.rules.calendar, period)
    until = f"{due.day.year}年{due.day.month}月{due.day.day}日" + (
        "" if due.announced else "（节假日安排未公布，以通知为准）"
    )
    return [
        f"一、{department}填报{period.label}数据和进展，{until}前（含当日）报专班办公室。依据：《{plan.title}》（{plan.document}）。",
        "二、只填黄色单元格。其他单元格已锁定，没有密码；确需调整的，在“审阅”中取消保护即可。可以插入行，请不要改表头。",
        "三、数值只填数字，不写“约”“余”“以上”和单位；需要说明的写在备注栏。没有数据的留空，数值为零的填0。",
        "四、“期末数”填本期最后一天的数；“本年累计”填1月1日至本期末的累计数；比率按表中单位填，如12.5%填12.5。",
        f"五、“{template_mark.LAST_REPORTED}”供对照，不用改。与上次相同的也要填数，并选“无变化”；确无进展的，进展情况写“{THIS[period.frequency]}无进展”。",
        "六、填报人、审核人（单位负责人）填写齐全后报送。发现以前报的数有误，在该期模板中改正后重新报送，并在备注栏写明原因。",
    ]


def _saved(book: openpyxl.Workbook, on: date) -> bytes:
    """The workbook's bytes with *on* wherever openpyxl puts the clock's time."""
    moment = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - zip and document dates know no zone
    book.properties.created = moment
    written, fixed = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{on}T00:00:00Z".encode(), data)
            # A height that is not "custom" is where a row begins; it still grows with what the clerk writes.
            data = re.sub(rb'(<row [^>]*?) customHeight="1"', rb"\g<1>", data)
            info = zipfile.ZipInfo(name, moment.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return fixed.getvalue()
