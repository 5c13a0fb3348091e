"""A workspace with the installed command in it, as tests of imports need it."""

import json
from pathlib import Path
from typing import Any, NamedTuple

RECEIVED = "2024-07-03"


class Office(NamedTuple):
    """A workspace, and the command in it."""

    zyz: Any
    home: Path
    folder: Path

    def sheet(self, content: bytes, name: str = "县工信局.xlsx") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def take_in(self, *files: bytes | Path, exit_code: int = 0, **options: str | bool) -> dict[str, Any]:
        """The receipt of `zyz import`, received on 3 July 2024 unless said otherwise."""
        paths = [self.sheet(each) if isinstance(each, bytes) else each for each in files]
        words = []
        for option, value in ({"received": RECEIVED} | options).items():
            words += [f"--{option.replace('_', '-')}"] + ([] if value is True else [value])
        run = self.zyz("import", *paths, *words, "--format", "json", home=self.home)
        assert (run.returncode, "Traceback" in run.stderr) == (exit_code, False), run.stdout + run.stderr
        return json.loads(run.stdout)

    def ask(self, *words: str) -> dict[str, Any]:
        run = self.zyz(*words, "--format", "json", home=self.home)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    def traced(self, what: str) -> list[tuple[str, str, bool]]:
        """(value, department, superseded) of every version, newest first."""
        values = self.ask("trace", what)["values"]
        return [(each["value"], each["department"], each["superseded"]) for each in values]

    def rules(self, text: str) -> None:
        (self.home / "data" / "rules.yaml").write_text(text, encoding="utf-8")


def figures(receipt: dict[str, Any]) -> set[tuple[str, ...]]:
    """(indicator, segment, period, basis, value) of every figure that was read."""
    return {
        (fact["indicator"], fact["segment"] or "", fact["period"], fact["basis"], fact["value"])
        for file in receipt["files"]
        for fact in file["facts"]
        if fact["kind"] == "indicator"
    }


def codes(receipt: dict[str, Any]) -> list[str]:
    return [problem["code"] for file in receipt["files"] for problem in file["problems"]]
