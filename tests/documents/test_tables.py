"""Tables as files: typed cells, no formula from outside, whole or not at all."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from documents.tables import Cell, Column, Table, write_table
from models.finding import BadInput

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 09:00 in Vietnam
COLUMNS = (
    Column("unit", "Đơn vị", 30),
    Column("units", "Số đơn vị", 10),
    Column("last_day", "Hạn cuối", 12),
    Column("received_at", "Nhận lúc", 18),
)
FORMULAS = ['=HYPERLINK("http://x")', "+84 263", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]


def a_table(*rows: tuple[Cell, ...]) -> Table:
    return Table("Việc quá hạn", AT, COLUMNS, list(rows))


def written(tmp_path: Path, name: str, *rows: tuple[Cell, ...]) -> Path:
    path = tmp_path / name
    write_table(a_table(*rows), path)
    return path


def opened(path: Path) -> Any:
    return load_workbook(path).worksheets[0]


ROW: tuple[Cell, ...] = (
    "UBND Phường Mũi Né",
    3,
    date(2026, 2, 28),
    datetime(2026, 2, 28, 17, 30, tzinfo=UTC),
)


def test_workbook_has_typed_cells_below_a_frozen_header(tmp_path):
    sheet = opened(written(tmp_path, "bang.xlsx", ROW))

    assert [cell.value for cell in sheet[4]] == ["Đơn vị", "Số đơn vị", "Hạn cuối", "Nhận lúc"]
    assert sheet["B5"].value == 3
    assert (sheet["C5"].value, sheet["C5"].number_format) == (datetime(2026, 2, 28), "dd/mm/yyyy")  # noqa: DTZ001
    assert sheet["D5"].value == datetime(2026, 3, 1, 0, 30)  # noqa: DTZ001 - Vietnam's time
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A5", "A4:D5")
    assert sheet.column_dimensions["A"].width == 30
    assert sheet.print_title_rows == "$4:$4"


def test_workbook_says_its_title_and_the_moment_of_its_data(tmp_path):
    sheet = opened(written(tmp_path, "bang.xlsx", ROW))

    assert sheet["A1"].value == "Việc quá hạn"
    assert sheet["A2"].value == "Số liệu tính đến 09:00 ngày 02/03/2026"


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_stays_text_in_a_workbook(tmp_path, text):
    sheet = opened(written(tmp_path, "bang.xlsx", (text, 1, None, None)))

    assert sheet["A5"].data_type == "s"
    assert sheet["A5"].quotePrefix is True


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_is_quoted_in_a_csv(tmp_path, text):
    path = written(tmp_path, "bang.csv", (text, 1, None, None))

    with path.open(encoding="utf-8-sig", newline="") as file:
        (_, row) = csv.reader(file, delimiter=";")
    assert row == [f"'{text}", "1", "", ""]


def test_negative_number_is_no_formula(tmp_path):
    path = written(tmp_path, "bang.csv", ("A", -3, None, None))

    assert path.read_text("utf-8-sig").splitlines()[1] == "A;-3;;"


def test_csv_begins_with_the_mark_excel_looks_for(tmp_path):
    path = written(tmp_path, "bang.csv", ROW)

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.read_text("utf-8-sig").splitlines() == [
        "Đơn vị;Số đơn vị;Hạn cuối;Nhận lúc",
        "UBND Phường Mũi Né;3;2026-02-28;2026-03-01 00:30:00",
    ]


def test_json_has_the_same_rows_by_key(tmp_path):
    table = json.loads(written(tmp_path, "bang.json", ROW).read_text("utf-8"))

    assert table["at"] == "2026-03-02T09:00:00+07:00"
    assert table["rows"] == [
        {
            "unit": "UBND Phường Mũi Né",
            "units": 3,
            "last_day": "2026-02-28",
            "received_at": "2026-03-01T00:30:00+07:00",
        }
    ]


def test_characters_no_workbook_can_hold_are_left_out(tmp_path):
    row = ("Trường\x00 A" + "x" * 40_000, None, None, None)
    sheet = opened(written(tmp_path, "bang.xlsx", row))

    assert sheet["A5"].value.startswith("Trường Ax")
    assert len(sheet["A5"].value) == 32_767


def test_failed_writing_leaves_the_old_file(tmp_path):
    path = written(tmp_path, "bang.csv", ROW)
    before = path.read_bytes()

    def broken(_rows: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(BadInput, match="không ghi được tệp"):
        write_table(a_table(ROW), path, progress=broken)

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["bang.ods", "khong-co/bang.csv"])
def test_file_that_cannot_be_written_is_one_sentence(tmp_path, name):
    with pytest.raises(BadInput, match="không ghi được"):
        write_table(a_table(ROW), tmp_path / name)
