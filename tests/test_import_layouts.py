"""Sheets as departments lay them out, and what an import reads from each."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from offices import codes, figures
from sheets import SIGNED, workbook
from xiangning_zyz.intake.facts.statement import Given
from xiangning_zyz.jobs.imports import Wish, import_files
from xiangning_zyz.jobs.plans import make_workspace, open_plan
from xiangning_zyz.ledger.sqlite import open_ledger
from xiangning_zyz.period import SHANGHAI
from xiangning_zyz.report.json_text import to_json
from xiangning_zyz.report.receipt import receipt_json


class Layout(NamedTuple):
    """A form, the figures in it (indicator segment period basis value), and the problems it provokes."""

    form: str
    figures: str
    problems: str = ""


def layout(form: str, figures: str, problems: str = "", *, title: str = "专业镇发展情况（2024年6月）") -> Layout:
    """A form under a title and a 填报单位 line, signed."""
    return Layout(f"== 表\n| {title} |\n| 填报单位：县工信局 |\n{form}\n{SIGNED}", figures, problems)


LAYOUTS = {
    "本月和累计": layout(
        """
        | 指标       | 单位 | 本月 | 累计 | 备注     |
        | 专业镇产值 | 亿元 | 0.7  | 4.12 | 快报数   |
        """,
        """
        output_value - 2024-06 single     0.7
        output_value - 2024-06 cumulative 4.12
        """,
    ),
    "期末数": layout(
        """
        | 序号 | 指标         | 计量单位 | 期末数 | 上年同期 | 同比增长（%） | 备注 |
        | 1    | 入驻企业     | 户       | 66     | 59       | 11.9          |      |
        | 2    | 带动从业人员 | 人       | 13,020 | 11940    | 9.0           |      |
        """,
        """
        enterprises - 2024-06 point 66
        employment  - 2024-06 point 13020
        """,
    ),
    "两层表头": layout(
        """
        | 序号 | 指标       | 产值（万元） | <        | 期末企业（户） |
        | ^    | ^          | 本月         | 本年累计 | ^              |
        | 1    | 专业镇产值 | 7000         | 41200    |                |
        """,
        """
        output_value - 2024-06 single     0.7
        output_value - 2024-06 cumulative 4.12
        """,
    ),
    "年月各占一格": layout(
        """
        | 报告年度 | 2024 | 月份 | 7    |          |
        | 指标       | 单位 | 本月 | 累计 | 备注     |
        | 专业镇产值 | 亿元 | 0.7  | 4.12 | 快报数   |
        """,
        """
        output_value - 2024-07 single     0.7
        output_value - 2024-07 cumulative 4.12
        """,
        title="专业镇发展情况月报",
    ),
    "行名写明累计": layout(
        """
        | 指标                    | 单位 | 2024年6月 | 2023年6月 |
        | 入驻企业                | 户   | 66        | 59        |
        | 专业镇产值（1-6月累计） | 亿元 | 4.12      | 3.8       |
        """,
        """
        enterprises  - 2024-06 point      66
        enterprises  - 2023-06 point      59
        output_value - 2024-06 cumulative 4.12
        output_value - 2023-06 cumulative 3.8
        """,
        title="专业镇发展情况对比表",
    ),
    "逐月期末数": layout(
        """
        | 指标     | 单位 | 1月 | 2月 | 3月 |
        | 入驻企业 | 户   | 60  | 61  | 62  |
        """,
        """
        enterprises - 2024-01 point 60
        enterprises - 2024-02 point 61
        enterprises - 2024-03 point 62
        """,
        title="专业镇发展情况（2024年）",
    ),
    "逐月累计": layout(
        """
        | 指标       | 单位 | 1-2月 | 1-3月 | 1-4月 |
        | 专业镇产值 | 亿元 | 1.2   | 1.9   | 2.7   |
        """,
        """
        output_value - 2024-02 cumulative 1.2
        output_value - 2024-03 cumulative 1.9
        output_value - 2024-04 cumulative 2.7
        """,
        title="专业镇发展情况（2024年）",
    ),
    "逐月当月数": layout(
        """
        | 指标       | 单位 | 当月数 | <   | <   |
        | ^          | ^    | 4月    | 5月 | 6月 |
        | 专业镇产值 | 亿元 | 0.6    | 0.8 | 0.7 |
        """,
        """
        output_value - 2024-04 single 0.6
        output_value - 2024-05 single 0.8
        output_value - 2024-06 single 0.7
        """,
        title="专业镇发展情况（2024年）",
    ),
    "逐月一行": layout(
        """
        | 月份 | 入驻企业（户） | 本年累计产值（亿元） |
        | 4月  | 64             | 2.7                  |
        | 5月  | 65             | 3.4                  |
        | 6月  | 66             | 4.12                 |
        """,
        """
        enterprises - 2024-04 point 64
        enterprises - 2024-05 point 65
        enterprises - 2024-06 point 66
        output_value - 2024-04 cumulative 2.7
        output_value - 2024-05 cumulative 3.4
        output_value - 2024-06 cumulative 4.12
        """,
        title="专业镇发展情况（2024年）",
    ),
    "逐月而口径不明": layout(
        """
        | 指标       | 单位 | 4月 | 5月 |
        | 专业镇产值 | 亿元 | 0.6 | 0.8 |
        """,
        "",
        "Z303 Z303",
        title="专业镇发展情况（2024年）",
    ),
    "指标在列板块在行": layout(
        """
        | 板块       | 产值（万元） | 入驻企业（户） |
        | 紫砂陶     | 6100         | 20             |
        | 戎子酒庄   | 13200        | 15             |
        | 云丘山农旅 | 20700        | 19             |
        | 其他       | 5200         | 12             |
        | 合  计     | 45200        | 66             |
        """,
        """
        output_value zisha  2024-06 cumulative 0.61
        output_value rongzi 2024-06 cumulative 1.32
        output_value yunqiu 2024-06 cumulative 2.07
        output_value other  2024-06 cumulative 0.52
        output_value -      2024-06 cumulative 4.52
        enterprises  zisha  2024-06 point 20
        enterprises  rongzi 2024-06 point 15
        enterprises  yunqiu 2024-06 point 19
        enterprises  other  2024-06 point 12
        enterprises  -      2024-06 point 66
        """,
        title="2024年1—6月专业镇发展情况",
    ),
    "板块在列": layout(
        """
        | 指标     | 单位 | 专业镇合计 | 紫砂陶 | 戎子酒庄 | 云丘山 | 其他 |
        | 入驻企业 | 户   | 66         | 20     | 15       | 19     | 12   |
        """,
        """
        enterprises -      2024-06 point 66
        enterprises zisha  2024-06 point 20
        enterprises rongzi 2024-06 point 15
        enterprises yunqiu 2024-06 point 19
        enterprises other  2024-06 point 12
        """,
    ),
    "其中行": layout(
        """
        | 指标           | 单位 | 本年累计 |
        | 专业镇产值     | 亿元 | 4.52     |
        | 其中：紫砂陶   | 亿元 | 0.61     |
        |     戎子酒庄   | 亿元 | 1.32     |
        |     云丘山农旅 | 亿元 | 2.07     |
        |     其他       | 亿元 | 0.52     |
        """,
        """
        output_value -      2024-06 cumulative 4.52
        output_value zisha  2024-06 cumulative 0.61
        output_value rongzi 2024-06 cumulative 1.32
        output_value yunqiu 2024-06 cumulative 2.07
        output_value other  2024-06 cumulative 0.52
        """,
    ),
    "指标在列、一列不认识": layout(
        """
        | 板块       | 入驻企业（户） | 从业人数（人） |
        | 紫砂陶     | 20             | 800            |
        | 戎子酒庄   | 15             | 600            |
        | 合计       | 66             | 2000           |
        """,
        """
        enterprises zisha  2024-06 point 20
        enterprises rongzi 2024-06 point 15
        enterprises -      2024-06 point 66
        """,
        "Z201",
    ),
    "表头和行中单位不一": layout(
        """
        | 指标       | 单位 | 本年累计（亿元） |
        | 专业镇产值 | 万元 | 4.12             |
        """,
        "",
        "Z112",
    ),
    "其中行，单位写在总数的名称中": layout(
        """
        | 指标               | 本年累计 |
        | 专业镇产值（亿元） | 4.52     |
        | 其中：紫砂陶       | 0.61     |
        | 　　　戎子酒庄     | 1.32     |
        """,
        """
        output_value -      2024-06 cumulative 4.52
        output_value zisha  2024-06 cumulative 0.61
        output_value rongzi 2024-06 cumulative 1.32
        """,
    ),
    "单位中的斜线": layout(
        """
        | 指标                       | 期末数 |
        | 带动从业人员（人/万人）    | 66     |
        """,
        "",
        "Z105",
    ),
    "指标在标题": layout(
        """
        | 专业镇产值（亿元） |
        | 板块     | 本月 | 本年累计 |
        | 紫砂陶   | 0.2  | 1.2      |
        | 合计     | 0.7  | 4.12     |
        """,
        """
        output_value zisha 2024-06 single     0.2
        output_value zisha 2024-06 cumulative 1.2
        output_value -     2024-06 single     0.7
        output_value -     2024-06 cumulative 4.12
        """,
    ),
    "指标在标题，逐月": layout(
        """
        | 入驻企业（户） |
        | 月份      | 期末数 |
        | 2024年5月 | 64     |
        | 2024年6月 | 66     |
        """,
        """
        enterprises - 2024-05 point 64
        enterprises - 2024-06 point 66
        """,
    ),
    "填报单位在表下，单位有几个": Layout(
        f"""== 表
        | 专业镇统计表（2024年6月） | <  | < |
        | 单位：户、人 |
        | 项目 | 入驻企业（户） | 带动从业人员（人） |
        | 数量 | 66             | 2000               |
        | 填报单位：县工信局 |
        {SIGNED}""",
        """
        enterprises - 2024-06 point 66
        employment  - 2024-06 point 2000
        """,
    ),
    "期间在名称后，计划在旁": layout(
        """
        | 指标                         | 单位 | 2024年预期目标 | 计划 | 目前 |
        | 专业镇产值（1-6月）          | 亿元 | 9              | 5    | 4.12 |
        | 公共技术创新服务平台（6月末）| 个   | 5              | 4    | 3    |
        """,
        """
        output_value         - 2024-06 cumulative 4.12
        innovation_platforms - 2024-06 point      3
        """,
    ),
    "其中行，期间写在总数的名称后": layout(
        """
        | 指标                | 单位 | 数值 | 占比（%） |
        | 专业镇产值（1-6月） | 亿元 | 4.12 | 100       |
        | 其中：紫砂陶        | 亿元 | 1.2  | 29.3      |
        | 　　　戎子酒庄      | 亿元 | 2.0  | 48.8      |
        | 第一产业产值        | 亿元 | 0.5  |           |
        """,
        """
        output_value -      2024-06 cumulative 4.12
        output_value zisha  2024-06 cumulative 1.2
        output_value rongzi 2024-06 cumulative 2
        """,
        "Z303",
    ),
    "自年初累计，不可当作年初数略过": layout(
        """
        | 指标       | 单位 | 年初计划 | 自年初累计 |
        | 专业镇产值 | 亿元 | 9        | 4.12       |
        """,
        "",
        "Z211",
    ),
    "其中列": layout(
        """
        | 指标       | 单位 | 本年累计 | 其中   | <        |
        | ^          | ^    | ^        | 紫砂陶 | 戎子酒庄 |
        | 专业镇产值 | 亿元 | 4.12     | 1.2    | 2.0      |
        """,
        """
        output_value -      2024-06 cumulative 4.12
        output_value zisha  2024-06 cumulative 1.2
        output_value rongzi 2024-06 cumulative 2
        """,
    ),
    "数据来源列": layout(
        """
        | 指标     | 数据来源 | 单位 | 期末数 |
        | 入驻企业 | 县工信局 | 户   | 66     |
        | 常住人口 | 县统计局 | 万人 | 22.5   |
        """,
        """
        enterprises - 2024-06 point 66
        population  - 2024-06 point 22.5
        """,
    ),
    "逐月，合计是各月之和": layout(
        """
        | 月份 | 当月产值（万元） | 累计产值（万元） |
        | 1月  | 5000             | 5000             |
        | 2月  | 4000             | 9000             |
        | 合计 | 9000             |                  |
        """,
        """
        output_value - 2024-01 single     0.5
        output_value - 2024-01 cumulative 0.5
        output_value - 2024-02 single     0.4
        output_value - 2024-02 cumulative 0.9
        """,
        title="2024年专业镇产值月度情况",
    ),
    "目标在完成数前": layout(
        """
        | 指标       | 单位 | 2027年目标 | 2024年目标 | 1-6月完成 | 占全年目标% |
        | 专业镇产值 | 亿元 | 15         | 9          | 5.1       | 56.7        |
        """,
        "output_value - 2024-06 cumulative 5.1",
    ),
    "一家企业不是全部": layout(
        """
        | 企业名称       | 累计产值（万元） |
        | 乡宁县甲紫砂厂 | 1200             |
        """,
        "",
        "Z206",
    ),
    "年份一栏不是板块": layout(
        """
        | 年份 | 月份 | 入驻企业（户） |
        | 2024 | 5    | 64             |
        | ^    | 6    | 66             |
        """,
        """
        enterprises - 2024-05 point 64
        enterprises - 2024-06 point 66
        """,
    ),
    "县名一行是全部": layout(
        """
        |        | 累计产值（万元） | 入驻企业（户） |
        | 乡宁县 | 51000            | 66             |
        """,
        """
        output_value - 2024-06 cumulative 5.1
        enterprises  - 2024-06 point      66
        """,
    ),
    "剩余目标等": layout(
        """
        | 指标     | 单位 | 年度目标 | 6月底 | 比5月 | 剩余目标 |
        | 入驻企业 | 户   | 75       | 66    | 2     | 9        |
        """,
        "enterprises - 2024-06 point 66",
    ),
    "指标在标题，括号中说分板块": Layout(
        """
        == 表
        | 专业镇产值（分板块）（2024年6月） |
        | 填报单位：县工信局 |   | 单位：亿元 |
        | 板块   | 本月 | 累计 |
        | 紫砂陶 | 0.3  | 2.1  |
        | 填报人：张三 | | 审核人：李四 |
        """,
        """
        output_value zisha 2024-06 single     0.3
        output_value zisha 2024-06 cumulative 2.1
        """,
    ),
    "指标在标题，只是一部分": Layout(
        """
        == 表
        | 专业镇产值（规上）（2024年6月） |
        | 填报单位：县工信局 |   | 单位：亿元 |
        | 板块   | 本月 | 累计 |
        | 紫砂陶 | 0.3  | 2.1  |
        | 填报人：张三 | | 审核人：李四 |
        """,
        "",
        "Z008",
    ),
    "净增": layout(
        """
        | 指标     | 单位 | 上年末 | 本期末 | 净增 |
        | 入驻企业 | 户   | 52     | 66     | 14   |
        """,
        "enterprises - 2024-06 point 66",
    ),
    "年初数": layout(
        """
        | 指标     | 单位 | 年初数 | 期末数 |
        | 入驻企业 | 户   | 60     | 66     |
        """,
        "enterprises - 2024-06 point 66",
    ),
    "计划、比上月、完成%": layout(
        """
        | 指标       | 单位 | 年度计划 | 本月 | 比上月增加 | 本年累计 | 较年初增加 | 完成% |
        | 专业镇产值 | 亿元 | 15       | 0.7  | 0.1        | 4.12     | 0.3        | 27.5  |
        """,
        """
        output_value - 2024-06 single     0.7
        output_value - 2024-06 cumulative 4.12
        """,
    ),
    "一个板块单独一行": layout(
        """
        | 指标     | 板块   | 单位 | 期末数 |
        | 入驻企业 | 紫砂陶 | 户   | 20     |
        """,
        "enterprises zisha 2024-06 point 20",
    ),
    "两级指标": layout(
        """
        | 一级指标 | 二级指标             | 单位 | 期末数 |
        | 经济规模 | 入驻企业             | 户   | 66     |
        | ^        | 带动从业人员         | 人   | 13020  |
        | 创新能力 | 公共技术创新服务平台 | 个   | 6      |
        """,
        """
        enterprises - 2024-06 point 66
        employment - 2024-06 point 13020
        innovation_platforms - 2024-06 point 6
        """,
    ),
    "转置": layout(
        """
        | 指标   | 入驻企业 | 带动从业人员 |
        | 单位   | 户       | 人           |
        | 期末数 | 66       | 13020        |
        """,
        """
        enterprises - 2024-06 point 66
        employment - 2024-06 point 13020
        """,
    ),
    "一项一行": layout(
        """
        | 产值（本年累计，亿元） | 4.12 |
        | 期末入驻企业（户）     | 66   |
        """,
        """
        output_value - 2024-06 cumulative 4.12
        enterprises - 2024-06 point 66
        """,
    ),
    "单位在表头": layout(
        """
        | 指标       | 本年累计（万元） |
        | 专业镇产值 | 41200.5          |
        """,
        "output_value - 2024-06 cumulative 4.12005",
    ),
    "单位在表上": layout(
        """
        | 单位：万元 |
        | 指标       | 本年累计 |
        | 专业镇产值 | 41200    |
        """,
        "output_value - 2024-06 cumulative 4.12",
    ),
    "单位在格内": layout(
        """
        | 指标         | 本年累计     | 期末数  |
        | 专业镇产值   | 4.12亿元     |         |
        | 第一产业产值 | 七千二百万元 |         |
        | 入驻企业     |              | ６６户  |
        | 带动从业人员 |              | 1.3万人 |
        """,
        """
        output_value - 2024-06 cumulative 4.12
        output_primary - 2024-06 cumulative 0.72
        enterprises - 2024-06 point 66
        employment - 2024-06 point 13000
        """,
    ),
    "百分比": layout(
        """
        | 指标               | 单位 | 全年数 |
        | 高新技术产业比例   | %    | 12.50% |
        | 现代服务业比例     | %    | 31.2   |
        | 知识密集型产品比例 | %    | '8.4％ |
        """,
        """
        hightech_share - 2023-12 point 12.5
        modern_services_share - 2023-12 point 31.2
        knowledge_product_share - 2023-12 point 8.4
        """,
        title="专业镇结构指标（2023年）",
    ),
    "空与零": layout(
        """
        | 指标                 | 单位 | 期末数 |
        | 入驻企业             | 户   | 0      |
        | 带动从业人员         | 人   | —      |
        | 公共技术创新服务平台 | 个   | 无     |
        """,
        "enterprises - 2024-06 point 0",
    ),
    "上月累计只作核对": layout(
        """
        | 指标         | 单位 | 上月累计 | 本月 | 本年累计 |
        | 专业镇产值   | 亿元 | 3.40     | 0.72 | 4.12     |
        | 第一产业产值 | 亿元 | 0.50     | 0.12 | 0.72     |
        | 第二产业产值 | 亿元 | 约1      | 0.20 | 1.30     |
        """,
        """
        output_value - 2024-06 single 0.72
        output_value - 2024-06 cumulative 4.12
        output_primary - 2024-06 single 0.12
        output_primary - 2024-06 cumulative 0.72
        output_secondary - 2024-06 single 0.2
        output_secondary - 2024-06 cumulative 1.3
        """,
        "Z403",
    ),
    "本期数": layout(
        """
        | 指标         | 单位 | 本期数 |
        | 入驻企业     | 户   | 66     |
        | 第一产业产值 | 亿元 | 0.72   |
        """,
        "enterprises - 2024-06 point 66",
        "Z303",
    ),
    "六月末": layout(
        """
        | 指标       | 单位 | 6月末 |
        | 入驻企业   | 户   | 66    |
        | 专业镇产值 | 亿元 | 4.12  |
        """,
        """
        enterprises - 2024-06 point 66
        output_value - 2024-06 cumulative 4.12
        """,
    ),
    "全年数": layout(
        """
        | 指标       | 单位 | 全年数 |
        | 专业镇产值 | 亿元 | 7.32   |
        """,
        "output_value - 2023-12 cumulative 7.32",
        title="专业镇发展情况（2023年）",
    ),
    "表头与标题不一": layout(
        """
        | 指标     | 单位 | 6月末 |
        | 入驻企业 | 户   | 66    |
        """,
        "enterprises - 2024-06 point 66",
        "Z305",
        title="专业镇发展情况（2024年5月）",
    ),
    "分项与合计差在四舍五入之内": layout(
        """
        | 指标       | 板块       | 单位 | 本年累计 |
        | 专业镇产值 | 合计       | 亿元 | 4.53     |
        | 专业镇产值 | 紫砂陶     | 亿元 | 0.61     |
        | 专业镇产值 | 戎子酒庄   | 亿元 | 1.32     |
        | 专业镇产值 | 云丘山农旅 | 亿元 | 2.07     |
        | 专业镇产值 | 其他       | 亿元 | 0.52     |
        """,
        """
        output_value -      2024-06 cumulative 4.53
        output_value zisha  2024-06 cumulative 0.61
        output_value rongzi 2024-06 cumulative 1.32
        output_value yunqiu 2024-06 cumulative 2.07
        output_value other  2024-06 cumulative 0.52
        """,
    ),
    "万元分项差一百万": layout(
        """
        | 指标       | 板块       | 单位 | 本年累计 |
        | 专业镇产值 | 合计       | 万元 | 45300    |
        | 专业镇产值 | 紫砂陶     | 万元 | 6100     |
        | 专业镇产值 | 戎子酒庄   | 万元 | 13200    |
        | 专业镇产值 | 云丘山农旅 | 万元 | 20700    |
        | 专业镇产值 | 其他       | 万元 | 5200     |
        """,
        """
        output_value -      2024-06 cumulative 4.53
        output_value zisha  2024-06 cumulative 0.61
        output_value rongzi 2024-06 cumulative 1.32
        output_value yunqiu 2024-06 cumulative 2.07
        output_value other  2024-06 cumulative 0.52
        """,
        "Z402",
    ),
    "双精度的尾数": layout(
        """
        | 指标     | 单位 | 期末数 |
        | 入驻企业 | 户   | 7.000000000000001 |
        """,
        "enterprises - 2024-06 point 7",
    ),
    "规上企业不是全部": layout(
        """
        | 指标     | 类型     | 单位 | 期末数 |
        | 入驻企业 | 规上企业 | 户   | 12     |
        | 入驻企业 | 规下企业 | 户   | 54     |
        """,
        "",
        "Z206 Z206",
    ),
    "期在工作表名": Layout(
        f"""
        == 2024年6月
        | 填报单位：县工信局 |
        | 指标     | 单位 | 期末数 |
        | 入驻企业 | 户   | 66     |
        {SIGNED}
        """,
        "enterprises - 2024-06 point 66",
    ),
    "县工信局2024年6月月报": Layout(
        f"""
        == Sheet1
        | 指标     | 单位 | 期末数 |
        | 入驻企业 | 户   | 66     |
        {SIGNED}
        """,
        "enterprises - 2024-06 point 66",
    ),
    "上下两张表": layout(
        """
        | 一、规模 |
        | 指标     | 单位 | 期末数 |
        | 入驻企业 | 户   | 66     |
        |          |
        | 二、产值 |
        | 指标       | 单位 | 本月 | 本年累计 |
        | 专业镇产值 | 亿元 | 0.7  | 4.12     |
        """,
        """
        enterprises - 2024-06 point 66
        output_value - 2024-06 single 0.7
        output_value - 2024-06 cumulative 4.12
        """,
    ),
    "几张工作表": Layout(
        f"""
        == 规模
        | 2024年6月 |
        | 填报单位：县工信局（盖章） |
        | 指标     | 单位 | 期末数 |
        | 入驻企业 | 户   | 66     |
        == 就业（隐藏）
        | 2024年6月 |
        | 指标         | 单位 | 期末数 |
        | 带动从业人员 | 人   | 13020  |
        {SIGNED}
        == Sheet3
        """,
        """
        enterprises - 2024-06 point 66
        employment - 2024-06 point 13020
        """,
        "Z503",
    ),
}


def expected(text: str) -> set[tuple[str, ...]]:
    rows = (line.split() for line in text.splitlines() if line.strip())
    return {(indicator, segment.replace("-", ""), *rest) for indicator, segment, *rest in rows}


@pytest.fixture(scope="module")
def take_in(tmp_path_factory):
    """Import one form as a dry run; each stands alone."""
    folder: Path = tmp_path_factory.mktemp("layouts")
    workspace = make_workspace(folder / "home")
    plan = open_plan(workspace)

    def run(name: str, form: str) -> dict[str, Any]:
        path = folder / f"{name}.xlsx"
        path.write_bytes(workbook(form))
        wish = Wish(Given(), date(2024, 7, 3), datetime(2024, 7, 3, tzinfo=SHANGHAI), dry_run=True)
        with open_ledger(workspace.ledger, plan.id, create=False) as ledger:
            receipt = receipt_json(import_files(workspace, plan, ledger, [path], wish, lambda _: None))
        told: dict[str, Any] = json.loads(to_json(receipt))
        return told

    return run


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_sheet_is_read_as_its_department_means_it(take_in, name):
    receipt = take_in(name, LAYOUTS[name].form)

    assert figures(receipt) == expected(LAYOUTS[name].figures)
    assert codes(receipt) == LAYOUTS[name].problems.split()
