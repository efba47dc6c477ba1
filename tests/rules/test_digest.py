"""When letters go out: on working days, in office hours, never dropped."""

from datetime import time, timedelta

import pytest

from rules.digest import next_digest, within_window
from rules.working_calendar import is_working_day
from tests.rules.builders import CALENDAR, SOON, on

SEND_FROM, SEND_UNTIL = time(7, 30), time(17, 0)


def the_next(sent_until, now=None, tolerance=timedelta(minutes=10)):
    return next_digest(
        sent_until,
        now=now or sent_until,
        tolerance=tolerance,
        calendar=CALENDAR,
        send_from=SEND_FROM,
    )


@pytest.mark.parametrize(
    ("sent_until", "expected"),
    [
        pytest.param(on("05/01", "07:00"), on("05/01"), id="today, before the hour"),
        pytest.param(on("05/01"), on("06/01"), id="at the hour: tomorrow"),
        pytest.param(on("05/01", "08:00"), on("06/01"), id="after the hour: tomorrow"),
        pytest.param(on("16/01"), on("19/01"), id="over a weekend"),
        pytest.param(on("13/02"), on("23/02"), id="over Tết"),
        pytest.param(on("21/08"), on("22/08"), id="a Saturday that is worked instead"),
        pytest.param(on("28/08"), on("03/09"), id="over the national day"),
    ],
)
def test_a_digest_goes_out_at_the_hour_of_the_next_working_day(sent_until, expected):
    assert the_next(sent_until) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(on("06/01", "07:35"), on("06/01"), id="a little late is sent as it is"),
        pytest.param(on("08/01", "10:00"), on("08/01"), id="days missed fold into the latest"),
        pytest.param(on("08/01", "07:00"), on("07/01"), id="the latest that is due"),
        pytest.param(on("18/01", "10:00"), on("16/01"), id="found on a Sunday"),
    ],
)
def test_digests_missed_in_an_outage_fold_into_the_latest_one(now, expected):
    assert the_next(on("05/01"), now=now) == expected


def test_a_year_of_digests_has_one_on_each_working_day():
    at, days = on("01/01"), []
    while (at := the_next(at)).year == 2026:
        days.append(at.date())

    year = (on("01/01").date() + timedelta(days=n) for n in range(365))
    assert days == [day for day in year if is_working_day(CALENDAR, day)]
    assert on("22/08").date() in days


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(on("05/01", "07:30"), on("05/01", "07:30"), id="the first minute"),
        pytest.param(on("05/01", "17:00"), on("05/01", "17:00"), id="the last minute"),
        pytest.param(on("05/01", "17:00") + SOON, on("06/01"), id="after it: tomorrow"),
        pytest.param(on("05/01", "06:00"), on("05/01"), id="before it: later the same day"),
        pytest.param(on("16/01", "18:00"), on("19/01"), id="a Friday evening"),
        pytest.param(on("16/02", "10:00"), on("23/02"), id="Tết"),
        pytest.param(on("22/08", "10:00"), on("22/08", "10:00"), id="a Saturday that is worked"),
    ],
)
def test_what_is_urgent_outside_office_hours_is_deferred_and_never_dropped(at, expected):
    result = within_window(at, calendar=CALENDAR, send_from=SEND_FROM, send_until=SEND_UNTIL)

    assert result == expected
