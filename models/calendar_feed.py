"""What a calendar shows of a plan: one entry per deadline."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from models.message import Message


class EntryState(StrEnum):
    """How a deadline stands on a calendar."""

    OPEN = "open"  # còn phải làm
    WAITING = "waiting"  # đã nộp, chờ duyệt
    DONE = "done"  # đã xong
    CANCELLED = "cancelled"  # không tiếp tục, hoặc đã chuyển cho đơn vị khác


class FeedEntry(Message):
    """One deadline. `key` stays the same whatever happens to it, `version` rises when its date
    moves.

    `page` is the assignment a unit opens on the web, empty on the officer's calendar. `changed_at`
    is when any of it last changed.
    """

    key: str
    title: str
    plan: str
    last_day: date
    target: date
    version: int
    state: EntryState
    standing: str
    page: str = ""
    changed_at: AwareDatetime


class Feed(Message):
    name: str
    entries: tuple[FeedEntry, ...]
