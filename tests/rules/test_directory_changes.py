"""What importing a list would change in the directory, and which units may leave it."""

from hypothesis import given
from hypothesis import strategies as st

from models.directory import Directory, Unit, UnitKind
from models.plan import Plan
from rules.directory_changes import FieldChange, Loading, compare, loading, removal
from tests.shipped import shipped_plan


def a_unit(code: str, hub: str | None = None, **fields: object) -> Unit:
    kind = UnitKind.COMMUNE if hub is None else UnitKind.SCHOOL
    unit = Unit(code=code, name=f"Đơn vị {code}", kind=kind, hub=hub)
    return unit.model_copy(update=fields)


def a_directory(*units: Unit) -> Directory:
    return Directory(units={unit.code: unit for unit in units})


def missing(
    *units: Unit,
    keep: tuple[Unit, ...] = (),
    parts: dict[str, int] | None = None,
    plan: Plan | None = None,
) -> tuple[set[str], dict[str, str]]:
    """The units removed when only `keep` is listed, and why the others stay."""
    directory = a_directory(*units, *keep)
    changes = compare(directory, a_directory(*keep).units)
    left = removal(changes, directory, open_parts=parts or {}, plans=[plan] if plan else [])
    return {unit.code for unit in left.removed}, {f.place: f.message for f in left.staying}


def test_each_field_that_differs_is_shown_before_and_after() -> None:
    before = a_unit("A", email="cu@x.vn", aliases=("Xã A",))
    after = a_unit("A", email="moi@x.vn", aliases=("Xã A", "A"), sample=True)

    (change,) = compare(a_directory(before), {"A": after}).changed

    assert change.unit == after
    assert change.fields == (
        FieldChange(field="aliases", before="Xã A", after="Xã A; A"),
        FieldChange(field="email", before="cu@x.vn", after="moi@x.vn"),
        FieldChange(field="sample", before="", after="x"),
    )


def test_new_changed_missing_and_unchanged_units_are_told_apart() -> None:
    same, old, gone, new = a_unit("A"), a_unit("B"), a_unit("C"), a_unit("D")
    changed = old.model_copy(update={"phone": "0263"})

    changes = compare(a_directory(same, old, gone), a_directory(same, changed, new).units)

    assert changes.added == (new,)
    assert [change.unit for change in changes.changed] == [changed]
    assert (changes.missing, changes.unchanged) == ((gone,), 1)
    assert changes.written == [new, changed]


UNITS = st.dictionaries(
    st.sampled_from("ABCDEF"), st.sampled_from(["", "1@x.vn", "2@x.vn"]), max_size=6
).map(lambda emails: a_directory(*(a_unit(code, email=email) for code, email in emails.items())))


@given(before=UNITS, listed=UNITS)
def test_what_was_imported_once_changes_nothing_the_second_time(
    before: Directory, listed: Directory
) -> None:
    changes = compare(before, listed.units)
    after = Directory(units=before.units | {unit.code: unit for unit in changes.written})

    again = compare(after, listed.units)

    assert (again.written, again.unchanged) == ([], len(listed.units))
    assert set(after.units) == before.units.keys() | listed.units.keys()


def test_unit_with_open_work_stays() -> None:
    removed, staying = missing(a_unit("A"), a_unit("B"), parts={"A": 3})

    assert removed == {"B"}
    assert "còn 3 phần việc đang mở" in staying["A"]


def test_hub_of_units_that_remain_stays() -> None:
    removed, staying = missing(a_unit("X"), a_unit("Y"), keep=(a_unit("S", hub="X"),))

    assert removed == {"Y"}
    assert "đầu mối của 1 đơn vị" in staying["X"]


def test_hub_stays_with_a_school_that_has_open_work() -> None:
    removed, staying = missing(a_unit("X"), a_unit("S", hub="X"), parts={"S": 1})

    assert removed == set()
    assert staying.keys() == {"X", "S"}


def test_hub_leaves_together_with_its_schools() -> None:
    removed, _ = missing(a_unit("X"), a_unit("S", hub="X"))

    assert removed == {"X", "S"}


def test_unit_that_a_plan_relies_on_stays() -> None:
    plan = shipped_plan()

    removed, staying = missing(a_unit("GDTRH"), a_unit("VP"), a_unit("Z"), plan=plan)

    assert removed == {"Z"}
    assert "lam-dong-nq57" in staying["GDTRH"]
    assert "VP" in staying


# A list that comes with a plan


def loaded(
    *listed: Unit, known: tuple[Unit, ...] = (), removed: str = "", needed: str = ""
) -> Loading:
    return loading(
        a_directory(*listed).units, a_directory(*known).units, removed=removed, needed=needed
    )


def test_contact_that_is_known_stays_and_an_empty_one_is_filled() -> None:
    known = a_unit("A", email="moi@x.vn", deputy="Bình")
    listed = a_unit("A", name="Xã A", email="cu@x.vn", deputy="Bình", phone="0263")

    found = loaded(listed, known=(known,))

    (written,) = found.written
    assert (written.name, written.email, written.phone) == ("Xã A", "moi@x.vn", "0263")
    ((place, message),) = ((finding.place, finding.message) for finding in found.findings)
    assert place == "A"
    assert message.startswith("giữ thư điện tử đang có trong danh bạ")


def test_what_the_list_has_no_column_for_stays() -> None:
    known = a_unit("A", aliases=("Xã A",), groups=("Vùng 1",), sample=True)
    listed = Unit(code="A", name="UBND A", kind=UnitKind.COMMUNE, aliases=())

    (written,) = loaded(listed, known=(known,)).written

    assert written == known.model_copy(update={"name": "UBND A", "aliases": ()})


def test_list_loaded_again_writes_nothing() -> None:
    assert loaded(a_unit("A"), known=(a_unit("A", email="a@x.vn"),)) == Loading((), ())


def test_removed_unit_stays_removed_and_is_told() -> None:
    found = loaded(a_unit("A", phone="0263"), a_unit("B"), known=(a_unit("A"),), removed="A")

    assert [unit.code for unit in found.written] == ["B"]
    assert [finding.place for finding in found.findings] == ["A"]
    assert "dondoc unit add A" in found.findings[0].remedy


def test_removed_unit_that_the_plan_names_comes_back_with_its_contacts() -> None:
    known = a_unit("A", email="a@x.vn")

    found = loaded(a_unit("A"), known=(known,), removed="A", needed="A")

    assert found.written == (known,)
    assert "nay trở lại" in found.findings[0].message


def test_removed_hub_comes_back_with_a_new_school_only() -> None:
    hub, old, new = a_unit("X"), a_unit("S", hub="X"), a_unit("T", hub="X")

    assert loaded(hub, old, known=(hub, old), removed="XS").written == ()
    assert loaded(hub, old, new, known=(hub, old), removed="XS").written == (hub, new)
