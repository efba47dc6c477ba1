"""The units that carry out plans, and how they are reached."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from models.message import Document, Message


class UnitKind(StrEnum):
    LEADERSHIP = "leadership"  # lãnh đạo Sở
    OFFICE = "office"  # Văn phòng Sở
    DIVISION = "division"  # phòng chuyên môn, nghiệp vụ thuộc Sở
    COMMUNE = "commune"  # UBND xã, phường, đặc khu: đầu mối của các cơ sở trên địa bàn
    DIRECT = "direct"  # cơ sở giáo dục trực thuộc Sở (THPT, GDTX)
    SCHOOL = "school"  # cơ sở giáo dục thuộc xã, phường, đặc khu


class Unit(Document):
    """One unit. `hub` is the code of the commune that gathers from it, None when it has none.

    `groups` are names that phrases of a plan may call it by together with other units; `deputy`
    stands in for the focal person. `sample` marks a made-up unit that stands in for a real one.
    """

    code: str
    name: str
    kind: UnitKind
    hub: str | None = None
    aliases: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    focal_person: str = ""
    email: str = ""
    head_email: str = ""
    phone: str = ""
    deputy: str = ""
    deputy_email: str = ""
    sample: bool = False


class Directory(Document):
    """All units by code, in the order of their list."""

    units: dict[str, Unit]

    def schools_of(self, hub: str) -> list[Unit]:
        return [unit for unit in self.units.values() if unit.hub == hub]

    def of_kinds(self, kinds: Collection[UnitKind]) -> list[Unit]:
        return [unit for unit in self.units.values() if unit.kind in kinds]


class ContactRole(StrEnum):
    FOCAL = "focal"  # người đầu mối: nhận thư của đơn vị
    HEAD = "head"  # lãnh đạo đơn vị: được báo khi quá hạn
    DEPUTY = "deputy"  # người thay khi người trên vắng


class Contact(Message):
    """How one role of a unit is reached, from day to day, both included; None is without end.

    What is empty here is as the directory has it. `channels` are addresses messages go to besides
    mail: `https://…` for a webhook, anything else an Apprise URL.
    """

    id: int | None = None
    unit: str
    role: ContactRole
    name: str = ""
    email: str = ""
    phone: str = ""
    channels: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None

    def valid_on(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_until or day)


class Absence(Message):
    """Days, both included, on which the deputy stands in for somebody."""

    id: int | None = None
    unit: str
    role: ContactRole
    first_day: date
    last_day: date
    reason: str = ""


def is_address(text: str) -> bool:
    """Enough to catch a phone number or two addresses in one cell; the mail server knows better."""
    user, _, domain = text.partition("@")
    whole = bool(user and "." in domain.strip(".")) and text.isprintable()
    return whole and not set(user + domain) & set("@,;<> ")
