"""A spreadsheet of units becomes units, with everything about it that an officer should know."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from intake.contact_files import ContactFile, ContactReader
from intake.directory_columns import CONTACT_COLUMNS, UNIT_COLUMNS
from intake.directory_hubs import HubReader, by_name, in_loops, tell_shared_names, unreached
from intake.directory_rows import Entry, Findings, RowReader
from intake.directory_units import UnitReader
from intake.sheet_rows import Sheet, read_sheets
from models.directory import Directory, Unit
from models.finding import BadInput, Finding, Severity
from rules.performers import folded


@dataclass(frozen=True)
class DirectoryFile:
    """The units a file lists, as they will be, and where each was read; the contacts it lists.
    `unreached` is about units that letters do not reach, the other `findings` about what the file
    says."""

    units: dict[str, Unit]
    places: dict[str, str]
    contacts: ContactFile
    findings: list[Finding]
    unreached: list[Finding]


class BadUnits(BadInput):
    """Rows that cannot be used, of a file that can be read; `listed` are the codes in it."""

    def __init__(self, findings: list[Finding], listed: frozenset[str]) -> None:
        super().__init__(findings)
        self.listed = listed


def read_units(
    path: Path,
    known: Directory,
    *,
    only_known_columns: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> DirectoryFile:
    """The units of a file, on top of the `known` ones: a unit that is known keeps what the file
    has no column for, and need not be described again.

    A column we do not know is passed over and told, or with `only_known_columns` is an error.
    Raises BadInput when the file cannot be read, BadUnits with all errors when any row cannot be
    used.
    """
    table = read_sheets(
        path,
        is_header=lambda cells: UNIT_COLUMNS.is_header(cells) or CONTACT_COLUMNS.is_header(cells),
        progress=progress,
    )
    reading = _Reading(path, known, Severity.ERROR if only_known_columns else Severity.INFO)
    if table.note is not None:
        reading.findings.every.append(table.note)
    for sheet in table.sheets:
        reading.take(sheet)
    return reading.result()


class _Reading:
    """One file's way to units and contacts."""

    def __init__(self, path: Path, known: Directory, unknown_columns: Severity) -> None:
        self.findings = Findings(path)
        self._known = known
        self._rows = RowReader(UNIT_COLUMNS, self.findings, unknown_columns)
        self._contact_rows = RowReader(CONTACT_COLUMNS, self.findings, unknown_columns)
        self._entries: list[Entry] = []
        self._contacts: list[Entry] = []
        self._names = by_name(known.units)
        self._recognised = False
        # The list that comes with a plan.
        self._stands_alone = unknown_columns is Severity.ERROR

    def take(self, sheet: Sheet) -> None:
        if self._contact_rows.knows(sheet):
            self._contacts += self._contact_rows.entries(sheet)
        elif self._rows.knows(sheet):
            self._entries += self._rows.entries(sheet)
        else:
            if sheet.rows and sheet.name is not None:
                message = "không có dòng tiêu đề của danh bạ nên được bỏ qua."
                self.findings.tell(Severity.INFO, self.findings.place(sheet), message)
            return
        self._recognised = True

    def result(self) -> DirectoryFile:
        self._check_something_is_there()
        for entry in self._entries:
            self._identify(entry)
        listed = self._once()
        reader, hubs = UnitReader(self._known, self.findings), HubReader(self.findings)
        read = {code: reader.unit(entry) for code, entry in listed.items()}
        units = {code: unit for code, unit in read.items() if unit is not None}
        reader.tell_lacking_columns()
        hubs.find(listed, units, self._known.units)
        places = {code: listed[code].place for code in units}
        # Nothing is known of the hub of a unit whose row cannot be used.
        unlisted = {code: unit for code, unit in self._known.units.items() if code not in listed}
        everyone = unlisted | units
        for code in in_loops(everyone):
            message = f"đầu mối của “{code}” tạo thành vòng lặp."
            self.findings.error(places.get(code, code), message, "Sửa cột Trực thuộc.")
        self._tell_passed_over_contacts()
        contacts = ContactReader(everyone, set(listed), self.findings).read(self._contacts)
        self._raise_errors()
        tell_shared_names(everyone, places, self.findings)
        return DirectoryFile(
            units, places, contacts, self.findings.every, list(unreached(units, places))
        )

    def _check_something_is_there(self) -> None:
        path = str(self.findings.path)
        if not self._recognised:
            self.findings.error(
                path,
                "không tìm thấy dòng tiêu đề có cột “Mã đơn vị” hoặc “Tên đơn vị”.",
                "Lấy bảng mẫu: dondoc units template danh-ba.xlsx",
            )
        elif not self._entries and not self._contacts:
            self.findings.error(path, "không có đơn vị nào dưới dòng tiêu đề.")

    def _identify(self, entry: Entry) -> None:
        code, name = entry.cells.get("code", ""), entry.cells.get("name", "")
        if code:
            entry.code = code
            return
        found = self._names.get(folded(name), []) if name else []
        if len(found) == 1:
            # Here the name says which unit is meant, by an alias perhaps, and does not rename it.
            entry.code = found[0]
            del entry.cells["name"]
        elif found:
            self.findings.error(
                entry.place,
                f"có {len(found)} đơn vị tên “{name}” ({', '.join(found[:5])}).",
                "Ghi mã đơn vị.",
            )
        else:
            self.findings.error(
                entry.place,
                f"“{name}” chưa có mã đơn vị." if name else "không có mã và tên đơn vị.",
                "Ghi mã đơn vị: ngắn, không dấu cách, không đổi về sau.",
            )

    def _once(self) -> dict[str, Entry]:
        """Each unit's first row; a row that says the same again is harmless."""
        listed: dict[str, Entry] = {}
        spelled = {code.casefold(): code for code in self._known.units}
        for entry in self._entries:
            if not entry.code:
                continue
            first = listed.get(entry.code)
            written = spelled.setdefault(entry.code.casefold(), entry.code)
            if written != entry.code:
                self.findings.error(
                    entry.place,
                    f"mã “{entry.code}” chỉ khác chữ hoa, chữ thường với mã “{written}”.",
                    f"Nếu là cùng một đơn vị thì ghi “{written}”.",
                )
            elif first is None:
                listed[entry.code] = entry
            elif first.cells == entry.cells:
                message = f"lặp lại {self.findings.within_file(first.place)}; chỉ lấy một lần."
                self.findings.tell(Severity.WARNING, entry.place, message)
            else:
                self.findings.error(
                    entry.place,
                    f"mã “{entry.code}” đã dùng ở {self.findings.within_file(first.place)} cho "
                    f"“{first.name}”.",
                    "Mỗi đơn vị một mã; xóa dòng thừa.",
                )
        return listed

    def _tell_passed_over_contacts(self) -> None:
        if self._contacts and self._stands_alone:
            self.findings.tell(
                Severity.INFO,
                self._contacts[0].header,
                "đầu mối theo thời gian không lấy từ danh sách của kế hoạch.",
                "Nhập bằng: dondoc units import",
            )
            self._contacts = []

    def _raise_errors(self) -> None:
        if errors := self.findings.errors([*self._entries, *self._contacts]):
            raise BadUnits(errors, frozenset(entry.code for entry in self._entries if entry.code))
