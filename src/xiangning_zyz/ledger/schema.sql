-- The ledger (台账库) of zyz: what was reported, decided and taken back, and when. SQLite.
--
-- Version history (PRAGMA user_version):
--   1  first form
--
-- Rules that hold for every table:
--   * Rows are only ever added. Triggers refuse UPDATE, DELETE and rows for an entry already sealed;
--     `head` alone moves, and only forward by one entry.
--   * Every key begins with plan_id: each plan has its own numbering and its own hash chain.
--   * Times are Asia/Shanghai, `2024-06-25T09:30:00.000000+08:00`; the width is fixed, so text order is
--     time order. Days are `2024-06-25`. Order of record is `seq`, never the clock: clocks get set back.
--   * Figures are TEXT, exact, with the digits as reported. NULL means "does not apply to this kind".
--   * A later version may add columns, all of them NULL in old rows: the hash leaves NULLs out.

PRAGMA application_id = 8026490;  -- "zyz": tells our file from any other SQLite file

-- One thing that happened: a workbook taken in, an import taken back, a decision of a person.
CREATE TABLE entry (
    plan_id     TEXT    NOT NULL,  -- the plan whose chain this is (`plan.id` in targets.yaml)
    seq         INTEGER NOT NULL,  -- 1, 2, 3 … within the plan, without a hole
    kind        TEXT    NOT NULL,  -- import, undo, or a kind of rows.DECISION_KINDS; a new kind needs no new schema
    recorded_at TEXT    NOT NULL,  -- when it was written, by the clock of this machine
    undoes      INTEGER,           -- undo: seq of the import taken back
    body        TEXT    NOT NULL,  -- JSON object; import: the receipt; else: what was decided, by whom, why
    previous    TEXT    NOT NULL,  -- hash of entry seq − 1; 64 zeros for the first
    hash        TEXT    NOT NULL,  -- SHA-256, hexadecimal, over previous and all rows of this entry (chain.py)
    PRIMARY KEY (plan_id, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX entry_undone_once ON entry (plan_id, undoes) WHERE undoes IS NOT NULL;
CREATE INDEX entry_by_kind ON entry (plan_id, kind, seq);

-- The workbook of an import entry (报表).
CREATE TABLE import_file (
    plan_id    TEXT    NOT NULL,  -- as in entry
    entry      INTEGER NOT NULL,  -- entry.seq
    file       TEXT    NOT NULL,  -- name as received, without folder
    sha256     TEXT    NOT NULL,  -- of the whole file, hexadecimal
    size       INTEGER NOT NULL,  -- bytes
    container  TEXT    NOT NULL,  -- name of the zip it came in; empty when it came alone
    received   TEXT    NOT NULL,  -- day the sheet reached the office; decides 迟报
    department TEXT,              -- who sent it; NULL when rows name several
    periods    TEXT    NOT NULL,  -- JSON array of the periods reported: ["2024-06"]
    status     TEXT    NOT NULL,  -- imported, or partial (the rest was returned to the sender)
    plan_hash  TEXT    NOT NULL,  -- plan files under which it was read (`Plan.hash`)
    PRIMARY KEY (plan_id, entry),
    FOREIGN KEY (plan_id, entry) REFERENCES entry (plan_id, seq)
) WITHOUT ROWID;
CREATE INDEX import_file_by_hash ON import_file (plan_id, sha256, entry);

-- One reported fact and the cell it stood in. Its key is kind, subject, period, segment, basis and
-- department; of several with one key the latest valid one counts, the earlier ones are its history.
CREATE TABLE fact (
    plan_id    TEXT    NOT NULL,  -- as in entry
    entry      INTEGER NOT NULL,  -- entry.seq of the import that brought it
    n          INTEGER NOT NULL,  -- 1, 2, 3 … within the import, in reading order
    kind       TEXT    NOT NULL,  -- indicator, task, project, issue, enterprise
    subject    TEXT    NOT NULL,  -- indicator, task or project id, issue number, credit code
    period     TEXT    NOT NULL,  -- 2024, 2024-H1, 2024-Q3, 2024-06
    segment    TEXT    NOT NULL,  -- segment id (板块); empty: the whole, or not an indicator
    basis      TEXT    NOT NULL,  -- point, single, cumulative; empty: not an indicator
    department TEXT    NOT NULL,  -- whose word it is
    value      TEXT,              -- indicator: exact decimal, in `unit`
    unit       TEXT,              -- indicator: the plan's unit
    raw        TEXT    NOT NULL,  -- what stood in the cell, as shown
    raw_unit   TEXT,              -- indicator: the unit the sheet states
    reference  INTEGER,           -- indicator: 1 = 参考, kept and compared, never counted
    fields     TEXT,              -- other kinds: JSON object of the row's texts
    sheet      TEXT    NOT NULL,  -- name of the worksheet
    ref        TEXT    NOT NULL,  -- address of the cell, A1 style
    FOREIGN KEY (plan_id, entry) REFERENCES import_file (plan_id, entry)
);
CREATE UNIQUE INDEX fact_by_entry ON fact (plan_id, entry, n);
CREATE INDEX fact_by_key ON fact (plan_id, kind, subject, period, segment, basis, department, entry, n);

-- Where each plan's chain ends. Without it, cutting off the last entries would leave a whole chain.
CREATE TABLE head (
    plan_id TEXT    NOT NULL PRIMARY KEY,  -- as in entry
    seq     INTEGER NOT NULL,  -- the last entry; it and all before are sealed
    hash    TEXT    NOT NULL   -- that entry's hash
) WITHOUT ROWID;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN NEW.seq <> 1 + coalesce((SELECT seq FROM head WHERE plan_id = NEW.plan_id), 0)
BEGIN SELECT RAISE(ABORT, 'an entry must follow the last one'); END;

CREATE TRIGGER import_file_stays BEFORE UPDATE ON import_file
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER import_file_remains BEFORE DELETE ON import_file
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER import_file_sealed BEFORE INSERT ON import_file
WHEN NEW.entry <= (SELECT seq FROM head WHERE plan_id = NEW.plan_id)
BEGIN SELECT RAISE(ABORT, 'this entry is sealed'); END;

CREATE TRIGGER fact_stays BEFORE UPDATE ON fact
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER fact_remains BEFORE DELETE ON fact
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER fact_sealed BEFORE INSERT ON fact
WHEN NEW.entry <= (SELECT seq FROM head WHERE plan_id = NEW.plan_id)
BEGIN SELECT RAISE(ABORT, 'this entry is sealed'); END;

CREATE TRIGGER head_starts BEFORE INSERT ON head
WHEN NEW.seq <> 1 OR EXISTS (SELECT 1 FROM head WHERE plan_id = NEW.plan_id)
BEGIN SELECT RAISE(ABORT, 'a chain begins once, at entry 1'); END;
CREATE TRIGGER head_advances BEFORE UPDATE ON head
WHEN NEW.plan_id <> OLD.plan_id OR NEW.seq <> OLD.seq + 1 OR NOT EXISTS
     (SELECT 1 FROM entry WHERE plan_id = NEW.plan_id AND seq = NEW.seq AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'a chain grows by one entry at a time'); END;
CREATE TRIGGER head_remains BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
