"""Problems in what a department sent: the catalogue of kinds, and one problem at one cell.

A problem is a value, never an exception: the run goes on and the sender gets them all at once
(CONTRACT §6). The sender reads `message` and `fix`, so both are Chinese. The catalogue is the
single source of the page `docs/reference/problems.md`.
"""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Kind(NamedTuple):
    """One entry of the catalogue."""

    code: str
    severity: Severity  # default; `rules.yaml` may change it
    title: str  # a few words, for lists
    says: str  # {placeholders} are filled from the case at hand
    mend: str  # what the department should do

    def at(self, where: "Place", /, found: str = "", **case: object) -> "Problem":
        """Make the problem of this kind found at *where*; *case* fills the placeholders."""
        words = {"found": found, **case}
        return Problem(
            code=self.code,
            severity=self.severity,
            file=where.file,
            sheet=where.sheet,
            ref=where.ref,
            found=found,
            message=self.says.format(**words),
            fix=self.mend.format(**words),
        )


class Place(NamedTuple):
    """Where a problem lies; sheet and ref are empty when it concerns the whole file or sheet."""

    file: str
    sheet: str = ""
    ref: str = ""


class Problem(NamedTuple):
    """One thing wrong at one place (填报问题)."""

    code: str
    severity: Severity
    file: str
    sheet: str
    ref: str
    found: str  # what stood there, as shown
    message: str
    fix: str


_CELL = "只填数字，说明文字请写在备注栏。"

# Z0: the file as a whole. Status `failed` unless a sheet could be read.
DAMAGED = Kind("Z001", "error", "文件损坏", "文件无法读取：{why}", "请用 WPS 或 Excel 打开检查后另存为 .xlsx 再报。")
ENCRYPTED = Kind("Z002", "error", "文件加密", "文件设有打开密码，无法读取", "请取消打开密码后再报。")
NOT_A_SPREADSHEET = Kind(
    "Z003", "error", "不是电子表格", "文件内容不是电子表格，而是{what}", "请在 WPS 或 Excel 中另存为 .xlsx 再报。"
)
TOO_LARGE = Kind("Z004", "error", "文件过大", "文件超出可读范围：{why}", "请删除多余的行、列、图片或工作表后再报。")
READER_FAILED = Kind(
    "Z005", "error", "读取中止", "读取文件时程序中止：{why}", "请用 WPS 或 Excel 打开检查后另存为 .xlsx 再报。"
)
LOCK_FILE = Kind("Z006", "error", "临时文件", "这是表格打开时产生的临时文件，不是报表", "请关闭表格后报送正式文件。")
HOSTILE = Kind("Z007", "error", "文件不安全", "文件含有不允许的内容：{why}", "请新建表格，只粘贴数据后再报。")
NOTHING_TO_READ = Kind(
    "Z008", "error", "没有可读数据", "没有找到可以读取的表：{why}", "请核对是否报错了文件，或使用下发的模板填报。"
)
CANNOT_OPEN = Kind(
    "Z010", "error", "文件打不开", "文件无法打开：{why}", "请检查文件是否存在、是否有读取权限，再重新报送。"
)
NOTHING_REPORTED = Kind(
    "Z009",
    "error",
    "没有填数",
    "表中没有填报本期数据",
    "本期确无数据也要报：数值填 0，或在进展情况中写明“本月无进展”。",
)
TOO_MANY_PROBLEMS = Kind(
    "Z011",
    "error",
    "问题过多",
    "已列出 {count} 处问题，其余未再逐一列出",
    "请先核对是否报错了文件；确是本方案报表的，照所列问题改正同类单元格后重报。",
)

# Z1: one value.
ERROR_CELL = Kind("Z101", "error", "错误值", "单元格是错误值 {found}", "请改正公式，或直接填写数字。")
NEVER_CALCULATED = Kind(
    "Z102", "error", "公式未计算", "公式没有计算结果：{found}", "请用 WPS 或 Excel 打开、保存一次，或直接填写数字。"
)
NOT_A_NUMBER = Kind("Z103", "error", "不是确数", "应为确切的数字，此格为“{found}”", _CELL)
NO_UNIT = Kind("Z104", "error", "没有单位", "“{name}”没有写明计量单位", "请写明单位，如“{unit}”。")
WRONG_UNIT = Kind(
    "Z105", "error", "单位不能换算", "“{name}”的单位“{found}”不能换算为{unit}", "请改用{unit}或可换算的单位。"
)
OUT_OF_RANGE = Kind(
    "Z106", "error", "超出合理范围", "“{name}”为 {found}{unit}，超出合理范围 {low}～{high}{unit}", "请核对数字和单位。"
)
JUMP_1000 = Kind(
    "Z107",
    "error",
    "疑似单位错误",
    "“{name}”为 {found}，与上次 {before} 相差 1000 倍以上",
    "请核对单位（万元、亿元）。",
)
JUMP_10 = Kind(
    "Z108",
    "warning",
    "变动过大",
    "“{name}”为 {found}，与上次 {before} 相差 10 倍以上",
    "请核对；属实的请在备注栏注明原因。",
)
ON_TARGET = Kind(
    "Z109", "warning", "恰等于目标", "“{name}”恰等于目标值 {found}{unit}", "请核对是否把目标数填成了完成数。"
)
NOT_A_DATE = Kind(
    "Z110",
    "error",
    "不是日期",
    "“{name}”应为日期，此格为“{found}”",
    "请写年月日，如“2024年6月30日”；只知年月的写“2024年6月”。",
)
SCALED_TWICE = Kind(
    "Z111",
    "error",
    "数量级不明",
    "此格“{found}”自带数量级，表中单位又是{unit}，不知以哪个为准",
    "请只写以{unit}计的数字，或在格内写明完整单位。",
)
UNITS_DISAGREE = Kind(
    "Z112",
    "error",
    "计量单位不一致",
    "“{name}”的表头单位是{unit}，行中单位是{found}，不知以哪个为准",
    "请改正其中一个。",
)

# Z2: names.
UNKNOWN_INDICATOR = Kind(
    "Z201",
    "error",
    "指标不认识",
    "“{found}”不是方案中的指标{hint}",
    "请按方案或模板的指标名称填写；确属同一指标的，请联系专班办公室登记别名。",
)
UNKNOWN_TASK = Kind("Z202", "error", "任务不认识", "“{found}”不是方案中的任务{hint}", "请按方案或模板的任务名称填写。")
UNKNOWN_DEPARTMENT = Kind(
    "Z203", "error", "单位不认识", "“{found}”不是方案中的责任部门{hint}", "请按方案中的部门名称填写。"
)
NO_DEPARTMENT = Kind(
    "Z204",
    "error",
    "没有填报单位",
    "没有写明填报单位",
    "请在表头写“填报单位：××局”；专班办公室也可用 --department 补充。",
)
NOT_ANSWERABLE = Kind(
    "Z205",
    "error",
    "非归口数据",
    "{department}不负责报送“{name}”",
    "请由{reporters}报送；如归口有变，请联系专班办公室。",
)
UNKNOWN_SEGMENT = Kind("Z206", "error", "板块不认识", "“{found}”不是“{name}”的板块{hint}", "请按模板的板块名称填写。")
REFERENCE_ONLY = Kind(
    "Z207",
    "warning",
    "参考数据",
    "“{name}”以{reporters}为准，{department}所报 {found} 作参考{compared}",
    "无须重报；数字不一致的，请与{reporters}核对。",
)
DEPARTMENT_CONTRADICTED = Kind(
    "Z208", "error", "单位不一致", "表中填报单位是“{found}”，命令指定的是“{given}”", "请核对后重报。"
)
UNKNOWN_PROJECT = Kind(
    "Z209", "error", "项目不认识", "“{found}”不是方案中的重点项目{hint}", "请按方案或模板的项目名称填写。"
)
NOT_A_DUTY = Kind(
    "Z210", "error", "非责任任务", "{department}不是“{name}”的责任部门", "请核对任务；如分工有变，请联系专班办公室。"
)
UNKNOWN_COLUMN = Kind(
    "Z211", "error", "列不认识", "“{found}”一列不知是哪项数据", "请按模板写表头，如“本月”“本年累计”“期末数”。"
)

BAD_CREDIT_CODE = Kind(
    "Z212",
    "error",
    "信用代码有误",
    "“{name}”的统一社会信用代码{why}",
    "请按营业执照核对18位代码，并把该列设为文本格式。",
)
UNKNOWN_STATE = Kind(
    "Z213", "error", "企业状态不明", "“{name}”的状态应为签约、入驻、投产或退出，此处为“{found}”", "请填写其中一种。"
)
NO_NUMBER = Kind("Z214", "error", "问题没有编号", "问题“{found}”没有编号", "请填写编号；同一问题销号前编号不变。")

NAMES_DISAGREE = Kind(
    "Z215", "error", "编号与名称不符", "“{number}”和“{found}”不是同一项", "请核对编号和名称，以哪一项为准请写清楚。"
)

# Z3: periods and basis.
NO_PERIOD = Kind("Z301", "error", "没有报告期", "没有写明“{name}”的报告期", "请在标题或表头写明，如“2024年6月”。")
AMBIGUOUS_PERIOD = Kind(
    "Z302", "error", "报告期不明确", "报告期写法不明确：“{found}”", "请写明年份和月份，如“2024年6月”。"
)
NO_BASIS = Kind("Z303", "error", "未写明口径", "“{name}”没有写明是当月数还是累计数", "请在表头写“本月”或“本年累计”。")
FUTURE_PERIOD = Kind(
    "Z304", "error", "报告期未到", "报告期{found}在收到日（{received}）时尚未开始", "请核对年份和月份。"
)
PERIOD_DISAGREES = Kind(
    "Z305", "warning", "报告期不一致", "{where}写的是{found}，表内是{period}，以表内为准", "请核对报告期。"
)
PERIOD_CONTRADICTED = Kind("Z306", "error", "报告期不符", "表中报告期是{found}，命令指定的是{given}", "请核对后重报。")
WRONG_BASIS = Kind(
    "Z307",
    "error",
    "口径不符",
    "“{name}”是{kind}，不能按“{found}”填报",
    "时点数请填在期末数列，流量数请填在本月或本年累计列。",
)
STOCK_AS_CUMULATIVE = Kind(
    "Z308", "warning", "时点数填在累计列", "“{name}”是时点数，填在“{found}”列，按期末数读入", "请改填期末数列。"
)

# Z4: facts held against each other and against what is known.
TWICE = Kind(
    "Z401", "error", "重复且不一致", "“{name}”{period}在 {first} 为 {before}，此处为 {found}", "请保留正确的一处。"
)
PARTS_AGAINST_TOTAL = Kind(
    "Z402",
    "warning",
    "分项与合计不符",
    "“{name}”合计 {found}，分项之和 {sum}",
    "请核对；四舍五入可能造成的差异已经扣除。",
)
SUM_OF_MONTHS = Kind(
    "Z403",
    "warning",
    "累计不衔接",
    "“{name}”上月累计 {before} 加本月 {single} 不等于本月累计 {found}",
    "请核对；如系调整往月数，请注明原因。",
)
CUMULATIVE_FALLS = Kind(
    "Z404", "warning", "累计下降", "“{name}”累计 {found} 低于上期累计 {before}", "请核对；如系调整往月数，请注明原因。"
)
RATIO_AGAINST_PARTS = Kind(
    "Z405",
    "warning",
    "比率与分项不符",
    "“{name}”填报 {found}，按 {formula} 计算为 {computed}",
    "请核对分子、分母和年份。",
)
COPIED_TEXT = Kind(
    "Z406",
    "warning",
    "与上期文字相同",
    "“{name}”的进展情况与{period}相同",
    "请写明本期进展；确无进展请写“本月无进展”。",
)
NO_SIGNATURE = Kind("Z407", "warning", "没有签审", "没有填写{found}", "请补齐填报人、审核人。")
CONFLICT = Kind(
    "Z408",
    "warning",
    "两家数据不一致",
    "“{name}”{other}已报 {before}，本次为 {found}，两数并存",
    "请专班办公室用 zyz resolve 确定以哪家为准。",
)
ROSTER_AGAINST_FIGURE = Kind(
    "Z409",
    "warning",
    "名录与户数不符",
    "“{name}”填报 {found}，企业名录去重后为 {count}（含已投产，不含签约、退出）",
    "请核对户数，或更新企业名录中的状态。",
)

# Z5: the template and the state of the sheet.
OLD_TEMPLATE = Kind("Z501", "warning", "模板已旧", "模板按方案的旧版本生成", "数据已按现行方案读取；下期请用新模板。")
FOREIGN_TEMPLATE = Kind("Z502", "error", "模板不属本方案", "模板属于另一方案“{found}”", "请使用本方案的模板。")
HIDDEN = Kind("Z503", "warning", "有隐藏内容", "{found}是隐藏的，其中的数据也已读取", "如不需要，请删除后重报。")
HEADER_DISAGREES = Kind(
    "Z504", "warning", "表头与内容不符", "“{name}”列的内容与表头不符：{found}", "请核对表头与数据是否错位。"
)
UNREAD = Kind("Z505", "warning", "未识别的表", "有数据但未能识别：{why}", "请核对该表是否需要报送。")

CATALOGUE: tuple[Kind, ...] = tuple(kind for kind in globals().values() if isinstance(kind, Kind))
