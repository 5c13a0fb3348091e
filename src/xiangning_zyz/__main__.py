"""The `zyz` command, also as `python -m xiangning_zyz`."""

import atexit
import gc
import os
import sys
import time

TYPE_CHECKING = False  # as type checkers take it; loading `typing` would take half as long as Python itself
if TYPE_CHECKING:
    from typing import NoReturn

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Starting makes many objects and no garbage; looking for it takes a twentieth of `zyz status`, and a thirtieth
    # of taking in a thousand sheets, whose figures all stay.
    gc.set_threshold(1_000_000)
    if sys.argv[1:2] == ["import"]:
        _import_at_once(sys.argv[1:])
    import signal  # takes as long to load as the answer above

    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # under nohup it is not
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while loading: leave without a traceback
    from xiangning_zyz.cli.app import run

    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    code = run(sys.argv[1:])
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # all is done; the interpreter may clear up in peace
    _leave(code)


def _import_at_once(arguments: list[str]) -> None:
    """Give the last answer again and leave, if it is remembered and nothing has changed since; else start the workers.

    They load while the command line is read.
    """
    try:
        from xiangning_zyz.last_answer import asked, said_before

        answer = said_before(arguments, time.time())
        if answer is None:
            plain = asked(arguments)
            if plain is not None:
                from xiangning_zyz.jobs.workers import start_ahead

                start_ahead(plain[1])
            return
        try:
            sys.stdout.buffer.write(answer)
            sys.stdout.buffer.flush()
        except OSError as error:
            from xiangning_zyz.cli.app import output_failed

            _leave(output_failed(error, arguments))
    except KeyboardInterrupt:
        _leave(_INTERRUPTED)
    _leave(0)


def _leave(code: int) -> "NoReturn":
    """End the process, at once where nothing was left to be done at its end.

    Files and the ledger are closed by now; taking the interpreter down piece by piece would cost a
    fifth of `zyz status`. Whoever registered something with `atexit`, or has a thread running, gets it.
    """
    registered = getattr(atexit, "_ncallbacks", None)  # CPython's own count; it has no public name
    threading = sys.modules.get("threading")  # not loaded: no threads
    if registered is None or registered() or (threading is not None and threading.active_count() > 1):
        sys.exit(code)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # said, or to be said, by the ordinary way out
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":
    main()
