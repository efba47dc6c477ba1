"""Units out as a spreadsheet: the directory, or a template to fill in."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from documents.files import cannot_write, replacing
from documents.tables import FORMULA_STARTS, ILLEGAL, escaped
from intake.contact_export import CONTACT_EXAMPLE, CONTACT_EXPLANATIONS, CONTACTS_SHEET, ContactList
from intake.directory_columns import CONTACT_HEADERS, EXAMPLE_CODE, HEADERS, KIND_NAMES
from models.directory import Unit, UnitKind

UNITS_SHEET = "Đơn vị"
GUIDE_SHEET = "Hướng dẫn"
ROWS_TO_FILL = 5000
FORMATTED_ROWS = 300
TEXT = "@"
WIDTHS = {
    "code": 14,
    "name": 42,
    "kind": 20,
    "aliases": 24,
    "groups": 20,
    "phone": 16,
    "sample": 10,
}
USUAL_WIDTH = 28

EXPLANATIONS = {
    "code": "Bắt buộc. Ngắn, không dấu cách, không có / | @ : và không đổi về sau.",
    "name": "Bắt buộc. Tên đầy đủ như trong văn bản.",
    "kind": "Bắt buộc. Chọn một trong các loại ở bảng dưới.",
    "hub": "Mã hoặc tên xã, phường, đặc khu là đầu mối; đơn vị trực thuộc Sở để trống.",
    "aliases": "Tên viết tắt, tên gọi khác; cách nhau bằng dấu chấm phẩy: GDTrH; Phòng GDTrH.",
    "groups": "Tên nhóm mà văn bản có thể gọi chung; cách nhau bằng dấu chấm phẩy.",
    "focal_person": "Họ tên người theo dõi công việc.",
    "email": "Nơi nhận thư đôn đốc. Mỗi ô một địa chỉ.",
    "head_email": "Nơi báo lãnh đạo đơn vị khi quá hạn.",
    "phone": "Đặt định dạng ô là Văn bản để giữ số 0 ở đầu.",
    "deputy": "Họ tên người thay khi người đầu mối vắng.",
    "deputy_email": "Thư điện tử của người thay.",
    "sample": "Đơn vị mẫu dùng thử thì ghi x; đơn vị thật để trống.",
}
KIND_EXPLANATIONS = {
    UnitKind.LEADERSHIP: "Lãnh đạo Sở, nơi nhận báo cáo quá hạn ở mức cao nhất",
    UnitKind.OFFICE: "Văn phòng Sở",
    UnitKind.DIVISION: "Phòng chuyên môn, nghiệp vụ thuộc Sở",
    UnitKind.COMMUNE: "UBND xã, phường, đặc khu: đầu mối của các cơ sở trên địa bàn",
    UnitKind.DIRECT: "Đơn vị, cơ sở giáo dục trực thuộc Sở (THPT, GDTX)",
    UnitKind.SCHOOL: "Cơ sở giáo dục thuộc xã, phường, đặc khu quản lý",
}
EXAMPLE = {
    "code": EXAMPLE_CODE,
    "name": "Trường Tiểu học Lê Lợi (dòng ví dụ, được bỏ qua khi nhập)",
    "kind": KIND_NAMES[UnitKind.SCHOOL],
    "hub": "UBND Phường Xuân Hương - Đà Lạt",
    "aliases": "TH Lê Lợi",
    "groups": "Trường chuẩn quốc gia",
    "focal_person": "Nguyễn Thị An",
    "email": "th-leloi@truong.example",
    "head_email": "hieutruong@truong.example",
    "phone": "0263 3822 000",
    "deputy": "Trần Văn Bình",
    "deputy_email": "phohieutruong@truong.example",
    "sample": "",
}


def export_units(
    path: Path,
    units: Sequence[Unit],
    *,
    contacts: ContactList = ContactList(),
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Writes `units` as .xlsx or .csv, after the name of the file; contacts by day as a second
    sheet, so not into .csv. Raises BadInput."""
    match path.suffix.lower():
        case ".xlsx":
            with replacing(path) as file:
                _write_workbook(file, units, contacts, progress)
        case ".csv":
            with replacing(path) as file:
                _write_csv(file, [names[0] for names in HEADERS.values()], map(_values, units))
                progress(len(units))
        case suffix:
            raise cannot_write(
                path, f"không ghi được dạng “{suffix}”: hãy đặt tên tệp .xlsx hoặc .csv."
            )


def export_contacts(path: Path, contacts: ContactList, units: Mapping[str, Unit]) -> None:
    """Contacts by day alone, as .csv. Raises BadInput."""
    if path.suffix.lower() != ".csv":
        raise cannot_write(path, "đầu mối theo thời gian ghi riêng ra tệp .csv.")
    with replacing(path) as file:
        _write_csv(file, contacts.headers, contacts.rows(units))


def write_template(path: Path) -> None:
    """An empty list to fill in, with an example and explanations. Raises BadInput."""
    if path.suffix.lower() != ".xlsx":
        raise cannot_write(path, "bảng mẫu là tệp Excel: hãy đặt tên tệp .xlsx.")
    workbook, sheet = _units_workbook()
    _write(sheet, 2, [EXAMPLE[field] for field in HEADERS], Font(italic=True, color="808080"))
    contacts = ContactList()
    example = [CONTACT_EXAMPLE.get(field, "") for field in contacts.fields]
    _write_contacts(workbook, contacts, [example], Font(italic=True, color="808080"))
    first_kind = _write_guide(workbook.create_sheet(GUIDE_SHEET))
    column = get_column_letter(list(HEADERS).index("kind") + 1)
    kinds = DataValidation(
        type="list",
        formula1=f"'{GUIDE_SHEET}'!$A${first_kind}:$A${first_kind + len(UnitKind) - 1}",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Loại đơn vị",
        error=f"Chọn một loại trong danh sách (xem trang {GUIDE_SHEET}).",
    )
    kinds.add(f"{column}2:{column}{ROWS_TO_FILL}")
    sheet.add_data_validation(kinds)
    for row in sheet.iter_rows(min_row=3, max_row=FORMATTED_ROWS, max_col=len(HEADERS)):
        for cell in row:
            cell.number_format = TEXT
    with replacing(path) as file:
        workbook.save(file)


def _write_workbook(
    file: Path,
    units: Sequence[Unit],
    contacts: ContactList,
    progress: Callable[[int], None],
) -> None:
    workbook, sheet = _units_workbook()
    for row, unit in enumerate(units, start=2):
        _write(sheet, row, _values(unit))
        progress(1)
    sheet.auto_filter.ref = sheet.dimensions
    if contacts.every:
        _write_contacts(workbook, contacts, contacts.rows({unit.code: unit for unit in units}))
    workbook.save(file)


def _write_contacts(
    workbook: Workbook,
    contacts: ContactList,
    rows: Sequence[Sequence[str]],
    font: Font | None = None,
) -> None:
    sheet = workbook.create_sheet(CONTACTS_SHEET)
    sheet.freeze_panes = "C2"
    for number, field in enumerate(contacts.fields, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(field, USUAL_WIDTH)
    _write_header(sheet, 1, contacts.headers)
    for row, values in enumerate(rows, start=2):
        _write(sheet, row, values, font)


def _units_workbook() -> tuple[Workbook, Worksheet]:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet(UNITS_SHEET)
    sheet.freeze_panes = "C2"
    for number, field in enumerate(HEADERS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(field, USUAL_WIDTH)
    _write_header(sheet, 1, [names[0] for names in HEADERS.values()])
    return workbook, sheet


def _write_guide(guide: Worksheet) -> int:
    """Returns the row of the first kind."""
    guide.column_dimensions["A"].width = 24
    guide.column_dimensions["B"].width = 90
    _write_header(guide, 1, ["Cột", "Cách ghi"])
    for row, (field, explanation) in enumerate(EXPLANATIONS.items(), start=2):
        _write(guide, row, [HEADERS[field][0], explanation])
    first_kind = len(EXPLANATIONS) + 4
    _write_header(guide, first_kind - 1, ["Các loại", "Nghĩa"])
    for row, kind in enumerate(UnitKind, start=first_kind):
        _write(guide, row, [KIND_NAMES[kind], KIND_EXPLANATIONS[kind]])
    below = first_kind + len(UnitKind) + 2
    _write_header(guide, below - 1, [f"Cột của trang “{CONTACTS_SHEET}”", "Cách ghi"])
    for row, (field, explanation) in enumerate(CONTACT_EXPLANATIONS.items(), start=below):
        _write(guide, row, [CONTACT_HEADERS[field][0], explanation])
    return first_kind


def _write_header(sheet: Worksheet, row: int, texts: Sequence[str]) -> None:
    _write(sheet, row, texts, Font(bold=True))
    for column in range(1, len(texts) + 1):
        cell = sheet.cell(row, column)
        cell.fill = PatternFill("solid", fgColor="DDE7F0")
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _write(sheet: Worksheet, row: int, texts: Sequence[str], font: Font | None = None) -> None:
    """Cells that stay text, also when edited: codes and telephone numbers keep their zeros."""
    for column, text in enumerate(texts, start=1):
        cell = sheet.cell(row, column)
        cell.number_format = TEXT
        if font is not None:
            cell.font = font
        if text:
            cell.value = ILLEGAL.sub("", text)
            cell.data_type = "s"
            cell.quotePrefix = text.startswith(FORMULA_STARTS)


def _write_csv(file: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    # Excel takes a file for UTF-8 only when it begins with the mark.
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(headers)
        for values in rows:
            writer.writerow(escaped(value) for value in values)


def _values(unit: Unit) -> list[str]:
    shown = {
        "kind": KIND_NAMES[unit.kind],
        "hub": unit.hub or "",
        "aliases": "; ".join(unit.aliases),
        "groups": "; ".join(unit.groups),
        "sample": "x" if unit.sample else "",
    }
    return [shown[field] if field in shown else str(getattr(unit, field)) for field in HEADERS]
