"""A small plan of another county, with hardly a key beyond the contract's, and a way to spoil it."""

from pathlib import Path

from xiangning_zyz.intake.plan.faults import Fault
from xiangning_zyz.intake.plan.load import check_plan

TARGETS = """\
plan:
  id: other
  title: 乙县陶瓷专业镇实施方案
  document: 乙政发〔2024〕1号
  issuer: 乙县人民政府
  issued: 2024-01-10
  start: 2024-01-01
  end: 2026-12-31
segments:
  - {id: art, name: 美术陶, aliases: [工艺陶]}
  - {id: daily, name: 日用陶}
indicators:
  - id: output
    name: 产值
    aliases: [总产值]
    unit: 亿元
    kind: flow
    direction: up
    frequency: month
    segments: [art, daily]
    reporters: [县工信局]
    baseline: {period: "2023", value: "5.10"}
    tasks: [T01]
    clause: 一（一）
    milestones:
      - {by: 2026-12-31, above: 12.50, quote: 产值突破 12.5 亿元, basis: stated}
      - {by: 2024-12-31, above: "7", quote: 产值突破 7 亿元, basis: stated}
  - id: intensity
    name: 研发强度
    unit: "%"
    kind: ratio
    frequency: year
    formula: spending / gdp
    published_after_months: 10
    tasks: [T01]
    clause: 一（二）
    milestones:
      - {by: 2026-12-31, at_least: 1, quote: 达到 1% 以上, basis: inferred}
  - {id: spending, name: 研发投入, unit: 亿元, kind: flow, reporters: [统计局], clause: 一（二）}
  - {id: gdp, name: 地区生产总值, unit: 亿元, kind: flow, reporters: [县统计局], clause: 一（二）}
qualitative: [{id: spirit, name: 工匠精神, clause: 一（三）, quote: 弘扬工匠精神}]
"""
TASKS = """\
departments:
  - {id: 县工信局, full_name: 乙县工业和信息化局, aliases: [工信局]}
  - {id: 县统计局, aliases: [统计局]}
  - {id: 县文旅局, aliases: [文旅局]}
tasks:
  - id: T01
    no: （一）
    kind: key
    title: 做大产业
    clause: 二（一）
    departments: [县工信局, {department: 县文旅局, role: 配合, basis: office}]
    measures: [{id: T01-1, text: 建设园区}]
    indicators: [output]
  - {id: G01, no: （一）, kind: guarantee, title: 组织保障, clause: 三（一）}
projects: [{id: P01, task: T01, name: 陶瓷园, departments: [工信局]}]
working_group: [{role: 组长, who: 分管副县长}]
"""
RULES = """\
reporters: {output/daily: 县文旅局}
calendar: {monthly: {workday: 5}, yearly: {month: 2, day: 15}}
annual_targets: [{indicator: output, year: 2025, value: "9.5", decided_by: 专班会议, on: 2024-02-01}]
confirmed_dates: [{indicator: intensity, by: 2025-12-31, decided_by: 专班会议, on: 2024-02-01}]
leads: [{task: T01, department: 工信局, decided_by: 专班会议, on: 2024-02-01}]
exempt: [{department: 文旅局, item: T01, period: 2024-03, why: 机构改革, decided_by: 专班会议, on: 2024-02-01}]
light: {yellow: 5, red: 20}
severity: {Z103: warning}
issuer: government
holidays: {2024: {off: [2024-10-01, 2024-10-02], work: [2024-10-12]}}
"""
SOURCE = """\
一、总体目标（一）专业镇*产值*突破7亿元，到2026年产值突破１２.５
亿元。（二）研发投入占比达到1％以上。（三）弘扬 工匠精神。二、（一）建设园区。
"""


def write_plan(folder: Path, *, targets: str = TARGETS, tasks: str = TASKS, rules: str | None = None) -> Path:
    """The folder `data` below *folder* with these files; no rules.yaml without *rules*."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    texts = {"targets.yaml": targets, "tasks.yaml": tasks, "rules.yaml": rules}
    for name, text in texts.items():
        if text is not None:
            (data / name).write_bytes(text.encode())
    return data


def spoilt(text: str, old: str, new: str) -> str:
    """*text* with the first *old* replaced, which must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


def found_in(folder: Path, **files: str) -> list[str]:
    """What `check_plan` says of these files: `targets.yaml:2:3 P008` each, warnings left out."""
    return [short(fault) for fault in check_plan(write_plan(folder, **files)) if fault.severity == "error"]


def warned_in(folder: Path, **files: str) -> list[str]:
    """As `found_in`, but the warnings."""
    return [short(fault) for fault in check_plan(write_plan(folder, **files)) if fault.severity == "warning"]


def short(fault: Fault) -> str:
    """`targets.yaml:2:3 P008`."""
    return f"{Path(fault.file).name}:{fault.line}:{fault.column} {fault.code}"
