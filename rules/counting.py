"""What counts of assignments add up to."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import NamedTuple, TypeVar

from models.consolidated import FourWay
from models.directory import UnitKind
from models.mark import Mark
from rules.four_way import counted

Key = TypeVar("Key", bound=Hashable)


class Count(NamedTuple):
    """So many assignments of one task that stand alike. `kind` is the units', `hub` the commune
    they belong to, its own included; `level` how far up they have been reported."""

    task: str
    code: str
    kind: str
    hub: str | None
    last_day: date | None
    mark: Mark
    level: int
    assignments: int


# The one rule of every figure: pages, files, reports, API and terminal count by it.
WAYS = {
    Mark.OVERDUE: "open_overdue",
    Mark.RETURNED: "open_within_time",
    Mark.HELD: "held",
    Mark.SUSPENDED: "open_within_time",
    Mark.SOON: "open_within_time",
    Mark.OPEN: "open_within_time",
    Mark.LATE: "completed_late",
    Mark.SUBMITTED: "completed_on_time",
    Mark.DONE: "completed_on_time",
    Mark.UNDATED: "undated",
    Mark.ONGOING: "ongoing",
    Mark.ENDED: "discontinued",
}


def marks_of(figure: str) -> tuple[Mark, ...]:
    """The marks that a figure counts."""
    return tuple(mark for mark, name in WAYS.items() if name == figure)


def together(counts: Iterable[Count]) -> list[Count]:
    """The counts of all communes together: some hundred instead of ten thousand. Whether there is a
    hub above stays visible as an empty name."""
    sums: Counter[Count] = Counter()
    for count in counts:
        hub = None if count.hub is None or count.kind == UnitKind.COMMUNE else ""
        sums[count._replace(hub=hub, assignments=0)] += count.assignments
    return [count._replace(assignments=number) for count, number in sums.items()]


def four_ways(counts: Iterable[Count]) -> FourWay:
    return figures((count.mark, count.assignments) for count in counts)


def figures(marked: Iterable[tuple[Mark, int]]) -> FourWay:
    return counted((WAYS[mark], assignments) for mark, assignments in marked)


def grouped(counts: Iterable[Count], key: Callable[[Count], Key | None]) -> dict[Key, FourWay]:
    """The figures of each group; what belongs to none (None) is left out."""
    groups: dict[Key, list[Count]] = {}
    for count in counts:
        name = key(count)
        if name is not None:
            groups.setdefault(name, []).append(count)
    return {name: four_ways(members) for name, members in groups.items()}


def last_days(counts: Iterable[Count]) -> dict[str, date]:
    """The latest deadline of each task that has any."""
    days: dict[str, date] = {}
    for count in counts:
        if count.last_day is not None:
            days[count.task] = max(count.last_day, days.get(count.task, count.last_day))
    return days


def first_overdue(counts: Iterable[Count]) -> dict[str, date]:
    """The earliest deadline among what is overdue of each task."""
    days: dict[str, date] = {}
    for count in counts:
        if count.mark is Mark.OVERDUE and count.last_day is not None:
            days[count.task] = min(count.last_day, days.get(count.task, count.last_day))
    return days


def overdue_by_level(counts: Iterable[Count]) -> dict[int, int]:
    """How many overdue assignments stand at each level of escalation, level 0 included."""
    levels: dict[int, int] = {}
    for count in counts:
        if count.mark is Mark.OVERDUE:
            levels[count.level] = levels.get(count.level, 0) + count.assignments
    return dict(sorted(levels.items()))
