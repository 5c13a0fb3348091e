"""Faults in the plan's files: the catalogue of kinds, and one fault at one line.

P0 is the file and its YAML text, P1 the shape of an item, P2 what items mean together, L3 the
lints. Faults stop the run (a wrong plan must not be judged by), lints only warn (CONTRACT §5).
The office edits these files itself, so `message` and `fix` are Chinese.
"""

from typing import NamedTuple

from xiangning_zyz.intake.plan.fault import Fault, Severity

_LONGEST = 60


class Place(NamedTuple):
    """Where in a file; line and column count from 1, as editors do."""

    file: str
    line: int = 1
    column: int = 1


class FaultKind(NamedTuple):
    """One entry of the catalogue."""

    code: str
    severity: Severity
    says: str  # {placeholders} are filled from the case at hand
    mend: str  # what the editor of the file should do

    def at(self, where: Place, /, **case: object) -> Fault:
        """Make the fault of this kind found at *where*; *case* fills the placeholders."""
        words = {name: clipped(str(value)) for name, value in case.items()}
        return Fault(*where, self.code, self.severity, self.says.format(**words), self.mend.format(**words))


def clipped(text: str) -> str:
    """What stood there, short and printable: a fault must not carry an escape sequence to the terminal."""
    shown = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text[: _LONGEST + 1])
    return shown if len(text) <= _LONGEST else f"{shown[:_LONGEST]}…"


# P0: the file and its text.
MISSING_FILE = FaultKind("P001", "error", "没有这个文件", "请把文件放在此处，或用 zyz init 新建工作区。")
UNREADABLE = FaultKind("P002", "error", "文件打不开：{why}", "请检查文件权限，以及是否被其他程序占用。")
TOO_LARGE = FaultKind("P003", "error", "文件超过 {limit} KB", "请核对是否放错了文件；方案文件通常只有几十 KB。")
NOT_UTF8 = FaultKind("P004", "error", "文件不是 UTF-8 编码{hint}", "请在编辑器中另存为 UTF-8 编码。")
EMPTY = FaultKind("P005", "error", "文件没有内容", "请按 zyz schema 的格式填写，或用 zyz init 取得样例。")
SYNTAX = FaultKind("P006", "error", "YAML 写法有误：{why}", "请核对此行及上一行的缩进、冒号、引号和括号。")
INDENT = FaultKind("P007", "error", "缩进中有制表符或全角空格", "请一律用半角空格缩进。")
FULL_WIDTH_COLON = FaultKind("P008", "error", "“{word}”后面是全角冒号", "请改为半角冒号加一个空格，如“{word}: …”。")
NO_SPACE = FaultKind("P009", "error", "“{word}:”后面没有空格", "请在冒号后面加一个空格，如“{word}: …”。")
DUPLICATE_KEY = FaultKind("P010", "error", "“{key}”重复，第 {first} 行已经写过", "请只保留一处。")
ALIAS = FaultKind(
    "P011", "error", "不接受 YAML 的锚点和引用（{found}）", "请写出全文；文字以 & 或 * 开头的，请加引号。"
)
TAG = FaultKind("P012", "error", "不接受 YAML 的类型标记（{found}）", "请去掉标记；文字以 ! 开头的，请加引号。")
TOO_DEEP = FaultKind("P013", "error", "嵌套超过 {limit} 层", "请核对括号和缩进。")
TOO_MANY_ITEMS = FaultKind("P014", "error", "文件超过 {limit} 项", "请核对是否放错了文件。")
AMBIGUOUS = FaultKind(
    "P015",
    "error",
    "“{key}”的值 {found} 没有引号，会被一些程序读成{read_as}",
    "是文字请加引号；是数字请用普通写法，如 100000、0.5。",
)
SEVERAL_DOCUMENTS = FaultKind("P016", "error", "一个文件只能有一份内容，此处又以 --- 开始了一份", "请删去多余的部分。")
NOT_A_KEY = FaultKind("P017", "error", "冒号前面应是一个词", "请核对冒号、括号和问号。")
CONTROL = FaultKind("P018", "error", "有看不见的字符 U+{found}", "请删去，或重新录入此行。")
AND_MORE = FaultKind("P019", "error", "问题太多，此处及以后的没有列出", "请先改正已列出的各处。")

# P1: the shape of one item.
UNKNOWN_KEY = FaultKind("P101", "error", "没有“{key}”这一项{hint}", "请核对拼写；各项名称见 zyz schema {schema}。")
MISSING_KEY = FaultKind("P102", "error", "缺少“{key}”（{meaning}）", "请补上。")
WRONG_TYPE = FaultKind("P103", "error", "“{key}”应是{expected}", "请核对写法；样式见 zyz schema {schema}。")
BAD_CHOICE = FaultKind("P104", "error", "“{key}”不能是“{found}”{hint}", "可以写：{choices}。")
NOT_A_NUMBER = FaultKind("P105", "error", "“{key}”应是数字，此处是“{found}”", "请只写数字，如 7 或 12.50，单位另写。")
NOT_A_DATE = FaultKind("P106", "error", "“{key}”应是日期，此处是“{found}”", "请写实有的日期，如 2023-12-31。")
NOT_A_PERIOD = FaultKind(
    "P107", "error", "“{key}”应是报告期，此处是“{found}”", "请写如 2024、2024-H1、2024-Q3 或 2024-06。"
)
NOT_WHOLE = FaultKind("P108", "error", "“{key}”应是 {low} 至 {high} 的整数，此处是“{found}”", "请改正。")
BAD_ID = FaultKind(
    "P109", "error", "“{key}”不能是“{found}”", "编号和简称不超过 64 字，不含空白和标点；几个名称之间要用半角逗号。"
)
NO_TEXT = FaultKind("P110", "error", "“{key}”没有内容", "请填写，或删去此项。")
BAD_FORMULA = FaultKind("P111", "error", "“{key}”看不懂：“{found}”", "请写成 分子编号 / 分母编号。")
WRONG_COUNT = FaultKind("P112", "error", "“{key}”应有两个数：下限和上限", "请写如 [0, 1000]。")
OUT_OF_BOUNDS = FaultKind("P113", "error", "“{key}”应在 {low} 至 {high} 之间，此处是“{found}”", "请改正。")
DAY_OR_WORKDAY = FaultKind(
    "P114",
    "error",
    "报送日应写 day 或 workday，两者写一个",
    "如 {{day: 5}}（5 日前）或 {{workday: 5}}（第 5 个工作日前）。",
)

# P2: items held against each other.
UNDECLARED = FaultKind("P201", "error", "没有登记{what}“{found}”{hint}", "请核对名称，或在 {where} 中登记。")
DUPLICATE_ID = FaultKind("P202", "error", "{what}编号“{found}”重复，第 {first} 行已经用过", "请改为不同的编号。")
SHARED_NAME = FaultKind(
    "P203", "error", "“{found}”同时是“{one}”和“{other}”的名称", "一个名称只能属于一项，请删去一处。"
)
NOT_A_RATIO = FaultKind("P204", "error", "只有比率（ratio）才有公式", "请删去公式，或把 kind 改为 ratio。")
BAD_PART = FaultKind("P205", "error", "公式的分子、分母不能是“{found}”：{why}", "请改用直接报送的指标。")
NO_OPERATOR = FaultKind(
    "P206", "error", "节点目标没有写明比较方式", "请写 at_least（以上、达到）、above（突破、超过）、at_most 或 below。"
)
TWO_OPERATORS = FaultKind("P207", "error", "节点目标写了两种比较方式：{found}", "请只保留一种；两个目标请分作两条。")
OUTSIDE_HORIZON = FaultKind("P208", "error", "“{key}”是 {found}，不在方案期内（{start} 至 {end}）", "请核对日期。")
SAME_MILESTONE = FaultKind("P209", "error", "{by} 已有同样方式的节点目标（第 {first} 行）", "请只保留一条。")
UNDECIDED = FaultKind(
    "P210", "error", "缺少“{key}”：没有写明{meaning}", "凡由专班办公室决定的事项，请写明谁、何时、为何决定。"
)
NOTHING_TO_CONFIRM = FaultKind(
    "P211",
    "error",
    "“{found}”没有待确认的日期",
    "只有 basis 为 inferred 的节点目标需要确认；有几个的，by 须写其中之一。",
)
NOT_RESPONSIBLE = FaultKind(
    "P212", "error", "“{found}”不是 {task} 的责任部门，不能牵头", "请核对部门，或先列为责任部门。"
)
FOREIGN_SEGMENT = FaultKind("P213", "error", "指标“{indicator}”没有板块“{found}”{hint}", "请核对板块编号。")
REVERSED = FaultKind("P214", "error", "“{key}”前后颠倒：{low} 大于 {high}", "请对调。")
UNKNOWN_CODE = FaultKind("P215", "error", "没有填报问题代码“{found}”{hint}", "请核对代码，如 Z103。")
OFF_AND_WORK = FaultKind("P216", "error", "{found} 既列为放假又列为上班", "请按国务院办公厅当年通知只保留一处。")
TWICE = FaultKind("P217", "error", "{what}“{found}”写了两次", "请只保留一处。")
STEPS_NOT_RISING = FaultKind(
    "P218", "error", "催报级次的期数没有逐级增加：{found}", "后一级的期数应大于前一级；不用的级写 0。"
)
QUOTE_NOT_FOUND = FaultKind("P221", "error", "方案原文中没有这句话：“{found}”", "请照原文摘引，不要改写。")
NUMBER_NOT_IN_QUOTE = FaultKind("P222", "error", "引文“{quote}”中没有目标值 {found}", "请核对目标值、单位和引文。")

# L3: lints.
GOAL_WITHOUT_TASK = FaultKind(
    "L301", "warning", "目标“{found}”没有对应的任务", "请在指标的 tasks 或任务的 indicators 中写明。"
)
TASK_WITHOUT_DEPARTMENT = FaultKind("L302", "warning", "任务“{found}”没有责任部门", "请在 departments 中写明。")
NOT_MONOTONE = FaultKind(
    "L303", "warning", "节点目标 {found}（{by}）比之前的 {before} 还{worse}", "请核对原文；确是如此的可以不改。"
)
UNKNOWN_REPORTER = FaultKind(
    "L304", "warning", "数据归口单位“{found}”没有登记{hint}", "请在 tasks.yaml 的 departments 中登记，或登记为别名。"
)
INFERRED = FaultKind("L305", "warning", "“{found}”此处是推定的（inferred），方案没有写明", "请专班办公室核对。")
THRESHOLD_HOLE = FaultKind(
    "L306", "warning", "亮灯界限有空档：黄灯 {yellow} 不小于红灯 {red}", "黄灯界限应小于红灯界限。"
)
GOAL_OUT_OF_RANGE = FaultKind(
    "L307", "warning", "目标值 {found} 不在“{key}”（{bounds}）之内", "达到目标的数据会被当作异常退回，请核对。"
)
AGAINST_DIRECTION = FaultKind("L308", "warning", "目标方式与 direction: {direction} 相反", "请核对 direction。")
NO_REPORTER = FaultKind("L309", "warning", "目标“{found}”没有数据归口单位", "请在 reporters 中写明由谁报数。")
MEASURE_NOT_FOUND = FaultKind(
    "L310", "warning", "方案原文中没有这项措施的文字：“{found}”", "请照原文摘引，或标明 basis: inferred。"
)
NO_QUOTE = FaultKind("L311", "warning", "没有引文，无法与方案原文核对", "请在 quote 中摘引原文。")

CATALOGUE: tuple[FaultKind, ...] = tuple(kind for kind in globals().values() if isinstance(kind, FaultKind))
