"""How a plan is followed up: every number that no legal text decides."""

from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from models.message import Document


class Before(StrEnum):
    STRICT = "strict"  # "trước ngày X": ngày X là muộn
    LENIENT = "lenient"  # "trước ngày X": hết ngày X vẫn đúng hạn


class Escalation(Document):
    """After how many working days past the breach the level is told."""

    after: int = Field(ge=1)
    level: int = Field(ge=1, le=3)


class Policy(Document):
    """Our defaults where no text decides. Days are calendar days, `_after` are working days."""

    before: Before = Before.STRICT
    rung_time: time = time(7, 30)
    send_from: time = time(7, 30)
    send_until: time = time(17, 0)
    reminders: tuple[Annotated[int, Field(ge=1)], ...] = (30, 14, 7, 3, 1)
    escalations: tuple[Escalation, ...] = (
        Escalation(after=1, level=1),
        Escalation(after=3, level=2),
        Escalation(after=7, level=3),
    )
    weekly_rungs: int = Field(default=52, ge=0, le=104)
    remind_after_long_holiday: bool = False
    acknowledge_reminder_after: int = Field(default=2, ge=1)
    acknowledge_escalation_after: int = Field(default=4, ge=1)
    review_reminder_after: int = Field(default=3, ge=1)
    review_escalation_after: int = Field(default=5, ge=1)
    resubmit_after: int = Field(default=5, ge=1)
    schools_earlier: int = Field(default=5, ge=1)
    evidence_after_day: int = Field(default=5, ge=1)
    ask_allocation_every_days: int = Field(default=7, ge=1)
    ask_date_every_months: int = Field(default=1, ge=1)
    max_extensions: int = Field(default=2, ge=0)
    units_per_workflow: int = Field(default=2000, ge=1, le=2000)
    no_update_days: int = Field(default=90, ge=1)
