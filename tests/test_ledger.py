"""The ledger in SQLite: the contract of every body, and what only a file has to promise."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import xiangning_zyz.ledger
from ledger_contract import LedgerContract, Opener
from ledger_makers import NOON, observation, record, sha_of, take_back, take_in
from xiangning_zyz.fact import Verdict
from xiangning_zyz.ledger.book import LedgerReadOnly
from xiangning_zyz.ledger.sqlite import SqliteLedger, open_ledger


class TestSqliteLedger(LedgerContract):
    @pytest.fixture
    def new_store(self, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Opener]:
        def new() -> Opener:
            path = tmp_path_factory.mktemp("ledger") / "ledger.db"
            return lambda plan_id="xiangning": open_ledger(path, plan_id)

        return new


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of one import, one undo and one more import."""
    path = tmp_path / "var" / "ledger.db"
    with open_ledger(path, "xiangning") as ledger:
        take_in(ledger, observation("7.0", file="a.xlsx"), record(file="a.xlsx"))
        take_back(ledger, 1)
        take_in(ledger, observation("7.2", file="b.xlsx"))
    return path


@pytest.mark.parametrize("table", ["entry", "import_file", "fact", "head"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {} SET plan_id = 'other'",
        "UPDATE OR REPLACE {} SET plan_id = plan_id",
        "DELETE FROM {}",
        "INSERT OR REPLACE INTO {0} SELECT * FROM {0}",
    ],
)
def test_rows_cannot_be_changed_deleted_or_replaced(path: Path, table: str, change: str) -> None:
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(change.format(table))
    connection.close()


def test_an_entry_takes_no_more_rows_once_it_is_sealed(path: Path) -> None:
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="sealed"):
        connection.execute(
            "INSERT INTO fact (plan_id, entry, n, kind, subject, period, segment, basis, department, raw, sheet, ref)"
            " VALUES ('xiangning', 3, 2, 'task', 'T01', '2024-06', '', '', '县工信局', '', '', '')"
        )
    with pytest.raises(sqlite3.IntegrityError, match="sealed"):
        connection.execute(
            "INSERT INTO import_file SELECT plan_id, 2, file, sha256, size, container, received,"
            " department, periods, status, plan_hash FROM import_file WHERE entry = 1"
        )
    with pytest.raises(sqlite3.IntegrityError, match="follow"):
        connection.execute("INSERT INTO entry SELECT plan_id, 9, kind, '', NULL, '{}', '', '' FROM entry LIMIT 1")
    with pytest.raises(sqlite3.IntegrityError, match="one entry at a time"):
        connection.execute("UPDATE head SET seq = seq + 1")
    connection.close()


def test_looking_where_no_ledger_is_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "var" / "ledger.db"
    with open_ledger(path, "xiangning", create=False) as ledger:
        assert (ledger.facts(), ledger.imports(), ledger.head(), ledger.verify()) == ((), (), None, None)
        with pytest.raises(LedgerReadOnly):
            take_in(ledger, observation("1"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_but_the_ledger_is_left_beside_it(path: Path) -> None:
    with open_ledger(path, "xiangning", create=False) as ledger:
        assert ledger.facts()
    assert [file.name for file in path.parent.iterdir()] == ["ledger.db"]


def test_a_reader_sees_one_moment_however_long_it_reads(path: Path) -> None:
    with open_ledger(path, "xiangning", create=False) as reader, open_ledger(path, "xiangning") as writer:
        head = reader.head()
        take_in(writer, observation("7.3", file="c.xlsx"))
        assert reader.head() == head
        assert [str(fact.what.value) for fact in reader.facts()] == ["7.2"]
        assert len(reader.imports()) == 2
        take_back(reader, 3)  # whoever writes joins the present
        assert len(reader.imports()) == 3


def test_the_path_may_hold_any_sign(tmp_path: Path) -> None:
    path = tmp_path / "乡宁 100%?#&" / "台账.db"
    with open_ledger(path, "xiangning") as ledger:
        take_in(ledger, observation("1"))
    with open_ledger(path, "xiangning", create=False) as ledger:
        assert len(ledger.facts()) == 1


def test_no_question_scans_a_table(path: Path) -> None:
    """Every statement a question needs is answered by index seeks, or in the order of an index."""
    with open_ledger(path, "xiangning") as ledger:
        assert isinstance(ledger, SqliteLedger)
        connection = ledger._connection
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        ledger.facts(NOON)
        ledger.records()
        ledger.history("output_value")
        ledger.current([observation("1").key])
        ledger.imports()
        ledger.standing([sha_of("b.xlsx")], "plan-1")
        ledger.decisions(Verdict)
        ledger.head()
        take_back(ledger, 3)
        connection.set_trace_callback(None)
        questions = {statement for statement in asked if "SELECT" in statement and not statement.startswith("INSERT")}
        plans = [row[3] for each in questions for row in connection.execute(f"EXPLAIN QUERY PLAN {each}")]
    assert len(questions) > 8
    # `key` is the list of keys the recursive query itself makes.
    assert [plan for plan in plans if plan.startswith("SCAN") and plan not in ("SCAN key", "SCAN CONSTANT ROW")] == []
    assert any("entry<?" in plan and "department=?" in plan for plan in plans), "the latest version is one seek"
    assert any("department,entry)>" in plan for plan in plans), "the next key is one seek"


def test_every_table_and_column_is_explained() -> None:
    schema = (Path(xiangning_zyz.ledger.__path__[0]) / "schema.sql").read_text(encoding="utf-8")
    tables = re.findall(r"^(-- [^\n]*\n)?CREATE TABLE (\w+) \((.*?)^\)", schema, re.MULTILINE | re.DOTALL)
    assert [name for _, name, _ in tables] == ["entry", "import_file", "fact", "head"]
    assert all(comment for comment, _, _ in tables)
    columns = [line for _, _, body in tables for line in body.splitlines() if re.match(r" +[a-z]", line)]
    assert len(columns) == 8 + 11 + 17 + 3
    assert [line for line in columns if "--" not in line] == []


def test_reading_loads_nothing_heavy(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from xiangning_zyz.ledger.sqlite import open_ledger\n"
        f"with open_ledger(Path({str(path)!r}), 'xiangning', create=False) as ledger: ledger.facts()\n"
        "print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "xiangning_zyz.ledger.sqlite" in loaded
    assert {"hashlib", "dataclasses", "importlib.resources", "tempfile", "pandas", "yaml"}.isdisjoint(loaded)
