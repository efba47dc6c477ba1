"""Whom phrases mean in a plan without groups of its own."""

from functools import cache

import pytest

from models.directory import Directory, Unit, UnitKind
from models.plan import Group, Plan
from rules.performers import Meaning, Performers, folded
from tests.shipped import shipped_directory, shipped_plan

EXTRA = (
    Unit(code="BL", name="Trường THPT Bảo Lộc", kind=UnitKind.DIRECT, groups=("Cụm Bảo Lộc",)),
    Unit(code="MN", name="Trường Mầm non Hoa Sen", kind=UnitKind.SCHOOL, hub="22918"),
    Unit(code="TC", name="Trường TH&THCS Lê Lợi", kind=UnitKind.SCHOOL, groups=("Cụm Bảo Lộc",)),
)


@cache
def directory() -> Directory:
    units = shipped_directory(24).units
    return Directory(units={**units, **{unit.code: unit for unit in EXTRA}})


@cache
def performers(*groups: Group) -> Performers:
    shipped = shipped_plan()
    officer = shipped.officer.model_copy(update={"groups": groups})
    return Performers(Plan(document=shipped.document, officer=officer), directory())


@cache
def meant(phrase: str) -> Meaning | None:
    return performers().meant_by(phrase)


def units_of(phrase: str) -> set[str]:
    meaning = meant(phrase)
    assert meaning is not None, phrase
    assert (meaning.allocated, meaning.outside) == (False, False), phrase
    return {unit.code for unit in meaning.units}


def of_kinds(*kinds: UnitKind) -> set[str]:
    return {unit.code for unit in directory().of_kinds(kinds)}


@pytest.mark.parametrize(
    ("kinds", "phrases"),
    [
        (
            (UnitKind.SCHOOL, UnitKind.DIRECT),
            ["các cơ sở giáo dục", "Các cơ sở giáo dục trên địa bàn tỉnh", "các trường học"],
        ),
        (
            (UnitKind.COMMUNE,),
            [
                "UBND các xã, phường, đặc khu",
                "UBND các phường, xã, đặc khu",
                "Uỷ ban nhân dân các xã, phường",
                "Ủy ban nhân dân cấp xã",
                "Chủ tịch UBND các xã, phường, đặc khu",
                "UBND các xã, phường, đặc khu (đầu mối chỉ đạo, theo dõi)",
            ],
        ),
        (
            (UnitKind.DIVISION,),
            [
                "Phòng CM, NV thuộc Sở",
                "các phòng chuyên môn, nghiệp vụ",
                "các phòng chuyên môn, nghiệp vụ thuộc Sở GDĐT",
                "các phòng thuộc Sở Giáo dục và Đào tạo",
                "Trưởng các phòng chuyên môn",
            ],
        ),
        (
            (UnitKind.DIRECT,),
            [
                "các đơn vị trực thuộc",
                "đơn vị trực thuộc Sở",
                "Thủ trưởng các đơn vị trực thuộc Sở GD&ĐT",
            ],
        ),
        ((UnitKind.OFFICE,), ["Văn phòng Sở", "Chánh Văn phòng Sở", "Văn phòng"]),
        ((UnitKind.LEADERSHIP,), ["Lãnh đạo Sở", "Ban Giám đốc Sở"]),
    ],
    ids=["schools", "communes", "divisions", "directly managed", "office", "leadership"],
)
def test_usual_phrase_means_all_units_of_its_kind(
    kinds: tuple[UnitKind, ...], phrases: list[str]
) -> None:
    for phrase in phrases:
        assert units_of(phrase) == of_kinds(*kinds), phrase


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("GDTrH", "GDTRH"),
        ("Phòng GDTrH", "GDTRH"),
        ("Phòng Giáo dục trung học thuộc Sở", "GDTRH"),
        ("Trưởng phòng Giáo dục Trung học", "GDTRH"),
        ("Phường Mũi Né", "22918"),
        ("UBND phường Mũi Né", "22918"),
        ("Ủy ban nhân dân phường Phú Thủy", "22924"),
        ("Trường trung học phổ thông Bảo Lộc", "BL"),
    ],
)
def test_unit_is_known_by_the_ways_its_name_is_said(phrase: str, code: str) -> None:
    assert units_of(phrase) == {code}


@pytest.mark.parametrize(
    ("phrase", "codes"),
    [
        ("các trường THPT", {"BL"}),
        ("Các trường: MN, TH, THCS", {"MN", "TC"}),
        ("trường trung học cơ sở", {"TC"}),
        ("Cụm Bảo Lộc", {"BL", "TC"}),
        ("các trường thuộc Cụm Phan Thiết", None),
    ],
)
def test_levels_and_groups_of_the_directory_mean_their_units(
    phrase: str, codes: set[str] | None
) -> None:
    assert meant(phrase) is None if codes is None else units_of(phrase) == codes


def test_one_kind_of_commune_is_meant_literally() -> None:
    wards = units_of("UBND các phường")

    assert len(wards) == 20
    assert all("Phường" in directory().units[code].name for code in wards)
    assert len(units_of("UBND đặc khu")) == 1


@pytest.mark.parametrize(
    "phrase",
    [
        "Các phòng chuyên môn, nghiệp vụ thuộc Sở theo phân công nhiệm vụ được giao",
        "phòng chuyên môn được phân công",
        "các phòng có liên quan",
        "Sở Giáo dục và Đào tạo",
        "Sở GDĐT",
        "Sở Giáo dục và Đào tạo tỉnh Lâm Đồng",
    ],
)
def test_phrase_that_names_nobody_waits_for_allocation(phrase: str) -> None:
    assert meant(phrase) == Meaning(allocated=True)


@pytest.mark.parametrize(
    "phrase", ["các cơ quan, đơn vị có liên quan", "Các tổ chức, cá nhân liên quan"]
)
def test_whoever_is_concerned_is_never_assigned(phrase: str) -> None:
    assert meant(phrase) == Meaning(outside=True)


@pytest.mark.parametrize(
    "phrase",
    ["Sở Khoa học và Công nghệ", "các đơn vị", "Tỉnh đoàn", "UBND tỉnh", "", "các"],
)
def test_phrase_that_is_not_sure_means_nobody(phrase: str) -> None:
    assert meant(phrase) is None


def test_officers_own_group_wins() -> None:
    own = Group(name="Trường", phrases=("các cơ sở giáo dục",), units=("BL",))

    meaning = performers(own).meant_by("Các  cơ sở giáo dục")

    assert meaning is not None
    assert [unit.code for unit in meaning.units] == ["BL"]


def test_shipped_plan_means_the_same_without_its_groups() -> None:
    shipped = shipped_plan()
    with_groups = Performers(shipped, directory())
    without = performers()
    phrases = {
        phrase for task in shipped.document.tasks for phrase in (*task.lead, *task.cooperating)
    } | {phrase for report in shipped.document.reports for phrase in report.reporters}

    differing = {p for p in phrases if with_groups.meant_by(p) != without.meant_by(p)}

    # Another department: nothing but the officer can say that it is outside.
    assert differing == {"Sở Khoa học và Công nghệ"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("Uỷ ban", "Ủy ban"), ("Hoà Bình", "Hòa Bình"), ("THUỶ", "thủy"), ("khoẻ", "khỏe")],
)
def test_both_places_of_a_tone_mark_are_one_spelling(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    assert folded("hoàn toàn") == "hoàn toàn"
