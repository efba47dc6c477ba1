"""When a duty falls due in one year: its occurrences."""

from datetime import date
from textwrap import shorten
from typing import NamedTuple, assert_never

from models.assignment import Waiting
from models.calendar import WorkingCalendar
from models.plan import (
    ByDate,
    Dormant,
    Duty,
    Ongoing,
    Recurring,
    Relative,
    ReportDuty,
    Undated,
    Yearly,
    YearlyDay,
)
from models.policy import Policy
from rules.deadlines import (
    Resolved,
    resolve,
    resolve_recurring,
    resolve_relative,
    resolve_yearly,
    resolve_yearly_day,
)
from rules.report_periods import period_of
from rules.wording import dmy

TITLE_LENGTH = 80


class Occurrence(NamedTuple):
    """One occurrence of a duty; without `resolved` it is ongoing, or waits.

    `settable` says that the document leaves the date to the officer.
    """

    name: str
    title: str
    phrase: str
    resolved: Resolved | None = None
    waiting: Waiting | None = None
    settable: bool = False


def occurrences(
    duty: Duty, *, year: int, calendar: WorkingCalendar, policy: Policy
) -> list[Occurrence]:
    """The occurrences of `duty` in `year`. Raises ValueError for 29/02 in a year without one."""
    timing = duty.timing
    title = titles_of(duty).short

    def one(
        name: str, resolved: Resolved | None = None, waiting: Waiting | None = None
    ) -> Occurrence:
        settable = waiting is not None or isinstance(timing, Yearly)
        return Occurrence(name, title, timing.text, resolved, waiting, settable)

    match timing:
        case Ongoing():
            return [one("nam")]
        case ByDate():
            return [one("han", resolve(timing, policy))]
        case Yearly():
            return [one("nam", resolve_yearly(timing, year))]
        case Dormant():
            return [one("han", waiting=Waiting.DOCUMENT)]
        case Relative():
            resolved = resolve_relative(timing, calendar=calendar)
            return [one("han", resolved, None if resolved else Waiting.DATE)]
        case Recurring():
            found = []
            letter = "H" if len(timing.days) == 2 else "K"
            for n, resolved in enumerate(resolve_recurring(timing, year, policy), start=1):
                day = _day_month(timing.days[n - 1])
                found.append(one(f"{letter}{n}", resolved)._replace(title=f"{title} (kỳ {day})"))
            return found
        case Undated():
            several = len(timing.periods) > 1
            return [
                one(name, waiting=Waiting.DATE)._replace(
                    title=f"{title} ({period_of(timing, name, year).name})" if several else title
                )
                for name in timing.periods
            ]
        case _:
            assert_never(timing)


def on_day(day: YearlyDay, year: int, calendar: WorkingCalendar, policy: Policy) -> Occurrence:
    phrase = f"{day.name} ({_day_month(day.date)})"
    resolved = resolve_yearly_day(day, year, calendar=calendar, policy=policy)
    return Occurrence(day.date, f"{day.task}. {phrase}", phrase, resolved)


def may_be_due(day: date, year: int) -> bool:
    """Whether an officer may set this day in the cycle of `year`: the last report of a year may be
    due soon after it."""
    return date(year, 1, 1) <= day <= date(year + 1, 3, 31)


def set_by_officer(last_day: date) -> Resolved:
    return Resolved(last_day, f"cán bộ điều phối ấn định: hết ngày {dmy(last_day)}")


class Titles(NamedTuple):
    """How a duty is called where there is little room, and in full."""

    short: str
    whole: str

    def in_full(self, title: str) -> str:
        """`title` with the whole words, where it begins with the short ones."""
        if not title.startswith(self.short):
            return title
        return self.whole + title.removeprefix(self.short)


def titles_of(duty: Duty) -> Titles:
    if isinstance(duty, ReportDuty):
        title = f"{duty.code}. Báo cáo gửi {duty.to}"
        return Titles(title, title)
    words = " ".join(duty.text.split())
    short = shorten(words, TITLE_LENGTH, placeholder=" …")
    return Titles(f"{duty.code}. {short}", f"{duty.code}. {words}")


def _day_month(month_day: str) -> str:
    """`25/6`, as the documents write it."""
    month, day = month_day.split("-")
    return f"{int(day)}/{int(month)}"
