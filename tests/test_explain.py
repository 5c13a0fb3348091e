"""`explain`: every step with its numbers, checkable with a pocket calculator (CONTRACT §5)."""

from datetime import date

from makers import indicator, observed, plan, point, single
from xiangning_zyz.analysis.explain import explain
from xiangning_zyz.analysis.judge import judge
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.series import series

OUTPUT = indicator(
    "f",
    name="专业镇产值",
    kind="flow",
    unit="亿元",
    milestones=["2023-12-31 > 7", "2025-12-31 > 10"],
    quote="产值突破7亿元",
)


def explained(one, *facts, as_of=date(2025, 1, 1), others=()):
    made = plan(one, *others)
    judgement = judge(made, one, series(made, one, gather(facts), as_of), as_of)
    return [f"{step.title}：{step.text}" for step in explain(made, judgement)]


def test_a_flow_is_explained_from_its_cells_to_its_light():
    facts = [
        observed("f", "2023-12", "7.2", unit="亿元"),
        observed("f", "2024-05", "3.5", unit="亿元"),
        single("f", "2024-06", "0.6", unit="亿元", ref="C9", import_id=4),
    ]

    assert explained(OUTPUT, *facts, as_of=date(2024, 7, 1)) == [
        "指标：专业镇产值，单位亿元，当年累计数",
        "依据：示例〔2023〕1号 一（二）“产值突破7亿元”（方案原文）",
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
    assert explained(OUTPUT, as_of=date(2023, 1, 5))[-3] == "判定：○不亮灯 未到报送期：首个报告期尚未结束，无应报数据。"
