"""Contacts by day, as an import of the directory would change them."""

from collections.abc import Sequence
from typing import Any

from cli.output import console, print_table
from intake.directory_columns import CONTACT_HEADERS
from models.directory import Absence, Contact
from rules.channels import shown_target
from rules.contact_changes import ContactChange
from rules.contacts import ROLE_WORDS
from rules.wording import dmy

MOST_ROWS = 20


def contacts_json(changes: Sequence[ContactChange]) -> list[dict[str, Any]]:
    """What gives access to a channel is nobody's to read in a list."""
    return [
        {
            "unit": change.what.unit,
            "before": _plain(change.before),
            "what": _plain(change.what),
            "removed": change.removed,
        }
        for change in changes
    ]


def print_contacts(changes: Sequence[ContactChange]) -> None:
    if not changes:
        return
    shown = changes[:MOST_ROWS]
    rest = (
        f" (hiện {len(shown)} dòng đầu, xem hết bằng --json)" if len(shown) < len(changes) else ""
    )
    print_table(
        f"Đầu mối theo thời gian: {len(changes)} thay đổi{rest}",
        ("Mã", "Vai trò", "Thời gian", "Thay đổi"),
        [
            (change.what.unit, ROLE_WORDS[change.what.role], days(change.what), _difference(change))
            for change in shown
        ],
    )
    removed = sum(change.removed for change in changes)
    new = sum(change.before is None and not change.removed for change in changes)
    console.print(
        f"Đầu mối: thêm {new}, sửa {len(changes) - new - removed}, bỏ {removed}.", highlight=False
    )


def days(each: Contact | Absence) -> str:
    first, last = _days(each)
    parts = [f"từ {dmy(first)}" if first else "", f"đến hết {dmy(last)}" if last else ""]
    return " ".join(filter(None, parts)) or "không thời hạn"


def _days(each: Contact | Absence) -> tuple[Any, Any]:
    if isinstance(each, Contact):
        return each.valid_from, each.valid_until
    return each.first_day, each.last_day


def _difference(change: ContactChange) -> str:
    after = _said(change.what)
    if change.removed:
        return "bỏ: " + (", ".join(filter(None, after.values())) or "vắng mặt")
    if change.before is None:
        return "thêm: " + (", ".join(filter(None, after.values())) or "vắng mặt")
    before = _said(change.before)
    return "\n".join(
        f"{CONTACT_HEADERS[field][0]}: {before[field] or '(trống)'} → {value or '(trống)'}"
        for field, value in after.items()
        if before[field] != value
    )


def _said(each: Contact | Absence) -> dict[str, str]:
    if isinstance(each, Absence):
        return {"reason": each.reason}
    channels = " ".join(map(shown_target, each.channels))
    return {"person": each.name, "email": each.email, "phone": each.phone, "channels": channels}


def _plain(each: Contact | Absence | None) -> dict[str, Any] | None:
    if each is None:
        return None
    value = each.model_dump(mode="json")
    if isinstance(each, Contact):
        value["channels"] = [shown_target(url) for url in each.channels]
    return value | {"absent": isinstance(each, Absence)}
