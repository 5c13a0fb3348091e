"""The `zyz` command, also as `python -m xiangning_zyz`."""

import gc
import signal
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Starting makes many objects and no garbage; looking for it takes a twentieth of `zyz status`.
    gc.set_threshold(100_000)
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # under nohup it is not
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while loading: leave without a traceback
    from xiangning_zyz.cli.app import run

    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    code = run(sys.argv[1:])
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # all is done; the interpreter may clear up in peace
    sys.exit(code)


if __name__ == "__main__":
    main()
