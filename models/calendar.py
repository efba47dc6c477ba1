"""The working calendar as versioned data."""

from datetime import date
from enum import StrEnum

from models.message import Message


class YearStatus(StrEnum):
    OFFICIAL = "official"  # Nhà nước đã công bố lịch nghỉ
    FORECAST = "forecast"  # dự kiến, tính lại khi có lịch chính thức


class DayOff(Message):
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
