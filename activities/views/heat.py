"""Units by tasks and their periods: one mark per cell, a group of units at a time."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Subquery,
    bindparam,
    func,
    select,
)
from sqlmodel import col

from activities.database import database_errors
from activities.views.marks import LETTER, LEVEL, mark_of
from activities.views.screens import OVERDUE, Screens, Which, instants, of_units
from models.mark import Mark
from models.tables import AssignmentTable, TaskTable, UnitTable

WORST = "qua-han"
BY_NAME = "ten"


class Cell(NamedTuple):
    """How a unit stands in one occurrence of a task."""

    mark: Mark
    level: int


class HeatRow(NamedTuple):
    """A unit with its cells by code and occurrence."""

    unit: str
    name: str
    overdue: int
    cells: dict[tuple[str, str], Cell]


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
        """`sort` is WORST, BY_NAME or a column, `V.1/H1`: then the worst of it come first."""
        code, _slash, occurrence = sort.rpartition("/")
        asked = instants(at) | {"of_cycle": cycle, "code": code, "occurrence": occurrence}
        page = _page(sort if sort in (WORST, BY_NAME) else None).where(*of_units(which))
        page = page.limit(limit).offset(offset)
        with database_errors(), self._reading.begin() as connection:
            found = connection.execute(page, asked).all()
            cells = _cells(connection, cycle, [row[0] for row in found], at)
        rows = [HeatRow(code, name, late, cells.get(code, {})) for code, name, late, _ in found]
        return HeatMap(units=found[0][-1] if found else 0, rows=rows)


OF_CYCLE: BindParameter[str] = bindparam("of_cycle")


@cache
def _page(sort: str | None) -> Any:
    """The units of a page, built once for each way to ask: by a column where `sort` is None."""
    behind, worst = _late(), _worst()
    overdue, called = func.coalesce(behind.c.overdue, 0), col(UnitTable.name)
    page = (
        select(col(UnitTable.code), called, overdue, func.count().over())
        .outerjoin(behind, behind.c.unit == col(UnitTable.code))
        .where(_takes_part())
    )
    if sort is None:
        page = page.outerjoin(worst, worst.c.unit == col(UnitTable.code))
        page = page.order_by(worst.c.letter.desc().nulls_last())
    if sort != BY_NAME:
        page = page.order_by(overdue.desc())
    return page.order_by(called, col(UnitTable.code))


def _late() -> Subquery:
    """How much each unit has overdue."""
    return (
        select(col(AssignmentTable.unit), func.count().label("overdue"))
        .where(col(AssignmentTable.cycle) == OF_CYCLE, OVERDUE)
        .group_by(col(AssignmentTable.unit))
        .subquery()
    )


def _worst() -> Subquery:
    """The worst mark of each unit in one column."""
    return (
        select(col(AssignmentTable.unit), func.max(LETTER).label("letter"))
        .where(
            col(AssignmentTable.cycle) == OF_CYCLE,
            col(AssignmentTable.code) == bindparam("code"),
            col(AssignmentTable.occurrence) == bindparam("occurrence"),
        )
        .group_by(col(AssignmentTable.unit))
        .subquery()
    )


def _takes_part() -> ColumnElement[bool]:
    return (
        select(col(AssignmentTable.id))
        .where(
            col(AssignmentTable.cycle) == OF_CYCLE,
            col(AssignmentTable.unit) == col(UnitTable.code),
        )
        .exists()
    )


_ONGOING = select(col(TaskTable.id)).where(col(TaskTable.cycle) == OF_CYCLE, col(TaskTable.ongoing))
_CELLS = select(
    col(AssignmentTable.unit),
    col(AssignmentTable.code),
    col(AssignmentTable.occurrence),
    col(AssignmentTable.task),
    (LETTER + LEVEL).label("standing"),
).where(
    col(AssignmentTable.cycle) == OF_CYCLE,
    col(AssignmentTable.unit).in_(bindparam("units", expanding=True)),
)


def _cells(
    connection: Connection, cycle: str, units: list[str], at: datetime
) -> dict[str, dict[tuple[str, str], Cell]]:
    ongoing = set(connection.execute(_ONGOING, {"of_cycle": cycle}).scalars())
    found = connection.execute(_CELLS, instants(at) | {"of_cycle": cycle, "units": units}).all()
    cells: dict[str, dict[tuple[str, str], Cell]] = {}
    for unit, code, occurrence, task, standing in found:
        mark = mark_of(standing[0], ongoing=task in ongoing)
        cells.setdefault(unit, {})[code, occurrence] = Cell(mark, int(standing[1:]))
    return cells
