"""The traceback of a fault, kept where maintainers look and users need not (CONTRACT §5)."""

import os
import traceback
from contextlib import suppress
from pathlib import Path

from xiangning_zyz.cli.desk import now
from xiangning_zyz.jobs.log import open_log
from xiangning_zyz.jobs.workspace import find_workspace
from xiangning_zyz.stop import Stop


def keep_traceback(error: Exception, arguments: list[str]) -> bool:
    """Append what went wrong to the workspace's log, if there is one; whether it was kept."""
    with suppress(OSError, Stop):  # no workspace, or a disk that takes nothing: the fault itself is told all the same
        workspace = find_workspace(_home(arguments), os.environ, Path.cwd())
        if workspace.var.is_dir():
            details = "".join(traceback.format_exception(error))
            open_log(workspace.log / "zyz.log", now).write("fault", command=arguments[:1], details=details)
            return True
    return False


def _home(arguments: list[str]) -> Path | None:
    """What follows `--home`; the arguments may be what could not be parsed."""
    for place, word in enumerate(arguments):
        if word.startswith("--home="):
            return Path(word.removeprefix("--home="))
        if word == "--home" and place + 1 < len(arguments):
            return Path(arguments[place + 1])
    return None
