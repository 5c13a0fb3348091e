"""The `zyz` command, also as `python -m xiangning_zyz`."""

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Starting makes many objects and no garbage; looking for it takes a twentieth of `zyz status`.
    gc.set_threshold(100_000)
    from xiangning_zyz.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
