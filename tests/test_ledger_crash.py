"""Killed anywhere, the ledger holds all of a workbook or none; many importers at once store every fact once."""

import subprocess
from pathlib import Path

from ledger_crash import check_whole, importer, migrate_rounds, survive

KILLS = 20
EACH = 10  # workbooks a round


def test_an_import_killed_anywhere_leaves_whole_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    told: list[int] = []

    def check(_: int, lines: list[str]) -> None:
        told.extend(int(line) for line in lines)
        check_whole(path, told)

    *_, (last, _) = survive(
        KILLS, lambda number: importer(path, number * EACH, number * EACH + EACH - 1), check, seed=1
    )
    subprocess.run(importer(path, 0, last * EACH + EACH - 1), check=True, capture_output=True)
    assert check_whole(path, told) == set(range(last * EACH + EACH)), "the next run makes up for all"


def test_a_first_import_killed_anywhere_leaves_a_ledger_or_none(tmp_path: Path) -> None:
    def path(number: int) -> Path:
        return tmp_path / str(number) / "var" / "ledger.db"

    def check(number: int, lines: list[str]) -> None:
        check_whole(path(number), [int(line) for line in lines])
        subprocess.run(importer(path(number), 0, 0), check=True, capture_output=True)
        assert check_whole(path(number), []) == {0}

    assert list(survive(KILLS, lambda number: importer(path(number), 0, 0), check, seed=2))[-1][1] == KILLS


def test_a_migration_killed_anywhere_leaves_the_old_ledger_or_the_new_and_the_next_one_ends_it(tmp_path: Path) -> None:
    *_, tally = migrate_rounds(tmp_path, KILLS, seed=3)
    assert tally.killed == KILLS


def test_eight_importers_at_once_store_every_workbook_once(tmp_path: Path) -> None:
    """All eight bring the same ten, two and two bring the same twenty; nobody is turned away."""
    path = tmp_path / "var" / "ledger.db"
    ranges = [(0, 9 + 20 * (number % 4)) if number % 2 else (10 * number, 10 * number + 19) for number in range(8)]
    processes = [subprocess.Popen(importer(path, *each), stdout=subprocess.PIPE, text=True) for each in ranges]
    told = [int(line) for process in processes for line in process.communicate()[0].splitlines()[1:]]
    assert [process.returncode for process in processes] == [0] * 8
    assert check_whole(path, told) == set(told)
    assert len(told) > len(set(told)), "some did meet"
