"""Calendar feeds, read again: the right day everywhere, stable identities, cancellations."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from documents.calendar_feed import etag, feed_bytes
from models.calendar_feed import EntryState, Feed, FeedEntry
from models.clock import VN

CHANGED = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
ENTRY = FeedEntry(
    key="nq57/2026/III.1.d/han/VP",
    title="III.1.d. Xây dựng kênh truyền thông; nền tảng số, mạng xã hội",
    plan="Kế hoạch truyền thông",
    last_day=date(2026, 2, 28),
    target=date(2026, 2, 27),
    version=1,
    state=EntryState.OPEN,
    standing="đã giao, chưa nộp",
    page="nq57/2026/III.1.d/han/VP",
    changed_at=CHANGED,
)


def content(**changes: Any) -> bytes:
    feed = Feed(name="Đôn Đốc: Văn phòng Sở", entries=(ENTRY.model_copy(update=changes),))
    return feed_bytes(feed, base_url="http://localhost:8000/")


def read(**changes: Any) -> Any:
    return Calendar.from_ical(content(**changes))


def event(**changes: Any) -> Any:
    (found,) = read(**changes).walk("VEVENT")
    return found


def test_deadline_is_the_whole_last_day_without_a_time_zone():
    found = event()

    assert b"DTSTART;VALUE=DATE:20260228" in content()
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2026, 2, 28), date(2026, 3, 1))
    assert found["TRANSP"] == "TRANSPARENT"


def test_alarms_ring_at_half_past_seven_counted_from_the_working_day_before():
    midnight = datetime(2026, 2, 28)  # noqa: DTZ001 - an alarm has no time zone either
    alarms = [midnight + alarm["TRIGGER"].dt for alarm in event().walk("VALARM")]

    assert alarms == [datetime(2026, 2, day, 7, 30) for day in (20, 26, 27)]  # noqa: DTZ001


@pytest.mark.parametrize("state", [EntryState.WAITING, EntryState.DONE, EntryState.CANCELLED])
def test_nothing_rings_for_what_is_not_owed(state):
    assert not event(state=state).walk("VALARM")


def test_identity_stays_and_sequence_rises_when_the_date_moves():
    moved = event(version=2, last_day=date(2026, 3, 15))

    assert moved["UID"] == event()["UID"]
    assert (event()["SEQUENCE"], moved["SEQUENCE"]) == (0, 2)


def test_cancellation_is_said_and_overtakes_its_version():
    cancelled = event(state=EntryState.CANCELLED)

    assert (cancelled["STATUS"], cancelled["SEQUENCE"]) == ("CANCELLED", 1)
    assert cancelled["UID"] == event()["UID"]
    assert event()["STATUS"] == "CONFIRMED"


def test_done_is_marked_in_the_title():
    assert event(state=EntryState.DONE)["SUMMARY"].startswith("✓ Đã hoàn thành: III.1.d.")


def test_event_says_until_when_what_and_where():
    found = event()

    assert "hết ngày 28/02/2026, thứ Bảy" in found["DESCRIPTION"]
    assert "Ngày làm việc cuối cùng trước hạn: 27/02/2026, thứ Sáu." in found["DESCRIPTION"]
    assert found["URL"] == "http://localhost:8000/viec/nq57/2026/III.1.d/han/VP"


def test_calendar_has_a_name_and_says_how_often_to_come_back():
    found = read()

    assert found["X-WR-CALNAME"] == "Đôn Đốc: Văn phòng Sở"
    assert found["CALSCALE"] == "GREGORIAN"
    assert found["REFRESH-INTERVAL"].dt == timedelta(hours=6)


def test_lines_are_folded_so_that_every_program_reads_them():
    assert all(len(line) <= 75 for line in content().split(b"\r\n"))


def test_same_entries_are_the_same_bytes_and_a_change_is_another_tag():
    assert etag(content()) == etag(content())
    assert etag(content()) != etag(content(changed_at=CHANGED + timedelta(minutes=1)))


def test_text_cannot_end_an_event():
    found = event(title="A\r\nEND:VEVENT\r\nBEGIN:VEVENT")

    assert "END:VEVENT" in found["SUMMARY"]
    assert len(read(title="A\r\nEND:VEVENT\r\nBEGIN:VEVENT").walk("VEVENT")) == 1


def test_stamp_is_in_utc():
    assert event()["DTSTAMP"].dt == CHANGED.astimezone(UTC)
