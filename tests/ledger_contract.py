"""What every body of the ledger must do. A new body subclasses `LedgerContract` and gives it `new_store`.

`new_store()` makes a fresh, empty store and returns its opener: `opener(plan_id="xiangning")` is a
context manager like `open_ledger`, and every call of one opener opens the same store.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_makers import JUNE, NOON, observation, record, sha_of, take_back, take_in, workbook
from xiangning_zyz.fact import (
    Approval,
    Cell,
    IssueEvent,
    Observation,
    Reminder,
    Resolution,
    ReturnedSheet,
    Review,
    Verdict,
)
from xiangning_zyz.ledger.book import AlreadyUndone, Ledger, NoSuchImport
from xiangning_zyz.period import Period

DAY = timedelta(days=1)


class Opener(Protocol):
    def __call__(self, plan_id: str = "xiangning") -> AbstractContextManager[Ledger]: ...


def values(ledger: Ledger, known_at: datetime | None = None) -> dict[str, str]:
    """Indicator → value, of the valid facts."""
    return {fact.what.indicator: str(fact.what.value) for fact in ledger.facts(known_at)}


class LedgerContract:
    @pytest.fixture
    def new_store(self) -> Callable[[], Opener]:
        raise NotImplementedError("each body gives its own")

    @pytest.fixture
    def opener(self, new_store: Callable[[], Opener]) -> Opener:
        return new_store()

    # What goes in comes out.

    def test_a_fact_comes_back_with_its_cell_its_import_and_its_times(self, opener: Opener) -> None:
        said = observation("4.12")
        with opener() as ledger:
            import_id = take_in(ledger, said)
        with opener() as ledger:
            [fact] = ledger.facts()
        assert fact.what == said
        assert (fact.import_id, fact.recorded_at, fact.received) == (import_id, NOON, date(2024, 6, 25))
        assert not fact.superseded

    @pytest.mark.parametrize(
        ("given", "kept"),
        [("7.20", "7.20"), ("-0.50", "-0.50"), ("0", "0"), ("1E+2", "100"), ("9" * 30 + "." + "1" * 30,) * 2],
    )
    def test_figures_keep_the_digits_as_reported(self, opener: Opener, given: str, kept: str) -> None:
        with opener() as ledger:
            take_in(ledger, observation(given))
            assert values(ledger) == {"output_value": kept}

    @pytest.mark.parametrize("given", ["1E+30", "1E-31", "NaN", "Infinity"])
    def test_a_figure_that_could_not_be_read_back_is_refused(self, opener: Opener, given: str) -> None:
        with opener() as ledger:
            with pytest.raises(ValueError, match="not a plain decimal"):
                take_in(ledger, observation(given))
            assert ledger.head() is None

    def test_any_text_comes_back_unaltered(self, new_store: Callable[[], Opener]) -> None:
        opener = new_store()

        @settings(max_examples=60, deadline=None)
        @given(st.text(min_size=1), st.text(), st.text(), st.text())
        def holds(file: str, sheet: str, raw: str, unit: str) -> None:
            cell = Cell(file, sha_of("六月.xlsx"), sheet, "A1", raw)
            said = observation("1")._replace(cell=cell, raw_unit=unit)
            told = record()._replace(cell=cell, fields=((raw, sheet), (raw + "x", unit)))
            with opener() as ledger:
                with ledger.writing():
                    ledger.append_import(workbook()._replace(file=file), [said, told], NOON)
                assert ledger.facts()[0].what == said
                assert ledger.records()[0].what == told
                assert ledger.verify() is None

        holds()

    def test_records_are_listed_by_kind_and_subject(self, opener: Opener) -> None:
        told = [record("task", "T02"), record("project", "P01"), record("task", "T01"), record("enterprise", "91X")]
        with opener() as ledger:
            take_in(ledger, *told, observation("1"))
            subjects = [row.what.subject for row in ledger.records()]
            tasks = [row.what.subject for row in ledger.records(kind="task")]
        assert subjects == ["91X", "P01", "T01", "T02"]
        assert tasks == ["T01", "T02"]

    def test_facts_come_in_the_order_of_their_keys(self, opener: Opener) -> None:
        may = Period.parse("2024-05")
        with opener() as ledger:
            take_in(
                ledger,
                observation("2", "gdp", period=JUNE),
                observation("3", "employment"),
                observation("1", "gdp", period=may),
                observation("5", "gdp", period=may)._replace(segment="zisha"),
                observation("4", "gdp", period=may)._replace(department="县统计局"),
            )
            found = [str(fact.what.value) for fact in ledger.facts()]
        assert found == ["3", "1", "4", "5", "2"]

    def test_an_import_is_listed_with_all_that_was_said_of_it(self, opener: Opener) -> None:
        new = workbook()._replace(container="全县.zip", department=None, receipt={"problems": [{"code": "Z407"}]})
        with opener() as ledger:
            with ledger.writing():
                import_id = ledger.append_import(new, [observation("1"), record()], NOON)
            [row] = ledger.imports()
        assert (row.import_id, row.what, row.facts, row.recorded_at) == (import_id, new, 2, NOON)
        assert not row.undone

    def test_decisions_come_back_oldest_first(self, opener: Opener) -> None:
        first = Resolution("output_value", None, JUNE, "县统计局", "以统计数为准", "专班办公室")
        second = first._replace(segment="zisha", department="县工信局")
        verdict = Verdict("culture", "基本形成", "现场核实", "专班办公室", date(2024, 6, 30), "核实记录.pdf", "ab" * 32)
        with opener() as ledger:
            with ledger.writing():
                ledger.append_decision(first, NOON)
                ledger.append_decision(verdict, NOON)
                ledger.append_decision(second, NOON + DAY)
            assert [row.what for row in ledger.decisions(Resolution)] == [first, second]
            assert [row.what for row in ledger.decisions(Resolution, NOON)] == [first]
            [judged] = ledger.decisions(Verdict)
        assert (judged.what, judged.import_id, judged.received) == (verdict, 2, NOON.date())

    def test_decisions_keep_days_that_are_set_and_days_that_are_not(self, opener: Opener) -> None:
        day = date(2024, 6, 30)
        raised = IssueEvent("2024-001", "add", day, "某陶瓷公司", "供水不足", scope="个性")
        assigned = IssueEvent("2024-001", "assign", day, "专班办公室", "", "县住建局", due=date(2024, 9, 30))
        approved = Approval("praise", "approve", JUNE, "县工信局", "县长", day, "", "", "")
        objected = Review("县工信局", JUNE, "object", day, "张某", "按时送达", notified=day)
        made = (raised, assigned, approved, objected)
        with opener() as ledger:
            with ledger.writing():
                for decision in made:
                    ledger.append_decision(decision, NOON)
            assert [row.what for row in ledger.decisions(IssueEvent)] == [raised, assigned]
            assert [row.what for row in ledger.decisions(Approval)] == [approved]
            assert [row.what for row in ledger.decisions(Review)] == [objected]
            assert ledger.verify() is None

    def test_events_with_lists_and_counts_come_back_as_they_were(self, opener: Opener) -> None:
        may = Period.parse("2024-05")
        sheet = ReturnedSheet("六月.xlsx", "ab" * 32, "县工信局", (may, JUNE), date(2024, 6, 25), 3)
        reminder = Reminder("县工信局", "urge", ("T01", "output_value/zisha"), date(2024, 7, 8))
        with opener() as ledger:
            with ledger.writing():
                ledger.append_decision(sheet, NOON)
                ledger.append_decision(reminder, NOON)
            assert [row.what for row in ledger.decisions(ReturnedSheet)] == [sheet]
            assert [row.what for row in ledger.decisions(Reminder)] == [reminder]
            assert ledger.imports() == ()
            assert ledger.facts() == ()
            assert ledger.verify() is None

    def test_a_fact_arrives_on_the_day_of_its_first_sheet_that_stands(self, opener: Opener) -> None:
        key = observation("7.0").key

        def take(day: int, value: str) -> int:
            with ledger.writing():
                new = workbook(f"{day}.xlsx")._replace(received=date(2024, 7, day))
                return ledger.append_import(new, [observation(value, file=f"{day}.xlsx")], NOON + day * DAY)

        with opener() as ledger:
            assert ledger.arrivals() == {}
            first = take(3, "7.0")
            take(10, "7.2")
            assert ledger.arrivals() == {key: date(2024, 7, 3)}  # a revision makes nobody late
            take_back(ledger, first, at=NOON + 11 * DAY)
            assert ledger.arrivals() == {key: date(2024, 7, 10)}
            assert ledger.arrivals(NOON + 10 * DAY) == {key: date(2024, 7, 3)}
            assert ledger.arrivals(NOON) == {}

    # Valid, superseded, taken back.

    def test_a_later_figure_supersedes_and_the_earlier_stays_known(self, opener: Opener) -> None:
        with opener() as ledger:
            take_in(ledger, observation("7.0", file="a.xlsx"), at=NOON)
            take_in(ledger, observation("7.2", file="b.xlsx"), at=NOON + DAY)
            assert values(ledger) == {"output_value": "7.2"}
            assert values(ledger, NOON) == {"output_value": "7.0"}
            assert values(ledger, NOON - timedelta(microseconds=1)) == {}
            versions = [(str(row.what.value), row.superseded) for row in ledger.history("output_value", JUNE)]
        assert versions == [("7.2", False), ("7.0", True)]

    def test_taking_back_makes_the_earlier_figure_valid_again(self, opener: Opener) -> None:
        with opener() as ledger:
            take_in(ledger, observation("7.0", file="a.xlsx"), at=NOON)
            wrong = take_in(ledger, observation("7.2", file="b.xlsx"), at=NOON + DAY)
            take_back(ledger, wrong, at=NOON + 2 * DAY)
            assert values(ledger) == {"output_value": "7.0"}
            assert values(ledger, NOON + DAY) == {"output_value": "7.2"}
            versions = [(str(row.what.value), row.superseded) for row in ledger.history("output_value")]
            undone = [(row.import_id, row.undone) for row in ledger.imports()]
            undone_then = [(row.import_id, row.undone) for row in ledger.imports(NOON + DAY)]
            [_, row] = ledger.imports()
        assert versions == [("7.2", True), ("7.0", False)]
        assert undone == [(1, False), (2, True)]
        assert undone_then == [(1, False), (2, False)]
        assert row.undo == ("填报有误", "专班办公室", NOON + 2 * DAY)

    def test_what_was_taken_back_stays_taken_back(self, opener: Opener) -> None:
        with opener() as ledger:
            import_id = take_in(ledger, observation("7.0"))
            take_back(ledger, import_id)
            before = ledger.head()
            with pytest.raises(AlreadyUndone, match="已经撤回"):
                take_back(ledger, import_id)
            assert ledger.head() == before

    def test_only_an_import_that_exists_can_be_taken_back(self, opener: Opener) -> None:
        with opener() as ledger:
            import_id = take_in(ledger, observation("7.0"))
            undo = take_back(ledger, import_id)
            for unknown in (0, undo, 99):
                with pytest.raises(NoSuchImport, match=f"没有编号为 {unknown} 的报表"):
                    take_back(ledger, unknown)

    def test_the_later_entry_counts_although_the_clock_was_set_back(self, opener: Opener) -> None:
        with opener() as ledger:
            take_in(ledger, observation("7.0", file="a.xlsx"), at=NOON + 3650 * DAY)
            take_in(ledger, observation("7.2", file="b.xlsx"), at=NOON)
            take_in(ledger, observation("50", "enterprises", file="c.xlsx"), at=NOON - DAY)
            assert values(ledger) == {"output_value": "7.2", "enterprises": "50"}
            assert values(ledger, NOON) == {"output_value": "7.2", "enterprises": "50"}
            assert values(ledger, NOON - DAY) == {"enterprises": "50"}
            assert ledger.verify() is None

    def test_of_two_facts_with_one_key_in_one_workbook_the_last_counts(self, opener: Opener) -> None:
        with opener() as ledger:
            take_in(ledger, observation("1"), observation("2", ref="D8"))
            assert values(ledger) == {"output_value": "2"}
            assert [row.superseded for row in ledger.history("output_value")] == [False, True]

    def test_history_can_be_of_one_period(self, opener: Opener) -> None:
        with opener() as ledger:
            take_in(ledger, observation("1"), observation("2", period=Period.parse("2024")))
            of_june = ledger.history("output_value", JUNE)
            of_2024 = ledger.history("output_value", Period.parse("2024"))
            assert [str(row.what.value) for row in (*of_june, *of_2024)] == ["1", "2"]

    def test_the_ledger_agrees_with_a_list_kept_by_hand(self, new_store: Callable[[], Opener]) -> None:
        @settings(max_examples=100, deadline=None)
        @given(st.lists(_STEPS, max_size=12))
        def agrees(steps: list[_Step]) -> None:
            with new_store()() as ledger:
                entries = _play(ledger, steps)
                for known_at in (None, *{entry.recorded_at for entry in entries}):
                    _compare(ledger, entries, known_at)
                assert ledger.verify() is None

        agrees()

    # Seen before?

    def test_a_file_needs_no_second_look_while_all_it_said_is_valid(self, opener: Opener) -> None:
        a, b = sha_of("a.xlsx"), sha_of("b.xlsx")
        with opener() as ledger:
            first = take_in(ledger, observation("7.0", file="a.xlsx"), record(file="a.xlsx"))
            assert ledger.standing([a, b], "plan-1") == {a: first}
            second = take_in(ledger, observation("7.2", file="b.xlsx"))
            assert ledger.standing([a, b], "plan-1") == {b: second}
            third = take_in(ledger, observation("7.0", file="a.xlsx"), record(file="a.xlsx"))
            assert ledger.standing([a, b], "plan-1") == {a: third}
            take_back(ledger, third)
            assert ledger.standing([a, b], "plan-1") == {b: second}
            take_back(ledger, second)
            assert ledger.standing([a, b], "plan-1") == {a: first}

    def test_a_file_read_in_part_or_under_other_plan_files_is_read_again(self, opener: Opener) -> None:
        with opener() as ledger:
            with ledger.writing():
                ledger.append_import(workbook(status="partial"), [observation("1")], NOON)
            assert ledger.standing([sha_of("六月.xlsx")], "plan-1") == {}
            with ledger.writing():
                ledger.append_import(workbook(), [observation("1")], NOON)
            assert ledger.standing([sha_of("六月.xlsx")], "plan-2") == {}

    # Transactions.

    def test_nothing_remains_of_a_transaction_that_fails(self, opener: Opener) -> None:
        with opener() as ledger:
            take_in(ledger, observation("1"))
            before = (ledger.facts(), ledger.imports(), ledger.head())
            with pytest.raises(KeyboardInterrupt):
                _take_in_and_break_off(ledger, observation("2", file="b.xlsx"))
            assert (ledger.facts(), ledger.imports(), ledger.head()) == before
            assert take_in(ledger, observation("3", file="c.xlsx")) == 2
            assert ledger.facts()[0].what.cell.file == "c.xlsx", "the number was given again, not the old file with it"
            assert ledger.verify() is None

    def test_appending_outside_a_transaction_is_a_mistake(self, opener: Opener) -> None:
        with opener() as ledger:
            with pytest.raises(RuntimeError, match="inside writing"):
                ledger.append_import(workbook(), [observation("1")], NOON)
            with ledger.writing(), pytest.raises(RuntimeError, match="already writing"), ledger.writing():
                pass
            assert ledger.head() is None

    def test_a_fact_of_another_file_or_a_time_without_zone_is_a_mistake(self, opener: Opener) -> None:
        with opener() as ledger:
            with pytest.raises(ValueError, match="another file"), ledger.writing():
                ledger.append_import(workbook("a.xlsx"), [observation("1", file="b.xlsx")], NOON)
            with pytest.raises(ValueError, match="without a zone"):
                take_in(ledger, observation("1"), at=NOON.replace(tzinfo=None))
            assert ledger.head() is None

    def test_the_current_facts_are_seen_by_key(self, opener: Opener) -> None:
        said, told, unsaid = observation("7.2", file="b.xlsx"), record(file="b.xlsx"), observation("1", "gdp")
        with opener() as ledger:
            take_in(ledger, observation("7.0", file="a.xlsx"))
            take_in(ledger, said, told)
            with ledger.writing():
                found = ledger.current([said.key, told.key, unsaid.key])
        assert {key: row.what for key, row in found.items()} == {said.key: said, told.key: told}

    # Plans, times, the chain.

    def test_plans_in_one_store_do_not_see_each_other(self, opener: Opener) -> None:
        with opener("xiangning") as ledger:
            take_in(ledger, observation("1"), record())
        with opener("jixian") as ledger:
            assert (ledger.facts(), ledger.records(), ledger.imports(), ledger.head()) == ((), (), (), None)
            assert ledger.current([observation("1").key]) == {}
            with pytest.raises(NoSuchImport):
                take_back(ledger, 1)
            assert take_in(ledger, observation("2")) == 1, "each plan counts for itself"
            assert ledger.verify() is None
        with opener("xiangning") as ledger:
            assert values(ledger) == {"output_value": "1"}

    def test_times_are_told_in_shanghai_whatever_zone_they_came_in(self, opener: Opener) -> None:
        with opener() as ledger:
            take_in(
                ledger, observation("1"), at=datetime(2024, 6, 25, 20, 0, 0, 7, tzinfo=timezone(timedelta(hours=-4)))
            )
            [fact] = ledger.facts()
            assert values(ledger, datetime(2024, 6, 26, 0, 0, 0, 7, tzinfo=timezone(timedelta(hours=0)))) != {}
        assert fact.recorded_at.isoformat() == "2024-06-26T08:00:00.000007+08:00"

    def test_equal_entries_make_equal_heads(self, new_store: Callable[[], Opener]) -> None:
        heads = []
        for state in ("进展顺利", "进展顺利", "进展顺利。"):
            with new_store()() as ledger:
                take_in(ledger, observation("1"), record(state=state))
                take_back(ledger, 1)
                heads.append(ledger.head())
        assert heads[0] == heads[1] != heads[2]

    def test_an_empty_ledger_answers_everything_with_nothing(self, opener: Opener) -> None:
        with opener() as ledger:
            assert (ledger.facts(), ledger.records(), ledger.history("gdp"), ledger.imports()) == ((), (), (), ())
            assert (ledger.decisions(Verdict), ledger.standing(["ab"], "plan-1")) == ((), {})
            assert (ledger.head(), ledger.verify()) == (None, None)


def _take_in_and_break_off(ledger: Ledger, fact: Observation) -> None:
    with ledger.writing():
        ledger.append_import(workbook(fact.cell.file), [fact], NOON)
        assert values(ledger) == {fact.indicator: str(fact.value)}, "reads inside see the block's own entries"
        raise KeyboardInterrupt


class _Step(NamedTuple):
    facts: Sequence[tuple[str, int]]  # (indicator, value); empty: take one back
    pick: int  # which import to take back
    hours: int  # how far the clock moved since the step before; it may be set back


_STEPS = st.builds(
    _Step,
    facts=st.lists(st.tuples(st.sampled_from(["gdp", "output_value", "rd"]), st.integers(0, 3)), max_size=3),
    pick=st.integers(0, 11),
    hours=st.integers(-3, 5),
)


class _Entry(NamedTuple):
    seq: int
    recorded_at: datetime
    facts: Sequence[Observation]
    undoes: int | None


def _play(ledger: Ledger, steps: Sequence[_Step]) -> list[_Entry]:
    entries: list[_Entry] = []
    now = NOON
    for number, step in enumerate(steps):
        now += timedelta(hours=step.hours)
        undone = {entry.undoes for entry in entries}
        standing = [entry.seq for entry in entries if entry.facts and entry.seq not in undone]
        if step.facts:
            facts = [observation(str(value), indicator, file=f"{number}.xlsx") for indicator, value in step.facts]
            entries.append(_Entry(take_in(ledger, *facts, at=now), now, facts, None))
        elif standing:
            undoes = standing[step.pick % len(standing)]
            entries.append(_Entry(take_back(ledger, undoes, at=now), now, (), undoes))
    return entries


def _compare(ledger: Ledger, entries: Sequence[_Entry], known_at: datetime | None) -> None:
    seen = [entry for entry in entries if known_at is None or entry.recorded_at <= known_at]
    undone = {entry.undoes for entry in seen}
    valid = {fact.key: fact for entry in seen if entry.seq not in undone for fact in entry.facts}
    assert {fact.what.key: fact.what for fact in ledger.facts(known_at)} == valid
    if known_at is None:
        assert {key: row.what for key, row in ledger.current(valid).items()} == valid
    versions = [fact for entry in reversed(seen) for fact in reversed(entry.facts) if fact.indicator == "gdp"]
    history = ledger.history("gdp", known_at=known_at)
    assert [row.what for row in history] == versions
    assert [row.what for row in history if not row.superseded] == [
        fact for fact in valid.values() if fact.indicator == "gdp"
    ]
    imports = [(entry.seq, entry.seq in undone) for entry in seen if entry.facts]
    assert [(row.import_id, row.undone) for row in ledger.imports(known_at)] == imports
