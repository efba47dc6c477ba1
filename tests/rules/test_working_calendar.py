"""Counting over days off and make-up days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import DayOff, WorkingCalendar
from rules.working_calendar import (
    add_working_days,
    first_after_long_holiday,
    is_working_day,
    next_working_day,
    previous_working_day,
    reason_off,
)

TET = "Tết Nguyên đán"
OFF_2026 = {
    date(2026, 1, 1): "Tết Dương lịch",
    date(2026, 2, 16): f"{TET} (giao thừa)",
    date(2026, 2, 17): TET,
    date(2026, 2, 18): f"{TET} (mùng hai)",
    date(2026, 2, 19): f"{TET} (mùng ba)",
    date(2026, 2, 20): f"{TET} (mùng bốn)",
    date(2026, 4, 26): "Ngày Giỗ Tổ Hùng Vương",
    date(2026, 4, 30): "Ngày Chiến thắng",
    date(2026, 5, 1): "Ngày Quốc tế Lao động",
    date(2026, 8, 31): "Quốc khánh (thay cho ngày 22/08/2026)",
    date(2026, 9, 1): "Quốc khánh",
    date(2026, 9, 2): "Quốc khánh",
}
CALENDAR = WorkingCalendar(
    version="test",
    days_off=tuple(DayOff(day=day, name=name) for day, name in OFF_2026.items()),
    make_up_days=(date(2026, 8, 22),),
)

days = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))
counts = st.integers(min_value=1, max_value=60)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        pytest.param(date(2026, 2, 13), None, id="Friday before Tết"),
        pytest.param(date(2026, 2, 14), "thứ Bảy", id="Saturday"),
        pytest.param(date(2026, 2, 15), "Chủ nhật", id="Sunday"),
        pytest.param(date(2026, 2, 17), "nghỉ Tết Nguyên đán", id="Tết"),
        pytest.param(date(2026, 2, 20), "nghỉ Tết Nguyên đán", id="fourth day of Tết"),
        pytest.param(date(2026, 2, 23), None, id="Monday after Tết"),
        pytest.param(date(2026, 4, 26), "nghỉ Ngày Giỗ Tổ Hùng Vương", id="holiday on a Sunday"),
        pytest.param(date(2026, 8, 22), None, id="make-up Saturday"),
        pytest.param(date(2026, 8, 29), "thứ Bảy", id="another Saturday"),
        pytest.param(date(2026, 8, 31), "nghỉ Quốc khánh", id="swapped Monday"),
    ],
)
def test_a_day_off_has_its_reason_and_a_working_day_has_none(day: date, reason: str | None):
    assert reason_off(CALENDAR, day) == reason
    assert is_working_day(CALENDAR, day) is (reason is None)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        pytest.param(date(2026, 2, 18), date(2026, 2, 13), date(2026, 2, 23), id="Tết"),
        pytest.param(date(2026, 2, 28), date(2026, 2, 27), date(2026, 3, 2), id="weekend"),
        pytest.param(date(2026, 8, 22), date(2026, 8, 22), date(2026, 8, 22), id="make-up day"),
        pytest.param(date(2026, 8, 23), date(2026, 8, 22), date(2026, 8, 24), id="after make-up"),
        pytest.param(date(2026, 9, 2), date(2026, 8, 28), date(2026, 9, 3), id="Quốc khánh"),
        pytest.param(date(2026, 1, 1), date(2025, 12, 31), date(2026, 1, 2), id="year's end"),
        pytest.param(date(2028, 2, 29), date(2028, 2, 29), date(2028, 2, 29), id="leap day"),
    ],
)
def test_a_day_off_moves_to_the_nearest_working_day(day: date, before: date, after: date):
    assert previous_working_day(CALENDAR, day) == before
    assert next_working_day(CALENDAR, day) == after


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        pytest.param(date(2026, 3, 2), 1, date(2026, 3, 3), id="the day itself is not counted"),
        pytest.param(date(2026, 2, 28), 1, date(2026, 3, 2), id="from a Saturday"),
        pytest.param(date(2026, 2, 28), 7, date(2026, 3, 10), id="over a weekend"),
        pytest.param(date(2026, 2, 13), 1, date(2026, 2, 23), id="over Tết"),
        pytest.param(date(2026, 8, 21), 1, date(2026, 8, 22), id="onto a make-up Saturday"),
        pytest.param(date(2026, 8, 28), 1, date(2026, 9, 3), id="over Quốc khánh"),
        pytest.param(date(2026, 2, 23), -1, date(2026, 2, 13), id="back over Tết"),
        pytest.param(date(2026, 2, 28), -1, date(2026, 2, 27), id="back from a Saturday"),
        pytest.param(date(2026, 1, 2), -1, date(2025, 12, 31), id="back over New Year"),
    ],
)
def test_working_days_are_counted_strictly_after_or_before(day: date, n: int, expected: date):
    assert add_working_days(CALENDAR, day, n) == expected


def test_no_working_days_cannot_be_counted():
    with pytest.raises(ValueError, match="khác 0"):
        add_working_days(CALENDAR, date(2026, 3, 2), 0)


def test_counting_past_the_last_year_overflows():
    with pytest.raises(OverflowError):
        add_working_days(CALENDAR, date(9999, 12, 31), 1)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(date(2026, 1, 28), date(2026, 2, 27), date(2026, 2, 23), id="Tết"),
        pytest.param(date(2026, 2, 13), date(2026, 2, 27), date(2026, 2, 23), id="eve of Tết"),
        pytest.param(date(2026, 1, 28), date(2026, 2, 23), None, id="ends on that day"),
        pytest.param(date(2026, 2, 18), date(2026, 2, 27), None, id="began before the start"),
        pytest.param(date(2026, 8, 28), date(2026, 9, 30), date(2026, 9, 3), id="exactly 5 days"),
        pytest.param(date(2026, 4, 28), date(2026, 5, 29), None, id="4 days are not long"),
    ],
)
def test_a_long_holiday_between_two_days_is_found(start: date, end: date, expected: date | None):
    assert first_after_long_holiday(CALENDAR, start, end) == expected


@given(days, counts)
def test_counting_on_and_back_returns_to_the_working_day(day: date, n: int):
    start = next_working_day(CALENDAR, day)

    assert add_working_days(CALENDAR, add_working_days(CALENDAR, start, n), -n) == start
    assert add_working_days(CALENDAR, add_working_days(CALENDAR, start, -n), n) == start


@given(days, counts)
def test_counting_n_days_passes_exactly_n_working_days(day: date, n: int):
    last = add_working_days(CALENDAR, day, n)

    passed = [day + timedelta(days=i) for i in range(1, (last - day).days + 1)]
    assert sum(is_working_day(CALENDAR, each) for each in passed) == n
    assert is_working_day(CALENDAR, last)


@given(days, days, counts)
def test_counting_from_a_later_day_never_ends_earlier(one: date, other: date, n: int):
    earlier, later = sorted((one, other))

    assert add_working_days(CALENDAR, earlier, n) <= add_working_days(CALENDAR, later, n)
    assert add_working_days(CALENDAR, earlier, -n) <= add_working_days(CALENDAR, later, -n)


@given(days)
def test_no_working_day_lies_between_a_day_and_where_it_moves(day: date):
    before, after = previous_working_day(CALENDAR, day), next_working_day(CALENDAR, day)

    assert before <= day <= after
    assert is_working_day(CALENDAR, before)
    assert is_working_day(CALENDAR, after)
    if before != after:
        assert add_working_days(CALENDAR, before, 1) == after
