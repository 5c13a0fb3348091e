"""The hash chain: any changed, missing, added or reordered row of a plan's ledger shows.

The hash of an entry is SHA-256 over UTF-8 text: the previous entry's hash, then one line for each of its
rows: the entry, its import_file row, its facts in order. A line is JSON, `["table",{"column":value}]`,
keys sorted, no spaces, columns that are NULL left out, ended by a line feed. The import_file row holds
the SHA-256 of the workbook itself, so the chain covers the archived sources as well.

A chain cannot show that its own end was cut off; table `head` says where it ended.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from json.encoder import encode_basestring
from operator import itemgetter
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

Row = Sequence[object]


class _Form(NamedTuple):
    """How the rows of one table become lines. Composed by hand: half of taking in a file went to `json.dumps`."""

    begin: str
    names: tuple[str, ...]  # `"column":`, sorted
    sort: Callable[[Sequence[Any]], tuple[Any, ...]]  # the values, or columns, in that order


def _form(table: str, columns: Sequence[str]) -> _Form:
    order = sorted(range(len(columns)), key=columns.__getitem__)
    return _Form(f'["{table}",{{', tuple(f'"{columns[at]}":' for at in order), itemgetter(*order))


_ENTRY, _IMPORT_FILE, _FACT = _form("entry", ENTRY), _form("import_file", IMPORT_FILE), _form("fact", FACT)


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

    lines = [_line(_ENTRY, entry)]
    lines += [_line(_IMPORT_FILE, row) for row in import_files]
    lines.append(_lines(_FACT, list(facts)))
    # Text damaged on disk may not be UTF-8; it is read with surrogates and must still give a (wrong) hash.
    return hashlib.sha256((previous + "".join(lines)).encode(errors="surrogateescape")).hexdigest()


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


def _lines(form: _Form, rows: Sequence[Row]) -> str:
    """The lines of many rows, composed column by column: half the time, for what all rows share is spelled once."""
    if len(rows) > 1:
        with suppress(TypeError):  # rows of several kinds, or values that nobody here wrote
            return _alike(form, rows)
    return "".join(_line(form, row) for row in rows)


def _alike(form: _Form, rows: Sequence[Row]) -> str:
    """TypeError unless each column holds whole numbers alone, texts alone or nothing."""
    members, differing = [], [[form.begin] * len(rows)]
    for name, column in zip(form.names, form.sort([*zip(*rows, strict=True)]), strict=True):
        first = column[0]
        if type(first) is int:
            if {*map(type, column)} != {int}:  # 1 == 1.0 == True
                raise TypeError
            members.append(f"{name}%d")
            differing.append(column)
        elif column.count(first) < len(column):
            members.append(f"{name}%s")
            differing.append([*map(encode_basestring, column)])
        elif first is not None:
            members.append(f"{name}{encode_basestring(first)}".replace("%", "%%"))
    template = f"%s{','.join(members)}}}]\n"
    return "".join([template % row for row in zip(*differing, strict=True)])


def _line(form: _Form, row: Row) -> str:
    held = [
        # Texts and whole numbers are all that is ever written; what else is found was put there by someone.
        name + (encode_basestring(held) if type(held) is str else str(held) if type(held) is int else json.dumps(held))
        for name, held in zip(form.names, form.sort(row), strict=True)
        if held is not None
    ]
    return f"{form.begin}{','.join(held)}}}]\n"
