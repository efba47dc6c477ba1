"""Whom a unit's messages reach on a day."""

from datetime import date

import pytest

from models.directory import Absence, Contact, ContactRole, Unit, UnitKind
from rules.contacts import reached

UNIT = Unit(
    code="A",
    name="Xã A",
    kind=UnitKind.COMMUNE,
    focal_person="Bà An",
    email="a@x.vn",
    head_email="lanhdao@x.vn",
    deputy="Ông Bình",
    deputy_email="binh@x.vn",
)
FOCAL, HEAD, DEPUTY = ContactRole


def on(day: str, *known: Contact | Absence, role: ContactRole = FOCAL, unit: Unit = UNIT):
    return reached(
        unit,
        [each for each in known if isinstance(each, Contact)],
        [each for each in known if isinstance(each, Absence)],
        role,
        day=date.fromisoformat(day),
    )


def a_contact(**fields) -> Contact:
    return Contact(**({"unit": "A", "role": FOCAL} | fields))


MARCH = a_contact(
    name="Bà Chi", email="chi@x.vn", valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 31)
)
AWAY = Absence(unit="A", role=FOCAL, first_day=date(2026, 2, 9), last_day=date(2026, 2, 13))


@pytest.mark.parametrize(
    ("day", "email"),
    [
        pytest.param("2026-02-28", "a@x.vn", id="before the first day"),
        pytest.param("2026-03-01", "chi@x.vn", id="on the first day"),
        pytest.param("2026-03-31", "chi@x.vn", id="on the last day"),
        pytest.param("2026-04-01", "a@x.vn", id="after the last day"),
    ],
)
def test_a_contact_counts_on_its_days_only(day: str, email: str) -> None:
    assert on(day, MARCH).email == email


@pytest.mark.parametrize(
    ("day", "email"),
    [("2026-02-08", "a@x.vn"), ("2026-02-09", "binh@x.vn"), ("2026-02-13", "binh@x.vn")],
)
def test_the_deputy_stands_in_on_the_days_of_an_absence(day: str, email: str) -> None:
    assert on(day, AWAY).email == email


def test_the_letter_says_on_whose_behalf_it_comes() -> None:
    sentence = on("2026-02-10", AWAY).on_behalf

    assert sentence == (
        "Ông Bình nhận thư này thay mặt Bà An, vắng mặt từ ngày 09/02/2026 đến hết ngày 13/02/2026."
    )


def test_an_absence_without_a_deputy_changes_nothing() -> None:
    alone = UNIT.model_copy(update={"deputy_email": ""})

    assert on("2026-02-10", AWAY, unit=alone).email == "a@x.vn"


def test_the_absence_of_the_focal_person_is_not_that_of_the_head() -> None:
    assert on("2026-02-10", AWAY, role=HEAD).email == "lanhdao@x.vn"


def test_what_a_contact_leaves_empty_is_as_the_directory_has_it() -> None:
    found = on("2026-01-05", a_contact(channels=("https://x.vn/nhan",)))

    assert (found.email, found.channels) == ("a@x.vn", ("https://x.vn/nhan",))


def test_of_two_contacts_the_one_that_began_last_says() -> None:
    usual = a_contact(id=1, email="usual@x.vn")

    assert on("2026-03-15", usual, MARCH).email == "chi@x.vn"
