"""`zyz run`, `undo`, `backup` and `restore` killed at random moments; what must hold then, and after a second try.

A few rounds are tests (`test_care_crash.py`), hundreds are `tools/soak.py --care`. Each round begins with
the same prepared office, so that only the moment differs.
"""

import hashlib
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from killing import finish, make_batch, start, zyz
from xiangning_zyz.jobs.lock import is_held
from xiangning_zyz.jobs.plans import make_workspace
from xiangning_zyz.ledger.sqlite import open_ledger

DAY = "2025-07-05"  # a Saturday: nobody is reminded


class Job(NamedTuple):
    """One command that is killed, and what an office would look for afterwards."""

    words: tuple[object, ...]
    prepare: Callable[[Path], None]  # makes the office in that folder's `home`
    whole: Callable[[Path], None]  # holds at any moment
    done: Callable[[Path], None]  # holds once the command has come to its end
    codes: tuple[int, ...]  # of a run that comes to its end, also when all was done before


def kill_rounds(folder: Path, job: Job, kills: int, seed: int) -> Iterator[int]:
    """Kill *job* that many times, look, run it again, look again; yields the number of kills so far."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    office = folder / "office"
    office.mkdir(parents=True)
    job.prepare(office)
    usual, number, killed = _unharmed(folder, office, job), 0, 0
    while killed < kills:
        number += 1
        place = folder / f"round {number}"
        shutil.copytree(office, place, symlinks=True)
        share = chance.uniform(0.6, 1) if number % 2 else chance.uniform(0, 0.6)  # the end is where things happen
        run = finish(start(place / "home", *_in(place, job.words)), share * usual)
        assert "Traceback" not in run.err, run.err
        killed += run.stopped
        job.whole(place)
        again = zyz(place / "home", *_in(place, job.words))
        assert again.code in job.codes, f"{again.code}: {again.out}{again.err}"
        job.whole(place)
        job.done(place)
        shutil.rmtree(place)
        if not run.stopped:  # other work on the machine comes and goes
            usual = run.seconds
        yield killed


def _unharmed(folder: Path, office: Path, job: Job) -> float:
    place = folder / "unharmed"
    shutil.copytree(office, place, symlinks=True)
    run = zyz(place / "home", *_in(place, job.words))
    assert run.code in job.codes, f"{run.code}: {run.out}{run.err}"
    job.done(place)
    shutil.rmtree(place)
    return run.seconds


def _in(place: Path, words: tuple[object, ...]) -> list[object]:
    """The words of the command, with paths that are meant to lie in *place*."""
    return [place / word if isinstance(word, Path) else word for word in words]


def _sound(home: Path) -> None:
    run = zyz(home, "verify")
    assert run.code == 0, f"verify: {run.out}{run.err}"
    for path in (home / "var" / "archive").rglob("[!.]*"):
        assert path.is_dir() or _sha(path) == path.name, f"half a file: {path}"
    for path in (home / "var").rglob("[!.]*.xlsx"):
        with zipfile.ZipFile(path) as book:
            assert book.testzip() is None, f"half a file: {path}"


def _nothing_unfinished(place: Path) -> None:
    left = list(place.rglob(".zyz-*"))
    assert left == [], left


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _imported(home: Path) -> list[tuple[str, int, bool]]:
    with open_ledger(home / "var" / "ledger.db", "xiangning", create=False) as ledger:
        return [(row.what.file, row.facts, row.undone) for row in ledger.imports()]


# run


def full_inbox(place: Path) -> None:
    home = make_workspace(place / "home").home
    batch = make_batch(place / "batch", 1)
    shutil.copytree(batch.folder, home / "var" / "inbox")
    zyz(home, "status")  # caches the plan, as on any later night


def each_somewhere(place: Path) -> None:
    """Every file is in the inbox, the archive or among those returned; what the ledger holds it holds whole."""
    var = place / "home" / "var"
    kept = {_sha(path) for path in var.rglob("*") if path.is_file()}
    for path in (place / "batch").iterdir():
        assert _sha(path) in kept, f"lost: {path.name}"
    _sound(place / "home")
    sizes = {(file, facts) for file, facts, _ in _imported(place / "home")}
    assert sizes <= {("1-1 产值.xlsx", 96), ("1-3 企业.xlsx", 96), ("1-4 就业.xlsx", 24)}, sizes


def inbox_done(place: Path) -> None:
    home = place / "home"
    assert not list((home / "var" / "inbox").iterdir())
    assert [file for file, _, _ in _imported(home)] == ["1-1 产值.xlsx", "1-3 企业.xlsx", "1-4 就业.xlsx"]
    archived = sorted(path.name for path in (home / "var" / "archive").rglob("*") if path.is_file())
    sound = [path for path in (place / "batch").iterdir() if "有错" not in path.name]
    assert archived == sorted(map(_sha, sound))
    [bad] = [path for path in (place / "batch").iterdir() if "有错" in path.name]
    stem = f"{DAY}-{_sha(bad)[:12]}"
    returned = sorted(path.name for path in (home / "var" / "returned").iterdir())
    assert returned == [f"{stem}.xlsx", f"{stem}.原件.xlsx", f"{stem}.说明.txt"]
    beat = json.loads((home / "var" / "heartbeat.json").read_text(encoding="utf-8"))
    assert (beat["result"], beat["last_day"]) == ("good", DAY), beat
    assert not is_held(home / "var" / "run.lock")
    assert (home / "var" / "reports" / "latest.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    _nothing_unfinished(place)


RUN = Job(("run", "--settle", "0", "--as-of", DAY), full_inbox, each_somewhere, inbox_done, (0, 1))


# undo


def _with_imports(place: Path) -> None:
    home = make_workspace(place / "home").home
    zyz(home, "import", make_batch(place / "batch", 1).folder, "--received", "2025-07-01")


def _ledger_whole(place: Path) -> None:
    _sound(place / "home")
    assert [undone for _, _, undone in _imported(place / "home")][1:] == [False, False]


def _undone(place: Path) -> None:
    assert [undone for _, _, undone in _imported(place / "home")] == [True, False, False]


UNDO = Job(("undo", 1, "--reason", "报错了月份"), _with_imports, _ledger_whole, _undone, (0, 2))


# backup and restore


def _backups_whole(place: Path) -> None:
    """What bears the name of a backup restores to what the office holds."""
    _sound(place / "home")
    for number, path in enumerate((place / "safe").glob("[!.]*")):
        into = place / f"restored {number}"
        run = zyz(place / "home", "restore", path, "--into", into)
        assert run.code == 0, run.err
        assert _imported(into) == _imported(place / "home")
        shutil.rmtree(into)


def _backed_up(place: Path) -> None:
    assert list((place / "safe").glob("*.zip"))
    _nothing_unfinished(place)


BACKUP = Job(("backup", "-o", Path("safe")), _with_imports, _backups_whole, _backed_up, (0,))


def _with_backup(place: Path) -> None:
    _with_imports(place)
    assert zyz(place / "home", "backup", "-o", place).code == 0
    [made] = place.glob("*.zip")
    made.rename(place / "backup.zip")


def _restored_or_not(place: Path) -> None:
    into = place / "new"
    if into.exists():
        assert zyz(into, "verify").code == 0
        assert _imported(into) == _imported(place / "home")


def _restored(place: Path) -> None:
    assert (place / "new" / "data" / "targets.yaml").is_file()
    _nothing_unfinished(place)


RESTORE = Job(("restore", Path("backup.zip"), "--into", Path("new")), _with_backup, _restored_or_not, _restored, (0, 1))

JOBS = {"run": RUN, "undo": UNDO, "backup": BACKUP, "restore": RESTORE}
