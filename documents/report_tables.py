"""The tables of reports as rows for a spreadsheet."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from documents.figures import count
from documents.tables import Column, Table
from models.clock import VN
from models.consolidated import ConsolidatedReport, FourWay, FourWayRow, LateUnit, SourcedText
from models.report import Reporter, Standing
from rules.four_way import COLUMN_NAMES
from rules.wording import dmy

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


def received(unit: LateUnit) -> str:
    """When its report came, in words."""
    if unit.settled:
        return "xong trước khi phát động"
    return dmy(unit.received_at.astimezone(VN).date()) if unit.received_at else "chưa nộp"


def days_late(unit: LateUnit) -> str:
    if unit.settled:
        return "không ghi"
    # Late at first, and on time by the date it was given then.
    return count(unit.days_late) if unit.days_late else "lần đầu muộn"


def late_table(report: ConsolidatedReport) -> Table:
    return Table(
        title=f"Nhiệm vụ thực hiện muộn hoặc quá hạn, {report.period_name}",
        at=report.source.data_at,
        columns=[
            Column("unit", "Mã", 14),
            Column("name", "Đơn vị", 50),
            Column("hub", "Đầu mối", 40),
            Column("task", "Mã nhiệm vụ", 16),
            Column("title", "Nhiệm vụ", 70),
            Column("last_day", "Hạn"),
            Column("received_at", "Nhận lúc", 18),
            Column("days_late", "Số ngày muộn"),
            Column("note", "Ghi chú", 26),
        ],
        rows=[
            [
                each.unit,
                each.name,
                each.hub_name,
                each.task,
                each.title,
                each.last_day,
                each.received_at,
                None if each.settled else each.days_late,
                "" if each.received_at else received(each),
            ]
            for each in report.late
        ],
    )


def coverage_table(report: ConsolidatedReport) -> Table:
    return Table(
        title=f"Tình hình báo cáo, {report.period_name}",
        at=report.source.data_at,
        columns=[
            Column("name", "Nhóm đơn vị", 60),
            Column("expected", "Phải báo cáo"),
            Column("reported", "Đã được chấp nhận"),
            Column("waiting", "Chờ duyệt"),
        ],
        rows=[[each.name, each.expected, each.reported, each.waiting] for each in report.coverage],
    )


def words_table(report: ConsolidatedReport) -> Table:
    """What units say, a row for each thing said."""
    return Table(
        title=f"Kết quả, khó khăn, kiến nghị của các đơn vị, {report.period_name}",
        at=report.source.data_at,
        columns=[
            Column("code", "Mã nhiệm vụ, chỉ tiêu", 14),
            Column("unit", "Mã", 14),
            Column("name", "Đơn vị", 50),
            Column("kind", "Nội dung", 24),
            Column("text", "Ý kiến", 100),
        ],
        rows=[
            [about, said.unit, said.name, kind, said.text]
            for about, kind, texts in _words(report)
            for said in texts
        ],
    )


def _words(report: ConsolidatedReport) -> Iterator[tuple[str, str, Sequence[SourcedText]]]:
    yield "", "Đánh giá chung", report.summaries
    for task in report.tasks:
        yield task.code, "Kết quả", task.results
        yield task.code, "Khó khăn, vướng mắc", task.difficulties
        yield task.code, "Kiến nghị, đề xuất", task.proposals
    for target in report.targets:
        yield target.code, "Đánh giá chỉ tiêu", target.statements
        yield target.code, "Điều chỉnh số liệu", target.corrections


def consolidated_sheets(report: ConsolidatedReport) -> dict[str, Table]:
    """The consolidated report as the sheets of one workbook; they say what its .docx says."""
    at, period = report.source.data_at, report.period_name
    return {
        "Tình hình báo cáo": coverage_table(report),
        "Theo nhóm đơn vị": four_way_table(
            f"Tình hình thực hiện theo nhóm đơn vị, {period}", at, report.by_group
        ),
        "Theo nhiệm vụ": four_way_table(
            f"Tình hình thực hiện theo nhiệm vụ, {period}", at, report.by_task
        ),
        "Chỉ tiêu": targets_table(report),
        "Ý kiến đơn vị": words_table(report),
        "Muộn, quá hạn": late_table(report),
        "Chưa báo cáo": missing_table(report, (*report.missing, *report.waiting)),
        "Sau khi tổng hợp": missing_table(report, report.changed)._replace(
            title=f"Báo cáo được chấp nhận sau khi đầu mối đã tổng hợp, {period}"
        ),
    }
