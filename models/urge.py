"""A written reminder ("công văn đôn đốc"): what it names, and its number once it is signed."""

from datetime import date

from pydantic import AwareDatetime

from models.assignment import Stage
from models.message import Message


class OverdueLine(Message):
    """One overdue part. `days_late` are calendar days after the last day on time."""

    assignment: str
    task: str
    code: str
    occurrence: str
    title: str
    unit: str
    unit_name: str
    stage: Stage
    last_day: date
    days_late: int
    level: int = 0


class Signed(Message):
    """`number` with its symbol, as on the paper: `1234/SGDĐT-GDTrH`."""

    number: str
    day: date


class Urge(Message):
    """A draft as it was written; `id` counts the drafts of an installation.

    `to` are the addressees as the letter names them; `reply_by` is the last day it asks for an
    answer; `extensions_asked` counts overdue parts left out because an extension asked for in time
    is not answered yet.
    """

    id: int = 0
    cycle: str
    drafted_at: AwareDatetime
    to: tuple[str, ...]
    lines: tuple[OverdueLine, ...]
    reply_by: date | None = None
    extensions_asked: int = 0
    signed: Signed | None = None

    @property
    def units(self) -> int:
        return len({line.unit for line in self.lines})
