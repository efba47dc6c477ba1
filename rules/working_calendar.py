"""Counting over the working calendar. Dates are Vietnam's; a date past year 9999 overflows."""

from datetime import date, timedelta

from models.calendar import WorkingCalendar
from rules.wording import weekday

DAY = timedelta(days=1)
SATURDAY = 5
# How a reason that is a holiday begins.
OFF = "nghỉ "


def is_working_day(calendar: WorkingCalendar, day: date) -> bool:
    """Whether offices work: a weekday that is no day off, or a make-up day."""
    if day in calendar.worked:
        return True
    return day.weekday() < SATURDAY and day not in calendar.occasions


def reason_off(calendar: WorkingCalendar, day: date) -> str | None:
    """Why offices are closed, as in "vì …": "nghỉ Tết Nguyên đán", "thứ Bảy"; None if they work.

    A holiday on a weekend is named as the holiday.
    """
    if is_working_day(calendar, day):
        return None
    name = calendar.occasions.get(day)
    if name is None:
        return weekday(day)
    occasion, _, _ = name.partition(" (")
    return f"{OFF}{occasion}"


def previous_working_day(calendar: WorkingCalendar, day: date) -> date:
    """`day` moved back to a working day; `day` itself when it is one."""
    while not is_working_day(calendar, day):
        day -= DAY
    return day


def next_working_day(calendar: WorkingCalendar, day: date) -> date:
    """`day` moved on to a working day; `day` itself when it is one."""
    while not is_working_day(calendar, day):
        day += DAY
    return day


def add_working_days(calendar: WorkingCalendar, day: date, n: int) -> date:
    """The n-th working day strictly after `day`, or strictly before it when `n` is negative.

    `day` itself is never counted (Civil Code 2015, art. 147), whether it is worked or not.
    Raises ValueError when `n` is 0.
    """
    if n == 0:
        raise ValueError("số ngày làm việc phải khác 0")
    step = DAY if n > 0 else -DAY
    for _ in range(abs(n)):
        day += step
        while not is_working_day(calendar, day):
            day += step
    return day


def first_after_long_holiday(
    calendar: WorkingCalendar, start: date, end: date, *, at_least: int = 5
) -> date | None:
    """The first working day after a run of `at_least` consecutive days off.

    The run and that day lie strictly between `start` and `end`; None when there is no such run.
    """
    run = 0
    day = start
    while (day := day + DAY) < end:
        if not is_working_day(calendar, day):
            run += 1
        elif run >= at_least:
            return day
        else:
            run = 0
    return None
