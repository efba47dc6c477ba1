"""What is on a page as a file: .xlsx, or .csv that Excel opens."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from activities.views import Oversight
from activities.views.heat import WORST
from documents.tables import Cell, Column, Table, write_table
from models.assignment import Role, Stage
from models.consolidated import FourWay
from models.directory import UnitKind
from models.mark import Mark
from rules.counting import grouped
from rules.wording import ROLE_NAMES, STAGE_NAMES
from web.access import OfficeOnly
from web.language import gettext as _
from web.oversight.heat import (
    HubAsked,
    KindAsked,
    SortAsked,
    columns_of,
    counts_of,
    sort_of,
    which_of,
)
from web.oversight.lists import AskedFor, listed
from web.oversight.seen import Seen
from web.oversight.words import FIGURES, MARKS
from web.tools import ToolsOf

router = APIRouter(prefix="/chu-ky/{plan}/{cycle}")


class FileKind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


TYPES = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
}


@router.get("/tong-quan.{file}")
def overview(_visitor: OfficeOnly, seen: Seen, file: FileKind) -> Response:
    by_task = grouped(seen.totals, lambda count: count.task)
    columns = [
        Column("nhiem_vu", _("Nhiệm vụ"), 70),
        *(Column(name, _(title), 14) for name, title in FIGURES.items()),
        Column("tong", _("Tất cả"), 12),
    ]
    whole = _whole_titles(seen)
    rows = [
        _figures(whole(task.code, task.title), by_task.get(task.id, FourWay()))
        for task in seen.tasks
    ]
    return _file(seen, file, _("Tổng quan theo nhiệm vụ"), "tong-quan", columns, rows)


@router.get("/ban-do.{file}")
def heat_map(
    _visitor: OfficeOnly,
    seen: Seen,
    tools: ToolsOf,
    file: FileKind,
    group: KindAsked = UnitKind.COMMUNE,
    hub: HubAsked = "",
    sort: SortAsked = WORST,
) -> Response:
    """Every unit of the group, not only those of the page."""
    which = which_of(group, hub)
    found = tools.views.heat_map(
        seen.cycle.id, at=seen.at, which=which, sort=sort_of(seen, sort), limit=None
    )
    shown = [
        column
        for column in columns_of(seen, counts_of(seen, which))
        if any(column.key in row.cells for row in found.rows)
    ]
    columns = [
        Column("ma", _("Mã"), 10),
        Column("don_vi", _("Đơn vị"), 40),
        *(Column("/".join(each.key), f"{each.code} {each.period}".strip(), 8) for each in shown),
        Column("qua_han", _("Quá hạn"), 10),
    ]
    rows: list[list[Cell]] = [
        [
            row.unit,
            row.name,
            *(
                _letter(cell.mark, cell.level) if (cell := row.cells.get(each.key)) else None
                for each in shown
            ),
            row.overdue,
        ]
        for row in found.rows
    ]
    return _file(seen, file, _("Bản đồ nhiệt"), "ban-do", columns, rows)


@router.get("/phan-viec.{file}")
def assignments(
    _visitor: OfficeOnly, seen: Seen, tools: ToolsOf, file: FileKind, asked: AskedFor
) -> Response:
    """The whole list, not only its page."""
    columns = [
        Column("don_vi", _("Đơn vị"), 40),
        Column("ma_don_vi", _("Mã đơn vị"), 10),
        Column("nhiem_vu", _("Nhiệm vụ"), 60),
        Column("vai_tro", _("Vai trò"), 16),
        Column("tinh_trang", _("Tình trạng"), 28),
        Column("qua_han", _("Quá hạn"), 10),
        Column("han_cuoi", _("Hạn cuối"), 12),
        Column("nhan_luc", _("Nhận báo cáo lúc"), 18),
        Column("cap", _("Cấp đã báo"), 10),
        Column("moc_ke_tiep", _("Mốc kế tiếp"), 50),
    ]
    whole = _whole_titles(seen)
    rows: list[list[Cell]] = [
        [
            row.unit_name,
            row.unit,
            whole(row.code, row.title),
            ROLE_NAMES[Role(row.role)],
            STAGE_NAMES[Stage(row.stage)] + (", muộn" if row.late else ""),
            "quá hạn" if row.overdue else None,
            row.last_day,
            row.received_at,
            row.level or None,
            row.next_rung,
        ]
        for row in listed(tools, seen, asked, limit=None).assignments
    ]
    return _file(seen, file, _("Danh sách phần việc"), "phan-viec", columns, rows)


def _whole_titles(seen: Oversight) -> Callable[[str, str], str]:
    """Screens shorten the words of a task, a file has room for all of them."""
    titles = seen.cycle.titles

    def whole(code: str, title: str) -> str:
        return titles[code].in_full(title) if code in titles else title

    return whole


def _figures(title: str, counts: FourWay) -> list[Cell]:
    return [title, *(getattr(counts, name) for name in FIGURES), counts.total]


def _letter(mark: Mark, level: int) -> str:
    letter = MARKS[mark].letter
    return f"{letter}{level}" if level and mark is Mark.OVERDUE else letter


def _file(
    seen: Oversight,
    file: FileKind,
    title: str,
    name: str,
    columns: list[Column],
    rows: list[list[Cell]],
) -> Response:
    table = Table(f"{title} – {seen.cycle.title}, {seen.cycle.cycle}", seen.at, columns, rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.{file}"
        write_table(table, path)
        content = path.read_bytes()
    filename = quote(f"{name}-{seen.cycle.cycle}-{seen.at:%Y-%m-%d}.{file}")
    return Response(
        content,
        media_type=TYPES[file],
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
