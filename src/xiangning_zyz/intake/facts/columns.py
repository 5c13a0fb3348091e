"""What a column is about, told from its header words: a report, a comparison, or nothing we know."""

import re

# Beside the figure that is reported, sheets carry last year's figure, growth, plans and shares.
# They are the sender's own comparison; the ledger has its own, with provenance.
_COMPARISON = re.compile(
    "同期|同比|环比|增长|增幅|增速|增减|净增|升降|±|去年|上年|上季|上期|上次报送|有无变化|占比|比重|剩余|[尚还]差|差额|缺口|排名|位次|序时"
    "|(年度|全年)(目标|计划|任务)|(计划|目标|任务)[数值]|完成率|完成比例|[比较](上[月季年期]|[0-9]{1,2}月|去年|年初|计划|目标)|年初[数值额]?($|[（(])"
)
# Nothing but words of a plan: 年度计划, 2024年预期目标, 预计全年; not 任务完成数.
_PLANNED = re.compile(
    "(?=.*(?:计划|目标|任务|预[期计算]))(?:(?:19|20)[0-9]{2}年|年度|全年|[本今]年|年初|计划|目标|任务|预[期计算]|[数值额])+"
)
# Of what is no share itself, a column of per cents tells how much of the plan was done.
_COMPLETION = re.compile("(完成|进度|达成|实现|达到)[（(]?[%％]")
_LAST_MONTH = re.compile("上月[末底]?止?累计|[止至]上月")
# Words that a figure's column may carry and that say nothing about which figure it is.
_GENERIC = re.compile(
    "主要|经济|指标|情况|数据|数值|数额|数量|总量|总数|总额|合计|总计|小计|共计|实际|实有|实绩|目前|当前|完成|发生|填报|报送"
    "|报告期?|统计|全县|专业镇|单位|计量|其中|[0-9]+[个项]板块|[按分]?板块分?|[数值额量期末年月的（）()、：:]"
)


def is_comparison(label: str) -> bool:
    """Whether a column of this label compares, so that its figures are not this period's report."""
    return _COMPARISON.search(label) is not None or _PLANNED.fullmatch(label) is not None


def is_last_month(label: str) -> bool:
    """Whether the column carries last month's cumulative figure, for 上月累计 + 本月 = 本月累计."""
    return _LAST_MONTH.search(label) is not None


def is_completion(label: str) -> bool:
    """Whether the column tells how far a plan is carried out, unless the indicator is a share itself (完成%)."""
    return _COMPLETION.search(label) is not None


def unknown_words(label: str) -> str:
    """What is left of a header once generic words are gone; '' when the column can be relied on.

    `累计完成数` leaves nothing, `规上企业` stays: a breakdown must not be taken for the whole.
    """
    return _GENERIC.sub("", label)
