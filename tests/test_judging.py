"""Judging by CONTRACT §7: one row per state and verdict, with numbers checked by hand."""

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import annual, indicator, observed, plan, point, resolution, single
from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.lights import LIGHT_SHAPES, LIGHT_WORDS, rule_words, state_at, state_words
from xiangning_zyz.analysis.series import series
from xiangning_zyz.figure import PRECISE, rounded
from xiangning_zyz.plan import Light

FIRMS = indicator("s", name="入驻企业", milestones=["2023-12-31 >= 50", "2025-12-31 >= 70", "2027-12-31 >= 90"])
OUTPUT = indicator(
    "f",
    name="专业镇产值",
    kind="flow",
    unit="亿元",
    milestones=["2023-12-31 > 7", "2025-12-31 > 10", "2027-12-31 > 15"],
)


def judged(one, *facts, as_of="2030-01-01", others=(), resolutions=(), **rules):
    made, day = plan(one, *others, **rules), date.fromisoformat(as_of)
    with localcontext(PRECISE):
        found = series(made, one, gather(facts, resolutions=resolutions), day)
    return judge(made, one, found, day)


def words(value, places=3):
    return None if value is None else rounded(value, places).rstrip("0").rstrip(".")


def test_the_contract_s_flow_4_1_by_june_of_8_5():
    found = judged(OUTPUT, observed("f", "2023-12", "7.2"), observed("f", "2024-06", "4.1"), as_of="2024-07-01")

    assert str(found.period) == "2024-06"
    assert (found.year.value, found.year.basis) == (Decimal("8.5"), "estimate")  # half way from 7 to 10
    assert found.pace.expected == Decimal("4.25")  # 8.5 × 6/12
    assert rounded(found.pace.points, 1) == "-1.8"  # 48.2 − 50
    assert rounded(found.needed_per_month, 3) == "0.733"  # (8.5 − 4.1) / 6
    assert (found.state, found.light) == ("on_track", "green")
    assert str(found.milestone.by) == "2025-12-31"
    assert (found.compared.value, str(found.compared.month)) == (Decimal("7.2"), "2023-12")  # last complete year
    assert (found.gap, found.attainment) == (Decimal("2.8"), Decimal("0.72"))
    assert (
        found.reason == "2024年1—6月累计4.1亿元，为2024年目标8.5亿元（测算）的48.2%，时序进度50.0%，落后1.8个百分点。"
    )


def test_the_contract_s_stock_54_at_2024_12_between_50_and_70():
    found = judged(FIRMS, point("s", "2023-12", "50"), point("s", "2024-12", "54"), as_of="2025-01-01")

    assert found.pace.expected == 60
    assert found.pace.points == -30  # −6 of 20
    assert (found.state, found.light) == ("behind", "yellow")
    assert (found.gap, rounded(found.needed_per_month, 3)) == (16, "1.333")  # 16 in 12 months
    assert found.reason == "2024年12月54户，应达60户（测算），落后30.0个百分点。"


# name, indicator, facts, as of, state, light, words the reason must hold
STATES = [
    ("nothing reported, no period over", FIRMS, [], "2023-01-15", "not_due", "none", "首个报告期尚未结束"),
    ("nothing reported, nothing due yet", FIRMS, [], "2023-02-05", "not_due", "none", "应于2023年2月6日前报送"),
    ("nothing reported, due date passed", FIRMS, [], "2023-02-07", "overdue", "none", "2023年1月未报（逾期）"),
    ("a flow's January comes with February", OUTPUT, [], "2023-03-06", "not_due", "none", "2023年2月数据未到报送日"),
    ("a flow silent after February", OUTPUT, [], "2023-03-07", "overdue", "none", "2023年2月未报（逾期）"),
    (
        "exactly 50户 meets 50户以上",
        FIRMS,
        [point("s", "2023-12", "50")],
        "2024-01-01",
        "met",
        "green",
        "2023年12月50户，达到2023年底目标不低于50户",
    ),
    (
        "exactly 7.00亿元 does not meet 突破7亿元",
        OUTPUT,
        [observed("f", "2023-12", "7.00")],
        "2024-01-01",
        "equal_not_above",
        "yellow",
        "恰等于7亿元，“突破、超过”不含本数，请人工确认",
    ),
    (
        "7.01 breaks through 7",
        OUTPUT,
        [observed("f", "2023-12", "7.01")],
        "2024-01-01",
        "met",
        "green",
        "2023年全年7.01亿元",
    ),
    (
        "49 misses 50",
        FIRMS,
        [point("s", "2023-12", "49")],
        "2024-01-01",
        "missed",
        "red",
        "未达预期，还差1户",
    ),
    (
        "a hard goal is missed in other words",
        FIRMS._replace(soft=False),
        [point("s", "2023-12", "49")],
        "2024-01-01",
        "missed",
        "red",
        "未达到目标，还差1户",
    ),
    (
        "an inferred date lights nothing",
        indicator("s", milestones=["2027-12-31 >= 10?"]),
        [point("s", "2024-12", "4")],
        "2025-01-01",
        "no_deadline",
        "none",
        "2027年底为推定，待办公室确认",
    ),
    (
        "before the first milestone without a baseline",
        FIRMS,
        [point("s", "2023-06", "52")],
        "2023-07-01",
        "no_baseline",
        "none",
        "首个节点之前没有基数",
    ),
    (
        "above the target before its date is ahead, not met",
        FIRMS,
        [point("s", "2024-12", "71")],
        "2025-01-01",
        "ahead",
        "green",
        "超前55.0个百分点",  # (71 − 60) / 20
    ),
    (
        "exactly as expected is on track",
        FIRMS,
        [point("s", "2024-12", "60")],
        "2025-01-01",
        "on_track",
        "green",
        "与应达持平",
    ),
    (
        "just short of ten points behind is green",
        FIRMS,
        [point("s", "2024-12", "58.01")],
        "2025-01-01",
        "on_track",
        "green",
        "落后9.95个百分点",  # −1.99 of 20; one decimal would read 10.0 or tell yellow
    ),
    (
        "ten points behind is yellow",
        FIRMS,
        [point("s", "2024-12", "58")],
        "2025-01-01",
        "behind",
        "yellow",
        "落后10.0个百分点",
    ),
    (
        "more than thirty points behind is red",
        FIRMS,
        [point("s", "2024-12", "53.99")],
        "2025-01-01",
        "far_behind",
        "red",
        "落后30.1个百分点",
    ),
]


@pytest.mark.parametrize(
    ("name", "one", "facts", "as_of", "state", "light", "reason"), STATES, ids=[row[0] for row in STATES]
)
def test_every_state_has_its_light_and_its_reason(name, one, facts, as_of, state, light, reason):
    found = judged(one, *facts, as_of=as_of)

    assert (found.state, found.light) == (state, light)
    assert reason in found.reason
    assert found.reason.endswith("。")


def test_a_conflict_comes_first_and_leaves_no_actual():
    both = OUTPUT._replace(reporters=("甲", "乙"))
    facts = [
        observed("f", "2024-05", "3.5", department="甲"),
        observed("f", "2024-06", "4.1", department="甲"),
        observed("f", "2024-06", "4.3", department="乙"),
    ]

    found = judged(both, *facts, as_of="2024-07-01")
    assert (found.state, found.light, found.actual, found.gap) == ("conflict", "none", None, None)
    assert found.reason == "2024年6月各单位数据不一致（甲4.1亿元、乙4.3亿元），请办公室核定采用哪一个。"

    settled = judged(both, *facts, as_of="2024-07-01", resolutions=[resolution("f", "2024-06", "乙")])
    assert (settled.actual.value, settled.state) == (Decimal("4.3"), "ahead")


def test_figures_that_appear_months_later_are_not_published_rather_than_missing():
    rd = indicator("r", kind="ratio", unit="%", frequency="year", published_after_months=10)
    rd = rd._replace(milestones=indicator(milestones=["2027-12-31 >= 1"]).milestones)

    assert judged(rd, as_of="2023-12-30").state == "not_due"
    early = judged(rd, as_of="2024-10-31")
    assert (early.state, early.light) == ("not_published", "none")
    assert early.reason == "2023年数据未发布，预计2024年10月底前发布。"
    assert judged(rd, as_of="2024-11-01").state == "overdue"


def test_a_milestone_whose_figure_is_not_out_yet_is_not_judged_by_an_older_one():
    rd = indicator("r", kind="ratio", unit="%", frequency="year", published_after_months=10)
    rd = rd._replace(milestones=indicator(milestones=["2025-12-31 >= 1"]).milestones)
    fact = point("r", "2024-12", "0.8")

    assert judged(rd, fact, as_of="2025-12-30").state == "no_baseline"  # ratios have no drawn line
    for day in ("2025-12-31", "2026-10-31"):  # from the period's end through its publication month
        waiting = judged(rd, fact, as_of=day)
        assert (waiting.state, waiting.gap) == ("not_published", Decimal("0.2"))
    assert judged(rd, fact, as_of="2026-11-01").state == "no_baseline"
    assert judged(rd, fact, as_of="2026-11-01").reason.endswith("；2025年未报（逾期）。")
    assert judged(rd, fact, point("r", "2025-12", "1"), as_of="2026-11-01").state == "met"


def test_silence_neither_turns_a_light_off_nor_goes_unremarked():
    facts = [point("s", "2023-12", "50"), point("s", "2024-05", "56")]

    assert "未报" not in judged(FIRMS, *facts, as_of="2024-07-05").reason
    found = judged(FIRMS, *facts, as_of="2024-07-06")
    assert (str(found.period), found.light) == ("2024-05", "green")
    assert found.reason.endswith("；6月未报（逾期）。")
    assert judged(FIRMS, *facts, as_of="2024-08-06").reason.endswith("；6月、7月未报（逾期）。")
    assert judged(FIRMS, *facts, as_of="2024-09-06").reason.endswith("；6月至8月未报（逾期）。")
    assert judged(FIRMS, *facts, as_of="2025-02-06").reason.endswith("；2024年6月至2025年1月未报（逾期）。")


def test_a_due_day_reckoned_without_a_holiday_table_says_so():
    reason = judged(FIRMS, point("s", "2027-11", "80"), as_of="2030-01-10").reason

    assert "12月未报（逾期）" in reason
    assert "2028年放假安排未公布" not in reason  # the maker's calendar knows 2028
    silent = judged(FIRMS, as_of="2023-02-01", calendar=plan().rules.calendar._replace(years=frozenset()))
    assert "（2023年放假安排未公布，按周一至周五推算）" in silent.reason


@pytest.mark.parametrize(
    ("facts", "as_of", "verdicts"),
    [
        ([point("s", "2023-12", "50"), point("s", "2024-01", "49")], "2024-02-01", ["met"]),
        ([point("s", "2023-12", "49"), point("s", "2024-01", "49")], "2024-02-01", ["missed"]),
        ([point("s", "2023-12", "49"), point("s", "2024-03", "50")], "2024-04-01", ["met_late"]),
        ([point("s", "2024-03", "60")], "2024-04-01", [None]),  # nothing known at its month
        ([point("s", "2023-12", "50"), point("s", "2026-06", "66")], "2026-07-01", ["met", None]),
    ],
)
def test_passed_milestones_keep_their_own_verdict(facts, as_of, verdicts):
    assert [each.verdict for each in judged(FIRMS, *facts, as_of=as_of).passed] == verdicts


def test_a_flow_is_met_late_only_by_a_later_complete_year():
    base = [observed("f", "2023-12", "7.00")]

    assert judged(OUTPUT, *base, observed("f", "2024-11", "7.5")).passed[0].verdict == "missed"
    assert judged(OUTPUT, *base, observed("f", "2024-12", "7.5")).passed[0].verdict == "met_late"


def test_a_flow_is_compared_by_its_cumulative_only_in_the_milestone_s_year():
    early = judged(OUTPUT, observed("f", "2024-06", "4.1"), as_of="2024-07-01")
    assert (early.compared, early.gap, early.state) == (None, None, "on_track")
    assert early.reason.endswith("；尚无可与2025年底目标比较的全年数。")

    inside = judged(OUTPUT, observed("f", "2024-12", "8.2"), observed("f", "2025-06", "6"), as_of="2025-07-01")
    assert (inside.compared.value, inside.gap, inside.attainment) == (6, 4, Decimal("0.6"))


def test_a_baseline_year_is_the_last_complete_year_where_none_was_reported():
    based = OUTPUT._replace(
        baseline=indicator(baseline="2023 7").baseline, milestones=indicator(milestones=["2025-12-31 > 10"]).milestones
    )
    found = judged(based, observed("f", "2024-06", "4.1"), as_of="2024-07-01")

    assert (found.compared.value, found.compared.figure, found.gap) == (7, None, 3)


def test_after_the_last_milestone_it_stays_the_one_spoken_of():
    found = judged(FIRMS, point("s", "2027-12", "91"), point("s", "2028-03", "88"))

    assert (str(found.milestone.by), found.state, found.gap) == ("2027-12-31", "missed", 2)
    assert (found.needed_per_month, found.pace.expected) == (None, 90)


def test_the_last_flow_milestone_is_not_judged_by_another_year_s_total():
    facts = [observed("f", "2026-12", "14"), observed("f", "2028-06", "8")]  # 2027 never came

    assert judged(OUTPUT, *facts).state == "ahead"  # by the year's own pace: 8 of 15 by June


def test_december_needs_no_more_per_month_and_nothing_missing_needs_nothing():
    assert judged(OUTPUT, observed("f", "2025-12", "9")).needed_per_month is None
    assert judged(OUTPUT, observed("f", "2025-10", "11")).needed_per_month == 0
    assert judged(FIRMS, point("s", "2025-06", "75")).needed_per_month == 0


def test_an_inferred_date_gives_gap_and_needed_pace_but_no_line():
    one = indicator("s", unit="个", milestones=["2027-12-31 >= 10?"], baseline="2022 1")
    found = judged(one, point("s", "2024-12", "4"), as_of="2025-01-01")

    assert (found.gap, found.pace.expected, found.pace.points) == (6, None, None)
    assert rounded(found.needed_per_month, 4) == "0.1667"  # 6 in 36 months
    assert judged(one, point("s", "2027-12", "12")).state == "no_deadline"  # nor judged at that date


def test_the_office_s_annual_target_decides_the_year():
    found = judged(OUTPUT, observed("f", "2024-06", "4.1"), annual_targets=(annual("f", 2024, "8.2"),))

    assert (found.year.value, found.year.basis, found.pace.points) == (Decimal("8.2"), "office", 0)
    assert "2024年目标8.2亿元的50.0%" in found.reason


def test_a_ratio_is_expected_somewhere_only_by_an_annual_target():
    one = indicator("r", kind="ratio", unit="%", milestones=["2027-12-31 >= 1"], baseline="2022 0.6")
    fact = point("r", "2024-12", "0.75")

    assert judged(one, fact).state == "no_baseline"
    found = judged(one, fact, annual_targets=(annual("r", 2023, "0.7"), annual("r", 2024, "0.8")))
    assert (found.pace.expected, found.pace.points, found.state) == (Decimal("0.8"), -50, "far_behind")


def test_equal_neighbouring_points_give_no_points_and_a_light_only_where_it_is_certain():
    held = indicator("s", milestones=["2023-12-31 >= 50", "2025-12-31 >= 50"])

    above = judged(held, point("s", "2024-12", "51"))
    assert (above.pace.points, above.state) == (None, "ahead")
    assert judged(held, point("s", "2024-12", "50")).state == "on_track"
    below = judged(held, point("s", "2024-12", "49"))
    assert (below.state, below.light) == ("no_baseline", "none")
    assert "前后节点数值相同，不能折算百分点" in below.reason


def test_a_ceiling_is_ahead_when_less_was_used():
    waste = indicator("f", kind="flow", direction="down", unit="吨", milestones=["2024-12-31 <= 120"])
    found = judged(waste, observed("f", "2024-06", "72"))

    assert found.pace.points == -10  # 60 % used in half the year
    assert (found.state, found.gap, found.attainment) == ("behind", -48, None)
    assert found.needed_per_month == 8  # what is left a month
    assert judged(waste, observed("f", "2024-12", "120")).state == "met"
    over = judged(waste, observed("f", "2024-12", "126"))
    assert (over.state, over.gap) == ("missed", 6)
    assert "超出6吨" in over.reason


def test_exactly_on_a_below_value_is_to_be_confirmed_too():
    one = indicator("s", direction="down", milestones=["2024-12-31 < 5"])

    assert judged(one, point("s", "2024-12", "5")).state == "equal_not_above"


def test_a_floor_below_today_s_value_is_ahead_while_it_is_kept():
    """The line falls from 100 to 90, the goal is at least 90: 97 where 95 is expected is good."""
    floor = indicator("s", milestones=["2024-12-31 >= 90"], baseline="2022 100")

    assert judged(floor, point("s", "2023-12", "97")).pace.points == 20


def test_a_milestone_inside_a_year_is_judged_by_its_own_month():
    half = indicator("f", kind="flow", milestones=["2025-06-30 >= 4"])

    assert judged(half, observed("f", "2025-03", "2")).pace.points == 0
    later = judged(half, observed("f", "2025-06", "3.9"), observed("f", "2025-08", "5"))
    assert (later.state, later.compared.value, later.pace.points) == ("missed", Decimal("3.9"), 25)  # 5 / 4 − 6/6


def test_a_rounded_figure_never_reads_as_the_target_it_misses():
    rd, gdp = indicator("rd", kind="flow"), indicator("gdp", kind="flow")
    one = indicator("r", kind="ratio", unit="%", formula=("rd", "gdp"), milestones=["2024-12-31 >= 1"])
    facts = [observed("rd", "2024-12", "2.99999"), observed("gdp", "2024-12", "300")]  # 0.999996666… %

    assert "2024年12月0.999997%，2024年底目标不低于1%，未达预期" in judged(one, *facts, others=(rd, gdp)).reason


def test_a_goal_without_numbers_has_no_deadline():
    trend = indicator("r", kind="ratio", unit="%", trend="rising")

    found = judged(trend, point("r", "2024-06", "12.5"))
    assert (found.state, found.milestone, found.gap) == ("no_deadline", None, None)
    assert found.reason.startswith("方案只定变化方向")


def test_notes_of_the_series_stand_in_the_reason():
    facts = [observed("f", "2023-12", "7.2"), single("f", "2024-02", "0.3")]

    found = judged(OUTPUT, *facts, as_of="2024-03-01")
    assert "2024年2月当期数已报，但此前有缺期，未计入累计" in found.reason


def test_the_rule_behind_the_lights_names_its_bounds_and_its_author():
    assert rule_words(plan().rules) == (
        "亮灯规则（默认口径，办公室未另行规定）：落后不到10个百分点为绿灯，10至30个（含）为黄灯，超过30个为红灯。"
    )
    own = plan(light=Light(Decimal(5), Decimal("12.5")), light_basis="office").rules
    assert "办公室规定" in rule_words(own)
    assert [state_at(Decimal(points), own.light) for points in ("-4.99", "-5", "-12.5", "-12.51")] == [
        "on_track",
        "behind",
        "behind",
        "far_behind",
    ]


def test_no_two_lights_share_a_shape_or_a_word_and_a_soft_miss_is_never_called_a_failure():
    assert len(set(LIGHT_SHAPES.values())) == len(set(LIGHT_WORDS.values())) == 4
    assert state_words("missed", soft=True) == "未达预期"


AMOUNTS = st.decimals(-1000, 1000, places=2, allow_nan=False, allow_infinity=False)


def stock(op, start, end, *values):
    one = indicator("s", milestones=[f"2023-12-31 {op} {start}", f"2025-12-31 {op} {end}"])
    months = ["2024-12", "2023-12"]
    return judged(one, *(point("s", month, str(value)) for month, value in zip(months, values, strict=False)))


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_goal_and_its_mirror_image_get_the_same_verdict(start, end, value):
    up, down = stock(">=", start, end, value), stock("<=", -start, -end, -value)

    assert (up.state, up.gap, up.pace.points) == (down.state, down.gap, down.pace.points)
    assert up.needed_per_month == down.needed_per_month


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_change_of_unit_changes_no_verdict(start, end, value):
    small, large = stock(">=", start, end, value), stock(">=", start * 10000, end * 10000, value * 10000)

    assert (small.state, small.pace.points, small.attainment) == (large.state, large.pace.points, large.attainment)
    assert large.gap == small.gap * 10000


@given(st.decimals("0.01", 1000, places=2), st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2))
def test_more_is_never_further_behind(target, one, other):
    low, high = sorted((one, other))
    flow = indicator("f", kind="flow", milestones=[f"2025-12-31 >= {target}"])
    less, more = (judged(flow, observed("f", "2025-05", str(value))) for value in (low, high))

    assert less.pace.points <= more.pace.points
    assert less.gap >= more.gap


@given(st.integers(1, 11), st.integers(1, 1000), st.sampled_from([-30, -10, 0]))
def test_a_flow_exactly_on_a_bound_is_seen_to_be_on_it(month, target, bound):
    """cumulative / target − month/12 = bound/100 exactly: no rounding may push it over."""
    share = Decimal(month * 100 + 12 * bound)  # of 1200
    flow = indicator("f", kind="flow", milestones=[f"2025-12-31 >= {target * 12}"])
    found = judged(flow, observed("f", f"2025-{month:02}", str(target * share / 100)))

    assert found.pace.points == bound
    assert found.state == ("on_track" if bound == 0 else "behind")


def test_a_target_below_zero_keeps_plus_as_ahead():
    """A loss of at most 12 a year is at_least −12; by June −6 is due, and −5 is a twelfth of the way better."""
    one = indicator("f", kind="flow", unit="亿元", milestones=["2024-12-31 >= -12"])

    found = judged(one, observed("f", "2024-06", "-5"), as_of="2024-07-01")
    assert (found.pace.expected, words(found.pace.points), found.state) == (-6, "8.333", "ahead")
    assert found.reason == "2024年1—6月累计-5亿元，2024年目标-12亿元，应达-6亿元，超前8.3个百分点。"
    worse = judged(one, observed("f", "2024-06", "-10"), as_of="2024-07-01")
    assert (words(worse.pace.points), worse.light) == ("-33.333", "red")  # 4 of 12 below


def test_a_first_point_has_nothing_to_scale_by_and_says_so():
    one = indicator("r", kind="ratio", unit="%", milestones=["2027-12-31 >= 1"])
    found = judged(one, point("r", "2023-12", "0.75"), annual_targets=(annual("r", 2023, "0.8"),), as_of="2024-01-05")

    assert (found.state, found.light) == ("no_baseline", "none")
    assert found.reason.startswith("应达0.8%，未达到；此前没有基数，不能折算百分点；")


def test_a_ceiling_that_is_kept_is_not_called_reached():
    """方案未写时限: 3.2 of at most 4."""
    one = indicator("s", direction="down", unit="件", milestones=["2027-12-31 <= 4?"])

    assert "2024年12月3件，目标不超过4件，未超过目标值" in judged(one, point("s", "2024-12", "3")).reason
    assert "目标不超过4件，超出2件" in judged(one, point("s", "2024-12", "6")).reason


def test_a_figure_short_of_what_is_expected_by_little_does_not_read_as_it():
    """50 + 20 × 8/24 = 56.666…; reported as 56.667 it is ahead, and the two must not look alike."""
    reason = judged(FIRMS, point("s", "2024-08", "56.667"), as_of="2024-09-01").reason

    assert reason == "2024年8月56.667户，应达56.6667户（测算），超前0.002个百分点。"


def test_a_gap_is_told_with_the_figure_it_is_reckoned_from():
    undated = indicator("s", unit="个", milestones=["2027-12-31 >= 10?"])
    reason = judged(undated, point("s", "2025-03", "6"), as_of="2025-04-01").reason
    assert (
        reason
        == "方案未写时限，2027年底为推定，待办公室确认后亮灯；2025年3月6个，目标不低于10个，还差4个，需月均0.121个。"
    )

    first = indicator("s", milestones=["2025-12-31 >= 70"])  # no point before it: no line
    reason = judged(first, point("s", "2024-12", "54"), as_of="2025-01-01").reason
    assert (
        reason
        == "首个节点之前没有基数，不能测算进度；2024年12月54户，2025年底目标不低于70户，还差16户，需月均1.333户。"
    )
