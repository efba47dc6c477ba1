"""What the officer is told about the shipped plan, and about plans that lack something."""

import re
from datetime import date
from typing import Any

import pytest

from intake.vietnam_calendar import vietnam_calendar
from models.directory import Directory
from models.finding import Finding, Severity
from models.plan import Plan
from rules.checks import check
from tests.shipped import shipped_directory, shipped_plan

CALENDAR = vietnam_calendar((2025, 2026, 2027))


def a_plan(**officer: Any) -> Plan:
    shipped = shipped_plan()
    return Plan(document=shipped.document, officer=shipped.officer.model_copy(update=officer))


def checked(
    plan: Plan | None = None,
    directory: Directory | None = None,
    *,
    year: int = 2026,
    dates: dict[str, date] | None = None,
) -> list[Finding]:
    return check(
        plan or shipped_plan(), directory or shipped_directory(), CALENDAR, year=year, dates=dates
    )


def at(findings: list[Finding], place: str) -> list[str]:
    return [finding.message for finding in findings if finding.place == place]


def without_email(*codes: str) -> Directory:
    units = dict(shipped_directory().units)
    for code in codes:
        units[code] = units[code].model_copy(update={"email": ""})
    return Directory(units=units)


def test_shipped_plan_has_two_warnings_and_no_error() -> None:
    findings = checked()

    assert [finding.place for finding in findings] == ["lam-dong-nq57", "V.1.H2"]
    assert {finding.severity for finding in findings} == {Severity.WARNING}


def test_missing_number_and_date_are_told_until_the_officer_enters_them() -> None:
    (message,) = at(checked(), "lam-dong-nq57")
    entered = checked(a_plan(number="123/KH-SGDĐT", date=date(2025, 12, 30)))

    assert message.startswith("Kế hoạch chưa có số, ngày ban hành")
    assert not at(entered, "lam-dong-nq57")


def test_yearly_report_leaves_no_working_day_after_its_data_close() -> None:
    (message,) = at(checked(), "V.1.H2")

    assert "14/12/2026" in message
    assert "Nghị định 09/2019/NĐ-CP" in message
    assert not at(checked(), "V.1.H1")


def test_forecast_calendar_is_told_for_the_year_of_the_cycle() -> None:
    assert not at(checked(year=2026), "lịch làm việc 2026")
    assert at(checked(year=2027), "lịch làm việc 2027")


@pytest.mark.parametrize(
    ("day", "warned"),
    [
        pytest.param(date(2026, 6, 24), True, id="the same day"),
        pytest.param(date(2026, 6, 25), False, id="one working day later"),
        pytest.param(date(2026, 6, 20), True, id="before the units report"),
    ],
)
def test_department_needs_a_working_day_after_the_units_reports(day: date, warned: bool) -> None:
    at_launch = checked(dates={"V.2.H1": day})
    in_file = checked(a_plan(dates={"V.2.H1": day}))

    assert bool(at(at_launch, "V.2.H1")) is bool(at(in_file, "V.2.H1")) is warned


@pytest.mark.parametrize(("day", "warned"), [(16, True), (17, False)])
def test_weekend_after_the_units_reports_is_no_working_day(day: int, warned: bool) -> None:
    # 14/12/2029, hạn của các đơn vị, là thứ Sáu.
    calendar = vietnam_calendar((2028, 2029))
    dates = {"V.2.H2": date(2029, 12, day)}

    found = check(shipped_plan(), shipped_directory(), calendar, year=2029, dates=dates)

    assert any("không cách hạn V.1" in message for message in at(found, "V.2.H2")) is warned


def test_unit_without_an_address_is_named_with_who_is_told_instead() -> None:
    findings = checked(directory=without_email("TM0001", "22918", "GDTRH"))

    assert at(findings, "TM0001") == [
        "Trường mẫu 001 (Phường Mũi Né) chưa có địa chỉ thư điện tử: báo UBND Phường Mũi Né thay."
    ]
    assert at(findings, "22918") == [
        "UBND Phường Mũi Né chưa có địa chỉ thư điện tử: báo Phòng Giáo dục Trung học thay."
    ]
    assert at(findings, "GDTRH") == [
        "Phòng Giáo dục Trung học chưa có địa chỉ thư điện tử: chưa có ai nhận thay."
    ]


def test_phrase_that_nothing_explains_is_told_with_its_task() -> None:
    findings = checked(a_plan(groups=()))

    (message,) = at(findings, "III.2.b")
    assert message.startswith("“Sở Khoa học và Công nghệ” không ứng với nhóm hay đơn vị nào")


def test_group_without_units_is_told() -> None:
    findings = checked(directory=shipped_directory(0))

    assert at(findings, "III.1.a") == [
        "“các cơ sở giáo dục”: danh bạ chưa có đơn vị nào thuộc nhóm này."
    ]


def test_page_is_told_of_no_command_and_no_file() -> None:
    """Phrases that mean nobody, groups without units, units without an address."""
    communes = [unit for unit in without_email("GDTRH").units.values() if unit.kind != "division"]
    said = [
        *checked(a_plan(groups=())),
        *checked(directory=Directory(units={unit.code: unit for unit in communes})),
        *checked(directory=without_email("GDTRH"), year=2027),
    ]

    assert {finding.remedy_on_page for finding in said}
    for finding in said:
        assert not re.search(r"dondoc|officer|\.yaml", finding.message + finding.remedy_on_page)
