"""How a forecast was reckoned: the fitted numbers put into the formula."""

from collections.abc import Iterator
from decimal import Decimal

from xiangning_zyz.analysis.forecast import COVERAGE, METHOD_WORDS, Forecast, Outlook
from xiangning_zyz.analysis.plan_line import milestone_month
from xiangning_zyz.analysis.regression import Fit
from xiangning_zyz.analysis.seasons import Usual
from xiangning_zyz.analysis.student import t_quantile
from xiangning_zyz.analysis.words import between, by_words
from xiangning_zyz.figure import plain
from xiangning_zyz.plan import Indicator


def forecast_lines(ahead: Outlook, indicator: Indicator) -> tuple[str, ...]:
    """One line for each forecast, then what holds for all of them."""
    return (*(_line(each, indicator) for each in ahead.forecasts), ahead.note)


def _line(each: Forecast, indicator: Indicator) -> str:
    basis = each.basis
    if isinstance(basis, Usual):
        words = _usual(each, basis)
    else:
        words = _summed(each, basis) if indicator.kind == "flow" else _trend(each, basis)
    said = "，".join((*words, *_interval(each, indicator.unit)))
    return f"{by_words(each.milestone)}，{METHOD_WORDS[each.method]}：{said}"


def _summed(each: Forecast, fit: Fit) -> Iterator[str]:
    """A flow's steps still to come, each on its line; their errors add up with those of level and slope."""
    logs = "（对数）" if fit.logs else ""
    yield f"{fit.size}个数据点，每月{_n(fit.slope)}{logs}，残差标准差{_n(fit.error)}{logs}"
    yield f"已完成{_n(each.reckoned.known)}，其余各期按趋势合计{_n(each.reckoned.centre)}"
    yield f"标准误{_n(each.reckoned.error)}{logs}"


def _trend(each: Forecast, fit: Fit) -> Iterator[str]:
    """The line of a stock or ratio, at the milestone."""
    logs = "（对数）" if fit.logs else ""
    yield f"{fit.size}个数据点，每月{_n(fit.slope)}{logs}，残差标准差{_n(fit.error)}{logs}"
    level = fit.levels[None]
    months = _n(milestone_month(each.milestone).ordinal - level.at)
    height = f"{_n(level.value)} + {_n(fit.slope)} × {months}"
    yield f"平均值{_n(level.value)}{logs}，距平均时点{months}个月"
    yield f"{f'e^({height})' if fit.logs else height} = {_n(each.reckoned.value)}"
    yield f"标准误 {_n(fit.error)} × √(1 + 1/{fit.size} + {months}²/{_n(fit.width)}) = {_n(each.reckoned.error)}"


def _usual(each: Forecast, way: Usual) -> Iterator[str]:
    reached, total = each.reckoned.known, each.reckoned.value
    share = reached / total
    yield f"{way.years}个完整年度平均占比{_n(share)}，{_n(reached)} ÷ {_n(share)} = {_n(total)}"
    spread = f"√((1 + 1/{way.years}) × (1 − {_n(share)}) ÷ {_n(share)})"
    yield f"标准误 {_n(total)} × {_n(way.spread)} × {spread} = {_n(each.reckoned.error)}"


def _interval(each: Forecast, unit: str) -> Iterator[str]:
    """Centre ± t × standard error; on logarithms the same as a factor."""
    said, quantile = each.reckoned, t_quantile((1 + COVERAGE) / 2, each.reckoned.dof)
    reach = f"{_n(quantile)} × {_n(said.error)}"
    shape = f"{_n(said.known)} + {_n(said.centre)} × e^(±{reach})" if said.logs else f"{_n(said.value)} ± {reach}"
    bounds = f"80%区间 {shape}，即{between(plain(each.low), plain(each.high), unit)}"
    yield f"t分位数{_n(quantile)}（自由度{said.dof}）"
    yield f"{bounds}，达标概率{plain(each.probability * 100)}%"


def _n(value: float) -> str:
    """Five significant digits, never with an exponent."""
    return plain(Decimal(f"{value:.5g}"))
