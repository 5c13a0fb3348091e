"""The last answer of `zyz import`, said again at once while nothing it depends on has changed.

As make and git's index do, files are believed unchanged by their size, times and number; the rest is
compared as it stands (docs/decisions/0009). Looked at before anything else is loaded, so this imports
next to nothing; `jobs.remembering` writes what is read here. Whatever is not plain is left to the
ordinary way: None.
"""

import os
import sys
from binascii import crc32
from stat import S_ISDIR, S_ISREG

from xiangning_zyz import __version__

LARGEST = 32 << 20  # bytes; 1,000 receipts of 55 figures each, as JSON, are 25 million

_FORMAT = 1  # raise it when the same circumstances come to mean another answer within one version
_HEAD = len(b"%08x %012d %012d\n" % (0, 0, 0))
_VALUED = ("--home", "--format")  # the options that are understood here; others go the ordinary way
_FLAGS = ("-q", "--quiet", "-v", "--verbose", "--no-color")
_ELSEWHERE = ("ZYZ_DATABASE_URL", "_ZYZ_COMPLETE")  # another ledger; a shell that asks for completions
_SCREEN = ("COLUMNS", "TERM", "NO_COLOR", "ZYZ_NO_COLOR")  # what the look of tables depends on
_SQLITE_HEADER = 100  # bytes; change counter and number of pages are in it


class Sight:
    """All that the answer to *arguments* depends on, as seen at one moment.

    *text* is for comparing. *newest* is the latest change of any report or plan file, *ledger* that of
    the ledger, both in nanoseconds since 1970.
    """

    __slots__ = ("arguments", "home", "ledger", "newest", "paths", "seconds", "text")

    def __init__(self, arguments: list[str], seconds: float, home: str, paths: list[str]) -> None:
        self.arguments = arguments
        self.seconds = seconds  # since 1970, when the command began
        self.home = home
        self.paths = paths
        self.newest = self.ledger = 0
        self.text = b""


def said_before(arguments: list[str], seconds: float) -> memoryview | None:
    """What the ordinary way would print for *arguments* at that time (since 1970), if it is remembered."""
    plain = asked(arguments)
    if plain is None:
        return None
    try:
        with open(path_in(plain[0]), "rb") as file:
            content = file.read()
    except (OSError, ValueError):  # ValueError: a name with a NUL
        return None
    seen = look(arguments, seconds)
    if seen is None:
        return None
    start = _HEAD + len(seen.text)
    answer = memoryview(content)[start:]
    return answer if content[:start] == head(seen.text, answer) + seen.text else None


def look(arguments: list[str], seconds: float) -> Sight | None:
    """What `zyz` *arguments*, begun at that time (since 1970), depends on now.

    None if that cannot be said from the entries of files alone.
    """
    plain = asked(arguments)
    if plain is None or any(os.environ.get(name) for name in _ELSEWHERE):
        return None
    seen = Sight(arguments, seconds, *plain)
    try:
        program = (_FORMAT, __version__, sys.version, _state(os.stat(__file__)))
        run = (arguments, os.getcwd(), shanghai_day(seconds), _output())
        ledger = _ledger(seen)
        plan = [_plan_file(seen, name) for name in ("targets.yaml", "tasks.yaml", "rules.yaml")]
        reports = [_reports(seen, path) for path in seen.paths]
        seen.text = repr((program, run, ledger, plan, reports)).encode()
    except (OSError, ValueError, RecursionError, _NotPlain):  # RecursionError: a thousand folders, each in the other
        return None
    return seen


def shanghai_day(seconds: float) -> int:
    """The day in Asia/Shanghai, counted since 1970."""
    return int((seconds + 8 * 3600) // 86400)


def path_in(home: str) -> str:
    """Where the last answer of the workspace *home* is remembered: one, each in place of the one before."""
    return os.path.join(home, "var", "cache", "import.last")


def head(text: bytes, answer: bytes | memoryview) -> bytes:
    """What stands before what was seen and what was said: their checksum and their lengths."""
    return b"%08x %012d %012d\n" % (crc32(answer, crc32(text)), len(text), len(answer))


class _NotPlain(Exception):
    """Something for the ordinary way to explain: a link, a pipe, a ledger that is being written."""


def asked(arguments: list[str]) -> tuple[str, list[str]] | None:
    """Workspace and paths of a plain `import`; who remembers holds them against Typer's reading."""
    if arguments[:1] != ["import"] or sys.stdout is None:  # on Windows without a console, or closed
        return None
    home, paths = "", []
    words = iter(arguments[1:])
    for word in words:
        name, equals, value = word.partition("=")
        if name in _VALUED:
            value = value if equals else next(words, "")
            home = value if name == "--home" else home
        elif not word.startswith("-"):
            paths.append(word)
        elif word not in _FLAGS:
            return None
    try:
        home = home or os.environ.get("ZYZ_HOME") or _around(os.getcwd())
    except OSError:  # the current folder is gone
        return None
    return (home, paths) if home and paths else None


def _around(folder: str) -> str:
    """The nearest workspace of which *folder* is a part; empty if there is none."""
    while not os.path.isfile(os.path.join(folder, "data", "targets.yaml")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return ""
    return folder


def _output() -> tuple[object, ...]:
    """What the bytes on standard output depend on."""
    if not sys.stdout.isatty():
        return (sys.stdout.encoding, os.linesep)
    columns = os.get_terminal_size(sys.stdout.fileno()).columns
    return (sys.stdout.encoding, os.linesep, columns, [os.environ.get(name) for name in _SCREEN])


def _ledger(seen: Sight) -> tuple[object, ...]:
    folder = os.path.join(seen.home, "var")
    path = os.path.join(folder, "ledger.db")
    for log in (path + "-wal", path + "-journal"):
        if os.path.exists(log) and os.path.getsize(log):
            raise _NotPlain
    with open(path, "rb") as file:
        header = file.read(_SQLITE_HEADER)
    status = os.stat(path)
    seen.ledger = max(status.st_mtime_ns, status.st_ctime_ns)
    # Who may not write is refused in the ordinary way.
    return (_state(status), header, os.access(path, os.W_OK), os.access(folder, os.W_OK))


def _plan_file(seen: Sight, name: str) -> tuple[int, ...] | None:
    path = os.path.join(seen.home, "data", name)
    if name == "rules.yaml" and not os.path.lexists(path):
        return None
    return _file(seen, os.stat(path))


def _reports(seen: Sight, path: str) -> object:
    """A report's state, or a folder's entries with theirs. Links are only followed where Python's walk does."""
    if not os.path.isdir(path):
        return _file(seen, os.lstat(path))
    entries: list[object] = []
    for name in sorted(os.listdir(path)):
        each = os.path.join(path, name)
        status = os.lstat(each)
        entries.append((name, _reports(seen, each) if S_ISDIR(status.st_mode) else _file(seen, status)))
    return entries


def _file(seen: Sight, status: os.stat_result) -> tuple[int, ...]:
    if not S_ISREG(status.st_mode):
        raise _NotPlain
    seen.newest = max(seen.newest, status.st_mtime_ns, status.st_ctime_ns)
    return _state(status)


def _state(status: os.stat_result) -> tuple[int, ...]:
    """What changes whenever a file is changed or changed for another; on Windows `st_ctime` is its creation."""
    return (
        status.st_mode,
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
