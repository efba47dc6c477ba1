"""The working calendar as versioned data."""

from datetime import date
from enum import StrEnum
from functools import cached_property

from models.message import Message


class YearStatus(StrEnum):
    OFFICIAL = "official"  # Nhà nước đã công bố lịch nghỉ
    FORECAST = "forecast"  # dự kiến, tính lại khi có lịch chính thức


class DayOff(Message):
    """`name` is the occasion, with a remark in brackets if any: "Tết Nguyên đán (mùng ba)"."""

    day: date
    name: str


class WorkingCalendar(Message):
    """Public holidays and make-up working days; weekends are days off by rule.

    A snapshot of one covers the years a cycle touches, and rides inside each task's state.
    """

    version: str
    days_off: tuple[DayOff, ...] = ()
    make_up_days: tuple[date, ...] = ()
    years: dict[int, YearStatus] = {}

    @cached_property
    def occasions(self) -> dict[date, str]:
        """The name of each day off."""
        return {day_off.day: day_off.name for day_off in self.days_off}

    @cached_property
    def worked(self) -> frozenset[date]:
        """The make-up days."""
        return frozenset(self.make_up_days)
