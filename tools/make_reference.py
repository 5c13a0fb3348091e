"""Write the pages of `docs/reference/` that are made from code; `--check` only says whether they are current."""

import sys
from pathlib import Path

from xiangning_zyz.intake.plan.faults import CATALOGUE as FAULTS
from xiangning_zyz.problem import CATALOGUE

DOCS = Path(__file__).resolve().parent.parent / "docs" / "reference"
_SEVERITY = {"error": "错误（整表退回）", "warning": "提醒（照常导入）"}


def problems_page() -> str:
    """The catalogue of problems, one section a code."""
    lines = [
        "# 填报问题一览",
        "",
        "本页由程序的问题目录生成（`python tools/make_reference.py`），不要手工修改。",
        "级别可在 `data/rules.yaml` 的 `severity` 中改变。`{…}` 处填入实际内容。",
        "",
        "| 代码 | 级别 | 问题 |",
        "| --- | --- | --- |",
    ]
    lines += [f"| [{kind.code}](#{kind.code.lower()}) | {kind.severity} | {kind.title} |" for kind in CATALOGUE]
    for kind in CATALOGUE:
        lines += ["", f"## {kind.code}", "", f"{kind.title}，{_SEVERITY[kind.severity]}", ""]
        lines += [f"- 提示：{kind.says}", f"- 怎样改：{kind.mend}"]
    return "\n".join(lines) + "\n"


def faults_page() -> str:
    """The catalogue of faults and remarks that `zyz check` reports."""
    lines = [
        "# 方案数据检查一览",
        "",
        "本页由程序的目录生成（`python tools/make_reference.py`），不要手工修改。",
        "P0 文件与 YAML 写法，P1 结构，P2 含义，L3 提醒。错误时退出码为 1，只有提醒时为 0。",
        "",
        "| 代码 | 级别 | 说明 | 怎样改 |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {k.code} | {k.severity} | {k.says} | {k.mend} |" for k in FAULTS]
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Every generated page with its content."""
    return {DOCS / "problems.md": problems_page(), DOCS / "plan-faults.md": faults_page()}


def main() -> None:
    stale = [path for path, text in pages().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(map(str, stale))}" if stale else 0)
    DOCS.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
