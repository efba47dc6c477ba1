"""Units, how they are reached, and who is away."""

from datetime import date

from sqlalchemy import JSON, Index
from sqlmodel import Field

from models.tables.base import Table


class UnitTable(Table, table=True):
    """The live directory: who is reached today. Cycles keep their own snapshot.

    A unit that is `removed` gets nothing new; its name and contacts stay for its history.
    """

    __table_args__ = (Index("ix_unit_hub", "hub"),)

    code: str = Field(primary_key=True)
    name: str
    kind: str
    hub: str | None = None
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    groups: list[str] = Field(default_factory=list, sa_type=JSON)
    focal_person: str = ""
    email: str = ""
    head_email: str = ""
    phone: str = ""
    deputy: str = ""
    deputy_email: str = ""
    sample: bool = False
    removed: bool = False


class ContactTable(Table, table=True):
    """How one role of a unit is reached from day to day; see `Contact`."""

    __table_args__ = (Index("ix_contact_unit", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    unit: str
    role: str
    name: str = ""
    email: str = ""
    phone: str = ""
    channels: list[str] = Field(default_factory=list, sa_type=JSON)
    valid_from: date | None = None
    valid_until: date | None = None


class AbsenceTable(Table, table=True):
    """Days on which a unit's deputy stands in; see `Absence`."""

    __table_args__ = (Index("ix_absence_unit", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    unit: str
    role: str
    first_day: date
    last_day: date
    reason: str = ""
