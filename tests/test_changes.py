"""What changed since the previous period: value, light, pace, revisions, late arrivals."""

from datetime import date
from decimal import localcontext

from makers import indicator, observed, plan, point
from xiangning_zyz.analysis.changes import change_of
from xiangning_zyz.analysis.gap import gap, with_change
from xiangning_zyz.analysis.known import gather
from xiangning_zyz.analysis.series import series
from xiangning_zyz.figure import PRECISE, rounded
from xiangning_zyz.report.gap import gap_listings
from xiangning_zyz.report.gap_json import gap_json

FIRMS = indicator("s", name="入驻企业", milestones=["2023-12-31 >= 50", "2025-12-31 >= 70"])
DAY = date(2025, 1, 10)


def changed(*versions, one=FIRMS, others=(), as_of=DAY):
    made = plan(one, *others)
    with localcontext(PRECISE):
        found = series(made, one, gather(each for each in versions if not each.superseded), as_of)
        return change_of(made, found, versions, as_of)


def old(version):
    return version._replace(superseded=True)


def test_the_previous_reported_period_is_judged_by_what_is_known_now():
    """November: 58 where 59.17 was expected, 5.8 points behind; 12 to go in 13 months."""
    found = changed(
        point("s", "2023-12", "50", import_id=1),
        point("s", "2024-11", "58", import_id=2),
        point("s", "2024-12", "54", import_id=3),
    )

    before = found.before
    assert (str(before.period), before.actual.value, before.light) == ("2024-11", 58, "green")
    assert rounded(before.needed_per_month, 4) == "0.9231"
    assert "未报" not in before.reason


def test_the_first_period_has_nothing_before_it():
    assert changed(point("s", "2024-12", "54")) == (None, (), ())


def test_a_revision_since_the_previous_period_is_named():
    found = changed(
        point("s", "2023-12", "50", import_id=1),
        old(point("s", "2024-11", "57", import_id=2)),
        point("s", "2024-12", "58", import_id=3),
        point("s", "2024-11", "56", import_id=4),
    )

    [revision] = found.revisions
    assert (revision.before.what.value, revision.after.what.value, revision.undone) == (57, 56, False)


def test_what_was_revised_before_the_previous_period_is_old_news():
    found = changed(
        old(point("s", "2023-12", "49", import_id=1)),
        point("s", "2023-12", "50", import_id=2),
        point("s", "2024-11", "57", import_id=3),
        point("s", "2024-12", "58", import_id=4),
    )

    assert found.revisions == ()


def test_a_figure_taken_back_is_named_whether_another_stands_or_not():
    restored = changed(
        point("s", "2024-11", "57", import_id=2),
        old(point("s", "2024-11", "75", import_id=3)),
        point("s", "2024-12", "58", import_id=4),
    ).revisions
    assert [(each.before.what.value, each.after.what.value, each.undone) for each in restored] == [(75, 57, True)]

    gone = changed(
        point("s", "2024-10", "55", import_id=1),
        point("s", "2024-11", "57", import_id=2),
        old(point("s", "2024-12", "58", import_id=3)),
    ).revisions
    assert [(each.before.what.value, each.after, each.undone) for each in gone] == [(58, None, True)]


def test_the_same_value_sent_again_is_no_revision():
    found = changed(
        point("s", "2024-11", "57", import_id=2),
        old(point("s", "2024-12", "58", import_id=3)),
        point("s", "2024-12", "58.0", import_id=4),
    )

    assert found.revisions == ()


def test_a_late_arrival_is_named_with_its_due_day():
    found = changed(
        point("s", "2024-11", "57", import_id=2, received=date(2024, 12, 5)),
        point("s", "2024-12", "58", import_id=3, received=date(2025, 1, 7)),
    )

    [late] = found.late
    assert (late.department, str(late.period), late.due.day) == ("县工信局", "2024-12", date(2025, 1, 6))
    assert (
        changed(
            point("s", "2024-11", "57", import_id=2),
            point("s", "2024-12", "58", import_id=3, received=date(2025, 1, 6)),
        ).late
        == ()
    )


def test_a_revision_is_no_late_arrival_and_a_year_is_due_when_the_year_is():
    revised = changed(
        point("s", "2024-10", "55", import_id=1),
        old(point("s", "2024-11", "57", import_id=2, received=date(2024, 12, 5))),
        point("s", "2024-11", "56", import_id=3, received=date(2025, 1, 9)),
    )
    assert revised.late == ()

    yearly = FIRMS._replace(frequency="year")
    facts = [
        point("s", "2023-12", "50", import_id=1),
        point("s", "2024-12", "58", import_id=2, received=date(2025, 1, 15)),
    ]
    assert changed(*facts, one=yearly).late == ()  # due on 20 January


def test_the_parts_of_a_ratio_are_looked_at_too():
    parts = (indicator("rd", kind="flow", frequency="year"), indicator("gdp", kind="flow", frequency="year"))
    one = indicator("r", kind="ratio", unit="%", formula=("rd", "gdp"), milestones=["2027-12-31 >= 1"])
    found = changed(
        observed("rd", "2023-12", "0.8", import_id=1),
        old(observed("gdp", "2023-12", "110", import_id=1)),
        observed("rd", "2024-12", "0.9", import_id=2),
        observed("gdp", "2024-12", "120", import_id=2),
        observed("gdp", "2023-12", "112", import_id=3),
        one=one,
        others=parts,
    )

    assert [each.before.what.indicator for each in found.revisions] == ["gdp"]
    assert str(found.before.period) == "2023-12"


def test_json_and_table_say_what_changed():
    versions = [
        point("s", "2023-12", "50", import_id=1),
        old(point("s", "2024-11", "58", import_id=2)),
        point("s", "2024-12", "54", import_id=3, received=date(2025, 1, 8)),
        point("s", "2024-11", "59", import_id=4),
    ]
    made, known = plan(FIRMS), gather(each for each in versions if not each.superseded)
    found = with_change(made, gap(made, FIRMS, known, DAY), known, versions, DAY)

    printed = gap_json(made, [found], DAY)["targets"][0]["changes"]
    assert printed == {
        "since": "2024-11",
        "value": {"from": "59", "to": "54"},
        "state": {"from": "on_track", "to": "behind"},
        "light": {"from": "green", "to": "yellow"},
        "needed_per_month": {"from": "0.846153846154", "to": "1.333333333333"},
        "revisions": [
            {
                "indicator": "s", "segment": None, "period": "2024-11", "basis": "point", "department": "县工信局",
                "from": "58", "to": "59", "undone": False,
            }
        ],
        "late": [{"department": "县工信局", "period": "2024-12", "received": "2025-01-08", "due": "2025-01-06"}],
    }  # fmt: skip
    table = next(each for each in gap_listings(made, [found], "规则") if each.title == "比上一报告期")
    assert [row[0] for row in table.rows] == ["报告期", "实际", "判定", "需月均"]
    assert table.notes == (
        "修订：县工信局2024年11月入驻企业由58户改为59户（第4号）。",
        "迟报：县工信局2024年12月数据应于2025年1月6日前报送，2025年1月8日收到。",
    )
