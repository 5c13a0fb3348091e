"""Write the sample workbooks of `zyz demo` (示例数据: made up, not the county's figures).

They look like sheets typed by hand in WPS: titles over merged cells, a 填报单位 line, one header
row, remarks, signatures, units that differ from the plan's. Run once; the files are committed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

FOLDER = Path(__file__).resolve().parent.parent / "src" / "xiangning_zyz" / "bundled" / "demo"
_THIN = Side(style="thin")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
Row = Sequence[object]


def sheet(file: str, title: str, department: str, heads: Row, rows: Sequence[Row]) -> None:
    """One workbook with one hand-made table."""
    book = Workbook()
    page = book.active
    page.title = "Sheet1"
    wide = len(heads)
    page.append([f"{title}（示例数据）"])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=wide)
    page["A1"].font = Font(name="宋体", size=16, bold=True)
    page["A1"].alignment = Alignment(horizontal="center", vertical="center")
    page.append([f"填报单位：{department}"])
    page.merge_cells(start_row=2, start_column=1, end_row=2, end_column=wide)
    for row in (heads, *rows):
        page.append(list(row))
        for cell in page[page.max_row]:
            cell.border = _GRID
            cell.font = Font(name="宋体", size=11, bold=row is heads)
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    page.append(["填报人：张某　审核人：李某"])
    for column in range(1, wide + 1):
        longest = max(len(str(row[column - 1] or "")) for row in (heads, *rows))
        page.column_dimensions[get_column_letter(column)].width = min(max(10, 2 * longest + 2), 40)
    page.row_dimensions[1].height = 30
    book.properties.created = book.properties.modified = datetime(2025, 7, 1, tzinfo=UTC).replace(tzinfo=None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    book.save(FOLDER / file)


MONTHLY = ("指标", "单位", "本月", "本年累计", "期末数", "备注")
PROGRESS = ("任务编号", "重点工作", "完成比例（%）", "进展情况", "存在问题", "下一步措施")


def main() -> None:
    sheet(
        "1 县工信局 2023年12月.xlsx",
        "乡宁县专业镇发展情况月报（2023年12月）",
        "县工信局",
        MONTHLY,
        [
            ("专业镇产值", "万元", 7150, 73200, None, "含三个板块"),
            ("入驻企业", "户", None, None, 52, None),
            ("公共技术创新服务平台", "个", None, None, 3, None),
            ("带动从业人员", "人", None, None, 9860, None),
        ],
    )
    sheet(
        "2 县工信局 2024年12月.xlsx",
        "乡宁县专业镇发展情况月报（2024年12月）",
        "县工信局",
        MONTHLY,
        [
            ("专业镇产值", "亿元", 0.83, 8.62, None, None),
            ("入驻企业", "户", None, None, 59, "新增7户"),
            ("公共技术创新服务平台", "个", None, None, 5, None),
            ("带动从业人员", "人", None, None, 11940, None),
        ],
    )
    sheet(
        "3 县统计局 2024年.xlsx",
        "科技与经济主要指标（2024年）",
        "县统计局",
        ("指标名称", "计量单位", "全年数", "年末数", "备注"),
        [
            ("地区生产总值", "万元", 1203500, None, "初步核算数"),
            ("R&D经费支出", "万元", 8510, None, None),
            ("R&D人员", "人", None, 271, "按人头计"),
            ("常住人口", "万人", None, 20.41, None),
        ],
    )
    sheet(
        "4 县工信局 2025年6月.xlsx",
        "乡宁县专业镇发展情况月报（2025年6月）",
        "县工信局",
        ("指标", "板块", "单位", "本年累计", "期末数", "备注"),
        [
            ("专业镇产值", None, "亿元", "4.52", None, None),
            ("专业镇产值", "紫砂陶", "亿元", "0.61", None, None),
            ("专业镇产值", "戎子酒庄", "亿元", "1.32", None, None),
            ("专业镇产值", "云丘山农旅", "亿元", "2.07", None, None),
            ("专业镇产值", "其他", "亿元", "0.52", None, None),
            ("入驻企业", None, "户", None, "67", "新增8户"),
            ("公共技术创新服务平台", None, "个", None, "6", None),
            ("带动从业人员", None, "人", None, "13,020", None),
        ],
    )
    sheet(
        "5 县文旅局 2025年6月.xlsx",
        "专业镇重点工作进展情况（2025年6月）",
        "县文旅局",
        PROGRESS,
        [
            (
                "T04",
                "加快推进专业镇重点项目建设",
                55,
                "塔尔坡古村提升改造主体完工，游客服务中心进入内装。",
                "滑雪度假区用地手续未办结",
                "7月底前完成用地报批",
            ),
            ("T07", "支持专业镇办展参展培训宣传", 60, "组织12家企业参加省级展会2次。", "无", "筹备9月紫砂文化节"),
        ],
    )
    sheet(
        "6 县农业农村局 2025年6月.xlsx",
        "专业镇重点工作进展情况（2025年6月）",
        "县农业农村局",
        PROGRESS,
        [("T01", "培育壮大专业镇市场主体", 50, "新培育葡萄种植合作社4家。", "冷链仓储不足", "申报冷链项目资金")],
    )
    sheet(
        "7 县人社局 2025年6月.xlsx",
        "专业镇重点工作进展情况（2025年6月）",
        "县人社局",
        PROGRESS,
        [
            (
                "T09",
                "加强专业镇专业人才培养",
                45,
                "举办陶艺技能培训3期，培训186人次。",
                "高层次人才引进少",
                "对接两所高校建立实训基地",
            )
        ],
    )
    sheet(
        "8 县民营经济发展促进中心 2025年6月（有错）.xlsx",
        "乡宁县专业镇发展情况月报（2025年6月）",
        "县民营经济发展促进中心",
        MONTHLY,
        [
            ("专业镇产值", "亿元", None, "约4.5", None, None),
            ("入驻企业", None, None, None, 66, "未写单位"),
            ("专业镇营业收入", "万元", None, 39800, None, None),
        ],
    )


if __name__ == "__main__":
    main()
