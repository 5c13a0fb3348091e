"""The receipt of an import: what was read, what became of it, what must be mended (CONTRACT §6)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from xiangning_zyz.fact import Fact, Observation
from xiangning_zyz.figure import plain
from xiangning_zyz.period import Period
from xiangning_zyz.plan import Plan
from xiangning_zyz.problem import Problem
from xiangning_zyz.report.listing import Field, Listing

Status = Literal["imported", "partial", "unchanged", "returned", "failed"]
Change = Literal["new", "same", "revised"]

_STATUS: dict[Status, str] = {
    "imported": "已导入",
    "partial": "部分导入",
    "unchanged": "与台账一致，未重复导入",
    "returned": "退回",
    "failed": "无法读取",
}
_CHANGE: dict[Change, str] = {"new": "新增", "same": "未变", "revised": "修订"}
_SEVERITY = {"error": "错误", "warning": "提醒"}
_BASIS = {"point": "期末", "single": "当期", "cumulative": "累计"}
_KIND = {"task": "任务进展", "project": "项目进展", "issue": "问题", "enterprise": "企业"}


class FactLine(NamedTuple):
    """One fact that was read, and how it differs from what was valid before."""

    fact: Fact
    change: Change
    previous: str | Mapping[str, str] | None  # what it replaces: a value, exact, in the plan's unit; or fields


class FileReceipt(NamedTuple):
    """What became of one workbook."""

    file: str
    sha256: str
    status: Status
    import_id: int | None = None  # null unless something entered the ledger
    department: str | None = None
    periods: tuple[str, ...] = ()
    facts: tuple[FactLine, ...] = ()  # what was read, if it is to be listed
    all_new: bool = False  # whether nothing of it was said before
    stored: int = 0  # how many of them entered the ledger, or would (dry run)
    problems: tuple[Problem, ...] = ()
    returned_copy: str | None = None


class Receipt(NamedTuple):
    """The receipt of one run of `zyz import`."""

    dry_run: bool
    files: tuple[FileReceipt, ...]

    @property
    def accepted(self) -> bool:
        """Whether nothing was returned, failed or stored only in part (exit code 0)."""
        return all(file.status in ("imported", "unchanged") for file in self.files)

    @property
    def unchanged(self) -> bool:
        """Whether the ledger already held whatever was read."""
        return all(file.status == "unchanged" for file in self.files)


def receipt_json(receipt: Receipt) -> dict[str, object]:
    """`zyz/import@1`; `files` is an iterator, to be gone through once: a zip may hold a thousand."""
    counts = Counter(file.status for file in receipt.files)
    totals: dict[str, int] = {status: counts[status] for status in _STATUS}
    return {
        "schema": "zyz/import@1",
        "dry_run": receipt.dry_run,
        "files": map(_file_json, receipt.files),
        "totals": {
            **totals,
            "facts": sum(file.stored for file in receipt.files),
            "problems": sum(len(file.problems) for file in receipt.files),
        },
    }


def receipt_listings(receipt: Receipt, plan: Plan, *, facts: bool) -> tuple[Listing, ...]:
    """The receipt for people: files, then every problem; the facts too when *facts*."""
    title = "导入回执（试运行，未写入台账）" if receipt.dry_run else "导入回执"
    heads = ("文件", "结果", "填报单位", "报告期", "数据", "错误", "提醒", "导入号")
    files = tuple(_file_row(file) for file in receipt.files)
    listings = [Listing(title, heads, files, (), frozenset({4, 5, 6, 7}))]
    if facts:
        rows = tuple(_fact_row(plan, line) for file in receipt.files for line in file.facts)
        heads = ("工作表", "单元格", "项目", "报告期", "原数", "换算后", "变化", "原值")
        listings.append(Listing("读到的数据", heads, rows, (), frozenset({4, 5, 7})))
    problems = [problem for file in receipt.files for problem in file.problems]
    if problems:
        listings.append(problem_listing(problems))
    return tuple(listings)


def problem_json(problem: Problem) -> dict[str, str]:
    """A problem without the name of its file, which stands above it."""
    return {name: value for name, value in problem._asdict().items() if name != "file"}


def problem_listing(problems: Sequence[Problem]) -> Listing:
    """Problems with place, code, what is wrong and what to do; errors first within a file."""
    rows = tuple(
        (
            problem.file,
            f"{problem.sheet}!{problem.ref}" if problem.ref else problem.sheet,
            Field(f"{_SEVERITY[problem.severity]} {problem.code}", "bad" if problem.severity == "error" else "warn"),
            problem.message,
            problem.fix,
        )
        for problem in problems
    )
    return Listing("填报问题", ("文件", "位置", "级别", "问题", "怎样改"), rows)


def name_of(plan: Plan, fact: Fact) -> str:
    """What a fact is about, in the plan's words."""
    if isinstance(fact, Observation):
        name = plan.indicator(fact.indicator).name
        return name if fact.segment is None else f"{name}·{plan.segment(fact.segment).name}"
    return f"{_KIND[fact.kind]} {fact.subject}"


def _file_json(file: FileReceipt) -> dict[str, object]:
    return {
        "file": file.file,
        "sha256": file.sha256,
        "status": file.status,
        "import_id": file.import_id,
        "department": file.department,
        "periods": list(file.periods),
        "facts": [_fact_json(line) for line in file.facts],
        "problems": [problem_json(problem) for problem in file.problems],
        "returned_copy": file.returned_copy,
    }


def _fact_json(line: FactLine) -> dict[str, object]:
    fact = line.fact
    if isinstance(fact, Observation):
        return {
            "kind": "indicator",
            "indicator": fact.indicator,
            "segment": fact.segment,
            "period": str(fact.period),
            "basis": fact.basis,
            "value": plain(fact.value),
            "unit": fact.unit,
            "raw": fact.cell.raw,
            "raw_unit": fact.raw_unit,
            "department": fact.department,
            "reference": fact.reference,
            "sheet": fact.cell.sheet,
            "ref": fact.cell.ref,
            "change": line.change,
            "previous": line.previous,
        }
    return {
        "kind": fact.kind,
        fact.kind: fact.subject,
        "period": str(fact.period),
        "fields": dict(fact.fields),
        "department": fact.department,
        "sheet": fact.cell.sheet,
        "ref": fact.cell.ref,
        "change": line.change,
        "previous": line.previous,
    }


def _file_row(file: FileReceipt) -> tuple[str | Field, ...]:
    errors = sum(problem.severity == "error" for problem in file.problems)
    tone = {"imported": "good", "partial": "warn", "unchanged": "dim", "returned": "bad", "failed": "bad"}
    return (
        file.file,
        Field(_STATUS[file.status], tone[file.status]),  # type: ignore[arg-type]  # the values are tones
        file.department or "",
        "、".join(Period.parse(period).label for period in file.periods),
        str(file.stored),
        str(errors),
        str(len(file.problems) - errors),
        str(file.import_id or ""),
    )


def _fact_row(plan: Plan, line: FactLine) -> tuple[str, ...]:
    fact = line.fact
    place = (fact.cell.sheet, fact.cell.ref)
    if isinstance(fact, Observation):
        period = f"{fact.period.label}{_BASIS[fact.basis]}"
        value = plain(fact.value) + fact.unit + ("（参考）" if fact.reference else "")
        previous = line.previous if isinstance(line.previous, str) else ""
        return (*place, name_of(plan, fact), period, fact.stated, value, _CHANGE[line.change], previous)
    words = "；".join(f"{value}" for _, value in fact.fields)
    return (*place, name_of(plan, fact), fact.period.label, "", words, _CHANGE[line.change], "")
