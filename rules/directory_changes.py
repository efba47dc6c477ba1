"""What a list of units changes in the directory, before anything is written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from models.directory import Directory, Unit
from models.finding import Finding, Severity
from models.message import Message
from models.plan import Plan

FIELDS = tuple(name for name in Unit.model_fields if name != "code")
# How a unit is reached, by the words that say so. Officers keep these up to date.
CONTACTS = {
    "focal_person": "người đầu mối",
    "email": "thư điện tử",
    "head_email": "thư lãnh đạo",
    "phone": "điện thoại",
    "deputy": "cấp phó",
    "deputy_email": "thư cấp phó",
}


class FieldChange(Message):
    field: str
    before: str
    after: str


class UnitChange(Message):
    """A unit as it will be, and what differs from what it was."""

    unit: Unit
    fields: tuple[FieldChange, ...]


class DirectoryChanges(Message):
    """`missing` are the units of the directory that the list does not name."""

    added: tuple[Unit, ...] = ()
    changed: tuple[UnitChange, ...] = ()
    missing: tuple[Unit, ...] = ()
    unchanged: int = 0

    @property
    def written(self) -> list[Unit]:
        """The units to write."""
        return [*self.added, *(change.unit for change in self.changed)]


class Removal(NamedTuple):
    """The missing units that may go, and why the others stay."""

    removed: tuple[Unit, ...] = ()
    staying: tuple[Finding, ...] = ()


class Loading(NamedTuple):
    """The units to write of a list that comes with a plan, and what was not taken from it."""

    written: tuple[Unit, ...]
    findings: tuple[Finding, ...]


def compare(directory: Directory, listed: Mapping[str, Unit]) -> DirectoryChanges:
    added: list[Unit] = []
    changed: list[UnitChange] = []
    for code, unit in listed.items():
        before = directory.units.get(code)
        if before is None:
            added.append(unit)
        elif fields := _differences(before, unit):
            changed.append(UnitChange(unit=unit, fields=fields))
    return DirectoryChanges(
        added=tuple(added),
        changed=tuple(changed),
        missing=tuple(unit for code, unit in directory.units.items() if code not in listed),
        unchanged=len(listed) - len(added) - len(changed),
    )


def removal(
    changes: DirectoryChanges,
    directory: Directory,
    *,
    open_parts: Mapping[str, int],
    plans: Iterable[Plan],
) -> Removal:
    """Which of the missing units may be removed: those that owe nothing, that no plan relies on,
    and that no remaining unit reports through."""
    needed = needed_units(plans)
    reasons: dict[str, str] = {}
    for unit in changes.missing:
        if parts := open_parts.get(unit.code, 0):
            reasons[unit.code] = f"còn {parts} phần việc đang mở"
        elif unit.code in needed:
            reasons[unit.code] = f"kế hoạch {needed[unit.code]} đang dùng đơn vị này"
    reasons |= _hubs(changes, directory, reasons)
    return Removal(
        removed=tuple(unit for unit in changes.missing if unit.code not in reasons),
        staying=tuple(
            Finding(
                severity=Severity.WARNING,
                place=unit.code,
                message=f"{unit.name} không có trong tệp nhưng được giữ lại: {reasons[unit.code]}.",
                remedy="Chuyển việc, đầu mối hoặc sửa kế hoạch sang đơn vị khác rồi nhập lại.",
            )
            for unit in changes.missing
            if unit.code in reasons
        ),
    )


def loading(
    listed: Mapping[str, Unit],
    known: Mapping[str, Unit],
    *,
    removed: Collection[str],
    needed: Collection[str] = (),
) -> Loading:
    """What a list that comes with a plan does to the `known` units, the `removed` among them.

    It adds units and renews what it says of others, but a contact that is known stays. A removed
    unit stays removed unless it is `needed` or is the hub of a listed unit in the directory.
    """
    left_out = {code for code in listed if code in removed and code not in needed}
    while hubs := left_out & {unit.hub for unit in listed.values() if unit.code not in left_out}:
        left_out -= hubs
    findings = [
        _info(
            code,
            "đã được đưa ra khỏi danh bạ nên không lấy lại từ danh sách đi kèm kế hoạch.",
            f"Muốn đưa trở lại: dondoc unit add {code}, hoặc dondoc units import TỆP",
        )
        for code in listed
        if code in left_out
    ]
    written = []
    for code, unit in listed.items():
        before = known.get(code)
        if code in left_out:
            continue
        if code in removed:
            message = "đã được đưa ra khỏi danh bạ, nay trở lại vì kế hoạch cần đơn vị này."
            findings.append(_info(code, message))
        after = renewed(unit, before)
        if after != before or code in removed:
            written.append(after)
        kept = [name for field, name in CONTACTS.items() if _differs(unit, after, field)]
        if kept:
            findings.append(
                _info(
                    code,
                    f"giữ {', '.join(kept)} đang có trong danh bạ, không lấy theo danh sách đi kèm "
                    "kế hoạch.",
                    f"Muốn sửa: dondoc unit set {code}, hoặc dondoc units import TỆP",
                )
            )
    return Loading(tuple(written), tuple(findings))


def renewed(unit: Unit, known: Unit | None) -> Unit:
    """A known unit with what a list that comes with a plan says of it, but with its contacts."""
    if known is None:
        return unit
    # What the list has no column for was never set.
    said = {field: getattr(unit, field) for field in unit.model_fields_set}
    kept = {field: value for field in CONTACTS if (value := getattr(known, field))}
    return known.model_copy(update=said | kept)


def _differs(unit: Unit, after: Unit, contact: str) -> bool:
    said = getattr(unit, contact)
    return bool(said) and said != getattr(after, contact)


def _info(place: str, message: str, remedy: str = "") -> Finding:
    return Finding(severity=Severity.INFO, place=place, message=message, remedy=remedy)


def _differences(before: Unit, after: Unit) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(
            field=field, before=_shown(getattr(before, field)), after=_shown(getattr(after, field))
        )
        for field in FIELDS
        if getattr(before, field) != getattr(after, field)
    )


def _shown(value: str | bool | Sequence[str] | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "x" if value else ""
        case str():
            return str(value)
        case _:
            return "; ".join(value)


def needed_units(plans: Iterable[Plan]) -> dict[str, str]:
    """The units that loaded plans name by their codes."""
    needed: dict[str, str] = {}
    for plan in plans:
        officer = plan.officer
        codes = [officer.coordinator, officer.leadership]
        codes += [code for group in officer.groups for code in group.units]
        codes += [code for units in officer.allocation.values() for code in units]
        for code in codes:
            needed.setdefault(code, plan.id)
    return needed


def _hubs(
    changes: DirectoryChanges, directory: Directory, staying: Mapping[str, str]
) -> dict[str, str]:
    """The missing units that are a hub of units that remain, those that stay because of it too."""
    after = dict(directory.units) | {unit.code: unit for unit in changes.written}
    gone = {unit.code for unit in changes.missing if unit.code not in staying}
    reasons: dict[str, str] = {}
    while True:
        gathered: dict[str, int] = {}
        for code, unit in after.items():
            if unit.hub in gone and code not in gone:
                gathered[unit.hub or ""] = gathered.get(unit.hub or "", 0) + 1
        if not gathered:
            return reasons
        reasons |= {hub: f"đang là đầu mối của {n} đơn vị" for hub, n in gathered.items()}
        gone -= gathered.keys()
