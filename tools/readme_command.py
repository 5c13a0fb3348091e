"""Print one of the README's set-up commands as it stands there: `demo` (main job) or `tests`.

`.ci/run` executes exactly this line in a fresh clone, so the README cannot drift from the truth.
"""

import re
import sys
from pathlib import Path

_ENDS = {"demo": ".venv/bin/zyz demo", "tests": ".venv/bin/pytest"}


def main(job: str) -> None:
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"^python3 -m venv .*{re.escape(_ENDS[job])}$", readme, re.MULTILINE)
    if len(found) != 1:
        sys.exit(f"README.md should hold one command that ends in {_ENDS[job]!r}, and holds {len(found)}")
    print(found[0])


if __name__ == "__main__":
    main(sys.argv[1])
