"""What-if: the same judging on assumed figures, nothing stored, plainly marked (issue: gap analysis, item 5)."""

from datetime import date

import pytest

from makers import indicator, observed, plan, point, single
from xiangning_zyz.analysis.gap import gap, with_assumptions
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.what_if import Assumption
from xiangning_zyz.figure import decimal
from xiangning_zyz.period import Period
from xiangning_zyz.report.gap import gap_listings
from xiangning_zyz.report.gap_json import gap_json

OUTPUT = indicator("f", name="专业镇产值", kind="flow", unit="亿元", milestones=["2025-12-31 > 10", "2027-12-31 > 15"])
FIRMS = indicator("s", name="入驻企业", milestones=["2023-12-31 >= 50", "2025-12-31 >= 70"])
DAY = date(2025, 7, 10)


def assumption(text):
    name, value, period = text.replace("@", "=").split("=")
    return Assumption(name, decimal(value), Period.parse(period).last_month)


def supposed(one, *written, facts=(), others=(), as_of=DAY):
    made, known = plan(one, *others), gather(facts)
    return with_assumptions(made, gap(made, one, known, as_of), known, [assumption(each) for each in written], as_of)


def test_a_period_to_come_is_judged_as_if_it_had_been_reported():
    facts = [observed("f", "2024-12", "8"), observed("f", "2025-06", "4.6")]
    found = supposed(OUTPUT, "f=9.2@2025-12", facts=facts)

    assert (str(found.judgement.period), found.judgement.state) == ("2025-06", "on_track")
    assumed = found.what_if.judgement
    assert (str(assumed.period), assumed.state, assumed.gap) == ("2025-12", "missed", decimal("0.8"))
    assert "未报（逾期）" not in assumed.reason  # nothing is owed after a period that has only begun


def test_needed_pace_is_recomputed():
    facts = [point("s", "2023-12", "50"), point("s", "2025-06", "61")]
    found = supposed(FIRMS, "s=66@2025-08", facts=facts)

    assert (found.judgement.needed_per_month, found.what_if.judgement.needed_per_month) == (decimal("1.5"), 1)
    assert [each.needed_per_month for each in found.what_if.milestones] == [1]


def test_an_assumed_figure_takes_the_place_of_what_was_reported():
    facts = [observed("f", "2025-05", "4"), single("f", "2025-06", "0.5")]
    both = [point("s", "2025-06", "60", department="县工信局"), point("s", "2025-06", "62", department="乙")]

    assert supposed(OUTPUT, "f=5@2025-06", facts=facts).what_if.judgement.actual.value == 5
    settled = supposed(FIRMS._replace(reporters=("县工信局", "乙")), "s=61@2025-06", facts=both)
    assert (settled.judgement.state, settled.what_if.judgement.actual.value) == ("conflict", 61)


def test_a_ratio_is_recomputed_from_an_assumed_part():
    parts = (indicator("rd", kind="flow", unit="亿元"), indicator("gdp", kind="flow", unit="亿元"))
    one = indicator("r", kind="ratio", unit="%", formula=("rd", "gdp"), milestones=["2027-12-31 >= 1"])
    facts = [observed("rd", "2024-12", "0.9"), observed("gdp", "2024-12", "120")]
    found = supposed(one, "rd=1.2@2024", facts=facts, others=parts)

    assert (found.judgement.actual.value, found.what_if.judgement.actual.value) == (decimal("0.75"), 1)
    assert supposed(
        one, "rd=1.2@2026", "gdp=150@2026", facts=facts, others=parts
    ).what_if.judgement.actual.value == decimal("0.8")


def test_a_goal_that_is_not_touched_has_no_what_if():
    found = supposed(FIRMS, "f=9.2@2025-12", facts=[point("s", "2025-06", "60")], others=(OUTPUT,))

    assert found.what_if is None


def test_nothing_that_was_known_is_changed():
    made, known = plan(FIRMS), gather([point("s", "2025-06", "60")])
    before = {name: list(facts) for name, facts in known.observations.items()}
    with_assumptions(made, gap(made, FIRMS, known, DAY), known, [assumption("s=70@2025-12")], DAY)

    assert {name: list(facts) for name, facts in known.observations.items()} == before


@pytest.mark.parametrize(("as_of", "state"), [(date(2025, 7, 10), "met"), (date(2026, 1, 5), "met")])
def test_the_same_assumption_says_the_same_before_and_after_its_period(as_of, state):
    found = supposed(FIRMS, "s=70@2025-12", facts=[point("s", "2023-12", "50")], as_of=as_of)

    assert found.what_if.judgement.state == state


def test_it_is_plainly_marked_in_json_and_tables():
    facts = [observed("f", "2024-12", "8"), observed("f", "2025-06", "4.6")]
    made, assumed = plan(OUTPUT), [assumption("f=9.2@2025-12")]
    found = supposed(OUTPUT, "f=9.2@2025-12", facts=facts)

    answer = gap_json(made, [found], DAY, None, assumed)
    assert answer["what_if"] == {
        "note": "假设，未记入台账",
        "assumed": [{"indicator": "f", "period": "2025-12", "value": "9.2", "unit": "亿元"}],
    }
    beside = answer["targets"][0]["what_if"]
    assert (beside["state"], beside["actual"]["from"][0]["file"]) == ("missed", "假设")
    assert answer["targets"][0]["state"] == "on_track"

    table = gap_listings(made, [found], "规则", assumed)[1]
    assert table.title == "假设对比"
    assert [row[1] for row in table.rows] == ["现在", "假设"]
    assert table.notes == ("假设：2025年全年专业镇产值9.2亿元。假设数据不记入台账，不影响其他结果。",)
