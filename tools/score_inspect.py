"""Scores table recognition against answer keys: `python tools/score_inspect.py FOLDER [-v]`.

A key is `NAME.expected.json` beside the workbook NAME, with `facts`: sheet, cell, row_label, column_label,
value, unit, period. Rates are shares of all key cells; a cell that was not found counts as wrong everywhere.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

from xiangning_zyz.intake.grid import Book
from xiangning_zyz.intake.reading.books import read
from xiangning_zyz.intake.tables.inspect import inspected
from xiangning_zyz.report.json_text import to_json

ASPECTS = ("value", "labels", "unit", "period")
BAR = {"value": 0.98, "labels": 0.92, "unit": 0.90, "period": 0.90}  # on real workbooks never seen: issue 4
_KEY = ".expected.json"


class Score(NamedTuple):
    """How one workbook compares with its key."""

    file: str
    cells: int
    right: dict[str, int]
    invented: int  # units and periods where the key says that none is stated
    misses: tuple[str, ...]


def scored_file(key: Path) -> Score:
    """Read the workbook beside a key and compare; LookupError when it is not readable."""
    workbook = key.with_name(key.name.removesuffix(_KEY))
    return scored(json.loads(key.read_text(encoding="utf-8"))["facts"], _inspected(workbook), workbook.name)


def scored(facts: list[dict[str, Any]], said: dict[str, Any], file: str) -> Score:
    """Compare the facts of one answer key with what `inspect` says of the workbook."""
    # Keys call the one sheet of a csv `csv`; programs may name it after the file.
    alone = len(said["sheets"]) == 1
    values = {
        ("" if alone else sheet["name"], value["ref"]): value
        for sheet in said["sheets"]
        for table in sheet["tables"]
        for value in table["values"]
    }
    right = dict.fromkeys(ASPECTS, 0)
    invented, misses = 0, []
    for fact in facts:
        where = f"{fact['sheet']}!{fact['cell']}"
        value = values.get(("" if alone else fact["sheet"], fact["cell"]))
        if value is None:
            misses.append(f"{where}: not found")
            continue
        for aspect, (wanted, found) in _compared(fact, value).items():
            right[aspect] += wanted == found
            if wanted != found:
                misses.append(f"{where}: {aspect}: wanted {wanted}, found {found}")
                invented += aspect in ("unit", "period") and wanted is None
    return Score(file, len(facts), right, invented, tuple(misses))


def _compared(fact: dict[str, Any], value: dict[str, Any]) -> dict[str, tuple[object, object]]:
    return {
        "value": (_digits(str(fact["value"])), value["value"] and _digits(value["value"])),
        "labels": (
            (fact["row_label"], fact["column_label"]),
            (value["row_label"], value["column_label"]),
        ),
        "unit": (fact["unit"], value["unit"]),
        "period": (fact["period"], value["period"]),
    }


def _digits(text: str) -> str:
    """Twelve digits: a key holds the text of a stored double, which carries noise beyond fifteen."""
    return f"{float(text):.12g}"


def _inspected(workbook: Path) -> dict[str, Any]:
    (result,) = read(workbook)
    if isinstance(result, Book):
        told: dict[str, Any] = json.loads(to_json(inspected([result])))
        return told
    raise LookupError(f"{workbook.name}: {result.problem.message}")


def main() -> int:
    """Print the four rates and the misses; exit 1 below the bar, 2 without keys."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="print every miss, not the first ten of a file")
    arguments = parser.parse_args()
    scores = [scored_file(key) for key in sorted(arguments.folder.glob(f"*{_KEY}"))]
    for score in scores:
        rates = "  ".join(f"{aspect} {score.right[aspect]}/{score.cells}" for aspect in ASPECTS)
        print(f"{score.file}\n  {rates}  invented {score.invented}")
        for miss in score.misses if arguments.verbose else score.misses[:10]:
            print(f"    {miss}")
    total = sum(score.cells for score in scores)
    if not total:
        print("no answer keys found", file=sys.stderr)
        return 2
    shares = {aspect: sum(score.right[aspect] for score in scores) / total for aspect in ASPECTS}
    print(f"{total} cells: " + ", ".join(f"{aspect} {share:.1%}" for aspect, share in shares.items()))
    return int(any(shares[aspect] < BAR[aspect] for aspect in ASPECTS) or any(score.invented for score in scores))


if __name__ == "__main__":
    sys.exit(main())
