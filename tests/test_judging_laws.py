"""Laws that judging keeps whatever the figures: direction, unit, segments, pace."""

from datetime import date
from decimal import Decimal, localcontext

from hypothesis import assume, given
from hypothesis import strategies as st

from makers import indicator, observed, plan, point
from xiangning_zyz.analysis.gap import gap
from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.series import series
from xiangning_zyz.figure import PRECISE

DAY = date(2030, 1, 1)
VALUES = st.decimals(0, 1000, places=2)
MIRROR = {">=": "<=", ">": "<"}
TURNED = {"rising": "falling", "falling": "rising", "flat": "flat", "no_previous": "no_previous"}


def judged(one, facts):
    made = plan(one)
    with localcontext(PRECISE):
        return judge(made, one, series(made, one, gather(facts), DAY), DAY)


def levels(*pairs):
    return [point("s", month, str(value)) for month, value in pairs]


@given(VALUES, VALUES, VALUES, VALUES, st.sampled_from([">=", ">"]), st.sampled_from(["2024-06", "2025-12", "2026-03"]))
def test_less_is_to_a_ceiling_what_more_is_to_a_floor(first, last, before, now, op, month):
    """Mirror every figure at zero: the same gap, the same pace, the same light."""
    up = indicator("s", trend="rising", milestones=[f"2023-12-31 {op} {first}", f"2025-12-31 {op} {last}"])
    down = indicator(
        "s",
        direction="down",
        trend="falling",
        milestones=[f"2023-12-31 {MIRROR[op]} {-first}", f"2025-12-31 {MIRROR[op]} {-last}"],
    )
    year_ago = f"{int(month[:4]) - 1}{month[4:]}"
    one, other = (
        judged(up, levels((year_ago, before), (month, now))),
        judged(down, levels((year_ago, -before), (month, -now))),
    )

    assert (one.gap, one.state, one.light) == (other.gap, other.state, other.light)
    assert (one.pace.points, one.needed_per_month) == (other.pace.points, other.needed_per_month)
    assert (one.trend.verdict, one.trend.kept) == (TURNED[other.trend.verdict], other.trend.kept)


@given(VALUES, VALUES, VALUES, st.sampled_from(["stock", "flow"]))
def test_another_unit_changes_no_verdict(goal, before, now, kind):
    """亿元 into 万元: every figure × 10000, every verdict and every pace the same."""
    found = []
    for scale in (1, 10000):
        one = indicator("s", kind=kind, milestones=[f"2023-12-31 >= {50 * scale}", f"2025-12-31 > {goal * scale}"])
        made = observed if kind == "flow" else point
        found.append(judged(one, [made("s", "2024-12", str(before * scale)), made("s", "2025-06", str(now * scale))]))
    small, large = found

    assert (small.state, small.light, small.pace.points) == (large.state, large.light, large.pace.points)
    assert small.attainment == large.attainment
    if small.gap is not None:
        assert small.gap * 10000 == large.gap


@given(st.lists(VALUES, min_size=2, max_size=4), st.lists(VALUES, min_size=4, max_size=4))
def test_splitting_into_segments_changes_no_verdict_and_loses_nothing(shares, before):
    names = ("zisha", "rongzi", "yunqiu", "other")[: len(shares)]
    one = indicator("s", milestones=["2023-12-31 >= 50", "2025-12-31 >= 700"], segments=names)
    whole = levels(("2024-06", sum(before[: len(shares)])), ("2025-06", sum(shares)))
    parts = [point("s", "2024-06", str(value), segment=name) for name, value in zip(names, before, strict=False)]
    parts += [point("s", "2025-06", str(value), segment=name) for name, value in zip(names, shares, strict=True)]
    made = plan(one, segments=names)
    split = gap(made, one, gather([*whole, *parts]), DAY)

    assert split.judgement == gap(made, one, gather(whole), DAY).judgement
    assert sum(part.change for part in split.segments) == sum(shares) - sum(before[: len(shares)])


@given(VALUES, VALUES, st.integers(51, 500))
def test_more_is_never_slower(one, other, goal):
    assume(one < other)
    firms = indicator("s", milestones=["2023-12-31 >= 50", f"2025-12-31 >= {goal}"])
    output = indicator("s", kind="flow", milestones=["2025-12-31 > 10"])
    for target, make in ((firms, point), (output, observed)):
        less, more = (judged(target, [make("s", "2025-06", str(value))]) for value in (one, other))

        assert less.pace.points < more.pace.points
        assert less.needed_per_month >= more.needed_per_month
        assert less.gap > more.gap


@given(VALUES, st.integers(1, 11))
def test_the_same_cumulative_later_in_the_year_is_further_behind(value, month):
    output = indicator("s", kind="flow", milestones=["2025-12-31 > 10"])
    early, late = (judged(output, [observed("s", f"2025-{m:02d}", str(value))]) for m in (month, month + 1))

    assert early.pace.points > late.pace.points
    assert early.pace.points - late.pace.points < Decimal("8.34")  # a twelfth of the year
