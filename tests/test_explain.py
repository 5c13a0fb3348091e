"""`explain`: every step with its numbers, checkable with a pocket calculator (CONTRACT §5)."""

from datetime import date

from makers import annual, indicator, observed, plan, point, resolution, single
from xiangning_zyz.analysis.explain import explain
from xiangning_zyz.analysis.gap import gap
from xiangning_zyz.analysis.known import gather

OUTPUT = indicator(
    "f",
    name="专业镇产值",
    kind="flow",
    unit="亿元",
    milestones=["2023-12-31 > 7", "2025-12-31 > 10"],
    quote="产值突破7亿元",
)


def explained(one, *facts, as_of=date(2025, 1, 1), others=(), resolutions=(), **rules):
    made, known = plan(one, *others, **rules), gather(facts, resolutions=resolutions)
    found = gap(made, one, known, as_of)
    return [f"{step.title}：{step.text}" for step in explain(made, found.judgement, found.outlook, known.resolutions)]


def foretold(one, *facts):
    return [line.removeprefix("预测：") for line in explained(one, *facts) if line.startswith("预测：")]


def test_a_flow_is_explained_from_its_cells_to_its_light():
    facts = [
        observed("f", "2023-12", "7.2", unit="亿元"),
        observed("f", "2024-05", "3.5", unit="亿元"),
        single("f", "2024-06", "0.6", unit="亿元", ref="C9", import_id=4),
    ]

    assert explained(OUTPUT, *facts, as_of=date(2024, 7, 1)) == [
        "指标：专业镇产值，单位亿元，当年累计数",
        "依据：示例〔2023〕1号 一（二）“产值突破7亿元”（方案原文）",
        "数据：2023年全年7.2亿元，县工信局报（报表.xlsx 工作表“指标”D7，原文“7.2”，第1号报表）",
        "数据：2024年1—5月累计3.5亿元，县工信局报（报表.xlsx 工作表“指标”D7，原文“3.5”，第1号报表）",
        "数据：2024年6月当期0.6亿元，县工信局报（报表.xlsx 工作表“指标”C9，原文“0.6”，第4号报表）",
        "现值：2024年1—6月累计：3.5 + 0.6 = 4.1亿元",
        "已过节点：2023年底目标超过7亿元，当期7.2亿元，达到",
        "节点目标：2025年底超过10亿元（方案原文）",
        "差距：对照值为2023年全年7.2亿元，10 − 7.2 = 2.8亿元",
        "完成比例：7.2 ÷ 10 × 100 = 72%",
        "年度目标：2024年：2023年12月节点目标7至2025年12月节点目标10按月直线，7 + (10 − 7) × 12/24 = 8.5亿元（测算）",
        "应达：8.5 × 6/12 = 4.25亿元",
        "进度：(4.1 ÷ 8.5 − 6/12) × 100 ≈ -1.7647，即落后1.8个百分点",
        "需月均：(8.5 − 4.1) ÷ (12 − 6) ≈ 0.7333亿元",
        "判定：●绿 正常：2024年1—6月累计4.1亿元，为2024年目标8.5亿元（测算）的48.2%，时序进度50.0%，落后1.8个百分点。",
        "规则：亮灯规则（默认口径，办公室未另行规定）：落后不到10个百分点为绿灯，10至30个（含）为黄灯，超过30个为红灯。",
        "口径：“以上、达到、不低于”含本数（民法典第一千二百五十九条），“突破、超过、低于”不含本数。",
        "预测：只有3个数据点，少于4个，不作预测",
    ]


def test_a_stock_shows_the_line_it_is_held_against():
    one = indicator("s", milestones=["2023-12-31 >= 50", "2025-12-31 >= 70"])
    lines = explained(one, point("s", "2024-12", "54"))

    assert "应达：2023年12月节点目标50至2025年12月节点目标70按月直线，50 + (70 − 50) × 12/24 = 60户（测算）" in lines
    assert "进度：(54 − 60) ÷ (70 − 50) × 100 = -30，即落后30.0个百分点" in lines
    assert "需月均：16 ÷ 12个月 ≈ 1.3333户" in lines


def test_a_ratio_shows_its_formula_and_denominator():
    rd, gdp = (
        indicator("rd", name="研发投入", kind="flow", unit="亿元"),
        indicator("gdp", name="GDP", kind="flow", unit="亿元"),
    )
    one = indicator("r", kind="ratio", unit="%", formula=("rd", "gdp"), milestones=["2027-12-31 >= 1?"])
    lines = explained(one, observed("rd", "2023-12", "0.85"), observed("gdp", "2023-12", "120"), others=(rd, gdp))

    assert "公式：研发投入（亿元）÷ GDP（亿元） × 100" in lines
    assert "现值：2023年12月：0.85 ÷ 120 × 100 ≈ 0.7083%" in lines
    assert sum(line.startswith("数据：") for line in lines) == 2
    assert "节点目标：2027年底不低于1%（推定）" in lines


def test_a_ceiling_is_reckoned_so_that_ahead_is_positive():
    waste = indicator("f", kind="flow", unit="吨", direction="down", milestones=["2024-12-31 <= 120"])

    assert "进度：(6/12 − 72 ÷ 120) × 100 = -10，即落后10.0个百分点" in explained(waste, observed("f", "2024-06", "72"))


def test_a_conflict_shows_both_figures_with_their_cells():
    both = OUTPUT._replace(reporters=("甲", "乙"))
    facts = [
        observed("f", "2024-06", "4.1", department="甲", unit="亿元"),
        observed("f", "2024-06", "4.3", department="乙", unit="亿元", ref="E8"),
    ]
    lines = explained(both, *facts)

    assert [line[3:21] for line in lines if line.startswith("数据")] == [
        "2024年1—6月累计4.1亿元，甲",
        "2024年1—6月累计4.3亿元，乙",
    ]
    assert not any(line.startswith("现值") for line in lines)


def test_nothing_reported_still_says_why_there_is_no_light():
    assert explained(OUTPUT, as_of=date(2023, 1, 5))[-4] == "判定：○不亮灯 未到报送期：首个报告期尚未结束，无应报数据。"


def test_every_figure_that_was_looked_at_is_shown_with_its_cell_once():
    one = indicator("s", trend="rising", milestones=["2023-12-31 >= 50", "2025-12-31 >= 70"])
    facts = [
        point("s", "2022-12", "40", ref="D1"),
        point("s", "2023-12", "50", ref="D2"),
        point("s", "2024-12", "54", ref="D3"),
    ]
    lines = [line for line in explained(one, *facts) if line.startswith("数据")]

    assert [line[3:15] for line in lines] == ["2023年12月50户，", "2024年12月54户，"]  # 2022 decides nothing
    assert "”D2，" in lines[0]


def test_a_trend_is_explained_with_both_values_and_the_years():
    one = indicator("s", kind="ratio", unit="%", frequency="year", trend="rising")
    lines = explained(one, point("s", "2023-12", "12.1"), point("s", "2024-12", "12.5"))

    assert "升降：2023年12月12.1%，12.5 − 12.1 = 0.4个百分点，上升，符合“逐年上升”" in lines
    assert "年度升降：2024年上升（以12月数为准）" in lines
    assert "升降：目标逐年上升，缺2023年12月数，不能判断" in explained(one, point("s", "2024-12", "12.5"))


def test_who_chose_between_two_figures_is_told():
    both = OUTPUT._replace(reporters=("甲", "乙"))
    facts = [
        observed("f", "2024-06", value, department=who, unit="亿元") for who, value in (("甲", "4.1"), ("乙", "4.3"))
    ]

    assert "裁定：2024年6月采用乙数，由专班办公室确定：已核实" in explained(
        both, *facts, resolutions=[resolution("f", "2024-06", "乙")]
    )


def test_an_office_s_annual_target_tells_who_decided_and_when():
    lines = explained(OUTPUT, observed("f", "2024-06", "4.1", unit="亿元"), annual_targets=(annual("f", 2024, "8.2"),))

    assert "年度目标：2024年目标8.2亿元（年度目标，专班办公室2024年2月1日确定）" in lines


def test_a_line_forecast_is_explained_to_the_last_number():
    """x̄ = 1.5, ȳ = 53, slope 2.2, s² = 1.8/2, 2.5 months beyond x̄; chance ½ + t ÷ 2√(2 + t²), t = 3.5 ÷ 1.5."""
    one = indicator("s", milestones=["2025-05-31 >= 55"])
    facts = [point("s", f"2025-{m:02d}", str(value)) for m, value in enumerate([50, 51, 55, 56], start=1)]
    made, day = plan(one), date(2025, 5, 1)
    found = gap(made, one, gather(facts), day)
    lines = [step.text for step in explain(made, found.judgement, found.outlook) if step.title == "预测"]
    line = next(each for each in lines if "线性趋势" in each)

    assert line == (
        "2025年5月底，线性趋势：4个数据点，每月2.2，残差标准差0.94868，平均值53，距平均时点2.5个月，"
        "53 + 2.2 × 2.5 = 58.5，标准误 0.94868 × √(1 + 1/4 + 2.5²/5) = 1.5，t分位数1.8856（自由度2），"
        "80%区间 58.5 ± 1.8856 × 1.5，即55.6716～61.3284户，达标概率92.76%"
    )


def test_a_usual_share_is_explained_by_its_division():
    totals = [(2022, 7, 12), (2023, 8, 12), (2024, 9, 6)]
    one = OUTPUT._replace(milestones=indicator(milestones=["2024-12-31 > 8.5"]).milestones)
    facts = [
        observed("f", f"{year}-{m:02d}", str(total * m / 12), unit="亿元")
        for year, total, months in totals
        for m in range(3, months + 1, 3)
    ]
    line = foretold(one, *facts)[0]

    assert "常年各月占比：2个完整年度平均占比0.5，4.5 ÷ 0.5 = 9，" in line
    assert foretold(one, *facts)[-1].startswith("各月占比按2个完整年度计")
