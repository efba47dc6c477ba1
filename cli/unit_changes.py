"""Units as they are listed, and what an import would change of them."""

from collections.abc import Collection, Sequence

from cli.output import console, print_table
from intake.directory_columns import HEADERS, KIND_NAMES
from models.directory import Unit, UnitKind
from rules.directory_changes import DirectoryChanges, FieldChange

MOST_ROWS = 20


def print_units(title: str, found: Sequence[Unit]) -> None:
    print_table(
        title,
        ("Mã", "Tên", "Loại", "Đầu mối", "Người phụ trách", "Thư điện tử", "Mẫu"),
        [
            (
                unit.code,
                unit.name,
                KIND_NAMES[unit.kind],
                unit.hub,
                unit.focal_person,
                unit.email,
                "mẫu" if unit.sample else "",
            )
            for unit in found
        ],
    )


def print_changes(
    changes: DirectoryChanges, removed: Collection[str], *, report_missing: bool
) -> None:
    if changes.added:
        shown = changes.added[:MOST_ROWS]
        print_units(_title("Thêm", len(changes.added), len(shown)), shown)
    if changes.changed:
        shown_changes = changes.changed[:MOST_ROWS]
        print_table(
            _title("Sửa", len(changes.changed), len(shown_changes)),
            ("Mã", "Tên", "Thay đổi"),
            [
                (change.unit.code, change.unit.name, "\n".join(map(_field_line, change.fields)))
                for change in shown_changes
            ],
        )
    if changes.missing and report_missing:
        missing = sorted(changes.missing, key=lambda unit: unit.code not in removed)
        shown = tuple(missing[:MOST_ROWS])
        print_table(
            _title("Có trong danh bạ, không có trong tệp", len(missing), len(shown)),
            ("Mã", "Tên", "Xử lý"),
            [
                (unit.code, unit.name, "đưa ra khỏi danh bạ" if unit.code in removed else "giữ lại")
                for unit in shown
            ],
        )
    missing_words = f", {len(changes.missing)} không có trong tệp" if report_missing else ""
    console.print(
        f"Thêm {len(changes.added)}, sửa {len(changes.changed)}, đưa ra {len(removed)}, "
        f"giữ nguyên {changes.unchanged}{missing_words}.",
        highlight=False,
    )


def _title(what: str, total: int, shown: int) -> str:
    rest = f" (hiện {shown} đơn vị đầu, xem hết bằng --json)" if shown < total else ""
    return f"{what}: {total} đơn vị{rest}"


def _field_line(change: FieldChange) -> str:
    before, after = (
        KIND_NAMES[UnitKind(value)] if change.field == "kind" else value or "(trống)"
        for value in (change.before, change.after)
    )
    return f"{HEADERS[change.field][0]}: {before} → {after}"
