"""How long `zyz status` takes to start and answer, as a multiple of `python -c pass` of the same interpreter.

    python tools/bench_start.py [--pairs 15]

Makes the demo's workspace, then runs A B A B … as whole processes: `zyz status` piped, the same on a
pseudo-terminal (POSIX only), `zyz --version`, `zyz --help`. Prints the median of the pairwise ratios.
"""

import argparse
import os
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

from xiangning_zyz.cli.desk import now
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.jobs.demo import DAY, demo_workspace, samples
from xiangning_zyz.jobs.imports import Wish, import_files
from xiangning_zyz.jobs.plans import open_plan
from xiangning_zyz.ledger.sqlite import open_ledger

ZYZ = str(Path(sysconfig.get_path("scripts")) / "zyz")


def demo_home() -> Path:
    workspace = demo_workspace()
    plan = open_plan(workspace)
    with open_ledger(workspace.ledger, plan.id) as ledger:
        for sample in samples():
            import_files(workspace, plan, ledger, [sample.path], Wish(Given(), sample.received, now()), lambda _: None)
    return workspace.home


def piped(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=True)


def on_terminal(command: list[str]) -> None:
    """Run *command* with standard output on a pseudo-terminal and read it to the end."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL)
    os.close(theirs)
    try:
        while os.read(ours, 1 << 16):
            pass
    except OSError:  # Linux ends a closed terminal with EIO
        pass
    os.close(ours)
    if process.wait():
        sys.exit(f"{command} ended with {process.returncode}")


def seconds(run: Callable[[list[str]], None], command: list[str]) -> float:
    begin = time.perf_counter()
    run(command)
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15)
    pairs = parser.parse_args().pairs
    status = [ZYZ, "status", "--home", str(demo_home()), "--as-of", DAY.isoformat()]
    cases = {"zyz status, piped": (piped, status)}
    if os.name == "posix":
        cases["zyz status, on a terminal"] = (on_terminal, status)
    cases["zyz --version"] = (piped, [ZYZ, "--version"])
    cases["zyz --help"] = (piped, [ZYZ, "--help"])
    nothing = [sys.executable, "-c", "pass"]
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; medians of {pairs} pairs")
    for name, (run, command) in cases.items():
        run(command)
        measured = [(seconds(run, command), seconds(piped, nothing)) for _ in range(pairs)]
        ratio = statistics.median(a / b for a, b in measured)
        print(f"{name:28} {ratio:5.2f} x   ({statistics.median(a for a, _ in measured) * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
