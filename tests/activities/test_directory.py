"""What loading a plan does to a directory that officers have changed, on both databases."""

from datetime import datetime
from functools import cache

import pytest
from sqlalchemy import Engine

from activities.directory import Registry
from models.clock import VN
from models.directory import Directory
from models.finding import Finding
from tests.shipped import shipped_directory, shipped_plan

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=VN)


@cache
def shipped() -> Directory:
    return shipped_directory(6)


def load(registry: Registry, directory: Directory | None = None) -> list[Finding]:
    units = (directory or shipped()).units.values()
    return registry.load_plan(shipped_plan(), units, at=NOW)


@pytest.fixture
def registry(engine: Engine) -> Registry:
    """With the shipped plan and directory."""
    registry = Registry(engine)
    load(registry)
    return registry


def change(registry: Registry, code: str, **fields: object) -> None:
    registry.keep_units([registry.directory().units[code].model_copy(update=fields)])


def remove(registry: Registry, *codes: str) -> None:
    assert registry.change_units([], codes, seen=registry.directory())


def test_first_load_takes_the_list_as_it_is(registry: Registry) -> None:
    assert registry.directory() == shipped()
    assert load(registry) == []


def test_contacts_an_officer_changed_stay(registry: Registry) -> None:
    change(registry, "VP", email="moi@x.vn", deputy="Bình", deputy_email="b@x.vn", phone="0263")

    findings = load(registry)

    unit = registry.directory().units["VP"]
    assert (unit.email, unit.deputy, unit.phone) == ("moi@x.vn", "Bình", "0263")
    assert unit.deputy_email == "b@x.vn"
    assert [finding.place for finding in findings] == ["VP"]


def test_number_and_day_an_officer_entered_stay_while_the_folder_has_none(
    registry: Registry,
) -> None:
    """Those of two documents never stand together."""
    assert registry.set_issued("lam-dong-nq57", "12/KH", NOW.date())
    load(registry)
    kept = registry.plan("lam-dong-nq57")
    named = shipped_plan().issued("13/KH", None)
    registry.load_plan(named, [], at=NOW)
    renewed = registry.plan("lam-dong-nq57")

    assert kept is not None
    assert (kept.number, kept.date) == ("12/KH", NOW.date())
    assert renewed is not None
    assert (renewed.number, renewed.date) == ("13/KH", None)
    assert not registry.set_issued("khong-co", "12/KH", None)


def test_contact_an_officer_left_empty_is_filled(registry: Registry) -> None:
    change(registry, "VP", email="")

    load(registry)

    assert registry.directory().units["VP"].email == "vp@sgddt.lamdong.example"


def test_what_a_unit_is_follows_the_list(registry: Registry) -> None:
    change(registry, "TM0001", name="Khác", hub=None, aliases=("TM1",))
    listed = shipped().units["TM0001"].model_copy(update={"aliases": ("TH 1",), "groups": ("G",)})

    load(registry, Directory(units=shipped().units | {"TM0001": listed}))

    assert registry.directory().units["TM0001"] == listed


def test_groups_stay_where_the_list_has_no_such_column(registry: Registry) -> None:
    change(registry, "PCM1", groups=("Khối phòng",))

    load(registry)

    assert registry.directory().units["PCM1"].groups == ("Khối phòng",)


def test_removed_unit_stays_removed_but_one_that_the_plan_names_comes_back(
    registry: Registry,
) -> None:
    change(registry, "VP", email="moi@x.vn")
    remove(registry, "PCM1", "VP")

    findings = load(registry)

    assert registry.removed() == {"PCM1"}
    assert registry.directory().units["VP"].email == "moi@x.vn"
    assert {finding.place for finding in findings} == {"PCM1", "VP"}


def test_made_up_schools_keep_contacts_and_stay_removed(registry: Registry) -> None:
    change(registry, "TM0001", email="that@x.vn")
    remove(registry, "TM0002")

    registry.load_units(unit for unit in shipped().units.values() if unit.code.startswith("TM"))

    assert registry.directory().units["TM0001"].email == "that@x.vn"
    assert registry.removed() == {"TM0002"}
