"""The days off the State has published, and the ones it has yet to."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from intake.vietnam_calendar import vietnam_calendar
from models.calendar import WorkingCalendar, YearStatus
from rules.working_calendar import is_working_day, reason_off


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return vietnam_calendar([2025, 2026, 2027])


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(date(2025, 1, 25), date(2025, 2, 2), id="Tết 2025"),
        pytest.param(date(2025, 4, 30), date(2025, 5, 4), id="30/4 and 1/5, 2025"),
        pytest.param(date(2025, 8, 30), date(2025, 9, 2), id="Quốc khánh 2025"),
        pytest.param(date(2026, 1, 1), date(2026, 1, 4), id="New Year 2026"),
        pytest.param(date(2026, 2, 14), date(2026, 2, 22), id="Tết 2026"),
        pytest.param(date(2026, 4, 25), date(2026, 4, 27), id="Giỗ Tổ 2026"),
        pytest.param(date(2026, 4, 30), date(2026, 5, 3), id="30/4 and 1/5, 2026"),
        pytest.param(date(2026, 8, 29), date(2026, 9, 2), id="Quốc khánh 2026"),
        pytest.param(date(2026, 11, 24), date(2026, 11, 24), id="Ngày Văn hóa Việt Nam 2026"),
    ],
)
def test_a_published_holiday_is_off_from_its_first_to_its_last_day(
    calendar: WorkingCalendar, first: date, last: date
):
    length = (last - first).days + 1
    off = [first + timedelta(days=i) for i in range(length)]

    assert [day for day in off if is_working_day(calendar, day)] == []
    assert is_working_day(calendar, first - timedelta(days=1))
    assert is_working_day(calendar, last + timedelta(days=1))


@pytest.mark.parametrize("day", [date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)], ids=str)
def test_a_make_up_saturday_is_worked(calendar: WorkingCalendar, day: date):
    assert day.strftime("%a") == "Sat"
    assert is_working_day(calendar, day)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        pytest.param(date(2025, 5, 2), "nghỉ Ngày Chiến thắng và Quốc tế Lao động", id="swap 2025"),
        pytest.param(date(2026, 1, 2), "nghỉ Tết Dương lịch", id="swap of New Year"),
        pytest.param(date(2026, 2, 16), "nghỉ Tết Nguyên đán", id="eve of Tết"),
        pytest.param(date(2026, 4, 27), "nghỉ Ngày Giỗ Tổ Hùng Vương", id="observed on a Monday"),
        pytest.param(date(2026, 8, 31), "nghỉ Quốc khánh", id="swap of Quốc khánh"),
        pytest.param(date(2026, 11, 24), "nghỉ Ngày Văn hóa Việt Nam", id="culture day"),
        pytest.param(date(2027, 2, 4), "nghỉ Tết Nguyên đán", id="29 Tết 2027"),
    ],
)
def test_a_day_off_is_named_as_officials_name_it(calendar: WorkingCalendar, day: date, reason: str):
    assert reason_off(calendar, day) == reason


def test_a_year_is_a_forecast_until_it_is_published():
    years = vietnam_calendar([2025, 2026, 2027, 2035]).years

    assert years == {
        2025: YearStatus.OFFICIAL,
        2026: YearStatus.OFFICIAL,
        2027: YearStatus.FORECAST,
        2035: YearStatus.FORECAST,
    }


def test_only_the_years_asked_for_are_in_the_calendar():
    calendar = vietnam_calendar([2026])

    assert {day_off.day.year for day_off in calendar.days_off} == {2026}
    assert calendar.make_up_days == (date(2026, 1, 10), date(2026, 8, 22))


def test_the_version_follows_the_content_alone(tmp_path: Path):
    official = tmp_path / "calendar.yaml"
    official.write_text("years: {2027: {status: official}}\n", encoding="utf-8")
    forecast = tmp_path / "forecast.yaml"
    forecast.write_text("years: {}\n", encoding="utf-8")

    version = vietnam_calendar([2027], corrections=forecast).version

    assert vietnam_calendar([2027, 2027], corrections=forecast).version == version
    assert vietnam_calendar([2027], corrections=official).version != version
    assert vietnam_calendar([2026, 2027]).version == vietnam_calendar([2027, 2026]).version


def test_corrections_add_rename_and_remove_days(tmp_path: Path):
    corrections = tmp_path / "calendar.yaml"
    corrections.write_text(
        """
        years:
          2027:
            days_off: {2027-09-01: Quốc khánh (bổ sung), 2027-09-02: Lễ Quốc khánh}
            working_days: [2027-09-03]
            make_up_days: [2027-08-28]
        """,
        encoding="utf-8",
    )

    calendar = vietnam_calendar([2027], corrections=corrections)

    assert reason_off(calendar, date(2027, 9, 1)) == "nghỉ Quốc khánh"
    assert reason_off(calendar, date(2027, 9, 2)) == "nghỉ Lễ Quốc khánh"
    assert is_working_day(calendar, date(2027, 9, 3))
    assert is_working_day(calendar, date(2027, 8, 28))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(
            "years: {2027: {days_off: {2026-09-01: x}}}", "không thuộc năm 2027", id="year"
        ),
        pytest.param("years: {2027: {day_off: {}}}", "day_off", id="mistyped key"),
    ],
)
def test_a_malformed_correction_is_refused(tmp_path: Path, text: str, complaint: str):
    corrections = tmp_path / "calendar.yaml"
    corrections.write_text(text, encoding="utf-8")

    with pytest.raises(ValidationError, match=complaint):
        vietnam_calendar([2027], corrections=corrections)
