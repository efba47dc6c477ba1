"""Rows of a spreadsheet about units become entries: what each says, by column."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from intake.directory_columns import EXAMPLE_CODE, Columns
from intake.sheet_rows import HEADER_WITHIN, Row, Sheet
from models.finding import Finding, Severity

MOST_ERRORS = 200
_EXCEL_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")


@dataclass
class Entry:
    """One row: what its cells say, by field. A column the file does not have is not here."""

    place: str
    header: str
    cells: dict[str, str]
    code: str = ""

    @property
    def name(self) -> str:
        return self.cells.get("name") or self.code


class Findings:
    """What is to be said about one file, gathered so that all is told at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.every: list[Finding] = []

    def tell(self, severity: Severity, place: str, message: str, remedy: str = "") -> None:
        self.every.append(Finding(severity=severity, place=place, message=message, remedy=remedy))

    def error(self, place: str, message: str, remedy: str = "") -> None:
        self.tell(Severity.ERROR, place, message, remedy)

    def errors(self, entries: list[Entry]) -> list[Finding]:
        """In the order of the rows, and no more than a person reads."""
        row = {entry.place: number for number, entry in enumerate(entries)}
        errors = [finding for finding in self.every if finding.severity is Severity.ERROR]
        errors.sort(key=lambda error: row.get(error.place, -1))
        if len(errors) > MOST_ERRORS:
            rest = f"và {len(errors) - MOST_ERRORS} lỗi nữa."
            last = Finding(severity=Severity.ERROR, place=str(self.path), message=rest)
            errors = [*errors[:MOST_ERRORS], last]
        return errors

    def place(self, sheet: Sheet, line: int | None = None) -> str:
        parts = [str(self.path)]
        if sheet.name is not None:
            parts.append(f"trang “{sheet.name}”")
        if line is not None:
            parts.append(f"dòng {line}")
        return ", ".join(parts)

    def within_file(self, place: str) -> str:
        return place.removeprefix(f"{self.path}, ")


class _Header(NamedTuple):
    line: int
    fields: dict[int, str]
    width: int


class RowReader:
    """Reads the sheets of one kind: their row of headers, then their entries."""

    def __init__(self, columns: Columns, findings: Findings, unknown_columns: Severity) -> None:
        self._columns = columns
        self._findings = findings
        self._unknown_columns = unknown_columns

    def knows(self, sheet: Sheet) -> bool:
        return self._header_row(sheet) is not None

    def entries(self, sheet: Sheet) -> list[Entry]:
        """Of a sheet that has a row of headers."""
        row = self._header_row(sheet)
        if row is None:
            return []
        width = max(number for number, cell in enumerate(row.cells) if cell) + 1
        header = _Header(row.line, self._fields(sheet, row), width)
        found = (self._entry(sheet, each, header) for each in sheet.rows if each.line > header.line)
        return [entry for entry in found if entry is not None]

    def _header_row(self, sheet: Sheet) -> Row | None:
        rows = sheet.rows[:HEADER_WITHIN]
        return next((row for row in rows if self._columns.is_header(row.cells)), None)

    def _fields(self, sheet: Sheet, row: Row) -> dict[int, str]:
        place = self._findings.place(sheet, row.line)
        fields: dict[int, str] = {}
        headers: dict[str, str] = {}
        for number, header in enumerate(row.cells):
            name = self._columns.field_of(header)
            if name is None:
                if header and not self._columns.is_ignored(header):
                    self._tell_unknown_column(place, header)
            elif name in headers:
                self._findings.error(
                    place,
                    f"hai cột “{headers[name]}” và “{header}” cùng nghĩa "
                    f"“{self._columns.title(name)}”.",
                    "Bỏ hoặc đổi tên một cột.",
                )
            else:
                headers[name] = header
                fields[number] = name
        return fields

    def _tell_unknown_column(self, place: str, header: str) -> None:
        if self._unknown_columns is Severity.ERROR:
            self._findings.error(
                place,
                f"danh bạ không có cột “{header}”.",
                f"Sửa tên cột hoặc bỏ cột. Các cột: {self._columns.listed}.",
            )
        else:
            message = f"cột “{header}” không dùng đến nên được bỏ qua."
            self._findings.tell(self._unknown_columns, place, message)

    def _entry(self, sheet: Sheet, row: Row, header: _Header) -> Entry | None:
        place = self._findings.place(sheet, row.line)
        beyond = row.cells[header.width :] if sheet.name is None else ()
        if any(beyond):
            self._findings.error(
                place,
                f"nhiều ô hơn dòng tiêu đề: “{next(filter(None, beyond))}”.",
                "Đặt trong ngoặc kép ô nào có chứa dấu phân cách.",
            )
            return None
        cells = _cells(row, header.fields)
        wrong = next((cell for cell in cells.values() if cell in _EXCEL_ERRORS), None)
        if wrong is not None:
            message = f"có ô báo lỗi {wrong}."
            self._findings.error(place, message, "Sửa công thức hoặc ghi giá trị vào ô.")
        elif cells.get("code") == EXAMPLE_CODE:
            self._findings.tell(Severity.INFO, place, "dòng ví dụ của bảng mẫu được bỏ qua.")
        elif any(cells.values()):
            return Entry(place, self._findings.place(sheet, header.line), cells)
        return None


def _cells(row: Row, fields: Mapping[int, str]) -> dict[str, str]:
    return {
        name: row.cells[number] if number < len(row.cells) else ""
        for number, name in fields.items()
    }
