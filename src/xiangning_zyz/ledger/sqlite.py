"""The ledger in one SQLite file: the only SQL of the program.

Loads nothing heavy: `zyz status` opens a ledger at every start.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from xiangning_zyz.fact import Fact, Observation, Record, Recorded, RecordKind
from xiangning_zyz.ledger import chain, rows, sqlite_file
from xiangning_zyz.ledger.book import (
    AlreadyUndone,
    Broken,
    D,
    Decision,
    Head,
    ImportRow,
    Key,
    Ledger,
    NewImport,
    NoSuchImport,
)
from xiangning_zyz.period import Period

_EVER = "~"  # as `known`: sorts after every time
_AFTER_ALL = 2**63 - 1  # no entry has this number

_FACT = ", ".join(f"v.{column}" for column in chain.FACT[1:])  # entry, n, then a rows.FactRow

# Entry `e` was recorded, and no undo of it, by :known.
_VISIBLE = """
    e.recorded_at <= :known AND NOT EXISTS
        (SELECT 1 FROM entry u WHERE u.plan_id = e.plan_id AND u.undoes = e.seq AND u.recorded_at <= :known)"""

# One seek for each key to its next neighbour, one to the latest valid version: the cost goes by the
# number of keys asked for, not by how many revisions, plans or years the ledger holds. (The plus signs
# free the right side of its affinity; without them the index is used for the subject alone. The bound on
# `entry` only saves steps: it skips what was recorded after :known.)
_VALID_OF_EVERY_KEY = f"""
    WITH RECURSIVE key(id) AS (
        SELECT (SELECT rowid FROM fact WHERE plan_id = :plan AND kind = :kind
                ORDER BY subject, period, segment, basis, department LIMIT 1)
        UNION ALL
        SELECT (SELECT n.rowid FROM fact n WHERE n.plan_id = :plan AND n.kind = :kind
                AND (n.subject, n.period, n.segment, n.basis, n.department, n.entry)
                  > (+k.subject, +k.period, +k.segment, +k.basis, +k.department, {_AFTER_ALL})
                ORDER BY n.subject, n.period, n.segment, n.basis, n.department LIMIT 1)
        FROM key CROSS JOIN fact k ON k.rowid = key.id)
    SELECT {_FACT}
    FROM key CROSS JOIN fact k ON k.rowid = key.id CROSS JOIN fact v ON v.rowid = (
        SELECT x.rowid
        FROM fact x CROSS JOIN entry e ON e.plan_id = x.plan_id AND e.seq = x.entry
        WHERE x.plan_id = :plan AND x.kind = :kind AND x.subject = k.subject AND x.period = k.period
          AND x.segment = k.segment AND x.basis = k.basis AND x.department = k.department
          AND x.entry <= (SELECT max(seq) FROM entry WHERE plan_id = :plan AND recorded_at <= :known) AND {_VISIBLE}
        ORDER BY x.entry DESC, x.n DESC LIMIT 1)"""  # noqa: S608 - only constants of this module are put in

_VALID_OF_ONE_KEY = f"""
    SELECT {_FACT}
    FROM fact v CROSS JOIN entry e ON e.plan_id = v.plan_id AND e.seq = v.entry
    WHERE v.plan_id = :plan AND v.kind = :kind AND v.subject = :subject AND v.period = :period
      AND v.segment = :segment AND v.basis = :basis AND v.department = :department AND {_VISIBLE}
    ORDER BY v.entry DESC, v.n DESC LIMIT 1"""  # noqa: S608 - as above

# Newest first; the last column says whether it was visible.
_VERSIONS = f"""
    SELECT {_FACT}, {_VISIBLE}
    FROM fact v CROSS JOIN entry e ON e.plan_id = v.plan_id AND e.seq = v.entry
    WHERE v.plan_id = :plan AND v.kind = 'indicator' AND v.subject = :subject
      AND v.period BETWEEN :first AND :last AND e.recorded_at <= :known
    ORDER BY v.entry DESC, v.n DESC"""  # noqa: S608 - as above

_ARRIVALS = f"""
    SELECT v.kind, v.subject, v.period, v.segment, v.basis, v.department, min(i.received)
    FROM fact v
    CROSS JOIN import_file i ON i.plan_id = v.plan_id AND i.entry = v.entry
    CROSS JOIN entry e ON e.plan_id = v.plan_id AND e.seq = v.entry
    WHERE v.plan_id = :plan AND {_VISIBLE}
    GROUP BY v.kind, v.subject, v.period, v.segment, v.basis, v.department"""  # noqa: S608 - as above

_IMPORTS = f"""
    SELECT i.entry, e.body, e.recorded_at,
           (SELECT count(*) FROM fact f WHERE f.plan_id = i.plan_id AND f.entry = i.entry),
           u.body, u.recorded_at, {", ".join(f"i.{column}" for column in chain.IMPORT_FILE[2:])}
    FROM import_file i
    JOIN entry e ON e.plan_id = i.plan_id AND e.seq = i.entry
    LEFT JOIN entry u ON u.plan_id = i.plan_id AND u.undoes = i.entry AND u.recorded_at <= :known
    WHERE i.plan_id = :plan AND e.recorded_at <= :known
    ORDER BY i.entry"""  # noqa: S608 - as above

_LAST_PLAN = """
    SELECT i.entry, i.plan_hash
    FROM import_file i CROSS JOIN entry e ON e.plan_id = i.plan_id AND e.seq = i.entry
    WHERE i.plan_id = :plan AND e.recorded_at <= :known AND NOT EXISTS (
        SELECT 1 FROM entry u WHERE u.plan_id = i.plan_id AND u.undoes = i.entry AND u.recorded_at <= :known)
    ORDER BY i.entry DESC LIMIT 1"""

# The planner takes any plan to hold ten rows; it must be told which index narrows down.
_STANDING = """
    SELECT max(i.entry) FROM import_file i INDEXED BY import_file_by_hash
    WHERE i.plan_id = :plan AND i.sha256 = :sha256 AND i.plan_hash = :plan_hash AND i.status = 'imported'
      AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.plan_id = i.plan_id AND u.undoes = i.entry)
      AND NOT EXISTS (
        SELECT 1 FROM fact f INDEXED BY fact_by_entry CROSS JOIN fact x
          ON x.plan_id = f.plan_id AND x.kind = f.kind AND x.subject = f.subject AND x.period = f.period
         AND x.segment = f.segment AND x.basis = f.basis AND x.department = f.department AND x.entry > f.entry
        WHERE f.plan_id = i.plan_id AND f.entry = i.entry
          AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.plan_id = x.plan_id AND u.undoes = x.entry))"""


@contextmanager
def open_ledger(path: Path, plan_id: str, *, create: bool = True, timeout: float = 30) -> Iterator[Ledger]:
    """Open the ledger of one plan; a lock is waited for *timeout* seconds.

    `create=False` is for those who only read: a missing file reads as an empty ledger and stays missing,
    and all answers are of one moment. Raises a LedgerError if the file cannot be used.
    """
    connection = sqlite_file.connect(path, create=create, timeout=timeout)
    try:
        yield SqliteLedger(connection, path, plan_id)
    finally:
        connection.close()


class SqliteLedger:
    """The SQLite body of `book.Ledger`; the methods are explained there."""

    def __init__(self, connection: sqlite3.Connection, path: Path, plan_id: str) -> None:
        self._connection = connection
        self._path = path
        self._plan = plan_id
        self._sources: dict[int, rows.Source] = {}
        self._writing = False
        self._end: Head | None = None  # of the chain, once known in the transaction under way
        self._sound = False  # pages looked through before the first write

    def facts(self, known_at: datetime | None = None) -> tuple[Recorded[Observation], ...]:
        found = self._rows(_VALID_OF_EVERY_KEY, kind=rows.INDICATOR, known=_known(known_at))
        with self._decoding():
            return tuple(self._observation(row) for row in found)

    def records(self, known_at: datetime | None = None, kind: RecordKind | None = None) -> tuple[Recorded[Record], ...]:
        kinds = rows.RECORD_KINDS if kind is None else (kind,)
        known = _known(known_at)
        found = [row for each in sorted(kinds) for row in self._rows(_VALID_OF_EVERY_KEY, kind=each, known=known)]
        with self._decoding():
            return tuple(self._record(row) for row in found)

    def history(
        self, indicator: str, period: Period | None = None, known_at: datetime | None = None
    ) -> tuple[Recorded[Observation], ...]:
        first, last = ("", _EVER) if period is None else (str(period), str(period))
        found = self._rows(_VERSIONS, subject=indicator, first=first, last=last, known=_known(known_at))
        versions, seen = [], set()
        with self._decoding():
            for *row, visible in found:
                key = rows.key_of(row[2:])
                valid = visible and key not in seen
                if valid:
                    seen.add(key)
                versions.append(self._observation(row, superseded=not valid))
        return tuple(versions)

    def arrivals(self, known_at: datetime | None = None) -> dict[Key, date]:
        found = self._rows(_ARRIVALS, known=_known(known_at))
        with self._decoding():
            return {rows.key_of(row): date.fromisoformat(row[-1]) for row in found}

    def current(self, keys: Iterable[Key]) -> dict[Key, Recorded[Observation] | Recorded[Record]]:
        found: dict[Key, Recorded[Observation] | Recorded[Record]] = {}
        names = ("kind", "subject", "segment", "period", "basis", "department")
        for key in keys:
            for row in self._rows(_VALID_OF_ONE_KEY, **dict(zip(names, key, strict=True)), known=_EVER):
                with self._decoding():
                    found[key] = self._observation(row) if key[0] == rows.INDICATOR else self._record(row)
        return found

    def imports(self, known_at: datetime | None = None) -> tuple[ImportRow, ...]:
        found = self._rows(_IMPORTS, known=_known(known_at))
        with self._decoding():
            return tuple(rows.imported(row) for row in found)

    def last_plan(self, known_at: datetime | None = None) -> tuple[int, str] | None:
        found = self._rows(_LAST_PLAN, known=_known(known_at))
        return (found[0][0], found[0][1]) if found else None

    def standing(self, hashes: Iterable[str], plan_hash: str) -> dict[str, int]:
        found = ((sha256, self._rows(_STANDING, sha256=sha256, plan_hash=plan_hash)[0][0]) for sha256 in hashes)
        return {sha256: entry for sha256, entry in found if entry is not None}

    def decisions(self, kind: type[D], known_at: datetime | None = None) -> tuple[Recorded[D], ...]:
        found = self._rows(
            "SELECT body, seq, recorded_at FROM entry"
            " WHERE plan_id = :plan AND kind = :kind AND recorded_at <= :known ORDER BY seq",
            kind=rows.DECISION_KINDS[kind],
            known=_known(known_at),
        )
        with self._decoding():
            return tuple(rows.decision(kind, *row) for row in found)

    def head(self) -> Head | None:
        for row in self._rows("SELECT seq, hash FROM head WHERE plan_id = :plan"):
            return Head(*row)
        return None

    @contextmanager
    def writing(self) -> Iterator[None]:
        if self._writing:
            raise RuntimeError("already writing")
        with sqlite_file.told(self._path):
            if self._connection.in_transaction:  # a reader's one moment ends here
                self._connection.execute("ROLLBACK")
            if not self._sound:
                self._check("quick_check")  # nothing is added to a damaged file; a million facts take 0.2 s
                self._sound = True
            self._lock()
        self._writing = True
        try:
            yield
            with sqlite_file.told(self._path):
                self._connection.execute("COMMIT")
        except BaseException:
            self._sources.clear()  # the numbers given out will be given again
            if self._connection.in_transaction:  # a full disk may have rolled back already
                self._connection.execute("ROLLBACK")
            raise
        finally:
            self._writing = False
            self._end = None

    def _lock(self) -> None:
        """Begin to write. The lock is waited for in short steps: SQLite's own wait is deaf to Ctrl-C."""
        [(timeout,)] = self._connection.execute("PRAGMA busy_timeout")
        until = monotonic() + timeout / 1000
        self._connection.execute(f"PRAGMA busy_timeout = {min(timeout, 100)}")
        try:
            while True:
                try:
                    self._connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                        raise
                else:
                    return
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {timeout}")

    def append_import(self, new: NewImport, facts: Sequence[Fact], recorded_at: datetime) -> int:
        if {fact.cell[:2] for fact in facts} - {(new.file, new.sha256)}:
            raise ValueError(f"a fact of another file than {new.file!r}")
        entry = ("import", rows.stamp(recorded_at), None, rows.compact(new.receipt))
        return self._append(entry, rows.import_row(new), [rows.fact_row(fact) for fact in facts])

    def append_undo(self, import_id: int, reason: str, by: str, recorded_at: datetime) -> int:
        found = self._rows(
            "SELECT u.seq FROM import_file i LEFT JOIN entry u ON u.plan_id = i.plan_id AND u.undoes = i.entry"
            " WHERE i.plan_id = :plan AND i.entry = :entry",
            entry=import_id,
        )
        if not found:
            raise NoSuchImport(import_id)
        if found[0][0] is not None:
            raise AlreadyUndone(import_id)
        return self._append(("undo", rows.stamp(recorded_at), import_id, rows.compact({"reason": reason, "by": by})))

    def append_decision(self, decision: Decision, recorded_at: datetime) -> int:
        kind = rows.DECISION_KINDS[type(decision)]
        return self._append((kind, rows.stamp(recorded_at), None, rows.decision_body(decision)))

    def verify(self) -> Broken | None:
        connection = self._connection
        with sqlite_file.told(self._path), self._one_moment():
            connection.text_factory = _any_text
            try:
                broken = chain.first_broken(self._links(), self.head()) or self._stray()
            finally:
                connection.text_factory = str
            if broken is None:  # the rows hold; do the indexes that lead to them?
                self._check("integrity_check")
            return broken

    def backup_to(self, path: Path) -> None:
        if self._writing:
            raise RuntimeError("a backup holds committed entries only")
        with sqlite_file.told(self._path):
            self._check("quick_check")  # a good backup must not be replaced by a damaged one
        with sqlite_file.told(path):
            sqlite_file.copy(self._connection, path)

    def _check(self, how: str) -> None:
        [(verdict,)] = self._connection.execute(f"PRAGMA {how}(1)")
        if verdict != "ok":
            raise sqlite_file.damaged(self._path, "内部结构检查未通过") from sqlite3.DatabaseError(verdict)

    def _append(
        self, said: rows.EntryRow, workbook: rows.ImportFileRow | None = None, facts: Sequence[rows.FactRow] = ()
    ) -> int:
        """Add one entry with its rows, seal it by its hash, and move the head to it."""
        if not self._writing:
            raise RuntimeError("append only inside writing()")
        last = self._end or self._chain_end()
        seq = last.seq + 1
        entry = (self._plan, seq, *said)
        import_files = [(self._plan, seq, *workbook)] if workbook else []
        fact_rows = [(self._plan, seq, n, *row) for n, row in enumerate(facts, 1)]
        seal = chain.digest(last.hash, entry, import_files, fact_rows)
        with sqlite_file.told(self._path):
            self._insert("entry", (*chain.ENTRY, "previous", "hash"), [(*entry, last.hash, seal)])
            self._insert("import_file", chain.IMPORT_FILE, import_files)
            self._insert("fact", chain.FACT, fact_rows)
            if seq == 1:
                self._insert("head", ("plan_id", "seq", "hash"), [(self._plan, seq, seal)])
            else:
                self._connection.execute("UPDATE head SET seq = ?, hash = ? WHERE plan_id = ?", (seq, seal, self._plan))
        self._end = Head(seq, seal)
        return seq

    def _chain_end(self) -> Head:
        """The last entry; LedgerDamaged rather than build on one that `head` does not know."""
        ends = self._rows("SELECT seq, hash FROM entry WHERE plan_id = :plan ORDER BY seq DESC LIMIT 1")
        end = Head(*ends[0]) if ends else None
        if end != self.head():
            raise sqlite_file.damaged(self._path, "末笔与链尾记录不符")
        return end or Head(0, chain.ORIGIN)

    def _insert(self, table: str, columns: Sequence[str], values: Sequence[Sequence[object]]) -> None:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names are constants
        self._connection.executemany(statement, values)

    def _links(self) -> Iterator[chain.Link]:
        def of(table: str, columns: Sequence[str], order: str) -> str:
            return f"SELECT {', '.join(columns)} FROM {table} WHERE plan_id = ? {order}"  # noqa: S608 - as above

        execute = self._connection.execute
        import_file = of("import_file", chain.IMPORT_FILE, "AND entry = ?")
        fact = of("fact", chain.FACT, "AND entry = ? ORDER BY n")
        for previous, seal, *entry in execute(
            of("entry", ("previous", "hash", *chain.ENTRY), "ORDER BY seq"), (self._plan,)
        ):
            about = (self._plan, entry[1])
            yield chain.Link(
                previous, seal, entry, execute(import_file, about).fetchall(), execute(fact, about).fetchall()
            )

    def _stray(self) -> Broken | None:
        """Rows that belong to no entry, which a walk along the entries does not meet."""
        for row in self._rows(
            "SELECT entry FROM ("
            " SELECT plan_id, entry FROM fact WHERE plan_id = :plan"
            " UNION SELECT plan_id, entry FROM import_file WHERE plan_id = :plan) r"
            " WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.plan_id = r.plan_id AND e.seq = r.entry)"
            " ORDER BY entry LIMIT 1"
        ):
            return Broken(row[0], "有不属于任何一笔的数据")
        return None

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        """Answer several questions from one state, whatever others write meanwhile."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def _observation(self, row: rows.Stored, *, superseded: bool = False) -> Recorded[Observation]:
        source = self._source(row[0])
        return rows.recorded(rows.observation(row[2:], source), source, superseded=superseded)

    def _record(self, row: rows.Stored) -> Recorded[Record]:
        source = self._source(row[0])
        return rows.recorded(rows.record(row[2:], source), source)

    def _source(self, entry: int) -> rows.Source:
        """The import that brought a fact; remembered, for many facts share it and no entry changes."""
        if entry not in self._sources:
            [(file, sha256, received, recorded_at)] = self._rows(
                "SELECT i.file, i.sha256, i.received, e.recorded_at"
                " FROM import_file i JOIN entry e ON e.plan_id = i.plan_id AND e.seq = i.entry"
                " WHERE i.plan_id = :plan AND i.entry = :entry",
                entry=entry,
            )
            self._sources[entry] = rows.source(entry, file, sha256, received, recorded_at)
        return self._sources[entry]

    def _rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        with sqlite_file.told(self._path):
            return self._connection.execute(query, {"plan": self._plan, **values}).fetchall()

    @contextmanager
    def _decoding(self) -> Iterator[None]:
        """A row that cannot be read was not written by us, or has been damaged since."""
        try:
            yield
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise sqlite_file.damaged(self._path, "有一行无法读取") from error


def _known(moment: datetime | None) -> str:
    return _EVER if moment is None else rows.stamp(moment)


def _any_text(text: bytes) -> str:
    return text.decode(errors="surrogateescape")
