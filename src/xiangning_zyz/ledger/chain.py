"""The hash chain: any changed, missing, added or reordered row of a plan's ledger shows.

The hash of an entry is SHA-256 over UTF-8 text: the previous entry's hash, then one line for each of its
rows: the entry, its import_file row, its facts in order. A line is JSON, `["table",{"column":value}]`,
keys sorted, no spaces, columns that are NULL left out, ended by a line feed. The import_file row holds
the SHA-256 of the workbook itself, so the chain covers the archived sources as well.

A chain cannot show that its own end was cut off; table `head` says where it ended.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as _quoted
from typing import Any, NamedTuple

from xiangning_zyz.ledger.book import Broken, Head

ORIGIN = "0" * 64  # what the first entry follows

# Columns covered, which are all there are but an entry's own `previous` and `hash`. Columns may be
# added here if old rows hold NULL in them: their lines, and so their hashes, stay as they are.
ENTRY = ("plan_id", "seq", "kind", "recorded_at", "undoes", "body")
IMPORT_FILE = (
    "plan_id",
    "entry",
    "file",
    "sha256",
    "size",
    "container",
    "received",
    "department",
    "periods",
    "status",
    "plan_hash",
)
FACT = (
    "plan_id",
    "entry",
    "n",
    "kind",
    "subject",
    "period",
    "segment",
    "basis",
    "department",
    "value",
    "unit",
    "raw",
    "raw_unit",
    "reference",
    "fields",
    "sheet",
    "ref",
)

Row = Sequence[Any]


class Link(NamedTuple):
    """One entry as it stands in the ledger, with all its rows, columns in the order given above."""

    previous: str
    hash: str
    entry: Row
    import_files: Sequence[Row]
    facts: Sequence[Row]


def digest(previous: str, entry: Row, import_files: Iterable[Row], facts: Iterable[Row]) -> str:
    """The hash of an entry that follows *previous*, hexadecimal. TypeError for values that JSON does not know."""
    import hashlib  # not above: it loads OpenSSL, a quarter of `python -c pass`, and who reads needs no hash

    seal = hashlib.sha256(previous.encode())
    seal.update(_line("entry", ENTRY, entry))
    for row in import_files:
        seal.update(_line("import_file", IMPORT_FILE, row))
    for row in facts:
        seal.update(_line("fact", FACT, row))
    return seal.hexdigest()


def first_broken(links: Iterable[Link], head: Head | None) -> Broken | None:
    """Walk the chain from its origin to *head*; the first entry that does not hold."""
    seq, last = 0, ORIGIN
    for link in links:
        seq += 1
        if link.entry[1] != seq:
            return Broken(seq, "缺少这一笔")
        if link.previous != last:
            return Broken(seq, "与上一笔不衔接")
        if not _sealed(link):
            return Broken(seq, "内容与校验值不符，记录之后被改动过")
        last = link.hash
    if head is None:
        return Broken(seq, "链尾记录丢失") if seq else None
    if head.seq > seq:
        return Broken(seq + 1, "缺少这一笔")
    if head != (seq, last):
        return Broken(min(head.seq + 1, seq), "与链尾记录不符")
    return None


def _sealed(link: Link) -> bool:
    try:
        return digest(link.previous, link.entry, link.import_files, link.facts) == link.hash
    except TypeError:  # a blob where only text and numbers are ever written
        return False


@lru_cache(maxsize=8)
def _heads(columns: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Where each column stands in a row and how its key is spelled, in the order of the keys."""
    return tuple((columns.index(column), f'"{column}":') for column in sorted(columns))


def _line(table: str, columns: tuple[str, ...], row: Row) -> bytes:
    """The line of one row, spelled as `json.dumps` would, at a third of its price."""
    if len(row) != len(columns):
        raise ValueError(f"{len(row)} values for the {len(columns)} columns of {table}")
    held = [
        head + (str(value) if type(value) is int else _quoted(value))
        for at, head in _heads(columns)
        if (value := row[at]) is not None
    ]
    # Text damaged on disk may not be UTF-8; it is read with surrogates and must still give a (wrong) hash.
    return f'["{table}",{{{",".join(held)}}}]\n'.encode(errors="surrogateescape")
