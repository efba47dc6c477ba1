"""The units that carry out plans, and how they are reached."""

from collections.abc import Collection
from enum import StrEnum

from models.message import Document


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
