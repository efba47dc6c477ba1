"""Units by tasks: one mark per cell, a group of units at a time."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Subquery, func, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.marks import letter_of_mark, mark_of, worst_cell
from activities.views.oversight import waits_for_date
from activities.views.screens import Screens, Which, is_overdue, of_units
from models.mark import Mark
from models.tables import AssignmentTable, TaskTable, UnitTable

WORST = "qua-han"
BY_NAME = "ten"


class Cell(NamedTuple):
    """The worst of a unit's occurrences of one task. `assignments` counts them all."""

    mark: Mark
    level: int
    occurrence: str
    assignments: int


class HeatRow(NamedTuple):
    unit: str
    name: str
    overdue: int
    cells: dict[str, Cell]

    @property
    def assignments(self) -> int:
        return sum(cell.assignments for cell in self.cells.values())


class HeatMap(NamedTuple):
    """Some of `units` rows, sorted as asked."""

    units: int
    rows: list[HeatRow]


class HeatScreens(Screens):
    def heat_map(
        self,
        cycle: str,
        *,
        at: datetime,
        which: Which,
        sort: str = WORST,
        limit: int | None = 130,
        offset: int = 0,
    ) -> HeatMap:
        """`sort` is WORST, BY_NAME or a task's code: then the worst of that column come first."""
        behind, worst = _late(cycle, at), _worst(cycle, sort, at)
        overdue, called = func.coalesce(behind.c.overdue, 0), col(UnitTable.name)
        page = (
            select(col(UnitTable.code), called, overdue, func.count().over())
            .outerjoin(behind, behind.c.unit == col(UnitTable.code))
            .where(_takes_part(cycle), *of_units(which))
            .limit(limit)
            .offset(offset)
        )
        if sort not in (WORST, BY_NAME):
            page = page.outerjoin(worst, worst.c.unit == col(UnitTable.code))
            page = page.order_by(worst.c.letter.desc().nulls_last())
        if sort != BY_NAME:
            page = page.order_by(overdue.desc())
        page = page.order_by(called, col(UnitTable.code))
        with database_errors(), self._reading.begin() as connection:
            found = connection.execute(page).all()
            cells = _cells(connection, cycle, [row[0] for row in found], at)
        rows = [HeatRow(code, name, late, cells.get(code, {})) for code, name, late, _ in found]
        return HeatMap(units=found[0][-1] if found else 0, rows=rows)


def _late(cycle: str, at: datetime) -> Subquery:
    """How much each unit has overdue."""
    return (
        select(col(AssignmentTable.unit), func.count().label("overdue"))
        .where(col(AssignmentTable.cycle) == cycle, is_overdue(at))
        .group_by(col(AssignmentTable.unit))
        .subquery()
    )


def _worst(cycle: str, code: str, at: datetime) -> Subquery:
    """The worst mark of each unit in one column."""
    return (
        select(col(AssignmentTable.unit), func.max(letter_of_mark(at)).label("letter"))
        .where(col(AssignmentTable.cycle) == cycle, col(AssignmentTable.code) == code)
        .group_by(col(AssignmentTable.unit))
        .subquery()
    )


def _takes_part(cycle: str) -> ColumnElement[bool]:
    return (
        select(col(AssignmentTable.id))
        .where(
            col(AssignmentTable.cycle) == cycle,
            col(AssignmentTable.unit) == col(UnitTable.code),
        )
        .exists()
    )


def _cells(
    connection: Connection, cycle: str, units: list[str], at: datetime
) -> dict[str, dict[str, Cell]]:
    query = (
        select(
            col(AssignmentTable.unit),
            col(AssignmentTable.code),
            worst_cell(at),
            func.count(),
            func.max(col(AssignmentTable.task)),
        )
        .where(col(AssignmentTable.cycle) == cycle, col(AssignmentTable.unit).in_(units))
        .group_by(col(AssignmentTable.unit), col(AssignmentTable.code))
    )
    waiting = dict(
        connection.execute(
            select(col(TaskTable.id), col(TaskTable.waiting)).where(col(TaskTable.cycle) == cycle)
        ).all()
    )
    dateless = {task for task, asked in waiting.items() if waits_for_date(asked)}
    cells: dict[str, dict[str, Cell]] = {}
    for unit, code, worst, assignments, task in connection.execute(query):
        mark = mark_of(worst[0], waits_for_date=task in dateless)
        cells.setdefault(unit, {})[code] = Cell(mark, int(worst[1]), worst[2:], assignments)
    return cells
