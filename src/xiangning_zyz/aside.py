"""Files written whole: a reader sees the old one or the new one, never half of it, and no crash changes that."""

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path


def write_aside(target: Path, content: bytes | Iterable[bytes], folder: Path | None = None) -> None:
    """Write *content*, whole or in pieces, to a temporary file, flush it to the disk, then give it the name *target*.

    The temporary file lies in *folder*, which must be on the same disk, else beside *target*. Killed
    anywhere, at most that is left; see `sweep`. OSError as the system gives it, with *target* as its file.
    """
    pieces = [content] if isinstance(content, bytes) else content
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as device:  # a pipe or device (/dev/null) must not be replaced by a file
                device.writelines(pieces)
            return
        file = target.resolve()  # a link stays, what it stands for is written
        _replace(file, pieces, temporary_in(folder or file.parent))
    except OSError as error:
        error.filename, error.filename2 = str(target), None
        raise


def write_together(contents: Mapping[Path, bytes], folder: Path) -> None:
    """Write several files of names that are ours, as `write_aside` does, for less: they are flushed together.

    No more than may be open at once. Each is on the disk before any has its name. Killed anywhere, of each
    there is all under its name or nothing. OSError as the system gives it, with the file's own name as its file.
    """
    asides = {target: temporary_in(folder, number) for number, target in enumerate(contents)}
    told = folder
    try:
        with ExitStack() as opened:
            files = {}
            for told, aside in asides.items():
                files[told] = file = opened.enter_context(aside.open("wb"))
                file.write(contents[told])
                file.flush()
                _begin_to_flush(file.fileno())
            for told in asides:
                os.fsync(files[told].fileno())
        for told, aside in asides.items():
            aside.replace(told)
        for told in {target.parent for target in contents}:
            sync_folder(told)
    except BaseException as error:
        for aside in asides.values():
            aside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(told), None
        raise


def make_folder(folder: Path) -> None:
    """Make *folder* and those above it; power loss cannot take back the names."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def temporary_in(folder: Path, number: int = 0) -> Path:
    """Where this process writes what it has not finished: no name of a user's, no name too long."""
    return folder / f".zyz-{os.getpid()}{f'-{number}' if number else ''}.tmp"


def sweep(folder: Path) -> None:
    """Remove the temporary files that killed runs left in *folder*.

    Only for who knows that no living run is writing there, or that it can do without.
    """
    for left in folder.glob(".zyz-*.tmp*"):  # SQLite adds `-journal`
        with suppress(OSError):  # open on Windows, or not ours: a later run will do it
            left.unlink()


def sync_folder(folder: Path) -> None:
    """Flush the names in *folder* to the disk, so that power loss cannot take back a rename."""
    if os.name == "nt":
        return  # Windows has no such call; NTFS journals names itself
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(target: Path, pieces: Iterable[bytes], aside: Path) -> None:
    try:
        _write(aside, pieces)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def _begin_to_flush(handle: int) -> None:
    """Have the disk begin on a file that is to be flushed: then one commit of its journal serves many of them.

    Linux begins to write what is said to be needed no more. A hint that nothing hangs on; it saves a third of the
    processor time of writing many files, and half the wait.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # not every file system knows it
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
