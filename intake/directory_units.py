"""What a row says of its unit, cell by cell."""

import difflib
import re

from intake.directory_columns import HEADERS, KIND_NAMES, KINDS
from intake.directory_rows import Entry, Findings
from models.directory import Directory, Unit, UnitKind, is_address
from models.finding import Severity
from rules.bare_text import bare

_YES = ("x", "có", "true", "1", "mẫu", "yes")
_NO = ("", "không", "false", "0", "no")
_NEEDED = ("name", "kind")
_LISTS = ("aliases", "groups")
_ADDRESSES = ("email", "head_email", "deputy_email")
# Kept by spreadsheet programs as numbers, which have no leading zero.
_LOST_ZERO = re.compile(r"[235789]\d{8}")
_PHONE = re.compile(r"[\d\s.()+/-]{7,}")


def is_code(text: str) -> bool:
    """Codes go into identifiers, where these characters have a meaning."""
    return bool(text) and not set(text) & set("/|@: ")


class UnitReader:
    """Entries become units, on top of the `known` ones. What is wrong goes to `findings`."""

    def __init__(self, known: Directory, findings: Findings) -> None:
        self._known = known
        self._findings = findings
        self._lacking: dict[tuple[str, str], list[str]] = {}

    def unit(self, entry: Entry) -> Unit | None:
        """The unit as it will be, without its hub; None when something of it is wrong."""
        before = self._known.units.get(entry.code)
        errors = len(self._findings.every)
        kind = self._kind(entry)
        lacking = [] if before is not None else [n for n in _NEEDED if n not in entry.cells]
        for name in lacking:
            self._lacking.setdefault((entry.header, name), []).append(entry.code)
        self._check(entry, before)
        values = {
            name: self._value(entry, name, text)
            for name, text in entry.cells.items()
            # The hub may be a unit of a later row.
            if name not in ("code", "kind", "hub")
        }
        values |= {"code": entry.code} | ({} if kind is None else {"kind": kind})
        found = self._findings.every[errors:]
        if lacking or any(finding.severity is Severity.ERROR for finding in found):
            return None
        return Unit.model_validate(({} if before is None else before.model_dump()) | values)

    def tell_lacking_columns(self) -> None:
        for (header, name), codes in self._lacking.items():
            self._findings.error(
                header,
                f"thiếu cột “{HEADERS[name][0]}” ({name}), {len(codes)} đơn vị mới cần có cột này "
                f"({', '.join(codes[:5])}{' …' if len(codes) > 5 else ''}).",
                "Thêm cột ấy. Bảng mẫu: dondoc units template danh-ba.xlsx",
            )

    def _check(self, entry: Entry, before: Unit | None) -> None:
        empty = [name for name in _NEEDED if entry.cells.get(name) == ""]
        for name in empty if before is None else ():
            self._findings.error(
                entry.place,
                f"đơn vị mới “{entry.code}” chưa có {HEADERS[name][0].lower()}.",
                f"Điền cột “{HEADERS[name][0]}”.",
            )
        if before is not None and "name" in empty:
            message = f"đơn vị “{entry.code}” để trống tên."
            self._findings.error(entry.place, message, "Ghi lại tên đơn vị.")
        if not is_code(entry.code):
            self._findings.error(
                entry.place,
                f"mã “{entry.code}” có dấu cách hoặc một trong các ký tự / | @ :",
                "Chỉ dùng chữ, số, dấu chấm và gạch nối.",
            )

    def _kind(self, entry: Entry) -> UnitKind | None:
        text = entry.cells.get("kind", "")
        if not text:
            return None
        kind = KINDS.get(bare(text))
        if kind is None:
            near = difflib.get_close_matches(bare(text), KINDS, n=1, cutoff=0.6)
            meant = f"Có phải “{KIND_NAMES[KINDS[near[0]]]}”? " if near else ""
            self._findings.error(
                entry.place,
                f"không có loại đơn vị “{text}”.",
                f"{meant}Các loại: {'; '.join(KIND_NAMES.values())}.",
            )
        return kind

    def _value(self, entry: Entry, name: str, text: str) -> object:
        if name in _LISTS:
            return tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split(";")))))
        if name in _ADDRESSES:
            return address_in(entry, HEADERS[name][0], text, self._findings)
        if name == "phone":
            return phone_in(entry, text, self._findings)
        if name == "sample":
            return self._sample(entry, text)
        return text

    def _sample(self, entry: Entry, text: str) -> bool:
        if text.casefold() not in (*_YES, *_NO):
            self._findings.error(
                entry.place,
                f"cột “{HEADERS['sample'][0]}” ghi “{text}”.",
                "Đơn vị mẫu thì ghi x, đơn vị thật thì để trống.",
            )
        return text.casefold() in _YES


def address_in(entry: Entry, column: str, text: str, findings: Findings) -> str:
    """An address as a cell has it; one that is none is told as an error."""
    address = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE)
    if address and not is_address(address):
        several = len(re.findall("@", address)) > 1
        findings.error(
            entry.place,
            f"{column.lower()} “{text}” không phải là một địa chỉ thư điện tử.",
            "Mỗi ô chỉ ghi một địa chỉ." if several else "Ghi dạng ten@coquan.gov.vn.",
        )
    return address


def phone_in(entry: Entry, text: str, findings: Findings) -> str:
    """A telephone number with the zero that a spreadsheet program took from it."""
    if _LOST_ZERO.fullmatch(text):
        findings.tell(
            Severity.WARNING,
            entry.place,
            f"số điện thoại “{text}” thiếu số 0 ở đầu (Excel hay bỏ), đã ghi “0{text}”.",
            "Đặt định dạng ô là Văn bản (Text) trước khi gõ số điện thoại.",
        )
        return f"0{text}"
    if text and not _PHONE.match(text):
        message = f"“{text}” không giống số điện thoại; vẫn được ghi như vậy."
        findings.tell(Severity.WARNING, entry.place, message, "Kiểm tra lại số điện thoại.")
    return text
