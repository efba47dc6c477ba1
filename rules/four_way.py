"""The four-way table: which column an assignment is counted in, and what rows are called."""

from collections.abc import Iterable

from models.consolidated import FourWay
from models.directory import UnitKind

GROUP_NAMES = {
    UnitKind.LEADERSHIP: "Lãnh đạo Sở",
    UnitKind.OFFICE: "Văn phòng Sở",
    UnitKind.DIVISION: "Các phòng chuyên môn, nghiệp vụ",
    UnitKind.COMMUNE: "UBND các xã, phường, đặc khu",
    UnitKind.DIRECT: "Các đơn vị trực thuộc Sở",
    UnitKind.SCHOOL: "Các cơ sở giáo dục thuộc xã, phường, đặc khu",
}
COLUMN_NAMES = {
    "completed_on_time": "Hoàn thành đúng hạn",
    "completed_late": "Hoàn thành quá hạn",
    "open_within_time": "Đang thực hiện, trong hạn",
    "open_overdue": "Đang thực hiện, quá hạn",
    "held": "Hạn đã qua trước khi phát động, chờ quyết định",
    "undated": "Chưa có hạn",
    "ongoing": "Thường xuyên",
    "discontinued": "Không tiếp tục",
}


def counted(columns: Iterable[tuple[str, int]]) -> FourWay:
    """The row of `(column, how many)` pairs; a column named twice is added up."""
    counts: dict[str, int] = {}
    for column, number in columns:
        counts[column] = counts.get(column, 0) + number
    return FourWay(**counts)


def together(rows: Iterable[FourWay]) -> FourWay:
    return counted((name, getattr(row, name)) for row in rows for name in FourWay.model_fields)
