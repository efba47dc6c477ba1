"""A spreadsheet of units becomes units, with everything about it that an officer should know."""

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from intake.directory_columns import (
    EXAMPLE_CODE,
    HEADERS,
    KIND_NAMES,
    KINDS,
    field_of,
    is_header,
    is_ignored,
    key,
)
from intake.sheet_rows import HEADER_WITHIN, Row, Sheet, read_sheets
from models.directory import Directory, Unit, UnitKind, is_address
from models.finding import BadInput, Finding, Severity
from rules.performers import folded

MOST_ERRORS = 200
MOST_SUGGESTIONS = 20

_YES = ("x", "có", "true", "1", "mẫu", "yes")
_NO = ("", "không", "false", "0", "no")
# "Trực thuộc: Sở Giáo dục và Đào tạo" names no hub: the department is above every unit.
_DEPARTMENT = re.compile(r"sở\b.*")
_EXCEL_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
_NEEDED = ("name", "kind")
_LISTS = ("aliases", "groups")
_ADDRESSES = ("email", "head_email", "deputy_email")
# Kept by spreadsheet programs as numbers, which have no leading zero.
_LOST_ZERO = re.compile(r"[235789]\d{8}")
_PHONE = re.compile(r"[\d\s.()+/-]{7,}")


@dataclass(frozen=True)
class DirectoryFile:
    """The units a file lists, as they will be, and where each was read. `unreached` is about
    units that letters do not reach, the other `findings` about what the file says."""

    units: dict[str, Unit]
    places: dict[str, str]
    findings: list[Finding]
    unreached: list[Finding]


class BadUnits(BadInput):
    """Rows that cannot be used, of a file that can be read; `listed` are the codes in it."""

    def __init__(self, findings: list[Finding], listed: frozenset[str]) -> None:
        super().__init__(findings)
        self.listed = listed


@dataclass
class _Entry:
    """One row: what its cells say, by field. A column the file does not have is not here."""

    place: str
    header: str
    cells: dict[str, str]
    code: str = ""


class _Columns(NamedTuple):
    line: int
    fields: dict[int, str]
    width: int


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
    table = read_sheets(path, is_header=is_header, progress=progress)
    reading = _Reading(path, known, Severity.ERROR if only_known_columns else Severity.INFO)
    if table.note is not None:
        reading.findings.append(table.note)
    for sheet in table.sheets:
        reading.take(sheet)
    return reading.result()


def is_code(text: str) -> bool:
    """Codes go into identifiers, where these characters have a meaning."""
    return bool(text) and not set(text) & set("/|@: ")


class _Reading:
    """One file's way to units. Findings are gathered, so that all are told at once."""

    def __init__(self, path: Path, known: Directory, unknown_columns: Severity) -> None:
        self.path = path
        self.known = known
        self.unknown_columns = unknown_columns
        self.findings: list[Finding] = []
        self.entries: list[_Entry] = []
        self.names = _by_name(known.units)
        self.recognised = False
        self.nearest: dict[str, str] = {}
        self.lacking: dict[tuple[str, str], list[str]] = {}

    def result(self) -> DirectoryFile:
        if not self.recognised:
            self._error(
                str(self.path),
                "không tìm thấy dòng tiêu đề có cột “Mã đơn vị” hoặc “Tên đơn vị”.",
                "Lấy bảng mẫu: dondoc units template danh-ba.xlsx",
            )
        elif not self.entries:
            self._error(str(self.path), "không có đơn vị nào dưới dòng tiêu đề.")
        for entry in self.entries:
            self._identify(entry)
        listed = self._once()
        read = {code: self._unit(entry) for code, entry in listed.items()}
        units = {code: unit for code, unit in read.items() if unit is not None}
        self._tell_lacking_columns()
        self._find_hubs(listed, units)
        places = {code: listed[code].place for code in units}
        # Nothing is known of the hub of a unit whose row cannot be used.
        unlisted = {code: unit for code, unit in self.known.units.items() if code not in listed}
        everyone = unlisted | units
        for code in _in_loops(everyone):
            place = places.get(code, code)
            self._error(place, f"đầu mối của “{code}” tạo thành vòng lặp.", "Sửa cột Trực thuộc.")
        self._raise_errors()
        self._tell_shared_names(everyone, places)
        unreached = list(_unreached(units, places))
        return DirectoryFile(units, places, self.findings, unreached)

    # From rows to entries

    def take(self, sheet: Sheet) -> None:
        columns = self._columns(sheet)
        if columns is None:
            if sheet.rows and sheet.name is not None:
                message = "không có dòng tiêu đề của danh bạ nên được bỏ qua."
                self._tell(Severity.INFO, self._place(sheet), message)
            return
        self.recognised = True
        for row in sheet.rows:
            if row.line > columns.line:
                self._take_row(sheet, row, columns)

    def _columns(self, sheet: Sheet) -> _Columns | None:
        for row in sheet.rows[:HEADER_WITHIN]:
            if is_header(row.cells):
                width = max(number for number, cell in enumerate(row.cells) if cell) + 1
                return _Columns(row.line, self._fields(sheet, row), width)
        return None

    def _fields(self, sheet: Sheet, row: Row) -> dict[int, str]:
        place = self._place(sheet, row.line)
        fields: dict[int, str] = {}
        headers: dict[str, str] = {}
        for number, header in enumerate(row.cells):
            name = field_of(header)
            if name is None:
                if header and not is_ignored(header):
                    self._tell_unknown_column(place, header)
            elif name in headers:
                self._error(
                    place,
                    f"hai cột “{headers[name]}” và “{header}” cùng nghĩa “{HEADERS[name][0]}”.",
                    "Bỏ hoặc đổi tên một cột.",
                )
            else:
                headers[name] = header
                fields[number] = name
        return fields

    def _tell_unknown_column(self, place: str, header: str) -> None:
        if self.unknown_columns is Severity.ERROR:
            columns = ", ".join(f"{names[0]} ({field})" for field, names in HEADERS.items())
            self._error(
                place,
                f"danh bạ không có cột “{header}”.",
                f"Sửa tên cột hoặc bỏ cột. Các cột: {columns}.",
            )
        else:
            message = f"cột “{header}” không dùng đến nên được bỏ qua."
            self._tell(self.unknown_columns, place, message)

    def _take_row(self, sheet: Sheet, row: Row, columns: _Columns) -> None:
        fields = columns.fields
        place = self._place(sheet, row.line)
        beyond = row.cells[columns.width :] if sheet.name is None else ()
        if any(beyond):
            self._error(
                place,
                f"nhiều ô hơn dòng tiêu đề: “{next(filter(None, beyond))}”.",
                "Đặt trong ngoặc kép ô nào có chứa dấu phân cách.",
            )
            return
        cells = {
            name: row.cells[number] if number < len(row.cells) else ""
            for number, name in fields.items()
        }
        wrong = next((cell for cell in cells.values() if cell in _EXCEL_ERRORS), None)
        if wrong is not None:
            self._error(place, f"có ô báo lỗi {wrong}.", "Sửa công thức hoặc ghi giá trị vào ô.")
        elif cells.get("code") == EXAMPLE_CODE:
            self._tell(Severity.INFO, place, "dòng ví dụ của bảng mẫu được bỏ qua.")
        elif any(cells.values()):
            self.entries.append(_Entry(place, self._place(sheet, columns.line), cells))

    # Which unit a row is about

    def _identify(self, entry: _Entry) -> None:
        code, name = entry.cells.get("code", ""), entry.cells.get("name", "")
        if code:
            entry.code = code
            return
        found = self.names.get(folded(name), []) if name else []
        if len(found) == 1:
            # Here the name says which unit is meant, by an alias perhaps, and does not rename it.
            entry.code = found[0]
            del entry.cells["name"]
        elif found:
            self._error(
                entry.place,
                f"có {len(found)} đơn vị tên “{name}” ({', '.join(found[:5])}).",
                "Ghi mã đơn vị.",
            )
        else:
            self._error(
                entry.place,
                f"“{name}” chưa có mã đơn vị." if name else "không có mã và tên đơn vị.",
                "Ghi mã đơn vị: ngắn, không dấu cách, không đổi về sau.",
            )

    def _once(self) -> dict[str, _Entry]:
        """Each unit's first row; a row that says the same again is harmless."""
        listed: dict[str, _Entry] = {}
        spelled = {code.casefold(): code for code in self.known.units}
        for entry in self.entries:
            if not entry.code:
                continue
            first = listed.get(entry.code)
            written = spelled.setdefault(entry.code.casefold(), entry.code)
            if written != entry.code:
                self._error(
                    entry.place,
                    f"mã “{entry.code}” chỉ khác chữ hoa, chữ thường với mã “{written}”.",
                    f"Nếu là cùng một đơn vị thì ghi “{written}”.",
                )
            elif first is None:
                listed[entry.code] = entry
            elif first.cells == entry.cells:
                message = f"lặp lại {self._within_file(first)}; chỉ lấy một lần."
                self._tell(Severity.WARNING, entry.place, message)
            else:
                self._error(
                    entry.place,
                    f"mã “{entry.code}” đã dùng ở {self._within_file(first)} cho "
                    f"“{_name_in(first)}”.",
                    "Mỗi đơn vị một mã; xóa dòng thừa.",
                )
        return listed

    # What a row says of its unit

    def _unit(self, entry: _Entry) -> Unit | None:
        before = self.known.units.get(entry.code)
        errors = len(self.findings)
        kind = self._kind(entry)
        lacking = [] if before is not None else [n for n in _NEEDED if n not in entry.cells]
        for name in lacking:
            self.lacking.setdefault((entry.header, name), []).append(entry.code)
        if before is None:
            for name in _NEEDED:
                if entry.cells.get(name) == "":
                    self._error(
                        entry.place,
                        f"đơn vị mới “{entry.code}” chưa có {HEADERS[name][0].lower()}.",
                        f"Điền cột “{HEADERS[name][0]}”.",
                    )
        elif entry.cells.get("name") == "":
            self._error(entry.place, f"đơn vị “{entry.code}” để trống tên.", "Ghi lại tên đơn vị.")
        if not is_code(entry.code):
            self._error(
                entry.place,
                f"mã “{entry.code}” có dấu cách hoặc một trong các ký tự / | @ :",
                "Chỉ dùng chữ, số, dấu chấm và gạch nối.",
            )
        values = {
            name: self._value(entry, name, text)
            for name, text in entry.cells.items()
            # The hub may be a unit of a later row.
            if name not in ("code", "kind", "hub")
        }
        values |= {"code": entry.code} | ({} if kind is None else {"kind": kind})
        if lacking or any(f.severity is Severity.ERROR for f in self.findings[errors:]):
            return None
        return Unit.model_validate(({} if before is None else before.model_dump()) | values)

    def _tell_lacking_columns(self) -> None:
        for (header, name), codes in self.lacking.items():
            self._error(
                header,
                f"thiếu cột “{HEADERS[name][0]}” ({name}), {len(codes)} đơn vị mới cần có cột này "
                f"({', '.join(codes[:5])}{' …' if len(codes) > 5 else ''}).",
                "Thêm cột ấy. Bảng mẫu: dondoc units template danh-ba.xlsx",
            )

    def _kind(self, entry: _Entry) -> UnitKind | None:
        text = entry.cells.get("kind", "")
        if not text:
            return None
        kind = KINDS.get(key(text))
        if kind is None:
            near = difflib.get_close_matches(key(text), KINDS, n=1, cutoff=0.6)
            meant = f"Có phải “{KIND_NAMES[KINDS[near[0]]]}”? " if near else ""
            self._error(
                entry.place,
                f"không có loại đơn vị “{text}”.",
                f"{meant}Các loại: {'; '.join(KIND_NAMES.values())}.",
            )
        return kind

    def _value(self, entry: _Entry, name: str, text: str) -> object:
        if name in _LISTS:
            return tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split(";")))))
        if name in _ADDRESSES:
            return self._address(entry, name, text)
        if name == "phone":
            return self._phone(entry, text)
        if name == "sample":
            return self._sample(entry, text)
        return text

    def _address(self, entry: _Entry, name: str, text: str) -> str:
        address = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE)
        if address and not is_address(address):
            several = len(re.findall("@", address)) > 1
            self._error(
                entry.place,
                f"{HEADERS[name][0].lower()} “{text}” không phải là một địa chỉ thư điện tử.",
                "Mỗi ô chỉ ghi một địa chỉ." if several else "Ghi dạng ten@coquan.gov.vn.",
            )
        return address

    def _phone(self, entry: _Entry, text: str) -> str:
        if _LOST_ZERO.fullmatch(text):
            self._tell(
                Severity.WARNING,
                entry.place,
                f"số điện thoại “{text}” thiếu số 0 ở đầu (Excel hay bỏ), đã ghi “0{text}”.",
                "Đặt định dạng ô là Văn bản (Text) trước khi gõ số điện thoại.",
            )
            return f"0{text}"
        if text and not _PHONE.match(text):
            message = f"“{text}” không giống số điện thoại; vẫn được ghi như vậy."
            self._tell(Severity.WARNING, entry.place, message, "Kiểm tra lại số điện thoại.")
        return text

    def _sample(self, entry: _Entry, text: str) -> bool:
        if text.casefold() not in (*_YES, *_NO):
            self._error(
                entry.place,
                f"cột “{HEADERS['sample'][0]}” ghi “{text}”.",
                "Đơn vị mẫu thì ghi x, đơn vị thật thì để trống.",
            )
        return text.casefold() in _YES

    # How units hang together

    def _find_hubs(self, listed: Mapping[str, _Entry], units: dict[str, Unit]) -> None:
        everyone = dict(self.known.units) | units
        named = {**dict.fromkeys(self.known.units), **dict.fromkeys(listed)}
        names = _by_name(everyone)
        for code, entry in listed.items():
            text = entry.cells.get("hub")
            if text is None or code not in units:
                continue
            hub = self._hub(entry, text, named, names)
            if hub in everyone and everyone[hub].kind is not UnitKind.COMMUNE:
                self._tell(
                    Severity.WARNING,
                    entry.place,
                    f"đầu mối “{everyone[hub].name}” không phải xã, phường, đặc khu.",
                    "Kiểm tra cột Trực thuộc; đơn vị trực thuộc Sở thì để trống.",
                )
            units[code] = units[code].model_copy(update={"hub": hub})

    def _hub(
        self,
        entry: _Entry,
        text: str,
        codes: Collection[str],
        names: Mapping[str, list[str]],
    ) -> str | None:
        """The code of the hub that a cell names by code, name or alias."""
        if not text or text in codes:
            return text or None
        name = folded(text)
        found = names.get(name) or names.get(f"ubnd {name}") or []
        if len(found) == 1:
            return found[0]
        if found:
            self._error(
                entry.place,
                f"có {len(found)} đơn vị tên “{text}” ({', '.join(found[:5])}).",
                "Ghi mã đơn vị vào cột Trực thuộc.",
            )
        elif not _DEPARTMENT.fullmatch(name):
            meant = self._meant(name, names)
            self._error(
                entry.place,
                f"đơn vị cấp trên “{text}” không có trong tệp và trong danh bạ.",
                f"{meant}Sửa cột Trực thuộc, hoặc thêm đơn vị ấy vào tệp.",
            )
        return None

    def _meant(self, name: str, names: Mapping[str, list[str]]) -> str:
        """The nearest name. Looking through ten thousand names is slow: a few times help enough."""
        if name not in self.nearest and len(self.nearest) < MOST_SUGGESTIONS:
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
            meant = f"Có phải “{names[near[0]][0]}” ({near[0]})? " if near else ""
            self.nearest[name] = meant
        return self.nearest.get(name, "")

    def _tell_shared_names(self, everyone: Mapping[str, Unit], places: Mapping[str, str]) -> None:
        for name, codes in _by_name(everyone).items():
            if len(codes) > 1 and any(code in places for code in codes):
                shown = ", ".join(codes[:8]) + (" …" if len(codes) > 8 else "")
                self._tell(
                    Severity.WARNING,
                    next(places[code] for code in codes if code in places),
                    f"{len(codes)} đơn vị cùng gọi là “{name}” ({shown}): văn bản nêu tên này "
                    "không chỉ rõ đơn vị nào.",
                    "Thêm địa danh vào tên; nếu là một đơn vị thì dùng một mã.",
                )

    # Findings

    def _place(self, sheet: Sheet, line: int | None = None) -> str:
        parts = [str(self.path)]
        if sheet.name is not None:
            parts.append(f"trang “{sheet.name}”")
        if line is not None:
            parts.append(f"dòng {line}")
        return ", ".join(parts)

    def _within_file(self, entry: _Entry) -> str:
        return entry.place.removeprefix(f"{self.path}, ")

    def _tell(self, severity: Severity, place: str, message: str, remedy: str = "") -> None:
        self.findings.append(
            Finding(severity=severity, place=place, message=message, remedy=remedy)
        )

    def _error(self, place: str, message: str, remedy: str = "") -> None:
        self._tell(Severity.ERROR, place, message, remedy)

    def _raise_errors(self) -> None:
        row = {entry.place: number for number, entry in enumerate(self.entries)}
        errors = [finding for finding in self.findings if finding.severity is Severity.ERROR]
        errors.sort(key=lambda error: row.get(error.place, -1))
        if len(errors) > MOST_ERRORS:
            left = len(errors) - MOST_ERRORS
            del errors[MOST_ERRORS:]
            errors.append(
                Finding(
                    severity=Severity.ERROR, place=str(self.path), message=f"và {left} lỗi nữa."
                )
            )
        if errors:
            raise BadUnits(errors, frozenset(entry.code for entry in self.entries if entry.code))


def _by_name(units: Mapping[str, Unit]) -> dict[str, list[str]]:
    """The codes of the units that bear a name or an alias."""
    names: dict[str, list[str]] = {}
    for code, unit in units.items():
        for name in {folded(unit.name), *map(folded, unit.aliases)}:
            names.setdefault(name, []).append(code)
    return names


def _in_loops(units: Mapping[str, Unit]) -> Iterator[str]:
    """The units that are their own hub, directly or over others."""
    for code in units:
        passed: set[str] = set()
        hub = units[code].hub
        while hub is not None and hub in units and hub not in passed:
            if hub == code:
                yield code
            passed.add(hub)
            hub = units[hub].hub


def _unreached(units: Mapping[str, Unit], places: Mapping[str, str]) -> Iterator[Finding]:
    for code, unit in units.items():
        if not unit.email:
            yield Finding(
                severity=Severity.WARNING,
                place=places[code],
                message="chưa có thư điện tử: thư sẽ gửi cho đầu mối hoặc đơn vị điều phối.",
                remedy=f"Điền cột “{HEADERS['email'][0]}”.",
            )
        elif not unit.head_email:
            yield Finding(
                severity=Severity.INFO,
                place=places[code],
                message="chưa có thư lãnh đạo: khi quá hạn, thư báo lãnh đạo gửi về thư của "
                "đơn vị.",
                remedy=f"Điền cột “{HEADERS['head_email'][0]}”.",
            )
        if unit.kind is UnitKind.SCHOOL and unit.hub is None:
            yield Finding(
                severity=Severity.WARNING,
                place=places[code],
                message="cơ sở giáo dục chưa có đầu mối: không được gộp vào báo cáo của xã nào.",
                remedy=f"Điền cột “{HEADERS['hub'][0]}” bằng mã hoặc tên xã, phường, đặc khu.",
            )


def _name_in(entry: _Entry) -> str:
    return entry.cells.get("name") or entry.code
