"""The order of a written reminder: the worst first, by unit or by task."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from models.directory import Unit, UnitKind
from models.plan import Plan
from models.urge import OverdueLine
from rules.occurrences import titles_of

NAMED = 5
KINDS = {
    UnitKind.LEADERSHIP: "Lãnh đạo Sở",
    UnitKind.OFFICE: "Văn phòng Sở",
    UnitKind.DIVISION: "Các phòng chuyên môn, nghiệp vụ",
    UnitKind.COMMUNE: "Ủy ban nhân dân các xã, phường, đặc khu",
    UnitKind.DIRECT: "Các đơn vị trực thuộc",
    UnitKind.SCHOOL: "Các cơ sở giáo dục",
}


class Group(NamedTuple):
    """The overdue parts of one unit or of one task, the latest first."""

    key: str
    name: str
    lines: tuple[OverdueLine, ...]

    @property
    def worst(self) -> int:
        return self.lines[0].days_late


def by_unit(lines: Iterable[OverdueLine]) -> list[Group]:
    return _grouped((line.unit, line.unit_name, line) for line in lines)


def by_task(lines: Iterable[OverdueLine]) -> list[Group]:
    """All parts of one occurrence of a task together."""
    return _grouped((f"{line.code}/{line.occurrence}", line.title, line) for line in lines)


def of_tasks_rather(lines: Sequence[OverdueLine]) -> bool:
    """Whether few tasks of many units read better task by task."""
    return len(by_task(lines)) < len({line.unit for line in lines})


def command_id(urge: int, reference: str, assignment: str) -> str:
    """The command that notes a signed letter: the same however often it is tried."""
    digest = hashlib.sha256(f"{reference}|{assignment}".encode()).hexdigest()[:16]
    return f"urge-{urge}-{digest}"


def worst_first(line: OverdueLine) -> tuple[object, ...]:
    return (-line.days_late, -line.level, line.code, line.occurrence, line.unit)


def _grouped(lines: Iterable[tuple[str, str, OverdueLine]]) -> list[Group]:
    groups: dict[str, list[OverdueLine]] = {}
    names: dict[str, str] = {}
    for key, name, line in lines:
        groups.setdefault(key, []).append(line)
        names[key] = name
    found = [
        Group(key, names[key], tuple(sorted(members, key=worst_first)))
        for key, members in groups.items()
    ]
    return sorted(found, key=lambda group: (-group.worst, -len(group.lines), group.key))


def in_full(lines: Iterable[OverdueLine], plan: Plan) -> list[OverdueLine]:
    """The lines with the whole words of their tasks: screens shorten them, a letter does not."""
    titles = {duty.code: titles_of(duty) for duty in plan.duties}
    return [
        line.model_copy(update={"title": titles[line.code].in_full(line.title)})
        if line.code in titles
        else line
        for line in lines
    ]


def addressees(units: Iterable[Unit]) -> tuple[str, ...]:
    """Few units by name, many by what they are."""
    units = list(units)
    if len(units) <= NAMED:
        return tuple(unit.name for unit in units)
    kinds: dict[UnitKind, list[Unit]] = {}
    for unit in units:
        kinds.setdefault(unit.kind, []).append(unit)
    return tuple(
        members[0].name if len(members) == 1 else f"{KINDS[kind]} ({len(members)} đơn vị)"
        for kind in UnitKind
        if (members := kinds.get(kind))
    )
