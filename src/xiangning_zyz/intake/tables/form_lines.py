"""Lines around a table that are no data: named lines (填报单位：…), notes, signatures, page numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache

from xiangning_zyz.intake.grid import GridCell, reference
from xiangning_zyz.intake.periods import said
from xiangning_zyz.intake.tables.lines import Line, holds_values, label_text, sort_of
from xiangning_zyz.intake.tables.model import FormLine
from xiangning_zyz.intake.tables.stated_periods import beside_period
from xiangning_zyz.intake.units import unit_in

_ORGANISATION = (
    r"(?:填报|填表|编报|编制|报送|上报|报告|制表|汇总|受表)单位|单位(?:详细)?名称|(?:综合)?制表机关"
    r"|综合机关(?:名称)?|(?:制定|批准|备案|受表)机关"
)
_DATE = r"(?:填报|报送|报出|填表|制表|上报|统计)(?:日期|时间)|报告期(?:别)?|报表日期|期别"
_PERSON = (
    r"(?:单位|统计|部门|企业)?负责人|(?:填报|填表|制表|审核|复核|审批|签发|经办|联系|报送)人(?:员)?"
    r"|(?:分管|主管|主要|挂钩|包联)?领导|主管|审核|复核|审批|制表|填表|经办"
)
_OTHER = r"表号|(?:批准|备案)文号|有效期(?:至|限)?|联系电话|电话|(?:计量|金额|货币)?单位|数据库|指标|地区|时间"
_KNOWN = re.compile(rf"(?:{_ORGANISATION}|{_DATE}|{_PERSON}|{_OTHER})(?:[（(][^）)]{{1,6}}[）)])?[：:]")
_BARE = re.compile(rf"(?P<organisation>{_ORGANISATION})|(?P<date>{_DATE})|(?P<person>{_PERSON})")
_SIGNER = re.compile(rf".*(?:{_PERSON}|(?:填报|报送|报出|填表|制表|上报)(?:日期|时间)|电话|签[名字章]|盖章).*")
_SIGNED = re.compile(rf"(?:{_PERSON}|{_DATE}|联系电话|电话)[：:]|[（(]?(?:签名|签字|签章|盖章)[）)]?[：:]$")
# Any other name needs its value in the same cell: `按地区分：` heads a section of the body.
_NAMED = re.compile(r"(?!其中|包括|[一二三四五六七八九十]+、|[（(])[^0-9：:，。；#＃][^：:，。；]{0,13}(?<!计)[：:].")
_INSTITUTION = re.compile(
    r"(?:[局委办部厅处科室站所院校会社队司厂店镇乡县市区省街道]|中心|政府|公司|专班|集团|合作社|企业)$"
)
_FORM_NUMBER = re.compile(
    r"[（(]?(?:附[件表]?|续?表)[0-9一二三四五六七八九十.—-]*[）)]?|.{1,8}[0-9一二三四五六七八九十-]+表"
)

_NOTE = re.compile(
    r"(?:附?注|备注|[填编]?[表报写制]?说明|(?:资料|数据)?来源|补充资料|平衡关系|[审逻][核辑]关系|指标解释)"
    r"(?:[：:0-9（(.、]|$)|[*※]"
)
_PAGE = re.compile(r"[（(—-]*第?[0-9]{1,4}[）)—-]+|第[0-9]{1,4}页.{0,12}|共[0-9]{1,4}页.{0,12}")
_BALANCE = re.compile(r"[0-9]{1,3}栏?[=＝≥≤][0-9]{1,3}栏?[-+－＋].*")
_LONG_SENTENCE = 40
_SHORTEST_TITLE = 3
_LONGEST_NAMED = 80


@lru_cache(maxsize=256)  # many ask this of the same line
def is_named_line(line: Line, *, known: bool = False) -> bool:
    """Whether a line holds only names with values (填报单位：县工信局 | 单位：万元), beside at most a title.

    `known`: only names that such forms use everywhere count, as between the rows of a body.
    """
    if not any(_is_name(cell, after, known=known) for _, cell, after in _neighbours(line)):
        return False
    strangers = _strangers(line, known=known)
    if not strangers:
        return True
    with_colon = any("：" in cell.text or ":" in cell.text for cell in line.cells)
    return with_colon and len(strangers) == 1 and len(line.cells) <= 3 and not holds_values(line)


def title_cells(line: Line) -> tuple[GridCell, ...]:
    """The cells of a line that are words of their own: neither a name nor its value, a date or a form number."""
    return _strangers(line) if is_named_line(line) else line.cells


def is_signature(line: Line) -> bool:
    """Whether somebody signs here: 单位负责人：　填表人：　报出日期：."""
    return is_named_line(line, known=True) and any(_SIGNER.fullmatch(form.label) for form in form_lines(line))


def is_foot_line(line: Line) -> bool:
    """Whether a line below a table names who signs or reports, and is no note."""
    return is_signature(line) or (is_named_line(line, known=True) and not is_note(line))


def is_note(line: Line) -> bool:
    """Whether a line is a note, a source, a balance rule or a page number."""
    if len(line.cells) > 2:
        return False
    text = label_text(line.cells[0].text)
    if _PAGE.fullmatch(text) or _BALANCE.fullmatch(text):
        return len(line.cells) == 1
    if holds_values(line):
        return False
    return bool(_NOTE.match(text)) or (len(text) > _LONG_SENTENCE and text.endswith("。"))


@lru_cache(maxsize=256)  # as above
def form_lines(line: Line) -> tuple[FormLine, ...]:
    """The names and values of a line, in order."""
    found: list[FormLine] = []
    answered: GridCell | None = None
    for _, cell, after in _neighbours(line):
        if cell is answered or not _is_name(cell, after):
            continue
        pairs = _pairs(label_text(cell.text))
        if after is not None and not pairs[-1][1] and _answers(after, cell):
            pairs[-1], answered = (pairs[-1][0], " ".join(after.text.split())), after
        found += (FormLine(name, value, reference(cell.row, cell.col)) for name, value in pairs)
    return tuple(found)


def is_form_number(text: str) -> bool:
    """Whether a text is only the number of a form or annex: 附件1, 乡统3表, 续表."""
    return bool(_FORM_NUMBER.fullmatch(label_text(text)))


def _neighbours(line: Line) -> Iterator[tuple[GridCell | None, GridCell, GridCell | None]]:
    return zip((None, *line.cells), line.cells, (*line.cells[1:], None), strict=False)


def _strangers(line: Line, *, known: bool = False) -> tuple[GridCell, ...]:
    """At most two cells that are no part of a named line; two settle that it is none."""
    found: list[GridCell] = []
    for before, cell, after in _neighbours(line):
        if not (_is_name(cell, after, known=known) or _answers(cell, before) or _accompanies(cell)):
            found.append(cell)
            if len(found) > 1:
                break
    return tuple(found)


def _is_name(cell: GridCell, after: GridCell | None, *, known: bool = False) -> bool:
    if cell.kind != "text" or len(cell.text) > _LONGEST_NAMED:
        return False
    text = label_text(cell.text)
    if "：" in text or ":" in text:
        return bool(_KNOWN.search(text) or _SIGNED.search(text) or (not known and _NAMED.match(text)))
    bare = _BARE.fullmatch(text) if after is not None else None
    return bare is not None and after is not None and _fits(bare, after)


def _fits(bare: re.Match[str], answer: GridCell) -> bool:
    """Whether *answer* is of the kind a name without colon asks for: a column head never is."""
    text = label_text(answer.text)
    if _BARE.fullmatch(text):
        return False
    if bare["organisation"]:
        return bool(_INSTITUTION.search(text)) and len(text) <= 30
    if bare["date"]:
        return answer.kind == "date" or said(text) is not None
    return 2 <= len(text) <= 4 and sort_of(answer) == "words" and unit_in(text) is None


def _answers(cell: GridCell, before: GridCell | None) -> bool:
    if before is None or _SIGNED.search(label_text(cell.text)):
        return False
    text = label_text(before.text)
    if text.endswith(("：", ":")):
        return True
    bare = _BARE.fullmatch(text)
    return bare is not None and _fits(bare, cell)


def _accompanies(cell: GridCell) -> bool:
    text = label_text(cell.text)
    if cell.kind == "date" or is_form_number(text):
        return True
    return said(text) is not None and len(beside_period(text).strip("()")) < _SHORTEST_TITLE


def _pairs(text: str) -> list[tuple[str, str]]:
    """`主管：王　审核：李` → (主管, 王), (审核, 李); a text without a known name is split at its first colon."""
    starts = list(_KNOWN.finditer(text))
    if not starts:
        name, _, value = text.replace(":", "：", 1).partition("：")
        return [(name.strip("（("), value.rstrip("）)") if name.startswith(("（", "(")) else value)]
    names = [text[: starts[0].end()] if starts[0].start() < 6 else starts[0][0], *(match[0] for match in starts[1:])]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return [
        (name.rstrip("：:"), text[match.end() : end].strip("；;，,"))
        for name, match, end in zip(names, starts, ends, strict=True)
    ]
