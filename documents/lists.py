"""The lists of the screens as tables: the same columns whoever asks."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from documents.tables import Column, Table
from models.assignment import Role
from models.clock import VN
from rules.wording import ROLE_NAMES, standing, task_standing

ASSIGNMENTS = (
    Column("unit_name", "Đơn vị", 30),
    Column("unit", "Mã đơn vị", 11),
    Column("task", "Nhiệm vụ", 10),
    Column("occurrence", "Kỳ", 8),
    Column("title", "Nội dung", 46),
    Column("standing", "Tình trạng", 26),
    Column("last_day", "Hạn cuối", 12),
    Column("days_late", "Số ngày quá hạn", 10),
    Column("received_at", "Nhận lúc", 17),
    Column("role", "Vai trò", 18),
    Column("revision", "Lần nộp", 9),
    Column("level", "Cấp đã báo", 9),
    Column("next_rung_at", "Mốc kế tiếp lúc", 17),
    Column("next_rung", "Mốc kế tiếp", 44),
    Column("assignment", "Phần việc", 40),
)
PRINTED = 9  # columns of assignments that are still readable on a sheet of A4
TASKS = (
    Column("plan", "Kế hoạch", 30),
    Column("year", "Năm", 8),
    Column("task", "Nhiệm vụ", 12),
    Column("occurrence", "Kỳ", 8),
    Column("title", "Nội dung", 60),
    Column("standing", "Tình trạng", 26),
    Column("last_day", "Hạn", 12),
    Column("overdue", "Quá hạn", 10),
    Column("held", "Hạn đã qua trước khi phát động, chờ quyết định", 16),
    Column("open", "Còn mở", 10),
    Column("total", "Tổng số", 10),
    Column("level", "Cấp đã báo", 9),
    Column("next_instant", "Mốc kế tiếp", 18),
)


def assignments_table(rows: Iterable[Any], at: datetime) -> Table:
    """`rows` are assignments as `activities.views` shows them at plan instant `at`."""
    today = at.astimezone(VN).date()
    cells = [
        (
            row.unit_name,
            row.unit,
            row.code,
            row.occurrence,
            row.title,
            standing(row.stage, overdue=row.overdue, late=row.late),
            row.last_day,
            (today - row.last_day).days if row.overdue else None,
            row.received_at,
            ROLE_NAMES[Role(row.role)],
            row.revision,
            row.level,
            row.next_rung_at,
            row.next_rung,
            row.id,
        )
        for row in rows
    ]
    return Table("Danh sách phần việc", at, ASSIGNMENTS, cells, PRINTED)


def tasks_table(cycles: Iterable[Any], at: datetime) -> Table:
    """`cycles` are cycles with their tasks as `activities.views` shows them."""
    cells = [
        (
            cycle.title,
            cycle.year,
            task.code,
            task.occurrence,
            task.title,
            task_standing(task.stage, task.waiting, task.halted),
            _last_day(task.next_deadline),
            task.overdue,
            task.held,
            task.open,
            task.total,
            task.level,
            task.next_instant,
        )
        for cycle in cycles
        for task in cycle.tasks
    ]
    return Table("Tình hình các nhiệm vụ", at, TASKS, cells)


def _last_day(breach: datetime | None) -> date | None:
    """A breach is the midnight that ends the last day on time."""
    return None if breach is None else (breach.astimezone(VN) - timedelta(days=1)).date()
