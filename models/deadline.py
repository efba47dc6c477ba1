"""Dates as data: a deadline with its reason, and the ladder of rungs that lead to it and beyond."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from models.message import Message


class RungKind(StrEnum):
    """What a rung does."""

    REMINDER = "reminder"  # nhắc trước hạn
    DUE = "due"  # ngày đến hạn
    ESCALATION = "escalation"  # quá hạn, báo lên cấp trên
    ACKNOWLEDGEMENT = "acknowledgement"  # nhắc xác nhận tiếp nhận
    REVIEW = "review"  # nhắc người duyệt
    ASK = "ask"  # hỏi cán bộ điều phối


class Shift(Message):
    """A date moved to another, and why."""

    moved_from: date
    moved_to: date
    reason: str


class Rung(Message):
    """One step of a ladder.

    `at` is the instant it fires; `nominal` the day it would have had without days off;
    `why` one Vietnamese sentence. `level` is 0 for the unit itself and rises with escalation.
    """

    id: str
    kind: RungKind
    level: int = 0
    at: AwareDatetime
    nominal: date
    why: str


class Ladder(Message):
    """Rungs in the order of their instants (`at` never decreases)."""

    rungs: tuple[Rung, ...] = ()


class Deadline(Message):
    """A resolved deadline: when, why, and what is said before and after it.

    `last_day` is the last day on time; `breach` is 24:00 of it in Asia/Ho_Chi_Minh, and what the
    statistics use; `target` is the working day reminders count from.
    """

    phrase: str
    rule: str
    last_day: date
    breach: AwareDatetime
    target: date
    shifts: tuple[Shift, ...] = ()
    ladder: Ladder = Ladder()
