"""Rows about contacts and absences become contacts by role and day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from intake.directory_columns import CONTACT_HEADERS, ROLE_SYNONYMS, ROLES
from intake.directory_hubs import by_name
from intake.directory_rows import Entry, Findings
from intake.directory_units import address_in, phone_in
from models.clock import VN
from models.directory import Absence, Contact, ContactRole, Unit
from models.finding import Severity
from rules.bare_text import bare
from rules.performers import folded

_YES = ("x", "có", "true", "1", "yes")
_NO = ("", "không", "false", "0", "no")


class ContactFile(NamedTuple):
    """What a file lists. `channels` is False without a column for them: they stay as they are."""

    contacts: tuple[Contact, ...] = ()
    absences: tuple[Absence, ...] = ()
    channels: bool = False

    @property
    def every(self) -> list[Contact | Absence]:
        return [*self.contacts, *self.absences]


class ContactReader:
    """`units` are those of the directory and of the file, `listed` the codes of the file, some of
    which cannot be used. What is wrong goes to `findings`."""

    def __init__(
        self, units: Mapping[str, Unit], listed: Collection[str], findings: Findings
    ) -> None:
        self._units = units
        self._listed = listed
        self._names = by_name(units)
        self._findings = findings

    def read(self, entries: Sequence[Entry]) -> ContactFile:
        found: dict[Contact | Absence, Entry] = {}
        for entry in entries:
            one = self._one(entry)
            if one is None:
                continue
            if one in found:
                first = self._findings.within_file(found[one].place)
                message = f"lặp lại {first}; chỉ lấy một lần."
                self._findings.tell(Severity.WARNING, entry.place, message)
            found.setdefault(one, entry)
        return ContactFile(
            tuple(one for one in found if isinstance(one, Contact)),
            tuple(one for one in found if isinstance(one, Absence)),
            any("channels" in entry.cells for entry in entries),
        )

    def _one(self, entry: Entry) -> Contact | Absence | None:
        """None when something is wrong with the row."""
        before = len(self._findings.every)
        unit, role, absent = self._unit(entry), self._role(entry), self._absent(entry)
        first, last = self._day(entry, "first_day"), self._day(entry, "last_day")
        if first and last and last < first:
            self._error(entry, "ngày cuối trước ngày đầu.", "Sửa cột Từ ngày, Đến hết ngày.")
        if absent:
            self._check_absence(entry, role, first, last)
        email = address_in(
            entry, CONTACT_HEADERS["email"][0], entry.cells.get("email", ""), self._findings
        )
        phone = phone_in(entry, entry.cells.get("phone", ""), self._findings)
        person, channels = entry.cells.get("person", ""), self._channels(entry)
        if not absent and "channels" in entry.cells and not (person or email or phone or channels):
            self._error(entry, "không có họ tên, thư, điện thoại hay kênh nào.", "Điền hoặc xóa.")
        if any(f.severity is Severity.ERROR for f in self._findings.every[before:]):
            return None
        if not unit or role is None:
            return None
        if absent and first and last:
            reason = entry.cells.get("reason", "")
            return Absence(unit=unit, role=role, first_day=first, last_day=last, reason=reason)
        return Contact(
            unit=unit,
            role=role,
            name=person,
            email=email,
            phone=phone,
            channels=channels,
            valid_from=first,
            valid_until=last,
        )

    def _check_absence(
        self, entry: Entry, role: ContactRole | None, first: date | None, last: date | None
    ) -> None:
        if first is None or last is None:
            self._error(entry, "vắng mặt cần cả ngày đầu và ngày cuối.", "Điền cả hai cột ngày.")
        if role is ContactRole.DEPUTY:
            message = "chỉ ghi vắng mặt cho người đầu mối hoặc lãnh đạo đơn vị."
            self._error(entry, message, "Sửa cột Vai trò.")

    def _unit(self, entry: Entry) -> str:
        code, name = entry.cells.get("code", ""), entry.cells.get("name", "")
        if code:
            # A listed unit whose own row is wrong is told there.
            if code not in self._units and code not in self._listed:
                self._error(entry, f"danh bạ không có đơn vị mã “{code}”.", "Sửa mã đơn vị.")
            return code
        found = self._names.get(folded(name), []) if name else []
        if len(found) != 1:
            shown = f"có {len(found)} đơn vị tên “{name}”." if found else f"không có “{name}”."
            self._error(entry, shown if name else "chưa ghi đơn vị.", "Ghi mã đơn vị.")
            return ""
        return found[0]

    def _role(self, entry: Entry) -> ContactRole | None:
        text = entry.cells.get("role", "")
        role = ROLES.get(bare(text))
        if role is None:
            roles = "; ".join(names[0] for names in ROLE_SYNONYMS.values())
            self._error(entry, f"không có vai trò “{text}”.", f"Các vai trò: {roles}.")
        return role

    def _absent(self, entry: Entry) -> bool:
        text = entry.cells.get("absent", "").casefold()
        if text not in (*_YES, *_NO):
            self._error(entry, f"cột “Vắng mặt” ghi “{text}”.", "Vắng mặt thì ghi x.")
        return text in _YES

    def _day(self, entry: Entry, field: str) -> date | None:
        """`2026-03-01`, `1/3/2026`, or a date of a spreadsheet program."""
        text = entry.cells.get(field, "").removesuffix("T00:00:00")
        if not text:
            return None
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(text, form).replace(tzinfo=VN).date()
            except ValueError:
                continue
        column = CONTACT_HEADERS[field][0].lower()
        self._error(entry, f"{column} “{text}” không phải một ngày.", "Ghi dạng 01/03/2026.")
        return None

    def _channels(self, entry: Entry) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(entry.cells.get("channels", "").split()))
        for url in found:
            if "://" not in url or not url.isprintable():
                message = f"“{url}” không phải địa chỉ kênh."
                self._error(
                    entry, message, "Ghi dạng https://… hoặc dịch-vụ://…, cách nhau bằng dấu cách."
                )
        return found

    def _error(self, entry: Entry, message: str, remedy: str) -> None:
        self._findings.error(entry.place, message, remedy)
