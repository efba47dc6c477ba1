"""Spreadsheets of units as offices send them, and what is said about what is wrong in them."""

import contextlib
import csv
import io
import re
import string
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from intake.directory_columns import EXAMPLE_CODE, HEADERS, KIND_NAMES
from intake.directory_export import export_units, write_template
from intake.directory_files import DirectoryFile, read_units
from intake.plan_folder import read_directory
from intake.provinces import UnknownProvince, province_units
from intake.sheet_rows import cleaned
from models.directory import Directory, Unit, UnitKind
from models.finding import BadInput, Severity

SHIPPED = Path(__file__).parents[2] / "plans" / "lam-dong-nq57"
NOBODY = Directory(units={})
MUI_NE = Unit(
    code="22918", name="UBND Phường Mũi Né", kind=UnitKind.COMMUNE, aliases=("Phường Mũi Né",)
)
KNOWN = Directory(units={"22918": MUI_NE})
HEADER = ("Mã đơn vị", "Tên đơn vị", "Loại", "Trực thuộc", "Thư điện tử", "Thư lãnh đạo")
SCHOOL = ("LL", "Trường Tiểu học Lê Lợi", "tiểu học", "22918", "ll@truong.vn", "ht@truong.vn")


def a_workbook(path: Path, *rows: Sequence[object], title: str = "Danh sách") -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    workbook.save(path)
    return path


def a_csv(path: Path, *rows: Sequence[str], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def read(path: Path, known: Directory = KNOWN) -> DirectoryFile:
    return read_units(path, known)


def said(found: DirectoryFile, severity: Severity = Severity.WARNING) -> list[str]:
    every = [*found.findings, *found.unreached]
    return [finding.message for finding in every if finding.severity is severity]


def refused(path: Path, known: Directory = KNOWN) -> str:
    with pytest.raises(BadInput) as raised:
        read_units(path, known)
    return "\n".join(f"{f.place}: {f.message} {f.remedy}" for f in raised.value.findings)


# What is understood


@pytest.fixture(params=[".xlsx", ".csv"])
def suffix(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def a_file(tmp_path: Path, suffix: str, *rows: Sequence[str]) -> Path:
    path = tmp_path / f"danh-ba{suffix}"
    return a_workbook(path, *rows) if suffix == ".xlsx" else a_csv(path, *rows)


def test_school_is_read_with_its_hub_and_contacts(tmp_path: Path, suffix: str) -> None:
    found = read(a_file(tmp_path, suffix, HEADER, SCHOOL))

    assert found.units["LL"] == Unit(
        code="LL",
        name="Trường Tiểu học Lê Lợi",
        kind=UnitKind.SCHOOL,
        hub="22918",
        email="ll@truong.vn",
        head_email="ht@truong.vn",
    )
    assert found.findings == []


@pytest.mark.parametrize(
    "header",
    [
        ("Mã", "Tên", "Loại đơn vị", "Đầu mối", "Email", "Email lãnh đạo"),
        ("code", "name", "kind", "hub", "email", "head_email"),
        ("MÃ ĐƠN VỊ (*)", "TÊN ĐƠN VỊ", "LOẠI", "Đầu mối/Trực thuộc", "E-mail", "Thu lanh dao"),
        ("Ma don vi", "Ten don vi", "Loai", "Truc thuoc", "Thu dien tu", "Thư thủ trưởng"),
    ],
    ids=["other words", "English", "capitals and stars", "without accents"],
)
def test_headers_are_understood_in_many_spellings(
    tmp_path: Path, suffix: str, header: tuple[str, ...]
) -> None:
    assert read(a_file(tmp_path, suffix, header, SCHOOL)).units["LL"].head_email == "ht@truong.vn"


def test_column_new_units_need_is_missed_once(tmp_path: Path, suffix: str) -> None:
    rows = [("TV", "Trưng Vương"), ("22918", "UBND Phường Mũi Né"), ("LL", "Lê Lợi")]

    message = refused(a_file(tmp_path, suffix, ("Mã", "Tên"), *rows))

    assert "dòng 1: thiếu cột “Loại” (kind), 2 đơn vị mới cần có cột này (TV, LL)." in message
    assert "dòng 2" not in message


def test_unknown_column_is_passed_over_or_refused(tmp_path: Path, suffix: str) -> None:
    path = a_file(tmp_path, suffix, (*HEADER, "Thư đt"), (*SCHOOL, "a@x.vn"))

    assert said(read(path), Severity.INFO) == ["cột “Thư đt” không dùng đến nên được bỏ qua."]
    with pytest.raises(BadInput, match="danh bạ không có cột “Thư đt”"):
        read_units(path, KNOWN, only_known_columns=True)


def test_errors_are_told_in_the_order_of_the_rows(tmp_path: Path, suffix: str) -> None:
    rows = [
        ("A", "Trường A", "trường", "B"),
        ("B", "Trường B", "trường", "A"),
        ("C", "Trường C", "trường", "Xã lạ"),
        ("D", "Trường D", "lạ"),
        ("", "Trường E", "trường"),
    ]

    message = refused(a_file(tmp_path, suffix, HEADER, *rows))

    assert re.findall(r"dòng (\d)", message) == ["2", "3", "4", "5", "6"]
    assert "đầu mối của “A” tạo thành vòng lặp" in message


@pytest.mark.parametrize("delimiter", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_delimiter_and_unicode_encoding(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = a_csv(tmp_path / "a.csv", HEADER, SCHOOL, delimiter=delimiter, encoding=encoding)

    assert read(path).units["LL"].name == "Trường Tiểu học Lê Lợi"


def test_windows_vietnamese_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    # As that encoding writes tones: beside the letter.
    text = "Mã đơn vị;Tên đơn vị;Loại\nLL;Trường Tiểu học Lê Lợi;trường\n"
    for letter, apart in {"ị": "i\u0323", "ạ": "a\u0323", "ờ": "ơ\u0300", "ể": "ê\u0309"}.items():
        text = text.replace(letter, apart)
    text = text.replace("ọ", "o\u0323").replace("ợ", "ơ\u0323").replace("ã", "a\u0303")
    path.write_bytes(text.encode("cp1258"))

    found = read(path)

    assert found.units["LL"].name == "Trường Tiểu học Lê Lợi"
    assert any("CP1258" in message for message in said(found))


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("M· ®¬n vÞ;Tªn ®¬n vÞ\nLL;Tr­êng\n".encode("latin-1"))

    assert "bảng mã không phải UTF-8" in refused(path)


def test_title_above_the_headers_and_other_sheets_do_no_harm(tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path / "a.xlsx", ["DANH SÁCH ĐƠN VỊ"], [], ["STT", *HEADER], ["1", *SCHOOL]
    )
    workbook = load_workbook(path)
    workbook.create_sheet("Ghi chú").append(["Lập ngày 5/1"])
    workbook.create_sheet("Trường khác").append(list(HEADER))
    workbook["Trường khác"].append(["TV", "Trường THCS Trưng Vương", "THCS", "Phường Mũi Né"])
    workbook.save(path)

    found = read(path)

    assert list(found.units) == ["LL", "TV"]
    assert found.units["TV"].hub == "22918"
    assert found.places["LL"] == f"{path}, trang “Danh sách”, dòng 4"


def test_numbers_are_read_as_the_text_they_stand_for(tmp_path: Path) -> None:
    header = ("Mã đơn vị", "Tên đơn vị", "Loại", "Điện thoại")
    path = a_workbook(
        tmp_path / "a.xlsx", header, [22918, "UBND Phường Mũi Né", "phường", 912345678]
    )

    found = read(path)

    assert found.units["22918"].phone == "0912345678"
    assert any("thiếu số 0 ở đầu" in message for message in said(found))


def test_lists_deputies_and_samples_are_read(tmp_path: Path) -> None:
    header = ("code", "name", "kind", "Tên gọi khác", "Nhóm", "Cấp phó", "Thư cấp phó", "Mẫu")
    row = ("P", "Phòng Mầm non", "phòng", "GDMN; Phòng GDMN", "Khối phòng", "Bình", "b@x.vn", "x")

    unit = read(a_workbook(tmp_path / "a.xlsx", header, row)).units["P"]

    assert (unit.aliases, unit.groups) == (("GDMN", "Phòng GDMN"), ("Khối phòng",))
    assert (unit.deputy, unit.deputy_email, unit.sample) == ("Bình", "b@x.vn", True)


def test_known_unit_keeps_what_the_file_has_no_column_for(tmp_path: Path, suffix: str) -> None:
    path = a_file(tmp_path, suffix, ("Tên đơn vị", "Thư điện tử"), ("phường mũi né", "mn@x.vn"))

    assert read(path).units == {"22918": MUI_NE.model_copy(update={"email": "mn@x.vn"})}


def test_department_above_is_no_hub(tmp_path: Path) -> None:
    row = ("PT", "Trường THPT Phan Thiết", "THPT", "Sở Giáo dục và Đào tạo", "a@x.vn", "b@x.vn")

    assert read(a_workbook(tmp_path / "a.xlsx", HEADER, row)).units["PT"].hub is None


# What is wrong in rows


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([SCHOOL, ("LL", "Khác", *SCHOOL[2:])], "mã “LL” đã dùng ở"),
        ([SCHOOL, ("ll", *SCHOOL[1:])], "chỉ khác chữ hoa, chữ thường với mã “LL”"),
        ([(*SCHOOL[:3], "Phường Mũi Nè", "a@x.vn")], "Có phải “22918”"),
        ([(*SCHOOL[:3], "LL", "a@x.vn")], "tạo thành vòng lặp"),
        ([(*SCHOOL[:2], "trường tiểu hoc", *SCHOOL[3:]), ("X", "Y", "phòg")], "Có phải “phòng”?"),
        ([(*SCHOOL[:4], "0912 345 678")], "không phải là một địa chỉ thư điện tử"),
        ([(*SCHOOL[:4], "a@x.vn; b@x.vn")], "Mỗi ô chỉ ghi một địa chỉ."),
        ([("", "Trường Không Mã", *SCHOOL[2:])], "“Trường Không Mã” chưa có mã đơn vị"),
        ([("L L", *SCHOOL[1:])], "có dấu cách"),
        ([("LL", "", *SCHOOL[2:])], "chưa có tên đơn vị"),
        ([("LL", SCHOOL[1], "", *SCHOOL[3:])], "chưa có loại"),
        ([("22918", "", "phường")], "để trống tên"),
        ([("LL", "#REF!", "phường")], "có ô báo lỗi #REF!"),
    ],
    ids=lambda value: value[:25] if isinstance(value, str) else "",
)
def test_row_that_cannot_be_used_is_named_with_a_remedy(
    tmp_path: Path, suffix: str, rows: list[tuple[str, ...]], words: str
) -> None:
    message = refused(a_file(tmp_path, suffix, HEADER, *rows))

    assert words in message
    assert "dòng 2" in message or "dòng 3" in message


def test_loop_over_several_units_names_each(tmp_path: Path) -> None:
    rows = [(code, f"UBND {code}", "xã", hub) for code, hub in ("AB", "BC", "CA")]

    message = refused(a_workbook(tmp_path / "a.xlsx", HEADER, *rows))

    assert message.count("vòng lặp") == 3


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    rows = [(f"A{n}", "Tên", "không rõ") for n in range(300)]

    message = refused(a_workbook(tmp_path / "a.xlsx", HEADER, *rows))

    assert "dòng 2:" in message
    assert "dòng 3:" in message
    assert "và 100 lỗi nữa." in message


def test_unit_without_contact_or_hub_is_a_warning(tmp_path: Path, suffix: str) -> None:
    found = read(a_file(tmp_path, suffix, HEADER, ("LL", "Trường Lê Lợi", "trường", "", "", "")))

    assert any("chưa có thư điện tử" in message for message in said(found))
    assert any("chưa có đầu mối" in message for message in said(found))


def test_name_of_two_units_is_a_warning(tmp_path: Path) -> None:
    rows = [("A", *SCHOOL[1:]), ("B", *SCHOOL[1:])]

    (message,) = said(read(a_workbook(tmp_path / "a.xlsx", HEADER, *rows)))

    assert "2 đơn vị cùng gọi là" in message


def test_row_repeated_word_for_word_is_taken_once(tmp_path: Path, suffix: str) -> None:
    found = read(a_file(tmp_path, suffix, HEADER, SCHOOL, SCHOOL))

    assert list(found.units) == ["LL"]
    assert any("chỉ lấy một lần" in message for message in said(found))


# Files that cannot be read


def _damaged(path: Path) -> None:
    a_workbook(path, HEADER, SCHOOL)
    content = bytearray(path.read_bytes())
    content[200:400] = b"\x55" * 200
    path.write_bytes(content)


def _zip_bomb(path: Path) -> None:
    a_workbook(path, HEADER, SCHOOL)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", b"\0" * 150_000_000)


def _rewritten(path: Path, name: str, before: bytes, after: bytes) -> None:
    a_workbook(path, HEADER, SCHOOL)
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = parts[name].replace(before, after, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def _laughing(path: Path) -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet'
    _rewritten(path, "xl/worksheets/sheet1.xml", b"<worksheet", entities)


def _uncomputed(path: Path) -> None:
    a_workbook(path, HEADER, (*SCHOOL[:5], "=A2&B2"))


def _broken_sheet(path: Path) -> None:
    _rewritten(path, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData><row")


def _docx(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)


def _content(content: bytes):
    return lambda path: path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("a.xlsx", _content(b""), "tệp trống"),
        ("a.csv", _content(b"\xef\xbb\xbf\n"), "không tìm thấy dòng tiêu đề"),
        ("a.xlsx", _huge, "tệp lớn 200 MB, nhiều nhất 20 MB"),
        ("a.xlsx", _zip_bomb, "bung ra quá 100 MB"),
        ("a.xlsx", _laughing, "không an toàn"),
        ("a.xlsx", _damaged, "hỏng"),
        ("a.xlsx", _broken_sheet, "không đọc được tệp Excel"),
        ("a.xlsx", _uncomputed, "công thức chưa được tính"),
        ("a.xlsx", _docx, "không phải bảng tính"),
        (
            "a.xls",
            _content(b"\xd0\xcf\x11\xe0" + b"\0" * 600),
            "đời cũ (.xls) hoặc có đặt mật khẩu",
        ),
        ("a.pdf", _content(b"%PDF-1.7 "), "PDF"),
        ("a.xlsx", _content(b"xin chao"), "không phải tệp bảng tính"),
        ("a.csv", _content(b"a\0b\0c\0"), "không phải tệp văn bản CSV"),
        ("a.csv", _content(b"xin chao; hai\n1;2\n"), "không tìm thấy dòng tiêu đề"),
        ("a.csv", _content('Mã;Tên\n1;"a'.encode()), "sai cú pháp CSV"),
        ("a.csv", _content(f"Mã;Tên\n1;{'a' * 2000}\n".encode()), "có ô dài 2000 ký tự"),
        ("a.csv", _content("Mã;Tên;Loại\n".encode()), "không có đơn vị nào"),
        ("a.csv", _content("Mã;Tên;Loại\nA;Phòng CM; NV;phòng\n".encode()), "nhiều ô hơn"),
        ("a.csv", _content("Mã;Tên;Đầu mối;Trực thuộc\n".encode()), "cùng nghĩa"),
        ("khong-co.xlsx", lambda path: None, "không tìm thấy tệp"),
        ("a.csv", Path.mkdir, "là thư mục"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, name: str, make, words: str
) -> None:
    make(tmp_path / name)

    assert words in refused(tmp_path / name)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.binary(max_size=300),
    start=st.sampled_from([b"", b"PK\x03\x04", "Mã;Tên\n".encode()]),
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, start: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(start + content)

    with contextlib.suppress(BadInput):
        read(path)


@pytest.fixture(scope="module")
def whole_workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One for all examples: its size differs with the second it is made in."""
    return a_workbook(tmp_path_factory.mktemp("fuzz") / "a.xlsx", HEADER, SCHOOL).read_bytes()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_workbook_is_read_or_refused(
    tmp_path: Path, whole_workbook: bytes, data: st.DataObject
) -> None:
    content = bytearray(whole_workbook)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "a.xlsx").write_bytes(content)

    with contextlib.suppress(BadInput):
        read(tmp_path / "a.xlsx")


# What is written


def _words(max_size: int = 20) -> st.SearchStrategy[str]:
    letters = string.ascii_letters + "ăâđêôơưẠếỗ0123456789 =+-@'\".,&<>()"
    return st.text(letters, max_size=max_size).map(cleaned)


ADDRESS = st.sampled_from(["", "a@x.vn", "lanh-dao@phong.gov.vn"])
UNITS = st.lists(
    st.builds(
        Unit,
        code=st.text(string.ascii_uppercase + "Đ0123456789-.=+", min_size=1, max_size=6).map(
            cleaned
        ),
        name=_words().filter(lambda name: name not in ("", "'")),
        kind=st.sampled_from(UnitKind),
        aliases=st.lists(_words().filter(bool), max_size=2, unique=True).map(tuple),
        groups=st.lists(_words().filter(bool), max_size=2, unique=True).map(tuple),
        focal_person=_words(),
        email=ADDRESS,
        head_email=ADDRESS,
        phone=st.sampled_from(["", "0263 3822 000", "+84 263 3822 000"]),
        deputy=_words(),
        deputy_email=ADDRESS,
        sample=st.booleans(),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda unit: unit.code.casefold(),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(units=UNITS, known=st.booleans(), suffix=st.sampled_from([".xlsx", ".csv"]))
def test_import_of_an_export_changes_nothing(
    tmp_path: Path, units: list[Unit], known: bool, suffix: str
) -> None:
    # The last is everybody's hub.
    hub = units[-1].code
    everyone = {
        unit.code: unit if unit.code == hub else unit.model_copy(update={"hub": hub})
        for unit in units
    }
    export_units(tmp_path / f"a{suffix}", list(everyone.values()))

    read_again = read(tmp_path / f"a{suffix}", Directory(units=everyone) if known else NOBODY)

    assert read_again.units == everyone


def test_shipped_directory_survives_the_way_out_and_in(tmp_path: Path, suffix: str) -> None:
    shipped = read_directory(SHIPPED)

    export_units(tmp_path / f"a{suffix}", list(shipped.units.values()))

    assert read(tmp_path / f"a{suffix}", NOBODY).units == shipped.units


def test_export_has_text_cells_and_a_frozen_header(tmp_path: Path) -> None:
    formula = MUI_NE.model_copy(update={"name": '=HYPERLINK("http://x")', "phone": "0912345678"})

    export_units(tmp_path / "a.xlsx", [formula])
    export_units(tmp_path / "a.csv", [formula])

    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet.freeze_panes == "C2"
    assert [cell.value for cell in sheet[1]] == [names[0] for names in HEADERS.values()]
    assert (sheet["B2"].data_type, sheet["B2"].quotePrefix) == ("s", True)
    assert {cell.data_type for cell in sheet[2] if cell.value is not None} == {"s"}
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1].startswith("22918;\"'=HYPER")


@pytest.mark.parametrize("name", ["a.xls", "a", "khong-co/a.xlsx"])
def test_export_that_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        export_units(tmp_path / name, [MUI_NE])

    assert list(tmp_path.iterdir()) == []


def test_template_explains_itself_and_its_example_is_passed_over(tmp_path: Path) -> None:
    write_template(tmp_path / "mau.xlsx")
    workbook = load_workbook(tmp_path / "mau.xlsx")
    sheet, *_, guide = workbook.worksheets
    (kinds,) = sheet.data_validations.dataValidation
    first, last = (int(cell.rpartition("$")[2]) for cell in kinds.formula1.split(":"))

    assert [guide.cell(row, 1).value for row in range(first, last + 1)] == [*KIND_NAMES.values()]
    assert sheet["A2"].value == EXAMPLE_CODE
    for column, value in enumerate(["LL", "Trường Lê Lợi", "cơ sở giáo dục", "22918"], start=1):
        sheet.cell(3, column).value = value
    workbook.save(tmp_path / "mau.xlsx")
    assert list(read(tmp_path / "mau.xlsx").units) == ["LL"]


def test_progress_counts_every_row(tmp_path: Path) -> None:
    units = [MUI_NE.model_copy(update={"code": f"T{n}", "name": f"Trường {n}"}) for n in range(900)]
    export_units(tmp_path / "a.xlsx", units)
    rows: list[int] = []

    found = read_units(tmp_path / "a.xlsx", KNOWN, progress=rows.append)

    assert len(found.units) == 900
    assert sum(rows) == 901


def test_ten_thousand_unknown_parents_take_seconds_too(tmp_path: Path) -> None:
    rows = [(f"T{n}", f"Trường {n}", "trường", f"Xã lạ {n}") for n in range(10_000)]

    message = refused(a_csv(tmp_path / "a.csv", HEADER, *rows))

    assert "và 9800 lỗi nữa" in message


# Provinces


def test_shipped_communes_are_those_of_the_province() -> None:
    shipped = read_directory(SHIPPED).of_kinds([UnitKind.COMMUNE])

    found = province_units("Tỉnh Lâm Đồng").units

    assert {unit.code: unit.name for unit in found} == {unit.code: unit.name for unit in shipped}
    assert found[0].aliases == ("Phường Mũi Né",)


@pytest.mark.parametrize(
    ("name", "communes"),
    [("lam dong", 124), ("TP Hồ Chí Minh", 168), ("Thành phố Hà Nội", 126)],
)
def test_province_is_found_by_any_spelling(name: str, communes: int) -> None:
    found = province_units(name).units

    assert len(found) == communes
    assert all(len(unit.code) == 5 for unit in found)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Bình Thuận", "đã sáp nhập vào Lâm Đồng"),
        ("Lâm Đồn", "Có phải: Lâm Đồng?"),
        ("Paris", "Không có tỉnh, thành phố “Paris”"),
    ],
)
def test_name_that_is_no_province_today_is_explained(name: str, words: str) -> None:
    with pytest.raises(UnknownProvince, match=words):
        province_units(name)
