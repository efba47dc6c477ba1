"""When the day's messages go out."""

from datetime import date, datetime, time, timedelta

from models.calendar import WorkingCalendar
from models.clock import VN
from rules.working_calendar import next_working_day


def next_digest(
    sent_until: datetime,
    *,
    now: datetime,
    tolerance: timedelta,
    calendar: WorkingCalendar,
    send_from: time,
) -> datetime:
    """The plan instant of the next digest after `sent_until`: `send_from` on a working day.

    Digests missed by more than `tolerance` fold into the latest one that is due: after an outage
    nobody gets a letter for every day of it.
    """
    digest = _first_after(sent_until, calendar, send_from)
    while digest < now - tolerance:
        following = _first_after(digest, calendar, send_from)
        if following > now:
            break
        digest = following
    return digest


def digest_day(told_at: datetime, *, calendar: WorkingCalendar, send_from: time) -> date:
    """When a message goes out of which the engine knows at `told_at`."""
    return next_digest(
        told_at - timedelta(microseconds=1),
        now=told_at,
        tolerance=timedelta(0),
        calendar=calendar,
        send_from=send_from,
    ).date()


def within_window(
    at: datetime, *, calendar: WorkingCalendar, send_from: time, send_until: time
) -> datetime:
    """`at`, or the next instant at which a message may be sent: deferred, never dropped."""
    local = at.astimezone(VN)
    day = next_working_day(calendar, local.date())
    if day == local.date() and send_from <= local.time() <= send_until:
        return local
    if day == local.date() and local.time() > send_until:
        day = next_working_day(calendar, day + timedelta(days=1))
    return datetime.combine(day, send_from, VN)


def _first_after(instant: datetime, calendar: WorkingCalendar, send_from: time) -> datetime:
    local = instant.astimezone(VN)
    day = next_working_day(calendar, local.date())
    digest = datetime.combine(day, send_from, VN)
    if digest <= local:
        day = next_working_day(calendar, local.date() + timedelta(days=1))
        digest = datetime.combine(day, send_from, VN)
    return digest
