"""Units by tasks: one mark per cell, a group of units at a time."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, cast, func, select
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
    assignments: int
    cells: dict[str, Cell]


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
        mine = [col(AssignmentTable.cycle) == cycle, *of_units(which)]
        overdue = func.sum(cast(is_overdue(at), Integer))
        name = col(UnitTable.name)
        order: list[Any] = [name]
        if sort != BY_NAME:
            order.insert(0, overdue.desc())
        if sort not in (WORST, BY_NAME):
            letter = func.max(letter_of_mark(at)).filter(col(AssignmentTable.code) == sort)
            order.insert(0, letter.desc().nulls_last())
        page = (
            select(col(UnitTable.code), name, overdue, func.count(), func.count().over())
            .join(AssignmentTable, col(AssignmentTable.unit) == col(UnitTable.code))
            .where(*mine)
            .group_by(col(UnitTable.code), name)
            .order_by(*order, col(UnitTable.code))
            .limit(limit)
            .offset(offset)
        )
        with database_errors(), self._reading.begin() as connection:
            found = connection.execute(page).all()
            cells = _cells(connection, cycle, [row[0] for row in found], at)
        rows = [HeatRow(*row[:4], cells=cells.get(row[0], {})) for row in found]
        return HeatMap(units=found[0][4] if found else 0, rows=rows)


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
