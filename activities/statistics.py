"""Counting on the read model: the four-way table, coverage, what has not moved for long.

The database does the counting; only sums travel.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Engine, func, select
from sqlmodel import col

from activities.cycle_facts import CycleFacts, FactsReader
from activities.database import database_errors, reading
from activities.views.marks import LETTER, ONGOING, mark_of
from activities.views.screens import instants
from models.assignment import OPEN, Stage
from models.consolidated import Coverage, FourWay, FourWayRow
from models.directory import UnitKind
from models.tables import (
    AssignmentTable,
    ReportLineTable,
    ReportTable,
    TaskTable,
    UnitTable,
)
from rules.counting import WAYS
from rules.four_way import GROUP_NAMES, counted

By = Literal["task", "unit", "group", "period"]
LEFT = (Stage.CANCELLED, Stage.REASSIGNED)


class Still(NamedTuple):
    """An ongoing assignment and when it last moved."""

    assignment: str
    code: str
    unit: str
    unit_name: str
    last_update: datetime | None
    days: int


class Of(NamedTuple):
    """What is counted: one task, one of its occurrences, one unit, or everything."""

    code: str | None = None
    occurrence: str | None = None
    unit: str | None = None


EVERYTHING = Of()


class Statistics:
    """Raises DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)
        self._facts = FactsReader(engine)

    def four_way(
        self, cycle: str, by: By = "task", *, at: datetime, of: Of = EVERYTHING
    ) -> list[FourWayRow]:
        """One row for each task, unit, group of units or reporting period of a cycle at plan
        instant `at`, in their usual order."""
        facts = self._facts.of(cycle)
        with database_errors(), self._reading.begin() as connection:
            return four_way(connection, facts, by, at=at, of=of)

    def total(self, cycle: str, *, at: datetime, of: Of = EVERYTHING) -> FourWay:
        facts = self._facts.of(cycle)
        with database_errors(), self._reading.begin() as connection:
            return total(connection, facts, at=at, of=of)

    def coverage(self, cycle: str, code: str, occurrence: str) -> list[Coverage]:
        """How many units of each group have reported in a period, in the usual order of groups."""
        with database_errors(), self._reading.begin() as connection:
            return coverage(connection, cycle, code, occurrence)

    def still(self, cycle: str, *, at: datetime, days: int | None = None) -> list[Still]:
        """The open ongoing assignments that have not moved for `days` (the plan's policy's when
        not given): neither by themselves nor in an accepted report of their unit."""
        facts = self._facts.of(cycle)
        with database_errors(), self._reading.begin() as connection:
            return still(connection, facts, at=at, days=days)


def four_way(
    connection: Connection, facts: CycleFacts, by: By, *, at: datetime, of: Of = EVERYTHING
) -> list[FourWayRow]:
    query = _counting(facts, of, *_key(by))
    if by == "group":
        query = query.join(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
    if by == "period":
        query = query.where(col(AssignmentTable.code).in_(sorted(facts.reports)))
    rows: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for *parts, letter, ongoing, number in connection.execute(query, instants(at)):
        rows.setdefault(tuple(parts), []).append((_figure(letter, ongoing), number))
    titles = _titles(connection, facts.cycle) if by == "task" else {}
    named = _naming(by, facts, titles)
    return [
        FourWayRow(key="/".join(parts), name=named(parts), counts=counted(rows[parts]))
        for parts in sorted(rows, key=_ordering(by, facts))
    ]


def total(
    connection: Connection, facts: CycleFacts, *, at: datetime, of: Of = EVERYTHING
) -> FourWay:
    found = connection.execute(_counting(facts, of), instants(at))
    return counted((_figure(letter, ongoing), number) for letter, ongoing, number in found)


def coverage(connection: Connection, cycle: str, code: str, occurrence: str) -> list[Coverage]:
    kind, stage = col(UnitTable.kind), col(AssignmentTable.stage)
    query = (
        select(kind, stage, func.count().label("number"))
        .join(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
        .where(
            col(AssignmentTable.cycle) == cycle,
            col(AssignmentTable.code) == code,
            col(AssignmentTable.occurrence) == occurrence,
            stage.not_in(LEFT),
        )
        .group_by(kind, stage)
    )
    found = {(row[0], row[1]): row[2] for row in connection.execute(query)}
    return [
        Coverage(
            name=name,
            reported=found.get((kind_, Stage.ACCEPTED), 0),
            waiting=found.get((kind_, Stage.SUBMITTED), 0),
            expected=sum(number for (each, _), number in found.items() if each == kind_),
        )
        for kind_, name in GROUP_NAMES.items()
        if any(each == kind_ for each, _ in found)
    ]


def still(
    connection: Connection, facts: CycleFacts, *, at: datetime, days: int | None = None
) -> list[Still]:
    limit = facts.plan.officer.policy.no_update_days if days is None else days
    query = (
        select(
            col(AssignmentTable.id),
            col(AssignmentTable.code),
            col(AssignmentTable.unit),
            col(AssignmentTable.updated_at),
        )
        .where(
            col(AssignmentTable.cycle) == facts.cycle,
            ONGOING,
            col(AssignmentTable.stage).in_(sorted(OPEN)),
        )
        .order_by(col(AssignmentTable.code), col(AssignmentTable.unit))
    )
    reported = _last_reported(connection, facts.cycle)
    rows = []
    for row in connection.execute(query):
        known = (row.updated_at, reported.get((row.unit, row.code)))
        moved = max((each for each in known if each is not None), default=None)
        quiet = (at - (moved or facts.launched_at)).days
        if quiet >= limit:
            rows.append(Still(row.id, row.code, row.unit, facts.unit(row.unit).name, moved, quiet))
    return rows


def _counting(facts: CycleFacts, of: Of, *key: Any) -> Any:
    """How many assignments of a cycle stand how, by `key`: the letter of their mark, whether they
    are owed all year, and their number. What was passed on to another unit is counted there."""
    ongoing = ONGOING.label("ongoing")
    letter = LETTER.label("letter")
    wanted = [
        col(getattr(AssignmentTable, name)) == value
        for name, value in of._asdict().items()
        if value is not None
    ]
    return (
        select(*key, letter, ongoing, func.count().label("number"))
        .where(
            col(AssignmentTable.cycle) == facts.cycle,
            col(AssignmentTable.stage) != Stage.REASSIGNED,
            *wanted,
        )
        .group_by(*key, "letter", "ongoing")
    )


def _figure(letter: str, ongoing: bool) -> str:
    return WAYS[mark_of(letter, ongoing=ongoing)]


def _key(by: By) -> tuple[Any, ...]:
    match by:
        case "task" | "period":
            return (col(AssignmentTable.code), col(AssignmentTable.occurrence))
        case "unit":
            return (col(AssignmentTable.unit),)
        case "group":
            return (col(UnitTable.kind),)


def _titles(connection: Connection, cycle: str) -> dict[tuple[str, ...], str]:
    query = select(col(TaskTable.code), col(TaskTable.occurrence), col(TaskTable.title)).where(
        col(TaskTable.cycle) == cycle
    )
    return {(row.code, row.occurrence): row.title for row in connection.execute(query)}


def _naming(
    by: By, facts: CycleFacts, titles: Mapping[tuple[str, ...], str]
) -> Callable[[tuple[str, ...]], str]:
    match by:
        case "task":
            return lambda parts: titles.get(parts, "/".join(parts))
        case "unit":
            return lambda parts: facts.unit(parts[0]).name
        case "group":
            return lambda parts: GROUP_NAMES[UnitKind(parts[0])]
        case "period":
            return lambda parts: _period_name(facts, *parts)


def _period_name(facts: CycleFacts, code: str, occurrence: str) -> str:
    period = facts.period(code, occurrence)
    return f"{code}, {period.name if period else occurrence}"


def _ordering(by: By, facts: CycleFacts) -> Callable[[tuple[str, ...]], tuple[Any, ...]]:
    """Tasks as the plan lists them, groups as they are usually named, units by their code."""
    if by == "group":
        order = {kind.value: number for number, kind in enumerate(GROUP_NAMES)}
        return lambda parts: (order[parts[0]],)
    places = {duty.code: number for number, duty in enumerate(facts.plan.duties)}
    return lambda parts: (places.get(parts[0], len(places)), *parts)


def _last_reported(connection: Connection, cycle: str) -> dict[tuple[str, str], datetime]:
    """When a unit's accepted reports last said something of a task."""
    query = (
        select(
            col(ReportTable.unit),
            col(ReportLineTable.code),
            func.max(col(ReportTable.submitted_at)).label("at"),
        )
        .join(ReportLineTable, col(ReportLineTable.report) == col(ReportTable.id))
        .join(AssignmentTable, col(AssignmentTable.report) == col(ReportTable.id))
        .where(col(AssignmentTable.cycle) == cycle, col(AssignmentTable.stage) == Stage.ACCEPTED)
        .group_by(col(ReportTable.unit), col(ReportLineTable.code))
    )
    return {(row.unit, row.code): row.at for row in connection.execute(query)}
