"""A calendar feed (iCalendar, RFC 5545): every deadline is the whole day that is the last on time.

The same entries give the same bytes, so that a feed that has not changed need not be sent again.
Days are dates without a time zone, the same day everywhere; alarms count from the midnight that
begins it, on the reader's own clock.
"""

import hashlib
from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event

from models.calendar_feed import EntryState, Feed, FeedEntry
from rules.wording import dmy, dmy_weekday

ALARM_DAYS = (7, 1, 0)  # before the working day reminders count from
ALARM_TIME = timedelta(hours=7, minutes=30)
REFRESH = timedelta(hours=6)
MARKS = {
    EntryState.OPEN: "Hạn cuối",
    EntryState.WAITING: "✓ Đã nộp, chờ duyệt",
    EntryState.DONE: "✓ Đã hoàn thành",
    EntryState.CANCELLED: "Không tiếp tục",
}


def feed_bytes(feed: Feed, *, base_url: str) -> bytes:
    """`base_url` is how readers reach the web pages."""
    calendar = Calendar()
    calendar.add("prodid", "-//Đôn Đốc//dondoc//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", feed.name)
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in feed.entries:
        calendar.add_component(_event(entry, base_url.rstrip("/")))
    content: bytes = calendar.to_ical()
    return content


def etag(content: bytes) -> str:
    """A strong validator for HTTP."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _event(entry: FeedEntry, base_url: str) -> Event:
    event = Event()
    event.add("uid", _uid(entry.key))
    event.add("sequence", _sequence(entry))
    # Without a METHOD both say when the entry last changed (RFC 5545, 3.8.7.2).
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.last_day)
    event.add("dtend", entry.last_day + timedelta(days=1))
    event.add("summary", f"{MARKS[entry.state]}: {entry.title}")
    event.add("description", _description(entry))
    event.add("categories", [entry.plan])
    event.add("status", "CANCELLED" if entry.state is EntryState.CANCELLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if entry.page:
        event.add("url", f"{base_url}/viec/{entry.page}")
    if entry.state is EntryState.OPEN:
        for days in ALARM_DAYS:
            event.add_component(_alarm(entry, days))
    return event


def _uid(key: str) -> str:
    return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@dondoc.invalid"


def _sequence(entry: FeedEntry) -> int:
    """Rises with the deadline's version, and once more when it is cancelled."""
    return 2 * (entry.version - 1) + (entry.state is EntryState.CANCELLED)


def _description(entry: FeedEntry) -> str:
    day = f"hết ngày {dmy_weekday(entry.last_day)}"
    lines = [entry.title, f"Hạn cuối: {day}.", f"Tình trạng: {entry.standing}."]
    if entry.target != entry.last_day and entry.state is EntryState.OPEN:
        lines.insert(2, f"Ngày làm việc cuối cùng trước hạn: {dmy_weekday(entry.target)}.")
    return "\n".join([*lines, entry.plan])


def _alarm(entry: FeedEntry, days: int) -> Alarm:
    before = entry.last_day - entry.target + timedelta(days=days)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", ALARM_TIME - before)
    alarm.add("description", f"Hạn cuối {dmy(entry.last_day)}: {entry.title}")
    return alarm
