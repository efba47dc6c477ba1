"""Any table as a file: .xlsx with typed cells, .csv that Excel opens, .json."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from documents.files import cannot_write, replacing
from models.clock import VN
from rules.wording import dmy

Cell = str | int | float | date | datetime | None

# A spreadsheet program takes text that begins so for a formula, and may run it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# What XML cannot hold.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_TEXT = 32_767  # characters in one cell of Excel
HEADER_ROW = 4
HEADER_HEIGHT = 32  # points: two lines
A4 = 9  # as Excel numbers paper sizes
DATE_FORMAT, MOMENT_FORMAT = "dd/mm/yyyy", "hh:mm dd/mm/yyyy"


class Column(NamedTuple):
    """`key` names the column for programs, `title` for people; `width` is in characters."""

    key: str
    title: str
    width: int = 14


class Table(NamedTuple):
    """`at` is the moment of the data. Instants among the cells are aware. The first `printed`
    columns go on paper, all when None."""

    title: str
    at: datetime
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    printed: int | None = None


def write_table(
    table: Table, path: Path, *, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Writes `table` as .xlsx, .csv or .json, after the name of the file. Raises BadInput."""
    writers = {".xlsx": _write_one, ".csv": _write_csv, ".json": _write_json}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise cannot_write(
            path,
            f"không ghi được dạng “{path.suffix}”: hãy đặt tên tệp .xlsx, .csv hoặc .json.",
        )
    with replacing(path) as file:
        write(table, file, progress)


def write_workbook(
    sheets: Mapping[str, Table], path: Path, *, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Writes several tables as one .xlsx, each on the sheet of its name. Raises BadInput."""
    with replacing(path) as file:
        _write_sheets(sheets, file, progress)


def moment_of(table: Table) -> str:
    at = table.at.astimezone(VN)
    return f"Số liệu tính đến {at:%H:%M} ngày {dmy(at.date())}"


def escaped(value: str) -> str:
    """Text of a .csv that no spreadsheet program takes for a formula."""
    return f"'{value}" if value.startswith((*FORMULA_STARTS, "'")) else value


def _write_one(table: Table, file: Path, progress: Callable[[int], None]) -> None:
    _write_sheets({"Bảng": table}, file, progress)


def _write_sheets(sheets: Mapping[str, Table], file: Path, progress: Callable[[int], None]) -> None:
    workbook = Workbook(write_only=True)
    for name, table in sheets.items():
        _write_sheet(workbook.create_sheet(name), table, progress)
    workbook.properties.title = next(iter(sheets.values())).title
    workbook.properties.creator = ""
    workbook.save(file)


def _write_sheet(sheet: Any, table: Table, progress: Callable[[int], None]) -> None:
    _set_up(sheet, table)
    for row in _head_rows(sheet, table):
        sheet.append(row)
    for values in table.rows:
        sheet.append([_cell(sheet, value) for value in values])
        progress(1)


def _set_up(sheet: Any, table: Table) -> None:
    last = get_column_letter(len(table.columns))
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{HEADER_ROW + len(table.rows)}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    if table.printed is not None:
        sheet.print_area = f"A1:{get_column_letter(table.printed)}{HEADER_ROW + len(table.rows)}"
    sheet.row_dimensions[HEADER_ROW].height = HEADER_HEIGHT
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for number, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width


def _head_rows(sheet: Any, table: Table) -> Iterator[list[Any]]:
    yield [_styled(sheet, table.title, Font(bold=True, size=14))]
    yield [_styled(sheet, moment_of(table), Font(italic=True))]
    yield []
    thin = Side(style="thin", color="7F8C9A")
    header = []
    for column in table.columns:
        cell = _styled(sheet, column.title, Font(bold=True))
        cell.fill = PatternFill("solid", fgColor="DDE7F0")
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = Border(bottom=thin)
        header.append(cell)
    yield header


def _styled(sheet: Any, text: str, font: Font) -> Any:
    cell = _text(sheet, text)
    cell.font = font
    return cell


def _text(sheet: Any, text: str) -> Any:
    """Text that stays text, also when edited."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_STARTS)
    return cell


def _cell(sheet: Any, value: Cell) -> Any:
    match value:
        case datetime():  # Excel knows no time zones
            cell = WriteOnlyCell(sheet, value=value.astimezone(VN).replace(tzinfo=None))
            cell.number_format = MOMENT_FORMAT
            return cell
        case date():
            # Its type is told wrongly: a date is written as a date.
            cell = WriteOnlyCell(sheet, value=cast(Any, value))
            cell.number_format = DATE_FORMAT
            return cell
        case str():
            text = ILLEGAL.sub("", value)[:LONGEST_TEXT]
            return _text(sheet, text) if text.startswith(FORMULA_STARTS) else text
        case _:
            return value


def _write_csv(table: Table, file: Path, progress: Callable[[int], None]) -> None:
    # Excel takes a file for UTF-8 only when it begins with the mark.
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(column.title for column in table.columns)
        for values in table.rows:
            writer.writerow(map(_shown, values))
            progress(1)


def _shown(value: Cell) -> str | int | float | None:
    match value:
        case datetime():
            return f"{value.astimezone(VN):%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case str():
            return escaped(value)
        case _:
            return value


def _write_json(table: Table, file: Path, progress: Callable[[int], None]) -> None:
    with file.open("w", encoding="utf-8") as out:
        json.dump(as_json(table), out, ensure_ascii=False, indent=1)
        out.write("\n")
    progress(len(table.rows))


def as_json(table: Table) -> dict[str, Any]:
    keys = [column.key for column in table.columns]
    return {
        "title": table.title,
        "at": _plain(table.at),
        "rows": [dict(zip(keys, map(_plain, row), strict=True)) for row in table.rows],
    }


def _plain(value: Cell) -> str | int | float | None:
    match value:
        case datetime():
            return value.astimezone(VN).isoformat()
        case date():
            return value.isoformat()
        case _:
            return value


def rows_of(rows: Iterable[Any], *cells: Callable[[Any], Cell]) -> list[list[Cell]]:
    """The rows of a table: what each column shows of each thing."""
    return [[cell(row) for cell in cells] for row in rows]
