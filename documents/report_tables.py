"""The tables of reports as rows for a spreadsheet."""

from collections.abc import Sequence
from datetime import datetime

from documents.tables import Column, Table
from models.report import ConsolidatedReport, FourWay, FourWayRow, Reporter, Standing
from rules.four_way import COLUMN_NAMES

STANDING_NAMES = {
    Standing.SILENT: "chưa báo cáo",
    Standing.RETURNED: "bị trả lại, chưa nộp lại",
    Standing.WAITING: "chờ duyệt",
    Standing.ACCEPTED: "đã được chấp nhận",
    Standing.EXCUSED: "không phải báo cáo",
}
REACHED_NAMES = {True: "đạt", False: "chưa đạt", None: ""}


def four_way_table(title: str, at: datetime, rows: Sequence[FourWayRow]) -> Table:
    names = list(FourWay.model_fields)
    return Table(
        title=title,
        at=at,
        columns=[
            Column("key", "Mã", 16),
            Column("name", "Tên", 60),
            *(Column(name, COLUMN_NAMES[name], 16) for name in names),
        ],
        rows=[[row.key, row.name, *(getattr(row.counts, name) for name in names)] for row in rows],
    )


def targets_table(report: ConsolidatedReport) -> Table:
    """One row for each target and period: what a chart is drawn from."""
    return Table(
        title=f"Chỉ tiêu, {report.period_name}",
        at=report.source.data_at,
        columns=[
            Column("code", "Mã", 12),
            Column("year", "Năm", 8),
            Column("text", "Chỉ tiêu", 70),
            Column("period", "Kỳ", 12),
            Column("numerator", "Số đạt"),
            Column("denominator", "Tổng số"),
            Column("share", "Tỷ lệ (%)"),
            Column("reported", "Đơn vị đã báo cáo"),
            Column("expected", "Đơn vị liên quan"),
            Column("reached", "Đánh giá"),
        ],
        rows=[
            [
                row.code,
                row.year,
                row.text,
                value.period,
                value.numerator,
                value.denominator,
                value.share,
                value.reported,
                value.expected,
                REACHED_NAMES[value.reached],
            ]
            for row in report.targets
            for value in row.values
        ],
    )


def missing_table(report: ConsolidatedReport, found: Sequence[Reporter]) -> Table:
    return Table(
        title=f"Đơn vị chưa có báo cáo được chấp nhận, {report.period_name}",
        at=report.source.data_at,
        columns=[
            Column("unit", "Mã", 14),
            Column("name", "Đơn vị", 50),
            Column("hub", "Đầu mối", 40),
            Column("last_day", "Hạn"),
            Column("standing", "Tình trạng", 26),
        ],
        rows=[
            [each.unit, each.name, each.hub_name, each.last_day, STANDING_NAMES[each.standing]]
            for each in found
        ],
    )
