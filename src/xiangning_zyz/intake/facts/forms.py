"""The kinds of tables that hold words: which heads name the thing a row is about, which fill its fields.

Field names are what the ledger keeps and later commands read; they stand in the first column below.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from xiangning_zyz.fact import RecordKind
from xiangning_zyz.intake.facts import fields
from xiangning_zyz.intake.facts.fields import Reader
from xiangning_zyz.intake.tables.model import Column, Table


class Field(NamedTuple):
    """A field of a record, by the heads of its column."""

    name: str
    heads: re.Pattern[str]
    read: Reader = fields.words


class Form(NamedTuple):
    """One kind of table."""

    kind: RecordKind
    subject: re.Pattern[str]  # heads over what a row is about, in words for people
    fields: tuple[Field, ...]  # the first that fits takes the column, and of columns for one field the first's
    needs: frozenset[str]  # without one of these, and without such a title, it is a table of another kind
    title: re.Pattern[str] | None = None
    keys: tuple[str, ...] = ()  # fields that tell one subject from another; none: the plan's own names do
    called: str = ""  # the field that keeps the subject's name, where it is no item of the plan


class Laid(NamedTuple):
    """A form as one table lays it out."""

    form: Form
    subjects: tuple[Column, ...]
    columns: tuple[tuple[Column, Field], ...]  # one for each field, but all in which something is told


_BRACKETED = re.compile("[（(].*?[）)]")
_TOLD = frozenset({"progress", "problems", "next", "note"})  # 形象进度 and 进展情况 may both be there
_NOTES = (
    Field("note", re.compile("备注|说明")),
    Field("changed", re.compile(".*有无变化"), fields.no_change),
)
_PLANNED = "(计划|规划|概算|估算|预计|拟)"
_SO_FAR = "(自?开工|建设)以?来?|截[至止]目前|目前"
_THIS_YEAR = "((19|20)[0-9]{2}年度?|年度|本年度?|今年|当年|全年)"
_NOW = "本(?:[月期]|季度?|年度?)|[0-9]{1,2}月份?|[一二三四]季度|[上下]半年|截至目前"
_WORDS = (
    Field(
        "progress",
        re.compile(
            f"(目前|{_NOW})?(工作|任务|项目|工程|建设)?(进展|推进|落实|开展)(情况)?"
            f"|(目前|累计|{_NOW})?(工作|任务)?完成情况|(工程)?形象进度"
        ),
    ),
    Field("problems", re.compile("(存在的?|主要|突出)*(问题|困难)([和及与、]?(困难|问题))?")),
    Field("next", re.compile("下一?步(工作)?(措施|举措|计划|打算|安排|思路|重点)?")),
    Field("state", re.compile("(完成|推进|任务)?状态")),
    *_NOTES,
)
_ENTERPRISES = Form(
    "enterprise",
    re.compile("(企业|公司|单位|主体|商户)(名称)?|名称"),
    (
        Field("code", re.compile("(统一)?社会(统一)?信用代码(证号?)?|(统一)?信用代码"), fields.credit_code),
        Field("segment", re.compile("(所属|所在)?板块(名称)?"), fields.segment),
        Field("state", re.compile("(企业|入驻|经营|当前|目前)?状态|(入驻|签约|投产)情况"), fields.state),
        Field("tier", re.compile("(企业)?(梯队|层级|层次|资质|称号|荣誉|类型|类别)")),
        Field("above_scale", re.compile("是否(为)?规(模以)?上(企业)?")),
        Field("specialised", re.compile("是否(为)?专精特新(中小)?(企业)?")),
        Field("little_giant", re.compile("是否(为)?(专精特新)?小巨人(企业)?")),
        Field("leading", re.compile("是否(为)?龙头(企业)?")),
        Field("signed", re.compile("签约(时间|日期)"), fields.day),
        Field("moved_in", re.compile("入驻(时间|日期)"), fields.day),
        Field("in_production", re.compile("投产(时间|日期)"), fields.day),
        Field("left", re.compile("退出(时间|日期)"), fields.day),
        *_NOTES,
    ),
    frozenset({"code", "state"}),
    keys=("code",),
    called="name",
)
_ISSUES = Form(
    "issue",
    re.compile("(主要|存在的?|突出|发现的?)?问题(内容|描述|表现|事项|情况)?(和困难|及困难)?"),
    (
        Field("number", re.compile("(问题|台账)?(编号|编码)|问题序号")),
        Field("serial", re.compile("序号?")),
        Field("scope", re.compile("(问题)?(类型|类别|性质)")),
        Field("item", re.compile("(涉及|所属|对应|关联)?的?(重点)?(任务|工作|项目)(名称|编号)?")),
        Field("enterprise", re.compile("(涉及|反映)?企业(名称)?")),
        Field("raised_by", re.compile("(提出|反映|发现|交办)(单位|部门|人)")),
        Field("raised_on", re.compile("(提出|发现|反映|登记|交办)(时间|日期)"), fields.day),
        Field("responsible", re.compile("(责任|整改|承办|牵头)(单位|部门)")),
        Field("measures", re.compile("(整改|解决|化解|处置)(措施|办法|方案|要求|建议)")),
        Field("due", re.compile("(整改|解决|完成|办结|销号)?(时限|期限)|(计划|拟)?完成时间"), fields.deadline),
        Field("progress", re.compile("(整改|解决|办理|处置)(进展|落实|完成)?(情况)?|进展(情况)?")),
        Field("state", re.compile("(整改|办理|销号|办结|当前|目前)?状态|销号情况|是否.*"), fields.solved),
        Field("closed_on", re.compile("(销号|办结)(时间|日期)"), fields.day),
        Field("evidence", re.compile("(销号|佐证|证明|支撑)(依据|材料)")),
        *_NOTES,
    ),
    frozenset({"measures", "closed_on", "evidence"}),
    title=re.compile("问题.*(台账|清单|整改|销号)"),
    keys=("number", "serial"),
    called="problem",
)
_PROJECTS = Form(
    "project",
    re.compile("(重点)?项目(名称|编号)?"),
    (
        Field("stage", re.compile("(项目|建设|所处)?阶段")),
        # Of the whole project and of one year are different things, and stand side by side in many tables.
        Field("planned_investment", re.compile(f"(项目|工程)?{_PLANNED}?总投资(总?额|规模)?"), fields.money),
        Field("planned_investment", re.compile(f"(项目|工程)?{_PLANNED}?投资(总?额|规模)?"), fields.money),
        Field("done_investment", re.compile(f"(项目)?(({_SO_FAR})(累计|已)?|累计|已)完成投资(总?额)?"), fields.money),
        Field("done_investment", re.compile("(项目)?完成投资(总?额)?"), fields.money),
        Field("year_planned_investment", re.compile(f"{_THIS_YEAR}{_PLANNED}(完成)?投资额?"), fields.money),
        Field("year_done_investment", re.compile(f"{_THIS_YEAR}(累计|已)?完成投资额?"), fields.money),
        Field("started", re.compile("(计划|预计|拟|实际)?开工(时间|日期|年月)")),
        Field("finished", re.compile("(计划|预计|拟|实际)?(竣工|完工|建成)(时间|日期|年月)")),
        Field("progress", re.compile("(工程|建设|项目|施工)?进度(情况)?")),
        *_WORDS,
    ),
    frozenset({"stage", "done_investment", "year_done_investment", "progress"}),
)
_TASKS = Form(
    "task",
    re.compile(
        "(重点|主要)?(工作)?任务(编号|序号|名称|事项|内容)?|(重点|主要)?工作(编号|序号|名称|事项)?|重点事项|编号"
    ),
    (Field("percent", re.compile("完成(比例|进度|率|百分比)|进度"), fields.percent), *_WORDS),
    frozenset({"percent", "progress"}),
)
FORMS = (_ISSUES, _ENTERPRISES, _PROJECTS, _TASKS)


def laid_out(table: Table, sheet: str) -> Laid | None:
    """The form that *table* follows, with its columns; None when it holds figures or other words."""
    heads = tuple(column.labels for column in table.columns)
    for form in FORMS:
        titled = form.title is not None and form.title.search(f"{table.title}/{sheet}") is not None
        laid = _laid(form, heads, titled=titled)
        if laid is not None:
            subjects, fields_at = laid
            columns = tuple((table.columns[at], field) for at, field in fields_at)
            return Laid(form, tuple(table.columns[at] for at in subjects), columns)
    return None


@lru_cache(maxsize=1024)  # the same heads stand in every month's report
def _laid(
    form: Form, heads: tuple[tuple[str, ...], ...], *, titled: bool
) -> tuple[tuple[int, ...], tuple[tuple[int, Field], ...]] | None:
    """Positions of the columns that name the subject, and of those that fill a field; None: another kind of table."""
    subjects = tuple(at for at, labels in enumerate(heads) if _fits(form.subject, labels))
    found: list[tuple[int, int, Field]] = []  # column, rank of the field
    for at, labels in enumerate(heads):
        if at not in subjects:
            found += [(at, rank, field) for rank, field in enumerate(form.fields) if _fits(field.heads, labels)][:1]
    best = {field.name: at for at, _, field in sorted(found, key=lambda each: (each[1], each[0]), reverse=True)}
    filled = tuple((at, field) for at, _, field in found if field.name in _TOLD or best[field.name] == at)
    if not subjects or not ((found and titled) or form.needs & best.keys()):
        return None
    return subjects, filled


def _fits(heads: re.Pattern[str], labels: tuple[str, ...]) -> bool:
    return any(heads.fullmatch(_BRACKETED.sub("", label)) for label in labels)
