"""A cycle day by day: what was told and what is planned, deadlines, days off and make-up days."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.calendar import WorkingCalendar
from models.clock import VN
from models.deadline import Ladder, Rung, RungKind
from models.directory import UnitKind
from models.mark import Mark
from rules.counting import Count
from rules.working_calendar import DAY

OWING = (Mark.OVERDUE, Mark.RETURNED, Mark.SOON, Mark.OPEN)
LadderOf = Callable[[date], Ladder]


class Telling(NamedTuple):
    """A kind of notice of one day."""

    day: date
    kind: str
    level: int


class Due(NamedTuple):
    """A last day of one task: how many had it and how many of them still owe."""

    task: str
    code: str
    owing: int
    assignments: int


class Day(NamedTuple):
    """One day of a cycle. `off` names the holiday; weekends are days off without a name. `told` is
    what was told, or is planned, by kind and level; `planned` says which."""

    day: date
    off: str | None
    made_up: bool
    due: list[Due]
    told: dict[tuple[str, int], int]
    planned: bool

    @property
    def tellings(self) -> int:
        return sum(self.told.values())

    @property
    def weekend(self) -> bool:
        return self.day.weekday() >= 5 and not self.made_up


def days(
    first: date,
    last: date,
    *,
    calendar: WorkingCalendar,
    counts: Iterable[Count],
    told: Mapping[Telling, int],
    planned: Mapping[Telling, int],
    today: date,
) -> Iterator[Day]:
    """Every day from `first` to `last`. Of `today` both what was told and what is planned count."""
    due = _due(counts)
    by_day: dict[date, dict[tuple[str, int], int]] = {}
    for telling, notices in (*told.items(), *planned.items()):
        of_day = by_day.setdefault(telling.day, {})
        what = (telling.kind, telling.level)
        of_day[what] = of_day.get(what, 0) + notices
    day = first
    while day <= last:
        yield Day(
            day=day,
            off=calendar.occasions.get(day),
            made_up=day in calendar.worked,
            due=due.get(day, []),
            told=by_day.get(day, {}),
            planned=day > today,
        )
        day += DAY


def planned_tellings(
    counts: Iterable[Count], ladder_of: LadderOf, *, after: datetime
) -> Counter[Telling]:
    """The notices to come if nobody reports: one for each recipient of a rung, of several rungs at
    one instant the last alone, as the engine tells them."""
    told: Counter[Telling] = Counter()
    owing, under_hub = _owing(counts)
    for last_day, assignments in owing.items():
        for rung in _coming(ladder_of(last_day), after):
            # Level 1 is the head of the unit and its hub.
            first_level = rung.kind is RungKind.ESCALATION and rung.level == 1
            notices = assignments + (under_hub[last_day] if first_level else 0)
            told[Telling(rung.at.astimezone(VN).date(), rung.kind, rung.level)] += notices
    return told


def _owing(counts: Iterable[Count]) -> tuple[Counter[date], Counter[date]]:
    """How many owe something by each last day, and how many of them have a hub above them."""
    owing: Counter[date] = Counter()
    under_hub: Counter[date] = Counter()
    for count in counts:
        if count.last_day is not None and count.mark in OWING:
            owing[count.last_day] += count.assignments
            # A commune is its own hub in a count, and has none above it.
            if count.hub is not None and count.kind != UnitKind.COMMUNE:
                under_hub[count.last_day] += count.assignments
    return owing, under_hub


def _coming(ladder: Ladder, after: datetime) -> Iterator[Rung]:
    last_of_instant = {rung.at: rung for rung in ladder.rungs if rung.at > after}
    yield from last_of_instant.values()


def _due(counts: Iterable[Count]) -> dict[date, list[Due]]:
    found: dict[date, dict[str, Due]] = {}
    for count in counts:
        if count.last_day is None or count.mark is Mark.ENDED:
            continue
        of_day = found.setdefault(count.last_day, {})
        before = of_day.get(count.task, Due(count.task, count.code, 0, 0))
        owing = count.assignments if count.mark in OWING else 0
        of_day[count.task] = before._replace(
            owing=before.owing + owing, assignments=before.assignments + count.assignments
        )
    return {day: list(of_day.values()) for day, of_day in found.items()}


# weeks


class Week(NamedTuple):
    """Seven days up to and including Sunday `ends`. `overdue` is how many owed past their deadline
    when it ended; the others are counted within it. `escalated` is by level."""

    ends: date
    due: int
    completed_late: int
    overdue: int
    escalated: dict[int, int]


class Late(NamedTuple):
    """Something completed late, by the deadline it has now."""

    last_day: date
    received: date
    assignments: int


def weeks(
    counts: Iterable[Count],
    late: Iterable[Late],
    told: Mapping[Telling, int],
    *,
    first: date,
    last: date,
) -> list[Week]:
    """The weeks that touch `first` to `last`, by the deadlines of now: who was given more time, or
    had a report returned, is counted by the later date."""
    due: Counter[date] = Counter()
    becoming: Counter[date] = Counter()
    ending: Counter[date] = Counter()
    escalated: dict[date, Counter[int]] = {}
    for count in counts:
        if count.last_day is not None and count.mark is not Mark.ENDED:
            due[week_of(count.last_day)] += count.assignments
        if count.last_day is not None and count.mark is Mark.OVERDUE:
            becoming[week_of(count.last_day + DAY)] += count.assignments
    for each in late:
        becoming[week_of(each.last_day + DAY)] += each.assignments
        ending[week_of(each.received)] += each.assignments
    for telling, notices in told.items():
        if telling.kind == RungKind.ESCALATION:
            of_week = escalated.setdefault(week_of(telling.day), Counter())
            of_week[telling.level] += notices
    found, overdue = [], 0
    week = week_of(first)
    overdue = sum(n for ends, n in becoming.items() if ends < week)
    overdue -= sum(n for ends, n in ending.items() if ends < week)
    while week <= week_of(last):
        overdue += becoming[week] - ending[week]
        levels = dict(sorted(escalated.get(week, Counter()).items()))
        found.append(Week(week, due[week], ending[week], overdue, levels))
        week += timedelta(weeks=1)
    return found


def week_of(day: date) -> date:
    """The Sunday that ends the week of `day`."""
    return day + timedelta(days=6 - day.weekday())
