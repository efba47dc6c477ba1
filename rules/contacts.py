"""Whom a unit's messages reach on a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.directory import Absence, Contact, ContactRole, Unit
from rules.wording import dmy

ROLE_WORDS = {
    ContactRole.FOCAL: "người đầu mối",
    ContactRole.HEAD: "lãnh đạo đơn vị",
    ContactRole.DEPUTY: "người thay",
}


class Reached(NamedTuple):
    """Somebody to write to. `on_behalf` says, in a sentence, for whom they stand in."""

    name: str
    email: str
    phone: str
    channels: tuple[str, ...] = ()
    on_behalf: str | None = None


def reached(
    unit: Unit,
    contacts: Iterable[Contact],
    absences: Iterable[Absence],
    role: ContactRole,
    *,
    day: date,
) -> Reached:
    """How the focal person or the head of `unit` is reached on `day`. During an absence it is the
    deputy, if there is one who can be reached."""
    valid = [contact for contact in contacts if contact.valid_on(day)]
    meant = _of(unit, valid, role)
    absent = next(
        (a for a in absences if a.role is role and a.first_day <= day <= a.last_day), None
    )
    deputy = _of(unit, valid, ContactRole.DEPUTY)
    if absent is None or not (deputy.email or deputy.channels):
        return meant
    who = meant.name or ROLE_WORDS[role]
    until = f"từ ngày {dmy(absent.first_day)} đến hết ngày {dmy(absent.last_day)}"
    stands_in = f"{deputy.name or 'Người thay'} nhận thư này thay mặt {who}, vắng mặt {until}."
    # A gateway or a group belongs to the role, not to who is away.
    return deputy._replace(channels=deputy.channels or meant.channels, on_behalf=stands_in)


def _of(unit: Unit, valid: Sequence[Contact], role: ContactRole) -> Reached:
    """Of several that are valid the one that began last says; what it leaves empty the next says,
    and at last the directory."""
    mine = sorted(
        (contact for contact in valid if contact.role is role),
        key=lambda contact: (contact.valid_from or date.min, contact.id or 0),
        reverse=True,
    )
    known = _listed(unit, role)
    return Reached(
        name=next((c.name for c in mine if c.name), known.name),
        email=next((c.email for c in mine if c.email), known.email),
        phone=next((c.phone for c in mine if c.phone), known.phone),
        channels=next((c.channels for c in mine if c.channels), ()),
    )


def _listed(unit: Unit, role: ContactRole) -> Reached:
    """What the directory itself says."""
    match role:
        case ContactRole.FOCAL:
            return Reached(unit.focal_person, unit.email, unit.phone)
        case ContactRole.HEAD:
            return Reached("", unit.head_email, "")
        case ContactRole.DEPUTY:
            return Reached(unit.deputy, unit.deputy_email, "")
