"""How the units below a hub stand, as the hub sees them."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.screens import OVERDUE, Screens, in_cycles, instants
from models.assignment import OWING, Stage
from models.tables import AssignmentTable, CycleTable, UnitTable


class SchoolView(NamedTuple):
    """One school: what it owes with a deadline, and what waits for the hub's review."""

    code: str
    name: str
    focal_person: str
    phone: str
    owing: int
    overdue: int
    waiting: int
    accepted: int


class HubScreens(Screens):
    def below(self, hub: str, *, at: datetime) -> list[SchoolView]:
        """The schools of a hub in the cycles that run, those with overdue work first."""
        with database_errors(), self._reading.begin() as connection:
            found = connection.execute(_below(), {"hub": hub} | instants(at))
            return [SchoolView(*row) for row in found.all()]


@cache
def _below() -> Any:
    """Built once: many ask it, and building it takes as long as answering it."""
    dated = col(AssignmentTable.breach).is_not(None)
    owing = and_(dated, col(AssignmentTable.stage).in_(sorted(OWING)))
    unit = tuple(col(getattr(UnitTable, name)) for name in SchoolView._fields[:4])
    counts = (
        _count(owing),
        _count(OVERDUE),
        _count(col(AssignmentTable.stage) == Stage.SUBMITTED),
        _count(and_(dated, col(AssignmentTable.stage) == Stage.ACCEPTED)),
    )
    return (
        select(*unit, *counts)
        .join(AssignmentTable, col(AssignmentTable.unit) == col(UnitTable.code))
        .where(
            col(UnitTable.hub) == bindparam("hub"),
            in_cycles(col(CycleTable.stage).not_in(("closed", "voided"))),
        )
        .group_by(*unit)
        .order_by(counts[1].desc(), counts[2].desc(), col(UnitTable.name))
    )


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))
