"""The tables in the body of the consolidated report."""

from collections.abc import Sequence

from documents.figures import count, decimal, required, share, target_share
from documents.paper import Paper
from documents.word_table import GridColumn
from models.consolidated import Coverage, FourWay, FourWayRow, TargetRow, TargetValue

WAYS = (
    ("completed_on_time", "Hoàn thành đúng hạn"),
    ("completed_late", "Hoàn thành muộn"),
    ("open_within_time", "Đang thực hiện, trong hạn"),
    ("open_overdue", "Quá hạn"),
    ("held", "Chờ quyết định (hạn đã qua trước khi phát động)"),
    ("ongoing", "Thường xuyên"),
    ("undated", "Chưa có hạn"),
    ("discontinued", "Không tiếp tục"),
)
REACHED = {True: "Đạt", False: "Chưa đạt", None: "Chưa đánh giá"}


def coverage(paper: Paper, rows: Sequence[Coverage]) -> None:
    columns = (
        GridColumn("Nhóm đơn vị", 6),
        GridColumn("Phải báo cáo", 2.4, "CellCentre"),
        GridColumn("Đã báo cáo (được chấp nhận)", 3.2, "CellCentre"),
        GridColumn("Đang chờ duyệt", 2.4, "CellCentre"),
        GridColumn("Tỷ lệ", 2.2, "CellCentre"),
    )
    paper.table(
        columns,
        [
            (
                row.name,
                count(row.expected),
                count(row.reported),
                count(row.waiting),
                share(row.reported, row.expected),
            )
            for row in rows
        ],
    )


def four_way(paper: Paper, what: str, rows: Sequence[FourWayRow], total: FourWay) -> None:
    """`total` is the data's own: the last row is not added up here."""
    # Only who launches in mid-year has any of these.
    ways = [(way, title) for way, title in WAYS if way != "held" or total.held]
    numbers = [GridColumn(title, 1.65, "CellCentreSmall") for _, title in ways]
    columns = (GridColumn(what, 5.2, "CellSmall"), GridColumn("Tổng số", 1.4, "CellCentreSmall"))
    together = FourWayRow(key="", name="Toàn kế hoạch", counts=total)
    paper.table(
        (*columns, *numbers),
        [
            (
                row.name,
                count(row.counts.total),
                *(count(getattr(row.counts, way)) for way, _ in ways),
            )
            for row in (*rows, together)
        ],
    )


def targets(paper: Paper, rows: Sequence[TargetRow]) -> None:
    columns = (
        GridColumn("Chỉ tiêu", 6.5, "CellSmall"),
        GridColumn("Năm", 1.6, "CellCentreSmall"),
        GridColumn("Yêu cầu", 2, "CellCentreSmall"),
        GridColumn("Kết quả", 2, "CellCentreSmall"),
        GridColumn("Tử số / mẫu số", 2.4, "CellCentreSmall"),
        GridColumn("Đơn vị đã báo cáo", 2, "CellCentreSmall"),
        GridColumn("Kỳ trước", 2, "CellCentreSmall"),
        GridColumn("Đánh giá", 1.8, "CellCentreSmall"),
    )
    paper.table(columns, [_target(row) for row in rows])


def _target(row: TargetRow) -> tuple[object, ...]:
    now = row.values[-1] if row.values else TargetValue(period="")
    before = row.values[-2] if len(row.values) > 1 else None
    return (
        f"{row.code}. {row.text}",
        row.year,
        required(row.number),
        _value(row, now),
        _parts(now),
        f"{count(now.reported)}/{count(now.expected)}",
        "" if before is None else _value(row, before),
        REACHED[now.reached] if row.number is not None else "",
    )


def _value(row: TargetRow, value: TargetValue) -> str:
    if value.share is not None:
        return target_share(value.share)
    if value.numerator is None:
        return ""
    unit = row.number.unit if row.number is not None and row.number.unit != "%" else ""
    return f"{decimal(value.numerator)} {unit}".strip()


def _parts(value: TargetValue) -> str:
    if value.numerator is None or value.denominator is None:
        return ""
    return f"{count(value.numerator)} / {count(value.denominator)}"
