"""Whatever is changed behind the ledger's back, `verify` names the first entry that no longer holds."""
# ruff: noqa: S608 - statements are put together from names in this file

import hashlib
import json
import random
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger_makers import JUNE, NOON, observation, record, take_back, take_in
from xiangning_zyz.fact import Resolution
from xiangning_zyz.ledger.book import Broken, LedgerDamaged, LedgerError
from xiangning_zyz.ledger.chain import ENTRY, FACT, IMPORT_FILE, ORIGIN, digest
from xiangning_zyz.ledger.sqlite import open_ledger

IMPORTS = 8  # entries 1 to 8; 9 is an undo, 10 a decision
ENTRIES = IMPORTS + 2


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chain") / "ledger.db"
    with open_ledger(path, "xiangning") as ledger:
        for number in range(1, IMPORTS + 1):
            file = f"{number}.xlsx"
            facts = [observation(f"{number}.5", f"i{n}", file=file, ref=f"D{n}") for n in range(4)]
            take_in(ledger, *facts, record(file=file, state=f"第{number}次"), at=NOON + timedelta(days=number))
        take_back(ledger, 3, at=NOON + timedelta(days=20))
        with ledger.writing():
            ledger.append_decision(Resolution("i1", None, JUNE, "县工信局", "核实", "专班办公室"), NOON)
        assert ledger.verify() is None
    return path


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    return shutil.copy(original, tmp_path / "ledger.db")


def tamper(path: Path, *statements: str) -> None:
    """Change rows as someone would who can open the file: triggers gone, foreign keys not looked at."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _drop_triggers(connection)
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement


def _drop_triggers(connection: sqlite3.Connection) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")


def broken(path: Path) -> Broken | None:
    with open_ledger(path, "xiangning", create=False) as ledger:
        return ledger.verify()


def _inserted(table: str, columns: Sequence[str], place: str) -> str:
    """A copy of a row of entry 1, put somewhere else."""
    others = [column for column in columns if column not in ("plan_id", "entry", "n")]
    row = f"SELECT plan_id, {place}, {', '.join(others)} FROM {table} WHERE entry = 1 LIMIT 1"
    return f"INSERT INTO {table} {row}"


def test_the_hash_is_over_plain_text_that_any_program_can_rebuild() -> None:
    entry = ("p", 1, "import", "2024-06-25T12:00:00.000000+08:00", None, "{}")
    workbook = ("p", 1, "六月.xlsx", "ab", 9, "", "2024-06-25", None, "[]", "imported", "ph")
    task = ("p", 1, 1, "task", "T01", "2024-06", "", "", "县工信局", *[None] * 2, "进展", *[None] * 2, "{}", "表", "B2")
    text = """\
["entry",{"body":"{}","kind":"import","plan_id":"p","recorded_at":"2024-06-25T12:00:00.000000+08:00","seq":1}]
["import_file",{"container":"","entry":1,"file":"六月.xlsx","periods":"[]","plan_hash":"ph","plan_id":"p",\
"received":"2024-06-25","sha256":"ab","size":9,"status":"imported"}]
["fact",{"basis":"","department":"县工信局","entry":1,"fields":"{}","kind":"task","n":1,"period":"2024-06",\
"plan_id":"p","raw":"进展","ref":"B2","segment":"","sheet":"表","subject":"T01"}]
"""
    assert digest(ORIGIN, entry, [workbook], [task]) == hashlib.sha256(("0" * 64 + text).encode()).hexdigest()


VALUES = st.none() | st.text() | st.sampled_from(['"\\', "\x00\x1f\x7f", "\u2028", "𠮷"]) | st.integers() | st.floats()


@given(st.lists(VALUES, min_size=len(FACT), max_size=len(FACT)))
def test_every_line_is_json_with_sorted_keys_and_without_nulls_whatever_a_row_holds(values: list[object]) -> None:
    entry = ("p", 1, "undo", "2024", None, "{}")
    held = {column: value for column, value in zip(FACT, values, strict=True) if value is not None}
    told = {"body": "{}", "kind": "undo", "plan_id": "p", "recorded_at": "2024", "seq": 1}
    lines = [
        json.dumps([table, each], ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for table, each in (("entry", told), ("fact", held))
    ]
    assert digest(ORIGIN, entry, [], [values]) == hashlib.sha256((ORIGIN + "".join(lines)).encode()).hexdigest()


ALIKE = st.lists(
    st.tuples(*[st.sampled_from(["", "产值", "50%s", '"\\'])] * 4, *[st.integers()] * 2, *[st.none()] * 11), max_size=4
)
MIXED = st.lists(st.tuples(*[VALUES | st.sampled_from([1, 1.0, True, 0.0, -0.0])] * len(FACT)), max_size=4)


@given(ALIKE | MIXED)
def test_the_lines_of_many_facts_are_those_of_each(rows: list[tuple[object, ...]]) -> None:
    def line(table: str, columns: Sequence[str], row: Sequence[object]) -> str:
        held = {column: value for column, value in zip(columns, row, strict=True) if value is not None}
        return json.dumps([table, held], ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"

    entry = ("p", 1, "undo", "2024", None, "{}")
    text = line("entry", ENTRY, entry) + "".join(line("fact", FACT, row) for row in rows)
    assert digest(ORIGIN, entry, [], rows) == hashlib.sha256((ORIGIN + text).encode()).hexdigest()


def test_a_blob_has_no_line() -> None:
    with pytest.raises(TypeError):
        digest(ORIGIN, ("p", 1, "undo", "2024", None, b"{}"), [], [])
    with pytest.raises(TypeError):
        digest(ORIGIN, ("p", 1, "undo", "2024", None, "{}"), [], [[b"x"] * len(FACT)] * 2)


def test_without_a_change_every_entry_holds(copy: Path) -> None:
    tamper(copy)
    assert broken(copy) is None


@pytest.mark.parametrize(
    ("change", "entry"),
    [
        ("UPDATE fact SET value = '99' WHERE entry = 4 AND n = 2", 4),
        ("UPDATE fact SET value = value || '0' WHERE entry = 4 AND n = 2", 4),
        ("UPDATE fact SET raw = CAST(x'ff' AS TEXT) WHERE entry = 2 AND n = 1", 2),
        ("UPDATE fact SET raw = x'ff' WHERE entry = 2 AND n = 1", 2),
        ("UPDATE fact SET n = 9 WHERE entry = 6 AND n = 1", 6),
        ("UPDATE fact SET entry = 9 WHERE entry = 5 AND n = 5", 5),
        ("UPDATE fact SET plan_id = 'other' WHERE entry = 5 AND n = 5", 5),
        ("UPDATE import_file SET sha256 = replace(sha256, 'a', 'b') WHERE entry = 2", 2),
        ("UPDATE import_file SET received = '2024-06-01' WHERE entry = 1", 1),
        ("DELETE FROM import_file WHERE entry = 6", 6),
        ("DELETE FROM fact WHERE entry = 8", 8),
        ("UPDATE entry SET recorded_at = '2020' WHERE seq = 7", 7),
        ("UPDATE entry SET undoes = 4 WHERE seq = 9", 9),
        ("UPDATE entry SET body = '{}' WHERE seq = 10", 10),
        ("UPDATE entry SET seq = 50 WHERE seq = 3", 3),
        ("UPDATE entry SET hash = previous WHERE seq = 5", 5),
        ("UPDATE entry SET previous = hash WHERE seq = 5", 5),
        ("DELETE FROM entry WHERE seq = 1", 1),
        ("DELETE FROM entry WHERE seq = 10", 10),
        ("DELETE FROM entry WHERE seq > 4", 5),
        ("DELETE FROM entry", 1),
        ("UPDATE head SET seq = 4", 5),
        ("UPDATE head SET seq = 40", 11),
        ("UPDATE head SET hash = 'x'", 10),
        ("DELETE FROM head", 10),
        (_inserted("fact", FACT, "40, n"), 40),
        (_inserted("import_file", IMPORT_FILE, "9"), 9),
    ],
)
def test_a_change_is_found_and_its_entry_named(copy: Path, change: str, entry: int) -> None:
    tamper(copy, change)
    found = broken(copy)
    assert found is not None
    assert found.seq == entry


def test_two_entries_that_changed_places_are_found(copy: Path) -> None:
    tamper(
        copy,
        "UPDATE entry SET seq = 99 WHERE seq = 3",
        "UPDATE entry SET seq = 3 WHERE seq = 6",
        "UPDATE entry SET seq = 6 WHERE seq = 99",
    )
    found = broken(copy)
    assert found is not None
    assert found.seq == 3


def test_entries_cut_off_the_end_are_missed(copy: Path) -> None:
    """The rest is a whole chain; only `head` knows that there was more."""
    tamper(
        copy,
        "DELETE FROM fact WHERE entry >= 8",
        "DELETE FROM import_file WHERE entry >= 8",
        "DELETE FROM entry WHERE seq >= 8",
    )
    found = broken(copy)
    assert found is not None
    assert found.seq == 8


def test_a_hundred_random_edits_are_found_each_at_its_entry(original: Path, tmp_path: Path) -> None:
    chance = random.Random(20240625)  # noqa: S311 - repeatable, not secret
    path = tmp_path / "ledger.db"
    missed = []
    for _ in range(100):
        shutil.copy(original, path)
        with closing(sqlite3.connect(path)) as connection:
            entry, what = _edit(connection, chance)
            connection.commit()
        found = broken(path)
        if found is None or found.seq != entry:
            missed.append((what, entry, found))
    assert missed == []


def _edit(connection: sqlite3.Connection, chance: random.Random) -> tuple[int, str]:
    """One random change of one row; the first entry it breaks, and what was done."""
    _drop_triggers(connection)
    table = chance.choice(["entry", "import_file", "fact", "fact"])
    number = "seq" if table == "entry" else "entry"
    cursor = connection.execute(f"SELECT * FROM {table}")
    columns = [column[0] for column in cursor.description]
    row = dict(zip(columns, chance.choice(cursor.fetchall()), strict=True))
    where = " AND ".join(f"{key} = :{key}" for key in ("plan_id", number, "n") if key in row)
    match chance.choice(["update", "update", "delete", "insert"]):
        case "delete":
            connection.execute(f"DELETE FROM {table} WHERE {where}", row)
            return row[number], f"delete {table} {row}"
        case "insert":
            entry = chance.randint(1, ENTRIES) if table == "fact" else ENTRIES + 1
            forged = {**row, number: entry, "n": 77, "undoes": None}
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join(f':{each}' for each in columns)})", forged)
            return entry, f"insert {table} {forged}"
        case _:
            column = chance.choice(columns)
            value = _another(row[column], chance)
            connection.execute(f"UPDATE {table} SET {column} = :other WHERE {where}", {**row, "other": value})
            return row[number], f"update {table}.{column} {row[column]!r} -> {value!r}"


def _another(value: object, chance: random.Random) -> object:
    if isinstance(value, int):
        return value + chance.randint(100, 200)
    if isinstance(value, str) and value and chance.random() < 0.5:
        place = chance.randrange(len(value))
        return value[:place] + ("×" if value[place] != "×" else "~") + value[place + 1 :]
    return chance.choice(["改", "0", 7, b"\xff"])


def test_an_entry_is_not_built_upon_an_end_that_was_tampered_with(copy: Path) -> None:
    tamper(copy, "DELETE FROM entry WHERE seq = 10")
    with open_ledger(copy, "xiangning") as ledger, pytest.raises(LedgerDamaged, match="链尾"):
        take_in(ledger, observation("1"))


def test_any_flipped_byte_of_the_file_is_found_or_changes_nothing(original: Path, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    path = tmp_path / "ledger.db"
    whole = original.read_bytes()
    before = list(_dump(original))
    found = 0
    for _ in range(250):
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        try:
            noticed = broken(path) is not None
        except LedgerError:
            noticed = True
        assert noticed or list(_dump(path)) == before, f"byte {place}"
        found += noticed
    assert found > 50, "the flips did hit rows"


def _dump(path: Path) -> Iterator[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        for table in ("entry", "import_file", "fact", "head"):
            yield from connection.execute(f"SELECT * FROM {table}").fetchall()
