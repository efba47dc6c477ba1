"""Contacts and absences as rows of a spreadsheet that can be imported again."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from intake.directory_columns import CONTACT_HEADERS, EXAMPLE_CODE, ROLE_SYNONYMS
from models.directory import Absence, Contact, ContactRole, Unit
from rules.wording import dmy

CONTACTS_SHEET = "Đầu mối theo thời gian"
CONTACT_EXPLANATIONS = {
    "role": "Người đầu mối, lãnh đạo đơn vị, hoặc người thay khi một trong hai người vắng.",
    "person": "Họ tên. Mục để trống thì theo trang Đơn vị.",
    "channels": "Địa chỉ nhận tin ngoài thư (https://…, tgram://…), cách nhau bằng dấu cách.",
    "first_day": "Dạng 01/03/2026; để trống là từ trước.",
    "last_day": "Tính cả ngày này; để trống là không thời hạn.",
    "absent": "Ghi x nếu dòng này là thời gian vắng mặt: thư gửi người thay.",
    "reason": "Lý do vắng mặt, không bắt buộc.",
}
CONTACT_EXAMPLE = {
    "code": EXAMPLE_CODE,
    "name": "Trường Tiểu học Lê Lợi (dòng ví dụ, được bỏ qua khi nhập)",
    "role": ROLE_SYNONYMS[ContactRole.FOCAL][0],
    "person": "Nguyễn Thị An",
    "email": "an@truong.example",
    "phone": "0263 3822 000",
    "first_day": "01/03/2026",
    "last_day": "31/05/2026",
}


class ContactList(NamedTuple):
    """Channels may hold what gives access to them: they are written only `with_channels`."""

    every: Sequence[Contact | Absence] = ()
    with_channels: bool = False

    @property
    def fields(self) -> list[str]:
        return [field for field in CONTACT_HEADERS if field != "channels" or self.with_channels]

    @property
    def headers(self) -> list[str]:
        return [CONTACT_HEADERS[field][0] for field in self.fields]

    def rows(self, units: Mapping[str, Unit]) -> list[list[str]]:
        return [self._values(each, units) for each in self.every]

    def _values(self, each: Contact | Absence, units: Mapping[str, Unit]) -> list[str]:
        shown = {
            "code": each.unit,
            "name": units[each.unit].name if each.unit in units else "",
            "role": ROLE_SYNONYMS[each.role][0],
        }
        if isinstance(each, Absence):
            shown |= {"absent": "x", "reason": each.reason}
            shown |= {"first_day": dmy(each.first_day), "last_day": dmy(each.last_day)}
        else:
            shown |= {"person": each.name, "email": each.email, "phone": each.phone}
            shown |= {"channels": " ".join(each.channels)}
            shown |= {"first_day": _day(each.valid_from), "last_day": _day(each.valid_until)}
        return [shown.get(field, "") for field in self.fields]


def _day(day: date | None) -> str:
    return "" if day is None else dmy(day)
