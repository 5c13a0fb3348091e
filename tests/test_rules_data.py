"""The shipped rules.yaml: defaults and published facts, and nothing decided in the office's place."""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from xiangning_zyz.plan import Escalation
from xiangning_zyz.problem import CATALOGUE

DATA = Path(__file__).parent.parent / "data"
RULES = DATA / "rules.yaml"


@cache
def shipped() -> Any:
    return yaml.safe_load(RULES.read_text("utf-8"))


def plan_items(file: str, kind: str) -> dict[str, Any]:
    return {item["id"]: item for item in yaml.safe_load((DATA / f"{file}.yaml").read_text("utf-8"))[kind]}


def test_nothing_is_decided_in_the_offices_place():
    decisions = {"reporters", "annual_targets", "confirmed_dates", "leads", "exempt", "light", "severity"}
    decisions |= {"work_plan", "escalation", "scoring"}

    assert not shipped().keys() & decisions  # they stand there as examples, commented out
    assert shipped()["calendar"] == {
        "monthly": {"day": 5},
        "quarterly": {"day": 10},
        "yearly": {"month": 1, "day": 20},
    }


def test_the_examples_of_rules_yaml_work_once_uncommented():
    text = RULES.read_text("utf-8")

    # BaseLoader: `on` stays a word, as in our own loader.
    rules = yaml.load(re.sub(r"(?m)^#(?=\S|  )", "", text), yaml.BaseLoader)  # noqa: S506 - builds text only

    decided = [
        *rules["annual_targets"],
        *rules["confirmed_dates"],
        *rules["leads"],
        *rules["exempt"],
        *rules["work_plan"],
    ]
    assert all(item["decided_by"] and date.fromisoformat(item["on"]) for item in decided)
    named = {item["indicator"] for item in rules["annual_targets"] + rules["confirmed_dates"]}
    reported = plan_items("targets", "indicators").keys() | plan_items("tasks", "projects").keys()
    assert named | {key.partition("/")[0] for key in rules["reporters"]} <= reported
    tasks = plan_items("tasks", "tasks")
    assert all(item["task"] in tasks for item in rules["work_plan"])
    assert Escalation(**{step: int(count) for step, count in rules["escalation"].items()}) == Escalation()
    for item in rules["leads"] + rules["exempt"]:
        assert item["department"] in tasks[item.get("task") or item["item"]]["departments"]
    assert rules["severity"].keys() <= {kind.code for kind in CATALOGUE}
    assert rules["light"] == {"yellow": "10", "red": "30"}


# Typed from the State Council's yearly notices (国务院办公厅关于20××年部分节假日安排的通知):
# days off, weekends worked, and the year's statutory days: 11, and 13 since the amendment of November 2024.
HOLIDAYS = {
    2023: (
        "01-01..01-02 01-21..01-27 04-05..04-05 04-29..05-03 06-22..06-24 09-29..10-06",
        "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
        11,
    ),
    2024: (
        "01-01..01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10..06-10 09-15..09-17 10-01..10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
        11,
    ),
    2025: (
        "01-01..01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08",
        "01-26 02-08 04-27 09-28 10-11",
        13,
    ),
    2026: (
        "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
        13,
    ),
}


def days_of(year: int, spans: str) -> list[date]:
    days = []
    for span in spans.split():
        first, last = (date.fromisoformat(f"{year}-{day}") for day in span.split(".."))
        days += [first + timedelta(n) for n in range((last - first).days + 1)]
    return days


def test_holiday_years_are_those_published():
    assert list(shipped()["holidays"]) == list(HOLIDAYS)


@pytest.mark.parametrize("year", HOLIDAYS)
def test_holidays_are_those_of_the_years_notice(year):
    spans, worked, _ = HOLIDAYS[year]

    assert shipped()["holidays"][year] == {
        "off": days_of(year, spans),
        "work": [date.fromisoformat(f"{year}-{day}") for day in worked.split()],
    }


@pytest.mark.parametrize("year", HOLIDAYS)
def test_moved_weekends_neither_give_nor_take_a_day(year):
    off, work = shipped()["holidays"][year]["off"], shipped()["holidays"][year]["work"]

    assert all(day.weekday() >= 5 for day in work)
    assert sum(day.weekday() < 5 for day in off) - len(work) == HOLIDAYS[year][2]
