"""Contacts by day in spreadsheets: read, refused with a reason, written and read again."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from intake.contact_export import CONTACTS_SHEET, ContactList
from intake.contact_files import ContactFile
from intake.directory_export import export_contacts, export_units, write_template
from intake.directory_files import read_units
from models.directory import Absence, Contact, ContactRole, Directory, Unit, UnitKind
from models.finding import BadInput

SCHOOL = Unit(code="LL", name="Trường Tiểu học Lê Lợi", kind=UnitKind.SCHOOL, email="ll@truong.vn")
OTHER = Unit(code="NT", name="Trường THCS Nguyễn Trãi", kind=UnitKind.SCHOOL)
KNOWN = Directory(units={"LL": SCHOOL, "NT": OTHER})
HEADER = ("Mã đơn vị", "Vai trò", "Họ tên", "Thư điện tử", "Từ ngày", "Đến hết ngày", "Vắng mặt")
CONTACTS = (
    Contact(
        unit="LL",
        role=ContactRole.FOCAL,
        name="Nguyễn Thị An",
        email="an@truong.vn",
        phone="0263 3822 000",
        channels=("https://cong.vn/nhan", "tgram://khoa/phong"),
        valid_from=date(2026, 3, 1),
    ),
    Contact(unit="LL", role=ContactRole.DEPUTY, name="=Bình", valid_until=date(2026, 5, 31)),
    Contact(unit="NT", role=ContactRole.HEAD, phone="0263 3822 001"),
)
ABSENCE = Absence(
    unit="LL",
    role=ContactRole.FOCAL,
    first_day=date(2026, 4, 1),
    last_day=date(2026, 4, 7),
    reason="đi học",
)
LISTED = ContactList((*CONTACTS, ABSENCE), with_channels=True)


def a_file(path: Path, *rows: Sequence[object], header: Sequence[str] = HEADER) -> Path:
    workbook = Workbook()
    for row in (header, *rows):
        workbook.worksheets[0].append(list(row))
    workbook.save(path)
    return path


def read(path: Path) -> ContactFile:
    return read_units(path, KNOWN).contacts


def refused(path: Path) -> list[str]:
    with pytest.raises(BadInput) as raised:
        read_units(path, KNOWN)
    return [f"{f.place.rpartition(', ')[2]}: {f.message}" for f in raised.value.findings]


def test_contacts_and_absences_come_back_as_they_were(tmp_path: Path) -> None:
    export_units(tmp_path / "a.xlsx", list(KNOWN.units.values()), contacts=LISTED)
    export_contacts(tmp_path / "a.csv", LISTED, KNOWN.units)

    for file in ("a.xlsx", "a.csv"):
        found = read(tmp_path / file)
        assert found == ContactFile(CONTACTS, (ABSENCE,), channels=True)


def test_without_being_asked_no_channel_is_written(tmp_path: Path) -> None:
    export_contacts(tmp_path / "a.csv", LISTED._replace(with_channels=False), KNOWN.units)

    assert "tgram" not in (tmp_path / "a.csv").read_text("utf-8")
    assert read(tmp_path / "a.csv").channels is False


def test_dates_of_a_spreadsheet_program_and_names_instead_of_codes_are_understood(
    tmp_path: Path,
) -> None:
    header = ("Tên đơn vị", "Vai trò", "Họ tên", "Từ ngày", "Đến hết ngày")
    row = ("trường tiểu học Lê Lợi", "Lãnh đạo", "Bà Lan", date(2026, 3, 1), "31/3/2026")

    (contact,) = read(a_file(tmp_path / "a.xlsx", row, header=header)).contacts

    assert contact == Contact(
        unit="LL",
        role=ContactRole.HEAD,
        name="Bà Lan",
        valid_from=date(2026, 3, 1),
        valid_until=date(2026, 3, 31),
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("XX", "đầu mối", "A", "", "", "", ""), "danh bạ không có đơn vị mã “XX”."),
        (("", "đầu mối", "A", "", "", "", ""), "chưa ghi đơn vị."),
        (("LL", "kế toán", "A", "", "", "", ""), "không có vai trò “kế toán”."),
        (("LL", "đầu mối", "A", "a@", "", "", ""), "thư điện tử “a@” không phải là một địa chỉ"),
        (("LL", "đầu mối", "A", "", "31/2/2026", "", ""), "từ ngày “31/2/2026” không phải"),
        (("LL", "đầu mối", "A", "", "2/3/2026", "1/3/2026", ""), "ngày cuối trước ngày đầu."),
        (("LL", "đầu mối", "", "", "1/3/2026", "", "x"), "vắng mặt cần cả ngày đầu và ngày cuối."),
        (("LL", "người thay", "", "", "1/3/2026", "2/3/2026", "x"), "chỉ ghi vắng mặt cho"),
        (("LL", "đầu mối", "A", "", "", "", "hơi"), "cột “Vắng mặt” ghi “hơi”."),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_reason(
    row: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    good = ("LL", "đầu mối", "B", "b@truong.vn", "", "", "")

    (said,) = refused(a_file(tmp_path / "a.xlsx", good, row))

    assert said.startswith(f"dòng 3: {sentence}")


def test_what_is_no_channel_is_refused(tmp_path: Path) -> None:
    header = ("Mã đơn vị", "Vai trò", "Kênh")

    (said,) = refused(a_file(tmp_path / "a.xlsx", ("LL", "đầu mối", "0263"), header=header))

    assert "“0263” không phải địa chỉ kênh." in said


def test_the_list_of_a_plan_brings_no_contacts_by_day_and_says_so(tmp_path: Path) -> None:
    export_units(tmp_path / "a.xlsx", list(KNOWN.units.values()), contacts=LISTED)

    found = read_units(tmp_path / "a.xlsx", Directory(units={}), only_known_columns=True)

    assert found.contacts == ContactFile()
    assert any("dondoc units import" in finding.remedy for finding in found.findings)


def test_the_template_has_a_sheet_for_them_that_changes_nothing(tmp_path: Path) -> None:
    write_template(tmp_path / "mau.xlsx")
    workbook = load_workbook(tmp_path / "mau.xlsx")
    workbook["Đơn vị"].append(["AB", "Trường AB", "tiểu học"])
    workbook.save(tmp_path / "mau.xlsx")

    found = read_units(tmp_path / "mau.xlsx", KNOWN)

    assert CONTACTS_SHEET in workbook.sheetnames
    assert list(found.units) == ["AB"]
    assert found.contacts == ContactFile()
