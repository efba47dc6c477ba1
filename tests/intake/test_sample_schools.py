"""Made-up schools: plain to see as such, and the same every time."""

from collections import Counter

from intake.sample_schools import sample_schools
from models.directory import Unit, UnitKind


def communes(count: int) -> list[Unit]:
    return [
        Unit(code=f"X{n}", name=f"UBND Xã {n}", kind=UnitKind.COMMUNE) for n in range(1, count + 1)
    ]


def test_every_school_is_marked_as_a_sample() -> None:
    schools = sample_schools(communes(3), 40)

    assert len(schools) == 40
    assert all(school.sample for school in schools)
    assert all(school.name.startswith("Trường mẫu ") for school in schools)
    assert all(school.email.endswith(".example") for school in schools)


def test_one_school_in_twelve_is_directly_managed_and_has_no_hub() -> None:
    schools = sample_schools(communes(3), 60)

    direct = [school for school in schools if school.kind is UnitKind.DIRECT]
    assert len(direct) == 5
    assert all(school.hub is None for school in direct)


def test_the_other_schools_are_spread_evenly_over_the_hubs() -> None:
    schools = sample_schools(communes(124), 1605)

    per_hub = Counter(school.hub for school in schools if school.hub is not None)
    assert len(per_hub) == 124
    assert max(per_hub.values()) - min(per_hub.values()) <= 1


def test_the_first_schools_do_not_depend_on_the_count() -> None:
    few, many = sample_schools(communes(10), 60), sample_schools(communes(10), 1605)

    assert many[:60] == few
    assert few[0].code == "TM0001"
    assert few[0].name == "Trường mẫu 001 (Xã 1)"


def test_codes_are_unique() -> None:
    schools = sample_schools(communes(124), 1605)

    assert len({school.code for school in schools}) == 1605


def test_no_schools_are_made_when_none_are_asked_for() -> None:
    assert sample_schools(communes(3), 0) == []
