"""Who a duty falls to: performer phrases and the units they mean."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from models.assignment import Role
from models.directory import Directory, Unit, UnitKind
from models.plan import Plan, PlanTask, ReportDuty

OWN_PART = (UnitKind.OFFICE, UnitKind.DIVISION)


def folded(phrase: str) -> str:
    """A phrase as phrases are compared: without regard to case, spacing and Unicode form."""
    return " ".join(unicodedata.normalize("NFC", phrase).casefold().split())


class Meaning(NamedTuple):
    """Whom a phrase means. `allocated` names nobody, `outside` a body that is never assigned."""

    units: tuple[Unit, ...] = ()
    allocated: bool = False
    outside: bool = False


class Performers:
    """What phrases mean in one directory: the officer's groups, else a unit's name or alias."""

    def __init__(self, plan: Plan, directory: Directory) -> None:
        self._meanings: dict[str, Meaning | None] = {}
        for unit in directory.units.values():
            for name in {folded(unit.name), *map(folded, unit.aliases)}:
                # A name that two units share means neither of them.
                shared = name in self._meanings
                self._meanings[name] = None if shared else Meaning(units=(unit,))
        for group in plan.officer.groups:
            named = [directory.units[code] for code in group.units if code in directory.units]
            units = {unit.code: unit for unit in [*directory.of_kinds(group.kinds), *named]}
            if group.outside:
                meaning = Meaning(outside=True)
            elif group.allocated:
                meaning = Meaning(allocated=True)
            else:
                meaning = Meaning(units=tuple(units.values()))
            self._meanings |= {folded(phrase): meaning for phrase in group.phrases}

    def meant_by(self, phrase: str) -> Meaning | None:
        """None for a phrase that nothing explains."""
        return self._meanings.get(folded(phrase))


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
