"""What a list of contacts changes."""

from datetime import date

from models.directory import Absence, Contact, ContactRole
from rules.contact_changes import ContactChange, compare_contacts

AN = Contact(id=1, unit="LL", role=ContactRole.FOCAL, name="An", channels=("tgram://a",))
HEAD = Contact(id=2, unit="LL", role=ContactRole.HEAD, name="Lan")
ELSEWHERE = Contact(id=3, unit="NT", role=ContactRole.HEAD, name="Mai")
AWAY = Absence(
    id=1,
    unit="LL",
    role=ContactRole.FOCAL,
    first_day=date(2026, 4, 1),
    last_day=date(2026, 4, 7),
)
KNOWN: list[Contact | Absence] = [AN, HEAD, ELSEWHERE, AWAY]


def listed(*known: Contact | Absence) -> list[Contact | Absence]:
    return [each.model_copy(update={"id": None}) for each in known]


def test_the_same_list_again_changes_nothing():
    assert compare_contacts(KNOWN, listed(*KNOWN), channels=True) == []


def test_a_list_says_all_of_the_units_it_names_and_nothing_of_others():
    changes = compare_contacts(KNOWN, listed(AN, AWAY), channels=True)

    assert changes == [ContactChange(what=HEAD, removed=True)]


def test_a_list_without_channels_leaves_them():
    (new,) = listed(AN)
    new = new.model_copy(update={"name": "An Bình", "channels": ()})

    (change,) = compare_contacts([AN], [new], channels=False)

    assert change == ContactChange(what=AN.model_copy(update={"name": "An Bình"}), before=AN)


def test_other_days_are_another_contact():
    (later,) = listed(AN.model_copy(update={"valid_from": date(2026, 5, 1)}))

    changes = compare_contacts([AN], [*listed(AN), later], channels=True)

    assert changes == [ContactChange(what=later)]


def test_of_two_with_the_same_days_each_meets_its_own():
    twin = AN.model_copy(update={"id": 9, "name": "Bình"})

    assert compare_contacts([AN, twin], listed(twin, AN), channels=True) == []
