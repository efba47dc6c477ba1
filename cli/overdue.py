"""`dondoc overdue`: whom to call on Monday morning."""

from collections.abc import Callable
from datetime import date

from cli.calling import PlanOption, YearOption
from cli.context import Context
from cli.exporting import Csv, Files, Overwrite, Xlsx
from cli.output import Json, console, print_json, print_table, problems
from documents.tables import Cell, Column, Table
from letters.letter import Overdue
from models.clock import VN
from rules.wording import dmy

COLUMNS = (
    Column("unit", "Mã đơn vị"),
    Column("unit_name", "Đơn vị", 36),
    Column("task", "Nhiệm vụ"),
    Column("last_day", "Hạn cuối"),
    Column("days_late", "Chậm (ngày)"),
    Column("level", "Cấp đã báo"),
    Column("focal_person", "Người phụ trách", 24),
    Column("phone", "Điện thoại"),
    Column("called_on", "Lần gọi gần nhất"),
    Column("call", "Nội dung", 40),
    Column("promised", "Hứa nộp ngày"),
)


def overdue(
    plan: PlanOption = None,
    year: YearOption = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    overwrite: Overwrite = False,
    json_: Json = False,
) -> None:
    """Các đơn vị đang quá hạn: chậm mấy ngày, gọi cho ai, số nào, lần trước hứa gì."""
    with problems(as_json=json_):
        context = Context()
        files = Files(xlsx, csv, overwrite=overwrite)
        at = context.now
        parts = context.views.overdue(at=at, plan=plan, year=year).parts
        if files:
            rows = [_row(part) for part in parts]
            files.write(Table("Các đơn vị đang quá hạn", at, COLUMNS, rows))
    if json_:
        print_json({"at": at, "total": len(parts), "overdue": [part._asdict() for part in parts]})
    elif not parts:
        console.print("Không có đơn vị nào quá hạn.")
    elif not files:
        _print(parts, at.astimezone(VN).date())


def _row(part: Overdue) -> tuple[Cell, ...]:
    return (
        part.unit,
        part.unit_name,
        f"{part.code}/{part.occurrence}",
        part.last_day,
        part.days_late,
        part.level,
        part.focal_person,
        part.phone,
        part.called_on,
        part.call,
        part.promised,
    )


def _print(parts: list[Overdue], today: date) -> None:
    units = len({part.unit for part in parts})
    print_table(
        f"{units} đơn vị, {len(parts)} phần việc quá hạn tính đến {dmy(today)}",
        ("Đơn vị", "Nhiệm vụ", "Chậm", "Cấp", "Liên hệ", "Lần gọi gần nhất, hứa nộp"),
        [
            (
                f"{part.unit_name} ({part.unit})",
                f"{part.code}/{part.occurrence}",
                f"{part.days_late} ngày",
                part.level or "",
                ", ".join(filter(None, (part.focal_person, part.phone))),
                _call(part, today),
            )
            for part in parts
        ],
    )


def _call(part: Overdue, today: date) -> str:
    if part.called_on is None:
        return "chưa gọi"
    said = f"{dmy(part.called_on)}: {part.call}"
    if part.promised is None:
        return said
    broken = ", đã quá ngày hứa" if part.promised < today else ""
    return f"{said}; hứa nộp {dmy(part.promised)}{broken}"


COMMANDS: dict[str, Callable[..., None]] = {"overdue": overdue}
