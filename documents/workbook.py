"""Tables as a workbook of Excel: typed cells, ready to be filtered and printed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from documents.files import replacing
from documents.tables import FORMULA_STARTS, ILLEGAL, Cell, Table, moment_of
from models.clock import VN

LONGEST_TEXT = 32_767  # characters in one cell of Excel
HEADER_ROW = 4
HEADER_HEIGHT = 32  # points: two lines
A4 = 9  # as Excel numbers paper sizes
DATE_FORMAT, MOMENT_FORMAT = "dd/mm/yyyy", "hh:mm dd/mm/yyyy"


def write_workbook(
    sheets: Mapping[str, Table], path: Path, *, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Writes several tables as one .xlsx, each on the sheet of its name. Raises BadInput."""
    with replacing(path) as file:
        write_sheets(sheets, file, progress)


def write_sheets(sheets: Mapping[str, Table], file: Path, progress: Callable[[int], None]) -> None:
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
