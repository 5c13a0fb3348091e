"""The shape of the plan's files: strict models, and what each key means (CONTRACT §3).

Descriptions and docstrings of the models feed the JSON Schema that editors show to the office,
hence Chinese.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from xiangning_zyz.intake.plan import faults
from xiangning_zyz.intake.plan.scalars import (
    Count,
    Day,
    Formula,
    Month,
    MonthDay,
    Months,
    Name,
    Names,
    Number,
    Period,
    Points,
    Text,
    Year,
    refusal,
)
from xiangning_zyz.plan import DepartmentKind, Direction, Frequency, Kind, Op, SourceBasis, Trend

OPERATORS: dict[str, Op] = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}

Clause = Annotated[Text, Field(description="方案条款，如 一（二）")]
Quote = Annotated[Text | None, Field(description="方案原文")]
Note = Annotated[Text | None, Field(description="说明")]
Basis = Annotated[SourceBasis, Field(description="stated 方案写明；inferred 推定；office 专班办公室决定")]
Aliases = Annotated[list[Text], Field(description="报表中的其他写法；一个写法只能属于一项")]
DecidedBy = Annotated[Text, Field(description="谁决定的")]
DecidedOn = Annotated[Day, Field(description="何时决定的")]


class _Item(BaseModel):
    """What all items share: unknown keys are faults, and a key left empty counts as not written."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}


# targets.yaml


class Header(_Item):
    """方案"""

    id: Name = Field(description="方案编号，机器使用，如 xiangning")
    title: Text = Field(description="方案标题")
    document: Text = Field(description="文号，如 乡政办发〔2023〕30号")
    issuer: Text = Field(description="发文机关")
    issued: Day = Field(description="印发日期")
    start: Day = Field(description="方案期的第一天")
    end: Day = Field(description="方案期的最后一天")
    soft: Text | None = Field(default=None, description="表明目标为预期性的原文，如“力争”；未达到时写“未达预期”")


class Segment(_Item):
    """板块"""

    id: Name = Field(description="板块编号")
    name: Text = Field(description="板块名称")
    aliases: Aliases = []


class Baseline(_Item):
    """基期数"""

    period: Period = Field(description="基期，如 2022")
    value: Number = Field(description="基期数值，单位同指标")


class Milestone(_Item):
    """节点目标：到某日达到某值，比较方式四选一"""

    by: Day = Field(description="到哪一天")
    at_least: Number | None = Field(default=None, description="以上、达到、不低于：含本数")
    above: Number | None = Field(default=None, description="突破、超过：不含本数")
    at_most: Number | None = Field(default=None, description="以下、不高于：含本数")
    below: Number | None = Field(default=None, description="低于：不含本数")
    quote: Quote = None
    basis: Basis = "stated"
    note: Note = None


class Indicator(_Item):
    """指标"""

    id: Name = Field(description="指标编号，机器使用，如 output_value")
    name: Text = Field(description="指标名称")
    aliases: Aliases = []
    unit: Text = Field(description="计量单位")
    kind: Kind = Field(description="stock 时点数；flow 当年累计；ratio 比率")
    direction: Direction | None = Field(default=None, description="up 越高越好；down 越低越好")
    frequency: Frequency = Field(default="month", description="报送频率")
    formula: Formula | None = Field(default=None, description="比率的算法：分子编号 / 分母编号")
    published_after_months: Months = Field(default=0, description="期后几个月才公布；此前为“数据未发布”")
    limit: Number | None = Field(default=None, description="自然上限，如百分比的 100")
    range: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        default=None, description="合理范围 [下限, 上限]；超出的数据退回核对"
    )
    segments: list[Name] = Field(default=[], description="分板块统计的板块编号")
    reporters: Names = Field(default=[], description="数据归口单位")
    baseline: Baseline | None = Field(default=None, description="基期数")
    tasks: list[Name] = Field(default=[], description="对应的任务编号")
    clause: Clause
    quote: Quote = None
    basis: Basis = "stated"
    milestones: list[Milestone] = Field(default=[], description="节点目标")
    trend: Trend | None = Field(default=None, description="rising 逐年增长；falling 逐年下降")
    note: Note = None


class Qualitative(_Item):
    """定性目标"""

    id: Name = Field(description="定性目标编号")
    name: Text = Field(description="定性目标")
    clause: Clause
    quote: Quote = None
    basis: Basis = "stated"
    note: Note = None


class Targets(_Item):
    """targets.yaml：方案、板块、指标、节点目标、定性目标"""

    plan: Header = Field(description="方案")
    segments: list[Segment] = Field(default=[], description="板块")
    indicators: list[Indicator] = Field(description="指标")
    qualitative: list[Qualitative] = Field(default=[], description="定性目标")


# tasks.yaml


class Department(_Item):
    """责任部门或数据来源单位"""

    id: Name = Field(description="方案中的简称，如 县工信局")
    full_name: Text | None = Field(default=None, description="全称")
    aliases: Aliases = []
    kind: DepartmentKind = Field(
        default="department", description="department 责任部门或数据来源；township 乡镇：列入考核，不承担任务、不必报送"
    )
    note: Note = None


class Duty(_Item):
    """一个部门在一项任务中的职责"""

    department: Name = Field(description="单位简称")
    role: Text = Field(default="责任", description="责任或牵头")
    basis: Basis = "stated"


def _as_duty(item: object) -> object:
    return {"department": item} if isinstance(item, str) else item


class Measure(_Item):
    """具体措施"""

    id: Name = Field(description="措施编号，如 T01-1")
    text: Text = Field(description="措施原文")
    basis: Basis = "stated"


class Task(_Item):
    """重点工作或保障措施"""

    id: Name = Field(description="任务编号，如 T01")
    no: Text = Field(description="方案中的序号，如 （一）")
    kind: Literal["key", "guarantee"] = Field(default="key", description="key 重点工作；guarantee 保障措施")
    title: Text = Field(description="任务名称")
    clause: Clause
    quote: Quote = None
    departments: list[Annotated[Duty, BeforeValidator(_as_duty, json_schema_input_type=str | Duty)]] = Field(
        default=[], description="责任部门：简称，或 {department, role, basis}"
    )
    measures: list[Measure] = Field(default=[], description="具体措施")
    indicators: list[Name] = Field(default=[], description="对应的指标编号")
    note: Note = None


class Project(_Item):
    """重点项目"""

    id: Name = Field(description="项目编号，如 P01")
    task: Name = Field(description="所属任务编号")
    name: Text = Field(description="项目名称")
    aliases: Aliases = []
    departments: Names = Field(default=[], description="责任部门")
    quote: Quote = None
    basis: Basis = "stated"
    note: Note = None


class Member(_Item):
    """工作专班的一个职位"""

    role: Text = Field(description="职务，如 组长")
    who: Text = Field(description="由谁担任（写职位，不写人名）")
    quote: Quote = None


class Tasks(_Item):
    """tasks.yaml：责任部门、重点工作、保障措施、重点项目、工作专班"""

    departments: list[Department] = Field(description="责任部门和数据来源单位")
    tasks: list[Task] = Field(description="重点工作和保障措施")
    projects: list[Project] = Field(default=[], description="重点项目")
    working_group: list[Member] = Field(default=[], description="工作专班")


# rules.yaml


class DueDay(_Item):
    """报送日：day 或 workday 写一个"""

    day: MonthDay | None = Field(default=None, description="几日前报送")
    workday: MonthDay | None = Field(default=None, description="第几个工作日前报送")
    month: Month = Field(default=1, description="期末之后第几个月；年报即次年的月份")

    @model_validator(mode="after")
    def _one_of_two(self) -> "DueDay":
        if (self.day is None) == (self.workday is None):
            raise refusal(faults.DAY_OR_WORKDAY)
        return self


class Calendar(_Item):
    """报送日历"""

    monthly: DueDay | None = Field(default=None, description="月报；默认次月 5 日前")
    quarterly: DueDay | None = Field(default=None, description="季报；默认次月 10 日前")
    yearly: DueDay | None = Field(default=None, description="年报；默认次年 1 月 20 日前")


class AnnualTarget(_Item):
    """年度目标"""

    indicator: Name = Field(description="指标编号")
    year: Year = Field(description="年度")
    value: Number = Field(description="年度目标，单位同指标")
    decided_by: DecidedBy
    on: DecidedOn


class ConfirmedDate(_Item):
    """对推定日期的确认"""

    indicator: Name = Field(description="指标编号")
    by: Day = Field(description="确认的完成日期")
    decided_by: DecidedBy
    on: DecidedOn


class Lead(_Item):
    """牵头部门"""

    task: Name = Field(description="任务编号")
    department: Name = Field(description="牵头部门")
    decided_by: DecidedBy
    on: DecidedOn


class Exemption(_Item):
    """豁免报送"""

    department: Name = Field(description="豁免的部门")
    item: Name = Field(description="豁免报送的任务、指标或项目编号")
    period: Period = Field(description="豁免的报告期")
    why: Text = Field(description="豁免的理由")
    decided_by: DecidedBy
    on: DecidedOn


class PlannedStep(_Item):
    """年度工作安排中的一步"""

    task: Name = Field(description="任务编号")
    step: Text = Field(description="推进措施")
    by: Day = Field(description="完成时限")
    department: Name | None = Field(default=None, description="由哪个部门完成；不写则由该任务各责任部门共同完成")
    done: Day | None = Field(default=None, description="办公室核实完成的日期；没有完成不写")
    decided_by: DecidedBy
    on: DecidedOn


class Escalation(_Item):
    """催报的级次：连续几期未报到哪一级，0 表示不用这一级"""

    urge: Count | None = Field(default=None, description="催办；默认 1 期")
    supervise: Count | None = Field(default=None, description="督办建议；默认 2 期")
    talk: Count | None = Field(default=None, description="约谈建议；默认 3 期")
    criticise: Count | None = Field(default=None, description="通报建议；默认 4 期")
    before: Count | None = Field(default=None, description="截止日前几个工作日开始提示；默认 2")
    within: Count | None = Field(default=None, description="催办要求几个工作日内补报；默认 3")
    repeat: Count | None = Field(default=None, description="同一部门两次催报至少相隔几个工作日；默认 1")


class Light(_Item):
    """亮灯界限"""

    yellow: Points | None = Field(default=None, description="落后多少个百分点起亮黄灯；默认 10")
    red: Points | None = Field(default=None, description="落后超过多少个百分点亮红灯；默认 30")


class Holidays(_Item):
    """一年的节假日安排"""

    off: list[Day] = Field(default=[], description="放假的日子")
    work: list[Day] = Field(default=[], description="调休上班的周末")


class ScoreItem(_Item):
    """一项评分：满分乘以比率，不低于 floor，不高于 cap"""

    points: Points | None = Field(default=None, description="满分；0 为不评这一项")
    floor: Points | None = Field(default=None, description="最低分；默认 0，即扣完为止")
    cap: Points | None = Field(default=None, description="最高分；默认等于满分，高于满分即可加分")


class Scoring(_Item):
    """评分办法，供内部参考；没有写的项按默认"""

    timeliness: ScoreItem | None = Field(default=None, description="及时报送；默认 20 分")
    completeness: ScoreItem | None = Field(default=None, description="完整报送；默认 25 分")
    returned: ScoreItem | None = Field(default=None, description="报表质量（退回）；默认 10 分")
    task_progress: ScoreItem | None = Field(default=None, description="任务进度；默认 20 分")
    goal_attainment: ScoreItem | None = Field(default=None, description="目标完成；默认 15 分")
    issues: ScoreItem | None = Field(default=None, description="问题销号；默认 10 分")
    praise: Points | None = Field(default=None, description="百分制得分不低于此数，建议表扬；默认 90")
    criticism: Points | None = Field(default=None, description="低于此数，建议通报批评；默认 60")
    talk: Points | None = Field(default=None, description="低于此数，建议约谈；默认 50")
    least: Points | None = Field(default=None, description="可评的满分合计不足此数的单位不提建议；默认 50")
    decided_by: DecidedBy
    on: DecidedOn


class Rules(_Item):
    """rules.yaml：专班办公室决定的事项"""

    reporters: dict[str, Names] = Field(
        default={},
        description="由谁报送：指标编号: 单位；分板块的写 指标编号/板块编号: 单位；项目进展写 项目编号: 单位",
    )
    calendar: Calendar | None = Field(default=None, description="报送日")
    annual_targets: list[AnnualTarget] = Field(default=[], description="年度目标")
    confirmed_dates: list[ConfirmedDate] = Field(default=[], description="对推定日期的确认")
    leads: list[Lead] = Field(default=[], description="牵头部门")
    exempt: list[Exemption] = Field(default=[], description="豁免报送")
    light: Light | None = Field(default=None, description="亮灯界限，单位百分点")
    work_plan: list[PlannedStep] = Field(default=[], description="年度工作安排：任务、推进措施、时间进度")
    escalation: Escalation | None = Field(default=None, description="催报的级次")
    scoring: Scoring | None = Field(default=None, description="评分办法")
    severity: dict[str, Literal["error", "warning"]] = Field(
        default={}, description="填报问题的轻重：代码: error 或 warning"
    )
    issuer: Literal["office", "government"] = Field(
        default="office", description="office 专班办公室发简报；government 县政府发通报"
    )
    holidays: dict[Year, Holidays] = Field(default={}, description="节假日安排，按年")


# contacts.yaml


class Contact(_Item):
    """联络员"""

    department: Name = Field(description="单位简称或别名")
    name: Text = Field(description="姓名")
    phone: Text = Field(description="电话；号码以 0 开头的加引号")
    post: Text | None = Field(default=None, description="职务")


class Contacts(_Item):
    """contacts.yaml：各部门联络员，只用于催报电话清单"""

    contacts: list[Contact] = Field(default=[], description="联络员，一个部门可有几位，先联系写在前面的")
