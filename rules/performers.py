"""Who a duty falls to: performer phrases and the units they mean."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from models.assignment import Role
from models.directory import Directory, Unit, UnitKind
from models.plan import Group, Plan, PlanTask, ReportDuty
from rules.usual_performers import bare, plain, retoned, usual_meaning

OWN_PART = (UnitKind.OFFICE, UnitKind.DIVISION)
# What a unit's name is often said without.
_UNSAID = {
    UnitKind.COMMUNE: re.compile(r"^(?:ủy ban nhân dân|hội đồng nhân dân)\s+"),
    UnitKind.DIVISION: re.compile(r"^phòng\s+"),
}


def folded(phrase: str) -> str:
    """A phrase as phrases are compared: without regard to case, spacing, Unicode form and the two
    places a tone mark may stand in."""
    return " ".join(retoned(unicodedata.normalize("NFC", phrase).casefold()).split())


class Meaning(NamedTuple):
    """Whom a phrase means. `allocated` names nobody, `outside` a body that is never assigned."""

    units: tuple[Unit, ...] = ()
    allocated: bool = False
    outside: bool = False


class Performers:
    """What phrases mean in one directory: what the officer's groups say, else a unit's name or
    alias, else a group of the directory, else what the phrase usually means."""

    def __init__(self, plan: Plan, directory: Directory) -> None:
        self._directory = directory
        self._officers = {
            folded(phrase): _group_meaning(group, directory)
            for group in plan.officer.groups
            for phrase in group.phrases
        }
        self._names: dict[str, list[Unit]] = {}
        self._loose_names: dict[str, list[Unit]] = {}
        self._groups: dict[str, list[Unit]] = {}
        for unit in directory.units.values():
            names = {folded(unit.name), *map(folded, unit.aliases)}
            for name in names:
                self._names.setdefault(name, []).append(unit)
            for name in {_loose(name) for name in names} | {_unsaid(n, unit.kind) for n in names}:
                self._loose_names.setdefault(name, []).append(unit)
            for group_name in {bare(plain(folded(name))) for name in unit.groups}:
                self._groups.setdefault(group_name, []).append(unit)
        self._issuer = plain(folded(plan.document.issuer))

    def meant_by(self, phrase: str) -> Meaning | None:
        """None for a phrase that nothing explains."""
        key = folded(phrase)
        if key in self._officers:
            return self._officers[key]
        for names, name in ((self._names, key), (self._loose_names, _loose(key))):
            if name and (units := names.get(name)):
                # A name that two units share means neither of them.
                return Meaning(units=(units[0],)) if len(units) == 1 else None
        if members := self._groups.get(bare(plain(key))):
            return Meaning(units=tuple(members))
        return self._usually(plain(key))

    def _usually(self, phrase: str) -> Meaning | None:
        if phrase == self._issuer or phrase.startswith(f"{self._issuer} tỉnh "):
            # The department as a whole is nobody: one of its divisions has to be named.
            return Meaning(allocated=True)
        usual = usual_meaning(phrase)
        if usual is None:
            return None
        units = self._directory.of_kinds(usual.kinds)
        if usual.named is not None:
            pattern = usual.named
            units = [
                unit for unit in units if pattern.search(_unsaid(folded(unit.name), unit.kind))
            ]
        return Meaning(tuple(units), usual.allocated, usual.outside)


def _group_meaning(group: Group, directory: Directory) -> Meaning:
    if group.outside:
        return Meaning(outside=True)
    if group.allocated:
        return Meaning(allocated=True)
    named = [directory.units[code] for code in group.units if code in directory.units]
    units = {unit.code: unit for unit in [*directory.of_kinds(group.kinds), *named]}
    return Meaning(units=tuple(units.values()))


def _loose(name: str) -> str:
    """A folded name or phrase as it is compared when it is not literally a unit's."""
    return _UNSAID[UnitKind.COMMUNE].sub("", bare(plain(name)))


def _unsaid(name: str, kind: UnitKind) -> str:
    name = plain(name)
    return _UNSAID[kind].sub("", name) if kind in _UNSAID else name


class Member(NamedTuple):
    unit: str
    role: Role
    hub: str | None


@dataclass
class Cast:
    """The units of one duty, each once, in the strongest role it was named in."""

    members: dict[str, Member] = field(default_factory=dict)
    unallocated: list[str] = field(default_factory=list)

    def add(self, units: Iterable[Unit], role: Role) -> None:
        """Roles are added from the strongest to the weakest."""
        for unit in units:
            self.members.setdefault(unit.code, Member(unit.code, role, unit.hub))


def cast_task(task: PlanTask, performers: Performers, allocated: list[Unit]) -> Cast:
    """Where the performer line only lists units, the first division named leads."""
    cast = Cast()
    cast.add(allocated, Role.LEAD)
    named: list[tuple[Unit, ...]] = []
    for phrase in task.lead:
        meaning = performers.meant_by(phrase)
        if meaning is None or meaning.allocated:
            cast.unallocated += [] if allocated else [phrase]
        else:
            named.append(meaning.units)
    everyone = {unit.code for units in named for unit in units}
    for units in named:
        if len(units) == 1 and (units[0].kind in OWN_PART or len(everyone) == 1):
            cast.add(units, Role.LEAD)
            break
    for units in named:
        cast.add(units, Role.PERFORMER)
    for phrase in task.cooperating:
        meaning = performers.meant_by(phrase)
        cast.add(meaning.units if meaning else (), Role.COOPERATING)
    return cast


def cast_report(
    duty: ReportDuty,
    performers: Performers,
    allocated: list[Unit],
    schools: Mapping[str, list[Unit]],
) -> Cast:
    """Reporters owe each its own report; where hubs gather, their schools report to them first."""
    cast = Cast()
    cast.add(allocated, Role.LEAD)
    for phrase in duty.reporters:
        meaning = performers.meant_by(phrase)
        if meaning is None or meaning.allocated:
            cast.unallocated += [] if allocated else [phrase]
        else:
            cast.add(meaning.units, Role.PERFORMER)
    if duty.gathered:
        for hub in list(cast.members):
            cast.add(schools.get(hub, ()), Role.SUBORDINATE)
    return cast
